"""`cartelitos score`, run for real on two short histories."""

import json

import pytest

from sim import cli

SMALL = ["-n", "2", "--engine", "serial", "--quiet", "--set", "world.years=3"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.journey
def test_scored_sealed_and_scored_again(here, capfd):
    assert cli.status(["score", "--json", "--seal", "f.parquet", "--views", "v.parquet", "--hub", "h.csv", *SMALL]) == 0
    first = json.loads(capfd.readouterr().out)
    assert first["forecast"]["draws"] == 2
    assert first["forecast"]["last_month"] == "2009-10"  # of three years from December 2006, the last month is not whole
    assert {row["periods"] for row in first["rows"]} >= {"2007 to 2008", "2008"}
    assert cli.status(["score", "--forecast", "f.parquet", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == first
    assert all((here / name).stat().st_size for name in ("v.parquet", "h.csv"))


def test_a_later_truth_makes_the_runs_longer(here, capfd):
    (here / "truth.csv").write_text("place,period,homicides\nNATION,2010,25757\n", encoding="utf-8")
    assert cli.status(["score", "--truth", "truth.csv", *SMALL]) == 0
    out = capfd.readouterr().out
    assert "2010" in out
    assert "seen by the fit (H7)" in out


def test_mistakes_are_told_before_anything_runs(here, capfd):
    (here / "truth.csv").write_text("place,period,homicides\nMXE,2010,25757\nMEX,2010,9.5\n", encoding="utf-8")
    assert cli.status(["score", "--truth", "truth.csv", *SMALL]) == 2
    err = capfd.readouterr().err
    assert "truth.csv, line 2, place: this world has no place 'MXE'; did you mean 'MEX'?" in err
    assert "truth.csv, line 3, homicides" in err
    assert not (here / "results").exists()
    assert cli.status(["score", "baseline", "--forecast", "f.parquet"]) == 2
    assert cli.status(["score", "--until", "2024"]) == 2
