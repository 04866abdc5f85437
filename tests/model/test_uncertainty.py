"""The draw of levers' effects: its mean is the stated middle, whatever the range, and a scenario may ask for an end instead."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cases import scenario as case
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.model.run import simulate
from sim.model.uncertainty import balanced, draw
from sim.model.worlds import load_world
from sim.scenario import load
from sim.scenario.load import AT_START
from sim.scenario.read import WORLDS, scenario_folder

GRID = (np.arange(20_000) + 0.5) / 20_000
RANGES = st.lists(st.floats(-5, 5), min_size=3, max_size=3).map(sorted)


def drawn(effect, shares=GRID):
    return np.array([balanced(*effect, u) for u in shares])


@pytest.mark.parametrize("lever", LEVERS.values(), ids=lambda lever: lever.name)
def test_the_mean_of_every_lever_is_its_middle(lever):
    low, mid, high = lever.effect
    assert drawn(lever.effect).mean() == pytest.approx(mid, abs=1e-4 * (high - low))


@given(RANGES)
def test_the_mean_of_any_range_is_its_middle(effect):
    low, mid, high = effect
    assert drawn(effect, GRID[::20]).mean() == pytest.approx(mid, abs=2e-3 * (high - low) + 1e-12)


@given(RANGES, st.floats(0, 1), st.floats(0, 1))
def test_it_stays_within_the_range_and_rises_with_its_share(effect, one, other):
    low, _, high = effect
    less, more = drawn(effect, sorted((one, other)))
    assert low <= less <= more <= high


@pytest.mark.parametrize("effect", [(0.1, 0.1, 0.4), (0.1, 0.4, 0.4), (0.3, 0.3, 0.3)])
def test_a_range_that_ends_at_its_middle_is_the_middle(effect):
    assert set(drawn(effect, [0.0, 0.5, 1.0])) == {effect[1]}


def test_a_symmetric_range_is_drawn_from_a_triangle():
    assert drawn((0.0, 1.0, 2.0), [0.125, 0.5, 0.875]).tolist() == [0.5, 1.0, 1.5]


def effects(scenario, seed=1):
    folder = scenario_folder() / WORLDS
    return draw(scenario, load_world(scenario.world, scenario.world_options, folder), folder, seed)[2]


@pytest.mark.parametrize(("end", "at"), [("low", 0), ("middle", 1), ("high", 2)])
@pytest.mark.parametrize("worlds", ["plausible", "fitted"])
def test_a_scenario_may_ask_for_an_end(end, at, worlds):
    found = effects(replace(case(), worlds=worlds, effects=end))
    assert found == {name: lever.effect[at] for name, lever in LEVERS.items()}


def test_nothing_but_the_effects_follows_the_choice():
    scenario = replace(case(), worlds="plausible")
    folder = scenario_folder() / WORLDS
    world = load_world(scenario.world, scenario.world_options, folder)
    one, other = (draw(replace(scenario, effects=end), world, folder, 7) for end in ("drawn", "high"))
    assert one[:2] + one[3:] == other[:2] + other[3:]
    assert one[2] == draw(scenario, world, folder, 7)[2] != other[2]


def test_the_central_fit_has_them_at_the_middle_unless_they_are_written():
    fitted = replace(case(), worlds="fitted")
    assert effects(fitted) == effects(replace(fitted, effects="middle"))
    assert effects(replace(fitted, effects="drawn")) == effects(replace(fitted, worlds="plausible"))


def test_a_range_of_the_scenarios_own_is_drawn_once_per_world_and_whatever_the_policy():
    world = load_world("mexico-2006", {}, scenario_folder() / WORLDS)
    folder = scenario_folder() / WORLDS
    even, log = (load("baseline", [f"parameters.demand_elasticity={{low = 0.2, high = 0.8{more}}}"]) for more in ("", ', scale = "log"'))
    values = [draw(even, world, folder, seed)[0].demand_elasticity for seed in range(400)]
    assert min(values) < 0.22
    assert max(values) > 0.78
    assert np.mean(values) == pytest.approx(0.5, abs=0.03)
    assert np.median([draw(log, world, folder, seed)[0].demand_elasticity for seed in range(400)]) == pytest.approx(0.4, abs=0.03)
    other = load("merida", ["parameters.demand_elasticity={low = 0.2, high = 0.8}"])
    assert draw(other, world, folder, 7)[0] == draw(even, world, folder, 7)[0]
    assert draw(replace(even, worlds="fitted"), world, folder, 7)[0].demand_elasticity == 0.5


def test_a_dated_parameter_is_as_drawn_before_its_day_and_as_written_from_then_on():
    plain = case(years=2.0, parameters={"lethality": 5e-7})
    before, after = simulate(plain, 3), simulate(replace(plain, dated={"lethality": ((date(2007, 12, 1), 5e-6),)}), 3)
    assert (before.series["homicides"][:12] == after.series["homicides"][:12]).all()
    assert after.series["homicides"][13:].sum() > 1.2 * before.series["homicides"][13:].sum()
    at_once = simulate(case(years=2.0, dated={"lethality": ((date(2006, 12, 1), 5e-6),)}), 3)
    assert (at_once.series["homicides"] == simulate(case(years=2.0, parameters={"lethality": 5e-6}), 3).series["homicides"]).all()


def test_what_only_the_start_reads_cannot_be_dated():
    files = [path for path in (Path(sim.__file__).parent / "model").rglob("*.py") if path.name not in ("state.py", "opening.py")]
    sources = "".join(path.read_text() for path in files)
    assert {name for name in PARAMETERS if not re.search(rf"\b(p|quick)\.{name}\b", sources)} == AT_START
