"""Folders that were received, and files of others: nothing is read or written where they point to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import fakes
import pytest

from sim import cli
from sim.experiment.errors import FolderError
from sim.experiment.folder import lock
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.provenance import about
from sim.experiment.store import Store, attach

PLAN = Plan.of([fakes.scenario("a"), fakes.scenario("b", parameters={"lethality": 2.0})], 2, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strange") / "made"
    with Store(folder, PLAN, about(["cartelitos"])) as store:
        store.commit([run_one(spec, fakes.simulate) for spec in PLAN])
    attach(folder, "figures/plane.svg", "<svg/>")
    return folder


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    return Path(shutil.copytree(made, tmp_path / "got"))


def point(link: Path, target: Path) -> None:
    if link.is_dir():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(target)


FILES = [lock.NAME, "report.html", "report.html.tmp", "comparison.csv", "comparison.csv.tmp", "figures/plane.svg", "figures/plane.svg.tmp",
         "figures/robust.json", "SHA256SUMS", "SHA256SUMS.tmp", "plan.json.tmp", "series/part-00001.parquet.tmp"]  # fmt: skip
FOLDERS = ["figures", "export", "series", "shards", "shards/1-of-2", "runs"]
COMMANDS = [("report",), ("export",), ("verify",), ("verify", "--repair")]


@pytest.mark.parametrize("name", FILES + FOLDERS)
def test_links_in_a_folder_that_was_received_are_refused(folder, name, capsys):
    target = Path("mine") if name in FOLDERS else Path("mine/thesis.txt")
    point(folder / name, target.resolve())
    for command, *options in COMMANDS:
        assert cli.status([command, str(folder), *options]) == 2
        assert f"{name}: is a link, which results do not hold" in capsys.readouterr().err
    with pytest.raises(FolderError, match="is a link"), Store(folder, PLAN, {}, fresh=True):
        pass
    with pytest.raises(FolderError, match="is a link"):
        attach(folder, "report.html", "new")
    assert [path.name for path in Path("mine").iterdir()] == ["thesis.txt"]
    assert Path("mine/thesis.txt").read_text() == "mine"


def test_the_folder_itself_may_be_reached_by_a_link(folder):
    Path("shortcut").symlink_to(folder)
    assert cli.status(["export", "shortcut"]) == 0
    assert cli.status(["verify", "shortcut"]) == 0


@pytest.mark.parametrize("name", ["plan.json", "comparison.csv", "runs/part-00001.parquet"])
def test_a_pipe_is_refused_and_nobody_waits_for_it(folder, name, capsys):
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert cli.status(["report", str(folder)]) == 2
    assert f"{name}: is neither a file nor a folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["plan.json", "SHA256SUMS", "report/why.json", lock.NAME])
def test_what_fits_into_no_memory_is_not_read(folder, name, capsys):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    os.truncate(folder / name, 1 << 40)
    for command in ("report", "verify", "export"):
        assert cli.status([command, str(folder)]) == 2
        assert f"{name}: is larger than 1,000,000,000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("name", [lock.NAME, "class.jsonl"])
def test_a_class_that_was_received_holds_no_links_and_pipes(tmp_path, name, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "got").mkdir()
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("no line break")
    for plant in (lambda path: path.symlink_to(thesis), os.mkfifo):
        plant(tmp_path / "got" / name)
        assert cli.status(["class", "one-head", "--out", "got", "--address", "127.0.0.1", "-q"]) == 2
        assert f"{name}: is " in capsys.readouterr().err
        (tmp_path / "got" / name).unlink()
    assert thesis.read_text() == "no line break"


def test_files_of_others_beside_what_is_written_stay(tmp_path, monkeypatch, folder):
    for name in ("lock", lock.NAME, "plan.json.bak"):
        Path(name).write_text("mine")
    assert cli.status(["lesson", "one-head", "--for", "pupils", "--out", "page.html", "-q"]) == 0
    assert cli.status(["export", str(folder), "--out", "tables", "-q"]) == 0
    for name in ("lock", lock.NAME, "plan.json.bak"):
        assert Path(name).read_text() == "mine"
    Path("page.html.tmp").write_text("mine")
    assert cli.status(["lesson", "one-head", "--for", "pupils", "--out", "page.html", "-q"]) == 2
    assert Path("page.html.tmp").read_text() == "mine"


@pytest.mark.parametrize("name", ["lock", "figures", "report.html", "export", "series", "comparison.csv"])
def test_a_folder_with_files_of_others_is_not_taken_over(tmp_path, name):
    """Whatever they are called."""
    out = tmp_path / "paper"
    (out / name).mkdir(parents=True)
    with pytest.raises(FolderError, match=f"not a results folder .it holds {name}"), Store(out, PLAN, {}, fresh=True):
        pass
    assert [path.name for path in out.iterdir()] == [name]


def test_a_folder_whose_first_writer_died_early_is_still_ours(tmp_path):
    out = tmp_path / "out"
    (out / "shards" / "1-of-2").mkdir(parents=True)
    (out / "plan.json.tmp").write_text("half")
    with Store(out, PLAN, about(["cartelitos"])):
        assert not (out / "plan.json.tmp").exists()


def test_fresh_that_is_interrupted_leaves_a_results_folder(folder, monkeypatch):
    """Whatever was deleted by then: the next call is not told that the folder is somebody else's."""
    deleted = []

    def rmtree(path):
        deleted.append(path)
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.experiment.store.shutil.rmtree", rmtree)
    with pytest.raises(KeyboardInterrupt), Store(folder, PLAN, {}, fresh=True):
        pass
    monkeypatch.undo()
    assert [path.name for path in deleted] == ["runs"]
    with Store(folder, Plan.of([fakes.scenario("c")], 1, 1), about(["cartelitos"]), fresh=True) as store:
        assert not store.done


def test_nothing_of_this_system_alone_is_needed_to_store_and_read(tmp_path):
    """As on Windows: no fcntl, no signal masks, no descriptors of folders."""
    code = f"""
import os, signal, sys
sys.path[:0] = {[str(Path(fakes.__file__).parent), str(Path(cli.__file__).parents[1])]!r}
real = os.name
sys.modules["fcntl"] = None
for name in ("O_DIRECTORY", "O_NOFOLLOW"):
    delattr(os, name)
del signal.pthread_sigmask
import fakes
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.folder.verify import verify
from pathlib import Path
plan = Plan.of([fakes.scenario("a")], 2, 1)
for engine in ("serial", "process"):
    if __name__ == "__main__":
        assert execute(plan, Path({str(tmp_path)!r}, engine), engine=engine, workers=1, simulate=fakes.simulate).done == 2
        assert not verify(Path({str(tmp_path)!r}, engine)).problems
"""
    (tmp_path / "script.py").write_text(code)
    done = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
