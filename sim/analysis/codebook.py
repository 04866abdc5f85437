"""What every column of the result tables means: generated from the catalogue and the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from sim.analysis.csv_text import csv_text
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.records import LABELS

ANY = "*"
SIMULATED, RECORDED = "simulated", "recorded"
PLAIN = {
    (ANY, "run_id"): "one run: a hash of model version, scenario and seed; `cartelitos rerun` repeats it",
    (ANY, "scenario"): "name of the scenario",
    (ANY, "point"): "design point of a sweep; 0 without one",
    (ANY, "replicate"): "number of the replicate; equal numbers share world and luck in every scenario",
    ("series", "month"): "first day of the month",
    ("series", "days"): "simulated days of the month",
    ("events", "date"): "day of the event, to the week",
    ("events", "kind"): "removal, removal_failed, succession, split, war, truce, absorbed, dissolved, ...",
    ("events", "cartel"): "group concerned",
    ("events", "other"): "the other group, if any",
    ("events", "territory"): "place, if any",
    ("events", "size"): "how many, by kind: members of a split or an absorbed group, for instance",
    ("events", "cause"): "what brought it about, or how a leader fell",
    ("genealogy", "cartel"): "group",
    ("genealogy", "parent"): "group it split from; empty for those of the start",
    ("genealogy", "root"): "founder of its line",
    ("genealogy", "born"): "first day",
    ("genealogy", "died"): "last day; empty if it outlived the run",
    ("genealogy", "origin"): "how it came to be",
    ("genealogy", "peak_members"): "most members it ever had",
    ("genealogy", "cell"): "whether it ended as a cell without trafficking access",
    ("runs", "seed"): "seed of the replicate",
    ("runs", "seconds"): "wall time of the run",
    ("runs", "status"): "ok or failed",
    ("runs", "error"): "what went wrong",
    ("runs", "traceback"): "where it went wrong",
    ("runs", "family"): "family of plausible worlds that the parameters were drawn from",
    ("runs", "warnings"): "what the model said about the run, joined by ' | '",
    ("comparison", "baseline"): "reference: the scenario that is business as usual, or first-year",
    ("comparison", "metric"): "metric compared, a column of the series",
    ("comparison", "window"): "first and last month",
    ("comparison", "n"): "paired worlds",
    ("comparison", "mean"): "mean over worlds; a flow's sum over the window, or its yearly rate against the first year",
    ("comparison", "difference"): "mean paired difference from the reference, in the metric's unit",
    ("comparison", "low"): "lower end of its 95 % interval",
    ("comparison", "high"): "upper end of its 95 % interval",
    ("comparison", "share_worse"): "share of worlds in which the metric got worse; a tie is not worse",
    ("comparison", "cost_usd"): "mean cost beyond business as usual over the window",
    ("comparison", "percent"): "ratio of the means less one, times 100",
    ("comparison", "percent_low"): "lower end of its 95 % interval",
    ("comparison", "percent_high"): "upper end of its 95 % interval",
    ("comparison", "per_billion"): "difference per US$ billion of extra cost, against business as usual only",
    ("comparison", "correlation"): "within pairs; the higher, the more the pairing narrows the interval",
    ("comparison", "needed"): "replicates for an interval of +-5 % of the reference",
}
UNITS = {"days": "days", "seconds": "seconds", "peak_members": "people", "cost_usd": "US$", "share_worse": "share"} | dict.fromkeys(
    ("percent", "percent_low", "percent_high"), "%"
)


class Entry(NamedTuple):
    """One column of one table."""

    table: str
    column: str
    type: str
    unit: str
    kind: str  # flow, stock, or empty
    better: str  # less, more, neither, or empty
    title: str
    meaning: str
    source: str  # keys of `cartelitos list sources`, FITTED, ASSUMED, a note, or "simulated"


def codebook(tables: Mapping[str, pa.Schema]) -> Iterator[Entry]:
    """An entry per column of the exported tables, by name of table."""
    for table, schema in tables.items():
        for field in schema:
            yield Entry(table, field.name, str(field.type), *_about(table, field.name))


def to_csv(entries: Iterator[Entry]) -> str:
    """The text of `codebook.csv`."""
    return csv_text(Entry._fields, entries)


def _about(table: str, column: str) -> tuple[str, str, str, str, str, str]:
    """Unit, kind, better direction, title, meaning and source of a column."""
    if table == "series" and column in METRICS:
        return _metric(column, "")
    kind, _, name = column.partition(".")
    if kind == "total":
        return _total(name)
    if kind == "parameter":
        return _parameter(name)
    meaning = PLAIN.get((ANY, column)) or PLAIN[table, column]
    return UNITS.get(column, ""), "", "", column.replace("_", " "), meaning, RECORDED if column in LABELS else SIMULATED


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
    return constant.unit, "", "", name.replace("_", " "), constant.meaning, constant.source
