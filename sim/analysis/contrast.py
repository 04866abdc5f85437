"""The statistics of one set of pairs: mean difference, Student interval, share that got worse, what pairing bought."""

from __future__ import annotations

from math import ceil, isfinite, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Array = NDArray[np.float64]

ROUNDING = 1e-12  # of sums of fractions of weeks: pairs that differ by less are a tie
CONFIDENCE = 0.95
PRECISION = 5.0  # percent of the reference: the half-width that `Contrast.needed` asks for


class Contrast(NamedTuple):
    """What pairs say about one metric; nan = undefined (one pair, a zero reference, no direction)."""

    n: int  # pairs in which both members are defined
    mean: float
    difference: float  # mean paired difference
    low: float  # interval of the difference
    high: float
    share_worse: float  # share of pairs that got worse; a tie is not worse
    percent: float  # ratio of the means, less one, times 100
    percent_low: float
    percent_high: float
    correlation: float  # between the members of the pairs
    needed: float  # pairs for an interval of +-5 % of the reference


def contrast(arm: Array, base: Array, better: str) -> Contrast | None:
    """Compare pairs, (R,) each, absolutely and relative to the reference.

    The relative difference is a ratio of means and has the error of a ratio estimator (Cochran 1977, ch. 6):
    replicates whose worlds differ in size widen the absolute interval, not the relative one. None if no pair is defined.
    """
    defined = np.isfinite(arm) & np.isfinite(base)
    arm, base = arm[defined], base[defined]
    if arm.size == 0:
        return None
    gap = np.where(np.isclose(arm, base, rtol=ROUNDING, atol=0.0), 0.0, arm - base)
    difference, level = float(gap.mean()), float(base.mean())
    scale = 100 / abs(level) if level else nan
    residual = scale * (gap - base * (difference / level)) if level else np.full(arm.size, nan)
    half, relative_half = half_width(gap), half_width(residual)
    worse = {"less": gap > 0, "more": gap < 0}.get(better, np.full(arm.size, nan))
    return Contrast(
        n=arm.size,
        mean=float(arm.mean()),
        difference=difference,
        low=difference - half,
        high=difference + half,
        share_worse=float(worse.mean()),
        percent=scale * difference,
        percent_low=scale * difference - relative_half,
        percent_high=scale * difference + relative_half,
        correlation=_correlation(arm, base),
        needed=_needed(residual),
    )


def half_width(sample: Array) -> float:
    """Half the 95 % Student interval of the mean of `sample`, (n,); nan for fewer than two."""
    if sample.size < 2:
        return nan
    return student(sample.size - 1) * float(sample.std(ddof=1)) / sqrt(sample.size)


def student(freedom: int) -> float:
    """97.5 % quantile of Student's t."""
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def _correlation(arm: Array, base: Array) -> float:
    """Pearson's r; nan for fewer than three pairs or a constant member."""
    if arm.size < 3 or arm.std() == 0 or base.std() == 0:
        return nan
    return float(np.corrcoef(arm, base)[0, 1])


def _needed(residual: Array) -> float:
    """Pairs for a half-width of PRECISION percent, normal approximation; nan where the spread is unknown."""
    if residual.size < 2 or not isfinite(spread := float(residual.std(ddof=1))):
        return nan
    return float(max(2, ceil((1.96 * spread / PRECISION) ** 2)))
