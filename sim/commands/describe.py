"""`cartelitos describe`."""

from __future__ import annotations

import json
from typing import TextIO

import click

from sim.commands import options
from sim.show.description.document import SECTIONS


@click.command()
@click.option("--section", type=click.Choice(list(SECTIONS)), help="Only this section.")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
@options.mechanisms
@options.talk
def command(section: str | None, out: TextIO, *, mechanisms: tuple[str, ...], as_json: bool, quiet: bool, verbose: int) -> None:
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
