"""`sim.calibrate` on a model that takes no time."""

import json

import pytest
from shape import whole
from test_calibration import fake_trial

import sim
from sim import cli
from sim.experiment.errors import PlanError
from sim.experiment.reading import read_runs
from sim.model.uncertainty import plausible_set
from sim.model.worlds import load_world
from sim.scenario import ScenarioError
from sim.scenario.read import WORLDS, shipped_folder

pytestmark = pytest.mark.journey
PLAIN = 'title = "Plain"\nquestion = "?"\n[world]\nname = "mexico-2006"\nstart = "2006-12"\nyears = 15\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.toml").write_text(PLAIN)
    monkeypatch.setattr("sim.analysis.calibration.calibrate.CANDIDATES", 3_000)
    monkeypatch.setattr("sim.experiment.trial.trial", fake_trial)
    return tmp_path


def test_it_is_what_the_command_says(here, capfd):
    words = ["calibrate", "plain.toml", "-n", "300", "--waves", "1", "--size", "20", "--engine", "serial", "--quiet", "--out", "fit"]
    assert cli.status([*words, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    found = sim.calibrate("plain.toml", waves=1, size=20, replicates=300, engine="serial", quiet=True, folder="fit")
    assert json.loads(json.dumps(found.json)) == told
    whole(found)
    assert (here / "fit" / "plausible-32.csv").exists()


def test_a_world_of_few_rows_weighs_the_set_of_its_base(here):
    base = {tuple(row.values())[1:-1] for row in plausible_set(shipped_folder() / WORLDS / "mexico-2006", 32)}
    found = sim.calibrate("mexico-2020", replicates=600, engine="serial", quiet=True, folder="later")
    whole(found)
    drawn = plausible_set(here / "later", 32)
    assert {tuple(row.values())[1:] for row in drawn} <= base
    assert len(drawn) == len(base)
    assert "members" not in drawn[0]
    band = load_world("mexico-2020", {}, shipped_folder() / WORLDS).members
    members = read_runs(here / "later" / "set").column("parameter.members").to_numpy()
    assert band.low <= members.min() < members.max() <= band.high
    assert {row["id"] for row in found.json["rows"]} == {"PC2", "PC4", "PC6"}
    said = (here / "later" / "plausible-32.csv").read_text()
    assert "by `cartelitos calibrate mexico-2020 -n 600`" in said
    assert "(PC2, PC4, PC6)" in said


def test_what_cannot_be_asked(here):
    with pytest.raises(PlanError, match="cannot be sharded"):
        sim.calibrate("plain.toml", shard="1/2")
    with pytest.raises(ScenarioError, match="waves: 10 is not between 1 and 9"):
        sim.calibrate("plain.toml", waves=10)
    assert not (here / "results").exists()
