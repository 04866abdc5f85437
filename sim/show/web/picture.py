"""From runs to what is drawn: bands over worlds, and while pairs are still missing a sketch that makes the most of those done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.contrast import Contrast, contrast
from sim.catalogue.metrics import METRICS
from sim.show.telling.told import Array
from sim.show.web.work import ROWS, Summary

LEVELS = (5.0, 50.0, 95.0)  # percent
FEWEST = 8  # worlds below which no band is drawn

Runs = Mapping[int, Summary]  # by replicate


class Curve(NamedTuple):
    """One outcome over the years.

    Attributes:
        years: (Y,).
        usual: low, middle and high under business as usual, (3, Y).
        policy: the same under the policy, (3, Y); None = it is business as usual, or hidden.
        pairs: pairs of runs behind it.
        sketch: True = `policy` is business as usual's middle moved by the mean difference of the pairs that are done,
            and has no band yet (low and high are nan).
    """

    years: NDArray[np.int64]
    usual: Array
    policy: Array | None
    pairs: int
    sketch: bool


def curve(metric: str, usual: Runs, policy: Runs | None) -> Curve:
    """The bands of one outcome, over all runs of business as usual and those of the policy that are done."""
    row, years = ROWS[metric], next(iter(usual.values())).years
    base = {replicate: run.values[row] for replicate, run in usual.items()}
    plain = quantiles(np.stack(list(base.values())))
    if not policy:
        return Curve(years, plain, None, 0, False)
    own = {replicate: run.values[row] for replicate, run in policy.items()}
    if len(own) == len(base):
        return Curve(years, plain, quantiles(np.stack(list(own.values()))), len(own), False)
    shift = mean(np.stack([own[replicate] - base[replicate] for replicate in own]))
    moved = np.full_like(plain, np.nan)
    moved[1] = plain[1] + shift
    return Curve(years, plain, moved, len(own), True)


def quantiles(values: Array) -> Array:
    """LEVELS over worlds, (3, Y) of (R, Y); the band is nan for fewer than FEWEST worlds, all of it where none is defined."""
    with np.errstate(invalid="ignore"):
        found = np.percentile(values, LEVELS, axis=0)
    for year in np.flatnonzero(~np.isfinite(values).all(axis=0)):
        defined = values[np.isfinite(values[:, year]), year]
        found[:, year] = np.percentile(defined, LEVELS) if defined.size else np.nan
    if len(values) < FEWEST:
        found[[0, 2]] = np.nan
    return np.asarray(found, np.float64)


def mean(values: Array) -> Array:
    """Mean over worlds in which it is defined, (Y,) of (R, Y)."""
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    return np.where(count > 0, np.where(defined, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def difference(metric: str, usual: Runs, policy: Runs) -> Contrast | None:
    """What the pairs that are done say about the whole run; None if no pair is defined."""
    row = ROWS[metric]
    pairs = [(policy[replicate].whole[row], usual[replicate].whole[row]) for replicate in policy if replicate in usual]
    arm, base = np.array(pairs, np.float64).reshape(-1, 2).T
    return contrast(arm, base, METRICS[metric].better)
