"""Where runs are executed, and the loop that keeps an engine busy, redoes lost work and isolates what kills workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from itertools import compress, islice
from operator import not_
from typing import Protocol, Self

from sim.experiment.errors import EngineError
from sim.experiment.specs import RunResult, RunSpec
from sim.experiment.worker import Bundle, Simulate, fail, one_thread, prepare, run_all

TICK = 0.2  # seconds without a result after which the driver may look at its clock
LARGEST_BUNDLE = 16  # short runs are bundled into tasks, but not more of them than this
STRIKES = 2  # lost workers after which a run is isolated


class Runs(Protocol):
    """Runs to do: how many, and each in turn."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[RunSpec]: ...


class Engine(AbstractContextManager["Engine"], Protocol):
    """Executes bundles of runs; a lost worker shows as `BrokenExecutor` on the futures it takes along.

    Attributes:
        task_seconds: short runs are bundled into tasks of about this length.
    """

    task_seconds: float

    @property
    def workers(self) -> int:
        """How many bundles run at a time."""

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Start a bundle."""

    def recover(self) -> None:
        """Replace the workers after a loss."""

    def alone(self) -> Engine:
        """A further engine with a single worker, for runs that are suspected of killing theirs."""


class SerialEngine:
    """Runs in this process, one after the other: for debuggers and profilers."""

    workers = 1
    task_seconds = 0.25

    def __init__(self, simulate: Simulate | None) -> None:
        self._simulate = simulate

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to stop."""

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Run the bundle now."""
        future: Future[list[RunResult]] = Future()
        try:
            future.set_result(run_all(bundle, self._simulate))
        except EngineError as error:
            future.set_exception(error)
        return future

    def recover(self) -> None:
        """Nothing can be lost."""

    def alone(self) -> SerialEngine:
        """Itself: there is no worker to lose."""
        return self


class ProcessEngine:
    """A pool of freshly started Python processes on this machine."""

    task_seconds = 0.25

    def __init__(self, workers: int, simulate: Simulate | None) -> None:
        self._workers, self._simulate = workers, simulate
        self._pool = self._fresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def workers(self) -> int:
        """Processes."""
        return self._workers

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Hand a bundle to the pool."""
        with _birth():
            return self._pool.submit(run_all, bundle, self._simulate)

    def recover(self) -> None:
        """Start a new pool.

        Raises:
            EngineError: its first worker dies without having done anything.
        """
        self._stop()
        self._pool = self._fresh()
        try:
            with _birth():
                alive = self._pool.submit(os.getpid)
            alive.result()
        except BrokenExecutor as error:
            raise EngineError(
                "worker processes die as soon as they start",
                field="engine",
                hint="is memory short? does a script of yours start this outside `if __name__ == '__main__':`?",
            ) from error

    def alone(self) -> ProcessEngine:
        """A pool of one."""
        return ProcessEngine(1, self._simulate)

    def _fresh(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, multiprocessing.get_context("spawn"), initializer=prepare)

    def _stop(self) -> None:
        """Kill the workers: they hold nothing that is worth waiting for."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def start(name: str, workers: int, simulate: Simulate | None = None, scheduler: str | None = None) -> Engine:
    """Start an engine.

    Args:
        name: "process", "serial" or "dask".
        workers: processes of the process engine.
        simulate: another function than the model's; every process must be able to import it.
        scheduler: address of the Dask scheduler, tcp://...

    Raises:
        EngineError: the cluster cannot be used.
    """
    match name:
        case "dask":
            from sim.experiment.cluster import DaskEngine  # noqa: PLC0415  an extra

            return DaskEngine(scheduler, simulate)
        case "serial":
            return SerialEngine(simulate)
        case _:
            return ProcessEngine(workers, simulate)


class Loop:
    """Keeps about two bundles per worker in flight; iterating gives results as they come, in no particular order.

    A batch may be empty: then nothing came for a while and the caller may look at its clock.
    """

    def __init__(self, specs: Runs, engine: Engine, *, first_alone: bool = False) -> None:
        """Prepare to run `specs` in order.

        Args:
            specs: the runs; iterated once, as they are needed.
            engine: open.
            first_alone: let the first run end before others start; it compiles for all.
        """
        self._engine, self._first_alone = engine, first_alone
        self._fresh, self._left = iter(specs), len(specs)  # never launched, and how many
        self._again: deque[RunSpec] = deque()  # lost with a worker
        self._flying: dict[Future[list[RunResult]], Bundle] = {}
        self._strikes: Counter[str] = Counter()
        self._seconds = engine.task_seconds  # of a run, lately

    def __iter__(self) -> Iterator[list[RunResult]]:
        while self._left or self._again or self._flying:
            self._launch()
            results = self._land()
            if results:
                self._seconds, self._first_alone = results[-1].seconds, False
            yield results

    def _launch(self) -> None:
        window = 1 if self._first_alone else 2 * self._engine.workers
        while (self._left or self._again) and len(self._flying) < window:
            bundle = self._bundle(window)
            try:
                self._flying[self._engine.submit(bundle)] = bundle
            except BrokenExecutor:
                self._again.extendleft(reversed(bundle))
                if self._flying:
                    return
                self._engine.recover()

    def _bundle(self, window: int) -> Bundle:
        """The next runs as one task: what was lost before, one by one, then fresh ones, no more than their fair share."""
        if self._again:
            return [self._again.popleft()]
        fitting = int(self._engine.task_seconds / max(self._seconds, 1e-3))
        size = 1 if self._first_alone else max(1, min(fitting, self._left // window, LARGEST_BUNDLE))
        self._left -= size
        return list(islice(self._fresh, size))

    def _land(self) -> list[RunResult]:
        done, _ = wait(self._flying, timeout=TICK, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            done, _ = wait(self._flying)
        results, lost = [], []
        for future in done:
            bundle, error = self._flying.pop(future), future.exception()
            if error is None:
                results += future.result()
            elif isinstance(error, EngineError):
                raise error
            elif isinstance(error, BrokenExecutor):
                lost += bundle
            else:
                results += self._split(bundle, error)
        return results + self._redo(lost) if lost else results

    def _split(self, bundle: Bundle, error: BaseException) -> list[RunResult]:
        """A bundle that could not travel: its runs one by one, to find the guilty one."""
        if len(bundle) == 1:
            return [fail(bundle[0], f"{type(error).__name__}: {error}")]
        self._suspect(bundle)
        return []

    def _redo(self, lost: Bundle) -> list[RunResult]:
        """A worker died: start again; what was in flight too often is isolated."""
        self._engine.recover()
        isolate = [self._strikes[spec.run_id] + 1 >= STRIKES for spec in lost]
        self._suspect(list(compress(lost, map(not_, isolate))))
        return list(self._isolated(list(compress(lost, isolate))))

    def _suspect(self, specs: Sequence[RunSpec]) -> None:
        self._strikes.update(spec.run_id for spec in specs)
        self._again.extendleft(reversed(specs))

    def _isolated(self, specs: Sequence[RunSpec]) -> Iterator[RunResult]:
        if not specs:
            return
        with self._engine.alone() as cell:
            for spec in specs:
                try:
                    yield from cell.submit([spec]).result()
                except BrokenExecutor:
                    yield fail(spec, "WorkerLost: its worker process died each time it was tried (killed, or out of memory)")
                    cell.recover()
                except Exception as error:
                    yield fail(spec, f"{type(error).__name__}: {error}")


@contextmanager
def _birth() -> Iterator[None]:
    """What a worker inherits at its birth: SIGINT blocked, so Ctrl-C never reaches it, and one thread for itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with one_thread():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
