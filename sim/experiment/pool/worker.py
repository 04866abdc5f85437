"""What happens in a worker process: runs, their failures as data, and nothing that outlives the driver."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from sim.experiment.errors import EngineError
from sim.experiment.outside import Outside, version
from sim.experiment.specs import RunResult, RunSpec
from sim.model.compile.version import model_version
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.model.run import Outcome

Simulate = Callable[[Scenario, int], "Outcome"]
Bundle = list[RunSpec]

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS")
ENVIRONMENT = dict.fromkeys(THREADS, "1") | {"PYTHONSAFEPATH": "1"}  # of a worker; the working folder is data: nothing is imported from it


def run_one(spec: RunSpec, simulate: Simulate | None = None) -> RunResult:
    """One run, by the model or by another function that every process can import; a pure function of its spec that never raises."""
    began = time.perf_counter()
    try:
        from sim.experiment import records  # noqa: PLC0415

        if simulate is None:
            from sim.model.run import simulate as own  # noqa: PLC0415  numba, only where it is needed

            simulate = own
        outcome = simulate(spec.arm.scenario, spec.seed)
        seconds = time.perf_counter() - began
        return RunResult(spec, records.finished(spec, outcome, seconds), seconds, warnings=tuple(outcome.warnings), digest=outcome.digest)
    except (Exception, SystemExit) as error:
        return fail(spec, f"{type(error).__name__}: {error}", traceback.format_exc(), time.perf_counter() - began)


def run_all(bundle: Sequence[RunSpec], simulate: Simulate | None) -> list[RunResult]:
    """Several short runs as one task."""
    here = version(model_version(), simulate.shas) if isinstance(simulate, Outside) else model_version()
    if any(spec.model_version != here for spec in bundle):
        raise EngineError(
            "the model's source changed while the experiment was running",
            hint="what is finished is stored; the same command says how to go on",
        )
    return [run_one(spec, simulate) for spec in bundle]


def serve(pipe: Connection) -> None:
    """A worker's life: deaf to Ctrl-C (the driver decides), say that it is ready, then answer bundles until the driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from sim.experiment import records  # noqa: F401, PLC0415
    from sim.model import run  # noqa: F401, PLC0415

    gc.freeze()  # the collector need not look through the objects of libraries again and again
    pipe.send_bytes(b"ready")
    with suppress(EOFError, OSError):
        while True:
            question = pipe.recv_bytes()
            try:
                answer = pickle.dumps(run_all(*pickle.loads(question)))
            except Exception as error:  # not ours, or something that cannot travel
                answer = pickle.dumps(error)
            pipe.send_bytes(answer)


def fail(spec: RunSpec, error: str, trace: str = "", seconds: float = 0.0) -> RunResult:
    """The result of a run that did not succeed."""
    from sim.experiment import records  # noqa: PLC0415  pyarrow and numpy, after a worker is set up

    return RunResult(spec, records.failed(spec, seconds, error, trace), seconds, error)


@contextmanager
def environment() -> Iterator[None]:
    """Let processes that are started meanwhile have the environment of workers: they and their libraries read it as they start."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
