"""The tables of worlds as they are written, with what a world takes over from its base; nothing is checked here."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.read import WORLDS, scenario_folder, shown
from sim.scenario.worlds import BASE_HEADER, HEADER, table_files, world_tables, worlds

FITTED = "plausible-"  # files of parameter vectors: made by a fit, not facts
MERGED = ("tables", "sources")  # parts of world.toml to which a world adds


class Country(NamedTuple):
    """A world: its world.toml, laid over that of its base, and the rows of its tables by file."""

    name: str
    header: Mapping[str, Any]
    rows: Mapping[str, list[dict[str, str]]]


def countries() -> list[Country]:
    """Every world that lies in the scenario folder. Raises ScenarioError: a file cannot be read."""
    return [_country(home) for home in worlds(scenario_folder() / WORLDS).values()]


def country(name: str) -> Country | None:
    """The world of a scenario; None for the grid, which has no tables. Raises ScenarioError: a file cannot be read."""
    home = world_tables(name, scenario_folder() / WORLDS)
    return _country(home) if home else None


def _country(home: Path) -> Country:
    file = home
    try:
        files = table_files(home, scenario_folder() / WORLDS)
        headers, rows = {}, {}
        for name, file in files.items():
            text = file.read_text(encoding="utf-8-sig")
            if file.suffix == ".toml":
                headers[name] = tomllib.loads(text)
            elif not name.startswith(FITTED):
                rows[name] = list(csv.DictReader(text.splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise ScenarioError([Problem(shown(file), None, "", f"cannot be read: {error}")]) from error
    own, base = headers[HEADER], headers.get(BASE_HEADER, {})
    return Country(home.name, base | own | {part: base.get(part, {}) | own.get(part, {}) for part in MERGED}, rows)
