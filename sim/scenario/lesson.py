"""Lessons: a class hour as data. `<name>.toml` says what is simulated and asked, `<name>.<language>.toml` how it is said.

The guide's chapter "teacher" explains every field, blanks and verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field

from sim.catalogue.installed import folders
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.scenario.draft import Draft
from sim.scenario.fields import FieldError, Table, validate, within
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import read, scenario_folder

FOLDER = "lessons"  # of the scenario folder
COST = "policy_cost_usd"
COSTS = (COST, "policy_cost_usd_us", "policy_cost_usd_mx")
DRAWN = "homicides"  # the curve that every pupil draws
MOST_ARMS = 256  # a code has eight bits for the arm
Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Verdict = Literal["up", "down", "unclear"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
BLANKS = ("change", "interval", "spread", "up", "down", "level", "usual", "cost", "bound")
OPEN = ("hook", "predict", "role", "worksheet", "title", "question", "reasons", "axis")  # read before the prediction
BLANK = re.compile(r"\{([^{}]*)\}")

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


def _known(names: Iterable[str], thing: str) -> AfterValidator:
    def check(given: list[str]) -> list[str]:
        for index, name in enumerate(given):
            if name not in names:
                raise FieldError(f"there is no {thing} {brief(name)}", (index,), suggest(name, names))
            if name in given[:index]:
                raise FieldError(f"{brief(name)} stands there twice", (index,))
        return given

    return AfterValidator(check)


def _count(low: int, high: int) -> AfterValidator:
    def check(given: list[Any]) -> list[Any]:
        if not low <= len(given) <= high:
            raise FieldError(f"has {len(given)} entries; {low} to {high} are needed")
        return given

    return AfterValidator(check)


Metrics = Annotated[list[str], _known(METRICS, "metric")]


class Position(Table):
    """Where a lever, or an assumption, can stand."""

    id: Id
    scenario: str | None = None
    set: list[str] = Field(default_factory=list)

    @property
    def plain(self) -> bool:
        """Whether it leaves things as they are."""
        return self.scenario is None and not self.set


class Axis(Table):
    """What a class can move."""

    id: Id
    kind: Literal["policy", "assumption"] = "policy"
    position: Annotated[list[Position], _count(2, 12)]

    @property
    def ids(self) -> list[str]:
        """Of its positions."""
        return [position.id for position in self.position]


class Challenge(Table):
    """What a mix of levers has to reach."""

    metric: Literal["homicides", "members", "extortion_incidents", "overdose_deaths", "groups_active"]
    change: Annotated[float, within(-90.0, 90.0, "percent")]
    worlds: Annotated[int, within(1, 200, "worlds")]
    still: Metrics = Field(default_factory=list)
    budget: Literal["merida", "deployment"] = "merida"
    second: Annotated[list[str], _count(1, 8)]
    front: Annotated[list[str], _known(LEVERS, "lever")] = Field(default_factory=list)


class Outline(Table):
    """`<name>.toml`."""

    number: Annotated[int, within(1, 99, "place in the course")]
    scenario: str = "baseline"
    pairs: Annotated[int, within(8, 200, "worlds")] = 24
    equal_cost: Literal["merida", "deployment", "militarized"] | None = None
    outcomes: Annotated[Metrics, _count(1, 6)]
    since: Annotated[int, within(1900, 2200, "year")] = 2008
    predict: Annotated[Metrics, _count(1, 2)]
    about: list[str]
    choose: bool = False
    fall: str | None = None
    reasons: Annotated[list[Id], _count(2, 8)]
    chain: Annotated[Metrics, _count(2, 8)]
    sources: Annotated[list[str], _known(SOURCES, "source")] = Field(default_factory=list)
    axis: Annotated[list[Axis], _count(1, 5)]
    challenge: Challenge | None = None


class Said(Table):
    """A paragraph, and when it is said."""

    text: str
    when: str | None = None


class Misconception(Table):
    """What pupils often say, and what to answer."""

    says: str
    answer: str
    when: str | None = None


class Role(Table):
    """A card for one group of a role play."""

    title: str
    text: str


class Ask(Table):
    """A question of the worksheet."""

    ask: str
    lines: Annotated[int, within(1, 12, "lines to write on")] = 3


class AxisWords(Table):
    """What an axis and its positions are called."""

    title: str
    position: dict[str, str]


class Words(Table):
    """`<name>.<language>.toml`."""

    title: str
    question: str
    axis: dict[str, AxisWords]
    reasons: dict[str, str]
    chain: dict[str, str]
    hook: list[Said]
    predict: list[Said]
    observe: list[Said]
    explain: list[Said]
    debrief: list[Said]
    notes: list[Said]
    care: list[Said]
    misconception: list[Misconception]
    role: list[Role] = Field(default_factory=list)
    worksheet: list[Ask]
    second: str | None = None


class Blank(NamedTuple):
    """What a blank, or a verdict, is about."""

    metric: str
    arm: str
    want: str


@dataclass(frozen=True)
class Lesson:
    """A class hour."""

    name: str  # of the file
    path: Path  # of the outline; the words and the results lie beside it
    outline: Outline  # what is simulated and asked
    words: dict[str, Words]  # how it is said, by language

    @property
    def arms(self) -> list[tuple[Position, ...]]:
        """One position of each axis, in the order of the file, the last axis fastest."""
        return list(product(*(axis.position for axis in self.outline.axis)))

    @property
    def about(self) -> str:
        """The arm that is asked about."""
        return "/".join(self.outline.about)

    @property
    def metrics(self) -> list[str]:
        """Everything that is recorded."""
        return list(dict.fromkeys([*self.outline.outcomes, *self.outline.chain, *COSTS]))

    @property
    def results(self) -> Path:
        """The file that keeps what was computed."""
        return self.path.with_suffix(".json")

    def usual(self, arm: Sequence[Position]) -> str:
        """The id of business as usual under the assumptions of an arm."""
        pairs = zip(self.outline.axis, arm, strict=True)
        return arm_id(next(each for each in axis.position if each.plain) if axis.kind == "policy" else own for axis, own in pairs)

    def blank(self, text: str) -> Blank:
        """What a blank asks for. Raises ValueError: nothing that was computed; with what is wrong, and a hint or None."""
        place, _, want = text.partition(":")
        metric, _, arm = place.partition("@")
        arm, want, arms = arm or self.about, want or "change", [arm_id(one) for one in self.arms]
        for said, known, thing in ((metric, self.metrics, "metric in this lesson"), (arm, arms, "arm"), (want, BLANKS, "kind of blank")):
            if said not in known:
                some = f"there are: {', '.join(known)}" if len(known) < 20 else None
                raise ValueError(f"{brief('{' + text + '}')}: there is no {thing} {brief(said)}", suggest(said, known) or some)
        return Blank(metric, arm, want)

    def verdicts(self, when: str) -> tuple[Blank, list[str]]:
        """What `when` is about, and the verdicts it holds in. Raises ValueError: as `blank`."""
        place, _, said = when.partition(" ")
        allowed = said.split(" or ")
        for verdict in allowed:
            if verdict not in VERDICTS:
                hint = suggest(verdict, VERDICTS) or 'write "homicides@double up", or "... up or unclear"'
                raise ValueError(f"{brief(verdict)} is none of {', '.join(VERDICTS)}", hint)
        return self.blank(place), allowed


def arm_id(positions: Iterable[Position]) -> str:
    """The id of an arm."""
    return "/".join(position.id for position in positions)


def lessons(folder: Path | None = None) -> dict[str, Path]:
    """The lessons of a folder (by default those of the library and of installed packages) by name."""
    homes = [folder] if folder else [*folders("lessons"), scenario_folder() / FOLDER]
    return {path.stem: path for home in homes for path in sorted(home.glob("*.toml")) if "." not in path.stem}


def load_lesson(path: Path) -> Lesson:
    """A lesson with its words in every language. Raises ScenarioError: with everything that is wrong with its files."""
    draft = read(path)
    outline, problems = validate(Outline, draft)
    if outline is None:
        raise ScenarioError(problems)
    problems += _outline_problems(draft, outline)
    if problems:
        raise ScenarioError(problems)
    lesson = Lesson(path.stem, path, outline, {})
    for language in LANGUAGES:
        spoken = read(path.with_suffix(f".{language}.toml"))
        words, found = validate(Words, spoken)
        problems += found
        if words is not None:
            problems += _words_problems(spoken, words, lesson)
            lesson.words[language] = words
    if problems:
        raise ScenarioError(problems)
    return lesson


def _outline_problems(draft: Draft, outline: Outline) -> Iterator[Problem]:
    for number, metric in enumerate(outline.predict):
        if metric not in outline.outcomes:
            yield draft.problem(("predict", number), f"{brief(metric)} is not one of the outcomes", suggest(metric, outline.outcomes))
    if DRAWN not in outline.outcomes:
        yield draft.problem(("outcomes",), f"{DRAWN} are not among them; every pupil draws their curve")
    if DRAWN in outline.predict:
        yield draft.problem(("predict",), f"{DRAWN} are drawn as a curve; ask for something else")
    yield from _axis_problems(draft, outline.axis)
    if len(outline.about) != len(outline.axis):
        yield draft.problem(("about",), f"names {len(outline.about)} positions; there are {len(outline.axis)} axes")
        return
    for number, (said, axis) in enumerate(zip(outline.about, outline.axis, strict=True)):
        if said not in axis.ids:
            yield draft.problem(("about", number), f"axis {axis.id} has no position {brief(said)}", suggest(said, axis.ids))


def _axis_problems(draft: Draft, axes: Sequence[Axis]) -> Iterator[Problem]:
    arms = 1
    for number, axis in enumerate(axes):
        arms *= len(axis.position)
        plain = sum(position.plain for position in axis.position)
        if axis.kind == "policy" and plain != 1:
            hint = "business as usual is the position without `scenario` and `set`"
            yield draft.problem(("axis", number), f"{plain} positions leave things as they are; a policy axis has exactly one", hint)
        for index, name in enumerate(axis.ids):
            if name in axis.ids[:index]:
                yield draft.problem(("axis", number, "position", index, "id"), f"{brief(name)} is the id of an earlier position")
    named = [number for number, axis in enumerate(axes) if any(position.scenario for position in axis.position)]
    for number in named[1:]:
        yield draft.problem(("axis", number), f"names scenarios, as axis {axes[named[0]].id} does; only one axis can")
    if arms > MOST_ARMS:
        yield draft.problem(("axis",), f"make {arms} arms; at most {MOST_ARMS} fit")


def _words_problems(draft: Draft, words: Words, lesson: Lesson) -> Iterator[Problem]:
    outline = lesson.outline
    yield from _names(draft, ("axis",), words.axis, [axis.id for axis in outline.axis], "axis")
    for axis in outline.axis:
        if axis.id in words.axis:
            yield from _names(draft, ("axis", axis.id, "position"), words.axis[axis.id].position, axis.ids, "position")
    yield from _names(draft, ("reasons",), words.reasons, outline.reasons, "reason")
    yield from _names(draft, ("chain",), words.chain, outline.chain, "link of the chain")
    if (words.second is None) != (outline.challenge is None):
        yield draft.problem(("second",), "says how the second country differs; it stands there if, and only if, there is a challenge")
    for path, text in draft.leaves():
        if isinstance(text, str) and path[-1] != "when":
            yield from _blank_problems(draft, path, text, lesson)
    for key, entries in draft.data.items():
        if isinstance(entries, list):
            yield from _when_problems(draft, key, entries, lesson)


def _names(draft: Draft, at: tuple[str, ...], said: Iterable[str], needed: Sequence[str], thing: str) -> Iterator[Problem]:
    found = list(said)
    for name in found:
        if name not in needed:
            yield draft.problem((*at, name), f"the lesson has no {thing} {brief(name)}", suggest(name, needed))
    for name in needed:
        if name not in found:
            yield draft.problem(at, f"says nothing about {thing} {brief(name)}")


def _blank_problems(draft: Draft, path: tuple[str | int, ...], text: str, lesson: Lesson) -> Iterator[Problem]:
    if set("{}") & set(BLANK.sub("", text)):
        yield draft.problem(path, "has a brace without its partner")
    for found in BLANK.findall(text):
        blank = yield from _asked(draft, path, lesson.blank, found)
        if blank and path[0] in OPEN and blank.want not in ("usual", "cost"):
            hint = "before the prediction only {metric:usual} and {policy_cost_usd:cost} may be said"
            yield draft.problem(path, f"{brief('{' + found + '}')} would give the result away", hint)


def _when_problems(draft: Draft, key: str, entries: Sequence[Any], lesson: Lesson) -> Iterator[Problem]:
    spoken: dict[Blank, set[str]] = {}
    for index, entry in enumerate(entries):
        when = entry.get("when") if isinstance(entry, dict) else None
        if not isinstance(when, str):
            continue
        path = (key, index, "when")
        found = yield from _asked(draft, path, lesson.verdicts, when)
        if found:
            spoken.setdefault(found[0], set()).update(found[1])
    for blank, verdicts in spoken.items():
        silent = [verdict for verdict in VERDICTS if verdict not in verdicts]
        if silent:
            message = f"says nothing about {blank.metric}@{blank.arm} when it is {' or '.join(silent)}"
            yield draft.problem((key,), message, "add paragraphs, so that it never falls silent")


def _asked(draft: Draft, path: tuple[str | int, ...], ask: Callable[[str], Any], text: str) -> Generator[Problem, None, Any]:
    """What `ask` makes of a text, or a problem."""
    try:
        return ask(text)
    except ValueError as error:
        message, hint = error.args
        yield draft.problem(path, message, hint)
        return None
