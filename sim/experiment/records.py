"""One run as rows of the result tables; every table begins with `run_id, scenario, point, replicate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.experiment.specs import RunSpec

if TYPE_CHECKING:
    from sim.model.run import Outcome

LABELS = {"run_id": pa.string(), "scenario": pa.string(), "point": pa.int32(), "replicate": pa.int32()}

EVENTS = {
    "date": pa.date32(),
    "kind": pa.string(),
    "cartel": pa.string(),
    "other": pa.string(),
    "territory": pa.string(),
    "size": pa.int64(),
    "cause": pa.string(),
}

GENEALOGY = {
    "cartel": pa.string(),
    "parent": pa.string(),
    "root": pa.string(),
    "born": pa.date32(),
    "died": pa.date32(),
    "origin": pa.string(),
    "peak_members": pa.int64(),
    "cell": pa.bool_(),
}

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
    "homicides": pa.float32(),
    "organised": pa.float32(),
    "taken_usd": pa.float32(),
    "groups": pa.float32(),
    "members": pa.float32(),
    "homicides_spared": pa.float32(),
    "organised_spared": pa.float32(),
    "taken_usd_spared": pa.float32(),
    "groups_spared": pa.float32(),
    "members_spared": pa.float32(),
}

PANEL = {
    "territory": pa.string(),
    "month": pa.date32(),
    "homicides": pa.float32(),
    "organised": pa.float32(),  # of them, all but background homicides
    "taken_usd": pa.float32(),  # by predation; this and the stocks below are null in twin worlds
    "groups": pa.float32(),
    "members": pa.float32(),
}

RUN = {
    "seed": pa.uint64(),
    "seconds": pa.float64(),
    "status": pa.string(),
    "error": pa.string(),
    "traceback": pa.string(),
    "family": pa.string(),
    "warnings": pa.list_(pa.string()),
}

EMPTY = {
    "series": {"month": pa.date32(), "days": pa.float64()},
    "events": EVENTS,
    "genealogy": GENEALOGY,
    "runs": RUN,
    "removals": REMOVALS,
    "twins": TWINS,
    "panel": PANEL,
}


NUMBERS = "numbers"  # in which `runs` travels: what becomes a column each
FEW = 1000  # rows of a run below which a table of many runs is copied into one piece, for the writer's sake


def finished(spec: RunSpec, outcome: Outcome, seconds: float) -> dict[str, bytes]:
    """The tables of a run that succeeded, by kind, packed.

    `runs` has one column `parameter.<name>` per value the replicate drew and one `total.<metric>` per metric: the sum
    of a flow, the last value of a stock.
    """
    values = {f"parameter.{name}": value for name, value in outcome.parameters.items()}
    values |= {f"total.{name}": value for name, value in outcome.totals.items()}
    row = (spec.seed, seconds, "ok", "", "", outcome.family, outcome.warnings)
    return {
        "series": pack(_series(spec, outcome)),
        "events": pack(_log(spec, outcome)),
        "genealogy": pack(_rows(spec, GENEALOGY, outcome.genealogy)),
        "runs": pack(_run(spec, row, values)),
        **{kind: pack(_further(spec, kind, columns)) for kind, columns in outcome.tables.items()},
    }


def failed(spec: RunSpec, seconds: float, error: str, traceback: str) -> dict[str, bytes]:
    """The only row of a run that failed, packed."""
    return {"runs": pack(_run(spec, (spec.seed, seconds, "failed", error, traceback, "", []), {}))}


def pack(table: pa.Table) -> bytes:
    """A table as an Arrow stream: one block of bytes travels between processes far faster than many columns.

    Texts are numbers into a dictionary there, so that whoever writes them to disk need not look at each.
    """
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return bytes(stream.getvalue())


def unpack(stream: bytes) -> pa.Table:
    """The table of one run, texts as texts."""
    table = join([stream])
    coded = (field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in table.schema)
    return table.cast(pa.schema(coded))


def join(streams: Sequence[bytes]) -> pa.Table:
    """The rows of several runs as one table, texts still as numbers into dictionaries that all rows share.

    Args:
        streams: packed tables of one kind, at least one.
    """
    tables = [pa.ipc.open_stream(stream).read_all() for stream in streams]
    if NUMBERS in tables[0].schema.names:
        tables = [_widened(tables)]
    table = pa.concat_tables(tables, promote_options="default")
    if table.num_rows < FEW * len(tables):
        table = table.combine_chunks()
    return table.unify_dictionaries()


def _widened(tables: Sequence[pa.Table]) -> pa.Table:
    """Rows of `runs` with a column per number; null where a run has no such number."""
    table = pa.concat_tables(tables).combine_chunks()
    rows = [dict(row) for row in table.column(NUMBERS).to_pylist()]
    columns = {name: pa.array([row.get(name) for row in rows], pa.float64()) for name in dict.fromkeys(chain.from_iterable(rows))}
    for name, column in columns.items():
        table = table.append_column(name, column)
    return table.drop_columns([NUMBERS])


def empty(kind: str) -> pa.Table:
    """A table without rows."""
    return pa.schema({**LABELS, **EMPTY[kind]}).empty_table()


def _series(spec: RunSpec, outcome: Outcome) -> pa.Table:
    columns: dict[str, Any] = {
        "month": pa.array(outcome.months.astype("datetime64[D]"), pa.date32()),
        "days": np.asarray(outcome.days, dtype=np.float64),
    }
    columns |= {name: np.asarray(values, dtype=np.float64) for name, values in outcome.series.items()}
    return _labelled(spec, len(outcome.months), columns)


def _log(spec: RunSpec, outcome: Outcome) -> pa.Table:
    columns = outcome.events.columns()
    return _labelled(spec, len(outcome.events), {name: _coded(columns[name], kind) for name, kind in EVENTS.items()})


def _further(spec: RunSpec, kind: str, columns: Mapping[str, Any]) -> pa.Table:
    """A table of a special experiment; without columns it has no rows."""
    rows = len(next(iter(columns.values()), ()))
    filled = {name: columns[name] if name in columns else [None] * rows for name in EMPTY[kind]}
    return _labelled(spec, rows, {name: _coded(filled[name], type_) for name, type_ in EMPTY[kind].items()})


def _rows(spec: RunSpec, schema: Mapping[str, pa.DataType], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows in the order of `schema`, as columns."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return _labelled(spec, len(rows), {n: _coded(c, t) for (n, t), c in zip(schema.items(), columns, strict=True)})


def _run(spec: RunSpec, row: tuple[Any, ...], values: Mapping[str, float]) -> pa.Table:
    """One row of `runs`: the columns of RUN, then all numbers in one column; as many columns would cost more than what they hold."""
    columns = {n: pa.array([value], t) for (n, t), value in zip(RUN.items(), row, strict=True)}
    return _labelled(spec, 1, columns | {NUMBERS: pa.array([list(values.items())], pa.map_(pa.string(), pa.float64()))})


def _labelled(spec: RunSpec, count: int, columns: Mapping[str, pa.Array | NDArray[np.float64]]) -> pa.Table:
    first = pa.array(np.zeros(count, dtype=np.int32))
    labels = {
        name: pa.DictionaryArray.from_arrays(first, pa.array([spec.labels[name]], kind))
        if kind == pa.string()
        else pa.repeat(pa.scalar(spec.labels[name], kind), count)
        for name, kind in LABELS.items()
    }
    return pa.table(labels | dict(columns))


def _coded(values: Any, kind: pa.DataType) -> pa.Array:  # noqa: ANN401
    """A column; texts as numbers into a dictionary."""
    column = pa.array(values, kind)
    return column.dictionary_encode() if kind == pa.string() else column
