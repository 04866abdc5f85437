"""Names in a scenario that only its world knows. Misshapen values are the schema's business."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.scenario.draft import Draft
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief, suggest
from sim.scenario.read import beside
from sim.scenario.worlds import GRID, MOST_PARTS, places_per_state, world_ids, world_tables, worlds


def world_name(draft: Draft) -> str:
    """The draft's world: a name, or the absolute path of a folder; empty when it has none."""
    name = _table(draft.data.get("world")).get("name")
    if not isinstance(name, str) or "\0" in name:
        return ""
    is_path = "/" in name or os.sep in name
    return str(beside(draft.origin(("world", "name")).file, name)) if is_path else name


def option_defaults(world: str, folder: Path) -> dict[str, int]:
    """World options that the world itself decides when nobody does."""
    ids = world_ids(world, {}, folder) if world != GRID else None
    return {"places": len(ids.territories)} if ids else {}


def reference_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    """An unknown world, a resolution it does not have, and ids of places and cartels it does not know."""
    given, world = _table(draft.data.get("world")), world_name(draft)
    if not isinstance(given.get("name"), str):
        return
    if world != GRID and world_tables(world, folder) is None:
        names = [*worlds(folder), GRID]
        hint = suggest(given["name"], names) or f"there are: {', '.join(names)}, or a folder with a world.toml"
        yield draft.problem(("world", "name"), f"there is no world {brief(given['name'])}", hint)
        return
    ids = world_ids(world, {key: value for key, value in given.items() if isinstance(value, int)}, folder)
    if ids is None:
        return
    yield from _resolution(draft, given.get("places"), option_defaults(world, folder).get("places"))
    for path, value, kind in _references(draft.data):
        known = ids.territories if kind == "place" else ids.cartels
        if isinstance(value, str) and value not in known:
            yield draft.problem(path, f"this world has no {kind} {brief(value)}", suggest(value, known))


def _resolution(draft: Draft, places: Toml, states: int | None) -> Iterator[Problem]:
    if states and type(places) is int and places_per_state(places, states) is None:
        hint = f"take {states}, {4 * states}, or another multiple of {states} up to {MOST_PARTS * states}"
        yield draft.problem(("world", "places"), f"{brief(places)} places cannot be shared out among {states}", hint)


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
