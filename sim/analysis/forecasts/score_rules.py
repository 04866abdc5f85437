"""Scores of forecasts given as draws, the way the conflict-forecasting community scores them.

The VIEWS prediction challenge of 2023/24 judged by the continuous ranked probability score, by ignorance over bins and by the
interval score at 90 % (Hegre et al. 2025). All are errors: less is better. `scoringrules` computes the first and the third.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.catalogue.statistics import Array

BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)  # deaths a month: lower ends, of the VIEWS challenge
PRIOR = 1.0 / 3.0  # Tukey's constant: what is counted of a bin that no draw meets
COVERED = 0.9  # of the central interval
BACKEND = "numpy"


class Scores(NamedTuple):
    """Scores by place and period, (K, T) each."""

    crps: Array  # continuous ranked probability score, deaths in the period
    log_crps: Array  # the same of log(1 + deaths): errors of small places count as much as those of large ones
    ignorance: Array  # bits, -log2 of the smoothed share of draws in the bin of the truth
    interval: Array  # interval score at 90 %: width, and 20 times what the truth lies outside; deaths in the period
    inside: Array  # 1.0 where the central 90 % hold the truth


def scores(draws: Array, truth: Array, step: int) -> Scores:
    """All scores of a forecast, (N, K, T), of deaths in periods of `step` months, bins as many times wider, against the truth, (K, T)."""
    import scoringrules  # noqa: PLC0415  which compiles for seconds

    last = np.moveaxis(draws, 0, -1)
    low, high = np.quantile(draws, [0.5 - COVERED / 2, 0.5 + COVERED / 2], axis=0)
    found = (
        scoringrules.crps_ensemble(truth, last, backend=BACKEND),
        scoringrules.crps_ensemble(np.log1p(truth), np.log1p(last), backend=BACKEND),
        ignorance(draws, truth, np.array(BINS) * step),
        scoringrules.interval_score(truth, low, high, 1.0 - COVERED, backend=BACKEND),
        (truth >= low) & (truth <= high),
    )
    return Scores(*(np.asarray(part, np.float64).reshape(truth.shape) for part in found))  # of one place the library drops the axis


def ignorance(draws: Array, truth: Array, edges: Array) -> Array:
    """-log2 of (c + 1 - a)/(n + 1 - a), where c of n draws, (N, K, T), lie in the bin of the truth, (K, T); edges are lower ends."""
    binned, bin_of_truth = np.digitize(draws, edges), np.digitize(truth, edges)
    hits = (binned == bin_of_truth).sum(axis=0)
    return np.asarray(-np.log2((hits + 1.0 - PRIOR) / (len(draws) + 1.0 - PRIOR)))


def skill(own: Array, other: Array) -> tuple[float, float, float]:
    """1 - mean score, (K, T), over that of another forecast, (K, T), and its central 95 % interval; nan where there are too few units.

    Units are places, whose periods hang together; of a single place, periods, as if they did not. The interval is that of a ratio of
    means (delta method, Student's t).
    """
    along = 1 if own.shape[0] > 1 else 0
    a, b = own.mean(axis=along), other.mean(axis=along)
    ratio = float(a.mean() / b.mean()) if b.mean() > 0.0 else float("nan")
    if a.size < 3 or not np.isfinite(ratio):
        return 1.0 - ratio, float("nan"), float("nan")
    error = float(np.std(a - ratio * b, ddof=1) / np.sqrt(a.size) / b.mean())
    away = float(stats.t.ppf(0.975, a.size - 1)) * error
    return 1.0 - ratio, 1.0 - ratio - away, 1.0 - ratio + away
