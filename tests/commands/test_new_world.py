"""A country of one's own: from the tables of a small one to a first comparison; and those that ship."""

import json
import re
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


def test_doubts_about_tables_of_ones_own_are_told_and_what_they_propose_settles_them(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    call(capfd, "new-world", "mine")
    assert call(capfd, "check", "mine/usual.toml")[1] == "mine/usual.toml: ok\n"
    table = Path("mine/territories.csv")
    table.write_text(re.sub(r",(300|325|525|275|225),-", lambda found: f",{float(found[1]) / 3.5:.0f},-", table.read_text()))
    _, out, _ = call(capfd, "check", "mine/usual.toml")
    assert "mine/territories.csv, homicides: 472 a year in the table, but the model begins with about 1,8" in out
    proposed = [f"parameters.{name}={value}" for name, value in re.findall(r"(\w+) = (\S+) \(now", out)]
    assert len(proposed) == 2, out
    changes = [part for each in proposed for part in ("--set", each)]
    assert call(capfd, "check", "mine/usual.toml", *changes)[1] == "mine/usual.toml: ok\n"
    short = ("--set", "world.years=1", "-n", "1", "--engine", "serial", "--no-thin", "--json", "-q")
    said = json.loads(call(capfd, "compare", "mine/usual.toml", "rewards*2", *short)[1])["warnings"]
    assert "472 a year in the table" in said[0]
    for file in Path("mine").glob("*.csv"):
        file.write_text(file.read_text().replace("HILL", "VALE"))
    header = Path("mine/world.toml")
    header.write_text(header.read_text().replace("_000\n", "_000_000\n"))
    _, out, _ = call(capfd, "check", "mine/usual.toml")
    assert "title: is still that of five-valleys" in out
    assert "members: 82,192 members of armed groups per 100,000 residents" in out


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
