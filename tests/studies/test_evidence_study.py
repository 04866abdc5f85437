"""`sim.evidence`, run for real on few and short histories."""

import json

import pytest
from shape import whole

import sim
from sim import cli
from sim.scenario import ScenarioError

pytestmark = pytest.mark.journey


def test_it_is_what_the_command_says(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    row = '[[row]]\nid = "n1"\nmetric = "homicides"\nwindow = "2008-01/2008-10"\nlow = 1\nhigh = 1e6\n'
    (tmp_path / "unseen.toml").write_text(row)
    small = ["-n", "2", "--engine", "serial", "--quiet", "--set", "world.years=2"]
    assert cli.status(["evidence", "--blind", "unseen.toml", "--json", *small]) == 0
    told = json.loads(capfd.readouterr().out)
    found = sim.evidence(blind=tmp_path / "unseen.toml", replicates=2, engine="serial", quiet=True, overrides=["world.years=2"])
    assert json.loads(json.dumps(found.json)) == told
    whole(found)
    (tmp_path / "twins.json").write_text("{}")
    with pytest.raises(ScenarioError, match="twins --json"):
        sim.evidence(twins=tmp_path / "twins.json")
