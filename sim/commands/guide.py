"""`cartelitos guide`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from sim.commands import complete, options
from sim.commands.errors import UnknownNameError
from sim.show.guide import chapters, site


def _topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return complete.starting(incomplete, chapters())


@click.command()
@click.argument("topic", required=False, metavar="[TOPIC]", shell_complete=_topics)
@click.option("--site", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write all chapters here, as a web site.")
@options.talk
def command(topic: str | None, folder: Path | None, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Print a chapter of the guide, as Markdown. Without TOPIC the chapters are listed."""
    known = chapters()
    if topic is not None and topic not in known:
        raise UnknownNameError("chapter", topic, known)
    if folder:
        if topic:
            raise click.UsageError("--site writes every chapter; leave TOPIC out")
        _write(folder, as_json=as_json)
    elif topic:
        chapter = known[topic]
        click.echo(json.dumps({"schema": 1, **chapter._asdict()}, ensure_ascii=False) if as_json else chapter.text, nl=as_json)
    elif as_json:
        rows = [{"topic": each.topic, "title": each.title, "purpose": each.purpose} for each in known.values()]
        click.echo(json.dumps({"schema": 1, "rows": rows}, ensure_ascii=False))
    else:
        width = max(map(len, known))
        click.echo("\n".join(f"{each.topic:{width}}  {each.purpose}" for each in known.values()))


def _write(folder: Path, *, as_json: bool) -> None:
    from sim.experiment.store import attach  # noqa: PLC0415  pyarrow

    pages = [attach(folder.parent, f"{folder.name}/{name}", content) for name, content in site()]
    click.echo(json.dumps({"schema": 1, "pages": [str(page) for page in pages]}) if as_json else pages[0])
