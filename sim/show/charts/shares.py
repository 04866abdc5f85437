"""In how many worlds each policy does better or worse: stacked bars, a panel per policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.paired import Worlds
from sim.show.style import BLUE, FAINT, GREY, VERMILION, frame, grid, legend, styled

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
    columns, panel = min(COLUMNS, len(policies)), ROW * len(metrics) + 0.25
    figure, panels = grid(len(policies), COLUMNS, 9.5, panel, 0.55, 1.15, 0.75, 0.2, 0.93, 0.34, sharex=True, sharey=True)
    for axes, policy in zip(panels, policies, strict=True):
        _panel(axes, {row.metric: row for row in rows if row.scenario == policy}, metrics)
        axes.set_title(policy)
    for number, axes in enumerate(panels):
        if number + columns >= len(policies):
            axes.set_xlabel("% of worlds")
            axes.tick_params(labelbottom=True)
    frame(figure, f"In how many worlds is it better than {usual}?", f"Share of {rows[0].n} paired worlds; numbers: worlds.", source)
    legend(figure, [Patch(label=name, **look) for name, look in LOOKS.values()])
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
