"""The genealogy of a told run as SVG: who came from whom, and when leaders fell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from typing import Any

import numpy as np

from sim.show.charts.genealogy import DRAWN, Group, arrange, largest
from sim.show.style import decimal_years
from sim.show.telling.history import Told
from sim.show.telling.maps import GREY, Cast
from sim.show.words import Words

ROW, NAMES, TREE = 9.5, 118, 760  # px: height of a line, width of names at either side, width of the picture
LONGEST = 21  # letters of a name


def groups(told: Told) -> list[Group]:
    """Its cartels as the genealogy figure knows them."""
    first = min(line.born for line in told.lineage)
    end = (told.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    born = decimal_years(np.array([line.born for line in told.lineage], "datetime64[D]"))
    died = decimal_years(np.array([line.died or end for line in told.lineage], "datetime64[D]"))
    return [
        Group(
            line.cartel, line.parent, line.root, float(a), float(b), line.peak_members, line.cell, line.born == first and not line.parent
        )
        for line, a, b in zip(told.lineage, born, died, strict=True)
    ]


def tree(told: Told, crew: Cast, words: Words) -> str:
    """The lineage tree of a run: lives as lines, splits as joints, kingpins taken as triangles."""
    everyone = groups(told)
    drawn = arrange(largest(everyone, DRAWN))
    rows = {group.name: k for k, group in enumerate(drawn)}
    top, down = max(group.size for group in drawn) or 1, 14
    days = (told.months[0], told.months[-1] + np.timedelta64(1, "M"))
    first, last = (float(decimal_years(np.array([day], "datetime64[D]"))[0]) for day in days)
    bottom = down + ROW * len(drawn)

    def x(year: float) -> float:
        return NAMES + (TREE - 2 * NAMES) * (year - first) / (last - first)

    def y(row: int) -> float:
        return down + ROW * row

    parts = []
    for row, group in enumerate(drawn):
        life = f'<path class="life" stroke="{crew.colour.get(group.name, GREY)}"'
        if group.parent in rows:
            parts.append(f'{life} stroke-width=".8" d="M{x(group.born):.1f} {y(rows[group.parent]):.1f}V{y(row):.1f}"/>')
        width = 0.9 + 6.0 * (group.size / top) ** 0.5
        faint = ' opacity=".5"' if group.cell else ""
        parts.append(f'{life} stroke-width="{width:.1f}"{faint} d="M{x(group.born):.1f} {y(row):.1f}H{x(group.died):.1f}"/>')
        name = crew.name(group.name)
        name = escape(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…")
        if group.founder:
            parts.append(f'<text class="tick" x="{NAMES - 5}" y="{y(row) + 3.5:.1f}" text-anchor="end">{name}</text>')
        elif group.name in crew.colour or (group.died - group.born > 2.5 and row % 2 == 0):
            parts.append(f'<text class="tick" x="{x(group.died) + 4:.1f}" y="{y(row) + 3.5:.1f}">{name}</text>')
    parts += _falls(told, rows, x, y)
    for year in range(int(np.ceil(first)), int(last) + 1, 3):
        parts.append(f'<text class="tick" x="{x(year):.1f}" y="{bottom + 12:.1f}" text-anchor="middle">{year}</text>')
    alive = sum(line.died is None for line in told.lineage)
    when = words.month(told.months[-1].astype(date))
    alt = words("tree_alt", count=len(everyone), drawn=len(drawn), alive=alive, month=when)
    return f'<svg class="tree" viewBox="0 0 {TREE} {bottom + 18:.0f}" role="img" aria-label="{escape(alt)}">{"".join(parts)}</svg>'


def _falls(told: Told, rows: Mapping[str, int], x: Any, y: Any) -> Iterator[str]:  # noqa: ANN401
    """A triangle where the state took a kingpin."""
    for fall in told.falls:
        if fall.cartel in rows:
            a, b = x(float(decimal_years(np.array([fall.day], "datetime64[D]"))[0])), y(rows[fall.cartel])
            yield f'<path class="fall" d="M{a - 3.5:.1f} {b - 4:.1f}h7l-3.5 6z"/>'
