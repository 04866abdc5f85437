"""The audit of estimators: on panels whose truth is known, who finds it, who is fooled by what, and how often intervals hold it."""

import numpy as np
import pytest
from test_event_study import MONTHS, K, dated, response, tabled
from test_twins_effects import tables

from sim.analysis.removals.event_study import DESIGNS, FOLLOWED, audit, mixture, report_all
from sim.analysis.removals.twins import gather

TREATED = 25  # of K places


def falls(treated=TREATED):
    """One kingpin falls in each treated place, in the second half of what is seen."""
    events = np.zeros((2, K, MONTHS.size))
    for k in range(treated):
        events[0, k, 60 + 2 * k] = 1.0
    return events


def reported(outcome, events):
    return {design: report["1-6"] for design, report in zip(DESIGNS, report_all(outcome, events), strict=True)}


def test_every_design_finds_a_rise_in_a_calm_country():
    events, base = falls(), np.full((K, MONTHS.size), 20.0)
    found = reported(base + response(events[0], dict.fromkeys(range(1, 37), 10.0)), events)
    assert {design: said[0] for design, said in found.items()} == pytest.approx(dict.fromkeys(DESIGNS, 0.5), abs=0.03)


def test_a_wave_of_the_nation_fools_who_compares_with_nobody():
    events, wave = falls(), np.linspace(1.0, 5.0, MONTHS.size)
    found = reported(np.full((K, 1), 20.0) * wave, events)
    assert found["before and after"][1] > 0.05
    others = [found[design][0] for design in DESIGNS[1:5]]
    assert others == pytest.approx([0.0] * 4, abs=0.02)


def test_places_more_violent_than_all_others_fool_a_mixture_but_not_a_demeaned_one():
    events, level = falls(3), np.where(np.arange(K) < 3, 60.0, 20.0)[:, None]
    found = reported(level + np.sin(np.arange(MONTHS.size) / 5.0), events)
    assert found["synthetic control"][0] > 0.2
    assert found["synthetic control, demeaned"][0] == pytest.approx(0.0, abs=0.01)


def test_a_mixture_follows_what_is_a_mixture():
    others = np.random.default_rng(1).gamma(4.0, 5.0, (6, FOLLOWED))
    share = np.array([0.5, 0.3, 0.2, 0.0, 0.0, 0.0])
    weights = mixture(others, share @ others)
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ others == pytest.approx(share @ others, rel=0.1)
    assert np.abs(weights - share).max() < 0.1


def test_bias_and_coverage_stand_beside_the_truth():
    events, luck = falls(), np.random.default_rng(2)
    noisy = luck.poisson(20.0 + response(events[0], dict.fromkeys(range(1, 37), 10.0))).astype(float)
    rows = {(row.design, row.months): row for row in audit(*tabled(noisy, events, worlds=2), gather(*tables()))}
    assert {design for design, _ in rows} == {*DESIGNS}
    row = rows["difference in differences", "1-6"]
    assert (row.worlds, row.covered, row.found_up, row.found_down) == (2, 1.0, 1.0, 0.0)
    assert row.truth == pytest.approx(0.5)
    assert row.bias == pytest.approx(row.relative - 0.5)


def test_where_nobody_fell_nothing_is_reported():
    quiet = np.zeros_like(dated())
    assert all(not report for report in report_all(np.full((K, MONTHS.size), 5.0), quiet))
