"""`cartelitos run`."""

from __future__ import annotations

import click

from sim.commands import complete, options
from sim.commands.options import Settings


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=complete.scenarios)
@options.experiment
def command(scenarios: tuple[str, ...], settings: Settings) -> int:
    """Run scenarios and store what happened.

    SCENARIO is a name from the library (see `cartelitos list scenarios`) or the path of a file. The same command
    resumes what was interrupted; a larger -n adds replicates. Replicate r has the same luck in every scenario.
    """
    from sim.commands.running import carry_out, load_all, tell  # noqa: PLC0415

    finished = carry_out("run", load_all(scenarios, settings.overrides), settings)
    tell(finished, settings)
    return finished.status
