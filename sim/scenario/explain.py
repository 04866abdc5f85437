"""From a failed validation to problems in words, each at the line of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.draft import Draft
from sim.scenario.fields import FieldError, Table
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief, suggest
from sim.scenario.schema import AIMS

T = TypeVar("T", bound=Table)
EXPECTED = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "string_type": "text in quotes",
    "model_type": "a table",
    "dict_type": "a table",
    "model_attributes_type": "a table",
    "list_type": "a list",
    "tuple_type": "a list",
}
MISSING = ("missing", "union_tag_not_found")
THINGS: dict[Field, str] = {("policy",): "lever", ("parameters",): "parameter"}


def validate(model: type[T], draft: Draft, *, whole: bool = True) -> tuple[T | None, list[Problem]]:
    """The validated document, or everything that keeps the draft from being one.

    It is not `whole` when the file it extends could not be read, so that nothing can be said about missing values.
    """
    names: dict[int, list[str]] = {}
    try:
        return model.model_validate(draft.data, context=names), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [_problem(draft, names, each) for each in found if whole or each["type"] not in MISSING]


def _problem(draft: Draft, names: dict[int, list[str]], found: ErrorDetails) -> Problem:
    kind, context = found["type"], found.get("ctx", {})
    path = tuple(_path(draft.data, found["loc"]))
    wrong = context.get("error")
    if isinstance(wrong, FieldError):
        return draft.problem(tuple(_path(draft.data, (*found["loc"], *wrong.at))), str(wrong), wrong.hint)
    if kind == "extra_forbidden":
        return draft.problem(path, *_stranger(draft, names, path))
    if kind in MISSING:
        path += tuple(context.get("discriminator", "").replace("'", "").split())
        return draft.problem(path, "is missing")
    if kind in ("literal_error", "union_tag_invalid"):
        return _choice(draft, path, context)
    if kind in EXPECTED:
        return draft.problem(path, f"should be {EXPECTED[kind]}, not {brief(found['input'])}")
    return draft.problem(path, found["msg"])


def _path(data: Toml, location: Field) -> Iterator[str | int]:
    """A validator's location as it stands in the file: without tags of unions and positions of a lone value."""
    node = data
    for number, part in enumerate(location):
        missing = isinstance(node, dict) and isinstance(part, str) and number == len(location) - 1 and not part.startswith("<")
        if part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int):
            node = node[part]
            yield part
        elif missing:
            yield part


def _stranger(draft: Draft, names: dict[int, list[str]], path: Field) -> tuple[str, str | None]:
    table: Any = draft.data
    for part in path[:-1]:
        table = table[part]
    key, allowed = str(path[-1]), names[id(table)]
    if path[0] == "policy" and key in AIMS:
        aims = [name for name in allowed if name in AIMS]
        return f"{brief(path[1])} cannot be aimed by {brief(key)}", f"it can by {', '.join(aims)}" if aims else None
    hint = suggest(key, allowed) or (f"there are: {', '.join(allowed)}" if len(allowed) < 12 else None)
    return f"unknown {THINGS.get(path[:-1], 'field')} {brief(key)}", hint


def _choice(draft: Draft, path: Field, context: dict[str, str]) -> Problem:
    choices = context.get("expected") or context["expected_tags"]
    path += tuple(context.get("discriminator", "").replace("'", "").split())
    value: Any = draft.data
    for part in path:
        value = value[part]
    hint = suggest(value, re.findall(r"'(\w+)'", choices)) if isinstance(value, str) else None
    return draft.problem(path, "should be " + choices.replace("'", "") + f", not {brief(value)}", hint)
