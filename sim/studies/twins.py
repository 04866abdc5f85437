"""Measure what removals do: same world, same luck, the leader lives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple, Unpack

from matplotlib.figure import Figure

from sim.analysis.csv_text import csv_text, document
from sim.analysis.removals.event_study import Audit, Estimate, audit, estimates
from sim.analysis.removals.twins import EVERYWHERE, METRICS, RANKS, WINDOWS, Effect, Pairs, effects, gather
from sim.analysis.table import MISSING
from sim.experiment.errors import PlanError
from sim.experiment.reading import read_events, read_further, read_plan
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
    scenario: Named = "baseline", *, removals: Annotated[int, Between(1, 1000)] = 12, places: Sequence[Positive] = (), **how: Unpack[How]
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
        run, "twins", found, {**document(found.effects), "event_study": studies, "audit": audits},
        [Part("What a removal changes", body, {_picture(name): shows for name in found.pairs})],
        draw=lambda: _draw(found, foot), files={"twins.csv": csv_text(Effect._fields, found.effects)}, left_out=left_out,
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


class Findings(NamedTuple):
    """What a folder of twins says."""

    pairs: Mapping[str, Pairs]  # spared removals by scenario; empty = there was none to spare
    effects: Sequence[Effect]  # of removals, against the twins
    studies: Sequence[Estimate]  # what event studies find on the same histories
    audits: Sequence[Audit] = ()  # what other designs would have reported, and how often their intervals hold the truth


def findings(folder: Path) -> Findings:
    """Everything that the twins of a results folder say."""
    pairs = gather(read_further(folder, "removals"), read_further(folder, "twins"))
    if not pairs:
        return Findings(pairs, [], [])
    histories = read_further(folder, "panel"), read_events(folder), pairs
    return Findings(pairs, effects(pairs), estimates(*histories), audit(*histories))


def opening(name: str, found: Findings) -> str:
    """What the cells of a scenario's tables mean."""
    removals = max(row.n for row in found.effects if row.scenario == name)
    return (
        f"WHAT A REMOVAL CHANGES, {name}\n"
        f"Each world is run again, with the same luck, for some removals in which that one leader is spared ({removals} at most here).\n"
        "Change against the twin in %, its 95 % interval, and after how many removals of 100 there was more : less."
    )


def matrices(name: str, found: Findings) -> list[Table]:
    """The tables of a scenario: by place, by situation, by metric, and beside what event studies find; without empty ones."""
    return [matrix for matrix in _matrices(name, found) if matrix.rows]


def _matrices(name: str, found: Findings) -> Iterator[Table]:
    own = {(row.situation, row.where, row.metric, row.months): row for row in found.effects if row.scenario == name}
    for rank in RANKS:
        keys = {where: (rank, where, "organised_homicides") for where in EVERYWHERE}
        yield _matrix(f"Homicides of organised crime, {'' if rank == RANKS[2] else 'removals of '}{rank}", own, keys)
    situations = [situation for situation in dict.fromkeys(key[0] for key in own) if situation not in RANKS]
    keys = {situation: (situation, "place", "organised_homicides") for situation in situations}
    yield _matrix("Kingpins by situation, homicides of organised crime at the place", own, keys)
    yield _matrix("Kingpins by metric, at the place", own, {title: ("kingpins", "place", metric) for metric, title in METRICS.items()})
    yield from _studies([study for study in found.studies if study.scenario == name])
    yield _audit([row for row in found.audits if row.scenario == name])


def _matrix(title: str, own: Mapping[tuple[str, str, str, str], Effect], keys: Mapping[str, tuple[str, str, str]]) -> Table:
    """Labels down, months across; labels without removals are left out."""
    cells = {label: [own.get((*key, months)) for months in WINDOWS] for label, key in keys.items()}
    lines = [(label, *map(_cell, row), f"{next(cell.n for cell in row if cell):,}") for label, row in cells.items() if any(row)]
    return Table(title, ("months since the removal", *WINDOWS, "n"), lines, "numbers")


def _cell(row: Effect | None) -> str:
    if row is None:
        return MISSING
    return f"{_percent(row.relative)} {_interval(row.low, row.high)} {100 * row.share_up:.0f}:{100 * row.share_down:.0f}"


def _studies(studies: Sequence[Estimate]) -> Iterator[Table]:
    """What a researcher would find, beside what is true."""
    lines = []
    for each in studies:
        label = f"{each.event}, {each.form}, {each.months}"
        middle = f"{_percent(each.relative)} {_interval(each.low, each.high)}"
        single = f"{_percent(each.tenth)} to {_percent(each.ninetieth)}"
        found = f"{100 * each.found_up:.0f} : {100 * each.found_down:.0f} of 100"
        true = f"{_percent(each.truth)} {_interval(each.truth_low, each.truth_high)}" if each.months in WINDOWS else "0, exactly"
        lines.append((label, middle, single, found, true))
    title = "The econometrician's view: an event study on every simulated history, beside the twins' truth at the place, in %"
    yield Table(title, ("", "event studies", "single histories (80 %)", "finds a rise : fall", "truth"), lines, "numbers")


def _audit(rows: Sequence[Audit]) -> Table:
    """Bias and coverage of designs."""
    lines = []
    for row in rows:
        middle = f"{_percent(row.relative)} {_interval(row.tenth, row.ninetieth)}"
        found = f"{100 * row.found_up:.0f} : {100 * row.found_down:.0f} of 100"
        lines.append((f"{row.design}, {row.months}", middle, _percent(row.bias), f"{100 * row.covered:.0f} of 100", found))
    heads = ("", "median history (80 %)", "bias", "95 % interval holds truth", "finds a rise : fall")
    return Table("Audit of estimators: kingpins, organised homicides at the place, one history each, in %", heads, lines, "numbers")


def _percent(value: float | None) -> str:
    return MISSING if value is None else f"{100 * value:+.1f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"({100 * low:+.0f} {100 * high:+.0f})"
