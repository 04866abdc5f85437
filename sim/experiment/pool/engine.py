"""Where runs are executed, and the loop that keeps an engine busy, redoes lost work and isolates what kills workers."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pickle
import signal
import sys
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from multiprocessing import forkserver, resource_tracker
from threading import Lock
from typing import Any, Protocol

from sim.experiment.errors import EngineError
from sim.experiment.pool.worker import Bundle, Simulate, environment, fail, run_all, serve
from sim.experiment.specs import RunResult, RunSpec

TICK = 0.2  # seconds without a result after which the driver may look at its clock
LARGEST_BUNDLE = 16  # short runs are bundled into tasks, but not more of them than this
STRIKES = 2  # lost workers after which a run is isolated
LAST = STRIKES + 2  # ... and after which it has failed: two workers in a row died while it ran alone
STILLBORN = 3  # workers in a row that may die before they are ready ...
KILLED = 12  # ... and that may be killed before they are: somebody else does that, and may stop
MODEL = ["sim.model.run", "sim.experiment.records", "sim.experiment.pool.worker"]  # what a worker needs
_around: dict[str, str] = {}  # environment in which `get_ready` was called


def get_ready() -> None:
    """Have a process import the model while this one imports other things: workers will be copies of it, where Linux copies processes."""
    if sys.platform != "linux" or _around:
        return
    around = dict(os.environ)
    multiprocessing.set_forkserver_preload(MODEL)
    try:
        with environment(), _ctrl_c_held():
            forkserver.ensure_running()
    except OSError:  # its socket finds no room, or its name is too long: workers will start on their own
        return
    _around.update(around)
    atexit.register(_stop, forkserver._forkserver._forkserver_pid)  # type: ignore[attr-defined]


def _stop(pid: int) -> None:
    """End a process that may be too busy to hear that nobody needs it; it holds the terminal, or whatever reads it."""
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)


class Runs(Protocol):
    """Runs to do: how many, and each in turn."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[RunSpec]: ...


class Engine(AbstractContextManager["Engine"], Protocol):
    """Executes bundles of runs; a lost worker shows as `BrokenExecutor` on the future of what it was doing."""

    task_seconds: float  # short runs are bundled into tasks of about this length

    @property
    def workers(self) -> int:
        """How many bundles run at a time."""

    @property
    def trouble(self) -> str:
        """Why nothing is done at present; nothing if something is."""

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Start a bundle."""


class SerialEngine(Engine):
    """Runs in this process, one after the other: for debuggers and profilers."""

    workers = 1
    task_seconds = 0.25
    trouble = ""

    def __init__(self, simulate: Simulate | None) -> None:
        self._simulate = simulate

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


class ProcessEngine(Engine):
    """Freshly started Python processes on this machine, each with a pipe and a thread of its own.

    A shared queue, as in the standard library's pool, is left locked or half written by a worker that is killed while
    it sends; a pipe just ends.
    """

    workers = 1  # processes, at most
    task_seconds = 0.25
    trouble = ""

    def __init__(self, workers: int, simulate: Simulate | None) -> None:
        self.workers, self._simulate = workers, simulate
        self._threads = ThreadPoolExecutor(workers, "worker")
        self._crew: set[Worker] = set()
        self._idle: list[Worker] = []
        self._births, self._closed = Lock(), False

    def __exit__(self, *_: object) -> None:
        """Kill the workers: they hold nothing that is worth waiting for."""
        with _ctrl_c_held():
            with self._births:
                self._closed = True
                for worker in self._crew:
                    worker.kill()
            self._threads.shutdown(cancel_futures=True)

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Hand a bundle to the next worker that is free."""
        return self._threads.submit(self._run, bundle)

    def _run(self, bundle: Bundle) -> list[RunResult]:
        question = pickle.dumps((bundle, self._simulate))
        worker = self._idle.pop() if self._idle else self._start()
        try:
            said = worker.ask(question)
        except (EOFError, OSError) as error:
            self._bury(worker)
            raise BrokenExecutor("a worker process died") from error
        self._idle.append(worker)
        answer: list[RunResult] | Exception = pickle.loads(said)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _start(self) -> Worker:
        """A worker that is ready."""
        died = killed = 0
        while died < STILLBORN and killed < KILLED:
            with self._births:
                if self._closed:
                    raise BrokenExecutor("the engine is closed")
                worker = Worker()
                self._crew.add(worker)
            with suppress(EOFError, OSError):
                worker.hear()
                return worker
            if worker.was_killed():
                killed += 1
            else:
                died += 1
            self._bury(worker)
        raise EngineError(
            "worker processes die as soon as they start",
            field="engine",
            hint="is memory short? does a script of yours start this outside `if __name__ == '__main__':`?",
        )

    def _bury(self, worker: Worker) -> None:
        with self._births:
            worker.kill()
            self._crew.discard(worker)


