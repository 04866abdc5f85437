"""From a name or a path to a resolved scenario."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.changes import Change, apply, is_question, parse
from sim.scenario.draft import SET, VARY, Draft, Origin, asked, dotted, override, toml_value
from sim.scenario.given import checked
from sim.scenario.problems import Problem, ScenarioError, brief, printable
from sim.scenario.read import OWN, WORLDS, beside, inherit, library, locate, name_of, scenario_folder
from sim.scenario.references import option_defaults, reference_problems, world_name
from sim.scenario.scenario import Axis, Event, LeverPlan, Scenario, Spread, Sweep
from sim.scenario.worlds import tables_digest, world_ids

if TYPE_CHECKING:
    from datetime import date

    from sim.scenario import schema


USUAL = "baseline"
AIMED = ("ramp_weeks", "where", "target", "rank", "mode")
AT_START = frozenset({"at_risk", "extortion_2006", "fuel_2006", "kidnapping_2006"})  # nothing reads them later


@checked
def load(
    name_or_path: str | Path,
    overrides: Iterable[str] = (),
    *,
    folder: Path | None = None,
    sweep: Mapping[str, Any] | None = None,
    base: str = USUAL,
) -> Scenario:
    """The scenario of a file, with all it extends and the overrides applied.

    Args:
        name_or_path: a name in the library, a path, or a question such as "kingpin_targeting*2 from 2012" (`sim.scenario.changes`).
        overrides: "dotted.field=value" or a change, as given to `--set`; later ones win.
        folder: the scenario folder; by default `./scenarios`, else the one that came with the package.
        sweep: in place of the file's `[sweep]`, as it would stand there; empty = leave that out.
        base: what a question changes that names no scenario.

    Raises:
        ScenarioError: with everything that is wrong, in the order of the files and their lines.
    """
    from sim.scenario.fields import validate  # noqa: PLC0415  (pydantic is not loaded before a scenario is)
    from sim.scenario.schema import catalogue_document  # noqa: PLC0415
    from sim.scenario.sweep import sweep_problems  # noqa: PLC0415

    home = Path(folder) if folder else scenario_folder()
    overrides = [*overrides]
    drafts, name, files, problems = layers(str(name_or_path), home, base, overrides)
    draft = laid(drafts)
    orphan = bool(problems)
    if not name.isprintable():
        problems.append(Problem(files[-1], None, "", "has a name that a terminal would obey", "rename the file"))
    for text in overrides:
        draft, unread = override(draft, text)
        problems += unread
    if sweep is not None:
        draft = draft.put(("sweep",), dict(sweep), VARY) if sweep else draft.without(("sweep",))
    model = catalogue_document()
    document, found = validate(model, draft, whole=not orphan)
    problems += [*found, *reference_problems(draft, home / WORLDS), *sweep_problems(model, draft)]
    if document is not None:
        problems += joint_problems(document, draft)
    if document is None or problems:
        problems += _hidden(model, draft, problems, home / WORLDS)
        order = {file: number for number, file in reversed([*enumerate(files)])}
        raise ScenarioError(sorted(problems, key=lambda problem: (order.get(problem.file, len(files)), problem.line or 0)))
    return _resolved(document, draft, name, home / WORLDS)


def layers(
    name_or_path: str, folder: Path, base: str = USUAL, overrides: Iterable[str] = ()
) -> tuple[list[Draft], str, list[str], list[Problem]]:
    """The drafts of which a scenario is made, the lowest first; its name; the files they came from; what is wrong with those it extends.

    Overrides are not laid over them; a world that one names decides what business as usual is, if it brings its own.
    """
    if not is_question(name_or_path) or name_or_path in library(folder) or os.path.isfile(name_or_path):
        path = locate(name_or_path, folder)
        drafts, files, problems = inherit(path, folder, _world_of(overrides))
        return drafts, name_of(path), files, problems
    top, unread = asked(name_or_path, name_or_path)
    under, _, files, problems = layers(parse(name_or_path).base or base, folder, USUAL, overrides)
    problems += unread
    for key, text in (("title", name_or_path), ("question", f"What if {name_or_path}?")):
        top = top.put((key,), text, name_or_path)
    return [*under[:-1], under[-1].without(OWN), top], name_or_path, files, problems


def _world_of(overrides: Iterable[str]) -> str:
    """The world that overrides put a scenario in; empty where none does."""
    named = [toml_value(value.strip()) for key, _, value in (text.partition("=") for text in overrides) if key.strip() == "world.name"]
    return named[-1] if named and isinstance(named[-1], str) else ""


def laid(drafts: Iterable[Draft]) -> Draft:
    """Drafts laid over each other, the lowest first."""
    return reduce(lambda under, top: top.over(under), drafts)


def joint_problems(document: schema.Document, draft: Draft) -> Iterator[Problem]:
    """Parameters that may not stand together."""
    from sim.catalogue.parameters import broken  # noqa: PLC0415

    fixed, spreads, dated = _assumptions(document)
    highest = fixed | {name: spread.high for name, spread in spreads.items()}
    highest |= {name: max(value for _, value in steps) for name, steps in dated.items()}
    for bound in broken(highest):
        first = next(name for name in bound.names if name in highest)
        yield draft.problem(("parameters", first), f"should keep {bound.title}", bound.why)
    for name in sorted(dated.keys() & AT_START):
        yield draft.problem(("parameters", name), "is only of the start, so it cannot change by date", "give one value")


def _hidden(model: type[schema.Document], draft: Draft, problems: list[Problem], worlds: Path) -> list[Problem]:
    """What only a sound file shows of its changes: said of the levers that nothing else is wrong with."""
    from sim.scenario.fields import validate  # noqa: PLC0415

    told = {tuple(problem.field.split(".")[:2]) for problem in problems}
    rooms = {room: table if isinstance(table, dict) else {} for room, table in draft.data.items() if room in ("policy", "parameters")}
    kept = {room: {name: value for name, value in table.items() if (room, name) not in told} for room, table in rooms.items()}
    rest = Draft({name: kept.get(name, value) for name, value in draft.data.items() if (name,) not in told}, draft.origins)
    document, _ = validate(model, rest)
    try:
        if document is not None:
            policy_of(document, rest, worlds)
    except ScenarioError as error:
        return error.problems
    return []


def _resolved(document: schema.Document, draft: Draft, name: str, worlds: Path) -> Scenario:
    world = document.world
    policy, origins = policy_of(document, draft, worlds)
    fixed, spreads, dated = _assumptions(document)
    changed = tuple({path.rsplit(".", 2)[0] + "." for path in origins})
    options: dict[str, Any] = world.model_dump(exclude={"name", "start", "years"}, exclude_none=True)
    if "ties" in options:
        options["ties"] = str(beside(draft.origin(("world", "ties")).file, options["ties"]))
    return Scenario(
        name=name,
        title=document.title or name,
        question=document.question,
        world=world_name(draft),
        start=world.start,
        years=world.years,
        world_options=option_defaults(world_name(draft), worlds) | options,
        tables=tables_digest(world_name(draft), worlds, options.get("ties")),
        parameters=fixed,
        spreads=spreads,
        dated=dated,
        policy=policy,
        events=tuple(Event(**event.model_dump()) for event in document.event),
        **document.run.model_dump(),
        sweep=_sweep(document, draft),
        origins=origins | {field: str(draft.origin(path)) for path, _ in draft.leaves() if not (field := dotted(path)).startswith(changed)},
    )


def policy_of(document: schema.Document, draft: Draft, worlds: Path) -> tuple[tuple[LeverPlan, ...], dict[str, str]]:
    """The schedules, changes applied; and where those that were changed come from."""
    plans: list[LeverPlan] = []
    origins: dict[str, str] = {}
    problems: list[Problem] = []
    for lever in sorted(document.policy.model_fields_set):
        entries = getattr(document.policy, lever)
        found: list[LeverPlan] = []
        for number, entry in enumerate(entries):
            if not hasattr(entry, "kind"):
                found.append(_plan(lever, entry, entry.points(document.world.start)))
                continue
            field = ("policy", lever) if isinstance(draft.data["policy"][lever], dict) else ("policy", lever, number)
            try:
                found = _changed(found, lever, entry, document, draft, worlds)
            except ValueError as error:
                problems.append(draft.problem(field, *error.args))
        if any(hasattr(entry, "kind") for entry in entries):
            said = ", then ".join(dict.fromkeys(str(draft.origin(("policy", lever, number))) for number in range(len(entries))))
            origins |= {f"policy.{lever}.{number}.{field}": said for number in range(len(found)) for field in ("intensity", *AIMED)}
        plans += found
    if problems:
        raise ScenarioError(problems)
    return tuple(plans), origins


def _changed(
    found: list[LeverPlan], lever: str, entry: schema.Relative, document: schema.Document, draft: Draft, worlds: Path
) -> list[LeverPlan]:
    """The schedules of a lever after one change."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415

    start = document.world.start
    ids = world_ids(world_name(draft), draft.data["world"], worlds)
    change = Change(_plan(lever, entry, ()), entry.kind, entry.points, entry.begin, entry.until)
    changed = apply(change, found, start, ids.territories if ids else ())
    goes_on = entry.kind == "times" or replace(change.aim, ramp_weeks=0) in [replace(plan, points=(), ramp_weeks=0) for plan in found]
    if entry.ramp_weeks is not None and goes_on:
        raise ValueError("ramp_weeks is for a schedule that begins here", "one that goes on keeps its own ramp")
    known = LEVERS[lever]
    for day, value in (point for plan in changed for point in plan.points):
        if not known.low <= value <= known.high:
            bounds = f"{brief(known.low)}..{brief(known.high)} ({known.unit})"
            raise ValueError(f"comes to {brief(value)} on {day}, outside {bounds}")
    return changed


