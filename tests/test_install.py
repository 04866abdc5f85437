"""A stranger's machine: the wheel, outside the clone, on every other Python that is here."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import sim
from sim.scenario import read

ROOT = Path(sim.__file__).parents[1]
OLDEST = (3, 11)


def run(*command, folder, **environment):
    """Standard output of a command in `folder`, which sees nothing of this process's Python."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "PIP_CONSTRAINT"))}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, env=own | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def processor():
    """Seconds that finished child processes have computed, which other load on the machine does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pythons():
    """Newest interpreter of each minor version >= 3.11, on PATH and under ~/.pyenv."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = {sys.version_info[:2]: Path(sys.executable)}
    for python in [path for folder in [*folders, *root.glob("versions/*/bin")] for path in folder.glob("python3.*")]:
        minor = re.fullmatch(r"python3\.(\d+)", python.name)
        if (
            minor
            and (3, int(minor[1])) >= OLDEST
            and subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0
        ):
            found.setdefault((3, int(minor[1])), python)
    return {f"{major}.{minor}": path for (major, minor), path in sorted(found.items())}


def others():
    """But this one, on which the README's commands install from the clone; it, where there is no other."""
    here = "{}.{}".format(*sys.version_info)
    return [version for version in pythons() if version != here] or [here]


def shipped():
    """Files of the library as they should lie in the wheel."""
    files = [path.relative_to(ROOT / "scenarios") for path in (ROOT / "scenarios").rglob("*") if path.is_file()]
    return {f"sim/_library/{file.as_posix()}" for file in files} | {"sim/_library/CITATION.cff"}


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A source distribution, made from a copy of what git would ship, and a wheel made from that alone."""
    folder = tmp_path_factory.mktemp("built")
    ignored = shutil.ignore_patterns(".*", "build", "results", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    run(sys.executable, "-m", "venv", "tools", folder=folder)
    run(folder / "tools/bin/pip", "install", "-q", "build", folder=folder)
    run(folder / "tools/bin/python", "-m", "build", "-o", folder, "source", folder=folder)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


@pytest.mark.slow
def test_sdist_and_wheel_carry_the_library(built):
    sdist, wheel = built
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name for name in names if name.startswith("sim/_library/")} == shipped()
    sources = (path for kind in ("py", "css", "js", "html", "md", "svg", "toml") for path in (ROOT / "sim").rglob(f"*.{kind}"))
    modules = {path.relative_to(ROOT).as_posix() for path in sources}
    assert modules <= names
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert modules | {name.replace("sim/_library", "scenarios") for name in shipped() if "CITATION" not in name} <= inside
    assert {"CITATION.cff", "LICENSE", "README.md", "pyproject.toml"} <= inside


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    """Built again elsewhere, by somebody with another mask, of files that were written at another time and in another order."""
    tools = built[0].parent / "tools/bin/python"
    shutil.copytree(built[0].parent / "source", tmp_path / "again", ignore=shutil.ignore_patterns("build", "*.egg-info"))
    files = sorted((path for path in (tmp_path / "again").rglob("*") if path.is_file()), reverse=True)
    for path in files:
        os.utime(path, (1e9, 1e9))
    mask = os.umask(0o077)
    try:
        run(tools, "-m", "build", "-o", tmp_path / "out", "again", folder=tmp_path)
    finally:
        os.umask(mask)
    for first in built:
        assert (tmp_path / "out" / first.name).read_bytes() == first.read_bytes()


@pytest.mark.slow
def test_a_stranger_installs_and_compares(built, tmp_path):
    """On every other Python, the core without extras: a comparison, a scenario of one's own, what to cite, what is missing."""
    for version in others():
        (folder := tmp_path / version).mkdir()
        installs_and_compares(built, version, folder)


def installs_and_compares(built, version, tmp_path):
    run(pythons()[version], "-m", "venv", "env", folder=tmp_path)
    run(tmp_path / "env/bin/pip", "install", "-q", built[1], folder=tmp_path)
    cartelitos, here = tmp_path / "env/bin/cartelitos", tmp_path / "empty"
    here.mkdir()
    assert (tmp_path / "env/lib" / f"python{version}" / "site-packages") in Path(
        run(tmp_path / "env/bin/python", "-c", "import sim; print(sim.__file__)", folder=here).strip()
    ).parents
    small = ("-n", "2", "--set", "world.years=1", "--quiet")
    rows = json.loads(run(cartelitos, "compare", "baseline", "kingpin", *small, "--json", folder=here))["rows"]
    assert {row["scenario"] for row in rows} == {"baseline", "kingpin"}
    assert (here / "results/compare-baseline-kingpin/report.html").exists()
    assert f"version {sim.__version__}" in run(cartelitos, "cite", "kingpin", folder=here)
    run(cartelitos, "new", "mine.toml", "--from", "demand-side", folder=here)
    assert run(cartelitos, "check", "mine.toml", folder=here) == "mine.toml: ok\n"
    assert run(cartelitos, "guide", "evidence", folder=here).startswith("# What it gets right")
    run(cartelitos, "lesson", "one-head", folder=here)
    assert (here / "one-head-pupils.html").stat().st_size > 10_000
    assert len(json.loads(run(cartelitos, "list", "worlds", "--json", folder=here))["rows"]) >= 4
    began = processor()
    for _ in range(5):
        run(cartelitos, "--help", folder=here)
    assert (processor() - began) / 5 < 0.3


def test_an_installed_package_finds_its_library_and_a_clone_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "site-packages" / "sim"
    (package / "scenario").mkdir(parents=True)
    monkeypatch.setattr(read, "__file__", str(package / "scenario" / "read.py"))
    assert read.scenario_folder() == tmp_path / "site-packages" / "scenarios"
    (package / "_library").mkdir()
    assert read.scenario_folder() == package / "_library"
    (tmp_path / "scenarios").mkdir()
    assert read.scenario_folder() == Path("scenarios")
