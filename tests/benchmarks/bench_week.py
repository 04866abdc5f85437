"""What a run costs, where its time goes and how it grows. Run by hand: `python tests/benchmarks/bench_week.py` (about two minutes).

Times are CPU time of this process, in milliseconds, on whatever machine this is: compare the ratios, not the numbers.
"""

import os
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from types import FunctionType
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.stats import linregress, t

import sim.model.model as module
from sim.model.columns import Country
from sim.model.compile.compiled import Compiled, compiled
from sim.model.fall.events import play
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.week import end, week, weeks
from sim.scenario import Scenario, load
from sim.scenario.scenario import LeverPlan

SEED = 11
GROWN = (1, 2, 3)  # seeds of growth
SAMPLES = 7
FIRST_WEEKS = 26  # that the interpreter is asked to walk
RUNS = 300  # of the memory test
START = date(2006, 12, 1)
HUNT = LeverPlan("kingpin_targeting", ((START, 1.0),))
Clock = Counter[str]


def timed(clock: Clock, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, adding its CPU nanoseconds to the clock; calls are counted under `name` with a star."""

    def measured(*arguments: Any) -> Any:
        began = time.process_time_ns()
        result = function(*arguments)
        clock[name] += time.process_time_ns() - began
        clock[f"{name}*"] += 1
        return result

    return measured


def milliseconds(function: Callable[[], object], samples: int = SAMPLES) -> float:
    """Median CPU time of a call."""
    clock = Clock()
    spent = []
    for _ in range(samples):
        timed(clock, "", function)()
        spent.append(clock.pop("") / 1e6)
    return median(spent)


@contextmanager
def parts(clock: Clock, inside: Callable[..., None] | None = None) -> Iterator[None]:
    """Within it every run adds the time of its parts to the clock; `inside` replaces the compiled week."""
    mechanisms, events = timed(clock, "week", inside or week), timed(clock, "leaders and other rare events", play)

    stocks = timed(clock, "stocks of months, growth of years", end)
    names = weeks.py_func.__globals__ | {"week": mechanisms, "play": events, "end": stocks}

    with ExitStack() as stack:
        for target, name, replacement in (
            (module, "weeks", FunctionType(weeks.py_func.__code__, names)),
            (Cartelitos, "__init__", method(clock, "building", Cartelitos.__init__)),
            (Cartelitos, "run", method(clock, "run", Cartelitos.run)),
        ):
            stack.enter_context(patch.object(target, name, replacement))
        yield


def method(clock: Clock, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Like `timed`, for a method."""
    return lambda *arguments, **named: timed(clock, name, lambda: method(*arguments, **named))()


def taken_apart(clock: Clock) -> Callable[..., None]:
    """The week with Python calling each compiled step in turn: each is timed in the states of a real run."""
    names = dict(week.py_func.__globals__)
    for name in week.py_func.__code__.co_names:
        if isinstance(step := names.get(name), Compiled):
            names[name] = timed(clock, name, step)
    return FunctionType(week.py_func.__code__, names)


@compiled
def nothing(c: Country) -> None:
    """What Python pays to call a compiled step."""


def calling(scenario: Scenario) -> float:
    """Nanoseconds of a call that does nothing."""
    model = Cartelitos(scenario, rng=SEED)
    state, clock = model.state, Clock()
    call = timed(clock, "call", nothing)
    spent = []
    for _ in range(2001):
        call(state.country)
        spent.append(clock.pop("call"))
    model.release()
    return median(spent)


def report_run(scenario: Scenario) -> None:
    """Milliseconds of a run and of its parts."""
    whole = milliseconds(lambda: simulate(scenario, SEED))
    clock = Clock()
    with parts(clock):
        simulate(scenario, SEED)  # compiles
        clock.clear()
        for _ in range(SAMPLES):
            simulate(scenario, SEED)
    ms = {name: spent / SAMPLES / 1e6 for name, spent in clock.items() if not name.endswith("*")}
    ms["other Python of the week"] = ms.pop("run") - sum(ms[name] for name in ms if name not in ("building", "run"))
    number = clock["week*"] // SAMPLES
    print(f"\nA RUN of {scenario.name}: {whole:.1f} ms for {number} weeks, median of {SAMPLES}; its parts, ms")
    show({"compiled week": ms.pop("week")} | ms)


def report_steps(scenario: Scenario) -> None:
    """Milliseconds of each compiled step over a whole run."""
    clock = Clock()
    inside = taken_apart(clock)
    with parts(Clock(), inside):
        simulate(replace(scenario, years=1.0), SEED)  # compiles
        clock.clear()
        simulate(scenario, SEED)
    overhead = calling(scenario)
    names = [name for name in clock if not name.endswith("*")]
    print(f"\nSTEPS of the compiled week over a run, ms (a call's {overhead / 1e3:.1f} us taken off)")
    show({name: max(0.0, clock[name] - overhead * clock[f"{name}*"]) / 1e6 for name in names})


def first_weeks(scenario: Scenario) -> float:
    """Milliseconds a week in the first weeks, the first of all left out: it compiles or fills caches."""
    model = Cartelitos(scenario, rng=SEED)
    model.step()
    clock = Clock()
    for _ in range(FIRST_WEEKS):
        timed(clock, "week", model.step)()
    model.release()
    return clock["week"] / FIRST_WEEKS / 1e6


def report_interpreted(scenario: Scenario) -> None:
    """The same code without a compiler, over the same weeks."""
    simulate(scenario, SEED)
    fast = median(first_weeks(scenario) for _ in range(SAMPLES))
    bare = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    told = subprocess.run([sys.executable, __file__, "interpreted"], env=bare, stdout=subprocess.PIPE, check=True)
    slow, weeks = float(told.stdout), f"weeks 2 to {FIRST_WEEKS + 1}"
    print(f"\nINTERPRETED: {slow:.1f} ms a week, compiled {fast:.3f} ({weeks}); ratio {slow / fast:.0f}")


def cost(scenario: Scenario, seed: int) -> tuple[float, float, float, float]:
    """Places, mean groups and plazas of a run, and milliseconds of its compiled weeks (least of 3)."""
    sizes = []

    def counted(country: Any, *arguments: Any) -> None:
        week(country, *arguments)
        sizes.append((country.zone.size, np.count_nonzero(country.cartel.alive), country.count.plazas))

    with parts(Clock(), counted):
        simulate(scenario, seed)
    clock, spent = Clock(), []
    with parts(clock):
        for _ in range(3):
            simulate(scenario, seed)
            spent.append(clock.pop("week") / 1e6)
    places, groups, plazas = np.mean(sizes, axis=0)
    return float(places), float(groups), float(plazas), min(spent)


def report_growth(title: str, scenarios: dict[str, Scenario], against: str) -> None:
    """Cost against size, and the exponent of the power law between them, with its 95 % interval over sizes and seeds."""
    sizes = ("places", "groups", "plazas")
    found = {label: [cost(scenario, seed) for seed in GROWN] for label, scenario in scenarios.items()}
    print(f"\nGROWTH, {title}\n{'':28}places  groups  plazas      ms  us per plaza and week")
    for label, runs in found.items():
        (places, groups, plazas, ms), number = np.mean(runs, axis=0), int(scenarios[label].years * 365.2425 / 7)
        print(f"  {label:26}{places:6.0f}{groups:8.0f}{plazas:8.0f}{ms:8.1f}{1e3 * ms / number / plazas:9.2f}")
    every = np.log([run for runs in found.values() for run in runs])
    fit = linregress(every[:, sizes.index(against)], every[:, 3])
    half = t.ppf(0.975, len(every) - 2) * fit.stderr
    print(f"  exponent, ms against {against}: {fit.slope:.2f} ({fit.slope - half:.2f} to {fit.slope + half:.2f}); 1 is in proportion")


def report_memory(scenario: Scenario) -> None:
    """Resident memory of this process before and after many runs."""
    for _ in range(10):
        simulate(scenario, SEED)
    before = resident()
    for seed in range(RUNS):
        simulate(scenario, seed)
    print(f"\nMEMORY: {before:.1f} MB before and {resident():.1f} MB after {RUNS} runs of {scenario.years:g} years")


def resident() -> float:
    """Resident memory of this process, MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def show(ms: dict[str, float]) -> None:
    """A table with shares, the largest first."""
    total = sum(ms.values())
    for name, value in sorted(ms.items(), key=lambda item: -item[1]):
        print(f"  {name:32}{value:8.2f}{100 * value / total:6.1f} %")


def grids() -> dict[str, Scenario]:
    """Square countries of 16 to 2,500 places, a cartel to every four of them, 400 at most."""
    return {
        f"{side} x {side} places": Scenario(
            "grid", "", "", "grid", START, 5.0,
            {"rows": side, "columns": side, "cartels": min(400, side * side // 4)}, policy=(HUNT,), worlds="fitted",
        )
        for side in (4, 8, 16, 32, 50)
    }  # fmt: skip


def crowds(scenario: Scenario) -> dict[str, Scenario]:
    """The same country with more and more new gangs."""
    return {
        f"{rate} new gangs a year": replace(scenario, parameters={**scenario.parameters, "entry_rate": float(rate)})
        for rate in (5, 40, 160, 640, 1280)
    }


def main() -> None:
    warnings.simplefilter("ignore", RuntimeWarning)  # interpreted keys overflow, as they should
    baseline = load("baseline", ['run.worlds="fitted"'])
    if sys.argv[1:] == ["interpreted"]:
        print(first_weeks(baseline))
        return
    simulate(baseline, SEED)  # compiles
    report_run(baseline)
    report_steps(baseline)
    report_interpreted(baseline)
    report_growth("a larger country", grids(), "places")
    report_growth("more groups in the same country", crowds(baseline), "groups")
    report_memory(replace(baseline, years=3.0))


if __name__ == "__main__":
    main()
