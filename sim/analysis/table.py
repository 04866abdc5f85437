"""The trade-off table as text: metrics down, scenarios across, against business as usual and against the first year.

It ranks nothing and adds up no two harms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import floor, isfinite, log10
from textwrap import fill
from typing import Any, NamedTuple

from sim.analysis import country
from sim.analysis.paired import BILLION, COST, TODAY, Row, notes
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.words import texts

MILLION = 1e6
WIDTH = 114  # characters of a line in a terminal
MISSING = "-"

CLOSING = texts("trade-offs", "en")["closing"]
PRICES = ("low", "mid", "high")


class Table(NamedTuple):
    """A table of texts, whose cells may have lines; the first cell of a row names it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = ""  # "numbers": columns line up; "blocks": those that do not fit into a line stand below, "levels": two columns repeated


def render(rows: Sequence[Row], metrics: Sequence[str] = HEADLINE, width: int = WIDTH) -> str:
    """Lay the rows of `compare` out for a terminal; more scenarios than fit in `width` characters go on in a further block."""
    parts = ["\n".join(fill(line, width) for line in opening(rows[0]))]
    parts += [as_text(table, width, f"{number}. ") for number, table in enumerate(sections(rows, metrics), start=1)]
    parts += [fill(CLOSING, width)]
    parts += [fill(f"Note. {note}", width) for note in notes([row for row in rows if row.metric in metrics])]
    return "\n\n".join(parts) + "\n"


def sections(rows: Sequence[Row], metrics: Sequence[str] = HEADLINE) -> Iterator[Table]:
    """The matrices, two lines to a cell; those that compare policies only if there is one."""
    usual = next(row.baseline for row in rows if row.baseline != TODAY)
    found = {(row.scenario, row.baseline, row.metric): row for row in rows}
    names = list(dict.fromkeys(row.scenario for row in rows))
    shown = [metric for metric in metrics if (usual, TODAY, metric) in found and not metric.startswith(COST)]
    policies, under = [name for name in names if name != usual], "\nchange   worse in"
    against = {metric: [found.get((name, usual, metric)) for name in policies] for metric in METRICS}
    if policies:
        title = f"AGAINST BUSINESS AS USUAL ({usual}): what does the policy change?"
        lines = [_changes(found[usual, TODAY, metric], False, against[metric]) for metric in shown]
        yield matrix(title, "usual", [name + under for name in policies], lines)
    title = "AGAINST THE FIRST YEAR (the first twelve months of the same world): is it better than today?"
    lines = [_changes(found[usual, TODAY, metric], True, [found.get((name, TODAY, metric)) for name in names]) for metric in shown]
    yield matrix(title, "first\nyear", [name + under for name in names], lines)
    if policies:
        yield matrix(f"EXTRA COST beyond {usual}, over the whole window", "", policies, list(_costs(against)))
        title = f"CHANGE PER EXTRA {country.currency()} BILLION against {usual} ({MISSING}: no extra cost)"
        yield matrix(title, "", policies, list(_returns(against, shown)))


