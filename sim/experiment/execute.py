"""Plan minus what is stored -> engine -> store: the same call starts, resumes and extends an experiment; and what that will take."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from math import ceil
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from sim.experiment.folder.integrity import Shard
from sim.experiment.outside import Outside
from sim.experiment.plan import Plan
from sim.experiment.pool.engine import Engine, Loop, Runs, start
from sim.experiment.pool.worker import Simulate, run_one
from sim.experiment.provenance import about
from sim.experiment.reading import PLAN, TABLES, committed
from sim.experiment.records import join
from sim.experiment.specs import RunResult, RunSpec
from sim.experiment.store import Store, write_parquet

PART = 100  # runs in a part ...
PART_SECONDS = 10.0  # ... and the longest that a finished run waits to be written
MOST_WAITING = 4 * PART  # runs kept in memory behind a slow one


@dataclass
class Tally:
    """How far an experiment is."""

    planned: int  # runs of the plan, or of the shard; at the end planned = done + failed + reused
    reused: int = 0  # succeeded before this call
    done: int = 0  # succeeded in this call
    failed: int = 0  # failed in this call, or before it and not retried
    seconds: float = 0.0  # since the call began
    failures: list[RunResult] = field(default_factory=list)  # results of this call that failed
    warnings: Counter[str] = field(default_factory=Counter)  # what the model said, and in how many runs
    plan: Plan | None = None  # what is planned, its points numbered as the folder does
    trouble: str = ""  # why nothing is done at present

    def count(self, results: Sequence[RunResult]) -> None:
        """Add finished runs."""
        failures = [result for result in results if result.error]
        self.failures += failures
        self.failed += len(failures)
        self.done += len(results) - len(failures)
        self.warnings.update(text for result in results for text in set(result.warnings))


def execute(
    plan: Plan,  # what to run
    folder: Path,  # of the results; what it holds of this plan is reused
    *,
    # "process", "serial" or "dask"; or one that is open and stays so, for experiments that follow each other
    engine: str | Engine = "process",
    workers: int | None = None,  # of the process engine; None = one per usable CPU
    scheduler: str | None = None,  # of the dask engine, tcp://
    shard: Shard | None = None,  # run this piece only; it may run at the same time as the others
    fresh: bool = False,  # delete earlier results first
    retry_failed: bool = False,  # run again what is stored as failed
    mix_versions: bool = False,  # reuse runs of other versions of the model
    command: Sequence[str] = (),  # for the record
    watch: Callable[[Tally], None] = lambda tally: None,  # called with the tally several times a second
    compiling: Callable[[], None] = lambda: None,  # called before the first run if the model has to be compiled
    simulate: Simulate | None = None,  # another function than the model's; worker processes must be able to import it
) -> Tally:
    """Bring `folder` to hold every run of `plan`.

    Raises:
        ExperimentError: folder in use or another plan's, not writable, or no workers. What was finished until then is
            stored; the same holds for KeyboardInterrupt.
    """
    began = time.monotonic()
    with Store(folder, plan, about(command), fresh=fresh, shard=shard, mix_versions=mix_versions) as store:
        left = Left(store, shard, retry_failed=retry_failed)
        tally = left.tally
        if not left:
            return tally
        ours = simulate is None or simulate.__module__.startswith("sim.")  # all of which run the model
        cold = ours and engine != "dask" and (isinstance(simulate, Outside) or not _is_warm())
        if cold and not isinstance(simulate, Outside):
            compiling()
        waiting = PartsInOrder(left)
        try:
            crew = min(workers or usable_cpus(), len(left))
            opened = start(engine, crew, simulate, scheduler) if isinstance(engine, str) else nullcontext(engine)
            with opened as pool:
                for results in Loop(waiting, pool, first_alone=cold):
                    tally.count(results)
                    tally.seconds, tally.trouble = time.monotonic() - began, pool.trouble
                    watch(tally)
                    for part in waiting.due(results):
                        store.commit(part)
        finally:
            for part in waiting.rest():
                store.commit(part)
        tally.seconds = time.monotonic() - began
    return tally


class Left:
    """The runs that are still to be done, made anew whenever they are iterated: a long plan needs no memory."""

    def __init__(self, store: Store, shard: Shard | None, *, retry_failed: bool) -> None:
        self._store, self._shard = store, shard
        self._settled = {"ok"} if retry_failed else {"ok", "failed"}
        stored = Counter(store.status(spec) for spec in self._asked())
        failed = 0 if retry_failed else stored["failed"]
        self.tally = Tally(stored.total(), reused=stored["ok"], failed=failed, plan=store.plan)
        self._left = stored.total() - stored["ok"] - failed

    def __len__(self) -> int:
        return self._left

    def __iter__(self) -> Iterator[RunSpec]:
        return (spec for spec in self._asked() if self._store.status(spec) not in self._settled)

    def _asked(self) -> Iterator[RunSpec]:
        return (spec for spec in self._store.plan if self._shard is None or self._shard.holds(spec))


class PartsInOrder:
    """Finished runs on their way to the disk, grouped so that no part depends on which of its runs ended first.

    Iterating gives the runs and takes note of their order.
    """

    def __init__(self, specs: Runs, clock: Callable[[], float] = time.monotonic) -> None:
        self._specs = specs
        self._position: dict[str, int] = {}  # of the runs that are under way
        self._waiting: dict[int, RunResult] = {}
        self._arrived = bytearray(len(specs) + 1)
        self._head = 0  # every run before it has arrived
        self._clock, self._since = clock, clock()

    def __len__(self) -> int:
        return len(self._specs)

    def __iter__(self) -> Iterator[RunSpec]:
        for position, spec in enumerate(self._specs):
            self._position[spec.run_id] = position
            yield spec

    def due(self, results: Sequence[RunResult]) -> Iterator[list[RunResult]]:
        """Add results; yield parts: whole ones of the plan's next runs, or all that waits if it has waited long."""
        if not self._waiting:
            self._since = self._clock()
        for result in results:
            position = self._position.pop(result.spec.run_id)
            self._waiting[position] = result
            self._arrived[position] = 1
        self._head = self._arrived.index(0, self._head)
        while len(ready := sorted(position for position in self._waiting if position < self._head)) >= PART:
            yield self._take(ready[:PART])
        if len(self._waiting) >= MOST_WAITING or self._clock() - self._since >= PART_SECONDS:
            yield from self.rest()

    def rest(self) -> Iterator[list[RunResult]]:
        """Everything that waits, in parts."""
        while self._waiting:
            yield self._take(sorted(self._waiting)[:PART])

    def _take(self, positions: Sequence[int]) -> list[RunResult]:
        self._since = self._clock()
        return [self._waiting.pop(position) for position in positions]


