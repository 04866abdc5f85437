import errno
import json
import os

import fakes
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.experiment import reading, store
from sim.experiment.errors import FolderError, FolderInUseError
from sim.experiment.folder import lock
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.reading import read_events, read_genealogy, read_plan, read_runs, read_series
from sim.experiment.store import Store


def plan(*names, replicates=2, seed=1, **changes):
    return Plan.of([fakes.scenario(name, **changes) for name in names or ("b", "a")], replicates, seed)


def results(asked, simulate=fakes.simulate):
    return [run_one(spec, simulate) for spec in asked]


@pytest.fixture
def folder(tmp_path):
    """A results folder with every run of `plan()` in two parts."""
    with Store(tmp_path / "out", plan(), fakes.ABOUT) as opened:
        done = results(plan())
        opened.commit(done[:3])
        opened.commit(done[3:])
    return tmp_path / "out"


def test_tables_come_back_in_plan_order(folder):
    series = read_series(folder)
    assert series.column_names == ["run_id", "scenario", "point", "replicate", "month", "days", "homicides", "members"]
    keys = list(zip(*(series.column(key).to_pylist() for key in ("scenario", "replicate", "month")), strict=True))
    assert keys == sorted(keys, key=lambda key: (key[0] == "a", key[1:]))
    assert len(keys) == 4 * fakes.MONTHS.size
    assert series.schema.field("month").type == pa.date32()
    assert series.schema.field("days").type == series.schema.field("members").type == pa.float64()
    first = fakes.simulate(fakes.scenario(), next(iter(plan())).seed)
    assert series.column("homicides").to_pylist()[:6] == first.series["homicides"].tolist()
    assert read_series(folder, ["members"]).column_names == [*series.column_names[:6], "members"]


def test_events_genealogy_and_runs(folder):
    assert set(read_events(folder).column("kind").to_pylist()) == {"split"}
    assert read_genealogy(folder).num_rows == 4
    runs = read_runs(folder)
    assert runs.column("run_id").to_pylist() == [
        run_id for start in (0, 1) for run_id in read_plan(folder)["runs"][start::2]
    ]
    assert runs.column("seed").to_pylist()[:2] == read_plan(folder)["seeds"]
    assert runs.column("status").to_pylist() == ["ok"] * 4
    assert runs.column("total.homicides").to_pylist()[0] == sum(read_series(folder).column("homicides").to_pylist()[:6])


def test_the_plan_is_written_first_and_names_every_run(tmp_path):
    with Store(tmp_path / "out", plan(), fakes.ABOUT | {"command": ["cartelitos"]}):
        stored = read_plan(tmp_path / "out")
        assert stored["runs"] == [spec.run_id for spec in plan()]
        assert stored["command"] == ["cartelitos"]
        assert stored["arms"][0]["start"] == "2006-12-01"
        assert read_series(tmp_path / "out").num_rows == 0


def test_footers_name_the_runs(folder):
    for kind in reading.TABLES:
        footer = json.loads(pq.read_schema(folder / kind / "part-00001.parquet").metadata[b"cartelitos"])
        assert footer["done"] == [list(plan())[3].run_id]
        assert footer["schema"] == reading.SCHEMA


def test_reopening_knows_what_is_stored(folder):
    with Store(folder, plan(), fakes.ABOUT) as opened:
        assert opened.done == {spec.run_id for spec in plan()}
        with pytest.raises(AssertionError, match="run again"):
            opened.commit(results(plan())[:1])


def test_what_has_no_commit_record_does_not_exist(folder):
    (folder / "runs" / "part-00001.parquet").unlink()
    (folder / "series" / "part-00002.parquet.tmp").write_bytes(b"half")
    (folder / "plan.json.tmp").write_bytes(b"half")
    assert read_series(folder).num_rows == 3 * fakes.MONTHS.size
    assert read_genealogy(folder).num_rows == 3
    with Store(folder, plan(), fakes.ABOUT) as opened:
        assert len(opened.done) == 3
        assert not list(folder.rglob("*.tmp"))
        assert not (folder / "series" / "part-00001.parquet").exists()
        opened.commit(results(plan())[3:])
    assert read_series(folder).num_rows == 4 * fakes.MONTHS.size


def test_files_of_others_stay(folder):
    names = ("notes.tmp", "series/part-notes.parquet", "series/part-1.parquet", "events/part-00001.parquet.bak")
    others = [folder / name for name in names]
    for path in others:
        path.write_bytes(b"mine")
    (folder / "series" / "part-00007.parquet").write_bytes(b"half")
    (folder / "series" / "part-00007.parquet.tmp").write_bytes(b"half")
    with Store(folder, plan(), fakes.ABOUT) as opened:
        assert len(opened.done) == 4
    assert all(path.read_bytes() == b"mine" for path in others)
    assert sorted(path.name for path in (folder / "series").glob("part-0*")) == ["part-00000.parquet", "part-00001.parquet"]


