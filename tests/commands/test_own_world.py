"""A broken folder of tables stops every command before anything runs, with exit status 2."""

import json
import shutil
from pathlib import Path

import pytest

import sim
from sim import cli

WORLDS = Path(sim.__file__).parent.parent / "scenarios" / "worlds"
SCENARIO = 'title = "Mine"\n[world]\nname = "./mine"\nstart = "2006-12"\nyears = 1\n'


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SCENARIO)
    (tmp_path / "other.toml").write_text(SCENARIO.replace("Mine", "Other"))
    return Path(shutil.copytree(WORLDS / "mexico-2006", tmp_path / "mine"))


def spoil(folder):
    for file, old, new in (("territories.csv", "2943650", "-5"), ("borders.csv", "BCN,SON", "BCN,SNO")):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_world_passes(mine, capsys):
    assert cli.status(["check", "mine.toml"]) == 0
    assert capsys.readouterr().out == "mine.toml: ok\n"


@pytest.mark.parametrize("command", [["check", "mine.toml"], ["run", "mine.toml"], ["compare", "mine.toml", "other.toml"]], ids=" ".join)
def test_everything_wrong_is_told_at_once_and_once(mine, command, capsys):
    spoil(mine)
    assert cli.status(command) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "mine/territories.csv, line 2, population: '-5' should be greater than 0; check its sign and its unit",
        "mine/borders.csv, line 2, b: 'SNO' is not in territories.csv; did you mean 'SON'?",
    ]
    assert not Path("results").exists()


def test_machines_are_told_field_by_field(mine, capsys):
    spoil(mine)
    assert cli.status(["check", "mine.toml", "--json"]) == 2
    errors = json.loads(capsys.readouterr().err)["errors"]
    assert errors[0] == {
        "file": "mine/territories.csv",
        "line": 2,
        "field": "population",
        "message": "'-5' should be greater than 0",
        "hint": "check its sign and its unit",
    }


def test_shipped_worlds_are_listed_and_sound(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.status(["list", "worlds", "--json"]) == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)["rows"]]
    assert {"grid", "mexico-2006", "mexico-2020", "municipal"} <= set(names)
    for name in names[1:]:
        text = SCENARIO.replace("./mine", name)
        Path(f"{name}.toml").write_text(text.replace("2006-12", {"mexico-2020": "2020-12", "five-valleys": "2010-01"}.get(name, "2006-12")))
        assert cli.status(["check", f"{name}.toml"]) == 0
