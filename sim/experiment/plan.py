"""Which runs an experiment consists of: arms x replicates, in replicate-major order."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sim.experiment.errors import PlanError
from sim.experiment.specs import Arm, RunSpec
from sim.model.version import model_version
from sim.scenario.scenario import Scenario

LONGEST_NAME = 60  # characters of a results folder


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
        """Plan `replicates` runs of every scenario.

        Args:
            scenarios: resolved; one that repeats a name at the same point is renamed "name (2)" and run as well.
            replicates: runs per scenario, at least 1.
            seed: of the experiment; replicate r has the same seed in every arm.
            points: design point of each scenario, (S,); None = no sweep.
            equal_cost: how the scenarios were scaled to one cost, if they were.
            twins: which twins every world has, if it has any.

        Raises:
            PlanError: nothing to run, or two points of a scenario that are the same.
        """
        if not scenarios or replicates < 1:
            raise PlanError("needs at least one scenario and one replicate", field="experiment")
        points = points or [0] * len(scenarios)
        arms = [Arm(s, point, s.digest()) for s, point in zip(_distinct(scenarios, points), points, strict=True)]
        _refuse_repeats(arms)
        return cls(tuple(arms), replicates, seed, model_version(), equal_cost, twins)

    def __len__(self) -> int:
        return self.replicates * len(self.arms)

    def __iter__(self) -> Iterator[RunSpec]:
        for replicate in range(self.replicates):
            seed = replicate_seed(self.seed, replicate)
            for arm in self.arms:
                yield RunSpec(arm, replicate, seed, self.model_version)

    def folder_name(self, command: str) -> str:
        """A short name for the results: the command and its scenarios."""
        names = dict.fromkeys(arm.scenario.name for arm in self.arms)
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
            **({"equal_cost": dict(self.equal_cost)} if self.equal_cost else {}),
            **({"twins": dict(self.twins)} if self.twins else {}),
            "arms": [{**asdict(arm.scenario), "point": arm.point, "digest": arm.digest} for arm in self.arms],
            "seeds": [replicate_seed(self.seed, replicate) for replicate in range(self.replicates)],
            "runs": [spec.run_id for spec in self],
        }


def replicate_seed(seed: int, replicate: int) -> int:
    """64 bits that depend on nothing but the experiment's seed and the replicate."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{replicate}".encode()).digest()[:8])


def _refuse_repeats(arms: Sequence[Arm]) -> None:
    first: dict[tuple[str, str], int] = {}
    for arm in arms:
        point = first.setdefault((arm.scenario.name, arm.digest), arm.point)
        if point != arm.point:
            raise PlanError(f"points {point} and {arm.point} are the same", field=arm.scenario.name)


def _distinct(scenarios: Sequence[Scenario], points: Sequence[int]) -> Iterator[Scenario]:
    seen: Counter[tuple[str, int]] = Counter()
    for scenario, point in zip(scenarios, points, strict=True):
        seen[scenario.name, point] += 1
        copy = seen[scenario.name, point]
        yield scenario if copy == 1 else replace(scenario, name=f"{scenario.name} ({copy})")
