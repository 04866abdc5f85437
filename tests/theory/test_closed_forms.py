"""Single mechanisms against what can be worked out by hand."""

import math

import pytest
from cases import plan, scenario

from sim.catalogue.parameters import Parameters
from sim.model.mechanisms.peace import temptation
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.state import parameter_vector


@pytest.mark.parametrize(("groups", "m", "threshold"), [(2, 1.0, 2 / 3), (5, 1.0, 5 / 6), (2, 5.0, 0.5), (10, 0.5, 10 / 10.5)])
def test_a_pact_turns_at_the_threshold_of_repeated_play(groups: int, m: float, threshold: float) -> None:
    """delta >= n/(n + m), with m at most n/(n - 1)."""
    p = parameter_vector(Parameters(pact_decisiveness=m))
    assert temptation(p, float(groups), threshold, 0.0) == pytest.approx(0.5)
    assert temptation(p, float(groups), threshold - 0.05, 0.0) > 0.5 > temptation(p, float(groups), threshold + 0.05, 0.0)


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
    expected = start * (1 + model.state.p.recruit_rate) ** weeks
    spread = math.sqrt(expected * (math.exp(weeks * 2e-3) - 1))
    assert abs(model.state.stocks()["members"] - expected) < 4 * spread
