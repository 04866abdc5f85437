"""Inputs that were once an internal error, or accepted without a word."""

import csv
import json
import os
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import fakes
import pyarrow as pa
import pytest

from sim import cli
from sim.analysis.lesson import from_json
from sim.commands.results import write_excel
from sim.experiment.errors import FolderError
from sim.experiment.execute import execute
from sim.experiment.lesson import find_lesson
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.published import read_ties
from sim.experiment.reading import read_series
from sim.experiment.store import Store
from sim.model.worlds.reader import read_tables
from sim.scenario import ScenarioError
from sim.scenario.evidence_file import read_rows
from sim.scenario.read import scenario_folder
from sim.show.markup import fragment
from sim.studies.finding import left

GRID = 'title = "{}"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n'


@pytest.fixture
def call(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    model = ModuleType("sim.model.run")
    model.simulate = fakes.simulate
    monkeypatch.setitem(sys.modules, "sim.model.run", model)
    monkeypatch.setattr("sim.analysis.country.doubts", lambda scenario: iter(()))  # they ask the real model
    monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
    Path("a.toml").write_text(GRID.format("a"))

    def run(*arguments):
        capfd.readouterr()
        return cli.status([*arguments]), *capfd.readouterr()

    return run


LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", LONG), ("run", "a.toml", "--out", LONG, "--engine", "serial"), ("report", LONG), ("verify", LONG), ("export", LONG),
        ("show", LONG), ("check", LONG), ("rerun", "0", LONG), ("lesson", "one-head", "--out", LONG), ("story", LONG),
        ("run", "a.toml", "--shard", "", "--engine", "serial"), ("run", "a.toml", "--shard", "1", "--engine", "serial"),
    ],
)  # fmt: skip
def test_names_that_no_file_can_have_and_pieces_of_nothing(call, arguments, monkeypatch):
    if arguments[0] != "run":
        monkeypatch.delitem(sys.modules, "sim.model.run")
    status, _, err = call(*arguments)
    assert status == 2, err
    assert "internal error" not in err


def test_a_folder_that_goes_while_it_is_written(tmp_path):
    def vanish(scenario, seed):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        return fakes.simulate(scenario, seed)

    from sim.experiment.errors import ExperimentError

    with pytest.raises(ExperimentError, match="its lock was deleted while this process was writing"):
        execute(Plan.of([fakes.scenario("a")], 2, 1), tmp_path / "out", engine="serial", simulate=vanish)


HEADING = "id,metric,window,observed,low,high,tolerance,per\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,homicides,2011,1,,,1e308,", "tolerance: 1e+308 is not a number up to 1e+15"),
        ("a,homicides,2011,1,,,11,", "tolerance: 11 is no share of `observed`; at most 10"),
        ("a,homicides,2011,1,0,1" + "0" * 400 + ",,", "high"),
        ("a,homicides,2011,1,0,2,,1e300", "per: 1e300 is not a number up to 1e+15"),
        ("a,homicides,2011,nan,0,2,,", "observed"),
        (f"{'x' * 300_000},homicides,2011,1,0,2,,", "is no table: field larger than field limit"),
    ],
)
def test_evidence_that_no_observation_gives(tmp_path, row, says):
    (tmp_path / "rows.csv").write_text(HEADING + row + "\n")
    with pytest.raises(ScenarioError) as found:
        read_rows(tmp_path / "rows.csv")
    assert says.replace("1e+308", "'1e308'").replace("per: 1e300", "per: '1e300'") in str(found.value)


@pytest.mark.parametrize("digits", [400, 5000])
def test_evidence_in_toml_with_endless_numbers(tmp_path, digits):
    (tmp_path / "rows.toml").write_text(f'[[row]]\nmetric = "homicides"\nwindow = "2011"\nlow = 0\nhigh = 1{"0" * digits}\n')
    with pytest.raises(ScenarioError):
        read_rows(tmp_path / "rows.toml")


NODES, EDGES = "node\nA\nB\nC\n", "a,b,kind,weight\nA,B,alliance,1\nB,C,rivalry,2\n"


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ("node\nA\nA\nB\n", EDGES), ("node\nA\n", "a,b,kind,weight\n"), ("node\n", "a,b,kind,weight\n"), ("", ""),
        *((NODES, EDGES.replace("2\n", f"{weight}\n")) for weight in ("nan", "-1", "inf", "1e300", "1e7", "x", "")),
        (NODES, EDGES.replace("B,C", "C,C")), (NODES, EDGES.replace("B,C", "B,D")), (NODES, EDGES.replace("rivalry", "love")),
    ],
)  # fmt: skip
def test_networks_that_are_none(tmp_path, nodes, edges):
    (tmp_path / "bacrim2020_nodes.csv").write_text(NODES)
    (tmp_path / "bacrim2020_network_edges.csv").write_text(EDGES)
    assert read_ties(tmp_path).rivalry[1, 2] == 2
    (tmp_path / "bacrim2020_nodes.csv").write_text(nodes)
    (tmp_path / "bacrim2020_network_edges.csv").write_text(edges)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_ties(tmp_path)


