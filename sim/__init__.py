"""Cartelitos: an agent-based country in which removing kingpins has consequences.

In a notebook: `sim.load`, `sim.compare`, `sim.Experiment`, `sim.Results`. Importing `sim` imports nothing else; each of
these is fetched when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.notebook import Experiment, Results, compare
    from sim.scenario import Scenario, load

__version__ = "0.1.0"
__all__ = ["Experiment", "Results", "Scenario", "compare", "load"]

HOMES = {"Experiment": "notebook", "Results": "notebook", "compare": "notebook", "Scenario": "scenario", "load": "scenario"}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415

    value = globals()[name] = getattr(import_module(f"sim.{HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
