"""The country of a told run in one month: who is strongest where, and along which lines places have broken up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from html import escape
from typing import NamedTuple

import numpy as np

from sim.show.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.telling.history import Told
from sim.show.telling.prose import Namer
from sim.show.words import Words

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c510a")
LETTERS = "ABCDEFGH"  # of the groups that have a colour
GREY = "#8a9199"
SHARED = (2, 4, 7, 11)  # groups in a place from which it is broken by more lines
GAPS = (46, 29, 19, 12)  # px between them
TILE = 60
TINY = {"AGU", "TLA", "MOR", "COL", "QUE", "CMX", "MEX"}  # states too small for a label


class Cast(NamedTuple):
    """Colours and letters of the groups that are strongest in most places and months, by id, and everybody's name."""

    colour: Mapping[str, str]
    letter: Mapping[str, str]
    name: Namer


def cast(told: Told, words: Words) -> Cast:
    """Who is told apart."""
    held = Counter(told.dominant[told.dominant >= 0].tolist())
    main = [told.names[row] for row, _ in held.most_common(len(PALETTE))]
    return Cast(dict(zip(main, PALETTE, strict=False)), dict(zip(main, LETTERS, strict=False)), Namer(told, words))


class Place(NamedTuple):
    """How one place is drawn; `broken` says how densely fracture lines cross it, 0 = it is one group's."""

    id: str
    tile: tuple[int, int]
    fill: str
    mark: str
    title: str
    broken: int


def cells(told: Told, month: int, crew: Cast, words: Words) -> list[Place]:
    """All places in one month, in the order of the world."""
    return [_place(told, month, k, crew, words) for k in range(len(told.places))]


def _place(told: Told, month: int, k: int, crew: Cast, words: Words) -> Place:
    holder, where, title = int(told.dominant[month, k]), (told.places[k], told.tiles[k]), told.titles[k]
    if holder < 0:
        return Place(*where, "none", "–", f"{title}: {words('map_nobody')}", 0)
    name, count = told.names[holder], int(told.groups[month, k])
    broken = int(np.searchsorted(SHARED, count, side="right"))
    text = words("map_place", place=title, group=crew.name(name), count=count)
    return Place(*where, crew.colour.get(name, GREY), crew.letter.get(name, "·"), text, broken)


def world_map(told: Told, month: int, crew: Cast, words: Words, *, bare: bool = False) -> str:
    """The country in one month as SVG, with its legend unless it is `bare`."""
    places = cells(told, month, crew, words)
    deadliest = np.argsort(-told.rate[month])[:3].tolist()
    when = words.month(told.months[month].astype(date))
    alt = words("map_alt", what=words("map_dominant"), month=when, most="; ".join(places[k].title for k in deadliest))
    drawn = (_outlines if OUTLINES.keys() >= set(told.places) else _tiles)(places, alt, f"m{month}")
    return drawn if bare else f"<figure>{drawn}<figcaption>{_legend(told, month, crew, words)}</figcaption></figure>"


def ink(fill: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG relative luminance)."""
    if not fill.startswith("#"):
        return "var(--text)"
    parts = [int(fill[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def _tiles(drawn: list[Place], alt: str, name: str) -> str:
    shapes = []
    for cell in drawn:
        x, y = (TILE * part for part in cell.tile)
        shapes += [_painted(f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}"', cell, name), _mark(cell, x + TILE / 2, y + 36)]
    return _svg(shapes, max(cell.tile[0] + 1 for cell in drawn) * TILE, max(cell.tile[1] + 1 for cell in drawn) * TILE, alt, name)


def _outlines(drawn: list[Place], alt: str, name: str) -> str:
    shapes = [_painted(f'<path d="{OUTLINES[cell.id]}"', cell, name) for cell in drawn]
    marks = [_mark(cell, LABELS[cell.id][0], LABELS[cell.id][1] + 6) for cell in drawn if cell.id not in TINY]
    return _svg(shapes + marks, WIDTH, HEIGHT, alt, name)


def _painted(shape: str, cell: Place, name: str) -> str:
    fill = "var(--panel)" if cell.fill == "none" else cell.fill
    lines = f'{shape} fill="url(#{name}-{cell.broken})"/>' if cell.broken else ""
    return f'<g><title>{escape(cell.title)}</title>{shape} class="place" fill="{fill}"/>{lines}</g>'


def _mark(cell: Place, x: float, y: float) -> str:
    halo = "var(--panel)" if cell.fill == "none" else cell.fill
    return f'<text class="value" x="{x}" y="{y}" style="fill:{ink(cell.fill)};stroke:{halo}">{escape(cell.mark)}</text>'


def _svg(shapes: list[str], width: float, height: float, alt: str, name: str) -> str:
    patterns = "".join(
        f'<pattern id="{name}-{k}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse" patternTransform="rotate({23 * k})">'
        f'<path class="crack" d="M0 0h{gap}M{gap / 2} 0v{gap}"/></pattern>'
        for k, gap in enumerate(GAPS, 1)
    )
    return (
        f'<svg class="map" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(alt)}"><defs>{patterns}</defs>'
        f"{''.join(shapes)}</svg>"
    )


def _legend(told: Told, month: int, crew: Cast, words: Words) -> str:
    here = {told.names[int(holder)] for holder in told.dominant[month] if holder >= 0}
    items = [(colour, f"{crew.letter[name]} {crew.name(name)}") for name, colour in crew.colour.items() if name in here]
    if here - crew.colour.keys():
        items.append((GREY, f"· {words('map_others')}"))
    keys = "".join(f'<span><span class="key" style="background:{colour}"></span>{escape(text)}</span>' for colour, text in items)
    return f'<div class="legend">{keys}</div>'
