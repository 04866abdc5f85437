"""People, dollars, guns, plazas and brokers move; they are never made or lost outside a named flow."""

from datetime import date

import numpy as np
import pytest
from cases import START, plan, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.model.model import Cartelitos
from sim.model.run import outcome, simulate
from sim.model.state import LedgerError

SAMPLED = [p for p in PARAMETERS.values() if p.sampled]


@st.composite
def worlds(draw: st.DrawFn) -> dict:
    grid = {"rows": draw(st.integers(1, 4)), "columns": draw(st.integers(1, 5))}
    grid["cartels"] = draw(st.integers(1, min(8, grid["rows"] * grid["columns"])))
    inside = {
        p.name: draw(st.floats(p.low + 0.15 * (p.high - p.low), p.high - 0.3 * (p.high - p.low)))
        for p in draw(st.lists(st.sampled_from(SAMPLED), max_size=6, unique=True))
    }
    levers = draw(st.lists(st.sampled_from(sorted(LEVERS)), max_size=5, unique=True))
    plans = [plan(lever, draw(st.floats(0, LEVERS[lever].high)), start=date(draw(st.integers(2006, 2020)), 12, 1)) for lever in levers]
    return {"options": grid, "parameters": inside, "plans": plans, "seed": draw(st.integers(0, 2**64 - 1))}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(worlds())
def test_the_ledger_closes_and_nothing_explodes(case: dict) -> None:
    model = Cartelitos(
        scenario(*case["plans"], years=24, world="grid", world_options=case["options"], parameters=case["parameters"]),
        rng=case["seed"],
    )
    model.run()  # closes the ledger
    residents = float(model.world.population.sum())
    result = outcome(model)
    model.release()
    for name, values in result.series.items():
        assert np.all(np.isfinite(values)), name
    assert np.all(result.series["members"] >= 0)
    assert result.series["members"].max() <= 0.1 * residents
    yearly = result.series["homicides"].sum() / 24 / residents * 1e5
    assert 0 < yearly < 500, f"{yearly:.0f} homicides per 100,000 and year"
    assert result.series["groups_active"].max() < 3000
    assert all(float(value).is_integer() for value in result.series["members"])


def test_the_ledger_notices_a_leak() -> None:
    model = Cartelitos(scenario(years=1), rng=1)
    model.step()
    model.state.close_ledger()
    model.state.country.plaza.members[0] += 1
    with pytest.raises(LedgerError, match="members off by \\+1"):
        model.state.close_ledger()


def test_the_ledger_notices_what_is_below_zero() -> None:
    """Sums close where one plaza owes what another has."""
    model = Cartelitos(scenario(years=1), rng=1)
    model.step()
    plaza = model.state.country.plaza
    plaza.members[0] += plaza.members[1] + 758
    plaza.members[1] = -758
    with pytest.raises(LedgerError, match="below zero, or no number: members"):
        model.state.close_ledger()


def test_every_week_of_a_full_run_closes() -> None:
    model = Cartelitos(scenario(plan("kingpin_targeting", 2.0), years=6), rng=3)
    while model.running:
        model.step()
        model.state.close_ledger()
    assert sum(row.kind == "split" for row in model.events) > 10


def test_2030_is_within_reach() -> None:
    result = simulate(scenario(plan("kingpin_targeting", 1.0), years=24), 1)
    assert str(result.months[0]) == "2006-12"
    assert str(result.months[-1]) >= "2030-10"
    assert result.days.sum() == int(24 * 365.2425 / 7) * 7
    assert START.year == 2006
