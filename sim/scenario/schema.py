"""The shape of a scenario file: pydantic models; those of `[policy]` and `[parameters]` come from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, create_model, model_validator

from sim.scenario.changes import START, is_relative
from sim.scenario.fields import AIMS, Day, FieldError, Table, in_order, one_or_several, steps, within
from sim.scenario.lines import Toml
from sim.scenario.problems import brief
from sim.scenario.scenario import Effects
from sim.scenario.worlds import GRID, GRID_SIZES, LONGEST_SIDE

if TYPE_CHECKING:
    from sim.catalogue.levers.definition import Lever
    from sim.catalogue.parameters import Parameter

T = TypeVar("T", bound=Table)
CHANGES = ("times", "plus", "intensity")
NAME = "scenario.schema.json"  # as templates name it
WHOLE = ("Removal", "Split", "Tie")  # tables that no other file can complete


class Range(Table):
    """Bounds of a drawn field."""

    low: Annotated[float, Field(alias="from")]
    high: Annotated[float, Field(alias="to")]
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _upwards(self) -> Range:
        if self.high <= self.low:
            raise FieldError(f"{brief(self.high)} is not above from, {brief(self.low)}", ("to",))
        if self.scale == "log" and self.low <= 0:
            raise FieldError("a log scale starts above 0", ("from",))
        return self


class Spaced(Range):
    """Equally spaced values of a field."""

    points: Annotated[int, within(2, 100_000, "points")]


def _drawn(value: Toml) -> Toml:
    if not isinstance(value, dict):
        raise FieldError(f"should be bounds, such as {{from = 0, to = 2}}, not {brief(value)}")
    return _unnested(value)


def _listed(value: Toml) -> Toml:
    if isinstance(value, list) and value:
        return tuple(value)
    if not isinstance(value, dict):
        raise FieldError(f"should be a list of values, or {{from = 0, to = 2, points = 9}}, not {brief(value)}")
    return _unnested(value)


def _unnested(value: dict[str, Any]) -> Toml:
    if value and all(isinstance(inner, dict | list) for inner in value.values()):
        raise FieldError("is no field by itself", hint='quote the whole field: "policy.treatment.intensity" = ...')
    return value


Values = Annotated[
    Annotated[tuple[Any, ...], Tag("<list>")] | Annotated[Spaced, Tag("<range>")],
    Discriminator(lambda value: "<list>" if isinstance(value, tuple) else "<range>"),
]


class Varied(Table):
    """Fields that are varied."""

    model_config = ConfigDict(extra="allow")

    @property
    def axes(self) -> dict[str, Any]:
        """The varied fields."""
        return self.__pydantic_extra__ or {}


class Factorial(Varied):
    """Listed or spaced values, every combination or side by side."""

    __pydantic_extra__: dict[str, Annotated[Values, BeforeValidator(_listed)]] = Field(init=False)
    method: Literal["grid", "zip"]

    @model_validator(mode="after")
    def _same_length(self) -> Factorial:
        lengths = {key: axis.points if isinstance(axis, Spaced) else len(axis) for key, axis in self.axes.items()}
        if self.method == "zip" and len(set(lengths.values())) > 1:
            counts = ", ".join(f"{key} has {count}" for key, count in lengths.items())
            raise FieldError(f"zip needs as many values of each field: {counts}", ("method",))
        return self


class Sampled(Varied):
    """Design points drawn between bounds."""

    __pydantic_extra__: dict[str, Annotated[Range, BeforeValidator(_drawn)]] = Field(init=False)
    method: Literal["lhs", "sobol"]
    samples: Annotated[int, within(1, 1_000_000, "design points")]


class Points(Table):
    """Design points from a table."""

    method: Literal["csv"]
    file: str


Sweep = Annotated[Factorial | Sampled | Points, Field(discriminator="method")]


class Schedule(Table):
    """One `[policy.NAME]`; each lever's own model bounds the intensity and adds its aims."""

    intensity: tuple[tuple[Day | None, float], ...]
    start: Day | None = None
    end: Day | None = None
    ramp_weeks: Annotated[int, within(0, 1040, "weeks")] = 0

    @model_validator(mode="after")
    def _ends_after_start(self) -> Schedule:
        if self.start and self.end and self.end <= self.start:
            raise FieldError(f"{self.end} does not come after the start, {self.start}", ("end",))
        return self

    def points(self, first_day: date) -> tuple[tuple[date, float], ...]:
        """The steps between start and end, the undated one on `first_day`; 0 from the end on."""
        points = [(day or self.start or first_day, intensity + 0.0) for day, intensity in self.intensity]
        if self.start:
            held = [(self.start, intensity) for day, intensity in points if day <= self.start][-1:]
            points = held + [point for point in points if point[0] > self.start]
        if self.end:
            points = [point for point in points if point[0] < self.end] + [(self.end, 0.0)]
        return tuple(points)


