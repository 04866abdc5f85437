"""What a policy changes, year by year: the paired difference with its interval, a column per policy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.contrast import Array, half_width
from sim.analysis.ensemble import Ensemble, paths
from sim.analysis.paired import COST, Row
from sim.analysis.table import quantity
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.show.style import GREY, Look, decimal_years, frame, looks, signed, styled, year_ticks

MOST = 4  # outcomes
PANEL, HEAD, FOOT = 1.65, 0.95, 0.6  # inches high


@styled
def gaps(ensemble: Ensemble, rows: Sequence[Row], usual: str, source: str, metrics: Sequence[str] = HEADLINE) -> Figure:
    """Change against business as usual by calendar year in the same worlds: mean, its 95 % interval, and the middle 90 % of worlds."""
    style = looks(ensemble.arms, usual)
    policies = [name for name in style if name != usual]
    shown = [name for name in metrics if name in ensemble.metrics and not name.startswith(COST) and _some(ensemble, name, usual)][:MOST]
    height = HEAD + FOOT + len(shown) * (PANEL + 0.28)
    figure = Figure(figsize=(max(6.0, 1.6 + 2.6 * len(policies)), height))
    panels = figure.subplots(len(shown), len(policies), squeeze=False, sharex=True, sharey="row")
    figure.subplots_adjust(left=0.95 / figure.get_figwidth(), right=0.985, top=1 - HEAD / height, bottom=FOOT / height, wspace=0.06)
    sums = {(row.scenario, row.metric): row for row in rows if row.baseline == usual}
    by = "year" if ensemble.months.size >= 36 else "month"
    for line, metric in zip(panels, shown, strict=True):
        times, values = paths(ensemble, metric, by)
        base = values[ensemble.arm(usual)]
        for axes, name in zip(line, policies, strict=True):
            _panel(axes, decimal_years(times), values[ensemble.arm(name)], base, style[name])
            first, last = decimal_years(times[[0, -1]]).tolist()
            year_ticks(axes, first, last, most=4)
            _told(axes, sums.get((name, metric)))
        bottom, top = line[0].get_ylim()
        bottom, top = min(bottom, -1.0), max(top, 1.0)
        line[0].set_ylim(bottom, top + 0.2 * (top - bottom))  # room for the sums
        line[0].set_ylabel(f"{country.title(metric)},\n%", fontsize=8)
    for axes, name in zip(panels[0], policies, strict=True):
        axes.set_title(name, fontsize=8.5, color=style[name].colour, fontweight="bold")
    subtitle = f"Paired difference by {by}: mean (line), its 95 % interval (dark), 90 % of worlds (pale). In words: over all of it."
    frame(figure, f"What does each policy change against {usual}, and when?", subtitle, source)
    return figure


def _some(ensemble: Ensemble, metric: str, usual: str) -> bool:
    return bool(np.nanmax(ensemble[metric][ensemble.arm(usual)], initial=0.0) > 0)


def _panel(axes: Axes, times: Array, own: Array, base: Array, look: Look) -> None:
    """One policy and outcome, (R, T) each, in percent of business as usual in that year."""
    level = np.where(np.isfinite(base), base, 0.0).mean(axis=0)
    defined = (level > 0) & np.isfinite(own - base).any(axis=0)
    times, change = times[defined], 100 * (own - base)[:, defined] / level[defined]
    mean = np.nanmean(change, axis=0)
    half = np.array([half_width(change[:, period]) for period in range(times.size)])
    low, high = np.nanpercentile(change, (5, 95), axis=0)
    axes.fill_between(times, low, high, color=look.colour, alpha=0.16, linewidth=0)
    axes.fill_between(times, mean - half, mean + half, color=look.colour, alpha=0.42, linewidth=0)
    axes.axhline(0, color=GREY, linewidth=1.1, zorder=1)
    axes.plot(times, mean, color=look.colour, linestyle=look.line, linewidth=1.6)
    signed(axes.yaxis)


def _told(axes: Axes, row: Row | None) -> None:
    """The sum, or the mean of a stock, in words."""
    if row is None:
        return
    unit = METRICS[row.metric].unit
    said = quantity(row.difference if row.total is None else row.total, unit, "+")
    text = f"{said} {unit}{'' if row.total is not None else ' on average'}"
    axes.text(0.03, 0.96, text, transform=axes.transAxes, va="top", fontsize=8, zorder=20)