def test_a_run_stored_twice_is_an_error(folder):
    for kind in reading.TABLES:
        (folder / kind / "part-00002.parquet").write_bytes((folder / kind / "part-00001.parquet").read_bytes())
    with pytest.raises(FolderError, match="is stored 2 times"):
        read_series(folder)


def test_damage_is_named(folder):
    (folder / "series" / "part-00001.parquet").unlink()
    with pytest.raises(FolderError, match=r"series.part-00001.parquet: is missing; `cartelitos verify"):
        read_series(folder)
    (folder / "runs" / "part-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(FolderError, match="not a commit record"):
        read_runs(folder)


def test_a_retried_failure_is_superseded(tmp_path):
    broken = plan("broken", replicates=1)
    with Store(tmp_path, broken, fakes.ABOUT) as opened:
        opened.commit(results(broken, fakes.broken))
        assert opened.failed == {next(iter(broken)).run_id}
    assert read_series(tmp_path).num_rows == 0
    assert "no such country" in read_runs(tmp_path).column("traceback").to_pylist()[0]
    with Store(tmp_path, broken, fakes.ABOUT) as opened:
        opened.commit(results(broken))
        assert not opened.failed
    assert read_runs(tmp_path).column("status").to_pylist() == ["ok"]
    assert read_series(tmp_path).num_rows == fakes.MONTHS.size


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (plan(seed=2), "seed 1 there, 2 now"),
        (plan("b", "a", years=1.0), "scenario 'a' has changed; scenario 'b' has changed"),
        (plan("b"), "scenario 'a' is only there"),
        (plan("b", "c"), "scenario 'a' is only there"),
    ],
)
def test_another_plan_is_refused_and_nothing_is_touched(folder, other, difference):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    with pytest.raises(FolderError, match=difference) as caught, Store(folder, other, fakes.ABOUT):
        pass
    assert caught.value.exit_code == 2
    assert "--fresh" in caught.value.problem.hint
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == before


def test_another_model_version_is_refused(folder, monkeypatch):
    monkeypatch.setattr("sim.experiment.plan.model_version", lambda: "0" * 16)
    with (
        pytest.raises(FolderError, match=r"model version [0-9a-f]+ there, 0{16} now.*--mix-versions") as caught,
        Store(folder, plan(), fakes.ABOUT),
    ):
        pass
    with pytest.raises(FolderError) as caught, Store(folder, plan(seed=2), fakes.ABOUT):
        pass
    assert "--mix-versions" not in str(caught.value), "it would not help"


def test_versions_are_mixed_on_demand_and_every_run_is_there_once(folder, monkeypatch):
    before = read_plan(folder)["model_version"]
    with Store(folder, plan(replicates=3), fakes.ABOUT) as opened:
        opened.commit(results(list(plan(replicates=3))[4:5], fakes.poisoned))
    monkeypatch.setattr("sim.experiment.plan.model_version", lambda: "0" * 16)
    asked = plan(replicates=3)
    with Store(folder, asked, fakes.ABOUT, mix_versions=True) as opened:
        assert [opened.status(spec) for spec in asked] == ["ok"] * 4 + ["failed", None]
        opened.commit(results(list(asked)[4:]))
    stored = read_plan(folder)
    assert (stored["model_version"], stored["earlier_model_versions"]) == ("0" * 16, [before])
    runs = read_runs(folder)
    assert runs.column("status").to_pylist() == ["ok"] * 6
    assert read_series(folder).num_rows == 6 * fakes.MONTHS.size
    with Store(folder, plan(replicates=1), fakes.ABOUT, mix_versions=True) as opened:
        assert {opened.status(spec) for spec in asked} == {"ok"}


def test_fresh_deletes_results_and_nothing_else(folder):
    (folder / "comparison.csv").write_text("old")
    (folder / "notes.txt").write_text("mine")
    with Store(folder, plan(seed=2), fakes.ABOUT, fresh=True) as opened:
        assert not opened.done
    assert sorted(path.name for path in folder.iterdir()) == [
        "events", "genealogy", "notes.txt", "plan.json", "runs", "series",
    ]  # fmt: skip
    assert read_plan(folder)["seed"] == 2


def test_more_replicates_extend_the_plan_and_fewer_keep_it(folder):
    with Store(folder, plan(replicates=3), fakes.ABOUT):
        assert len(read_plan(folder)["runs"]) == 6
    with Store(folder, plan(replicates=1), fakes.ABOUT):
        assert len(read_plan(folder)["runs"]) == 6


