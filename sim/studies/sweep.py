"""Run a scenario at many design points and compare each with business as usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Unpack

from sim.analysis.sweep import PointRow, compare_points, grids, read_levels, remarks, sentences, table, to_csv, to_json
from sim.analysis.table import CLOSING, opening
from sim.catalogue.metrics import HEADLINE
from sim.experiment.design import Design, design
from sim.experiment.errors import PlanError
from sim.experiment.plan import INTENSITY, At, Load, Plan, short
from sim.experiment.reading import read_plan
from sim.experiment.specs import Arm
from sim.experiment.store import attach
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.arms import arms, told
from sim.scenario.given import Between
from sim.scenario.sweep import spelt, sweep_table
from sim.show import passages
from sim.show.charts.sweep import Sight, draw, source
from sim.show.figures import FOLDER
from sim.show.markup import NAME, Block, Numbers, Picture, Said
from sim.studies.finding import ANSWER, Finding, Part, Table, ending, page, points, printed
from sim.studies.how import How, Language, Metric, Named, Setup, study
from sim.studies.running import Run, load_all, pairing, perform
from sim.words import LANGUAGES

Pairs = Sequence[tuple["Arm", "Arm"]]  # design points, each with its business as usual

USUAL = "baseline"
COUNTRY = ("world", "world_options", "tables", "start")  # what must be equal for a policy to mean the same
Method = Literal["grid", "zip", "lhs", "sobol"]
Count = Annotated[int, Between(1, 1_000_000)]


@study
def sweep(
    scenario: Named,
    *,
    vary: Sequence[str] = (),
    method: Method | None = None,
    samples: Count | None = None,
    points: Path | None = None,
    against: Named | None = None,
    metrics: Sequence[Metric] = (),
    language: Language = "en",
    **how: Unpack[How],
) -> Finding[list[PointRow]]:
    """Run a scenario at many design points and compare each with business as usual.

    The points stand in the file's [sweep] or are given. Every point is paired with business as usual by seed;
    where a parameter or the world varies, business as usual has the same one. The same call resumes; points and
    replicates that are added later use the runs that are there. Gives the answer and a table; leaves comparison.csv, figures and
    report.html.

    Args:
        scenario: a name of the library or a path.
        vary: a field: a lever, a parameter or any dotted field; values as 0:2:9 (nine of them), 0,0.5,2 or, for lhs and sobol, 0:2.
            Replaces the file's [sweep].
        method: every combination, side by side, or points drawn between bounds; by default grid.
        samples: design points of lhs and sobol.
        points: a CSV table of points: a column per field, a row per point.
        against: what stands for business as usual; by default baseline.
        metrics: an outcome to tell; by default the headline ones.
        language: of the answer.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenario, its sweep, or business as usual.
        PlanError: there is nothing to sweep.
    """
    setup = Setup(**how)
    laid = lay_out(scenario, Points(tuple(vary), method, samples, str(points) if points else None), against, setup)
    notes = [*_remarks(laid), *_of_set(laid, setup.overrides)]
    run = perform(laid.plan, setup.home(laid.plan.folder_name("sweep")), setup, notes=notes)
    numbered = {(arm.scenario.name, arm.digest): arm for arm in run.plan.arms}
    pairs = [
        (numbered[arm.scenario.name, arm.digest], numbered[usual.scenario.name, usual.digest])
        for arm, usual in zip(laid.design.points, laid.design.usual, strict=True)
    ]
    with pairing(run):
        return swept(run.folder, run, pairs, metrics, language)


def swept(
    folder: Path, run: Run | None = None, pairs: Pairs = (), metrics: Sequence[str] = (), language: str = "en"
) -> Finding[list[PointRow]]:
    """The points of a folder beside business as usual. Raises PairingError: no runs to compare; FolderError: the plan is damaged."""
    plan = read_plan(folder)
    pairs, levels, fields = pairs or passages.pairs(folder, plan), read_levels(folder), plan["sweep"]["fields"]
    rows, metrics = compare_points(levels, pairs), metrics or HEADLINE
    document = to_json(rows)
    answers = {each: sentences(rows, fields, metrics, each) for each in LANGUAGES}
    said = answers[language]
    tables, notes = grids(rows, fields, metrics, language), remarks(rows, fields, language)
    body: list[str | Table] = [" ".join(said[:ANSWER]), *tables, *said[ANSWER:], *notes]
    found = Finding(
        run or folder, "sweep", rows, {"schema": document.pop("schema"), "answer": answers, **document}, text=printed([Part("", body)]),
        draw=lambda: draw(Sight(rows, levels, pairs, fields, source(folder, [arm for arm, _ in pairs]))),
        files={"comparison.csv": to_csv(rows, fields)}, language=language,
        page=lambda: attach(folder, NAME, page(folder, f"sweep of {rows[-1].row.scenario}", _page(found, pairs))),
    )  # fmt: skip
    return found


def _page(found: Finding[list[PointRow]], pairs: Pairs) -> dict[str, list[Block]]:
    """What the report says, by heading."""
    plan = read_plan(found.folder)
    fields, (first, *_, last) = plan["sweep"]["fields"], found.found
    shows = "Outcomes over the values that were swept, with bands."
    behind = [Numbers("comparison", *table(found.found, fields))]
    drawn = [Picture((found.folder / FOLDER / f"{name}.svg").read_bytes(), shows, behind) for name in found.figures]
    told = {language: sentences(found.found, fields, language=language) for language in LANGUAGES}
    said = [Said(" ".join(lines[:ANSWER]), language, "answer") for language, lines in told.items()]
    further = [Said(" ".join(lines[ANSWER:]), language) for language, lines in told.items() if lines[ANSWER:]]
    return {
        "Answer": [*said, *drawn[-1:], *further],  # the map, or the differences
        "Question": [points(plan, len(pairs)), passages.questions(arm.scenario for arm in pairs[0])],
        "What changes": [*opening(last.row)[:2], passages.points(found.found, fields, first.row.baseline), CLOSING, *drawn[:-1]],
        "How well it is known": [],
        **ending(plan, found.folder, [pair[0].scenario.parameters for pair in pairs]),
    }


class Points(NamedTuple):
    """What chooses design points; with none of it, the scenario's own `[sweep]` does."""

    vary: tuple[str, ...] = ()
    method: str | None = None
    samples: int | None = None
    points: str | None = None


