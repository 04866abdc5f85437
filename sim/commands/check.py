"""`cartelitos check` and `cartelitos schema`: what may stand in a scenario file."""

from __future__ import annotations

import json
from typing import TextIO

import click

from sim.commands import complete, options


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=complete.scenarios)
@options.change
@options.talk
def command(files: tuple[str, ...], *, changes: list[str], as_json: bool, quiet: bool, verbose: int) -> None:
    """Check scenario files (names of the library, or questions) and say everything that is wrong with all of them.

    Also warns of what a file gives up of the policy that it extends, without saying so, and of what is odd in a country of your own.
    """
    from sim.analysis.own_country import doubts  # noqa: PLC0415
    from sim.scenario.arms import Asked  # noqa: PLC0415
    from sim.studies.running import load_arms  # noqa: PLC0415

    asked = [Asked(file, tuple(changes)) for file in files]
    loaded = load_arms(asked)
    warned = [[*map(str, (*each.warnings(), *doubts(scenario)))] for each, scenario in zip(asked, loaded, strict=True)]
    rows = [{"file": file, "ok": True, "warnings": said} for file, said in zip(files, warned, strict=True)]
    lines = [line for file, said in zip(files, warned, strict=True) for line in (f"{file}: ok", *(f"warning: {each}" for each in said))]
    options.say({"rows": rows}, "\n".join(lines), as_json=as_json, quiet=quiet)


@click.command("schema")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
@options.talk
def schema(out: TextIO, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Print the JSON Schema of scenario files, for editors.

    It is made from what checks the files, so it knows every lever, parameter and bound. A file that begins with
    `#:schema scenario.schema.json` (as `cartelitos new` writes it) is completed and checked while you type, in editors
    that read JSON Schema for TOML.
    """
    from sim.scenario.schema import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), indent=None if as_json else 1, ensure_ascii=False), file=out)
