"""`sim.score`, run for real on two short histories."""

import json

import pytest
from shape import whole

import sim
from sim import cli
from sim.experiment.errors import PlanError
from sim.scenario import ScenarioError

pytestmark = pytest.mark.journey


def test_it_is_what_the_command_says(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    words = ["-n", "2", "--engine", "serial", "--quiet", "--set", "world.years=3"]
    assert cli.status(["score", "--json", *words]) == 0
    told = json.loads(capfd.readouterr().out)
    found = sim.score(replicates=2, overrides=["world.years=3"], engine="serial", quiet=True, seal=tmp_path / "f.parquet")
    assert json.loads(json.dumps(found.json)) == told
    whole(found)
    assert sim.score(forecast=tmp_path / "f.parquet").json == found.json
    assert sim.score(forecast=found.folder).json["rows"] == found.json["rows"]


def test_what_cannot_be_asked(tmp_path):
    with pytest.raises(PlanError, match="scores what is sealed"):
        sim.score("baseline", forecast=tmp_path / "f.parquet")
    with pytest.raises(ScenarioError, match="is no month; write it as 2024-12"):
        sim.score(until="2024")
