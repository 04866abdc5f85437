"""The values of a scenario file: tables, bounded numbers, days, dated steps; and what is wrong with them, in words, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from sim.scenario.draft import Draft
from sim.scenario.lines import Field, Toml
from sim.scenario.problems import Problem, brief, suggest

Points = tuple[tuple[date | None, float], ...]
DAY = {"anyOf": [{"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"}, {"type": "integer", "minimum": 1900, "maximum": 2199}]}
EXPECTED = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "string_type": "text in quotes",
    **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), "a table"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
}
MISSING = ("missing", "union_tag_not_found")
THINGS: dict[Field, str] = {("policy",): "lever", ("parameters",): "parameter"}


class FieldError(ValueError):
    """A validator's finding: the message, the place of the culprit below the validated value, a hint."""

    def __init__(self, message: str, at: tuple[str | int, ...] = (), hint: str | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.hint = hint


class Table(BaseModel):
    """A TOML table: no unknown keys, no conversions; tells the validation's context which names it takes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False, protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def _tell_names(cls, raw: Toml, info: ValidationInfo) -> Toml:
        if isinstance(info.context, dict):
            info.context[id(raw)] = [field.alias or name for name, field in cls.model_fields.items()]
        return raw


@dataclass(frozen=True)
class within:  # noqa: N801  (written like a function, in annotations)
    """Values outside low..high are refused, in words."""

    low: float
    high: float
    unit: str

    def check(self, value: float) -> float:
        """The value."""
        if not self.low <= value <= self.high:
            unit = f" ({self.unit})" if self.unit else ""
            raise FieldError(f"{brief(value)} is outside {brief(self.low)}..{brief(self.high)}{unit}")
        return value

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(core) | {"minimum": self.low, "maximum": self.high}


class Lone(BeforeValidator):
    """A value, or a list of them: what is not a list becomes one of one element."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(core)
        return {"anyOf": [several["items"], several]}


class Steps(BeforeValidator):
    """An intensity, or dated points."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        point = handler(core)["items"]
        dated = point | {"prefixItems": [DAY, point["prefixItems"][1]]}
        return {"anyOf": [point["prefixItems"][1], {"type": "array", "minItems": 1, "items": dated}]}


def _day(value: Toml) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        text = str(value) if type(value) is int and abs(value) < 10**6 else value
        parts = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text, re.ASCII) if isinstance(text, str) else None
        if not parts:
            raise FieldError(f"{brief(value)} is not a date", hint='write "2007", "2007-01" or "2007-01-31"')
        try:
            day = date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
        except ValueError:
            raise FieldError(f"{brief(value)} is not in the calendar") from None
    if not 1900 <= day.year < 2200:
        raise FieldError(f"{day} is outside the years 1900..2199")
    return day


def _steps(value: Toml) -> Toml:
    """An intensity, or dated points, as (day or None, intensity) pairs still to be validated."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ((None, value),)
    form = 'a number, or dated points such as [["2007-01", 0.5], ["2010-01", 1.0]]'
    if not isinstance(value, list) or not value:
        raise FieldError(f"should be {form}, not {'an empty list' if value == [] else brief(value)}")
    for number, point in enumerate(value):
        if not isinstance(point, list) or len(point) != 2:
            raise FieldError(f'should be one dated point, such as ["2007-01", 0.5], not {brief(point)}', (number,))
    return tuple(map(tuple, value))


def in_order(points: Points) -> Points:
    """Refuses dated points that do not follow each other."""
    days = [day for day, _ in points if day]
    for number, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            raise FieldError(f"{after} does not come after {before}", (number,), "sort the points, each day once")
    return points


one_or_several, steps = Lone(lambda value: tuple(value) if isinstance(value, list) else (value,)), Steps(_steps)
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(DAY)]
Names = Annotated[tuple[str, ...], one_or_several]
AIMS: Mapping[str, Any] = {
    "where": (Names, ()),
    "target": (Names, ()),
    "rank": (Literal["kingpin", "lieutenant"] | None, None),
    "mode": (Literal["capture", "killing", "extradition"] | None, None),
}


T = TypeVar("T", bound=Table)


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