def changed(change):
    lesson = find_lesson("one-head")
    said = json.loads(lesson.results.read_text(encoding="utf-8"))
    return lesson, json.dumps(change(said))


def metric_of(said):
    arm = next(iter(said["arms"].values()))
    return next(row for row in arm.values() if "bands" in row)


SHAPES = {
    "a list": lambda said: [said],
    "a number": lambda said: 3,
    "arms as a list": lambda said: said | {"arms": list(said["arms"])},
    "an arm as text": lambda said: said | {"arms": dict.fromkeys(said["arms"], "x")},
    "years as text": lambda said: said | {"years": ["x"]},
    "no years": lambda said: said | {"years": []},
    "fewer years": lambda said: said | {"years": said["years"][:-1]},
    "fewer worlds": lambda said: metric_of(said).update(worlds=metric_of(said)["worlds"][:-1]) or said,
    "worlds within worlds": lambda said: metric_of(said).update(worlds=[metric_of(said)["worlds"]]) or said,
    "a flat band": lambda said: metric_of(said).update(bands=metric_of(said)["bands"][0]) or said,
    "two bands": lambda said: metric_of(said).update(bands=metric_of(said)["bands"][:2]) or said,
    "uneven bands": lambda said: metric_of(said)["bands"].__setitem__(0, [1.0]) or said,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_results_of_a_lesson_of_another_shape(shape):
    lesson, text = changed(lambda said: said)
    assert from_json(text, lesson).pairs
    lesson, text = changed(SHAPES[shape])
    with pytest.raises(ValueError, match=r"not the results|its numbers are not|other arms|inhomogeneous|invalid literal"):
        from_json(text, lesson)


def test_texts_that_a_spreadsheet_would_run_are_exported_as_texts(call):
    name = "=cmd|' /C calc'!A0"
    Path(f"{name.replace('/', '-')}.toml").write_text(GRID.format("a"))
    assert call("run", "a.toml", f"{name.replace('/', '-')}.toml", "-n", "1", "--engine", "serial", "--out", "out")[0] == 0
    assert call("export", "out", "--out", "safe")[0] == 0
    assert call("export", "out", "--out", "plain", "--raw")[0] == 0

    def cells(folder):
        rows = [row for path in Path(folder).iterdir() for row in csv.reader(path.open(newline="", encoding="utf-8"))]
        return {cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-(?!\d)", cell)}

    assert cells("safe") == set()
    assert len(cells("plain")) == 1


def test_what_is_shown_moves_no_cursor(call):
    Path("b.toml").write_text(f"# \x1b[2J\x07\u202e\n{GRID.format('b')}".replace('"?"', '"\\u001b[31m \\u009b2J ñ\\t"'))
    for options in ((), ("--resolved",), ("--json",)):
        _, out, err = call("show", "b.toml", *options)
        assert all(sign.isprintable() or sign in "\n\t" for sign in out + err)
    Path("c.toml").write_text(GRID.format("ñandú\t"), newline="\r\n")
    assert call("show", "c.toml") == (0, GRID.format("ñandú\t"), "")


def test_no_name_moves_a_cursor(call, tmp_path):
    """Of a file, of a received arm, of a row of evidence, of a file beside results, of a column."""
    odd = "\x1b[2J\x07"
    Path(f"{odd}.toml").write_text(GRID.format("odd"))
    for command in (("check", f"{odd}.toml"), ("run", "a.toml", f"{odd}.toml", "--engine", "serial"), ("list", "scenarios")):
        status, out, err = call(*command)
        assert (status, "a terminal would obey" in err) == ((0, False) if command[0] == "list" else (2, True))
        assert all(sign.isprintable() or sign in "\n\t" for sign in out + err)
    with Store(tmp_path / "got", Plan.of([fakes.scenario(odd)], 1, 1), fakes.ABOUT) as store:
        store.commit([run_one(spec, fakes.simulate) for spec in store.plan])
    for command in ("report", "verify"):
        status, out, err = call(command, "got")
        assert (status, "\x1b" in out + err) == (2, False)
    assert call("run", "a.toml", "-n", "1", "--engine", "serial", "--out", "out")[0] == 0
    Path("out", odd).touch()
    status, out, _ = call("verify", "out")
    assert (status, "\x1b" in out, "not of these results" in out) == (0, False, True)
    (tmp_path / "rows.csv").write_text(f"{HEADING}{odd},homicides,2011,1,0,2,,\n")
    with pytest.raises(ScenarioError, match=r"id: .* is no text of one line"):
        read_rows(tmp_path / "rows.csv")


@pytest.mark.parametrize("name", ["=cmd()", "\x1b[2J", "a b"])
def test_no_column_of_a_received_table_is_a_formula_or_an_escape(tmp_path, name):
    def odd(scenario, seed):
        made = fakes.simulate(scenario, seed)
        made.series[name] = made.series["members"]
        return made

    with Store(tmp_path / "got", Plan.of([fakes.scenario("a")], 1, 1), fakes.ABOUT) as store:
        store.commit([run_one(spec, odd) for spec in store.plan])
    with pytest.raises(FolderError, match="names no column"):
        read_series(tmp_path / "got")


def test_a_sheet_holds_what_a_sheet_can(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    table = pa.table({"cartel": ["a\x1b[2J\x00", "=cmd()"]})
    for raw in (False, True):
        write_excel(table.schema, iter([table]), tmp_path / "a.xlsx", raw=raw)
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
        assert sheet["A2"].value == "a\ufffd[2J\ufffd"
        assert sheet["A3"].value == ("=cmd()" if raw else "'=cmd()")


def enormous(path):
    path.touch()
    os.truncate(path, 1 << 40)


@pytest.mark.parametrize("name", ["ties.csv", "more.csv"])
@pytest.mark.parametrize("plant", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), enormous])
def test_a_world_that_was_received_holds_files(call, name, plant):
    shutil.copytree(scenario_folder() / "worlds" / "five-valleys", "got")
    Path("w.toml").write_text(GRID.format("w").replace('"grid"', '"./got"').replace("2006", "2010"))
    assert call("check", "w.toml")[0] == 0
    Path("got", name).unlink(missing_ok=True)
    plant(Path("got", name))
    status, _, err = call("check", "w.toml")
    assert (status, f"{name}: is no file of up to 50 MB" in err) == (2, True)
    with pytest.raises(ScenarioError, match="is no file of up to 50 MB"):
        read_tables(Path("got"), scenario_folder() / "worlds")


def test_a_network_that_was_received_is_of_files(call):
    Path("ties").mkdir()
    Path("ties/bacrim2020_network_edges.csv").write_text(EDGES)
    enormous(Path("ties/bacrim2020_nodes.csv"))
    Path("w.toml").write_text(GRID.format("w").replace('"grid"', '"mexico-2020"\nties = "./ties"').replace("2006-12", "2020-01"))
    status, _, err = call("check", "w.toml")
    assert (status, "bacrim2020_nodes.csv: is no file of up to 50 MB" in err) == (2, True)


@pytest.mark.parametrize("plant", [os.mkfifo, enormous])
def test_points_are_read_from_a_file_of_some_size(call, plant):
    plant(Path("points.csv"))
    status, _, err = call("sweep", "a.toml", "--points", "points.csv")
    assert (status, "is no file of up to 500,000,000 bytes" in err or "there is no file" in err) == (2, True)


def test_a_pipe_is_no_plan(call):
    Path("out").mkdir()
    os.mkfifo("out/plan.json")
    status, _, err = call("run", "a.toml", "--out", "out", "--engine", "serial")
    assert (status, "is neither a file nor a folder" in err) == (2, True)


STRANGE = '"><script>alert(1)</script>'
PART = {"heading": "Limits", "body": ["a"], "pictures": {}}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000, "3", "null", '{"a": 1}', "[" + "1" * 5_000 + "]", json.dumps([PART | {"pictures": []}]),
        json.dumps([PART | {"body": [["c", ["h"], [[]], ""]]}]), json.dumps([PART | {"body": ["\ud800"]}]),
        json.dumps([PART | {"body": [["c", ["h"], [["\ud800"]], ""]]}]), json.dumps([PART | {"body": [float("nan")]}]),
    ],
    ids=["deep", "number", "nothing", "mapping", "digits", "pictures", "empty row", "half a pair", "half a pair in a cell", "no number"],
)  # fmt: skip
def test_what_a_stranger_left_for_a_report_is_refused_by_name(tmp_path, text):
    (tmp_path / "report").mkdir()
    (tmp_path / "report/x.json").write_text(text)
    with pytest.raises(FolderError, match="cannot be read"):
        left(tmp_path)


def test_what_a_stranger_left_for_a_report_is_text(tmp_path):
    (tmp_path / "report").mkdir()
    part = PART | {"body": [STRANGE, [STRANGE, [STRANGE], [[STRANGE]], STRANGE]], "pictures": {"../../x": STRANGE}}
    (tmp_path / "report/x.json").write_text(json.dumps([part]))
    (lines,) = left(tmp_path).values()
    assert "<script>" not in fragment(lines)
