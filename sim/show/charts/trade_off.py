"""Two harms on two axes, never added: what every scenario does to both, and the front of mixes of levers at one extra cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from sim.analysis import country
from sim.analysis.answer import inside
from sim.analysis.paired import BILLION, Array, Row
from sim.analysis.robustness.frontier import LEVEL, Front, Judged, dollars
from sim.catalogue.metrics import METRICS
from sim.show import style
from sim.show.style import BLACK, BLUE, COLOURS, FAINT, GREY, PALE, VERMILION, Look, dot, frame, looks, sheet, styled
from sim.show.words import words as names
from sim.words import texts

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
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----")
PLANE, ROW = 4.9, 0.29  # inches
WIDTH = 0.0098  # of a letter, as a part of all money
BEATEN = "#9a9a9a"
STEPS = 600  # points of the band


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
    look_of, marks = looks((row.scenario for row in rows), usual), _marks(rows, usual)
    figure, axes = sheet(9.5, 5.256, 1.044, 0.9, 0.085, 0.985)
    costs = [mark.cost for mark in marks]
    alike = bool(costs) and max(costs) - min(costs) <= SAME_COST * max(map(abs, costs))
    greatest = 0.0 if alike else max(map(abs, costs), default=0.0)
    for which, values in (("x", [mark.x for mark in marks]), ("y", [mark.y for mark in marks])):
        ends = np.array([0.0, *np.ravel(values)])
        room = 0.24 * max(np.ptp(ends), 2.0)
        axes.set(**{f"{which}lim": (ends.min() - room, ends.max() + room)})
    _backdrop(axes, usual)
    for mark in marks:
        _mark(axes, mark, look_of[mark.name], greatest)
    _name(figure, axes, marks, look_of, greatest)
    axes.set(xlabel=f"change in homicides against {usual}, %", ylabel=f"change in overdose deaths against {usual}, %")
    spent = "Area: mean extra cost (dashed: saved)." if greatest else "All cost about the same."
    subtitle = (
        f"Mean paired difference and its 95 % interval, {rows[0].window.replace('/', ' to ')}, {rows[0].n} pairs. {spent}\n"
        "The two harms fall on different people and are not added."
    )
    return frame(figure, "Where does each scenario move homicides and overdose deaths?", subtitle, source)


def _marks(rows: Sequence[Row], usual: str) -> list[Mark]:
    """Scenarios for which both changes are defined."""
    found = {(row.scenario, row.metric): row for row in rows if row.baseline == usual and row.scenario != usual}
    marks = []
    for name in dict.fromkeys(scenario for scenario, _ in found):
        across, up = _percent(found.get((name, ACROSS))), _percent(found.get((name, UP)))
        if across and up:
            marks.append(Mark(name, across, up, (found[name, ACROSS].cost_usd or 0.0) / BILLION))
    return marks


def _percent(row: Row | None) -> tuple[float, float, float] | None:
    """A change with its interval; with one pair the interval shrinks to the point."""
    if row is None or row.percent is None:
        return None
    low, high = (row.percent if end is None else end for end in (row.percent_low, row.percent_high))
    return row.percent, low, high


def _origin(axes: Axes) -> None:
    """Lines of no change."""
    axes.axhline(0, color=PALE, linewidth=1.0, zorder=1)
    axes.axvline(0, color=PALE, linewidth=1.0, zorder=1)


def _backdrop(axes: Axes, usual: str) -> None:
    """Business as usual at the origin, quadrants in neutral words."""
    _origin(axes)
    axes.plot(0, 0, marker=style.USUAL.marker, markersize=8, color=style.USUAL.colour, zorder=6)
    axes.annotate(usual, (0, 0), (-9, -9), textcoords="offset points", ha="right", va="top", fontsize=8.5, color=style.USUAL.colour)
    for x, y, across, up, words in QUADRANTS:
        axes.text(x, y, words, transform=axes.transAxes, ha=across, va=up, fontsize=8, color=GREY, style="italic")


def _mark(axes: Axes, mark: Mark, look: Look, greatest: float) -> None:
    """Whiskers, the scenario's marker, and a disc for the extra cost (dashed ring: money saved)."""
    (x, left, right), (y, low, high) = mark.x, mark.y
    if greatest:
        fill, line = f"{look.colour}38" if mark.cost > 0 else "none", "-" if mark.cost >= 0 else (0, (2, 2))
        axes.scatter(x, y, s=LARGEST**2 * abs(mark.cost) / greatest, facecolor=fill, edgecolor=look.colour, linestyle=line, zorder=3)
    axes.plot([left, right], [y, y], color=look.colour, marker="|", markersize=7, zorder=4)
    axes.plot([x, x], [low, high], color=look.colour, marker="_", markersize=7, zorder=4)
    axes.plot(x, y, marker=look.marker, color=look.colour, markersize=7, markeredgecolor="white", zorder=5)


