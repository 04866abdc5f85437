"""A resolved scenario as one TOML file that says where every value comes from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from sim.scenario.changes import is_question, parse
from sim.scenario.draft import SET, Draft, Origin, dotted, override
from sim.scenario.load import USUAL, load
from sim.scenario.problems import Problem, ScenarioError, printable
from sim.scenario.read import library
from sim.scenario.scenario import Axis, Scenario


def resolved_toml(scenario: Scenario) -> str:
    """Valid TOML that loads to the same content, each value with its origin as a comment, "default" where nobody wrote it."""
    return "\n".join(_lines(scenario)) + "\n"


def as_toml(name_or_path: str, overrides: Iterable[str] = ()) -> str:
    """A question, or a scenario with overrides, as the small file that extends what they change.

    Raises ScenarioError: it cannot be loaded, or an override names a list's entry, which no file that extends another can.
    """
    changes = [*overrides]
    load(name_or_path, changes)
    name, asked = name_or_path, list[str]()
    while is_question(name) and name not in library() and not os.path.isfile(name):
        asked.insert(0, name)
        name = parse(name).base or USUAL
    draft = Draft({}, {(): Origin("")})
    for text in (*asked, *changes):
        before = draft
        draft, _ = override(before, text.rpartition(":")[2] if text in asked else text)
        if any(str(part).isdecimal() for path, _ in draft.leaves() for part in path[2:3] if isinstance(part, str)):
            hint = "a file that extends another can only replace the whole list"
            raise ScenarioError([Problem(SET, None, text, "names an entry of a list", hint)])
    head = {"extends": name, "title": asked[-1] if asked else name, "question": f"What if {'; '.join((*asked, *changes))}?"}
    return "\n".join(_written((), head | draft.data)) + "\n"


def _written(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """A table with its heading, then the tables in it."""
    plain = {key: value for key, value in table.items() if path == ("parameters",) or not _holds_tables(value)}
    if path and plain:
        yield f"\n[{dotted(path)}]"
    yield from (f"{dotted((key,))} = {_toml(value)}" for key, value in plain.items())
    for key, value in table.items():
        if key in plain:
            continue
        if isinstance(value, dict):
            yield from _written((*path, key), value)
        else:
            single = len(value) == 1
            for entry in value:
                heading = dotted((*path, key))
                yield f"\n[{heading}]" if single else f"\n[[{heading}]]"
                yield from (f"{dotted((inner,))} = {_toml(said)}" for inner, said in entry.items())


def _holds_tables(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value))


def _lines(scenario: Scenario) -> Iterator[str]:
    for key in ("title", "question"):
        yield _line(scenario, key, getattr(scenario, key))
    horizon = {"name": scenario.world, "start": scenario.start, "years": scenario.years}
    yield from _table(scenario, "world", horizon | dict(scenario.world_options))
    assumed = dict(scenario.parameters) | {name: _given(asdict(spread)) for name, spread in scenario.spreads.items()} | dict(scenario.dated)
    if assumed:
        yield from _table(scenario, "parameters", dict(sorted(assumed.items())))
    for lever, plans in groupby(scenario.policy, key=lambda plan: plan.lever):
        listed, field = list(plans), f"policy.{lever}"
        for number, plan in enumerate(listed):
            header = f"[{field}]" if len(listed) == 1 else f"[[{field}]]"
            given = {key: value for key, value in vars(plan).items() if value and key not in ("lever", "points")}
            yield from _table(scenario, f"{field}.{number}", {"intensity": plan.points} | given, header)
    for number, event in enumerate(scenario.events):
        yield from _table(scenario, f"event.{number}", _given(vars(event)), "[[event]]")
    run = {key: getattr(scenario, key) for key in ("replicates", "seed", "worlds", "panel")} | {"effects": scenario.lever_effects}
    yield from _table(scenario, "run", run)
    if scenario.sweep:
        settings = {key: getattr(scenario.sweep, key) for key in ("method", "samples", "file")}
        yield from _table(scenario, "sweep", _given(settings) | {_toml(axis.field): axis for axis in scenario.sweep.axes})


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _table(scenario: Scenario, field: str, values: Mapping[str, Any], header: str | None = None) -> Iterator[str]:
    yield ""
    yield header or f"[{field}]"
    for key, value in values.items():
        yield _line(scenario, key, value, field)


def _line(scenario: Scenario, key: str, value: object, table: str = "") -> str:
    single = table.removesuffix(".0")  # a lever's only schedule may be written as one table
    places = tuple(f"{path}.{key}.".lstrip(".") for path in (table, single))
    origins = (origin for place, origin in scenario.origins.items() if f"{place}.".startswith(places))
    return f"{key} = {_toml(value)}  # {printable(next(origins, 'default'))}"


def _toml(value: object) -> str:
    if isinstance(value, bool | float | int):
        return repr(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return f'"{value}"'
    if isinstance(value, Axis):
        ends = {"from": value.low, "to": value.high, "points": value.points, "scale": value.scale}
        return _toml(list(value.values) or _given(ends))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    assert isinstance(value, list | tuple)
    return "[" + ", ".join(_toml(inner) for inner in value) + "]"
