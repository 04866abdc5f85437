"""Costs of the page are those of the catalogue, and equal cost is equal."""

import pytest

from sim.catalogue.levers import LEVERS
from sim.experiment.budget import BUDGETS
from sim.show.web.budget import cost, scaled_to
from sim.show.web.choice import Choice, Question


def test_business_as_usual_costs_nothing_extra():
    assert cost(Question()) == (0, 0, 0, 0, 0)


def test_a_lever_from_the_start_costs_its_price():
    found = cost(Choice().move("treatment", 1.0, 2007).question)
    assert found.mid == pytest.approx(1e6 * LEVERS["treatment"].cost[1], rel=0.01)
    assert found.us == pytest.approx(LEVERS["treatment"].payer * found.mid)
    assert found.us + found.mx == pytest.approx(found.mid)


@pytest.mark.parametrize("budget", sorted(BUDGETS))
@pytest.mark.parametrize(
    "choice",
    [Choice().move("treatment", 3), Choice(policy="merida"), Choice().move("treatment", 1, 2012).move("kingpin_targeting", -0.5)],
)
def test_equal_cost_is_within_one_percent(choice, budget):
    found = scaled_to(choice.question, budget)
    assert found.status == "equal_done"
    assert cost(found.question).mid == pytest.approx(BUDGETS[budget].usd_a_year, rel=0.01)


def test_what_cannot_be_scaled_is_said():
    assert scaled_to(Question(), "merida").status == "equal_empty"
    assert scaled_to(Choice().move("kingpin_targeting", -1).question, "merida").status == "equal_saves"
    assert scaled_to(Choice().move("rewards", 1).question, "deployment").status == "equal_far"
