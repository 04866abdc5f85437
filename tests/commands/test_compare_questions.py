"""`compare`, `check`, `show` and `sweep` asked in one line."""

import json
from pathlib import Path

import fakes
import pytest

HEAD = 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 3\n'
TARGETING = '[policy.rewards]\nintensity = [["2006-12", 0.5], ["2007-02", 1.0]]\n'
SCENARIOS = {
    "baseline": HEAD + TARGETING,
    "late": 'extends = "baseline"\ntitle = "Late"\n[policy.rewards]\nintensity = 2.0\nstart = "2007-04"\n',
}


def simulate(scenario, seed):
    """A hundred homicides more a month for each step that rewards end with."""
    outcome = fakes.simulate(scenario, seed)
    last = sum(plan.points[-1][1] for plan in scenario.policy if plan.lever == "rewards")
    outcome.series["homicides"] = outcome.series["homicides"] + 1000 + 100 * last
    return outcome


@pytest.fixture
def call(stand_in):
    return stand_in(SCENARIOS, simulate)


def compare(call, *arguments):
    found = call("compare", *arguments, "--engine", "serial", "--no-thin")
    assert found.status == 0, found.err
    return found


def intensities(folder):
    arms = json.loads((folder / "plan.json").read_text())["arms"]
    return {arm["name"]: [value for _, value in arm["policy"][0]["points"]] for arm in arms}


def test_questions_are_arms(call):
    found = compare(call, "baseline", "rewards*2 from 2007-03", "late", "rewards=0 from 2007-03")
    (folder,) = Path("results").iterdir()
    assert intensities(folder) == {
        "baseline": [0.5, 1.0],
        "rewards*2 from 2007-03": [0.5, 1.0, 2.0],
        "late": [2.0],
        "rewards=0 from 2007-03": [0.5, 1.0, 0.0],
    }
    assert found.out.startswith("Homicides against baseline in 3 worlds (95 % interval of the mean): rewards*2 from 2007-03 +")
    assert "\n\nrewards*2 from 2007-03 raises homicides by " in found.out
    assert "warning: scenarios/late.toml, line 3, policy.rewards: does nothing before 2007-04-01" in found.err


def test_a_single_question_is_asked_of_business_as_usual(call):
    assert "rewards*2 raises homicides" in compare(call, "rewards*2").out


def test_set_never_changes_business_as_usual_unsaid(call):
    found = compare(call, "baseline", "--set", "rewards*3 from 2007-03", "--set", "world.years=0.25", "--out", "here")
    assert intensities(Path("here")) == {"baseline": [0.5, 1.0], "baseline, rewards*3 from 2007-03": [0.5, 1.0, 3.0]}
    assert "rewards*3 from 2007-03: of the policies, not of business as usual (baseline)" in found.err
    assert {arm["years"] for arm in json.loads(Path("here/plan.json").read_text())["arms"]} == {0.25}


def test_the_document_begins_with_the_answer(call):
    document = json.loads(compare(call, "baseline", "late", "--json").out)
    assert [*document][:4] == ["schema", "summary", "answer", "warnings"]
    assert document["answer"][0]["sentences"]["en"][0].startswith("late raises homicides")
    assert document["summary"]["en"][0].startswith("late raises homicides")
    assert "does nothing before 2007-04-01" in document["warnings"][0]


