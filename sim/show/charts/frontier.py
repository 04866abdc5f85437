"""The front: what mixes of levers at one extra cost do in worlds that their search has not seen, and how each splits the money."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis import country
from sim.analysis.answer import inside
from sim.analysis.contrast import Array
from sim.analysis.robustness.frontier import LEVEL, Front, Judged, dollars
from sim.catalogue.metrics import METRICS
from sim.show.style import BLACK, BLUE, COLOURS, FAINT, GREY, PALE, VERMILION, frame, styled
from sim.show.words import words as names
from sim.words import texts

HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----")
PLANE, ROW = 4.9, 0.29  # inches
WIDTH = 0.0098  # of a letter, as a part of all money
BEATEN = "#9a9a9a"
STEPS = 600  # points of the band


@styled
def frontier(found: Front, source: str, language: str = "en") -> Figure:
    """Above, two outcomes and the front of what can be had of both; below, a row per mix: its money, and every further outcome."""
    words = texts("frontier picture", language)
    plane = PLANE if len(found.metrics) > 1 else 0.0
    rows = ROW * len(found.judged)
    height = 1.05 + plane + 0.5 * bool(plane) + 0.4 + rows + 0.75
    figure = Figure(figsize=(9.5, height))
    if plane:
        _plane(figure.add_axes((0.085, 1 - (1.05 + plane) / height, 0.895, plane / height)), found, language)
    further = [*range(2 if plane else 0, len(found.metrics))]
    wide = 0.945 / (1 + 0.6 * len(further))
    bottom = (0.035, 0.75 / height, wide, rows / height)
    bars = figure.add_axes(bottom)
    _money(bars, found, language)
    for place, column in enumerate(further):
        left = bottom[0] + wide * (1.04 + 0.6 * place)
        _intervals(figure.add_axes((left, bottom[1], 0.56 * wide, bottom[3]), sharey=bars), found, column, language)
    blanks = {
        "usd": dollars(found.purse.budget / found.purse.usual.years, language),
        "usual": found.purse.usual.name,
        "n": found.n,
        "said": words["flat" if found.flat else "marks"],
        "band": words["band"].format(level=f"{100 * LEVEL:.0f}") if plane else "",
    }
    frame(figure, words["title"], words["subtitle"].format(**blanks), source)
    return figure


def _plane(axes: Axes, found: Front, language: str) -> None:
    """Two outcomes against each other, with the front of the means and the band of resampled fronts."""
    x, y = found.gaps[:, 0], found.gaps[:, 1]
    wide, tall = (_half(found, column) for column in (0, 1))
    (left, right), (low, high) = _span(x, wide), _span(y, tall)
    across = np.linspace(left, right, STEPS)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    bounds = np.quantile([_reached(draw, across, high) for draw in found.draws], tails, axis=0)
    axes.fill_between(across, bounds[0], bounds[1], color=FAINT, linewidth=0, step="post", zorder=1)
    axes.plot(across, _reached(found.gaps, across, high), color=GREY, linewidth=1.0, drawstyle="steps-post", zorder=2)
    axes.axhline(0, color=PALE, linewidth=1.0, zorder=1.5)
    axes.axvline(0, color=PALE, linewidth=1.0, zorder=1.5)
    axes.plot(0, 0, marker="o", markersize=7, color=GREY, zorder=6)
    axes.annotate(found.purse.usual.name, (0, 0), (7, 6), textcoords="offset points", fontsize=8.5, color=GREY)
    for k, each in enumerate(found.judged):
        colour, fill = _look(each)
        axes.errorbar(x[k], y[k], yerr=tall[k], xerr=wide[k], color=colour, linewidth=0.9, zorder=3 if each.beaten_by else 4)
        axes.plot(x[k], y[k], marker="o", markersize=6.5, color=colour, markerfacecolor=fill, zorder=5)
    _letters(axes, found, x, y)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_xlabel(_axis(found, 0, language))
    axes.set_ylabel(_axis(found, 1, language))


def _letters(axes: Axes, found: Front, x: Array, y: Array) -> None:
    """A letter at every mark, on the side where fewest others are."""
    scale = [max(float(np.ptp(values)), 1e-9) for values in (x, y)]
    points = np.stack([x / scale[0], y / scale[1]], axis=1)
    for k, each in enumerate(found.judged):
        away = points[k] - np.delete(points, k, axis=0)
        push = (away / np.maximum((away**2).sum(axis=1, keepdims=True), 1e-4) ** 1.5).sum(axis=0) if len(away) else np.ones(2)
        sides = tuple(np.where(push >= 0, 9, -9).tolist())
        colour, weight = GREY if each.beaten_by else _look(each)[0], "bold" if each.front else "normal"
        axes.annotate(
            each.label, (x[k], y[k]), sides, textcoords="offset points", ha="center", va="center", zorder=7, color=colour, fontweight=weight
        )


def _money(axes: Axes, found: Front, language: str) -> None:
    """A row per mix: how its money is split, and from when what begins late."""
    looks = {name: (COLOURS[k % len(COLOURS)], HATCHES[k // len(COLOURS)]) for k, name in enumerate(found.purse.levers)}
    start, words = found.purse.usual.start, texts("frontier picture", language)
    titles = {name: said[0] if language == "es" else name.replace("_", " ") for name, said in names(language).levers.items()}
    for row, each in enumerate(found.judged):
        left = 0.0
        for name, share in sorted(each.mix.shares.items(), key=lambda pair: -pair[1]):
            colour, hatch = looks[name]
            axes.barh(row, share, 0.78, left, color=f"{colour}55", edgecolor=colour, hatch=hatch, linewidth=0.8)
            title = titles[name]
            word = title.split()[0]
            late = f" {each.mix.begins[name]:%Y}" if each.mix.begins[name] > start else ""
            whole = f"{title} {100 * share:.0f} %{late and words['late'].format(year=late.strip())}"
            forms = (whole, f"{title}{late}", title, f"{word}{late}", word, f"{word[:4]}.")
            fits = next((said for said in forms if WIDTH * len(said) < share), "")
            axes.text(left + share / 2, row, fits, ha="center", va="center", fontsize=7.5, color=BLACK)
            left += share
    axes.set_yticks(range(len(found.judged)), [each.label for each in found.judged])
    for tick, each in zip(axes.get_yticklabels(), found.judged, strict=True):
        tick.set_fontweight("bold" if each.front else "normal")
        tick.set_color(_look(each)[0] if not each.beaten_by else GREY)
    axes.set_ylim(len(found.judged) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks(np.linspace(0, 1, 6), [f"{share} %" for share in range(0, 101, 20)])
    axes.set_title(words["money"])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)


def _intervals(axes: Axes, found: Front, column: int, language: str) -> None:
    """An outcome of every mix in the rows of the money."""
    for row, (each, value, half) in enumerate(zip(found.judged, found.gaps[:, column], _half(found, column), strict=True)):
        colour, fill = _look(each)
        axes.errorbar(value, row, xerr=half, color=colour, linewidth=1.1)
        axes.plot(value, row, marker="o", markersize=5.5, color=colour, markerfacecolor=fill)
    axes.axvline(0, color=GREY, linewidth=1.0)
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.set_title(country.title(found.metrics[column], language))
    axes.set_xlabel(texts("frontier picture", language)["change"].format(turned=_turned(found, column, language)))



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


def _axis(found: Front, column: int, language: str) -> str:
    named = {"metric": inside(found.metrics[column], language), "usual": found.purse.usual.name, "turned": _turned(found, column, language)}
    return texts("frontier picture", language)["axis"].format(**named)


def _turned(found: Front, column: int, language: str) -> str:
    return texts("frontier picture", language)["turned"] if METRICS[found.metrics[column]].better == "more" else ""


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
