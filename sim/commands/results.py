"""Folders of results: `report`, `verify` and `export`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from sim.commands import options

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.analysis.ensemble import Window

DAMAGED = 2  # exit status
TABLES = ("series", "events", "genealogy", "runs", "comparison", "panel")
CODEBOOK = "codebook"
BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
NO_SHEET = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"  # signs that a sheet cannot hold
MOST_ROWS = 1_048_575  # of a sheet, below its heading


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=options.results)
@click.option("--usual", metavar="SCENARIO", help="Business as usual.  [default: the first scenario of the plan]")
@options.window
@click.option("--interactive", is_flag=True, help="Also write interactive.html: the charts, to point at and zoom.")
@options.talk
def report(folder: Path, usual: str | None, window: Window | None, *, interactive: bool, as_json: bool, quiet: bool, verbose: int) -> None:
    """Rebuild the page of the results in FOLDER: one HTML file that asks nothing of any server.

    Also draws the figures, and writes comparison.csv where there is something to compare. Takes the folder of any command that runs
    something; scenarios whose months are not those of business as usual are listed and not compared. What the folder has nothing for
    is left out with a word.
    """
    from sim.studies.finding import write_report  # noqa: PLC0415

    page = write_report(folder, usual, window, interactive=interactive)
    options.say({"report": str(page)}, str(page), as_json=as_json, quiet=quiet)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=options.results)
@click.option("--repair", "mend", is_flag=True, help="Set damaged parts and needless copies aside; deletes nothing.")
@options.talk
def verify(folder: Path, *, mend: bool, as_json: bool, quiet: bool, verbose: int) -> int:
    """Check that the results in FOLDER are whole, and say what to do where they are not.

    Reads everything: checksums, the plan against its scenarios and its runs, missing, repeated and foreign runs, and every other file
    against SHA256SUMS. What --repair sets aside stays in FOLDER/set-aside; the experiment's own command then runs those runs again.

    Exit status: 0 whole, 2 something is wrong.
    """
    from sim.experiment.folder.verify import repair, verify  # noqa: PLC0415
    from sim.scenario.problems import printable  # noqa: PLC0415

    with click.progressbar(length=1, label="reading", file=sys.stderr, hidden=quiet or not sys.stderr.isatty()) as bar:

        def watch(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        found = verify(folder, watch)
    done = repair(found) if mend else []
    left = verify(folder) if done else found
    if as_json:
        document = {"results": str(folder), "planned": left.planned, "stored": len(left.stored), "repaired": done, "notes": left.notes}
        click.echo(json.dumps({"schema": 1, **document, "problems": [asdict(problem) for problem in left.problems]}))
        return DAMAGED if left.problems else 0
    for line in [*done, *map(str, left.problems), *left.notes * (not quiet)]:
        click.echo(printable(line))
    if not quiet:
        state = f"{len(left.problems):,} problems" if left.problems else "whole"
        click.echo(f"{folder}: {len(left.stored):,} of {left.planned:,} runs are stored; {state}")
    return DAMAGED if left.problems else 0


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=options.results)
@click.option("--table", "tables", multiple=True, type=click.Choice(TABLES), help="Only this table; repeatable.  [default: all]")
@click.option("--metric", "metrics", multiple=True, shell_complete=options.metrics, help="Only this metric; repeatable.  [default: all]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "csv-bom", "dta", "xlsx"]),
    default="csv",
    show_default=True,
    help="csv-bom is CSV that Excel reads with its accents; dta is Stata's, with the names that the codebook gives; these two need pandas.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: FOLDER/export]")
@click.option("--raw", is_flag=True, help="Leave texts that a spreadsheet takes for formulas as they are.")
@options.talk
def export(
    folder: Path,
    tables: tuple[str, ...],
    metrics: tuple[str, ...],
    form: str,
    out: Path | None,
    *,
    raw: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Export the results in FOLDER as CSV, with a codebook: every column's unit, meaning, direction and source.

    Undefined values are empty, dates are written as 2006-12-01. Tables of any size are written part by part; those for Stata
    and Excel are held in memory, and have seeds as text, which neither program would keep as numbers. A text that begins as a
    formula does is given an apostrophe, so that no spreadsheet runs it.
    """
    from sim.analysis.codebook import Entry, codebook  # noqa: PLC0415
    from sim.analysis.csv_text import csv_text  # noqa: PLC0415
    from sim.experiment.reading import read_plan  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.studies.how import refuse_unknown_metrics  # noqa: PLC0415

    read_plan(folder)
    refuse_unknown_metrics(metrics)
    target = out or folder / "export"
    refuse_foreign(target)
    asked = {name: contents(folder, name, metrics) for name in tables or TABLES}  # all of them are looked at before any is written
    found = {name: content for name, content in asked.items() if content}
    for name in asked.keys() - found.keys() - ({"panel"} if not tables else set()):
        click.echo(f"{name} is left out: there is {'no panel; --panel records it' if name == 'panel' else 'nothing to compare'}", err=True)
    described = csv_text(Entry._fields, codebook({name: schema for name, (schema, _) in found.items()}))
    ending = form.partition("-")[0]
    forms: dict[str, Callable[..., None]] = {
        "csv": partial(write, raw=raw), "csv-bom": partial(write, raw=raw, mark=BOM), "dta": write_stata,
        "xlsx": partial(write_excel, raw=raw),
    }  # fmt: skip
    written = [attach(target.parent, f"{target.name}/{name}.{ending}", partial(forms[form], *content)) for name, content in found.items()]
    written.append(attach(target.parent, f"{target.name}/{CODEBOOK}.csv", described))
    options.say({"files": [*map(str, written)]}, "\n".join(map(str, written)), as_json=as_json, quiet=quiet)


