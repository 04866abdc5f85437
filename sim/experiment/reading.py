"""Results as tables, the same whatever engine, number of workers or interruptions they came from."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.experiment.errors import FolderError
from sim.experiment.folder.integrity import FOOTER, homes, is_sealed, record_of, refuse_strange, results_of
from sim.experiment.plan import planned_arms
from sim.experiment.records import EMPTY, LABELS, empty
from sim.experiment.specs import Arm
from sim.scenario.problems import brief

SCHEMA = 2  # of the folder's layout
PLAN = "plan.json"
TABLES = ("series", "events", "genealogy", "runs")  # in the order of writing: runs is the commit record
FURTHER = ("removals", "twins", "panel")  # of twin worlds; panel also where it is asked for
FILES = {  # of the analysis
    "comparison.csv", "sensitivity-morris.csv", "sensitivity-sobol.csv",
    "evidence.csv", "evidence-blind.csv", "twins.csv", "ablation.csv", "figures", "report", "report.html", "export",
}  # fmt: skip
WITHIN = {"tipping", "search"}  # results folders of searches, within those that they are for
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

    Raises FolderError: there is none, it cannot be read, it is not as it was written, or the folder holds links.
    """
    file = folder / PLAN
    try:
        if file.exists():
            refuse_strange(folder)
        plan = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FolderError(f"not a results folder (no {PLAN})", file=folder) from None
    except OSError as error:
        raise FolderError(f"cannot be read: {error.strerror}", file=file) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(file, str(error)) from error
    if not isinstance(plan, dict) or "schema" not in plan:
        raise _damaged(file, "it is not a plan")
    if plan["schema"] != SCHEMA:
        message = f"written in layout {brief(plan['schema'])}; this version reads layout {SCHEMA}"
        raise FolderError(message, file=file, field="schema")
    if not is_sealed(plan):
        raise _damaged(file, "it was edited, or is not what was written")
    return plan


def read_arms(folder: Path, plan: Mapping[str, Any]) -> Iterator[Arm]:
    """The arms of a folder's plan, in its order.

    Raises FolderError: one is like an arm that there is not, or varies what that arm does not have.
    """
    number = 0
    try:
        for arm in planned_arms(plan):
            yield arm
            number += 1
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise _damaged(folder / PLAN, f"arms.{number} describes no scenario") from error


def committed(folder: Path) -> list[Part]:
    """The parts that exist, in order of writing; those of shards come last.

    Raises FolderError: a run is stored twice, a commit record is not readable, or what it says was written is not there.
    """
    parts = [part for home in homes(folder) for part in parts_of(home)]
    seen = Counter(run for part in parts for run in part.done)
    twice = sorted(run for run, count in seen.items() if count > 1)
    if twice:
        raise FolderError(f"run {twice[0]} is stored {seen[twice[0]]} times", file=folder, hint=mend(folder))
    for part in parts:
        for kind in TABLES if part.done else ():
            if not part.file(kind).exists():
                raise FolderError("is missing", file=part.file(kind), hint=mend(folder))
    return parts


def parts_of(home: Path) -> list[Part]:
    """The parts of a folder without its shards, or of one shard."""
    return [part_of(path) for path in sorted((home / "runs").glob("part-*.parquet"))]


