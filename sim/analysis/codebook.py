"""What every column of the result tables means: generated from the catalogue and the tables themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.records import LABELS
from sim.words import section

ANY = "*"
LONGEST = 32  # characters of a name in Stata
SHORT = {"parameter.effect.": "e_", "parameter.": "p_", "total.cost.": "c_", "total.": "t_"}  # beginnings of columns, there
SIMULATED, RECORDED = "simulated", "recorded"


class Entry(NamedTuple):
    """One column of one table."""

    table: str
    column: str
    stata: str  # its name in Stata, at most 32 characters
    type: str
    unit: str
    kind: str  # flow, stock, or empty
    better: str  # less, more, neither, or empty
    title: str
    meaning: str
    source: str  # keys of `cartelitos list sources`, FITTED or ASSUMED and why, a note, or "simulated"


def codebook(tables: Mapping[str, pa.Schema]) -> Iterator[Entry]:
    """An entry per column of the exported tables, by name of table."""
    for table, schema in tables.items():
        short = stata_names(schema.names)
        for field in schema:
            yield Entry(table, field.name, short[field.name], str(field.type), *_about(table, field.name))


def stata_names(columns: Iterable[str]) -> dict[str, str]:
    """A name for each column that Stata takes: letters, digits and underscores, at most 32, no two alike."""
    names: dict[str, str] = {}
    for column in columns:
        kind = next((long for long in SHORT if column.startswith(long)), "")
        plain = re.sub(r"\W", "_", SHORT.get(kind, "") + column.removeprefix(kind), flags=re.ASCII)
        name, number = plain[:LONGEST], 1
        while name in names.values():
            number += 1
            name = f"{plain[: LONGEST - len(str(number)) - 1]}_{number}"
        names[column] = name
    return names


def _about(table: str, column: str) -> tuple[str, str, str, str, str, str]:
    """Unit, kind, better direction, title, meaning and source of a column."""
    if table == "series" and column in METRICS:
        return _metric(column, "")
    kind, _, name = column.partition(".")
    if kind == "total" and name:
        return _total(name)
    if kind == "parameter":
        return _parameter(name)
    told = section("codebook", "en")
    meaning = told[ANY].get(column) or told[table][column]
    unit = section("codebook units", "en").get(column, "")
    return unit, "", "", column.replace("_", " "), meaning, RECORDED if column in LABELS else SIMULATED


def _metric(name: str, over: str) -> tuple[str, str, str, str, str, str]:
    metric = METRICS[name]
    return metric.unit, metric.kind, metric.better, metric.title, metric.meaning + over, SIMULATED


def _total(name: str) -> tuple[str, str, str, str, str, str]:
    """The sum of a flow, the last value of a stock, or what a lever cost."""
    kind, _, lever = name.partition(".")
    if kind == "cost" and lever in LEVERS:
        known = LEVERS[lever]
        return "US$", "flow", "neither", known.title, f"cost of {lever} over the run", known.cost_note
    return _metric(name, " Over the run." if METRICS[name].kind == "flow" else " At the end of the run.")


def _parameter(name: str) -> tuple[str, str, str, str, str, str]:
    """A constant of the run's world, or the drawn effect of a lever."""
    kind, _, lever = name.partition(".")
    if kind == "effect" and lever in LEVERS:
        drawn = LEVERS[lever]
        return "", "", "", drawn.title, f"effect of {lever} in this world: {drawn.effect_note}", " ".join(drawn.sources)
    constant = PARAMETERS[name]
    return constant.unit, "", "", name.replace("_", " "), constant.meaning, ": ".join(filter(None, (constant.source, constant.why)))
