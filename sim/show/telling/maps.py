"""The country of a told run in one month: who is strongest where, and along which lines places have broken up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, Template
from markupsafe import Markup

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
STYLE = Path(__file__).with_name("map.css").read_text(encoding="utf-8")


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
    """How one place is drawn."""

    id: str
    tile: tuple[int, int]
    label: tuple[float, float] | None  # where its letter stands
    fill: str  # colour of the strongest group; empty = there is none
    mark: str  # its letter
    title: str  # what is told of the place
    broken: int  # how densely fracture lines cross it, 0 = it is one group's


def cells(told: Told, month: int, crew: Cast, words: Words) -> list[Place]:
    """All places in one month, in the order of the world."""
    return [_place(told, month, k, crew, words) for k in range(len(told.places))]


def mapped(told: Told) -> bool:
    """Whether every place has an outline."""
    return OUTLINES.keys() >= set(told.places)


def _place(told: Told, month: int, k: int, crew: Cast, words: Words) -> Place:
    holder, place, (x, y), title = int(told.dominant[month, k]), told.places[k], told.tiles[k], told.titles[k]
    label = ((x + 0.5) * TILE, (y + 0.5) * TILE) if not mapped(told) else None if place in TINY else LABELS[place]
    if holder < 0:
        return Place(place, (x, y), label, "", "–", f"{title}: {words('map_nobody')}", 0)
    name, count = told.names[holder], int(told.groups[month, k])
    text = words("map_place", place=title, group=crew.name(name), count=count)
    broken = int(np.searchsorted(SHARED, count, side="right"))
    return Place(place, (x, y), label, crew.colour.get(name, GREY), crew.letter.get(name, "·"), text, broken)


def world_map(told: Told, month: int, crew: Cast, words: Words, style: str = "") -> str:
    """The country in one month as SVG; a file of its own with a `style`."""
    deadliest = [told.titles[k] for k in np.argsort(-told.rate[month])[:3].tolist()]
    when = words.month(told.months[month].astype(date))
    alt = words("map_alt", what=words("map_dominant"), month=when, most="; ".join(deadliest))
    width, height = (WIDTH, HEIGHT) if mapped(told) else (TILE * (1 + max(tile[k] for tile in told.tiles)) for k in (0, 1))
    drawn: str = _template().render(
        cells=cells(told, month, crew, words), outlines=OUTLINES if mapped(told) else None, width=width, height=height, gaps=GAPS,
        alt=alt, name=f"m{month}", ink=ink, style=Markup(style),
    )  # fmt: skip
    return drawn


@cache
def _template() -> Template:
    return Environment(autoescape=True).from_string(Path(__file__).with_name("map.svg").read_text(encoding="utf-8"))


def legend(told: Told, month: int, crew: Cast, words: Words) -> list[tuple[str, str]]:
    """Colour and name of every group that is strongest somewhere in a month."""
    here = {told.names[int(holder)] for holder in told.dominant[month] if holder >= 0}
    others = [(GREY, f"· {words('map_others')}")] if here - crew.colour.keys() else []
    return [(colour, f"{crew.letter[name]} {crew.name(name)}") for name, colour in crew.colour.items() if name in here] + others


def ink(fill: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG relative luminance)."""
    parts = [int(fill[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"