def test_metric_window_language_and_tag(call):
    arguments = ("baseline", "late", "--metric", "members", "--window", "2007-01:2007-03", "--language", "es", "--tag", "once")
    found = compare(call, *arguments)
    assert found.out.startswith("late deja «miembros de cárteles» exactamente como con baseline, en los 3 mundos.")
    assert "TRADE-OFFS, 2007-01 to 2007-03" in found.out
    assert "Homicides" not in found.out.split("AGAINST BUSINESS")[1].split("The two references")[0]
    assert Path("results/compare-baseline-late-once/report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "late", "--window", "2007-01:2030-01"), "2007-01:2030-01 is not within the simulated months; baseline is simulated"),
        (("why", "baseline", "late", "--window", "2030-01:2031-01"), "2030-01:2031-01 is not within the simulated months"),
        (("compare", "late", "--metric", "homicide"), "there is no metric 'homicide'; did you mean 'homicides'"),
        (("compare", "baseline", "demand_elasticity=0.2..1.2"), "assumes another range of a parameter than baseline"),
        (("compare", "baseline", "demand_elasticity=0.8 from 2007-03"), "assumes another course of a parameter than baseline"),
        (("compare", "rewards*2 form 2012"), "is no number; write it as"),
        (("compare", "rewards*2 from 2012-13"), "'2012-13' is not in the calendar"),
        (("run", "late", "--engine", "serial", "--scheduler", "tcp://x:1"), "--scheduler is of a Dask cluster, not of --engine serial"),
        (("sweep", "late", "--method", "grid"), "varies nothing"),
        (("check", "empty.toml"), "sweep: varies nothing"),
        (("check", "late", "--set", "policy.rewards.intensity=99"), "99 is outside"),
    ],
)
def test_refused_before_anything_runs(call, arguments, message):
    Path("empty.toml").write_text('extends = "baseline"\n[sweep]\nmethod = "grid"\n')
    found = call(*arguments)
    assert found.status == 2
    assert message in found.err
    assert len(found.err) < 400, "and without a list of everything there is"
    assert not Path("results").exists()


def test_check_and_show_warn(call):
    assert "late: ok\nwarning: scenarios/late.toml, line 3, policy.rewards: does nothing before" in call("check", "late").out
    assert "does nothing before" in call("show", "late").err
    assert call("show", "late").out == SCENARIOS["late"]
    (row,) = json.loads(call("check", "late", "--json").out)["rows"]
    assert len(row["warnings"]) == 1


def test_a_question_is_shown_as_a_file_and_resolved(call):
    text = call("show", "rewards*2 from 2007-03", "--as-file").out
    assert text.startswith('extends = "baseline"\n')
    Path("scenarios/mine.toml").write_text(text)
    shown = call("show", "mine", "--resolved").out
    doubled = 'intensity = [["2006-12-01", 0.5], ["2007-02-01", 1.0], ["2007-03-01", 2.0]]'
    assert f"{doubled}  # scenarios/baseline.toml:9, then scenarios/mine.toml:5" in shown


def test_a_sweep_of_times_usual(call):
    found = call("sweep", "baseline", "--vary", "rewards* from 2007-03=0,1,2", "-n", "2", "--json", "--engine", "serial")
    assert found.status == 0, found.err
    rows = [row for row in json.loads(found.out)["rows"] if row["metric"] == "homicides" and row["baseline"] == "baseline"]
    at = {row["coordinates"]["rewards* from 2007-03"]: row["difference"] for row in rows if row["coordinates"]}
    assert at[1] == 0
    assert at[0] == pytest.approx(-at[2])


def test_a_sweep_leaves_business_as_usual_as_it_is_written(call):
    found = call("sweep", "baseline", "--vary", "treatment=0,1", "--set", "rewards*2", "-n", "2", "--engine", "serial", "--out", "here")
    assert found.status == 0, found.err
    arms = json.loads(Path("here/plan.json").read_text())["arms"]
    usual = next(arm for arm in arms if not arm["point"])
    assert [value for _, value in usual["policy"][0]["points"]] == [0.5, 1.0]
    assert "rewards*2: of the design points, not of business as usual (baseline)" in found.err


def test_a_swept_lever_that_loses_its_dates_says_so(call):
    found = call("sweep", "baseline", "--vary", "rewards=0:2:3", "-n", "2", "--engine", "serial")
    assert "rewards: every point is one intensity from 2006-12-01 on, in place of 0.5 from 2006-12, 1 from 2007-02" in found.err
    assert 'for times business as usual: --vary "rewards*=' in found.err
