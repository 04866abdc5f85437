"""Results as tables, the same whatever engine, number of workers or interruptions they came from."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.experiment.errors import FolderError
from sim.experiment.plan import planned_arms
from sim.experiment.records import EMPTY, LABELS, empty
from sim.experiment.shards import homes
from sim.experiment.specs import Arm
from sim.experiment.stored import findings
from sim.scenario.problems import brief

SCHEMA = 1  # of the folder's layout
PLAN = "plan.json"
TABLES = ("series", "events", "genealogy", "runs")  # in the order of writing: runs is the commit record
FURTHER = ("removals", "twins", "panel")  # of twin worlds; panel also where it is asked for
FOOTER = b"cartelitos"
PART = re.compile(r"part-\d{5,}")


class Part(NamedTuple):
    """What the commit record of one part says."""

    home: Path  # the folder that holds its tables
    stem: str  # part-00000
    done: tuple[str, ...]  # run ids
    failed: tuple[str, ...]

    def file(self, kind: str) -> Path:
        """Where its table of one kind is."""
        return self.home / kind / f"{self.stem}.parquet"


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a results folder.

    Raises:
        FolderError: there is none, it cannot be read, or it is not what this layout says.
    """
    file = folder / PLAN
    try:
        text = file.read_text(encoding="utf-8")
        plan = json.loads(text)
    except FileNotFoundError:
        raise FolderError(f"not a results folder (no {PLAN})", file=folder) from None
    except OSError as error:
        raise FolderError(f"cannot be read: {error.strerror}", file=file) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(file, "", str(error)) from error
    if not isinstance(plan, dict) or "schema" not in plan:
        raise _damaged(file, "schema", "it is not a plan")
    if plan["schema"] != SCHEMA:
        message = f"written in layout {brief(plan['schema'])}; this version reads layout {SCHEMA}"
        raise FolderError(message, file=file, field="schema")
    for field, message in findings(text, plan):
        raise _damaged(file, field, message)
    return plan


def read_arms(folder: Path, plan: Mapping[str, Any]) -> Iterator[Arm]:
    """The arms of a folder's plan, in its order.

    Raises:
        FolderError: one is like an arm that there is not, or varies what that arm does not have.
    """
    number = 0
    try:
        for arm in planned_arms(plan):
            yield arm
            number += 1
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise _damaged(folder / PLAN, f"arms.{number}", "it describes no scenario") from error


def committed(folder: Path) -> list[Part]:
    """The parts that exist, in order of writing; those of shards come last.

    Raises:
        FolderError: a run is stored twice, or a commit record is not readable.
    """
    parts = [part for home in homes(folder) for part in parts_of(home)]
    seen = Counter(run for part in parts for run in part.done)
    twice = sorted(run for run, count in seen.items() if count > 1)
    if twice:
        raise FolderError(f"run {twice[0]} is stored {seen[twice[0]]} times", file=folder)
    return parts


def parts_of(home: Path) -> list[Part]:
    """The parts of a folder without its shards, or of one shard.

    Raises:
        FolderError: a commit record is not readable.
    """
    return [_part(path) for path in sorted((home / "runs").glob("part-*.parquet"))]


