"""`cartelitos evidence`, run for real on few and, where it can be, short histories."""

import json

import pytest

from sim import cli
from sim.scenario import load
from sim.studies.evidence import reach

SMALL = ["-n", "2", "--engine", "serial", "--quiet", "--set", "world.years=2"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rows_the_repository_has_never_seen(here, capfd, page_of, drawn):
    (here / "unseen.toml").write_text(
        '[[row]]\nid = "n1"\nmetric = "homicides"\nwindow = "2008-01/2008-10"\nlow = 1\nhigh = 1e6\n', encoding="utf-8"
    )
    assert cli.status(["evidence", "--blind", "unseen.toml", "--json", *SMALL]) == 0
    document = json.loads(capfd.readouterr().out)
    (row,) = document["rows"]
    assert (row["id"], row["use"], row["verdict"], row["n"], row["inside"]) == ("n1", "hold out", "pass", 2, 1.0)
    assert document["histories"] == 2
    folder = here / "results/evidence-baseline"
    assert {"evidence-blind.csv", "plan.json"} <= {path.name for path in folder.iterdir()}
    assert (folder / "figures/evidence-blind.png").stat().st_size > 5_000
    page = page_of(folder)
    assert "The model beside what was observed (evidence-blind): 1 pass" in page
    assert "TRADE-OFFS" in page


def test_a_mistake_is_named_and_nothing_runs(here, capfd):
    (here / "unseen.csv").write_text("metric,window,low,high\nhomicides,2012,1,2\nmember,2012,1,2\n", encoding="utf-8")
    assert cli.status(["evidence", "--blind", "unseen.csv", *SMALL]) == 2
    assert "unseen.csv, line 3, metric: there is no metric 'member'; did you mean 'members'?" in capfd.readouterr().err
    assert not (here / "results").exists()


def test_something_else_is_not_taken_for_twins(here, capfd):
    (here / "twins.json").write_text("{}", encoding="utf-8")
    assert cli.status(["evidence", "--twins", "twins.json", *SMALL]) == 2
    assert "twins --json" in capfd.readouterr().err


def test_runs_reach_the_end_of_the_last_row():
    from sim.catalogue.evidence import EVIDENCE

    scenario = load("baseline")
    assert reach(scenario, list(EVIDENCE.values())) == pytest.approx(16 + 1.5 / 12)
    assert reach(scenario, [EVIDENCE["H1"]]) == scenario.years


@pytest.mark.slow
def test_the_catalogue_is_scored_on_what_happened(here, capfd):
    assert cli.status(["evidence", "-n", "4", "--quiet", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert {row["use"] for row in document["rows"]} == {"calibrate", "hold out", "given"}
    assert len(document["rows"]) + len(document["not_scored"]) >= 38
    assert {row["id"] for row in document["not_scored"]} == {"K1", "K5", "K6", "K6a"}
