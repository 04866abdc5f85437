"""Which way single mechanisms push, each alone in one place: what a wrong sign would turn round."""

from pathlib import Path

import numpy as np
import pytest
from cases import plan, scenario
from places import QUIET, crowd
from sign_errors import PLANTED

import sim
from sim.catalogue.levers import LEVERS
from sim.model.model import Cartelitos

ROOT = Path(sim.__file__).parents[1]


def one_place(*plans, years=3.0, **parameters):
    return Cartelitos(scenario(*plans, world="grid", years=years, parameters=QUIET | parameters), rng=1, world=crowd(5_000))


def series(*plans, years=3.0, **parameters):
    model = one_place(*plans, years=years, **parameters)
    model.run()
    return model.record.series(model.state.country.flows, model.policy.costs)


def full(lever):
    return plan(lever, LEVERS[lever].high)


def test_routes_adapt_to_seizures():
    """What is seized rises with interdiction, then falls back as routes adapt, to above where it began; without adaptation it stays."""
    adapting, fixed = (series(full("interdiction"), years=8, route_adaptation=part)["seized_share"] for part in (0.7, 0.0))
    began, peak, end = adapting[0], adapting.max(), adapting[-1]
    assert began < end < peak - 0.4 * (peak - began)
    assert fixed[-1] == pytest.approx(fixed.max())


def test_naloxone_saves_lives_and_keeps_users():
    usual, saved = series(), series(full("naloxone"))
    assert saved["overdose_deaths"].sum() < 0.95 * usual["overdose_deaths"].sum()
    assert saved["heavy_users"][-1] > usual["heavy_users"][-1]


def test_treatment_leaves_fewer_heavy_users():
    assert series(full("treatment"))["heavy_users"][-1] < 0.98 * series()["heavy_users"][-1]


def background_homicides(conviction):
    """Of a year in which so many of those arrested are sentenced."""
    model = one_place(years=1)
    while model.running:
        model.state.country.territory.conviction[:] = conviction
        model.step()
    return series_of(model)["homicides_background"].sum()


def series_of(model):
    return model.record.series(model.state.country.flows, model.policy.costs)


def test_impunity_kills():
    often, seldom, never = map(background_homicides, (0.5, 0.05, 0.0))
    assert often < seldom <= never


def test_bribes_erode_integrity_and_convictions_follow():
    eroded, spared = one_place(years=6, integrity_erosion=1.0), one_place(years=6, integrity_erosion=1.0)
    eroded.state.p.bribes *= 2.0  # beyond what the first day is at rest with
    for model in (eroded, spared):
        model.run()
    one, other = (model.state.country.territory for model in (eroded, spared))
    assert np.all(one.integrity < other.integrity)
    assert np.all(one.conviction < other.conviction)


@pytest.mark.parametrize(("yields", "founded"), [(0.0, "none"), (3.0, "more")])
def test_gangs_are_founded_where_predation_is_seen_to_pay(yields, founded):
    setting = scenario(world="grid", years=3, parameters=QUIET | {"entry_rate": 40.0})
    changed, usual = (Cartelitos(setting, rng=1, world=crowd(2_500, 2_500)) for _ in range(2))
    changed.state.p.predation_usd *= yields  # after the first day, which says what is usual
    new = []
    for model in (changed, usual):
        model.run()
        new.append(sum(event.kind == "entry" for event in model.events))
    assert new[1] > 20
    assert new[0] == 0 if founded == "none" else new[0] > 1.3 * new[1]


@pytest.mark.parametrize("error", PLANTED, ids=lambda error: error.name)
def test_the_place_of_a_planted_error_is_there(error):
    """`tests/benchmarks/sign_errors.py` plants it; that it is noticed takes minutes and is shown there."""
    assert (ROOT / "sim" / "model" / error.file).read_text(encoding="utf-8").count(error.right) == 1
    assert error.wrong != error.right
    assert all((ROOT / "tests" / test.partition("::")[0]).exists() for test in error.tests)
