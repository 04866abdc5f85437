"""Names in a scenario that only its world knows. Misshapen values are the schema's business."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import sim.scenario.worlds as countries
from sim.scenario.draft import Draft
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief, suggest
from sim.scenario.read import beside

NAMED = ((countries.CARTELS, countries.GROUPS), (countries.TERRITORIES,))  # tables with the names of cartels, and of places
FEW = 12  # names that are all told where none is close
FOREIGN = 3  # names of which a world has none, from which on a file is about another country
ABROAD = "it is about another country; with a usual.toml beside the tables of yours, `baseline` and what extends it begin with that"


def world_name(draft: Draft) -> str:
    """The draft's world: a name, or the absolute path of a folder; empty when it has none."""
    name = _table(draft.data.get("world")).get("name")
    if not isinstance(name, str) or "\0" in name:
        return ""
    is_path = "/" in name or os.sep in name
    return str(beside(draft.origin(("world", "name")).file, name)) if is_path else name


def option_defaults(world: str, folder: Path) -> dict[str, int]:
    """World options that the world itself decides when nobody does."""
    takes = countries.world_options(countries.world_tables(world, folder), folder)
    ids = countries.world_ids(world, {}, folder) if "places" in takes else None
    return {"places": len(ids.territories)} if ids else {}


def reference_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    """An unknown world, options it does not have, and ids of places and cartels it does not know."""
    given, world = _table(draft.data.get("world")), world_name(draft)
    if not isinstance(given.get("name"), str):
        return
    home = countries.world_tables(world, folder)
    if world != countries.GRID and home is None:
        names = [*countries.worlds(folder), countries.GRID]
        hint = suggest(given["name"], names) or f"there are: {', '.join(names)}, or a folder with a world.toml"
        yield draft.problem(("world", "name"), f"there is no world {brief(given['name'])}", hint)
        return
    ids = countries.world_ids(world, given, folder)
    if ids is None:
        return
    if world != countries.GRID:
        yield from _strange_options(draft, given, countries.world_options(home, folder))
    places, states = given.get("places"), option_defaults(world, folder).get("places")
    if states and type(places) is int and countries.places_per_state(places, states) is None:
        hint = f"take {states}, {4 * states}, or another multiple of {states} up to {countries.MOST_PARTS * states}"
        yield draft.problem(("world", "places"), f"{brief(places)} places cannot be shared out among {states}", hint)
    yield from _network(draft, given.get("ties"))
    yield from _too_early(draft, countries.world_year(world, folder))
    wings = {row.get("faction", ""): row.get("cartel", "") for row in countries.table_rows(world, folder, countries.PRESENCE)}
    cartels, sites = ({row.get("name", ""): row.get("id", "") for row in countries.table_rows(world, folder, *files)} for files in NAMED)
    yield from _unknown(draft, ids, {"place": sites, "cartel": wings | cartels})


