"""The page that simulates, in a real browser, from a file: the model's own numbers, on small screens, for everybody."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pages import PHONE, PROJECTOR, missing

from sim.experiment.budget import BUDGETS, equal_cost
from sim.experiment.plan import replicate_seed
from sim.model.model import Cartelitos, Removal
from sim.model.run import outcome, simulate
from sim.page import build
from sim.scenario import load

pytestmark = [pytest.mark.slow, pytest.mark.journey]

WORLDS = 3
AXE = os.environ.get("CARTELITOS_AXE", "")
DONE = '.status:has-text("3 worlds, each"), .status:has-text("3 mundos, cada")'


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "country.html"
    path.write_text(build.html("baseline", WORLDS, [["Homicides", "+1 %"]]), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser, file):
    """Opens the page with what stands behind "#"; it may say nothing on the console and ask nobody."""
    heard, contexts = [], []

    def go(choice, size=(1280, 900), **options):
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda asked: heard.append(asked.url) if not re.match(r"(file|data|blob):", asked.url) else None)
        page.goto(f"{file}#{choice}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not heard


def digests(page):
    """By world: business as usual, and the policy."""
    page.wait_for_selector(DONE)
    page.click(".digests summary")
    return [row.inner_text().split() for row in page.query_selector_all(".digests tbody tr")]


def test_runs_are_the_models_to_the_last_bit(opened):
    usual, policy = load("baseline"), load("merida")
    rows = digests(opened("policy=merida"))
    assert len(rows) == WORLDS
    for world, *found in rows:
        seed = replicate_seed(usual.seed, int(world) - 1)
        assert found == [simulate(usual, seed).digest, simulate(policy, seed).digest]


def test_a_lever_moved_on_the_page_is_the_scenario_that_says_so(opened):
    rows = digests(opened("treatment=0.5@2010"))
    moved = load("baseline", ["policy.treatment.intensity=0.5", "policy.treatment.start=2010-01-01"])
    assert rows[0][2] == simulate(moved, replicate_seed(moved.seed, 0)).digest


def test_a_keyboard_moves_a_lever_and_the_answer_comes_first(opened):
    page = opened("language=en")
    page.wait_for_selector('.status:has-text("Move a lever")')
    page.focus("#kingpin_targeting")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(DONE)
    assert re.search(r"Homicides: .*of 3 worlds", page.inner_text(".answer .first"))
    assert "kingpin_targeting=" in page.url


def told(scenario, seed, spared):
    model = Cartelitos(scenario, rng=seed, spared=spared)
    model.run()
    run = outcome(model)
    model.release()
    return run


def test_a_leader_is_spared_and_then_asked_of_in_every_world(opened):
    page = opened("view=tree&language=en")
    page.click(".falls li:nth-child(3) button")
    page.wait_for_selector('figcaption:has-text("leader spared")')
    assert len(page.query_selector_all("svg.plot")) == 3  # the fork, and both genealogies
    page.click('button:has-text("Ask the same in all 3 worlds")')
    page.wait_for_selector(".everywhere svg.plot")
    page.wait_for_selector(".everywhere p[role=status]", state="detached")
    usual = load("baseline")
    for run in json.loads(page.get_attribute(".everywhere", "data-runs")):
        seed = replicate_seed(usual.seed, run["world"] - 1)
        taken, spared = (told(usual, seed, one) for one in (None, Removal(run["week"], run["row"], "kingpin")))
        assert run["digests"] == f"{taken.digest} {spared.digest}"
        day = usual.start + timedelta(weeks=run["week"])
        month = int(np.searchsorted(taken.months, np.datetime64(day, "M")))
        killed = [float(one.series["homicides"][month : month + 36].sum()) for one in (taken, spared)]
        assert run["change"] == pytest.approx(killed[0] - killed[1])


def test_a_cross_of_the_tree_spares_its_leader(opened):
    page = opened("view=tree&language=en")
    page.wait_for_selector("circle.hit")
    page.query_selector_all("circle.hit")[5].dispatch_event("click")
    page.wait_for_selector('figcaption:has-text("leader spared")')
    assert "spared=" in page.url


def test_why_says_what_the_command_says(opened, tmp_path):
    page = opened("policy=merida&view=why&language=en")
    page.wait_for_selector('[role=status]:has-text("3 worlds, 28 runs")')
    assert page.locator("p:has-text('the difference is')").count() == 1
    page.click("summary:has-text('The same as a table')")
    page.wait_for_selector('[role=status]:has-text("3 worlds, 52 runs")')
    mine = [[row.get_attribute("data-part"), *(float(row.get_attribute(f"data-{end}")) for end in ("mean", "low"))]
            for row in page.query_selector_all("table.why tbody tr")]  # fmt: skip
    command = ["why", "baseline", "merida", "-n", "3", "--json", "-q", "--out", str(tmp_path)]
    said = subprocess.run([sys.executable, "-m", "sim.cli", *command], capture_output=True, text=True, check=True).stdout
    theirs = json.loads(said)
    rows = [[row["part"], row["contribution"], row["low"]] for row in theirs["rows"]] + [["total", theirs["difference"], theirs["low"]]]
    assert [part for part, *_ in mine] == [part for part, *_ in rows]
    assert np.array([row[1:] for row in mine]) == pytest.approx(np.array([row[1:] for row in rows]), rel=1e-9)


def test_an_assumption_moved_is_the_scenario_that_says_so(opened):
    rows = digests(opened("policy=merida&assume.rout=0.5&assume.revenue_clock=0"))
    for name, column in (("baseline", 1), ("merida", 2)):
        moved = load(name, ["parameters.rout=0.5", "parameters.revenue_clock=0"])
        assert [row[column] for row in rows] == [simulate(moved, replicate_seed(moved.seed, k)).digest for k in range(WORLDS)]


def test_the_years_can_be_heard(opened):
    page = opened("policy=merida&language=en")
    page.evaluate("""() => { window.heard = []; const set = AudioParam.prototype.setValueCurveAtTime;
        AudioParam.prototype.setValueCurveAtTime = function (values, ...rest) { heard.push([...values]);
          return set.call(this, values, ...rest); }; }""")
    page.wait_for_selector(DONE)
    page.get_by_role("button", name="Listen").click()
    usual, policy = page.evaluate("heard")
    assert len(usual) == len(policy) == 14
    assert max(*usual, *policy) == pytest.approx(880.0)
    assert policy[-1] > usual[-1] > usual[0] > 220.0


def test_equal_cost_is_said_and_simulated(opened):
    page = opened("policy=demand-side&language=en")
    page.click('button:has-text("Scale")')
    page.wait_for_selector('.equal [role=status]:has-text("multiplied by")')
    assert "now US$ 325 m a year more" in page.inner_text(".equal")
    (share,) = equal_cost([load("baseline"), load("demand-side")], BUDGETS["merida"]).shares
    assert f"scale={share.solutions['mid'].factor:.6g}" in page.url
    assert digests(page)[0][2] == simulate(share.scenario, replicate_seed(share.scenario.seed, 0)).digest


def test_a_guess_comes_before_the_result(opened):
    page = opened("policy=merida&predict=1&language=en")
    page.wait_for_selector("form.predict")
    assert page.query_selector("svg.plot, .digests") is None
    page.focus("#g-homicides")
    page.keyboard.press("ArrowRight")
    page.click("form.predict button.main")
    page.wait_for_selector(".judged td:has-text('+1 %')")
    assert page.query_selector("svg.plot")


def test_back_undoes_a_move(opened):
    page = opened("language=en")
    page.focus("#treatment")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**treatment=*")
    page.wait_for_timeout(900)
    page.focus("#kingpin_targeting")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**kingpin_targeting=*")
    page.go_back()
    page.wait_for_url(lambda url: "treatment=" in url and "kingpin" not in url)
    assert page.inner_text("output[for=kingpin_targeting]") == "as scheduled"
    assert page.inner_text("output[for=treatment]") == "+0.13"


def test_a_link_that_cannot_be_understood_says_so(opened):
    page = opened("treatmnt=1&treatment=1e999&world=<script>alert(1)</script>&policy=../../x&language=en")
    assert "treatmnt, treatment, world" in page.inner_text(".alert")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_mattered_is_told_in_sentences(opened, language):
    page = opened(f"view=events&language={language}")
    page.wait_for_selector("ol.moments li")
    said = page.inner_text(".story")
    assert not re.search(r"[{}]|undefined|NaN", said)
    assert len(page.query_selector_all("ol.moments li")) >= 8
    assert len(page.query_selector_all("ol.news:not(.moments) li")) == 12


@pytest.mark.parametrize("view", ["charts", "why", "map", "tree", "events"])
@pytest.mark.parametrize(("size", "scheme", "language"), [(PHONE, "light", "es"), (PROJECTOR, "dark", "en")])
def test_nothing_is_wider_than_the_screen_and_axe_finds_no_serious_violation(opened, size, scheme, language, view):
    page = opened(f"policy=merida&language={language}&view={view}", size, color_scheme=scheme)
    page.wait_for_selector({"map": "svg.map", "events": "ol.news li"}.get(view, "svg.plot"))
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if not Path(AXE).is_file():
        missing("axe-core is not there (npm install axe-core, its axe.min.js in CARTELITOS_AXE)")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    wrong = [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")]
    assert not wrong


def test_a_browser_that_cannot_simulate_shows_what_was_computed(browser, file):
    page = browser.new_page()
    page.add_init_script("delete window.WebAssembly")
    page.goto(f"{file}#language=en")
    assert "cannot simulate" in page.inner_text("main")
    assert "+1 %" in page.inner_text("main table")
    page.close()
