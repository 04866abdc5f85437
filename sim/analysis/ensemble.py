"""The series table of an experiment as arrays: arm x replicate x month.

An *arm* is what is compared: a scenario, or one design point of a swept scenario.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.catalogue.metrics import METRICS
from sim.experiment.errors import ExperimentError
from sim.experiment.switching import switched_names
from sim.scenario.problems import suggest

YEAR = 365.25  # days
FIRST_YEAR = 12  # months that stand for "today"

Window = tuple[str, str]
LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)  # percent
HALF_YEAR = 183.0  # days


class PairingError(ExperimentError):
    """Runs that cannot be paired, or a question that the stored runs cannot answer."""

    exit_code = 2


@dataclass(frozen=True)
class Ensemble:
    """Every run of an experiment on one calendar; all arms have the same replicates and months."""

    arms: tuple[str, ...]  # names in order of first appearance, (A,)
    replicates: NDArray[np.int64]  # (R,), ascending
    months: NDArray[np.datetime64]  # (M,), ascending
    days: NDArray[np.float64]  # simulated days of each month, (M,)
    _series: Any = field(repr=False)
    _order: NDArray[np.int64] = field(repr=False)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Metrics of the catalogue that were recorded, in the catalogue's order."""
        columns = set(self._series.column_names)
        return tuple(name for name in METRICS if name in columns)

    def __getitem__(self, metric: str) -> NDArray[np.float64]:
        """Monthly values, (A, R, M): flows per month, stocks at month end. Raises PairingError: the metric was not recorded."""
        if metric not in self.metrics:
            raise PairingError(f"metric {metric!r} was not recorded", hint=suggest(metric, self.metrics))
        column = self._series.column(metric).to_numpy().astype(np.float64)
        shape = (len(self.arms), self.replicates.size, self.months.size)
        return np.asarray(column[self._order].reshape(shape), dtype=np.float64)

    def arm(self, name: str) -> int:
        """Index of an arm. Raises PairingError: no run of that scenario is stored."""
        if name not in self.arms:
            raise PairingError(f"no runs of scenario {name!r}; stored: {', '.join(self.arms)}")
        return self.arms.index(name)

    def run_id(self, arm: int, replicate: int) -> str:
        """The run behind one row of the arrays (indices, not names)."""
        row = self._order[(arm * self.replicates.size + replicate) * self.months.size]
        return str(self._series.column("run_id")[int(row)])

    def within(self, window: Window | None) -> slice:
        """Months of `window`, both ends included; None = the whole run. Raises PairingError: it is empty or leaves the simulated months."""
        if window is None:
            return slice(0, self.months.size)
        first, last = (np.datetime64(month, "M") for month in window)
        if first > last or first < self.months[0] or last > self.months[-1]:
            raise PairingError(f"window {first} to {last} is not within the simulated months {self.months[0]} to {self.months[-1]}")
        start, stop = np.searchsorted(self.months, [first, last])
        return slice(int(start), int(stop) + 1)

    def level(self, metric: str, months: slice, *, yearly: bool = False) -> NDArray[np.float64]:
        """One number per run, (A, R): a flow summed over `months` or as a rate a year, a stock averaged over them."""
        return summarise(self[metric][..., months], self.days[months], METRICS[metric].kind, yearly=yearly)


