"""`cartelitos report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import complete, options

if TYPE_CHECKING:
    from sim.analysis.ensemble import Window


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=complete.results)
@click.option("--usual", metavar="SCENARIO", help="Business as usual.  [default: the first scenario of the plan]")
@options.window
@click.option("--interactive", is_flag=True, help="Also write interactive.html: the charts, to point at and zoom.")
@options.talk
def command(folder: Path, usual: str | None, window: Window | None, *, interactive: bool, as_json: bool, quiet: bool, verbose: int) -> None:
    """Rebuild the page of the results in FOLDER: one HTML file that asks nothing of any server.

    Also draws the figures, and writes comparison.csv where there is something to compare. Takes the folder of any command that runs
    something; scenarios whose months are not those of business as usual are listed and not compared. What the folder has nothing for
    is left out with a word.
    """
    from sim.studies.report import write_report  # noqa: PLC0415

    page = write_report(folder, usual, window, interactive=interactive)
    options.say({"report": str(page)}, str(page), as_json=as_json, quiet=quiet)
