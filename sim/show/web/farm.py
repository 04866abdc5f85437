"""Worker processes behind the page: urgent work first, equal work once, nothing done that nobody waits for any more."""

from __future__ import annotations

import asyncio
import heapq
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sim.show.web.work import prepare

FIRST, STORY, REFINE, LATER = 0, 1, 2, 3  # what comes first
REMEMBERED = 6000  # finished pieces of work: some 10 KB each, stories far more
REMEMBERED_STORIES = 60
TRIES = 3  # of work whose worker process died

Key = tuple[Hashable, ...]


class WorkLostError(Exception):
    """A worker process died over this work several times."""


@dataclass(eq=False)
class Job:
    """Work that somebody waits for."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    future: asyncio.Future[Any]
    waiting: int = 0
    started: bool = False


@dataclass
class Memory:
    """The results used last."""

    most: int
    kept: OrderedDict[Key, Any] = field(default_factory=OrderedDict)

    def get(self, key: Key) -> Any | None:  # noqa: ANN401
        """A result, if it is remembered."""
        if key in self.kept:
            self.kept.move_to_end(key)
        return self.kept.get(key)

    def put(self, key: Key, result: Any) -> None:  # noqa: ANN401
        """Remember a result, forget the one used least lately."""
        self.kept[key] = result
        if len(self.kept) > self.most:
            self.kept.popitem(last=False)


class Farm:
    """A pool of warm processes; one task per worker at a time, so that urgent work never queues behind other work.

    Results are pure functions of what was asked, so visitors may profit from each other's without sharing anything.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._memory = {"run": Memory(REMEMBERED), "tell": Memory(REMEMBERED_STORIES)}
        self._jobs: dict[Key, Job] = {}
        self._heap: list[tuple[int, int, int, Key]] = []
        self._number = count()
        self._busy = 0
        self._pool: ProcessPoolExecutor | None = None

    async def start(self) -> None:
        """Start the processes and wait until all of them have loaded the compiled model, the first alone: it may have to compile."""
        await asyncio.wrap_future(self._open(1).submit(int))
        self.close()
        pool = self._open(self.workers)
        await asyncio.gather(*(asyncio.wrap_future(pool.submit(_nap)) for _ in range(self.workers)))

    def close(self) -> None:
        """Kill the processes: they hold nothing that is worth waiting for."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    def known(self, function: Callable[..., Any], *arguments: Hashable) -> Any | None:  # noqa: ANN401
        """A result, if it is there already."""
        return self._memory[function.__name__].get(arguments)

    async def ask(self, urgency: int, place: int, function: Callable[..., Any], *arguments: Hashable) -> Any:  # noqa: ANN401
        """A result of `function(*arguments)`, from a worker.

        Args:
            urgency: FIRST, STORY or REFINE.
            place: among work of the same urgency, what is lower comes first: visitors advance side by side.
            function: of `sim.show.web.work`, a pure one.
            arguments: hashable and fit to travel.

        Raises:
            WorkLostError: the work kills its worker.
        """
        memory = self._memory[function.__name__]
        found = memory.get(arguments)
        if found is not None:
            return found
        key: Key = (function.__name__, *arguments)
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = Job(function, arguments, asyncio.get_running_loop().create_future())
        if not job.started:
            heapq.heappush(self._heap, (urgency, place, next(self._number), key))
        job.waiting += 1
        try:
            self._launch()
            return await asyncio.shield(job.future)
        finally:
            job.waiting -= 1

    def _open(self, workers: int) -> ProcessPoolExecutor:
        self._pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=prepare)
        return self._pool

    def _launch(self) -> None:
        while self._heap and self._busy < self.workers:
            key = heapq.heappop(self._heap)[-1]
            job = self._jobs.get(key)
            if job is None or job.started:
                continue
            if not job.waiting:
                del self._jobs[key]
                continue
            job.started = True
            self._busy += 1
            task = asyncio.get_running_loop().create_task(self._do(key, job))
            task.add_done_callback(lambda _: self._launch())

    async def _do(self, key: Key, job: Job) -> None:
        try:
            result = await self._reliably(job)
            self._memory[job.function.__name__].put(key[1:], result)
            job.future.set_result(result)
        except Exception as error:
            job.future.set_exception(error)
            job.future.exception()  # seen, even if nobody waits any more
        finally:
            del self._jobs[key]
            self._busy -= 1

    async def _reliably(self, job: Job) -> Any:  # noqa: ANN401
        """Do the work, on new processes if the old ones died."""
        for _ in range(TRIES):
            pool = self._pool or self._open(self.workers)
            try:
                return await asyncio.wrap_future(pool.submit(job.function, *job.arguments))
            except BrokenExecutor:
                if self._pool is pool:
                    self.close()
        raise WorkLostError(job.function.__name__)


def _nap() -> None:
    """Keep one worker busy, so that the pool starts the next."""
    import time  # noqa: PLC0415

    time.sleep(0.2)
