"""Bits that flip, files that are cut, edited, copied or lost: never another number without a word."""

import json
import random
import shutil
from pathlib import Path

import fakes
import pyarrow.parquet as pq
import pytest

from sim.experiment.errors import ExperimentError, FolderError
from sim.experiment.folder import lock
from sim.experiment.folder.integrity import Shard
from sim.experiment.folder.verify import ASIDE, repair, verify
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.reading import TABLES, committed, read_arms, read_events, read_genealogy, read_plan, read_runs, read_series
from sim.experiment.store import Store, attach

PLAN = Plan.of([fakes.scenario("a"), fakes.scenario("b", parameters={"lethality": 2.0})], 4, 1)
SPECS = list(PLAN)
READERS = (read_series, read_events, read_genealogy, read_runs)
DERIVED = {"comparison.csv": "metric,difference\nhomicides,0.25\n", "figures/plane.svg": "<svg/>", "report.html": "<p>1</p>"}


def commit(folder: Path, *parts: slice, shard: Shard | None = None) -> None:
    with Store(folder, PLAN, fakes.ABOUT, shard=shard) as store:
        for part in parts:
            store.commit([run_one(spec, fakes.simulate) for spec in SPECS[part]])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage") / "made"
    commit(folder, slice(0, 5), slice(5, 8))
    for name, text in DERIVED.items():
        attach(folder, name, text)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "out"))


def content(folder: Path) -> tuple:
    """Everything that a reader can learn from a folder."""
    plan = read_plan(folder)
    tables = [read(folder).drop_columns(["seconds"] if read is read_runs else []).to_pydict() for read in READERS]
    return plan, [arm.digest for arm in read_arms(folder, plan)], [part[1:] for part in committed(folder)], repr(tables)


def texts(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in DERIVED}


def damage(folder: Path, kinds: list[str], seed: int) -> str:
    """Flip a bit of a random file, or cut it; what was done."""
    luck = random.Random(seed)
    kind = luck.choice(kinds)
    path = luck.choice(sorted(folder.glob(f"{kind}/*.parquet"))) if kind in TABLES else folder / kind
    raw = bytearray(path.read_bytes())
    at = luck.randrange(len(raw))
    if luck.random() < 0.25:
        path.write_bytes(raw[:at])
        return f"{path.name} cut at {at}"
    raw[at] ^= 1 << luck.randrange(8)
    path.write_bytes(raw)
    return f"{kind}/{path.name}: bit of byte {at}"


def flips(made: Path, tmp_path: Path, seeds: range) -> None:
    """Whoever reads sees what was written or is told; and `verify` says every change of a file, of a table every one that matters."""
    whole, derived = content(made), texts(made)
    kinds = [*TABLES, "plan.json", *DERIVED, "SHA256SUMS"]
    told = 0
    for seed in seeds:
        folder = Path(shutil.copytree(made, tmp_path / "out"))
        what = damage(folder, kinds, seed)
        try:
            assert content(folder) == whole, what
            silent = True
        except FolderError:
            told += 1
            silent = False
        try:
            found = verify(folder).problems
        except FolderError:
            found = [True]
        assert found or silent, what
        assert found or texts(folder) == derived, what
        assert found or not what.startswith(("comparison", "report", "plane", "SHA")), what
        shutil.rmtree(folder)
    assert told > len(seeds) / 3


def test_a_hundred_flips_and_cuts(made, tmp_path):
    flips(made, tmp_path, range(100))


@pytest.mark.slow
def test_a_thousand_flips_and_cuts(made, tmp_path):
    flips(made, tmp_path, range(100, 1100))


def test_what_is_whole_is_called_whole(folder):
    found = verify(folder)
    assert (found.problems, found.notes, found.planned, len(found.stored)) == ([], [], 8, 8)
    assert repair(found) == []


def messages(folder: Path) -> list[str]:
    return [str(problem) for problem in verify(folder).problems]


