"""In how many worlds each policy does better or worse: stacked bars, a panel per policy."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.worlds import Worlds
from sim.show.style import BLUE, FAINT, GREY, VERMILION, frame, styled

COLUMNS, ROW = 3, 0.27  # panels side by side; inches per bar
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "better": ("better", {"color": BLUE}),
    "same": ("exactly the same", {"color": FAINT}),
    "worse": ("worse", {"facecolor": "white", "edgecolor": VERMILION, "hatch": "////"}),
}


@styled
def shares(rows: Sequence[Worlds], usual: str, source: str) -> Figure:
    """Worlds in which a policy does better, the same or worse than business as usual, in percent of all worlds."""
    policies = list(dict.fromkeys(row.scenario for row in rows))
    metrics = list(dict.fromkeys(row.metric for row in rows))[::-1]
    columns = min(COLUMNS, len(policies))
    deep = ceil(len(policies) / columns)
    panel = ROW * len(metrics) + 0.25
    height = 1.15 + deep * (panel + 0.55) + 0.35
    figure = Figure(figsize=(9.5, height))
    panels = figure.subplots(deep, columns, squeeze=False, sharex=True, sharey=True).ravel()
    figure.subplots_adjust(left=0.2, right=0.93, top=1 - 1.15 / height, bottom=0.75 / height, wspace=0.34, hspace=0.55 / panel)
    for axes, policy in zip(panels, policies, strict=False):
        _panel(axes, {row.metric: row for row in rows if row.scenario == policy}, metrics)
        axes.set_title(policy)
    for number, axes in enumerate(panels):
        axes.set_visible(number < len(policies))
        if number + columns >= len(policies):
            axes.set_xlabel("% of worlds")
            axes.tick_params(labelbottom=True)
    frame(figure, f"In how many worlds is it better than {usual}?", f"Share of {rows[0].n} paired worlds; numbers: worlds.", source)
    handles = [Patch(label=name, **look) for name, look in LOOKS.values()]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.0, 1 - 0.62 / height), ncols=len(LOOKS))
    return figure


def _panel(axes: Axes, rows: dict[str, Worlds], metrics: Sequence[str]) -> None:
    """One policy: a bar per metric, each share with its number of worlds where there is room."""
    for place, metric in enumerate(metrics):
        start, narrow = 0.0, list[str]()
        for field, (_, look) in LOOKS.items():
            count = getattr(rows[metric], field)
            if not count:
                continue
            wide = 100 * count / rows[metric].n
            axes.barh(place, wide, left=start, height=0.72, linewidth=0.8, **look)
            if wide >= 9:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if field == "worse" else None
                colour = "white" if field == "better" else GREY
                axes.text(start + wide / 2, place, f"{count}", ha="center", va="center", fontsize=8, color=colour, bbox=box)
            else:
                narrow.append(f"{count} {field}")
            start += wide
        axes.text(101, place, ", ".join(narrow), ha="left", va="center", fontsize=7, color=GREY)
    axes.set_yticks(range(len(metrics)), [country.title(metric) for metric in metrics])
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "", "50", "", "100"])
    axes.grid(visible=False)
