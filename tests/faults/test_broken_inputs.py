"""Whatever is wrong with a file: exit status 2, the file and the place are named, there is no traceback, and nothing is written."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import broken
import broken_results
import fakes
import pytest

import sim
from sim import cli
from sim.experiment.folder import lock
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.provenance import about
from sim.experiment.store import Store
from sim.scenario import load
from sim.scenario.read import shipped_folder

SMALL = {"sweep": ("-n", "1", "--engine", "serial"), "evidence": ("-n", "1", "--engine", "serial"), "run": ("--engine", "serial")}


def write_plan(home: Path) -> Plan:
    """The scenarios of a results folder, and its plan."""
    for name, text in (("a", broken_results.A), ("b", broken_results.B)):
        (home / f"{name}.toml").write_text(text, encoding="utf-8")
    return Plan.of([load(home / f"{name}.toml", folder=home) for name in ("a", "b")], 2, 1)


def fill(home: Path) -> None:
    """A working folder in which everything is right."""
    scenarios, own = home / "scenarios", home / "scenarios" / "worlds" / "own"
    shutil.copytree(shipped_folder() / "worlds" / "mexico-2006", own, ignore=shutil.ignore_patterns("plausible*"))
    (home / "hollow").mkdir()
    (home / "round").symlink_to("round")
    usual = '[world]\nname = "own"\nstart = "2006-12"\nyears = 5\n'
    texts = {
        scenarios / "usual.toml": f'title = "Usual"\nquestion = "?"\n{usual}',
        scenarios / "baseline.toml": f'title = "Baseline"\nquestion = "?"\n{usual}',
        home / "own.toml": broken.SCENARIO,
        home / "points.csv": broken.POINTS,
        home / "rows.csv": broken.EVIDENCE,
        home / "rows.toml": broken.EVIDENCE_TOML,
        home / "twins.json": broken.TWINS,
        home / "loop.toml": 'extends = "own"\n',
        **{home / f"chain{n}.toml": f'extends = "chain{n + 1}"\n' for n in range(20)},
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    (home / "picture.toml").write_bytes(broken.PNG)
    (home / "out.toml").symlink_to("/etc/hostname")
    plan = write_plan(home)
    with Store(home / "stored", plan, about(["cartelitos"])) as store:
        store.commit([run_one(spec, fakes.simulate) for spec in plan])
    (home / "stored" / lock.NAME).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A working folder, and a copy of it to mend it from."""
    home = tmp_path_factory.mktemp("whole") / "home"
    fill(home)
    shutil.copytree(home, home.with_name("copy"), symlinks=True)
    return home


@pytest.fixture
def home(whole, monkeypatch):
    """A folder to break; a model that takes no time stands for the real one, in case something runs after all."""
    monkeypatch.chdir(whole)
    monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
    model = ModuleType("sim.model.run")
    model.simulate = fakes.simulate
    monkeypatch.setitem(sys.modules, "sim.model.run", model)
    monkeypatch.setattr("sim.analysis.country.doubts", lambda scenario: iter(()))  # they ask the real model
    before = tree(whole)
    yield whole
    now = tree(whole)
    for part in {Path(path).relative_to(whole).parts[0] for path in before.keys() | now.keys() if before.get(path) != now.get(path)}:
        restore(whole / part, whole.with_name("copy") / part)


def restore(path: Path, whole: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if whole.is_dir():
        shutil.copytree(whole, path, symlinks=True)
    elif whole.exists():
        shutil.copy(whole, path)


def tree(home: Path) -> dict[str, tuple[int, ...]]:
    """Everything in a folder, and of files when they were changed."""
    paths = (os.path.join(at, name) for at, folders, files in os.walk(home) for name in [*folders, *files])
    found = {path: os.lstat(path) for path in paths}
    files = {path: (state.st_ino, state.st_mode, state.st_size, state.st_mtime_ns) for path, state in found.items()}
    return {path: state[:2] if stat.S_ISDIR(state[1]) else state for path, state in files.items()}


def all_broken() -> list[broken.Broken]:
    scenarios = [broken.Broken(name, "own.toml", damage, says) for name, (damage, says) in broken.SCENARIO_FILES.items()]
    scenarios += [broken.Broken(name, "own.toml", damage) for name, damage in (broken.NOT_TEXT | broken.NOT_THERE).items()]
    plans = [
        broken.Broken(name, broken_results.PLAN, damage, command=broken_results.REPORT)
        for name, damage in (broken.NOT_TEXT | broken_results.JSON_FILES | broken.NOT_THERE).items()
        if name not in ("latin-1", "missing", "dangling")
    ]
    made = [broken.scenario_values, broken.scenario_paths, broken.world_tables, broken.side_files]
    made += [broken_results.result_parts, broken_results.strangers, broken_results.plan_edits]
    found = [*scenarios, *plans, *(one for make in made for one in make())]
    return found


ALL = all_broken()


def test_there_are_many():
    assert len(ALL) >= 300
    assert len({(one.name, one.file, one.command) for one in ALL}) == len(ALL)


@pytest.mark.parametrize("command", sorted({one.command for one in ALL if one.command[0] != "evidence"}), ids=" ".join)
def test_the_whole_ones_are_right(home, command, capfd):
    assert cli.status([*command, *SMALL.get(command[0], ())]) == 0, capfd.readouterr().err


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.file}: {one.name}")
def test_a_broken_input_is_told_and_nothing_is_written(home, one, capfd):
    one.damage(home / one.file)
    before = tree(home)
    capfd.readouterr()
    status = cli.status([*one.command, *SMALL.get(one.command[0], ())])
    said = capfd.readouterr()
    assert status == 2, said.err
    assert not said.out
    assert Path(one.file).name in said.err or one.says
    assert "Traceback" not in said.err
    assert "internal error" not in said.err
    for words in one.says:
        assert words in said.err
    assert all(line.isprintable() for line in said.err.splitlines())
    assert tree(home) == before


def test_a_process_ends_as_a_call_does(home):
    """Nothing but the exit status leaves a real process, and its last words are the same."""
    one = next(one for one in ALL if one.name == "loop" and "stored/plan" in one.file)
    one.damage(home / one.file)
    here = os.environ | {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-m", "sim.cli", *one.command], capture_output=True, text=True, env=here, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert Path(one.file).name in done.stderr
    assert "Traceback" not in done.stderr
