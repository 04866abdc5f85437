"""Changes of an inherited policy: so many times it, so much more, or another value, from a day, until a day, in some places.

People ask for them in one line, "kingpin_targeting*2 from 2012":

    QUESTION  = [SCENARIO ":"] CHANGE {"and" CHANGE}
    CHANGE    = LEVER ("*" NUMBER | "+" NUMBER | "-" NUMBER | "=" NUMBER) {CLAUSE}   of what is inherited
              | PARAMETER "=" (NUMBER | LOW ".." HIGH) ["from" DATE]                 a range is drawn per world
    CLAUSE    = "from" DATE | "until" DATE | "in" PLACES | "against" CARTELS

Dates are 2012, 2012-06 or 2012-06-30; places and cartels are ids, joined by commas. A question is nothing but a small file
that extends a scenario: `cartelitos show "..." --as-file` prints that file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sim.scenario.problems import brief, suggest
from sim.scenario.scenario import LeverPlan

Points = tuple[tuple[date, float], ...]
RELATIVE = frozenset({"times", "plus", "from", "until"})  # a table of a lever with one of these changes what is inherited
START = "start"  # `from` the first day of the run
KINDS = {"*": "times", "+": "plus", "-": "plus", "=": "intensity"}
CLAUSES = {"from": "from", "until": "until", "in": "where", "against": "target"}
FORM = 'write it as "kingpin_targeting*2 from 2012", "treatment+0.5 until 2015" or "military_deployment=1 in MIC,GRO"'
_CHANGE = re.compile(r"\s*(?P<name>[\w.]*\w)\s*(?P<sign>[*+=]|-(?=\s*[\d.]))\s*(?P<rest>\S.*?)\s*", re.ASCII)
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_ASKED = re.compile(r"(?:(?P<base>[^:=*+]*):)?\s*(?P<name>[\w.]+)\s*(?P<sign>[*+=]|-(?=\s*[\d.]))", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One change of a lever."""

    aim: LeverPlan  # lever, where, target, rank and mode of what is changed; its ramp is that of a schedule made for it
    kind: str  # "times" and "plus" change what is there, "intensity" takes its place
    # the factor, the addition or the new intensity; None = from the day on which the change begins
    points: tuple[tuple[date | None, float], ...]
    begin: date | None = None  # before this day all is as inherited; None = from the start
    end: date | None = None  # from this day on all is as inherited again; None = to the end


class ChangeError(ValueError):
    """A change that cannot be made of what is inherited."""


def is_relative(table: object) -> bool:
    """Whether a table of a lever changes what is inherited."""
    return isinstance(table, dict) and not RELATIVE.isdisjoint(table)


def apply(change: Change, plans: Iterable[LeverPlan], start: date, places: Collection[str]) -> list[LeverPlan]:
    """The schedules of one lever after a change, in a country whose `where` may name these places.

    `times` holds for every schedule in the places, also for those that reach further, which are split; an `intensity`
    silences all of them there. `plus` adds to the schedule of the same aim, or makes one. Raises ChangeError: there is nothing to multiply.
    """
    factor = change.points[0][1]
    inherited = list(plans)
    if change.kind == "times":
        if not any(_concerns(change.aim, plan, places) and any(value for _, value in plan.points) for plan in inherited):
            aside = "what is aimed at all cartels stays as it is; +1 adds to it for those that are named"
            raise ChangeError("nothing is inherited that could be multiplied", aside if change.aim.target and inherited else None)
        return [piece for plan in inherited for piece in _within(change, plan, places, lambda level: level * factor, change.begin)]
    same = next((plan for plan in inherited if replace(plan, points=(), ramp_weeks=0) == replace(change.aim, ramp_weeks=0)), None)
    here, begin = same or change.aim, change.begin or start
    if change.kind == "plus":
        points = _stepped(here.points, begin, change.end, lambda level: round(level + factor, 9))  # 0.6, not 0.6000000000000001
    else:
        points = _spliced(here.points, begin, change.end, [(day or begin, value) for day, value in change.points])
    mine, found = replace(here, points=points), list[LeverPlan]()
    for plan in inherited:
        if plan is same:
            found.append(mine)
        else:
            found += [plan] if change.kind == "plus" else _within(change, plan, places, lambda _: 0.0, begin)
    return found if same else [*found, mine]


