"""A mechanism from outside: it is in the week, on record, described and refused; a broken one is named before anything is stored."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiment import outside
from sim.experiment.outside import told, version
from sim.model import mechanism
from sim.scenario.problems import ScenarioError

RULE = Path(__file__).with_name("displacement.py")
HOME = """
title = "Home"
question = "?"
[world]
name = "grid"
rows = 2
columns = 2
cartels = 3
start = "2006-12"
years = 0.4
"""


def cli(folder: Path, *arguments: str, status: int = 0) -> str:
    """What a command says on both of its streams; without compilation, which would take longer than a short run."""
    here = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    asked = [sys.executable, "-W", "ignore", "-m", "sim.cli", *arguments]
    done = subprocess.run(asked, cwd=folder, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "home.toml").write_text(HOME)
    (folder / RULE.name).write_text(RULE.read_text())
    cli(folder, "run", "home.toml", "-n", "2", "--engine", "serial", "-q", "--with", RULE.name, "--out", "out")
    return folder


@pytest.mark.journey
def test_it_runs_is_counted_and_is_on_record(home: Path) -> None:
    code = (
        "import json, sim\nresults = sim.Results('out')\nseries = results.series()\n"
        "print(json.dumps([float(series['displaced'].sum()), results.plan['mechanisms'], results.plan['model_version']]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True)
    displaced, record, made_by = json.loads(done.stdout)
    assert displaced > 0
    sha = mechanism._source(RULE)[1]
    assert record == {RULE.name: sha}
    from sim.model.compile.version import model_version

    assert made_by == version(model_version(), [sha]) != model_version()


def test_the_guide_shows_this_file() -> None:
    text = (Path(outside.__file__).parents[1] / "guide" / "adding.md").read_text(encoding="utf-8")
    assert f"```python {RULE.name}\n{RULE.read_text()}```" in text


@pytest.mark.journey
def test_its_results_are_refused_without_it_and_reused_with_it(home: Path) -> None:
    said = cli(home, "run", "home.toml", "-n", "2", "--engine", "serial", "--out", "out", status=2)
    assert f"these results were made with {told({RULE.name: mechanism._source(RULE)[1]})}" in said
    again = cli(home, "run", "home.toml", "-n", "2", "--engine", "serial", "--out", "out", "--with", RULE.name)
    assert "2 reused" in again
    run = again and json.loads((home / "out" / "plan.json").read_text())["runs"][0]
    assert "was made with displacement.py" in cli(home, "rerun", run, "out", status=2)
    assert "equal to what is stored" in cli(home, "rerun", run, "out", "--with", RULE.name)
    assert "Home" in cli(home, "report", "out") + (home / "out" / "report.html").read_text()


@pytest.mark.journey
def test_compiled_it_gives_the_same(home: Path) -> None:
    """What plain Python stored is repeated by a kernel of the week that holds the rule."""
    run = json.loads((home / "out" / "plan.json").read_text())["runs"][0]
    asked = [sys.executable, "-m", "sim.cli", "rerun", run, "out", "--with", RULE.name]
    compiling = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    done = subprocess.run(asked, cwd=home, env=compiling, capture_output=True, text=True, check=False)
    assert "equal to what is stored, every value to the last bit" in done.stdout, done.stdout + done.stderr


@pytest.mark.journey
def test_its_parameters_can_be_set_and_its_switch_is_known(home: Path) -> None:
    off = ["--set", "parameters.displaced_per_death=0"]
    cli(home, "run", "home.toml", "-n", "1", "--engine", "serial", "-q", "--with", RULE.name, "--out", "off", *off)
    wrong = cli(home, "run", "home.toml", "-n", "1", "--with", RULE.name, "--set", "parameters.displaced_per_death=30", status=2)
    assert "displaced_per_death" in wrong
    assert "displaced_per_death" in cli(home, "run", "home.toml", "-n", "1", *off, status=2)
    code = (
        "from sim.model.mechanism import load\nload('displacement.py')\n"
        "from sim.experiment.switching import worlds\nfrom sim.catalogue.switches import SWITCHES\n"
        "print('without displacement' in worlds(), SWITCHES['displacement'].mechanism)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "displacement"]


@pytest.mark.journey
def test_it_is_described(home: Path) -> None:
    text = cli(home, "describe", "--with", RULE.name)
    for words in ("From outside: displacement", "displaced_per_death", "fled", "sha ", "| displacement | every week |"):
        assert words in text
    assert "displaced_per_death" not in cli(home, "describe")


# broken ones -------------------------------------------------------------------------------------------------------------------

HEAD = (
    "import math\nfrom sim.model.mechanism import Country, mechanism, param\n\n\n"
    "@mechanism(after='contest'{more})\ndef mine(c: Country) -> None:\n"
)
LINE = 7  # of the first statement
AT_LOADING = {
    "an unknown column": ("    c.territory.homicide[0] = 0.0\n", "territory has no 'homicide'; did you mean 'homicides'?", LINE),
    "an unknown column of an alias": ("    t = c.territory\n    t.homicide[0] = 0.0\n", "did you mean 'homicides'?", LINE + 1),
    "an unknown table": ("    c.territori.pool[0] = 0.0\n", "the country has no 'territori'; did you mean 'territory'?", LINE),
    "an unknown parameter": ("    c.flow.recruits += c.p.wages\n", "p has no 'wages'; did you mean 'wage'?", LINE),
}
AT_TRIAL = {
    "what is no number": ("    c.territory.violence[0] = math.nan\n", "territory violence is no number", 5),
    "people from nowhere": ("    c.plaza.members[0] += 5.0\n", "members off by +5", 5),
    "more guns than there are": ("    c.cartel.arms[0] -= 1e9\n    c.ledger.lost_guns += 1e9\n", "arms is below zero", 5),
    "an exception": ("    values = [1.0]\n    c.flow.recruits += values[c.now.week]\n", "IndexError: list index out of range", LINE + 1),
    "what cannot be compiled": ("    c.flow.recruits += float(str(c.now.week * 0))\n", "TypingError", LINE),
}


def broken(folder: Path, body: str, more: str = "") -> Path:
    path = folder / "mine.py"
    path.write_text(HEAD.format(more=more) + body)
    return path


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanism, "KNOWN", {})


@pytest.mark.parametrize("kind", AT_LOADING)
def test_what_a_file_names_must_be_there(kind: str, tmp_path: Path, forget: None) -> None:
    body, message, line = AT_LOADING[kind]
    with pytest.raises(ScenarioError) as error:
        mechanism.load(broken(tmp_path, body))
    (problem,) = error.value.problems
    assert message in str(problem)
    assert (problem.file, problem.line) == (str(tmp_path / "mine.py"), line)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (", columns={'plaza': {'x': '?'}}", "table 'plaza' cannot get columns"),
        (", columns={'territory': {'pool': '?'}}", "cannot get a column 'pool'"),
        (", parameters={'wage': param(1, '', (0, 1), 'ASSUMED', '')}", "declares what the catalogue has already: wage"),
        (", off={'mine_rate': 0.0}", "`off` names no parameter of its own: mine_rate"),
    ],
)
def test_what_a_file_declares_must_fit(more: str, message: str, tmp_path: Path, forget: None) -> None:
    with pytest.raises(ScenarioError, match=message):
        mechanism.load(broken(tmp_path, "    c.flow.recruits += 0.0\n", more))


def test_a_place_in_the_week_must_be_there(tmp_path: Path, forget: None) -> None:
    path = broken(tmp_path, "    c.flow.recruits += 0.0\n")
    path.write_text(path.read_text().replace("'contest'", "'contests'"))
    with pytest.raises(ScenarioError, match=r"no step 'contests' in the week; did you mean 'contest'"):
        mechanism.load(path)


def test_a_file_that_declares_nothing_or_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("x = 1\n")
    with pytest.raises(ScenarioError, match="declares no mechanism"):
        mechanism.load(tmp_path / "empty.py")
    (tmp_path / "torn.py").write_text("x = (\n")
    with pytest.raises(ScenarioError, match=r"torn.py, line 1"):
        mechanism.load(tmp_path / "torn.py")
    with pytest.raises(ScenarioError, match="no such file or installed mechanism"):
        mechanism.load("displacements")


@pytest.mark.journey
@pytest.mark.parametrize("kind", AT_TRIAL)
def test_a_broken_rule_is_named_before_anything_is_stored(kind: str, tmp_path: Path) -> None:
    body, message, line = AT_TRIAL[kind]
    (tmp_path / "home.toml").write_text(HOME)
    broken(tmp_path, body)
    said = cli(tmp_path, "run", "home.toml", "-n", "1", "--with", "mine.py", "--out", "out", status=2)
    assert message in said
    assert f"mine.py, line {line}" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.journey
def test_what_fails_only_late_in_compiled_code_is_named_and_nothing_is_stored(tmp_path: Path) -> None:
    """Compiled code has no lines: the rule is asked once more in plain Python. Found in the trial, which lasts as long as a run."""
    (tmp_path / "home.toml").write_text(HOME.replace("years = 0.4", "years = 2"))
    broken(tmp_path, "    week = c.now.week\n    if week > 60:\n        raise ValueError('late')\n")
    compiling = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    asked = [sys.executable, "-m", "sim.cli", "run", "home.toml", "-n", "1", "--with", "mine.py", "--out", "out"]
    done = subprocess.run(asked, cwd=tmp_path, env=compiling, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert f"mine.py, line {LINE + 2}, mine: ValueError: late" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_rule_that_takes_too_long_to_compile_is_named(tmp_path: Path, forget: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "LONGEST", 0.05)
    with pytest.raises(ScenarioError, match=r"mine.py, line 5, mine: takes more than 0 s to compile"):
        outside.rehearse(mechanism.load(broken(tmp_path, "    c.flow.recruits += 0.0\n")), 1.0)
