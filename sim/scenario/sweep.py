"""What is wrong with a `[sweep]`: every swept value must be one that its field could have in the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from sim.scenario.draft import Draft
from sim.scenario.explain import validate
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief
from sim.scenario.read import beside
from sim.scenario.schema import Document

SWEEPABLE = ("world", "parameters", "policy")
SETTINGS = ("method", "samples", "file")


def sweep_problems(model: type[Document], draft: Draft) -> Iterator[Problem]:
    """Fields that cannot be swept, values they cannot take, a table of points that is not there."""
    sweep = draft.data.get("sweep")
    if not isinstance(sweep, dict):
        return
    yield from _table_of_points(draft, sweep.get("file"))
    if sweep.get("method") == "csv":
        return
    before = set(validate(model, draft)[1])
    for key, axis in sweep.items():
        if key not in SETTINGS and not _nested(axis):
            yield from _axis_problems(model, draft, key, _values(axis), before)


def _axis_problems(
    model: type[Document], draft: Draft, key: str, values: list[Any], before: set[Problem]
) -> Iterator[Problem]:
    here: Field = ("sweep", key)
    try:
        field = draft.find(key)
    except ValueError as error:
        yield draft.problem(here, str(error))
        return
    if field[0] not in SWEEPABLE:
        yield draft.problem(here, f"cannot be swept; only fields of {', '.join(SWEEPABLE)} can")
        return
    for value in values:
        new = [problem for problem in validate(model, draft.put(field, value))[1] if problem not in before]
        if new:
            yield draft.problem(here, new[0].message, new[0].hint)
            return


def _values(axis: Toml) -> list[Any]:
    if isinstance(axis, dict):
        return [axis[end] for end in ("from", "to") if end in axis]
    return axis if isinstance(axis, list) else []


def _nested(axis: Toml) -> bool:
    return isinstance(axis, dict) and not {"from", "to", "points", "scale"} & set(axis)


def _table_of_points(draft: Draft, file: Toml) -> Iterator[Problem]:
    if not isinstance(file, str):
        return
    here = ("sweep", "file")
    if "\0" in file or not os.path.isfile(beside(draft.origin(here).file, file)):
        yield draft.problem(here, f"there is no file {brief(file)}")
