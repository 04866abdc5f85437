"""The statistics of one set of pairs: mean difference, Student interval, share that got worse, what pairing bought."""

from __future__ import annotations

from functools import lru_cache
from math import atan, ceil, cos, isfinite, nan, pi, sin, sqrt, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

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
    replicates whose worlds differ in size widen the absolute interval, not the relative one.

    Returns:
        None if no pair is defined.
    """
    defined = np.isfinite(arm) & np.isfinite(base)
    arm, base = arm[defined], base[defined]
    if arm.size == 0:
        return None
    gap = arm - base
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


@lru_cache
def student(freedom: int) -> float:
    """97.5 % quantile of Student's t, by bisection of its exact series (Abramowitz & Stegun 26.7.3-4)."""
    odd = freedom % 2
    numerators = np.arange(1 + odd, freedom - 1, 2)
    factors = numerators / (numerators + 1)

    def central(angle: float) -> float:
        series = 1 + float(np.cumprod(factors * cos(angle) ** 2).sum())
        if odd:
            return 2 / pi * (angle + (sin(angle) * cos(angle) * series if freedom > 1 else 0.0))
        return sin(angle) * series

    low, high = 0.0, atan(13 / sqrt(freedom))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if central(middle) < CONFIDENCE else (low, middle)
    return sqrt(freedom) * tan(low)


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
