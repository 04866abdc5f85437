"""What a country calls its payers and its money: the words of every table, sentence and picture about it.

A world's `world.toml` says so in `[tables.names]`: `country` and `abroad` (who pays), `currency`, and for Spanish `country_es` and
`abroad_es`. Worlds of Mexico are called what the catalogue calls them; a country that says nothing pays by itself or is paid for abroad.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.scenario import Problem, Scenario
from sim.scenario.read import WORLDS, scenario_folder, shown
from sim.scenario.worlds import BASE_HEADER, GRID, HEADER, TERRITORIES, header, table_files, table_rows, world_tables, worlds
from sim.words import section, texts

MEXICO = ("mexico-2006", "mexico-2020", "municipal", GRID)  # worlds that the catalogue's own words are about, and what rests on them
DOLLAR = "US$"
NAMES = {"country": "the country", "abroad": "others abroad", "currency": DOLLAR, "country_es": "el país", "abroad_es": "el extranjero"}
HERE: Mapping[str, str] = MappingProxyType({})
_world: ContextVar[str] = ContextVar("world", default=MEXICO[0])
SEEDS = range(1, 5)  # worlds that are asked how the first year goes
APART = 1.5  # times as many homicides as in the table, from which on that is said; worlds differ by less
USUAL_DENSITY = 80  # members per 100,000 residents, in Mexico of 2006
STRANGE = 10  # times as many or as few, from which on that is said
SCALED = {"homicides_background": "background_rate", "homicides_predation": "predation_lethality"}  # by what each cause can be moved


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
    for each in found.values():
        said |= each.get("tables", {}).get("names", {})
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


def doubts(scenario: Scenario) -> Iterator[Problem]:
    """What somebody should know of a country of their own, by its business as usual; nothing of Mexico's and of the grid."""
    library = scenario_folder() / WORLDS
    home = world_tables(scenario.world, library)
    if home is None or scenario.world in MEXICO:
        return
    said, rows = header(home / HEADER), table_rows(scenario.world, library, TERRITORIES)
    copied = [name for name, other in worlds(library).items() if other != home and header(other / HEADER).get("title") == said.get("title")]
    if copied and {row["id"] for row in rows} != {row["id"] for row in table_rows(copied[0], library, TERRITORIES)}:
        hint = "give it a title of its own, and look at [tables.names], reliability and [members] too"
        yield Problem(shown(home / HEADER), None, "title", f"is still that of {copied[0]}, {said['title']!r}, which has other places", hint)
    residents = sum(float(row["population"]) for row in rows)
    density = 1e5 * said.get("members", {}).get("mid", 0) / residents if residents else 0
    if density and not 1 / STRANGE < density / USUAL_DENSITY < STRANGE:
        message = f"{density:,.0f} members of armed groups per 100,000 residents; in Mexico they were about {USUAL_DENSITY}"
        yield Problem(shown(home / HEADER), None, "members", message, "are members and population counted in the same unit?")
    table = table_files(home, library)[TERRITORIES]
    yield from _level(scenario, sum(float(row["homicides"]) for row in rows), table)


def _level(scenario: Scenario, counted: float, table: Path) -> Iterator[Problem]:
    """Whether the model begins with about as many homicides as the table counts, of which it takes only how they are spread."""
    from sim.model.run import simulate  # noqa: PLC0415  Mesa and SciPy, which every command would wait for

    runs = [simulate(replace(scenario, years=min(1.0, scenario.years), events=(), sweep=None), seed) for seed in SEEDS]
    years = runs[0].days.sum() / 365.2425
    causes = {name: float(np.mean([run.series[name].sum() for run in runs])) / years for name in ("homicides", *SCALED)}
    begins = causes.pop("homicides")
    if counted <= 0 or 1 / APART <= begins / counted <= APART:
        return
    factor = max(0.0, counted - begins + sum(causes.values())) / max(1.0, sum(causes.values()))
    now = {name: float(np.mean([run.parameters[name] for run in runs])) for name in SCALED.values()}
    bounded = {name: np.clip(value * factor, PARAMETERS[name].low, PARAMETERS[name].high) for name, value in now.items()}
    told = " and ".join(f"{name} = {value:.2g} (now {now[name]:.2g})" for name, value in bounded.items())
    parts = ", ".join(f"{value:,.0f} {name.removeprefix('homicides_')}" for name, value in causes.items())
    message = f"{counted:,.0f} a year in the table, but the model begins with about {begins:,.0f} (of these {parts})"
    hint = f"the table only says how they are spread over places; to come nearer, try [parameters] {told}, or read changes in percent only"
    yield Problem(shown(table), None, "homicides", message, hint)
