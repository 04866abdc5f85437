"""Figures of a sweep: lines over one field, maps over two, points over drawn ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.analysis import country
from sim.analysis.paired import COST, TODAY
from sim.analysis.sweep import Levels, PointRow, spread
from sim.analysis.table import plain
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.plan import short
from sim.experiment.reading import read_plan
from sim.experiment.specs import Arm
from sim.show.style import BLUE, GREY, LEVEL_MAP, MAP, frame, grid, ink, key, legend, replicates, scaled, simulated, styled

Array = NDArray[np.float64]
Pairs = Sequence[tuple[Arm, Arm]]

PANELS = tuple(metric for metric in HEADLINE if not metric.startswith(COST))
PANEL, HEAD, FOOT, GAP = 2.3, 1.25, 0.6, 0.75  # inches high
WRITTEN = 150  # cells of a map in which a number can still be read
FIELDS = 4  # drawn fields that are drawn side by side


class Sight(NamedTuple):
    """What is drawn."""

    rows: Sequence[PointRow]  # of the comparison
    levels: Levels  # of all runs
    pairs: Pairs  # design points and their business as usual
    fields: Sequence[str]  # what is varied
    source: str  # the line at the foot

    @property
    def metrics(self) -> list[str]:
        """Headline metrics that were recorded."""
        return [name for name in PANELS if name in self.levels.metrics]

    @property
    def same(self) -> bool:
        """Whether business as usual itself is swept, so that there is nothing to subtract."""
        return all(arm == usual for arm, usual in self.pairs)

    def changes(self, metric: str) -> Array:
        """Difference from business as usual in percent with its interval, (points, 3); nan where it is undefined."""
        found = {(r.row.scenario, r.point): r.row for r in self.rows if r.row.metric == metric and r.row.baseline != TODAY}
        rows = [found.get((arm.scenario.name, arm.point)) for arm, _ in self.pairs]
        return np.array([(r.percent, r.percent_low, r.percent_high) if r else [None] * 3 for r in rows], dtype=np.float64)

    def along(self, field: str) -> Array:
        """A coordinate of every point, (points,)."""
        return np.array([arm.at[field] for arm, _ in self.pairs], dtype=np.float64)


def draw(sight: Sight) -> Iterator[tuple[str, Figure]]:
    """Names and figures; a sweep of words, dates or places has none."""
    numbers = all(isinstance(value, int | float) for arm, _ in sight.pairs for value in arm.at.values())
    if not numbers or len(sight.pairs) < 2 or not sight.metrics:
        return
    if len(sight.fields) == 1 or _on_a_line(sight):
        yield "sweep_levels", level_lines(sight)
        if not sight.same:
            yield "sweep_differences", difference_lines(sight)
    elif len(sight.fields) == 2 and _is_grid(sight):
        yield "sweep_map", maps(sight)
    elif not sight.same:
        yield "sweep_points", scatter(sight)


@styled
def level_lines(sight: Sight) -> Figure:
    """Yearly level over the varied field: median and 5-95 % band of replicates, business as usual in grey."""
    line: Any = "-" if sight.same else (0, (5, 2))
    figure, panels = _grid(len(sight.metrics))
    for axes, metric in zip(panels, sight.metrics, strict=True):
        arms, base = (spread(sight.levels, [pair[k] for pair in sight.pairs], metric) for k in (0, 1))
        largest = float(np.nanmax([arms.high, base.high]))
        unit, label = scaled(METRICS[metric].unit, METRICS[metric].kind, largest)
        if not sight.same:
            _band(axes, sight, [base.low / unit, base.median / unit, base.high / unit], GREY)
        _band(axes, sight, [arms.low / unit, arms.median / unit, arms.high / unit], BLUE, marker="s", linestyle=line)
        axes.set(title=country.title(metric), ylabel=label, ylim=(0, 1.06 * largest / unit or 1))
    swept, usual = (pair.scenario.name for pair in sight.pairs[0])
    plain = [] if sight.same else [key(f"{usual} (business as usual)", GREY, line="-")]
    legend(figure, [*plain, key(f"{swept}, swept", BLUE, "s", line)], handlelength=3.2)
    n = replicates(len(next(iter(sight.levels.runs.values()))))
    subtitle = f"Line: median of {n}, mean of the whole run, flows per year. Band: 5-95 % of replicates. Vertical axes start at zero."
    return frame(figure, f"How do outcomes move with {_and(sight.fields)}?", subtitle, sight.source)


@styled
def difference_lines(sight: Sight) -> Figure:
    """Change against business as usual over the varied field, with its 95 % interval."""
    figure, panels = _grid(len(sight.metrics))
    for axes, metric in zip(panels, sight.metrics, strict=True):
        middle, low, high = sight.changes(metric).T
        axes.axhline(0, color=GREY, linewidth=1.4)
        _band(axes, sight, [low, middle, high], BLUE, marker="s")
        axes.set(title=country.title(metric), ylabel="change, %")
        _at_least_one_percent(axes)
    usual = sight.pairs[0][1].scenario.name
    subtitle = f"Mean paired difference from {usual}, whole run, in the same worlds with the same luck. Band: its 95 % interval."
    question = f"What does {_and(sight.fields)} change against {usual}, and how surely?"
    return frame(figure, question, subtitle + _units(sight.fields[:1]), sight.source)


@styled
def maps(sight: Sight) -> Figure:
    """Two fields: change against business as usual in every cell, grey at zero; hatched where the interval holds zero."""
    along = [sight.along(field) for field in sight.fields]
    xs, ys = map(np.unique, along)
    at = np.searchsorted(ys, along[1]), np.searchsorted(xs, along[0])
    figure, panels = _grid(len(sight.metrics), gap=GAP + 0.15, wide=0.42, right=0.96)  # for the label of the last colour bar
    for axes, metric in zip(panels, sight.metrics, strict=True):
        values, unsure, norm, colours, label = _cells(sight, metric)
        table, hatch = np.full((2, ys.size, xs.size), np.nan)
        table[at], hatch[at] = values, unsure
        mesh = axes.pcolormesh(_edges(xs), _edges(ys), table, norm=norm, cmap=colours, rasterized=table.size > 10_000)
        for row, column in np.argwhere(hatch == 1.0):
            corner, size = (_edges(xs)[column], _edges(ys)[row]), (np.diff(_edges(xs))[column], np.diff(_edges(ys))[row])
            axes.add_patch(Rectangle(corner, *size, fill=False, hatch="///", edgecolor="#ffffff88", linewidth=0))
        if table.size <= WRITTEN:
            _write(axes, xs, ys, table, mesh, signed=not sight.same)
        figure.colorbar(mesh, ax=axes, label=label, pad=0.02)
        axes.set_title(country.title(metric))
        axes.grid(visible=False)
        for axis, values, field in zip((axes.xaxis, axes.yaxis), (xs, ys), sight.fields, strict=True):
            axis.set_label_text(_axis_name(field), fontsize=8)
            if values.size <= 9:
                axis.set_ticks(values)
    usual = sight.pairs[0][1].scenario.name
    subtitle = (
        "Mean level in every cell, flows per year."
        if sight.same
        else f"Mean paired difference from {usual}, %. Grey: no change; darker: less; lighter: more. Hatched: the 95 % interval holds zero."
    )
    return frame(figure, f"What do {_and(sight.fields)} do together?", subtitle + _units(sight.fields), sight.source)


@styled
def scatter(sight: Sight) -> Figure:
    """Drawn points: change against business as usual over each field, with its 95 % interval."""
    metrics, fields = sight.metrics[:3], sight.fields[:FIELDS]
    many = len(fields)
    figure, panels = grid(len(metrics) * many, many, 11, PANEL, 0.5, HEAD, FOOT + 0.25, 0.07, 0.985, 0.08, sharey="row", sharex="col")
    for line, metric in enumerate(metrics):
        middle, low, high = sight.changes(metric).T
        row = panels[line * many : (line + 1) * many]
        for axes, field in zip(row, fields, strict=True):
            axes.axhline(0, color=GREY, linewidth=1.4)
            axes.vlines(sight.along(field), low, high, color=BLUE, alpha=0.45, linewidth=1)
            axes.plot(sight.along(field), middle, linestyle="", marker="s", color=BLUE, markersize=4)
            if _is_log(sight.along(field)):
                axes.set_xscale("log")
        _at_least_one_percent(row[0])
        row[0].set(ylabel="change, %", title=country.title(metric))
    for axes, field in zip(panels[-many:], fields, strict=True):
        axes.set_xlabel(_axis_name(field), fontsize=8)
    usual = sight.pairs[0][1].scenario.name
    left = f" {len(sight.fields) - FIELDS} further fields are in comparison.csv." if len(sight.fields) > FIELDS else ""
    subtitle = f"A mark per design point: mean paired difference from {usual} and its 95 % interval; other fields vary too.{left}"
    return frame(figure, f"What do {_and(sight.fields)} change against {usual}?", subtitle, sight.source)


def _cells(sight: Sight, metric: str) -> tuple[Array, Array, Normalize, str, str]:
    """Values of a map, where they are unsure (1), and how they are coloured."""
    if sight.same:
        level = spread(sight.levels, [arm for arm, _ in sight.pairs], metric).mean
        unit, label = scaled(METRICS[metric].unit, METRICS[metric].kind, float(np.nanmax(level)))
        return level / unit, np.zeros(level.size), Normalize(), LEVEL_MAP, label
    middle, low, high = sight.changes(metric).T
    reach = max(float(np.nanmax(np.abs(middle), initial=0.0)), 1e-6)
    unsure = (low <= 0) & (high >= 0) & (middle != 0)
    return middle, unsure.astype(np.float64), CenteredNorm(0, reach), MAP, "change, %"


def _write(axes: Axes, xs: Array, ys: Array, table: Array, mesh: ScalarMappable, *, signed: bool) -> None:
    """The number in every cell, dark on light and light on dark."""
    for row, y in enumerate(ys):
        for column, x in enumerate(xs):
            value = table[row, column]
            if np.isfinite(value):
                colour = mesh.to_rgba(value)
                text = ("0" if value == 0 else f"{value:+.1f}" if abs(value) < 9.95 else f"{value:+.0f}") if signed else plain(value, 3)
                back = {"facecolor": colour, "edgecolor": "none", "pad": 0.6}
                size = 7.5 if xs.size <= 7 else 6
                axes.text(x, y, text, ha="center", va="center", fontsize=size, color=ink(colour), bbox=back)


def _edges(centres: Array) -> Array:
    """Borders half-way between the values of an axis."""
    middle = (centres[1:] + centres[:-1]) / 2
    edges: Array = np.r_[2 * centres[0] - middle[0], middle, 2 * centres[-1] - middle[-1]]
    return edges


def _band(axes: Axes, sight: Sight, band: Sequence[Array], colour: str, **look: Any) -> None:  # noqa: ANN401
    """A line within its band over the first varied field: low end, middle, high end of every point."""
    x = sight.along(sight.fields[0])
    order = np.argsort(x, kind="stable")
    low, middle, high = (values[order] for values in band)
    axes.fill_between(x[order], low, high, color=colour, alpha=0.2, linewidth=0.8)
    axes.plot(x[order], middle, color=colour, **look)
    axes.set_xlabel(_axis_name(sight.fields[0]), fontsize=8)
    axes.margins(x=0.02)
    if _is_log(x):
        axes.set_xscale("log")


def _grid(count: int, gap: float = GAP, wide: float = 0.3, right: float = 0.975) -> tuple[Figure, Sequence[Axes]]:
    return grid(count, 3, 11, PANEL, gap, HEAD, FOOT + 0.2, 0.07, right, wide)


def _axis_name(field: str) -> str:
    """A field in words, with its unit if that is short."""
    name = short(field)
    if name in LEVERS:
        return f"{LEVERS[name].title}, intensity"
    return f"{name}, {PARAMETERS[name].unit}" if name in PARAMETERS else name


def _units(fields: Sequence[str]) -> str:
    """What intensity 1 of each lever is, a line each."""
    levers = [LEVERS[short(field)] for field in fields if short(field) in LEVERS]
    return "".join(f"\n{lever.title}, intensity 1: {lever.unit}." for lever in levers)


def _and(fields: Sequence[str]) -> str:
    names = [short(field).replace("_", " ") for field in fields]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _at_least_one_percent(axes: Axes) -> None:
    """Let an axis of changes reach a percent both ways, so that nothing looks like much."""
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -1.0), max(high, 1.0))


def _is_log(values: Array) -> bool:
    """Whether values lie more evenly on a log scale than on a plain one, over a factor of ten at least."""
    x = np.unique(values)
    if x.size < 4 or x[0] <= 0 or x[-1] < 10 * x[0]:
        return False
    plain, log = np.diff(x), np.diff(np.log(x))
    return bool(log.std() / log.mean() < plain.std() / plain.mean())


def _is_grid(sight: Sight) -> bool:
    """Whether two fields meet in every combination, with at least two values each."""
    xs, ys = (np.unique(sight.along(field)) for field in sight.fields)
    return min(xs.size, ys.size) > 1 and xs.size * ys.size == len(sight.pairs)


def _on_a_line(sight: Sight) -> bool:
    """Whether all fields rise or fall together."""
    order = np.argsort(sight.along(sight.fields[0]), kind="stable")
    steps = [np.diff(sight.along(field)[order]) for field in sight.fields]
    return bool(np.all(steps[0] > 0)) and all(np.all(step >= 0) or np.all(step <= 0) for step in steps)


def source(folder: Path, arms: Sequence[Arm]) -> str:
    """The line at the foot: program, world, points, replicates."""
    plan = read_plan(folder)
    return simulated(plan, f"{len(arms):,} design points, n = {replicates(plan['replicates'])} each")
