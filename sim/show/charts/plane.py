"""The trade-off plane: homicides against overdose deaths, cost as area. Two harms on two axes, never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.analysis import country
from sim.analysis.paired import BILLION, Row
from sim.show.style import GREY, PALE, USUAL, Look, frame, looks, styled

ACROSS, UP = "homicides", "overdose_deaths"
SAME_COST = 0.02  # of the greatest; budgets that are met to six digits, and those that nearly are
LARGEST = 46.0  # diameter of the largest cost, points
LONG = 90.0  # pixels from which on a name stands over its whisker and not beyond it
QUADRANTS = (
    (0.01, 0.985, "left", "top", "fewer homicides,\nmore overdose deaths"),
    (0.99, 0.985, "right", "top", "more homicides,\nmore overdose deaths"),
    (0.01, 0.015, "left", "bottom", "fewer homicides,\nfewer overdose deaths"),
    (0.99, 0.015, "right", "bottom", "more homicides,\nfewer overdose deaths"),
)


class Mark(NamedTuple):
    """A scenario in the plane: change in percent with its interval, both ways, and extra cost in US$ billion."""

    name: str
    x: tuple[float, float, float]  # middle, low, high
    y: tuple[float, float, float]
    cost: float


@styled
def plane(rows: Sequence[Row], usual: str, source: str) -> Figure:
    """Change in homicides (across) and overdose deaths (up) against business as usual, with 95 % intervals.

    Extra cost is the area of a disc, except where all cost the same: there a disc would say nothing.
    """
    names = list(dict.fromkeys(row.scenario for row in rows))
    marks = _marks(rows, usual)
    figure = Figure(figsize=(9.5, 7.2))
    costs = [mark.cost for mark in marks]
    alike = bool(costs) and max(costs) - min(costs) <= SAME_COST * max(map(abs, costs))
    greatest = 0.0 if alike else max(map(abs, costs), default=0.0)
    axes = figure.add_axes((0.085, 0.125, 0.9, 0.73))
    _limits(axes, marks)
    _backdrop(axes, usual)
    for mark in marks:
        _draw(axes, mark, looks(names, usual)[mark.name], greatest)
    _name(figure, axes, marks, looks(names, usual), greatest)
    axes.set_xlabel(f"change in homicides against {usual}, %")
    axes.set_ylabel(f"change in overdose deaths against {usual}, %")
    window = rows[0].window.replace("/", " to ")
    spent = "Area: mean extra cost (dashed: saved)." if greatest else "All cost about the same."
    subtitle = (
        f"Mean paired difference and its 95 % interval, {window}, {rows[0].n} pairs. {spent}\n"
        "The two harms fall on different people and are not added."
    )
    frame(figure, "Where does each scenario move homicides and overdose deaths?", subtitle, source)
    return figure


def _marks(rows: Sequence[Row], usual: str) -> list[Mark]:
    """Scenarios for which both changes are defined."""
    found = {(row.scenario, row.metric): row for row in rows if row.baseline == usual and row.scenario != usual}
    marks = []
    for name in dict.fromkeys(scenario for scenario, _ in found):
        across, up = _change(found.get((name, ACROSS))), _change(found.get((name, UP)))
        if across and up:
            marks.append(Mark(name, across, up, (found[name, ACROSS].cost_usd or 0.0) / BILLION))
    return marks


def _change(row: Row | None) -> tuple[float, float, float] | None:
    """Percent with its interval; with one pair the interval shrinks to the point."""
    if row is None or row.percent is None:
        return None
    low = row.percent if row.percent_low is None else row.percent_low
    high = row.percent if row.percent_high is None else row.percent_high
    return row.percent, low, high


def _limits(axes: Axes, marks: Sequence[Mark]) -> None:
    """The origin and all intervals, with room for circles and words."""
    for values, setter in (([mark.x for mark in marks], axes.set_xlim), ([mark.y for mark in marks], axes.set_ylim)):
        ends = np.array([0.0, *np.ravel(values)])
        room = 0.24 * max(np.ptp(ends), 2.0)
        setter(ends.min() - room, ends.max() + room)


def _backdrop(axes: Axes, usual: str) -> None:
    """Business as usual at the origin, quadrants in neutral words."""
    axes.axhline(0, color=PALE, linewidth=1.0, zorder=1)
    axes.axvline(0, color=PALE, linewidth=1.0, zorder=1)
    axes.plot(0, 0, marker=USUAL.marker, markersize=8, color=USUAL.colour, zorder=6)
    axes.annotate(usual, (0, 0), (-9, -9), textcoords="offset points", ha="right", va="top", fontsize=8.5, color=USUAL.colour)
    for x, y, across, up, words in QUADRANTS:
        axes.text(x, y, words, transform=axes.transAxes, ha=across, va=up, fontsize=8, color=GREY, style="italic")


def _draw(axes: Axes, mark: Mark, look: Look, greatest: float) -> None:
    """Whiskers, the scenario's marker, and a disc for the extra cost (dashed ring: money saved)."""
    (x, left, right), (y, low, high) = mark.x, mark.y
    disc = "-" if mark.cost >= 0 else (0, (2, 2))
    if greatest:
        fill = f"{look.colour}38" if mark.cost > 0 else "none"
        axes.scatter(x, y, s=LARGEST**2 * abs(mark.cost) / greatest, facecolor=fill, edgecolor=look.colour, linestyle=disc, zorder=3)
    axes.plot([left, right], [y, y], color=look.colour, marker="|", markersize=7, zorder=4)
    axes.plot([x, x], [low, high], color=look.colour, marker="_", markersize=7, zorder=4)
    axes.plot(x, y, marker=look.marker, color=look.colour, markersize=7, markeredgecolor="white", zorder=5)


def _name(figure: Figure, axes: Axes, marks: Sequence[Mark], style: Mapping[str, Look], greatest: float) -> None:
    """A name and a cost above every mark, or below where another name stands."""
    figure.draw_without_rendering()
    left, right = (axes.transAxes.transform((x, 0))[0] for x in (0.02, 0.98))
    taken: list[tuple[float, float]] = []
    point = 72 / figure.dpi  # pixels differ between screen, PNG and SVG
    for mark in sorted(marks, key=lambda mark: -mark.y[0]):
        across, up = axes.transData.transform((mark.x[0], mark.y[0]))
        disc = LARGEST * sqrt(abs(mark.cost) / greatest) / 2 * figure.dpi / 72 if greatest else 0.0
        ends = [abs(axes.transData.transform((0, end))[1] - up) for end in mark.y[:0:-1]]
        away = {side: 20 + max(disc, reach - 4 if reach < LONG else 0.0) for side, reach in zip((1, -1), ends, strict=True)}
        width = 3.2 * len(mark.name) + 10
        middle = min(max(across, left + width), right - width)
        places = (up + side * (away[side] + 30 * step) for step in range(len(marks) + 1) for side in (1, -1))
        height = next(place for place in places if all(abs(place - y) > 27 or abs(middle - x) > 2 * width for x, y in taken))
        taken.append((middle, height))
        axes.annotate(
            f"{mark.name}\n{country.currency()} {mark.cost:+,.1f} bn", (mark.x[0], mark.y[0]),
            ((middle - across) * point, (height - up) * point),
            textcoords="offset points", ha="center", va="center", fontsize=8.5, color=style[mark.name].colour, fontweight="bold", zorder=9,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip
