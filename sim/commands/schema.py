"""`cartelitos schema`."""

from __future__ import annotations

import json
from typing import TextIO

import click

from sim.commands import options


@click.command()
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
@options.talk
def command(out: TextIO, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Print the JSON Schema of scenario files, for editors.

    It is made from what checks the files, so it knows every lever, parameter and bound. A file that begins with
    `#:schema scenario.schema.json` (as `cartelitos new` writes it) is completed and checked while you type, in editors
    that read JSON Schema for TOML.
    """
    from sim.scenario.json_schema import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), indent=None if as_json else 1, ensure_ascii=False), file=out)
