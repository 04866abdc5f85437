"""`lesson`: the list, a page, its results made anew, and what is wrong."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import fakes
import numpy as np
import pytest

import sim
from sim import cli
from sim.analysis.lesson import from_json
from sim.catalogue.metrics import METRICS
from sim.page.lesson import read_findings
from sim.scenario.lesson import lessons, load_lesson

LIBRARY = Path(sim.__file__).parents[1] / "scenarios"
FIRST = 3  # worlds of a lesson that are simulated again


def simulate(scenario, seed):
    """Every metric at the same luck; more where the scenario is called "double"."""
    outcome = fakes.simulate(scenario, seed)
    luck = (outcome.series["homicides"] + 10.0) * (1.5 if scenario.name == "double" else 1.0)
    return SimpleNamespace(**{**vars(outcome), "series": dict.fromkeys(METRICS, luck)})


@pytest.fixture
def call(capfd):
    def run(*arguments: str) -> SimpleNamespace:
        capfd.readouterr()
        status = cli.status(["lesson", *arguments])
        return SimpleNamespace(status=status, **dict(zip(("out", "err"), capfd.readouterr(), strict=True)))

    return run


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A copy of the library, in a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LIBRARY, tmp_path / "scenarios")
    return tmp_path / "scenarios" / "lessons"


@pytest.fixture
def no_model(monkeypatch):
    """A model that takes no time."""
    monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
    model = ModuleType("sim.model.run")
    model.simulate = simulate
    monkeypatch.setitem(sys.modules, "sim.model.run", model)


def test_the_list(call):
    found = call()
    assert found.status == 0
    assert found.out.startswith("1  one-head ")
    rows = json.loads(call("--json", "--language", "es").out)["rows"]
    assert {row["name"] for row in rows} == lessons(LIBRARY / "lessons").keys()
    assert [row["number"] for row in rows] == sorted(row["number"] for row in rows)
    assert rows[0]["title"] == "Cortar una cabeza"


def test_a_page(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = call("one-head", "--language", "es", "--for", "pupils", "--out", "hora.html", "--json")
    assert found.status == 0, found.err
    assert json.loads(found.out) == {"schema": 1, "lesson": {"pupils": "hora.html"}}
    assert "Cortar una cabeza" in Path("hora.html").read_text(encoding="utf-8")
    assert call("one-head").out == "one-head-pupils.html\none-head-teacher.html\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hora.html", "one-head-pupils.html", "one-head-teacher.html"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["one-haed"], "there is no lesson 'one-haed'; did you mean 'one-head'?"),
        (["--out", "x.html"], "--out needs the NAME of a lesson"),
        (["one-head", "--out", "x.html"], "add --for pupils or --for teacher"),
        (["one-head", "--for", "teacher", "--out", "nowhere/x.html"], "cannot write"),
        (["one-head", "--language", "fr"], "'fr' is not one of 'en', 'es'"),
    ],
)
def test_what_is_wrong_is_said(call, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    found = call(*arguments)
    assert found.status == 2
    assert said in found.err
    assert not list(tmp_path.iterdir())


def test_a_bad_position_is_named_at_its_line(call, library):
    path = library / "one-head.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("kingpin_targeting", "kingpin_targetting", 1))
    found = call("one-head", "--recompute")
    assert found.status == 2
    assert "scenarios/lessons/one-head.toml, line 19, axis.0.position.0.set.0: unknown lever 'kingpin_targetting'" in found.err
    assert "did you mean 'kingpin_targeting'?" in found.err
    assert "--set" not in found.err


def test_recompute_keeps_what_it_found_and_resumes(call, library, no_model):
    before = (library / "one-head.json").read_text(encoding="utf-8")
    found = call("one-head", "--recompute", "--engine", "serial", "--json")
    assert found.status == 0, found.err
    assert json.loads(found.out)["results"] == ["scenarios/lessons/one-head.json"]
    after = (library / "one-head.json").read_text(encoding="utf-8")
    assert after != before
    lesson = load_lesson(library / "one-head.toml")
    kept = from_json(after, lesson)
    assert kept.pairs == lesson.outline.pairs
    assert kept.change("double", "homicides").percent == pytest.approx(50.0, abs=0.01)
    assert kept.change("half", "homicides").percent == 0.0
    again = call("one-head", "--recompute", "--engine", "serial")
    assert f"{5 * lesson.outline.pairs} reused" in again.err
    assert (library / "one-head.json").read_text(encoding="utf-8") == after


@pytest.mark.parametrize("changed", ["model_version", "digest"])
def test_results_of_another_model_or_world_are_noted(call, library, changed):
    path = library / "one-head.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said | {changed: "0" * 16}), encoding="utf-8")
    found = call("one-head", "--for", "pupils")
    assert found.status == 0
    assert "its results are of another model or world (" in found.err
    assert "0" * 16 in found.err
    assert changed == "digest" or call("one-head", "--for", "pupils", "-q").err == ""


def first_worlds(path):
    """A lesson with fewer worlds than a class may be shown, which are too few to search mixes in."""
    lesson = load_lesson(path)
    game = lesson.outline.challenge
    own = game and game.model_copy(update={"front": []})
    return replace(lesson, outline=lesson.outline.model_copy(update={"pairs": FIRST, "challenge": own}))


@pytest.mark.slow
@pytest.mark.parametrize("name", lessons(LIBRARY / "lessons"))
def test_the_kept_results_are_those_of_this_model(call, library, monkeypatch, name):
    """Simulated again: of every lesson the first worlds, one by one, and of one lesson all of them and the bands over them."""
    path, whole = library / f"{name}.toml", name == "one-head"
    kept = read_findings(load_lesson(path))
    if not whole:
        monkeypatch.setattr("sim.experiment.lesson.load_lesson", first_worlds)
    found = call(name, "--recompute", "--quiet")
    assert found.status == 0, found.err
    fresh = read_findings(load_lesson(path) if whole else first_worlds(path))
    assert fresh.pairs == (kept.pairs if whole else FIRST)
    hint = f"the model has changed: cartelitos lesson {name} --recompute"
    for arm, metrics in fresh.worlds.items():
        for metric, worlds in metrics.items():
            assert np.allclose(worlds, kept.worlds[arm][metric][: fresh.pairs], rtol=1e-3, equal_nan=True), hint
            assert not whole or fresh.verdict(arm, metric) == kept.verdict(arm, metric)
        for metric, bands in fresh.bands[arm].items() if whole else ():
            assert np.allclose(bands, kept.bands[arm][metric], rtol=1e-3, equal_nan=True), hint
