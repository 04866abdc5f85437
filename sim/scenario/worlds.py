"""What a scenario may say about its world: which there are, and the ids of their places and cartels.

Only ids are read here; the model reads the tables.
"""

from __future__ import annotations

import csv
import hashlib
import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.catalogue.installed import folders
from sim.scenario.problems import Problem, ScenarioError

GRID = "grid"
GRID_SIZES = {"rows": 4, "columns": 4, "cartels": 4}  # when a scenario does not say
LONGEST_SIDE = 200  # places
LARGEST_TABLE = 50_000_000  # bytes
MOST_PARTS = 64  # places per state
MOST_MUNICIPALITIES = 2000  # per state
MOST_GROUPS = 999

HEADER = "world.toml"
BASE_HEADER = f"base/{HEADER}"
TERRITORIES, CARTELS, PRESENCE = "territories.csv", "cartels.csv", "presence.csv"
MUNICIPALITIES = "municipalities.csv"  # a world with this table is split by it
GROUPS = "groups.csv"  # a world with this table has its groups and their ties by rule
NODES, EDGES = "bacrim2020_nodes.csv", "bacrim2020_network_edges.csv"  # in the folder of the option `ties`
NATION = "NATION"  # the whole country, where states are listed
GOVERNMENTS = "governments.csv"  # of a world with this table it is known who governs
_LISTED = {CARTELS, PRESENCE, "ties.csv"}
_BY_RULE = {GROUPS, "totals.csv"}
INHERITED = {TERRITORIES, "borders.csv", "clocks.csv", MUNICIPALITIES, GOVERNMENTS} | _LISTED | _BY_RULE
_parsed = lru_cache(maxsize=16)(tomllib.loads)  # the same few headers are asked for again and again


class WorldIds(NamedTuple):
    """Ids that `where` and `target` may name, and families and wings whose leaders may fall."""

    territories: tuple[str, ...]
    cartels: tuple[str, ...]
    factions: tuple[str, ...] = ()


def worlds(folder: Path) -> dict[str, Path]:
    """The table worlds that lie in a folder, and those of installed packages, by name."""
    return {path.parent.name: path.parent for home in (*folders("worlds"), folder) for path in sorted(home.glob("*/world.toml"))}


def world_tables(name: str, folder: Path) -> Path | None:
    """The folder of the tables of a scenario's world (a name, or an absolute path); None for the grid and for what is not there."""
    home = Path(name) if os.path.isabs(name) else worlds(folder).get(name)
    return home if home is not None and os.path.isfile(home / HEADER) else None


def table_files(home: Path, folder: Path) -> dict[str, Path]:
    """A world's files by name: its own, and of those of its `base`, one of the shipped worlds, what it does not have itself.

    Cartels listed one by one and groups by rule stand in for each other: who has either does not inherit the other.
    """
    own = {path.name: bounded(path) for path in sorted(home.iterdir()) if path.suffix == ".csv" or path.name == HEADER}
    base = base_folder(home, folder)
    if base is None:
        return own
    passed = INHERITED - (_BY_RULE if own.keys() & _LISTED else _LISTED if own.keys() & _BY_RULE else set())
    files = {name: base / name for name in sorted(passed) if (base / name).is_file()}
    return files | {BASE_HEADER: base / HEADER} | own


def _files(home: Path | None, folder: Path) -> dict[str, Path]:
    """The same of a folder that may not be there, or not be readable: none then."""
    try:
        return table_files(home, folder) if home else {}
    except OSError:
        return {}


def bounded(path: Path) -> Path:
    """A table's path; whoever opens something else waits, or runs out of memory."""
    if path.exists() and not (path.is_file() and path.stat().st_size <= LARGEST_TABLE):
        message, hint = f"is no file of up to {LARGEST_TABLE // 1_000_000} MB", "tables are text, a row a place or group; write it anew"
        raise ScenarioError([Problem(str(path), None, "", message, hint)])
    return path


def base_folder(home: Path, folder: Path) -> Path | None:
    """The shipped world that the world in `home` takes its missing tables from, if it names one."""
    name = header(home / HEADER).get("base")
    return worlds(folder).get(name) if isinstance(name, str) else None


def group_ids(groups: int, named: Mapping[int, str]) -> tuple[str, ...]:
    """The ids of groups 1, 2, 3 ...: those that have a name by it, the others by their number."""
    return tuple(named.get(number, f"group-{number:03}") for number in range(1, groups + 1))


