"""Measure what removals do: same world, same luck, the leader lives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Unpack

from matplotlib.figure import Figure

from sim.analysis.paired import to_csv
from sim.analysis.removals.twins import Effect, to_json
from sim.analysis.removals.twins_table import Findings, findings, matrices, opening
from sim.experiment.errors import PlanError
from sim.experiment.reading import read_plan
from sim.scenario import Scenario
from sim.scenario.given import Between
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.references import option_defaults
from sim.show.charts.impulse import impulse_figure
from sim.show.figures import source
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import How, Named, Setup, study
from sim.studies.running import carry_out, ensemble, load_all

PARTS = (4, 1)  # places per state: effects on the scale of municipalities, and of states
Positive = Annotated[int, Between(1, 1_000_000)]


@study
def twins(
    scenario: Named = "baseline",
    *,
    removals: Annotated[int, Between(1, 1000)] = 12,
    places: Sequence[Positive] = (),
    **how: Unpack[How],
) -> Finding[Findings]:
    """Measure what removals do: the same world, the same luck, the leader lives.

    Every world is run once, and again for some of its removals with that one leader spared. Until that week the two are
    the same to the last bit; what differs in the three years after it, at the place of the removal, the cartel's other
    places, the neighbours and elsewhere, is its effect. Beside it stands what an event study finds on the same histories.

    Args:
        scenario: a name of the library or a path.
        removals: leaders spared in every world, one by one.
        places: number of places, may be repeated; by default four per state and one, where a world can be split.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenario.
        PlanError: no removal to spare.
    """
    from sim.experiment.twins import Twins  # noqa: PLC0415  numba

    setup = Setup(**how)
    worlds = [*_worlds(scenario, places, setup)]
    run = carry_out("twins", worlds, setup, twins=Twins(removals))
    runs, left_out = ensemble(run)
    found = findings(run.folder)
    if not found.pairs:
        hint = "removals count that have a year before them and three after; make world.years 5 or more"
        raise PlanError("no removal to spare", file=run.folder, hint=hint)
    body: list[str | Table] = []
    for name in found.pairs:
        body += [*opening(name, found).splitlines(), *matrices(name, found)]
    shows = "Curves: homicides beside the twin in which the leader lives, month by month around the removal, with bands."
    studies, audits = ([row._asdict() for row in rows] for rows in (found.studies, found.audits))
    foot = source(read_plan(run.folder), runs, left_out)
    return Finding(
        run, "twins", found, {**to_json(found.effects), "event_study": studies, "audit": audits},
        [Part("What a removal changes", body, {_picture(name): shows for name in found.pairs})],
        draw=lambda: _draw(found, foot), files={"twins.csv": to_csv(found.effects, Effect._fields)}, left_out=left_out,
    )  # fmt: skip


def _worlds(name: str, places: Sequence[int], setup: Setup) -> Iterator[Scenario]:
    """The scenario at every number of places; as it is where its world has just one."""
    folder = scenario_folder() / WORLDS
    (asked,) = load_all([name], setup.overrides)
    states = option_defaults(asked.world, folder).get("places")
    if not places and ("world.places" in asked.origins or not states):
        yield asked
        return
    for number in dict.fromkeys(places or (parts * (states or 1) for parts in PARTS)):
        (split,) = load_all([name], [*setup.overrides, f"world.places={number}"])
        yield replace(split, name=f"{asked.name}, {number} places")


def _draw(found: Findings, foot: str) -> Iterator[tuple[str, Figure]]:
    """Four views of every scenario."""
    for name, pairs in found.pairs.items():
        yield _picture(name), impulse_figure(pairs, [study for study in found.studies if study.scenario == name], name, foot)


def _picture(scenario: str) -> str:
    return f"twins-{re.sub(r'[^A-Za-z0-9.]+', '-', scenario)}"
