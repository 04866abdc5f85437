"""What a visitor chose: it fits in a link, becomes a scenario, and is checked field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.scaling import Difference
from sim.model.policy import Places
from sim.model.record import Calendar
from sim.model.worlds import load_world
from sim.scenario import Scenario, ScenarioError, library, load
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import LeverPlan

USUAL = "baseline"
YEARS = (2007, 2020)  # first and last in which a change may start
LANGUAGES = ("en", "es")
LOOKS = ("auto", "light", "dark")
VIEWS = ("charts", "map", "tree", "news")
WHAT = ("dominant", "groups", "rate")  # that a map shows
FORMS = ("tiles", "outlines")  # of a map
OPTIONS = {"language": LANGUAGES, "look": LOOKS, "view": VIEWS, "map": WHAT, "form": FORMS}
SWITCHES = {name: parameter for name, parameter in PARAMETERS.items() if parameter.switch}
OUTCOMES = ("homicides", "overdose_deaths", "groups_active", "extortion_incidents")
MOST_OUTCOMES = 8
MOST_WORLDS = 999
LONGEST_LINK = 4000  # characters
DIGITS = 4
MOST_SCALE = 50.0


@dataclass(frozen=True)
class Change:
    """A lever moved: so much more, or less, than the policy schedules, from a new year's day on."""

    by: float
    since: int = YEARS[0]


@dataclass(frozen=True)
class Choice:
    """Everything that a link holds.

    Attributes:
        policy: scenario of the library that is built on.
        changes: lever -> its change; sorted, none of them zero.
        scale: multiplies everything in which the policy differs from business as usual.
        assumptions: switch -> value, for business as usual as well; sorted.
        outcomes: metrics drawn, in order.
        world: replicate whose story is told, 1 is the first.
        month: of the story, 0 is the first; -1 is the last.
        spared: which of the story's fallen kingpins is spared, 0 is the first; -1 = none.
        language: "en" or "es".
        look: "auto", "light" or "dark".
        view: "charts", "map", "tree" or "news".
        map: "dominant", "groups" or "rate".
        form: "tiles" or "outlines".
        tables: the numbers behind the charts are shown.
        predict: results are shown after a prediction only.
    """

    policy: str = USUAL
    changes: tuple[tuple[str, Change], ...] = ()
    scale: float = 1.0
    assumptions: tuple[tuple[str, float], ...] = ()
    outcomes: tuple[str, ...] = OUTCOMES
    world: int = 1
    month: int = -1
    spared: int = -1
    language: str = "en"
    look: str = "auto"
    view: str = "charts"
    map: str = "dominant"
    form: str = "tiles"
    tables: bool = False
    predict: bool = False

    @property
    def question(self) -> Question:
        """The part that decides what is simulated."""
        return Question(self.policy, self.changes, self.scale, self.assumptions)

    def move(self, lever: str, by: float | None = None, since: int | None = None) -> Choice:
        """This choice with one lever moved, within what the lever allows."""
        changes = dict(self.changes)
        before = changes.get(lever, Change(0.0))
        low, high = reach(self.policy, lever)
        after = Change(
            before.by if by is None else round(min(max(by, low), high), DIGITS),
            before.since if since is None else min(max(since, YEARS[0]), YEARS[1]),
        )
        changes[lever] = after
        return replace(self, changes=_sorted({name: change for name, change in changes.items() if change.by}))

    def assume(self, switch: str, value: float | None) -> Choice:
        """This choice with one assumption made, or taken back."""
        assumptions = dict(self.assumptions)
        assumptions.pop(switch, None)
        if value is not None:
            parameter = SWITCHES[switch]
            assumptions[switch] = round(min(max(value, parameter.low), parameter.high), DIGITS)
        return replace(self, assumptions=_sorted(assumptions))


@dataclass(frozen=True)
class Question:
    """What is simulated: the policy and the assumptions."""

    policy: str = USUAL
    changes: tuple[tuple[str, Change], ...] = ()
    scale: float = 1.0
    assumptions: tuple[tuple[str, float], ...] = ()

    @property
    def usual(self) -> Question:
        """Business as usual under the same assumptions."""
        return Question(assumptions=self.assumptions)

    def stretched(self, factor: float) -> Question:
        """All changes larger or smaller by a factor, within what each lever allows."""
        changes = {}
        for lever, change in self.changes:
            low, high = reach(self.policy, lever)
            changes[lever] = replace(change, by=round(min(max(change.by * factor, low), high), DIGITS))
        return replace(self, changes=_sorted(changes))


@lru_cache(maxsize=512)
def scenario(question: Question) -> Scenario:
    """The scenario that a question describes."""
    plain = _unscaled(question)
    if question.scale == 1.0:
        return plain
    usual = _unscaled(question.usual)
    return replace(Difference.between(usual, plain, places()).scaled(question.scale), title=plain.title)


