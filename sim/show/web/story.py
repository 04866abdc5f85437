"""One world told: maps, genealogies that may fork, and what happened in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.show.genealogy import Group, colours
from sim.show.style import decimal_years
from sim.show.telling.told import Told
from sim.show.web.choice import FORMS, WHAT, Choice
from sim.show.web.fragments import option, table
from sim.show.web.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.web.words import Words

WORLDS = 24  # offered
LETTERS = "ABCDEF"  # of the lineages that have a colour
GREY = "#8a9199"
SCALE = ("#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838")  # cividis, dark is little
STEPS = {"groups": (1, 2, 4, 7, 11), "rate": (5, 15, 30, 60, 100)}  # where the next colour begins
TILE = 60
TINY = {"AGU", "TLA", "MOR", "COL", "QUE", "CMX", "MEX"}  # states too small for a label
NEWS = 40  # events listed
BIG = {"split": 100, "defection": 100, "absorbed": 150, "dissolved": 100, "expansion": 150, "rout": 50}  # people
ALWAYS = ("removal", "removal_failed", "spared", "extradition", "death", "alliance", "rupture")


class Cast(NamedTuple):
    """Names and colours of one story."""

    colour: Mapping[str, str]  # by root
    letter: Mapping[str, str]  # by root
    titles: Mapping[str, str]  # of places


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


def cast(told: Told) -> Cast:
    """Colours and letters for the heaviest lineages."""
    colour = colours(groups(told))
    letter = dict(zip(colour, LETTERS, strict=False))
    return Cast(colour, letter, dict(zip(told.places, told.titles, strict=True)))


# maps ------------------------------------------------------------------------------------------------------------------------


def world_map(told: Told, month: int, what: str, form: str, words: Words, *, bare: bool = False) -> str:
    """The country in one month, with its legend unless it is `bare`."""
    crew, places = cast(told), cells(told, month, what, words)
    draw = _tiles if form == "tiles" else _outlines
    when = words.month(told.months[month].astype(date))
    most = "; ".join(f"{title} {value}" for title, value, _ in sorted(_values(told, month, what, words), key=lambda row: -row[2])[:3])
    alt = words("map_alt", what=words(f"map_{what}"), month=when, most=most)
    if bare:
        return draw(places, alt)
    return f'<figure data-map="{what}">{draw(places, alt)}<figcaption>{_map_legend(told, month, what, crew, words)}</figcaption></figure>'


class Place(NamedTuple):
    """How one state is drawn."""

    id: str
    tile: tuple[int, int]
    fill: str
    mark: str
    title: str


def cells(told: Told, month: int, what: str, words: Words) -> list[Place]:
    """All states as they are drawn in one month, in the order of the world."""
    crew = cast(told)
    return [_place(told, month, what, k, crew, words) for k in range(len(told.places))]


def _place(told: Told, month: int, what: str, k: int, crew: Cast, words: Words) -> Place:
    title, where = told.titles[k], (told.places[k], told.tiles[k])
    if what == "dominant":
        holder = int(told.dominant[month, k])
        if holder < 0:
            return Place(*where, "none", "–", f"{title}: {words('map_nobody')}")
        name = told.names[holder]
        root = _root(told, name)
        mark = crew.letter.get(root, "·")
        return Place(*where, crew.colour.get(root, GREY), mark, f"{title}: {words.group(name, told.founders, crew.titles)}")
    value = float(getattr(told, what)[month, k])
    return Place(*where, _shade(what, value), f"{value:.0f}", f"{title}: {value:.0f}")


def _root(told: Told, name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def _shade(what: str, value: float) -> str:
    return SCALE[int(np.searchsorted(STEPS[what], value, side="right"))]


def _values(told: Told, month: int, what: str, words: Words) -> Iterator[tuple[str, str, float]]:
    """Place, value as text, and what it is sorted by."""
    for k, title in enumerate(told.titles):
        if what == "dominant":
            holder = int(told.dominant[month, k])
            titles = dict(zip(told.places, told.titles, strict=True))
            text = words.group(told.names[holder], told.founders, titles) if holder >= 0 else words("map_nobody")
            yield title, text, float(told.rate[month, k])
        else:
            value = float(getattr(told, what)[month, k])
            yield title, f"{value:.0f}", value


def ink(fill: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG relative luminance)."""
    if not fill.startswith("#"):
        return "var(--text)"
    parts = [int(fill[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def _tiles(drawn: list[Place], alt: str) -> str:
    shapes = []
    for cell in drawn:
        x, y = (TILE * part for part in cell.tile)
        fill = "var(--panel)" if cell.fill == "none" else cell.fill
        shapes.append(
            f'<g><title>{escape(cell.title)}</title><rect class="place" x="{x}" y="{y}" width="{TILE}" height="{TILE}" fill="{fill}"/>'
            f'<text class="code" x="{x + TILE / 2}" y="{y + 23}" style="fill:{ink(cell.fill)}">{cell.id}</text>'
            f'<text class="value" x="{x + TILE / 2}" y="{y + 44}" style="fill:{ink(cell.fill)}">{escape(cell.mark)}</text></g>'
        )
    width, height = (TILE * (1 + max(cell.tile[k] for cell in drawn)) for k in (0, 1))
    return f'<svg class="map" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(alt)}">{"".join(shapes)}</svg>'


def _outlines(drawn: list[Place], alt: str) -> str:
    shapes, labels = [], []
    for cell in drawn:
        fill = "var(--panel)" if cell.fill == "none" else cell.fill
        shapes.append(f'<path class="place" d="{OUTLINES[cell.id]}" fill="{fill}"><title>{escape(cell.title)}</title></path>')
        if cell.id not in TINY:
            x, y = LABELS[cell.id]
            labels.append(f'<text class="value" x="{x}" y="{y + 6}" style="fill:{ink(cell.fill)}">{escape(cell.mark)}</text>')
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">{"".join(shapes)}{"".join(labels)}</svg>'
    )


def _map_legend(told: Told, month: int, what: str, crew: Cast, words: Words) -> str:
    if what == "dominant":
        here = {_root(told, told.names[int(holder)]) for holder in told.dominant[month] if holder >= 0}
        items = [
            (colour, f"{crew.letter[root]} {words.group(root, told.founders, crew.titles)}")
            for root, colour in crew.colour.items()
            if root in here
        ]
        if here - crew.colour.keys():
            items.append((GREY, f"· {words('map_others')}"))
    else:
        bounds = [0, *STEPS[what]]
        items = [
            (shade, f"{low}–{high - 1}" if high else f"{low}+")
            for shade, low, high in zip(SCALE, bounds, [*bounds[1:], None], strict=True)
        ]
    keys = "".join(f'<span><span class="key" style="background:{colour}"></span>{escape(text)}</span>' for colour, text in items)
    return f'<div class="legend">{keys}</div>'


def map_table(told: Told, month: int, words: Words) -> str:
    """What the three maps of a month show."""
    columns = [[text for _, text, _ in _values(told, month, what, words)] for what in WHAT]
    body = "".join(
        f'<tr><th scope="row">{escape(title)}</th>{"".join(f"<td>{escape(text)}</td>" for text in texts)}</tr>'
        for title, *texts in zip(told.titles, *columns, strict=True)
    )
    return table(words.month(told.months[month].astype(date)), [words("state"), *(words(f"map_{what}") for what in WHAT)], body)


# events ----------------------------------------------------------------------------------------------------------------------


def news(told: Told, month: int, words: Words) -> str:
    """What happened up to a month, latest first, in sentences."""
    titles = dict(zip(told.places, told.titles, strict=True))
    log = told.events
    upto = int(np.searchsorted(log["date"], (told.months[month] + np.timedelta64(1, "M")).astype("datetime64[D]")))
    peak = {line.cartel: line.peak_members for line in told.lineage}
    items: list[str] = []
    skipped = 0
    for k in range(upto - 1, -1, -1):
        kind, size = str(log["kind"][k]), int(log["size"][k])
        cartel, other = str(log["cartel"][k]), str(log["other"][k])
        if not _matters(kind, size, min(peak.get(cartel, 0), peak.get(other, 0))):
            skipped += 1
            continue
        if len(items) == NEWS:
            break
        one, two = (words.group(name, told.founders, titles) for name in (cartel, other))
        text = sentence(kind, str(log["cause"][k]), size, one, two, titles.get(str(log["territory"][k]), ""), words)
        if text:
            items.append(f"<li><b>{escape(words.month(log['date'][k].astype(date)))}</b> {escape(text)}</li>")
    when = words.month(told.months[month].astype(date))
    more = f'<p class="soft">{escape(words("news_more", count=f"{skipped:,}"))}</p>'
    return f'<p class="soft">{escape(words("news_note", month=when))}</p><ol class="news">{"".join(items)}</ol>{more}'


def _matters(kind: str, size: int, smaller: int) -> bool:
    if kind in ("war", "truce"):
        return smaller >= 3000
    return kind in ALWAYS or size >= BIG.get(kind, 10**9)


def sentence(kind: str, cause: str, size: int, cartel: str, other: str, place: str, words: Words) -> str:
    """One event; empty for kinds that have no words."""
    rank, _, how = cause.rpartition(" ")
    key = "removal_lieutenant" if kind == "removal" and rank else f"{kind}_{how}"
    text = words.events.get(key) or words.events.get(kind, "")
    blanks = {"place": place, "size": f"{size:,}", "how": words.manners.get(how, how)}
    return words.sentence(text, {"cartel": cartel, "other": other}, **blanks)


def headline(told: Told, month: int, words: Words) -> str:
    """The month in numbers."""
    killed = float(told.homicides[max(0, month - 11) : month + 1].sum())
    return words("story_head", killed=f"{killed:,.0f}", groups=f"{told.alive[month]:.0f}")


def controls(choice: Choice, months: NDArray[np.datetime64], words: Words) -> str:
    """Which world, which month, which map."""
    worlds = "".join(option(str(k), str(k), str(choice.world)) for k in sorted({*range(1, WORLDS + 1), choice.world}))
    month = min(choice.month, months.size - 1) if choice.month >= 0 else months.size - 1
    when = words.month(months[month].astype(date))
    whats = "".join(option(what, words(f"map_{what}"), choice.map) for what in WHAT)
    forms = "".join(option(form, words(f"map_{form}"), choice.form) for form in FORMS)
    return (
        f'<div class="row"><label class="row">{escape(words("world"))} <select id="world" data-do="world">{worlds}</select></label>'
        f'<label class="row only-map">{escape(words("map_what"))} <select id="map" data-do="map">{whats}</select></label>'
        f'<label class="row only-map">{escape(words("map_form"))} <select id="form" data-do="form">{forms}</select></label></div>'
        f'<div class="time"><button type="button" data-do="play" data-play="{escape(words("play"))}" data-pause="{escape(words("pause"))}">'
        f"{escape(words('play'))}</button>"
        f'<input type="range" id="month" data-do="month" min="0" max="{months.size - 1}" step="1" value="{month}" '
        f'aria-label="{escape(words("month"))}"><output id="when" for="month">{escape(when)}</output></div>'
    )
