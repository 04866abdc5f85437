"""Runs: `run`, `plan`, `rerun`, `reproduce` and `story`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options, study
from sim.studies.how import Setup

if TYPE_CHECKING:
    from sim.experiment.execute import Counts, Pilot
    from sim.experiment.folder.verify import Found, Rerun
    from sim.experiment.plan import Plan
    from sim.experiment.specs import RunSpec
    from sim.show.telling.history import Told

PILOT = 3  # runs
DIFFERENT, FAILED = 1, 3  # exit status
STUDY = "prieto-curiel-2023"
Spec = tuple["RunSpec", "Found | None"]  # a run, and where it is stored


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=options.scenarios)
@options.experiment
def run(scenarios: tuple[str, ...], *, setup: Setup, as_json: bool) -> int:
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


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--pilot", "tries", type=click.IntRange(min=0), default=PILOT, show_default=True, help="Runs that are tried; 0 = no time, no size."
)
@options.experiment
def plan(scenarios: tuple[str, ...], *, against: str | None, tries: int, setup: Setup, as_json: bool, **wish: Any) -> None:  # noqa: ANN401
    """Say what an experiment would take, before it is run: put `plan` in the place of `sweep` or `run`.

    One SCENARIO with a [sweep], or with --vary, is planned as a sweep, others as a run. Says how many runs there are,
    how many of them are stored already, and, from a few runs that are tried and thrown away, how long the rest takes
    and how much disk it fills.
    """
    from sim.experiment.execute import count, pilot, usable_cpus  # noqa: PLC0415
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
    workers = 1 if setup.engine == "serial" else setup.workers or usable_cpus()
    document = _forecast(plan, counts, folder, (points, repeats), tried, workers)
    click.echo(json.dumps(document) if as_json else _forecast_text(document))


plan.params += study.parameters(study.outline("sweep"), "vary", "method", "samples", "points", "against")


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


def _forecast(plan: Plan, counts: Counts, folder: Path, points: tuple[int, int], tried: Pilot | None, workers: int) -> dict[str, Any]:
    """Everything that is said."""
    usable = tried if tried and tried.seconds else None
    low, high = usable.time(counts.left, workers) if usable else (None, None)
    return {
        "schema": 1, "results": str(folder), "scenarios": list(dict.fromkeys(arm.scenario.name for arm in plan.arms)), "points": points[0],
        "duplicates": points[1], "replicates": plan.replicates, "runs": counts._asdict(),
        "pilot": {"runs": len(tried.seconds), "failed": len(tried.errors), "seconds": list(tried.seconds)} if tried else None,
        "workers": workers, "seconds": {"low": low, "high": high} if usable else ({"low": 0, "high": 0} if not counts.left else None),
        "disk_bytes": round(usable.size(counts.left)) if usable else (0 if not counts.left else None),
    }  # fmt: skip


def _forecast_text(document: dict[str, Any]) -> str:
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


@click.command()
@click.argument("run_id", metavar="RUN_ID")
@click.argument("folder", type=click.Path(path_type=Path), required=False, shell_complete=options.results)
@options.mechanisms
@options.talk
def rerun(run_id: str, folder: Path | None, *, mechanisms: tuple[str, ...], as_json: bool, quiet: bool, verbose: int) -> int:
    """Repeat one stored run and check that its numbers are the same, to the last bit.

    RUN_ID is a run's id or the beginning of it, as the column `run_id` and `plan.json` give it. FOLDER holds the
    results; without it, every folder in `results/` is searched.

    Exit status: 0 equal, 1 different, 3 the run fails (again).
    """
    from sim.experiment.folder.verify import find, rerun  # noqa: PLC0415
    from sim.experiment.progress import Progress  # noqa: PLC0415
    from sim.experiment.reading import PLAN  # noqa: PLC0415
    from sim.model.compile.compiled import is_warm  # noqa: PLC0415

    found = find(run_id, [folder] if folder else sorted(path.parent for path in Path("results").glob(f"*/{PLAN}")))
    if not is_warm():
        Progress(quiet=quiet).compiling()
    done = rerun(found, mechanisms)
    if as_json:
        click.echo(json.dumps(document(done)))
    else:
        click.echo(text(done, verbose))
    return FAILED if done.result.error else DIFFERENT if done.differences else 0


def document(done: Rerun) -> dict[str, object]:
    """For machines; `equal` is None where nothing is stored to compare with."""
    from sim.experiment.folder.verify import causes  # noqa: PLC0415

    spec = done.found.spec
    return {
        "schema": 1, "results": str(done.found.folder), **spec.labels, "seed": spec.seed, "seconds": round(done.result.seconds, 3),
        "error": done.result.error, "digest": done.result.digest, "equal": not done.differences if done.stored else None,
        "differences": list(done.differences), "causes": causes(done.found.plan) if done.differences else [],
    }  # fmt: skip


def text(done: Rerun, verbose: int) -> str:
    """For people."""
    from sim.experiment.folder.verify import causes  # noqa: PLC0415
    from sim.experiment.records import unpack  # noqa: PLC0415

    spec = done.found.spec
    point = f", point {spec.arm.point}" * bool(spec.arm.point)
    lines = [f"run {spec.run_id}: {spec.arm.scenario.name}{point}, replicate {spec.replicate}, seed {spec.seed}, of {done.found.folder}"]
    tables = {kind: unpack(table) for kind, table in done.result.tables.items()}
    if done.result.error:
        lines.append(f"it fails: {done.result.error}")
        lines += [tables["runs"].column("traceback")[0].as_py()] if verbose else ["-v shows where"]
    if done.differences:
        lines += ["DIFFERENT from what is stored:", *(f"  {line}" for line in done.differences)]
        lines += [f"  {line}" for line in causes(done.found.plan)]
    elif done.stored:
        sizes = ", ".join(f"{kind} {table.num_rows:,} x {table.num_columns}" for kind, table in tables.items())
        lines.append(f"equal to what is stored, every value to the last bit ({sizes})")
    else:
        lines.append("planned, but not stored yet: there is nothing to compare with")
    lines += [f"digest {done.result.digest}: the one of this world wherever it is played, in a page too"] * bool(done.result.digest)
    return "\n".join(lines)


@click.command()
@click.argument("study", type=click.Choice([STUDY]))
@click.option("--ties", type=click.Path(path_type=Path), help="Folder with the published network (bacrim2020_*.csv).")
@click.option("-n", "replicates", default=20, show_default=True, type=click.IntRange(1, 100_000), help="Replicates.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1), help="Seed of the experiment.")
@options.talk
def reproduce(study: str, *, ties: Path | None, replicates: int, seed: int, as_json: bool, quiet: bool, verbose: int) -> int:
    """Reproduce a published model as a limit of this one, its table beside ours.

    Without --ties a synthetic network of the same size is used, and the figures beside ours are those of its equations.
    """
    from sim.experiment.published import read_ties, reproduce, synthetic_ties  # noqa: PLC0415

    network = read_ties(ties) if ties else synthetic_ties()
    figures = reproduce(network, replicates, seed)
    if as_json:
        rows = [figure._asdict() for figure in figures]
        click.echo(json.dumps({"schema": 1, "network": "published" if network.published else "synthetic", "rows": rows}))
    else:
        source = "the published network" if network.published else "a synthetic network of the same size; beside ours: its equations"
        click.echo(f"{study}, mean of {replicates} replicates, on {source}\n")
        click.echo(f"{'':44s} {'published' if network.published else 'equations':>12s} {'ours':>12s} {'tolerance':>10s}")
        for f in figures:
            click.echo(f"{f.quantity:44s} {f.published:12,.1f} {f.ours:12,.1f} {f.tolerance:10.2f} {'ok' if f.ok else 'MISSED'}")
    return 0 if all(figure.ok for figure in figures) else 1


@click.command()
@click.argument("target", metavar="SCENARIO|FOLDER", shell_complete=options.scenarios)
@click.argument("run_ids", nargs=-1, metavar="[RUN_ID]...")
@click.option("--replicate", default=0, show_default=True, type=click.IntRange(0, 99_999), help="Of a SCENARIO: which world is told.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of a SCENARIO's experiment.  [default: as the scenario says]")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the words.")
@click.option("--film/--no-film", default=True, help="Whether the map is drawn as a film, too; it takes longest.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: results/story-<scenario>-<run id>]")
@options.change
@options.talk
def story(
    target: str,
    run_ids: tuple[str, ...],
    *,
    replicate: int,
    seed: int | None,
    language: str,
    film: bool,
    out: Path | None,
    changes: list[str],
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Tell one run as a story: what mattered in it by stated rules, in words, maps, a genealogy and a film.

    Tells a world of a SCENARIO, or the runs of a results FOLDER that the RUN_IDs name (the beginning of an id is enough; without any,
    the folder's first run), which are simulated once more. Writes one page that asks nothing of any server, figures, the events that it
    tells as JSON, and the map as a GIF; as an MP4 as well where ffmpeg is installed.
    """
    from sim.experiment.progress import Progress  # noqa: PLC0415
    from sim.model.compile.compiled import is_warm  # noqa: PLC0415
    from sim.show.telling.page import write_story  # noqa: PLC0415
    from sim.show.telling.pictures import films  # noqa: PLC0415

    if (Path(target) / "plan.json").exists() or (run_ids and not Path(target).is_file()):
        chosen = _stored(Path(target), run_ids, changes, seed)
    else:
        chosen = _planned(target, run_ids, changes, seed, replicate)
    if not is_warm():
        Progress(quiet=quiet).compiling()
    documents = []
    for spec, stored in chosen:
        folder = out or Path("results") / f"story-{spec.arm.scenario.name}-{spec.run_id[:8]}"
        folder = folder / spec.run_id[:8] if out and len(chosen) > 1 else folder
        with _drawing(quiet=quiet or not film) as watch:
            documents.append(write_story(_tell(spec, stored), _about(spec, language), folder, language, films() if film else (), watch))
    if as_json:
        click.echo(json.dumps(documents[0] if len(documents) == 1 else {"schema": 1, "stories": documents}))
    elif not quiet:
        click.echo("\n".join(document["files"][0] for document in documents))