def matrix(title: str, level: str, scenarios: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    """A column per scenario; every line begins with its name and the level of the reference, or a unit."""
    return Table(title, ("", level, *scenarios), lines, "numbers blocks levels")


def as_text(table: Table, width: int = WIDTH, number: str = "") -> str:
    """A caption over columns, those of numbers, but for the first, set to the right; in blocks of as many as fit, if the kind says so."""
    columns = []
    for place, (head, *rest) in enumerate(zip(table.heads, *table.rows, strict=True)):
        cells = [text.split("\n") for text in (head, *rest)]
        right = place and all(text.lstrip("+-")[:1].isdigit() and "\n" not in text for text in rest if text.strip("-"))
        wide = max(len(line) for own in cells for line in own)
        columns.append([[f"{line:{'>' if right else '<'}{wide}}" for line in own] for own in cells])
    kept = 2 if "levels" in table.kind else 1
    blocks = [columns[:kept]]
    for column in columns[kept:]:
        wide = sum(len(own[0][0]) + 2 for own in blocks[-1]) + len(column[0][0])
        if wide > width and len(blocks[-1]) > kept and "blocks" in table.kind:
            blocks.append(columns[:kept])
        blocks[-1] = [*blocks[-1], column]
    return "\n".join([fill(number + table.caption, width), "\n\n".join("\n".join(_lines(block)) for block in blocks)])


def _lines(block: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """The lines of columns beside each other; a cell of fewer lines than its neighbours is filled up."""
    for cells in zip(*block, strict=True):
        for k in range(max(map(len, cells))):
            yield "  ".join(cell[k] if k < len(cell) else " " * len(cell[0]) for cell in cells).rstrip()


def change(row: Row | None) -> str:
    """A difference in percent of the reference (or, where that is zero, in its unit) and worlds that got worse; below, its interval."""
    if row is None:
        return MISSING
    relative = row.percent is not None
    middle = row.difference if row.percent is None else row.percent
    low, high = (row.percent_low, row.percent_high) if relative else (row.low, row.high)
    span = MISSING if low is None or high is None else f"{signed(low)} to {signed(high)}"
    return f"{signed(middle) + ' %' * relative:9}{_worse(row):>8}\n{span}"


def signed(value: float) -> str:
    """A difference with its sign; a bare 0 only for exact equality."""
    if value == 0:
        return "0"
    return f"{value:+.1f}" if abs(value) < 99.95 else f"{value:+,.0f}"


def quantity(value: float, unit: str, sign: str = "") -> str:
    """A level (`sign` "") or a difference (`sign` "+") with three significant digits; dollars in billions."""
    if value == 0:
        return "0"
    if "US$" in unit:
        return amount(value, sign)
    if abs(value) < 0.01:
        return f"{value:{sign}.4f}"
    if abs(value) < 100:
        return f"{value:{sign}.3g}"
    return f"{round(value, 3 - len(f'{abs(value):.0f}')):{sign},.0f}"


def plain(value: float, digits: int = 4) -> str:
    """A number with so many significant digits, and never with an exponent: 14,480 and 0.00025."""
    if value == 0 or not isfinite(value):
        return f"{value:g}"
    places = digits - 1 - floor(log10(abs(value)))
    text = f"{round(value, places):,.{max(0, places)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: float, sign: str = "+") -> str:
    """US$ in billions, below a tenth of one in millions, below a tenth of those in dollars."""
    if value == 0:
        return "0"
    if abs(value) >= BILLION / 10:
        return f"{value / BILLION:{sign},.2f} bn"
    return f"{value / MILLION:{sign},.3g} million" if abs(value) >= MILLION / 10 else f"{value:{sign},.0f}"


def in_words(text: str, language: str) -> str:
    """What `quantity` gives, in a language."""
    return text.replace(" million", " millones").replace(" bn", " mil millones") if language == "es" else text


def _changes(today: Row, first_year: bool, rows: Sequence[Row | None]) -> list[str]:
    """A metric's level under the reference, business as usual or its first year, and each scenario's change."""
    metric = METRICS[today.metric]
    level = today.mean - today.difference if first_year else today.mean
    unit = country.in_currency(metric.unit) + (" a year" if metric.kind == "flow" else "")
    return [f"{country.title(today.metric)}\n  {unit}", quantity(level, metric.unit), *map(change, rows)]


def _costs(against: Mapping[str, Sequence[Row | None]]) -> Iterator[list[str]]:
    """Extra US$ over the window, in total and by payer."""
    for metric, rows in against.items():
        if metric.startswith(COST) and any(rows):
            cells = [MISSING if row is None or row.total is None else quantity(row.total, "US$", "+") for row in rows]
            yield [country.title(metric), country.currency(), *cells]


def _returns(against: Mapping[str, Sequence[Row | None]], metrics: Iterable[str]) -> Iterator[list[str]]:
    """The change that came with each extra US$ billion over the window, in the metric's own unit."""
    for metric in (name for name in metrics if METRICS[name].better != "neither"):
        unit = METRICS[metric].unit
        yield [country.title(metric), country.in_currency(unit), *(_return(row, unit) for row in against[metric])]


def _return(row: Row | None, unit: str) -> str:
    """Change per extra US$ billion and its interval, the cost taken at its mean."""
    if row is None or row.per_billion is None or row.cost_usd is None:
        return MISSING
    low, high = (row.low, row.high) if row.total is None else (row.total_low, row.total_high)
    ends = [quantity(end / (row.cost_usd / BILLION), unit, "+") for end in (low, high) if end is not None]
    return f"{quantity(row.per_billion, unit, '+')}\n{' to '.join(ends) or MISSING}"


def _worse(row: Row) -> str:
    """In how many worlds the metric got worse: counted while that can be pictured, else in percent."""
    if row.share_worse is None:
        return MISSING
    return f"{round(row.share_worse * row.n)} of {row.n}" if row.n < 100 else f"{100 * row.share_worse:.0f} %"


def opening(row: Row) -> list[str]:
    """How to read the table, in four sentences."""
    worlds = "1 paired world" if row.n == 1 else f"{row.n} paired worlds"
    return [
        f"TRADE-OFFS, {row.window.replace('/', ' to ')}, {worlds}",
        "Every world is simulated under every scenario with the same parameters and the same luck.",
        "Upper line: mean difference in % of the reference; in how many worlds it got worse (a tie is not worse).",
        f'Lower line: 95 % interval of that mean. "0": exactly equal. "{MISSING}": undefined.',
    ]


def statement(found: Mapping[str, Any], width: int = 114) -> str:
    """Everything that must be known of an `equal_cost` (of `plan.json` or `--json`) before the tables are read, as text of that width."""
    return "\n\n".join([*(fill(line, width) for line in cost_sentences(found)), as_text(cost_section(found), width)])


def cost_sentences(found: Mapping[str, Any]) -> Iterator[str]:
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


def cost_section(found: Mapping[str, Any]) -> Table:
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
