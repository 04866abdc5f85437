"""Lessons from a file, without a server: draw, be locked out, fix a guess, see the worlds; keyboard, small screens, the teacher's file."""

import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pages import PHONE, PROJECTOR, missing

import sim
from sim.experiment.lesson import played
from sim.experiment.plan import replicate_seed
from sim.model.run import simulate
from sim.page.lesson import page, read_findings
from sim.scenario import load
from sim.scenario.lesson import lessons, load_lesson
from sim.scenario.scenario import Event
from sim.show.words import words

pytestmark = pytest.mark.slow

AXE = os.environ.get("CARTELITOS_AXE", "")  # path of axe.min.js
BAD = ("serious", "critical")
LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"
NAMES = [*lessons(LIBRARY)]
OPEN_ALL = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
AFTER = ("observe", "move", "explain", "debrief")


@pytest.fixture
def lesson(browser, tmp_path):
    """A lesson's page opened from a file; nothing may complain or be fetched. Tabs of one `context` share what a device remembers."""
    contexts, complaints, away = [], [], []

    def opened(name="one-head", size=PROJECTOR, language="en", audience="pupils", context=None, **options):
        found = load_lesson(LIBRARY / f"{name}.toml")
        path = tmp_path / f"{name}-{language}-{audience}.html"
        if not path.exists():
            path.write_text(page(found, read_findings(found), language, audience), encoding="utf-8")
        if context is None:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options)
            contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: away.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None)
        tab.goto(path.as_uri())
        tab.wait_for_selector("h1")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
    assert not away


def step(tab, name):
    tab.locator(f"nav [data-step={name}]").click()


