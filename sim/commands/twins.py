"""`cartelitos twins`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.commands.running import Finished
    from sim.scenario import Scenario

PLACES = (128, 32)  # effects on the scale of municipalities, and of states


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--removals", default=12, show_default=True, type=click.IntRange(min=1), help="Leaders spared in every world, one by one.")
@click.option(
    "--places",
    type=click.IntRange(min=1),
    multiple=True,
    help="Number of places; may be repeated.  [default: 128 and 32, where a world can be split]",
)
@click.option(
    "--vectors",
    type=click.IntRange(min=1),
    metavar="TERRITORIES",
    help="Where a world has no plausible set of its own, draw parameters from the one made for so many territories.",
)
@options.experiment
def command(scenario: str, *, removals: int, places: tuple[int, ...], vectors: int | None, settings: Settings) -> int:
    """Measure what removals do: the same world, the same luck, the leader lives.

    Every world is run once, and again for some of its removals with that one leader spared. Until that week the two are
    the same to the last bit; what differs in the three years after it, at the place of the removal, the cartel's other
    places, the neighbours and elsewhere, is its effect. Beside it stands what an event study finds on the same histories.
    """
    from sim.commands.running import carry_out  # noqa: PLC0415
    from sim.experiment.twins import Twins  # noqa: PLC0415

    worlds = list(_worlds(scenario, places, settings))
    if vectors is not None:
        _refuse_vectors(worlds, vectors)
    finished = carry_out("twins", worlds, settings, twins=Twins(removals, vectors))
    _conclude(finished, settings)
    return finished.status


def _worlds(name: str, places: Sequence[int], settings: Settings) -> Iterator[Scenario]:
    """The scenario at every number of places; as it is where its world has just one."""
    from sim.commands.running import load_all  # noqa: PLC0415

    (asked,) = load_all([name], settings.overrides)
    if not places and ("world.places" in asked.origins or "places" not in _options(asked)):
        yield asked
        return
    for number in dict.fromkeys(places or PLACES):
        (split,) = load_all([name], [*settings.overrides, f"world.places={number}"])
        yield replace(split, name=f"{asked.name}, {number} places")


def _options(scenario: Scenario) -> tuple[str, ...]:
    """What the scenario's world can be told."""
    from sim.scenario.read import WORLDS, scenario_folder  # noqa: PLC0415
    from sim.scenario.worlds import world_options, world_tables  # noqa: PLC0415

    folder = scenario_folder() / WORLDS
    return world_options(world_tables(scenario.world, folder), folder)


def _refuse_vectors(worlds: Sequence[Scenario], vectors: int) -> None:
    """Only a plausible set that exists can be drawn from."""
    from sim.model.uncertainty import plausible_set  # noqa: PLC0415
    from sim.scenario.read import WORLDS, scenario_folder  # noqa: PLC0415

    world = worlds[0].world
    if not plausible_set(scenario_folder() / WORLDS / world, vectors):
        raise click.UsageError(f"--vectors {vectors}: world {world} has no plausible set for {vectors} territories")


def _conclude(finished: Finished, settings: Settings) -> None:
    """Print the effects; leave them and their figure in the folder."""
    from sim.analysis.paired import to_csv  # noqa: PLC0415
    from sim.analysis.twins import Effect, to_json  # noqa: PLC0415
    from sim.analysis.twins_table import findings, render  # noqa: PLC0415
    from sim.commands.running import ensemble  # noqa: PLC0415
    from sim.experiment.errors import PlanError  # noqa: PLC0415
    from sim.experiment.reading import read_plan  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.figures import source  # noqa: PLC0415
    from sim.show.impulse import publish  # noqa: PLC0415

    folder, runs = finished.folder, ensemble(finished)
    found = findings(folder)
    if not found.pairs:
        hint = "removals count that have a year before them and three after; make world.years 5 or more"
        raise PlanError("no removal to spare", file=folder, hint=hint)
    if settings.as_json:
        click.echo(json.dumps({**to_json(found.effects), "event_study": [study._asdict() for study in found.studies]}))
    else:
        click.echo(render(found), nl=False)
    attach(folder, "twins.csv", to_csv(found.effects, Effect._fields))
    pictures = publish(found, source(read_plan(folder), *runs), folder)
    if not settings.quiet:
        click.echo(f"results in {folder}; to see: {', '.join(str(path) for path in pictures if path.suffix == '.png')}", err=True)
