"""Plan minus what is stored -> engine -> store: the same call starts, resumes and extends an experiment."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.experiment.engine import Loop, start
from sim.experiment.plan import Plan
from sim.experiment.provenance import about
from sim.experiment.specs import RunResult, RunSpec
from sim.experiment.store import Store
from sim.experiment.worker import Simulate

PART = 100  # runs in a part ...
PART_SECONDS = 10.0  # ... and the longest that a finished run waits to be written
MOST_WAITING = 4 * PART  # runs kept in memory behind a slow one


@dataclass
class Tally:
    """How far an experiment is.

    Attributes:
        planned: runs of the plan; at the end planned = done + failed + reused.
        reused: succeeded before this call.
        done: succeeded in this call.
        failed: failed in this call, or before it and not retried.
        seconds: since the call began.
        failures: results of this call that failed.
        warnings: what the model said, and in how many runs.
    """

    planned: int
    reused: int = 0
    done: int = 0
    failed: int = 0
    seconds: float = 0.0
    failures: list[RunResult] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)

    def count(self, results: Sequence[RunResult]) -> None:
        """Add finished runs."""
        failures = [result for result in results if result.error]
        self.failures += failures
        self.failed += len(failures)
        self.done += len(results) - len(failures)
        self.warnings.update(text for result in results for text in set(result.warnings))


def execute(
    plan: Plan,
    folder: Path,
    *,
    engine: str = "process",
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    retry_failed: bool = False,
    command: Sequence[str] = (),
    watch: Callable[[Tally], None] = lambda tally: None,
    compiling: Callable[[], None] = lambda: None,
    simulate: Simulate | None = None,
) -> Tally:
    """Bring `folder` to hold every run of `plan`.

    Args:
        plan: what to run.
        folder: of the results; what it holds of this plan is reused.
        engine: "process", "serial" or "dask".
        workers: of the process engine; None = one per usable CPU.
        scheduler: of the dask engine, tcp://...
        fresh: delete earlier results first.
        retry_failed: run again what is stored as failed.
        command: for the record.
        watch: called with the tally several times a second.
        compiling: called before the first run if the model has to be compiled.
        simulate: another function than the model's; worker processes must be able to import it.

    Raises:
        ExperimentError: folder in use or another plan's, not writable, or no workers. What was finished until then is
            stored; the same holds for KeyboardInterrupt.
    """
    began = time.monotonic()
    with Store(folder, plan, about(command), fresh=fresh) as store:
        left = [spec for spec in plan if not _settled(spec, store, retry_failed)]
        tally = _start(plan, store, left)
        if not left:
            return tally
        cold = simulate is None and engine != "dask" and not _is_warm()
        if cold:
            compiling()
        waiting = PartsInOrder(left)
        try:
            with start(engine, _crew(workers, len(left)), simulate, scheduler) as pool:
                for results in Loop(left, pool, first_alone=cold):
                    tally.count(results)
                    tally.seconds = time.monotonic() - began
                    watch(tally)
                    for part in waiting.due(results):
                        store.commit(part)
        finally:
            for part in waiting.rest():
                store.commit(part)
        tally.seconds = time.monotonic() - began
    return tally


class PartsInOrder:
    """Finished runs on their way to the disk, grouped so that no part depends on which of its runs ended first."""

    def __init__(self, specs: Sequence[RunSpec], clock: Callable[[], float] = time.monotonic) -> None:
        self._position = {spec.run_id: position for position, spec in enumerate(specs)}
        self._waiting: dict[int, RunResult] = {}
        self._arrived = bytearray(len(specs) + 1)
        self._head = 0  # every run before it has arrived
        self._clock, self._since = clock, clock()

    def due(self, results: Sequence[RunResult]) -> Iterator[list[RunResult]]:
        """Add results; yield parts: whole ones of the plan's next runs, or all that waits if it has waited long."""
        if not self._waiting:
            self._since = self._clock()
        for result in results:
            position = self._position[result.spec.run_id]
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


def _settled(spec: RunSpec, store: Store, retry_failed: bool) -> bool:
    return spec.run_id in store.done or (spec.run_id in store.failed and not retry_failed)


def _start(plan: Plan, store: Store, left: Sequence[RunSpec]) -> Tally:
    """The tally before anything runs."""
    reused = sum(spec.run_id in store.done for spec in plan)
    return Tally(planned=len(plan), reused=reused, failed=len(plan) - reused - len(left))


def _crew(workers: int | None, runs: int) -> int:
    """Processes to start: no more than there are runs."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(workers or usable, runs)


def _is_warm() -> bool:
    from sim.model.compiled import is_warm  # noqa: PLC0415  numba, only where it is needed

    return bool(is_warm())
