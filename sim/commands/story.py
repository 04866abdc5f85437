"""`cartelitos story`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options

if TYPE_CHECKING:
    from sim.experiment.folder.verify import Found
    from sim.experiment.specs import RunSpec
    from sim.show.telling.history import Told

Spec = tuple["RunSpec", "Found | None"]  # a run, and where it is stored


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
