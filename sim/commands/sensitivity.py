"""`cartelitos sensitivity`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options, sweeping
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.commands.running import Finished
    from sim.experiment.sampling import Method, Sample

REPLICATES = 4  # a mean over which every point is taken, if -n does not say
SIZE = {"morris": 10, "sobol": 64}


@click.command()
@click.argument("scenario", metavar="[SCENARIO]", default="baseline")
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME[=LOW:HIGH]",
    help="A parameter or a lever; bounds from the catalogue if none are given.  [default: every parameter that is sampled]",
)
@click.option("--method", type=click.Choice(["morris", "sobol"]), default="morris", show_default=True, help="Screening, or shares.")
@click.option("--size", type=click.IntRange(min=2), help="Trajectories of Morris, base samples of Sobol.  [default: 10, 64]")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="What is explained.  [default: five headline metrics]")
@options.experiment
def command(
    scenario: str, *, vary: tuple[str, ...], method: Method, size: int | None, metrics: tuple[str, ...], settings: Settings
) -> int:
    """Say how much each parameter and lever decides, and how much of that is noise.

    Every design point is the mean of -n replicates (4 if not given). A dummy that changes only which worlds and luck
    the replicates get shows what chance does. Needs (factors + 2) points per trajectory, (factors + 3) per base sample. The same command
    resumes; other methods and sizes use the runs that are there. Writes sensitivity-<method>.csv, a figure and report.html.
    """
    from sim.analysis.sensitivity import SHOWN  # noqa: PLC0415
    from sim.commands.errors import refuse_unknown_metrics  # noqa: PLC0415
    from sim.commands.progress import Progress  # noqa: PLC0415
    from sim.commands.running import load_all, perform, tell  # noqa: PLC0415
    from sim.experiment.sampling import sample  # noqa: PLC0415
    from sim.scenario.vary import factor_bounds  # noqa: PLC0415

    refuse_unknown_metrics(metrics)
    (written,) = load_all([scenario], settings.overrides)
    seed = written.seed if settings.seed is None else settings.seed
    drawn = sample(method, factor_bounds(vary), size or SIZE[method], seed, sweeping.loader(scenario, settings.overrides))
    plan = drawn.plan(settings.replicates or REPLICATES, seed, written)
    progress = Progress(quiet=settings.quiet)
    progress.say(f"{len(drawn.bounds)} factors, {len(drawn.rows):,} points, {len(plan.arms):,} of them distinct")
    finished = perform(plan, settings.out or Path("results") / f"sensitivity-{written.name}", settings, progress)
    if settings.shard:
        tell(finished, settings)
    else:
        conclude(drawn, finished, metrics or SHOWN, settings)
    return finished.status


def conclude(drawn: Sample, finished: Finished, metrics: tuple[str, ...], settings: Settings) -> None:
    """Analyse what is stored; print the table, leave it, the figure and the report in the folder."""
    from dataclasses import replace  # noqa: PLC0415

    from sim.analysis.sensitivity import indices, render, to_csv, to_json  # noqa: PLC0415
    from sim.analysis.sweep import read_levels  # noqa: PLC0415
    from sim.commands.running import pairing  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.figures import save  # noqa: PLC0415
    from sim.show.pages import publish_sensitivity  # noqa: PLC0415
    from sim.show.sensitivity import sensitivity  # noqa: PLC0415
    from sim.show.sweep import source  # noqa: PLC0415

    numbered = {arm.digest: arm for arm in finished.plan.arms}
    drawn = replace(drawn, arms=[numbered[arm.digest] for arm in drawn.arms])
    with pairing(finished):
        rows = indices(drawn, read_levels(finished.folder, metrics), metrics, finished.plan.seed % 2**32)
    click.echo(json.dumps(to_json(rows)) if settings.as_json else render(rows), nl=settings.as_json)
    attach(finished.folder, f"sensitivity-{drawn.method}.csv", to_csv(rows))
    if rows:
        save(finished.folder, f"sensitivity-{drawn.method}", sensitivity(rows, source(finished.folder, finished.plan.arms)))
    report = publish_sensitivity(finished.folder)
    if not settings.quiet:
        click.echo(f"results in {finished.folder}; to read: {report}", err=True)
