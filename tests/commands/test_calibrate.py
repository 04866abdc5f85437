"""`cartelitos calibrate`, on a stand-in for the model that is smooth and instant; once for real, slowly."""

import json

import pytest
from test_calibration import fake_trial

from sim import cli
from sim.catalogue.priors import PRIORS
from sim.model.uncertainty import plausible_set

pytestmark = pytest.mark.journey

PLAIN = """
title = "No policy"
question = "?"

[world]
name = "mexico-2006"
start = "2006-12"
years = 15
"""
FEW = ["calibrate", "plain.toml", "-n", "300", "--waves", "1", "--size", "20", "--engine", "serial", "--quiet", "--out", "fit"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")
    monkeypatch.setattr("sim.analysis.calibration.calibrate.CANDIDATES", 3_000)
    monkeypatch.setattr("sim.experiment.trial.trial", fake_trial)
    return tmp_path


def test_it_writes_a_plausible_set_and_says_what_was_learned(here, capfd, page_of):
    assert cli.status([*FEW, "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert [p["name"] for p in document["parameters"]] == [*(prior.name for prior in PRIORS), "members"]
    assert all(p["prior_low"] <= p["low"] <= p["median"] <= p["high"] <= p["prior_high"] for p in document["parameters"])
    assert document["scored"] == len(document["rows"]) >= 17
    assert document["passed"] >= 0.75 * document["scored"]
    assert set(document["families"]) == {"split", "entry"}
    rows = plausible_set(here / "fit", 32)
    assert len(rows) == sum(document["families"].values()) >= 20
    assert (here / "fit/figures/posterior.png").stat().st_size > 5_000
    head = (here / "fit/plausible-32.csv").read_text(encoding="utf-8")
    assert "passed jointly" in head.split("family,", maxsplit=1)[0]
    page = page_of("fit")
    assert "Cartelitos: calibration of plain" in page
    assert all(f'<th scope="row">{prior.name}</th>' in page for prior in PRIORS)
    assert page.count("<img ") == 1
    (here / "fit/report/calibrate.json").unlink()
    assert "the calibration is not finished" in page_of("fit")


def test_the_same_command_goes_on_where_it_stopped(here, capfd, monkeypatch):
    done = 0

    def interrupted(scenario, seed):
        nonlocal done
        done += 1
        if done == 300:
            raise KeyboardInterrupt
        return fake_trial(scenario, seed)

    monkeypatch.setattr("sim.experiment.trial.trial", interrupted)
    assert cli.status(FEW) == 130
    assert cli.status(FEW) == 0
    text = (here / "fit/plausible-32.csv").read_bytes()
    assert cli.status([*FEW[:-1], "again"]) == 0
    assert (here / "again/plausible-32.csv").read_bytes() == text
    assert done <= 2 * (300 + 300 + 40) + 60


def test_a_known_truth_is_found(here, capfd):
    assert cli.status([*FEW, "--recover", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["of"] == 11
    assert document["covered"] >= 7  # roughly, with 300 vectors and one wave; with 600 and three all eleven are


def test_too_few_runs_are_refused(here, capfd):
    assert cli.status(["calibrate", "plain.toml", "-n", "40", "--waves", "1", "--engine", "serial", "--quiet"]) == 2
    assert "too few" in capfd.readouterr().err


def test_failed_runs_are_said_and_not_fitted(here, capfd, monkeypatch):
    def broken(scenario, seed):
        raise ValueError("no such country")

    monkeypatch.setattr("sim.experiment.trial.trial", broken)
    assert cli.status(["calibrate", "plain.toml", "-n", "4", "--engine", "serial"]) == 3
    assert "no such country" in capfd.readouterr().err


def test_shards_are_refused(here, capfd):
    assert cli.status(["calibrate", "plain.toml", "--shard", "1/2"]) == 2
    assert "cannot be sharded" in capfd.readouterr().err


@pytest.mark.slow
def test_the_model_recovers_a_truth_of_its_own(tmp_path, monkeypatch, capfd):
    """Synthetic recovery: at least 8 of 11 intervals of 90 % hold the vector that made the history."""
    monkeypatch.chdir(tmp_path)
    assert cli.status(["calibrate", "-n", "300", "--waves", "2", "--recover", "--json", "--quiet"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["covered"] >= 8
    assert sum(not p["only_prior"] for p in document["parameters"]) >= 3
