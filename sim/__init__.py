"""Cartelitos: an agent-based country in which removing kingpins has consequences.

In a notebook, perhaps as `import sim as cartelitos`: `load`, `simulate` and `as_function` for one run, `compare`, `Experiment`,
`Results`, `diff` and `score` for many. Importing `sim` imports nothing else; each of these is fetched when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.studies import purposes as _purposes

if TYPE_CHECKING:
    from sim.functions import as_function, simulate
    from sim.notebook import Experiment, Results
    from sim.scenario import Scenario
    from sim.scenario.load import load
    from sim.studies.ablation import ablation
    from sim.studies.calibrate import calibrate
    from sim.studies.compare import compare
    from sim.studies.diff import diff
    from sim.studies.evidence import evidence
    from sim.studies.frontier import frontier
    from sim.studies.robust import robust
    from sim.studies.score import score
    from sim.studies.sensitivity import sensitivity
    from sim.studies.sweep import sweep
    from sim.studies.tipping import tipping
    from sim.studies.twins import twins
    from sim.studies.why import why

__version__ = "0.1.0"
__all__ = [
    "Experiment", "Results", "Scenario", "ablation", "as_function", "calibrate", "compare", "diff", "evidence", "frontier", "load",
    "robust", "score", "sensitivity", "simulate", "sweep", "tipping", "twins", "why",
]  # fmt: skip

HOMES = {
    "Experiment": "notebook", "Results": "notebook", "Scenario": "scenario", "load": "scenario",
    "simulate": "functions", "as_function": "functions",
} | {name: f"studies.{name}" for name in _purposes()}  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415

    value = globals()[name] = getattr(import_module(f"sim.{HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
