"""How far the assumptions of a world may be moved from their central fit, and scenarios in which they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sim.catalogue.parameters import PARAMETERS
from sim.experiment.switching import switched
from sim.model.uncertainty import plausible_set
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario

DECADE = 10.0  # a range over this factor is walked in equal factors, not in equal steps (ASSUMED)
Move = Mapping[str, float]


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
