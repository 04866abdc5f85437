"""The values of a scenario file: tables that forbid unknown keys, bounded numbers, days, dated steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from sim.scenario.lines import Toml
from sim.scenario.problems import brief


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
        """The value.

        Raises:
            FieldError: it is out of bounds.
        """
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


Points = tuple[tuple[date | None, float], ...]


def in_order(points: Points) -> Points:
    """Refuses dated points that do not follow each other."""
    days = [day for day, _ in points if day]
    for number, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            raise FieldError(f"{after} does not come after {before}", (number,), "sort the points, each day once")
    return points


one_or_several, steps = Lone(lambda value: tuple(value) if isinstance(value, list) else (value,)), Steps(_steps)
DAY = {"anyOf": [{"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"}, {"type": "integer", "minimum": 1900, "maximum": 2199}]}
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(DAY)]
Names = Annotated[tuple[str, ...], one_or_several]