def _planned(name: str, run_ids: Sequence[str], overrides: list[str], seed: int | None, replicate: int) -> list[Spec]:
    """The run of a scenario that `run` would store as this replicate."""
    from sim.experiment.plan import Plan  # noqa: PLC0415
    from sim.studies.running import load_all  # noqa: PLC0415

    if run_ids:
        raise click.UsageError(f"'{name}' is no results folder, and has no run '{run_ids[0]}'; --replicate chooses a scenario's world")
    (scenario,) = load_all([name], overrides)
    plan = Plan.of([scenario], replicate + 1, scenario.seed if seed is None else seed)
    return [([*plan][replicate], None)]


def _stored(folder: Path, run_ids: Sequence[str], overrides: list[str], seed: int | None) -> list[Spec]:
    """Runs of a results folder; the first one if none is named."""
    from sim.experiment.folder.verify import find, refuse_changed  # noqa: PLC0415
    from sim.experiment.reading import read_plan  # noqa: PLC0415

    if overrides or seed is not None:
        raise click.UsageError("a stored run is told as it was: --set, --world, --worlds, --effects and --seed are for a SCENARIO")
    plan = read_plan(folder)
    found = [find(run_id, [folder]) for run_id in run_ids or plan["runs"][:1]]
    for one in found:
        refuse_changed(one)
    return [(one.spec, one) for one in {one.spec.run_id: one for one in found}.values()]


