"""Lessons from a file, without a server: predict, be locked out, commit, observe; keyboard, small screens, the teacher's view."""

import os
from pathlib import Path

import pytest
from pages import PHONE, PROJECTOR, missing

import sim
from sim.scenario.lessons import lessons, load_lesson
from sim.show.lesson.page import page, read_findings

AXE = os.environ.get("CARTELITOS_AXE", "")  # path of axe.min.js
BAD = ("serious", "critical")
LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"
NAMES = [*lessons(LIBRARY)]
STEPS = ("hook", "predict", "observe", "explain", "debrief", "sheets", "teacher")
OPEN_ALL = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"


@pytest.fixture
def lesson(browser, tmp_path):
    """A lesson's page opened from a file; nothing may complain or be fetched."""
    contexts, complaints, away = [], [], []

    def opened(name="one-head", size=PROJECTOR, language="en", fragment=""):
        found = load_lesson(LIBRARY / f"{name}.toml")
        path = tmp_path / f"{name}-{language}.html"
        path.write_text(page(found, read_findings(found), language), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: away.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None)
        tab.goto(f"{path.as_uri()}#{fragment}")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
    assert not away


def step(tab, name):
    tab.locator(f"nav [data-step={name}]").click()


def commit(tab, guess=3, because=""):
    """Predict and commit; the code."""
    step(tab, "predict")
    for fields in tab.locator("#form fieldset").all():
        if not fields.locator(":checked").count():
            fields.locator("label").nth(min(guess, fields.locator("label").count() - 1)).click()
    tab.fill("#because", because)
    tab.click("#commit")
    tab.wait_for_selector("#done:not([hidden])")
    return tab.evaluate("state.code")


def notes(tab):
    step(tab, "teacher")
    tab.click("#open")
    tab.wait_for_selector("#codes")


def codes(tab, count):
    """As of so many pupils."""
    make = (
        "(n) => Array.from({length: n}, (_, i) => encode({guesses: metrics.map((_, k) => (i + k) % spans.length), reason: i % 2, arm: 0}))"
    )
    return tab.evaluate(make, count)


@pytest.mark.parametrize("name", NAMES)
def test_a_prediction_opens_the_result(lesson, name):
    tab = lesson(name)
    for locked in ("observe", "explain", "debrief"):
        step(tab, locked)
        assert tab.locator(f"#{locked} .lock").is_visible()
        assert tab.locator("figure").count() == 0
        assert not tab.locator("#move").is_visible()
    step(tab, "predict")
    tab.click("#commit")
    assert tab.locator("#wrong").inner_text()
    assert tab.evaluate("opened") is None
    commit(tab, because="because <b>of heirs</b>")
    step(tab, "observe")
    assert tab.locator("#figures figure svg").count() == len(load_lesson(LIBRARY / f"{name}.toml").outline.outcomes)
    assert tab.locator("#judgement td.own").count() == tab.evaluate("metrics.length")
    assert "of heirs" in tab.locator("#judgement").inner_text()
    assert tab.locator("#judgement b").count() == 0
    step(tab, "explain")
    assert tab.locator("#chain li").count() >= 2
    assert tab.locator("#predict input:not(:disabled)").count() == 0


def test_the_address_keeps_the_prediction(lesson):
    tab = lesson()
    code = commit(tab, because="heirs & others")
    step(tab, "observe")
    tab.locator("#move label").nth(0).click()
    fragment = tab.url.split("#")[1]
    again = lesson(fragment=fragment)
    again.wait_for_selector("#figures figure")
    assert again.evaluate("state.code") == code
    assert again.locator("#observe").is_visible()
    assert again.locator("#move :checked").input_value() == again.evaluate("state.arm") == "none"
    assert "heirs & others" in again.locator("#judgement").inner_text()


@pytest.mark.parametrize(
    "fragment", ["step=observe&code=ABC-DEFG", "step=nowhere&arm=a/b/c", "code=%3Cscript%3E&because=x", "%%%", "step=explain"]
)
def test_a_broken_address_opens_nothing(lesson, fragment):
    tab = lesson(fragment=fragment)
    assert tab.evaluate("prediction") is None
    assert tab.locator("figure").count() == 0
    commit(tab)


def test_an_old_browser_is_told(lesson):
    tab = lesson()
    tab.evaluate("delete window.DecompressionStream")
    step(tab, "predict")
    for fields in tab.locator("#form fieldset").all():
        fields.locator("label").first.click()
    tab.click("#commit")
    tab.wait_for_function("document.getElementById('wrong').textContent.includes('too old')")
    step(tab, "teacher")
    tab.click("#open")
    tab.wait_for_function("document.getElementById('teacher').textContent.includes('too old')")


