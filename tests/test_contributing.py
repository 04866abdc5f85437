"""What the guide says about adding something, done in a copy of the sources."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.journey

ROOT = Path(sim.__file__).parents[1]
TEXT = (ROOT / "sim/guide/adding.md").read_text(encoding="utf-8")
NEW, BELOW = ", a new file", ", below the line that begins: "
HOME = """
title = "Home"
question = "?"
[world]
name = "grid"
rows = 2
columns = 2
cartels = 3
start = "2006-12"
years = 1.1
[policy.night_schools]
intensity = 1.0
"""


def pieces() -> list[tuple[str, str]]:
    """First line and rest of every piece that says where it goes."""
    found = [text.partition("\n")[::2] for text in re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]
    return [(head.removeprefix("# "), body) for head, body in found if head.startswith("# ")]


def lever() -> str:
    (code,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return code[code.index("@lever") :]


def add(tree: Path, head: str, body: str) -> None:
    """One piece, put where its first line says."""
    if head.endswith(NEW):
        path = tree / head.removesuffix(NEW)
        assert not path.exists()
        path.write_text(body, encoding="utf-8")
        return
    name, _, beginning = head.partition(BELOW)
    path = tree / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = (number for number, line in enumerate(lines) if line.strip().startswith(beginning))
    while lines[at].startswith("class ") or lines[at].strip() == '"""':  # below the docstring of a class
        at += 1
    path.write_text("".join([*lines[: at + 1], body, *lines[at + 1 :]]), encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the sources with everything added."""
    tree = tmp_path_factory.mktemp("contributed")
    skip = shutil.ignore_patterns("__pycache__")
    for part in ("sim", "scenarios", "tests/catalogue"):
        shutil.copytree(ROOT / part, tree / part, ignore=skip)
    for head, body in pieces():
        add(tree, head, body)
    roots = tree / "sim" / "catalogue" / "levers" / "roots.py"
    roots.write_text(f"{roots.read_text(encoding='utf-8')}\n\n{lever()}", encoding="utf-8")
    (tree / "home.toml").write_text(HOME, encoding="utf-8")
    return tree


@pytest.fixture(scope="module")
def call(tree):
    """Python in the copy; without compilation, which would take longer than a short run."""
    here = os.environ | {"PYTHONPATH": str(tree), "NUMBA_DISABLE_JIT": "1", "CARTELITOS_CACHE": str(tree / "cache"), "PYTEST_ADDOPTS": ""}

    def call(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=tree, env=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def test_all_kinds_are_told():
    files = {head.partition(",")[0] for head, _ in pieces()}
    for name in ("constants/conflict.py", "metrics.py", "sources.toml", "evidence.py", "switches.py"):
        assert f"sim/catalogue/{name}" in files
    assert {"scenarios/night-schools.toml", "sim/model/week.py", "sim/model/mechanisms/displacement.py"} <= files


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("scenarios", "name", "night-schools"),
        ("levers", "name", "night_schools"),
        ("parameters", "name", "displaced_per_death"),
        ("metrics", "name", "displaced"),
        ("evidence", "id", "X1"),
        ("sources", "key", "example2012"),
    ],
)
def test_it_is_listed(call, kind, key, name):
    assert name in [row[key] for row in json.loads(call("-m", "sim.cli", "list", kind, "--json"))["rows"]]


def test_it_runs_and_is_recorded_and_scored(call):
    """Lever, parameter, mechanism and metric in one run; the new row is scored on it; switched off, nothing is counted."""
    call("-m", "sim.cli", "check", "night-schools")
    off = ["--set", "parameters.displaced_per_death=0"]
    for name, more in (("on", []), ("off", off)):
        call("-m", "sim.cli", "run", "home.toml", "-n", "2", "--engine", "serial", "-q", "--out", name, *more)
    told = call(
        "-c",
        "from pathlib import Path\n"
        "from sim.analysis.ensemble import gather\n"
        "from sim.analysis.evidence import render, scorecard\n"
        "from sim.analysis.evidence import Histories\n"
        "from sim.catalogue.evidence import EVIDENCE\n"
        "from sim.experiment.reading import read_genealogy, read_runs, read_series\n"
        "on = gather(read_series(Path('on')))\n"
        "assert on['displaced'].sum() > 0\n"
        "assert gather(read_series(Path('off')))['displaced'].sum() == 0\n"
        "assert min(read_runs(Path('on')).column('total.cost.night_schools').to_pylist()) > 0\n"
        "print(render(scorecard([EVIDENCE['X1']], Histories(on, 0, read_genealogy(Path('on'))))))\n",
    )
    assert "People displaced in 2007" in told


def test_a_question_is_asked_and_stands_in_the_report(call, tree):
    asked = ["falls", "home.toml", "-n", "2", "--engine", "serial", "-q", "--out", "fallen"]
    rows = json.loads(call("-m", "sim.cli", *asked, "--json"))["rows"]
    assert [row["world"] for row in rows] == [0, 1]
    assert "Leaders that the state took" in call("-m", "sim.cli", *asked)
    call("-m", "sim.cli", "report", "fallen", "-q")
    assert "Leaders that the state took" in (tree / "fallen" / "report.html").read_text(encoding="utf-8")


def test_it_is_described(call):
    text = call("-m", "sim.cli", "describe")
    for words in ("displacement", "displaced_per_death", "night_schools"):
        assert words in text


def test_the_catalogue_holds(call):
    """The laws that every entry is tested on hold for the new ones."""
    assert " failed" not in call("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/catalogue")
