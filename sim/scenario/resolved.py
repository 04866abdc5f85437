"""A resolved scenario as one TOML file that says where every value comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Any

from sim.scenario.scenario import Axis, Event, LeverPlan, Scenario, Sweep


def resolved_toml(scenario: Scenario) -> str:
    """Valid TOML that loads to the same content, each value with its origin as a comment.

    Values nobody wrote are marked "default".
    """
    return "\n".join(_lines(scenario)) + "\n"


def _lines(scenario: Scenario) -> Iterator[str]:
    for key in ("title", "question"):
        yield _line(scenario, key, getattr(scenario, key))
    horizon = {"name": scenario.world, "start": scenario.start, "years": scenario.years}
    yield from _table(scenario, "world", horizon | dict(scenario.world_options))
    if scenario.parameters:
        yield from _table(scenario, "parameters", scenario.parameters)
    for lever, plans in groupby(scenario.policy, key=lambda plan: plan.lever):
        yield from _policy(scenario, lever, list(plans))
    for number, event in enumerate(scenario.events):
        yield from _event(scenario, number, event)
    run = {key: getattr(scenario, key) for key in ("replicates", "seed", "worlds", "panel")}
    yield from _table(scenario, "run", run)
    if scenario.sweep:
        yield from _table(scenario, "sweep", _sweep(scenario.sweep))


def _policy(scenario: Scenario, lever: str, plans: list[LeverPlan]) -> Iterator[str]:
    field = f"policy.{lever}"
    for number, plan in enumerate(plans):
        header = f"[{field}]" if len(plans) == 1 else f"[[{field}]]"
        values = {f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in ("lever", "points")}
        given = {key: value for key, value in values.items() if value}
        yield from _table(scenario, f"{field}.{number}", {"intensity": plan.points} | given, header)


def _event(scenario: Scenario, number: int, event: Event) -> Iterator[str]:
    values = {f.name: getattr(event, f.name) for f in fields(event)}
    given = {key: value for key, value in values.items() if value is not None}
    yield from _table(scenario, f"event.{number}", given, "[[event]]")


def _sweep(sweep: Sweep) -> dict[str, Any]:
    values = {"method": sweep.method, "samples": sweep.samples, "file": sweep.file}
    axes = {_toml(axis.field): axis for axis in sweep.axes}
    return {key: value for key, value in values.items() if value is not None} | axes


def _table(scenario: Scenario, field: str, values: Mapping[str, Any], header: str | None = None) -> Iterator[str]:
    yield ""
    yield header or f"[{field}]"
    for key, value in values.items():
        yield _line(scenario, key, value, field)


def _line(scenario: Scenario, key: str, value: object, table: str = "") -> str:
    single = table.removesuffix(".0")  # a lever's only schedule may be written as one table
    places = tuple(f"{path}.{key}.".lstrip(".") for path in (table, single))
    origins = (origin for place, origin in scenario.origins.items() if f"{place}.".startswith(places))
    return f"{key} = {_toml(value)}  # {_comment(next(origins, 'default'))}"


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _toml(value: object) -> str:
    if isinstance(value, bool | float | int):
        return repr(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return f'"{value}"'
    if isinstance(value, Axis):
        return _toml(list(value.values) if value.values else _range(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    assert isinstance(value, list | tuple)
    return "[" + ", ".join(_toml(inner) for inner in value) + "]"


def _range(axis: Axis) -> dict[str, Any]:
    bounds = {"from": axis.low, "to": axis.high, "points": axis.points, "scale": axis.scale}
    return {key: value for key, value in bounds.items() if value is not None}
