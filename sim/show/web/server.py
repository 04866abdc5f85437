"""The server: pages for a limited number of visitors, small requests only, and no process left when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape

from fastapi import Request
from nicegui import app, ui
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.show.lesson import served
from sim.show.web.chart import HATCH
from sim.show.web.choice import Question, from_link
from sim.show.web.farm import REFINE, Farm
from sim.show.web.page import WORLDS, Visitor
from sim.show.web.style import SCRIPT, STYLE
from sim.show.web.words import words
from sim.show.web.work import run

LARGEST_BODY = 64 * 1024  # bytes of a request; the page itself sends some hundred
LARGEST_MESSAGE = 256 * 1024  # bytes of a websocket frame
MOST_VISITORS = 80  # pages open at the same time
MESSAGES_KEPT = 30  # per page, for connections that break off
GONE = 8.0  # seconds without connection after which a page is given up

FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path d="M2 8h5l5-5M7 8l5 5" fill="none" stroke="#0072b2" stroke-width="2"/></svg>'
)

visitors: set[Visitor] = set()


def serve(host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve until the process is told to stop.

    Args:
        host: address to listen on.
        port: to listen on.
        workers: processes that simulate.
        ready: called once pages can be served.
    """
    farm = Farm(workers)
    app.on_startup(lambda: _warm(farm, ready))
    app.on_shutdown(farm.close)
    app.add_middleware(SmallRequests)

    def page(request: Request) -> None:
        _page(request, farm)

    app.get("/lesson")(_lessons)
    app.get("/lesson/{name}")(_lesson)
    ui.page("/", response_timeout=20.0, reconnect_timeout=GONE)(page)
    try:
        ui.run(
            host=host,
            port=port,
            title="Cartelitos",
            favicon=FAVICON,
            show=False,
            reload=False,
            tailwind=False,
            show_welcome_message=False,
            message_history_length=MESSAGES_KEPT,
            uvicorn_logging_level="error",
            ws_max_size=LARGEST_MESSAGE,
            timeout_graceful_shutdown=1,
        )
    finally:
        farm.close()


def _lessons(language: str = "") -> HTMLResponse:
    return HTMLResponse(served.index(served.spoken(language)))


def _lesson(name: str, language: str = "") -> HTMLResponse:
    return HTMLResponse(*served.lesson(name, served.spoken(language)))


async def _warm(farm: Farm, ready: Callable[[], None]) -> None:
    """Load the compiled model everywhere and have business as usual ready before anybody asks."""
    await farm.start()
    await asyncio.gather(*(farm.ask(REFINE, replicate, run, Question(), replicate) for replicate in range(1, WORLDS + 1)))
    ready()


def _page(request: Request, farm: Farm) -> None:
    reading = from_link(request.url.query)
    choice, client = reading.choice, ui.context.client
    _shell(choice.language, choice.look)
    if len(visitors) >= MOST_VISITORS:
        ui.html(f"<main><h1>{escape(words(choice.language)('server_full'))}</h1></main>", sanitize=False)
        return
    visitor = Visitor(reading, farm, client)
    visitors.add(visitor)
    client.on_delete(lambda: _leave(visitor))
    visitor.build()


def _leave(visitor: Visitor) -> None:
    visitor.end()
    visitors.discard(visitor)


def _shell(language: str, look: str) -> None:
    """Style, script and the hatching that all charts share."""
    root = f'document.documentElement.lang = "{language}"; document.documentElement.dataset.look = "{look}";'
    ui.add_head_html(f"<style>{STYLE}</style><script>{root}{SCRIPT}</script>")
    ui.add_body_html(f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{HATCH}</svg>')


class SmallRequests:
    """Refuses large requests with a sentence, before anything reads them."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a small request on."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await _refuse(send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message if seen <= LARGEST_BODY else {"type": "http.disconnect"}

        await self.inner(scope, counted, send)


async def _refuse(send: Send) -> None:
    most = f"this server takes at most {LARGEST_BODY // 1024} KB per request"
    text = f"Too large: {most}. Scenario files are not uploaded; a link holds everything that was chosen.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
