"""The difference between two policies: what it costs, and the same difference made larger or smaller.

Intensity becomes `usual + factor * (other - usual)`, schedule by schedule and week by week, never below zero and never
above what the lever allows. Cost follows from the schedules alone, so nothing has to be run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np

from sim.catalogue.levers import LEVERS, cost_usd
from sim.catalogue.push import Array
from sim.catalogue.year import WEEKS
from sim.model.policy import Places, schedule
from sim.scenario.changes import level_on
from sim.scenario.scenario import LeverPlan, Scenario

Prices = Literal["low", "mid", "high"]
Status = Literal["met", "not reachable", "no extra cost"]
PRICES: tuple[Prices, ...] = ("low", "mid", "high")
EXACT = 1e-9  # intensity
A_DOLLAR = 1.0  # over a run: less is what processors differ by in the last bit of a sum


class Solution(NamedTuple):
    """A factor, and what the scaled difference costs over the run, US$.

    Where a budget is not reachable the factor is the smallest that spends most; a difference that costs nothing or
    saves money as written stays as written, factor 1.
    """

    status: Status
    factor: float
    usd: float


@dataclass(frozen=True, eq=False)
class Difference:
    """What a scenario changes against business as usual, in P pairs of schedules and W weeks."""

    usual: Scenario  # business as usual
    other: Scenario  # the alternative
    pairs: Sequence[tuple[LeverPlan, LeverPlan]]  # their schedules that press the same lever at the same aim
    base: Array  # intensity under business as usual, (P, W)
    change: Array  # what the alternative adds, (P, W)
    high: Array  # most that each lever allows, (P, 1)
    price: Array  # US$ a week of intensity 1 at low, mid and high prices, (P, 3)

    @classmethod
    def between(cls, usual: Scenario, other: Scenario, places: Places) -> Difference:
        """The difference of two scenarios that share a world, a start and a length."""
        pairs = _pairs(usual, other)
        before, after = (
            np.array([schedule(pair[k], usual.start, usual.weeks) for pair in pairs]).reshape(-1, usual.weeks)
            for k in (0, 1)
        )
        levers = [(LEVERS[plan.lever], places.reach(plan.where)) for plan, _ in pairs]
        high = np.array([lever.high for lever, _ in levers]).reshape(-1, 1)
        a_year = np.array([cost_usd(lever, 1.0, reach) for lever, reach in levers]).reshape(-1, 3)
        return cls(usual, other, pairs, before, after - before, high, a_year / WEEKS)

    def intensity(self, factor: float) -> Array:
        """Scaled intensity, (P, W)."""
        return np.clip(self.base + factor * self.change, 0.0, self.high)

    def cost(self, factor: float = 1.0) -> Array:
        """US$ beyond business as usual over the run at low, mid and high prices, (3,)."""
        return np.asarray((self.intensity(factor) - self.base).sum(axis=1) @ self.price)

    def militarized_cost(self) -> float:
        """The part of the cost, as written and at mid prices, that is spent on militarized levers, US$."""
        own = [LEVERS[plan.lever].family == "militarized" for plan, _ in self.pairs]
        return float(self.change.sum(axis=1) @ (self.price[:, 1] * np.array(own, dtype=bool)))

    def solve(self, budget: float, prices: Prices) -> Solution:
        """The smallest factor that spends `budget` US$ over the run, to six digits."""
        price = PRICES.index(prices)
        written = float(self.cost()[price])
        if written < A_DOLLAR:
            return Solution("no extra cost", 1.0, written)
        exact, reached = self._first(budget, self.price[:, price])
        factor = float(f"{exact:.6g}")
        return Solution("met" if reached else "not reachable", factor, float(self.cost(factor)[price]))

    def _first(self, budget: float, price: Array) -> tuple[float, bool]:
        """Cost is linear in the factor until the next week of a schedule meets its bound: walk from stop to stop."""
        moving = self.change != 0.0
        room = np.where(self.change > 0.0, self.high - self.base, -self.base)
        stops = room[moving] / self.change[moving]
        order = np.argsort(stops)
        factors = np.concatenate([[0.0], stops[order]])
        slopes = (price[:, None] * self.change)[moving][order]
        slope = np.cumsum(slopes[::-1])[::-1]  # of all that still move
        spent = np.concatenate([[0.0], np.cumsum(slope * np.diff(factors))])
        enough = np.flatnonzero(spent >= budget)
        if not enough.size:
            return float(factors[np.argmax(spent)]), False
        before = enough[0] - 1
        return float(factors[before] + (budget - spent[before]) / slope[before]), True

    def scaled(self, factor: float) -> Scenario:
        """The alternative with its difference multiplied; at 1 it is itself, at 0 its policy is business as usual.

        Scripted events, which have no price, stay.
        """
        if factor == 1.0:
            return self.other
        x = self.intensity(factor)
        plans = [_blend(*pair, x[p], factor, self.usual.start) for p, pair in enumerate(self.pairs)]
        policy = tuple(sorted(plans, key=lambda plan: plan.lever)) if factor else self.usual.policy
        title = f"{self.other.title} ({factor:.3g} times its difference from {self.usual.name})"
        return replace(self.other, title=title, policy=policy)


def _pairs(usual: Scenario, other: Scenario) -> list[tuple[LeverPlan, LeverPlan]]:
    """Schedules of both that press the same lever at the same aim; the one that is missing is at zero."""
    before, after = _by_aim(usual), _by_aim(other)
    aims = dict.fromkeys([*after, *before])
    return [(before.get(aim) or _idle(after[aim]), after.get(aim) or _idle(before[aim])) for aim in aims]


def _by_aim(scenario: Scenario) -> dict[tuple[LeverPlan, int], LeverPlan]:
    """Schedules by lever, where, target, rank, mode; those that share all of them are told apart by their order."""
    seen: Counter[LeverPlan] = Counter()
    found = {}
    for plan in scenario.policy:
        aim = replace(plan, points=(), ramp_weeks=0)
        found[aim, seen[aim]] = plan
        seen[aim] += 1
    return found


def _idle(plan: LeverPlan) -> LeverPlan:
    return replace(plan, points=((plan.points[0][0], 0.0),))


def _blend(usual: LeverPlan, other: LeverPlan, x: Array, factor: float, start: date) -> LeverPlan:
    """One schedule that follows `x`, (W,): on the dates of both where that is exact, else with a step a week."""
    days = sorted({day for plan in (usual, other) for day, _ in plan.points})
    base, aim = (np.array([level_on(plan.points, day) for day in days]) for plan in (usual, other))
    values = np.clip(base + factor * (aim - base), 0.0, LEVERS[other.lever].high)
    steps = replace(other, points=tuple(zip(days, values.tolist(), strict=True)))
    if np.allclose(schedule(steps, start, len(x)), x, rtol=0.0, atol=EXACT):
        return steps
    changes = [0, *(np.flatnonzero(np.diff(x)) + 1).tolist()]
    return replace(other, points=tuple((start + timedelta(weeks=k), float(x[k])) for k in changes), ramp_weeks=0)
