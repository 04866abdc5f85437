"""Pieces of the report: each takes what a results folder says and gives paragraphs and tables, nothing where it has nothing to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.analysis import country
from sim.analysis.answer import Answer, beginning, rest
from sim.analysis.answer import paragraphs as each_policy
from sim.analysis.ensemble import Ensemble
from sim.analysis.paired import COST, TODAY, Row, Worlds, notes
from sim.analysis.sweep import PointRow, number
from sim.analysis.table import CLOSING, MISSING, Table, cost_section, cost_sentences, opening, quantity, sections, signed
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.sources import SOURCES
from sim.experiment.errors import FolderError
from sim.experiment.plan import short
from sim.experiment.reading import PLAN, read_arms
from sim.experiment.specs import Arm
from sim.scenario import Scenario
from sim.show.figures import MOST_ARMS, Results
from sim.show.markup import Block, Said
from sim.words import LANGUAGES, texts

Arms = Mapping[str, Scenario]  # by their names in the comparison

MOST_POINTS = 500  # arms of a long table


def answered(found: Sequence[Answer]) -> Iterator[Said]:
    """What was found in three sentences, in English and in Spanish."""
    return (Said(text, language, "answer") for language in LANGUAGES for text in beginning(found, language))


def further(found: Sequence[Answer]) -> Iterator[Said]:
    """What else was found: of each of several policies, if they are not too many, and of other outcomes."""
    for language in LANGUAGES if len(found) <= MOST_ARMS else ():
        yield from (Said(line, language) for line in (each_policy(found, language) if len(found) > 1 else ()))
        yield from (Said(line, language) for line in rest(found, language))


def headline(results: Results) -> Iterator[Block]:
    """The trade-off table; a line per arm where there are too many for columns."""
    yield from opening(results.rows[0])
    many = len(results.ensemble.arms) > MOST_ARMS
    if many:
        yield points([PointRow(0, {}, row) for row in results.rows], (), results.usual)
    else:
        yield from sections(results.rows, results.metrics)
    yield CLOSING
    if not many:
        yield from (f"Note. {note}" for note in notes([row for row in results.rows if row.metric in results.metrics]))


def equal_cost(found: dict[str, Any] | None) -> Iterator[Block]:
    """The budget and every scenario's factor, if costs were set equal."""
    if found:
        yield from cost_sentences(found)
        yield cost_section(found)


def arms_by_name(folder: Path, plan: Mapping[str, Any], names: Sequence[str]) -> Arms:
    """The plan's arms as the comparison calls them: one of several points of a scenario is `name@point`."""
    found = list(read_arms(folder, plan))
    told = {f"{arm.scenario.name}@{arm.point}": arm.scenario for arm in found}
    told |= {arm.scenario.name: arm.scenario for arm in reversed(found)}
    return {name: told[name] for name in names}


def pairs(folder: Path, plan: Mapping[str, Any]) -> list[tuple[Arm, Arm]]:
    """Every design point of a sweep with the arm that is business as usual in the same world.

    Raises FolderError: an arm is named that there is not, or none.
    """
    arms = {(arm.scenario.name, arm.digest): arm for arm in read_arms(folder, plan)}
    named = [((plan["sweep"]["scenario"], digest), tuple(usual)) for digest, usual in plan["sweep"]["usual"].items()]
    absent = [key for pair in named for key in pair if key not in arms]
    if absent or not named:
        message = f"names {' '.join(absent[0])}, which is no arm" if absent else "names no point"
        raise FolderError(f"is damaged: {message}", file=folder / PLAN, field="sweep.usual")
    return [(arms[point], arms[usual]) for point, usual in named]


def questions(scenarios: Iterable[Scenario]) -> Table:
    """What each scenario asks, as its author wrote it; the points of a sweep ask the same."""
    return Table("", (), [*{each.name: f"{each.title}\n{each.question}" for each in scenarios}.items()])


