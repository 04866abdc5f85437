"""The scorecard as a picture: every row's band at the same width, simulated histories as a dot with their central 90 %."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.evidence import GIVEN, USES, Score, Scorecard, number, ordered
from sim.show.style import BLACK, BLUE, GREY, ORANGE, PALE, VERMILION, frame, legend, rows, styled

LOOKS = {"fail": (VERMILION, "X"), "near": (ORANGE, "^"), "pass": (BLUE, "o"), GIVEN: (GREY, "d")}  # colour and marker
EDGE = 4.0  # half widths of a band; what lies beyond stands at the edge
ROW = 0.27  # inches
LEFT, WIDE = 0.385, 0.2  # of the bands, in widths of the figure
HEAD, GAP, FOOT = 1.15, 0.62, 0.62  # inches


@styled
def draw(card: Scorecard, title: str, source: str) -> Figure:
    """Rows by use, failures first."""
    blocks = [(use, scores) for use in USES if (scores := ordered(card, use))]
    height = HEAD + FOOT + sum(ROW * len(scores) + GAP for _, scores in blocks)
    figure = Figure(figsize=(12.5, height))
    top = height - HEAD
    for use, scores in blocks:
        top -= ROW * len(scores) + GAP
        axes = figure.add_axes((LEFT, (top + GAP * 0.55) / height, WIDE, ROW * len(scores) / height))
        _block(axes, scores, use)
    said = "Simulated histories (median, central 90 %) beside what was observed; every band is drawn at the same width."
    frame(figure, title, said, source)
    marks = [Line2D([], [], color=colour, marker=marker, markersize=7, label=verdict) for verdict, (colour, marker) in LOOKS.items()]
    observed = Line2D([], [], color=BLACK, marker="|", markersize=11, linestyle="", label="observed")
    legend(figure, [*marks, Patch(color=PALE, label="band, low to high end"), observed], 6, columnspacing=1.4)
    return figure


def _block(axes: Axes, scores: Sequence[Score], use: str) -> None:
    """All rows of one use."""
    axes.axvspan(-1, 1, color=PALE, linewidth=0, zorder=0)
    for y, score in enumerate(scores):
        _row(axes, y, score)
    rows(axes, [f"{score.row.title}  {score.row.id}" for score in scores], shaded=True)
    axes.set_xlim(-EDGE * 1.04, EDGE * 1.04)
    axes.set_xticks([-1, 1], ["low", "high"])
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False)
    axes.set_title(USES[use].split(":")[0], fontweight="bold", x=(0.008 - LEFT) / WIDE, pad=6)


def _row(axes: Axes, y: int, score: Score) -> None:
    """One dot with its interval, the observed value, and both in words at the right."""
    row, (colour, marker) = score.row, LOOKS[score.verdict]

    def place(value: float) -> float:
        return float(np.clip((2 * value - row.low - row.high) / (row.high - row.low), -EDGE, EDGE))

    axes.hlines(y, place(score.simulated_low), place(score.simulated_high), color=colour, linewidth=2)
    axes.plot(place(score.simulated), y, marker=marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.7)
    if row.observed is not None:
        axes.plot(place(row.observed), y, marker="|", color=BLACK, markersize=11, markeredgewidth=1.5)
    if abs(place(score.simulated)) == EDGE:
        axes.text(place(score.simulated), y - 0.3, "‹" if score.simulated < row.low else "›", ha="center", va="bottom", fontsize=8)
    words = f"{number(score.simulated)} ({number(score.simulated_low)} to {number(score.simulated_high)})"
    seen = f"band {number(row.low)} to {number(row.high)} {row.unit}"
    axes.text(EDGE * 1.12, y, words, va="center", fontsize=8)
    axes.text(EDGE * 2.85, y, seen, va="center", fontsize=8, color=GREY)
