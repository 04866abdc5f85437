"""A stored run comes out the same again, and where it cannot, says why."""

import json
import re
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import cli
from sim.experiment.execute import execute
from sim.experiment.folder.integrity import sealed
from sim.experiment.plan import Plan
from sim.experiment.reading import read_plan, read_run
from sim.scenario import Scenario, library, load

GRID = 'title = "Grid"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.25\n[policy.kingpin_targeting]\nintensity = 1.0\n'


def failing(scenario, seed):
    raise ValueError("no such country")


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Two real runs of a quarter of a year each."""
    home = tmp_path_factory.mktemp("rerun")
    (home / "grid.toml").write_text(GRID)
    execute(Plan.of([load(home / "grid.toml")], 2, 1), home / "results" / "run-grid", engine="serial")
    return home / "results" / "run-grid"


@pytest.fixture
def cartelitos(stored, monkeypatch, capfd):
    monkeypatch.chdir(stored.parents[1])

    def call(*arguments):
        capfd.readouterr()
        status = cli.status(["rerun", *arguments])
        return status, *capfd.readouterr()

    return call


@pytest.mark.parametrize("name", library())
def test_a_scenario_survives_its_plan(name):
    import dataclasses

    scenario = load(name)
    assert Scenario.restored(json.loads(json.dumps(dataclasses.asdict(scenario), default=str))) == scenario


def test_so_do_events_and_sweeps(tmp_path):
    import dataclasses

    text = '[[event]]\nkind = "removal"\ndate = "2007-01-19"\ncartel = "c0"\n[sweep]\nmethod = "grid"\n"world.years" = [1, 2]\n'
    (tmp_path / "x.toml").write_text(GRID + text)
    scenario = load(tmp_path / "x.toml")
    assert scenario.events
    assert scenario.sweep
    assert Scenario.restored(json.loads(json.dumps(dataclasses.asdict(scenario), default=str))) == scenario


def test_every_number_is_the_same_again(cartelitos, stored):
    run = read_plan(stored)["runs"][1]
    status, out, _ = cartelitos(run[:9])
    assert status == 0
    assert out.startswith(f"run {run}: grid, replicate 1, seed ")
    assert "equal to what is stored, every value to the last bit (series 4 x " in out
    status, out, _ = cartelitos(run, str(stored), "--json")
    document = json.loads(out)
    assert (status, document["equal"], document["differences"], document["run_id"]) == (0, True, [], run)


def test_a_changed_number_is_found(cartelitos, stored, tmp_path):
    run = read_plan(stored)["runs"][0]
    copy = tmp_path / "copy"
    import shutil

    shutil.copytree(stored, copy)
    path = copy / "series" / "part-00000.parquet"
    table = pq.read_table(path)
    column = table.column("homicides").to_pylist()
    column[1] += 1.0
    number = table.column_names.index("homicides")
    pq.write_table(table.set_column(number, "homicides", pa.array(column)), path)
    status, out, _ = cartelitos(run, str(copy))
    assert status == 1
    assert f"series.homicides, row 2: {column[1]!r} stored, {column[1] - 1.0!r} now" in out
    assert "no cause is recorded: same versions, and the same bits of exp, log and sums" in out
    plan = read_plan(copy)
    plan["machine"] |= {"bits": "0" * 8, "numpy exp": "NEON", "libm": "musl 1"}
    plan["versions"]["numpy"] = "1.0"
    (copy / "plan.json").write_text(json.dumps(sealed(plan)))
    causes = json.loads(cartelitos(run, str(copy), "--json")[1])["causes"]
    assert re.fullmatch(r"numpy 1\.0 then, [\d.]+ now", causes[0])
    assert re.fullmatch(r"numbers are rounded differently: libm musl 1 there, .* here; numpy exp NEON there, .* here", causes[1])


@pytest.mark.parametrize(("prefix", "said"), [("zz", "no run id begins with 'zz' in "), ("", "'' is the beginning of 2 run ids: ")])
def test_unknown_and_ambiguous_ids(cartelitos, prefix, said):
    status, out, err = cartelitos(prefix)
    assert (status, out) == (2, "")
    assert said in err


def test_nothing_to_search(cartelitos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = cartelitos("ab")
    assert status == 2
    assert "results/, which holds no results" in err
    status, _, err = cartelitos("ab", str(tmp_path))
    assert status == 2
    assert "not a results folder" in err


def test_another_model_is_refused(cartelitos, stored, tmp_path):
    plan = read_plan(stored) | {"model_version": "0" * 16}
    other = tmp_path / "other"
    other.mkdir()
    (other / "plan.json").write_text(json.dumps(sealed(plan)))
    status, _, err = cartelitos(plan["runs"][0], str(other))
    assert status == 2
    assert "plan.json is damaged: it does not describe run" in err
    scenario = Scenario.restored(plan["arms"][0])
    from sim.experiment.specs import Arm, RunSpec

    spec = RunSpec(Arm(scenario, 0, plan["arms"][0]["digest"]), 0, plan["seeds"][0], "0" * 16)
    (other / "plan.json").write_text(json.dumps(sealed(plan | {"runs": [spec.run_id, plan["runs"][1]]})))
    status, _, err = cartelitos(spec.run_id, str(other))
    assert status == 2
    assert f"run {spec.run_id} was made by model version {'0' * 16}, this is " in err


def test_a_failed_run_fails_again(cartelitos, stored, tmp_path, monkeypatch):
    scenario = load(stored.parents[1] / "grid.toml")
    execute(Plan.of([scenario], 1, 1), tmp_path / "failed", engine="serial", simulate=failing)
    run = read_plan(tmp_path / "failed")["runs"][0]
    monkeypatch.setattr(import_module("sim.model.run"), "simulate", failing)  # other tests put another module there
    status, out, _ = cartelitos(run, str(tmp_path / "failed"))
    assert status == 3
    assert "it fails: ValueError: no such country" in out
    assert "equal to what is stored" in out
    assert "Traceback" in cartelitos(run, str(tmp_path / "failed"), "-v")[1]


def test_a_run_that_is_not_stored_yet(cartelitos, stored, tmp_path):
    (tmp_path / "plan.json").write_text((stored / "plan.json").read_text())
    status, out, _ = cartelitos(read_plan(stored)["runs"][0], str(tmp_path))
    assert status == 0
    assert "not stored yet" in out
    assert read_run(tmp_path, read_plan(stored)["runs"][0]) == {}
    assert not Path(tmp_path / "runs").exists()