def refuse_foreign(target: Path) -> None:
    """Never write among somebody's other files. Raises FolderError: the folder holds something that no export makes."""
    from sim.experiment.errors import FolderError  # noqa: PLC0415

    ours = {f"{name}.{ending}" for name in (*TABLES, CODEBOOK) for ending in ("csv", "dta", "xlsx")}
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
    if name == "panel" and not (folder / "panel").is_dir():
        return None
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
    from sim.analysis.ensemble import PairingError, own_arms, paired_only  # noqa: PLC0415
    from sim.analysis.paired import compare, to_table  # noqa: PLC0415
    from sim.experiment.reading import read_plan, read_runs, read_series  # noqa: PLC0415

    usual = read_plan(folder)["arms"][0]["name"]
    try:
        rows = compare(paired_only(own_arms(read_series(folder)))[0], usual, metrics or None, runs=read_runs(folder))
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


def write(schema: pa.Schema, parts: Iterator[pa.Table], file: IO[bytes], *, raw: bool, mark: bytes = b"") -> None:
    """Rows as CSV, part by part, after a mark at the beginning."""
    from pyarrow.csv import CSVWriter  # noqa: PLC0415

    file.write(mark)
    with CSVWriter(file, schema) as writer:
        for part in parts:
            writer.write_table(part if raw else harmless(part))


def harmless(table: pa.Table) -> pa.Table:
    """A table whose texts are texts for a spreadsheet, too."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = table.column(number)
            quoted = pc.replace_substring_regex(texts, r"^([=+\-@\t\r])", r"'\1")
            table = table.set_column(number, field.name, quoted)
    return table


def write_stata(schema: pa.Schema, parts: Iterator[pa.Table], file: IO[bytes]) -> None:
    """Rows as a file of Stata 14 and later, under the names that the codebook gives."""
    from sim.analysis.codebook import stata_names  # noqa: PLC0415

    frame = _frame(schema, parts)
    for name in frame.columns:
        if frame[name].dtype == bool:
            frame[name] = frame[name].astype("int8")
    labels = {short: name[:80] for name, short in stata_names(frame.columns).items()}
    days = {short: "td" for name, short in stata_names(frame.columns).items() if frame[name].dtype.kind == "M"}
    frame.columns = [*labels]
    frame.to_stata(file, write_index=False, version=118, variable_labels=labels, convert_dates=days)


def write_excel(schema: pa.Schema, parts: Iterator[pa.Table], file: IO[bytes], *, raw: bool) -> None:
    """Rows as a workbook of one sheet. Raises FolderError: more rows than a sheet has."""
    from sim.experiment.errors import FolderError  # noqa: PLC0415

    frame = _frame(schema, parts if raw else map(harmless, parts)).replace({NO_SHEET: "\ufffd"}, regex=True)
    if len(frame) > MOST_ROWS:
        hint = "take --format csv, or one --table"
        raise FolderError(f"a table of {len(frame):,} rows, and a sheet of Excel has {MOST_ROWS:,}", hint=hint)
    frame.to_excel(file, index=False, engine="openpyxl")


def _frame(schema: pa.Schema, parts: Iterable[pa.Table]) -> Any:  # noqa: ANN401
    """All rows as a data frame: days as such, seeds and what is missing of texts as text."""
    import pandas  # noqa: PLC0415, F401  so that what is missing is said before anything is read
    import pyarrow as pa  # noqa: PLC0415

    frame = pa.concat_tables([schema.empty_table(), *parts]).to_pandas(date_as_object=False)
    for field in schema:
        if pa.types.is_uint64(field.type) or pa.types.is_string(field.type):
            frame[field.name] = frame[field.name].astype("string").fillna("").astype(object)
        elif pa.types.is_null(field.type):
            frame[field.name] = math.nan
    return frame
