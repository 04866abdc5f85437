"""A lesson with the class connected: pupils' pages, the board on the projector, the teacher's page; nothing leaves the room.

Pages follow the class by server-sent events and act by POST. A pupil is known by a cookie, the teacher by the token in the address.
The answers of the model are not in any pupil's page: they are handed out when the teacher shows them.
"""

from __future__ import annotations

import asyncio
import hmac
import io
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Any

import segno
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request, cookie_parser
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.analysis.csv_text import csv_text
from sim.experiment.errors import FolderError
from sim.page import bundle
from sim.page.build import as_json
from sim.page.lesson import Speaker, answers, document, notes, opened, playing
from sim.page.room import ANSWERED, ROLES, SEATS, Asked, RefusedError, Room
from sim.page.server import OWN_STREAMS, POLICY, STREAMS, Guard, answer, less, packed, run

COOKIE = "cartelitos-seat"
FOREVER = "public, max-age=31536000, immutable"  # a script whose name changes when it does
PAUSE = 0.15  # seconds in which changes are gathered into one message
BEAT = 15.0  # seconds after which a silent stream says that it is there
STOPS = (-50, -20, -10, -5, -2, -0.5, 0, 0.5, 2, 5, 10, 20, 50)  # as sim/page/app/codes.js has them
NEAR = 0.15  # as sim/page/app/curve.jsx has it


def asked(lesson: dict[str, Any], goal: dict[str, Any] | None = None) -> Asked:
    """What a guess, and a mix, has to hold."""
    knots = len(lesson["years"]) - len(lesson["known"])
    worlds = (goal["pairs"], goal["second"]) if goal else None
    return Asked(knots, lesson["top"], len(lesson["ask"]), len(lesson["reasons"]), len(lesson["arms"]), lesson["choose"], worlds)


