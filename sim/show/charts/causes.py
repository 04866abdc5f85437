"""Homicides by cause: stacked by year, one panel per scenario."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.contrast import Array
from sim.analysis.ensemble import Ensemble, paths
from sim.show.style import BLACK, BLUE, ORANGE, PALE, SKY, VERMILION, decimal_years, frame, grid, legend, replicates, styled, year_ticks

CAUSES = (  # from the bottom; neighbours differ in lightness and hatching
    ("homicides_background", "background", PALE, ""),
    ("homicides_turf", "turf", BLUE, ""),
    ("homicides_succession", "succession", ORANGE, "////"),
    ("homicides_predation", "predation", SKY, ""),
    ("homicides_confrontation", "confrontation with the state", VERMILION, "...."),
)
COLUMNS = 2
PANEL = 2.3  # inches high
HEAD, FOOT = 1.35, 0.6  # inches


@styled
def causes(ensemble: Ensemble, usual: str, source: str) -> Figure:
    """Mean homicides per year by cause; the means of the causes add up to the mean total."""
    shown = [cause for cause in CAUSES if cause[0] in ensemble.metrics]
    found = [paths(ensemble, name, "year") for name, *_ in shown]
    years, stack = np.floor(decimal_years(found[0][0])), np.stack([values for _, values in found]) / 1000
    total = stack.sum(axis=0)
    figure, panels = grid(len(ensemble.arms), COLUMNS, 11, PANEL, 0.5, HEAD, FOOT, 0.06, 0.985, 0.09, sharey=True)
    base = ensemble.arm(usual)
    order = sorted(range(len(ensemble.arms)), key=lambda arm: arm != base)
    for axes, arm in zip(panels, order, strict=True):
        _panel(axes, years, stack[:, arm].mean(axis=1), total[arm], total[base].mean(axis=0))
        axes.set_title(ensemble.arms[arm] + (" (business as usual)" if arm == base else ""))
    for axes in panels[::COLUMNS]:
        axes.set_ylabel("thousand deaths per year")
    panels[0].set_ylim(0, 1.04 * np.percentile(total, 95, axis=1).max())
    subtitle = (
        f"Steps: mean of {replicates(ensemble.replicates.size)} per calendar year. "
        f"Whiskers: 5-95 % of replicates, all causes. Dashed: mean total under {usual}."
    )
    frame(figure, "How many homicides, and of which cause?", subtitle, source)
    handles = [Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=word) for _, word, colour, hatch in shown]
    legend(figure, handles)
    return figure


def _panel(axes: Axes, years: Array, stack: Array, total: Array, usual: Array) -> None:
    """One scenario: stack (C, T), totals by replicate (R, T), mean total under business as usual (T,)."""
    floor = np.zeros(years.size)
    edges = np.r_[years - 0.5, years[-1] + 0.5]
    for (_, _, colour, hatch), part in zip(CAUSES, stack, strict=False):
        filled = axes.stairs(floor + part, edges, baseline=floor, fill=True)
        filled.set(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.5)
        floor = floor + part
    low, high = np.percentile(total, (5, 95), axis=0)
    axes.vlines(years, low, high, color=BLACK, linewidth=0.9)
    axes.stairs(usual, edges, baseline=None, color=BLACK, linewidth=1.3, linestyle=(0, (3, 1.5)))
    axes.grid(visible=False, axis="x")
    year_ticks(axes, years[0] - 0.6, years[-1] + 0.6, most=8)
