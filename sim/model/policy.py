"""Dated levers become a push: what they press in every week and place, and what they cost.

All weeks are worked out once, when a run is built. Places under the same mix of levers share a *zone*; zone 0 feels only levers that
aim at nothing in particular. Cartels that a lever targets get zones of their own in the same cube.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.levers import LEVERS, cost_usd, deliver, lagged
from sim.catalogue.push import HANDLES, Array, Push
from sim.model.clock import DAYS
from sim.scenario.scenario import LeverPlan

RANKS = {
    "kingpin": "lieutenant_attempts",
    "lieutenant": "kingpin_attempts",
}  # what a lever aimed at a rank does not press
NEUTRAL = [handle.neutral for handle in HANDLES]
AMERICAN = frozenset({
    "kingpin_targeting", "rewards", "extradition", "task_force_coordination", "leader_sanctions", "ecosystem_sanctions", "arms_control",
})  # fmt: skip  # levers whose US share pays US agencies, who spend it themselves: no aid

# Aid is contracted, then delivered: two stages of equal mean (ASSUMED). Obligated evenly from the first Act (30 June 2008, recalled) to
# 31 March 2010, 91.3 weeks, 9/46 of it were spent by then (GAO-10-837: 46 % obligated, 9 % spent). Where each stage ends at a rate k, the
# spent share after t weeks is 1 - 2/kt + exp(-kt) (1 + 2/kt); that is 9/46 for kt = 1.55, so the mean delay 2/k is 118 weeks. Counted from
# the first letter of agreement (December 2008) it would be 90. What was spent by September 2009 (evidence row A9) was not used.
FIRST_ACT, AID_STAGES, AID_LAG_WEEKS = date(2008, 6, 30), 2, 118.0


@dataclass(frozen=True)
class Costs:
    """US$ a week at mid prices, shape (weeks,) each.

    Costs count when they are committed, whoever pays, so that no window makes a policy cheap whose bills come later. Only
    `aid_spent` is late. It presses nothing: a lever's own `lag_weeks` runs from the commitment to the effect, delivery included.
    """

    total: Array
    us: Array
    aid_obligated: Array  # what the United States commits to programmes of Mexican agencies from the first Act of the Mérida Initiative on
    aid_spent: Array  # the same, when contracts are made and goods delivered; nothing is lost on the way
    by_lever: Mapping[str, Array]


@dataclass(frozen=True)
class Policy:
    """What a scenario's levers press and cost."""

    cube: Array  # [week, zone, handle]
    place_zone: NDArray[np.int64]  # zone of every territory
    modes: tuple[tuple[Array, str], ...]  # (weight by week, mode) of levers that insist on how leaders are removed
    costs: Costs  # what it all costs
    _cartel_zones: Mapping[frozenset[int], int]
    _targets: tuple[tuple[int, frozenset[str]], ...]

    def cartel_zone(self, founder: str) -> int:
        """Zone of a cartel whose lineage goes back to `founder`."""
        return self._cartel_zones[frozenset(i for i, names in self._targets if founder in names)]


@dataclass(frozen=True, eq=False)
class Places:
    """What aiming needs to know about territories."""

    ids: tuple[str, ...]
    states: tuple[str, ...]
    population_share: Array

    def inside(self, territory: int, where: tuple[str, ...]) -> bool:
        """Whether a territory, or the state it lies in, is named."""
        return self.ids[territory] in where or self.states[territory] in where

    def reach(self, where: tuple[str, ...]) -> float:
        """Share of residents in the named places; all of them if none is named."""
        if not where:
            return 1.0
        return float(sum(share for k, share in enumerate(self.population_share) if self.inside(k, where)))


@lru_cache(maxsize=512)
def arriving(plan: LeverPlan, start: date, weeks: int) -> tuple[Array, Array]:
    """Scheduled intensity, and what of it arrives, by week: the same for every replicate."""
    lever, x = LEVERS[plan.lever], schedule(plan, start, weeks)
    arrives = lagged(deliver(lever, x), lever.lag_weeks)
    x.setflags(write=False)
    arrives.setflags(write=False)
    return x, arrives