def _plan(lever: str, entry: schema.Schedule | schema.Relative, points: tuple[tuple[date, float], ...]) -> LeverPlan:
    return LeverPlan(
        lever=lever,
        points=points,
        ramp_weeks=entry.ramp_weeks or 0,
        where=tuple(sorted(set(getattr(entry, "where", ())))),
        target=tuple(sorted(set(getattr(entry, "target", ())))),
        rank=getattr(entry, "rank", None),
        mode=getattr(entry, "mode", None),
    )


def _assumptions(document: schema.Document) -> tuple[dict[str, float], dict[str, Spread], dict[str, tuple[tuple[date, float], ...]]]:
    """Parameters that are fixed, that are drawn from a range, and that change by date."""
    written = {name: getattr(document.parameters, name) for name in sorted(document.parameters.model_fields_set)}
    spreads = {name: Spread(**value.model_dump()) for name, value in written.items() if hasattr(value, "low")}
    dated = {name: value for name, value in written.items() if isinstance(value, tuple)}
    return {name: value for name, value in written.items() if name not in spreads.keys() | dated.keys()}, spreads, dated


def _sweep(document: schema.Document, draft: Draft) -> Sweep | None:
    sweep = document.sweep
    if sweep is None:
        return None
    varied = getattr(sweep, "axes", {}).items()
    given = (Axis(field, axis) if isinstance(axis, tuple) else Axis(field, (), **axis.model_dump()) for field, axis in varied)
    file = getattr(sweep, "file", None)
    table = str(beside(draft.origin(("sweep", "file")).file, file)) if file else None
    return Sweep(sweep.method, tuple(given), getattr(sweep, "samples", None), table)


