"""Finished files over HTTP, behind the guard: whole, or compressed for browsers that say they can."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from socket import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sim.page.build import policy
from sim.page.guard import App, Guard, Impatient

CONNECTIONS, HEADER_BYTES = 1000, 16 * 1024


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
    """An ASGI application that hands out one page and nothing else.

    Args:
        html: of `build.html`.
        hosts: `name:port`, all that browsers may call this machine.
    """
    file = packed(html)

    async def page(request: Request) -> Response:
        return answer(request, file)

    return Guard(Starlette(routes=[Route("/", page)]), hosts, policy(html))


def run(app: App, sockets: list[socket]) -> None:
    """Serve until the process is told to end.

    Raises:
        KeyboardInterrupt: it was; asyncio loses the one of a signal that comes as the last connections close.
    """
    config = uvicorn.Config(
        app, http=Impatient, ws="none", lifespan="off", log_config=None, log_level="error", access_log=False, server_header=False,
        proxy_headers=False, limit_concurrency=CONNECTIONS, h11_max_incomplete_event_size=HEADER_BYTES, timeout_graceful_shutdown=1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets)
    raise KeyboardInterrupt
