"""`cartelitos check`."""

from __future__ import annotations

import json

import click

from sim.commands import complete, options


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=complete.scenarios)
@options.talk
def command(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Check scenario files (or names of the library) and say everything that is wrong with all of them."""
    from sim.commands.running import load_all  # noqa: PLC0415

    load_all(files, ())
    if as_json:
        click.echo(json.dumps({"schema": 1, "rows": [{"file": file, "ok": True} for file in files]}))
    elif not quiet:
        click.echo("\n".join(f"{file}: ok" for file in files))