@lru_cache(maxsize=1)
def places() -> Places:
    """The country of business as usual."""
    usual = written(USUAL)
    world = load_world(usual.world, usual.world_options, scenario_folder() / WORLDS)
    return Places(world.ids, world.states, world.population / world.population.sum())


def _unscaled(question: Question) -> Scenario:
    base = written(question.policy)
    plans = list(base.policy)
    for lever, change in question.changes:
        plans = [*(plan for plan in plans if plan.lever != lever), *changed(base, lever, change)]
    parameters = {**base.parameters, **dict(question.assumptions)}
    return replace(base, name="page", policy=tuple(plans), parameters=dict(sorted(parameters.items())), origins={})


def changed(base: Scenario, lever: str, change: Change) -> list[LeverPlan]:
    """A lever's schedules after a change: more comes on top everywhere, less is taken from every schedule down to zero."""
    own = [plan for plan in base.policy if plan.lever == lever]
    free = LeverPlan(lever, ((base.start, 0.0),))
    if change.by < 0.0:
        return [_moved(plan, change) for plan in own]
    at = next((k for k, plan in enumerate(own) if not (plan.where or plan.target or plan.rank or plan.mode)), None)
    if at is None:
        return [*own, _moved(free, change)]
    return [*own[:at], _moved(own[at], change), *own[at + 1 :]]


def _moved(plan: LeverPlan, change: Change) -> LeverPlan:
    day, high = date(change.since, 1, 1), LEVERS[plan.lever].high
    before = tuple(point for point in plan.points if point[0] < day)
    level = before[-1][1] if before else 0.0
    after = [(day, level), *(point for point in plan.points if point[0] > day)]
    start = next((point for point in plan.points if point[0] == day), None)
    after[0] = start or after[0]
    return replace(plan, points=before + tuple((when, round(min(max(x + change.by, 0.0), high), 6)) for when, x in after))


@lru_cache(maxsize=32)
def written(policy: str) -> Scenario:
    """A scenario of the library as it is written."""
    return replace(load(policy), origins={})


@lru_cache(maxsize=1)
def months() -> NDArray[np.datetime64]:
    """First days of the months that are simulated."""
    usual = written(USUAL)
    return Calendar(usual.start, usual.weeks).months


@lru_cache(maxsize=1)
def policies() -> tuple[str, ...]:
    """Scenarios of the library that share business as usual's country and years: they differ in policy only."""
    found = []
    for name in library():
        try:
            one = written(name)
        except ScenarioError:
            continue
        if all(getattr(one, key) == getattr(written(USUAL), key) for key in ("world", "world_options", "start", "years", "parameters")):
            found.append(name)
    return tuple(sorted(found, key=lambda name: (name != USUAL, name)))


@lru_cache(maxsize=1024)
def reach(policy: str, lever: str) -> tuple[float, float]:
    """Least and greatest change of a lever: down to nothing at all, up to what it allows."""
    scheduled = [x for plan in written(policy).policy if plan.lever == lever for _, x in plan.points]
    return -max(scheduled, default=0.0), LEVERS[lever].high


def _sorted(table: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(table.items()))


# links -----------------------------------------------------------------------------------------------------------------------


def to_link(choice: Choice) -> str:
    """The query string; what is as usual is left out."""
    plain = Choice()
    pairs = [(lever, f"{change.by:.10g}@{change.since}") for lever, change in choice.changes]
    pairs += [(f"assume.{name}", f"{value:.10g}") for name, value in choice.assumptions]
    if choice.outcomes != plain.outcomes:
        pairs.append(("show", ",".join(choice.outcomes)))
    for key in ("policy", "world", "month", "spared", *OPTIONS):
        if getattr(choice, key) != getattr(plain, key):
            pairs.append((key, str(getattr(choice, key))))
    if choice.scale != 1.0:
        pairs.append(("scale", f"{choice.scale:.6g}"))
    pairs += [(key, "1") for key in ("tables", "predict") if getattr(choice, key)]
    return urlencode(pairs, safe=",@.")


@dataclass
class Reading:
    """A link while it is read: the choice so far and what was wrong, as (key of a text, details)."""

    choice: Choice = field(default_factory=Choice)
    problems: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def complain(self, what: str, **details: str) -> None:
        """Note a problem; texts of strangers are cut short."""
        self.problems.append((what, {key: value[:60] for key, value in details.items()}))


def from_link(query: str) -> Reading:
    """Read a query string: what cannot be understood is left out and said."""
    reading = Reading()
    if len(query) > LONGEST_LINK:
        reading.complain("link_too_long")
        return reading
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="replace")
    except ValueError:
        reading.complain("link_too_long")
        return reading
    for key, value in sorted(pairs, key=lambda pair: pair[0] != "policy"):
        _read(reading, key, value)
    return reading


