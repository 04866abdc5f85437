"""Whether what was observed is an ordinary draw: PIT values of evidence rows beside what a calibrated model would show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from sim.analysis.evidence import COUNTED, USES, Score, Scorecard
from sim.catalogue.statistics import Array
from sim.show.style import BLACK, BLUE, GREY, PALE, VERMILION, frame, styled

LOOKS = {"calibrate": (BLUE, "o"), "hold out": (VERMILION, "^")}  # colour and marker
EXTREME = 0.05  # PIT outside the central 90 %
LEVELS = np.linspace(0.02, 1.0, 50)


@styled
def draw(card: Scorecard, title: str, source: str) -> Figure:
    """PIT values in order, and shares of rows in central intervals, by use."""
    figure = Figure(figsize=(11.0, 5.6))
    order, cover = (figure.add_axes((left, 0.15, 0.37, 0.62)) for left in (0.075, 0.575))
    sizes = []
    for use in COUNTED:
        scores = sorted((score for score in card.scores if score.row.use == use and not np.isnan(score.pit)), key=lambda score: score.pit)
        if scores:
            sizes.append(len(scores))
            _order(order, scores, use)
            _cover(cover, np.array([score.pit for score in scores]), use)
    _expected(order, cover, max(sizes, default=1))
    frame(figure, title, "A calibrated model lies in the grey band; it holds 90 % of what happened in its central 90 %.", source)
    figure.text(0.075, 0.815, _outside(card), fontsize=8.5, va="bottom")
    return figure


def _outside(card: Scorecard) -> str:
    """Rows whose observation lies outside the central 90 %, in two lines."""
    pits = [(score.row.id, score.pit) for score in card.scores if score.row.use in COUNTED]
    low, high = [key for key, pit in pits if pit < EXTREME], [key for key, pit in pits if pit > 1.0 - EXTREME]
    return f"above nearly all histories: {', '.join(high) or 'none'}\nbelow nearly all histories: {', '.join(low) or 'none'}"


def _order(axes: Axes, scores: Sequence[Score], use: str) -> None:
    colour, marker = LOOKS[use]
    even = (np.arange(len(scores)) + 0.5) / len(scores)
    axes.plot(even, [score.pit for score in scores], marker=marker, color=colour, linestyle="", markersize=6, label=_name(use, len(scores)))


def _cover(axes: Axes, values: Array, use: str) -> None:
    colour, _ = LOOKS[use]
    share = [(np.abs(2.0 * values - 1.0) <= level).mean() for level in LEVELS]
    axes.plot(100 * LEVELS, 100 * np.array(share), color=colour, linestyle="-" if use == "calibrate" else "--")


def _name(use: str, count: int) -> str:
    return f"{USES[use].split(':')[0].lower()} ({count})"


def _expected(order: Axes, cover: Axes, count: int) -> None:
    """What chance allows so many rows of a calibrated model, were they independent: 90 % of the time, point by point."""
    rank = np.arange(count) + 1.0
    low, high = (stats.beta.ppf(end, rank, count - rank + 1.0) for end in (0.05, 0.95))
    order.fill_between((rank - 0.5) / count, low, high, color=PALE, linewidth=0, zorder=0, label=f"chance, {count} rows")
    low, high = (stats.binom.ppf(end, count, LEVELS) / count for end in (0.05, 0.95))
    cover.fill_between(100 * LEVELS, 100 * low, 100 * high, color=PALE, linewidth=0, zorder=0)
    for axes, end in ((order, 1.0), (cover, 100.0)):
        axes.plot([0, end], [0, end], color=GREY, linewidth=1, zorder=1)
        axes.set_xlim(-0.02 * end, 1.02 * end)
        axes.set_ylim(-0.02 * end, 1.02 * end)
    order.set_xlabel("rows in order, share", color=BLACK)
    order.set_ylabel("PIT: share of histories below the observation")
    cover.set_xlabel("central interval, % of histories")
    cover.set_ylabel("observations in it, % of rows")
    order.legend(loc="upper left", fontsize=8)
