"""A class in real browsers: two pupils' phones, the board, the teacher; what each sees and when."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pages import PHONE, WIDE
from ports import free_port
from test_lessons import AXE, BAD, OPEN_ALL, answer, draw

pytestmark = pytest.mark.slow


SMALLEST = """Math.min(...[...document.querySelectorAll('main *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3
    && n.data.trim())).map((e) => parseFloat(getComputedStyle(e).fontSize)))"""  # type on a page, in pixels


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Addresses of a class that is held."""
    pytest.importorskip("segno", reason="a class needs the extra `class`")
    arguments = ("class", "one-head", "--address", "127.0.0.1", "--port", str(free_port()), "--out", str(tmp_path_factory.mktemp("c")))
    server = subprocess.Popen([sys.executable, "-m", "sim.cli", *arguments, "--json", "-q"], stdout=subprocess.PIPE, text=True)
    yield json.loads(server.stdout.readline())
    server.send_signal(signal.SIGINT)
    server.wait(60)


@pytest.fixture
def open_page(browser):
    contexts, complaints = [], []

    def opened(url, size, **options):
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        for _ in range(600):
            try:
                tab.goto(url)
                break
            except Exception:
                tab.wait_for_timeout(100)
        tab.wait_for_selector("h1")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert not [text for text in complaints if "ERR_CONNECTION_REFUSED" not in text]


def looks(tab, where, wrong):
    """No serious finding, nothing wider than the screen."""
    if AXE:
        tab.evaluate(Path(AXE).read_text(encoding="utf-8"))
        tab.evaluate(OPEN_ALL)
        found = tab.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        wrong.extend((where, v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found if v["impact"] in BAD)
    wrong.extend([where] if tab.evaluate("document.documentElement.scrollWidth > innerWidth") else [])


def test_an_hour(told, open_page):
    teacher, board = open_page(told["teacher"], WIDE), open_page(told["board"], (1920, 1080), color_scheme="dark")
    pupils = [open_page(told["pupils"], PHONE) for _ in range(2)]
    wrong = []
    looks(pupils[0], "join", wrong)
    for k, pupil in enumerate(pupils):
        pupil.locator(".roles button").nth(k).click()
        pupil.wait_for_selector(".seat")
    board.wait_for_selector("text=2 are here.")
    looks(board, "board lobby", wrong)
    assert board.evaluate(SMALLEST) >= 24
    teacher.get_by_role("button", name="Begin").click()
    for pupil in pupils:
        pupil.wait_for_selector("form")
    draw(pupils[0])
    drawn = pupils[0].locator("form [data-draw] svg").get_attribute("aria-label")
    pupils[0].reload()  # what is drawn is not lost
    pupils[0].wait_for_selector("form")
    assert pupils[0].locator("form [data-draw] svg").get_attribute("aria-label") == drawn
    for k, pupil in enumerate(pupils):
        if k:
            draw(pupil)
        answer(pupil)
        pupil.click("form button.main")
        pupil.wait_for_selector(".done")
    board.wait_for_selector("text=2 of 2 have fixed their guess.")
    assert board.locator("figure").count() == 0
    pupils[1].reload()
    pupils[1].wait_for_selector(".done")
    looks(pupils[1], "fixed", wrong)
    teacher.get_by_role("button", name="Close, and show").click()
    board.wait_for_selector("svg[aria-label='2 lines of the class.']")
    assert board.request.get(f"{told['pupils']}/answers").status == 404
    looks(board, "board class", wrong)
    teacher.get_by_role("button", name="Let the worlds").click()
    board.wait_for_selector("svg[aria-label*='24 worlds with the policy']")
    pupils[0].wait_for_selector(".verdict:has-text('of 24 worlds')")
    looks(board, "board model", wrong)
    looks(pupils[0], "model", wrong)
    teacher.get_by_role("button", name="Open the levers").click()
    pupils[0].wait_for_selector(".move select")
    looks(pupils[0], "open", wrong)
    looks(teacher, "teacher", wrong)
    teacher.get_by_role("button", name="Ask about this").click()
    pupils[0].wait_for_selector("form button.main")
    assert "not drawn yet" in pupils[0].locator("form [data-draw] svg").get_attribute("aria-label")
    assert not wrong
