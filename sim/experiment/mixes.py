"""Mixes of levers that all cost the same: how extra money is split and from when, and the search for the mixes that do most.

A mix only adds to what business as usual does: every lever gets so much more from a day on. What a lever cannot take, because it meets
its bound, the others of the mix get. Cost follows from the schedules alone, so that a mix is known to fit the budget before it is run.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice
from typing import Any, NamedTuple

import numpy as np

from sim.catalogue.installed import pip_install
from sim.catalogue.levers import LEVERS
from sim.catalogue.push import Array
from sim.experiment.budget import PRICES, Difference, Prices
from sim.experiment.errors import PlanError
from sim.model.policy import Places
from sim.scenario.changes import Change, apply
from sim.scenario.scenario import LeverPlan, Scenario

BATCH = 10  # mixes that are tried side by side, before the search learns of them
PATIENCE = 3  # times as many mixes may be proposed as are tried: others were tried before
DIGITS = 4  # of an intensity: a budget is met to a twentieth of one per cent
STAKE = 0.5  # of a lever's coordinate, below which it gets nothing, so that a mix has half of the levers on average
LEAST = 0.05  # of a claim, so that no lever gets next to nothing
LAST_START = 0.5  # share of the run in which levers may begin, at the turns of its years


class Mix(NamedTuple):
    """One way to spend the budget."""

    scenario: Scenario  # business as usual with more of some levers; its name is a question that `compare` takes
    amounts: Mapping[str, float]  # lever -> what is added to its intensity
    begins: Mapping[str, date]  # lever -> first day on which it is
    shares: Mapping[str, float]  # lever -> part of the extra cost, which add up to 1
    usd: Array  # extra cost over the run at low, mid and high prices, (3,)
    spending: Array  # part of the extra cost by lever and year of the run, (L, N): mixes are as unlike as these are

    def distance(self, other: Mix) -> float:
        """Part of the money that is spent on another lever or in another year."""
        return float(np.abs(self.spending - other.spending).sum() / 2)

    @property
    def thin(self) -> list[str]:
        """Levers of it whose evidence is thin."""
        return [name for name in self.amounts if LEVERS[name].evidence == "thin"]


class Trial(NamedTuple):
    """A mix and what it does to each outcome, turned so that less is better, (K,)."""

    mix: Mix
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Purse:
    """Money to be split between levers."""

    usual: Scenario  # business as usual
    levers: tuple[str, ...]  # that may get some, L
    days: tuple[date, ...]  # on which a lever may begin, Y
    budget: float  # US$ over the run
    prices: Prices  # at which all mixes cost the same
    unit: Array  # US$ over the run of intensity 1 more, by lever, day and prices, (L, Y, 3)
    room: Array  # what may be added to a lever from a day on, (L, Y)

    @classmethod
    def of(cls, usual: Scenario, levers: Sequence[str], budget: float, places: Places, prices: Prices = "mid") -> Purse:
        """A purse for one scenario. Raises PlanError: all levers together cannot spend the budget."""
        days = tuple(
            usual.start if year == 0 else usual.start.replace(year=usual.start.year + year, day=1)
            for year in range(max(1, int(usual.years * LAST_START)))
        )
        unit, room = np.zeros((len(levers), len(days), len(PRICES))), np.zeros((len(levers), len(days)))
        for row, lever in enumerate(levers):
            one = 1e-3 * LEVERS[lever].high
            for column, day in enumerate(days):
                more = Difference.between(usual, _added(usual, {lever: one}, {lever: day}), places)
                unit[row, column] = more.change.sum(axis=1) @ more.price / one
                room[row, column] = (more.high - more.base)[more.change > 0].min(initial=np.inf)
        purse = cls(usual, tuple(levers), days, budget, prices, unit, np.where(np.isfinite(room), np.maximum(room, 0.0), 0.0))
        most = float(purse.most[:, 0].sum())
        if most < budget:
            message = f"{', '.join(levers)} together can spend US$ {most / usual.years:,.4g} a year more, not {budget / usual.years:,.4g}"
            raise PlanError(message, field="budget", hint="ask for less, or name more levers")
        return purse

    @property
    def most(self) -> Array:
        """US$ over the run that each lever can take from each day on, (L, Y)."""
        return self.room * self.unit[..., PRICES.index(self.prices)]

    def mix(self, weights: Mapping[str, float], starts: Mapping[str, int]) -> Mix | None:
        """The mix that splits the budget by `weights`, claims of levers that begin on days `starts`; None if they cannot spend it."""
        rows = [row for row, name in enumerate(self.levers) if weights[name] > 0]
        columns = [starts[self.levers[row]] for row in rows]
        claim = np.array([weights[self.levers[row]] for row in rows])
        most, unit = self.most[rows, columns], self.unit[rows, columns]
        stops = np.sort(most / claim)  # where the next lever is full
        spent = np.minimum(most, stops[:, None] * claim).sum(axis=1)
        if spent[-1] < self.budget * (1 - 1e-9):
            return None
        usd = np.minimum(most, np.interp(self.budget, [0.0, *spent], [0.0, *stops]) * claim)
        amounts = np.minimum([float(f"{x:.{DIGITS}g}") for x in usd / unit[:, PRICES.index(self.prices)]], self.room[rows, columns])
        names = [self.levers[row] for row in rows]
        added = dict(zip(names, amounts.tolist(), strict=True))
        begins = {name: self.days[column] for name, column in zip(names, columns, strict=True)}
        spending = np.zeros((len(self.levers), max(1, round(self.usual.years))))
        for row, column, part in zip(rows, columns, usd / self.budget, strict=True):
            spending[row, column:] = part / (spending.shape[1] - column)
        shares = dict(zip(names, (usd / self.budget).tolist(), strict=True))
        return Mix(_added(self.usual, added, begins), added, begins, shares, amounts @ unit, spending)

    def alone(self, lever: str) -> Mix | None:
        """All of it for one lever from the first day; None if that cannot spend it."""
        return self.mix({name: float(name == lever) for name in self.levers}, dict.fromkeys(self.levers, 0))


Run = Callable[[Sequence[Mix]], Sequence[tuple[float, ...]]]


def search(purse: Purse, outcomes: int, trials: int, seed: int, run: Run) -> list[Trial]:
    """Propose mixes, learn what they do, propose better ones: the same seed and answers, the same mixes.

    Every lever alone, all in equal parts and pairs are tried first, from the first day on. The search is Optuna's tree-structured Parzen
    estimator for several outcomes (Ozaki and others 2022). `run` gives the outcomes of some mixes, turned so that less is better.
    Raises PlanError: Optuna is not installed.
    """
    try:
        import optuna  # noqa: PLC0415  an extra
    except ImportError as error:
        raise PlanError("needs Optuna", field="frontier", hint=pip_install("frontier")) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space: dict[str, Any] = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in purse.levers}
    space |= {_start(name): optuna.distributions.IntDistribution(0, len(purse.days) - 1) for name in purse.levers}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(seed=seed % 2**32, constant_liar=True)
    study = optuna.create_study(directions=["minimize"] * outcomes, sampler=sampler)
    pairs = islice(combinations(purse.levers, 2), trials // 4)
    for first in (*((name,) for name in purse.levers), purse.levers, *pairs):
        study.enqueue_trial({name: float(name in first) for name in purse.levers} | {_start(name): 0 for name in purse.levers})
    found: dict[str, Trial] = {}
    while len(found) < trials and len(study.trials) < PATIENCE * trials:
        asked = [study.ask(space) for _ in range(min(BATCH, trials - len(found)))]
        mixes = [_affordable(purse, trial.params) for trial in asked]
        for trial, mix, values in zip(asked, mixes, run(mixes), strict=True):
            study.tell(trial, list(values))
            found.setdefault(mix.scenario.name, Trial(mix, values))
    return list(found.values())


def _start(lever: str) -> str:
    return f"{lever} from"


def _affordable(purse: Purse, at: Mapping[str, Any]) -> Mix:
    """The mix at a point of the search: levers with a stake split the money.

    Where they cannot spend it all, those without one help out, the one nearest to having a stake first; in the end all begin at once.
    """
    weights = {name: at[name] - STAKE if at[name] >= STAKE + LEAST else 0.0 for name in purse.levers}
    starts = {name: at[_start(name)] for name in purse.levers}
    others = sorted((name for name in purse.levers if not weights[name]), key=lambda name: at[name])
    while True:
        found = purse.mix(weights, starts) if any(weights.values()) else None
        if found:
            return found
        if others:
            weights[others.pop()] = LEAST
        else:
            starts = dict.fromkeys(purse.levers, 0)


def _added(usual: Scenario, amounts: Mapping[str, float], begins: Mapping[str, date]) -> Scenario:
    """Business as usual with so much more of some levers, as a question says it."""
    policy = list(usual.policy)
    for lever, amount in amounts.items():
        change = Change(LeverPlan(lever, ()), "plus", ((None, amount),), begins[lever])
        mine = apply(change, [plan for plan in policy if plan.lever == lever], usual.start, ())
        policy = [*(plan for plan in policy if plan.lever != lever), *mine]
    since = {lever: "" if day == usual.start else f" from {day:%Y-%m}" for lever, day in begins.items()}
    name = " and ".join(f"{lever}+{amount:.{DIGITS}g}{since[lever]}" for lever, amount in amounts.items())
    policy = sorted(policy, key=lambda plan: plan.lever)
    return replace(usual, name=name, title=name, question=f"What if {name}?", policy=tuple(policy), sweep=None, origins={})