def summarise(values: NDArray[np.float64], days: NDArray[np.float64], kind: str, *, yearly: bool = False) -> NDArray[np.float64]:
    """Months (last axis) to one number: sum of a flow (or its yearly rate), mean of a stock where it is defined."""
    if kind == "flow":
        total = values.sum(axis=-1)
        return np.asarray(total * YEAR / days.sum() if yearly else total, dtype=np.float64)
    defined = np.isfinite(values)
    count = defined.sum(axis=-1)
    total = np.where(defined, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def gather(series: pa.Table) -> Ensemble:
    """Arrange a series table as an ensemble. Raises PairingError: no rows, or arms whose replicates or months differ."""
    if series.num_rows == 0:
        raise PairingError("no finished runs to compare")
    series = series.combine_chunks()
    arms, arm = _arms(series)
    replicate = series.column("replicate").to_numpy().astype(np.int64)
    month = series.column("month").to_numpy().astype("datetime64[M]")
    replicates, months = np.unique(replicate), np.unique(month)
    order = np.lexsort((month, replicate, arm))
    grid = np.array([len(arms), replicates.size, months.size])
    at = (arm, np.searchsorted(replicates, replicate), np.searchsorted(months, month))
    if order.size != grid.prod() or np.any(np.diff(np.ravel_multi_index(at, grid)[order]) != 1):
        raise PairingError("runs cannot be paired: " + "; ".join(_unequal(arms, arm, replicate, month)))
    days = series.column("days").to_numpy().astype(np.float64)[order[: months.size]]
    return Ensemble(arms, replicates, months, days, series, order)


def paired_only(series: pa.Table) -> tuple[pa.Table, tuple[int, ...]]:
    """Keep the replicates that every arm has; also name those left out (failed or still to run)."""
    series = series.combine_chunks()
    arms, arm = _arms(series)
    replicate = series.column("replicate").to_numpy().astype(np.int64)
    pairs = np.unique(np.stack([replicate, arm]), axis=1)
    seen, count = np.unique(pairs[0], return_counts=True)
    shared = seen[count == len(arms)]
    return series.filter(pa.array(np.isin(replicate, shared))), tuple(seen[count < len(arms)].tolist())


def own_arms(series: pa.Table) -> pa.Table:
    """The series without arms that are another arm once more: with something switched off, other effects, or fewer levers."""
    names = series.column("scenario")
    again = pa.array(switched_names(names.unique().to_pylist()), pa.string())
    return series.filter(pc.invert(pc.is_in(names, again)))


def on_one_calendar(series: pa.Table, usual: str) -> tuple[pa.Table, list[Ensemble]]:
    """Keep the arms that have the months of business as usual; the others, which cannot be paired with it, one by one."""
    series = series.combine_chunks()
    arms, arm = _arms(series)
    if usual not in arms:
        return series, []
    month = series.column("month").to_numpy().astype("datetime64[M]")
    months = [np.unique(month[arm == each]) for each in range(len(arms))]
    same = [np.array_equal(own, months[arms.index(usual)]) for own in months]
    kept = series.filter(pa.array(np.array(same)[arm]))
    return kept, [gather(series.filter(pa.array(arm == each))) for each, like in enumerate(same) if not like]


def first_arm(plan: Mapping[str, Any], series: pa.Table) -> str:
    """The plan's first arm as the comparison calls it: in a sweep, its first design point."""
    arm = plan["arms"][0]
    point = f"{arm['name']}@{arm['point']}"
    return point if point in _arms(series.combine_chunks())[0] else str(arm["name"])


def _arms(series: pa.Table) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the arms and each row's arm; a swept scenario gives one arm per design point, `name@point`."""
    scenarios, scenario = _coded(series, "scenario")
    points, point = _coded(series, "point")
    codes, first, arm = np.unique(scenario * len(points) + point, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    pairs = [divmod(int(code), len(points)) for code in codes[np.argsort(first)]]
    swept = {name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1}
    names = (f"{scenarios[s]}@{points[p]}" if s in swept else str(scenarios[s]) for s, p in pairs)
    return tuple(names), rank[arm].astype(np.int64)


def _coded(series: pa.Table, column: str) -> tuple[list[Any], NDArray[np.int64]]:
    """Distinct values in order of first appearance, and each row's index into them."""
    coded = series.column(column).combine_chunks().dictionary_encode(null_encoding="encode")
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _unequal(arms: Sequence[str], arm: NDArray[np.int64], replicate: NDArray[np.int64], month: NDArray[np.datetime64]) -> list[str]:
    """Say, arm by arm, which replicates or months keep it from being paired with the first one."""
    problems = []
    for index, name in enumerate(arms):
        own, base = arm == index, arm == 0
        for what, key in (("replicates", replicate), ("months", month)):
            differing = np.setxor1d(key[own], key[base])
            if differing.size:
                some = ", ".join(map(str, differing[:5])) + (", ..." if differing.size > 5 else "")
                problems.append(f"{what} of {name!r} differ from those of {arms[0]!r} ({some})")
    return problems or ["some runs stop early or are stored twice"]


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
    """Middle of the months or years, datetime64[D], (T,), and each run's values in them, (A, R, T); flows as yearly rates."""
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