@pytest.mark.parametrize("name", DERIVED)
def test_files_of_the_analysis_that_were_edited_lost_or_added_are_named(folder, name):
    path = folder / name
    path.write_text(DERIVED[name].replace("1", "2") + " ")
    (said,) = messages(folder)
    assert said.startswith(f"{path}: is not as it was written")
    path.unlink()
    (said,) = messages(folder)
    assert "not there" in said
    assert "no longer listed" in repair(verify(folder))[0]
    assert messages(folder) == []
    path.write_text("mine")
    (said,) = messages(folder)
    assert "is not listed in SHA256SUMS" in said


@pytest.mark.parametrize("name", ["report/why-homicides.json", "figures/why-homicides.svg"])
def test_a_report_shows_nothing_of_other_studies_that_was_changed(folder, name, capsys):
    from sim import cli

    part = {"heading": "Why", "body": ["x" * 100], "pictures": {"why-homicides": "Bars."}}
    attach(folder, "report/why-homicides.json", json.dumps([part]))
    attach(folder, "figures/why-homicides.svg", "x" * 100)
    flipped = bytearray((folder / name).read_bytes())
    flipped[50] ^= 1
    (folder / name).write_bytes(flipped)
    assert cli.status(["report", str(folder)]) == 2
    assert f"{name}: is not as it was written; move it elsewhere" in capsys.readouterr().err


def test_searches_within_results_are_looked_at_and_mended_too(folder, made, capsys):
    """`frontier` keeps what it tried in `search`, `tipping` its steps in `tipping/NAME`, beside results or alone."""
    from sim import cli

    for inner in ("search", "tipping/step-1"):
        shutil.copytree(made, folder / inner)
    assert messages(folder) == []
    for inner in ("search", "tipping/step-1"):
        flip(folder / inner / "series" / "part-00001.parquet")
        assert f"{inner}/series/part-00001.parquet" in "".join(messages(folder))
    (folder / "plan.json").unlink()
    assert len(messages(folder)) == 2
    assert cli.status(["verify", str(folder), "--repair"]) == 0
    assert "10 of 16 runs are stored; whole" in capsys.readouterr().out
    assert len([*folder.glob("search/set-aside/1/*/*.parquet")]) == len(TABLES)
    (folder / "search" / "plan.json").write_text("{}")
    assert cli.status(["verify", str(folder)]) == 2
    shutil.rmtree(folder / "search")
    (folder / "search").symlink_to(made)
    with pytest.raises(FolderError, match="is a link"):
        verify(folder)


@pytest.mark.parametrize("tail", [b"\0", b"x\n", b"0  report.html", b"\xff\xfe  \xff\n"])
def test_a_list_of_digests_that_holds_something_else_is_named(folder, tail):
    with (folder / "SHA256SUMS").open("ab") as file:
        file.write(tail)
    assert any("SHA256SUMS: is not as it was written" in said or "is listed in SHA256SUMS" in said for said in messages(folder))


def test_a_digest_can_be_checked_without_this_program(folder):
    import subprocess

    check = lambda: subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False).returncode  # noqa: E731
    assert check() == 0
    (folder / "report.html").write_text("<p>2</p>")
    assert check() != 0


def flip(path: Path) -> None:
    """A bit in the last page of the first column."""
    column = pq.read_metadata(path).row_group(0).column(0)
    raw = bytearray(path.read_bytes())
    raw[(column.dictionary_page_offset or column.data_page_offset) + column.total_compressed_size - 1] ^= 16
    path.write_bytes(raw)


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("how", ["missing", "flipped", "of another part"])
def test_a_damaged_part_is_set_aside_and_run_again(folder, made, kind, how):
    """The way back that a store needs: nothing is deleted, the same command goes on, and everything is there again."""
    path = folder / kind / "part-00001.parquet"
    if how == "missing" and kind == "runs":
        return  # then the part does not exist
    match how:
        case "missing":
            path.unlink()
        case "flipped":
            flip(path)
        case _:
            shutil.copy(path.with_name("part-00000.parquet"), path)
    before = {file.read_bytes() for file in folder.rglob("part-00001.parquet")}
    with pytest.raises(ExperimentError):
        content(folder)
    found = verify(folder)
    assert found.problems
    assert len(found.stored) == 5
    done = repair(found)
    assert "set-aside/1" in done[0]
    assert before == {file.read_bytes() for file in (folder / ASIDE).rglob("*.parquet")}, "something was lost"
    after = verify(folder)
    assert not after.problems
    assert any("set aside" in note for note in after.notes)
    commit(folder, slice(5, 8))
    assert content(folder)[3] == content(made)[3]


