"""What makes a difference and what would turn it: parts of an effect, worlds won and regret, a tornado of assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import country
from sim.analysis.robustness.robust import ALL, Standing
from sim.analysis.robustness.tipping import Change, Finding
from sim.analysis.table import plain
from sim.analysis.why import DIRECT, INTERACTION, Decomposition, Estimate, Part, part_title
from sim.catalogue.metrics import METRICS
from sim.experiment.switching import Axis
from sim.show import style
from sim.show.style import BLACK, BLUE, FAINT, GREY, PALE, VERMILION, Look, frame, key, legend, looks, replicates, scaled, sheet, styled
from sim.words import texts

HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++", "oooo")
ROW = 0.26  # inches
SHOWN = 14  # assumptions of a tornado
ROOM = 0.07  # least share of worlds whose number fits into its segment


@styled
def bars(found: Decomposition, source: str, language: str = "en") -> Figure:
    """Contributions of a model's responses to a difference from top to bottom, the whole difference last."""
    words = texts("why picture", language)
    parts = [*found.parts, Part("total", found.difference)]
    divisor, unit = scaled(METRICS[found.metric].unit, "stock", max(abs(end) for part in parts for end in _ends(part.contribution)))
    figure, axes = sheet(9.5, 0.34 * len(parts), 1.17, 0.78, 0.27, 0.97)
    for row, part in enumerate(parts):
        _bar(axes, row, part, divisor)
    _cut(axes, parts, divisor, "a" if language == "es" else "to")
    axes.axvline(0, color=GREY, linewidth=1.2, zorder=1)
    style.rows(axes, [part_title(part.name, language) for part in parts], shaded=True)
    axes.axhline(len(parts) - 1.5, color=GREY, linewidth=0.8)
    axes.margins(x=0.06)
    style.signed(axes.xaxis)
    axes.set_xlabel(words["axis"].format(unit=unit))
    handles = [
        Patch(facecolor=VERMILION, label=words["raises"]),
        Patch(facecolor=BLUE, hatch="////", edgecolor="white", label=words["lowers"]),
        Patch(facecolor=PALE, edgecolor=GREY, label=words["rest"]),
        key(words["alone"], BLACK, "D", markerfacecolor="white"),
    ]
    legend(figure, handles, columnspacing=1.4, handletextpad=0.5, fontsize=8.5)
    first, last = found.window.split("/")
    n = f"{found.n} mundos" if language == "es" else replicates(found.n).replace("replicate", "world")
    subtitle = words["subtitle"].format(title=country.title(found.metric, language), first=first, last=last, n=n)
    return frame(figure, words["title"].format(policy=found.scenario, base=found.baseline), subtitle, source)


def _bar(axes: Axes, row: int, part: Part, divisor: float) -> None:
    """One part: bar, interval, and what the channel does alone."""
    value, low, high = (end / divisor for end in (part.contribution.mean, *_ends(part.contribution)))
    if part.name in (DIRECT, INTERACTION, "total"):
        look: dict[str, Any] = {"color": GREY if part.name == "total" else PALE, "edgecolor": GREY}
    elif value > 0:
        look = {"color": VERMILION, "edgecolor": "white"}
    else:
        look = {"color": BLUE, "edgecolor": "white", "hatch": "////"}
    axes.barh(row, value, height=0.62, linewidth=0.8, **look)
    axes.errorbar((low + high) / 2, row, xerr=(high - low) / 2, color=BLACK, elinewidth=1.4, capsize=3.2, capthick=1.4)
    if part.alone is not None:
        axes.plot(part.alone.mean / divisor, row, marker="D", markersize=5, color=BLACK, markerfacecolor="white", linestyle="")


def _cut(axes: Axes, parts: Sequence[Part], divisor: float, joint: str) -> None:
    """Let what belongs to no single response reach beyond the axis where it would leave the responses no room; its interval in figures."""
    spans = {part.name: [end / divisor for end in (part.contribution.mean, *_ends(part.contribution))] for part in parts}
    reach = 1.15 * max(abs(end) for name, span in spans.items() if name not in (DIRECT, INTERACTION) for end in span)
    if not reach or all(abs(end) <= 2 * reach for span in spans.values() for end in span[1:]):
        return
    axes.set_xlim(-reach, reach)
    for row, (value, low, high) in enumerate(spans.values()):
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


@styled
def standing(found: Finding, usual: str, source: str) -> Figure:
    """Left, by outcome and family: in what share of worlds each scenario is best. Right: its mean regret, and that of the worst tenth."""
    look_of = looks((row.scenario for row in found.standings), usual)
    metrics = list(dict.fromkeys(row.metric for row in found.standings))
    families = list(found.families)
    places = {(metric, family): m * (len(families) + 0.7) + f for m, metric in enumerate(metrics) for f, family in enumerate(families)}
    tall = ROW * (max(places.values()) + 1)
    figure, left = sheet(9.5, tall, 1.1 + style.legend_rows(len(look_of)), 0.85, 0.27, 0.69)
    right = figure.add_axes((0.72, left.get_position().y0, 0.26, left.get_position().height), sharey=left)
    for (metric, family), place in places.items():
        _won(left, [row for row in found.standings if (row.metric, row.family) == (metric, family)], place, look_of)
    for metric in metrics:
        own = [row for row in found.standings if (row.metric, row.family) == (metric, ALL)]
        _regret(right, own, places[metric, families[0]] - 0.4, places[metric, families[-1]] + 0.4, look_of)
        if metric != metrics[0]:
            right.axhline(places[metric, families[0]] - 0.85, color=GREY, linewidth=0.6)
    _labels(left, places, found)
    right.tick_params(axis="y", length=0, labelleft=False)
    right.grid(visible=False, axis="y")
    right.set_xlabel("regret in all worlds,\n% of the best (mark: mean;\nline: to the worst tenth)")
    right.margins(x=0.45)
    right.set_xlim(left=0)
    handles = [
        Patch(facecolor=look.colour, hatch=HATCHES[k % len(HATCHES)], edgecolor="white", label=name)
        for k, (name, look) in enumerate(look_of.items())
    ]
    legend(figure, handles)
    first, last = found.window.split("/")
    subtitle = f"Best in one outcome at a time, {first} to {last}, {found.families[ALL]} plausible worlds; ties are shared out."
    return frame(figure, "In how many worlds does each scenario come out best?", subtitle, source)


