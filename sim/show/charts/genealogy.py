"""The genealogy of one world: who split from whom, how long each group lived, when its leaders fell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.show import style
from sim.show.style import BLACK, GREY, PALE, decimal_years, frame, key, sheet, styled, year_ticks
from sim.words import texts

DRAWN = 60  # groups that get a line of their own
NAMED = 24  # of them, besides the founders, that get a name
ROW = 0.11  # inches
THIN, THICK = 0.9, 6.2  # points
LINEAGES = (style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY)  # the largest lineages; the others are grey


class Group(NamedTuple):
    """One cartel or cell; times in years with decimals, `died` is the end of the run for survivors."""

    name: str
    parent: str
    root: str
    born: float
    died: float
    size: int  # members at its peak
    cell: bool
    founder: bool

    @property
    def weight(self) -> float:
        """Member-years, roughly: what decides who is drawn."""
        return self.size * (self.died - self.born)


@styled
def genealogy(
    lineage: pa.Table,
    events: pa.Table,
    end: np.datetime64,
    caption: str,
    source: str,
    language: str = "en",
    name: Callable[[str], str] = str,
    colour: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the lineage tree of one run, time from left to right until `end`, the day after the last simulated one.

    Groups are called what `name` makes of their ids; they have the colour of their lineage, or their own, if any is given.
    """
    words = texts("genealogy picture", language)
    groups = read(lineage, end)
    drawn = arrange(largest(groups, DRAWN))
    figure, axes = sheet(11, max(ROW * len(drawn), 2.5), 1.15, 1.85, 0.14, 0.86)
    strip = figure.add_axes((0.14, 0.65 / figure.get_figheight(), 0.72, 0.95 / figure.get_figheight()))
    first, last = min(group.born for group in groups), float(decimal_years(np.array([end]))[0])
    own = lineages(drawn)
    shades = {group.name: own.get(group.root, GREY) for group in drawn} if colour is None else colour
    _tree(axes, drawn, shades)
    _removals(axes, drawn, events)
    _names(axes, drawn, name)
    _counts(strip, groups, drawn, first, last)
    strip.set_ylabel(words["alive"], fontsize=8)
    for part in (axes, strip):
        year_ticks(part, first, last, most=9)
    axes.tick_params(labelbottom=False)
    more = words["more"].format(more=f"{len(groups) - len(drawn):,}") if len(groups) > len(drawn) else ""
    drawn_of = words["drawn"].format(drawn=len(drawn), groups=f"{len(groups):,}", more=more)
    how = words["lines"].format(colour=words["lineages" if colour is None else "maps"])
    handles = [key(words["cartel"], GREY, line="-", linewidth=4), key(words["cell"], GREY, line="-", linewidth=4, alpha=0.45)]
    handles += [key(words["removed"], BLACK, "v", markersize=5)]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=3, borderaxespad=0.2)
    return frame(figure, words["title"], f"{f'{caption}. ' if caption else ''}{how}\n{drawn_of}", source)


def read(lineage: pa.Table, end: np.datetime64) -> list[Group]:
    """The table's rows as groups."""
    born = lineage.column("born").to_numpy().astype("datetime64[D]")
    died = lineage.column("died").to_numpy().astype("datetime64[D]")
    died = np.where(np.isnat(died), end.astype("datetime64[D]"), died)
    text = {name: lineage.column(name).to_pylist() for name in ("cartel", "parent", "root", "peak_members", "cell")}
    first = born.min()
    rows = zip(*text.values(), decimal_years(born), decimal_years(died), born == first, strict=True)
    return [
        Group(name, parent or "", root, float(start), float(stop), int(size), bool(cell), bool(early) and not parent)
        for name, parent, root, size, cell, start, stop, early in rows
    ]


def largest(groups: Iterable[Group], count: int) -> list[Group]:
    """All founders and the heaviest other groups, each with its ancestors, at most `count` in total."""
    by_name = {group.name: group for group in groups}
    kept: dict[str, Group] = {}
    for group in sorted(by_name.values(), key=lambda group: (not group.founder, -group.weight, group.name)):
        missing = [ancestor for ancestor in _line(group, by_name) if ancestor.name not in kept]
        if len(kept) + len(missing) <= count:
            kept.update((ancestor.name, ancestor) for ancestor in missing)
    return list(kept.values())


