"""One run as rows of the result tables; every table begins with `run_id, scenario, point, replicate`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sim.experiment.specs import RunSpec
from sim.model.log import Texts

if TYPE_CHECKING:
    from sim.model.run import Outcome

LABELS = {"run_id": pa.string(), "scenario": pa.string(), "point": pa.int32(), "replicate": pa.int32()}
# of a place: homicides, and of them all but background ones; predation's take, groups and members, null in the panel of twin worlds
LOCAL = ("homicides", "organised", "taken_usd", "groups", "members")

EVENTS = {"date": pa.date32(), **dict.fromkeys(("kind", "cartel", "other", "territory"), pa.string())}
EVENTS |= {"size": pa.int64(), "cause": pa.string()}
GENEALOGY = {**dict.fromkeys(("cartel", "parent", "root"), pa.string()), "born": pa.date32(), "died": pa.date32()}
GENEALOGY |= {"origin": pa.string(), "peak_members": pa.int64(), "cell": pa.bool_()}

REMOVALS = {
    "removal": pa.int32(),  # number within the run
    "date": pa.date32(),
    "cartel": pa.string(),
    "territory": pa.string(),
    "rank": pa.string(),
    "mode": pa.string(),
    "contested": pa.int32(),  # percent; null without a succession
    "side": pa.string(),  # of its wars: weak, strong, peace
    "members": pa.int64(),
    "plazas": pa.int32(),
    "groups": pa.int32(),  # in the territory
}

TWINS = {
    "removal": pa.int32(),
    "where": pa.string(),
    "month": pa.int32(),  # since the removal; 0 is the last before it
} | {f"{name}{twin}": pa.float32() for twin in ("", "_spared") for name in LOCAL}

PANEL = {"territory": pa.string(), "month": pa.date32()} | dict.fromkeys(LOCAL, pa.float32())

RUN = {"seed": pa.uint64(), "seconds": pa.float64(), **dict.fromkeys(("status", "error", "traceback", "family"), pa.string())}
RUN |= {"warnings": pa.list_(pa.string())}

EMPTY = {
    "series": {"month": pa.date32(), "days": pa.float64()},
    "events": EVENTS,
    "genealogy": GENEALOGY,
    "runs": RUN,
    "removals": REMOVALS,
    "twins": TWINS,
    "panel": PANEL,
}


WHOSE = b"labels"  # of the rows of a stream: in its metadata, as they are the same for all
NUMBERS = "numbers"  # in which `runs` travels: what becomes a column each
FEW = 1000  # rows of a run below which a table of many runs is copied into one piece, for the writer's sake


def finished(spec: RunSpec, outcome: Outcome, seconds: float) -> dict[str, bytes]:
    """The tables of a run that succeeded, by kind, packed.

    `runs` has one column `parameter.<name>` per value the replicate drew and one `total.<metric>` per metric: the sum
    of a flow, the last value of a stock.
    """
    values = {f"parameter.{name}": value for name, value in outcome.parameters.items()}
    values |= {f"total.{name}": value for name, value in outcome.totals.items()}
    series = {"month": outcome.months.astype("datetime64[D]"), "days": outcome.days, **outcome.series}
    lines: Iterable[Any] = zip(*outcome.genealogy, strict=True) if outcome.genealogy else ((),) * len(GENEALOGY)
    row = (spec.seed, seconds, "ok", "", "", outcome.family, outcome.warnings)
    tables = {
        "series": _columns(EMPTY["series"] | dict.fromkeys(outcome.series, pa.float64()), series),
        "events": _columns(EVENTS, outcome.events.columns()),
        "genealogy": _columns(GENEALOGY, dict(zip(GENEALOGY, lines, strict=True))),
        "runs": _run(row, values),
    }
    for kind, columns in outcome.tables.items():
        rows = len(next(iter(columns.values()), ()))
        tables[kind] = _columns(EMPTY[kind], {name: [None] * rows for name in EMPTY[kind]} | dict(columns))
    return {kind: _pack(spec, columns) for kind, columns in tables.items()}


def failed(spec: RunSpec, seconds: float, error: str, traceback: str) -> dict[str, bytes]:
    """The only row of a run that failed, packed."""
    return {"runs": _pack(spec, _run((spec.seed, seconds, "failed", error, traceback, "", []), {}))}


def unpack(stream: bytes) -> pa.Table:
    """The table of one run, texts as texts."""
    table = join([stream])
    coded = (field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in table.schema)
    return table.cast(pa.schema(coded))


def join(streams: Sequence[bytes]) -> pa.Table:
    """The rows of several runs, packed tables of one kind, as one table; texts are still numbers into dictionaries that all rows share."""
    tables = [pa.ipc.open_stream(stream).read_all() for stream in streams]
    labels = _labels([json.loads(table.schema.metadata[WHOSE]) for table in tables], [table.num_rows for table in tables])
    table = pa.concat_tables(tables, promote_options="default")
    if table.num_rows < FEW * len(tables):
        table = table.combine_chunks()
    columns = dict(zip(table.column_names, table.unify_dictionaries().columns, strict=True))
    if NUMBERS in columns:
        columns |= _apart(columns.pop(NUMBERS).combine_chunks())
    return pa.table(labels | columns)


def _pack(spec: RunSpec, columns: Mapping[str, pa.Array]) -> bytes:
    """Columns as an Arrow stream: one block of bytes travels between processes far faster than many columns.

    Texts are numbers into a dictionary there, so that whoever writes them to disk need not look at each.
    """
    schema = pa.schema([(name, column.type) for name, column in columns.items()], {WHOSE: json.dumps(spec.labels)})
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, schema) as writer:
        writer.write_batch(pa.record_batch(list(columns.values()), schema=schema))
    return bytes(stream.getvalue())


def _labels(runs: Sequence[Mapping[str, Any]], rows: Sequence[int]) -> dict[str, pa.Array]:
    """The first columns: the labels of every run as often as it has rows."""
    run = pa.array(np.repeat(np.arange(len(runs), dtype=np.int32), rows))
    columns = _columns(LABELS, {name: [labels[name] for labels in runs] for name in LABELS})
    return {name: column.take(run) for name, column in columns.items()}


def _apart(numbers: pa.MapArray) -> dict[str, pa.Array]:
    """A column per number, in order of appearance; null where a run has no such number."""
    keys = numbers.keys.dictionary_encode()
    row = np.repeat(np.arange(len(numbers)), np.diff(numbers.offsets))
    values, none = np.zeros((len(keys.dictionary), len(numbers))), np.ones((len(keys.dictionary), len(numbers)), bool)
    values[keys.indices, row], none[keys.indices, row] = numbers.items, False
    return {name: pa.array(values[i], mask=none[i], from_pandas=False) for i, name in enumerate(keys.dictionary.to_pylist())}


def empty(kind: str) -> pa.Table:
    """A table without rows."""
    return pa.schema({**LABELS, **EMPTY[kind]}).empty_table()


def _run(row: tuple[Any, ...], values: Mapping[str, float]) -> dict[str, pa.Array]:
    """One row of `runs`: the columns of RUN, then all numbers in one column; as many columns would cost more than what they hold."""
    columns = {name: pa.array([value], kind) for (name, kind), value in zip(RUN.items(), row, strict=True)}
    return columns | {NUMBERS: pa.array([list(values.items())], pa.map_(pa.string(), pa.float64()))}


def _columns(schema: Mapping[str, pa.DataType], columns: Mapping[str, Any]) -> dict[str, pa.Array]:
    """The columns of `schema`; texts as numbers into a dictionary."""
    found = {}
    for name, kind in schema.items():
        if isinstance(values := columns[name], Texts):
            found[name] = pa.DictionaryArray.from_arrays(pa.array(values.code), pa.array(values.text, kind))
        else:
            column = pa.array(values, kind)
            found[name] = column.dictionary_encode() if kind == pa.string() else column
    return found
