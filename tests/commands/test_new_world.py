"""A country of one's own: from the tables of a small one to a first comparison; and those that ship."""

import json
from pathlib import Path

import pytest

from sim import cli
from sim.scenario import load
from sim.scenario.read import usual


def call(capfd, *arguments):
    status = cli.status([*arguments])
    return status, *capfd.readouterr()


def test_from_five_tables_to_a_first_comparison(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    status, out, err = call(capfd, "new-world", "mine")
    assert status == 0, err
    names = ["borders.csv", "cartels.csv", "clocks.csv", "presence.csv", "territories.csv", "ties.csv", "usual.toml", "world.toml"]
    assert sorted(Path(line).name for line in out.split()) == names
    table = Path("mine/territories.csv")
    table.write_text(table.read_text().replace("Harbour", "Port Royal"))
    assert call(capfd, "check", "mine/usual.toml")[0] == 0
    question = "kingpin_targeting*2 from 2011 and military_deployment=0 in HARB"
    short = ("--set", "world.years=1", "-n", "2", "--engine", "serial", "--no-thin", "--json", "-q")
    status, out, err = call(capfd, "compare", "mine/usual.toml", question, *short)
    assert status == 0, err
    document = json.loads(out)
    assert {row["scenario"] for row in document["rows"]} == {"mine", question}
    assert document["answer"][0]["scenario"] == question
    status, _, err = call(capfd, "compare", "mine/usual.toml", "military_deployment*2 in Port Royal")
    assert status == 2
    assert "did you mean 'HARB'?" in err
    assert call(capfd, "new-world", "mine")[0] == 2, "nothing is overwritten"
    assert "did you mean 'five-valleys'" in call(capfd, "new-world", "other", "--from", "five-valley")[2]


@pytest.mark.parametrize("name", ["five-valleys", "mexico-2020"])
def test_worlds_bring_their_own_business_as_usual(name):
    assert name in usual()
    scenario = load(name)
    assert (scenario.name, scenario.world) == (name, name)
    assert scenario.policy
    assert load(f"{name}: rewards*2").world == name


def test_mexico_of_2020_has_dates_of_its_own():
    days = {day.year for plan in load("mexico-2020").policy for day, _ in plan.points}
    assert min(days) == 2020
    assert 2024 in days