def _is_warm() -> bool:
    from sim.model.compile.compiled import is_warm  # noqa: PLC0415  numpy, only where it is needed

    return bool(is_warm())


def usable_cpus() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
    """What a folder holds of a plan; nothing if it is not there. Failed runs count as settled, as for a call that resumes."""
    parts = committed(folder) if (folder / PLAN).exists() else []
    if not parts:
        return Counts(len(plan), 0, 0, len(plan))
    done = {run for part in parts for run in part.done}
    failed = {run for part in parts for run in part.failed} - done
    found = Counter("done" if spec.run_id in done else "failed" if spec.run_id in failed else "left" for spec in plan)
    return Counts(len(plan), found["done"], found["failed"], found["left"])


def pilot(plan: Plan, runs: int, simulate: Simulate | None = None, *, warm_up: bool = True) -> Pilot:
    """Try at most so many runs in this process, one of each of as many arms; nothing is stored. The first warms up, and is run twice."""
    arms = len(plan.arms)
    wanted = {round(k * (arms - 1) / max(1, runs - 1)) for k in range(min(runs, arms))}  # they lie evenly over the plan
    specs = [spec for number, spec in enumerate(islice(plan, arms)) if number in wanted]
    if warm_up and specs:
        run_one(specs[0], simulate)
    results = [run_one(spec, simulate) for spec in specs]
    good = [result for result in results if not result.error]
    one, all_of_them = _bytes(good[:1]), _bytes(good)
    run_bytes = (all_of_them - one) / (len(good) - 1) if len(good) > 1 else one
    errors = tuple(result.error for result in results if result.error)
    return Pilot(tuple(result.seconds for result in good), max(0.0, one - run_bytes), run_bytes, errors)


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
