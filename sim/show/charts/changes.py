"""Changes and their intervals, a row each: of outcomes by scenario, of whatever is a list, of factors; and in how many worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.paired import COST, Row, Worlds
from sim.analysis.sensitivity import Index
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.design import DUMMY
from sim.show import style
from sim.show.style import BLUE, FAINT, GREY, PALE, VERMILION, Look, dot, frame, grid, key, legend, looks, sheet, styled

EDGE = 100.0  # percent; marks beyond stand at the edge with an arrow and their value
BETTER = {"less": "less is better", "more": "more is better", "neither": "no better direction"}
LETTER = 0.0072  # of a label of `dots`, as a part of the width
SHARES: dict[str, tuple[str, dict[str, Any]]] = {
    "better": ("better", {"color": BLUE}),
    "same": ("exactly the same", {"color": FAINT}),
    "worse": ("worse", {"facecolor": "white", "edgecolor": VERMILION, "hatch": "////"}),
}


@styled
def forest(rows: Sequence[Row], usual: str, source: str, metrics: Sequence[str] = HEADLINE) -> Figure:
    """Mean paired difference against business as usual in percent, with its 95 % interval."""
    look_of = looks((row.scenario for row in rows), usual)
    policies = [name for name in look_of if name != usual]
    found = {(row.scenario, row.metric): row for row in rows if row.baseline == usual and row.percent is not None}
    shown = [name for name in metrics if not name.startswith(COST) and any((policy, name) in found for policy in policies)]
    tall = max(len(shown) * (0.22 + 0.17 * len(policies)), 1.0)
    figure, axes = sheet(9.5, tall, 0.98 + style.legend_rows(len(policies)), 0.72, 0.255, 0.975)
    for index, policy in enumerate(policies):
        offset = (index - (len(policies) - 1) / 2) * 0.72 / len(policies)
        for place, metric in enumerate(shown):
            if (policy, metric) in found:
                _difference(axes, found[policy, metric], place + offset, look_of[policy])
    axes.axvline(0, color=GREY, linewidth=1.2, zorder=1)
    style.rows(axes, [f"{country.title(name)}\n({BETTER[METRICS[name].better]})" for name in shown], shaded=True)
    reach = min(max(5.0, np.abs(axes.dataLim.intervalx).max() * 1.06), EDGE * 1.02)
    cut = f" (cut at {EDGE:.0f})" if reach > EDGE else ""
    axes.set(xlim=(-reach, reach), xlabel=f"difference from {usual}, %{cut}")
    style.signed(axes.xaxis)
    legend(figure, [key(policy, look_of[policy].colour, look_of[policy].marker, "-") for policy in policies])
    subtitle = f"Mean paired difference and its 95 % interval, {rows[0].window.replace('/', ' to ')}, {rows[0].n} pairs."
    return frame(figure, f"What differs from {usual}, and how surely?", subtitle, source)


def _difference(axes: Axes, row: Row, place: float, look: Look) -> None:
    """A mark with its interval; what lies beyond the edge is said in words."""
    value = row.percent or 0.0
    if abs(value) <= EDGE:
        ends = [value if end is None else float(np.clip(end, -EDGE, EDGE)) for end in (row.percent_low, row.percent_high)]
        dot(axes, value, place, (ends[0], ends[1]), look.colour, look.marker, markersize=5.5, elinewidth=1.5)
    else:
        x, side, text = (EDGE, "right", f"{value:+,.0f} % >") if value > 0 else (-EDGE, "left", f"< {value:+,.0f} %")
        axes.text(x, place, text, ha=side, va="center", fontsize=7.5, color=look.colour)


class Dot(NamedTuple):
    """A row: what it is, its value, and its interval, None or nan where there is none."""

    label: str
    value: float
    low: float | None
    high: float | None


@styled
def dots(rows: Sequence[Dot], title: str, subtitle: str, axis: str, source: str) -> Figure:
    """Rows from top to bottom; filled where the interval leaves out zero, hollow where it does not."""
    left = min(0.45, 0.03 + LETTER * max(len(row.label) for row in rows))
    figure, axes = sheet(9.5, 0.27 * len(rows), 1.05, 0.75, left, 0.97)
    for place, (_, value, low, high) in enumerate(rows):
        sure = (low or 0.0) > 0 or (high or 0.0) < 0  # nan is neither
        dot(axes, value, place, (low, high), BLUE if sure else GREY, markersize=6, elinewidth=1.2, filled=sure)
    axes.axvline(0, color=PALE, linewidth=1.0, zorder=0)
    style.rows(axes, [row.label for row in rows])
    axes.set_xlabel(axis)
    return frame(figure, title, f"{subtitle}\nFilled: the interval leaves out zero. Hollow: it does not, or there is none.", source)


@styled
def sensitivity(rows: Sequence[Index], source: str) -> Figure:
    """Index and its 95 % interval; filled where it lies above the noise floor, hollow where it does not."""
    metrics, factors = list(dict.fromkeys(row.metric for row in rows)), _order(rows)
    across = min(2, len(metrics))
    figure, panels = grid(len(metrics), across, 11, 0.24 * len(factors) + 0.3, 0.75, 1.05, 0.65, 0.19, 0.985, 0.06)
    for number, (axes, metric) in enumerate(zip(panels, metrics, strict=True)):
        _factors(axes, {row.factor: row for row in rows if row.metric == metric}, factors)
        axes.tick_params(labelleft=number % across == 0)
    what = {
        "morris": "Morris: mean absolute change when a factor crosses its range (mu*), in % of the mean level",
        "sobol": "Sobol: share of the variance that a factor takes part in (total index)",
    }
    dummy = "Shaded: what a dummy does that changes only which worlds and luck the replicates get. Hollow: not above it."
    return frame(figure, "Which factors decide the outcomes?", f"{what[rows[0].method]}, and 95 % interval.\n{dummy}", source)


def _factors(axes: Axes, own: dict[str, Index], factors: Sequence[str]) -> None:
    """One outcome: a row per factor, what a dummy does shaded."""
    scales = {name: 1.0 if row.percent is None or not row.value else row.percent / row.value for name, row in own.items()}
    for place, (factor, row) in enumerate((factor, own[factor]) for factor in factors):
        middle, half = scales[factor] * row.value, scales[factor] * row.half
        colour, marker = (GREY, "D") if factor == DUMMY else (BLUE, "o")
        dot(axes, middle, place, (max(0.0, middle - half), middle + half), colour, marker, filled=row.above, markersize=6)
    dummy = own[DUMMY]
    axes.axvspan(0, dummy.floor * scales[DUMMY], color=PALE, alpha=0.55, linewidth=0, zorder=0)
    axes.set_title(country.title(dummy.metric))
    axes.set_xlim(left=0)
    style.rows(axes, factors)
    axes.set_xlabel("mu*, % of the mean level" if dummy.method == "morris" else "total index", fontsize=8)


def _order(rows: Sequence[Index]) -> list[str]:
    """Factors by their mean share of each metric's largest index, the dummy last."""
    largest = {row.metric: max(each.value for each in rows if each.metric == row.metric) or 1.0 for row in rows}
    share = {row.factor: np.mean([each.value / largest[each.metric] for each in rows if each.factor == row.factor]) for row in rows}
    return sorted(share, key=lambda factor: (factor == DUMMY, -float(share[factor])))


