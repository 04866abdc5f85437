"""How a study gets its runs: load what is asked, plan, run what is not stored, read what can be paired."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sim.analysis import country
from sim.analysis.ensemble import Ensemble, PairingError, gather, paired_only
from sim.experiment.budget import BUDGETS, Budget, equal_cost
from sim.experiment.errors import FailedRunsError, PlanError
from sim.experiment.execute import Tally, execute
from sim.experiment.folder.integrity import Shard
from sim.experiment.outside import planned
from sim.experiment.plan import Plan, distinct
from sim.experiment.pool.worker import Simulate
from sim.experiment.progress import Progress, progress, summary
from sim.experiment.reading import PLAN, read_series
from sim.experiment.records import unpack
from sim.experiment.specs import RunResult
from sim.model.worlds import load_world
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.arms import Asked, arms
from sim.scenario.load import USUAL
from sim.scenario.problems import suggest
from sim.scenario.read import WORLDS, scenario_folder, usual
from sim.studies.how import AnyScenario, Money, Prices, Setup, Window

if TYPE_CHECKING:
    from sim.experiment.twins import Twins

FEW = 5  # failures that are named unless all are wanted
MONTHS = ("start", "years")  # what must be equal for runs to be paired month by month
WORLD = ("world", "world_options", "tables", "start", "years", "parameters", "spreads", "dated", "worlds", "lever_effects")
WORLD_HINT = "--world NAME runs all on one world, --allow-world-change compares them as they are"
TITLES = {"spreads": "range of a parameter", "dated": "course of a parameter"}


class Run(NamedTuple):
    """An experiment whose runs are stored."""

    plan: Plan
    folder: Path
    tally: Tally

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return self.tally.failed


class Piece(Exception):  # noqa: N818  nothing went wrong
    """A piece of an experiment is stored, as `shard` asked; the same call without it concludes."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"a piece of {run.folder} is stored; the same call without shard concludes")
        self.run = run


def load_all(names: Iterable[AnyScenario], overrides: Sequence[str] = ()) -> list[Scenario]:
    """Resolve scenarios that are not loaded yet, and see that their worlds can be read. Raises ScenarioError: the problems of all."""
    return load_arms([name if isinstance(name, Scenario) else Asked(str(name), tuple(overrides)) for name in names])


def load_arms(asked: Iterable[Asked | Scenario]) -> list[Scenario]:
    """The same for scenarios that are asked for each with its own overrides. Raises ScenarioError: with the problems of all of them."""
    loaded: list[Scenario] = []
    problems: list[Problem] = []
    for each in asked:
        try:
            scenario = each if isinstance(each, Scenario) else each.load()
            load_world(scenario.world, scenario.world_options, scenario_folder() / WORLDS)
            loaded.append(scenario)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    country.tell_of_world(loaded[0].world)
    return loaded


def load_compared(asked: Sequence[AnyScenario], overrides: Sequence[str]) -> tuple[list[Scenario], list[str]]:
    """The scenarios of a comparison, business as usual first, and what somebody should know who asked so.

    Overrides of the policy are for the policies alone, others for every scenario; those that are loaded already have had theirs.
    Raises ScenarioError: with the problems of all of them.
    """
    if any(isinstance(each, Scenario) for each in asked):
        loaded = load_all(asked, overrides)
        return (load_all([USUAL], overrides) + loaded if len(loaded) == 1 and loaded[0].name != USUAL else loaded), []
    wanted = arms([str(each) for each in asked], overrides)
    return load_arms(wanted), [*_said(wanted, overrides)]


