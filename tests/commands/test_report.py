"""`report` rebuilds what `compare` wrote, and makes it for any other folder."""

import json
from pathlib import Path

import pytest

from sim import cli
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.scenario import load

pytestmark = pytest.mark.journey


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text('title = "A"\nquestion = "What?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 1.1\n')
    Path("b.toml").write_text('extends = "a"\ntitle = "B"\n[policy.treatment]\nintensity = 1.0\n')
    return tmp_path


def test_it_is_what_compare_wrote(home, capfd):
    assert cli.status(["compare", "a.toml", "b.toml", "-n", "2", "--engine", "serial", "-q"]) == 0
    folder = Path("results/compare-a-b")
    before = {name: (folder / name).read_bytes() for name in ("report.html", "comparison.csv", "figures/worlds.svg")}
    for name in before:
        (folder / name).unlink()
    capfd.readouterr()
    assert cli.status(["report", str(folder), "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {"schema": 1, "report": str(folder / "report.html")}
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_run_has_one_too_and_a_window_and_another_reference_count(home, capfd):
    execute(Plan.of([load("a.toml"), load("b.toml")], 2, 1), Path("out"), engine="serial")
    assert cli.status(["report", "out", "--usual", "b", "--window", "2007-02:2007-06"]) == 0
    text = Path("out/report.html").read_text(encoding="utf-8")
    assert "AGAINST BUSINESS AS USUAL (b)" in text
    assert "TRADE-OFFS, 2007-02 to 2007-06" in text
    assert capfd.readouterr().out == "out/report.html\n"


@pytest.mark.parametrize(
    "vary",
    [
        ["policy.treatment.intensity=0:1:2"],
        ["parameters.demand_elasticity=0.5:1.0:2"],
        ["policy.treatment.intensity=0:1:2", "parameters.demand_elasticity=0.5:1.0:2"],
    ],
)
@pytest.mark.parametrize("against", [[], ["--against", "a.toml"]])
def test_a_sweep_is_compared_as_sweep_does(home, capfd, vary, against):
    varied = [word for field in vary for word in ("--vary", field)]
    assert cli.status(["sweep", "b.toml", *varied, *against, "-n", "1", "--engine", "serial", "-q", "--out", "out"]) == 0
    before, written = Path("out/comparison.csv").read_bytes(), Path("out/report.html").read_text(encoding="utf-8")
    assert cli.status(["report", "out"]) == 0
    assert Path("out/comparison.csv").read_bytes() == before
    text = Path("out/report.html").read_text(encoding="utf-8")
    assert f"{2 ** len(vary)} design points of b: " in text
    assert "b@2" in text
    assert text.count("<img ") == len(list(Path("out/figures").glob("sweep*.svg")))
    assert text == written
    assert cli.status(["report", "out", "--usual", "a"]) == 2
    assert "a sweep is compared as it was laid out" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["."], "not a results folder"),
        (["out", "--usual", "c"], "no runs of scenario 'c'; stored: a"),
        (["out", "--window", "1990-01:1991-01"], "is not within the simulated months"),
        (["out", "--window", "soon"], "is no window"),
    ],
)
def test_mistakes_are_named(home, capfd, arguments, said):
    execute(Plan.of([load("a.toml")], 1, 1), Path("out"), engine="serial")
    assert cli.status(["report", *arguments]) == 2
    assert said in capfd.readouterr().err
    assert not Path("out/report.html").exists()


def test_scenarios_without_common_months_are_refused_before_anything_runs(home, capfd):
    Path("late.toml").write_text('extends = "a"\ntitle = "Late"\n[world]\nstart = "2007-12"\n')
    assert cli.status(["compare", "a.toml", "late.toml", "--allow-world-change", "-n", "1", "--engine", "serial"]) == 2
    assert "late, world: assumes another start than a, so months cannot be paired" in capfd.readouterr().err
    assert not Path("results").exists()
