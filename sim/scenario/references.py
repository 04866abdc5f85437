"""Names in a scenario that only its world knows. Misshapen values are the schema's business."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.scenario.draft import Draft
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief, suggest
from sim.scenario.read import beside
from sim.scenario.worlds import (
    EDGES,
    GRID,
    MOST_PARTS,
    NODES,
    places_per_state,
    world_ids,
    world_options,
    world_tables,
    worlds,
)


def world_name(draft: Draft) -> str:
    """The draft's world: a name, or the absolute path of a folder; empty when it has none."""
    name = _table(draft.data.get("world")).get("name")
    if not isinstance(name, str) or "\0" in name:
        return ""
    is_path = "/" in name or os.sep in name
    return str(beside(draft.origin(("world", "name")).file, name)) if is_path else name


def option_defaults(world: str, folder: Path) -> dict[str, int]:
    """World options that the world itself decides when nobody does."""
    takes = world_options(world_tables(world, folder), folder)
    ids = world_ids(world, {}, folder) if "places" in takes else None
    return {"places": len(ids.territories)} if ids else {}


def reference_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    """An unknown world, options it does not have, and ids of places and cartels it does not know."""
    given, world = _table(draft.data.get("world")), world_name(draft)
    if not isinstance(given.get("name"), str):
        return
    if world != GRID and world_tables(world, folder) is None:
        names = [*worlds(folder), GRID]
        hint = suggest(given["name"], names) or f"there are: {', '.join(names)}, or a folder with a world.toml"
        yield draft.problem(("world", "name"), f"there is no world {brief(given['name'])}", hint)
        return
    ids = world_ids(world, given, folder)
    if ids is None:
        return
    if world != GRID:
        yield from _strange_options(draft, given, world_options(world_tables(world, folder), folder))
    yield from _resolution(draft, given.get("places"), option_defaults(world, folder).get("places"))
    yield from _network(draft, given.get("ties"))
    for path, value, kind in _references(draft.data):
        known = ids.territories if kind == "place" else ids.cartels
        if isinstance(value, str) and value not in known:
            yield draft.problem(path, f"this world has no {kind} {brief(value)}", suggest(value, known))


def _resolution(draft: Draft, places: Toml, states: int | None) -> Iterator[Problem]:
    if states and type(places) is int and places_per_state(places, states) is None:
        hint = f"take {states}, {4 * states}, or another multiple of {states} up to {MOST_PARTS * states}"
        yield draft.problem(("world", "places"), f"{brief(places)} places cannot be shared out among {states}", hint)


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
        hint = f"name a folder that holds {NODES} and {EDGES}"
        yield draft.problem(field, f"there is no folder {brief(ties)}", hint)
        return
    for file in (NODES, EDGES):
        if not os.path.isfile(home / file):
            yield draft.problem(field, f"the folder {brief(ties)} has no {file}", "it is part of the published network")


def _references(data: dict[str, Any]) -> Iterator[tuple[Field, Any, str]]:
    for lever, schedules in _table(data.get("policy")).items():
        for path, schedule in _entries(("policy", lever), schedules):
            for aim, kind in (("where", "place"), ("target", "cartel")):
                for place, value in _entries((*path, aim), _table(schedule).get(aim)):
                    yield place, value, kind
    for path, event in _entries(("event",), data.get("event")):
        for role in ("cartel", "other"):
            yield (*path, role), _table(event).get(role), "cartel"


def _entries(path: Field, value: Toml) -> Iterable[tuple[Field, Any]]:
    return (((*path, n), entry) for n, entry in enumerate(value)) if isinstance(value, list) else ((path, value),)


def _table(value: Toml) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
