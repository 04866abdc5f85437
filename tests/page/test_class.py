"""A class that is connected, over real sockets: sixty pupils at once, hosts and origins, what is whose, and what is nobody's."""

import asyncio
import csv
import io
import json
import socket
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

import sim

pytest.importorskip("starlette", reason="a class needs the extra `class`")
pytest.importorskip("segno", reason="a class needs the extra `class`")
import httpx
import uvicorn
from processes import wait_until
from visitors import PUPILS, a_guess, hour

from sim.experiment.errors import FolderError
from sim.page import class_server, room
from sim.page import server as guard
from sim.page.class_server import Classroom, inside
from sim.page.lesson import Speaker, playing, read_findings
from sim.scenario.lesson import lessons, load_lesson
from sim.show.words import words

get, post, Client = (partial(one, timeout=60) for one in (httpx.get, httpx.post, httpx.Client))  # a busy machine is no failure


@cache
def speaker(name="one-head"):
    lesson = load_lesson(lessons()[name])
    return Speaker(lesson, read_findings(lesson), words("en"))


@pytest.fixture(autouse=True)
def played_once(monkeypatch):
    """What pages play is made once a lesson, and compressed once."""
    monkeypatch.setattr(class_server, "playing", lambda one: _playing(one.lesson.name))
    monkeypatch.setattr(class_server, "packed", PACKED)


PACKED = cache(guard.packed)


@cache
def _playing(name):
    return playing(speaker(name))


class Served:
    """A class on a free port of this machine."""

    def __init__(self, folder, name):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.folder = folder
        self.classroom = Classroom(speaker(name), folder, "127.0.0.1", self.socket.getsockname()[1], moved=True)
        self.base = f"http://127.0.0.1:{self.classroom.port}"
        self.teach = f"{self.base}/teach/{self.classroom.token}"
        self.thread = threading.Thread(target=self.classroom.run, args=([self.socket],), daemon=True)
        self.thread.start()

    def post(self, path, what, **headers):
        return post(f"{self.base}{path}", json=what, headers={"origin": self.base} | headers)

    def do(self, **what):
        answer = post(f"{self.teach}/do", json=what, headers={"origin": self.base})
        assert answer.status_code == 200, answer.text


@pytest.fixture
def served(tmp_path, monkeypatch):
    monkeypatch.setattr(uvicorn.Server, "install_signal_handlers", lambda self: None, raising=False)
    made = []

    def serve(name="one-head"):
        made.append(Served(tmp_path, name))
        return made[-1]

    yield serve
    for one in made:
        one.socket.close()


@pytest.mark.journey
def test_sixty_pupils_at_once(served):
    one = served()
    times = asyncio.run(hour(one.base, one.classroom.lesson, one.do))
    assert len(times) == 6 * PUPILS
    assert len(one.classroom.room.seats) == PUPILS


def test_a_restart_loses_nothing(served, tmp_path):
    one = served()
    client = Client(base_url=one.base, headers={"origin": one.base})
    client.post("/join", json={"role": 2})
    one.do(stage="guess")
    client.post("/guess", json={"round": 1, "guess": a_guess(one.classroom.lesson, 3)})
    again = Classroom(speaker(), tmp_path, "127.0.0.1", 1)
    assert (again.token, again.port) == (one.classroom.token, one.classroom.port)
    assert again.room.state(0) == one.classroom.room.state(0)
    assert again.room.seat(client.cookies["cartelitos-seat"]).guesses[1]["line"] == a_guess(one.classroom.lesson, 3)["line"]
    with pytest.raises(FolderError, match="keeps a class of the lesson one-head"):
        Classroom(speaker("balloon"), tmp_path, "127.0.0.1", 1)


@pytest.mark.slow
def test_memory_is_flat_when_pupils_come_and_go(served):
    """Streams that come and go leave nothing behind."""
    one = served()

    async def come_and_go():
        clients = [httpx.AsyncClient(base_url=one.base, timeout=60, limits=httpx.Limits(keepalive_expiry=1.0)) for _ in range(20)]
        for client in clients:
            async with client.stream("GET", "/events") as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data:"):
                        break
            await client.aclose()

    asyncio.run(come_and_go())
    tracemalloc.start()
    before = tracemalloc.take_snapshot()
    for _ in range(10):
        asyncio.run(come_and_go())
    assert wait_until(lambda: not one.classroom.here and not one.classroom.streams)
    grown = sum(stat.size_diff for stat in tracemalloc.take_snapshot().compare_to(before, "filename") if "page" in str(stat.traceback))
    tracemalloc.stop()
    assert grown < 50_000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421), ({"host": "127.0.0.1:1"}, 421), ({"host": ""}, 421),
        ({"origin": "http://evil.example"}, 403), ({"origin": "null"}, 403), ({"origin": "http://127.0.0.1:1"}, 403),
        ({"content-type": "text/plain"}, 415), ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)  # fmt: skip
