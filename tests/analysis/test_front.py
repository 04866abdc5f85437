"""Which mixes lead, and which are told apart: on numbers whose answer is known."""

import numpy as np
import pytest

from sim.analysis.robustness.frontier import _apart, _draws, changes, undominated

WORLDS = 40


def test_who_is_not_beaten():
    points = np.array([[0.0, 3.0], [1.0, 1.0], [3.0, 0.0], [2.0, 2.0], [1.0, 1.0]])
    assert undominated(points).tolist() == [True, True, True, False, True]
    assert undominated(points[:, :1]).tolist() == [True, False, False, False, False]
    assert undominated(np.stack([points, points[::-1]])).sum(axis=-1).tolist() == [4, 4]


@pytest.fixture
def noise():
    """Luck of eight mixes in two outcomes, and of business as usual, the same in every world for all of them."""
    angles = np.arange(8 * 2 * WORLDS).reshape(8, 2, WORLDS) * 0.7548776662466927 % 1
    return 100 + 20 * np.arange(WORLDS) / WORLDS + np.zeros((2, WORLDS)), angles


def test_a_gap_larger_than_the_noise_is_told_and_no_other(noise):
    base, luck = noise
    own = base + luck
    own[0, 0] -= 5
    gaps = changes(own, base)
    half, told = _apart(own, base, gaps)
    assert told[0, 1:, 0].all()
    assert told.sum() == 7
    assert (half >= 0).all()
    assert gaps[0, 0] == pytest.approx(100 * (own[0, 0].mean() / base[0].mean() - 1))


def test_resampled_worlds_have_the_mean_and_the_error_of_the_worlds(noise):
    base, luck = noise
    own = base + luck
    draws, gaps = _draws(own, base), changes(own, base)
    assert draws.mean(axis=0) == pytest.approx(gaps, abs=0.02)
    error = 100 / base.mean() * luck[3, 1].std() / np.sqrt(WORLDS)
    assert draws[:, 3, 1].std() == pytest.approx(error, rel=0.15)


def test_an_outcome_that_is_zero_is_compared_in_its_unit():
    assert changes(np.full((1, 1, 4), 2.0), np.zeros((1, 4))).tolist() == [[2.0]]