def read_series(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """One row per run and month: `run_id, scenario, point, replicate, month, days`, then one column per metric.

    Args:
        folder: of the results.
        columns: metrics to read; None = all.

    Returns:
        Rows by scenario (in the plan's order), point, replicate, month.
    """
    wanted = None if columns is None else ["run_id", "scenario", "point", "replicate", "month", "days", *columns]
    return _arranged(folder, _read(folder, "series", wanted), "month")


def read_events(folder: Path) -> pa.Table:
    """One row per event, in the order in which they happened within a run."""
    return _arranged(folder, _read(folder, "events"))


def read_genealogy(folder: Path) -> pa.Table:
    """One row per cartel that ever existed."""
    return _arranged(folder, _read(folder, "genealogy"))


def read_further(folder: Path, kind: str) -> pa.Table:
    """One of FURTHER: rows in the order in which the run gave them."""
    return _arranged(folder, _read(folder, kind))


def read_runs(folder: Path) -> pa.Table:
    """One row per run; of a run that failed and was retried, the attempt that succeeded, or the last one."""
    table = _read(folder, "runs")
    asked = zip(*(table.column(key).to_pylist() for key in ("scenario", "point", "replicate")), strict=True)
    ended = table.column("status").to_pylist()
    told: dict[tuple[Any, ...], int] = {}
    for row, run in enumerate(asked):
        if run not in told or ended[told[run]] != "ok":
            told[run] = row
    return _arranged(folder, table.take(pa.array(told.values(), pa.int64())))


def read_run(folder: Path, run_id: str) -> dict[str, pa.Table]:
    """The rows of one run by kind of table, as they were stored; {} if it is not stored."""
    kept = [part for part in committed(folder) if run_id in (*part.done, *part.failed)]
    if not kept:
        return {}
    part = kept[-1]
    kinds = TABLES if run_id in part.done else ("runs",)
    tables = zip(kinds, _tables([part.file(kind) for kind in kinds]), strict=True)
    return {kind: table.filter(pc.equal(table.column("run_id"), run_id)) for kind, table in tables}


def read_batches(folder: Path, kind: str) -> tuple[pa.Schema, Iterator[pa.Table]]:
    """All committed rows of one kind part by part, in order of writing, and the columns that they have together."""
    paths = _paths(folder, kind)
    schemas = [_readable(path).schema_arrow.remove_metadata() for path in paths]
    schema = pa.unify_schemas(schemas or [empty(kind).schema])
    whole = (pa.concat_tables([schema.empty_table(), table], promote_options="default") for table in _tables(paths))
    return schema, whole


def _damaged(file: Path, field: str, message: str) -> FolderError:
    hint = "restore it from a copy, or run the experiment into another folder"
    return FolderError(f"is damaged: {message}", file=file, field=field, hint=hint)


def _part(path: Path) -> Part:
    if not PART.fullmatch(path.stem):
        raise FolderError("is not named as a part is, part-00000.parquet", file=path, hint="move it elsewhere")
    try:
        footer = json.loads(pq.read_schema(path).metadata[FOOTER])
        done, failed = (tuple(map(_run_id, footer[key])) for key in ("done", "failed"))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise FolderError("not a commit record", file=path, hint="delete this file; its runs will be redone") from error
    return Part(path.parent.parent, path.stem, done, failed)


def _run_id(text: Any) -> str:  # noqa: ANN401 (of a file)
    if not isinstance(text, str):
        raise TypeError
    return text


def _read(folder: Path, kind: str, columns: Sequence[str] | None = None) -> pa.Table:
    """All committed rows of one kind, in order of writing."""
    tables = list(_tables(_paths(folder, kind), columns))
    return pa.concat_tables(tables or [empty(kind)], promote_options="default").replace_schema_metadata()


def _paths(folder: Path, kind: str) -> list[Path]:
    """The files that hold the committed rows of one kind."""
    return [part.file(kind) for part in committed(folder) if part.done or kind == "runs"]


def _tables(paths: Sequence[Path], columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The table of every file, one after the other.

    Raises:
        FolderError: one cannot be read.
    """
    for path in paths:
        yield _readable(path, columns, whole=True)


def _readable(path: Path, columns: Sequence[str] | None = None, *, whole: bool = False) -> Any:  # noqa: ANN401
    """A Parquet file, or its whole table.

    Raises:
        FolderError: it cannot be read.
    """
    try:
        file = pq.ParquetFile(path)
        problem = _foreign(path.parent.name, file.schema_arrow)
        found = file.read(columns) if whole and not problem else file
        if found is not file:
            found.validate(full=True)  # that texts are texts
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    if problem:
        raise _unreadable(path, problem)
    return found


def _unreadable(path: Path, problem: str) -> FolderError:
    hint = "delete the file of this name in runs/ and repeat the command: its runs will be redone"
    return FolderError(f"cannot read {path.parent.name}: {problem}", file=path, hint=hint)


def _foreign(kind: str, schema: pa.Schema) -> str:
    """Why a table is not one of ours, or nothing: every column of its kind, further ones only as numbers."""
    ours = LABELS | EMPTY[kind]
    for name, type_ in ours.items():
        if schema.names.count(name) != 1:
            return f"column '{name}' is missing" if name not in schema.names else f"column '{name}' stands twice"
        if schema.field(name).type != type_:
            return f"column '{name}' is {schema.field(name).type}, not {type_}"
    strange = (field for field in schema if field.name not in ours and field.type != pa.float64())
    return next((f"column '{field.name}' is {field.type}, not double" for field in strange), "")


def _arranged(folder: Path, table: pa.Table, *keys: str) -> pa.Table:
    """Rows by the plan's order of scenarios, point, replicate and `keys`; a stable sort."""
    names = list(dict.fromkeys(arm["name"] for arm in read_plan(folder)["arms"]))
    order = pc.index_in(table.column("scenario"), value_set=pa.array(names))
    if order.null_count:
        stranger = table.column("scenario").filter(order.is_null())[0].as_py()
        raise FolderError(f"holds runs of '{stranger}', which its {PLAN} does not name", file=folder)
    ranked = pa.table({"scenario": order, **{key: table.column(key) for key in ("point", "replicate", *keys)}})
    by = [(key, "ascending") for key in ranked.column_names]
    return table.take(pc.sort_indices(ranked, sort_keys=by)).combine_chunks()
