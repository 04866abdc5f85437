"""`sim.twins`, run for real on two short worlds."""

import json

import pytest
from shape import whole

import sim
from sim import cli
from sim.scenario import ScenarioError

pytestmark = pytest.mark.journey


def test_it_is_what_the_command_says(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    words = ["--engine", "serial", "-q", "--set", "world.years=5", "--removals", "4", "--places", "32", "-n", "2", "--json"]
    assert cli.status(["twins", *words]) == 0
    told = json.loads(capfd.readouterr().out)
    found = sim.twins(removals=4, places=[32], replicates=2, overrides=["world.years=5"], engine="serial", quiet=True)
    assert json.loads(json.dumps(found.json)) == told
    whole(found)


def test_what_cannot_be_asked():
    with pytest.raises(ScenarioError, match="removals: 0 is not between 1 and 1,000"):
        sim.twins(removals=0)