def resolved_toml(scenario: Scenario) -> str:
    """Valid TOML that loads to the same content, each value with its origin as a comment, "default" where nobody wrote it."""
    return "\n".join(_lines(scenario)) + "\n"


def as_toml(name_or_path: str, overrides: Iterable[str] = ()) -> str:
    """A question, or a scenario with overrides, as the small file that extends what they change.

    Raises ScenarioError: it cannot be loaded, or an override names a list's entry, which no file that extends another can.
    """
    changes = [*overrides]
    load(name_or_path, changes)
    name, asked = name_or_path, list[str]()
    while is_question(name) and name not in library() and not os.path.isfile(name):
        asked.insert(0, name)
        name = parse(name).base or USUAL
    draft = Draft({}, {(): Origin("")})
    for text in (*asked, *changes):
        before = draft
        draft, _ = override(before, text.rpartition(":")[2] if text in asked else text)
        if any(str(part).isdecimal() for path, _ in draft.leaves() for part in path[2:3] if isinstance(part, str)):
            hint = "a file that extends another can only replace the whole list"
            raise ScenarioError([Problem(SET, None, text, "names an entry of a list", hint)])
    head = {"extends": name, "title": asked[-1] if asked else name, "question": f"What if {'; '.join((*asked, *changes))}?"}
    return "\n".join(_written((), head | draft.data)) + "\n"


