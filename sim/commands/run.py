"""`cartelitos run`."""

from __future__ import annotations

import click

from sim.commands import complete, options
from sim.studies.how import Setup


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=complete.scenarios)
@options.experiment
def command(scenarios: tuple[str, ...], *, setup: Setup, as_json: bool) -> int:
    """Run scenarios and store what happened.

    SCENARIO is a name from the library (see `cartelitos list scenarios`) or the path of a file. The same command
    resumes what was interrupted; a larger -n adds replicates. Replicate r has the same luck in every scenario.
    """
    from sim.commands.study import FAILED_RUNS, tell  # noqa: PLC0415
    from sim.studies.running import Piece, carry_out, load_all  # noqa: PLC0415

    try:
        run = carry_out("run", load_all(scenarios, setup.overrides), setup)
    except Piece as piece:
        run = piece.run
    tell(run, as_json=as_json)
    return FAILED_RUNS * bool(run.failed)
