"""What happens over time, in small multiples: levels of outcomes, what each policy changes in pairs, homicides by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.ensemble import Bands, Ensemble, bands, paths
from sim.analysis.evidence import history
from sim.analysis.paired import COST, Array, Row, half_width
from sim.analysis.table import quantity
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.show import style
from sim.show.style import BLACK, GREY, Look, decimal_years, frame, grid, key, legend, looks, replicates, scaled, styled, year_ticks

PANELS = tuple(metric for metric in HEADLINE if not metric.startswith(f"{COST}_"))  # of `outcomes`; payers are in the table
MOST = 4  # outcomes of `gaps`
OBSERVED: dict[str, Any] = {"marker": "x", "markersize": 5.5, "markeredgewidth": 1.5, "color": BLACK, "linestyle": ""}
WIDTH = (2.4, 1.6)  # points, of business as usual and of a policy
LOW, MEDIAN, HIGH = 0, 2, 4  # rows of Bands.quantiles
CAUSES = (  # from the bottom; neighbours differ in lightness and hatching
    ("homicides_background", "background", style.PALE, ""),
    ("homicides_turf", "turf", style.BLUE, ""),
    ("homicides_succession", "succession", style.ORANGE, "////"),
    ("homicides_predation", "predation", style.SKY, ""),
    ("homicides_confrontation", "confrontation with the state", style.VERMILION, "...."),
)


@styled
def outcomes(ensemble: Ensemble, usual: str, source: str, metrics: Sequence[str] = PANELS, world: str = "") -> Figure:
    """Median of each metric by calendar year (by month if fewer than three years were simulated), and what was observed.

    Only business as usual has its 5-95 % band: bands of policies lie on top of it, and what a policy changes in a world is not the
    distance of two bands; `gaps` draws that.
    """
    shown = [metric for metric in metrics if metric in ensemble.metrics]
    columns, head = 3, 1.03 + style.legend_rows(len(ensemble.arms))
    figure, panels = grid(len(shown), columns, 11, 2.05, 0.55, head, 0.55, 0.065, 0.985, 0.27)
    look_of, by, seen = looks(ensemble.arms, usual), period(ensemble), False
    for index, (axes, metric) in enumerate(zip(panels, shown, strict=True)):
        seen = _levels(axes, metric, bands(ensemble, metric, by), ensemble.arms, look_of, history(world, metric)) or seen
        axes.tick_params(labelbottom=index + columns >= len(shown))
    handles = [
        key(f"{arm} (business as usual)" if arm == usual else arm, look.colour, look.marker, look.line, linewidth=WIDTH[arm != usual])
        for arm, look in look_of.items()
    ]
    handles += [key("observed", BLACK, "x", markersize=5.5, markeredgewidth=1.5)] * seen
    legend(figure, handles, handlelength=3.2, columnspacing=1.4)
    subtitle = (
        f"Line: median of {replicates(ensemble.replicates.size)} by {by}. Band: 5-95 % of replicates under business as usual. "
        "Flows as yearly rates. All vertical axes start at zero."
    )
    return frame(figure, "How do outcomes develop under each scenario?", subtitle, source)


def period(ensemble: Ensemble) -> str:
    """What a point of a line stands for."""
    return "year" if ensemble.months.size >= 36 else "month"


def _levels(axes: Axes, metric: str, found: Bands, arms: Sequence[str], look_of: Mapping[str, Look], past: tuple[Array, Array]) -> bool:
    """One metric; business as usual, the first of `look_of`, lies at the back. Whether something observed is in it."""
    times = decimal_years(found.times)
    middle, known = past[0] + 0.5, past[1]
    inside = (middle >= times[0]) & (middle <= times[-1])
    middle, known = middle[inside], known[inside]
    usual = found.quantiles[arms.index(next(iter(look_of))), HIGH]
    largest = float(np.nanmax([*found.quantiles[:, MEDIAN].ravel(), *usual, *known, 0.0]))
    unit, label = scaled(METRICS[metric].unit, METRICS[metric].kind, largest)
    for layer, (arm, look) in enumerate(look_of.items()):
        low, median, high = found.quantiles[arms.index(arm)][[LOW, MEDIAN, HIGH]] / unit
        if not layer:
            axes.fill_between(times, low, high, color=look.colour, alpha=0.25, linewidth=0.8, zorder=layer)
        drawn: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker}
        every = (layer, 4) if times.size > 8 else None
        axes.plot(times, median, linewidth=WIDTH[layer > 0], zorder=10 + layer, clip_on=False, markevery=every, **drawn)
    axes.plot(middle, known / unit, zorder=30, clip_on=False, **OBSERVED)
    axes.set(title=country.title(metric), ylabel=label, ylim=(0, 1.06 * largest / unit or 1))
    year_ticks(axes, times[0], times[-1])
    return bool(middle.size)


@styled
def gaps(ensemble: Ensemble, rows: Sequence[Row], usual: str, source: str, metrics: Sequence[str] = HEADLINE) -> Figure:
    """Change against business as usual by calendar year in the same worlds: mean, its 95 % interval, and the middle 90 % of worlds."""
    look_of, base = looks(ensemble.arms, usual), ensemble.arm(usual)
    policies = [name for name in look_of if name != usual]
    shown = told_over_time(ensemble, usual, metrics)
    wide, across = max(6.0, 1.6 + 2.6 * len(policies)), len(policies)
    figure, panels = grid(len(shown) * across, across, wide, 1.65, 0.32, 0.95, 0.6, 0.95 / wide, 0.985, 0.06, sharex=True, sharey="row")
    sums = {(row.scenario, row.metric): row for row in rows if row.baseline == usual}
    for line, metric in enumerate(shown):
        times, values = paths(ensemble, metric, period(ensemble))
        row = panels[line * across : (line + 1) * across]
        for axes, name in zip(row, policies, strict=True):
            _change(axes, decimal_years(times), changes(values[ensemble.arm(name)], values[base]), look_of[name])
            first, last = decimal_years(times[[0, -1]]).tolist()
            year_ticks(axes, first, last, most=4)
            _sum(axes, sums.get((name, metric)))
        bottom, top = row[0].get_ylim()
        bottom, top = min(bottom, -1.0), max(top, 1.0)
        row[0].set(ylim=(bottom, top + 0.2 * (top - bottom)))  # room for the sums
        row[0].set_ylabel(f"{country.title(metric)},\n%", fontsize=8)
    for axes, name in zip(panels, policies, strict=False):
        axes.set_title(name, fontsize=8.5, color=look_of[name].colour, fontweight="bold")
    subtitle = (
        f"Paired difference by {period(ensemble)}: mean (line), its 95 % interval (dark), 90 % of worlds (pale). In words: over all of it."
    )
    return frame(figure, f"What does each policy change against {usual}, and when?", subtitle, source)


def told_over_time(ensemble: Ensemble, usual: str, metrics: Sequence[str]) -> list[str]:
    """Outcomes of `gaps`: the first that are no costs, of which business as usual has any."""
    known = (name for name in metrics if name in ensemble.metrics and not name.startswith(COST))
    return [name for name in known if np.nanmax(ensemble[name][ensemble.arm(usual)], initial=0.0) > 0][:MOST]


def changes(own: Array, base: Array) -> Array:
    """Paired differences of (R, T) each in percent of business as usual in that period: mean, 95 % interval, 90 % of worlds, (5, T)."""
    level = np.where(np.isfinite(base), base, 0.0).mean(axis=0)
    defined = (level > 0) & np.isfinite(own - base).any(axis=0)
    found, change = np.full((5, level.size), np.nan), 100 * (own - base)[:, defined] / level[defined]
    mean, half = np.nanmean(change, axis=0), np.array([half_width(each) for each in change.T])
    found[:, defined] = [mean, mean - half, mean + half, *np.nanpercentile(change, (5, 95), axis=0)]
    return found


def _change(axes: Axes, times: Array, change: Array, look: Look) -> None:
    """One policy and outcome; periods in which it is undefined are left out."""
    times, (mean, low, high, least, most) = times[np.isfinite(change[0])], change[:, np.isfinite(change[0])]
    axes.fill_between(times, least, most, color=look.colour, alpha=0.16, linewidth=0)
    axes.fill_between(times, low, high, color=look.colour, alpha=0.42, linewidth=0)
    axes.axhline(0, color=GREY, linewidth=1.1, zorder=1)
    axes.plot(times, mean, color=look.colour, linestyle=look.line, linewidth=1.6)
    style.signed(axes.yaxis)


def _sum(axes: Axes, row: Row | None) -> None:
    """The sum, or the mean of a stock, in words."""
    if row is not None:
        unit = METRICS[row.metric].unit
        said = f"{quantity(row.difference if row.total is None else row.total, unit, '+')} {unit}"
        text = f"{said} on average" if row.total is None else said
        axes.text(0.03, 0.96, text, transform=axes.transAxes, va="top", fontsize=8, zorder=20)


@styled
def causes(ensemble: Ensemble, usual: str, source: str) -> Figure:
    """Mean homicides per year by cause; the means of the causes add up to the mean total."""
    shown = [cause for cause in CAUSES if cause[0] in ensemble.metrics]
    found = [paths(ensemble, name, "year") for name, *_ in shown]
    years, stack = np.floor(decimal_years(found[0][0])), np.stack([values for _, values in found]) / 1000
    total, base, columns = stack.sum(axis=0), ensemble.arm(usual), 2
    figure, panels = grid(len(ensemble.arms), columns, 11, 2.3, 0.5, 1.35, 0.6, 0.06, 0.985, 0.09, sharey=True)
    order = sorted(range(len(ensemble.arms)), key=lambda arm: arm != base)
    for axes, arm in zip(panels, order, strict=True):
        _stack(axes, years, stack[:, arm].mean(axis=1), total[arm], total[base].mean(axis=0))
        axes.set_title(ensemble.arms[arm] + (" (business as usual)" if arm == base else ""))
    for axes in panels[::columns]:
        axes.set_ylabel("thousand deaths per year")
    panels[0].set_ylim(0, 1.04 * np.percentile(total, 95, axis=1).max())
    legend(figure, [Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=word) for _, word, colour, hatch in shown])
    subtitle = (
        f"Steps: mean of {replicates(ensemble.replicates.size)} per calendar year. "
        f"Whiskers: 5-95 % of replicates, all causes. Dashed: mean total under {usual}."
    )
    return frame(figure, "How many homicides, and of which cause?", subtitle, source)


def _stack(axes: Axes, years: Array, stack: Array, total: Array, usual: Array) -> None:
    """One scenario: stack (C, T), totals by replicate (R, T), mean total under business as usual (T,)."""
    edges = np.r_[years - 0.5, years[-1] + 0.5]
    tops = np.cumsum(stack, axis=0)
    for (_, _, colour, hatch), top, part in zip(CAUSES, tops, stack, strict=False):
        filled = axes.stairs(top, edges, baseline=top - part, fill=True)
        filled.set(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.5)
    axes.vlines(years, *np.percentile(total, (5, 95), axis=0), color=BLACK, linewidth=0.9)
    axes.stairs(usual, edges, baseline=None, color=BLACK, linewidth=1.3, linestyle=(0, (3, 1.5)))
    axes.grid(visible=False, axis="x")
    year_ticks(axes, years[0] - 0.6, years[-1] + 0.6, most=8)
