"""Policies over plausible worlds: shares of worlds won and regret; and a tornado of what moves a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.robustness.robust import ALL, Standing
from sim.analysis.robustness.robustness_text import Finding
from sim.analysis.robustness.tipping import Change
from sim.analysis.table import plain
from sim.catalogue.metrics import METRICS
from sim.experiment.switching import Axis
from sim.show.style import BLACK, BLUE, FAINT, GREY, VERMILION, Look, frame, legend, looks, scaled, styled
from sim.show.style import rows as name_rows

HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++", "oooo")
ROW = 0.26  # inches
SHOWN = 14  # assumptions of a tornado
ACROSS = 5  # names in a row of the legend
ROOM = 0.07  # least share of worlds whose number fits into its segment


@styled
def standing(found: Finding, usual: str, source: str) -> Figure:
    """Left, by outcome and family: in what share of worlds each scenario is best. Right: its mean regret, and that of the worst tenth."""
    rows = found.standings
    style = looks(list(dict.fromkeys(row.scenario for row in rows)), usual)
    metrics = list(dict.fromkeys(row.metric for row in rows))
    families = list(found.families)
    places = {(metric, family): m * (len(families) + 0.7) + f for m, metric in enumerate(metrics) for f, family in enumerate(families)}
    tall = ROW * (max(places.values()) + 1)
    height = tall + 1.95 + 0.2 * ceil(len(style) / ACROSS)
    figure = Figure(figsize=(9.5, height))
    left = figure.add_axes((0.27, 0.85 / height, 0.42, tall / height))
    right = figure.add_axes((0.72, 0.85 / height, 0.26, tall / height), sharey=left)
    for (metric, family), place in places.items():
        _segments(left, [row for row in rows if (row.metric, row.family) == (metric, family)], place, style)
    for metric in metrics:
        own = [row for row in rows if (row.metric, row.family) == (metric, ALL)]
        _regret(right, own, places[metric, families[0]] - 0.4, places[metric, families[-1]] + 0.4, style)
    _labels(left, places, found)
    right.tick_params(axis="y", length=0, labelleft=False)
    right.grid(visible=False, axis="y")
    right.set_xlabel("regret in all worlds,\n% of the best (mark: mean;\nline: to the worst tenth)")
    for metric in metrics[1:]:
        right.axhline(places[metric, families[0]] - 0.85, color=GREY, linewidth=0.6)
    right.margins(x=0.45)
    right.set_xlim(left=0)
    first, last = found.window.split("/")
    subtitle = f"Best in one outcome at a time, {first} to {last}, {found.families[ALL]} plausible worlds; ties are shared out."
    frame(figure, "In how many worlds does each scenario come out best?", subtitle, source)
    handles = [
        Patch(facecolor=look.colour, hatch=hatch, edgecolor="white", label=name)
        for (name, look), hatch in zip(style.items(), _hatches(len(style)), strict=True)
    ]
    legend(figure, handles, ACROSS)
    return figure


@styled
def tornado(change: Change, source: str) -> Figure:
    """What the gap between two policies becomes when one assumption goes to either end of its plausible range."""
    contest = change.contest
    known = {axis: _known(gaps) for axis, gaps in change.screen.items() if _known(gaps)}
    reach = {axis: max(abs(gap - change.screen_centre) for gap in gaps) for axis, gaps in known.items()}
    shown = sorted(reach, key=lambda axis: -reach[axis])[:SHOWN]
    largest = max((abs(gap) for axis in shown for gap in known[axis]), default=1.0)
    divisor, unit = scaled(METRICS[contest.metric].unit, "stock", largest)
    tall = ROW * 1.25 * max(len(shown), 1)
    height = tall + 1.9
    figure = Figure(figsize=(9.5, height))
    axes = figure.add_axes((0.36, 0.72 / height, 0.61, tall / height))
    for row, axis in enumerate(shown):
        _both_ends(axes, row, axis, change, divisor)
    axes.axvline(0, color=GREY, linewidth=1.4, zorder=1)
    axes.axvline(change.screen_centre / divisor, color=GREY, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    name_rows(axes, [f"{axis.name}  {plain(axis.low, 3)} to {plain(axis.high, 3)}" for axis in shown])
    axes.margins(x=0.06)
    axes.set_xlabel(f"{contest.second} worse than {contest.first} by, {unit}; left of zero the ranking is turned")
    title = f"What would turn the ranking of {contest.first} and {contest.second}?"
    subtitle = f"{country.title(contest.metric)}: one assumption at a time, from the central fit (dashed) to either end of its range."
    frame(figure, title, subtitle, source)
    handles = [
        Line2D([], [], color=BLUE, marker="v", linestyle="", label="lower end"),
        Line2D([], [], color=VERMILION, marker="^", linestyle="", label="upper end"),
        Line2D([], [], color=BLACK, marker="*", markersize=9, linestyle="", label="turned, confirmed in fresh worlds"),
    ]
    legend(figure, handles)
    return figure


def _segments(axes: Axes, rows: Sequence[Standing], place: float, style: dict[str, Look]) -> None:
    """One bar of shares that add up to one."""
    begin = 0.0
    for row, hatch in zip(rows, _hatches(len(rows)), strict=True):
        look: dict[str, Any] = {"color": style[row.scenario].colour, "hatch": hatch, "edgecolor": "white"}
        axes.barh(place, 100 * row.won, left=100 * begin, height=0.82, linewidth=0.6, **look)
        if row.won >= ROOM:
            box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
            axes.text(100 * (begin + row.won / 2), place, f"{100 * row.won:.0f}", ha="center", va="center", fontsize=7.5, bbox=box)
        begin += row.won


def _regret(axes: Axes, rows: Sequence[Standing], top: float, bottom: float, style: dict[str, Look]) -> None:
    """A mark per scenario, spread over the rows of its outcome."""
    axes.axhspan(top, bottom, color=FAINT, alpha=0.45, linewidth=0, zorder=0)
    for row, y in zip(rows, np.linspace(top + 0.12, bottom - 0.12, len(rows)), strict=True):
        if row.regret_percent is None:
            continue
        look, scale = style[row.scenario], row.regret_percent / row.regret if row.regret else 0.0
        axes.hlines(y, row.regret_percent, row.regret_high * scale, color=look.colour, linewidth=1.2)
        axes.plot(row.regret_percent, y, marker=look.marker, color=look.colour, markersize=4.5, linestyle="", clip_on=False)
        end = max(row.regret_percent, row.regret_high * scale)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}
        beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
        axes.annotate(row.scenario, (end, y), (5, 0), fontsize=7, color=look.colour, bbox=box, **beside)


def _labels(axes: Axes, places: dict[tuple[str, str], float], found: Finding) -> None:
    """The outcome beside its first bar, families beside the others."""
    names = [country.title(metric) if family == ALL else f"{family} worlds ({found.families[family]})" for metric, family in places]
    axes.set_yticks(list(places.values()), names)
    for text, (_, family) in zip(axes.get_yticklabels(), places, strict=True):
        text.set_color(BLACK if family == ALL else GREY)
    axes.set_ylim(max(places.values()) + 0.6, -0.6)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("share of worlds in which it is best, %")


def _both_ends(axes: Axes, row: int, axis: Axis, change: Change, divisor: float) -> None:
    """A line between the gaps at both ends, and a star where a flip was confirmed."""
    low, high = change.screen[axis]
    known = [gap / divisor for gap in (*_known((low, high)), change.screen_centre)]
    axes.hlines(row, min(known), max(known), color=GREY, linewidth=3, alpha=0.5)
    for gap, marker, colour in ((low, "v", BLUE), (high, "^", VERMILION)):
        if gap is not None:
            axes.plot(gap / divisor, row, marker=marker, color=colour, markersize=6, linestyle="")
    for flip in change.flips:
        if [leg[0] for leg in flip.path.legs] == [axis]:
            axes.plot(flip.gap.mean / divisor, row, marker="*", color=BLACK, markersize=9, linestyle="")


def _known(gaps: tuple[float | None, float | None]) -> list[float]:
    return [gap for gap in gaps if gap is not None]


def _hatches(count: int) -> list[str]:
    """One per scenario; business as usual plain."""
    return [HATCHES[index % len(HATCHES)] for index in range(count)]
