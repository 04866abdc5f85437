"""The options of an equal-cost comparison."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from sim.experiment.budget import Budget, EqualCost
    from sim.experiment.scaling import Prices
    from sim.scenario import Scenario

MISSING_FLAG = "--budget and --prices need --equal-cost"


class Wish(NamedTuple):
    """What is set equal; no budget = what the militarized scenario costs."""

    budget: Budget | None
    prices: Prices

    def grant(self, scenarios: list[Scenario]) -> EqualCost:
        """Scale the scenarios after the first."""
        from sim.experiment.budget import equal_cost  # noqa: PLC0415

        return equal_cost(scenarios, self.budget, self.prices)


def _budget(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--budget",
        callback=read,
        metavar="merida|deployment|USD",
        help="Extra cost, US$ a year over the run.  [default: what the militarized scenario costs]",
    )(function)


def _prices(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--prices",
        type=click.Choice(["low", "mid", "high"]),
        help="At which cost is equal; the tables count mid prices.  [default: mid]",
    )(function)


def always(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--budget`, `--prices` and `--as-written`; the function gets them as `wish`, None = as written."""

    @click.option("--as-written", is_flag=True, help="Compare the scenarios as they are, whatever they cost.")
    @_budget
    @_prices
    @wraps(function)
    def with_wish(*, as_written: bool, budget: Budget | None, prices: Prices | None, **given: Any) -> Any:  # noqa: ANN401
        if (budget or prices) and as_written:
            raise click.UsageError("--budget and --prices scale scenarios, --as-written leaves them as they are")
        return function(wish=None if as_written else Wish(budget, prices or "mid"), **given)

    return with_wish


def option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--equal-cost`, `--budget`, `--prices`; the function gets them as `wish`, None without the first."""

    @click.option(
        "--equal-cost",
        is_flag=True,
        help="Scale every scenario's difference from business as usual until all cost the same.",
    )
    @_budget
    @_prices
    @wraps(function)
    def with_wish(*, equal_cost: bool, budget: Budget | None, prices: Prices | None, **given: Any) -> Any:  # noqa: ANN401
        if (budget or prices) and not equal_cost:
            raise click.UsageError(MISSING_FLAG)
        return function(wish=Wish(budget, prices or "mid") if equal_cost else None, **given)

    return with_wish


def read(ctx: click.Context, param: click.Parameter, text: str | None) -> Budget | None:
    """The budget of that name, or of so many US$ a year.

    Raises:
        BadParameter: neither.
    """
    if text is None:
        return None
    from sim.experiment.budget import BUDGETS, Budget  # noqa: PLC0415
    from sim.scenario.problems import suggest  # noqa: PLC0415

    if text in BUDGETS:
        return BUDGETS[text]
    try:
        usd = float(text)
    except ValueError:
        usd = math.nan
    if not 0.0 < usd < math.inf:
        hint = suggest(text, BUDGETS) or f"give {', '.join(BUDGETS)} or an amount such as 1e9"
        raise click.BadParameter(f"'{text}' is no amount of US$ a year; {hint}", ctx, param)
    return Budget(usd, "as asked for")
