"""What is tabulated is what would be computed."""

import math

import pytest
from cases import scenario

from sim.model.lookup import PEOPLE, POWER
from sim.model.mechanisms.contest import control
from sim.model.mechanisms.income import strength
from sim.model.model import Cartelitos


@pytest.mark.parametrize("people", [0, 1, 7, PEOPLE - 1, PEOPLE, 3 * PEOPLE])
def test_strength_of_a_plaza_of_any_size(people: int) -> None:
    model = Cartelitos(scenario(years=1), rng=3)
    c, p = model.state.country, model.state.p
    c.plaza.members[0] = people
    strength(c)
    control(c)
    n, might = max(people, 0.5), c.cartel.might[int(c.plaza.cartel[0])]
    assert c.plaza.strength[0] == pytest.approx(n**p.foe_exponent * might, rel=1e-14)
    assert c.plaza.exposed[0] == pytest.approx(n**p.own_exponent, rel=1e-14)


def test_tables_hold_whole_numbers_and_weeks() -> None:
    model = Cartelitos(scenario(years=1), rng=3)
    c, p = model.state.country, model.state.p
    assert c.powers[100, POWER.decisive] == pytest.approx(100**p.decisiveness, rel=1e-14)
    assert c.fading[[0, 26]].tolist() == [1.0, math.exp(-26 / p.grudge_memory)]