def _name(figure: Figure, axes: Axes, marks: Sequence[Mark], look_of: Mapping[str, Look], greatest: float) -> None:
    """A name and a cost above every mark, or below where another name stands."""
    figure.draw_without_rendering()
    left, right = (axes.transAxes.transform((x, 0))[0] for x in (0.02, 0.98))
    taken: list[tuple[float, float]] = []
    point = 72 / figure.dpi  # pixels differ between screen, PNG and SVG
    for mark in sorted(marks, key=lambda mark: -mark.y[0]):
        across, up = axes.transData.transform((mark.x[0], mark.y[0]))
        disc = LARGEST * sqrt(abs(mark.cost) / greatest) / 2 / point if greatest else 0.0
        ends = [abs(axes.transData.transform((0, end))[1] - up) for end in mark.y[:0:-1]]
        away = {side: 20 + max(disc, reach - 4 if reach < LONG else 0.0) for side, reach in zip((1, -1), ends, strict=True)}
        width = 3.2 * len(mark.name) + 10
        middle = min(max(across, left + width), right - width)
        places = (up + side * (away[side] + 30 * step) for step in range(len(marks) + 1) for side in (1, -1))
        height = next(place for place in places if all(abs(place - y) > 27 or abs(middle - x) > 2 * width for x, y in taken))
        taken.append((middle, height))
        axes.annotate(
            f"{mark.name}\n{country.currency()} {mark.cost:+,.1f} bn", (mark.x[0], mark.y[0]),
            ((middle - across) * point, (height - up) * point), textcoords="offset points", ha="center", va="center", fontsize=8.5,
            color=look_of[mark.name].colour, fontweight="bold", zorder=9, path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip


@styled
def frontier(found: Front, source: str, language: str = "en") -> Figure:
    """Above, two outcomes and the front of what can be had of both; below, a row per mix: its money, and every further outcome."""
    words = texts("frontier picture", language)
    plane = PLANE if len(found.metrics) > 1 else 0.0
    rows = ROW * len(found.judged)
    height = 1.45 + plane + 0.5 * bool(plane) + rows + 0.75
    figure = Figure(figsize=(9.5, height))
    if plane:
        _plane(figure.add_axes((0.085, 1 - (1.05 + plane) / height, 0.895, plane / height)), found, language)
    further = found.metrics[2 if plane else 0 :]
    wide, bottom, tall = 0.945 / (1 + 0.6 * len(further)), 0.75 / height, rows / height
    bars = figure.add_axes((0.035, bottom, wide, tall))
    _money(bars, found, language)
    for place, metric in enumerate(further):
        axes = figure.add_axes((0.035 + wide * (1.04 + 0.6 * place), bottom, 0.56 * wide, tall), sharey=bars)
        _intervals(axes, found, found.metrics.index(metric), language)
    blanks = {
        "usd": dollars(found.purse.budget / found.purse.usual.years, language), "usual": found.purse.usual.name, "n": found.n,
        "said": words["flat" if found.flat else "marks"], "band": words["band"].format(level=f"{100 * LEVEL:.0f}") if plane else "",
    }  # fmt: skip
    return frame(figure, words["title"], words["subtitle"].format(**blanks), source)


def _plane(axes: Axes, found: Front, language: str) -> None:
    """Two outcomes against each other, with the front of the means and the band of resampled fronts."""
    x, y = found.gaps[:, 0], found.gaps[:, 1]
    wide, tall = (_half(found, column) for column in (0, 1))
    (left, right), (low, high) = _span(x, wide), _span(y, tall)
    across = np.linspace(left, right, STEPS)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    bounds = np.quantile([_reached(draw, across, high) for draw in found.draws], tails, axis=0)
    axes.fill_between(across, bounds[0], bounds[1], color=FAINT, linewidth=0, step="post", zorder=0.9)
    axes.plot(across, _reached(found.gaps, across, high), color=GREY, linewidth=1.0, drawstyle="steps-post", zorder=2)
    _origin(axes)
    axes.plot(0, 0, marker="o", markersize=7, color=GREY, zorder=6)
    axes.annotate(found.purse.usual.name, (0, 0), (7, 6), textcoords="offset points", fontsize=8.5, color=GREY)
    for k, each in enumerate(found.judged):
        colour, fill = _look(each)
        axes.errorbar(x[k], y[k], yerr=tall[k], xerr=wide[k], color=colour, linewidth=0.9, zorder=3 if each.beaten_by else 4)
        axes.plot(x[k], y[k], marker="o", markersize=6.5, color=colour, markerfacecolor=fill, zorder=5)
    _letters(axes, found, x, y)
    labels = [
        texts("frontier picture", language)["axis"].format(
            metric=inside(metric, language), usual=found.purse.usual.name, turned=_turned(metric, language)
        )
        for metric in found.metrics[:2]
    ]
    axes.set(xlim=(left, right), ylim=(low, high), xlabel=labels[0], ylabel=labels[1])


def _letters(axes: Axes, found: Front, x: Array, y: Array) -> None:
    """A letter at every mark, on the side where fewest others are."""
    points = np.stack([values / max(float(np.ptp(values)), 1e-9) for values in (x, y)], axis=1)
    for k, each in enumerate(found.judged):
        away = points[k] - np.delete(points, k, axis=0)
        push = (away / np.maximum((away**2).sum(axis=1, keepdims=True), 1e-4) ** 1.5).sum(axis=0) if len(away) else np.ones(2)
        sides = tuple(np.where(push >= 0, 9, -9).tolist())
        look: dict[str, Any] = {"color": GREY if each.beaten_by else _look(each)[0], "fontweight": "bold" if each.front else "normal"}
        axes.annotate(each.label, (x[k], y[k]), sides, textcoords="offset points", ha="center", va="center", zorder=7, **look)


def _money(axes: Axes, found: Front, language: str) -> None:
    """A row per mix: how its money is split, and from when what begins late."""
    hues = {name: (COLOURS[k % len(COLOURS)], HATCHES[k // len(COLOURS)]) for k, name in enumerate(found.purse.levers)}
    start, words = found.purse.usual.start, texts("frontier picture", language)
    titles = {name: said[0] if language == "es" else name.replace("_", " ") for name, said in names(language).levers.items()}
    for row, each in enumerate(found.judged):
        left = 0.0
        for name, share in sorted(each.mix.shares.items(), key=lambda pair: -pair[1]):
            colour, hatch = hues[name]
            axes.barh(row, share, 0.78, left, color=f"{colour}55", edgecolor=colour, hatch=hatch, linewidth=0.8)
            title = titles[name]
            word = title.split()[0]
            late = f" {each.mix.begins[name]:%Y}" if each.mix.begins[name] > start else ""
            whole = f"{title} {100 * share:.0f} %{late and words['late'].format(year=late.strip())}"
            forms = (whole, f"{title}{late}", title, f"{word}{late}", word, f"{word[:4]}.")
            fits = next((said for said in forms if WIDTH * len(said) < share), "")
            axes.text(left + share / 2, row, fits, ha="center", va="center", fontsize=7.5, color=BLACK)
            left += share
    style.rows(axes, [each.label for each in found.judged])
    for tick, each in zip(axes.get_yticklabels(), found.judged, strict=True):
        tick.set(fontweight="bold" if each.front else "normal", color=GREY if each.beaten_by else _look(each)[0])
    axes.set_xlim(0, 1)
    axes.set_xticks(np.linspace(0, 1, 6), [f"{share} %" for share in range(0, 101, 20)])
    axes.set_title(words["money"])
    axes.grid(visible=False)


def _intervals(axes: Axes, found: Front, column: int, language: str) -> None:
    """An outcome of every mix in the rows of the money."""
    for row, (each, value, half) in enumerate(zip(found.judged, found.gaps[:, column], _half(found, column), strict=True)):
        colour, fill = _look(each)
        dot(axes, value, row, (value - half, value + half), colour, elinewidth=1.1, markersize=5.5, markerfacecolor=fill)
    axes.axvline(0, color=GREY, linewidth=1.0)
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.set_title(country.title(found.metrics[column], language))
    axes.set_xlabel(texts("frontier picture", language)["change"].format(turned=_turned(found.metrics[column], language)))


def _look(each: Judged) -> tuple[str, str]:
    """Colour of a mix, and what its mark is filled with."""
    if each.beaten_by:
        return BEATEN, "white"
    return (VERMILION, VERMILION) if each.front else (BLUE, "white")


def _half(found: Front, column: int) -> NDArray[np.float64]:
    """Half the interval of every mix's change, in the unit of `gaps`."""
    rows = [each.rows[found.metrics[column]] for each in found.judged]
    ends = [(row.low, row.high) if row.percent is None else (row.percent_low, row.percent_high) for row in rows]
    return np.array([0.0 if low is None or high is None else (high - low) / 2 for low, high in ends])


def _turned(metric: str, language: str) -> str:
    return texts("frontier picture", language)["turned"] if METRICS[metric].better == "more" else ""


def _span(middle: Array, half: Array) -> tuple[float, float]:
    """The ends of an axis that shows zero and all intervals."""
    low, high = min(0.0, float((middle - half).min())), max(0.0, float((middle + half).max()))
    room = 0.06 * max(high - low, 1e-9)
    return low - room, high + room


def _reached(values: Array, across: Array, top: float) -> Array:
    """The least of the second outcome that is to be had where the first is at most so much, (S,)."""
    order = np.argsort(values[:, 0])
    least = np.minimum.accumulate(values[order, 1])
    index = np.searchsorted(values[order, 0], across, side="right") - 1
    return np.where(index >= 0, least[np.maximum(index, 0)], top)
