"""Equal cost: every alternative's difference from business as usual, scaled until it costs the same.

Intensity becomes `usual + factor * (other - usual)`, schedule by schedule and week by week, never below zero and never
above what the lever allows. Cost follows from the schedules alone, so nothing has to be run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import fmean
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.catalogue.levers import LEVERS, cost_usd
from sim.catalogue.push import Array
from sim.catalogue.year import WEEKS
from sim.experiment.errors import PlanError
from sim.model.policy import Places, schedule
from sim.model.worlds import load_world
from sim.scenario.changes import level_on
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import LeverPlan, Scenario

Prices = Literal["low", "mid", "high"]
Status = Literal["met", "not reachable", "no extra cost"]
PRICES: tuple[Prices, ...] = ("low", "mid", "high")
EXACT = 1e-9  # intensity
A_DOLLAR = 1.0  # over a run: less is what processors differ by in the last bit of a sum
# US$ million for Mexico by fiscal year, gao2010 and crs_r40135; from 2010 on recalled, 15 % either way. The years after
# were smaller: some 3,300 in all until 2021.
MERIDA = {2008: 400, 2009: 300 + 420, 2010: 210, 2011: 143, 2012: 282, 2013: 195}
TROOPS = LEVERS["military_deployment"]


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
        before, after = (np.array([schedule(pair[k], usual.start, usual.weeks) for pair in pairs]).reshape(-1, usual.weeks) for k in (0, 1))
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


class Budget(NamedTuple):
    """How much more than business as usual is spent, and what that amount is, in words."""

    usd_a_year: float  # mean over the run
    basis: str


BUDGETS = {
    "merida": Budget(1e6 * fmean(MERIDA.values()), "what the Mérida Initiative gave Mexico a year in FY2008-13"),
    "deployment": Budget(1e6 * TROOPS.cost[1], f"the mid price of {TROOPS.unit}"),
}


class Share(NamedTuple):
    """One alternative of an equal-cost comparison."""

    scenario: Scenario  # scaled by the solution at the prices asked for
    written: Array  # US$ beyond business as usual over the run as written, at low, mid and high prices, (3,)
    usd: Array  # the same of the scaled scenario, (3,)
    solutions: Mapping[Prices, Solution]  # by prices


@dataclass(frozen=True, eq=False)
class EqualCost:
    """An equal-cost comparison, before it is run."""

    usual: Scenario  # business as usual
    prices: Prices  # at which cost is equal
    budget: Mapping[Prices, float]  # US$ beyond business as usual over the run, by prices; they differ where a scenario sets the budget
    basis: str  # what the budget is, in words
    shares: tuple[Share, ...]  # the alternatives

    @property
    def scenarios(self) -> list[Scenario]:
        """What to run."""
        return [self.usual, *(share.scenario for share in self.shares)]

    @property
    def label(self) -> str:
        """A short name for results: US$ million a year and prices."""
        return f"equal-cost-{self.budget[self.prices] / self.years / 1e6:.0f}-{self.prices}"

    @property
    def years(self) -> float:
        """Length of a run."""
        return self.usual.weeks / WEEKS

    def as_json(self) -> dict[str, Any]:
        """`equal_cost` in `plan.json` and in the `--json` document."""
        return {
            "baseline": self.usual.name,
            "prices": self.prices,
            "budget_usd": self.budget[self.prices],
            "budget_usd_per_year": self.budget[self.prices] / self.years,
            "budget_usd_at_prices": dict(self.budget),
            "years": self.years,
            "basis": self.basis,
            "scenarios": [
                {
                    "scenario": share.scenario.name,
                    **share.solutions[self.prices]._asdict(),
                    "usd_as_written": float(share.written[PRICES.index(self.prices)]),
                    "usd_at_prices": dict(zip(PRICES, share.usd.tolist(), strict=True)),
                    "solutions": {prices: solution._asdict() for prices, solution in share.solutions.items()},
                }
                for share in self.shares
            ],
        }


def equal_cost(scenarios: Sequence[Scenario], budget: Budget | None = None, prices: Prices = "mid") -> EqualCost:
    """Scale every alternative to business as usual, which comes first, to one budget at some prices.

    Without a budget it is what the first alternative costs that spends mostly on militarized levers.
    """
    usual, *others = scenarios
    country = places(usual, others)
    differences = [Difference.between(usual, other, country) for other in others]
    if budget:
        basis = budget.basis
        spend = dict.fromkeys(PRICES, budget.usd_a_year * usual.weeks / WEEKS)
    else:
        model = _militarized(differences)
        basis = f"what {model.other.name} costs as written"
        spend = dict(zip(PRICES, model.cost().tolist(), strict=True))
    shares = []
    for one in differences:
        solutions = {level: one.solve(spend[level], level) for level in PRICES}
        factor = solutions[prices].factor
        shares.append(Share(one.scaled(factor), one.cost(), one.cost(factor), solutions))
    return EqualCost(usual, prices, spend, basis, tuple(shares))


def places(usual: Scenario, others: Sequence[Scenario] = ()) -> Places:
    """The country that all scenarios share."""
    for other in others:
        for field in ("world", "world_options", "tables", "start", "years"):
            if getattr(other, field) != getattr(usual, field):
                message = f"has another {field} than {usual.name}, so that their costs cannot be set equal"
                raise PlanError(message, field=other.name, hint="compare it without --equal-cost")
    world = load_world(usual.world, usual.world_options, scenario_folder() / WORLDS)
    return Places(world.ids, world.states, world.population / world.population.sum())


def _militarized(differences: Sequence[Difference]) -> Difference:
    """The first that costs something at mid prices, more than half of it for militarized levers."""
    for difference in differences:
        cost = float(difference.cost()[1])
        if cost > 0.0 and difference.militarized_cost() > cost / 2.0:
            return difference
    message = "no scenario spends mostly on militarized levers, so that none sets the budget"
    raise PlanError(message, field="--equal-cost", hint=f"give --budget: {', '.join(BUDGETS)} or US$ a year")
