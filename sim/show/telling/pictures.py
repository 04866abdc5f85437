"""A told run drawn: its map in one month, people killed a day with numbered moments, the genealogy, the map as a film."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from jinja2 import Environment
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.animation import FuncAnimation, writers
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageSequence

from sim.show.charts.genealogy import genealogy
from sim.show.charts.state_maps import shapes
from sim.show.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.style import BLACK, BLUE, GREY, PALE, RC, decimal_years, frame, ink, sheet, styled, year_ticks
from sim.show.telling.history import Array, Moment, Told
from sim.show.telling.prose import Namer
from sim.show.words import Words

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c510a")
LETTERS = "ABCDEFGH"  # of the groups that have a colour
OTHERS = "#8a9199"  # of the other groups
SHARED = (2, 4, 7, 11)  # groups in a place from which it is broken by more lines
GAPS = (46, 29, 19, 12)  # px between them
TILE = 60
TINY = {"AGU", "TLA", "MOR", "COL", "QUE", "CMX", "MEX"}  # states too small for a label
MAP_STYLE = Path(__file__).with_name("map.css").read_text(encoding="utf-8")
MAP = Environment(autoescape=True).from_string(Path(__file__).with_name("map.svg").read_text(encoding="utf-8"))
FILMS = {"gif": "pillow", "mp4": "ffmpeg"}  # kind of file -> matplotlib's writer
STEP, PER_SECOND = 2, 5  # months between two pictures; pictures a second
DPI = 80
HATCHES = ("", "/", "//", "//\\", "///\\\\")  # of a place by how far it is broken up
MOST_MARKED = 60  # places that get a letter


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
    return Place(place, (x, y), label, crew.colour.get(name, OTHERS), crew.letter.get(name, "·"), text, broken)


def world_map(told: Told, month: int, crew: Cast, words: Words, style: str = "") -> str:
    """The country in one month as SVG; a file of its own with a `style`."""
    deadliest = [told.titles[k] for k in np.argsort(-told.rate[month])[:3].tolist()]
    when = words.month(told.months[month].astype(date))
    alt = words("map_alt", what=words("map_dominant"), month=when, most="; ".join(deadliest))
    width, height = (WIDTH, HEIGHT) if mapped(told) else (TILE * (1 + max(tile[k] for tile in told.tiles)) for k in (0, 1))
    drawn: str = MAP.render(
        cells=cells(told, month, crew, words), outlines=OUTLINES if mapped(told) else None, width=width, height=height, gaps=GAPS,
        alt=alt, name=f"m{month}", ink=ink, style=Markup(style),
    )  # fmt: skip
    return drawn


def map_legend(told: Told, month: int, crew: Cast, words: Words) -> list[tuple[str, str]]:
    """Colour and name of every group that is strongest somewhere in a month."""
    here = {told.names[int(holder)] for holder in told.dominant[month] if holder >= 0}
    others = [(OTHERS, f"· {words('map_others')}")] if here - crew.colour.keys() else []
    return [(colour, f"{crew.letter[name]} {crew.name(name)}") for name, colour in crew.colour.items() if name in here] + others


@styled
def timeline(told: Told, chosen: Sequence[Moment], say: Words, source: str) -> Figure:
    """People killed a day, by month; numbers mark the moments, as in their list."""
    figure, axes = sheet(9, 2.376, 0.684, 0.54, 0.07, 0.98)
    _killed(axes, told)
    x = decimal_years(np.array([moment.day for moment in chosen], "datetime64[D]"))
    top = float(a_day(told).max())
    levels = stacked(x.tolist(), 0.022 * float(x[-1] - x[0]))
    for number, (when, level) in enumerate(zip(x, levels, strict=True), 1):
        height = top * (1.06 + 0.075 * level)
        axes.plot([when, when], [0, height - 0.035 * top], color=PALE, linewidth=0.7, zorder=1)
        axes.text(when, height, str(number), ha="center", va="center", fontsize=8)
    axes.set_ylim(0, top * (1.12 + 0.075 * max(levels)))
    return frame(figure, say("timeline_title"), "", source)


def tree(told: Told, crew: Cast, say: Words, source: str) -> Figure:
    """Who came from whom, in the colours of the maps, and when the state took kingpins."""
    lineage = pa.Table.from_pylist([line._asdict() for line in told.lineage])
    taken = pa.Table.from_pylist([{"kind": "removal", "date": fall.day, "cartel": fall.cartel} for fall in told.falls])
    end = (told.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    return genealogy(lineage, taken, end, "", source, say.language, crew.name, crew.colour)


def stacked(x: Sequence[float], apart: float) -> list[int]:
    """The lowest level for each of some marks, in order, on which it is so far from the one before on its level."""
    ends: list[float] = []
    levels = []
    for when in x:
        level = next((k for k, end in enumerate(ends) if when - end >= apart), len(ends))
        ends[level : level + 1] = [when]
        levels.append(level)
    return levels


def a_day(told: Told) -> Array:
    """People killed a day, by month (the last one may be cut off), (M,)."""
    return told.homicides / told.days


def _killed(axes: Axes, told: Told) -> None:
    years = decimal_years(told.months.astype("datetime64[D]"))
    axes.plot(years, a_day(told), color=BLACK, linewidth=1.2, zorder=3)
    axes.set_ylim(bottom=0)
    axes.grid(axis="x", visible=False)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    year_ticks(axes, float(years[0]), float(years[-1]), most=9)


def films() -> list[str]:
    """Kinds of film that can be made here: a GIF always, an MP4 where ffmpeg is installed."""
    return [kind for kind, writer in FILMS.items() if writers.is_available(writer)]


def film(told: Told, kind: str, say: Words, scenario: str, world: int, watch: Callable[[int, int], None]) -> bytes:
    """The map, month by month, over the line of people killed a day, as "gif" or "mp4"; `watch` hears how many of how many are drawn."""
    months = [*range(0, told.months.size - 1, STEP), told.months.size - 1]
    with rc_context(RC), TemporaryDirectory() as folder:
        figure = Figure(figsize=(8, 6.6), dpi=DPI)
        show = _stage(figure, told, say, say("film_note", scenario=scenario, world=world))
        moving = FuncAnimation(figure, show, frames=[*months, *months[-1:] * PER_SECOND], blit=False, cache_frame_data=False)
        path = Path(folder) / f"film.{kind}"
        moving.save(path, writer=writers[FILMS[kind]](fps=PER_SECOND), dpi=DPI, progress_callback=watch)
        return path.read_bytes()


def stills(gif: bytes) -> Iterator[bytes]:
    """The pictures of a film, as PNG: the page moves them without a script, and only while its reader wants them to."""
    for picture in ImageSequence.Iterator(Image.open(BytesIO(gif))):
        picture.convert("RGB").quantize().save(still := BytesIO(), "PNG", optimize=True)
        yield still.getvalue()


def _stage(figure: Figure, told: Told, say: Words, note: str) -> Callable[[int], Iterable[Artist]]:
    """One picture of the film, and what changes it to a month, 0 being the first."""
    crew, years = cast(told, say), decimal_years(told.months.astype("datetime64[D]"))
    heading = figure.text(0.02, 0.975, "", fontsize=13, fontweight="bold", va="top")
    axes = figure.add_axes((0.02, 0.27, 0.96, 0.65))
    places, middles, _ = shapes(axes, told.places, dict(zip(told.places, told.tiles, strict=True)))
    lines = {place: axes.add_patch(copy(shape)) for place, shape in places.items()}
    for place, shape in places.items():
        shape.set(edgecolor=GREY, linewidth=0.6)
        lines[place].set(facecolor="none", edgecolor="white", linewidth=0.0)
    size: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
    marked = [place for place in told.places if len(told.places) <= MOST_MARKED and not (mapped(told) and place in TINY)]
    marks = {place: axes.text(*middles[place], "", **size) for place in marked}
    figure.text(0.07, 0.215, note, color=GREY, va="bottom")
    line = figure.add_axes((0.07, 0.05, 0.91, 0.155))
    _killed(line, told)
    (now,) = line.plot([0, 0], [0, 1.05 * float(a_day(told).max())], color=BLUE, linewidth=1.5)
    named = {f"{crew.letter[group]}  {crew.name(group)}": colour for group, colour in crew.colour.items()}
    named[f"·  {say('map_others')}"] = OTHERS
    axes.legend(handles=[Patch(color=colour, label=name) for name, colour in named.items()], loc="upper right", fontsize=9)

    def show(month: int) -> Iterable[Artist]:
        heading.set_text(say("film_title", month=say.month(told.months[month].item())))
        for cell in cells(told, month, crew, say):
            places[cell.id].set_facecolor(cell.fill or "white")
            lines[cell.id].set_hatch(HATCHES[cell.broken])
            if cell.id in marks:
                marks[cell.id].set(text=cell.mark, color=ink(cell.fill) if cell.fill else BLACK)
        now.set_xdata([years[month]] * 2)
        return ()

    return show
