"""Both signs are reachable: worlds inside the plausible ranges in which a policy does one thing, and worlds in which it does the other.

Each world is the central fit but for the parameters named. Every pair shares its luck and differs in one lever. What is tested is
that the mechanisms permit either sign, not that either is true of Mexico.
"""

import math

import numpy as np
import pytest
from cases import plan, scenario

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.model.run import simulate

ENDLESS_WARS = {
    "war_rate": 0.3,
    "peace_rate": 0.1,
    "rout": 5.0,
    "rout_sharpness": 3.0,
    "leader_loss_weight": 0.0,
    "kin_war": 0.0,
    "leave_base": -2.0,
}
"""Wars seldom start and hardly end by themselves; a group whose kingpin falls is routed where its enemy is stronger, and its lieutenants
are loyal. A removal then ends a war, and few new ones follow."""

NERVOUS_PEACE = {"leader_loss_weight": 1.5, "kin_war": 0.6, "rout": 0.0}
"""Leaders who fear for their future break pacts, heirs fight, and nobody is ever routed."""

NIMBLE = {"effort_sensitivity": 3.0}
"""Groups follow money: a smaller return from drugs sends men to extort."""

INELASTIC = {
    "demand_elasticity": 0.2, "stake_exponent": 1.0, "route_adaptation": 0.2, "price_cost_share": 0.9, "concert": 0.0, "patience": 0.6,
}  # fmt: skip
"""Users pay whatever it costs, prices follow what is seized, and men fight for what there is to win, since nobody waits for next year."""

ELASTIC = INELASTIC | {"demand_elasticity": 1.8}
"""The same, but users give up when the price rises."""

NO_STAKES = INELASTIC | {"stake_exponent": 0.0}
"""Inelastic too, but fights do not depend on what there is to win."""


def difference(world, lever, metric, pairs=12, years=6, months=None):
    """Mean difference that a lever makes to a metric in so many first months, relative to doing nothing, and its z."""
    runs = [
        [simulate(scenario(plan("military_deployment", 0.5), *more, years=years, parameters=world), seed) for more in ((lever,), ())]
        for seed in range(1, pairs + 1)
    ]
    treated, control = np.array([[run.series[metric][:months].sum() for run in pair] for pair in runs]).T
    change = treated - control
    spread = change.std(ddof=1) / math.sqrt(pairs)
    return change.mean() / control.mean(), change.mean() / spread if spread > 0.0 else 0.0


@pytest.mark.parametrize("world", [ENDLESS_WARS, NERVOUS_PEACE, NIMBLE, INELASTIC, ELASTIC, NO_STAKES])
def test_the_worlds_are_plausible(world):
    for name, value in world.items():
        assert PARAMETERS[name].low <= value <= PARAMETERS[name].high, name


def test_removals_lower_violence_where_they_end_wars():
    change, z = difference(ENDLESS_WARS, plan("kingpin_targeting", 1.0), "homicides")
    assert z < -3, change


def test_removals_raise_violence_where_they_end_pacts():
    change, z = difference(NERVOUS_PEACE, plan("kingpin_targeting", 1.0), "homicides", pairs=6)
    assert z > 3, change


def test_falling_demand_raises_predation_first():
    """Treatment at full scale: groups earn less from drugs and, within two years, take more from people at home."""
    treatment = plan("treatment", LEVERS["treatment"].high)
    trade, z_trade = difference(NIMBLE, treatment, "trafficking_revenue_usd", pairs=8, years=3)
    prey, z_prey = difference(NIMBLE, treatment, "predation_revenue_usd", pairs=8, years=3, months=24)
    assert z_trade < -3, trade
    assert z_prey > 3, prey


def test_interdiction_raises_homicides_where_demand_is_inelastic():
    seizures = plan("interdiction", LEVERS["interdiction"].high)
    revenue, z_revenue = difference(INELASTIC, seizures, "trafficking_revenue_usd", pairs=4)
    change, z = difference(INELASTIC, seizures, "homicides")
    assert z_revenue > 3, revenue
    assert z > 3, change


def test_interdiction_lowers_homicides_where_demand_is_elastic():
    seizures = plan("interdiction", LEVERS["interdiction"].high)
    revenue, z_revenue = difference(ELASTIC, seizures, "trafficking_revenue_usd", pairs=4)
    change, z = difference(ELASTIC, seizures, "homicides")
    assert z_revenue < -3, revenue
    assert z < -3, change


def test_interdiction_moves_no_homicides_where_nothing_is_at_stake():
    change, z = difference(NO_STAKES, plan("interdiction", LEVERS["interdiction"].high), "homicides", pairs=24)
    assert abs(z) < 3, change
