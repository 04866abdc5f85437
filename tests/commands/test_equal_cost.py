"""`compare --equal-cost` on a model that takes no time."""

import json
from functools import partial
from pathlib import Path

import fakes
import pytest

SCENARIOS = {
    "baseline": 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 2\n'
    "[run]\nreplicates = 2\n",
    "force": 'extends = "baseline"\ntitle = "Force"\n[policy.military_deployment]\nintensity = 1.0\n',
    "care": 'extends = "baseline"\ntitle = "Care"\n[policy.treatment]\nintensity = 0.5\nramp_weeks = 26\n',
    "kits": 'extends = "baseline"\ntitle = "Kits"\n[policy.naloxone]\nintensity = 0.5\n',
    "later": 'extends = "baseline"\ntitle = "Later"\n[world]\nstart = "2007-12"\n',
}


@pytest.fixture
def compare(stand_in):
    """Call `cartelitos compare` in this process: exit status, stdout, stderr."""
    return partial(stand_in(SCENARIOS, fakes.simulate), "compare", "--engine", "serial")


def test_the_statement_stands_above_the_table(compare):
    found = compare("baseline", "force", "care", "kits", "--equal-cost")
    assert found.status == 0, found.err
    assert found.out.index("Homicides against baseline") < found.out.index("EQUAL COST: US$ 1.10 bn a year more than baseline")
    assert found.out.index("EQUAL COST") < found.out.index("TRADE-OFFS")
    assert found.out.index("kits: the budget is not reachable; at most") < found.out.index("TRADE-OFFS")
    page = next(Path("results").glob("compare-equal-cost-1100-mid-*/report.html")).read_text()
    assert page.index("EQUAL COST") < page.index("TRADE-OFFS")
    assert "kits: the budget is not reachable" in page


def test_the_plan_and_the_document_hold_the_factors(compare):
    found = compare("baseline", "force", "care", "--equal-cost", "--budget", "merida", "--prices", "low", "--json")
    document = json.loads(found.out)
    plan = json.loads(next(Path("results").glob("compare-equal-cost-325-low-*/plan.json")).read_text())
    assert document["schema"] == 1
    assert plan["equal_cost"] == document["equal_cost"]
    factors = {row["scenario"]: row["factor"] for row in document["equal_cost"]["scenarios"]}
    assert factors["force"] == pytest.approx(325 / 400, rel=1e-3)
    arms = {arm["name"]: arm["policy"] for arm in plan["arms"]}
    assert arms["force"][0]["points"] == [["2006-12-01", factors["force"]]]
    assert arms["care"][0]["points"] == [["2006-12-01", pytest.approx(0.5 * factors["care"])]]
    assert {row["scenario"] for row in document["rows"]} == {"baseline", "force", "care"}


def test_without_it_nothing_is_said(compare):
    assert "EQUAL COST" not in compare("baseline", "force").out
    assert "equal_cost" not in json.loads(compare("baseline", "force", "--json").out)


def test_an_amount_is_a_budget(compare):
    document = json.loads(compare("baseline", "care", "--equal-cost", "--budget", "2.5e8", "--json").out)
    assert document["equal_cost"]["budget_usd_per_year"] == pytest.approx(2.5e8)
    assert document["equal_cost"]["basis"] == "as asked for"


def test_one_folder_holds_one_budget(compare):
    wish = ("baseline", "force", "--out", "here", "--equal-cost", "--budget")
    assert compare(*wish, "merida").status == 0
    assert compare(*wish, "merida").status == 0
    found = compare(*wish, "deployment")
    assert found.status == 2
    assert "costs are set equal in another way" in found.err


def test_equal_factors_are_not_equal_comparisons(compare):
    """Factor 1 leaves the scenarios as they are, and still the tables would say something else."""
    assert compare("baseline", "force", "--out", "here").status == 0
    assert compare("baseline", "force", "--out", "here", "--equal-cost").status == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--budget", "merida"), "need --equal-cost"),
        (("--prices", "low"), "need --equal-cost"),
        (("--equal-cost", "--budget", "meridia"), "did you mean 'merida'?"),
        (("--equal-cost", "--budget", "-3"), "give merida, deployment or an amount such as 1e9"),
        (("--equal-cost", "--budget", "inf"), "no amount of US$ a year"),
        (("--equal-cost", "--budget", "nan"), "no amount of US$ a year"),
        (("--equal-cost", "--prices", "cheap"), "cheap"),
        (("--equal-cost",), "no scenario spends mostly on militarized levers"),
    ],
)
def test_what_cannot_be_asked(compare, arguments, said):
    found = compare("baseline", "care", *arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err


def test_equal_cost_needs_one_world(compare):
    asked = ("baseline", "later", "--equal-cost", "--budget", "merida")
    assert "--allow-world-change" in compare(*asked).err
    found = compare(*asked, "--allow-world-change")
    assert found.status == 2
    assert "later, world: assumes another start than baseline" in found.err
