"""`cartelitos list`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass
from functools import partial
from importlib import import_module
from typing import Any

import click

from sim.commands import complete, options
from sim.commands.errors import UnknownNameError

Row = dict[str, Any]


@click.command()
@click.argument("kind", metavar="[KIND]", default="scenarios", shell_complete=lambda ctx, param, text: complete.starting(text, KINDS))
@options.talk
def command(kind: str, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """List what there is of a KIND.

    KIND is scenarios, worlds, levers, parameters, metrics, evidence or sources. --json gives every field.
    """
    if kind not in KINDS:
        raise UnknownNameError("list", kind, KINDS)
    rows_of, shown = KINDS[kind]
    rows = list(rows_of())
    if as_json:
        click.echo(json.dumps({"schema": 1, "rows": rows}, default=_plain, ensure_ascii=False))
    else:
        click.echo(table(rows, shown))


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Aligned text under a heading; lists are joined, numbers short."""
    from sim.analysis.csv_text import aligned  # noqa: PLC0415

    return aligned([columns, *([_text(row[column]) for column in columns] for row in rows)])


def scenarios() -> Iterator[Row]:
    """The library, each resolved; one with mistakes is still named."""
    from sim.scenario import ScenarioError, library, load  # noqa: PLC0415

    for name, path in library().items():
        try:
            row = _fields(load(path))
        except ScenarioError as error:
            row = {"title": f"has mistakes: {error.problems[0]}", "question": "", "world": ""}
        yield row | {"name": name, "file": str(path)}


def worlds() -> Iterator[Row]:
    """The synthetic grid and the table worlds, with what their tables say about themselves."""
    from sim.scenario.read import WORLDS, scenario_folder  # noqa: PLC0415
    from sim.scenario.worlds import GRID, worlds  # noqa: PLC0415

    yield {"name": GRID, "title": "A synthetic country of any size, made from a few numbers"}
    for name, folder in worlds(scenario_folder() / WORLDS).items():
        about = tomllib.loads((folder / "world.toml").read_text(encoding="utf-8"))
        yield {"name": name} | about | {"folder": str(folder)}


def levers() -> Iterator[Row]:
    """The lever catalogue."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415

    for lever in LEVERS.values():
        yield _fields(lever) | {"homicides": f"no effect in this model, because {lever.silent}" if lever.silent else ""}


def entries(catalogue: str) -> Iterator[Row]:
    """All of a catalogue: its fields as they are."""
    return map(_fields, vars(import_module(f"sim.catalogue.{catalogue}"))[catalogue.upper()].values())


def evidence() -> Iterator[Row]:
    """What the model is judged by."""
    from sim.catalogue.evidence import EVIDENCE  # noqa: PLC0415

    return (_fields(row) | {"window": "/".join(row.window)} for row in EVIDENCE.values())


KINDS: dict[str, tuple[Callable[[], Iterator[Row]], tuple[str, ...]]] = {
    "scenarios": (scenarios, ("name", "world", "title", "question")),
    "worlds": (worlds, ("name", "title")),
    "levers": (levers, ("name", "family", "evidence", "title", "unit", "homicides")),
    "parameters": (partial(entries, "parameters"), ("name", "default", "low", "high", "unit", "source", "meaning")),
    "metrics": (partial(entries, "metrics"), ("name", "kind", "unit", "better", "title")),
    "evidence": (evidence, ("id", "use", "status", "window", "observed", "low", "high", "unit", "title")),
    "sources": (partial(entries, "sources"), ("key", "year", "status", "authors", "title")),
}


def _fields(entry: object) -> Row:
    """Every field that is data."""
    values: Row = entry._asdict() if isinstance(entry, tuple) else vars(entry)  # type: ignore[attr-defined]
    return {name: value for name, value in values.items() if not callable(value)}


def _plain(value: object) -> object:
    """What JSON does not know: entries within entries, sets, dates."""
    if is_dataclass(value):
        return _fields(value)
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