def points(*values, scenario="a"):
    """A sweep of one parameter."""
    arms = [fakes.scenario(scenario, parameters={"lethality": value}) for value in values]
    return Plan.of(arms, 2, seed=1, points=list(range(len(arms))))


def test_a_folder_takes_further_scenarios(folder):
    with Store(folder, plan("a", "c", "b"), fakes.ABOUT) as opened:
        left = [spec for spec in opened.plan if not opened.status(spec)]
        assert {spec.arm.scenario.name for spec in left} == {"c"}
        opened.commit(results(left))
    assert len(read_plan(folder)["runs"]) == read_runs(folder).num_rows == 6


def test_points_that_are_stored_keep_their_numbers(tmp_path):
    with Store(tmp_path, points(0.0, 1.0), fakes.ABOUT) as opened:
        opened.commit(results(points(0.0, 1.0)))
    finer = points(0.0, 0.25, 0.5, 1.0)
    with Store(tmp_path, finer, fakes.ABOUT) as opened:
        assert [arm.point for arm in opened.plan.arms] == [0, 2, 3, 1]
        left = [spec for spec in opened.plan if not opened.status(spec)]
        assert {spec.arm.point for spec in left} == {2, 3}
        opened.commit(results(left))
    numbers = {arm["point"]: arm["parameters"]["lethality"] for arm in read_plan(tmp_path)["arms"]}
    assert numbers == {0: 0.0, 1: 1.0, 2: 0.25, 3: 0.5}
    series = read_series(tmp_path)
    assert series.column("point").to_pylist() == sorted([*range(4)] * 2 * fakes.MONTHS.size)
    with pytest.raises(FolderError, match="'a' at point 2 has changed"), Store(tmp_path, points(0.0, 1.0, 0.75), fakes.ABOUT):
        pass


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("x")
    for path in (tmp_path, tmp_path / "thesis.doc"):
        with pytest.raises(FolderError, match="not a"), Store(path, plan(), fakes.ABOUT, fresh=True):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_full_disk_is_said_and_loses_nothing(folder, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Store(folder, plan(replicates=3), fakes.ABOUT) as opened:
        more = results(list(plan(replicates=3))[4:])
        monkeypatch.setattr(store.os, "fsync", full)
        with pytest.raises(FolderError, match="cannot write: No space left"):
            opened.commit(more)
        monkeypatch.undo()
        assert read_series(folder).num_rows == 4 * fakes.MONTHS.size
        assert not list(folder.rglob("*.tmp"))
        opened.commit(more)
    assert read_series(folder).num_rows == 6 * fakes.MONTHS.size


def test_files_of_the_analysis_are_whole_and_stay_if_the_next_cannot_be_written(folder):
    def full(file):
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    assert store.attach(folder, "figures/plane.png", b"\x89PNG").read_bytes() == b"\x89PNG"
    assert store.attach(folder, "comparison.csv", "é\n").read_bytes() == "é\n".encode()
    with pytest.raises(FolderError, match=r"comparison\.csv: cannot write: No space left"):
        store.attach(folder, "comparison.csv", full)
    assert (folder / "comparison.csv").read_text(encoding="utf-8") == "é\n"
    assert not list(folder.rglob("*.tmp"))
    with lock.held(folder), pytest.raises(FolderInUseError):
        store.attach(folder, "comparison.csv", "theirs")


def test_a_read_only_place_is_said(tmp_path, monkeypatch):
    def read_only(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(store.Path, "mkdir", read_only)
    with pytest.raises(FolderError, match="Read-only file system"), Store(tmp_path / "out", plan(), fakes.ABOUT):
        pass


def test_a_folder_without_a_plan_or_of_another_layout_is_refused(folder):
    (folder / "plan.json").write_text('{"schema": 99}')
    with pytest.raises(FolderError, match="layout 99"):
        read_plan(folder)
    (folder / "plan.json").write_text("{")
    with pytest.raises(FolderError, match="damaged"):
        read_plan(folder)
    with pytest.raises(FolderError, match=r"no plan\.json"):
        read_plan(folder / "runs")


def test_a_plan_that_differs_in_everything_names_a_few_differences(tmp_path):
    with Store(tmp_path / "out", plan(*(f"s{n}" for n in range(9))), fakes.ABOUT):
        pass
    with pytest.raises(FolderError, match=r"'s4' is only there; and 4 more") as found, Store(tmp_path / "out", plan("b"), fakes.ABOUT):
        pass
    assert "s5" not in str(found.value)