def test_a_store_that_lacks_a_table_is_not_resumed(folder):
    (folder / "series" / "part-00000.parquet").unlink()
    with pytest.raises(FolderError, match=r"is missing; `cartelitos verify .*--repair"), Store(folder, PLAN, fakes.ABOUT):
        pass


def test_copies_are_set_aside_and_what_exists_nowhere_else_is_kept(tmp_path):
    """As two writers leave it, when somebody deletes the lock of the first."""
    folder, other = tmp_path / "out", tmp_path / "other"
    commit(folder, slice(0, 4))
    commit(other, slice(2, 5), slice(5, 8))
    for kind in TABLES:
        for number in (0, 1):
            shutil.copy(other / kind / f"part-0000{number}.parquet", folder / kind / f"part-0000{number + 1}.parquet")
    with pytest.raises(FolderError, match=r"stored 2 times; .*verify .*--repair"):
        read_series(folder)
    (said,) = messages(folder)
    assert "2 runs are stored more than once, all alike" in said
    repair(verify(folder))
    found = verify(folder)
    assert not found.problems
    assert len(found.stored) == 8
    whole = tmp_path / "whole"
    commit(whole, slice(0, 8))
    assert content(folder)[3] == content(whole)[3]
    assert len(list((folder / ASIDE).rglob("runs/*.parquet"))) == 1


def test_copies_that_differ_are_left_to_people(tmp_path):
    folder, other = tmp_path / "out", tmp_path / "other"
    commit(folder, slice(0, 4))
    with Store(other, PLAN, fakes.ABOUT) as store:
        more = lambda scenario, seed: fakes.simulate(scenario, seed + 1)  # noqa: E731
        store.commit([run_one(spec, more) for spec in SPECS[:4]])
    for kind in TABLES:
        shutil.copy(other / kind / "part-00000.parquet", folder / kind / "part-00001.parquet")
    found = verify(folder)
    assert len(found.problems) == 4
    assert "cartelitos rerun" in found.problems[0].hint
    assert repair(found) == []
    assert len(list(folder.rglob("part-*.parquet"))) == 8


def test_a_copy_of_a_shard_is_set_aside(folder):
    shutil.copytree(folder / "runs", folder / "shards" / "1-of-2" / "runs")
    for kind in TABLES[:3]:
        shutil.copytree(folder / kind, folder / "shards" / "1-of-2" / kind)
    before = len(list(folder.rglob("*.parquet")))
    repair(verify(folder))
    assert not verify(folder).problems
    assert len(list(folder.rglob("*.parquet"))) == before


def test_runs_of_another_experiment_are_named(folder, tmp_path):
    with Store(tmp_path / "other", Plan.of([fakes.scenario("a")], 1, 99), fakes.ABOUT) as store:
        store.commit([run_one(spec, fakes.simulate) for spec in store.plan])
    for kind in TABLES:
        shutil.copy(tmp_path / "other" / kind / "part-00000.parquet", folder / kind / "part-00007.parquet")
    assert any("which the plan does not name" in said for said in messages(folder))
    repair(verify(folder))
    assert messages(folder) == []


def test_nothing_is_repaired_while_somebody_writes(folder):
    found = verify(folder)
    with lock.held(folder), pytest.raises(ExperimentError, match="in use"):
        repair(found)
    (folder / "notes.txt").write_text("mine")
    assert any("notes.txt: not of these results" in note for note in verify(folder).notes)


def test_the_command_says_what_to_do_and_machines_read_it(folder, capsys):
    from sim import cli

    assert cli.status(["verify", str(folder), "-q"]) == 0
    flip(folder / "series" / "part-00001.parquet")
    assert cli.status(["verify", str(folder), "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert (document["planned"], document["stored"]) == (8, 5)
    (problem,) = document["problems"]
    assert "--repair sets this part aside" in problem["hint"]
    assert cli.status(["verify", str(folder), "--repair"]) == 0
    assert "5 of 8 runs are stored; whole" in capsys.readouterr().out