def _read(reading: Reading, key: str, value: str) -> None:
    choice = reading.choice
    if key == "policy":
        reading.choice = replace(choice, policy=_one_of(reading, key, value, policies(), USUAL))
    elif key in OPTIONS:
        reading.choice = replace(choice, **{key: _one_of(reading, key, value, OPTIONS[key], OPTIONS[key][0])})  # type: ignore[arg-type]
    elif key in ("world", "month", "spared"):
        low, high = (1, MOST_WORLDS) if key == "world" else (-1, 100_000)
        number = _number(reading, key, value, low, high)
        if number is not None:
            reading.choice = replace(choice, **{key: int(number)})  # type: ignore[arg-type]
    elif key == "scale":
        factor = _number(reading, key, value, 0.0, MOST_SCALE)
        if factor is not None:
            reading.choice = replace(choice, scale=factor)
    elif key in ("tables", "predict"):
        reading.choice = replace(choice, **{key: value == "1"})  # type: ignore[arg-type]
    elif key == "show":
        reading.choice = replace(choice, outcomes=tuple(_outcomes(reading, value.split(","))) or OUTCOMES)
    elif key in LEVERS:
        _read_lever(reading, key, value)
    elif key.startswith("assume.") and key[7:] in SWITCHES:
        switch = SWITCHES[key[7:]]
        number = _number(reading, key, value, switch.low, switch.high)
        if number is not None:
            reading.choice = choice.assume(key[7:], number)
    else:
        _unknown(reading, key, [*LEVERS, *(f"assume.{name}" for name in SWITCHES), "policy", "show", "language"])


def _read_lever(reading: Reading, lever: str, value: str) -> None:
    amount, _, year = value.partition("@")
    low, high = reach(reading.choice.policy, lever)
    by = _number(reading, lever, amount, low, high)
    since = _number(reading, lever, year, *YEARS) if year else float(YEARS[0])
    if by is not None and since is not None:
        reading.choice = reading.choice.move(lever, by, int(since))


def _outcomes(reading: Reading, names: Sequence[str]) -> Iterator[str]:
    for name in list(dict.fromkeys(names))[:MOST_OUTCOMES]:
        if name in METRICS:
            yield name
        else:
            _unknown(reading, name, list(METRICS))


def _one_of(reading: Reading, key: str, value: str, allowed: Sequence[str], default: str) -> str:
    if value in allowed:
        return value
    reading.complain("link_choice", field=key, value=value, allowed=", ".join(allowed))
    return default


def _number(reading: Reading, key: str, text: str, low: float, high: float) -> float | None:
    """A number in plain notation; one out of bounds is brought to the nearest bound, and said."""
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{0,12})?", text, re.ASCII):
        reading.complain("link_number", field=key, value=text)
        return None
    value = float(text)
    if not low <= value <= high:
        reading.complain("link_bounds", field=key, value=text, low=f"{low:g}", high=f"{high:g}")
    return min(max(value, low), high)


def _unknown(reading: Reading, name: str, known: Sequence[str]) -> None:
    near = get_close_matches(name[:60], known, n=1)
    reading.complain("link_near" if near else "link_unknown", field=name, near=near[0] if near else "")


# scenario files --------------------------------------------------------------------------------------------------------------


def to_file(choice: Choice, link: str) -> str:
    """A scenario file that asks the same question: what differs from the scenario it extends."""
    question = choice.question
    own, base = (_by_lever(one.policy) for one in (scenario(question), written(question.policy)))
    lines = [f"# from {link}" if link else "", f"extends  = {json.dumps(question.policy)}", f"title    = {_quoted(_title(question))}"]
    if question.assumptions:
        lines += ["", "[parameters]", *(f"{name} = {value!r}" for name, value in question.assumptions)]
    for lever, plans in own.items():
        if plans != base.get(lever):
            for plan in plans:
                lines += ["", f"[[policy.{lever}]]", *_fields(plan)]
    return "\n".join(lines).strip() + "\n"


def _by_lever(policy: Sequence[LeverPlan]) -> dict[str, list[LeverPlan]]:
    found: dict[str, list[LeverPlan]] = {}
    for plan in policy:
        found.setdefault(plan.lever, []).append(plan)
    return found


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _title(question: Question) -> str:
    parts = [f"{LEVERS[lever].title} {change.by:+g} from {change.since}" for lever, change in question.changes]
    scale = [f"all times {question.scale:.4g}"] if question.scale != 1.0 else []
    return ", ".join([written(question.policy).title, *parts, *scale])


def _fields(plan: LeverPlan) -> Iterator[str]:
    yield f"intensity = {json.dumps([[day.isoformat(), x] for day, x in plan.points])}"
    for key in ("ramp_weeks", "where", "target", "rank", "mode"):
        value = getattr(plan, key)
        if value:
            yield f"{key} = {json.dumps(value)}"
