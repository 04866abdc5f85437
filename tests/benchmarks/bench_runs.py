"""What an experiment costs beside its runs. By hand: `python tests/benchmarks/bench_runs.py [RUNS] [WORKERS] [--keep]`.

With `--keep` what the guide's sums rest on is left in `scenarios/findings/runs.csv`; `tests/guide_numbers.py` does the sums.
Without arguments 400 runs of the baseline on 2 workers, and 10,000 that are replayed; about three minutes. Wall times mean
something on an idle machine only (the load is printed); CPU times and memory also on a busy one.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

from sim.analysis.csv_text import csv_text
from sim.experiment.execute import Left, Tally, execute
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.provenance import about
from sim.experiment.reading import TABLES, read_runs
from sim.experiment.records import finished, unpack
from sim.experiment.store import Store
from sim.model.compile.version import model_version
from sim.scenario import Scenario, load
from sim.scenario.read import shipped_folder
from sim.studies.how import Setup
from sim.studies.sweep import Points, lay_out

if TYPE_CHECKING:
    from sim.model.run import Outcome

RECORDED = "CARTELITOS_RECORDED_RUN"  # names the file
REPLAYED = 10_000
SAMPLE = 10  # runs in this process
PLANNED = 100_000

Found = dict[str, float]  # what the guide's sums rest on


def cpu(who: int = RUSAGE_SELF) -> float:
    """Seconds of processor time, of this process or of children that ended."""
    spent = getrusage(who)
    return spent.ru_utime + spent.ru_stime


def memory(field: str = "VmRSS") -> float:
    """MB that this process holds, or has held (VmHWM)."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[field].split()[0]) / 1024


def each(function: Callable[[], object], times: int) -> float:
    """Milliseconds of CPU time per call."""
    began = cpu()
    for _ in range(times):
        function()
    return 1e3 * (cpu() - began) / times


def report_run() -> Found:
    """A run, and what it costs around the model."""
    from sim.model.run import simulate  # after the driver's memory was measured

    spec, *others = Plan.of([load("baseline")], SAMPLE + 1, 1)
    run_one(spec)  # compiles
    turn, outcomes = iter(others), []
    model = each(lambda: outcomes.append(simulate(spec.arm.scenario, next(turn).seed)), SAMPLE)
    made = iter(zip(others, outcomes, strict=True))
    results: list[dict[str, bytes]] = []
    tables = each(lambda: results.append(finished(*next(made), 0.0)), SAMPLE)
    print(f"CPU per run: model {model:.1f} ms, tables for the store {tables:.1f} ms")
    sizes = {kind: sum(len(result[kind]) for result in results) / len(results) / 1024 for kind in results[0]}
    rows = unpack(results[0]["events"]).num_rows
    print("sent to the driver per run: " + ", ".join(f"{kind} {size:.0f} kB" for kind, size in sizes.items()) + f" ({rows:,} events)")
    return {"sent_kb": sum(sizes.values())}


