"""`cartelitos plan`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options, sweeping
from sim.commands.options import Settings
from sim.commands.sweeping import Wish

if TYPE_CHECKING:
    from sim.experiment.forecast import Counts, Pilot
    from sim.experiment.plan import Plan

PILOT = 3  # runs


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@sweeping.options
@click.option("--against", metavar="SCENARIO", help="As in sweep.")
@click.option(
    "--pilot", "tries", type=click.IntRange(min=0), default=PILOT, show_default=True, help="Runs that are tried; 0 = no time, no size."
)
@options.experiment
def command(scenarios: tuple[str, ...], *, wish: Wish, against: str | None, tries: int, settings: Settings) -> None:
    """Say what an experiment would take, before it is run: put `plan` in the place of `sweep` or `run`.

    One SCENARIO with a [sweep], or with --vary, is planned as a sweep, others as a run. Says how many runs there are,
    how many of them are stored already, and, from a few runs that are tried and thrown away, how long the rest takes
    and how much disk it fills.
    """
    from sim.commands.progress import COMPILE, Progress  # noqa: PLC0415
    from sim.experiment.forecast import count, pilot  # noqa: PLC0415

    plan, folders, points, repeats = _plan(scenarios, wish, against, settings)
    counts, folder = max(((count(plan, folder), folder) for folder in folders), key=lambda found: found[0].done)
    progress = Progress(quiet=settings.quiet)
    tried = None
    if tries and counts.left:
        from sim.model.compiled import is_warm  # noqa: PLC0415  numba

        progress.say(f"trying {min(tries, len(plan.arms))} runs" if is_warm() else COMPILE)
        tried = pilot(plan, tries)
        for error in tried.errors:
            progress.say(f"a tried run failed: {error}")
    document = _document(plan, counts, folder, (points, repeats), tried, _workers(settings))
    click.echo(json.dumps(document) if settings.as_json else _text(document))


def _plan(scenarios: tuple[str, ...], wish: Wish, against: str | None, settings: Settings) -> tuple[Plan, list[Path], int, int]:
    """What would be run, where it may be stored already, the number of points, and how many more repeat others."""
    from sim.commands.running import load_all  # noqa: PLC0415
    from sim.experiment.plan import Plan  # noqa: PLC0415

    results = Path("results")
    if wish != Wish() and len(scenarios) > 1:
        raise click.UsageError("one scenario can be swept at a time")
    if wish != Wish() or (len(scenarios) == 1 and _has_sweep(scenarios[0])):
        laid = sweeping.lay_out(scenarios[0], wish, against, settings)
        points = len(laid.design.points)
        return laid.plan, [settings.out or results / laid.plan.folder_name("sweep")], points, laid.design.asked - points
    loaded = load_all(scenarios, settings.overrides)
    seed = loaded[0].seed if settings.seed is None else settings.seed
    plan = Plan.of(loaded, settings.replicates or loaded[0].replicates, seed)
    return plan, [settings.out] if settings.out else [results / plan.folder_name(name) for name in ("run", "compare")], 0, 0


def _has_sweep(name: str) -> bool:
    """Whether the file, or one it extends, asks for a sweep; what is wrong with it is said later."""
    from sim.scenario import ScenarioError  # noqa: PLC0415
    from sim.scenario.read import inherit, locate, scenario_folder  # noqa: PLC0415

    try:
        return "sweep" in inherit(locate(name, scenario_folder()), scenario_folder())[0].data
    except ScenarioError:
        return False


def _workers(settings: Settings) -> int:
    from sim.experiment.execute import usable_cpus  # noqa: PLC0415

    return 1 if settings.engine == "serial" else settings.workers or usable_cpus()


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
    from sim.commands.progress import span  # noqa: PLC0415

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
