"""What makes a difference: a bar per response, with its interval over worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.why import DIRECT, INTERACTION, Decomposition, Estimate, Part, part_title
from sim.catalogue.metrics import METRICS
from sim.show.style import BLACK, BLUE, GREY, PALE, VERMILION, frame, legend, replicates, rows, scaled, signed, styled
from sim.words import texts

ROW = 0.34  # inches


@styled
def bars(found: Decomposition, source: str, language: str = "en") -> Figure:
    """Contributions from top to bottom, the whole difference last."""
    words = texts("why picture", language)
    parts = [*found.parts, Part("total", found.difference)]
    spread = [abs(end) for part in parts for end in _ends(part.contribution)]
    divisor, unit = scaled(METRICS[found.metric].unit, "stock", max(spread))
    tall = ROW * len(parts)
    height = tall + 1.95
    figure = Figure(figsize=(9.5, height))
    axes = figure.add_axes((0.27, 0.78 / height, 0.70, tall / height))
    for row, part in enumerate(parts):
        _bar(axes, row, part, divisor)
    _cut(axes, parts, divisor, "a" if language == "es" else "to")
    _axes(axes, [part_title(part.name, language) for part in parts], words["axis"].format(unit=unit))
    first, last = found.window.split("/")
    n = f"{found.n} mundos" if language == "es" else replicates(found.n).replace("replicate", "world")
    subtitle = words["subtitle"].format(title=country.title(found.metric, language), first=first, last=last, n=n)
    frame(figure, words["title"].format(policy=found.scenario, base=found.baseline), subtitle, source)
    handles = [
        Patch(facecolor=VERMILION, label=words["raises"]),
        Patch(facecolor=BLUE, hatch="////", edgecolor="white", label=words["lowers"]),
        Patch(facecolor=PALE, edgecolor=GREY, label=words["rest"]),
        Line2D([], [], color=BLACK, marker="D", markerfacecolor="white", linestyle="", label=words["alone"]),
    ]
    legend(figure, handles, columnspacing=1.4, handletextpad=0.5, fontsize=8.5)
    return figure


def _bar(axes: Axes, row: int, part: Part, divisor: float) -> None:
    """One part: bar, interval, and what the channel does alone."""
    value = part.contribution.mean / divisor
    if part.name in (DIRECT, INTERACTION, "total"):
        look: dict[str, Any] = {"color": GREY if part.name == "total" else PALE, "edgecolor": GREY}
    elif value > 0:
        look = {"color": VERMILION, "edgecolor": "white"}
    else:
        look = {"color": BLUE, "edgecolor": "white", "hatch": "////"}
    axes.barh(row, value, height=0.62, linewidth=0.8, **look)
    low, high = (end / divisor for end in _ends(part.contribution))
    axes.hlines(row, low, high, color=BLACK, linewidth=1.4)
    axes.vlines([low, high], row - 0.13, row + 0.13, color=BLACK, linewidth=1.4)
    if part.alone is not None:
        axes.plot(part.alone.mean / divisor, row, marker="D", markersize=5, color=BLACK, markerfacecolor="white", linestyle="")


def _cut(axes: Axes, parts: Sequence[Part], divisor: float, joint: str) -> None:
    """Let what belongs to no single response reach beyond the axis where it would leave the responses no room; its interval in figures."""
    named = [part for part in parts if part.name not in (DIRECT, INTERACTION)]
    reach = 1.15 * max(abs(end) / divisor for part in named for end in (*_ends(part.contribution), part.contribution.mean))
    if not reach or all(abs(end) / divisor <= 2 * reach for part in parts for end in _ends(part.contribution)):
        return
    axes.set_xlim(-reach, reach)
    for row, part in enumerate(parts):
        value, low, high = (end / divisor for end in (part.contribution.mean, *_ends(part.contribution)))
        for side, end in ((-1, low), (1, high)):
            if side * end > reach:
                axes.annotate("", (side * reach, row), (0.9 * side * reach, row), arrowprops={"arrowstyle": "-|>", "color": BLACK})
        if max(-low, high) > reach:
            box = {"facecolor": "white", "edgecolor": GREY, "linewidth": 0.6, "pad": 1.5}
            said = f"{value:+,.3g}" if low == high else f"{value:+,.3g} ({low:+,.3g} {joint} {high:+,.3g})"
            axes.text(0.86 * reach, row, said, ha="right", va="center", fontsize=8, bbox=box, zorder=6)


def _ends(estimate: Estimate) -> tuple[float, float]:
    """The interval, or twice the mean where there is none."""
    if estimate.low is None or estimate.high is None:
        return estimate.mean, estimate.mean
    return estimate.low, estimate.high


def _axes(axes: Axes, names: list[str], label: str) -> None:
    axes.axvline(0, color=GREY, linewidth=1.2, zorder=1)
    rows(axes, names, shaded=True)
    axes.axhline(len(names) - 1.5, color=GREY, linewidth=0.8)
    axes.margins(x=0.06)
    signed(axes.xaxis)
    axes.set_xlabel(label)
