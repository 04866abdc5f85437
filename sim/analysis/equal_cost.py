"""What an equal-cost comparison rests on: the budget, the prices, the factor of every scenario, and who misses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

from sim.analysis import country
from sim.analysis.table import Table, amount, as_text, matrix

PRICES = ("low", "mid", "high")


def statement(found: Mapping[str, Any], width: int = 114) -> str:
    """Everything that must be known of an `equal_cost` (of `plan.json` or `--json`) before the tables are read, as text of that width."""
    return "\n\n".join([*(fill(line, width) for line in sentences(found)), as_text(section(found), width)])


def sentences(found: Mapping[str, Any]) -> Iterator[str]:
    """The budget, the rule, and what happened to scenarios that do not cost the budget."""
    usual, prices, budgets = found["baseline"], found["prices"], found["budget_usd_at_prices"]
    others = " and ".join(f"{p} prices (for {dollars(budgets[p])})" for p in PRICES if p != prices)
    yield (
        f"EQUAL COST: {dollars(found['budget_usd_per_year'])} a year more than {usual}, "
        f"{dollars(found['budget_usd'])} in {found['years']:.1f} years, at {prices} prices ({found['basis']})."
    )
    yield (
        f"The difference between a scenario and {usual} is multiplied by one factor, in every week and within what "
        f"each lever allows, until the scenario costs that much more. Prices are known only as ranges; "
        f"the factors at {others} are below."
    )
    for row in found["scenarios"]:
        if row["status"] == "not reachable":
            yield (
                f"{row['scenario']}: the budget is not reachable; at most {dollars(row['usd'])} can be spent this way, "
                "and that is what is compared."
            )
        elif row["status"] == "no extra cost":
            less = f"{dollars(-row['usd'])} less than" if row["usd"] < 0 else "no more than"
            yield f"{row['scenario']}: costs {less} {usual} and is compared as written."
    if prices != "mid":
        yield "The trade-off tables count costs at mid prices, at which these scenarios do not cost the same."


def section(found: Mapping[str, Any]) -> Table:
    """Factors and costs, one column per scenario."""
    rows = found["scenarios"]
    lines = [
        ["Factor", "", *(f"{row['factor']:.4g}" for row in rows)],
        [f"Extra cost, {found['prices']} prices", country.currency(), *(amount(row["usd"]) for row in rows)],
        ["  as written, factor 1", country.currency(), *(amount(row["usd_as_written"]) for row in rows)],
    ]
    lines += [
        [f"Factor at {prices} prices", "", *(_factor(row["solutions"][prices]) for row in rows)]
        for prices in PRICES
        if prices != found["prices"]
    ]
    return matrix("Factors and costs", "", [row["scenario"] for row in rows], lines)


def dollars(value: float) -> str:
    """An amount in words: "US$ 1.25 bn", "US$ 325 million"."""
    return f"{country.currency()} {amount(value, sign='')}"


def _factor(solution: Mapping[str, Any]) -> str:
    return f"{solution['factor']:.4g}" if solution["status"] == "met" else str(solution["status"])
