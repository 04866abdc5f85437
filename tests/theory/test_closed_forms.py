"""Single mechanisms against what can be worked out by hand."""

import math

import numpy as np
import pytest
from cases import plan, scenario

from sim.catalogue.parameters import Parameters
from sim.model.columns import NATION, P
from sim.model.mechanisms.peace import temptation
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.state import parameter_vector


@pytest.mark.parametrize(("groups", "m", "threshold"), [(2, 1.0, 2 / 3), (5, 1.0, 5 / 6), (2, 5.0, 0.5), (10, 0.5, 10 / 10.5)])
def test_a_pact_turns_at_the_threshold_of_repeated_play(groups: int, m: float, threshold: float) -> None:
    """delta >= n/(n + m), with m at most n/(n - 1)."""
    p = parameter_vector(Parameters(pact_decisiveness=m))
    assert temptation(p, float(groups), threshold) == pytest.approx(0.5)
    assert temptation(p, float(groups), threshold - 0.05) > 0.5 > temptation(p, float(groups), threshold + 0.05)


@pytest.mark.parametrize(("elasticity", "sign"), [(0.5, 1), (1.5, -1)])
def test_revenue_rises_with_seizures_only_if_demand_is_inelastic(elasticity: float, sign: int) -> None:
    def revenue(intensity: float) -> float:
        model = Cartelitos(
            scenario(plan("interdiction", intensity), years=2, parameters={"demand_elasticity": elasticity, "price_cost_share": 0.9}), rng=1
        )
        model.run()
        return float(model.state.country.nation[NATION.revenue])

    assert math.copysign(1, revenue(6.0) - revenue(0.0)) == sign


def test_with_all_brokers_gone_traffic_leaves_mexico_and_everything_stays_finite() -> None:
    model = Cartelitos(scenario(years=3, parameters={"broker_decay": 20.0, "broker_search": 0.0}), rng=1)
    model.run()
    series = model.record.series(model.state.country.flows, model.policy.costs)
    assert series["trafficking_revenue_usd"][-1] < 0.1 * series["trafficking_revenue_usd"][0]
    assert all(np.all(np.isfinite(values)) for values in series.values())


def test_arms_control_leaves_cartels_fewer_guns() -> None:
    free = simulate(scenario(years=5), 3).series
    fewer = simulate(scenario(plan("arms_control", 8.0), years=5), 3).series
    assert fewer["arms_index"][-1] < free["arms_index"][-1]


def test_recruitment_alone_is_exponential() -> None:
    """Nothing but recruitment from a full pool: members grow by rho a week, within four standard errors."""
    silent = (
        "pay_elasticity", "forced_share", "fear_death", "fear_prison", "grievance_pull", "arrest_base", "desertion", "retirement",
        "gap_desertion", "saturation", "lethality", "move_rate", "absorption", "entry_rate", "quarrel_rate", "pool_half",
    )  # fmt: skip
    off = dict.fromkeys(silent, 0.0)
    model = Cartelitos(scenario(years=2, parameters=off | {"recruit_rate": 2e-3, "plaza_minimum": 1.0, "at_risk": 1.0}), rng=2)
    start = model.state.opening["members"]
    model.run()
    weeks = model.week
    expected = start * (1 + model.state.p[P.recruit_rate]) ** weeks
    spread = math.sqrt(expected * (math.exp(weeks * 2e-3) - 1))
    assert abs(model.state.stocks()["members"] - expected) < 4 * spread
