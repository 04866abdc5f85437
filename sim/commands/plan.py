"""`cartelitos plan`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options, study
from sim.studies.how import Setup

if TYPE_CHECKING:
    from sim.experiment.execute import Counts, Pilot
    from sim.experiment.plan import Plan

PILOT = 3  # runs


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--pilot", "tries", type=click.IntRange(min=0), default=PILOT, show_default=True, help="Runs that are tried; 0 = no time, no size."
)
@options.experiment
def command(scenarios: tuple[str, ...], *, against: str | None, tries: int, setup: Setup, as_json: bool, **wish: Any) -> None:  # noqa: ANN401
    """Say what an experiment would take, before it is run: put `plan` in the place of `sweep` or `run`.

    One SCENARIO with a [sweep], or with --vary, is planned as a sweep, others as a run. Says how many runs there are,
    how many of them are stored already, and, from a few runs that are tried and thrown away, how long the rest takes
    and how much disk it fills.
    """
    from sim.experiment.execute import count, pilot  # noqa: PLC0415
    from sim.experiment.outside import planned  # noqa: PLC0415
    from sim.experiment.progress import Progress  # noqa: PLC0415

    plan, folders, points, repeats = _plan(scenarios, wish, against, setup)
    progress, simulate = Progress(quiet=setup.quiet), None
    if setup.mechanisms:
        plan, simulate = planned(plan, setup.mechanisms)
    counts, folder = max(((count(plan, folder), folder) for folder in folders), key=lambda found: found[0].done)
    tried = None
    if tries and counts.left:
        from sim.model.compile.compiled import is_warm  # noqa: PLC0415  numpy

        if not is_warm():
            progress.compiling()
        progress.say(f"trying {min(tries, len(plan.arms))} runs")
        tried = pilot(plan, tries, simulate)
        for error in tried.errors:
            progress.say(f"a tried run failed: {error}")
    document = _document(plan, counts, folder, (points, repeats), tried, _workers(setup))
    click.echo(json.dumps(document) if as_json else _text(document))


command.params += study.parameters(study.outline("sweep"), "vary", "method", "samples", "points", "against")


def _plan(scenarios: tuple[str, ...], given: dict[str, Any], against: str | None, setup: Setup) -> tuple[Plan, list[Path], int, int]:
    """What would be run, where it may be stored already, the number of points, and how many more repeat others."""
    from sim.experiment.plan import Plan  # noqa: PLC0415
    from sim.studies.running import load_all  # noqa: PLC0415
    from sim.studies.sweep import Points, lay_out  # noqa: PLC0415

    results = Path("results")
    wish = Points(**given)
    if wish != Points() and len(scenarios) > 1:
        raise click.UsageError("one scenario can be swept at a time")
    if wish != Points() or (len(scenarios) == 1 and _has_sweep(scenarios[0])):
        laid = lay_out(scenarios[0], wish, against, setup)
        points = len(laid.design.points)
        return laid.plan, [setup.home(laid.plan.folder_name("sweep"))], points, laid.design.asked - points
    loaded = load_all(scenarios, setup.overrides)
    seed = loaded[0].seed if setup.seed is None else setup.seed
    plan = Plan.of(loaded, setup.replicates or loaded[0].replicates, seed)
    return plan, [Path(setup.folder)] if setup.folder else [results / plan.folder_name(name) for name in ("run", "compare")], 0, 0


def _has_sweep(name: str) -> bool:
    """Whether the file, or one it extends, asks for a sweep; what is wrong with it is said later."""
    from sim.scenario import ScenarioError  # noqa: PLC0415
    from sim.scenario.load import layers  # noqa: PLC0415
    from sim.scenario.read import scenario_folder  # noqa: PLC0415

    try:
        return any("sweep" in draft.data for draft in layers(name, scenario_folder())[0])
    except ScenarioError:
        return False


def _workers(setup: Setup) -> int:
    from sim.experiment.execute import usable_cpus  # noqa: PLC0415

    return 1 if setup.engine == "serial" else setup.workers or usable_cpus()


def _document(plan: Plan, counts: Counts, folder: Path, points: tuple[int, int], tried: Pilot | None, workers: int) -> dict[str, Any]:
    """Everything that is said."""
    usable = tried if tried and tried.seconds else None
    low, high = usable.time(counts.left, workers) if usable else (None, None)
    return {
        "schema": 1,
        "results": str(folder),
        "scenarios": list(dict.fromkeys(arm.scenario.name for arm in plan.arms)),
        "points": points[0],
        "duplicates": points[1],
        "replicates": plan.replicates,
        "runs": counts._asdict(),
        "pilot": {"runs": len(tried.seconds), "failed": len(tried.errors), "seconds": list(tried.seconds)} if tried else None,
        "workers": workers,
        "seconds": {"low": low, "high": high} if usable else ({"low": 0, "high": 0} if not counts.left else None),
        "disk_bytes": round(usable.size(counts.left)) if usable else (0 if not counts.left else None),
    }


def _text(document: dict[str, Any]) -> str:
    """The same for people."""
    from sim.experiment.progress import span  # noqa: PLC0415

    runs = document["runs"]
    repeats = f" ({document['duplicates']:,} more repeat others and are run once)" if document["duplicates"] else ""
    lines = [f"results     {document['results']}"]
    lines += [f"points      {document['points']:,}{repeats}"] if document["points"] else []
    failed = f", {runs['failed']:,} failed" if runs["failed"] else ""
    lines += [f"runs        {runs['total']:,}: {runs['done']:,} done{failed}, {runs['left']:,} left; {document['replicates']:,} per arm"]
    if document["seconds"] and runs["left"]:
        ends = [span(document["seconds"][end]) for end in ("low", "high")]
        lines += [f"time        {ends[0]} to {ends[1]} with {document['workers']} workers, from {document['pilot']['runs']} runs tried"]
        lines += [f"disk        about {document['disk_bytes'] / 1e6:,.1f} MB"]
    return "\n".join(lines)
