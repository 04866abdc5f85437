"""A class's state: what is fixed stays, who may see what, and the same again from the journal."""

import json
import os
import random
import resource
import signal

import pytest

from sim.experiment.errors import FolderError
from sim.page.room import ROLES, SEATS, Asked, RefusedError, Room, valid

ASKED = Asked(knots=3, top=1000, asks=2, reasons=4, arms=3, choose=False)


def guess(**changes):
    return {"line": [100, 200, 300], "asks": [1, 2], "payer": 0, "reason": 3, "because": "=1+1", "arm": 1} | changes


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path, ASKED, 1)


def filled(room, count=3):
    for k in range(count):
        room.do("join", "t", key=f"k{k}", role=k % ROLES)
    room.do("stage", "t", stage="guess")


def refused(reason, call, *rest, **how):
    with pytest.raises(RefusedError, match=reason):
        call(*rest, **how)


def test_no_guess_is_seen_before_the_class_is_shown(room):
    filled(room)
    room.do("guess", "t", number=1, round=1, guess=guess())
    hidden = json.dumps(room.state(3))
    assert "100" not in hidden
    assert room.state(3)["fixed"] == 1
    room.do("stage", "t", stage="class")
    (seen,) = room.state(3)["guesses"]
    assert seen["line"] == [100, 200, 300]
    assert not {"number", "key", "because", "at"} & seen.keys()


def test_a_guess_is_fixed_once_and_in_its_time(room):
    refused("no_seat", room.do, "guess", "t", number=1, round=1, guess=guess())
    filled(room)
    refused("not_now", room.do, "guess", "t", number=1, round=2, guess=guess())
    room.do("guess", "t", number=1, round=1, guess=guess())
    refused("already_fixed", room.do, "guess", "t", number=1, round=1, guess=guess(payer=1))
    room.do("stage", "t", stage="class")
    refused("not_now", room.do, "guess", "t", number=2, round=1, guess=guess())


def test_a_guess_about_worlds_already_seen_is_a_second_one(room):
    filled(room)
    room.do("guess", "t", number=1, round=1, guess=guess())
    room.do("stage", "t", stage="model")
    room.do("round", "t", arm=2)
    room.do("guess", "t", number=1, round=2, guess=guess(arm=2))
    room.do("round", "t", arm=1)
    room.do("guess", "t", number=2, round=3, guess=guess(arm=1))
    seconds = {(seat.number, turn): guess["second"] for seat, turn, guess in room.rows()}
    assert seconds == {(1, 1): False, (1, 2): False, (2, 3): True}
    room.do("stage", "t", stage="open")
    room.do("round", "t", arm=0)
    room.do("guess", "t", number=1, round=4, guess=guess(arm=0))
    assert room.seats[1].guesses[4]["second"]


@pytest.mark.parametrize(
    "change",
    [
        {"line": [1, 2]}, {"line": [1, 2, 1001]}, {"line": [1, 2, -1]}, {"line": [1, 2, 2.5]}, {"line": [1, 2, None]}, {"line": "abc"},
        {"asks": [1]}, {"asks": [1, 13]}, {"asks": [True, 1]}, {"payer": 4}, {"payer": "0"}, {"reason": 4}, {"because": "x" * 301},
        {"because": None}, {"arm": 3}, {"arm": 0}, {"because": "\ud800"}, {"second": "x" * 60_000}, {"more": 1},
    ],
)  # fmt: skip
def test_what_is_no_whole_guess_is_refused_and_not_written(room, change):
    filled(room)
    before = room.path.read_bytes()
    refused("bad_request", room.do, "guess", "t", number=1, round=1, guess=guess(**change))
    assert room.path.read_bytes() == before
    for nothing in (None, [], "guess", 3):
        assert not valid(nothing, ASKED)


def test_a_closed_door_and_a_full_class(room):
    room.do("door", "t", open=False)
    refused("door_closed", room.do, "join", "t", key="a", role=0)
    room.do("door", "t", open=True)
    for k in range(SEATS):
        room.do("join", "t", key=str(k), role=0)
    refused("room_full", room.do, "join", "t", key="late", role=0)
    room.do("leave", "t", number=1)
    assert room.seat("0") is None
    room.do("join", "t", key="late", role=0)
    assert room.seat("late").number == SEATS + 1


def test_the_journal_gives_the_class_back(room, tmp_path):
    room.do("begin", "t", lesson="x", asked=[*ASKED], token="secret", port=1)
    filled(room)
    room.do("guess", "t", number=2, round=1, guess=guess())
    room.do("code", "t", code="ABCDEFG", round=1, guess=guess(second=True))
    room.do("stage", "t", stage="model")
    room.do("round", "t", arm=0)
    again = Room(tmp_path, ASKED, 1)
    for one in ("seats", "keys", "round", "arm", "stage", "door", "seen", "count", "begun"):
        assert getattr(again, one) == getattr(room, one), one
    assert again.state(0) == room.state(0)
    assert room.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cut", [3, 5, 30])
