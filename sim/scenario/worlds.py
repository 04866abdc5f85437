"""What a scenario may say about its world: which there are, and the ids of their places and cartels.

Only ids are read here; the model reads the tables.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

GRID = "grid"
GRID_SIZES = {"rows": 4, "columns": 4, "cartels": 4}  # when a scenario does not say
LONGEST_SIDE = 200  # places
MOST_PARTS = 64  # places per state


class WorldIds(NamedTuple):
    """Ids that `where` and `target` may name."""

    territories: tuple[str, ...]
    cartels: tuple[str, ...]


def worlds(folder: Path) -> dict[str, Path]:
    """The table worlds that lie in a folder, by name."""
    return {path.parent.name: path.parent for path in sorted(folder.glob("*/world.toml"))}


def world_tables(name: str, folder: Path) -> Path | None:
    """The folder of a world's tables; None for the grid and for what is not there.

    Args:
        name: a scenario's `world`: a name, or an absolute path.
        folder: where the shipped worlds lie.
    """
    home = Path(name) if os.path.isabs(name) else worlds(folder).get(name)
    return home if home is not None and os.path.isfile(home / "world.toml") else None


def world_ids(name: str, options: Mapping[str, int], folder: Path) -> WorldIds | None:
    """The ids a world knows, or None when it has no readable tables.

    Where `places` splits the states, a state's id stands for all its places: `SIN` for `SIN-1` to `SIN-4`.

    Args:
        name: a scenario's `world`.
        options: its world options; those out of bounds count as absent.
        folder: where the shipped worlds lie.
    """
    if name == GRID:
        return _grid_ids(options)
    home = world_tables(name, folder)
    try:
        states, cartels = (_ids(home / f"{table}.csv") for table in ("territories", "cartels")) if home else ((), ())
    except (OSError, ValueError, KeyError, csv.Error):
        return None
    if not states:
        return None
    parts = places_per_state(options.get("places", 0), len(states)) or 1
    places = (f"{state}-{part}" for state in states for part in range(1, parts + 1))
    return WorldIds(states + tuple(places) if parts > 1 else states, cartels)


def places_per_state(places: int, states: int) -> int | None:
    """Into how many places each state is split, or None where that number of places cannot be shared out."""
    parts, rest = divmod(places, states)
    return parts if rest == 0 and 1 <= parts <= MOST_PARTS else None


def tables_digest(name: str, folder: Path) -> str:
    """Sixteen hex digits over the world's tables; empty for a world without any that can be read."""
    home = world_tables(name, folder)
    if home is None:
        return ""
    digest = hashlib.sha256()
    try:
        for path in sorted(path for path in home.iterdir() if path.suffix in (".csv", ".toml")):
            text = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{path.name}\0{len(text)}\0".encode() + text)
    except OSError:
        return ""
    return digest.hexdigest()[:16]


def _grid_ids(options: Mapping[str, int]) -> WorldIds:
    sizes = GRID_SIZES | {key: value for key, value in options.items() if 1 <= value <= LONGEST_SIDE**2}
    places = min(sizes["rows"], LONGEST_SIDE) * min(sizes["columns"], LONGEST_SIDE)
    return WorldIds(tuple(f"P{k}" for k in range(places)), tuple(f"c{i}" for i in range(sizes["cartels"])))


def _ids(path: Path) -> tuple[str, ...]:
    with open(path, newline="", encoding="utf-8") as stream:
        return tuple(row["id"] for row in csv.DictReader(stream))