def test_levers_answer_at_once(lesson):
    tab = lesson()
    commit(tab)
    step(tab, "observe")
    tab.locator("#move label").nth(4).click()
    before = tab.locator("#figures figcaption").first.inner_text()
    time = "(arm) => { const t = performance.now(); show(arm); document.body.offsetHeight; return performance.now() - t; }"
    slowest = tab.evaluate(f"Math.max(...arms.map({time}))")
    assert slowest < 100
    tab.locator("#move label").nth(0).click()
    assert tab.locator("#figures figcaption").first.inner_text() != before
    tab.locator("#move label").nth(2).click()
    assert tab.locator("#figures .line.policy").count() == 0


def test_codes_survive_and_mistakes_are_found(lesson):
    tab = lesson()
    wrong = tab.evaluate("""() => {
        const wrong = [];
        for (let n = 0; n < 300; n++) {
            const said = {guesses: metrics.map((_, k) => (n + 2 * k) % spans.length), reason: n % reasons.length, arm: n % arms.length};
            const code = encode(said), found = decode(code.toLowerCase().replace("-", ""));
            if (JSON.stringify({...found, code: 0}) !== JSON.stringify({...said, code: 0})) wrong.push([code, found]);
            const plain = code.replace("-", "");
            for (let k = 0; k < 7; k++) {
                const other = LETTERS[(LETTERS.indexOf(plain[k]) + 1 + n % 31) % 32];
                if (!decode(plain.slice(0, k) + other + plain.slice(k + 1)).wrong) wrong.push([code, "digit", k]);
                const swapped = plain.slice(0, k) + plain.slice(k, k + 2).split("").reverse().join("") + plain.slice(k + 2);
                if (k < 5 && swapped !== plain && !decode(swapped).wrong) wrong.push([code, "swap", k]);
            }
        }
        return wrong;
    }""")
    assert wrong == []


def test_the_teacher_sees_the_class(lesson):
    tab = lesson()
    notes(tab)
    tab.click("#draw")
    assert "No valid code" in tab.locator("#class").inner_text()
    class_codes = codes(tab, 30)
    tab.fill("#codes", "\n".join([*class_codes, class_codes[0], "ABC-DEFG", "AB", "ABC-DEU1"]))
    tab.click("#draw")
    bad = tab.locator("#bad").inner_text()
    assert "mistyped, or of another lesson" in bad
    assert "has 2 characters; a code has 7" in bad
    assert "'U' does not occur in codes" in bad
    assert "is counted once" in bad
    assert "30 predictions" in tab.locator("#class").inner_text()
    first = tab.locator("#class .bars").first
    mine = [int(text) for text in first.locator(".bar:not(.worlds) + span").all_inner_texts()]
    assert sum(mine) == 30
    worlds = [float(text.split()[0]) for text in first.locator(".bar.worlds + span").all_inner_texts()]
    assert sum(worlds) == pytest.approx(tab.evaluate("lesson.pairs"), abs=0.3)
    bar, all_of_it = (first.locator(".bar:not(.worlds)").nth(k).evaluate("(e) => e.style.width") for k in (0, 1))
    assert bar == all_of_it == "20%"


@pytest.mark.skipif(len(NAMES) < 2, reason="one lesson")
def test_a_code_of_another_lesson_is_refused(lesson):
    mine, other = lesson(NAMES[0]), lesson(NAMES[1])
    accepted = [code for code in codes(other, 40) if mine.evaluate("(code) => !decode(code).wrong", code)]
    assert len(accepted) == 0