class Worker:
    """One process that answers questions until it is killed, or the driver is gone."""

    def __init__(self) -> None:
        """Start it; the first thing to hear is that it is ready."""
        context: Any = multiprocessing.get_context("forkserver" if _around == os.environ else "spawn")
        self._pipe, end = context.Pipe()
        self._process = context.Process(target=serve, args=(end,), daemon=True)
        with environment(), _ctrl_c_held():
            self._process.start()
        end.close()  # so that the pipe ends with the process
        self.pid = self._process.pid

    def ask(self, question: bytes) -> bytes:
        """Its answer."""
        self._pipe.send_bytes(question)
        return self.hear()

    def hear(self) -> bytes:
        """The next thing it says."""
        said: bytes = self._pipe.recv_bytes()
        return said

    def was_killed(self) -> bool:
        """Whether somebody else ended it, not an error of its own; it is dead."""
        self._process.join(1.0)
        return bool(self._process.exitcode == -9)  # SIGKILL

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()


def start(name: str, workers: int, simulate: Simulate | None = None, scheduler: str | None = None) -> Engine:
    """Start "process", with so many workers, "serial", or "dask" at a scheduler's tcp://...; all must be able to import `simulate`."""
    match name:
        case "dask":
            from sim.experiment.pool.cluster import DaskEngine  # noqa: PLC0415  an extra

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
        """Prepare to run `specs` in order; with `first_alone` the first, which compiles for all, ends before others start."""
        self._engine, self._first_alone = engine, first_alone
        self._fresh, self._left = iter(specs), len(specs)  # never launched, and how many
        self._again: deque[RunSpec] = deque()  # lost with a worker
        self._suspects: deque[RunSpec] = deque()  # lost so often that they run while nothing else does
        self._doubtful: deque[RunSpec] = deque()  # lost even so: once more, after everything else
        self._flying: dict[Future[list[RunResult]], Bundle] = {}
        self._strikes: Counter[str] = Counter()
        self._seconds = engine.task_seconds  # of a run, lately

    def __iter__(self) -> Iterator[list[RunResult]]:
        while self._left or self._again or self._suspects or self._doubtful or self._flying:
            self._launch()
            results = self._land()
            if results:
                self._seconds, self._first_alone = results[-1].seconds, False
            yield results

    def _launch(self) -> None:
        alone = self._suspects or (self._doubtful if not (self._left or self._again) else None)
        if alone:
            if not self._flying:
                self._fly([alone.popleft()])
            return
        window = 1 if self._first_alone else 2 * self._engine.workers
        while (self._left or self._again) and len(self._flying) < window:
            self._fly(self._bundle(window))

    def _fly(self, bundle: Bundle) -> None:
        self._flying[self._engine.submit(bundle)] = bundle

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
        results = []
        for future in done:
            bundle, error = self._flying.pop(future), future.exception()
            if error is None:
                results += future.result()
            elif isinstance(error, EngineError):
                raise error
            elif isinstance(error, BrokenExecutor):
                results += self._lost(bundle)
            elif len(bundle) == 1:
                results.append(fail(bundle[0], f"{type(error).__name__}: {error}"))
            else:
                self._again.extend(bundle)  # it could not travel: one by one, to find the guilty run
        return results

    def _lost(self, bundle: Bundle) -> Iterator[RunResult]:
        """A worker died: its runs start again, one by one; what kills worker after worker, alone and at the end, has failed."""
        self._strikes.update(spec.run_id for spec in bundle)
        for spec in bundle:
            strikes = self._strikes[spec.run_id]
            if strikes >= LAST:
                yield fail(spec, "WorkerLost: its worker process died each time it was tried (killed, or out of memory)")
            else:
                (self._again if strikes < STRIKES else self._suspects if strikes == STRIKES else self._doubtful).append(spec)


@contextmanager
def _ctrl_c_held() -> Iterator[None]:
    """Let no SIGINT arrive; a worker that is born meanwhile inherits the block, so Ctrl-C never reaches it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where a worker is deaf as soon as it has started
        yield
        return
    resource_tracker.ensure_running()  # starting it later would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
