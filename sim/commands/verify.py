"""`cartelitos verify`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from sim.commands import complete, options

DAMAGED = 2  # exit status


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), shell_complete=complete.results)
@click.option("--repair", "mend", is_flag=True, help="Set damaged parts and needless copies aside; deletes nothing.")
@options.talk
def command(folder: Path, *, mend: bool, as_json: bool, quiet: bool, verbose: int) -> int:
    """Check that the results in FOLDER are whole, and say what to do where they are not.

    Reads everything: checksums, the plan against its scenarios and its runs, missing, repeated and foreign runs, and every other file
    against SHA256SUMS. What --repair sets aside stays in FOLDER/set-aside; the experiment's own command then runs those runs again.

    Exit status: 0 whole, 2 something is wrong.
    """
    from sim.experiment.folder.verify import repair, verify  # noqa: PLC0415
    from sim.scenario.problems import printable  # noqa: PLC0415

    with click.progressbar(length=1, label="reading", file=sys.stderr, hidden=quiet or not sys.stderr.isatty()) as bar:

        def watch(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        found = verify(folder, watch)
    done = repair(found) if mend else []
    left = verify(folder) if done else found
    if as_json:
        document = {"results": str(folder), "planned": left.planned, "stored": len(left.stored), "repaired": done, "notes": left.notes}
        click.echo(json.dumps({"schema": 1, **document, "problems": [asdict(problem) for problem in left.problems]}))
        return DAMAGED if left.problems else 0
    for line in [*done, *map(str, left.problems), *left.notes * (not quiet)]:
        click.echo(printable(line))
    if not quiet:
        state = f"{len(left.problems):,} problems" if left.problems else "whole"
        click.echo(f"{folder}: {len(left.stored):,} of {left.planned:,} runs are stored; {state}")
    return DAMAGED if left.problems else 0