def report_experiment(folder: Path, runs: int, workers: int) -> Found:
    """All of it, with the driver's memory on the way."""
    marks = {runs // 10, runs // 2}

    def watch(tally: Tally) -> None:
        done = tally.done + tally.failed
        for mark in sorted(mark for mark in marks if done >= mark):
            marks.discard(mark)
            print(f"  driver after {done:,} runs: {memory():.0f} MB")

    driver, crew, began = cpu(), cpu(RUSAGE_CHILDREN), time.perf_counter()
    execute(Plan.of([load("baseline")], runs, 1), folder, workers=workers, watch=watch)
    wall, driver, crew = time.perf_counter() - began, cpu() - driver, cpu(RUSAGE_CHILDREN) - crew
    inside = sum(read_runs(folder).column("seconds").to_pylist())
    print(f"  driver after {runs:,} runs: {memory():.0f} MB, at most {memory('VmHWM'):.0f} MB")
    print(f"{runs:,} runs on {workers} workers: {wall:.0f} s, {runs / wall:.1f} a second; load {os.getloadavg()[0]:.1f}")
    print(f"workers were inside the model for {100 * inside / (workers * wall):.0f} % of the time")
    print(f"CPU per run: driver {1e3 * driver / runs:.1f} ms, workers {1e3 * crew / runs:.1f} ms (with their start)")
    stored = {kind: sum(path.stat().st_size for path in (folder / kind).iterdir()) / runs / 1024 for kind in TABLES}
    sizes = ", ".join(f"{kind} {size:.1f} kB" for kind, size in stored.items())
    print(f"stored per run: {sizes}, in all {sum(stored.values()):.0f} kB")
    found = {"runs": runs, "workers": workers, "wall_s": wall, "worker_ms": 1e3 * crew / runs}
    return found | {"stored_kb": sum(stored.values())}


def replay(scenario: Scenario, seed: int) -> Outcome:
    """One run of the model that was made before, whatever is asked: what is left is the cost of everything around it."""
    return recorded()


@cache
def recorded() -> Outcome:
    """That run, of the file that the driver left."""
    return pickle.loads(Path(os.environ[RECORDED]).read_bytes())


def record() -> None:
    """Make it."""
    from sim.model.run import simulate

    Path(os.environ[RECORDED]).write_bytes(pickle.dumps(simulate(load("baseline"), 1)))


def report_driver(folder: Path, workers: int) -> Found:
    """The driver alone, kept as busy as it can be: its time for a run, and whether its memory stays flat."""
    folder.mkdir()
    os.environ[RECORDED] = str(folder / "run.pickle")
    recorder = multiprocessing.get_context("spawn").Process(target=record)  # so that the driver does not hold the model
    recorder.start()
    recorder.join()
    marks, held = [REPLAYED // 10, REPLAYED // 2], []

    def watch(tally: Tally) -> None:
        if marks and tally.done >= marks[0]:
            held.append(memory())
            print(f"  driver after {marks.pop(0):,} runs: {held[-1]:.0f} MB")

    driver, began = cpu(), time.perf_counter()
    execute(Plan.of([load("baseline")], REPLAYED, 1), folder / "out", workers=workers, watch=watch, simulate=replay)
    wall, driver = time.perf_counter() - began, cpu() - driver
    held.append(memory())
    print(f"  driver after {REPLAYED:,} runs: {memory():.0f} MB, at most {memory('VmHWM'):.0f} MB")
    print(f"{REPLAYED:,} runs replayed instead of simulated: driver {1e3 * driver / REPLAYED:.1f} ms of CPU per run, {wall:.0f} s in all")
    return {"driver_ms": 1e3 * driver / REPLAYED, "memory_1000_mb": held[0], "memory_10000_mb": held[-1]}


def report_start(folder: Path) -> Found:
    """From a plan to the first run."""
    plan = Plan.of([load("baseline")], PLANNED, 1)
    before, began = memory(), time.perf_counter()
    with Store(folder, plan, about([])) as store:
        left = sum(store.status(spec) is None for spec in store.plan)
        ready = time.perf_counter() - began
        print(f"{left:,} planned runs: ready after {ready:.1f} s, {memory() - before:.0f} MB more")
    size = (folder / "plan.json").stat().st_size / 1e6
    began = time.perf_counter()
    with Store(folder, plan, about([])):
        print(f"  plan.json {size:.1f} MB; the second time ready after {time.perf_counter() - began:.1f} s")
    millions = PLANNED / 1e6
    return {"plan_bytes": size / millions, "plan_s_per_million": ready / millions}


def report_points(folder: Path) -> None:
    """From a sweep to the first run; a parameter that varies gives business as usual a point of its own at each."""
    for vary in (["treatment=0:2"], ["treatment=0:2", "demand_elasticity=0.2:1.5"]):
        began, wall = cpu(), time.perf_counter()
        laid = lay_out("baseline", Points(tuple(vary), "sobol", PLANNED), None, Setup(replicates=1))
        with Store(folder / str(len(vary)), laid.plan, about([])) as store:
            left = Left(store, None, retry_failed=False)
            next(iter(left))
        spent, waited = cpu() - began, time.perf_counter() - wall
        print(f"{PLANNED:,} points over {' and '.join(vary)}, {len(left):,} runs: first one after {waited:.1f} s, {spent:.1f} s of CPU")


def keep(found: Found, runs: int, workers: int) -> None:
    """Leave it for the guide."""
    day, load_now = datetime.now(UTC).date(), os.getloadavg()[0]
    made = f"`python tests/benchmarks/bench_runs.py {runs} {workers}` ({day}, load {load_now:.1f}), model {model_version()}"
    rows = ((name, f"{value:.3g}" if value < 1000 else round(value)) for name, value in found.items())
    (shipped_folder() / "findings" / "runs.csv").write_text(csv_text(("quantity", "value"), rows, [made]), encoding="utf-8")


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:] if argument != "--keep"]
    runs, workers = (*numbers, *(400, 2)[len(numbers) :])[:2]
    with tempfile.TemporaryDirectory() as folder:
        execute(Plan.of([load("baseline")], 1, 1), Path(folder) / "first", workers=1)  # compiles
        found = report_experiment(Path(folder) / "runs", runs, workers)
        found |= report_driver(Path(folder) / "replayed", workers)
        found |= report_start(Path(folder) / "planned")
        (Path(folder) / "swept").mkdir()
        report_points(Path(folder) / "swept")
    found |= report_run()
    if "--keep" in sys.argv[1:]:
        keep(found, runs, workers)


if __name__ == "__main__":
    main()