class Relative(Table):
    """One `[policy.NAME]` that changes what is inherited; each lever's own model bounds the intensity and adds its aims."""

    times: Annotated[float, within(0, 1000, "times what is inherited")] | None = None
    plus: float | None = None
    intensity: tuple[tuple[Day | None, float], ...] | None = None
    begin: Annotated[Day | None, BeforeValidator(lambda day: None if day == START else day), Field(alias="from")] = None
    until: Day | None = None
    ramp_weeks: Annotated[int, within(0, 1040, "weeks")] | None = None

    @model_validator(mode="after")
    def _one_change(self) -> Relative:
        said = [kind for kind in CHANGES if getattr(self, kind) is not None]
        if len(said) != 1:
            hint = "one of times, plus, intensity; several changes are several tables"
            raise FieldError(f"says {' and '.join(said) or 'from when, but not what'}", tuple(said[-1:]), hint)
        if self.begin and self.until and self.until <= self.begin:
            raise FieldError(f"{self.until} does not come after {self.begin}", ("until",))
        days = [day for day, _ in self.intensity or () if day]
        if self.begin and days and days[0] < self.begin:
            raise FieldError(f"{days[0]} comes before {self.begin}, until when all is as inherited", ("intensity",))
        return self

    @property
    def kind(self) -> str:
        """times, plus or intensity."""
        return next(kind for kind in CHANGES if getattr(self, kind) is not None)

    @property
    def points(self) -> tuple[tuple[date | None, float], ...]:
        """The factor, the addition, or the new intensity and its days."""
        value = getattr(self, self.kind)
        return value if isinstance(value, tuple) else ((None, value),)


class Spread(Table):
    """What a parameter is drawn from, once per world."""

    low: float
    high: float
    mid: float | None = None
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _in_order(self) -> Spread:
        if self.high <= self.low:
            raise FieldError(f"{brief(self.high)} is not above low, {brief(self.low)}", ("high",))
        if self.mid is not None and not self.low <= self.mid <= self.high:
            raise FieldError(f"{brief(self.mid)} is outside {brief(self.low)}..{brief(self.high)}", ("mid",))
        if self.scale == "log" and (self.low <= 0 or self.mid is not None):
            raise FieldError("a log scale starts above 0 and has no mid", ("scale",))
        return self


class Removal(Table):
    """A leader of a cartel falls, or of a family or wing: the kingpin of the largest group it heads; if none, its largest plaza's."""

    kind: Literal["removal"]
    date: Day
    cartel: str
    mode: Literal["capture", "killing", "extradition", "surrender"] | None = None
    rank: Literal["kingpin", "lieutenant"] | None = None


class Split(Table):
    """A cartel breaks."""

    kind: Literal["split"]
    date: Day
    cartel: str


class Tie(Table):
    """Two cartels become, or stop being, allies."""

    kind: Literal["alliance", "rupture"]
    date: Day
    cartel: str
    other: str

    @model_validator(mode="after")
    def _two_cartels(self) -> Tie:
        if self.cartel == self.other:
            raise FieldError(f"{brief(self.other)} is the cartel itself", ("other",))
        return self


class Horizon(Table):
    """What every `[world]` has."""

    name: str
    start: Day
    years: Annotated[float, within(1 / 52, 60, "years; a step is a week")]


class GridWorld(Horizon):
    """The synthetic world."""

    name: Annotated[str, WithJsonSchema({"const": GRID})]
    rows: Annotated[int, within(1, LONGEST_SIDE, "rows")] = GRID_SIZES["rows"]
    columns: Annotated[int, within(1, LONGEST_SIDE, "columns")] = GRID_SIZES["columns"]
    cartels: int = GRID_SIZES["cartels"]

    @model_validator(mode="after")
    def _a_base_each(self) -> GridWorld:
        if not 1 <= self.cartels <= self.rows * self.columns:
            bounds = f"1..{self.rows * self.columns} (one base each)"
            raise FieldError(f"{brief(self.cartels)} is outside {bounds}", ("cartels",))
        return self


class TableWorld(Horizon):
    """A world of tables."""

    name: Annotated[str, WithJsonSchema({"type": "string", "not": {"const": GRID}})]
    places: int | None = None
    ties: str | None = None


class Run(Table):
    """How often, and with which luck."""

    replicates: Annotated[int, within(1, 1_000_000, "replicates")] = 40
    seed: Annotated[int, within(0, 2**63 - 1, "")] = 1
    worlds: Literal["plausible", "fitted"] = "plausible"
    effects: Effects | None = None
    panel: bool = False


Event = Annotated[Removal | Split | Tie, Field(discriminator="kind")]
World = Annotated[
    Annotated[GridWorld, Tag("<grid>")] | Annotated[TableWorld, Tag("<tables>")],
    Discriminator(lambda raw: "<grid>" if isinstance(raw, dict) and raw.get("name") == GRID else "<tables>"),
]


