"""`cartelitos export`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from sim.commands import complete, options

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("series", "events", "genealogy", "runs", "comparison")
CODEBOOK = "codebook"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=complete.results)
@click.option("--table", "tables", multiple=True, type=click.Choice(TABLES), help="Only this table; repeatable.  [default: all]")
@click.option("--metric", "metrics", multiple=True, shell_complete=complete.metrics, help="Only this metric; repeatable.  [default: all]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: FOLDER/export]")
@options.talk
def command(
    folder: Path, tables: tuple[str, ...], metrics: tuple[str, ...], out: Path | None, *, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Export the results in FOLDER as CSV, with a codebook: every column's unit, meaning, direction and source.

    Undefined values are empty, dates are written as 2006-12-01. Tables of any size are written part by part.
    """
    from sim.analysis.codebook import codebook, to_csv  # noqa: PLC0415
    from sim.commands.errors import refuse_unknown_metrics  # noqa: PLC0415
    from sim.experiment.reading import read_plan  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415

    read_plan(folder)
    refuse_unknown_metrics(metrics)
    target = out or folder / "export"
    refuse_foreign(target)
    asked = {name: contents(folder, name, metrics) for name in tables or TABLES}  # all of them are looked at before any is written
    found = {name: content for name, content in asked.items() if content}
    for name in asked.keys() - found.keys():
        click.echo(f"{name} is left out: there is nothing to compare", err=True)
    described = to_csv(codebook({name: schema for name, (schema, _) in found.items()}))
    written = [attach(target.parent, f"{target.name}/{name}.csv", partial(write, *content)) for name, content in found.items()]
    written.append(attach(target.parent, f"{target.name}/{CODEBOOK}.csv", described))
    if as_json:
        click.echo(json.dumps({"schema": 1, "files": [str(path) for path in written]}))
    elif not quiet:
        click.echo("\n".join(map(str, written)))


def refuse_foreign(target: Path) -> None:
    """Never write among somebody's other files.

    Raises:
        FolderError: the folder holds something that no export makes.
    """
    from sim.experiment.errors import FolderError  # noqa: PLC0415

    ours = {f"{name}.csv" for name in (*TABLES, CODEBOOK)}
    if target.exists() and not target.is_dir():
        raise FolderError("not a folder", file=target, hint="give another --out")
    others = sorted(path.name for path in target.iterdir() if path.name not in ours) if target.exists() else []
    if others:
        raise FolderError(f"is not an export (it holds {others[0]})", file=target, hint="give another --out")


def contents(folder: Path, name: str, metrics: Sequence[str]) -> tuple[pa.Schema, Iterator[pa.Table]] | None:
    """Columns and rows of one table; None for a comparison where there is nothing to compare."""
    import pyarrow as pa  # noqa: PLC0415

    from sim.experiment.reading import read_batches, read_runs  # noqa: PLC0415

    if name == "comparison":
        table = comparison(folder, metrics)
        return (table.schema, iter([table])) if table else None
    if name == "runs":
        table = plain(read_runs(folder))
        return table.schema, iter([table])
    schema, parts = read_batches(folder, name)
    if name == "series" and metrics:
        kept = [field for field in schema if field.name in {"run_id", "scenario", "point", "replicate", "month", "days", *metrics}]
        schema = pa.schema(kept)
    return schema, (part.select(schema.names) for part in parts)


def comparison(folder: Path, metrics: Sequence[str]) -> pa.Table | None:
    """The paired comparison with the plan's first scenario, as `compare` makes it."""
    from sim.analysis.ensemble import PairingError, paired_only  # noqa: PLC0415
    from sim.analysis.paired import compare, to_table  # noqa: PLC0415
    from sim.experiment.reading import read_plan, read_runs, read_series  # noqa: PLC0415

    usual = read_plan(folder)["arms"][0]["name"]
    try:
        rows = compare(paired_only(read_series(folder))[0], usual, metrics or None, runs=read_runs(folder))
    except PairingError:
        return None
    return to_table(rows) if rows else None


def plain(table: pa.Table) -> pa.Table:
    """A table without lists, which CSV has no form for."""
    import pyarrow as pa  # noqa: PLC0415

    for number, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = pa.array([" | ".join(found) if found else "" for found in table.column(number).to_pylist()], pa.string())
            table = table.set_column(number, field.name, texts)
    return table


def write(schema: pa.Schema, parts: Iterator[pa.Table], file: IO[bytes]) -> None:
    """Rows as CSV, part by part."""
    from pyarrow.csv import CSVWriter  # noqa: PLC0415

    with CSVWriter(file, schema) as writer:
        for part in parts:
            writer.write_table(part)
