"""`story` tells a scenario's world or a stored run, writes its files, and refuses what it cannot tell."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import cli
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import read_plan
from sim.scenario import load

TOWN = """title = "Town"
question = "Who wins?"
[world]
name = "grid"
start = "2006-12"
years = 1.5
[policy.kingpin_targeting]
intensity = 1
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("town.toml").write_text(TOWN)
    return tmp_path


@pytest.fixture
def cartelitos(here, capfd):
    def call(*arguments):
        capfd.readouterr()
        status = cli.status(["story", *map(str, arguments)])
        return status, *capfd.readouterr()

    return call


@pytest.fixture
def stored(here):
    execute(Plan.of([load("town.toml")], 2, 1), here / "stored", engine="serial")
    return Path("stored")


@pytest.mark.journey
def test_a_scenario_is_told(cartelitos):
    status, out, err = cartelitos("town.toml", "--set", "world.years=0.5")
    assert (status, "Traceback" in err) == (0, False)
    page = Path(out.strip())
    folder = page.parent
    assert folder.name.startswith("story-town-")
    assert {"story.html", "story.gif", "story.json", "figures"} <= {path.name for path in folder.iterdir()}
    assert (folder / "story.gif").read_bytes()[:6] == b"GIF89a"
    assert {"timeline.svg", "timeline.png", "genealogy.svg"} < {path.name for path in (folder / "figures").iterdir()}
    assert "story.gif" in page.read_text()


def test_a_stored_run_is_the_same_story(cartelitos, stored):
    plan = read_plan(stored)
    status, out, err = cartelitos("stored", plan["runs"][1][:8], "--no-film", "--json", "--out", "mine")
    assert (status, err) == (0, "")
    one = json.loads(out)
    assert (one["run_id"], one["replicate"], one["seed"]) == (plan["runs"][1], 1, plan["seeds"][1])
    assert not Path("mine/story.gif").exists()
    _, out, _ = cartelitos("town.toml", "--replicate", 1, "--seed", 1, "--no-film", "--json")
    assert json.loads(out)["events"] == one["events"]
    assert one["events"]


def test_several_runs_get_a_folder_each(cartelitos, stored):
    runs = read_plan(stored)["runs"]
    status, out, _ = cartelitos("stored", *runs, "--no-film", "--out", "both", "--language", "es")
    assert status == 0
    assert [Path(line).parent.name for line in out.split()] == [run[:8] for run in runs]
    assert all('<html lang="es">' in Path(line).read_text() for line in out.split())


def test_without_a_run_the_first_is_told(cartelitos, stored):
    _, out, _ = cartelitos("stored", "--no-film", "--json")
    assert json.loads(out)["run_id"] == read_plan(stored)["runs"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["twon.toml"], "there is no such file"),
        (["kingpn"], "did you mean"),
        (["town.toml", "ab12"], "is no results folder"),
        (["nowhere", "ab12"], "not a results folder (no plan.json)"),
        (["stored", "zz"], "no run id begins with 'zz' in stored"),
        (["stored", "--set", "world.years=3"], "a stored run is told as it was"),
        (["stored", "--seed", "3"], "a stored run is told as it was"),
        (["town.toml", "--replicate", "-1"], "replicate"),
        (["town.toml", "--language", "fr"], "language"),
    ],
)
def test_mistakes_are_explained(cartelitos, stored, arguments, said):
    status, out, err = cartelitos(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_another_outcome_than_the_stored_one_is_refused(cartelitos, stored):
    path = next((stored / "series").glob("*.parquet"))
    table = pq.read_table(path)
    column = [value + 1.0 for value in table.column("homicides").to_pylist()]
    pq.write_table(table.set_column(table.column_names.index("homicides"), "homicides", pa.array(column)), path)
    status, _, err = cartelitos("stored", "--no-film")
    assert status == 2
    assert "comes out differently from what is stored" in err
    assert "cartelitos rerun" in err


def test_a_folder_that_cannot_be_written_is_said(cartelitos):
    Path("taken").write_text("")
    status, _, err = cartelitos("town.toml", "--no-film", "--out", "taken/here")
    assert status == 2
    assert "taken" in err
    assert "Traceback" not in err