def schedule(plan: LeverPlan, start: date, weeks: int) -> Array:
    """Scheduled intensity by week: steps at their dates, each reached linearly over the ramp."""
    at = np.array([(day - start).days / 7.0 for day, _ in plan.points])
    x, level = np.zeros(weeks), 0.0
    now = np.arange(weeks, dtype=np.float64)
    for begin, (_, value) in zip(at, plan.points, strict=True):
        done = now >= begin
        part = np.minimum(1.0, (now - begin + 1.0) / plan.ramp_weeks) if plan.ramp_weeks else np.ones(weeks)
        x = np.where(done, level + (value - level) * part, x)
        level = value
    return x


def build(
    plans: Iterable[LeverPlan],
    effects: Mapping[str, float],
    start: date,
    weeks: int,
    places: Places,
    founders: Iterable[str],
) -> Policy:
    """Combine all levers of a scenario, whose week 0 begins on `start`.

    `effects` are this replicate's draws, `founders` the cartels of the world's table, which `target` may name.
    """
    plans = [plan for plan in plans if any(value != 0.0 for _, value in plan.points)]
    pushes = []
    for plan in plans:
        arrives = arriving(plan, start, weeks)[1]
        push = LEVERS[plan.lever].press(arrives, effects[plan.lever])
        if plan.rank:
            push = replace(push, **{RANKS[plan.rank]: 0.0})
        pushes.append(push)
    here = [frozenset(i for i, plan in enumerate(plans) if plan.where and places.inside(k, plan.where)) for k in range(len(places.ids))]
    targets = tuple((i, frozenset(plan.target)) for i, plan in enumerate(plans) if plan.target)
    hunted = [frozenset(i for i, names in targets if founder in names) for founder in founders]
    zones: dict[frozenset[int], int] = {frozenset(): 0}
    for aimed in (*here, *hunted):
        zones.setdefault(aimed, len(zones))
    free = [i for i, plan in enumerate(plans) if not plan.where and not plan.target]
    presses = [pressed(push) for push in pushes]
    cube = np.empty((weeks, len(zones), len(HANDLES)))
    for aimed, zone in zones.items():
        cube[:, zone, :] = combine([presses[i] for i in sorted((*free, *aimed))], weeks)
    modes = tuple((np.broadcast_to(push.kingpin_attempts, weeks), plan.mode) for plan, push in zip(plans, pushes, strict=True) if plan.mode)
    return Policy(cube, np.array([zones[aimed] for aimed in here]), modes, _costs(tuple(plans), start, weeks, places), zones, targets)


def pressed(push: Push) -> list[tuple[int, float | Array]]:
    """Numbers of the handles that a push presses, and how."""
    return [(h, value) for h, value in enumerate(vars(push).values()) if not isinstance(value, float) or value != NEUTRAL[h]]


def combine(presses: Iterable[list[tuple[int, float | Array]]], weeks: int) -> Array:
    """Additions add, factors multiply: [week, handle]."""
    total = np.tile(np.array(NEUTRAL)[:, None], weeks)
    for press in presses:
        for h, value in press:
            total[h] = total[h] + value if HANDLES[h].combine == "add" else total[h] * value
    return total.T


@lru_cache(maxsize=64)
def _costs(plans: tuple[LeverPlan, ...], start: date, weeks: int, places: Places) -> Costs:
    """What a schedule costs: the same for every replicate."""
    total, us, obligated = (np.zeros(weeks) for _ in range(3))
    by_lever: dict[str, Array] = {}
    for plan in plans:
        lever, x = LEVERS[plan.lever], arriving(plan, start, weeks)[0]
        cost = np.asarray(cost_usd(lever, x, places.reach(plan.where))[1]) * 7.0 / DAYS
        by_lever[plan.lever] = by_lever.get(plan.lever, 0.0) + cost
        total, us = total + cost, us + lever.payer * cost
        if lever.family != "demand" and plan.lever not in AMERICAN:
            obligated = obligated + lever.payer * cost
    obligated[: max(0, -((start - FIRST_ACT).days // 7))] = 0.0
    return Costs(total, us, obligated, paid_out(obligated), by_lever)


def paid_out(obligated: Array) -> Array:
    """Aid spent by week, after its stages of delivery."""
    for _ in range(AID_STAGES):
        obligated = lagged(obligated, AID_LAG_WEEKS / AID_STAGES)
    return obligated
