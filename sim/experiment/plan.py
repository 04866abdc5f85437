"""Which runs an experiment consists of: arms x replicates, in replicate-major order; and design points as scenarios.

100,000 points take seconds, because only what a point changes is made anew: a coordinate is *filled in* where it is one number of a
resolved scenario, a parameter or the intensity of a lever with one schedule. Every other field (dates, ramps, the world) is set by
loading the scenario again, once per combination.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, TypeVar

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS, broken
from sim.experiment.errors import PlanError
from sim.experiment.specs import Arm, RunSpec
from sim.model.compile.version import model_version
from sim.scenario.scenario import LeverPlan, Scenario

At = Mapping[str, Any]  # field -> value: where a design point lies
Load = Callable[[At], Scenario]

Value = TypeVar("Value", LeverPlan, Scenario)
PARAMETER, POLICY, INTENSITY = "parameters.", "policy.", ".intensity"
LONGEST_NAME = 60  # characters of a results folder
MOST_RUNS = 1_000_000  # of one folder: its plan is 41 MB then, and is read in 4 s


@cache
def fills(field: str) -> bool:
    """Whether a field is one number of a resolved scenario."""
    return field.removeprefix(PARAMETER) in PARAMETERS if field.startswith(PARAMETER) else _lever(field) in LEVERS


def short(field: str) -> str:
    """The short name of a field: `treatment` for policy.treatment.intensity, `demand_elasticity` for parameters.demand_elasticity."""
    return field.removeprefix(PARAMETER).removeprefix(POLICY).removesuffix(INTENSITY)


def points(load: Load, where: Iterable[At]) -> Iterator[tuple[Scenario, str]]:
    """The scenario at each point, and its digest; every point varies the same fields.

    `load` is called once per combination of values that cannot be filled in.
    """
    templates: dict[tuple[Any, ...], Template] = {}
    for at in where:
        key = tuple((field, value) for field, value in at.items() if not fills(field))
        if key not in templates:
            open_fields = [field for field in at if fills(field)]
            model = load({**at, **{field: _highest(field) for field in open_fields}})
            for field in open_fields:  # a lever that ends before the run begins: filling in its first step would change nothing
                lever = _lever(field)
                if lever and [plan.points[0][1] for plan in model.policy if plan.lever == lever] != [_highest(field)]:
                    raise PlanError("is scheduled to end before the run begins, so that no value of it does anything", field=field)
            templates[key] = Template(model, open_fields)
        yield templates[key].fill(at)


class Template:
    """A scenario with some numbers left open, to be filled in at each design point."""

    def __init__(self, model: Scenario, open_fields: Sequence[str]) -> None:
        self._model = model
        self._plans = {plan.lever: number for number, plan in enumerate(model.policy)}
        marked = self._with({field: f"<{number}>" for number, field in enumerate(open_fields)})
        self._first, *pieces = re.split(r'"<(\d+)>"', marked.canonical())
        self._rest = list(zip((open_fields[int(n)] for n in pieces[::2]), pieces[1::2], strict=True))

    def fill(self, at: At) -> tuple[Scenario, str]:
        """The scenario at a point and its digest."""
        values = {field: float(at[field]) + 0.0 for field, _ in self._rest}
        text = self._first + "".join(f"{values[field]!r}{piece}" for field, piece in self._rest)
        return self._with(values), hashlib.sha256(text.encode()).hexdigest()[:16]

    def _with(self, values: At) -> Scenario:
        """The model with numbers, or marks, in the place of some."""
        parameters, policy = dict(self._model.parameters), list(self._model.policy)
        for field, value in values.items():
            if field.startswith(PARAMETER):
                parameters[field.removeprefix(PARAMETER)] = value
            else:
                number = self._plans[_lever(field)]
                first, *end = policy[number].points
                policy[number] = _changed(policy[number], points=((first[0], value), *end))
        return _changed(self._model, parameters=parameters, policy=tuple(policy))


def _highest(field: str) -> float:
    """The largest value of a field that can be filled in."""
    return (PARAMETERS[field.removeprefix(PARAMETER)] if field.startswith(PARAMETER) else LEVERS[_lever(field)]).high


@cache
def _lever(field: str) -> str:
    return field.removeprefix(POLICY).removesuffix(INTENSITY) if field.startswith(POLICY) and field.endswith(INTENSITY) else ""


def _changed(model: Value, **fields: Any) -> Value:  # noqa: ANN401 (or a mark)
    """The same with other fields; `dataclasses.replace` takes three times as long, and here there is nothing to check."""
    other = object.__new__(type(model))
    vars(other).update(vars(model) | fields)
    return other


@dataclass(frozen=True)
class Plan:
    """An experiment as a value; iterating gives its runs.

    The order is replicate-major (A B C, A B C, ...), so an experiment that is cut off is still balanced.
    """

    arms: tuple[Arm, ...]
    replicates: int
    seed: int
    model_version: str
    equal_cost: Mapping[str, Any] | None = None  # how the scenarios were scaled to one cost, for the record
    twins: Mapping[str, Any] | None = None  # how many removals are spared in every world, for the record
    panel: bool = False  # whether every place is recorded by month
    mechanisms: Mapping[str, str] | None = None  # from outside: file -> digest; `model_version` is of the model with them
    sweep: Mapping[str, Any] | None = None  # what is swept and how, for the record; "digest" names the swept scenario

    def __post_init__(self) -> None:
        """Refuse more runs than one folder can hold."""
        refuse_too_many(len(self.arms), self.replicates)

    @classmethod
    def of(
        cls,
        scenarios: Sequence[Scenario],
        replicates: int,
        seed: int,
        points: Sequence[int] | None = None,
        equal_cost: Mapping[str, Any] | None = None,
        twins: Mapping[str, Any] | None = None,
    ) -> Plan:
        """Plan `replicates` runs of every scenario; replicate r has the same seed in every arm.

        A scenario that repeats a name at the same point is renamed "name (2)" and run as well. `points` are the design points of the
        scenarios, (S,); `equal_cost` and `twins` are for the record.
        Raises PlanError: nothing to run, or two points of a scenario that are the same.
        """
        if not scenarios or replicates < 1:
            raise PlanError("needs at least one scenario and one replicate", field="experiment")
        for scenario in scenarios:
            for bound in broken(scenario.parameters):
                raise PlanError(f"should keep {bound.title}", field=f"{scenario.name}: parameters", hint=bound.why)
        points = points or [0] * len(scenarios)
        arms = [Arm(s, point, s.digest()) for s, point in zip(distinct(scenarios, points), points, strict=True)]
        first: dict[tuple[str, str], int] = {}
        for arm in arms:
            if (point := first.setdefault((arm.scenario.name, arm.digest), arm.point)) != arm.point:
                raise PlanError(f"points {point} and {arm.point} are the same", field=arm.scenario.name)
        return cls(tuple(arms), replicates, seed, model_version(), equal_cost, twins)

    def __len__(self) -> int:
        return self.replicates * len(self.arms)

    def __iter__(self) -> Iterator[RunSpec]:
        for replicate in range(self.replicates):
            seeds = {luck: replicate_seed(self.seed, replicate, luck) for luck in {arm.luck for arm in self.arms}}
            for arm in self.arms:
                yield RunSpec(arm, replicate, seeds[arm.luck], self.model_version)

    def folder_name(self, command: str) -> str:
        """A short name for the results: the command and its scenarios, or the swept one and what is varied."""
        names = dict.fromkeys(arm.scenario.name for arm in self.arms)
        if self.sweep:
            names = dict.fromkeys([self.sweep["scenario"], *map(short, self.sweep["fields"])])
        full = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join([command, *names])).strip("-")
        if len(full) <= LONGEST_NAME:
            return full
        return f"{full[: LONGEST_NAME - 7]}-{hashlib.sha256(full.encode()).hexdigest()[:6]}"

    def as_json(self) -> dict[str, object]:
        """What `plan.json` says about the runs; run i of `runs` is replicate i // A of arm i % A, with A arms."""
        return {
            "model_version": self.model_version,
            "seed": self.seed,
            "replicates": self.replicates,
            **{key: value for key in ("equal_cost", "twins", "panel", "mechanisms", "sweep") if (value := getattr(self, key))},
            "arms": list(_described(self.arms)),
            "seeds": [replicate_seed(self.seed, replicate) for replicate in range(self.replicates)],
            "runs": [spec.run_id for spec in self],
        }


