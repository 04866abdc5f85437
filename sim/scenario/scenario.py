"""What a run is asked to do: a frozen, JSON-able value with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pydantic import TypeAdapter

from sim.catalogue.year import whole_weeks

Effects = Literal["drawn", "low", "middle", "high"]


@dataclass(frozen=True)
class LeverPlan:
    """One lever's dated schedule."""

    lever: str  # name in the lever catalogue
    # (first day, intensity) steps in date order; 0 before the first, the last holds to the end. An undated intensity is one step, on the
    # day the scenario starts; a scheduled end is a last step to 0.
    points: tuple[tuple[date, float], ...]
    ramp_weeks: int = 0  # weeks over which every step is reached linearly
    where: tuple[str, ...] = ()  # territories (state abbreviations or place ids); empty = everywhere
    target: tuple[str, ...] = ()  # cartels (ids of the world table); empty = all. A cartel's descendants count as the cartel.
    rank: str | None = None  # "kingpin", "lieutenant" or None for both
    mode: str | None = None  # "capture", "killing", "extradition" or None for the usual mix


@dataclass(frozen=True)
class Spread:
    """What a parameter is drawn from, once per world: evenly between two ends, with a peak at `mid`, or evenly on a log scale."""

    low: float
    high: float
    mid: float | None = None
    scale: str = "linear"


@dataclass(frozen=True)
class Event:
    """A scripted event; it runs through the same code as an emergent one."""

    date: date
    kind: str  # removal, split, alliance, rupture
    cartel: str  # of a removal also a family or wing: the largest group that it heads, else its largest plaza
    other: str | None = None  # the partner of an alliance or rupture
    mode: str | None = None  # of a removal: capture, killing, extradition, surrender
    rank: str | None = None  # of a removal: kingpin, lieutenant; None = kingpin


@dataclass(frozen=True)
class Axis:
    """One varied field of a sweep: either listed values, or a range."""

    field: str  # dotted, as in `--set`
    values: tuple[Any, ...] = ()  # what it takes, in this order; empty for a range
    low: float | None = None  # lower end of the range
    high: float | None = None  # upper end of the range
    points: int | None = None  # equally spaced values of the range; None where the method draws them
    scale: str = "linear"  # "linear" or "log" spacing


@dataclass(frozen=True)
class Sweep:
    """Design points around a scenario."""

    method: str  # "grid" (every combination), "zip" (side by side), "lhs", "sobol", or "csv" (one row per point)
    axes: tuple[Axis, ...] = ()  # the varied fields; empty for "csv", whose columns name them
    samples: int | None = None  # design points of "lhs" and "sobol"
    file: str | None = None  # absolute path of the "csv" table


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario: nothing left to look up but the world's tables.

    `world` is a library name, "grid", or the absolute path of a folder; `tables` is the digest of its tables, and of
    those of the published network in the folder `world_options["ties"]`.
    `parameters` holds the values the scenario fixes, also where they equal a default: they are not drawn per replicate.
    `origins` says, per dotted field, in which file and line its value was written (not part of the digest).
    """

    name: str
    title: str
    question: str
    world: str
    start: date
    years: float
    world_options: Mapping[str, int | str] = field(default_factory=dict)  # of tables: places, ties; of the grid: sizes
    tables: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)  # parameters that every world draws from a range of the scenario's own
    dated: Mapping[str, tuple[tuple[date, float], ...]] = field(default_factory=dict)  # parameters that change on days, whatever they were
    policy: tuple[LeverPlan, ...] = ()
    events: tuple[Event, ...] = ()
    replicates: int = 40
    seed: int = 1
    worlds: str = "plausible"  # "plausible": parameters drawn per replicate; "fitted": the central fit
    effects: Effects | None = None  # of levers: "drawn" per replicate, or "low", "middle", "high"; None = as `worlds` has it
    panel: bool = False  # record every place by month; changes no outcome
    sweep: Sweep | None = None
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Scenario:
        """The scenario that `asdict` and JSON made `stored` of; entries that are not of a scenario are left aside.

        Raises KeyError, TypeError, ValueError: something is missing or is not what it should be.
        """
        if not stored["name"].isprintable():
            raise ValueError("its name holds signs that a terminal would obey")
        return _reader().validate_python({each.name: stored[each.name] for each in fields(cls) if each.name in stored})

    @property
    def weeks(self) -> int:
        """Length of a run: whole weeks."""
        return whole_weeks(self.years)

    @property
    def lever_effects(self) -> str:
        """Where in their ranges the effects of levers are: as written, else at the middle in the central fit and drawn otherwise."""
        return self.effects or self._usual_effects

    @property
    def _usual_effects(self) -> str:
        return "middle" if self.worlds == "fitted" else "drawn"

    def content(self) -> dict[str, Any]:
        """What decides a run's outcome, JSON-able: no title, no replicate count, no sweep, no origins, no path."""
        from sim.catalogue.levers import OUTSIDE  # noqa: PLC0415  numpy

        full = asdict(self)
        for key in ("name", "title", "question", "replicates", "seed", "panel", "sweep", "origins"):
            del full[key]
        if self.lever_effects == self._usual_effects:
            del full["effects"]
        for key in ("spreads", "dated"):
            if not full[key]:
                del full[key]
        full["world"] = Path(self.world).name
        full["world_options"] = {key: value for key, value in self.world_options.items() if key != "ties"}
        plain = json.loads(json.dumps(full, default=str))
        if outside := {plan.lever: OUTSIDE[plan.lever] for plan in self.policy if plan.lever in OUTSIDE}:
            plain["outside"] = outside
        plain["policy"].sort(key=lambda plan: json.dumps(plan, sort_keys=True))
        assert isinstance(plain, dict)
        return plain

    def canonical(self) -> str:
        """The content as one text; equal content, equal text."""
        return json.dumps(self.content(), sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """Sixteen hex digits that name the content."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:16]


@cache
def _reader() -> TypeAdapter[Scenario]:
    from pydantic import TypeAdapter  # noqa: PLC0415  not before results are read

    return TypeAdapter(Scenario)
