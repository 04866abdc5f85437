"""Design points as scenarios: 100,000 in seconds, because only what a point changes is made anew.

A coordinate is *filled in* where it is one number of a resolved scenario: a parameter, or the intensity of a lever with
one schedule. Every other field (dates, ramps, the world) is set by loading the scenario again, once per combination.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.errors import PlanError
from sim.scenario.scenario import LeverPlan, Scenario

At = Mapping[str, Any]  # field -> value: where a design point lies
Load = Callable[[At], Scenario]

Value = TypeVar("Value", LeverPlan, Scenario)
PARAMETER, POLICY, INTENSITY = "parameters.", "policy.", ".intensity"


@cache
def fills(field: str) -> bool:
    """Whether a field is one number of a resolved scenario."""
    return field.removeprefix(PARAMETER) in PARAMETERS if field.startswith(PARAMETER) else _lever(field) in LEVERS


def short(field: str) -> str:
    """The short name of a field: `treatment` for policy.treatment.intensity, `demand_elasticity` for parameters.demand_elasticity."""
    return field.removeprefix(PARAMETER).removeprefix(POLICY).removesuffix(INTENSITY)


def points(load: Load, where: Iterable[At]) -> Iterator[tuple[Scenario, str]]:
    """The scenario at each point, and its digest; every point varies the same fields.

    `load` is called once per combination of values that cannot be filled in.

    Raises:
        PlanError: a lever is scheduled to end before the run begins.
    """
    templates: dict[tuple[Any, ...], Template] = {}
    for at in where:
        key = tuple((field, value) for field, value in at.items() if not fills(field))
        if key not in templates:
            open_fields = [field for field in at if fills(field)]
            model = load({**at, **{field: _highest(field) for field in open_fields}})
            _refuse_idle(model, open_fields)
            templates[key] = Template(model, open_fields)
        yield templates[key].fill(at)


class Template:
    """A scenario with some numbers left open, to be filled in at each design point."""

    def __init__(self, model: Scenario, open_fields: Sequence[str]) -> None:
        self._model = model
        self._plans = {plan.lever: number for number, plan in enumerate(model.policy)}
        marked = self._with({field: f"<{number}>" for number, field in enumerate(open_fields)})
        self._first, *pieces = re.split(r'"<(\d+)>"', marked.canonical())
        self._rest = list(zip((open_fields[int(n)] for n in pieces[::2]), pieces[1::2], strict=True))

    def fill(self, at: At) -> tuple[Scenario, str]:
        """The scenario at a point and its digest."""
        values = {field: float(at[field]) + 0.0 for field, _ in self._rest}
        text = self._first + "".join(f"{values[field]!r}{piece}" for field, piece in self._rest)
        return self._with(values), hashlib.sha256(text.encode()).hexdigest()[:16]

    def _with(self, values: At) -> Scenario:
        """The model with numbers, or marks, in the place of some."""
        parameters, policy = dict(self._model.parameters), list(self._model.policy)
        for field, value in values.items():
            if field.startswith(PARAMETER):
                parameters[field.removeprefix(PARAMETER)] = value
            else:
                number = self._plans[_lever(field)]
                first, *end = policy[number].points
                policy[number] = _changed(policy[number], points=((first[0], value), *end))
        return _changed(self._model, parameters=parameters, policy=tuple(policy))


def _refuse_idle(model: Scenario, open_fields: Sequence[str]) -> None:
    """Refuse levers that end before the run begins: filling in their first step would change nothing."""
    for field in open_fields:
        lever = _lever(field)
        if lever and [plan.points[0][1] for plan in model.policy if plan.lever == lever] != [_highest(field)]:
            raise PlanError("is scheduled to end before the run begins, so that no value of it does anything", field=field)


def _highest(field: str) -> float:
    """The largest value of a field that can be filled in."""
    return (PARAMETERS[field.removeprefix(PARAMETER)] if field.startswith(PARAMETER) else LEVERS[_lever(field)]).high


@cache
def _lever(field: str) -> str:
    return field.removeprefix(POLICY).removesuffix(INTENSITY) if field.startswith(POLICY) and field.endswith(INTENSITY) else ""


def _changed(model: Value, **fields: Any) -> Value:  # noqa: ANN401 (or a mark)
    """The same with other fields; `dataclasses.replace` takes three times as long, and here there is nothing to check."""
    other = object.__new__(type(model))
    vars(other).update(vars(model) | fields)
    return other