def test_strangers_cannot_act(served, headers, status):
    one = served()
    for path in ("/join", "/guess", f"/teach/{one.classroom.token}/do"):
        assert one.post(path, {"stage": "open", "role": 0}, **headers).status_code == status
    assert one.classroom.room.stage == "lobby"
    assert not one.classroom.room.seats


def test_a_post_without_an_origin_is_refused(served):
    one = served()
    assert post(f"{one.base}/join", json={"role": 0}).status_code == 403
    assert httpx.put(f"{one.base}/join", json={"role": 0}).status_code == 405


def test_only_the_teacher_controls(served):
    one = served()
    for token in ("", "x", one.classroom.token[:-1], one.classroom.token + "x", "ñ"):
        for path in ("", "/events", "/class.csv"):
            assert get(f"{one.base}/teach/{token}{path}").status_code in (404, 307)
        assert one.post(f"/teach/{token}/do", {"stage": "open"}).status_code in (404, 405)
    assert one.classroom.room.stage == "lobby"
    for path in ("/", "/board"):
        page = get(f"{one.base}{path}").text
        assert one.classroom.token not in page
        assert "misconceptions" not in json.loads(page.split('id="told">')[1].split("</script>")[0])
    with_notes = get(one.teach).text
    assert '"teacher":{"notes"' in with_notes


def test_no_answer_is_in_a_pupils_page(served):
    one = served()
    page = get(one.base).text
    for arm in one.classroom.answers["arms"].values():
        assert json.dumps(arm["policy"][0], separators=(",", ":")) not in page
    for text in one.classroom.answers["explain"]:
        assert text not in page


def test_every_answer_bears_its_headers(served):
    one = served()
    for path in ("/", "/board", "/qr.svg", one.classroom.script, "/nowhere", f"/teach/{one.classroom.token}"):
        headers = get(f"{one.base}{path}").headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]
        said = [headers[name] for name in ("x-content-type-options", "x-frame-options", "referrer-policy")]
        assert said == ["nosniff", "DENY", "no-referrer"]
        assert "server" not in headers
        assert ("immutable" in headers["cache-control"]) == (path == one.classroom.script)


BROKEN = (
    "", "{", "[]", "3", '"x"', "{}", '{"role": 7}', '{"role": -1}', '{"role": true}', '{"role": null}', "NaN", '{"role": 1e999}',
    "[" * 60_000, '{"a":' * 10_000, "9" * 60_000, '{"role": "\\ud800"}', "\0",
)  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_malformed_bodies_change_nothing(served, body):
    one = served()
    for path in ("/join", "/guess", f"/teach/{one.classroom.token}/do"):
        answer = post(f"{one.base}{path}", content=body, headers={"origin": one.base, "content-type": "application/json"})
        assert answer.status_code == 409, answer.text
        assert answer.json()["reason"] in speaker().own
    assert not one.classroom.room.seats


def test_a_body_is_bounded(served):
    one = served()
    headers = {"origin": one.base, "content-type": "application/json"}
    large = "x" * (guard.LARGEST + 1)
    assert post(f"{one.base}/join", content=large, headers=headers).status_code == 413
    assert post(f"{one.base}/join", content=iter([b"{}"]), headers=headers).status_code == 413  # chunked: no length was said


