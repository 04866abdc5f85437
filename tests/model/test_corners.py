"""Corners: whatever the catalogue allows ends in whole, finite, non-negative numbers, or is refused before the run by name."""

import math
from dataclasses import replace

import numpy as np
import pytest
from cases import plan, scenario

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import JOINT_BOUNDS, PARAMETERS, broken
from sim.experiment.errors import PlanError
from sim.experiment.plan import Plan
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder


def corner(number, width):
    """Parameters and levers at a bound, `width` of each, drawn by number; joint bounds are kept."""
    luck = np.random.Generator(np.random.Philox(number))
    while True:
        names = luck.choice(sorted(PARAMETERS), width, replace=False)
        values = {str(name): float(luck.choice([PARAMETERS[name].low, PARAMETERS[name].high])) for name in names}
        if not broken(values):
            break
    plans = [plan(str(name), LEVERS[name].high) for name in luck.choice(sorted(LEVERS), min(width, 5), replace=False)]
    return scenario(*plans, years=2, parameters=values)


def check(chosen, seed=1):
    """`simulate` closes the ledger, which looks at every sign; what is left are the series."""
    run = simulate(chosen, seed)
    for name, values in run.series.items():
        assert np.isfinite(values).all(), (name, chosen.parameters)
        assert (values >= 0.0).all(), (name, chosen.parameters)


@pytest.mark.parametrize("number", range(60))
def test_ten_bounds_at_once(number):
    check(corner(number, 10))


@pytest.mark.parametrize("number", range(2000, 2040))
def test_every_bound_at_once(number):
    """Before they had a joint bound, first efforts of a new plaza added up to more than its time in one corner of eight."""
    check(corner(number, len(PARAMETERS)))


def test_shared_brokers_do_not_multiply_without_end():
    """Groups that split and are absorbed again and again: whom heirs share, a group knows once."""
    restless = {name: PARAMETERS[name].high for name in ("kingpin_rate", "cell_base", "absorption", "absorbable", "broker_search")}
    restless |= {"cell_minimum": PARAMETERS["cell_minimum"].low, "broker_split": 0.0}
    model = Cartelitos(scenario(plan("kingpin_targeting", 1.0), years=2, parameters=restless), rng=1)
    model.run()
    c = model.state.country
    alive = c.broker.alive[: c.count.brokers] > 0
    held = np.stack([c.broker.cartel[: c.count.brokers].astype(np.uint64), c.broker_key[: c.count.brokers]])[:, alive]
    assert c.count.brokers_gained > 1_000
    assert np.unique(held, axis=1).shape == held.shape


@pytest.mark.parametrize("number", range(12))
def test_places_of_one_resident(number):
    """Rates per resident are then as large as they can be, and nobody's loyalty is spared."""
    grid = load_world("grid", {"rows": 2, "columns": 3, "cartels": 4}, scenario_folder() / WORLDS)
    population = np.ones(6) if number % 2 else np.array([1.0, 10.0, 1e3, 1e5, 1e7, 1.0])
    members = 6 if number % 2 else 4_000
    world = replace(grid, population=population, members=grid.members._replace(low=members, mid=members, high=members))
    chosen = corner(number, 5)
    parameters = dict(chosen.parameters) | {"loyal": PARAMETERS["loyal"].high}
    model = Cartelitos(replace(chosen, world="grid", years=6, parameters=parameters), rng=number, world=world)
    while model.running:
        model.step()
        assert model.state.country.territory.conviction.min() >= 0.0
    model.state.close_ledger()


@pytest.mark.slow
@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_at_its_bounds(name):
    for value in (PARAMETERS[name].low, PARAMETERS[name].high):
        if not broken({name: value}):
            check(scenario(plan("kingpin_targeting", 2.0), years=3, parameters={name: value}))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3000, 3300))
def test_every_bound_at_once_for_long(number):
    check(replace(corner(number, len(PARAMETERS)), years=8))


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_corners(hundred):
    for number in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        check(corner(number, 10))


@pytest.mark.parametrize("bound", JOINT_BOUNDS, ids=lambda bound: bound.names[0])
def test_a_joint_bound_is_named_before_the_run(bound):
    values = {name: PARAMETERS[name].high for name in bound.names}
    with pytest.raises(PlanError, match="at most 1") as error:
        Plan.of([scenario(parameters=values)], 1, 1)
    assert bound.names[0] in str(error.value)


def test_at_the_joint_bound_price_and_use_stay_finite():
    """Elasticity 2 and fixed risk 0.5: a third of the flow lost, for ten years."""
    values = {"demand_elasticity": 2.0, "fixed_risk": 0.5, "price_cost_share": 0.2}
    run = simulate(replace(scenario(plan("interdiction", LEVERS["interdiction"].high)), years=10, parameters=values), 1)
    assert 1.0 < run.series["drug_price_index"].max() < 10.0
    assert math.isfinite(run.series["consumption_index"][-1])