@styled
def shares(rows: Sequence[Worlds], usual: str, source: str) -> Figure:
    """Worlds in which a policy does better, the same or worse than business as usual, in percent of all worlds."""
    policies = list(dict.fromkeys(row.scenario for row in rows))
    metrics = list(dict.fromkeys(row.metric for row in rows))[::-1]
    columns = min(3, len(policies))
    figure, panels = grid(
        len(policies), columns, 9.5, 0.27 * len(metrics) + 0.25, 0.55, 1.15, 0.75, 0.2, 0.93, 0.34, sharex=True, sharey=True
    )
    for number, (axes, policy) in enumerate(zip(panels, policies, strict=True)):
        _worlds(axes, {row.metric: row for row in rows if row.scenario == policy}, metrics)
        axes.set_title(policy)
        if number + columns >= len(policies):
            axes.set_xlabel("% of worlds")
            axes.tick_params(labelbottom=True)
    legend(figure, [Patch(label=name, **look) for name, look in SHARES.values()])
    return frame(figure, f"In how many worlds is it better than {usual}?", f"Share of {rows[0].n} paired worlds; numbers: worlds.", source)


def _worlds(axes: Axes, rows: dict[str, Worlds], metrics: Sequence[str]) -> None:
    """One policy: a bar per metric, each share with its number of worlds where there is room."""
    for place, metric in enumerate(metrics):
        start, narrow = 0.0, list[str]()
        for field, (_, look) in SHARES.items():
            count = getattr(rows[metric], field)
            wide = 100 * count / rows[metric].n
            if count:
                axes.barh(place, wide, left=start, height=0.72, linewidth=0.8, **look)
            if wide >= 9:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if field == "worse" else None
                colour = "white" if field == "better" else GREY
                axes.text(start + wide / 2, place, f"{count}", ha="center", va="center", fontsize=8, color=colour, bbox=box)
            elif count:
                narrow.append(f"{count} {field}")
            start += wide
        axes.text(101, place, ", ".join(narrow), ha="left", va="center", fontsize=7, color=GREY)
    axes.set_yticks(range(len(metrics)), [country.title(metric) for metric in metrics])
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "", "50", "", "100"])
    axes.grid(visible=False)
