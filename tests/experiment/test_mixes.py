"""Mixes that all cost the same, from schedules alone."""

from datetime import date

import numpy as np
import pytest

from sim.catalogue.levers import LEVERS
from sim.experiment.budget import Difference, places
from sim.experiment.errors import PlanError
from sim.experiment.mixes import Purse
from sim.scenario import load

NAMES = ("naloxone", "treatment", "legal_wage")


@pytest.fixture(scope="module")
def usual():
    return load("baseline")


@pytest.fixture(scope="module")
def purse(usual):
    return Purse.of(usual, NAMES, 1e9 * usual.years, places(usual))


def weights(*values):
    return dict(zip(NAMES, values, strict=True))


def test_a_mix_costs_what_the_budget_is_and_is_a_question_of_that_name(purse, usual):
    mix = purse.mix(weights(1, 2, 3), weights(0, 2, 4))
    assert mix.usd[1] == pytest.approx(purse.budget, rel=1e-3)
    assert Difference.between(usual, mix.scenario, places(usual)).cost() == pytest.approx(mix.usd, rel=1e-6)
    assert sum(mix.shares.values()) == pytest.approx(1)
    assert mix.shares["treatment"] / mix.shares["naloxone"] == pytest.approx(2)
    assert mix.begins == weights(usual.start, date(2008, 12, 1), date(2010, 12, 1))
    asked = load(mix.scenario.name)
    assert asked.digest() == mix.scenario.digest()
    assert asked.name == mix.scenario.name


def test_what_a_lever_cannot_take_the_others_get(purse):
    mix = purse.mix(weights(9, 1, 0), weights(0, 0, 0))
    room = LEVERS["naloxone"].high - 1.2  # business as usual has 1.2 of it at most
    assert mix.amounts["naloxone"] == pytest.approx(room)
    assert mix.shares["naloxone"] < 0.3
    assert mix.usd[1] == pytest.approx(purse.budget, rel=1e-3)
    assert purse.mix(weights(1, 0, 0), weights(0, 0, 0)) is None
    assert purse.alone("naloxone") is None


def test_mixes_are_as_unlike_as_what_they_pay_for_and_when(purse):
    care, work = purse.alone("treatment"), purse.alone("legal_wage")
    assert care.distance(care) == 0
    assert care.distance(work) == pytest.approx(1)
    later = purse.mix(weights(0, 1, 0), weights(0, 1, 0))
    assert care.distance(later) == pytest.approx(1 / 15)


def test_more_than_all_levers_can_spend_is_refused(usual):
    with pytest.raises(PlanError, match="naloxone, rewards together can spend US"):
        Purse.of(usual, ("naloxone", "rewards"), 1e10 * usual.years, places(usual))


def test_spending_adds_up(purse):
    mix = purse.mix(weights(1, 1, 1), weights(0, 1, 2))
    assert np.isclose(mix.spending.sum(), 1)