def test_a_keyboard_is_enough(lesson):
    tab = lesson()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    for _ in range(3):  # the first step, then the second
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.dataset.step") == "predict":
            break
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "h-predict"
    for _ in range(12):
        tab.keyboard.press("Tab")
        kind = tab.evaluate("document.activeElement.type || document.activeElement.tagName")
        if kind == "radio":
            tab.keyboard.press("ArrowRight")
        elif kind == "textarea":
            tab.keyboard.type("heirs")
        elif kind == "submit":
            tab.keyboard.press("Enter")
            break
    tab.wait_for_selector("#done:not([hidden])")
    tab.locator("#done button").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#observe").is_visible()
    tab.locator("#move :checked").focus()
    before = tab.evaluate("state.arm")
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate("state.arm") != before
    assert tab.evaluate("getComputedStyle(document.activeElement.closest('label')).outlineWidth") == "3px"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_serious_violation(lesson, name, language):
    if not Path(AXE).is_file():
        missing("axe-core is not there (npm install axe-core, its axe.min.js in CARTELITOS_AXE)")
    tab = lesson(name, language=language)
    source = Path(AXE).read_text(encoding="utf-8")
    wrong = []

    def look(where):
        tab.evaluate(OPEN_ALL)
        found = tab.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        wrong.extend((where, v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found if v["impact"] in BAD)

    tab.evaluate(source)
    for name_of_step in ("hook", "predict", "observe", "sheets", "teacher"):
        step(tab, name_of_step)
        look(f"locked {name_of_step}")
    commit(tab)
    for name_of_step in ("predict", "observe", "explain", "debrief"):
        step(tab, name_of_step)
        look(name_of_step)
    notes(tab)
    tab.fill("#codes", "\n".join([*codes(tab, 5), "AB"]))
    tab.click("#draw")
    look("teacher")
    assert not wrong


@pytest.mark.parametrize("size", [PHONE, PROJECTOR])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(lesson, name, size):
    tab = lesson(name, size, "es")
    commit(tab)
    notes(tab)
    tab.fill("#codes", "\n".join([*codes(tab, 5), "AB"]))
    tab.click("#draw")
    for each in STEPS:
        step(tab, each)
        tab.evaluate(OPEN_ALL)
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0], each


def test_every_chart_has_words_a_table_and_marks_beside_colour(lesson):
    tab = lesson()
    commit(tab)
    step(tab, "observe")
    labels = tab.locator("#figures svg").evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
    assert all("business as usual" in label for label in labels)
    assert tab.locator("#figures figure table").count() == len(labels)
    dash = "(name) => getComputedStyle(document.querySelector(`figure .line.${name}`)).strokeDasharray"
    assert tab.evaluate(dash, "usual") != tab.evaluate(dash, "policy")
    assert tab.locator("#figures .mark").count() > 4
    notes(tab)
    tab.fill("#codes", codes(tab, 1)[0])
    tab.click("#draw")
    paint = "(kind) => getComputedStyle(document.querySelector(kind)).backgroundImage"
    assert tab.evaluate(paint, "#class .bar.worlds") != tab.evaluate(paint, "#class .bar:not(.worlds)")


@pytest.mark.parametrize(("button", "shown", "hidden"), [("worksheet", "#worksheet", "#roles"), ("roles", "#roles", "#worksheet")])
def test_sheets_print_alone(lesson, button, shown, hidden):
    tab = lesson()
    step(tab, "sheets")
    tab.evaluate("window.print = () => { window.printed = document.body.dataset.print; }")
    tab.click(f"[data-print={button}]")
    assert tab.evaluate("printed") == button
    tab.emulate_media(media="print")
    tab.evaluate("(what) => { document.body.dataset.print = what; }", button)
    assert tab.locator(shown).is_visible()
    assert not tab.locator(hidden).is_visible()
    assert not tab.locator("nav").is_visible()


def test_notes_print_alone_and_unfolded(lesson):
    tab = lesson()
    notes(tab)
    tab.evaluate("window.print = () => { window.printed = document.body.dataset.print; }")
    tab.click("[data-print=notes]")
    assert tab.evaluate("printed") == "notes"
    assert tab.locator("#notes details:not([open])").count() == 0
    tab.emulate_media(media="print")
    tab.evaluate("document.body.dataset.print = 'notes'")
    assert tab.locator("#notes table").first.is_visible()
    for other in ("#codes", "#draw", "header", "nav"):
        assert not tab.locator(other).is_visible()


def test_the_server_has_them_too(tab):
    one = tab()
    one.open()
    one.page.get_by_role("link", name="Lessons").click()
    one.page.wait_for_url("**/lesson?language=en")
    assert one.page.locator("h2").count() == len(NAMES)
    one.page.get_by_role("link", name="Español").first.click()
    one.page.wait_for_selector("#hook")
    assert one.page.locator("html").get_attribute("lang") == "es"
    commit(one.page)
    step(one.page, "observe")
    assert one.page.locator("#figures figure").count() > 2
    answer = one.page.request.get(f"{one.base}/lesson/<script>?language=xx")
    assert answer.status == 404
    assert "There is no lesson &#x27;&lt;script&gt;" in answer.text()