class Classroom:
    """The server of one class.

    Args:
        speaker: of the lesson.
        folder: that keeps the class; what was begun there goes on.
        address: at which pupils reach this machine.
        port: to listen on, unless the class has one already.
        moved: whether the port is meant even so.

    Raises:
        FolderError: the folder keeps a class of another lesson.
    """

    def __init__(self, speaker: Speaker, folder: Path, address: str, port: int, *, moved: bool = False) -> None:
        self.speaker = speaker
        self.lesson, self.answers = opened(speaker), answers(speaker)
        about = next(k for k, arm in enumerate(self.lesson["arms"]) if arm["id"] == self.lesson["about"])
        self.room = Room(folder, asked(self.lesson, self.answers["challenge"]), about)
        begun = self.room.begun
        if begun and (begun["lesson"], begun["asked"]) != (self.lesson["name"], json.loads(json.dumps(self.room.asked))):
            message = f"it keeps a class of the lesson {begun['lesson']}, or of another edition of it"
            raise FolderError(message, file=folder, hint="--out names another folder")
        if not begun or (moved and begun["port"] != port):
            token = begun["token"] if begun else secrets.token_urlsafe(16)
            self._record("begin", lesson=self.lesson["name"], asked=[*self.room.asked], token=token, port=port)
        self.token, self.port = self.room.begun["token"], self.room.begun["port"]
        self.hosts = [f"{host}:{self.port}" for host in dict.fromkeys([address, "127.0.0.1", "localhost"])]
        self.url = f"http://{self.hosts[0]}"
        self.script = f"/{bundle.path().name}"
        self.files = {"script": packed(bundle.read()), "class": self._page("class"), "board": self._page("board")}
        self.files["control"] = self._page("control", teacher=notes(speaker), answers=self.answers)
        self.files["model"] = packed(as_json(playing(speaker)))
        segno.make(self.url, error="m").save(picture := io.BytesIO(), kind="svg", border=2, xmldecl=False, scale=8, light="#fff")
        self.files["qr"] = packed(picture.getvalue().decode())  # the address, for cameras
        self.streams: Counter[str] = Counter()  # open, by seat, or by address
        self.here: Counter[int] = Counter()  # open, by seat
        self.came: dict[int, str] = {}  # seat -> from which address; nobody writes that down
        self.changed = asyncio.Event()

    def run(self, sockets: list[socket]) -> None:
        """Serve until the process is told to end."""
        run(self.app(), sockets)

    def code_for_terminals(self) -> str:
        """The address as a QR code of characters."""
        text = io.StringIO()
        segno.make(self.url, error="l").terminal(text, border=2, compact=True)
        return text.getvalue()

    def app(self) -> Guard:
        """The ASGI application."""
        teach = "/teach/{token}"
        routes = [
            Route("/", self._file("class")),
            Route("/board", self._file("board")),
            Route(self.script, self._file("script", "text/javascript", **{"cache-control": FOREVER})),
            Route("/qr.svg", self._file("qr", "image/svg+xml")),
            Route("/events", self.events),
            Route("/join", self.join, methods=["POST"]),
            Route("/guess", self.guess, methods=["POST"]),
            Route("/mix", self.mix, methods=["POST"]),
            Route("/answers", self.answer),
            Route("/model.json", self._file("model", "application/json")),
            Route(teach, self.control),
            Route(f"{teach}/events", self.control_events),
            Route(f"{teach}/do", self.act, methods=["POST"]),
            Route(f"{teach}/class.csv", self.export),
        ]
        handlers = {RefusedError: _refused, ClientDisconnect: _gone}
        return Guard(Starlette(routes=routes, exception_handlers=handlers), self.hosts, POLICY, self._who)

    def _number(self, request: Request) -> int:
        """Of the seat of whoever asks; 0 = nobody's."""
        seat = self.room.seat(request.cookies.get(COOKIE, ""))
        return seat.number if seat else 0

    def _who(self, cookie: str) -> str:
        """The seat of a browser that sends this."""
        seat = self.room.seat(cookie_parser(cookie).get(COOKIE, ""))
        return f"seat {seat.number}" if seat else ""

    # pages ------------------------------------------------------------------------------------------------------------------------

    def _page(self, audience: str, **more: object) -> tuple[bytes, bytes]:
        told = {"audience": audience, "lesson": self.lesson, "words": self.speaker.own, "url": self.url, **more}
        return packed(document(self.speaker, told, script=self.script))

    def _file(self, name: str, media_type: str = "text/html", **headers: str) -> Callable[[Request], Awaitable[Response]]:
        """What hands out a finished file."""

        async def send(request: Request) -> Response:
            return answer(request, self.files[name], media_type, **headers)

        return send

    async def control(self, request: Request) -> Response:
        """The page of the teacher."""
        self._teacher(request)
        return answer(request, self.files["control"])

    # what happens -----------------------------------------------------------------------------------------------------------------

    async def events(self, request: Request) -> Response:
        """The state of the class, whenever it changes, for pupils and the board."""
        number = 0 if "board" in request.query_params else self._number(request)

        def told() -> dict[str, Any]:
            own = self.room.seats.get(number)
            mine = own and {"number": own.number, "role": own.role, "guess": own.guesses.get(self.room.round)}
            return self.room.state(self._present()) | {"mine": mine}

        return self._stream(request, told, number)

    async def control_events(self, request: Request) -> Response:
        """The same for the teacher, with who has fixed a guess; not what it is."""
        self._teacher(request)

        def told() -> dict[str, Any]:
            room = self.room
            seats = [
                {"number": number, "role": seat.role, "fixed": room.round in seat.guesses, "here": number in self.here}
                for number, seat in sorted(room.seats.items())
            ]
            return room.state(self._present()) | {"list": seats}

        return self._stream(request, told, 0)

    def _stream(self, request: Request, told: Callable[[], dict[str, Any]], number: int) -> Response:
        seat = self._who(request.headers.get("cookie", ""))
        address = seat or (request.client.host if request.client else "")
        if self.streams[address] >= (OWN_STREAMS if seat else STREAMS):
            raise HTTPException(503, "too many pages are open at this address")

        async def follow() -> AsyncIterator[str]:
            self.streams[address] += 1
            self.here[number] += 1
            self._tell()
            try:
                last = ""
                yield "retry: 1000\n\n"
                while True:
                    changed, now = self.changed, json.dumps(told(), ensure_ascii=False, separators=(",", ":"))
                    yield f"data: {now}\n\n" if now != last else ": here\n\n"
                    last = now
                    with suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), BEAT)
                        await asyncio.sleep(PAUSE)
            finally:
                less(self.streams, address)
                less(self.here, number)
                self._tell()

        return StreamingResponse(follow(), media_type="text/event-stream")

    def _present(self) -> int:
        return sum(number in self.room.seats for number in self.here)

    def _tell(self) -> None:
        """Wake everybody who follows."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def _do(self, what: str, **how: Any) -> Response:  # noqa: ANN401
        self._record(what, **how)
        self._tell()
        return JSONResponse({"ok": True})

    def _record(self, what: str, **how: Any) -> None:  # noqa: ANN401
        self.room.do(what, datetime.now(UTC).isoformat(timespec="seconds"), **how)

    async def join(self, request: Request) -> Response:
        """Take a seat, or keep the one whose key the browser holds."""
        said = await _json(request)
        if self._number(request):
            return JSONResponse({"ok": True})
        address, key = request.client.host if request.client else "", secrets.token_urlsafe(16)
        self._make_room(address)
        done = await self._do("join", key=key, role=said.get("role"))
        self.came[self.room.count] = address
        done.set_cookie(COOKIE, key, max_age=86400 * 7, httponly=True, samesite="strict")
        return done

    def _make_room(self, address: str) -> None:
        """Where all seats are taken, or half of them from one address, free one on which nobody sits and nothing was guessed.

        Raises RefusedError: that address has half of all seats.
        """
        seats = self.room.seats
        own = [number for number in seats if self.came.get(number) == address]
        crowded = len(own) >= SEATS // 2
        free = [number for number in (own if crowded else seats) if number not in self.here and not seats[number].guesses]
        if free and (crowded or len(seats) >= SEATS):
            self._record("leave", number=free[0])
        elif crowded:
            raise RefusedError("room_full")

    async def guess(self, request: Request) -> Response:
        """Fix a guess; once a round."""
        said = await _json(request)
        return await self._do("guess", number=self._number(request), round=said.get("round"), guess=said.get("guess"))

    async def mix(self, request: Request) -> Response:
        """Show the class a mix of levers that was tried in both countries; a later one takes its place."""
        return await self._do("mix", number=self._number(request), mix=await _json(request))

    async def answer(self, request: Request) -> Response:
        """What the model says about the arm that was asked, once the teacher shows it; about all when the lesson is opened."""
        room = self.room
        if room.stage not in ANSWERED:
            raise HTTPException(404)
        if room.stage == "open":
            return JSONResponse(self.answers)
        chosen = {self.lesson["arms"][arm]["id"] for arm in (range(room.asked.arms) if room.asked.choose else [room.arm])}
        chosen |= {self.answers["arms"][arm]["usual"] for arm in chosen}
        return JSONResponse({"arms": {arm: one for arm, one in self.answers["arms"].items() if arm in chosen}})

    # the teacher ------------------------------------------------------------------------------------------------------------------

    def _teacher(self, request: Request) -> None:
        if not hmac.compare_digest(request.path_params["token"].encode(), self.token.encode()):
            raise HTTPException(404)

    async def act(self, request: Request) -> Response:
        """Go on to a stage or a round, close the door, free a seat, take guesses that came as codes."""
        self._teacher(request)
        said = await _json(request)
        match said:
            case {"stage": str(stage)}:
                return await self._do("stage", stage=stage)
            case {"round": arm}:
                return await self._do("round", arm=arm)
            case {"door": bool(door)}:
                return await self._do("door", open=door)
            case {"leave": int(number)}:
                return await self._do("leave", number=number)
            case {"code": str(code), "guess": guess}:
                return await self._do("code", code=code, guess=guess, round=self.room.round)
        raise RefusedError("bad_request")

    async def export(self, request: Request) -> Response:
        """Every guess as a row, with the seat's last mix as its device judged it, for assessment: numbers of seats, no names."""
        self._teacher(request)
        return Response(
            self.table(), media_type="text/csv", headers={"content-disposition": f'attachment; filename="{self.lesson["name"]}.csv"'}
        )

    def table(self) -> str:
        """The CSV."""
        lesson, say = self.lesson, self.speaker.own
        years = lesson["years"][len(lesson["known"]) :]
        payers = ("us", "mx", "both", "none")
        heads = ["seat", "role", "round", "arm", "second_guess", "fixed_at", "code", "payer", "payer_right", "worlds_inside", "worlds"]
        heads += [ask["metric"] for ask in lesson["ask"]] + [f"killed_{year}" for year in years] + ["reason", "own_words"]
        heads += ["mix", "mix_reached_here", "mix_reached_there", "mix_reason"] if self.room.asked.worlds else []
        rows = []
        for seat, turn, guess in self.room.rows():
            cells: list[Any] = [seat.number, say[f"role_{seat.role}"] if 0 <= seat.role < ROLES else "", turn]
            if guess:
                arm = lesson["arms"][guess["arm"]]["id"]
                answer = self.answers["arms"][arm]
                near = inside(guess["line"], answer["policy"], len(lesson["known"]))
                cells += [arm, guess["second"], guess["at"], seat.key if seat.role < 0 else "", payers[guess["payer"]]]
                cells += [payers[guess["payer"]] == answer["payer"], near, len(answer["policy"]), *(STOPS[k] for k in guess["asks"])]
                cells += [*guess["line"], lesson["reasons"][guess["reason"]], guess["because"]]
            if seat.mix and self.room.asked.worlds:
                moved = [f"{lever} {how['by']:+g} from {how['since']}" for lever, how in seat.mix["changes"].items()]
                basis = lesson["arms"][seat.mix["arm"]]["id"]
                plus = [] if self.answers["arms"][basis]["usual"] == basis else [basis]
                cells += [""] * (len(heads) - 4 - len(cells))
                cells += ["; ".join([*plus, *moved]), *seat.mix["met"], lesson["reasons"][seat.mix["reason"]]]
            rows.append(cells)
        return csv_text(heads, rows)


def inside(line: list[int], paths: list[list[int]], known: int) -> int:
    """In how many worlds a line stays near on average."""
    drawn = [path[known:] for path in paths]
    return sum(sum(abs(x - y) for x, y in zip(path, line, strict=True)) <= NEAR * sum(path) for path in drawn)


async def _json(request: Request) -> dict[str, Any]:
    try:
        said = await request.json()
    except (ValueError, RecursionError):
        raise RefusedError("bad_request") from None
    if not isinstance(said, dict):
        raise RefusedError("bad_request")
    return said


async def _refused(request: Request, error: Exception) -> Response:
    return JSONResponse({"ok": False, "reason": str(error)}, 409)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)