def run_compared(
    name: str,
    asked: Sequence[AnyScenario],
    setup: Setup,
    *,
    equal: bool,
    budget: Money | None,
    prices: Prices | None,
    same_world: bool = True,
    window: Window | None = None,
    beside: Callable[[Sequence[Scenario]], Sequence[Scenario]] = lambda _: (),
) -> tuple[Run, list[str]]:
    """Run what a comparison compares, business as usual first.

    A single scenario or question is compared with business as usual. Where costs are `equal`, every policy is scaled until it costs the
    `budget` a year at `prices` (by default what the militarized scenario costs, mid). `beside` says what else is run, given what is
    compared; it does not change the name of the folder. Gives the runs, and what somebody should know who asked so.

    Raises:
        ScenarioError: what is wrong with the scenarios, or with comparing them.
        PlanError: the window leaves the run, or the budget is none.
    """
    wanted = read_budget(budget)
    loaded, said = load_compared(asked, setup.overrides)
    said += map(str, country.doubts(loaded[0]))
    refuse_world_change(loaded, *(() if same_world else MONTHS))
    refuse_outside(window, loaded[0])
    scaled = equal_cost(loaded, wanted, prices or "mid") if equal else None
    compared = [*distinct(scaled.scenarios if scaled else loaded)]
    label, record = (f"{name}-{scaled.label}", scaled.as_json()) if scaled else (name, None)
    warned = [f"warning: {line}" for line in said]
    if loaded[0].name == USUAL and loaded[0].world in usual():
        warned.append(f"{USUAL} is here what {loaded[0].world} brings: {loaded[0].title}")
    return carry_out(label, [*compared, *beside(compared)], setup, called=compared, equal_cost=record, notes=warned), said


def read_budget(budget: Money | None) -> Budget | None:
    """The budget of that name, or of so many US$ a year. Raises PlanError: neither."""
    if budget is None or budget in BUDGETS:
        return None if budget is None else BUDGETS[str(budget)]
    try:
        usd = float(budget) if str(budget).isascii() else math.nan
    except ValueError:
        usd = math.nan
    if not 0.0 < usd < math.inf:
        hint = suggest(str(budget), BUDGETS) or f"give {', '.join(BUDGETS)} or an amount such as 1e9"
        raise PlanError(f"'{budget}' is no amount of US$ a year", field="--budget", hint=hint)
    return Budget(usd, "as asked for")


def _said(asked: Sequence[Asked], overrides: Sequence[str]) -> Iterator[str]:
    """Schedules that are given up unsaid, and for whom overrides hold."""
    usual = asked[0]
    apart = [text for text in overrides if text not in usual.overrides]
    if apart and len(asked) > 1:
        yield f"{', '.join(apart)}: of the policies, not of business as usual ({usual.name})"
    yield from dict.fromkeys(str(problem) for each in asked for problem in each.warnings())


def carry_out(
    name: str,
    scenarios: Sequence[Scenario],
    setup: Setup,
    *,
    called: Sequence[Scenario] | None = None,
    equal_cost: Mapping[str, Any] | None = None,
    twins: Twins | None = None,
    points: Sequence[int] | None = None,
    simulate: Simulate | None = None,
    notes: Iterable[str] = (),
) -> Run:
    """Run what is not stored yet.

    The first scenario decides replicates and seed where the setup does not. The folder is called after `called`, by default all of them;
    `points` are their numbers as design points of one, `simulate` stands for the model's own function, `notes` are said first.

    Raises:
        Piece: `setup` asks for a shard, and it is stored.
        ExperimentError: the folder holds another plan, is in use, or cannot be written.
    """
    first = scenarios[0]
    seed = first.seed if setup.seed is None else setup.seed
    together = asdict(twins) if twins else None
    plan = Plan.of(scenarios, setup.replicates or first.replicates, seed, points, equal_cost=equal_cost, twins=together)
    folder = setup.home((Plan.of(called, 1, 0) if called else plan).folder_name(name))
    aside = [f"{scenario.name}: its [sweep] is left aside" for scenario in scenarios if scenario.sweep]
    return perform(plan, folder, setup, twins or simulate, [*notes, *aside])


def perform(plan: Plan, folder: Path, setup: Setup, simulate: Simulate | None = None, notes: Iterable[str] = ()) -> Run:
    """Run what a folder does not hold yet of a plan, with progress on stderr.

    Raises Piece: `setup` asks for a shard, and it is stored; ExperimentError: as `sim.experiment.execute.execute` says.
    """
    told = progress(quiet=setup.quiet)
    for note in notes:
        told.say(note)
    if setup.scheduler and setup.engine not in (None, "dask"):
        raise PlanError(f"--scheduler is of a Dask cluster, not of --engine {setup.engine}", hint="leave one of them out")
    shard = Shard.parse(setup.shard) if setup.shard is not None else None
    if setup.panel or any(arm.scenario.panel for arm in plan.arms):
        plan, simulate = _with_panel(plan, simulate, told)
    if setup.mechanisms:
        named = ", ".join(map(str, setup.mechanisms))
        told.say(f"trying {named}; the week that holds them is compiled on its own, about half a minute")
        plan, simulate = planned(plan, setup.mechanisms, simulate)
    home = shard.home(folder) if shard else folder
    if setup.fresh and any((home / name).exists() for name in (PLAN, "runs")):
        setup.confirm(home)
    try:
        with alone():
            tally = execute(
                plan, folder, engine=setup.engine or ("dask" if setup.scheduler else "process"), workers=setup.workers,
                scheduler=setup.scheduler, shard=shard, fresh=setup.fresh, retry_failed=setup.retry_failed,
                mix_versions=setup.mix_versions, command=setup.command, watch=told.watch, compiling=told.compiling, simulate=simulate,
            )  # fmt: skip
    except KeyboardInterrupt:
        told.say(f"interrupted; what is finished is stored in {folder}, the same command goes on from there")
        raise
    told.say(summary(tally))
    for line in remarks(tally, setup.verbose):
        told.say(line)
    run = Run(tally.plan or plan, folder, tally)
    if shard:
        raise Piece(run)
    return run


