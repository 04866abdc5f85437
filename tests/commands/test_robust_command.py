"""`robust` on a model that takes no time and whose ranking flips where it should."""

import json
import re
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import fakes
import pytest

from sim.analysis.robustness import robust as discovery

pytestmark = pytest.mark.journey
SCENARIOS = {
    "baseline": 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 3\n',
    "force": 'extends = "baseline"\ntitle = "Force"\n[policy.military_deployment]\nintensity = 1.0\n',
    "care": 'extends = "baseline"\ntitle = "Care"\n[policy.treatment]\nintensity = 0.5\n',
}
CENTRAL = 0.2  # rout
MOST = 5.0  # likewise


def simulate(scenario, seed):
    """Care costs 10 homicides less a month than nothing, force 8 + 2 rout: force does better where rout > 1."""
    outcome = fakes.simulate(scenario, seed)
    levers = {plan.lever for plan in scenario.policy}
    drawn = CENTRAL if scenario.worlds == "fitted" else MOST * (seed % 997) / 997
    rout = scenario.parameters.get("rout", drawn)
    saved = 8 + 2 * rout if "military_deployment" in levers else 10 * ("treatment" in levers)
    series = {"homicides": outcome.series["homicides"] + 50 - saved, "overdose_deaths": outcome.series["members"] * 0 + 7}
    family = "split" if seed % 2 else "entry"
    return SimpleNamespace(**{**vars(outcome), "series": series, "parameters": {"rout": rout}, "family": family})


@pytest.fixture
def robust(stand_in):
    """Call `cartelitos robust` in this process: exit status, stdout, stderr."""
    return partial(stand_in(SCENARIOS, simulate), "robust", "--engine", "serial")


def test_the_document_holds_shares_verdicts_and_moves(robust):
    found = robust("baseline", "force", "care", "-n", "40", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    rows = {(row["scenario"], row["metric"]): row for row in document["rows"] if row["baseline"] == "baseline"}
    force = rows["force", "homicides"]
    assert force["n"] == 40
    assert 0.6 < force["share_won"] < 0.95
    assert force["share_won"] + rows["care", "homicides"]["share_won"] == pytest.approx(1.0)
    assert {*force["share_won_by_family"]} == {"split", "entry"}
    assert rows["baseline", "homicides"]["regret"] > 0
    assert document["equal_cost"]["baseline"] == "baseline"
    (said,) = document["verdicts"]
    assert (said["first"], said["second"]) == ("force", "care")


def test_the_smallest_move_is_found_and_confirmed(robust, page_of):
    document = json.loads(robust("baseline", "force", "care", "-n", "12", "--json").out)
    (move,) = document["moves"]
    assert (move["first"], move["second"]) == ("care", "force")  # at the central fit it is the other way round
    (flip,) = move["flips"]
    (assumption,) = flip["assumptions"]
    assert assumption["name"] == "rout"
    assert 1.0 < assumption["to"] < 1.0 + MOST / 8
    assert flip["gap"]["high"] < 0
    assert move["central"]["mean"] > 0
    page = page_of(next(Path("results").glob("robust-equal-cost-*")))
    assert "In what share of plausible worlds each scenario comes out best" in page
    assert "It turns with rout at" in page
    assert "EQUAL COST" in page
    assert page.count("<img ") >= 2 + 5  # the robust ones and those of a comparison


def test_a_second_call_runs_nothing(robust):
    wish = ("baseline", "force", "care", "-n", "6")
    assert robust(*wish).status == 0
    again = robust(*wish)
    lines = [line for line in again.err.splitlines() if " runs in " in line]
    assert len(lines) >= 5
    assert all(line.split(" runs")[0] == line.split(", ")[1].removesuffix(" reused") for line in lines)


def test_the_text_judges_outcomes_one_by_one(robust, drawn):
    found = robust("baseline", "force", "care", "-n", "80", "--no-search")
    assert found.status == 0, found.err
    assert "EQUAL COST" in found.out
    assert "homicides and overdose deaths are different harms" in " ".join(found.out.split())
    assert "WHAT WOULD CHANGE YOUR MIND" not in found.out
    assert "no two scenarios differ in any world" in found.out
    assert (next(Path("results").glob("robust-equal-cost-*")) / "figures" / "robust.png").stat().st_size > 10_000
    if discovery.available():
        assert "Where rout <= 0." in " ".join(found.out.split()), found.out
        assert "the rule holds up" in " ".join(found.out.split())


def test_without_the_workbench_it_says_so(robust, monkeypatch):
    monkeypatch.setattr("sim.studies.robust.available", lambda: False)
    found = robust("baseline", "force", "care", "-n", "6", "--no-search")
    assert found.status == 0
    assert re.search(r"pip install -e '\S+\[robust\]'", found.err)
    assert "Where rout" not in found.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--metric", "groups_active"), "no better direction"),
        (("--metric", "homicide"), "did you mean 'homicides'"),
        (("--as-written", "--budget", "merida"), "--as-written leaves them"),
    ],
)
def test_what_cannot_be_asked(robust, arguments, said):
    found = robust("baseline", "force", "care", "-n", "2", *arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err