def _tell(spec: RunSpec, stored: Found | None) -> Told:
    """Simulate the run; what is told of a stored one must be what was stored. Raises PlanError: it comes out differently."""
    from sim.experiment.errors import PlanError  # noqa: PLC0415
    from sim.experiment.reading import read_run  # noqa: PLC0415
    from sim.show.telling.history import tell  # noqa: PLC0415

    told = tell(spec.arm.scenario, spec.seed)
    series = read_run(stored.folder, spec.run_id).get("series") if stored else None
    if stored and series is not None and series.column("homicides").to_pylist() != told.homicides.tolist():
        message = f"run {spec.run_id} comes out differently from what is stored"
        raise PlanError(message, file=stored.folder, hint=f"cartelitos rerun {spec.run_id[:9]} says in what")
    return told


def _about(spec: RunSpec, language: str) -> Any:  # noqa: ANN401
    from sim.show.telling.page import About  # noqa: PLC0415
    from sim.words import section  # noqa: PLC0415

    scenario = spec.arm.scenario
    title = section("titles", language).get(scenario.title, scenario.title)
    again = " ".join(["cartelitos", *sys.argv[1:]])
    return About(scenario.name, title, spec.replicate, spec.seed, spec.run_id, spec.model_version, again)


@contextmanager
def _drawing(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr with the time left, fed with how many of how many pictures are drawn."""
    if quiet:
        yield lambda done, planned: None
        return
    with click.progressbar(length=1000, label="drawing the film", file=sys.stderr, show_pos=False) as bar:
        yield lambda done, planned: bar.update(1000 * (done + 1) // planned - bar.pos)
