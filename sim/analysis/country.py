"""What a country calls its payers and its money: the words of every table, sentence and picture about it.

A world's `world.toml` says so in `[tables.names]`: `country` and `abroad` (who pays), `currency`, and for Spanish `country_es` and
`abroad_es`. Worlds of Mexico are called what the catalogue calls them; a country that says nothing pays by itself or is paid for abroad.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.catalogue.metrics import METRICS
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.worlds import BASE_HEADER, GRID, HEADER, table_files, world_tables
from sim.words import section, texts

MEXICO = ("mexico-2006", "mexico-2020", "municipal", GRID)  # worlds that the catalogue's own words are about, and what rests on them
DOLLAR = "US$"
NAMES = {"country": "the country", "abroad": "others abroad", "currency": DOLLAR, "country_es": "el país", "abroad_es": "el extranjero"}
HERE: Mapping[str, str] = MappingProxyType({})
_world: ContextVar[str] = ContextVar("world", default=MEXICO[0])


def tell_of(plan: Mapping[str, Any]) -> None:
    """From here on, words are those of the country of the first scenario of a `plan.json`."""
    tell_of_world(str(next((arm["world"] for arm in plan.get("arms", ()) if "world" in arm), MEXICO[0])))


def tell_of_world(world: str) -> None:
    """From here on, words are those of a world: its name, or the path of its folder."""
    _world.set(world)


@cache
def names(world: str) -> Mapping[str, str]:
    """Its names, all of them; empty for what the catalogue's own words are about, or what cannot be read any more."""
    found = {} if world in MEXICO else _headers(world)
    if not found or (BASE_HEADER in found and "names" not in found[BASE_HEADER].get("tables", {})):
        return HERE  # it rests on Mexico
    said: dict[str, str] = {}
    for header in found.values():
        said |= header.get("tables", {}).get("names", {})
    return NAMES | said


def _headers(world: str) -> dict[str, dict[str, Any]]:
    """The headers of a world by file, its base's first; none of what cannot be read any more."""
    library = scenario_folder() / WORLDS
    home = world_tables(world, library)
    files = table_files(home, library) if home else {}
    return {file: tomllib.loads(path.read_text(encoding="utf-8-sig")) for file, path in files.items() if Path(file).name == HEADER}


def reliability() -> str:
    """How far the world can be relied on, as its `world.toml` says; empty for Mexico in 2006, which the guide's chapters are about."""
    world = _world.get()
    said = [header["reliability"] for header in _headers(world).values() if "reliability" in header] if world != MEXICO[0] else []
    return " ".join(said[-1].split()) if said else ""


def title(metric: str, language: str = "en") -> str:
    """A metric's short name in English or Spanish, for tables, figures and sentences."""
    own = names(_world.get())
    if own and metric in (elsewhere := texts("elsewhere", language)):
        return elsewhere[metric].format_map(own)
    return str(section("metrics", language).get(metric, METRICS[metric].title))


def currency() -> str:
    """What money is counted in."""
    return names(_world.get()).get("currency", DOLLAR)


def in_currency(text: str) -> str:
    """A unit or a caption with the country's money in it."""
    return text.replace(DOLLAR, currency())


def payers() -> tuple[str, str]:
    """Who pays: the other country, the country itself."""
    own = names(_world.get())
    return (own["abroad"], own["country"]) if own else ("the US", "Mexico")