def _concerns(aim: LeverPlan, plan: LeverPlan, places: Collection[str]) -> bool:
    """Whether an aim means a schedule: in the same places at least in part, and of the target, rank and mode that are named."""
    narrowed = (not mine or mine == theirs for mine, theirs in ((aim.target, plan.target), (aim.rank, plan.rank), (aim.mode, plan.mode)))
    return all(narrowed) and (not aim.where or not plan.where or bool(_leaves(aim.where, places) & _leaves(plan.where, places)))


def _within(
    change: Change, plan: LeverPlan, places: Collection[str], function: Callable[[float], float], begin: date | None
) -> Iterator[LeverPlan]:
    """A schedule with its levels changed in the places of a change, and as it was in the others."""
    if not _concerns(change.aim, plan, places):
        yield plan
        return
    inside = plan.where
    if change.aim.where:
        wanted, reached = _leaves(change.aim.where, places), _leaves(plan.where or places, places)
        if reached - wanted:
            yield replace(plan, where=_named(reached - wanted, places))
            inside = _named(reached & wanted, places)
    yield replace(plan, where=inside, points=_stepped(plan.points, begin or plan.points[0][0], change.end, function))


def _stepped(points: Points, begin: date, end: date | None, function: Callable[[float], float]) -> Points:
    """The steps with their levels changed between two days."""
    inside = [(day, function(level)) for day, level in points if begin < day and (end is None or day < end)]
    return _spliced(points, begin, end, [(begin, function(level_on(points, begin))), *inside])


def _spliced(points: Points, begin: date, end: date | None, inside: Iterable[tuple[date, float]]) -> Points:
    """The steps with others in their place between two days; of those, what changes nothing is left out."""
    before = [point for point in points if point[0] < begin]
    back = [] if end is None else [(end, level_on(points, end))]
    level, new = level_on(points[: len(before)], begin), []
    for day, value in (*inside, *back):
        if value != level:
            new.append((day, value))
        level = value
    later = [] if end is None else [point for point in points if point[0] > end]
    return (*before, *new, *later) or ((begin, 0.0),)


def level_on(points: Points, day: date) -> float:
    """What a schedule aims at on a day."""
    return next((value for begin, value in reversed(points) if begin <= day), 0.0)


def _leaves(where: Iterable[str], places: Collection[str]) -> set[str]:
    """The smallest places that names stand for: a state that is split is its parts."""
    named, split = set(where), {_state(place) for place in places}
    return {place for place in places if place not in split and not named.isdisjoint((place, _state(place)))}


def _named(leaves: set[str], places: Collection[str]) -> tuple[str, ...]:
    """The names of places, a state's for all its parts."""
    whole = {state for state in map(_state, leaves) if state and _leaves([state], places) <= leaves}
    return tuple(sorted({_state(place) if _state(place) in whole else place for place in leaves}))


def _state(place: str) -> str:
    """The state of which a place is a numbered part; "" for a whole one."""
    state, _, part = place.rpartition("-")
    return state if part.isdecimal() else ""


def _catalogue() -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Levers and parameters by name."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415  numpy
    from sim.catalogue.parameters import PARAMETERS  # noqa: PLC0415

    return LEVERS, PARAMETERS


class Question(NamedTuple):
    """What a phrase says."""

    base: str | None  # the scenario that it changes; None = the one that is asked about
    changes: tuple[tuple[str, Mapping[str, Any]], ...]  # tables of `[policy.LEVER]` by lever, in order
    parameters: Mapping[str, Any]  # entries of `[parameters]`
    wrong: tuple[tuple[str, str | None], ...] = ()  # message and hint of what cannot be read


