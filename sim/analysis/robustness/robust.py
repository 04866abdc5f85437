"""Policies over the plausible set: who comes out best in how many worlds, by family, and how much worse the others do.

Every outcome is judged by itself. Nothing is added up over outcomes and no policy is called right.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Mapping, Sequence
from importlib.util import find_spec
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.analysis.ensemble import Ensemble, PairingError
from sim.analysis.paired import COST, Array, half_width
from sim.analysis.table import plain
from sim.catalogue.installed import pip_install
from sim.catalogue.metrics import HEADLINE, METRICS

NO_WORKBENCH = f"the rule for when a ranking flips needs the EMA workbench: {pip_install('robust')}"
MOST = 2  # conditions of a rule that can be kept in mind
FEWEST = 6  # worlds of either kind in the half from which a rule is learnt
CHANCE = 0.05  # probability of a success by luck from which a rule is not believed
MASS = 0.1  # least share of worlds a rule speaks about
OUTCOMES = tuple(name for name in HEADLINE if METRICS[name].better != "neither" and not name.startswith(COST))
HIGH = 90.0  # percentile of regret that is shown
ALL = "all"  # families together


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
    share, rate = float(flips[learn][inside[learn]].mean()), float(flips.mean())
    held_back = float(unseen.mean()) if unseen.size else None
    coverage = float(inside[judge][flips[judge]].mean()) if flips[judge].any() else None
    luck = tail(int(unseen.sum()), int(unseen.size), rate)
    return Rule(tuple(conditions), share, rate, held_back, int(unseen.size), coverage, luck)


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


class Worlds(NamedTuple):
    """What is known of every replicate."""

    families: NDArray[np.str_]  # of the replicates' parameter vectors, (R,)
    parameters: Mapping[str, Array]  # values that differ between replicates, by name, (R,) each

    @property
    def groups(self) -> dict[str, NDArray[np.bool_]]:
        """Members of all worlds and, where there are several, of every family."""
        names = sorted(set(self.families.tolist()))
        own = {name: self.families == name for name in names} if len(names) > 1 else {}
        return {ALL: np.ones(self.families.size, bool)} | own


class Standing(NamedTuple):
    """How a scenario does in one outcome and family."""

    scenario: str  # its name
    metric: str  # the outcome
    family: str  # "split", "entry", ..., or ALL
    n: int  # worlds
    won: float  # share of worlds in which it is best; worlds with several best ones are shared out
    regret: float  # how much worse it is than the best of the same world, mean, in the metric's unit; 0 = always best
    regret_high: float  # the same in the worst tenth of worlds
    regret_percent: float | None  # mean regret in percent of the mean of the best


class Verdict(NamedTuple):
    """Which scenario is best in an outcome on average, which comes next, and where that is the other way round."""

    metric: str  # the outcome
    first: str  # best mean
    second: str  # next best mean
    gap: float  # `second` less `first`, mean, in the metric's unit
    low: float | None  # its 95 % interval
    high: float | None  # the same
    reversed: NDArray[np.bool_]  # worlds in which `second` beats `first`, (R,)


def worlds(runs: pa.Table, ensemble: Ensemble, levers: Collection[str] = ()) -> Worlds:
    """Families and drawn values of an ensemble's replicates, from the runs table; effect sizes only of the named levers."""
    first = {replicate: row for row, replicate in reversed([*enumerate(runs.column("replicate").to_pylist())])}
    rows = runs.take(pa.array([first[int(replicate)] for replicate in ensemble.replicates], pa.int64()))
    columns = (name for name in rows.column_names if name.startswith("parameter."))
    values = {name.removeprefix("parameter."): rows.column(name).to_numpy().astype(np.float64) for name in columns}
    idle = {name for name in values if name.startswith("effect.") and name.removeprefix("effect.") not in levers}
    return Worlds(
        np.array([str(family) for family in rows.column("family").to_pylist()]),
        {name: column for name, column in values.items() if name not in idle and np.unique(column).size > 1},
    )


def standings(ensemble: Ensemble, found: Worlds, metrics: Sequence[str] = OUTCOMES, months: slice = slice(None)) -> list[Standing]:
    """Shares won and regret, by outcome, family and scenario."""
    rows = []
    for metric in metrics:
        badness = _badness(ensemble, metric, months)
        best = badness.min(axis=0)
        winners = badness == best
        won, regret = winners / winners.sum(axis=0), badness - best
        for family, members in found.groups.items():
            level = float(np.abs(best[members]).mean())
            for index, scenario in enumerate(ensemble.arms):
                own = regret[index, members]
                mean, high = float(own.mean()), float(np.percentile(own, HIGH))
                numbers = (int(members.sum()), float(won[index, members].mean()), mean, high, 100 * mean / level if level else None)
                rows.append(Standing(scenario, metric, family, *numbers))
    return rows


def verdict(ensemble: Ensemble, metric: str, months: slice = slice(None)) -> Verdict | None:
    """The two best scenarios of an outcome; None where two arms do not differ in any world, or there is one only."""
    badness = _badness(ensemble, metric, months)
    if len(ensemble.arms) < 2:
        return None
    first, second = np.argsort(badness.mean(axis=1), kind="stable")[:2]
    gap = badness[second] - badness[first]
    if not gap.any():
        return None
    sign = -1.0 if METRICS[metric].better == "more" else 1.0
    half, mean = half_width(gap), float(gap.mean())
    low, high = (None, None) if np.isnan(half) else sorted((sign * (mean - half), sign * (mean + half)))
    return Verdict(metric, ensemble.arms[first], ensemble.arms[second], sign * mean, low, high, gap < 0)


def judged(metrics: Sequence[str], recorded: Sequence[str]) -> list[str]:
    """The outcomes that can be judged, of those asked for. Raises PairingError: one has no better direction, or was not recorded."""
    for name in metrics:
        if METRICS[name].better == "neither":
            raise PairingError(f"metric {name!r} has no better direction, so that nobody can win it")
        if name not in recorded:
            raise PairingError(f"metric {name!r} was not recorded")
    return list(dict.fromkeys(metrics))


def _badness(ensemble: Ensemble, metric: str, months: slice) -> Array:
    """The outcome per arm and world, (A, R), turned so that less is better."""
    level = ensemble.level(metric, months)
    return -level if METRICS[metric].better == "more" else level


def by_scenario(rows: Sequence[Standing]) -> dict[tuple[str, str], dict[str, Any]]:
    """What `--json` adds to a row of `compare`, by scenario and metric."""
    keyed: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        own = keyed.setdefault((row.scenario, row.metric), {"share_won_by_family": {}})
        if row.family == ALL:
            own |= {"share_won": row.won, "regret": row.regret, "regret_high": row.regret_high, "regret_percent": row.regret_percent}
        else:
            own["share_won_by_family"][row.family] = {"n": row.n, "share_won": row.won}
    return keyed
