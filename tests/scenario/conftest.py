"""A small catalogue, a small world and an empty library, so that these tests hang on no real table."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.scenario import schema

LEVERS = {
    "kingpin_targeting": SimpleNamespace(
        low=0.0, high=3.0, unit="1 = effort of 2007-12", aims=frozenset({"where", "target", "rank", "mode"})
    ),
    "treatment": SimpleNamespace(low=0.0, high=2.0, unit="100,000 slots", aims=frozenset()),
    "arms_control": SimpleNamespace(low=0.0, high=1.0, unit="share", aims=frozenset({"where"})),
}
PARAMETERS = {
    "demand_elasticity": SimpleNamespace(low=0.1, high=2.0, unit="1"),
    "lieutenant_occasion": SimpleNamespace(low=-5.0, high=0.0, unit="log-odds"),
}
BASELINE = """\
title = "Business as usual"
question = "What if nothing changes?"

[world]
name = "mexico-2006"
start = "2006-12"
years = 15

[policy.kingpin_targeting]
intensity = 1.0
start = "2007-01"
ramp_weeks = 26
"""


@pytest.fixture(autouse=True)
def catalogue(monkeypatch):
    model = schema.document(LEVERS, PARAMETERS)
    monkeypatch.setattr(schema, "catalogue_document", lambda: model)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder: `scenarios/` holds a baseline and a world of two states."""
    world = tmp_path / "scenarios" / "worlds" / "mexico-2006"
    world.mkdir(parents=True)
    (world / "world.toml").write_text("year = 2006\n")
    (world / "territories.csv").write_text("id,name\nSIN,Sinaloa\nCHH,Chihuahua\n")
    (world / "cartels.csv").write_text("id,name\nsinaloa,Sinaloa\njuarez,Juárez\n")
    (tmp_path / "scenarios" / "baseline.toml").write_text(BASELINE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder):
    """Writes a scenario into the library and returns its path."""

    def write(text: str, name: str = "mine", head: str = 'extends = "baseline"\n') -> Path:
        path = folder / "scenarios" / f"{name}.toml"
        path.write_text(head + text)
        return path

    return write


@pytest.fixture
def problems(write):
    """The problems of a scenario that extends the baseline; its own text starts on line 2."""
    from sim.scenario import ScenarioError, load

    def problems(text: str, *overrides: str, head: str = 'extends = "baseline"\n') -> list[str]:
        write(text, head=head)
        with pytest.raises(ScenarioError) as caught:
            load("mine", overrides)
        return [str(problem) for problem in caught.value.problems]

    return problems
