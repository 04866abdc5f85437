"""What commands that run something share: load, plan, execute, tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.analysis.ensemble import Ensemble, PairingError, gather, paired_only
from sim.commands.options import Settings
from sim.commands.progress import Progress, summary
from sim.experiment.errors import FailedRunsError, PlanError
from sim.experiment.execute import Tally, execute
from sim.experiment.plan import Plan
from sim.experiment.reading import PLAN, read_series
from sim.experiment.records import unpack
from sim.experiment.shards import Shard
from sim.experiment.specs import RunResult
from sim.experiment.worker import Simulate
from sim.model.worlds import load_world
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.read import WORLDS, scenario_folder

if TYPE_CHECKING:
    from sim.experiment.twins import Twins

FEW = 5  # failures that are named without -v
FAILED_RUNS, INTERRUPTED = 3, 130  # exit status


class Finished(NamedTuple):
    """An experiment whose runs are stored."""

    plan: Plan
    folder: Path
    tally: Tally

    @property
    def status(self) -> int:
        """Exit status."""
        return FAILED_RUNS if self.tally.failed else 0


def load_all(names: Sequence[str], overrides: Sequence[str]) -> list[Scenario]:
    """Resolve scenarios, and see that the tables of their worlds can be read.

    Raises:
        ScenarioError: with the problems of all of them.
    """
    loaded: list[Scenario] = []
    problems: list[Problem] = []
    for name in names:
        try:
            scenario = load(name, overrides)
            load_world(scenario.world, scenario.world_options, scenario_folder() / WORLDS)
            loaded.append(scenario)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return loaded


def carry_out(
    command: str,
    scenarios: Sequence[Scenario],
    settings: Settings,
    equal_cost: Mapping[str, Any] | None = None,
    twins: Twins | None = None,
    points: Sequence[int] | None = None,
    simulate: Simulate | None = None,
) -> Finished:
    """Run what is not stored yet, with progress on stderr.

    The first scenario decides replicates and seed where the command line does not. `equal_cost` is for the record;
    with `twins` every run is a world with its twins. `points` number the scenarios if they are design points of one;
    `simulate` stands for the model's own function.
    """
    first = scenarios[0]
    seed = first.seed if settings.seed is None else settings.seed
    together = asdict(twins) if twins else None
    plan = Plan.of(scenarios, settings.replicates or first.replicates, seed, points, equal_cost=equal_cost, twins=together)
    progress = Progress(quiet=settings.quiet)
    for name in (scenario.name for scenario in scenarios if scenario.sweep):
        progress.say(f"{name}: its [sweep] is left aside")
    folder = settings.out or Path("results") / plan.folder_name(command)
    return perform(plan, folder, settings, progress, twins or simulate)


def perform(
    plan: Plan, folder: Path, settings: Settings, progress: Progress, simulate: Simulate | None = None
) -> Finished:
    """Run what a folder does not hold yet of a plan; `simulate` stands for the model's own function."""
    shard = Shard.parse(settings.shard) if settings.shard else None
    if settings.panel or any(arm.scenario.panel for arm in plan.arms):
        plan, simulate = _with_panel(plan, simulate, progress)
    if settings.fresh and not settings.yes:
        _confirm(shard.home(folder) if shard else folder)
    try:
        tally = execute(
            plan,
            folder,
            engine=settings.engine or ("dask" if settings.scheduler else "process"),
            workers=settings.workers,
            scheduler=settings.scheduler,
            shard=shard,
            fresh=settings.fresh,
            retry_failed=settings.retry_failed,
            mix_versions=settings.mix_versions,
            command=["cartelitos", *sys.argv[1:]],
            watch=progress.watch,
            compiling=progress.compiling,
            simulate=simulate,
        )
    except KeyboardInterrupt:
        progress.say(f"interrupted; what is finished is stored in {folder}, the same command goes on from there")
        raise click.exceptions.Exit(INTERRUPTED) from None
    progress.say(summary(tally))
    for line in _remarks(tally, settings.verbose):
        progress.say(line)
    return Finished(tally.plan or plan, folder, tally)


def _with_panel(plan: Plan, simulate: Simulate | None, progress: Progress) -> tuple[Plan, Simulate]:
    """The plan with a panel, and what records it; says how large it gets."""
    from sim.experiment.panel import ROW_BYTES, Panel, panel_rows  # noqa: PLC0415  numba

    if simulate is not None:
        raise click.UsageError("--panel is for run, compare, sweep and sensitivity")
    rows = panel_rows(plan)
    size = f"about {rows * ROW_BYTES / 1e6:,.1f} MB before compression"
    progress.say(f"panel: {rows:,} rows of a place and month in {len(plan):,} runs, {size}")
    return replace(plan, panel=True), Panel()


def tell(finished: Finished, settings: Settings) -> None:
    """Say on stdout where the results are, and of how many runs."""
    tally = finished.tally
    if settings.as_json:
        runs = {key: getattr(tally, key) for key in ("planned", "done", "failed", "reused")}
        document = {"schema": 1, "results": str(finished.folder), "runs": runs, "seconds": round(tally.seconds, 3)}
        click.echo(json.dumps(document))
    else:
        click.echo(finished.folder)


@contextmanager
def pairing(finished: Finished) -> Iterator[None]:
    """Say it as what it is if the stored runs cannot be paired: too many failed, or the question does not fit them."""
    try:
        yield
    except PairingError as error:
        problem = FailedRunsError if finished.tally.failed else PlanError
        raise problem(error.problem.message, file=finished.folder) from error


def ensemble(finished: Finished) -> tuple[Ensemble, tuple[int, ...]]:
    """The runs of the replicates that every arm has, and the replicates that are left out."""
    with pairing(finished):
        series, dropped = paired_only(read_series(finished.folder))
        return gather(series), dropped


def _confirm(folder: Path) -> None:
    if not any((folder / name).exists() for name in (PLAN, "runs")):
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"--fresh would delete the results in {folder}; add --yes to agree")
    if not click.confirm(f"Delete the results in {folder}?", err=True):
        raise click.UsageError("nothing was deleted or run")


def _remarks(tally: Tally, verbose: int) -> list[str]:
    """What went wrong, and what the model warned of."""
    lines = [f"{text} ({count:,} runs)" for text, count in tally.warnings.items()]
    lines += [_failure(failure, verbose) for failure in tally.failures[: None if verbose else FEW]]
    if tally.failed:
        lines.append(f"{tally.failed:,} failed runs are stored as such; --retry-failed runs them again")
    return lines


def _failure(result: RunResult, verbose: int) -> str:
    spec = result.spec
    place = f"scenario {spec.arm.scenario.name}, replicate {spec.replicate}, seed {spec.seed}"
    trace = unpack(result.tables["runs"]).column("traceback")[0].as_py() if verbose else ""
    return f"failed: {place}: {result.error}" + (f"\n{trace}" if trace else "")
