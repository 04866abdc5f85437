"""What one run is asked and what comes back: values that travel between processes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Arm:
    """What is compared: a scenario at one design point."""

    scenario: Scenario  # resolved, its name unique among arms that share a point
    point: int  # number of the design point, 0 without a sweep
    digest: str  # of the scenario's content and of its world's tables, and of the luck if it is not the usual one
    at: Mapping[str, Any] = field(default_factory=dict)  # coordinates of the design point, field to value; empty without a sweep
    luck: int = 0  # which seeds the replicates have; arms of equal luck are paired


def arm_digest(digest: str, luck: int) -> str:
    """The digest of an arm whose scenario has this one."""
    return hashlib.sha256(f"{digest}/{luck}".encode()).hexdigest()[:16] if luck else digest


@dataclass(frozen=True)
class RunSpec:
    """Everything that decides one run."""

    arm: Arm
    replicate: int
    seed: int
    model_version: str

    @cached_property
    def run_id(self) -> str:
        """Sixteen hex digits of model version, scenario (name and content) and seed.

        The name counts, so that two arms of equal content are both run and their comparison tests the model.
        """
        text = f"{self.model_version}/{self.arm.scenario.name}/{self.arm.digest}/{self.seed}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that say, in every table, whose row it is."""
        return {"run_id": self.run_id, "scenario": self.arm.scenario.name, "point": self.arm.point, "replicate": self.replicate}


@dataclass(frozen=True)
class RunResult:
    """One finished run."""

    spec: RunSpec  # what was asked
    tables: Mapping[str, bytes]  # Arrow streams by kind (`series`, `events`, `genealogy`, `runs`); a failed run has only `runs`
    seconds: float  # wall time
    error: str = ""  # "ValueError: ..." of a failed run, else empty
    warnings: tuple[str, ...] = ()  # what the model said about this run
    digest: str = ""  # of series, events and groups, the same wherever the run is played; empty if it failed
