import pytest

import sim
from sim.experiment.errors import ExperimentError


def test_it_is_what_the_command_says(same):
    same("compare", ["force", "--out", "one"], "force", folder="one")
    same("compare", ["force", "--out", "two", "--seed", "9"], "force", folder="two", seed=9)
    found = same("diff", ["one", "two"], "one", "two")
    assert not found.json["paired"]
    assert found.figures["diff"]
    assert "seed" in found._repr_html_()


def test_what_cannot_be_asked(home, monkeypatch):
    monkeypatch.chdir(home)
    with pytest.raises(ExperimentError, match="not a results folder"):
        sim.diff("scenarios", "scenarios")
    with pytest.raises(sim.scenario.ScenarioError, match="did you mean 'homicides'"):
        sim.diff("one", "two", metrics=["homicide"])
