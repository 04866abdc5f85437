"""The distributed engine: the same bundles, run by the workers of a Dask cluster (extra `cluster`)."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import suppress
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from sim.catalogue.installed import pip_install
from sim.experiment.errors import EngineError
from sim.experiment.pool.engine import Engine
from sim.experiment.pool.worker import Bundle, Simulate, run_all
from sim.experiment.provenance import identity
from sim.experiment.specs import RunResult

CONNECT, JOIN, CLOSE = 10, 60, 1  # seconds for the scheduler to answer, the first worker to join, the client to close
CENSUS = 5.0  # seconds between two counts of the workers
IDENTITY = "__import__('sim.experiment.provenance', fromlist=['identity']).identity()"  # needs nothing of ours to travel
SAME = "scheduler and workers need the same installation as this process"

_one_run = threading.Lock()  # a worker with several threads still runs one model at a time


class DaskEngine(Engine):
    """The workers of a cluster, which may come and go; what dies with one is run again by the scheduler."""

    task_seconds = 2.0  # a few milliseconds of overhead each, and the scheduler handles some hundred tasks a second

    def __init__(self, address: str | None, simulate: Simulate | None) -> None:
        """Connect to a scheduler, tcp://..., whose workers must be able to import `simulate`."""
        distributed = _distributed()
        if address is None:
            raise EngineError(
                "needs the address of a scheduler",
                field="--engine dask",
                hint="start `dask scheduler` and some `dask worker`, and give --scheduler tcp://HOST:8786",
            )
        self._simulate, self._identity = simulate, identity()
        self._killed: type[Exception] = distributed.scheduler.KilledWorker
        self._client = _connect(distributed, address)
        self._counted, self._workers = -CENSUS, 1
        try:
            _wait_for_a_worker(self._client, address)
            _refuse_others(self._client, self._identity)
        except BaseException:
            self._client.close(timeout=CLOSE)
            raise
        self._flying: set[Any] = set()  # Dask's futures: a task nobody holds is forgotten

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # a lost scheduler has been told of
            self._client.cancel(list(self._flying), force=True)
        self._client.close(timeout=CLOSE)

    @property
    def workers(self) -> int:
        """Worker processes, lately; at least one, which may come."""
        return max(1, self._census())

    @property
    def trouble(self) -> str:
        """That there are no workers."""
        return "" if self._census() else "no worker is left in the cluster; this waits for one, or for Ctrl-C"

    def _census(self) -> int:
        if time.monotonic() - self._counted > CENSUS:
            try:
                self._workers = len(self._client.nthreads())
            except OSError as error:
                raise _lost() from error
            self._counted = time.monotonic()
        return self._workers

    def submit(self, bundle: Bundle) -> Future[list[RunResult]]:
        """Hand a bundle to the scheduler.

        Dask's own executor never answers if a worker dies between the end of a task and the fetching of its results.
        """
        answer: Future[list[RunResult]] = Future()
        task = self._client.submit(run_there, self._identity, bundle, self._simulate, pure=False)
        self._flying.add(task)
        task.add_done_callback(partial(self._pass_on, answer))
        return answer

    def _pass_on(self, answer: Future[list[RunResult]], task: Any) -> None:  # noqa: ANN401
        """The outcome of a task in the loop's terms, in a thread of Dask's."""
        try:
            answer.set_result(task.result())
        except self._killed as error:
            answer.set_exception(BrokenExecutor(str(error)))
        except (CancelledError, asyncio.CancelledError):
            answer.set_exception(_lost())
        except ImportError as error:
            answer.set_exception(EngineError(f"the cluster cannot run this: {error}", field="--scheduler", hint=SAME))
        except Exception as error:
            answer.set_exception(error)
        finally:
            self._flying.discard(task)


def run_there(planned: Mapping[str, str], bundle: Bundle, simulate: Simulate | None) -> list[RunResult]:
    """On a worker: run a bundle, if this is the same software."""
    different = _differences(planned, identity())
    if different:
        raise EngineError(f"a worker has other software: {different}", field="--scheduler", hint=SAME)
    with _one_run:
        return run_all(bundle, simulate)


def _distributed() -> ModuleType:
    try:
        import distributed  # noqa: PLC0415  an extra
    except ImportError as error:
        message = "needs the extra 'cluster', which is not installed"
        raise EngineError(message, field="--engine dask", hint=pip_install("cluster")) from error
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by us
    module: ModuleType = distributed
    return module


def _connect(distributed: ModuleType, address: str) -> Any:  # noqa: ANN401
    try:
        _refuse_silent(address)
        return distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        message = f"no Dask scheduler answers at {address}: {reason}"
        raise EngineError(message, field="--scheduler", hint="is it running, and is the address right?") from error


def _refuse_silent(address: str) -> None:
    """A scheduler greets who connects; Dask's client waits for minutes, whatever its timeout, for one that does not."""
    place = urlsplit(address)
    if place.scheme == "tcp" and place.hostname and place.port:
        with socket.create_connection((place.hostname, place.port), CONNECT) as line:
            if not line.recv(1):
                raise OSError("it hangs up")


def _wait_for_a_worker(client: Any, address: str) -> None:  # noqa: ANN401
    try:
        client.wait_for_workers(1, timeout=JOIN)
    except TimeoutError as error:
        message = f"no worker has joined {address} within {JOIN} s"
        raise EngineError(message, field="--scheduler", hint=f"start some: dask worker {address} --nthreads 1") from error


def _refuse_others(client: Any, ours: Mapping[str, str]) -> None:  # noqa: ANN401
    """One problem for all members of the cluster with other software; a worker that joins later is asked by its tasks."""
    answers = client.run(eval, IDENTITY, on_error="return")
    found = {name: _differences(ours, theirs) for name, theirs in answers.items() if not isinstance(theirs, OSError)}  # it died meanwhile
    found["the scheduler"] = _differences({name: ours[name] for name in ours if name != "bits"}, _ask(client.run_on_scheduler))
    different = [f"{name}: {difference}" for name, difference in found.items() if difference]
    if different:
        raise EngineError(f"other software on {'; '.join(different)}", field="--scheduler", hint=SAME)


def _ask(run: Any) -> Any:  # noqa: ANN401
    try:
        return run(eval, IDENTITY)
    except Exception as error:
        return error


def _differences(ours: Mapping[str, str], theirs: Mapping[str, str] | Exception) -> str:
    """In words; empty if there are none."""
    if isinstance(theirs, Exception):
        return f"{type(theirs).__name__}: {theirs}"
    return ", ".join(f"{name} {theirs.get(name)} there, {ours[name]} here" for name in ours if theirs.get(name) != ours[name])


def _lost() -> EngineError:
    hint = "what is finished is stored; start the scheduler again, and the same command goes on"
    return EngineError("lost the connection to the Dask scheduler", field="--scheduler", hint=hint)
