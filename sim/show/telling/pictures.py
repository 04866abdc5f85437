"""A told run drawn by matplotlib: people killed a day with numbered moments, and the map as a film."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from io import BytesIO
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from matplotlib import rc_context
from matplotlib.animation import FuncAnimation, writers
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageSequence

from sim.show.charts.genealogy import genealogy
from sim.show.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.style import BLACK, BLUE, GREY, PALE, RC, decimal_years, frame, styled, year_ticks
from sim.show.telling import maps
from sim.show.telling.highlights import Moment
from sim.show.telling.history import Array, Told
from sim.show.words import Words

FILMS = {"gif": "pillow", "mp4": "ffmpeg"}  # kind of file -> matplotlib's writer
STEP, PER_SECOND = 2, 5  # months between two pictures; pictures a second
DPI = 80
HATCHES = (None, "/", "//", "//\\", "///\\\\")  # of a place by how far it is broken up
MOST_MARKED = 60  # places that get a letter


@styled
def timeline(told: Told, chosen: Sequence[Moment], say: Words, source: str) -> Figure:
    """People killed a day, by month; numbers mark the moments, as in their list."""
    figure = Figure(figsize=(9, 3.6))
    axes = figure.add_axes((0.07, 0.15, 0.91, 0.66))
    _killed(axes, told)
    x = decimal_years(np.array([moment.day for moment in chosen], "datetime64[D]"))
    top = float(a_day(told).max())
    levels = stacked(x.tolist(), 0.022 * float(x[-1] - x[0]))
    for number, (when, level) in enumerate(zip(x, levels, strict=True), 1):
        height = top * (1.06 + 0.075 * level)
        axes.plot([when, when], [0, height - 0.035 * top], color=PALE, linewidth=0.7, zorder=1)
        axes.text(when, height, str(number), ha="center", va="center", fontsize=8)
    axes.set_ylim(0, top * (1.12 + 0.075 * max(levels)))
    frame(figure, say("timeline_title"), "", source)
    return figure


def tree(told: Told, crew: maps.Cast, say: Words, source: str) -> Figure:
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
        stage = Stage(figure, told, say, say("film_note", scenario=scenario, world=world))
        moving = FuncAnimation(figure, stage.show, frames=[*months, *months[-1:] * PER_SECOND], blit=False, cache_frame_data=False)
        path = File(folder) / f"film.{kind}"
        moving.save(path, writer=writers[FILMS[kind]](fps=PER_SECOND), dpi=DPI, progress_callback=watch)
        return path.read_bytes()


def stills(gif: bytes) -> Iterator[bytes]:
    """The pictures of a film, as PNG: the page moves them without a script, and only while its reader wants them to."""
    for picture in ImageSequence.Iterator(Image.open(BytesIO(gif))):
        picture.convert("RGB").quantize().save(still := BytesIO(), "PNG", optimize=True)
        yield still.getvalue()


class Stage:
    """One picture of the film, changed from month to month."""

    def __init__(self, figure: Figure, told: Told, say: Words, note: str) -> None:
        self._told, self._say, self._crew = told, say, maps.cast(told, say)
        self._title = figure.text(0.02, 0.975, "", fontsize=13, fontweight="bold", va="top")
        axes = figure.add_axes((0.02, 0.27, 0.96, 0.65))
        self._shapes, self._lines, self._marks = draw_places(axes, told)
        figure.text(0.07, 0.215, note, color=GREY, va="bottom")
        line = figure.add_axes((0.07, 0.05, 0.91, 0.155))
        _killed(line, told)
        (self._now,) = line.plot([0, 0], [0, 1.05 * float(a_day(told).max())], color=BLUE, linewidth=1.5)
        self._years = decimal_years(told.months.astype("datetime64[D]"))
        axes.legend(handles=self._legend(), loc="upper right", fontsize=9)
        self.show(0)

    def show(self, month: int) -> list[Any]:
        """Change the picture to a month, 0 being the first."""
        told, say = self._told, self._say
        self._title.set_text(say("film_title", month=say.month(told.months[month].item())))
        for cell in maps.cells(told, month, self._crew, say):
            self._shapes[cell.id].set_facecolor(cell.fill or "white")
            self._lines[cell.id].set_hatch(HATCHES[cell.broken])
            if cell.id in self._marks:
                self._marks[cell.id].set_text(cell.mark)
                self._marks[cell.id].set_color(maps.ink(cell.fill) if cell.fill else BLACK)
        self._now.set_xdata([self._years[month]] * 2)
        return []

    def _legend(self) -> list[Patch]:
        crew = self._crew
        coloured = [Patch(color=colour, label=f"{crew.letter[group]}  {crew.name(group)}") for group, colour in crew.colour.items()]
        return [*coloured, Patch(color=maps.GREY, label=f"·  {self._say('map_others')}")]


def draw_places(axes: Axes, told: Told) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Outlines where all places have one, else tiles; shapes, the same again for fracture lines, and texts, by place."""
    shapes: dict[str, Any] = {}
    centres: Mapping[str, tuple[float, float]]
    if maps.mapped(told):
        shapes = {place: PathPatch(outline(OUTLINES[place])) for place in told.places}
        centres = {place: LABELS[place] for place in told.places if place not in maps.TINY}
        width, height = float(WIDTH), float(HEIGHT)
    else:
        corners = dict(zip(told.places, told.tiles, strict=True))
        shapes = {place: Rectangle(corner, 1, 1) for place, corner in corners.items()}
        centres = {place: (x + 0.5, y + 0.5) for place, (x, y) in corners.items()}
        width, height = (1.0 + max(corner[k] for corner in told.tiles) for k in (0, 1))
    lines = {place: copy(shape) for place, shape in shapes.items()}
    for place, shape in shapes.items():
        shape.set(edgecolor=GREY, linewidth=0.6)
        lines[place].set(facecolor="none", edgecolor="white", linewidth=0.0)
        axes.add_patch(shape)
        axes.add_patch(lines[place])
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axes.set_axis_off()
    if len(told.places) > MOST_MARKED:
        return shapes, lines, {}
    size: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
    return shapes, lines, {place: axes.text(x, y, "", **size) for place, (x, y) in centres.items()}


def outline(data: str) -> Path:
    """SVG path data with M, relative l and z, as `OUTLINES` has it, as a path."""
    vertices: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    for ring in re.findall(r"M([^z]*)z", data):
        start, _, steps = ring.partition("l")
        moves = np.array(f"{start} {steps}".split(), np.float64).reshape(-1, 2)
        points = np.cumsum(moves, axis=0)
        vertices += [*map(tuple, points), tuple(points[0])]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
    return Path(vertices, codes)
