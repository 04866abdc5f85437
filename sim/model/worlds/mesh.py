"""Which places touch where states are cut into unequal numbers of them: a planar graph, most with six neighbours.

Inside a state, places fill a lattice row by row, every other row shifted by half a place, so that each touches up to
six. The places on its rim face the neighbouring states, by compass: each place whose bearing is within `SIDE` of that
of a neighbour, and nearer to it than to any other; the nearest one in any case. Two states that touch are zipped
together along the places by which they face each other. No two links cross as long as the borders of the states can be
drawn with the neighbours of each in the order of their bearings, as those of Mexico can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDE = np.pi / 4  # ASSUMED: a neighbour takes at most one side of a square


def width(places: int) -> int:
    """Places in a full row of a state's lattice."""
    return isqrt(places - 1) + 1


def inner_links(places: int) -> Iterator[tuple[int, int]]:
    """Pairs that touch inside a state of places 0, 1, 2 ..."""
    side = width(places)
    for i in range(places):
        row, column = divmod(i, side)
        aside = i + side + (1 if row % 2 else -1)  # below, on the other side of the half shift
        if column + 1 < side and i + 1 < places:
            yield i, i + 1
        if i + side < places:
            yield i, i + side
        if aside < places and aside // side == row + 1:
            yield i, aside


def rim(places: int) -> list[int]:
    """The outer places in order, clockwise from the north-west."""
    side = width(places)
    rows = [range(first, min(first + side, places)) for first in range(0, places, side)]
    right = [row[-1] for row in rows[1:-1]]
    left = [row[0] for row in rows[1:-1]]
    under = [i for i in (rows[-2] if len(rows) > 1 else ()) if i + side >= places and i not in right]
    last = list(rows[-1]) if len(rows) > 1 else []
    walk = [*rows[0], *right, *reversed(under), *reversed(last), *reversed(left)]
    return list(dict.fromkeys(walk))


def facing(places: int, bearings: Sequence[float]) -> list[list[int]]:
    """The places of a state on the rim that face each neighbour's bearing (radians clockwise from the east), clockwise."""
    outer = np.array(rim(places))
    side = width(places)
    row, column = np.divmod(outer, side)
    rows = -(-places // side)
    east = column + 0.5 * (row % 2) - (side - 1) / 2
    angle = _clockwise(np.arctan2(row - (rows - 1) / 2, east))
    off = _turn(angle[:, None] - np.array(bearings))  # (places on the rim, neighbours)
    nearest = np.abs(off).argmin(axis=1)
    sides = []
    for neighbour in range(len(bearings)):
        away = off[:, neighbour]
        mine = np.flatnonzero((nearest == neighbour) & (np.abs(away) <= SIDE))
        mine = mine if len(mine) else np.array([np.abs(away).argmin()])
        sides.append(outer[mine[np.argsort(away[mine], kind="stable")]].tolist())
    return sides


def zipped(one: Sequence[int], other: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Links between two rows of places that face each other, from one end to the other, without a crossing."""
    steps = len(one) + len(other) - 2
    for step in range(steps + 1):
        i = step * (len(one) - 1) // max(1, steps)
        yield one[i], other[step - i]


def planar_links(counts: Sequence[int], centres: Floats, borders: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Every border of a country once, as two place indices.

    Of the states there are known how many places each has, (S,), where it lies (longitude and latitude, (S, 2)), and which of them touch.
    """
    first = np.cumsum([0, *counts])
    for state, places in enumerate(counts):
        for a, b in inner_links(places):
            yield int(first[state]) + a, int(first[state]) + b
    beside: list[list[int]] = [[] for _ in counts]
    for one, other in borders:
        beside[one].append(other)
        beside[other].append(one)
    faces: dict[tuple[int, int], list[int]] = {}
    for state, places in enumerate(counts):
        east, north = (centres[beside[state]] - centres[state]).T
        for other, side in zip(beside[state], facing(places, np.arctan2(-north, east).tolist()), strict=True):
            faces[state, other] = [int(first[state]) + place for place in side]
    for one, other in borders:
        yield from zipped(faces[one, other], faces[other, one][::-1])


def _clockwise(angle: Floats) -> Floats:
    """Angles along a rim, each a hair beyond the one before where a notch in the rim turns back."""
    steps = (np.diff(angle) + 1) % (2 * np.pi) - 1
    onward: Floats = np.maximum.accumulate(angle[0] + np.cumsum([0, *steps]))
    return onward + 1e-9 * np.arange(len(angle))


def _turn(angle: Floats) -> Floats:
    return (angle + np.pi) % (2 * np.pi) - np.pi
