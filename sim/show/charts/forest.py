"""Paired differences side by side: one row per headline metric, one mark per scenario."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis import country
from sim.analysis.paired import COST, Row
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.show.style import GREY, Look, frame, legend, looks, signed, styled
from sim.show.style import rows as name_rows

ACROSS = 5  # names in a row of the legend
EDGE = 100.0  # percent; marks beyond stand at the edge with an arrow and their value
BETTER = {"less": "less is better", "more": "more is better", "neither": "no better direction"}


@styled
def forest(rows: Sequence[Row], usual: str, source: str, metrics: Sequence[str] = HEADLINE) -> Figure:
    """Mean paired difference against business as usual in percent, with its 95 % interval."""
    style = looks(list(dict.fromkeys(row.scenario for row in rows)), usual)
    policies = [name for name in style if name != usual]
    found = {(row.scenario, row.metric): row for row in rows if row.baseline == usual and row.percent is not None}
    shown = [name for name in metrics if not name.startswith(COST) and any((policy, name) in found for policy in policies)]
    tall = max(len(shown) * (0.22 + 0.17 * len(policies)), 1.0)
    height = tall + 1.7 + 0.2 * ceil(len(policies) / ACROSS)
    figure = Figure(figsize=(9.5, height))
    axes = figure.add_axes((0.255, 0.72 / height, 0.72, tall / height))
    gap = 0.72 / max(len(policies), 1)
    for index, policy in enumerate(policies):
        own = [(row, found[policy, name]) for row, name in enumerate(shown) if (policy, name) in found]
        offset = (index - (len(policies) - 1) / 2) * gap
        _scenario(axes, [row for _, row in own], [row + offset for row, _ in own], style[policy])
    _axes(axes, shown, usual)
    window = rows[0].window.replace("/", " to ")
    subtitle = f"Mean paired difference and its 95 % interval, {window}, {rows[0].n} pairs."
    frame(figure, f"What differs from {usual}, and how surely?", subtitle, source)
    legend(figure, [Line2D([], [], color=style[p].colour, marker=style[p].marker, linestyle="-", label=p) for p in policies], ACROSS)
    return figure


def _scenario(axes: Axes, rows: Sequence[Row], heights: Sequence[float], look: Look) -> None:
    """All marks of one scenario; what lies beyond the edge is said in words."""
    middle, low, high = (
        np.array([np.nan if (value := getattr(row, name)) is None else value for row in rows])
        for name in ("percent", "percent_low", "percent_high")
    )
    inside = np.abs(middle) <= EDGE
    y = np.asarray(heights)
    left, right = (ends[inside].clip(-EDGE, EDGE) for ends in (low, high))
    axes.hlines(y[inside], left, right, color=look.colour, linewidth=1.5)
    axes.plot(middle[inside], y[inside], linestyle="", marker=look.marker, color=look.colour, markersize=5.5)
    for value, place in zip(middle[~inside], y[~inside], strict=True):
        x, side, text = (EDGE, "right", f"{value:+,.0f} % >") if value > 0 else (-EDGE, "left", f"< {value:+,.0f} %")
        axes.text(x, place, text, ha=side, va="center", fontsize=7.5, color=look.colour)


def _axes(axes: Axes, shown: Sequence[str], usual: str) -> None:
    """Metrics with their direction at the left, alternate rows shaded."""
    axes.axvline(0, color=GREY, linewidth=1.2, zorder=1)
    name_rows(axes, [f"{country.title(name)}\n({BETTER[METRICS[name].better]})" for name in shown], shaded=True)
    reach = min(max(5.0, np.abs(axes.dataLim.intervalx).max() * 1.06), EDGE * 1.02)
    axes.set_xlim(-reach, reach)
    signed(axes.xaxis)
    cut = f" (cut at {EDGE:.0f})" if reach > EDGE else ""
    axes.set_xlabel(f"difference from {usual}, %{cut}")
