"""Prior beside posterior: what calibration has learned about every parameter."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.calibration.calibrate import Pinned
from sim.catalogue.priors import BAND, PRIORS
from sim.show.style import BLUE, GREY, ORANGE, PALE, frame, legend, rows, styled

ROW = 0.36  # inches
HEAD, FOOT = 1.2, 0.5  # inches


@styled
def draw(pinned: Sequence[Pinned], source: str) -> Figure:
    """One row per parameter: the prior as a grey bar, the central 90 % of the posterior in it, and the rows that hold it there."""
    height = HEAD + FOOT + ROW * len(pinned)
    figure = Figure(figsize=(11, height))
    axes = figure.add_axes((0.17, FOOT / height, 0.40, ROW * len(pinned) / height))
    logs = {prior.name: prior.log for prior in (*PRIORS, BAND)}
    for y, p in enumerate(pinned):
        low, high = p.prior

        def place(value: float, low: float = low, high: float = high, name: str = p.name) -> float:
            return log(value / low) / log(high / low) if logs[name] else (value - low) / (high - low)

        axes.barh(y, 1.0, height=0.5, color=PALE, zorder=0)
        colour, line = (ORANGE, "--") if p.only_prior else (BLUE, "-")
        axes.hlines(y, place(p.low), place(p.high), color=colour, linewidth=3, linestyle=line)
        axes.plot(place(p.median), y, marker="D" if p.only_prior else "o", color=colour, markersize=7, markeredgecolor="white")
        axes.text(-0.01, y, figure_of(low), ha="right", va="center", fontsize=7.5, color=GREY)
        axes.text(1.01, y, figure_of(high), ha="left", va="center", fontsize=7.5, color=GREY)
        held = (
            "only the prior speaks"
            if p.only_prior
            else ", ".join(f"{key} +{100 * growth:.0f} %" for key, growth in p.rows) or "all together"
        )
        axes.text(1.15, y, f"{figure_of(p.median)} ({figure_of(p.low)} to {figure_of(p.high)})", va="center", fontsize=8)
        axes.text(1.8, y, held, va="center", fontsize=8, color=GREY)
    rows(axes, [p.name for p in pinned], shaded=True)
    axes.set_xlim(-0.12, 1.12)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    said = "At the right: rows that hold a parameter, with how much wider its interval would be without them."
    frame(figure, "What did the evidence teach about the parameters?", said, source)
    marks = [
        Patch(color=PALE, label="prior, end to end"),
        Line2D([], [], color=BLUE, marker="o", linewidth=3, label="posterior: median, central 90 %"),
        Line2D([], [], color=ORANGE, marker="D", linewidth=3, linestyle="--", label="only the prior speaks"),
    ]
    legend(figure, marks)
    return figure


def figure_of(value: float) -> str:
    """A number in few characters: millions and billions in words."""
    if abs(value) >= 1e9:
        return f"{value / 1e9:.2f} bn"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
