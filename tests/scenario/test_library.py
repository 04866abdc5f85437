"""The real catalogue and the shipped scenarios."""

from datetime import date
from pathlib import Path

import pytest

import sim
from sim.scenario import library, load, resolved_toml
from sim.scenario.worlds import world_ids

SHIPPED = Path(sim.__file__).parent.parent / "scenarios"


@pytest.fixture(autouse=True)
def catalogue():
    """The real one."""


def test_the_real_catalogue_and_world(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        "[world]\nname = 'mexico-2006'\nstart = '2006-12'\nyears = 1\nplaces = 128\n[parameters]\n"
        "demand_elasticity = 0.6\n[policy.kingpin_targeting]\nintensity = 1\n[policy.treatment]\nintensity = 0\n"
    )
    scenario = load(path, folder=SHIPPED)
    assert [plan.lever for plan in scenario.policy] == ["kingpin_targeting", "treatment"]
    assert scenario.policy[1].points == ((date(2006, 12, 1), 0.0),)
    ids = world_ids(scenario.world, scenario.world_options, SHIPPED / "worlds")
    assert len(ids.territories) == 32 + 128
    assert {"SIN", "SIN-1", "SIN-4"} <= set(ids.territories)
    assert "sinaloa" in ids.cartels


@pytest.mark.parametrize("name", library(SHIPPED))
def test_every_shipped_scenario_loads_and_round_trips(name, tmp_path):
    scenario = load(name, folder=SHIPPED)
    (tmp_path / "again.toml").write_text(resolved_toml(scenario))
    again = load(tmp_path / "again.toml", folder=SHIPPED)
    assert again.digest() == scenario.digest()
    assert scenario.question
