"""Small scenarios for tests of the model."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from sim.model.compile.compiled import compiled
from sim.model.run import Outcome
from sim.scenario.scenario import LeverPlan, Scenario

START = date(2006, 12, 1)


@cache
@cache
def called(function: Any) -> Any:
    """A rule that only compiled code calls, for Python to call."""
    return compiled(function.py_func) if hasattr(function, "py_func") else function


def plan(lever: str, intensity: float, start: date = START, **more: Any) -> LeverPlan:
    return LeverPlan(lever, ((start, intensity),), **more)


def scenario(*plans: LeverPlan, years: float = 4, world: str = "mexico-2006", **more: Any) -> Scenario:
    base: dict[str, Any] = {"name": "t", "title": "t", "question": "?", "start": START, "worlds": "fitted"}
    return Scenario(world=world, years=years, policy=plans, **base | more)


def identical(one: Outcome, two: Outcome, months: int | None = None) -> bool:
    """Whether two outcomes agree to the last bit, in their first `months`."""
    return all(
        np.array_equal(one.series[name][:months], two.series[name][:months])
        for name in one.series
        if not name.startswith(("policy_cost", "aid_"))
    )


def history(*plans: LeverPlan, **more: Any) -> Scenario:
    """A scenario with the shape of 2007-12 policy, to vary."""
    return scenario(plan("kingpin_targeting", 1.0), plan("military_deployment", 0.5), *plans, **more)