def test_a_line_cut_off_by_a_crash_never_happened(room, tmp_path, cut):
    filled(room)
    whole = room.path.read_bytes()
    room.do("guess", "t", number=1, round=1, guess=guess())
    room.path.write_bytes(room.path.read_bytes()[:-cut])
    again = Room(tmp_path, ASKED, 1)
    assert again.cut
    assert again.path.read_bytes() == whole
    again.do("guess", "t", number=1, round=1, guess=guess())
    assert Room(tmp_path, ASKED, 1).seats[1].guesses[1]["line"] == [100, 200, 300]


def test_a_journal_that_is_cut_anywhere_says_so(room, tmp_path):
    """Between two lines, too."""
    filled(room)
    assert not Room(tmp_path, ASKED, 1).cut
    whole = room.path.read_bytes()
    for size in range(len(whole)):
        room.path.write_bytes(whole[:size])
        again = Room(tmp_path, ASKED, 1)
        assert again.cut, size
        assert whole.startswith(again.path.read_bytes().removesuffix(b"\n"))
        assert not Room(tmp_path, ASKED, 1).cut
        again.do("begin", "t", lesson="x", asked=[*ASKED], token="secret", port=1)
        assert Room(tmp_path, ASKED, 1).begun


def test_a_planted_link_is_not_followed(tmp_path):
    """Neither to be written nor, as a crash would have cut it, to be cut."""
    (tmp_path / "class").mkdir()
    link, outside = tmp_path / "class" / "class.jsonl", tmp_path / "outside"
    link.symlink_to(outside)
    for text in ("", "a thesis without a last line break"):
        outside.write_text(text)
        with pytest.raises(FolderError, match="is a link"):
            Room(tmp_path / "class", ASKED, 1)
        assert outside.read_text() == text
    link.unlink()
    os.mkfifo(link)
    with pytest.raises(FolderError, match="neither a file"):
        Room(tmp_path / "class", ASKED, 1)
    link.unlink()
    room = Room(tmp_path / "class", ASKED, 1)
    outside.write_text("")
    link.symlink_to(outside)
    refused("not_kept", room.do, "join", "t", key="a", role=0)
    assert outside.read_text() == ""


def known(room):
    return {name: value for name, value in vars(room).items() if name != "path"}


@pytest.mark.parametrize("seed", range(30))
def test_a_class_that_was_damaged_or_edited_is_not_another_class(room, tmp_path, seed):
    """Whatever is changed in its journal is told with its line; what is cut from its end never happened."""
    room.do("begin", "t", lesson="x", asked=[*ASKED], token="secret", port=1)
    filled(room)
    room.do("guess", "t", number=2, round=1, guess=guess(because="ñ"))
    room.do("stage", "t", stage="class")
    luck, raw = random.Random(seed), bytearray(room.path.read_bytes())
    lines = raw.splitlines(keepends=True)
    at, line = luck.randrange(len(raw) - 1), luck.randrange(len(lines) - 2)
    match luck.choice(["flip", "flip", "flip", "lost", "twice", "edited"]):
        case "flip":
            raw[at] ^= 1 << luck.randrange(8)
        case "lost":
            raw = b"".join(lines[:line] + lines[line + 1 :])
        case "twice":
            raw = b"".join(lines[: line + 1] + lines[line:])
        case _:
            raw = raw.replace(b"100,200", b"101,200")
    room.path.write_bytes(raw)
    with pytest.raises(FolderError, match=r"line \d is not as it was written") as found:
        Room(tmp_path, ASKED, 1)
    kept = int(str(found.value).split("line ")[1].split()[0]) - 1
    room.path.write_bytes(b"".join(room.path.read_bytes().splitlines(keepends=True)[:kept]))
    Room(tmp_path, ASKED, 1).do("begin", "t", lesson="x", asked=[*ASKED], token="secret", port=1)


def test_what_does_not_fit_on_the_disk_is_refused_and_leaves_no_half_a_line(room, tmp_path):
    """A file that may not grow, as a full disk: the kernel takes the part of a line that fits, and says how much that was."""
    filled(room)
    before = room.path.read_bytes()
    handler, limit = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limit[1]))
    try:
        refused("not_kept", room.do, "guess", "t", number=1, round=1, guess=guess())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert room.path.read_bytes() == before
    room.do("guess", "t", number=1, round=1, guess=guess())
    assert known(Room(tmp_path, ASKED, 1)) == known(room)


def test_a_code_is_no_key_to_a_seat(room):
    """Codes are read out loud; who sends one as a cookie is nobody."""
    filled(room)
    room.do("code", "t", code="ABCDEFG", round=1, guess=guess())
    assert room.seat("k0").number == 1
    assert room.seat("ABCDEFG") is None
    for code in ("x" * 301, "\ud800"):
        refused("bad_request", room.do, "code", "t", code=code, round=1, guess=guess())
    refused("no_seat", room.do, "leave", "t", number=True)
