"""`cartelitos guide`."""

from __future__ import annotations

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
        options.say(chapter._asdict(), chapter.text.removesuffix("\n"), as_json=as_json, ensure_ascii=False)
    else:
        width, rows = max(map(len, known)), [each._asdict() for each in known.values()]
        rows = [{key: row[key] for key in ("topic", "title", "purpose")} for row in rows]
        lines = "\n".join(f"{row['topic']:{width}}  {row['purpose']}" for row in rows)
        options.say({"rows": rows}, lines, as_json=as_json, ensure_ascii=False)


def _write(folder: Path, *, as_json: bool) -> None:
    from sim.experiment.store import attach  # noqa: PLC0415  pyarrow

    pages = [attach(folder.parent, f"{folder.name}/{name}", content) for name, content in site()]
    options.say({"pages": [*map(str, pages)]}, str(pages[0]), as_json=as_json)
