from math import isnan, sqrt

import numpy as np
import pytest

from sim.analysis.paired import contrast, half_width, student


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706205), (2, 4.302653), (3, 3.182446), (9, 2.262157), (39, 2.022691), (1000, 1.962339)],
)
def test_student_equals_the_published_table(freedom, quantile):
    assert student(freedom) == pytest.approx(quantile, abs=1e-6)


def test_against_arithmetic_by_hand():
    found = contrast(np.array([3.0, 5.0, 7.0]), np.array([1.0, 2.0, 3.0]), "less")
    assert (found.n, found.mean, found.difference, found.percent, found.share_worse) == (3, 5.0, 3.0, 150.0, 1.0)
    assert found.high - found.difference == pytest.approx(student(2) * 1.0 / sqrt(3))
    assert found.percent_high - found.percent == pytest.approx(100 * student(2) * 0.5 / sqrt(3) / 2)
    assert found.correlation == pytest.approx(1.0)


def test_identical_runs_differ_by_exactly_nothing():
    values = np.array([0.1, 1 / 3, 7e9])
    found = contrast(values, values.copy(), "less")
    assert (found.difference, found.low, found.high, found.percent, found.percent_low, found.share_worse) == (0,) * 6


@pytest.mark.parametrize(("better", "share"), [("less", 0.5), ("more", 0.25)])
def test_a_tie_is_not_worse(better, share):
    found = contrast(np.array([2.0, 2.0, 1.0, 0.0]), np.array([1.0, 1.0, 1.0, 1.0]), better)
    assert found.share_worse == share


def test_what_only_rounding_tells_apart_is_a_tie():
    found = contrast(np.array([0.1 + 0.2, 2.0]), np.array([0.3, 2.0]), "less")
    assert (found.difference, found.share_worse, found.percent) == (0, 0, 0)


def test_no_direction_no_share():
    assert isnan(contrast(np.array([2.0, 1.0]), np.array([1.0, 1.0]), "neither").share_worse)


def test_worlds_of_different_size_do_not_widen_the_relative_interval():
    base = np.array([1.0, 10.0, 100.0])
    found = contrast(1.1 * base, base, "less")
    assert found.percent == pytest.approx(10.0)
    assert found.percent_high == pytest.approx(found.percent_low)
    assert found.high - found.low > 10


def test_one_pair_has_a_difference_but_no_interval():
    found = contrast(np.array([3.0]), np.array([2.0]), "less")
    assert (found.difference, found.percent, found.share_worse) == (1.0, 50.0, 1.0)
    assert all(isnan(value) for value in (found.low, found.high, found.percent_low, found.correlation, found.needed))


def test_zero_reference_has_no_percent():
    found = contrast(np.array([1.0, 2.0]), np.zeros(2), "less")
    assert found.difference == 1.5
    assert isnan(found.percent)
    assert isnan(found.percent_high)


def test_undefined_pairs_are_left_out():
    found = contrast(np.array([1.0, np.nan, 5.0]), np.array([1.0, 1.0, 3.0]), "less")
    assert (found.n, found.difference) == (2, 1.0)
    assert contrast(np.array([np.nan]), np.array([1.0]), "less") is None


def test_replicates_needed_for_five_percent():
    base = np.full(4, 100.0)
    gap = np.array([20.0, -20.0, 20.0, -20.0])
    spread = gap.std(ddof=1)  # in percent, since the reference is 100
    assert contrast(base + gap, base, "less").needed == np.ceil((1.96 * spread / 5) ** 2)


def test_interval_covers_the_truth_in_95_percent_of_experiments():
    samples = np.random.default_rng(1).normal(3.0, 2.0, (4000, 6))
    covered = np.array([abs(sample.mean() - 3.0) <= half_width(sample) for sample in samples])
    assert abs(covered.mean() - 0.95) < 4 * sqrt(0.95 * 0.05 / covered.size)