def _won(axes: Axes, rows: Sequence[Standing], place: float, look_of: Mapping[str, Look]) -> None:
    """One bar of shares that add up to one."""
    begin = 0.0
    for k, row in enumerate(rows):
        look: dict[str, Any] = {"color": look_of[row.scenario].colour, "hatch": HATCHES[k % len(HATCHES)], "edgecolor": "white"}
        axes.barh(place, 100 * row.won, left=100 * begin, height=0.82, linewidth=0.6, **look)
        if row.won >= ROOM:
            box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
            axes.text(100 * (begin + row.won / 2), place, f"{100 * row.won:.0f}", ha="center", va="center", fontsize=7.5, bbox=box)
        begin += row.won


def _regret(axes: Axes, rows: Sequence[Standing], top: float, bottom: float, look_of: Mapping[str, Look]) -> None:
    """A mark per scenario, spread over the rows of its outcome."""
    axes.axhspan(top, bottom, color=FAINT, alpha=0.45, linewidth=0, zorder=0)
    for row, y in zip(rows, np.linspace(top + 0.12, bottom - 0.12, len(rows)), strict=True):
        if row.regret_percent is None:
            continue
        look, worst = look_of[row.scenario], row.regret_high * row.regret_percent / row.regret if row.regret else 0.0
        axes.hlines(y, row.regret_percent, worst, color=look.colour, linewidth=1.2)
        axes.plot(row.regret_percent, y, marker=look.marker, color=look.colour, markersize=4.5, linestyle="", clip_on=False)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}
        beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
        axes.annotate(row.scenario, (max(row.regret_percent, worst), y), (5, 0), fontsize=7, color=look.colour, bbox=box, **beside)


def _labels(axes: Axes, places: Mapping[tuple[str, str], float], found: Finding) -> None:
    """The outcome beside its first bar, families beside the others."""
    names = [country.title(metric) if family == ALL else f"{family} worlds ({found.families[family]})" for metric, family in places]
    axes.set_yticks(list(places.values()), names)
    for text, (_, family) in zip(axes.get_yticklabels(), places, strict=True):
        text.set_color(BLACK if family == ALL else GREY)
    axes.set(xlim=(0, 100), ylim=(max(places.values()) + 0.6, -0.6), xlabel="share of worlds in which it is best, %")
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


@styled
def tornado(change: Change, source: str) -> Figure:
    """What the gap between two policies becomes when one assumption goes to either end of its plausible range."""
    contest, centre = change.contest, change.screen_centre
    known = {axis: ends for axis, gaps in change.screen.items() if (ends := [gap for gap in gaps if gap is not None])}
    shown = sorted(known, key=lambda axis: -max(abs(gap - centre) for gap in known[axis]))[:SHOWN]
    divisor, unit = scaled(METRICS[contest.metric].unit, "stock", max((abs(gap) for axis in shown for gap in known[axis]), default=1.0))
    figure, axes = sheet(9.5, ROW * 1.25 * max(len(shown), 1), 1.18, 0.72, 0.36, 0.97)
    for row, axis in enumerate(shown):
        ends = [gap / divisor for gap in (*known[axis], centre)]
        axes.hlines(row, min(ends), max(ends), color=GREY, linewidth=3, alpha=0.5)
        _moved(axes, row, axis, change, divisor)
    axes.axvline(0, color=GREY, linewidth=1.4, zorder=1)
    axes.axvline(centre / divisor, color=GREY, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    style.rows(axes, [f"{axis.name}  {plain(axis.low, 3)} to {plain(axis.high, 3)}" for axis in shown])
    axes.margins(x=0.06)
    axes.set_xlabel(f"{contest.second} worse than {contest.first} by, {unit}; left of zero the ranking is turned")
    turned = key("turned, confirmed in fresh worlds", BLACK, "*", markersize=9)
    legend(figure, [key("lower end", BLUE, "v"), key("upper end", VERMILION, "^"), turned])
    title = f"What would turn the ranking of {contest.first} and {contest.second}?"
    subtitle = f"{country.title(contest.metric)}: one assumption at a time, from the central fit (dashed) to either end of its range."
    return frame(figure, title, subtitle, source)


def _moved(axes: Axes, row: int, axis: Axis, change: Change, divisor: float) -> None:
    """The gaps at both ends of a range, and a star where a flip was confirmed."""
    for gap, marker, colour in zip(change.screen[axis], "v^", (BLUE, VERMILION), strict=True):
        if gap is not None:
            axes.plot(gap / divisor, row, marker=marker, color=colour, markersize=6, linestyle="")
    for flip in change.flips:
        if [leg[0] for leg in flip.path.legs] == [axis]:
            axes.plot(flip.gap.mean / divisor, row, marker="*", color=BLACK, markersize=9, linestyle="")
