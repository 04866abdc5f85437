"""Results as tables, the same whatever engine, number of workers or interruptions they came from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.experiment.errors import FolderError
from sim.experiment.records import empty
from sim.experiment.shards import homes

SCHEMA = 1  # of the folder's layout
PLAN = "plan.json"
TABLES = ("series", "events", "genealogy", "runs")  # in the order of writing: runs is the commit record
FOOTER = b"cartelitos"


class Part(NamedTuple):
    """What the commit record of one part says."""

    home: Path  # the folder that holds its tables
    stem: str  # part-00000
    done: tuple[str, ...]  # run ids
    failed: tuple[str, ...]


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a results folder.

    Raises:
        FolderError: there is none, or it is not readable.
    """
    try:
        plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        if plan["schema"] == SCHEMA:
            return dict(plan)
        problem = f"written in layout {plan['schema']}; this version reads layout {SCHEMA}"
    except FileNotFoundError:
        problem = f"not a results folder (no {PLAN})"
    except (ValueError, KeyError, TypeError):
        problem = f"{PLAN} is damaged"
    raise FolderError(problem, file=folder)


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


def _part(path: Path) -> Part:
    try:
        footer = json.loads(pq.read_schema(path).metadata[FOOTER])
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise FolderError("not a commit record", file=path, hint="delete this file; its runs will be redone") from error
    return Part(path.parent.parent, path.stem, tuple(footer["done"]), tuple(footer["failed"]))


def _read(folder: Path, kind: str, columns: Sequence[str] | None = None) -> pa.Table:
    """All committed rows of one kind, in order of writing."""
    paths = [part.home / kind / f"{part.stem}.parquet" for part in committed(folder) if part.done or kind == "runs"]
    try:
        tables = [pq.ParquetFile(path).read(columns) for path in paths]
    except (OSError, pa.ArrowInvalid) as error:
        raise FolderError(f"cannot read {kind}: {error}", file=folder) from error
    return pa.concat_tables(tables or [empty(kind)], promote_options="default").replace_schema_metadata()


def _arranged(folder: Path, table: pa.Table, *keys: str) -> pa.Table:
    """Rows by the plan's order of scenarios, point, replicate and `keys`; a stable sort."""
    names = list(dict.fromkeys(arm["name"] for arm in read_plan(folder)["arms"]))
    order = pc.index_in(table.column("scenario"), value_set=pa.array(names))
    ranked = pa.table({"scenario": order, **{key: table.column(key) for key in ("point", "replicate", *keys)}})
    by = [(key, "ascending") for key in ranked.column_names]
    return table.take(pc.sort_indices(ranked, sort_keys=by)).combine_chunks()
