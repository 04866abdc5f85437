"""`cartelitos sweep`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options, sweeping
from sim.commands.options import Settings
from sim.commands.sweeping import Wish

if TYPE_CHECKING:
    from sim.commands.running import Finished
    from sim.commands.sweeping import Sweeping


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@sweeping.options
@click.option("--against", metavar="SCENARIO", help="What stands for business as usual.  [default: baseline]")
@options.experiment
def command(scenario: str, *, wish: Wish, against: str | None, settings: Settings) -> int:
    """Run a scenario at many design points and compare each with business as usual.

    The points stand in the file's [sweep] or are given by --vary. Every point is paired with business as usual by seed;
    where a parameter or the world varies, business as usual has the same one. The same command resumes; points and
    replicates that are added later use the runs that are there. Prints a table; writes comparison.csv, figures and
    report.html.
    """
    from sim.commands.progress import Progress  # noqa: PLC0415
    from sim.commands.running import perform, tell  # noqa: PLC0415

    laid = sweeping.lay_out(scenario, wish, against, settings)
    progress = Progress(quiet=settings.quiet)
    for line in remarks(laid):
        progress.say(line)
    finished = perform(laid.plan, settings.out or Path("results") / laid.plan.folder_name("sweep"), settings, progress)
    if settings.shard:
        tell(finished, settings)
    else:
        conclude(laid, finished, settings)
    return finished.status


def remarks(laid: Sweeping) -> Iterator[str]:
    """What a reader must know before anything runs."""
    sweep, count = laid.scenario.sweep, len(laid.design.points)
    if laid.design.asked > count:
        yield f"{laid.design.asked - count:,} of {laid.design.asked:,} points repeat others and are run once"
    if sweep and sweep.method == "sobol" and count & (count - 1):
        yield f"a Sobol' sequence is balanced at powers of two: {1 << (count.bit_length() - 1):,} or {1 << count.bit_length():,} points"
    if laid.usual.name == laid.scenario.name and not laid.design.usual[0].at:
        yield f"business as usual is {laid.usual.name} itself, as it is written"


def conclude(laid: Sweeping, finished: Finished, settings: Settings) -> None:
    """Analyse what is stored, print the table, leave it, the figures and the report in the folder."""
    from sim.analysis.sweep import compare_points, read_levels, render, to_csv, to_json  # noqa: PLC0415
    from sim.commands.running import pairing  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.pages import tell_sweep  # noqa: PLC0415

    numbered = {(arm.scenario.name, arm.digest): arm for arm in finished.plan.arms}
    pairs = [
        (numbered[arm.scenario.name, arm.digest], numbered[usual.scenario.name, usual.digest])
        for arm, usual in zip(laid.design.points, laid.design.usual, strict=True)
    ]
    with pairing(finished):
        levels = read_levels(finished.folder)
        rows = compare_points(levels, pairs)
    if settings.as_json:
        click.echo(json.dumps(to_json(rows)))
    else:
        click.echo(render(rows, laid.design.fields), nl=False)
    attach(finished.folder, "comparison.csv", to_csv(rows, laid.design.fields))
    report = tell_sweep(rows, levels, pairs, finished.folder)
    if not settings.quiet:
        click.echo(f"results in {finished.folder}; to read: {report}", err=True)
