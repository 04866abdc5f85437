"""What is wrong with a `[sweep]`: every swept value must be one that its field could have in the file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.draft import Draft, at, toml_value
from sim.scenario.explain import validate
from sim.scenario.lines import Field, Toml
from sim.scenario.phrase import template
from sim.scenario.problems import Problem, ScenarioError, brief
from sim.scenario.read import beside, shown
from sim.scenario.schema import Document

SWEEPABLE = ("world", "parameters", "policy")
SETTINGS = ("method", "samples", "file")
DRAWN = ("lhs", "sobol")
LARGEST = 500_000_000  # bytes of a table of points
FEW = 5  # values of one field that are named


class Row(NamedTuple):
    """A design point of a table."""

    line: int
    values: tuple[Any, ...]


def sweep_problems(model: type[Document], draft: Draft) -> Iterator[Problem]:
    """Fields that cannot be swept, values they cannot take, a table of points that cannot be read."""
    sweep = draft.data.get("sweep")
    if not isinstance(sweep, dict):
        return
    before = set(validate(model, draft)[1])
    if sweep.get("method") == "csv":
        yield from _table_problems(model, draft, sweep.get("file"), before)
        return
    if sweep.keys() <= {*SETTINGS}:
        yield draft.problem(("sweep",), "varies nothing", 'name a field, such as "policy.treatment.intensity" = [0, 1, 2], or give --vary')
    for key, axis in sweep.items():
        nested = isinstance(axis, dict) and not {"from", "to", "points", "scale"} & set(axis)
        if key not in SETTINGS and not nested:
            here: Field = ("sweep", key)
            values = _values(axis, drawn=sweep.get("method") in DRAWN)
            yield from (draft.problem(here, *said) for _, said in _axis_problems(model, draft, key, values, before))


def read_points(path: Path) -> tuple[list[str], list[Row]]:
    """Fields and design points of a CSV table; its first row names the fields, lines that begin with # are left out.

    Raises:
        ValueError: a row has another length than the first, or the file is none, holds no points or is not text.
        OSError: it cannot be read.
    """
    if path.exists() and not (path.is_file() and path.stat().st_size <= LARGEST):
        raise ValueError(f"is no file of up to {LARGEST:,} bytes")
    lines: list[tuple[int, list[str]]] = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                lines.append((reader.line_num, [cell.strip() for cell in cells]))
    if len(lines) < 2:
        raise ValueError("holds no points: the first row names the fields, each further row is a point")
    (_, fields), *points = lines
    for line, cells in points:
        if len(cells) != len(fields):
            raise ValueError(f"line {line} has {len(cells)} values for {len(fields)} fields")
    return fields, [Row(line, tuple(map(toml_value, cells))) for line, cells in points]


def _axis_problems(
    model: type[Document], draft: Draft, key: str, values: Iterable[Any], before: set[Problem]
) -> Iterator[tuple[Any, tuple[str, str | None]]]:
    """What is wrong with a field or its values: the value (None for the field), (message, hint); each message once."""
    try:
        if template(key) is None and draft.find(key)[0] not in SWEEPABLE:
            raise ValueError(f"cannot be swept; only fields of {', '.join(SWEEPABLE)} can")
    except ValueError as error:
        yield None, (str(error), None)
        return
    said = set()
    for value in _telling(values):
        try:
            new = [problem for problem in validate(model, at(draft, key, value))[1] if problem not in before]
        except ScenarioError as error:
            new = error.problems
        if new and new[0].message not in said:
            said.add(new[0].message)
            yield value, (new[0].message, new[0].hint)
        if len(said) >= FEW:
            return


def _telling(values: Iterable[Any]) -> Iterator[Any]:
    """The values that have to be tried: of many numbers the least and the greatest first, and no other if those pass.

    What a field allows lies between two bounds.
    """
    distinct = list({repr(value): value for value in values}.values())
    numbers = [value for value in distinct if type(value) is float]
    if len(numbers) > FEW:
        ends = {min(numbers), max(numbers)}
        distinct = [value for value in distinct if type(value) is not float or value in ends]
    yield from distinct


def _values(axis: Toml, *, drawn: bool) -> list[Any]:
    """Values of an axis that show whether all are possible; what is drawn can also be a fraction between the ends."""
    if isinstance(axis, dict):
        ends = [axis[end] for end in ("from", "to") if end in axis]
        numbers = drawn and all(type(end) in (int, float) for end in ends)
        return [*ends, *([sum(ends) / len(ends)] if numbers and ends else [])]
    return axis if isinstance(axis, list) else []


def _table_problems(model: type[Document], draft: Draft, file: Toml, before: set[Problem]) -> Iterator[Problem]:
    if not isinstance(file, str):
        return
    here = ("sweep", "file")
    path = beside(draft.origin(here).file, file) if "\0" not in file else None
    if path is None or not path.is_file():
        yield draft.problem(here, f"there is no file {brief(file)}")
        return
    try:
        fields, rows = read_points(path)
    except (ValueError, OSError, csv.Error) as error:
        yield draft.problem(here, f"{brief(file)} cannot be used: {error}")
        return
    for column, key in enumerate(fields):
        lines = {repr(row.values[column]): row.line for row in reversed(rows)}
        if key in fields[:column]:
            yield Problem(shown(path), 1, key, "is a column twice")
            continue
        for value, said in _axis_problems(model, draft, key, (row.values[column] for row in rows), before):
            yield Problem(shown(path), 1 if value is None else lines[repr(value)], key, *said)
