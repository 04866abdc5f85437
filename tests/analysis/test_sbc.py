"""Simulation-based calibration, on a posterior that is known: right, too narrow, and off."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.calibration.calibrate import FILE, even, prove, rank

NAMES = ("mean", "other")
COUNT, DRAWS, NOISE = 300, 200, 0.5


def toy(width=1.0, shift=0.0, asked=None):
    """A normal mean with a normal prior, seen once with noise; the posterior in closed form, its width and place changed at will."""

    def fit(number):
        if asked is not None:
            asked.append(number)
        u, v = even(1, 4, number)[0].reshape(2, 2)
        truth = stats.norm.ppf(u)
        seen = truth + NOISE * stats.norm.ppf(v)
        gain = 1.0 / (1.0 + NOISE**2)
        spread = width * np.sqrt(gain) * NOISE
        draws = gain * seen + shift + spread * stats.norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)[:, None]
        return truth, draws

    return fit


def test_ranks_by_hand():
    assert rank(np.array([2.0, 5.0]), np.array([[1.0, 5.0], [3.0, 9.0]])) == pytest.approx([0.5, 0.25])


def test_a_right_posterior_is_honest(tmp_path):
    found = prove(NAMES, COUNT, toy(), tmp_path)
    assert all(row.honest for row in found.coverage)
    assert found.histograms.sum(axis=1).tolist() == [COUNT, COUNT]
    assert found.text.count("honest") == 2
    assert "NOT" not in found.text
    assert found.json["coverage"][0]["error"] == pytest.approx(np.sqrt(0.25 / COUNT))


@pytest.mark.parametrize("wrong", [toy(width=0.7), toy(width=1.5), toy(shift=0.4)])
def test_a_wrong_one_is_not(tmp_path, wrong):
    found = prove(NAMES, COUNT, wrong, tmp_path)
    assert not any(all(row.honest for row in found.coverage if row.name == name) for name in NAMES)
    assert found.text.count("NOT HONEST") == 2


def test_an_interrupted_proof_goes_on_and_does_nothing_twice(tmp_path):
    asked = []

    def stops(number):
        if number == 7:
            raise KeyboardInterrupt
        return toy(asked=asked)(number)

    with pytest.raises(KeyboardInterrupt):
        prove(NAMES, 12, stops, tmp_path)
    again = prove(NAMES, 12, toy(asked=asked), tmp_path)
    assert asked == list(range(12))
    whole = prove(NAMES, 12, toy(), tmp_path / "new") if (tmp_path / "new").mkdir() is None else None
    assert np.array_equal(again.ranks, whole.ranks)
    assert (tmp_path / FILE).read_text() == (tmp_path / "new" / FILE).read_text()


def test_ranks_of_other_parameters_are_not_mistaken_for_these(tmp_path):
    prove(NAMES, 3, toy(), tmp_path)
    asked = []
    prove(("mean", "third"), 3, toy(asked=asked), tmp_path)
    assert asked == [0, 1, 2]
