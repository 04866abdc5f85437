"""A class that is connected: who sits there, what was guessed, how far the teacher has opened; every change is a line of a journal.

Nobody's name is known. A *seat* has a number, which its pupil may write down, and a key, which only its pupil's browser holds. A *round*
asks about one arm of a lesson and goes through stages: `lobby` (people come in), `guess` (they draw and fix), `class` (the class sees
its guesses), `model` (the worlds run through them), `open` (everybody moves the levers alone). A guess is fixed once a round; one about
an arm whose worlds the class has already seen is a second guess, and is known as one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.catalogue.levers import LEVERS
from sim.experiment.errors import FolderError
from sim.experiment.folder.integrity import DIGEST, is_sealed, refuse_strange_file, sealed

STAGES = ("lobby", "guess", "class", "model", "open")
SHOWN = ("class", "model", "open")  # stages in which guesses are seen
ANSWERED = ("model", "open")  # in which the model's answer is
ROLES = 5  # who a pupil may sit there as; their names are the page's words
SEATS = 160  # of a class
LONGEST = 300  # characters of a reason in one's own words, or of a code
STOPS, PAYERS = 13, 4  # answers there are to "how much" and to "who pays", as sim/page/app/codes.js has them
BAD = "bad_request"
JOURNAL, END = "class.jsonl", b"\n"
GUESS, MIX = {"line", "asks", "payer", "reason", "because", "arm"}, {"arm", "changes", "met", "at", "reason"}


class RefusedError(Exception):
    """What somebody asked for cannot be; `reason` is a key of the page's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Asked(NamedTuple):
    """What the lesson asks: how many knots, up to which height, how many outcomes, reasons and arms; whether the arm is chosen.

    `worlds` are those in which a mix is tried here and in the second country; none where there is no challenge.
    """

    knots: int
    top: int
    asks: int
    reasons: int
    arms: int
    choose: bool
    worlds: tuple[int, int] | None = None


@dataclass
class Seat:
    """A pupil without a name."""

    number: int
    key: str
    role: int
    guesses: dict[int, dict[str, Any]] = field(default_factory=dict)  # round -> guess
    mix: dict[str, Any] | None = None  # of levers, the last that was shown to the class


