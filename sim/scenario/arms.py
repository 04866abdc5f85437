"""The scenarios of a comparison: business as usual first, and what overrides mean for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.inheritance import warnings
from sim.scenario.load import USUAL, load
from sim.scenario.phrase import is_question, parse
from sim.scenario.problems import Problem
from sim.scenario.read import USUAL as OWN_USUAL
from sim.scenario.read import usual as usual_of_worlds
from sim.scenario.scenario import Scenario

POLICY = ("policy", "event")  # tables of a file that say what is done, not where and under which assumptions


@dataclass(frozen=True)
class Asked:
    """One scenario as it is asked for."""

    name: str  # of the library, a path, or a question
    overrides: tuple[str, ...] = ()  # as given to `--set`
    base: str = USUAL  # what a question changes that names no scenario

    def load(self) -> Scenario:
        """The scenario; one that is business as usual with another policy says so in its name.

        Raises:
            ScenarioError: with everything that is wrong with it.
        """
        found = load(self.name, self.overrides, base=self.base)
        changes = [text for text in self.overrides if is_policy(text)]
        return replace(found, name=f"{found.name}, {', '.join(changes)}") if changes and self.name == self.base else found

    def warnings(self) -> list[Problem]:
        """What it gives up of what it extends, without saying so."""
        return [*warnings(self.name, self.overrides, base=self.base)]


def is_policy(override: str) -> bool:
    """Whether an override says what is done, and not where or under which assumptions."""
    if is_question(override, known="=" in override):
        return bool(parse(override).changes)
    return override.strip().startswith(tuple(f"{table}{end}" for table in POLICY for end in (".", "=")))


def arms(names: Sequence[str | Path], overrides: Sequence[str] = ()) -> list[Asked]:
    """What a comparison of these scenarios runs: business as usual, then the policies.

    Overrides of the policy hold for the policies alone, all others for everything. Of two names or more the first is business as usual; a
    single scenario is compared with `baseline`; `baseline` alone, if overrides change its policy, with itself as it is written.
    """
    own = [str(name) for name in names]
    shared = tuple(text for text in overrides if not is_policy(text))
    changed = len(shared) < len(overrides)
    alone = own[0] if own[0] in usual_of_worlds() or Path(own[0]).name == OWN_USUAL else USUAL
    if len(own) == 1 and (own[0] != alone or changed):
        own = [alone, own[0]]
    usual, *policies = own
    return [Asked(usual, shared), *(Asked(name, tuple(overrides), usual) for name in policies)]