def differing(arms: Arms, usual: str) -> dict[str, list[str]]:
    """Levers by scenario whose schedules differ from business as usual."""
    plans = {name: {lever: [plan for plan in own.policy if plan.lever == lever] for lever in LEVERS} for name, own in arms.items()}
    return {name: [lever for lever in LEVERS if own[lever] != plans[usual][lever]] for name, own in plans.items()}


def policies(arms: Arms, usual: str, rows: Sequence[Row]) -> Table:
    """What each arm does otherwise than business as usual, and what it costs beyond it."""
    costs = {(row.scenario, row.metric): row.total for row in rows if row.baseline == usual}
    lines = []
    for name, levers in differing(arms, usual).items():
        each = (f"{LEVERS[lever].title} {_most(lever, arms[name]):g} ({_most(lever, arms[usual]):g})" for lever in levers)
        said = "; ".join(each) or "the same policy"
        payers = [costs.get((name, metric)) for metric in (COST, f"{COST}_us", f"{COST}_mx")]
        spent = (MISSING if cost is None else quantity(cost, "US$", "+") for cost in payers)
        lines.append([name, "business as usual" if name == usual else said, *spent])
    money, (theirs, ours) = country.currency(), country.payers()
    said = "Levers that differ: greatest intensity (business as usual)"
    heads = ("Scenario", said, f"Extra cost, {money}", f"paid by {theirs}", f"by {ours}")
    return Table("What each scenario does, and its mean cost beyond business as usual over the window", heads, lines[:MOST_POINTS])


def points(rows: Sequence[PointRow], fields: Sequence[str], usual: str) -> Table:
    """A line per arm or design point, where there are too many for columns."""
    found = {(each.row.scenario, each.point, each.row.metric): each.row for each in rows if each.row.baseline != TODAY}
    places = {(each.row.scenario, each.point): each.coordinates for each in rows}
    metrics = [metric for metric in HEADLINE if any(key[2] == metric for key in found)]
    lines = [
        [
            f"{name}@{point}" if point else name,
            *(number(at.get(field, MISSING)) for field in fields),
            *(_brief(found.get((name, point, metric))) for metric in metrics),
        ]
        for (name, point), at in list(places.items())[:MOST_POINTS]
    ]
    more = f"; {len(places) - MOST_POINTS:,} more are in comparison.csv" if len(places) > MOST_POINTS else ""
    caption = f"Difference from {usual} in % (in {country.currency()} for costs), and in how many worlds it got worse{more}"
    return Table(caption, ("Scenario", *map(short, fields), *(country.title(metric) for metric in metrics)), lines, "numbers")


def robustness(found: Sequence[Worlds]) -> Iterator[Table]:
    """Worlds by policy and metric."""
    if not found:
        return
    order = list(dict.fromkeys(row.scenario for row in found))
    lines = [
        [f"{row.scenario}: {country.title(row.metric)}", *map(str, (row.better, row.same, row.worse)),
         f"{signed(row.low)} to {signed(row.high)} %"]
        for row in sorted(found, key=lambda row: order.index(row.scenario))[:MOST_POINTS]
    ]  # fmt: skip
    heads = ("Policy and outcome", "better", "same", "worse", "90 % of worlds differ by")
    yield Table("In how many worlds each outcome is better than under business as usual", heads, lines, "numbers")


def apart(found: Sequence[Ensemble], usual: str) -> Iterator[Block]:
    """Arms that cannot be paired with business as usual: their own levels, and nothing compared."""
    if not found:
        return
    metrics = [name for name in HEADLINE if not name.startswith(COST) and all(name in own.metrics for own in found)]
    lines = [
        [
            own.arms[0],
            f"{own.months[0]} to {own.months[-1]}",
            f"{own.replicates.size}",
            *(quantity(float(own.level(metric, own.within(None), yearly=True).mean()), METRICS[metric].unit) for metric in metrics),
        ]
        for own in found[:MOST_POINTS]
    ]
    months = f"These have other months than {usual}, so that no pair can be made and nothing is compared."
    yield f"{months} `cartelitos report FOLDER --usual SCENARIO` compares what has the months of SCENARIO."
    yield Table("Mean level, flows per year", ("Scenario", "months", "n", *(country.title(name) for name in metrics)), lines, "numbers")


