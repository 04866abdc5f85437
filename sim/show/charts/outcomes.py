"""Outcomes over time: small multiples, every scenario with its band, business as usual behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis import country
from sim.analysis.contrast import Array
from sim.analysis.ensemble import Bands, Ensemble, bands
from sim.analysis.observe import history
from sim.analysis.paired import COST
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.show.style import BLACK, Look, decimal_years, frame, grid, legend, looks, replicates, scaled, styled, year_ticks

PANELS = tuple(metric for metric in HEADLINE if not metric.startswith(f"{COST}_"))  # payers are in the table
COLUMNS = 3
PANEL = 2.05  # inches high
HEAD, FOOT, LEGEND = 1.03, 0.55, 0.2  # inches; LEGEND per row
ACROSS = 5  # names in a row of the legend
OBSERVED: dict[str, Any] = {"marker": "x", "markersize": 5.5, "markeredgewidth": 1.5, "color": BLACK, "linestyle": ""}
WIDTH = (2.4, 1.6)  # points, of business as usual and of a policy
LOW, MEDIAN, HIGH = 0, 2, 4  # rows of Bands.quantiles


@styled
def outcomes(ensemble: Ensemble, usual: str, source: str, metrics: Sequence[str] = PANELS, world: str = "") -> Figure:
    """Median of each metric by calendar year (by month if fewer than three years were simulated), and what was observed.

    Only business as usual has its 5-95 % band: bands of policies lie on top of it, and what a policy changes in a world is not the
    distance of two bands; `gaps` draws that.
    """
    shown = [metric for metric in metrics if metric in ensemble.metrics]
    by = "year" if ensemble.months.size >= 36 else "month"
    head = HEAD + LEGEND * ceil(len(ensemble.arms) / ACROSS)
    figure, panels = grid(len(shown), COLUMNS, 11, PANEL, 0.55, head, FOOT, 0.065, 0.985, 0.27)
    style = looks(ensemble.arms, usual)
    seen = False
    for index, (axes, metric) in enumerate(zip(panels, shown, strict=True)):
        seen = _panel(axes, metric, bands(ensemble, metric, by), ensemble.arms, style, history(world, metric)) or seen
        axes.tick_params(labelbottom=index + COLUMNS >= len(shown))
    subtitle = (
        f"Line: median of {replicates(ensemble.replicates.size)} by {by}. Band: 5-95 % of replicates under business as usual. "
        "Flows as yearly rates. All vertical axes start at zero."
    )
    frame(figure, "How do outcomes develop under each scenario?", subtitle, source)
    handles = [
        Line2D([], [], color=look.colour, linestyle=look.line, marker=look.marker, linewidth=WIDTH[arm != usual],
               label=f"{arm} (business as usual)" if arm == usual else arm)
        for arm, look in style.items()
    ]  # fmt: skip
    handles += [Line2D([], [], label="observed", **OBSERVED)] * seen
    legend(figure, handles, ACROSS, handlelength=3.2, columnspacing=1.4)
    return figure


def _panel(axes: Axes, metric: str, found: Bands, arms: Sequence[str], style: Mapping[str, Look], past: tuple[Array, Array]) -> bool:
    """One metric; arms in the order of `style`, so that business as usual lies at the back. Whether something observed is in it."""
    years, known = past
    inside = (years + 0.5 >= decimal_years(found.times)[0]) & (years + 0.5 <= decimal_years(found.times)[-1])
    years, known = years[inside] + 0.5, known[inside]
    usual = found.quantiles[arms.index(next(iter(style))), HIGH]
    largest = float(np.nanmax([*found.quantiles[:, MEDIAN].ravel(), *usual, *known, 0.0]))
    unit, label = scaled(METRICS[metric].unit, METRICS[metric].kind, largest)
    times = decimal_years(found.times)
    for layer, (arm, look) in enumerate(style.items()):
        low, median, high = found.quantiles[arms.index(arm)][[LOW, MEDIAN, HIGH]] / unit
        back = layer == 0
        if back:
            axes.fill_between(times, low, high, color=look.colour, alpha=0.25, linewidth=0.8, zorder=layer)
        every = (layer, 4) if times.size > 8 else None
        drawn: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker, "markevery": every}
        axes.plot(times, median, linewidth=WIDTH[not back], zorder=10 + layer, clip_on=False, **drawn)
    axes.plot(years, known / unit, zorder=30, clip_on=False, **OBSERVED)
    axes.set_title(country.title(metric))
    axes.set_ylabel(label)
    axes.set_ylim(0, 1.06 * largest / unit or 1)
    year_ticks(axes, times[0], times[-1])
    return bool(years.size)
