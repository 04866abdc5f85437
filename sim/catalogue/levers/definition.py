"""What a lever is, how one is registered, and the response chain that every lever passes.

The chain is the same for all families: a scheduled intensity finds takers (`takeup`), loses what leaks (`leakage`),
meets diminishing returns (`ceiling`) and builds up with a delay (`lag_weeks`). The cost follows the schedule, because
money is spent before it works.

All four are ASSUMED, the first two by one rule. Where the unit itself counts what arrives (soldiers in the street,
arrests made, patients admitted) takeup is 1 and leakage 0. Elsewhere takeup is .9, or .8 where foreigners or people at
risk must play along; leakage is .1 through Mexican agencies and .05 through US or independent ones. What a mechanism
already takes away (failed raids, bought protection, patients who relapse) is not taken away a second time here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Literal

import numpy as np

from sim.catalogue.push import HANDLES, Array, Push
from sim.elementary import expm1, expm1s, log

Family = Literal["militarized", "demand", "roots", "cross"]
Evidence = Literal["strong", "mixed", "thin"]
Sign = Literal["less", "more", "mixed", "unknown"]
Aim = Literal["where", "target", "rank", "mode"]
Range = tuple[float, float, float]
Press = Callable[[Array, float], Push]

MILLION = 1e6


@dataclass(frozen=True)
class Lever:
    """A policy instrument: what a unit of it is, costs and may do."""

    name: str  # key in `LEVERS` and in scenario files
    summary: str  # how it is meant to act, and at what other price; the lever function's docstring
    # (intensity that arrives, weeks; draw of the effect) -> Push. Zero intensity presses nothing, exactly.
    press: Press = field(repr=False, compare=False)
    family: Family  # "militarized", "demand", "roots" or "cross"
    title: str  # short label
    unit: str  # what intensity 1 is, a programme of a concrete size
    high: float  # largest intensity a scenario may ask for; `low` is the smallest
    cost: Range  # low, mid and high price of intensity 1, US$ million a year
    payer: float  # share of the cost that the United States pays; Mexico pays the rest
    cost_note: str  # where the prices come from, or why they are ASSUMED
    # low, mid and high effect of one unit that arrives, drawn per replicate with mean mid: what is added to the first handle pressed, or
    # the log of its factor
    effect: Range
    effect_note: str  # where the range comes from, or why it is ASSUMED
    evidence: Evidence  # "strong", "mixed" or "thin"
    sources: tuple[str, ...]  # keys of `SOURCES`
    # metric -> sign that literature or an accounting identity supports against business as usual
    expected: Mapping[str, Sign] = field(hash=False)
    lag_weeks: float  # mean delay between spending and effect
    ceiling: float  # most that can ever arrive, in units; above 1
    takeup: float  # share of what is scheduled that finds a taker
    leakage: float  # share of what is taken up that goes astray
    aims: frozenset[Aim] = frozenset()  # what a scenario may restrict: "where", "target", "rank", "mode"
    # "population" if a lever aimed at some places costs only their share of the population
    cost_scales_with: Literal["nation", "population"] = "nation"
    low: float = 0.0  # smallest intensity
    # why it changes homicides in Mexico by at most half a per cent in this model, at any intensity; empty if it changes more, or if it
    # presses on a kind of homicides that `expected` names, where one can see it
    silent: str = ""
    mechanism: tuple[str, ...] = field(init=False)  # the handles it presses, found by pressing it

    def __post_init__(self) -> None:
        push = self.press(np.ones(1), self.effect[2])
        pressed = tuple(h.name for h in HANDLES if np.any(getattr(push, h.name) != h.neutral))
        object.__setattr__(self, "mechanism", pressed)


REGISTRY: dict[str, Lever] = {}


def lever(**entry: Any) -> Callable[[Press], Press]:  # noqa: ANN401 (the constructor of Lever checks the names)
    """Register the function below as a lever: its name, its docstring, and `entry`, the other fields of `Lever`."""

    def register(press: Press) -> Press:
        name = press.__name__
        summary = " ".join((inspect.getdoc(press) or "").split())
        REGISTRY[name] = Lever(name=name, summary=summary, press=press, **entry)
        return press

    return register


def deliver(lever: Lever, x: float | Array) -> Array:
    """What arrives of scheduled intensity, of any shape.

    `ceiling * (1 - (1 - 1/ceiling) ** (takeup * (1 - leakage) * x))`: saturating, 0 at 0 to the bit, and normalised so
    that without losses intensity 1 delivers exactly 1; with losses it delivers a little over `takeup * (1 - leakage)`.
    """
    kept = lever.takeup * (1.0 - lever.leakage)
    arrived: Array = -lever.ceiling * expm1s(kept * float(log(1.0 - 1.0 / lever.ceiling)) * np.asarray(x, np.float64))
    return arrived


def lagged(series: Array, lag_weeks: float) -> Array:
    """First-order build-up (and fading) of a weekly series, (weeks,), with mean delay `lag_weeks`; 0 leaves it as it is.

    Causal: before the first week that is not zero the result is zero to the bit. It costs one pass in Python, so it is
    computed once per run and lever, not per week.
    """
    if lag_weeks <= 0.0:
        return series.copy()
    step = -float(expm1(-1.0 / lag_weeks))
    built = accumulate(series.tolist(), lambda level, aim: level + step * (aim - level), initial=0.0)
    return np.fromiter(built, np.float64, len(series) + 1)[1:]


def cost_usd(lever: Lever, x: float | Array, reach: float = 1.0) -> tuple[float | Array, float | Array, float | Array]:
    """Cost of *scheduled* intensity, of any shape, in US$ a year, at low, mid and high prices.

    `reach` is the share of the national population in the places aimed at; it does not count where the cost scales with the nation.
    """
    scale = MILLION * (reach if lever.cost_scales_with == "population" else 1.0)
    low, mid, high = lever.cost
    return scale * low * x, scale * mid * x, scale * high * x
