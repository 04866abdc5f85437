"""CSV that says the same as the Parquet, and a codebook for every column."""

import csv
import json
from pathlib import Path

import fakes
import pytest

from sim import cli
from sim.analysis.codebook import Entry
from sim.analysis.paired import Row
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import read_events, read_runs, read_series
from sim.scenario import load

TABLES = ("series", "events", "genealogy", "runs", "comparison")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text('title = "A"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.25\n')
    (tmp_path / "b.toml").write_text('extends = "a"\ntitle = "B"\n[policy.treatment]\nintensity = 1.0\n')
    execute(Plan.of([load("a.toml"), load("b.toml")], 2, 1), tmp_path / "out", engine="serial")
    return tmp_path / "out"


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_everything_is_exported_and_explained(folder, capfd):
    assert cli.status(["export", str(folder)]) == 0
    written = capfd.readouterr().out.split()
    assert [Path(path).stem for path in written] == [*TABLES, "codebook"]
    tables = {name: rows(folder / "export" / f"{name}.csv") for name in TABLES}
    series = read_series(folder)
    key = ("scenario", "replicate", "month")
    exported = {tuple(row[k] for k in key): float(row["homicides"]) for row in tables["series"]}
    stored = {tuple(str(row[k]) for k in key): row["homicides"] for row in series.to_pylist()}
    assert exported == stored
    assert len(tables["events"]) == read_events(folder).num_rows
    assert [row["run_id"] for row in tables["runs"]] == read_runs(folder).column("run_id").to_pylist()
    assert set(tables["comparison"][0]) == set(Row._fields)
    book = {(row["table"], row["column"]): row for row in rows(folder / "export" / "codebook.csv")}
    assert set(next(iter(book.values()))) == set(Entry._fields)
    assert book.keys() == {(name, column) for name in TABLES for column in tables[name][0]}
    assert all(row["meaning"] and row["source"] for row in book.values())
    for name, metric in METRICS.items():
        if ("series", name) in book:
            row = book["series", name]
            assert (row["unit"], row["kind"], row["better"]) == (metric.unit, metric.kind, metric.better)
    known = PARAMETERS["demand_elasticity"]
    assert book["runs", "parameter.demand_elasticity"]["source"] == known.source
    assert book["runs", "parameter.effect.treatment"]["meaning"].startswith("effect of treatment in this world")
    assert book["runs", "total.cost.treatment"]["unit"] == "US$"


def test_only_what_is_asked_for(folder, capfd):
    arguments = ["export", str(folder), "--table", "series", "--metric", "homicides", "--out", "here", "--json"]
    assert cli.status(arguments) == 0
    assert json.loads(capfd.readouterr().out) == {"schema": 1, "files": ["here/series.csv", "here/codebook.csv"]}
    assert list(rows(Path("here/series.csv"))[0]) == ["run_id", "scenario", "point", "replicate", "month", "days", "homicides"]


def test_nothing_to_compare_is_no_error(tmp_path, capfd):
    execute(Plan.of([fakes.scenario("broken")], 1, 1), tmp_path / "out", engine="serial", simulate=fakes.broken)
    assert cli.status(["export", str(tmp_path / "out")]) == 0
    assert "comparison is left out: there is nothing to compare" in capfd.readouterr().err
    assert rows(tmp_path / "out/export/series.csv") == []
    assert rows(tmp_path / "out/export/runs.csv")[0]["error"] == "ValueError: no such country"


def test_somebody_elses_folder_is_left_alone(folder, capfd):
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear")
    assert cli.status(["export", str(folder), "--out", "mine"]) == 2
    assert "mine: is not an export (it holds letter.txt)" in capfd.readouterr().err
    assert [path.name for path in Path("mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "not a results folder"), (["out", "--metric", "homicide"], "homicides"), (["out", "--table", "serie"], "series")],
)
def test_mistakes_are_named(folder, capfd, arguments, said):
    assert cli.status(["export", *arguments]) == 2
    assert said in capfd.readouterr().err


def test_an_exported_folder_is_still_ours(folder):
    assert cli.status(["export", str(folder)]) == 0
    plan = Plan.of([load("a.toml"), load("b.toml")], 2, 1)
    assert execute(plan, folder, engine="serial").reused == 4


def test_stata_and_excel_read_the_same(folder):
    pandas = pytest.importorskip("pandas")
    for form in ("dta", "xlsx", "csv-bom"):
        assert cli.status(["export", str(folder), "--format", form, "--out", form]) == 0
    stata, excel = pandas.read_stata("dta/runs.dta"), pandas.read_excel("xlsx/runs.xlsx", dtype={"seed": str})
    names = {row["column"]: row["stata"] for row in rows(Path("dta/codebook.csv")) if row["table"] == "runs"}
    assert max(map(len, names.values())) <= 32
    seeds = [str(seed) for seed in read_runs(folder).column("seed").to_pylist()]
    assert stata["seed"].tolist() == excel["seed"].tolist() == seeds
    effect = "parameter.effect.recruitment_prevention"
    if effect in names:
        assert stata[names[effect]].tolist() == pytest.approx(excel[effect].tolist())
    assert stata[names["total.homicides"]].tolist() == pytest.approx(excel["total.homicides"].tolist())
    months = pandas.read_stata("dta/series.dta")["month"]
    assert months.tolist() == [pandas.Timestamp(row["month"]) for row in read_series(folder).to_pylist()]
    assert Path("csv-bom/series.csv").read_bytes().startswith(b"\xef\xbb\xbf\"run_id\"")
