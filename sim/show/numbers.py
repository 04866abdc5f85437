"""The numbers behind the pictures of a comparison, each as a table that a page shows on demand and gives away as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from sim.analysis import country
from sim.analysis.contrast import half_width
from sim.analysis.ensemble import LEVELS, bands, paths
from sim.analysis.paired import TODAY
from sim.catalogue.metrics import METRICS
from sim.show.charts.over_time import CAUSES, MOST
from sim.show.figures import Results, panels
from sim.show.markup import Numbers

Cell = str | int | float | None


def behind(results: Results, name: str) -> list[Numbers]:
    """What a figure of a comparison is drawn from; nothing where that is no table of numbers."""
    return [Numbers(name, _MADE[name][0], [*rows_of(results, name)])] if name in _MADE else []


def rows_of(results: Results, name: str) -> Iterator[Sequence[Cell]]:
    """The same as plain values."""
    return _MADE[name][1](results)


def _changes(results: Results) -> Iterator[Sequence[Cell]]:
    for row in results.rows:
        if TODAY != row.baseline != row.scenario and row.metric in results.metrics:
            ends = (row.percent, row.percent_low, row.percent_high, row.difference, row.low, row.high)
            yield [row.scenario, country.title(row.metric), *ends, country.in_currency(METRICS[row.metric].unit), row.n, row.share_worse]


def _levels(results: Results) -> Iterator[Sequence[Cell]]:
    ensemble = results.ensemble
    for metric in (name for name in panels(results) if name in ensemble.metrics):
        found = bands(ensemble, metric, "year")
        for arm, own in zip(ensemble.arms, found.quantiles, strict=True):
            for time, values in zip(found.times, own.T, strict=True):
                yield [arm, country.title(metric), country.in_currency(METRICS[metric].unit), str(time)[:4], *map(float, values)]


def _years(results: Results) -> Iterator[Sequence[Cell]]:
    ensemble = results.ensemble
    by = "year" if ensemble.months.size >= 36 else "month"
    for metric in [name for name in results.metrics if name in ensemble.metrics][:MOST]:
        times, values = paths(ensemble, metric, by)
        base = values[ensemble.arm(results.usual)]
        for arm in (name for name in ensemble.arms if name != results.usual):
            for time, own, usual in zip(times, values[ensemble.arm(arm)].T, base.T, strict=True):
                level = float(np.nanmean(usual)) if np.isfinite(usual).any() else 0.0
                change = 100 * (own - usual) / level if level > 0 else np.full(own.size, np.nan)
                mean, half = float(change.mean()), half_width(change)
                low, high = map(float, np.percentile(change, (5, 95)))
                yield [arm, country.title(metric), str(time)[:7], mean, mean - half, mean + half, low, high]


def _causes(results: Results) -> Iterator[Sequence[Cell]]:
    ensemble = results.ensemble
    for metric in (name for name, *_ in CAUSES if name in ensemble.metrics):
        times, values = paths(ensemble, metric, "year")
        for arm in ensemble.arms:
            for time, value in zip(times, values[ensemble.arm(arm)].mean(axis=0), strict=True):
                yield [arm, METRICS[metric].title, str(time)[:4], float(value)]


def _worlds(results: Results) -> Iterator[Sequence[Cell]]:
    for row in results.worlds:
        yield [row.scenario, country.title(row.metric), row.better, row.same, row.worse]


def _groups(results: Results) -> Iterator[Sequence[Cell]]:
    run = results.ensemble.run_id(results.ensemble.arm(results.usual), 0)
    for row in results.genealogy.to_pylist():
        if row["run_id"] == run:
            days = ("" if row[key] is None else str(row[key]) for key in ("born", "died"))
            yield [row["cartel"], row["parent"] or "", *days, float(row["peak_members"]), "yes" if row["cell"] else "no"]


def _places(results: Results) -> Iterator[Sequence[Cell]]:
    found = results.places
    if found is not None:
        for arm, values in zip(found.arms, found.values.mean(axis=1), strict=True):
            for place, value in zip(found.ids, values, strict=True):
                yield [arm, place, float(value)]


_PERCENT = ("change, %", "95 % from", "to", "change in its unit", "95 % from", "to", "unit", "worlds", "share of worlds that got worse")
_MADE: Mapping[str, tuple[Sequence[str], Callable[[Results], Iterator[Sequence[Cell]]]]] = {
    "differences": (("scenario", "outcome", *_PERCENT), _changes),
    "trade_off": (("scenario", "outcome", *_PERCENT), _changes),
    "outcomes": (("scenario", "outcome", "unit", "year", *(f"{level:g} % of worlds below" for level in LEVELS)), _levels),
    "over_time": (("scenario", "outcome", "period", "change, %", "95 % from", "to", "90 % of worlds from", "to"), _years),
    "causes": (("scenario", "cause", "year", "deaths a year"), _causes),
    "worlds": (("scenario", "outcome", "better", "same", "worse"), _worlds),
    "places": (("scenario", "place", "homicides a year"), _places),
    "genealogy": (("group", "parent", "born", "ended", "most members", "cell"), _groups),
}
