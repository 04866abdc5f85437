"""The first day is at rest: nothing that is smoothed, bought or filled drifts because the model had to fill up first."""

import numpy as np
import pytest
from cases import scenario

from sim.model.model import Cartelitos

QUIET = {"revenue_clock": 0.0, "scarcity": 0.0, "local_growth": 0.0, "learning": 0.0, "quarrel_rate": 0.0, "natural_exit": 0.0,
         "entry_rate": 0.0, "rival_exposure": 0.0}  # fmt: skip
"""Nobody falls or splits, and no outside series moves."""


def rates(model):
    """What a country does per head, now."""
    c = model.state.country
    cartels, plazas = c.cartel[: c.count.cartels], c.plaza[: c.count.plazas]
    members = cartels.members.sum()
    return {
        "guns a head": cartels.arms.sum() / members,
        "protection": (cartels.protection * cartels.members).sum() / members,
        "pay": (cartels.pay * cartels.members).sum() / members,
        "risk of arrest": (c.territory.arrest_risk * c.territory.armed).sum() / members,
        "risk of death": (plazas.losses * plazas.members).sum() / members,
        "prisoners a head": cartels.prisoners.sum() / members,
        "pool": c.territory.pool.sum() / c.territory.pool_full.sum(),
        "integrity": c.territory.integrity.mean(),
        "effort in trafficking": (plazas.traffic * plazas.members).sum() / members,
    }


def path(seed, weeks=52, **more):
    model = Cartelitos(scenario(parameters=QUIET, **more), rng=seed)
    found = []
    for _ in range(weeks):
        found.append(rates(model))
        model.step()
    recruits = model.state.country.ledger.recruited
    return {name: np.array([week[name] for week in found]) for name in found[0]}, recruits


@pytest.fixture(scope="module")
def year():
    runs = [path(seed)[0] for seed in range(1, 7)]
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}


@pytest.mark.parametrize(("name", "tolerance"), [
    ("guns a head", 0.08), ("protection", 0.03), ("pay", 0.05), ("risk of arrest", 0.15), ("prisoners a head", 0.08), ("pool", 0.02),
    ("integrity", 0.02), ("effort in trafficking", 0.03),
])  # fmt: skip
def test_a_quiet_first_year_drifts_by_little(year, name, tolerance):
    """Last quarter over first quarter of a year in which nothing happens; before the mend, risk of arrest was 50 times too high."""
    first, last = year[name][:13].mean(), year[name][-13:].mean()
    assert abs(last / first - 1.0) < tolerance, (first, last)


def test_the_first_week_is_like_the_tenth(year):
    for name in ("guns a head", "protection", "pay", "prisoners a head"):
        assert year[name][0] == pytest.approx(year[name][9], rel=0.05), name


def test_recruits_of_the_first_month_are_what_rules_say():
    """A thirteenth of a year's, within chance: fear of an imagined wave of arrests kept three in four away."""
    early, whole = path(3, 4)[1], path(3, 52)[1]
    assert early / (whole / 13.0) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("arrests", [0.0, 5.0])
def test_no_risk_of_arrest_is_above_one(arrests):
    model = Cartelitos(scenario(parameters=QUIET | {"arrest_capacity": 600.0, "arrest_base": 1.0, "conviction_base": 1.0}), rng=1)
    worst = 0.0
    for _ in range(52):
        model.step()
        worst = max(worst, model.state.country.territory.arrest_risk.max())
    assert 0.0 < worst <= 1.0


def test_policies_do_not_change_the_first_day():
    """The country of December 2006 is the same whatever is tried from then on."""
    from cases import plan

    one = Cartelitos(scenario(plan("general_arrests", 5.0)), rng=2).state.country
    two = Cartelitos(scenario(plan("violence_prevention", 3.0)), rng=2).state.country
    for column in ("arms", "protection", "prisoners", "pay"):
        assert np.array_equal(getattr(one.cartel, column), getattr(two.cartel, column))
