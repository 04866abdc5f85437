"""The catalogue of constants: all entries by name, bounds that hold for several together, and the values of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from math import prod
from typing import Any, NamedTuple

from sim.catalogue.constants.conflict import Contest, Enforcement, Movement, Peace
from sim.catalogue.constants.economy import Income, Market, Recruitment
from sim.catalogue.constants.leaders import Leadership

ROUNDING = 1e-12  # by which decimal fractions that should add to 1 may exceed it


class Parameter(NamedTuple):
    """One catalogue entry."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    source: str
    meaning: str
    mechanism: str
    sampled: bool
    switch: bool
    why: str


GROUPS: tuple[type[Any], ...] = (Market, Income, Recruitment, Enforcement, Contest, Peace, Movement, Leadership)


class JointBound(NamedTuple):
    """A bound on several constants together."""

    names: tuple[str, ...]
    combine: Callable[[Iterable[float]], float]
    operator: str
    why: str

    @property
    def title(self) -> str:
        """The bound as people write it."""
        return f"{f' {self.operator} '.join(self.names)} at most 1"


# fmt: off
JOINT_BOUNDS = (
    JointBound(("demand_elasticity", "fixed_risk"), prod, "x",
               "beyond it a dearer drug shrinks the market, which makes it dearer again, without end"),
    JointBound(("extortion_share", "kidnapping_share", "fuel_share"), sum, "+", "they are parts of one whole; local sales are the rest"),
    JointBound(("first_extortion", "first_kidnapping", "first_fuel"), sum, "+",
               "they are parts of a new plaza's time; local sales are the rest"),
    JointBound(("killed_share", "surrender_share"), sum, "+", "they are parts of all removals; captures are the rest"),
    JointBound(("broker_suppliers", "broker_financiers"), sum, "+", "they are parts of all new brokers; arms dealers are the rest"),
)
# fmt: on


@dataclass(frozen=True, init=False)
class Parameters(Leadership, Movement, Peace, Contest, Enforcement, Recruitment, Income, Market):
    """All constants of one run, flat; `Parameters(**values)` overrides some.

    Raises:
        TypeError: a constant that the catalogue does not have.
        ValueError: they break a joint bound.
    """

    def __init__(self, **values: float) -> None:
        if unknown := values.keys() - PARAMETERS.keys():
            raise TypeError(f"no such constants: {', '.join(sorted(unknown))}")
        vars(self).update({name: parameter.default for name, parameter in PARAMETERS.items()} | values)
        for bound in broken(values):
            raise ValueError(f"{bound.title}: {bound.why}")


def _entry(name: str, mechanism: str, said: Any) -> Parameter:  # noqa: ANN401
    return Parameter(name=name, default=float(said.default), mechanism=mechanism, **said.metadata)


def declare(mechanism: str, constants: Mapping[str, Any]) -> None:
    """Add constants of a mechanism from outside: name -> what `param` gave."""
    _PARAMETERS.update({name: _entry(name, mechanism, said) for name, said in constants.items()})


_OWNER = {f.name: group.__name__.lower() for group in GROUPS for f in fields(group)}
_PARAMETERS = {f.name: _entry(f.name, _OWNER[f.name], f) for f in fields(Parameters)}
PARAMETERS: Mapping[str, Parameter] = _PARAMETERS


def broken(values: Mapping[str, float]) -> list[JointBound]:
    """The joint bounds that values break; what is not among them stands at its default."""
    whole = {name: parameter.default for name, parameter in PARAMETERS.items()} | dict(values)
    return [bound for bound in JOINT_BOUNDS if bound.combine(whole[name] for name in bound.names) > 1.0 + ROUNDING]
