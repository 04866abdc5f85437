"""Finished files over HTTP, and what stands between a server and its network: hosts, origins, headers, sizes, times and rates."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from socket import socket
from time import monotonic
from typing import Any, ClassVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from sim.page.build import policy

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

REQUEST_SECONDS = 10.0  # from a connection, or the last answer on it, to a request that is here whole
LARGEST = 64 * 1024  # bytes of a request's body
RATE, BURST = 50.0, 1500.0  # requests of one seat, or of one address without: a second, and at once; 60 pupils load a page with 420
STREAMS, OWN_STREAMS = 240, 8  # pages of one address, and of one seat, that follow the class
SOCKETS = 480  # open connections of one address, of 1000 that there are; a browser opens six
ADDRESSES = 4096  # remembered
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
CONNECTIONS, HEADER_BYTES = 1000, 16 * 1024


class Impatient(H11Protocol):
    """Closes a connection whose request does not arrive whole in time, and one too many of an address."""

    open: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self.late = self.loop.call_later(REQUEST_SECONDS, self.give_up)
        self.address = self.client[0] if self.client else ""
        self.open[self.address] += 1
        if self.open[self.address] > SOCKETS:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self.late.cancel()
        less(self.open, self.address)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self.late.cancel()
        self.late = self.loop.call_later(REQUEST_SECONDS, self.give_up)

    def give_up(self) -> None:
        """Close it, unless a whole request is being answered."""
        if self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            self.transport.close()


class Guard:
    """Lets through what its own pages ask for, and puts the same headers on every answer.

    Args:
        app: behind it.
        hosts: `name:port`, all that browsers may call this machine.
        policy: the pages' `Content-Security-Policy`.
        seat: name of whoever sends a `Cookie` header, "" for strangers. Who has one has a rate of its own, so that a flood from the
            address that a whole class shares does not lock out who sits there already.
    """

    def __init__(self, app: App, hosts: Iterable[str], policy: str = POLICY, seat: Callable[[str], str] = lambda cookie: "") -> None:
        self.headers = HEADERS | {b"content-security-policy": policy.encode()}
        self.app, self.hosts = app, frozenset(host.lower() for host in hosts)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.seat = seat
        self.left: dict[str, tuple[float, float]] = {}  # requests that an address may still make, and since when

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name, value) for name, value in message.get("headers", ()) if name not in self.headers]
                kept = any(name == b"cache-control" for name, _ in own)
                message["headers"] = [*own, *self.headers.items(), *(() if kept else [(b"cache-control", b"no-store")])]
            await send(message)

        refused = self._refuse(scope)
        if refused:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, headed)
            return
        await self.app(scope, _bounded(receive), headed)

    def _refuse(self, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        said: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            text = value.decode("latin-1")
            said.setdefault(name.decode("latin-1"), []).append(text if name == b"cookie" else text.lower())
        if said.get("host", []) not in ([host] for host in self.hosts):
            return 421, "this page is at another address"
        if not self._take(self.seat("; ".join(said.get("cookie", []))) or (scope["client"][0] if scope["client"] else "")):
            return 429, "too many requests"
        if scope["method"] in ("GET", "HEAD"):
            return None
        return self._refuse_post(said) if scope["method"] == "POST" else (405, "only GET and POST")

    def _refuse_post(self, said: dict[str, list[str]]) -> tuple[int, str] | None:
        if said.get("origin", []) not in ([origin] for origin in self.origins):
            return 403, "only from its own page"
        if said.get("content-type", [""])[0].split(";")[0].strip() != "application/json":
            return 415, "JSON only"
        length = said.get("content-length", [""])[0]
        if not length.isdecimal() or int(length) > LARGEST:
            return 413, f"at most {LARGEST} bytes, and say how many"
        return None

    def _take(self, address: str) -> bool:
        """Make one request, if there is one left."""
        now = monotonic()
        if len(self.left) >= ADDRESSES and address not in self.left:
            self.left = {name: (left, at) for name, (left, at) in self.left.items() if now - at < BURST / RATE}
        left, at = self.left.get(address, (BURST, now))
        left = min(BURST, left + RATE * (now - at))
        self.left[address] = (left - (left >= 1.0), now)
        return left >= 1.0


def less(counter: Counter[Any], key: object) -> None:
    """One less of something; what there is none of is forgotten."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


def _bounded(receive: Receive) -> Receive:
    """A body that grows beyond what was said ends the connection's request."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= LARGEST else {"type": "http.disconnect"}

    return limited


def packed(text: str) -> tuple[bytes, bytes]:
    """A file as it is, and compressed."""
    content = text.encode()
    return content, gzip.compress(content, 9, mtime=0)


def answer(request: Request, file: tuple[bytes, bytes], media_type: str = "text/html", **headers: str) -> Response:
    """One of `packed`, in the form that is asked for."""
    content, small = file
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = small, "gzip"
    return Response(content, media_type=media_type, headers={"vary": "accept-encoding", **headers})


def country(html: str, hosts: Iterable[str]) -> Guard:
    """An ASGI application that hands out one page and nothing else; `hosts` are all `name:port` that browsers may call this machine."""
    file = packed(html)

    async def page(request: Request) -> Response:
        return answer(request, file)

    return Guard(Starlette(routes=[Route("/", page)]), hosts, policy(html))


def run(app: App, sockets: list[socket]) -> None:
    """Serve until the process is told to end.

    Raises KeyboardInterrupt: it was; asyncio loses the one of a signal that comes as the last connections close.
    """
    config = uvicorn.Config(
        app, http=Impatient, ws="none", lifespan="off", log_config=None, log_level="error", access_log=False, server_header=False,
        proxy_headers=False, limit_concurrency=CONNECTIONS, h11_max_incomplete_event_size=HEADER_BYTES, timeout_graceful_shutdown=1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets)
    raise KeyboardInterrupt
