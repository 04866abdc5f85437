"""All figures of a results folder, as PNG and SVG, and the numbers behind each as a table and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from matplotlib import rc_context
from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.doubt import Ends, Thin, ends, thin
from sim.analysis.ensemble import LEVELS, Ensemble, Window, bands, first_arm, gather, on_one_calendar, own_arms, paired_only, paths
from sim.analysis.paired import COST, TODAY, Row, Worlds, compare, worlds
from sim.analysis.places import OF_METRIC, Places, has_panel, read_places
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.reading import read_arms, read_events, read_genealogy, read_plan, read_runs, read_series
from sim.experiment.store import attach
from sim.experiment.switching import BESIDE, switched_names
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.show.charts.changes import forest, shares
from sim.show.charts.genealogy import genealogy
from sim.show.charts.over_time import CAUSES, PANELS, causes, changes, gaps, outcomes, period, told_over_time
from sim.show.charts.trade_off import ACROSS, UP, plane
from sim.show.markup import Numbers
from sim.show.style import RC, replicates, simulated

FOLDER = "figures"
DPI = 150
OPTIONS: dict[str, dict[str, Any]] = {
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Date": None}},
}
MOST_COLUMNS = 5  # policies beside each other
MOST_ARMS = 12  # beyond, figures that show every arm cannot be read
Cell = str | int | float | None
_PERCENT = ("change, %", "95 % from", "to", "change in its unit", "95 % from", "to", "unit", "worlds", "share of worlds that got worse")


class Results(NamedTuple):
    """What a results folder says, read once."""

    plan: dict[str, Any]  # `plan.json`
    usual: str  # the arm that is business as usual
    ensemble: Ensemble  # runs of the replicates that every arm has
    rows: list[Row]  # the paired comparison
    dropped: tuple[int, ...]  # replicates left out because some arm lacks them
    events: pa.Table  # of the run whose genealogy is drawn, the first of business as usual
    genealogy: pa.Table  # of the same run
    runs: pa.Table  # a row per run
    worlds: list[Worlds]  # in how many worlds each policy does better
    apart: Sequence[Ensemble] = ()  # arms whose months are others than those of business as usual, so that no pair can be made, one by one
    thin: Sequence[Thin] = ()  # what of each policy hangs on levers of thin evidence, where that was run
    ends: Ends = MappingProxyType({})  # the comparison with effects at the ends of their ranges, where that was run
    metrics: Sequence[str] = HEADLINE  # outcomes that are told, the one that is asked about first
    window: Window | None = None  # months that were compared; None = the whole run
    places: Places | None = None  # the first outcome in every place, where a panel recorded it

    @property
    def source(self) -> str:
        """The line under every figure: program, world, months, replicates."""
        return source(self.plan, self.ensemble, self.dropped)


def source(plan: dict[str, Any], ensemble: Ensemble, dropped: Sequence[int] = (), count: int | None = None) -> str:
    """What a figure rests on: program, world, months, replicates (`count`, if other than the ensemble's), those that were left out."""
    first, last = ensemble.months[[0, -1]]
    out = f" ({len(dropped)} incomplete left out)" if dropped else ""
    return simulated(plan, f"{first} to {last}, n = {replicates(count or ensemble.replicates.size)} per scenario{out}")


def read(folder: Path, usual: str | None = None, window: Window | None = None, metrics: Sequence[str] | None = None) -> Results:
    """Read a results folder and compare its scenarios, by default with the plan's first and on the outcomes of the trade-off table.

    Arms with other months are set apart; those in which some response of the model is switched off are left out.
    Raises PairingError: nothing that can be compared; FolderError: not a results folder.
    """
    plan = read_plan(folder)
    everything = read_series(folder)
    series = own_arms(everything)
    first = first_arm(plan, series)
    usual = usual or first
    series, apart = on_one_calendar(series, usual)
    series, dropped = paired_only(series)
    runs, ensemble = read_runs(folder), gather(series)
    rows = compare(series, usual, window=window, runs=runs)
    shown = HEADLINE if metrics is None else (*metrics, *(name for name in HEADLINE if name.startswith(COST) and name not in metrics))
    for metric in metrics or ():
        ensemble[metric]  # it says so if that was not recorded
    counted = list(worlds(ensemble, usual, window, shown))
    told = ensemble.run_id(ensemble.arm(usual), 0)
    results = Results(plan, usual, ensemble, rows, dropped, read_events(folder, told), read_genealogy(folder, told), runs, counted, apart)
    column = OF_METRIC.get(shown[0])  # what is asked about first, where it was recorded by place
    places = read_places(folder, column, window) if column and has_panel(folder) else None
    results = results._replace(metrics=shown, window=window, places=places)
    return _with_doubts(results, everything, folder, window) if usual == first else results


def _with_doubts(results: Results, series: pa.Table, folder: Path, window: Window | None) -> Results:
    """The results with what arms beside the comparison, which were run against the plan's first, say of them."""
    if not switched_names(series.column("scenario").unique().to_pylist(), BESIDE):
        return results
    scenarios = {arm.scenario.name: arm.scenario for arm in read_arms(folder, results.plan)}
    names = [results.usual, *(name for name in results.ensemble.arms if name != results.usual)]
    return results._replace(thin=list(thin(series, scenarios, names, window, results.metrics)), ends=ends(series, names, window))


def save(folder: Path, name: str, figure: Figure) -> list[Path]:
    """Keep one figure in a results folder, as PNG and SVG."""
    return [attach(folder, f"{FOLDER}/{name}.{kind}", encode(figure, kind)) for kind in ("png", "svg")]


def draw(results: Results) -> Iterator[tuple[str, Figure]]:
    """Names and figures; what lacks a table, a policy to compare, or room for a big sweep is left out."""
    ensemble, usual, of_one = results.ensemble, results.usual, source(results.plan, results.ensemble, count=1)
    foot = results.source
    if len(ensemble.arms) <= MOST_ARMS:
        world = next((str(arm["world"]) for arm in results.plan["arms"] if arm["name"] == usual and "like" not in arm), "")
        yield "outcomes", outcomes(ensemble, usual, foot, panels(results), world)
        if any(name in ensemble.metrics for name, *_ in CAUSES):
            yield "causes", causes(ensemble, usual, foot)
    if 1 < len(ensemble.arms) <= MOST_ARMS:
        if {ACROSS, UP} <= {*results.metrics}:
            yield "trade_off", plane(results.rows, usual, foot)
        yield "differences", forest(results.rows, usual, foot, results.metrics)
        if len(ensemble.arms) <= MOST_COLUMNS + 1 and told_over_time(ensemble, usual, results.metrics):
            yield "over_time", gaps(ensemble, results.rows, usual, foot, results.metrics)
        if results.worlds:
            yield "worlds", shares(results.worlds, usual, foot)
    if results.places is not None and len(results.places.arms) <= MOST_COLUMNS + 1:
        from sim.show.charts.state_maps import state_maps  # noqa: PLC0415  outlines, which nothing else needs

        yield "places", state_maps(results.places, usual, foot, tiles(results.plan))
    if results.genealogy.num_rows:
        caption = f"{usual}, replicate {ensemble.replicates[0]}"
        end = (ensemble.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
        yield "genealogy", genealogy(results.genealogy, results.events, end, caption, of_one)


def tiles(plan: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Column and row of every state on the tile map of the plan's world."""
    arm = next(arm for arm in plan["arms"] if "like" not in arm)
    world = load_world(arm["world"], arm["world_options"], scenario_folder() / WORLDS)
    columns = zip(world.states, world.tile_x.tolist(), world.tile_y.tolist(), strict=True)
    return {state: (x, y) for state, x, y in reversed([*columns])}


def panels(results: Results) -> Sequence[str]:
    """Outcomes that are drawn over time: what is asked about; of costs only the whole."""
    return PANELS if results.metrics == HEADLINE else [name for name in results.metrics if not name.startswith(COST)] or PANELS


def encode(figure: Figure, kind: str) -> bytes:
    """A figure as "png" or "svg"; the same figure gives the same bytes."""
    buffer = BytesIO()
    with rc_context(RC):
        figure.savefig(buffer, format=kind, dpi=DPI, **OPTIONS[kind])
    return buffer.getvalue()


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
    for metric in told_over_time(ensemble, results.usual, results.metrics):
        times, values = paths(ensemble, metric, period(ensemble))
        for arm in (name for name in ensemble.arms if name != results.usual):
            change = changes(values[ensemble.arm(arm)], values[ensemble.arm(results.usual)])
            yield from ([arm, country.title(metric), str(time)[:7], *each] for time, each in zip(times, change.T.tolist(), strict=True))


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
