"""Lessons: a class hour as data. `<name>.toml` says what is simulated and asked, `<name>.<language>.toml` how it is said.

What is simulated is a small grid. Every `[[axis]]` has positions; an *arm* is one position of each, its id their ids joined by "/".
A position without `scenario` and `set` leaves things as they are. Axes are of two kinds: on a `policy` axis exactly one position leaves
things as they are, and business as usual stands there; an `assumption` changes business as usual as well. Every arm is paired with
business as usual under its own assumptions.

    number     = 1                           # place in the course
    scenario   = "baseline"                  # business as usual
    pairs      = 24                          # worlds, each with and without
    equal_cost = "merida"                    # optional: scale every arm to one extra cost (merida, deployment, militarized)
    outcomes   = ["homicides", "members"]    # shown, up to six metrics; homicides are one of them: every pupil draws their curve
    since      = 2008                        # the first year that is drawn; before it, business as usual is shown
    predict    = ["members"]                 # asked for besides, up to two of the outcomes
    about      = ["double"]                  # the arm that is asked about: a position of each axis
    choose     = false                       # true: whoever predicts chooses the arm first (a role play), from `about` on
    reasons    = ["fear", "heirs"]           # two to eight, offered as answers to "why"; words are in the other file
    chain      = ["removals", "homicides"]   # metrics, from the lever to the outcome; shown as changes
    sources    = ["calderon2015"]            # keys of `cartelitos list sources`

    [[axis]]
    id   = "leaders"
    kind = "policy"                          # or "assumption"
    [[axis.position]]
    id  = "usual"
    [[axis.position]]
    id  = "double"
    scenario = "kingpin"                     # optional; on one axis only
    set = ["policy.rewards.intensity=2"]     # optional, as after --set

    [challenge]                              # optional: a goal for a mix of one's own, known only once the guess is fixed
    metric = "homicides"                     # has to change by `change` percent of business as usual, or more,
    change = -5
    worlds = 16                              # in so many of the worlds,
    still  = ["extortion_incidents"]         # while these do not rise there,
    budget = "merida"                        # for so much a year (merida, deployment) beyond business as usual
    second = ["parameters.unity=0.5"]        # how another country's assumptions differ in which the same mix is tried then
    front  = ["treatment", "rehabilitation"] # optional: levers whose best mixes `cartelitos frontier` searched, shown after one's own

The file of words holds, in this order or another, `title`, `question`, `[axis.ID]` (`title`, and `[axis.ID.position]` with a text per
position), `[reasons]` and `[chain]` (a text per id), and lists of paragraphs: `[[hook]]`, `[[predict]]`, `[[observe]]`, `[[explain]]`,
`[[debrief]]`, `[[notes]]`, `[[care]]`, each with `text`; `[[misconception]]` with `says` and `answer`; `[[role]]` with `title` and
`text`; `[[worksheet]]` with `ask` and `lines`; with a challenge, `second`: how the second country differs.

No figure is written by hand: a *blank* is filled from what was computed. `{homicides@double}` is the mean change in percent of that arm,
`{homicides}` that of the arm that is asked about. After a colon stands what is wanted:

    change    mean change with its 95 % interval, in percent; of a share in points (the default)
    interval  the interval alone                            bound     its end that is farther from zero, without a sign
    spread    from the lowest to the highest of nine worlds in ten, in percent
    up, down  in how many worlds there was more, or less    level     yearly mean (of a stock: mean) of that arm
    usual     the same under business as usual              cost      extra US$ a year of that arm; the metric is then `policy_cost_usd`

A sentence that says which way something goes has `when = "homicides@double up"` and is said only then. The verdicts are `up` and `down`
(the 95 % interval of the mean change leaves out zero) and `unclear`, of which `:bound` says how large it can be at most; several are
joined by " or ". A list that speaks about a change in one verdict has to speak about it in all three, so that it never falls silent
when the model changes. What is read before the prediction (hook, predict, roles, worksheet, titles, reasons) takes no verdict, and of
the blanks only `:usual` and `:cost`. Where the arm is chosen, its extra cost is shown beside the choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.scenario.fields import FieldError, Table, within
from sim.scenario.problems import brief, suggest

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
        return arm_id(usual_position(axis) if axis.kind == "policy" else own for axis, own in zip(self.outline.axis, arm, strict=True))

    def blank(self, text: str) -> Blank:
        """What a blank asks for.

        Raises:
            ValueError: nothing that was computed; with what is wrong, and a hint or None.
        """
        place, _, want = text.partition(":")
        metric, _, arm = place.partition("@")
        arm, want, arms = arm or self.about, want or "change", [arm_id(one) for one in self.arms]
        for said, known, thing in ((metric, self.metrics, "metric in this lesson"), (arm, arms, "arm"), (want, BLANKS, "kind of blank")):
            if said not in known:
                some = f"there are: {', '.join(known)}" if len(known) < 20 else None
                raise ValueError(f"{brief('{' + text + '}')}: there is no {thing} {brief(said)}", suggest(said, known) or some)
        return Blank(metric, arm, want)

    def verdicts(self, when: str) -> tuple[Blank, list[str]]:
        """What `when` is about, and the verdicts it holds in.

        Raises:
            ValueError: as `blank`.
        """
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


def usual_position(axis: Axis) -> Position:
    """Where business as usual stands on a policy axis."""
    return next(position for position in axis.position if position.plain)