def _written(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """A table with its heading, then the tables in it."""
    plain = {key: value for key, value in table.items() if path == ("parameters",) or not _holds_tables(value)}
    if path and plain:
        yield f"\n[{dotted(path)}]"
    yield from (f"{dotted((key,))} = {_toml(value)}" for key, value in plain.items())
    for key, value in table.items():
        if key in plain:
            continue
        if isinstance(value, dict):
            yield from _written((*path, key), value)
        else:
            single = len(value) == 1
            for entry in value:
                heading = dotted((*path, key))
                yield f"\n[{heading}]" if single else f"\n[[{heading}]]"
                yield from (f"{dotted((inner,))} = {_toml(said)}" for inner, said in entry.items())


def _holds_tables(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value))


def _lines(scenario: Scenario) -> Iterator[str]:
    for key in ("title", "question"):
        yield _line(scenario, key, getattr(scenario, key))
    horizon = {"name": scenario.world, "start": scenario.start, "years": scenario.years}
    yield from _table(scenario, "world", horizon | dict(scenario.world_options))
    assumed = dict(scenario.parameters) | {name: _given(asdict(spread)) for name, spread in scenario.spreads.items()} | dict(scenario.dated)
    if assumed:
        yield from _table(scenario, "parameters", dict(sorted(assumed.items())))
    for lever, plans in groupby(scenario.policy, key=lambda plan: plan.lever):
        listed, field = list(plans), f"policy.{lever}"
        for number, plan in enumerate(listed):
            header = f"[{field}]" if len(listed) == 1 else f"[[{field}]]"
            given = {key: value for key, value in vars(plan).items() if value and key not in ("lever", "points")}
            yield from _table(scenario, f"{field}.{number}", {"intensity": plan.points} | given, header)
    for number, event in enumerate(scenario.events):
        yield from _table(scenario, f"event.{number}", _given(vars(event)), "[[event]]")
    run = {key: getattr(scenario, key) for key in ("replicates", "seed", "worlds", "panel")} | {"effects": scenario.lever_effects}
    yield from _table(scenario, "run", run)
    if scenario.sweep:
        settings = {key: getattr(scenario.sweep, key) for key in ("method", "samples", "file")}
        yield from _table(scenario, "sweep", _given(settings) | {_toml(axis.field): axis for axis in scenario.sweep.axes})


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _table(scenario: Scenario, field: str, values: Mapping[str, Any], header: str | None = None) -> Iterator[str]:
    yield ""
    yield header or f"[{field}]"
    for key, value in values.items():
        yield _line(scenario, key, value, field)


def _line(scenario: Scenario, key: str, value: object, table: str = "") -> str:
    single = table.removesuffix(".0")  # a lever's only schedule may be written as one table
    places = tuple(f"{path}.{key}.".lstrip(".") for path in (table, single))
    origins = (origin for place, origin in scenario.origins.items() if f"{place}.".startswith(places))
    return f"{key} = {_toml(value)}  # {printable(next(origins, 'default'))}"


def _toml(value: object) -> str:
    if isinstance(value, bool | float | int):
        return repr(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return f'"{value}"'
    if isinstance(value, Axis):
        ends = {"from": value.low, "to": value.high, "points": value.points, "scale": value.scale}
        return _toml(list(value.values) or _given(ends))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    assert isinstance(value, list | tuple)
    return "[" + ", ".join(_toml(inner) for inner in value) + "]"
