"""`cartelitos report`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sim.commands import complete, options


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=complete.results)
@click.option("--usual", metavar="SCENARIO", help="Business as usual.  [default: the first scenario of the plan]")
@click.option(
    "--window", nargs=2, metavar="FIRST LAST", help="Months to compare, such as 2010-01 2015-12.  [default: the whole run]"
)
@options.talk
def command(
    folder: Path, usual: str | None, window: tuple[str, str] | None, *, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Rebuild the page of the results in FOLDER: one HTML file that asks nothing of any server.

    Also draws the figures and writes comparison.csv. Takes any results folder: of a run, a comparison or a sweep.
    """
    from sim.analysis.paired import to_csv  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.figures import read  # noqa: PLC0415
    from sim.show.report import publish  # noqa: PLC0415

    results = read(folder, usual, window)
    attach(folder, "comparison.csv", to_csv(results.rows))
    page = publish(results, folder)
    if as_json:
        click.echo(json.dumps({"schema": 1, "report": str(page)}))
    elif not quiet:
        click.echo(page)
