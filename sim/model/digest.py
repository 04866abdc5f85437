"""One number for all that a run leaves behind: the same wherever the run is played, in Python, in a page, on another processor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sim.model.chance import mix
from sim.model.columns import Array, Country, Event, Word
from sim.model.compile.compiled import compiled
from sim.model.compile.named import Integers
from sim.model.stocks import cells

KNOWN = ("parent", "born", "alive", "ended", "origin", "peak")  # of every group that ever was, and whether it is a cell


@compiled
def blend(words: Integers, key: Word) -> Word:
    """A key from another and many words."""
    for number in range(words.size):
        key = mix(key, np.uint64(words[number]))
    return key


def digest(country: Country, series: Mapping[str, Array]) -> str:
    """Sixteen hex digits of every monthly series, every line of the log and every group; rows instead of names."""
    lines, groups = country.log[: country.count.lines], country.cartel[: country.count.cartels]
    parts = (*series.values(), *_whole(lines, Event.names), *_whole(groups, KNOWN), cells(country))
    words = np.concatenate([np.ascontiguousarray(part).view(np.int64) for part in parts])
    return f"{int(blend(words, Word(0))):016x}"


def _whole(table: object, names: Iterable[str]) -> list[Integers]:
    return [getattr(table, name).astype(np.int64, copy=False) for name in names]
