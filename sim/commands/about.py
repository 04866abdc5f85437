"""What there is, and what it rests on: `list`, `describe`, `cite` and `guide`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import click

from sim.commands import options
from sim.commands.errors import UnknownNameError
from sim.show.description.document import SECTIONS
from sim.show.guide import chapters, site

Row = dict[str, Any]


@click.command()
@click.option("--section", type=click.Choice(list(SECTIONS)), help="Only this section.")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
@options.mechanisms
@options.talk
def describe(section: str | None, out: TextIO, *, mechanisms: tuple[str, ...], as_json: bool, quiet: bool, verbose: int) -> None:
    """Describe the model after the ODD protocol, as Markdown.

    The text is generated from the code, the catalogue and the worlds' tables, so it describes what runs.
    """
    from sim.experiment.outside import loaded  # noqa: PLC0415
    from sim.show.description.document import as_json as data  # noqa: PLC0415
    from sim.show.description.document import markdown  # noqa: PLC0415
    from sim.show.description.odd import describe  # noqa: PLC0415

    loaded(mechanisms)
    sections = describe([section] if section else SECTIONS)
    if as_json:
        document = {"schema": 1, "sections": [data(each) for each in sections]}
        click.echo(json.dumps(document, default=str, ensure_ascii=False), file=out)
    else:
        click.echo(markdown(sections), file=out, nl=False)


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]", shell_complete=options.scenarios)
@click.option("--bibtex", "as_bibtex", is_flag=True, help="As BibTeX entries.")
@options.talk
def cite(scenarios: tuple[str, ...], *, as_bibtex: bool, as_json: bool, quiet: bool, verbose: int) -> None:
    """Cite what scenarios rest on, and say why: the software, the model's sources, their levers', their worlds'.

    Without a SCENARIO: what the model itself rests on.
    """
    from sim.show.citations import bibtex, citations, text  # noqa: PLC0415
    from sim.studies.running import load_all  # noqa: PLC0415

    found = citations(load_all(scenarios, ()))
    rows = [asdict(citation.source) | {"reasons": citation.reasons} for citation in found]
    options.say({"rows": rows}, bibtex(found) if as_bibtex else text(found), as_json=as_json, ensure_ascii=False)


@click.command("list")
@click.argument("kind", metavar="[KIND]", default="scenarios", shell_complete=lambda ctx, param, text: options.starting(text, KINDS))
@options.talk
def listed(kind: str, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """List scenarios, worlds, levers, parameters, metrics, evidence or sources.

    KIND is one of these. --json gives every field.
    """
    if kind not in KINDS:
        raise UnknownNameError("list", kind, KINDS)
    rows_of, shown = KINDS[kind]
    rows = list(rows_of())
    if as_json:
        click.echo(json.dumps({"schema": 1, "rows": rows}, default=_plain, ensure_ascii=False))
    else:
        from sim.analysis.csv_text import aligned  # noqa: PLC0415

        click.echo(aligned([shown, *([_text(row[column]) for column in shown] for row in rows)]))


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


@click.command()
@click.argument("topic", required=False, metavar="[TOPIC]", shell_complete=lambda ctx, param, text: options.starting(text, chapters()))
@click.option("--site", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write all chapters here, as a web site.")
@options.talk
def guide(topic: str | None, folder: Path | None, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Print a chapter of the guide, as Markdown. Without TOPIC the chapters are listed."""
    known = chapters()
    if topic is not None and topic not in known:
        raise UnknownNameError("chapter", topic, known)
    if folder:
        if topic:
            raise click.UsageError("--site writes every chapter; leave TOPIC out")
        from sim.experiment.store import attach  # noqa: PLC0415  pyarrow

        pages = [attach(folder.parent, f"{folder.name}/{name}", content) for name, content in site()]
        options.say({"pages": [*map(str, pages)]}, str(pages[0]), as_json=as_json)
    elif topic:
        chapter = known[topic]
        options.say(chapter._asdict(), chapter.text.removesuffix("\n"), as_json=as_json, ensure_ascii=False)
    else:
        width, rows = max(map(len, known)), [each._asdict() for each in known.values()]
        rows = [{key: row[key] for key in ("topic", "title", "purpose")} for row in rows]
        lines = "\n".join(f"{row['topic']:{width}}  {row['purpose']}" for row in rows)
        options.say({"rows": rows}, lines, as_json=as_json, ensure_ascii=False)
