"""Quantile bands over replicates: how far one history may lie from another under the same policy."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ensemble import Ensemble, summarise
from sim.catalogue.metrics import METRICS

LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)  # percent
HALF_YEAR = 183.0  # days


class Bands(NamedTuple):
    """Quantiles of a metric over replicates."""

    times: NDArray[np.datetime64]  # middle of each period, datetime64[D], (T,)
    quantiles: NDArray[np.float64]  # one row per level of LEVELS, (A, 5, T); flows as yearly rates


def bands(ensemble: Ensemble, metric: str, by: str = "month") -> Bands:
    """Bands of a metric by "month" or by calendar "year".

    A year of which less than half was simulated is left out, unless there is no other.
    """
    times, values = paths(ensemble, metric, by)
    quantiles = np.percentile(values, LEVELS, axis=1)
    if np.isnan(values).any():
        with warnings.catch_warnings():  # a period in which no replicate is defined stays nan
            warnings.simplefilter("ignore", RuntimeWarning)
            quantiles = np.nanpercentile(values, LEVELS, axis=1)
    return Bands(times, np.moveaxis(quantiles, 0, 1))


def paths(ensemble: Ensemble, metric: str, by: str) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Each run's history by "month" or "year"; flows as yearly rates.

    Returns:
        Middle of the periods, datetime64[D], (T,), and values, (A, R, T).
    """
    periods = calendar(ensemble.months, ensemble.days, by)
    values, kind = ensemble[metric], METRICS[metric].kind
    by_period = [summarise(values[..., months], ensemble.days[months], kind, yearly=True) for months in periods]
    return np.array([_middle(ensemble, months) for months in periods]), np.stack(by_period, axis=-1)


def calendar(months: NDArray[np.datetime64], days: NDArray[np.float64], by: str) -> list[slice]:
    """Months, (M,), and the days simulated in each, (M,), grouped into periods: slices of the months."""
    count = months.size
    if by == "month":
        return [slice(index, index + 1) for index in range(count)]
    years = months.astype("datetime64[Y]")
    starts = np.flatnonzero(np.r_[True, years[1:] != years[:-1]])
    whole = [slice(int(a), int(b)) for a, b in zip(starts, np.r_[starts[1:], count], strict=True)]
    return [period for period in whole if days[period].sum() >= HALF_YEAR] or whole


def _middle(ensemble: Ensemble, months: slice) -> np.datetime64:
    """The day half-way through a period."""
    first, last = ensemble.months[months][[0, -1]]
    start, end = first.astype("datetime64[D]"), (last + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.datetime64(start + (end - start) // 2)