class Room:
    """The state of a class, rebuilt from its journal; whoever changes it goes through `do`.

    Every line of the journal holds a digest of itself and of the line before; `cut` says whether lines at its end are lost.

    Raises:
        FolderError: the journal is damaged, was edited, or is a link.
    """

    def __init__(self, folder: Path, asked: Asked, about: int) -> None:
        self.asked = asked
        self.path = folder / JOURNAL
        self.seats: dict[int, Seat] = {}
        self.keys: dict[str, int] = {}
        self.round, self.arm, self.stage, self.door = 1, about, "lobby", True
        self.seen: set[int] = set()  # arms whose worlds the class has seen
        self.count = 0  # seats that ever were
        self.begun: dict[str, Any] = {}  # lesson, what it asks, the teacher's token, the port
        self.last, self.size = "", 0  # digest of the journal's last line, and bytes of all
        self._read()

    def _read(self) -> None:
        """Do again what the journal holds; a last line that was cut off never happened, but is said.

        An empty line, over which the next one is written, ends it: a journal without one was cut, wherever.
        """
        refuse_strange_file(self.path)
        text = self.path.read_bytes() if self.path.exists() else END
        self.cut = not (b"\n" + text).endswith(b"\n" + END)
        lines = (text if self.cut else text[:-1]).split(b"\n")[:-1]
        for number, line in enumerate(lines, 1):
            try:
                change = json.loads(line)
                if not (isinstance(change, dict) and is_sealed(change, self.last)):
                    raise ValueError
            except (ValueError, RecursionError):
                hint = "delete that line and all that follow it, and the class goes on from there; --out names another folder"
                raise FolderError(f"line {number} is not as it was written", file=self.path, hint=hint) from None
            self._apply(change)
        self.size = sum(len(line) + 1 for line in lines)
        if self.cut:
            os.truncate(self.path, self.size)
            self._append(b"")

    def do(self, what: str, at: str, **how: Any) -> None:  # noqa: ANN401
        """Write a change down, then make it. Raises RefusedError: it cannot be, or cannot be kept, and nothing was written."""
        change = {"do": what, "at": at, **how}
        reason = self._refusal(what, change)
        if reason:
            raise RefusedError(reason)
        change = sealed(change, self.last)
        line = json.dumps(change, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            self._append(line)
        except OSError:
            raise RefusedError("not_kept") from None
        self._apply(change)

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            os.lseek(descriptor, self.size, os.SEEK_SET)
            try:
                if os.write(descriptor, line + END) <= len(line):
                    raise OSError
                os.fsync(descriptor)
            except OSError:  # the disk is full
                os.ftruncate(descriptor, self.size)
                os.lseek(descriptor, self.size, os.SEEK_SET)
                os.write(descriptor, END)
                raise
        finally:
            os.close(descriptor)
        self.size += len(line)

    def _apply(self, change: Mapping[str, Any]) -> None:
        getattr(self, f"_do_{change['do']}")(change)
        self.last = change[DIGEST]

    def _refusal(self, what: str, change: Mapping[str, Any]) -> str | None:
        """Why a change cannot be, the first reason that there is; None if it can."""
        seat = None if isinstance(change.get("number"), bool) else self.seats.get(change.get("number", 0))
        full = ("room_full", lambda: len(self.seats) >= SEATS)
        stranger = ("no_seat", lambda: seat is None)
        reasons: dict[str, list[tuple[str, Callable[[], bool]]]] = {
            "join": [("door_closed", lambda: not self.door), full, (BAD, lambda: not _whole(change["role"], ROLES))],
            "leave": [stranger],
            "guess": [
                stranger,
                ("not_now", lambda: change["round"] != self.round or self.stage != "guess"),
                ("already_fixed", lambda: seat is not None and self.round in seat.guesses),
                (BAD, lambda: not self._takes(change["guess"])),
            ],
            "mix": [stranger, ("not_now", lambda: self.stage != "open"), (BAD, lambda: not valid_mix(change["mix"], self.asked))],
            "code": [
                full,
                ("already_fixed", lambda: change["code"] in self.keys),
                (BAD, lambda: not (_text(change["code"]) and self._takes(change["guess"]))),
            ],
            "stage": [(BAD, lambda: change["stage"] not in STAGES)],
            "round": [(BAD, lambda: not _whole(change["arm"], self.asked.arms))],
        }
        return next((reason for reason, is_so in reasons.get(what, ()) if is_so()), None)

    def _takes(self, guess: Any) -> bool:  # noqa: ANN401
        """Whether it is a whole guess about what is asked."""
        return valid(guess, self.asked) and (self.asked.choose or guess["arm"] == self.arm)

    def _do_begin(self, change: Mapping[str, Any]) -> None:
        self.begun = dict(change)

    # seats ------------------------------------------------------------------------------------------------------------------------

    def seat(self, key: str) -> Seat | None:
        """Whose key it is; that of a guess that came as a code is no secret, and nobody's."""
        seat = self.seats.get(self.keys.get(key, -1))
        return seat if seat and seat.role >= 0 else None

    def _do_join(self, change: Mapping[str, Any]) -> None:
        self.count += 1
        seat = Seat(self.count, change["key"], change["role"])
        self.seats[seat.number], self.keys[seat.key] = seat, seat.number

    def _do_leave(self, change: Mapping[str, Any]) -> None:
        self.keys.pop(self.seats.pop(change["number"]).key)

    # guesses ----------------------------------------------------------------------------------------------------------------------

    def _do_guess(self, change: Mapping[str, Any]) -> None:
        guess = change["guess"]
        kept = {key: guess[key] for key in GUESS}
        self.seats[change["number"]].guesses[change["round"]] = kept | {
            "second": guess["arm"] in self.seen or bool(guess.get("second")), "at": change["at"],
        }  # fmt: skip

    def _do_mix(self, change: Mapping[str, Any]) -> None:
        self.seats[change["number"]].mix = change["mix"]

    def _do_code(self, change: Mapping[str, Any]) -> None:
        """A guess that came as a code takes a seat of its own, in the guess's own time."""
        self._do_join({"key": change["code"], "role": -1})
        self._do_guess({**change, "number": self.count})

    # the teacher ------------------------------------------------------------------------------------------------------------------

    def _do_stage(self, change: Mapping[str, Any]) -> None:
        self.stage = change["stage"]
        if self.stage in ANSWERED:
            self.seen |= {self.arm} if self.stage == "model" and not self.asked.choose else set(range(self.asked.arms))

    def _do_round(self, change: Mapping[str, Any]) -> None:
        self.round, self.arm, self.stage = self.round + 1, change["arm"], "guess"

    def _do_door(self, change: Mapping[str, Any]) -> None:
        self.door = bool(change["open"])

    # what others see --------------------------------------------------------------------------------------------------------------

    def state(self, here: int) -> dict[str, Any]:
        """What everybody may know: no guess before the class is shown, and never whose it is."""
        fixed = sorted((seat for seat in self.seats.values() if self.round in seat.guesses), key=lambda seat: seat.key)
        guesses = [
            {key: seat.guesses[self.round][key] for key in ("line", "asks", "payer", "reason", "arm", "second")} | {"role": seat.role}
            for seat in (fixed if self.stage in SHOWN else ())
        ]
        counts = {"here": here, "seats": len(self.seats), "fixed": len(fixed)}
        mixes = [seat.mix | {"role": seat.role} for seat in self.seats.values() if seat.mix] if self.stage == "open" else []
        told = {"stage": self.stage, "round": self.round, "arm": self.arm, "door": self.door, **counts}
        return told | {"guesses": guesses, "mixes": sorted(mixes, key=robustness, reverse=True)}

    def rows(self) -> Iterator[tuple[Seat, int | str, dict[str, Any] | None]]:
        """A seat, a round and the guess in it, for assessment; a seat with a mix alone stands without a round."""
        for _, seat in sorted(self.seats.items()):
            yield from ((seat, turn, guess) for turn, guess in sorted(seat.guesses.items()))
            if seat.mix and not seat.guesses:
                yield seat, "", None


def _whole(value: object, below: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below


def _text(value: object) -> bool:
    """One that is not too long and can be written."""
    return isinstance(value, str) and len(value) <= LONGEST and value.encode(errors="ignore").decode() == value


def valid(guess: object, asked: Asked) -> bool:
    """Whether it is a whole guess of this lesson, and nothing else."""
    if not isinstance(guess, dict):
        return False
    line, asks = guess.get("line"), guess.get("asks")
    return (
        GUESS <= guess.keys() <= GUESS | {"second"} and isinstance(guess.get("second", False), bool)
        and isinstance(line, list) and len(line) == asked.knots and all(_whole(value, asked.top + 1) for value in line)
        and isinstance(asks, list) and len(asks) == asked.asks and all(_whole(value, STOPS) for value in asks)
        and _whole(guess.get("payer"), PAYERS) and _whole(guess.get("reason"), asked.reasons) and _whole(guess.get("arm"), asked.arms)
        and _text(guess["because"])
    )  # fmt: skip


def valid_mix(mix: object, asked: Asked) -> bool:
    """Whether it is a mix of levers with what came of it, and nothing else."""
    if not isinstance(mix, dict) or asked.worlds is None:
        return False
    changes, met, at = mix.get("changes"), mix.get("met"), mix.get("at")
    return (
        mix.keys() == MIX
        and isinstance(changes, dict) and changes.keys() <= LEVERS.keys() and all(_moved(change) for change in changes.values())
        and isinstance(met, list) and len(met) == 2 and all(_whole(n, most + 1) for n, most in zip(met, asked.worlds, strict=True))
        and isinstance(at, list) and len(at) == 2 and all(_number(x, 1e4) for x in at)
        and _whole(mix.get("reason"), asked.reasons) and _whole(mix.get("arm"), asked.arms)
    )  # fmt: skip


def _moved(change: object) -> bool:
    return isinstance(change, dict) and change.keys() == {"by", "since"} and _number(change["by"], 1e3) and _whole(change["since"], 2200)


def _number(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def robustness(mix: Mapping[str, Any]) -> tuple[int, int]:
    """By what mixes are ranked: worlds reached in the country where it does worse (the second has half as many), then in both."""
    here, there = mix["met"]
    return min(here, 2 * there), here + there
