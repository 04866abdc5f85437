"""Genealogies of one world that may fork: who came from whom, and what differs if one leader is spared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import numpy as np

from sim.show.genealogy import DRAWN, arrange, largest
from sim.show.style import decimal_years
from sim.show.telling.told import Array, Fall, Told
from sim.show.web.chart import chart
from sim.show.web.fragments import option, table
from sim.show.web.picture import Curve
from sim.show.web.story import GREY, cast, groups
from sim.show.web.words import Words

SPARABLE = 30  # leaders offered: those of the largest groups
ROW, NAMES, TREE = 9.5, 118, 760  # px: height of a line, width of names at either side, width of the picture
THREE_YEARS = 36  # months after a fall


def tree(told: Told, month: int, words: Words, title: str = "") -> str:
    """The lineage tree of one run up to a month: lives as lines, splits as joints, kingpins taken as triangles."""
    everyone = groups(told)
    drawn = arrange(largest(everyone, DRAWN))
    rows = {group.name: k for k, group in enumerate(drawn)}
    crew, top = cast(told), max(group.size for group in drawn) or 1
    days = (told.months[0], told.months[-1] + np.timedelta64(1, "M"))
    first, last = (float(decimal_years(np.array([day], "datetime64[D]"))[0]) for day in days)
    now = float(decimal_years(np.array([told.months[month] + np.timedelta64(1, "M")], "datetime64[D]"))[0])
    down = 28 if title else 14
    bottom = down + ROW * len(drawn)

    def x(year: float) -> float:
        return NAMES + (TREE - 2 * NAMES) * (year - first) / (last - first)

    def y(row: int) -> float:
        return down + ROW * row

    parts = [f'<text class="title" x="0" y="10">{escape(title)}</text>'] if title else []
    for row, group in enumerate(drawn):
        if group.born > now:
            continue
        end = min(group.died, now)
        life = f'<path class="life" stroke="{crew.colour.get(group.root, GREY)}"'
        if group.parent in rows:
            parts.append(f'{life} stroke-width=".8" d="M{x(group.born):.1f} {y(rows[group.parent]):.1f}V{y(row):.1f}"/>')
        width = 0.9 + 6.0 * (group.size / top) ** 0.5
        faint = ' opacity=".5"' if group.cell else ""
        parts.append(f'{life} stroke-width="{width:.1f}"{faint} d="M{x(group.born):.1f} {y(row):.1f}H{x(end):.1f}"/>')
        name = escape(_cut(words.group(group.name, told.founders, crew.titles)))
        if group.founder:
            parts.append(f'<text class="tick" x="{NAMES - 5}" y="{y(row) + 3.5:.1f}" text-anchor="end">{name}</text>')
        elif end - group.born > 2.5 and row % 2 == 0:
            parts.append(f'<text class="tick" x="{x(end) + 4:.1f}" y="{y(row) + 3.5:.1f}">{name}</text>')
    parts += _falls(told, rows, now, x, y)
    parts.append(f'<line class="now" x1="{x(now):.1f}" x2="{x(now):.1f}" y1="8" y2="{bottom:.1f}"/>')
    for year in range(int(np.ceil(first)), int(last) + 1, 3):
        parts.append(f'<text class="tick" x="{x(year):.1f}" y="{bottom + 12:.1f}" text-anchor="middle">{year}</text>')
    when = words.month(told.months[month].astype(date))
    alive = sum(group.born <= now < group.died for group in everyone)
    alt = words("tree_alt", count=len(everyone), drawn=len(drawn), alive=alive, month=when)
    return f'<svg class="tree" viewBox="0 0 {TREE} {bottom + 18:.0f}" role="img" aria-label="{escape(alt)}">{"".join(parts)}</svg>'


def _falls(told: Told, rows: Mapping[str, int], now: float, x: Any, y: Any) -> list[str]:  # noqa: ANN401
    """A triangle where the state took a kingpin."""
    marks = []
    for fall in told.falls:
        when = float(decimal_years(np.array([fall.day], "datetime64[D]"))[0])
        if fall.cartel in rows and when <= now:
            a, b = x(when), y(rows[fall.cartel])
            marks.append(f'<path class="fall" d="M{a - 3.5:.1f} {b - 4:.1f}h7l-3.5 6z"/>')
    return marks


def _cut(name: str, longest: int = 21) -> str:
    """A name short enough for the picture; the number of a branch stays."""
    root, _, branch = name.rpartition(" ") if name[-1:].isdigit() else (name, "", "")
    room = longest - len(branch) - bool(branch)
    return name if len(name) <= longest else f"{root[: max(room - 1, 4)]}… {branch}".rstrip()


def sparable(told: Told, chosen: int) -> list[tuple[int, Fall]]:
    """Falls that are offered, with their numbers, in order of time; the chosen one always."""
    most = sorted(enumerate(told.falls), key=lambda item: (item[0] != chosen, -item[1].members))[:SPARABLE]
    return sorted(most)


def spare_list(told: Told, chosen: int, words: Words) -> str:
    """The list of leaders to spare."""
    titles = dict(zip(told.places, told.titles, strict=True))
    items = [option("-1", words("spare_nobody"), str(chosen))]
    for index, fall in sparable(told, chosen):
        group = words.group(fall.cartel, told.founders, titles)
        text = words("spare_item", date=words.month(fall.day), group=group, how=words.manners[fall.how])
        items.append(option(str(index), text, str(chosen)))
    return (
        f'<label class="row">{escape(words("spare"))} <select id="spare" data-do="spare">{"".join(items)}</select></label>'
        f'<p class="soft">{escape(words("tree_note"))}</p>'
    )


def fork(taken: Told, spared: Told, fall: Fall, words: Words) -> str:
    """Two histories of one world: homicides of both, and what differs in words."""
    month = int(np.searchsorted(taken.months, np.datetime64(fall.day, "M")))
    window = slice(month, month + THREE_YEARS)
    with_, without = (float(one.homicides[window].sum()) for one in (taken, spared))
    lines = [
        words("spare_note"),
        words(
            "spare_homicides",
            with_=f"{with_:,.0f}",
            without=f"{without:,.0f}",
            sign="+" if without >= with_ else "−",
            difference=f"{abs(without - with_):,.0f}",
        ),
        words("spare_groups", with_=f"{taken.alive[-1]:.0f}", without=f"{spared.alive[-1]:.0f}"),
        words("spare_one"),
    ]
    title, unit = words.metrics["homicides"]
    curve = Curve(np.array(_fork_years(taken)), _yearly(taken), _yearly(spared), 1, False)
    since = float(decimal_years(np.array([fall.day], "datetime64[D]"))[0])
    drawn = chart(curve, title, words("thousand", unit=words("per_year", unit=unit)), " ".join(lines[1:3]), since, 1e3)
    legend = (
        f'<div class="legend"><span><span class="swatch usual"></span>{escape(words("fork_with"))}</span>'
        f'<span><span class="swatch"></span>{escape(words("fork_without"))}</span></div>'
    )
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="fork"><div>{text}</div><figure>{drawn}{legend}</figure></div>'


def tree_table(told: Told, month: int, words: Words) -> str:
    """What the lineage tree of a month shows: every group drawn, from whom it came, and how long it lived."""
    titles, now = cast(told).titles, (told.months[month] + np.timedelta64(1, "M")).astype("datetime64[D]").item()
    lines = {line.cartel: line for line in told.lineage}
    rows = []
    for group in arrange(largest(groups(told), DRAWN)):
        line = lines[group.name]
        if line.born <= now:
            name, parent = (words.group(one, told.founders, titles) if one else "–" for one in (line.cartel, line.parent))
            died = words.month(line.died) if line.died and line.died <= now else "–"
            cells = (parent, words.month(line.born), died, f"{line.peak_members:,}")
            rows.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(text)}</td>" for text in cells)}</tr>')
    heads = [words(f"tree_{key}") for key in ("group", "parent", "born", "died", "peak")]
    return table(words.month(told.months[month].astype(date)), heads, "".join(rows))


def fork_table(taken: Told, spared: Told, words: Words) -> str:
    """The numbers behind the chart of a fork: homicides in spans of twelve months, with and without the removal."""
    years = _fork_years(taken)
    rows = "".join(
        f'<tr><th scope="row">{year}</th><td>{one:,.0f}</td><td>{two:,.0f}</td></tr>'
        for year, one, two in zip(years, _yearly(taken)[1], _yearly(spared)[1], strict=True)
    )
    return table(words.metrics["homicides"][0], [words("year"), words("fork_with"), words("fork_without")], rows)


def _fork_years(told: Told) -> list[int]:
    """The calendar year in which most of each span of twelve months lies."""
    first = int(told.months[0].astype(int)) + 12 * 1970
    return [(first + 6 + 12 * k) // 12 for k in range(told.months.size // 12)]


def _yearly(told: Told) -> Array:
    """Homicides in spans of twelve months from the start as a line without band, (3, Y)."""
    whole = told.homicides[: told.months.size // 12 * 12].reshape(-1, 12).sum(axis=1)
    empty = np.full_like(whole, np.nan)
    return np.stack([empty, whole, empty])