def standing(arms: Arms, usual: str) -> Iterator[Table]:
    """How well the levers that make the difference are known."""
    levers = [lever for name, lever in LEVERS.items() if any(name in own for own in differing(arms, usual).values())]
    silent = "No effect on homicides in this model"
    lines = [
        [lever.title, lever.evidence, lever.effect_note + f". {silent}, because {lever.silent}" * bool(lever.silent),
         "; ".join(f"{SOURCES[key].authors} {SOURCES[key].year}" for key in lever.sources), lever.cost_note]
        for lever in levers
    ]
    if lines:
        heads = ("Lever", "evidence", "effect", "sources", "cost")
        yield Table("How well the levers that differ are known", heads, lines)


def limits(fixed_by_arms: Iterable[Mapping[str, float]], runs: pa.Table, dropped: Sequence[int] = ()) -> list[str]:
    """What these numbers cannot say: of the model, and of these runs."""
    kinds = Counter(parameter.source for parameter in PARAMETERS.values())
    numbers = {"total": len(PARAMETERS), "assumed": kinds["ASSUMED"], "fitted": kinds["FITTED"]}
    said = [line.format(**numbers) for line in texts("report limits", "en").values()]
    failed = runs.column("status").to_pylist().count("failed")
    warned = Counter(text for said in runs.column("warnings").to_pylist() for text in set(said or ()))
    fixed = sorted({name for own in fixed_by_arms for name in own})
    said += [f"{text} ({count:,} runs)." for text, count in warned.items()]
    said += [f"{failed:,} runs failed and are left out."] * bool(failed)
    said += [f"{len(dropped):,} replicates are left out: they are not finished in every scenario."] * bool(dropped)
    said += [f"Fixed by the scenarios instead of drawn from their plausible ranges: {', '.join(fixed)}."] * bool(fixed)
    return said


def provenance(plan: Mapping[str, Any]) -> Table:
    """From plan.json: what would have to be the same for the same numbers."""
    code = plan["code"]
    dirty = " with uncommitted changes" if code["dirty"] else ""
    digests = dict.fromkeys(f"{arm['name']} {arm['digest']}" for arm in plan["arms"][:MOST_POINTS])
    entries = {
        "Command": " ".join(plan["command"]),
        "Created": plan["created"],
        "Code revision": f"{code['revision'] or 'unknown'}{dirty}",
        "Model version": plan["model_version"],
        "Versions": ", ".join(f"{name} {version}" for name, version in plan["versions"].items()),
        "Experiment seed": str(plan["seed"]),
        "Replicates": str(plan["replicates"]),
        "World": ", ".join(
            dict.fromkeys(f"{Path(arm['world']).name}, tables {arm['tables'] or 'none'}" for arm in plan["arms"] if "like" not in arm)
        ),
        "Scenario digests": ", ".join(digests),
        "One run again": f"cartelitos rerun {plan['runs'][0]} (any run id of plan.json or of the tables)",
    }
    return Table("Where these numbers come from", (), [*entries.items()])


def _most(lever: str, scenario: Scenario) -> float:
    """The greatest intensity that a lever is ever set to."""
    return max((step for plan in scenario.policy if plan.lever == lever for _, step in plan.points), default=0.0)


def _brief(row: Row | None) -> str:
    if row is None:
        return MISSING
    if row.metric.startswith(COST):
        return MISSING if row.total is None else quantity(row.total, "US$", "+")
    middle = signed(row.difference) if row.percent is None else f"{signed(row.percent)} %"
    return middle if row.share_worse is None else f"{middle} ({round(row.share_worse * row.n)} of {row.n})"
