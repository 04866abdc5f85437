"""The panel adds up to the series of the run that it belongs to, and changes nothing of it."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim import cli
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import read_further, read_series
from sim.experiment.twins import Panel, panel_rows
from sim.model.run import simulate
from sim.scenario.scenario import Scenario

SCENARIO = Scenario("small", "", "", "grid", date(2007, 1, 15), 1.0, {"rows": 3, "columns": 3, "cartels": 4})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from dataclasses import replace

    plan = replace(Plan.of([SCENARIO], 2, 1), panel=True)
    assert panel_rows(plan) == 2 * 9 * 13
    folder = tmp_path_factory.mktemp("panel") / "out"
    execute(plan, folder, engine="serial", simulate=Panel())
    return folder


def test_places_add_up_to_the_nation(folder):
    panel, series = read_further(folder, "panel"), read_series(folder)
    assert panel.num_rows == 2 * 9 * 13
    assert {str(panel.schema.field(name).type) for name in ("homicides", "organised", "taken_usd", "groups", "members")} == {"float"}
    summed = panel.group_by(["run_id", "month"]).aggregate([("homicides", "sum"), ("taken_usd", "sum")])
    summed = summed.sort_by([("run_id", "ascending"), ("month", "ascending")])
    series = series.sort_by([("run_id", "ascending"), ("month", "ascending")])
    np.testing.assert_allclose(summed["homicides_sum"].to_numpy(), series["homicides"].to_numpy(), rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(summed["taken_usd_sum"].to_numpy(), series["predation_revenue_usd"].to_numpy(), rtol=1e-4)


def test_it_changes_nothing(folder):
    series = read_series(folder, ["homicides"])
    seed = Plan.of([SCENARIO], 1, 1).as_json()["seeds"][0]
    np.testing.assert_array_equal(series["homicides"].to_numpy()[:13], simulate(SCENARIO, seed).series["homicides"])


def test_from_the_command_line(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    head = '[world]\nname = "grid"\nstart = "2007-01"\nyears = 0.5\nrows = 2\ncolumns = 2\ncartels = 2\n'
    Path("mine.toml").write_text(head)
    run = ["run", "mine.toml", "-n", "1", "--engine", "serial", "--out", "out"]
    assert cli.status([*run, "--panel"]) == 0
    assert "panel: 28 rows of a place and month in 1 runs, about 0.0 MB" in capfd.readouterr().err
    assert read_further(Path("out"), "panel").num_rows == 28
    assert cli.status(run) == 2
    assert "it has a panel" in capfd.readouterr().err
    Path("mine.toml").write_text(head + "[run]\npanel = true\n")
    assert cli.status(run) == 0  # nothing left to run
    assert "1 reused" in capfd.readouterr().err