def read_series(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """One row per run and month: `run_id, scenario, point, replicate, month, days`, then a column per metric, by default all.

    Rows are by scenario (in the plan's order), point, replicate, month.
    """
    wanted = None if columns is None else ["run_id", "scenario", "point", "replicate", "month", "days", *columns]
    return _arranged(folder, _read(folder, "series", wanted), "month")


def read_events(folder: Path, run: str | None = None) -> pa.Table:
    """One row per event, in the order in which they happened within a run; `run` is the id of the only one that is read."""
    return _arranged(folder, _read(folder, "events", run=run))


def read_genealogy(folder: Path, run: str | None = None) -> pa.Table:
    """One row per cartel that ever existed; `run` is the id of the only one that is read."""
    return _arranged(folder, _read(folder, "genealogy", run=run))


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
    return {kind: read_table(part, kind, run=run_id) for kind in kinds}


def read_batches(folder: Path, kind: str) -> tuple[pa.Schema, Iterator[pa.Table]]:
    """All committed rows of one kind part by part, in order of writing, and the columns that they have together."""
    parts = _holding(folder, kind)
    schemas = [_opened(part, kind).schema_arrow.remove_metadata() for part in parts]
    schema = pa.unify_schemas(schemas or [empty(kind).schema])
    tables = (read_table(part, kind) for part in parts)
    return schema, (pa.concat_tables([schema.empty_table(), table], promote_options="default") for table in tables)


def read_table(part: Part, kind: str, columns: Sequence[str] | None = None, run: str | None = None) -> pa.Table:
    """One file of a part; `run` is the id of the only one whose rows are wanted.

    Raises FolderError: it cannot be read, is damaged, or holds other runs than the part.
    """
    with _naming(part.file(kind)):
        file = _opened(part, kind)
        schema = file.schema_arrow
        if run is not None:  # texts stay numbers until few rows are left
            texts = [field.name for field in schema if pa.types.is_string(field.type)]
            file = pq.ParquetFile(part.file(kind), page_checksum_verification=True, read_dictionary=texts)
        found = file.read(columns)
        found.validate(full=True)  # that texts are texts
        if found.num_rows != json.loads(schema.metadata[FOOTER])["rows"]:
            raise ValueError("it has more or fewer rows than were written")
    return found if run is None else found.filter(pc.equal(found.column("run_id"), run)).cast(schema)


def mend(folder: Path) -> str:
    """What to do about a folder that is not whole."""
    return f"`cartelitos verify {folder}` says what is wrong, and with --repair mends what can be"


def _damaged(file: Path, message: str) -> FolderError:
    hint = "restore it from a copy, or run the experiment into another folder"
    return FolderError(f"is damaged: {message}", file=file, hint=hint)


def part_of(path: Path) -> Part:
    """What the commit record at `path` says."""
    if not PART.fullmatch(path.stem):
        raise FolderError("is not named as a part is, part-00000.parquet", file=path, hint="move it elsewhere")
    try:
        schema = pq.read_schema(path)
        record = record_of(schema.metadata, schema.names)
        return Part(path.parent.parent, path.stem, tuple(record["done"]), tuple(record["failed"]))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise FolderError("not a commit record", file=path, hint=mend(results_of(path.parent.parent))) from error


def _read(folder: Path, kind: str, columns: Sequence[str] | None = None, run: str | None = None) -> pa.Table:
    """All committed rows of one kind, or those of one run, in order of writing."""
    tables = [read_table(part, kind, columns, run) for part in _holding(folder, kind) if run is None or run in part.done]
    return pa.concat_tables(tables or [empty(kind)], promote_options="default").replace_schema_metadata()


def _holding(folder: Path, kind: str) -> list[Part]:
    """The parts that have a table of one kind."""
    return [part for part in committed(folder) if part.done or kind == "runs"]


def _opened(part: Part, kind: str) -> Any:  # noqa: ANN401
    """A Parquet file whose footer is as it was written, by this program, for this part."""
    path = part.file(kind)
    with _naming(path):
        file = pq.ParquetFile(path, page_checksum_verification=True)
        schema = file.schema_arrow
        problem = _foreign(kind, schema)
        if problem:
            raise ValueError(problem)
        record = record_of(schema.metadata, schema.names)
        if (tuple(record["done"]), tuple(record["failed"])) != (part.done, part.failed):
            raise ValueError("it holds the runs of another part")
    return file


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the file that cannot be read."""
    try:
        yield
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        said = f"cannot read {path.parent.name}: {error or type(error).__name__}"
        raise FolderError(said, file=path, hint=mend(results_of(path.parent.parent))) from error


def _foreign(kind: str, schema: pa.Schema) -> str:
    """Why a table is not one of ours, or nothing: every column of its kind, further ones only as numbers."""
    ours = LABELS | EMPTY[kind]
    for name, type_ in ours.items():
        if schema.names.count(name) != 1:
            return f"column '{name}' is missing" if name not in schema.names else f"column '{name}' stands twice"
        if schema.field(name).type != type_:
            return f"column '{name}' is {schema.field(name).type}, not {type_}"
    for field in schema:
        if not re.fullmatch(r"[\w.]+", field.name):
            return f"{field.name!r} names no column"
        if field.name not in ours and field.type != pa.float64():
            return f"column '{field.name}' is {field.type}, not double"
        if not field.nullable:
            return f"column '{field.name}' has no room for missing values"
    return ""


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
