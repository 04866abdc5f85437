"""Scenarios once more: with responses of the model switched off, with other effects of levers, or without some of their levers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sim.catalogue.levers import LEVERS
from sim.catalogue.switches import CHANNELS, SWITCHES, off
from sim.scenario.scenario import Effects, LeverPlan, Scenario

ALL, BARE = "all", "bare"
THIN = "without thin evidence"
ENDS: Mapping[str, Effects] = {"effects low": "low", "effects middle": "middle", "effects high": "high"}  # label -> where effects are
BESIDE = (THIN, *ENDS)  # labels of what a comparison may run beside what it compares


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
