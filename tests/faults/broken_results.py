"""What can be wrong with a results folder: its plan entry by entry, its Parquet parts, and files that are not its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from broken import NOT_TEXT, NOT_THERE, Broken, Damage, headed

A = """\
title = "A"
question = "?"
[world]
name = "grid"
start = "2006-12"
years = 0.5
[run]
replicates = 2
seed = 1
"""
B = """\
extends = "a"
title = "B"
[world]
rows = 3
[parameters]
demand_elasticity = 0.4
[policy.recruitment_prevention]
intensity = [["2007-01", 0.5]]
where = ["P1"]
[policy.kingpin_targeting]
intensity = 1
target = ["c1"]
[[event]]
date = 2007-01-01
kind = "removal"
cartel = "c1"
[sweep]
method = "grid"
"parameters.demand_elasticity" = [0.4, 0.5]
"""

PLAN = "stored/plan.json"
REPORT = ("report", "stored")
GO_ON = ("run", "a.toml", "b.toml", "--out", "stored")
EDITS: dict[tuple[str | int, ...], Any] = {
    ("replicates",): 1,
    ("runs",): [],
    ("command",): ["cartelitos", "calibrate"],
    ("arms", 1, "title"): "Another",
    ("arms", 1, "policy"): [],
    ("arms", 1, "policy", 0, "points", 0, 1): 0.75,
    ("versions", "sim"): "9",
    ("digest",): "0" * 64,
    ("more",): None,
}


def plan_edits() -> Iterator[Broken]:
    """A plan that somebody edited: whatever they changed, it is not what was run."""
    for path, value in EDITS.items():
        for command in (REPORT, GO_ON, ("verify", "stored"), ("export", "stored")):
            name = f"{'.'.join(map(str, path))} was edited"
            yield Broken(name, PLAN, in_plan(path, value), ("plan.json: is damaged: it was edited",), command)
    yield Broken("another layout", PLAN, in_plan(("schema",), 99), ("layout 99",), REPORT)
    yield Broken("without a digest", PLAN, in_plan(("digest",)), ("it was edited",), REPORT)


def in_plan(path: tuple[str | int, ...], *value: Any) -> Damage:
    """A plan with an entry left out, or set to a value."""

    def damage(file: Path) -> None:
        plan = json.loads(file.read_text(encoding="utf-8"))
        table = plan
        for step in path[:-1]:
            table = table[step]
        if value:
            table[path[-1]] = value[0]
        else:
            del table[path[-1]]
        file.write_text(json.dumps(plan), encoding="utf-8")

    return damage


JSON_FILES: dict[str, Damage] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "a list": lambda path: path.write_text("[]"),
    "a number": lambda path: path.write_text("1"),
    "null": lambda path: path.write_text("null"),
    "no entries": lambda path: path.write_text("{}"),
    "nested": lambda path: path.write_text("[" * 100_000),
    "a huge number": lambda path: path.write_text('{"schema": 1' + "0" * 5000 + "}"),
    "byte order mark": headed("\ufeff"),
}


def column(name: str, change: Callable[[pa.Array], pa.Array] | None) -> Damage:
    """A Parquet file whose footer is right and whose column is not."""

    def damage(path: Path) -> None:
        table = pq.read_table(path)
        place, footer = table.schema.get_field_index(name), table.schema.metadata
        table = table.remove_column(place) if change is None else table.set_column(place, name, change(table.column(name)))
        pq.write_table(table.replace_schema_metadata(footer), path)

    return damage


def footer(text: str | None) -> Damage:
    """A Parquet file with another commit record, or none."""
    return lambda path: pq.write_table(pq.read_table(path).replace_schema_metadata(text and {"cartelitos": text}), path)


def flipped(path: Path) -> None:
    """One bit of the first page, as a bad disk does it."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 0x10
    path.write_bytes(raw)


PARQUET: dict[str, Damage] = NOT_THERE | {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a text": lambda path: path.write_text("run_id,scenario\n"),
    "only its ends": lambda path: path.write_bytes(b"PAR1" + b"\0" * 40 + b"PAR1"),
    "a long footer": lambda path: path.write_bytes(b"PAR1" + b"\xff\xff\xff\x7f" + b"PAR1"),
    "somebody else's": lambda path: pq.write_table(pa.table({"x": [1]}), path),
}
KEYS = {"series": "month", "events": "kind", "genealogy": "parent", "runs": "status"}


def result_parts() -> Iterator[Broken]:
    """Every kind of table of a results folder: not Parquet, somebody else's, without a column, with a column of another type."""
    text = lambda column: column.cast(pa.string())  # noqa: E731
    for kind, key in KEYS.items():
        file = f"stored/{kind}/part-00000.parquet"
        for name, damage in PARQUET.items():
            if not (kind == "runs" and name == "missing"):  # then its runs were never done
                yield Broken(name, file, damage, command=("export", "stored"))
        for name in ("scenario", "replicate", key):
            says = "not a commit record" if kind == "runs" else name
            yield Broken(f"without {name}", file, column(name, None), (says,), ("export", "stored"))
        yield Broken("a number as text", file, column("replicate", text), ("replicate",), ("export", "stored"))
    for name, said in FOOTERS.items():
        yield Broken(name, "stored/runs/part-00000.parquet", footer(said), ("not a commit record",), ("export", "stored"))
    yield Broken("a metric as text", "stored/series/part-00000.parquet", column("homicides", text), ("homicides",), ("export", "stored"))


FOOTERS = {
    "no footer": None,
    "a footer that is no JSON": "done",
    "a footer that is a list": "[]",
    "a footer without runs": '{"done": []}',
    "a footer with a number for runs": '{"done": 3, "failed": []}',
    "a footer with numbers": '{"done": [1], "failed": []}',
    "a footer with null": '{"done": null, "failed": []}',
}


def strangers() -> Iterator[Broken]:
    """Files that are not ours among those that are; also where the same experiment would go on."""
    for name, damage in (NOT_TEXT | JSON_FILES).items():
        yield Broken(name, PLAN, damage, command=GO_ON)
    for name, said in FOOTERS.items():
        yield Broken(name, "stored/runs/part-00000.parquet", footer(said), ("not a commit record",), GO_ON)
    parts = "stored/runs/part-00000.parquet"
    for name in ("part-00000 (1)", "part-abc", "part-1", "part--0001", "part-00001x"):

        def copy(path: Path, name: str = name) -> None:
            shutil.copy(path, path.with_name(f"{name}.parquet"))

        for command in (GO_ON, ("export", "stored")):
            yield Broken(f"a part named {name}", parts, copy, (f"{name}.parquet",), command)
    again = lambda path: shutil.copytree(path.parents[1] / "runs", path.parents[1] / "shards" / "1-of-2" / "runs")  # noqa: E731
    yield Broken("a copy as a shard", parts, again, ("stored 2 times",), ("export", "stored"))
    yield Broken("a folder of files", "stored/plan.json", lambda path: path.rename(path.with_name("diary.json")), ("no plan.json",), REPORT)
