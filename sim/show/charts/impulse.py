"""What a removal changes, month by month: the twins' difference with its band, and what event studies make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.removals.event_study import FORMS, Estimate
from sim.analysis.removals.twins import FIRST_MONTH, LAST_MONTH, Pairs, impulse, situations
from sim.show.style import BLACK, BLUE, COLOURS, GREEN, GREY, LINES, PALE, VERMILION, frame, signed, styled

SPANS = {"before 7-12": (-12, -6), "1-6": (0, 6), "7-12": (6, 12), "13-36": (12, 36)}  # months, of `event_study.PERIODS`
FEWEST = 10  # removals that a curve needs
FULL = {"capture": "captures", "killing": "killings", "weak side of its wars": "weak side", "strong side of its wars": "strong side"}
ABOVE: dict[str, Any] = {  # a legend between title and axes, so that it hides nothing
    "loc": "lower left", "bbox_to_anchor": (-0.02, 0.99), "ncols": 3, "fontsize": 7, "handlelength": 1.8, "columnspacing": 0.9,
    "borderpad": 0.2,
}  # fmt: skip


@styled
def impulse_figure(pairs: Pairs, studies: Sequence[Estimate], name: str, source: str) -> Figure:
    """Four views of one scenario: by place, beside event studies, by mode, by side of a war; kingpins, organised homicides."""
    figure = Figure(figsize=(9.5, 7.6))
    axes = figure.subplots(2, 2, sharex=True, sharey=True, gridspec_kw={"hspace": 0.24, "wspace": 0.08})
    figure.subplots_adjust(left=0.085, right=0.985, bottom=0.115, top=0.825)
    groups = situations(pairs)
    kingpins = groups["kingpins"]
    _curves(axes[0, 0], [(where, *impulse(pairs, kingpins, where)) for where in ("place", "same cartel", "neighbours")], "Where")
    _curves(axes[0, 1], [("truth of the twins", *impulse(pairs, kingpins, "place"))], "At the place: what is true, what studies find")
    _studies(axes[0, 1], [s for s in studies if s.event == "kingpins" and s.form == FORMS[0]])
    for axis, names, title in (
        (axes[1, 0], ("capture", "killing"), "At the place, by mode"),
        (axes[1, 1], ("weak side of its wars", "strong side of its wars"), "At the place, by side of the cartel's wars"),
    ):
        curves = [
            (f"{FULL[each]} ({groups[each].sum()})", *impulse(pairs, groups[each], "place", step=6))
            for each in names
            if groups[each].sum() >= FEWEST
        ]
        _curves(axis, curves, title)
    _frame_axes(axes.ravel())
    subtitle = (
        f"{name}: homicides of organised crime against the same world in which that one leader lives;\n"
        f"{kingpins.sum():,} kingpins in {np.unique(pairs.world).size} worlds. Ratio of sums and its 95 % interval over worlds."
    )
    frame(figure, "What does the fall of a kingpin change?", subtitle, source)
    return figure


def _curves(axes: Axes, curves: Iterable[tuple[str, np.ndarray, np.ndarray]], title: str) -> None:
    """Responses with their bands, in percent, starting from the exact zero before the removal."""
    for (label, month, found), colour, line in zip(curves, (BLUE, VERMILION, GREEN, *COLOURS), LINES, strict=False):
        after = month > 0
        x = np.concatenate([[FIRST_MONTH - 1, 0.0], month[after]])
        middle, low, high = (100.0 * np.concatenate([[0.0, 0.0], row[after]]) for row in found)
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(x, low, color=colour, linestyle=line, linewidth=0.6)
        axes.plot(x, high, color=colour, linestyle=line, linewidth=0.6)
        axes.plot(x, middle, color=colour, linestyle=line, label=label)
    axes.set_title(title, pad=18)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**ABOVE)
    else:
        axes.text(0.03, 0.93, f"fewer than {FEWEST} removals of each", transform=axes.transAxes, va="top", color=GREY)


def _studies(axes: Axes, studies: Sequence[Estimate]) -> None:
    """Boxes over each window: the mean estimate, and where 80 % of single histories lie."""
    for study in studies:
        if study.relative is None:
            continue
        first, last = SPANS[study.months]
        if study.tenth is not None and study.ninetieth is not None:
            axes.fill_between(
                [first, last], 100 * study.tenth, 100 * study.ninetieth, facecolor=PALE, alpha=0.55, edgecolor=GREY, hatch="////", zorder=1
            )
            axes.plot([(first + last) / 2] * 2, [100 * study.tenth, 100 * study.ninetieth], color=GREY, linewidth=0)  # for the arrows
        axes.plot([first, last], [100 * study.relative] * 2, color=BLACK, linewidth=2.2, zorder=4)
    truth = axes.get_legend_handles_labels()
    handles = [
        *truth[0],
        Line2D([], [], color=BLACK, linewidth=2.2, label="event studies, mean"),
        Patch(facecolor=PALE, edgecolor=GREY, hatch="////", label="80 % of histories"),
    ]
    axes.legend(handles=handles, **ABOVE)


def _beyond(axes: Axes, low: float, high: float) -> None:
    """Arrows where a band leaves the axis, with how far it goes."""
    taken = dict[float, int]()
    for line in [each for each in axes.lines if each.get_linewidth() < 1.0]:
        x, y = (np.asarray(data, np.float64) for data in line.get_data())
        for edge, far in ((high, int(np.nanargmax(y))), (low, int(np.nanargmin(y)))):
            if low <= y[far] <= high:
                continue
            row, inwards = taken.get(edge, 0), -1.0 if edge == high else 1.0
            taken[edge] = row + 1
            begin = edge + inwards * (0.07 + 0.06 * row) * (high - low)
            axes.annotate(
                f"to {y[far]:+,.0f} %", (x[far], edge), (x[far], begin), color=line.get_color(), fontsize=7, ha="center", va="center",
                arrowprops={"arrowstyle": "->", "color": line.get_color(), "shrinkA": 1, "shrinkB": 0},
                bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.5}, zorder=6,
            )  # fmt: skip


def _frame_axes(every: Iterable[Axes]) -> None:
    """Zero lines, the removal, limits that the middles decide, labels at the edge."""
    every = list(every)
    inside = [np.asarray(line.get_ydata(), np.float64) for axes in every for line in axes.lines if line.get_linewidth() > 1.0]
    values = np.concatenate([values[np.isfinite(values)] for values in inside])
    room = max(10.0, float(np.ptp(values)))
    low, high = float(values.min()) - 0.35 * room, float(values.max()) + 0.35 * room
    for axes in every:
        axes.axhline(0, color=GREY, linewidth=1.0, zorder=1)
        axes.axvline(0, color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
        axes.set_xlim(FIRST_MONTH - 1, LAST_MONTH)
        axes.set_ylim(low, high)
        _beyond(axes, low, high)
        axes.set_xticks(range(-12, 37, 6))
        signed(axes.yaxis)
        if axes.get_subplotspec().is_last_row():  # type: ignore[union-attr]
            axes.set_xlabel("months since the removal")
        if axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]
            axes.set_ylabel("change against the twin, %")
