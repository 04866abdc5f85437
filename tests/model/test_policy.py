"""What a policy costs, and when US aid is spent."""

from datetime import timedelta

import numpy as np
import pytest
from cases import plan

from sim.catalogue.levers import LEVERS
from sim.model.policy import AID_LAG_WEEKS, AMERICAN, FIRST_ACT, Places, build, paid_out

PLACES = Places(("a",), ("a",), np.array([1.0]))
WEEKS = 6 * 52


def costs(*names, start=FIRST_ACT):
    plans = [plan(name, 1.0) for name in names]
    return build(plans, {name: LEVERS[name].effect[1] for name in names}, start, WEEKS, PLACES, ()).costs


def test_there_is_no_aid_before_the_first_act():
    early, late = costs("equipment", start=FIRST_ACT - timedelta(weeks=10)), costs("equipment", start=FIRST_ACT)
    assert early.us[:10].all()
    assert not early.aid_obligated[:10].any()
    assert (early.aid_spent[10:] == late.aid_spent[:-10]).all()


def test_the_lag_is_that_of_march_2010():
    """Obligated evenly from 30 June 2008, 9 of 46 % were spent after 91.3 weeks."""
    even = np.ones(91)
    assert paid_out(even).sum() / even.sum() == pytest.approx(9 / 46, abs=0.005)


def test_nothing_is_lost_and_the_mean_delay_is_the_constant():
    obligated = np.zeros(60 * 52)
    obligated[100] = 1e9
    spent = paid_out(obligated)
    assert not spent[:100].any()
    assert spent.sum() == pytest.approx(1e9, rel=1e-6)
    assert spent @ (np.arange(spent.size) - 100) / 1e9 == pytest.approx(AID_LAG_WEEKS, rel=0.02)


def test_only_spending_of_aid_is_late():
    found = costs("equipment")
    assert found.aid_obligated == pytest.approx(LEVERS["equipment"].payer * found.total)
    assert found.us == pytest.approx(found.aid_obligated)
    assert found.total[0] == found.total[-1] > 0.0
    assert 0.0 < found.aid_spent.sum() < 0.8 * found.aid_obligated.sum()


def test_what_us_agencies_do_themselves_and_what_is_done_at_home_is_no_aid():
    assert set(LEVERS) >= AMERICAN
    assert not costs("extradition", "leader_sanctions", "treatment").aid_obligated.any()
    assert (costs("equipment", "treatment", "extradition").aid_spent == costs("equipment").aid_spent).all()
