"""Where a verdict flips, as a simple rule: PRIM (Friedman & Fisher 1999) of the EMA workbench behind one function."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.contrast import Array
from sim.analysis.table import plain
from sim.catalogue.installed import pip_install

MISSING = f"the rule for when a ranking flips needs the EMA workbench: {pip_install('robust')}"
MOST = 2  # conditions of a rule that can be kept in mind
FEWEST = 6  # worlds of either kind in the half from which a rule is learnt
CHANCE = 0.05  # probability of a success by luck from which a rule is not believed
MASS = 0.1  # least share of worlds a rule speaks about


class Condition(NamedTuple):
    """A bound, or two, on one parameter."""

    name: str
    low: float | None
    high: float | None

    def __str__(self) -> str:
        """As people write it."""
        if self.low is not None and self.high is not None:
            return f"{plain(self.low, 3)} <= {self.name} <= {plain(self.high, 3)}"
        ends = [f"{sign} {plain(end, 3)}" for sign, end in ((">=", self.low), ("<=", self.high)) if end is not None]
        return " ".join([self.name, *ends])

    def holds(self, values: Array) -> NDArray[np.bool_]:
        """In which worlds."""
        low, high = (fallback if end is None else end for end, fallback in ((self.low, -np.inf), (self.high, np.inf)))
        return np.asarray((values >= low) & (values <= high))


class Rule(NamedTuple):
    """Conditions, learnt on every other world and judged on the rest."""

    conditions: tuple[Condition, ...]  # all of which hold
    share: float  # of worlds that the rule speaks about in which it flips, among those it was learnt on
    share_else: float  # share of all worlds in which it flips
    held_back: float | None  # the same as `share`, among worlds that were held back; None if none of them meets the conditions
    held_back_worlds: int  # how many these are
    coverage: float | None  # of the worlds held back in which it flips, the share that the rule speaks about; None if there is none
    luck: float  # probability that as many of the worlds held back flip, or more, at `share_else`

    @property
    def holds_up(self) -> bool:
        """Whether it does better than no rule where it was not learnt, by more than luck."""
        return self.luck < CHANCE


def available() -> bool:
    """Whether the EMA workbench is installed."""
    return find_spec("ema_workbench") is not None


def rule(parameters: Mapping[str, Array], flips: NDArray[np.bool_]) -> Rule | None:
    """The box of at most MOST conditions on parameters, (R,) each, in which a verdict flips, (R,), most surely.

    Returns:
        None if there are too few worlds of either kind, or no condition helps.
    """
    learn, judge = slice(0, None, 2), slice(1, None, 2)
    if min(flips[learn].sum(), (~flips[learn]).sum()) < FEWEST or not parameters:
        return None
    conditions = _peel({name: values[learn] for name, values in parameters.items()}, flips[learn])
    if not conditions:
        return None
    inside = np.logical_and.reduce([condition.holds(parameters[condition.name]) for condition in conditions])
    unseen = flips[judge][inside[judge]]
    return Rule(
        tuple(conditions),
        float(flips[learn][inside[learn]].mean()),
        float(flips.mean()),
        float(unseen.mean()) if unseen.size else None,
        int(unseen.size),
        float(inside[judge][flips[judge]].mean()) if flips[judge].any() else None,
        tail(int(unseen.sum()), int(unseen.size), float(flips.mean())),
    )


def tail(hits: int, n: int, share: float) -> float:
    """Probability of `hits` or more of `n`, each with probability `share`."""
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(hits, n + 1))


def _peel(parameters: Mapping[str, Array], flips: NDArray[np.bool_]) -> list[Condition]:
    """PRIM's trajectory of boxes; of those with few conditions the one whose share of flips stands out most, in standard errors."""
    table = {name: np.asarray(values, float) for name, values in parameters.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd  # noqa: PLC0415  both come with the extra "robust"
        from ema_workbench.analysis.prim import Prim  # noqa: PLC0415

        logging.getLogger("EMA").setLevel(logging.ERROR)
        prim = Prim(pd.DataFrame(table), flips, threshold=0.5 / flips.size, mass_min=MASS)
        box = prim.find_box()
    boxes = box.peeling_trajectory
    few = boxes[(boxes["res_dim"] > 0) & (boxes["res_dim"] <= MOST) & (boxes["mean"] > flips.mean())]
    if few.empty:
        return []
    limits = box.box_lims[int(((few["mean"] - flips.mean()) * np.sqrt(few["mass"])).idxmax())]
    return [found for name in parameters if (found := _condition(name, limits[name].tolist(), prim.box_init[name].tolist()))]


def _condition(name: str, limits: list[float], whole: list[float]) -> Condition | None:
    """The bounds that say more than "anything"."""
    low = limits[0] if limits[0] > whole[0] else None
    high = limits[1] if limits[1] < whole[1] else None
    return None if low is None and high is None else Condition(name, low, high)
