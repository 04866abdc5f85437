"""The figure of a sensitivity analysis: factors down, one panel per metric, the noise floor shaded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.sensitivity import Index
from sim.experiment.design import DUMMY
from sim.show.style import BLUE, GREY, PALE, frame, grid, styled
from sim.show.style import rows as name_rows

COLUMNS = 2
HEAD, FOOT, ROW, GAP = 1.05, 0.65, 0.24, 0.75  # inches


@styled
def sensitivity(rows: Sequence[Index], source: str) -> Figure:
    """Index and its 95 % interval; filled where it lies above the noise floor, hollow where it does not."""
    metrics = list(dict.fromkeys(row.metric for row in rows))
    factors = _order(rows)
    across = min(COLUMNS, len(metrics))
    figure, panels = grid(len(metrics), COLUMNS, 11, ROW * len(factors) + 0.3, GAP, HEAD, FOOT, 0.19, 0.985, 0.06)
    for number, (axes, metric) in enumerate(zip(panels, metrics, strict=True)):
        _panel(axes, {row.factor: row for row in rows if row.metric == metric}, factors, named=number % across == 0)
    morris = rows[0].method == "morris"
    what = (
        "Morris: mean absolute change when a factor crosses its range (mu*), in % of the mean level"
        if morris
        else "Sobol: share of the variance that a factor takes part in (total index)"
    )
    dummy = "Shaded: what a dummy does that changes only which worlds and luck the replicates get. Hollow: not above it."
    subtitle = f"{what}, and 95 % interval.\n{dummy}"
    frame(figure, "Which factors decide the outcomes?", subtitle, source)
    return figure


def _panel(axes: Axes, own: dict[str, Index], factors: Sequence[str], *, named: bool) -> None:
    for place, factor in enumerate(factors):
        row = own[factor]
        scale = 1.0 if row.percent is None or not row.value else row.percent / row.value
        middle, half = scale * row.value, scale * row.half
        colour = GREY if factor == DUMMY else BLUE
        axes.plot([max(0.0, middle - half), middle + half], [place, place], color=colour)
        marker, inside = ("D" if factor == DUMMY else "o"), (colour if row.above else "white")
        axes.plot(middle, place, marker=marker, color=colour, markerfacecolor=inside, markersize=6)
    dummy = own[DUMMY]
    floor = dummy.floor if dummy.percent is None or not dummy.value else dummy.floor * dummy.percent / dummy.value
    axes.axvspan(0, floor, color=PALE, alpha=0.55, linewidth=0, zorder=0)
    axes.set_title(country.title(dummy.metric))
    axes.set_xlim(left=0)
    name_rows(axes, factors if named else [""] * len(factors))
    axes.set_xlabel("mu*, % of the mean level" if dummy.method == "morris" else "total index", fontsize=8)


def _order(rows: Sequence[Index]) -> list[str]:
    """Factors by their mean share of each metric's largest index, the dummy last."""
    shares: dict[str, list[float]] = {}
    for metric in dict.fromkeys(row.metric for row in rows):
        own = [row for row in rows if row.metric == metric]
        largest = max(row.value for row in own) or 1.0
        for row in own:
            shares.setdefault(row.factor, []).append(row.value / largest)
    return sorted(shares, key=lambda factor: (factor == DUMMY, -float(np.mean(shares[factor]))))
