"""`compare` beside itself: without levers of thin evidence, and with effects at the ends of their ranges."""

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import fakes
import pytest

HEAD = 'question = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 3\n'
SCENARIOS = {
    "baseline": 'title = "Usual"\n' + HEAD,
    "mix": 'extends = "baseline"\ntitle = "Mix"\n[policy.treatment]\nintensity = 1.0\n[policy.justice]\nintensity = 1.0\n',
    "strong": 'extends = "baseline"\ntitle = "Strong"\n[policy.treatment]\nintensity = 1.0\n',
    "low": 'extends = "baseline"\ntitle = "Low"\n[run]\neffects = "low"\n',
}
SIZES = {"low": 1.0, "middle": 2.0, "drawn": 3.0, "high": 4.0}  # percent less homicides by each lever
FOLDER = Path("results/compare-baseline-mix-strong")


def simulate(scenario, seed):
    """Each lever takes away so many percent; justice, whose evidence is thin, three times that."""
    outcome = fakes.simulate(scenario, seed)
    weight = sum({"justice": 3.0}.get(plan.lever, 1.0) for plan in scenario.policy)
    homicides = outcome.series["homicides"] * (1 - weight * SIZES[scenario.lever_effects] / 100)
    return SimpleNamespace(**{**vars(outcome), "series": {**outcome.series, "homicides": homicides}})


@pytest.fixture
def call(stand_in):
    return stand_in(SCENARIOS, simulate)


@pytest.fixture
def compare(call):
    return partial(call, "compare", "baseline", "mix", "strong", "--engine", "serial")


def arms():
    return [arm["name"] for arm in json.loads((FOLDER / "plan.json").read_text())["arms"]]


def test_a_policy_runs_once_more_without_its_thin_levers_and_is_told_what_hangs_on_them(compare, call):
    found = compare()
    assert found.status == 0, found.err
    said = "mix: 75 % of the change in homicides (-9.0 of -12.0 %) hangs on levers with thin evidence: Justice institutions."
    assert said in " ".join(found.out.split())
    assert arms() == ["baseline", "mix", "strong", "mix [without thin evidence]"]
    assert "[without" not in found.out + (FOLDER / "comparison.csv").read_text()
    page = (FOLDER / "report.html").read_text()
    assert said in page
    assert call("report", str(FOLDER)).status == 0
    assert (FOLDER / "report.html").read_text() == page
    assert call("export", str(FOLDER), "--table", "comparison").status == 0
    assert "[without" not in (FOLDER / "export" / "comparison.csv").read_text()


def test_no_thin_runs_no_such_arm_and_does_not_speak_of_stored_ones(compare):
    assert compare("--no-thin").status == 0
    assert arms() == ["baseline", "mix", "strong"]
    assert "hangs on levers" in compare().out  # the folder is gone on with
    found = compare("--no-thin", "-n", "4")
    assert found.status == 0, found.err
    assert "hangs on levers" not in found.out
    assert len(arms()) == 4
    (thin,) = json.loads(compare("--json", "-n", "4").out)["thin"]
    assert (thin["n"], thin["share"], thin["levers"]) == (4, pytest.approx(0.75), ["justice"])


def test_all_ends_are_run_beside_the_draw(compare, page_of):
    found = compare("--effects", "all", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    percent = {
        (end, row["scenario"]): round(row["percent"]) for end, rows in document["effects"].items() for row in rows
        if row["metric"] == "homicides"
    }  # fmt: skip
    assert percent == {(end, name): -by * SIZES[end] for end in ("low", "middle", "high") for name, by in (("mix", 4), ("strong", 1))}
    assert {row["scenario"] for row in document["rows"]} == {"baseline", "mix", "strong"}
    assert len(arms()) == 3 + 1 + 3 * 3
    table = compare("--effects", "all").out
    assert "mix WITH ALL EFFECTS" in table
    assert "-4.0 %     0 of 3  -8.0 %     0 of 3  -12.0 %    0 of 3  -16.0 %    0 of 3" in table
    assert "mix WITH ALL EFFECTS" in page_of(FOLDER)
    assert "WITH ALL EFFECTS" not in compare().out


def test_effects_may_be_asked_at_one_end_and_are_never_mixed(compare):
    assert json.loads(compare("--effects", "high", "--json").out)["thin"][0]["percent"] == pytest.approx(-16)
    found = compare()
    assert found.status == 2
    assert "scenario 'baseline' has changed" in found.err


def test_what_cannot_be_asked_is_named(call):
    assert "--effects all is for compare" in call("run", "mix", "--effects", "all").err
    assert "'lo' is not one of" in call("compare", "mix", "--effects", "lo").err
    assert "assumes another lever_effects than baseline" in call("compare", "low").err


def test_a_scenario_named_twice_has_two_arms_beside_it(call):
    found = call("compare", "baseline", "mix", "mix", "--engine", "serial")
    assert found.status == 0, found.err
    assert "mix (2): 75 %" in found.out