def raw(one, data, seconds):
    """What a socket gets that sends so much and no more, and after how long it was closed."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", one.classroom.port)) as line:
        line.settimeout(seconds)
        line.sendall(data)
        got = b""
        try:
            while part := line.recv(65536):
                got += part
        except TimeoutError:
            return got, None
    return got, time.perf_counter() - began


def test_a_request_that_never_comes_whole_is_dropped(served, monkeypatch):
    usual = guard.REQUEST_SECONDS
    monkeypatch.setattr(guard, "REQUEST_SECONDS", 0.4)
    one = served()
    host = f"127.0.0.1:{one.classroom.port}"
    head = f"POST /join HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"
    for data in (b"", b"GET / HT", f"GET / HTTP/1.1\r\nHost: {host}\r\n".encode(), f"{head}\r\n{{".encode()):
        got, after = raw(one, data, 30.0)
        assert after is not None
        assert after < usual
        assert b" 200 " not in got
    assert get(one.base).status_code == 200


def test_websockets_are_not_spoken(served):
    one = served()
    host = f"127.0.0.1:{one.classroom.port}"
    upgrade = f"GET /events HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
    keys = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    got, _ = raw(one, (upgrade + keys).encode(), 1.0)
    assert b" 101 " not in got
    assert get(one.base).status_code == 200


def test_one_address_is_slowed_long_after_a_class_would_be(served, monkeypatch):
    monkeypatch.setattr(guard, "BURST", 40.0)
    monkeypatch.setattr(guard, "RATE", 1e-3)
    one = served()
    with Client(base_url=one.base) as client:
        statuses = [client.get("/qr.svg").status_code for _ in range(60)]
    assert statuses.count(429) == 20
    assert 7 * PUPILS < 1500  # what sixty load at once is far below the burst that is allowed


def test_a_flood_from_the_address_of_a_class_does_not_lock_out_who_sits_there(served, monkeypatch):
    monkeypatch.setattr(guard, "BURST", 40.0)
    monkeypatch.setattr(guard, "RATE", 1e-3)
    one = served()
    pupils = [Client(base_url=one.base, headers={"origin": one.base}) for _ in range(3)]
    for pupil in pupils:
        assert pupil.post("/join", json={"role": 0}).status_code == 200
    with Client(base_url=one.base) as stranger:
        assert [stranger.get("/qr.svg").status_code for _ in range(60)][-1] == 429
    assert [pupil.get("/").status_code for pupil in pupils] == [200, 200, 200]
    one_too_eager = [pupils[0].get("/qr.svg").status_code for _ in range(60)]
    assert one_too_eager[-1] == 429
    assert pupils[1].get("/").status_code == 200
    forged = get(f"{one.base}/qr.svg", headers={"cookie": "cartelitos-seat=1"})
    assert forged.status_code == 429


def test_who_takes_all_seats_does_not_lock_the_class_out(served, monkeypatch):
    """Seats that nobody sits on are given away when all are taken, or half of them from one address; a guess keeps its seat."""
    for place in (room, class_server):
        monkeypatch.setattr(place, "SEATS", 20)
    one = served()
    pupil = httpx.Client(base_url=one.base, headers={"origin": one.base})
    pupil.post("/join", json={"role": 0})
    one.do(stage="guess")
    assert pupil.post("/guess", json={"round": 1, "guess": a_guess(one.classroom.lesson, 3)}).status_code == 200
    with httpx.Client(base_url=one.base, headers={"origin": one.base}) as client:
        for _ in range(2 * room.SEATS):
            client.cookies.clear()
            assert client.post("/join", json={"role": 0}).status_code == 200
    assert len(one.classroom.room.seats) == room.SEATS // 2
    assert one.classroom.room.seats[1].guesses
    one.classroom.here.update(one.classroom.room.seats)
    assert one.post("/join", {"role": 0}).json() == {"ok": False, "reason": "room_full"}
    one.classroom.came = dict.fromkeys(one.classroom.came, "another")
    assert one.post("/join", {"role": 0}).status_code == 200


def test_connections_of_one_address_are_counted(served, monkeypatch):
    one = served()
    monkeypatch.setattr(guard, "SOCKETS", 5)
    lines = [socket.create_connection(("127.0.0.1", one.classroom.port)) for _ in range(8)]
    for line in lines:
        line.settimeout(60.0)
    closed = 0
    for line in lines[5:]:
        closed += line.recv(1) == b""
    assert closed == 3
    for line in lines:
        line.close()
    assert wait_until(lambda: guard.Impatient.open["127.0.0.1"] < guard.SOCKETS)
    assert get(one.base).status_code == 200


def a_mix(**changes):
    return {"arm": 0, "changes": {"rehabilitation": {"by": 4.0, "since": 2008}}, "met": [22, 11], "at": [-9.8, -9.9], "reason": 1} | changes


def test_mixes_are_ranked_by_robustness_and_belong_to_nobody(served):
    one = served("two-plans")
    pupils = [Client(base_url=one.base, headers={"origin": one.base}) for _ in range(3)]
    for pupil in pupils:
        pupil.post("/join", json={"role": 3})
    assert pupils[0].post("/mix", json=a_mix()).json()["reason"] == "not_now"
    one.do(stage="open")
    assert one.post("/mix", a_mix()).json()["reason"] == "no_seat"
    wrong = [{"met": [25, 0]}, {"met": [1, 13]}, {"at": [1, "x"]}, {"changes": {"magic": {"by": 1, "since": 2008}}}, {"reason": 99},
             {"arm": -1}, {"changes": {"rehabilitation": {"by": True, "since": 2008}}},
             {"changes": {"rehabilitation": {"by": 1}}}]  # fmt: skip
    assert {pupils[0].post("/mix", json=a_mix(**change)).json()["reason"] for change in wrong} == {"bad_request"}
    for pupil, met in zip(pupils, ([24, 0], [18, 10], [20, 8]), strict=True):
        assert pupil.post("/mix", json=a_mix(met=met)).status_code == 200
    told = one.classroom.room.state(3)["mixes"]
    assert [mix["met"] for mix in told] == [[18, 10], [20, 8], [24, 0]]
    assert {*told[0]} == {"arm", "changes", "met", "at", "reason", "role"}
    pupils[0].post("/mix", json=a_mix(met=[20, 12]))
    assert one.classroom.room.state(3)["mixes"][0]["met"] == [20, 12]
    assert get(f"{one.base}/model.json").json()["country"]["worlds"] == 24
    rows = [*csv.DictReader(io.StringIO(get(f"{one.teach}/class.csv").text))]
    assert [(row["mix_reached_here"], row["mix_reached_there"]) for row in rows] == [("20", "12"), ("18", "10"), ("20", "8")]
    assert "rehabilitation" in rows[0]["mix"]
    assert rows[0]["mix_reason"] in one.classroom.lesson["reasons"]


@pytest.mark.slow
def test_ten_thousand_requests_of_rubbish(served, monkeypatch):
    monkeypatch.setattr(guard, "BURST", 1e6)
    one = served()
    paths = ("/", "/board", "/join", "/../../etc/passwd", "/teach/", "/teach/x/do", "/%00", "/" + "a" * 900, "/answers", "/qr.svg")

    def flood(part: int) -> set[int]:
        line = HTTPConnection(one.base.removeprefix("http://"), timeout=60)
        seen = set()
        for k in range(part, 10_000, 20):
            line.request(("GET", "POST")[k // 10 % 2], paths[k % len(paths)])
            answer = line.getresponse()
            answer.read()
            seen.add(answer.status)
        line.close()
        return seen

    with ThreadPoolExecutor(20) as pool:
        assert max(status for seen in pool.map(flood, range(20)) for status in seen) < 500
    assert not one.classroom.room.seats
    assert one.classroom.room.stage == "lobby"


def test_the_table_for_assessment(served):
    one = served()
    client = Client(base_url=one.base, headers={"origin": one.base})
    client.post("/join", json={"role": 4})
    one.do(stage="guess")
    client.post("/guess", json={"round": 1, "guess": a_guess(one.classroom.lesson, 30)})
    (row,) = csv.DictReader(io.StringIO(get(f"{one.teach}/class.csv").text))
    assert (row["seat"], row["role"], row["arm"], row["second_guess"]) == ("1", "Journalist", "double", "False")
    assert row["own_words"] == "'=cmd()"
    answer = one.classroom.answers["arms"]["double"]
    line = a_guess(one.classroom.lesson, 30)["line"]
    assert int(row["worlds_inside"]) == inside(line, answer["policy"], len(one.classroom.lesson["known"]))
    assert [int(row[f"killed_{year}"]) for year in range(2008, 2022)] == line


def test_inside_counts_worlds_near_the_line():
    paths = [[0, 100, 100], [0, 120, 120], [0, 300, 50]]
    assert inside([100, 100], paths, 1) == 1
    assert inside([110, 110], paths, 1) == 2


def test_what_python_and_the_pages_both_know_is_the_same():
    app = Path(sim.__file__).parent / "page" / "app"
    codes, curve = (app / "codes.js").read_text(), (app / "curve.jsx").read_text()
    assert f"export const STOPS = [{', '.join(map(str, class_server.STOPS))}];" in codes
    assert f"export const NEAR = {class_server.NEAR};" in curve
    assert len(class_server.STOPS) == room.STOPS
    assert 'export const PAYERS = ["us", "mx", "both", "none"];' in codes
