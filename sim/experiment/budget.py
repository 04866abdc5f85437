"""Equal cost: every alternative's difference from business as usual, scaled until it costs the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple

from sim.catalogue.levers import LEVERS
from sim.catalogue.push import Array
from sim.catalogue.year import WEEKS
from sim.experiment.errors import PlanError
from sim.experiment.scaling import PRICES, Difference, Prices, Solution
from sim.model.policy import Places
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario

# US$ million for Mexico by fiscal year, gao2010 and crs_r40135; from 2010 on recalled, 15 % either way. The years after
# were smaller: some 3,300 in all until 2021.
MERIDA = {2008: 400, 2009: 300 + 420, 2010: 210, 2011: 143, 2012: 282, 2013: 195}
TROOPS = LEVERS["military_deployment"]


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
            "scenarios": [self._row(share) for share in self.shares],
        }

    def _row(self, share: Share) -> dict[str, Any]:
        return {
            "scenario": share.scenario.name,
            **share.solutions[self.prices]._asdict(),
            "usd_as_written": float(share.written[PRICES.index(self.prices)]),
            "usd_at_prices": dict(zip(PRICES, share.usd.tolist(), strict=True)),
            "solutions": {prices: solution._asdict() for prices, solution in share.solutions.items()},
        }


def equal_cost(scenarios: Sequence[Scenario], budget: Budget | None = None, prices: Prices = "mid") -> EqualCost:
    """Scale every alternative to business as usual, which comes first, to one budget at some prices.

    Without a budget it is what the first alternative costs that spends mostly on militarized levers.

    Raises:
        PlanError: worlds or horizons differ, or no scenario sets the budget.
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
    return EqualCost(usual, prices, spend, basis, tuple(_share(one, spend, prices) for one in differences))


def _share(difference: Difference, spend: Mapping[Prices, float], prices: Prices) -> Share:
    solutions = {level: difference.solve(spend[level], level) for level in PRICES}
    factor = solutions[prices].factor
    return Share(difference.scaled(factor), difference.cost(), difference.cost(factor), solutions)


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
