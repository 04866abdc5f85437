"""A pair of scenarios again and again, each time with some responses of the model switched off in both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sim.catalogue.switches import CHANNELS, SWITCHES, off
from sim.scenario.scenario import Scenario

ALL, BARE = "all", "bare"


def worlds(channels: Collection[str] = CHANNELS) -> dict[str, tuple[str, ...]]:
    """Which channels are off, by label: none of them, each alone, all but each, all of them."""
    absent = {without(name): (name,) for name in channels}
    alone = {f"only {name}": tuple(other for other in channels if other != name) for name in channels}
    return {ALL: ()} | absent | alone | {BARE: tuple(channels)}


def decomposition(pair: Sequence[Scenario], channels: Collection[str] = CHANNELS) -> list[Scenario]:
    """Both scenarios of a pair in every world of `worlds`; as they are, they keep their names."""
    return list(_everywhere(pair, worlds(channels)))


def without(name: str) -> str:
    """The label of the world in which a channel, or a single switch, is off."""
    return f"without {name}"


def arm(scenario: str, label: str) -> str:
    """The name of a scenario in a world."""
    return scenario if label == ALL else f"{scenario} [{label}]"


def switched_names(names: Collection[str]) -> set[str]:
    """Those that are another of them in a world in which something is off."""
    labels = {*worlds(), *map(without, SWITCHES)} - {ALL}
    return {arm(name, label) for name in names for label in labels} & {*names}


def switched(scenario: Scenario, label: str, values: Mapping[str, float]) -> Scenario:
    """The scenario with parameters at their off values, whatever it says itself."""
    return replace(scenario, name=arm(scenario.name, label), parameters={**scenario.parameters, **values})


def _everywhere(pair: Sequence[Scenario], labels: Mapping[str, Collection[str]]) -> Iterator[Scenario]:
    for label, channels in labels.items():
        for scenario in pair:
            yield switched(scenario, label, off(channels))
