"""Scaled differences: cost as the model counts it, and schedules that follow the rule to the week."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import fakes
import numpy as np
import pytest

import sim
from sim.catalogue.levers import LEVERS
from sim.experiment.budget import PRICES, Difference
from sim.model import policy
from sim.scenario import LeverPlan, library, load

SHIPPED = Path(sim.__file__).parent.parent / "scenarios"
ALTERNATIVES = [name for name in library(SHIPPED) if name != "baseline" and not load(name, folder=SHIPPED).events]  # events have no cost
PLACES = policy.Places(("SIN", "CHH", "MIC"), ("SIN", "CHH", "MIC"), np.array([0.5, 0.3, 0.2]))
START = date(2006, 12, 1)


def scenario(*plans: LeverPlan, years: float = 4.0):
    return fakes.scenario(years=years, start=START, policy=plans)


def plan(lever: str, *points: tuple[str, float], **more) -> LeverPlan:
    return LeverPlan(lever, tuple((date.fromisoformat(day), value) for day, value in points), **more)


@cache
def shipped(name: str) -> Difference:
    return Difference.between(load("baseline", folder=SHIPPED), load(name, folder=SHIPPED), PLACES)


def model_cost(asked) -> float:
    """What a run of the scenario books as policy cost."""
    effects = {name: lever.effect[1] for name, lever in LEVERS.items()}
    return float(policy.build(asked.policy, effects, asked.start, asked.weeks, PLACES, ()).costs.total.sum())


@pytest.mark.parametrize("name", ALTERNATIVES)
@pytest.mark.parametrize("factor", [0.3, 1.0, 2.5, 40.0])
def test_cost_is_what_a_run_of_the_scaled_scenario_books(name, factor):
    difference = shipped(name)
    booked = model_cost(difference.scaled(factor)) - model_cost(difference.usual)
    assert difference.cost(factor)[1] == pytest.approx(booked, rel=1e-6)


@pytest.mark.parametrize("name", ALTERNATIVES)
@pytest.mark.parametrize("factor", [0.3, 2.5, 40.0])
def test_every_schedule_follows_the_rule_in_every_week(name, factor):
    difference = shipped(name)
    scaled = Difference.between(difference.usual, difference.scaled(factor), PLACES)
    rows = [(pair[1].lever, pair[1].where) for pair in difference.pairs]
    order = [rows.index((pair[1].lever, pair[1].where)) for pair in scaled.pairs]
    assert sorted(order) == list(range(len(rows)))
    assert np.allclose(scaled.base + scaled.change, difference.intensity(factor)[order], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_factor_one_is_the_alternative_and_zero_is_business_as_usual(name):
    difference = shipped(name)
    assert difference.scaled(1.0).content() == load(name, folder=SHIPPED).content()
    assert difference.scaled(0.0).digest() == difference.usual.digest()
    assert np.array_equal(difference.intensity(0.0), difference.base)
    assert (difference.cost(0.0) == 0.0).all()


@pytest.mark.parametrize("name", ["merida", "demand-side", "mixed", "recruitment-prevention", "kingpin"])
def test_more_of_what_only_adds_costs_more_until_nothing_can_be_added(name):
    costs = np.array([shipped(name).cost(factor) for factor in (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 20.0, 1e6, 1e7)])
    steps = np.diff(costs, axis=0)
    assert (steps[:6] > 0.0).all()
    assert (steps[6:] >= 0.0).all()
    assert np.array_equal(costs[-1], costs[-2])
    assert (np.diff(costs[1:], axis=1) > 0.0).all(), "low, mid, high"


def test_scaled_scenarios_keep_readable_dates_while_nothing_is_cut_off():
    (treatment,) = [one for one in shipped("demand-side").scaled(0.5).policy if one.lever == "treatment"]
    assert treatment == plan("treatment", ("2008-01-01", 0.3), ramp_weeks=52)


def test_schedules_that_aim_elsewhere_are_different_schedules():
    everywhere = plan("military_deployment", ("2006-12-01", 1.0))
    sinaloa = replace(everywhere, where=("SIN",))
    more = (replace(sinaloa, points=((START, 3.0),)), replace(everywhere, where=("MIC",), points=((START, 1.0),)))
    difference = Difference.between(scenario(everywhere, sinaloa), scenario(everywhere, *more), PLACES)
    price = LEVERS["military_deployment"].cost[1] * 1e6 * 4.0
    assert difference.cost()[1] == pytest.approx(price * (0.5 * 2.0 + 0.2 * 1.0), rel=0.01)
    levels = {one.where: one.points[0][1] for one in difference.scaled(0.5).policy}
    assert levels == {(): 1.0, ("SIN",): 2.0, ("MIC",): 0.5}


def test_rank_mode_and_order_tell_schedules_apart():
    captures = plan("kingpin_targeting", ("2006-12-01", 1.0), mode="capture")
    killings = replace(captures, mode="killing")
    twice = (captures, captures)
    difference = Difference.between(scenario(*twice), scenario(*twice, killings), PLACES)
    assert [one.mode for one in difference.scaled(2.0).policy] == ["capture", "capture", "killing"]
    assert [one.points[0][1] for one in difference.scaled(2.0).policy] == [1.0, 1.0, 2.0]


def test_what_the_alternative_takes_away_shrinks_and_never_falls_below_zero():
    usual = scenario(plan("equipment", ("2006-12-01", 2.0)), plan("treatment", ("2006-12-01", 1.0)))
    difference = Difference.between(usual, scenario(plan("treatment", ("2006-12-01", 2.0))), PLACES)
    for factor, equipment, treatment in ((0.5, 1.0, 1.5), (9.0, 0.0, 5.0)):
        levels = {one.lever: one.points[0][1] for one in difference.scaled(factor).policy}
        assert levels == {"equipment": equipment, "treatment": treatment}


def test_different_ramps_and_cut_ramps_are_followed_week_by_week():
    usual = scenario(plan("treatment", ("2007-01-01", 1.0), ramp_weeks=10))
    other = scenario(plan("treatment", ("2007-02-01", 4.0), ("2008-02-01", 2.0), ramp_weeks=52))
    difference = Difference.between(usual, other, PLACES)
    for factor in (0.5, 3.0):
        (scaled,) = difference.scaled(factor).policy
        assert scaled.ramp_weeks == 0
        followed = policy.schedule(scaled, START, usual.weeks)
        assert np.allclose(followed, difference.intensity(factor)[0], rtol=0, atol=1e-9)


def test_the_title_says_what_was_done_and_the_name_stays():
    scaled = shipped("merida").scaled(0.36)
    assert (scaled.name, scaled.title) == ("merida", "Mérida, twice over (0.36 times its difference from baseline)")


@pytest.mark.parametrize("prices", PRICES)
def test_the_solution_is_the_smallest_where_cost_is_not_monotone(prices):
    """Cutting equipment saves more than treatment costs, until nothing is left to cut."""
    usual = scenario(plan("equipment", ("2006-12-01", 1.0)), plan("treatment", ("2006-12-01", 0.1)))
    other = scenario(plan("equipment", ("2006-12-01", 0.4)), plan("treatment", ("2006-12-01", 0.3)))
    difference = Difference.between(usual, other, PLACES)
    budget = float(difference.cost(5.0)[PRICES.index(prices)])
    found = difference.solve(budget, prices)
    assert (found.status, found.usd) == ("met", pytest.approx(budget, rel=1e-4))
    grid = [difference.cost(factor)[PRICES.index(prices)] for factor in np.linspace(0.0, found.factor * 0.99, 200)]
    assert max(grid) < budget


def test_no_difference_costs_nothing_and_is_left_alone():
    difference = Difference.between(scenario(), scenario(), PLACES)
    assert difference.solve(1e9, "mid") == ("no extra cost", 1.0, 0.0)
    assert difference.militarized_cost() == 0.0


def test_what_saves_money_is_left_alone():
    difference = shipped("frozen-2006")
    found = difference.solve(1e9, "mid")
    assert (found.status, found.factor) == ("no extra cost", 1.0)
    assert found.usd == difference.cost()[1] < 0.0


def test_what_cannot_spend_the_budget_spends_its_most():
    difference = Difference.between(scenario(), scenario(plan("naloxone", ("2006-12-01", 1.0))), PLACES)
    found = difference.solve(1e12, "mid")
    assert (found.status, found.factor) == ("not reachable", 6.0)
    assert found.usd == pytest.approx(6.0 * difference.cost()[1])
    assert difference.scaled(found.factor).policy[0].points == ((START, LEVERS["naloxone"].high),)


def test_a_run_is_as_long_as_the_model_makes_it():
    from sim.model.model import Cartelitos

    for years in (0.01, 0.5, 1.0):
        asked = scenario(years=years)
        model = Cartelitos(asked)
        assert model.calendar.weeks == asked.weeks
        model.release()
