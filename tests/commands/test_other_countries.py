"""Another country than Mexico: the library's policies work there, and nothing is named after Mexico or the United States."""

import json
import re
from pathlib import Path

import pytest

from sim import cli
from sim.scenario import ScenarioError, load
from sim.scenario.read import library, scenario_folder

VALLEYS = ["--world", "five-valleys", "--engine", "serial", "-n", "2", "--set", "world.years=1", "--quiet", "--out", "out"]
FOREIGN = re.compile(r"Mexic|United States|\bUS\b|US\$|México|Estados Unidos|EE\. ?UU")
ABOUT_MEXICO = {"history-removals"}  # it names the families whose leaders fell


@pytest.fixture
def there(tmp_path, monkeypatch):
    library_of_here = scenario_folder().resolve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(library_of_here)
    return tmp_path


@pytest.mark.parametrize("name", sorted(library()))
def test_every_shipped_policy_begins_with_the_business_as_usual_of_the_country(name):
    own = ['world.name="five-valleys"']
    if name in ABOUT_MEXICO:
        with pytest.raises(ScenarioError) as caught:
            load(name, own)
        (problem,) = caught.value.problems
        assert "it is about another country" in str(problem)
        return
    found, usual = load(name, own), load("five-valleys")
    assert (found.world, found.start, found.years) == (usual.world, usual.start, usual.years)
    assert not [plan for plan in found.policy if plan.where]
    if name == "baseline":
        assert found.policy == usual.policy


def test_a_file_of_another_country_may_extend_baseline(tmp_path, monkeypatch):
    assert load("baseline", ['world.name="five-valleys"']).policy == load("five-valleys").policy
    home = scenario_folder() / "worlds"
    file = tmp_path / "mine.toml"
    file.write_text('extends = "baseline"\n[world]\nname = "five-valleys"\n[policy.treatment]\nintensity = 1.0\n')
    found = load(file, folder=home.parent)
    assert {plan.lever for plan in found.policy} == {"kingpin_targeting", "military_deployment", "rewards", "treatment"}


def test_nothing_is_named_after_mexico(there, capsys):
    assert cli.status(["compare", *VALLEYS, "--language", "es"]) == 0
    out = capsys.readouterr().out
    assert not FOREIGN.findall(out), FOREIGN.findall(out)
    assert "Cost paid by the valleys" in out
    assert "Cost paid by the coast" in out
    assert "How far this world can be relied on. None, and none is claimed: the tables are synthetic." in " ".join(out.split())
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert "How far this world can be relied on." in page
    own = ("answer", "policies-and-costs", "what-changes", "in-how-many-worlds")
    parts = [page.split(f'id="{name}"')[1].split("<h2")[0] for name in own]
    told = "".join(parts)
    assert not FOREIGN.findall(re.sub(r"base64,[^\"]+", "", told))
    for figure in Path("out/figures").glob("*.svg"):
        assert not FOREIGN.findall(" ".join(re.findall(r"<!-- (.*?) -->", figure.read_text(encoding="utf-8")))), figure
    assert cli.status(["compare", *VALLEYS, "--json"]) == 0
    assert not FOREIGN.findall(json.dumps(json.loads(capsys.readouterr().out)["answer"], ensure_ascii=False))


def test_mexico_keeps_its_names(there, capsys):
    mine = [*VALLEYS[2:], "--language", "es"]
    assert cli.status(["compare", "baseline", "treatment=0.5", *mine]) == 0
    out = capsys.readouterr().out
    assert "Policy cost paid by Mexico" in out
    assert "CHANGE PER EXTRA US$ BILLION" in out
    assert "How far this world" not in out  # the guide's chapters are about it
