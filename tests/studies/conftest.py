"""One folder of scenarios and results for all studies, and a model that takes no time."""

import json
import os
import sys
from types import ModuleType, SimpleNamespace

import fakes
import pytest
from shape import whole

import sim
from sim import cli
from sim.experiment.errors import ExperimentError
from sim.scenario import ScenarioError

SCENARIOS = {
    "baseline": 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 3\n',
    "force": 'extends = "baseline"\ntitle = "Force"\n[policy.military_deployment]\nintensity = 1.0\n',
    "care": 'extends = "baseline"\ntitle = "Care"\n[policy.treatment]\nintensity = 0.5\n',
    "later": 'extends = "baseline"\ntitle = "Later"\n[world]\nstart = "2007-12"\n',
}


def simulate(scenario, seed):
    """Care costs 10 homicides a month less than nothing, force 8 + 2 rout: force does better where rout > 1."""
    outcome = fakes.simulate(scenario, seed)
    levers = {plan.lever: plan.points[-1][1] for plan in scenario.policy}
    drawn = 0.2 if scenario.worlds == "fitted" else 5.0 * (seed % 997) / 997
    rout = scenario.parameters.get("rout", drawn)
    saved = (8 + 2 * rout) * levers.get("military_deployment", 0) + 20 * levers.get("treatment", 0)
    homicides = outcome.series["homicides"] + 50 * scenario.parameters.get("demand_elasticity", 1.0) - saved
    series = {"homicides": homicides, "overdose_deaths": outcome.series["members"] * 0 + 7}
    return SimpleNamespace(**vars(outcome) | {"series": series, "parameters": {"rout": rout}, "family": "split" if seed % 2 else "entry"})


@pytest.fixture(autouse=True)
def quick(request):
    """Outside the journeys figures are made and not drawn."""
    if not request.node.get_closest_marker("journey"):
        request.getfixturevalue("undrawn")


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """The folder in which all studies run; what one has run serves the next."""
    home = tmp_path_factory.mktemp("studies")
    (home / "scenarios").mkdir()
    for name, text in SCENARIOS.items():
        (home / "scenarios" / f"{name}.toml").write_text(text)
    return home


@pytest.fixture
def same(home, monkeypatch, capfd):
    """Ask a study from the command line and from Python: the same document, and a finding that has everything."""
    monkeypatch.chdir(home)
    monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
    model = ModuleType("sim.model.run")
    model.simulate = simulate
    monkeypatch.setitem(sys.modules, "sim.model.run", model)

    def ask(name, words, *given, **named):
        runs = {"engine": "serial", "quiet": True} if name != "diff" else {}
        assert cli.status([name, *words, *(["--engine", "serial"] if runs else []), "-q", "--json"]) == 0, capfd.readouterr().err
        told = json.loads(capfd.readouterr().out)
        found = getattr(sim, name)(*given, **named, **runs)
        assert json.loads(json.dumps(found.json)) == told
        whole(found)
        return found

    return ask


@pytest.fixture
def refused(home, monkeypatch):
    """Ask what cannot be answered: what is said, and nothing has run."""
    monkeypatch.chdir(home)

    def ask(name, *given, **named):
        before = sorted(os.listdir(home))
        with pytest.raises((ScenarioError, ExperimentError)) as found:
            getattr(sim, name)(*given, quiet=True, **named)
        assert sorted(os.listdir(home)) == before
        return str(found.value)

    return ask