class Sweeping(NamedTuple):
    """A sweep that is laid out."""

    scenario: Scenario  # what is swept, as written
    usual: Scenario  # what stands for business as usual
    design: Design  # the points
    plan: Plan  # the runs


def _remarks(laid: Sweeping) -> Iterator[str]:
    """What a reader must know before anything runs."""
    sweep, count = laid.scenario.sweep, len(laid.design.points)
    if laid.design.asked > count:
        yield f"{laid.design.asked - count:,} of {laid.design.asked:,} points repeat others and are run once"
    if sweep and sweep.method == "sobol" and count & (count - 1):
        yield f"a Sobol' sequence is balanced at powers of two: {1 << (count.bit_length() - 1):,} or {1 << count.bit_length():,} points"
    if laid.usual.name == laid.scenario.name and not laid.design.usual[0].at:
        yield f"business as usual is {laid.usual.name} itself, as it is written"


def _of_set(laid: Sweeping, overrides: Sequence[str]) -> Iterator[str]:
    """For whom overrides hold, and which levers lose their dates where only their intensity varies."""
    of_points = apart(overrides)
    if of_points:
        yield f"{', '.join(of_points)}: of the design points, not of business as usual ({laid.usual.name})"
    for field in laid.design.fields:
        lever = short(field)
        dated = [plan for plan in laid.scenario.policy if plan.lever == lever and field.endswith(INTENSITY) and len(plan.points) > 1]
        if dated:
            said, start = "; ".join(map(told, dated)), dated[0].points[0][0]
            hint = f'for times business as usual: --vary "{lever}*=0:2:5"'
            yield f"{lever}: every point is one intensity from {start} on, in place of {said}; {hint}"


def apart(overrides: Sequence[str]) -> list[str]:
    """Overrides that hold for the design points, and not for business as usual: those of the policy."""
    return [text for text in overrides if text not in arms([USUAL, USUAL], overrides)[0].overrides]


def lay_out(name: str, wish: Points, against: str | None, setup: Setup) -> Sweeping:
    """Resolve a scenario and every design point of its sweep.

    Points of the `wish` stand in place of the file's `[sweep]`; business as usual is by default `baseline`, or the scenario itself in a
    country of its own.
    Raises ScenarioError: everything that is wrong with the scenario, its sweep, or business as usual; PlanError: there is nothing to sweep.
    """
    if wish.points is not None and (wish.vary or wish.method or wish.samples):
        raise PlanError("--points names all points", hint="it goes without --vary, --method and --samples")
    scenario = _load(name, wish, setup.overrides)
    load_all([name], setup.overrides)  # its world's tables can be read
    if scenario.sweep is None:
        raise PlanError("has no [sweep]", field=scenario.name, hint="give --vary, such as --vary treatment=0:2:9")
    usual, usual_at = _usual(name, scenario, against, setup.overrides)
    seed = scenario.seed if setup.seed is None else setup.seed
    replicates = setup.replicates or scenario.replicates
    laid = design(scenario.sweep, seed, loader(name, setup.overrides), usual_at, replicates)
    swept = Arm(scenario, 0, scenario.digest())
    return Sweeping(scenario, usual, laid, laid.plan(replicates, seed, scenario.sweep, swept))


def _load(name: str, wish: Points, overrides: Sequence[str]) -> Scenario:
    """The scenario with the sweep that is wished for. Raises ScenarioError: everything that is wrong with it and with the options."""
    table, problems = sweep_table(*wish)
    try:
        scenario = load(name, overrides, sweep=table)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenario


def loader(name: str, overrides: Sequence[str]) -> Load:
    """A function that loads the scenario at given coordinates."""
    def at(place: At) -> Scenario:
        return load(name, [*overrides, *(spelt(field, value) for field, value in place.items())], sweep={})

    return at


def _usual(name: str, scenario: Scenario, against: str | None, overrides: Sequence[str]) -> tuple[Scenario, Load]:
    """Business as usual as written, and at any coordinates: its policy under the swept scenario's assumptions."""
    itself = loader(name, overrides)
    reference = against or (USUAL if scenario.name != USUAL else name)
    shared = [text for text in overrides if text not in apart(overrides)]
    base = loader(reference, shared)
    if reference == name and shared == [*overrides]:
        return scenario, itself
    as_written = base({})
    if any(getattr(as_written, field) != getattr(scenario, field) for field in COUNTRY):
        if against:
            raise PlanError(f"is about another country or start than {scenario.name}", field=against, hint="give --world NAME")
        return scenario, itself

    def at(place: At) -> Scenario:
        assumed = itself(place)
        same = {field: getattr(assumed, field) for field in ("parameters", "spreads", "dated", "years", "worlds", "effects")}
        return replace(base(place), **same)

    return at({}), at