class Document(Table):
    """A whole file, with the files it extends laid under it."""

    title: str | None = None
    question: str = ""
    world: World
    parameters: Any = None
    policy: Any = None
    event: Annotated[tuple[Event, ...], one_or_several] = ()
    run: Run = Run()
    sweep: Sweep | None = None


@cache
def catalogue_document() -> type[Document]:
    """The model of files for this package's catalogue."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415
    from sim.catalogue.parameters import PARAMETERS  # noqa: PLC0415

    return document(LEVERS, PARAMETERS)


def document(levers: Mapping[str, Lever], parameters: Mapping[str, Parameter]) -> type[Document]:
    """The model of files in which these levers and parameters may be named."""
    bounded = {name: (_assumed(name, p), None) for name, p in parameters.items()}
    schedules = {name: (_schedules(name, lever), ()) for name, lever in levers.items()}
    return _model(
        "Document",
        Document,
        parameters=(table := _model("Parameters", Table, **bounded), table()),
        policy=(table := _model("Policy", Table, **schedules), table()),
    )


def _schedules(name: str, lever: Lever) -> Toml:
    intensity = Annotated[float, within(lever.low, lever.high, lever.unit)]
    schedule = Annotated[tuple[tuple[Day | None, intensity], ...], steps, AfterValidator(in_order)]
    aims = {aim: kind for aim, kind in AIMS.items() if aim in lever.aims}
    one: Any = _model(name, Schedule, intensity=(schedule, ...), **aims)
    change: Any = _model(f"{name}_change", Relative, intensity=(schedule | None, None), **aims)
    either = Annotated[
        Annotated[one, Tag("<schedule>")] | Annotated[change, Tag("<change>")],
        Discriminator(lambda raw: "<change>" if is_relative(raw) else "<schedule>"),
    ]
    return Annotated[tuple[either, ...], one_or_several]


def _assumed(name: str, parameter: Parameter) -> Toml:
    """A value of a parameter: a number, what it is drawn from, or dated steps."""
    number = Annotated[float, within(parameter.low, parameter.high, parameter.unit)]
    spread: Any = _model(f"{name}_range", Spread, low=(number, ...), high=(number, ...))
    stepped = Annotated[tuple[tuple[Day, number], ...], steps, AfterValidator(in_order)]
    return Annotated[
        Annotated[number, Tag("<number>")] | Annotated[spread, Tag("<range>")] | Annotated[stepped, Tag("<steps>")],
        Discriminator(lambda raw: "<range>" if isinstance(raw, dict) else "<steps>" if isinstance(raw, list) else "<number>"),
    ]


def _model(name: str, base: type[T], **fields: Toml) -> type[T]:
    make: Callable[..., type[T]] = create_model
    return make(name, __base__=base, **fields)


def json_schema() -> dict[str, Any]:
    """The schema of one file, draft 2020-12.

    It knows every name, kind and bound. What depends on other files (names of places and cartels, a value that a file
    overrides in the one it extends) only `load` can judge, so a file that fits may still have mistakes.
    """
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415
    from sim.catalogue.parameters import PARAMETERS  # noqa: PLC0415

    schema = catalogue_document().model_json_schema()
    tables = schema.pop("$defs")
    for name, parameter in PARAMETERS.items():
        about = f"{parameter.meaning} ({parameter.unit}); {parameter.source}"
        tables["Parameters"]["properties"][name] |= {"description": about, "default": parameter.default}
    for name, lever in LEVERS.items():
        tables[name]["description"] = f"{lever.title}. 1 is {lever.unit}; evidence: {lever.evidence}. {lever.summary}"
    for table in _tables([schema, *(table for name, table in tables.items() if name not in WHOLE)]):
        table.pop("required", None)
    schema["properties"]["extends"] = {"type": "string", "description": "Name or path of the scenario that this one changes."}
    complete = {"required": ["world"], "properties": {"world": {"required": list(Horizon.model_fields)}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Cartelitos scenario",
        "description": "A world, a policy and a horizon; or what differs from the scenario that it extends.",
        "anyOf": [{"required": ["extends"]}, complete],
        "$defs": tables,
    }


def _tables(nodes: list[Any]) -> Iterator[dict[str, Any]]:
    """Schemas of tables, at any depth, without defaults that only code understands."""
    for node in nodes:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            if "oneOf" in node and "discriminator" not in node:
                node["anyOf"] = node.pop("oneOf")  # which of them it is, only their missing fields would tell
            if node.get("default") is None or isinstance(node.get("default"), dict):
                node.pop("default", None)
            yield from _tables(list(node.values()))
        elif isinstance(node, list):
            yield from _tables(node)
