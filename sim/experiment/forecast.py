"""What an experiment will take, before it is run: how much is there already, how long the rest takes, how large it gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from math import ceil
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from sim.experiment.execute import PART
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import Simulate, run_one
from sim.experiment.reading import PLAN, TABLES, committed
from sim.experiment.records import join
from sim.experiment.specs import RunResult, RunSpec
from sim.experiment.store import write_parquet


class Counts(NamedTuple):
    """How far a plan is; total = done + failed + left."""

    total: int
    done: int
    failed: int
    left: int


class Pilot(NamedTuple):
    """A few runs that were not stored."""

    seconds: tuple[float, ...]  # of each run that succeeded
    part_bytes: float  # of a part without runs, on the disk
    run_bytes: float  # that every run adds to its part
    errors: tuple[str, ...]  # of those that failed

    def time(self, runs: int, workers: int) -> tuple[float, float]:
        """Seconds that so many runs take, if all are as short or as long as the shortest and the longest tried."""
        low, high = (end / max(1, min(workers, runs)) * runs for end in (min(self.seconds), max(self.seconds)))
        return low, high

    def size(self, runs: int) -> float:
        """Bytes of so many runs."""
        return ceil(runs / PART) * self.part_bytes + runs * self.run_bytes


def count(plan: Plan, folder: Path) -> Counts:
    """What a folder holds of a plan; nothing if it is not there. Failed runs count as settled, as for a call that resumes.

    Raises:
        FolderError: its commit records cannot be read.
    """
    parts = committed(folder) if (folder / PLAN).exists() else []
    if not parts:
        return Counts(len(plan), 0, 0, len(plan))
    done = {run for part in parts for run in part.done}
    failed = {run for part in parts for run in part.failed} - done
    found = Counter("done" if spec.run_id in done else "failed" if spec.run_id in failed else "left" for spec in plan)
    return Counts(len(plan), found["done"], found["failed"], found["left"])


def pilot(plan: Plan, runs: int, simulate: Simulate | None = None, *, warm_up: bool = True) -> Pilot:
    """Try at most so many runs in this process, one of each of as many arms; nothing is stored. The first warms up, and is run twice."""
    specs = list(_spread(plan, runs))
    if warm_up and specs:
        run_one(specs[0], simulate)
    results = [run_one(spec, simulate) for spec in specs]
    good = [result for result in results if not result.error]
    one, all_of_them = _bytes(good[:1]), _bytes(good)
    run_bytes = (all_of_them - one) / (len(good) - 1) if len(good) > 1 else one
    errors = tuple(result.error for result in results if result.error)
    return Pilot(tuple(result.seconds for result in good), max(0.0, one - run_bytes), run_bytes, errors)


def _spread(plan: Plan, runs: int) -> list[RunSpec]:
    """The first runs of the plan, at arms that lie evenly over it."""
    arms = len(plan.arms)
    wanted = {round(k * (arms - 1) / max(1, runs - 1)) for k in range(min(runs, arms))}
    return [spec for number, spec in enumerate(islice(plan, arms)) if number in wanted]


def _bytes(results: Sequence[RunResult]) -> float:
    """Of a part with these runs."""
    size = 0
    for kind in TABLES:
        streams = [result.tables[kind] for result in results if kind in result.tables]
        if streams:
            buffer = pa.BufferOutputStream()
            write_parquet(join(streams), buffer, {})
            size += buffer.getvalue().size
    return size
