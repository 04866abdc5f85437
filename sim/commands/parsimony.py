"""`cartelitos parsimony`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.commands.running import Finished

WORLDS = 40  # without -n
DEFAULT = ("baseline", "merida", "demand-side")


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]")
@options.experiment
def command(scenarios: tuple[str, ...], settings: Settings) -> int:
    """Switch every mechanism off in turn: which evidence gets worse without it, which outcomes move, and what changes nothing.

    The first SCENARIO is scored against the evidence; of the others it is looked at whether they still do to outcomes what they did. By
    default baseline, merida and demand-side. Each runs as it is and once per mechanism without it, in the same worlds, to the end of the
    last evidence row. Writes parsimony.csv; `describe` prints the table that the library keeps. 40 worlds without -n.
    """
    from sim.catalogue.evidence import EVIDENCE  # noqa: PLC0415
    from sim.catalogue.switches import SWITCHES  # noqa: PLC0415
    from sim.commands.compare import refuse_world_change  # noqa: PLC0415
    from sim.commands.evidence import reach  # noqa: PLC0415
    from sim.commands.running import carry_out, load_all, tell  # noqa: PLC0415
    from sim.experiment.plan import Plan  # noqa: PLC0415
    from sim.experiment.switching import switched, without  # noqa: PLC0415

    loaded = load_all(scenarios or DEFAULT, settings.overrides)
    refuse_world_change(loaded)
    if not any(text.startswith("world.years") for text in settings.overrides):
        loaded = [replace(scenario, years=reach(scenario, list(EVIDENCE.values()))) for scenario in loaded]
    off = [switched(scenario, without(switch.name), switch.off) for switch in SWITCHES.values() for scenario in loaded]
    out = settings.out or Path("results") / Plan.of(loaded, 1, 0).folder_name("parsimony")
    finished = carry_out("parsimony", [*loaded, *off], replace(settings, out=out, replicates=settings.replicates or WORLDS))
    if settings.shard:
        tell(finished, settings)
    else:
        conclude(finished, settings, [scenario.name for scenario in loaded])
    return finished.status


def conclude(finished: Finished, settings: Settings, names: list[str]) -> None:
    """Judge, print, keep."""
    from sim.analysis.csv_text import csv_rows  # noqa: PLC0415
    from sim.analysis.parsimony import render, to_csv, to_json, uses  # noqa: PLC0415
    from sim.catalogue.evidence import EVIDENCE  # noqa: PLC0415
    from sim.commands.running import ensemble, pairing  # noqa: PLC0415
    from sim.experiment.reading import read_genealogy  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415

    runs, _ = ensemble(finished)
    with pairing(finished):
        found = uses(runs, read_genealogy(finished.folder), EVIDENCE.values(), names[1:])
    text = to_csv(found, provenance(finished, runs.replicates.size, names))
    if settings.as_json:
        click.echo(json.dumps({"schema": 1, "rows": to_json(found)}))
    else:
        click.echo(render(csv_rows(text)[1]), nl=False)
    path = attach(finished.folder, "parsimony.csv", text)
    if not settings.quiet:
        click.echo(f"results in {finished.folder}; the table: {path}", err=True)


def provenance(finished: Finished, worlds: int, names: list[str]) -> Iterator[str]:
    """Where the table comes from, and how to read it."""
    first = finished.plan.arms[0].scenario
    version, seed = finished.plan.model_version, finished.plan.seed
    yield f"Made by `cartelitos parsimony {' '.join(names)} -n {worlds}`: model {version}, world {first.world}, seed {seed},"
    yield f"{worlds} worlds of the plausible set, {first.start:%Y-%m} on, {first.years:.1f} years. Every mechanism switched off by itself."
    yield "worse, better: evidence rows whose band holds fewer or more histories without it, by more than luck; rows about removals are not"
    yield "counted. outcomes: headline metrics that move by 2 % or more. effects: what the other scenarios do to outcomes, where that"
    yield "changes by 0.5 % of the outcome or more. shows_in: the first of evidence, outcomes, policies that shows its absence, or nothing."
