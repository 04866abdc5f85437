"""Every shipped world runs for a year and keeps its books."""

from datetime import date

import pytest

from sim.model.model import Cartelitos
from sim.scenario.scenario import Scenario


@pytest.mark.parametrize(
    ("world", "options", "groups"),
    [("mexico-2006", {"places": 128}, 8), ("mexico-2020", {}, 150), ("mexico-2020", {"places": 128}, 150), ("municipal", {}, 8)],
)
def test_a_year(world, options, groups):
    scenario = Scenario("x", "x", "", world, date(2020, 12, 1), 1, options)
    model = Cartelitos(scenario, rng=1)
    opening = model.state.stocks()
    assert len(model.cartels) == groups
    band = model.world.members
    assert band.low * 0.99 < opening["members"] < band.high * 1.01
    model.run()  # closes the ledger
    assert model.week == 52
    assert 0.5 < model.state.stocks()["members"] / opening["members"] < 2
    model.release()