def refuse_too_many(points: int, replicates: int = 1) -> None:
    """Before scenarios or design points are enumerated."""
    if points * replicates > MOST_RUNS:
        fewer = f"-n {MOST_RUNS // points} at most for these {points:,}" if points <= MOST_RUNS else f"{MOST_RUNS:,} points at most"
        raise PlanError(f"{points * replicates:,} runs are more than one folder holds", field="experiment", hint=fewer)


def replicate_seed(seed: int, replicate: int, luck: int = 0) -> int:
    """64 bits that depend on nothing but the experiment's seed, the replicate and the luck."""
    text = f"{seed}/{replicate}/{luck}" if luck else f"{seed}/{replicate}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def planned_arms(document: Mapping[str, Any]) -> Iterator[Arm]:
    """The arms of a `plan.json`, in its order."""
    templates: dict[int, Template] = {}
    for arm in document["arms"]:
        at, like = arm.get("at", {}), arm.get("like")
        if like is None:
            scenario = Scenario.restored(arm)
        else:
            if like not in templates:
                templates[like] = Template(Scenario.restored(document["arms"][like]), [field for field in at if fills(field)])
            scenario, _ = templates[like].fill(at)
        yield Arm(scenario, arm["point"], arm["digest"], at, arm.get("luck", 0))


def _described(arms: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """Every arm in full, but design points only by what differs: their numbers, filled into the arm they are `like`."""
    models: dict[tuple[Any, ...], int] = {}
    for number, arm in enumerate(arms):
        labels: dict[str, Any] = {"name": arm.scenario.name, "point": arm.point, "digest": arm.digest}
        if arm.at:
            labels["at"] = arm.at
        if arm.luck:
            labels["luck"] = arm.luck
        key = (arm.scenario.name, *((field, value) for field, value in arm.at.items() if not fills(field)))
        model = models.setdefault(key, number) if arm.at else number
        yield labels | {"like": model} if model != number else asdict(arm.scenario) | labels


def distinct(scenarios: Sequence[Scenario], points: Sequence[int] = ()) -> Iterator[Scenario]:
    """The scenarios, those that repeat a name at the same point renamed "name (2)"."""
    seen: Counter[tuple[str, int]] = Counter()
    for scenario, point in zip(scenarios, points or [0] * len(scenarios), strict=True):
        seen[scenario.name, point] += 1
        copy = seen[scenario.name, point]
        yield scenario if copy == 1 else replace(scenario, name=f"{scenario.name} ({copy})")