def _unknown(draft: Draft, ids: countries.WorldIds, plain: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Places and cartels that the world does not have; all at once where a file has so many that it is about another country."""
    strange: dict[tuple[str, str], dict[str, Field]] = {}
    names = {"place": ids.territories, "cartel": ids.cartels, "cartel or family": (*ids.cartels, *ids.factions)}
    for path, value, kind in _said(draft.data):
        if isinstance(value, str) and value not in (known := names.get(kind, value)):
            ids_by_name = {_bare(name): place for name, place in plain.get(kind, {}).items()}
            close = get_close_matches(_bare(value)[:100], ids_by_name, n=1, cutoff=0.8)  # given by its name, accents or not
            hint = f"did you mean '{ids_by_name[close[0]]}'?" if close else suggest(value, known)
            if hint:
                yield draft.problem(path, f"this world has no {kind} {brief(value)}", hint)
            else:
                strange.setdefault((draft.origin(path).file, kind), {}).setdefault(value, path)
    for (_, kind), paths in strange.items():
        said = ", ".join(map(brief, [*paths][:FOREIGN])) + (", ..." if len(paths) > FOREIGN else "")
        few = f"there are: {', '.join(names[kind])}" if len(names[kind]) <= FEW else None
        yield draft.problem(next(iter(paths.values())), f"this world has no {kind} {said}", ABROAD if len(paths) >= FOREIGN else few)


def _bare(name: str) -> str:
    """A name without accents, in small letters."""
    return "".join(sign for sign in normalize("NFKD", name.lower()) if not combining(sign))


def _too_early(draft: Draft, year: int | None) -> Iterator[Problem]:
    """Days before the year that the world's tables describe: of the run, of levers, of events."""
    if year is None:
        return
    start = _table(draft.data.get("world")).get("start")
    if (day := _year(start)) is not None and day < year:
        hint = f'its tables are of {year}: give --set world.start="{year}-12" or another date from then on'
        yield draft.problem(("world", "start"), f"{brief(start)} is before the world {brief(draft.data['world']['name'])}", hint)
        return
    own, named = draft.origin(()).file, draft.origin(("world", "name")).file
    for path, value, kind in _said(draft.data):
        file = draft.origin(path).file
        day = _year(value) if kind == "day" else None
        if day is not None and day < year and ((file == own and named.endswith(".toml")) or not file.endswith(".toml")):
            yield draft.problem(path, f"{brief(value)} is before the world, whose tables are of {year}", "what always was has no date")


def _year(day: Toml) -> int | None:
    """The year of a well-formed day."""
    found = re.match(r"\d{4}(?!\d)", str(day), re.ASCII) if isinstance(day, str | int | date) else None
    return int(found[0]) if found else None


def _strange_options(draft: Draft, given: dict[str, Any], known: Collection[str]) -> Iterator[Problem]:
    reasons = {
        "places": ("its states are already split into municipalities", "leave it out"),
        "ties": ("its ties stand in its own tables", "leave it out, or take the world mexico-2020"),
    }
    for option, (reason, hint) in reasons.items():
        if option in given and option not in known:
            yield draft.problem(("world", option), f"{brief(given['name'])} does not take it: {reason}", hint)


def _network(draft: Draft, ties: Toml) -> Iterator[Problem]:
    field = ("world", "ties")
    if not isinstance(ties, str):
        return
    home = beside(draft.origin(field).file, ties) if "\0" not in ties else None
    if not ties or home is None or not os.path.isdir(home):
        hint = f"name a folder that holds {countries.NODES} and {countries.EDGES}"
        yield draft.problem(field, f"there is no folder {brief(ties)}", hint)
        return
    for file in (countries.NODES, countries.EDGES):
        if not os.path.isfile(home / file):
            yield draft.problem(field, f"the folder {brief(ties)} has no {file}", "it is part of the published network")


def _said(data: dict[str, Any]) -> Iterator[tuple[Field, Any, str]]:
    """Places and cartels that levers and events name, and days on which they begin: where, what, and which of these it is."""
    for lever, schedules in _table(data.get("policy")).items():
        for path, schedule in _entries(("policy", lever), schedules):
            yield from (((*path, key), day, "day") for key, day in _table(schedule).items() if key in ("start", "from"))
            for aim, kind in (("where", "place"), ("target", "cartel")):
                yield from ((at, value, kind) for at, value in _entries((*path, aim), _table(schedule).get(aim)))
    for path, event in _entries(("event",), data.get("event")):
        said = _table(event)
        yield (*path, "date"), said.get("date"), "day"
        for role in ("cartel", "other"):
            yield (*path, role), said.get(role), "cartel or family" if said.get("kind") == "removal" else "cartel"


def _entries(path: Field, value: Toml) -> Iterable[tuple[Field, Any]]:
    return (((*path, n), entry) for n, entry in enumerate(value)) if isinstance(value, list) else ((path, value),)


def _table(value: Toml) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
