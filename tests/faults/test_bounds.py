"""Counts and products of counts: refused before anything is enumerated, with the largest that would do."""

import json
import resource
import subprocess
import sys
from math import inf, isfinite, nan, nextafter

import fakes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.catalogue.levers import LEVERS
from sim.experiment.errors import PlanError
from sim.experiment.plan import MOST_RUNS, Plan
from sim.scenario import ScenarioError, load

GRID = '[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n'
RANGE, RANGES = "demand_elasticity=0.4:0.5", ("--vary", "demand_elasticity=0.4:0.5:100000", "--vary", "treatment=0:1:99999")
TOO_MANY = {
    "a product of ranges": (("sweep", "a", *RANGES), "1,000,000 points at most"),
    "points and runs": (("sweep", "a", "--vary", "demand_elasticity=0.4:0.5:1000", "-n", "2000"), "-n 1000 at most for these 1,000"),
    "runs of a scenario": (("run", "a", "-n", "1000000000"), "not in the range 1<=x<=1000000"),
    "runs of scenarios": (("compare", "a", "b", "-n", "600000"), "-n 500000 at most for these 2"),
    "samples": (("sweep", "a", "--method", "lhs", "--vary", RANGE, "--samples", "1000000000"), "not in the range 1<=x<=1000000"),
    "runs of samples": (("sweep", "a", "--method", "sobol", "--vary", RANGE, "--samples", "1000000", "-n", "2"), "at most"),
    "a plan of them": (("plan", "a", *RANGES), "1,000,000 points at most"),
    "a sensitivity analysis": (("sensitivity", "a", "--method", "sobol", "--size", "900000"), "1,000,000 points at most"),
    "vectors": (("calibrate", "a", "--size", "1000000000"), "not in the range 5<=x<=100000"),
    "a seed of 64 bits": (("run", "a", "--seed", str(2**63)), "not in the range 0<=x<=9223372036854775807"),
    "a negative seed": (("story", "a", "--seed", "-1"), "not in the range 0<=x<=9223372036854775807"),
    "workers": (("run", "a", "--workers", "1000000000"), "not in the range 1<=x<=1024"),
    "spared leaders": (("twins", "a", "--removals", "1000000000"), "not in the range 1<=x<=1000"),
    "places": (("run", "a", "--set", "world.rows=100000", "--set", "world.columns=100000"), "1..200"),
    "cartels": (("run", "a", "--set", "world.cartels=1000000000"), "is outside 1.."),
    "years": (("run", "a", "--set", "world.years=1e9"), "..60"),
    "an older replicate": (("story", "a", "--replicate", "1000000000"), "not in the range 0<=x<=99999"),
}


ASK = """
import io, json, re, sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from sim.cli import status
most = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])  # getrusage counts who started it too
told = {}
for what, arguments in json.load(sys.stdin).items():
    with redirect_stderr(io.StringIO()) as err, redirect_stdout(io.StringIO()) as out:
        ended = status(arguments)
    told[what] = ended, out.getvalue(), err.getvalue(), most()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Exit status, stdout, stderr and memory of all commands, one after the other in one process."""
    folder = tmp_path_factory.mktemp("bounds")
    (folder / "scenarios").mkdir()
    for name in ("a", "b", "baseline"):
        (folder / "scenarios" / f"{name}.toml").write_text(f'title = "{name}"\nquestion = "?"\n{GRID}')
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # noqa: E731
    asked = json.dumps({what: arguments for what, (arguments, _) in TOO_MANY.items()})
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, cwd=folder, input=asked, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert done.returncode == 0, done.stderr
    assert not (folder / "results").exists()
    return json.loads(done.stdout)


@pytest.mark.parametrize("what", TOO_MANY)
def test_more_than_there_can_be_is_refused_at_once(refused, what):
    """In a process that may not take more than what starting takes: nothing was enumerated."""
    status, out, err, kilobytes = refused[what]
    assert (status, out) == (2, "")
    assert TOO_MANY[what][1] in err
    assert "Traceback" not in err
    assert kilobytes < 500_000


def test_a_plan_holds_a_million_runs_and_not_one_more():
    assert len(Plan.of([fakes.scenario("a")], MOST_RUNS, 1)) == MOST_RUNS
    with pytest.raises(PlanError, match="1,000,001 runs are more than one folder holds; -n 1000000 at most for these 1"):
        Plan.of([fakes.scenario("a")], MOST_RUNS + 1, 1)


@pytest.mark.parametrize("value", [-1, 0, 1.5, nan, inf, True, 10**9, 10**30, "3", "\u0663", [], b"1"], ids=repr)
@pytest.mark.parametrize("name", ["replicates", "workers", "seed", "trials"])
def test_a_study_takes_no_count_that_is_none(name, value):
    """Of a function of `sim`, as of a command."""
    if name == "seed" and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return  # is one
    with pytest.raises(ScenarioError, match=rf"{name}: (should be a whole number|.* is not between)"):
        sim.frontier("a", **{"budget": "merida", name: value})


ENDS = {name: (lever.low, lever.high) for name, lever in LEVERS.items()}
CORNERS = st.lists(st.sampled_from(sorted(LEVERS)), min_size=1, max_size=10, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(ENDS[name]) for name in names})
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What reads a scenario without a policy, with intensities of levers."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "a.toml").write_text(f'title = "a"\nquestion = "?"\n{GRID}')
    return lambda values: load("a", [f"policy.{name}.intensity={value!r}" for name, value in values.items()], folder=folder)


@pytest.mark.parametrize("name", LEVERS)
def test_a_step_beyond_either_end_of_a_lever_is_refused_with_both(plain, name):
    low, high = ENDS[name]
    for beyond in (nextafter(low, -inf), nextafter(high, inf), -inf, inf, nan, 1e308, -1e308):
        with pytest.raises(ScenarioError) as found:
            plain({name: beyond})
        assert f"policy.{name}.intensity" in str(found.value)
        assert not isfinite(beyond) or f"is outside {low:g}..{high:g}" in str(found.value)


@settings(deadline=None, max_examples=60)
@given(values=CORNERS)
def test_levers_at_their_ends_are_read_as_they_are_written(plain, values):
    scenario = plain(values)
    found = {plan.lever: [intensity for _, intensity in plan.points] for plan in scenario.policy}
    assert {name: plan[0] if plan else 0.0 for name, plan in found.items()} | dict.fromkeys(values.keys() - found.keys(), 0.0) == values
    assert all(isfinite(intensity) for plan in found.values() for intensity in plan)
    assert plain(values) == scenario
