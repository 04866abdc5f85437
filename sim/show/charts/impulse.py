"""What a removal changes, month by month: the twins' difference with its band, and what event studies make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.removals.event_study import FORMS, Estimate
from sim.analysis.removals.twins import FIRST_MONTH, LAST_MONTH, Pairs, impulse, situations
from sim.show.style import BLACK, BLUE, COLOURS, GREEN, GREY, LINES, PALE, VERMILION, frame, grid, key, signed, styled

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
    figure, panels = grid(4, 2, 9.5, 2.4, 0.6, 1.33, 0.87, 0.085, 0.985, 0.08, sharex=True, sharey=True)
    groups = situations(pairs)
    kingpins = groups["kingpins"]
    _curves(panels[0], [(where, *impulse(pairs, kingpins, where)) for where in ("place", "same cartel", "neighbours")], "Where")
    _curves(panels[1], [("truth of the twins", *impulse(pairs, kingpins, "place"))], "At the place: what is true, what studies find")
    _studies(panels[1], [s for s in studies if s.event == "kingpins" and s.form == FORMS[0] and s.relative is not None])
    for axis, names, title in (
        (panels[2], ("capture", "killing"), "At the place, by mode"),
        (panels[3], ("weak side of its wars", "strong side of its wars"), "At the place, by side of the cartel's wars"),
    ):
        many = [(each, groups[each]) for each in names if groups[each].sum() >= FEWEST]
        _curves(axis, [(f"{FULL[each]} ({own.sum()})", *impulse(pairs, own, "place", step=6)) for each, own in many], title)
    _frame_axes(panels)
    subtitle = (
        f"{name}: homicides of organised crime against the same world in which that one leader lives;\n"
        f"{kingpins.sum():,} kingpins in {np.unique(pairs.world).size} worlds. Ratio of sums and its 95 % interval over worlds."
    )
    return frame(figure, "What does the fall of a kingpin change?", subtitle, source)


def _curves(axes: Axes, curves: Iterable[tuple[str, np.ndarray, np.ndarray]], title: str) -> None:
    """Responses with their bands, in percent, starting from the exact zero before the removal."""
    for (label, month, found), colour, line in zip(curves, (BLUE, VERMILION, GREEN, *COLOURS), LINES, strict=False):
        after = month > 0
        x = np.concatenate([[FIRST_MONTH - 1, 0.0], month[after]])
        middle, low, high = (100.0 * np.concatenate([[0.0, 0.0], row[after]]) for row in found)
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(x, np.transpose([low, high]), color=colour, linestyle=line, linewidth=0.6)
        axes.plot(x, middle, color=colour, linestyle=line, label=label)
    axes.set_title(title, pad=18)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**ABOVE)
    else:
        axes.text(0.03, 0.93, f"fewer than {FEWEST} removals of each", transform=axes.transAxes, va="top", color=GREY)


def _studies(axes: Axes, studies: Sequence[Estimate]) -> None:
    """Boxes over each window: the mean estimate, and where 80 % of single histories lie."""
    for study in studies:
        first, last = SPANS[study.months]
        if study.tenth is not None and study.ninetieth is not None:
            axes.fill_between(
                [first, last], 100 * study.tenth, 100 * study.ninetieth, facecolor=PALE, alpha=0.55, edgecolor=GREY, hatch="////", zorder=1
            )
            axes.plot([(first + last) / 2] * 2, [100 * study.tenth, 100 * study.ninetieth], color=GREY, linewidth=0)  # for the arrows
        axes.plot([first, last], [100 * (study.relative or 0.0)] * 2, color=BLACK, linewidth=2.2, zorder=4)
    truth, _ = axes.get_legend_handles_labels()
    spread = Patch(facecolor=PALE, edgecolor=GREY, hatch="////", label="80 % of histories")
    axes.legend(handles=[*truth, key("event studies, mean", BLACK, line="-", linewidth=2.2), spread], **ABOVE)


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


def _frame_axes(every: Sequence[Axes]) -> None:
    """Zero lines, the removal, limits that the middles decide, labels at the edge."""
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
        axes.set(xlabel="months since the removal", ylabel="change against the twin, %")
        axes.label_outer()