def world_ids(name: str, options: Mapping[str, Any], folder: Path) -> WorldIds | None:
    """The ids a world knows, or None when it has no readable tables; world options out of bounds count as absent.

    Where states are split, a state's id stands for all its places: `SIN` for `SIN-1` to `SIN-4`.
    """
    if name == GRID:
        return _grid_ids(options)
    home = world_tables(name, folder)
    if home is None:
        return None
    try:
        files = _files(home, folder)
        parts = _parts(files, options)
        cartels = _groups(files) if GROUPS in files else tuple(row["id"] for row in _rows(files[CARTELS]))
        factions = tuple(dict.fromkeys(row["faction"] for row in _rows(files[PRESENCE]))) if PRESENCE in files else ()
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None
    places = (f"{state}-{part}" for state, count in parts.items() if count > 1 for part in range(1, count + 1))
    return WorldIds((*parts, *places), cartels, factions) if parts else None


def world_year(name: str, folder: Path) -> int | None:
    """The year that a world's tables describe, before which it cannot start; None for the grid and where nothing is said."""
    home = world_tables(name, folder)
    base = base_folder(home, folder) if home else None
    found = next((header(each / HEADER).get("year") for each in (home, base) if each and "year" in header(each / HEADER)), None)
    return found if isinstance(found, int) else None


def table_rows(name: str, folder: Path, *files: str) -> list[dict[str, str]]:
    """The rows of those of a world's tables that there are; none where they cannot be read."""
    try:
        found = _files(world_tables(name, folder), folder)
        return [row for file in files if file in found for row in _rows(found[file])]
    except (OSError, ValueError, KeyError, csv.Error):
        return []


def world_options(home: Path | None, folder: Path) -> tuple[str, ...]:
    """The options that the tables in a folder take beside the horizon; none where there are no tables."""
    files = _files(home, folder)
    if not files:
        return ()
    return (*(() if MUNICIPALITIES in files else ("places",)), *(("ties",) if GROUPS in files else ()))


def places_per_state(places: int, states: int) -> int | None:
    """Into how many places each state is split, or None where that number of places cannot be shared out."""
    parts, rest = divmod(places, states)
    return parts if rest == 0 and 1 <= parts <= MOST_PARTS else None


def tables_digest(name: str, folder: Path, ties: str | None = None) -> str:
    """Sixteen hex digits over the world's tables, and those of the network in the folder `ties`; empty for a world without any to read."""
    home = world_tables(name, folder)
    if home is None:
        return ""
    digest = hashlib.sha256()
    try:
        files = table_files(home, folder) | ({file: bounded(Path(ties) / file) for file in (NODES, EDGES)} if ties else {})
        for file, path in sorted(files.items()):
            text = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{file}\0{len(text)}\0".encode() + text)
    except OSError:
        return ""
    return digest.hexdigest()[:16]


def _grid_ids(options: Mapping[str, Any]) -> WorldIds:
    given = {key: value for key, value in options.items() if isinstance(value, int) and 1 <= value <= LONGEST_SIDE**2}
    sizes = GRID_SIZES | given
    places = min(sizes["rows"], LONGEST_SIDE) * min(sizes["columns"], LONGEST_SIDE)
    return WorldIds(tuple(f"P{k}" for k in range(places)), tuple(f"c{i}" for i in range(sizes["cartels"])))


def _parts(files: Mapping[str, Path], options: Mapping[str, Any]) -> dict[str, int]:
    """Into how many places each state is split."""
    states = [row["id"] for row in _rows(files[TERRITORIES])]
    if MUNICIPALITIES in files:
        split = {row["state"]: int(row["municipalities"]) for row in _rows(files[MUNICIPALITIES])}
        return {state: min(split.get(state, 1), MOST_MUNICIPALITIES) for state in states}
    places = options.get("places")
    parts = places_per_state(places, len(states)) if states and isinstance(places, int) else None
    return dict.fromkeys(states, parts or 1)


def _groups(files: Mapping[str, Path]) -> tuple[str, ...]:
    named = {int(row["number"]): row["id"] for row in _rows(files[GROUPS])}
    headers = [header(files[name]).get("network", {}) for name in (HEADER, BASE_HEADER) if name in files]
    groups = next((rule["groups"] for rule in headers if "groups" in rule), 0)
    return group_ids(min(groups, MOST_GROUPS), named)


def header(path: Path) -> dict[str, Any]:
    """What a world.toml says; empty where it cannot be read."""
    try:
        return _parsed(bounded(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with open(path, newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    if not rows or any(None in row or None in row.values() for row in rows):
        raise ValueError("not a table")
    return rows
