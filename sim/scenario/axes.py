"""The shape of a `[sweep]`: a method, and the values each varied field takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.scenario.fields import FieldError, Table, within
from sim.scenario.lines import Toml
from sim.scenario.problems import brief


class Range(Table):
    """Bounds of a drawn field."""

    low: Annotated[float, Field(alias="from")]
    high: Annotated[float, Field(alias="to")]
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _upwards(self) -> Range:
        if self.high <= self.low:
            raise FieldError(f"{brief(self.high)} is not above from, {brief(self.low)}", ("to",))
        if self.scale == "log" and self.low <= 0:
            raise FieldError("a log scale starts above 0", ("from",))
        return self


class Spaced(Range):
    """Equally spaced values of a field."""

    points: Annotated[int, within(2, 100_000, "points")]


def _drawn(value: Toml) -> Toml:
    if not isinstance(value, dict):
        raise FieldError(f"should be bounds, such as {{from = 0, to = 2}}, not {brief(value)}")
    return _unnested(value)


def _listed(value: Toml) -> Toml:
    if isinstance(value, list) and value:
        return tuple(value)
    if not isinstance(value, dict):
        raise FieldError(f"should be a list of values, or {{from = 0, to = 2, points = 9}}, not {brief(value)}")
    return _unnested(value)


def _unnested(value: dict[str, Any]) -> Toml:
    if value and all(isinstance(inner, dict | list) for inner in value.values()):
        raise FieldError("is no field by itself", hint='quote the whole field: "policy.treatment.intensity" = ...')
    return value


Values = Annotated[
    Annotated[tuple[Any, ...], Tag("<list>")] | Annotated[Spaced, Tag("<range>")],
    Discriminator(lambda value: "<list>" if isinstance(value, tuple) else "<range>"),
]


class Factorial(Table):
    """Listed or spaced values, every combination or side by side."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Values, BeforeValidator(_listed)]] = Field(init=False)
    method: Literal["grid", "zip"]

    @model_validator(mode="after")
    def _same_length(self) -> Factorial:
        lengths = {key: axis.points if isinstance(axis, Spaced) else len(axis) for key, axis in self.axes.items()}
        if self.method == "zip" and len(set(lengths.values())) > 1:
            counts = ", ".join(f"{key} has {count}" for key, count in lengths.items())
            raise FieldError(f"zip needs as many values of each field: {counts}", ("method",))
        return self

    @property
    def axes(self) -> dict[str, Any]:
        """The varied fields."""
        return self.__pydantic_extra__


class Sampled(Table):
    """Design points drawn between bounds."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Range, BeforeValidator(_drawn)]] = Field(init=False)
    method: Literal["lhs", "sobol"]
    samples: Annotated[int, within(1, 1_000_000, "design points")]

    @property
    def axes(self) -> dict[str, Any]:
        """The varied fields."""
        return self.__pydantic_extra__


class Points(Table):
    """Design points from a table."""

    method: Literal["csv"]
    file: str


Sweep = Annotated[Factorial | Sampled | Points, Field(discriminator="method")]
