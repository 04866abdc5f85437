"""Sweeps: as they are written on the command line (`--vary FIELD=0:2:9`), and what is wrong with a `[sweep]`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.scenario.changes import template
from sim.scenario.draft import VARY, Draft, at, toml_value
from sim.scenario.fields import validate
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import beside, shown
from sim.scenario.schema import Document

SWEEPABLE = ("world", "parameters", "policy")
SETTINGS = ("method", "samples", "file")
DRAWN = ("lhs", "sobol")
LARGEST = 500_000_000  # bytes of a table of points
FEW = 5  # values of one field that are named
FREE = 1000.0  # least and greatest number of a change, whose schedule the lever itself bounds
POLICY, INTENSITY = "policy.", ".intensity"
FORMS = "write FIELD=0:2:9 (nine values), FIELD=0:2 (bounds, for lhs and sobol) or FIELD=0,0.5,2; :log for a log scale"


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


def read_points(path: Path) -> tuple[list[str], list[tuple[int, tuple[Any, ...]]]]:
    """Fields and design points (line, values) of a CSV table; its first row names the fields, lines that begin with # are left out.

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
    return fields, [(line, tuple(map(toml_value, cells))) for line, cells in points]


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
    tried = list({repr(value): value for value in values}.values())
    numbers = [value for value in tried if type(value) is float]
    if len(numbers) > FEW:  # what a field allows lies between two bounds: the least and the greatest tell
        ends = {min(numbers), max(numbers)}
        tried = [value for value in tried if type(value) is not float or value in ends]
    for value in tried:
        try:
            new = [problem for problem in validate(model, at(draft, key, value))[1] if problem not in before]
        except ScenarioError as error:
            new = error.problems
        if new and new[0].message not in said:
            said.add(new[0].message)
            yield value, (new[0].message, new[0].hint)
        if len(said) >= FEW:
            return


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
        lines = {repr(values[column]): line for line, values in reversed(rows)}
        if key in fields[:column]:
            yield Problem(shown(path), 1, key, "is a column twice")
            continue
        for value, said in _axis_problems(model, draft, key, (values[column] for _, values in rows), before):
            yield Problem(shown(path), 1 if value is None else lines[repr(value)], key, *said)


def sweep_table(
    vary: Sequence[str], method: str | None = None, samples: int | None = None, points: str | None = None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The `[sweep]` that the options spell, None without any; and what of them cannot be read.

    A field varied may be the bare name of a lever or a parameter, or a change whose number is varied ("kingpin_targeting*", "treatment+
    from 2012"). The method is by default grid, or lhs where there are samples; `points` is a CSV file of points instead.
    """
    if points is not None:
        return {"method": "csv", "file": points}, []
    if not vary and method is None and samples is None:
        return None, []
    axes: dict[str, Any] = {}
    problems = []
    for text in vary:
        name, equals, values = text.partition("=")
        try:
            field = field_of(name.strip())
            if field in axes:
                raise ValueError("is varied twice")
            axes[field] = _listed(values.strip() if equals else "")
        except ValueError as error:
            problems.append(Problem(VARY, None, name.strip(), *error.args))
    counted = {} if samples is None else {"samples": samples}
    laid = {"method": method or ("lhs" if counted else "grid"), **counted, **axes}
    return laid if axes or not problems else {}, problems


def field_of(name: str) -> str:
    """The field that a bare name of a lever or parameter means; anything with a dot is a field already."""
    found = template(name)
    if found is not None:
        lever = found[0].rstrip("*+ ").removeprefix(POLICY).removesuffix(INTENSITY)
        if lever not in LEVERS:
            raise ValueError(f"there is no lever {brief(lever)}", suggest(lever, LEVERS))
        return f"{lever}{found[0].rstrip()[-1]}{found[1]}"
    if "." in name:
        return name
    if name in LEVERS:
        return f"policy.{name}.intensity"
    if name in PARAMETERS:
        return f"parameters.{name}"
    hint = suggest(name, [*LEVERS, *PARAMETERS]) or "`cartelitos list levers` and `cartelitos list parameters` name them"
    raise ValueError(f"there is no lever or parameter {brief(name)}", hint)


def spelt(field: str, value: object) -> str:
    """One coordinate as an override."""
    parts = template(field)
    return f"{parts[0]}{value}{parts[1]}" if parts else f"{field}={json.dumps(value, default=str)}"


def factor_bounds(vary: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Field -> least and greatest value, of factors given as "name" or "name=low:high".

    Without bounds: what the catalogue allows. Without factors: every parameter that is sampled.
    Raises ScenarioError: everything that is wrong with them.
    """
    known = {f"parameters.{name}": (each.low, each.high) for name, each in PARAMETERS.items()}
    known |= {f"policy.{name}.intensity": (each.low, each.high) for name, each in LEVERS.items()}
    found: dict[str, tuple[float, float]] = {}
    problems = []
    for text in vary or [name for name, parameter in PARAMETERS.items() if parameter.sampled]:
        name, given, values = text.partition("=")
        try:
            field = field_of(name.strip())
            if field in found:
                raise ValueError("is varied twice")
            if template(field) and not given:
                raise ValueError("needs bounds", f'write "{field}=0:2"')
            allowed = (-FREE, FREE) if template(field) else known.get(field)
            if allowed is None:
                raise ValueError("is no parameter and no intensity of a lever", suggest(field, known))
            found[field] = _within(allowed, values.strip()) if given else allowed
        except ValueError as error:
            problems.append(Problem(VARY, None, name.strip(), *error.args))
    if problems:
        raise ScenarioError(problems)
    return found


def _within(allowed: tuple[float, float], text: str) -> tuple[float, float]:
    """The bounds that are asked for."""
    ends = [toml_value(part) for part in text.split(":")]
    if len(ends) != 2 or any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends) or not ends[0] < ends[1]:
        raise ValueError(f"{brief(text)} are no bounds", "write NAME=0:2, or NAME alone")
    if ends[0] < allowed[0] or ends[1] > allowed[1]:
        raise ValueError(f"{text} leaves {brief(allowed[0])}..{brief(allowed[1])}")
    return float(ends[0]), float(ends[1])


def _listed(text: str) -> Any:  # noqa: ANN401 (a value of a TOML file)
    """What `[sweep]` would hold."""
    if not text:
        raise ValueError("says no values", FORMS)
    if ":" not in text:
        listed = toml_value(text if text.startswith("[") else f"[{text}]")
        return listed if isinstance(listed, list) else [toml_value(value.strip()) for value in text.split(",")]
    parts = text.split(":")
    scale = {"scale": parts.pop()} if parts[-1] in ("log", "linear") else {}
    numbers = [toml_value(part) for part in parts]
    if len(numbers) not in (2, 3) or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise ValueError(f"{brief(text)} are no bounds", FORMS)
    return dict(zip(("from", "to", "points"), numbers, strict=False)) | scale
