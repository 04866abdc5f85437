"""What a policy costs beyond business as usual, by payer, and the factor that makes it cost a budget."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.catalogue.levers import LEVERS, cost_usd
from sim.experiment.budget import BUDGETS
from sim.experiment.scaling import WEEKS_A_YEAR, Difference
from sim.show.web.choice import DIGITS, MOST_SCALE, USUAL, Question, places, reach, scenario

CLOSE = 0.002  # of the budget: how near an equal-cost policy comes
SMALL = 0.01  # of the budget: less counts as nothing


class Cost(NamedTuple):
    """US$ a year beyond business as usual, mean over the run."""

    low: float
    mid: float
    high: float
    us: float  # at mid prices
    mx: float  # at mid prices


class Scaling(NamedTuple):
    """An equal-cost policy, or why there is none.

    Attributes:
        status: key of the text that tells the visitor: equal_done, equal_empty, equal_saves, equal_far.
        factor: by which all changes are multiplied.
        question: the policy after that.
    """

    status: str
    factor: float
    question: Question


@lru_cache(maxsize=2048)
def cost(question: Question) -> Cost:
    """What a policy costs; the schedules decide it, so nothing has to be run."""
    usual = scenario(Question())
    found = Difference.between(usual, scenario(replace(question, assumptions=())), places())
    years = usual.weeks / WEEKS_A_YEAR
    low, mid, high = (found.cost() / years).tolist()
    by_lever = (found.intensity(1.0) - found.base).sum(axis=1) * found.price[:, 1] / years
    payer = np.array([LEVERS[plan.lever].payer for plan, _ in found.pairs])
    us = float(by_lever @ payer) if len(payer) else 0.0
    return Cost(low, mid, high, us, mid - us)


def a_year(lever: str, by: float) -> tuple[float, float, float]:
    """What a change of one lever costs in a full year at low, mid and high prices, US$."""
    low, mid, high = cost_usd(LEVERS[lever], by)
    return float(low), float(mid), float(high)


def scaled_to(question: Question, budget: str) -> Scaling:
    """The policy that costs the budget, at mid prices.

    Changes of business as usual are multiplied lever by lever, so that the levers show it; of any other policy the whole
    difference from business as usual is.

    Args:
        question: the policy.
        budget: key of BUDGETS.
    """
    target = BUDGETS[budget].usd_a_year
    plain = replace(question, scale=1.0)
    if plain == plain.usual:
        return Scaling("equal_empty", 1.0, question)
    if question.policy == USUAL:
        return _stretched(plain, target)
    usual = scenario(Question())
    found = Difference.between(usual, scenario(replace(plain, assumptions=())), places())
    solution = found.solve(target * usual.weeks / WEEKS_A_YEAR, "mid")
    status = {"met": "equal_done", "not reachable": "equal_far", "no extra cost": "equal_saves"}[solution.status]
    factor = min(solution.factor, MOST_SCALE)
    return Scaling(status, factor, replace(question, scale=factor))


def _stretched(question: Question, target: float) -> Scaling:
    """The smallest common factor of all changes that spends the target; costs need not rise with it all the way."""
    limit = max(reach(question.policy, name)[change.by > 0.0] / change.by for name, change in question.changes)
    factors = np.linspace(0.0, limit, 81)
    spent = [cost(question.stretched(factor)).mid for factor in factors.tolist()]
    enough = next((k for k, usd in enumerate(spent) if usd >= target), None)
    if enough is None:
        best = int(np.argmax(spent))
        if spent[best] <= SMALL * target:
            return Scaling("equal_saves", 1.0, question)
        return Scaling("equal_far", float(factors[best]), question.stretched(float(factors[best])))
    low, high = float(factors[max(0, enough - 1)]), float(factors[enough])
    while cost(question.stretched(high)).mid - target > CLOSE * target and high - low > 10.0**-DIGITS * limit:
        middle = (low + high) / 2.0
        low, high = (low, middle) if cost(question.stretched(middle)).mid >= target else (middle, high)
    return Scaling("equal_done", high, question.stretched(high))
