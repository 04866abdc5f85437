"""Maps of a panel: where it happens under business as usual, and where a policy changes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from sim.analysis.paired import Array, half_width
from sim.analysis.places import QUANTITIES, Places
from sim.analysis.table import signed
from sim.show.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.style import GREY, LEVEL_MAP, MAP, frame, grid, ink, scaled, styled

COLUMNS, PANEL = 2, 3.1  # maps in a row; inches high
NAME = 60  # letters of a policy's name that fit
LISTED = 3  # places that are named under a map


@styled
def state_maps(places: Places, usual: str, source: str, tiles: Mapping[str, tuple[int, int]]) -> Figure:
    """The level of business as usual, then the change under every policy; hatched where the 95 % interval holds zero."""
    title, unit, _ = QUANTITIES[places.quantity]
    base = places.values[places.arms.index(usual)]
    policies = [name for name in places.arms if name != usual]
    changes = {name: places.values[places.arms.index(name)] - base for name in policies}
    figure, panels = grid(1 + len(policies), COLUMNS, 10.5, PANEL * 0.8, PANEL * 0.2, 0.95, 0.4, 0.02, 0.93, 0.14)
    level = base.mean(axis=0)
    divisor, label = scaled(unit, "stock", float(level.max()))
    _map(panels[0], places.ids, level / divisor, np.zeros(level.size, bool), (Normalize(0), LEVEL_MAP, label), tiles)
    panels[0].set_title(f"{usual}: {title.lower()}")
    reach = max([float(np.abs(change.mean(axis=0)).max()) for change in changes.values()], default=0.0) or 1.0
    for axes, (name, change) in zip(panels[1:], changes.items(), strict=True):
        mean = change.mean(axis=0)
        half = np.array([half_width(change[:, place]) for place in range(mean.size)])
        unsure = (np.abs(mean) <= half) & (mean != 0)
        look = (CenteredNorm(0, reach / divisor), MAP, f"change, {label}")
        _map(axes, places.ids, mean / divisor, unsure, look, tiles)
        axes.set_title(f"{name[:NAME]}\n{_most(places.ids, mean / divisor)}", fontsize=9, linespacing=1.3)
    subtitle = (
        f"Mean of {base.shape[0]} worlds, {places.window[0]} to {places.window[1]}. "
        "Changes are paired; grey: none, hatched: the 95 % interval holds zero."
    )
    return frame(figure, f"{title}: where, and where does a policy change it?", subtitle, source)


def _map(
    axes: Axes, ids: Sequence[str], values: Array, unsure: Array, look: tuple[Normalize, str, str], tiles: Mapping[str, tuple[int, int]]
) -> None:
    """One map with its colour bar."""
    norm, colours, label = look
    norm.autoscale_None(values)
    shades = ScalarMappable(norm, colormaps[colours])
    places, middles, drawn = shapes(axes, ids, tiles)
    for place, value, doubt in zip(ids, values, unsure, strict=True):
        colour = shades.to_rgba(value)
        places[place].set(facecolor=colour, edgecolor=GREY, linewidth=0.5)
        if doubt:
            axes.add_patch(copy(places[place])).set(fill=False, hatch="////", edgecolor="#ffffffb0", linewidth=0)
        if not drawn:
            axes.text(*middles[place], place, ha="center", va="center", fontsize=8, color=ink(colour))
    axes.figure.colorbar(shades, ax=axes, label=label, pad=0.01, shrink=0.8)


def shapes(
    axes: Axes, ids: Sequence[str], tiles: Mapping[str, tuple[int, int]]
) -> tuple[dict[str, Patch], Mapping[str, tuple[float, float]], bool]:
    """A map without colours: outlines where all places have one, else tiles. Shapes and middles by place, and whether they are outlines."""
    drawn = OUTLINES.keys() >= set(ids)
    places: dict[str, Patch] = {place: PathPatch(outline(OUTLINES[place])) if drawn else Rectangle(tiles[place], 1, 1) for place in ids}
    for shape in places.values():
        axes.add_patch(shape)
    width, height = (WIDTH, HEIGHT) if drawn else (1.0 + max(tiles[place][k] for place in ids) for k in (0, 1))
    edge = 0.01 * width  # of the outermost lines
    axes.set(xlim=(-edge, width + edge), ylim=(height + edge, -edge), aspect="equal")
    axes.set_axis_off()
    middles: Mapping[str, tuple[float, float]] = LABELS if drawn else {place: (x + 0.5, y + 0.5) for place, (x, y) in tiles.items()}
    return places, middles, drawn


def outline(data: str) -> Path:
    """SVG path data with M, relative l and z, as `OUTLINES` has it, as a path."""
    vertices: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    for ring in re.findall(r"M([^z]*)z", data):
        moves = np.array(ring.replace("l", " ").split(), np.float64).reshape(-1, 2)
        points = np.cumsum(moves, axis=0)
        vertices += [*map(tuple, points), tuple(points[0])]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
    return Path(vertices, codes)


def _most(ids: Sequence[str], mean: Array) -> str:
    """The places that change most, in words."""
    order = np.argsort(-np.abs(mean))[:LISTED]
    return ", ".join(f"{ids[place]} {signed(mean[place])}" for place in order if mean[place]) or "no change"