def draw(tab, start=0.6, end=0.4):
    """Drag from the first year that is drawn to the last."""
    chart = tab.locator("form [data-draw]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    tab.mouse.move(box["x"] + 0.12 * box["width"], box["y"] + start * box["height"])
    tab.mouse.down()
    for part in range(1, 31):
        tab.mouse.move(box["x"] + (0.12 + 0.87 * part / 30) * box["width"], box["y"] + (start + (end - start) * part / 30) * box["height"])
    tab.mouse.up()


def answer(tab, because=""):
    for fields in tab.locator("form fieldset").all():
        if fields.locator("[type=radio]").count() and not fields.locator(":checked").count():
            fields.locator("label").first.click()
        for one in fields.locator("[type=range]").all():
            one.press("ArrowLeft")
    tab.fill("#because", because)


def fix(tab, because=""):
    """Draw, answer, fix; the code."""
    step(tab, "predict")
    draw(tab)
    answer(tab, because)
    tab.click("form button.main")
    return tab.locator("#code").inner_text().split("code is ")[-1][:8]


def told(tab):
    return tab.locator("[data-draw] svg").first.get_attribute("aria-label")


@pytest.mark.parametrize("name", NAMES)
def test_a_guess_opens_the_result(lesson, name):
    tab = lesson(name)
    for locked in AFTER:
        step(tab, locked)
        assert "opens when your guess is fixed" in tab.locator("main").inner_text()
        assert tab.locator("figure").count() == 0
    step(tab, "predict")
    tab.click("form button.main")
    assert "Draw the line" in tab.locator("[role=alert]").inner_text()
    draw(tab)
    tab.click("form button.main")
    assert "Answer every question" in tab.locator("[role=alert]").inner_text()
    code = fix(tab, "because <b>of heirs</b>")
    assert len(code) == 8
    assert tab.evaluate("document.activeElement.id") == "code"
    assert tab.locator("form :enabled:not(fieldset):not(textarea):not(summary)").count() == 0
    step(tab, "observe")
    assert "worlds." in tab.locator(".verdict b").inner_text()
    assert "of heirs" in tab.locator("main").inner_text()
    assert tab.locator("main p b b").count() == 0
    outcomes = load_lesson(LIBRARY / f"{name}.toml").outline
    assert tab.locator("figure.dots").count() == len(outcomes.outcomes)
    assert tab.locator("figure.stops").count() == len(outcomes.predict)
    step(tab, "explain")
    assert tab.locator(".chain li").count() == len(outcomes.chain)


def test_every_world_is_drawn_and_the_count_is_right(lesson):
    tab = lesson()
    fix(tab)
    for _ in range(50):
        line = tab.evaluate("JSON.parse(localStorage.getItem('cartelitos-lesson-one-head'))?.fixed?.line ?? null")
        if line:
            break
        tab.wait_for_timeout(100)
    step(tab, "observe")
    paths = read_findings(load_lesson(LIBRARY / "one-head.toml")).paths["double"].round()
    near = sum(abs(path[1:] - line).mean() <= 0.15 * path[1:].mean() for path in paths)
    above = sum(path[-1] > line[-1] for path in paths)
    text = tab.locator(".verdict").inner_text()
    assert f"inside {near} of 24 worlds" in text
    assert f"{above} of 24 worlds stand above your line" in text
    assert tab.locator("figure.reveal svg g[stroke='var(--policy)'] path").count() == 24


def test_worlds_appear_one_by_one_unless_no_motion_is_wanted(lesson):
    tab = lesson()
    tab.emulate_media(reduced_motion="no-preference")
    fix(tab)
    step(tab, "observe")
    tab.wait_for_selector(".verdict:has-text('so far')")
    tab.wait_for_selector(".verdict:has-text('of 24 worlds')")


def test_a_reload_loses_nothing_and_a_second_guess_is_known(lesson):
    tab = lesson()
    step(tab, "predict")
    draw(tab)
    half = told(tab)
    tab.reload()
    step(tab, "predict")
    assert told(tab) == half
    code = fix(tab, "heirs & others")
    again = lesson(context=tab.context)
    step(again, "observe")
    assert "heirs & others" in again.locator("main").inner_text()
    step(again, "predict")
    assert code in again.locator("#code").inner_text()
    assert "second guess" not in again.locator("#code").inner_text()
    again.get_by_role("button", name="Guess again").click()
    assert again.locator(".done").count() == 0
    second = fix(again)
    assert "second guess" in again.locator("#code").inner_text()
    teacher = lesson(audience="teacher")
    step(teacher, "class")
    teacher.fill("#codes", f"{code}\n{second}")
    teacher.get_by_role("button", name="Draw the class").click()
    assert "1 first guesses. 1 second guesses are left out." in teacher.locator("main").inner_text()


def test_sliders_draw_as_well(lesson):
    tab = lesson()
    step(tab, "predict")
    tab.locator(".sliders summary").click()
    knots = tab.locator(".knots input")
    assert knots.count() == 14
    knots.first.focus()
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    assert "people killed" in knots.first.get_attribute("aria-valuetext")
    assert knots.nth(1).get_attribute("aria-valuetext") == "not drawn yet"
    knots.last.focus()
    tab.keyboard.press("End")
    values = [int(text.replace(",", "")) for text in tab.locator(".knots output").all_inner_texts()]
    assert values == sorted(values)
    assert f"{values[0]:,}" in told(tab)
    assert f"{values[-1]:,}" in told(tab)


def pull(tab, lever, value):
    """Move a lever of the model in the page."""
    tab.locator(f"#{lever}").evaluate("(e, x) => { e.value = x; e.dispatchEvent(new Event('input', {bubbles: true})); }", value)


def changes(series, usual, metric):
    return 100.0 * (series[metric].sum() / usual[metric].sum() - 1.0)


def test_the_model_in_the_page_says_what_compare_says(lesson):
    tab = lesson()
    assert tab.evaluate("document.documentElement.outerHTML.length") < 1.7e6
    fix(tab)
    step(tab, "move")
    tab.wait_for_selector(".status:has-text('24 worlds, each with')")
    library = load_lesson(LIBRARY / "one-head.toml")
    found = read_findings(library)
    for metric in ("homicides", "extortion_incidents"):
        title = words("en").metrics[metric][0]
        expected = f"{found.moved('double', metric)[0]:+.1f} %".replace("-", "−")
        assert tab.locator(f".strip li:has-text('{title}') b").inner_text() == expected


def test_the_hour_begins_with_the_fall_of_a_head_that_one_chooses(lesson):
    tab = lesson()
    assert tab.locator("h2").first.inner_text() == "The fall"
    usual = load("baseline")
    fallen = replace(usual, events=(*usual.events, Event(date(2009, 3, 23), "removal", "gulf", mode="capture")))
    killed = [simulate(one, replicate_seed(usual.seed, 0)).series["homicides"] for one in (fallen, usual)]
    tab.locator(".fall select").select_option("gulf")
    tab.get_by_role("button", name="Take the head away").click()
    tab.wait_for_selector(".fall figure svg")
    first = tab.locator(".fall .time output").inner_text()
    assert first == "Mar 2009"
    since = 12 * 2 + 3  # months from December 2006 to March 2009
    said = tab.locator(".fall figcaption").inner_text().replace(",", "")
    assert all(re.search(rf"\b{series[since:].sum():.0f}\b", said) for series in killed), said
    assert "the " in tab.locator(".fall li").first.inner_text()
    tab.locator(".fall .time button").click()
    tab.wait_for_selector(f".fall .time output:not(:has-text('{first}'))")
    tab.locator(".fall .time button").click()
    held = tab.locator(".fall .time output").inner_text()
    tab.wait_for_timeout(400)
    assert tab.locator(".fall .time output").inner_text() == held


def test_a_mix_is_tried_in_a_second_country_too(lesson):
    tab = lesson("two-plans")
    fix(tab)
    step(tab, "move")
    assert "at most US$ 325 m a year" in tab.locator(".task").inner_text()
    pull(tab, "kingpin_targeting", 2.0)
    button = tab.get_by_role("button", name="second country")
    tab.wait_for_selector(".task:has-text('Reached in')")
    assert button.is_disabled()  # it costs too much
    pull(tab, "kingpin_targeting", 0.0)
    pull(tab, "rehabilitation", 4.0)
    tab.wait_for_selector(".task:has-text('Reached in')")
    button.click()
    tab.wait_for_selector(".task:has-text('Robustness')")
    _, second = played(load_lesson(LIBRARY / "two-plans.toml"))
    changed = ["policy.rehabilitation.intensity=4", 'policy.rehabilitation.start="2007-01-01"', "parameters.conviction_base=0.1"]
    mix, seeds = load("baseline", changed), [replicate_seed(second.seed, replicate) for replicate in range(24, 36)]
    pairs = [[simulate(one, seed).series for one in (mix, second)] for seed in seeds]
    met = sum(changes(*pair, "homicides") <= -5.0 and changes(*pair, "extortion_incidents") <= 0.0 for pair in pairs)
    assert met > 0
    assert f"reached in {met} of 12 worlds" in tab.locator(".task").inner_text()


def test_a_finger_draws(lesson):
    tab = lesson(size=PHONE, has_touch=True, is_mobile=True)
    step(tab, "predict")
    chart = tab.locator("form [data-draw]")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    session = tab.context.new_cdp_session(tab)
    spots = [(box["x"] + (0.18 + 0.8 * k / 20) * box["width"], box["y"] + (0.7 - 0.02 * k) * box["height"]) for k in range(21)]
    for kind, spot in [("touchStart", spots[0]), *(("touchMove", spot) for spot in spots[1:]), ("touchEnd", None)]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": spot[0], "y": spot[1]}] if spot else []})
    assert "Your line goes from" in told(tab)
    assert tab.evaluate("getComputedStyle(document.querySelector('form [data-draw]')).touchAction") == "none"


def codes(tab, count):
    """As many pupils' codes, made by the page."""
    found = []
    for _ in range(count):
        if tab.get_by_role("button", name="Guess again").count():
            tab.get_by_role("button", name="Guess again").click()
        tab.evaluate("localStorage.clear()")
        found.append(fix(tab))
    return found


def test_the_teacher_draws_the_class_first_and_the_worlds_second(lesson):
    pupil, tab = lesson(), lesson(audience="teacher")
    step(tab, "class")
    assert tab.get_by_role("button", name="Draw the class").is_disabled()
    first, second = codes(pupil, 1)[0], codes(pupil, 1)[0]
    tab.fill("#codes", f"{first.lower().replace('-', ' ')}\n{second}\n{first}\nABC-DEFG\nAB\nABC-DEU1")
    bad = tab.locator("[role=alert]").inner_text()
    assert "mistyped, or of another lesson" in bad
    assert "has 2 characters; a code has 7" in bad
    assert "'U' does not occur in codes" in bad
    assert bad.count("is counted once") == 1
    assert len(bad.strip().splitlines()) <= 8
    assert tab.locator("figure").count() == 0
    assert tab.get_by_role("button", name="Let the worlds").is_disabled()
    tab.get_by_role("button", name="Draw the class").click()
    assert "2 first guesses" in tab.locator("main").inner_text()
    assert "2 lines of the class" in tab.locator("figure.reveal svg").get_attribute("aria-label")
    assert "worlds" not in tab.locator(".pair").inner_text()
    tab.get_by_role("button", name="Let the worlds").click()
    tab.wait_for_selector("figure.reveal svg[aria-label*='24 worlds with the policy']")
    assert "2 lines lie inside" in tab.locator("main").inner_text()


def test_a_code_of_another_lesson_is_refused(lesson):
    pupil, tab = lesson("balloon"), lesson(audience="teacher")
    step(tab, "class")
    tab.fill("#codes", "\n".join(codes(pupil, 4)))
    assert tab.locator("[role=alert] p").count() >= 3  # one in 37 may pass


def test_a_keyboard_is_enough(lesson):
    tab = lesson()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.locator("nav [data-step=predict]").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.tagName") == "H2"
    seen = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        kind = tab.evaluate("document.activeElement.type || document.activeElement.tagName")
        name = tab.evaluate("document.activeElement.name || document.activeElement.id")
        if kind == "SUMMARY":
            tab.keyboard.press("Enter")
        elif kind == "radio" or kind == "range":
            tab.keyboard.press("ArrowRight")
        elif kind == "textarea":
            tab.keyboard.type("heirs")
        elif kind == "submit" and tab.evaluate("document.activeElement.className") == "main":
            tab.keyboard.press("Enter")
            break
        seen.add(name or kind)
    assert tab.locator("#code").is_visible()
    tab.locator("nav [data-step=observe]").focus()
    tab.keyboard.press("Enter")
    tab.locator(".move select").focus()
    before = tab.locator("figure.dots figcaption").first.inner_text()
    tab.keyboard.press("ArrowUp")
    assert tab.locator("figure.dots figcaption").first.inner_text() != before


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])  # every lesson in both of each
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_serious_violation(lesson, name, language, scheme):
    if not Path(AXE).is_file():
        missing("axe-core is not there (npm install axe-core, its axe.min.js in CARTELITOS_AXE)")
    tab = lesson(name, language=language, color_scheme=scheme)
    source = Path(AXE).read_text(encoding="utf-8")
    wrong = []

    def look(tab, where):
        tab.evaluate(OPEN_ALL)
        found = tab.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        wrong.extend((where, v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found if v["impact"] in BAD)

    tab.evaluate(source)
    for one in ("hook", "predict", "observe", "sheets"):
        step(tab, one)
        look(tab, f"locked {one}")
    fix(tab)
    for one in ("predict", *AFTER):
        step(tab, one)
        look(tab, one)
    teacher = lesson(name, language=language, audience="teacher", color_scheme=scheme)
    teacher.evaluate(source)
    for one in ("class", "teacher"):
        step(teacher, one)
        look(teacher, one)
    assert not wrong


@pytest.mark.parametrize("size", [PHONE, PROJECTOR])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(lesson, name, size):
    for audience in ("pupils", "teacher"):
        tab = lesson(name, size, "es", audience)
        if audience == "pupils":
            fix(tab)
        for one in tab.locator("nav [data-step]").all():
            one.click()
            tab.evaluate(OPEN_ALL)
            assert tab.evaluate("document.documentElement.scrollWidth") <= size[0], (audience, one.inner_text())


@pytest.mark.parametrize(("size", "least"), [(PHONE, 12.5), ((1280, 800), 15), ((1920, 1080), 20)])
def test_type_grows_with_the_screen(lesson, size, least):
    tab = lesson(size=size)
    step(tab, "predict")
    ticks = "Math.min(...[...document.querySelectorAll('form svg text')].map((e) => parseFloat(getComputedStyle(e).fontSize)))"
    assert tab.evaluate(ticks) >= least


def test_marks_differ_in_more_than_colour(lesson):
    tab = lesson()
    fix(tab)
    step(tab, "observe")
    assert tab.locator("figure.reveal svg [stroke-dasharray='7 4']").count() == 1  # business as usual
    labels = tab.locator("main svg[role=img]").evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
    assert len(labels) > 8
    assert all(len(label) > 20 for label in labels)


@pytest.mark.parametrize(
    ("button", "shown", "hidden"), [("Print the worksheet", "#worksheet", "#roles"), ("Print the role cards", "#roles", "#worksheet")]
)
def test_sheets_print_alone(lesson, button, shown, hidden):
    tab = lesson()
    step(tab, "sheets")
    tab.evaluate("window.print = () => { window.printed = document.body.dataset.print; }")
    tab.get_by_role("button", name=button).click()
    part = tab.evaluate("printed")
    assert f"#{part}" == shown
    tab.emulate_media(media="print")
    tab.evaluate("(what) => { document.body.dataset.print = what; }", part)
    assert tab.locator(shown).is_visible()
    assert not tab.locator(hidden).is_visible()
    assert not tab.locator("nav").is_visible()


def test_notes_print_alone_and_unfolded(lesson):
    tab = lesson(audience="teacher")
    step(tab, "teacher")
    tab.evaluate("window.print = () => { window.printed = document.body.dataset.print; }")
    tab.get_by_role("button", name="Print the notes").click()
    assert tab.evaluate("printed") == "notes"
    assert tab.locator("#notes details:not([open])").count() == 0
    tab.emulate_media(media="print")
    tab.evaluate("document.body.dataset.print = 'notes'")
    assert tab.locator("#notes li").first.is_visible()
    assert not tab.locator("nav").is_visible()
