"""`cartelitos evidence`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.evidence import Scorecard
    from sim.catalogue.evidence import Evidence
    from sim.commands.running import Finished
    from sim.scenario import Scenario

USUAL = ("historical", "baseline")  # what happened; the first that the library has
REPLICATES = 100


@click.command()
@click.argument("scenario", required=False)
@click.option("--blind", type=click.Path(path_type=Path), help="Score the rows of this CSV or TOML file instead of the catalogue's.")
@click.option("--twins", type=click.Path(path_type=Path), help="Document of `twins --json`: scores the rows about removals.")
@options.experiment
def command(scenario: str | None, *, blind: Path | None, twins: Path | None, settings: Settings) -> int:
    """Score the model against what was observed: pass, near or fail, failures first.

    Runs SCENARIO (by default what happened) over the plausible set, to the end of the last row. Rows that may be tuned on and
    rows that never were are kept apart. A row passes if at least a third of the simulated histories lie in its band; it is near if
    the central 90 % of them meet the band.
    """
    from sim.catalogue.evidence import EVIDENCE  # noqa: PLC0415
    from sim.commands.running import carry_out, load_all  # noqa: PLC0415
    from sim.scenario.evidence_file import read_rows  # noqa: PLC0415

    known = list(EVIDENCE.values())
    rows = read_rows(blind) if blind else known
    effects = _effects(twins) if twins else []
    (loaded,) = load_all([scenario or usual()], settings.overrides)
    enough, years = reach(loaded, known), reach(loaded, [*known, *rows])
    loaded = replace(loaded, years=years, replicates=settings.replicates or REPLICATES)
    finished = carry_out("evidence" if years == enough else f"evidence-{years:.0f}-years", [loaded], settings)
    _conclude(finished, rows, effects, settings, blind)
    return finished.status


def reach(scenario: Scenario, rows: Sequence[Evidence]) -> float:
    """Years that a run must last, to the end of the last row's window; never less than the scenario says, nor beyond 2030."""
    last = max((row.last for row in rows if row.form != "twins"), default="0000-01")
    year, month = int(min(last, "2030-12")[:4]), int(min(last, "2030-12")[5:])
    months = 12 * (year - scenario.start.year) + month - scenario.start.month + 1
    return max(scenario.years, (months + 0.5) / 12)


def usual() -> str:
    """The library scenario that says what happened."""
    from sim.scenario import library  # noqa: PLC0415

    return next(name for name in USUAL if name in library())


def _effects(path: Path) -> list[dict[str, Any]]:
    from sim.analysis.evidence import read_effects  # noqa: PLC0415
    from sim.scenario import Problem, ScenarioError  # noqa: PLC0415
    from sim.scenario.read import shown, text_of  # noqa: PLC0415

    try:
        return read_effects(text_of(path, shown(path)))
    except (ValueError, RecursionError) as error:
        raise ScenarioError([Problem(shown(path), None, "", str(error), "cartelitos twins --json > twins.json")]) from None


def _conclude(
    finished: Finished, rows: Sequence[Evidence], effects: Sequence[dict[str, Any]], settings: Settings, blind: Path | None
) -> None:
    """Score what is stored, print it, leave the table and the figure in the folder."""
    from sim.analysis.ensemble import gather  # noqa: PLC0415
    from sim.analysis.evidence import render, scorecard, to_csv, to_json  # noqa: PLC0415
    from sim.analysis.observe import Histories  # noqa: PLC0415
    from sim.commands.running import pairing  # noqa: PLC0415
    from sim.experiment.reading import read_genealogy, read_runs, read_series  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415

    folder = finished.folder
    metrics = sorted({name for row in rows if row.form not in ("twins", "offspring") for name in row.metrics})
    with pairing(finished):
        ensemble = gather(read_series(folder, metrics))
    card = scorecard(rows, Histories(ensemble, 0, read_genealogy(folder)), effects)
    families = _counted(read_runs(folder).column("family").to_pylist())
    name = "evidence-blind" if blind else "evidence"
    if settings.as_json:
        click.echo(json.dumps(to_json(card) | {"scenario": ensemble.arms[0], "histories": ensemble.replicates.size, "families": families}))
    else:
        spread = ", ".join(f"{count} {family or 'failed'}" for family, count in families.items())
        click.echo(f"{ensemble.arms[0]}: {ensemble.replicates.size} histories ({spread} worlds)\n\n{render(card)}", nl=False)
    attach(folder, f"{name}.csv", to_csv(card))
    figure = _draw(card, finished, ensemble.replicates.size, name)
    if not settings.quiet:
        click.echo(f"results in {folder}; to look at: {figure}", err=True)


def _counted(families: Sequence[str]) -> dict[str, int]:
    return {family: families.count(family) for family in sorted(set(families))}


def _draw(card: Scorecard, finished: Finished, histories: int, name: str) -> Path:
    from sim.experiment.reading import read_plan  # noqa: PLC0415
    from sim.show.figures import save  # noqa: PLC0415
    from sim.show.scorecard import draw  # noqa: PLC0415

    plan = read_plan(finished.folder)
    arm = finished.plan.arms[0].scenario
    source = (
        f"Simulated with cartelitos {plan['versions']['sim']}, model {plan['model_version'][:8]}, world {arm.world}, "
        f"scenario {arm.name}, n = {histories} histories."
    )
    png, _ = save(finished.folder, name, draw(card, "What does the model get right?", source))
    return png