def is_question(text: str, *, known: bool = False) -> bool:
    """Whether a text is meant as a phrase, and not as a scenario's name or path; with `known`, about a lever or parameter there is."""
    if text.endswith(".toml"):
        return False
    found, (first, *more) = _ASKED.match(text), text.split() or [""]
    if found is None:
        return bool(more) and any(first in names for names in _catalogue())
    return any(found["name"] in names for names in _catalogue()) or (found["sign"] != "-" and not known)


def parse(text: str) -> Question:
    """What a phrase says, as far as it can be read."""
    head, colon, rest = text.partition(":")
    base, asked = (head.strip(), rest) if colon else (None, text)
    changes: list[tuple[str, Mapping[str, Any]]] = []
    parameters: dict[str, Any] = {}
    wrong: list[tuple[str, str | None]] = []
    levers, assumptions = _catalogue()
    for part in re.split(r"\s+and\s+", asked.strip()):
        try:
            found = _CHANGE.fullmatch(part)
            if not found:
                raise ValueError(f"{brief(part)} is no change", FORM)
            name, sign, rest = found.groups()
            name = name.removeprefix("policy.").removeprefix("parameters.").removesuffix(".intensity")
            if name not in levers and name not in assumptions:
                raise ValueError(f"there is no lever or parameter {brief(name)}", suggest(name, [*levers, *assumptions]))
            if name not in assumptions or (name in levers and sign != "="):
                changes.append((name, _change(sign, rest)))
            elif name in parameters:
                raise ValueError(f"{name} is said twice", None)
            else:
                parameters[name] = _parameter(name, sign, rest)
        except ValueError as error:
            wrong.append((error.args[0], error.args[1]))
    return Question(base, tuple(changes), parameters, tuple(wrong))


def template(field: str) -> tuple[str, str] | None:
    """A lever, its operation and its clauses as a swept field has them ("kingpin_targeting* from 2012"): before and after the number."""
    found = re.fullmatch(r"\s*([\w.]+)\s*([*+])\s*((?:from|until|in|against)\s.*)?", field, re.ASCII)
    return (f"{found[1]}{found[2]}", f" {found[3]}" if found[3] else "") if found else None


def _change(sign: str, rest: str) -> dict[str, Any]:
    value, *clauses = re.split(r"\s+(?=(?:from|until|in|against)\s)", rest)
    if not re.fullmatch(_NUMBER, value):
        raise ValueError(f"{brief(value)} is no number", FORM)
    number = float(value) * (-1.0 if sign == "-" else 1.0)
    table: dict[str, Any] = {KINDS[sign]: int(number) if number.is_integer() else number}
    for clause in clauses:
        word, said = clause.split(maxsplit=1)
        key = CLAUSES[word]
        if key in table:
            raise ValueError(f"says '{word}' twice", FORM)
        if re.search(r"\s", said.strip()) and key in ("from", "until"):
            raise ValueError(f"{brief(said)} is not a date", FORM)
        table[key] = [name.strip() for name in said.split(",")] if key in ("where", "target") else said
    return table if sign != "=" else {"from": START, **table}


def _parameter(name: str, sign: str, rest: str) -> Any:  # noqa: ANN401 (a value of a file)
    hint = f"write {name}=0.8, {name}=0.2..1.2 or {name}=0.8 from 2012"
    if sign != "=":
        raise ValueError(f"{name} is a parameter, which every world draws: it cannot be multiplied or added to", hint)
    found = re.fullmatch(rf"({_NUMBER})(?:\.\.({_NUMBER})|\s+from\s+(\S+))?", rest)
    if not found:
        raise ValueError(f"{brief(rest)} is no value of a parameter", hint)
    if found[2]:
        return {"low": float(found[1]), "high": float(found[2])}
    return [[found[3], float(found[1])]] if found[3] else float(found[1])
