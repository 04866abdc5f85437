"""Which part of a change a hindcast explains."""

import numpy as np
import pytest
from histories import histories

from sim.analysis.evidence import hindcasts, render_parts
from sim.catalogue.evidence import EVIDENCE

YEARS = 8  # 2011 to 2018


def country(fall, rise):
    """Homicides that are 100 in 2011 and 2015, `fall` times that in 2014, `rise` times in 2018; one history per value."""
    path = np.full((len(fall), YEARS), 100.0)
    path[:, 3], path[:, 7] = 100.0 * np.asarray(fall), 100.0 * np.asarray(rise)
    return histories(2011, homicides=path)


def parts(free, told):
    return {(part.id, part.hindcast): part for part in hindcasts(free, told)}


def test_shares_of_the_observed_change():
    whole = EVIDENCE["H2"].observed, EVIDENCE["H3"].observed
    root = [value**0.5 for value in whole]
    found = parts(country([1.0] * 4, [1.0] * 4), country([root[0]] * 4, [root[1]] * 4))
    assert found["H2", "free"].share == pytest.approx(0.0, abs=1e-6)
    assert found["H2", "told"].share == pytest.approx(50.0)  # half of the fall, on the logarithmic scale
    assert found["H3", "added by the told removals"].share == pytest.approx(50.0)
    assert found["H3", "told"].median == pytest.approx(root[1])


def test_the_wrong_way_is_below_zero_and_intervals_are_those_of_a_mean():
    up = np.exp(np.array([0.1, 0.2, 0.3, 0.4]))
    found = parts(country(up, [1.0] * 4), country([1.0] * 4, [1.0] * 4))["H2", "free"]
    assert found.share == pytest.approx(100 * 0.25 / np.log(EVIDENCE["H2"].observed))
    assert found.share_low < found.share < found.share_high < 0.0
    width = 2 * 3.182 * np.std([0.1, 0.2, 0.3, 0.4], ddof=1) / 2 / abs(np.log(EVIDENCE["H2"].observed)) * 100
    assert found.share_high - found.share_low == pytest.approx(width, rel=1e-3)


def test_pairs_take_out_what_worlds_share():
    fall = np.exp(np.linspace(-1, 1, 20))
    found = parts(country(fall, [1.0] * 20), country(fall * 0.9, [1.0] * 20))
    added = found["H2", "added by the told removals"]
    assert added.share_high - added.share_low < 1e-6
    assert found["H2", "free"].share_high - found["H2", "free"].share_low > 100
    assert "added by the told removals" in render_parts(hindcasts(country(fall, [1.0] * 20), country(fall, [1.0] * 20)))
