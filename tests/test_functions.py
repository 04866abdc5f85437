"""The model as a function of numbers, and as a plain Mesa model, for other people's tools."""

import subprocess
import sys
from inspect import signature

import mesa
import numpy as np
import pytest

import sim
from sim.model.model import Cartelitos
from sim.scenario import ScenarioError

GRID = 'title = "A"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[policy.rewards]\nintensity = 1.0\n'
MORE = "kingpin_targeting"


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    path = tmp_path_factory.mktemp("functions") / "grid.toml"
    path.write_text(GRID)
    return str(path)


def test_one_run(grid):
    once, again = sim.simulate(grid, seed=3), sim.simulate(sim.load(grid), 3)
    assert once.totals == again.totals
    assert once.series["homicides"].shape == once.months.shape
    assert sim.simulate(f"{grid}: rewards*2", 3).totals["policy_cost_usd"] > once.totals["policy_cost_usd"]


def test_a_function_of_factors(grid):
    function = sim.as_function(grid, ["rewards*=0:2", "demand_elasticity"], "policy_cost_usd")
    assert function.problem == {"num_vars": 2, "names": ["rewards*", "demand_elasticity"], "bounds": [[0.0, 2.0], [0.1, 2.0]]}
    one = function(1.0, 0.5)
    assert isinstance(one, float)
    assert one == function([1.0, 0.5]) == function(**{"rewards*": 1.0, "demand_elasticity": 0.5})
    many = function(np.array([[0.0, 0.5], [1.0, 0.5], [2.0, 0.5]]))
    assert many.tolist() == pytest.approx([0.0, one, 2 * one])
    several = sim.as_function(grid, ["treatment"], ["homicides", "members"], replicates=2)
    assert several([[0.5], [1.0]]).shape == (2, 2)
    assert set(several(treatment=0.5)) == {"homicides", "members"}
    with pytest.raises(TypeError, match="needs 2 values"):
        function([1.0, 0.5, 0.2])
    with pytest.raises(TypeError, match="needs a value for each of"):
        function(rewards=1.0)
    with pytest.raises(ScenarioError, match="outside"):
        function(1.0, 99.0)
    with pytest.raises(ScenarioError, match="did you mean 'homicides'"):
        sim.as_function(grid, ["treatment"], "homicide")
    with pytest.raises(ScenarioError, match="needs bounds"):
        sim.as_function(grid, ["rewards*"])


def test_salib_and_scikit_learn_take_it(grid):
    sample = pytest.importorskip("SALib.sample.latin")
    linear = pytest.importorskip("sklearn.linear_model")
    function = sim.as_function(grid, ["rewards*=0:2", "treatment=0:1"], "policy_cost_usd")
    points = sample.sample(function.problem, 8, seed=1)
    fit = linear.LinearRegression().fit(points, function(points))
    assert fit.score(points, function(points)) > 0.95


def test_mesas_own_batches_run_it(grid):
    varied, seeds = {"scenario": [grid, f"{grid}: rewards=0"]}, {"rng": [1, 2]}
    apart = "rng" in signature(mesa.batch_run).parameters  # newer releases of Mesa take seeds beside the parameters
    given = {"parameters": varied, **seeds} if apart else {"parameters": varied | seeds}
    rows = mesa.batch_run(Cartelitos, **given, number_processes=1, max_steps=10, display_progress=False)
    wanted = {(name, seed, 10) for name in varied["scenario"] for seed in (1, 2)}
    assert {(row["scenario"], row["rng"], row["Step"]) for row in rows} == wanted
    assert all(row["members"] > 0 for row in rows)


def test_its_collector_reads_what_the_months_say(grid):
    model = Cartelitos(grid, rng=1)
    while model.running:
        model.step()
    weekly = model.datacollector.get_model_vars_dataframe()
    outcome = sim.simulate(grid, 1)
    assert weekly["homicides"].sum() == pytest.approx(outcome.totals["homicides"])
    assert weekly["members"].iloc[-1] == outcome.series["members"][-1]
    with pytest.raises(ScenarioError, match="did you mean 'baseline'"):
        Cartelitos("basline")


def test_the_package_is_a_program():
    done = subprocess.run([sys.executable, "-m", "sim", "--version"], capture_output=True, text=True, check=True)
    assert sim.__version__ in done.stdout
