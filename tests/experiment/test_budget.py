"""The equal-cost solver on the shipped scenarios: budgets are met or said to be out of reach."""

import json
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

import sim
from sim.experiment.budget import BUDGETS, PRICES, Budget, Difference, equal_cost
from sim.experiment.errors import PlanError
from sim.model.policy import Places
from sim.model.worlds import load_world
from sim.scenario import library, load

SHIPPED = Path(sim.__file__).parent.parent / "scenarios"
ALTERNATIVES = [name for name in library(SHIPPED) if name != "baseline"]
A_BILLION_A_YEAR = ("merida", "demand-side", "recruitment-prevention", "mixed", "arrests")


@pytest.fixture(scope="module")
def shipped():
    return {name: load(name, folder=SHIPPED) for name in library(SHIPPED)}


@pytest.fixture(scope="module")
def places(shipped):
    usual = shipped["baseline"]
    world = load_world(usual.world, usual.world_options, SHIPPED / "worlds")
    return Places(world.ids, world.states, world.population / world.population.sum())


@pytest.mark.parametrize("prices", PRICES)
@pytest.mark.parametrize("budget", BUDGETS)
def test_every_shipped_scenario_meets_the_budget_or_says_why_not(shipped, places, budget, prices):
    asked = [shipped["baseline"], *(shipped[name] for name in ALTERNATIVES)]
    found = equal_cost(asked, BUDGETS[budget], prices)
    total = BUDGETS[budget].usd_a_year * asked[0].weeks * 7 / 365.2425
    assert found.budget[prices] == pytest.approx(total)
    statuses = {}
    for name, share in zip(ALTERNATIVES, found.shares, strict=True):
        solution = share.solutions[prices]
        spent = Difference.between(asked[0], share.scenario, places).cost()[PRICES.index(prices)]
        assert spent == pytest.approx(solution.usd, rel=1e-6)
        statuses[name] = solution.status
        if solution.status == "met":
            assert spent == pytest.approx(total, rel=0.01)
        elif solution.status == "not reachable":
            most = Difference.between(asked[0], shipped[name], places).cost(1e9)
            assert spent == pytest.approx(most[PRICES.index(prices)], rel=1e-4)
            assert spent < total
        else:
            assert spent < 0.0 or name == "history-removals"  # costs what the baseline does
            assert share.scenario == shipped[name]
    out_of_reach = {"kingpin", "arrests"} if (budget, prices) == ("deployment", "low") else set()
    assert {name for name, status in statuses.items() if status == "not reachable"} == out_of_reach
    assert {name for name, status in statuses.items() if status == "no extra cost"} == {"frozen-2006", "history-removals"}


def test_the_billion_a_year_scenarios_cost_the_same_as_written(shipped, places):
    usual = shipped["baseline"]
    costs = {name: Difference.between(usual, shipped[name], places).cost()[1] for name in A_BILLION_A_YEAR}
    assert max(costs.values()) / min(costs.values()) < 1.02, costs
    years = 13 + 11 / 12  # January 2008 to November 2021
    for cost in costs.values():
        assert cost / years == pytest.approx(1e9, rel=0.05)


@pytest.mark.parametrize("prices", PRICES)
def test_by_default_the_militarized_scenario_sets_the_budget(shipped, prices):
    names = ("baseline", "demand-side", "merida", "mixed")
    found = equal_cost([shipped[name] for name in names], prices=prices)
    assert found.basis == "what merida costs as written"
    assert found.shares[1].scenario is shipped["merida"]
    assert found.budget[prices] == found.shares[1].written[PRICES.index(prices)]
    for share in found.shares:
        assert share.usd[PRICES.index(prices)] == pytest.approx(found.budget[prices], rel=0.01)
    assert [one.name for one in found.scenarios] == list(names)


def test_three_solutions_whatever_prices_are_asked_for(shipped):
    asked = [shipped["baseline"], shipped["merida"], shipped["demand-side"]]
    low, high = (equal_cost(asked, BUDGETS["merida"], prices) for prices in ("low", "high"))
    for one, other in zip(low.shares, high.shares, strict=True):
        assert one.solutions == other.solutions
        factors = [one.solutions[prices].factor for prices in PRICES]
        assert factors == sorted(factors, reverse=True), "dearer, so less of it"
        assert one.scenario.digest() != other.scenario.digest()


def test_merida_is_what_congress_gave_and_deployment_what_the_catalogue_says():
    assert BUDGETS["merida"].usd_a_year == 325e6
    assert BUDGETS["deployment"].usd_a_year == pytest.approx(1.1e9)


def test_without_a_militarized_scenario_a_budget_must_be_given(shipped):
    asked = [shipped["baseline"], shipped["demand-side"], shipped["frozen-2006"]]
    with pytest.raises(PlanError) as caught:
        equal_cost(asked)
    assert "give --budget" in str(caught.value)
    assert equal_cost(asked, Budget(1e6, "little")).shares[0].usd[1] == pytest.approx(1e6 * 15, rel=0.01)


@pytest.mark.parametrize("change", [{"years": 3.0}, {"world_options": {"rows": 2}}])
def test_another_world_or_horizon_has_no_equal_cost(change):
    usual = fakes.scenario()
    with pytest.raises(PlanError, match=f"another {next(iter(change))} than baseline"):
        equal_cost([usual, replace(usual, name="longer", **change)], BUDGETS["merida"])


def test_the_record_is_plain_json(shipped):
    asked = [shipped[name] for name in ("baseline", "merida", "kingpin", "frozen-2006")]
    document = equal_cost(asked, BUDGETS["deployment"], "low").as_json()
    assert json.loads(json.dumps(document)) == document
    assert document["prices"] == "low"
    assert document["budget_usd_per_year"] == pytest.approx(1.1e9)
    rows = {row["scenario"]: row for row in document["scenarios"]}
    assert [row["status"] for row in rows.values()] == ["met", "not reachable", "no extra cost"]
    assert rows["merida"]["usd"] == rows["merida"]["usd_at_prices"]["low"]
    assert rows["merida"]["solutions"]["low"]["factor"] == rows["merida"]["factor"]
