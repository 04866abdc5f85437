"""What an evidence row computes from recorded months: arithmetic on arrays, the same for one run and for many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.evidence import MAJORS, ORGANISATIONS, Evidence, Window
from sim.catalogue.metrics import METRICS

Array = NDArray[np.float64]
Months = NDArray[np.datetime64]

YEAR = 365.25  # days
NO_YEAR = 183.0  # days; a calendar year of which less is recorded is left out of yearly paths


class Record(Protocol):
    """Recorded months of one run (... = nothing) or of many."""

    @property
    def months(self) -> Months:
        """Ascending, datetime64[M], (M,)."""

    @property
    def days(self) -> Array:
        """Simulated days of each, (M,)."""

    def __getitem__(self, metric: str) -> Array:
        """Monthly values, (..., M): flows of the month, stocks at its end."""

    def offspring(self, founders: Sequence[str], month: np.datetime64) -> Array:
        """Groups alive at the end of a month whose line goes back to the founders, (...)."""


def covered(row: Evidence, months: Months) -> bool:
    """Whether all months that a row is about were recorded."""
    return all(months[0] <= np.datetime64(first) and np.datetime64(last) <= months[-1] for first, last in row.windows)


def value(row: Evidence, record: Record) -> Array:
    """A row's statistic, (...), in the row's unit, as if records were complete; nan where a quotient has no divisor.

    The row must be covered, and not be one about twins.
    """
    if row.form == "offspring":
        return record.offspring(MAJORS, np.datetime64(row.window[1])) / ORGANISATIONS * row.per
    if row.form == "spread":
        return spread(_path(row, record, row.window))
    if row.peaks:
        low, before, after = (_path(row, record, window) for window in (row.window, *row.peaks))
        return trough(low, before, after, row.noise)
    now = level(row, record, row.window)
    if row.base is None:
        return now
    then = level(row, record, row.base)
    return now - then if row.form == "change" else quotient(now, then)


def level(row: Evidence, record: Record, window: Window) -> Array:
    """Yearly flow or mean stock over a window, over another metric if the row says so, times `per`."""
    first, last = (np.datetime64(month) for month in window)
    months = slice(*np.searchsorted(record.months, [first, last + np.timedelta64(1, "M")]))
    total = sum(_mean(name, record, months) for name in row.metric.split("+"))
    if row.over:
        total = quotient(np.asarray(total), _mean(row.over, record, months))
    return np.asarray(total * row.per)


def _mean(metric: str, record: Record, months: slice) -> Array:
    values = record[metric][..., months]
    if METRICS[metric].kind == "flow":
        return np.asarray(values.sum(axis=-1) * YEAR / record.days[months].sum())
    return np.asarray(values.mean(axis=-1))


def quotient(top: Array, bottom: Array) -> Array:
    """Elementwise; nan where the divisor is zero."""
    top, bottom = np.asarray(top, np.float64), np.asarray(bottom, np.float64)
    empty = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=empty, where=bottom != 0.0))


def spread(path: Array) -> Array:
    """Largest deviation from the mean, relative to it, along the last axis."""
    mean = path.mean(axis=-1)
    return quotient(np.abs(path - mean[..., None]).max(axis=-1), mean)


def trough(low: Array, before: Array, after: Array, noise: float) -> Array:
    """Depth of the lowest year below the lower of two peaks, along the last axis; 0 unless it is beyond noise."""
    depth = 1.0 - quotient(low.min(axis=-1), np.minimum(before.max(axis=-1), after.max(axis=-1)))
    return np.asarray(np.where(depth <= noise, 0.0, depth))


def _path(row: Evidence, record: Record, window: Window) -> Array:
    """The levels of a window's years, (..., years)."""
    return np.stack([level(row, record, year) for year in _years(window, record) or [window]], axis=-1)


def _years(window: Window, record: Record) -> list[Window]:
    """The calendar years of a window of which at least half is recorded."""
    calendar = record.months.astype("datetime64[Y]").astype(np.int64) + 1970
    years = range(int(window[0][:4]), int(window[1][:4]) + 1)
    return [(f"{year}-01", f"{year}-12") for year in years if record.days[calendar == year].sum() >= NO_YEAR]
