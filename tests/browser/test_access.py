"""Everybody can use the page: small screens, keyboards, screen readers, grey copies; and a prediction seals the result."""

import os
from pathlib import Path

import pytest
from pages import PHONE, PROJECTOR, missing

AXE = os.environ.get("CARTELITOS_AXE", "")  # path of axe.min.js
BAD = ("serious", "critical")
VIEWS = ("charts", "map", "tree", "news")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_serious_violation(tab, view, scheme):
    if not Path(AXE).is_file():
        missing("axe-core is not there (npm install axe-core, its axe.min.js in CARTELITOS_AXE)")
    one = tab(color_scheme=scheme)
    one.open(f"?naloxone=3&tables=1&predict={int(view == 'charts' and scheme == 'dark')}&view={view}", shown=view == "charts")
    one.page.wait_for_selector({"map": "svg.map", "tree": "svg.tree", "news": "ol.news"}.get(view, "figure svg"), timeout=60_000)
    one.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    one.page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = one.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    wrong = [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found if v["impact"] in BAD]
    assert not wrong


@pytest.mark.parametrize("size", [PHONE, PROJECTOR])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_the_screen(tab, size, view):
    one = tab(size)
    one.open(f"?naloxone=3&view={view}&language=es", shown=False)
    one.page.wait_for_selector({"map": "svg.map", "tree": "svg.tree", "news": "ol.news"}.get(view, "figure svg"), timeout=60_000)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert one.page.evaluate("document.querySelector('.results').scrollWidth <= document.querySelector('.results').clientWidth")


def test_a_keyboard_is_enough(tab):
    one = tab()
    one.open()
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    for _ in range(80):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("document.activeElement.id") == "l-rewards":
            break
    else:
        pytest.fail("Tab does not reach the levers")
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("ArrowRight")
    one.wait_for_pairs("rewards=0.2", 2)
    style = one.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert style == "3px"
    one.page.get_by_role("button", name="Map").focus()
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("svg.map")


def test_lines_differ_without_colour(tab):
    one = tab()
    one.open("?naloxone=3")
    one.wait_for_pairs("naloxone=3", 2)
    dash = "(name) => getComputedStyle(document.querySelector(`figure .line.${name}`)).strokeDasharray"
    assert one.page.evaluate(dash, "usual") != one.page.evaluate(dash, "policy")
    assert one.page.locator("figure .mark").count() > 4


def test_every_chart_has_words_and_a_table(tab):
    one = tab()
    one.open("?naloxone=3&tables=1")
    one.wait_for_pairs("naloxone=3", 2)
    charts = one.page.locator("figure[data-metric] svg").evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
    assert all("business as usual" in label and "your policy" in label.lower() for label in charts)
    assert one.page.locator("figure[data-metric] table").count() == len(charts)


def test_maps_and_genealogies_have_tables_too(tab):
    one = tab()
    one.open("?view=tree&tables=1&spared=3", shown=False)
    one.page.wait_for_selector("table >> text=leader spared", timeout=60_000)
    assert one.page.locator("svg.tree").count() == 2
    assert one.page.locator(".only-tree table").count() == 2
    one.page.get_by_role("button", name="Map").click()
    one.page.wait_for_selector(".only-map table")


def test_a_prediction_seals_the_result(tab):
    one = tab()
    one.open("?naloxone=2.5&predict=1")
    one.page.wait_for_selector("fieldset")
    one.page.wait_for_timeout(3000)  # by now results are there, on the server
    source = one.page.content()
    assert "line policy" not in source
    assert "worse in" not in source
    one.page.get_by_role("button", name="Map").click()
    one.page.wait_for_function("() => document.body.textContent.includes('hidden until')")
    assert one.page.locator("svg.map").count() == 0
    one.page.get_by_role("button", name="Charts").click()
    one.page.locator("fieldset", has_text="Overdose").get_by_text("2 to 10 % less").click()
    one.page.locator("#because").fill("people survive <b>")
    one.page.get_by_role("button", name="Commit").click()
    one.wait_for_pairs("naloxone=2.5", 24)
    one.page.wait_for_selector("#judgement")
    cell = one.page.locator("#judgement td", has_text="▶").inner_text()
    assert int(cell.split()[-1]) > 12
    assert one.page.locator("section", has=one.page.locator("#judgement")).locator("b").count() == 0
