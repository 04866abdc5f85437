"""A real server and a real headless Chromium. Where there is none the tests skip and say why, unless they are required."""

import os
import shutil

import pytest
from pages import PROJECTOR, Server, Tab, missing

PATH = "CARTELITOS_CHROMIUM"  # where Chromium is, if not on PATH


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("nicegui", reason="the page needs the extra `web`")
    one = Server()
    one.start()
    yield one
    if one.process.poll() is None:
        one.stop()


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed (pip install playwright)")
    path = os.environ.get(PATH) or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing(f"no Chromium found on PATH or in {PATH}")
    pytest.importorskip("nicegui", reason="the page needs the extra `web`")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser, server):
    """A fresh browser context, at projector size; nothing may complain or reach elsewhere."""
    tabs = []

    def new(size=PROJECTOR, **options) -> Tab:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        one = Tab(context.new_page(), server.url)
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.on("console", lambda message: one.complaints.append(message.text) if message.type in ("error", "warning") else None)
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        tabs.append((context, one))
        return one

    yield new
    for context, _ in tabs:
        context.close()
    for _, one in tabs:
        away = [url for url in one.requests if not url.startswith((server.url, server.url.replace("http", "ws"), "data:", "blob:"))]
        assert not away
        assert not one.complaints
