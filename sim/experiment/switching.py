"""Scenarios once more: with responses switched off, assumptions moved, other effects of levers, or without some of their levers."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.switches import CHANNELS, SWITCHES, off
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Effects, LeverPlan, Scenario

ALL, BARE = "all", "bare"
THIN = "without thin evidence"
ENDS: Mapping[str, Effects] = {"effects low": "low", "effects middle": "middle", "effects high": "high"}  # label -> where effects are
BESIDE = (THIN, *ENDS)  # labels of what a comparison may run beside what it compares
DECADE = 10.0  # a range over this factor is walked in equal factors, not in equal steps (ASSUMED)
Move = Mapping[str, float]


def worlds(channels: Collection[str] = CHANNELS) -> dict[str, tuple[str, ...]]:
    """Which channels are off, by label: none of them, each alone, all but each, all of them."""
    absent = {without(name): (name,) for name in channels}
    alone = {f"only {name}": tuple(other for other in channels if other != name) for name in channels}
    return {ALL: ()} | absent | alone | {BARE: tuple(channels)}


def decomposition(pair: Sequence[Scenario], channels: Collection[str] = CHANNELS) -> list[Scenario]:
    """Both scenarios of a pair in every world of `worlds`; as they are, they keep their names."""
    return [switched(scenario, label, off(absent)) for label, absent in worlds(channels).items() for scenario in pair]


def without(name: str) -> str:
    """The label of the world in which a channel, or a single switch, is off."""
    return f"without {name}"


def arm(scenario: str, label: str) -> str:
    """The name of a scenario in a world."""
    return scenario if label == ALL else f"{scenario} [{label}]"


def switched_names(names: Collection[str], labels: Iterable[str] | None = None) -> set[str]:
    """Those that are another of them at one of the labels, None for all that there are."""
    labels = (*worlds(), *map(without, SWITCHES), *BESIDE) if labels is None else labels
    return {arm(name, label) for name in names for label in {*labels} - {ALL}} & {*names}


def switched(scenario: Scenario, label: str, values: Mapping[str, float]) -> Scenario:
    """The scenario with parameters at their off values, whatever it says itself."""
    return replace(scenario, name=arm(scenario.name, label), parameters={**scenario.parameters, **values})


def at_ends(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Every scenario with the effects of all levers at each end, and at the middle, of their ranges."""
    return [replace(each, name=arm(each.name, label), effects=end, sweep=None) for label, end in ENDS.items() for each in scenarios]


def without_thin(usual: Scenario, policies: Iterable[Scenario]) -> Iterator[Scenario]:
    """Every policy with levers of thin evidence left as business as usual has them; not those that have them so anyway."""
    for policy in policies:
        thin = {name for name in differing(usual, policy) if LEVERS[name].evidence == "thin"}
        if thin:
            plans = [plan for plan in policy.policy if plan.lever not in thin]
            plans += [plan for plan in usual.policy if plan.lever in thin]
            yield replace(policy, name=arm(policy.name, THIN), policy=tuple(sorted(plans, key=lambda plan: plan.lever)), sweep=None)


def differing(usual: Scenario, policy: Scenario) -> list[str]:
    """Levers whose schedules differ, in the catalogue's order."""
    return [name for name in LEVERS if _plans(usual, name) != _plans(policy, name)]


def _plans(scenario: Scenario, lever: str) -> list[LeverPlan]:
    return [plan for plan in scenario.policy if plan.lever == lever]


class Axis(NamedTuple):
    """One assumption: its central value and its plausible range, that of the world's plausible set where it has one.

    `at` and `size` count in units of the whole range.
    """

    name: str
    central: float
    low: float
    high: float

    @property
    def either_or(self) -> bool:
        """A switch, which has no middle."""
        return PARAMETERS[self.name].unit == "switch"

    def at(self, end: float, way: float) -> float:
        """The value part of the `way`, 0..1, from the centre to an `end` of the range."""
        if way in (0.0, 1.0) or self.either_or:
            return end if way else self.central
        if self._by_factors:
            return self.central * math.exp(way * math.log(end / self.central))
        return self.central + way * (end - self.central)

    def size(self, value: float) -> float:
        """How far a value is from the centre, as a share of the range."""
        if self._by_factors:
            return abs(math.log(value / self.central)) / math.log(self.high / self.low)
        return abs(value - self.central) / (self.high - self.low)

    @property
    def ends(self) -> list[float]:
        """The ends of the range that are not the centre."""
        return [end for end in (self.low, self.high) if end != self.central]

    @property
    def _by_factors(self) -> bool:
        return self.low > 0.0 and self.high / self.low >= DECADE


def axes(scenario: Scenario) -> list[Axis]:
    """What can be moved: all that the world's plausible set varies, and every assumption switch; not what the scenario fixes."""
    from sim.model.uncertainty import plausible_set  # noqa: PLC0415
    from sim.model.worlds import load_world  # noqa: PLC0415

    folder = scenario_folder() / WORLDS
    world = load_world(scenario.world, scenario.world_options, folder)
    rows = plausible_set(folder / scenario.world, len(world.ids))
    found = []
    for name, parameter in PARAMETERS.items():
        drawn = [float(row[name]) for row in rows if name in row]
        if name in scenario.parameters or not (drawn or parameter.switch or (parameter.sampled and not rows)):
            continue
        central = drawn[0] if drawn else parameter.default
        low, high = (min(drawn), max(drawn)) if drawn else (parameter.low, parameter.high)
        if low < high:
            found.append(Axis(name, central, min(low, central), max(high, central)))
    return found


def moved(scenario: Scenario, move: Move) -> Scenario:
    """The scenario at the central fit, with some assumptions elsewhere."""
    return switched(replace(scenario, worlds="fitted"), label(move), move)


def label(move: Move) -> str:
    """A move as part of an arm's name."""
    return ", ".join(f"{name}={value:.6g}" for name, value in sorted(move.items())) or "central"


def everywhere(scenarios: Sequence[Scenario], moves: Sequence[Move]) -> list[Scenario]:
    """Every scenario at every move, once."""
    distinct = {label(move): move for move in moves}
    return [moved(scenario, move) for move in distinct.values() for scenario in scenarios]