def arrange(groups: Iterable[Group]) -> list[Group]:
    """Order rows so that no split crosses a living line: below its parent, the youngest child comes first."""
    children: dict[str, list[Group]] = defaultdict(list)
    groups = list(groups)
    names = {group.name for group in groups}
    for group in groups:
        children[group.parent if group.parent in names else ""].append(group)
    roots = sorted(children.pop("", []), key=lambda group: (not group.founder, group.born, -group.weight))
    ordered: list[Group] = []
    waiting = roots[::-1]
    while waiting:
        group = waiting.pop()
        ordered.append(group)
        waiting += sorted(children[group.name], key=lambda child: (child.born, child.name))
    return ordered


def _line(group: Group | None, by_name: Mapping[str, Group]) -> Iterator[Group]:
    """The group, its parent, and so on up to the root."""
    while group:
        yield group
        group = by_name.get(group.parent)


def lineages(groups: Sequence[Group]) -> dict[str, str]:
    """A colour for each of the heaviest lineages, by its root."""
    weights: dict[str, float] = defaultdict(float)
    for group in groups:
        weights[group.root] += group.weight
    heaviest = sorted(weights, key=lambda root: -weights[root])
    return dict(zip(heaviest, LINEAGES, strict=False))


def _tree(axes: Axes, drawn: Sequence[Group], colour: Mapping[str, str]) -> None:
    """Lives as horizontal lines, splits as vertical ones."""
    rows = {group.name: row for row, group in enumerate(drawn)}
    top = max(group.size for group in drawn) or 1
    lives = [[(group.born, row), (group.died, row)] for row, group in enumerate(drawn)]
    widths = [THIN + (THICK - THIN) * (group.size / top) ** 0.5 for group in drawn]
    shades = [(colour.get(group.name, GREY), 0.45 if group.cell else 1.0) for group in drawn]
    splits = [group for group in drawn if group.parent in rows]
    joints = [[(group.born, rows[group.parent]), (group.born, rows[group.name])] for group in splits]
    hues = [colour.get(group.name, GREY) for group in splits]
    axes.add_collection(LineCollection(joints, colors=hues, linewidths=0.7, zorder=2))
    axes.add_collection(LineCollection(lives, colors=shades, linewidths=widths, capstyle="butt", zorder=3))
    axes.set_ylim(len(drawn) - 0.2, -0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _removals(axes: Axes, drawn: Sequence[Group], events: pa.Table) -> None:
    """A mark where the state took a leader."""
    if not events.num_rows:
        return
    rows = {group.name: row for row, group in enumerate(drawn)}
    taken = events.filter(pc.equal(events.column("kind"), "removal"))
    when = decimal_years(taken.column("date").to_numpy().astype("datetime64[D]"))
    where = [rows.get(name) for name in taken.column("cartel").to_pylist()]
    points = [(time, row) for time, row in zip(when, where, strict=True) if row is not None]
    if points:
        x, y = np.array(points).T
        axes.scatter(x, y, marker="v", s=22, color=BLACK, edgecolor="white", linewidth=0.7, zorder=5)


def _names(axes: Axes, drawn: Sequence[Group], name: Callable[[str], str]) -> None:
    """Roots at the left of their line, the heaviest others at its right end."""
    heavy = sorted((group for group in drawn if not group.founder), key=lambda group: -group.weight)[:NAMED]
    named = {group.name for group in heavy}
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for row, group in enumerate(drawn):
        if group.founder:
            axes.annotate(_cut(name(group.name)), (group.born, row), (-5, 0), ha="right", fontsize=7.5, **beside)
        elif group.name in named:
            axes.annotate(_cut(name(group.name)), (group.died, row), (4, 0), fontsize=7, color=GREY, **beside)


def _cut(name: str, longest: int = 22) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _counts(axes: Axes, groups: Sequence[Group], drawn: Sequence[Group], first: float, last: float) -> None:
    """Groups alive at each month: all of them, and those with a line above."""
    times = np.arange(first, last, 1 / 12)
    for members, shade in ((groups, PALE), (drawn, GREY)):
        born, died = (np.sort([getattr(group, name) for group in members]) for name in ("born", "died"))
        alive = np.searchsorted(born, times, side="right") - np.searchsorted(died, times, side="right")
        axes.fill_between(times, alive, step="post", color=shade, linewidth=0)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