@contextmanager
def alone() -> Iterator[None]:
    """Keep worker processes from running the caller's script once more: they need nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _with_panel(plan: Plan, simulate: Simulate | None, told: Progress) -> tuple[Plan, Simulate]:
    """The plan with a panel, and what records it; says how large it gets."""
    from sim.experiment.twins import ROW_BYTES, Panel, panel_rows  # noqa: PLC0415  numba

    if simulate is not None:
        raise PlanError("--panel is for run, compare, sweep and sensitivity", hint="leave it out")
    rows = panel_rows(plan)
    size = f"about {rows * ROW_BYTES / 1e6:,.1f} MB before compression"
    told.say(f"panel: {rows:,} rows of a place and month in {len(plan):,} runs, {size}")
    return replace(plan, panel=True), Panel()


@contextmanager
def pairing(run: Run) -> Iterator[None]:
    """Say it as what it is if the stored runs cannot be paired: too many failed, or the question does not fit them."""
    try:
        yield
    except PairingError as error:
        problem = FailedRunsError if run.failed else PlanError
        raise problem(error.problem.message, file=run.folder) from error


def ensemble(run: Run) -> tuple[Ensemble, tuple[int, ...]]:
    """The runs of the replicates that every arm of the plan has, and the replicates that are left out."""
    with pairing(run):
        series = read_series(run.folder)
        wanted = pa.array({arm.scenario.name for arm in run.plan.arms}, pa.string())
        series, dropped = paired_only(series.filter(pc.is_in(series.column("scenario"), wanted)))
        return gather(series), dropped


def refuse_outside(window: Window | None, scenario: Scenario) -> None:
    """See that a window lies within the run, before anything runs. Raises PlanError: it does not."""
    first, last = (f"{day:%Y-%m}" for day in (scenario.start, scenario.start + timedelta(weeks=scenario.weeks, days=-1)))
    if window is not None and (window[0] < first or window[1] > last):
        message = f"{window[0]}:{window[1]} is not within the simulated months"
        raise PlanError(message, field="--window", hint=f"{scenario.name} is simulated from {first} to {last}")


def load_pair(base: AnyScenario, policy: AnyScenario, overrides: Sequence[str]) -> list[Scenario]:
    """Two scenarios in one world under names of their own. Raises ScenarioError: also where they are the same."""
    pair, _ = load_compared([base, policy], overrides)
    refuse_world_change(pair)
    if replace(pair[1], name=pair[0].name) == pair[0]:
        raise ScenarioError([Problem(pair[1].name, None, "", "is what it would be compared with, so nothing differs", "name a policy")])
    return [*distinct(pair)]


def refuse_world_change(scenarios: Sequence[Scenario], *months: str) -> None:
    """Only the policy may differ; or, where fields of `MONTHS` are given, all but these. Raises ScenarioError: a problem per scenario."""
    usual, *others = scenarios
    why = "so months cannot be paired" if months else "so more than the policy would differ"
    hint = "--set world.years=15 and --set world.start=2006-12 hold for all" if months else WORLD_HINT
    problems = []
    for other in others:
        differing = [TITLES.get(field, field) for field in months or WORLD if getattr(other, field) != getattr(usual, field)]
        if differing:
            problems.append(Problem(other.name, None, "world", f"assumes another {', '.join(differing)} than {usual.name}, {why}", hint))
    if problems:
        raise ScenarioError(problems)


def remarks(tally: Tally, verbose: int) -> list[str]:
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
