import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
import weakref
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace

import fakes
import pytest

import sim
from sim import cli
from sim.experiment.folder import lock

HERE = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(sim.__file__).parents[1]), *sys.path])}
pytestmark = pytest.mark.usefixtures("undrawn")
HEAVY = ("numpy", "pandas", "pyarrow", "matplotlib", "scipy", "pydantic", "mesa", "numba")

BASELINE = """title = "Business as usual"
question = "What if nothing changes?"
[world]
name = "grid"
start = "2006-12"
years = 0.5
[run]
replicates = 3
seed = 7
"""


@pytest.fixture
def scenarios(tmp_path, monkeypatch):
    """A working folder with a small library, and a model that takes no time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
    model = ModuleType("sim.model.run")
    model.simulate = fakes.broken
    monkeypatch.setitem(sys.modules, "sim.model.run", model)
    return library(tmp_path)


def library(folder: Path) -> Path:
    files = {
        "baseline": BASELINE,
        "treatment": 'extends = "baseline"\ntitle = "Treatment"\n[policy.treatment]\nintensity = 1.0\n',
        "broken": 'extends = "baseline"\ntitle = "Fails"\n',
        "later": 'extends = "baseline"\ntitle = "Later"\n[world]\nstart = "2007-12"\n',
        "typo": 'extends = "baseline"\ntitle = "Typo"\n[policy.treatmnt]\nintensity = 1.0\n[run]\nreplicates = -1\n',
    }
    (folder / "scenarios").mkdir()
    for name, text in files.items():
        (folder / "scenarios" / f"{name}.toml").write_text(text)
    return folder


@pytest.fixture
def cartelitos(scenarios, capfd, monkeypatch):
    """Call the command line in this process: exit status, stdout, stderr."""

    def call(*arguments: str) -> SimpleNamespace:
        runs = arguments[0] in ("run", "compare")
        monkeypatch.setattr(sys, "argv", ["cartelitos", *arguments])
        capfd.readouterr()
        status = cli.status([arguments[0], *(["--engine", "serial"] if runs else []), *arguments[1:]])
        return SimpleNamespace(status=status, **dict(zip(("out", "err"), capfd.readouterr(), strict=True)))

    return call


def test_help_is_quick_and_imports_nothing_heavy():
    check = (
        "import sys, time; start = time.process_time()\nfrom sim.cli import status\nassert status(['--help']) == 0\n"
        f"print(time.process_time() - start, [name for name in {HEAVY} if name in sys.modules])"
    )
    run = [
        subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, env=HERE, check=True)
        for _ in range(3)
    ]
    seconds, heavy = zip(*(one.stdout.splitlines()[-1].split(" ", 1) for one in run), strict=True)
    assert set(heavy) == {"[]"}
    assert min(map(float, seconds)) < 0.8
    assert all(name in run[0].stdout for name in cli.COMMANDS)


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_exists_and_explains_itself(cartelitos, name):
    found = cartelitos(name, "--help")
    assert found.status == 0
    for option in ("--json", "--quiet", "--verbose"):
        assert option in found.out


def test_run_stores_and_reuses(cartelitos):
    found = cartelitos("run", "baseline", "treatment", "--json")
    document = json.loads(found.out)
    assert found.status == 0
    assert document.keys() == {"schema", "results", "runs", "seconds"}
    assert document["schema"] == 1
    assert document["results"] == "results/run-baseline-treatment"
    assert document["runs"] == {"planned": 6, "done": 6, "failed": 0, "reused": 0}
    assert json.loads(Path("results/run-baseline-treatment/plan.json").read_text())["command"][:2] == [
        "cartelitos",
        "run",
    ]
    again = json.loads(cartelitos("run", "baseline", "treatment", "-n", "5", "--json").out)
    assert again["runs"] == {"planned": 10, "done": 4, "failed": 0, "reused": 6}


def test_talk_is_on_stderr_and_q_silences_it(cartelitos):
    found = cartelitos("run", "baseline")
    assert found.out == "results/run-baseline\n"
    assert re.fullmatch(r"3 runs in \d+ s\n", found.err)
    assert cartelitos("run", "baseline", "-q").err == ""


def test_a_sweep_is_not_swept_silently(cartelitos):
    sweep = '[sweep]\nmethod = "grid"\n"parameters.demand_elasticity" = [0.4, 0.6]\n'
    Path("scenarios/swept.toml").write_text('extends = "baseline"\ntitle = "Swept"\n' + sweep)
    found = cartelitos("run", "swept", "baseline")
    assert found.status == 0
    assert "swept: its [sweep] is left aside" in found.err


def test_failed_runs_are_named_and_the_status_says_so(cartelitos):
    found = cartelitos("run", "baseline", "broken", "-n", "2")
    assert found.status == 3
    assert re.search(r"failed: scenario broken, replicate 0, seed \d+: ValueError: no such country", found.err)
    assert "Traceback" not in found.err
    assert "Traceback" in cartelitos("run", "broken", "--retry-failed", "-v").err
    assert json.loads(cartelitos("run", "baseline", "broken", "-n", "2", "--json").out)["runs"] == {
        "planned": 4, "done": 0, "failed": 2, "reused": 2,
    }  # fmt: skip


def test_options_change_every_scenario(cartelitos):
    cartelitos("run", "baseline", "--set", "world.years=1", "--worlds", "fitted", "--seed", "3", "--out", "here", "-q")
    plan = json.loads(Path("here/plan.json").read_text())
    assert (plan["arms"][0]["years"], plan["arms"][0]["worlds"], plan["seed"]) == (1, "fitted", 3)


def test_another_plan_is_refused_until_fresh_is_confirmed(cartelitos):
    cartelitos("run", "baseline", "--out", "here")
    other = ("run", "baseline", "--seed", "8", "--out", "here")
    found = cartelitos(*other)
    assert found.status == 2
    assert found.err.startswith("here, plan: holds another plan: seed 7 there, 8 now; --fresh")
    assert cartelitos(*other, "--fresh").status == 2
    assert json.loads(Path("here/plan.json").read_text())["seed"] == 7
    assert cartelitos(*other, "--fresh", "--yes").status == 0
    assert json.loads(Path("here/plan.json").read_text())["seed"] == 8


def test_pieces_run_and_the_whole_compares(cartelitos):
    for number in (1, 2):
        found = cartelitos("compare", "baseline", "treatment", "-n", "4", "--shard", f"{number}/2", "--json")
        assert json.loads(found.out)["runs"] == {"planned": 4, "done": 4, "failed": 0, "reused": 0}
    assert not Path("results/compare-baseline-treatment/report.html").exists()
    found = cartelitos("compare", "baseline", "treatment", "-n", "4")
    assert "8 reused" in found.err
    assert "4 paired worlds" in found.out
    found = cartelitos("run", "baseline", "--shard", "3/2")
    assert (found.status, found.err) == (2, "--shard: '3/2' is not a piece; give 1/8 to 8/8 for eight pieces\n")


def test_another_version_of_the_model_is_mixed_in_on_demand_only(cartelitos, monkeypatch):
    cartelitos("run", "baseline")
    for room in ("plan", "pool.worker"):
        monkeypatch.setattr(f"sim.experiment.{room}.model_version", lambda: "0" * 16)
    found = cartelitos("run", "baseline", "-n", "5")
    assert found.status == 2
    assert "--mix-versions" in found.err
    found = cartelitos("run", "baseline", "-n", "5", "--mix-versions", "--json")
    assert json.loads(found.out)["runs"] == {"planned": 5, "done": 2, "failed": 0, "reused": 3}


def test_a_folder_in_use_is_exit_4(cartelitos):
    cartelitos("run", "baseline")
    with lock.held(Path("results/run-baseline")):
        found = cartelitos("run", "baseline", "--json")
    assert found.status == 4
    (error,) = json.loads(found.err)["errors"]
    assert f"process {os.getpid()}" in error["message"]
    assert error["file"] == "results/run-baseline"


def test_compare_prints_the_table_and_writes_everything(cartelitos):
    found = cartelitos("compare", "baseline", "treatment", "-n", "4", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    assert document["schema"] == 1
    shape = {
        "scenario",
        "baseline",
        "metric",
        "window",
        "n",
        "mean",
        "difference",
        "low",
        "high",
        "share_worse",
        "cost_usd",
    }
    assert all(shape <= row.keys() for row in document["rows"])
    against_usual = [row for row in document["rows"] if row["baseline"] == "baseline"]
    assert {row["scenario"] for row in against_usual} == {"baseline", "treatment"}
    assert all(row["difference"] == 0 for row in against_usual)
    folder = Path("results/compare-baseline-treatment")
    with (folder / "comparison.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(document["rows"])
    assert list((folder / "figures").glob("*.png"))
    assert "<table" in (folder / "report.html").read_text(encoding="utf-8")
    assert f"to read: {folder / 'report.html'}" in found.err
    table = cartelitos("compare", "baseline", "treatment", "-n", "3")
    assert "4 paired worlds" in table.out
    assert str(folder) in table.err
    assert "the folder holds 4 replicates, all of which are compared" in table.err


def test_a_single_scenario_is_compared_with_business_as_usual(cartelitos):
    found = cartelitos("compare", "treatment", "-n", "2", "--json")
    assert {row["scenario"] for row in json.loads(found.out)["rows"]} == {"baseline", "treatment"}


def test_a_scenario_against_itself_differs_by_nothing(cartelitos):
    rows = json.loads(cartelitos("compare", "baseline", "baseline", "-n", "2", "--json").out)["rows"]
    assert {row["scenario"] for row in rows} == {"baseline", "baseline (2)"}
    assert all(row["difference"] == 0 for row in rows if row["baseline"] == "baseline")


def test_compare_of_failed_runs_says_so(cartelitos):
    found = cartelitos("compare", "baseline", "broken", "-n", "2")
    assert found.status == 3
    assert "broken is left out: none of its runs succeeded" in found.err
    assert "baseline" in found.out
    found = cartelitos("compare", "broken", "baseline", "-n", "2")
    assert (found.status, found.out) == (3, "")
    assert "no runs of scenario 'broken'" in found.err
    found = cartelitos("compare", "broken", "broken", "-n", "2")
    assert (found.status, found.out) == (3, "")
    assert "no finished runs" in found.err


def test_comparing_two_worlds_needs_consent(cartelitos):
    found = cartelitos("compare", "baseline", "later", "-n", "2")
    assert found.status == 2
    assert "later, world: assumes another start than baseline" in found.err
    assert (
        cartelitos(
            "compare", "baseline", "later", "--allow-world-change", "--set", 'world.start="2006-12"', "-n", "2"
        ).status
        == 0
    )


def test_a_typo_has_file_line_and_suggestion(cartelitos):
    for arguments in (("run", "typo"), ("check", "scenarios/typo.toml"), ("show", "typo", "--resolved")):
        found = cartelitos(*arguments)
        assert found.status == 2
        assert "scenarios/typo.toml, line 3, policy.treatmnt" in found.err
        assert "did you mean 'treatment'?" in found.err
        assert "line 6" in found.err
        assert "Traceback" not in found.err
    errors = json.loads(cartelitos("run", "typo", "--json").err)
    assert errors["schema"] == 1
    assert all(error.keys() == {"file", "line", "field", "message", "hint"} for error in errors["errors"])
    assert {error["line"] for error in errors["errors"]} == {3, 6}


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("compar",), "compare"),
        (("run", "baseline", "--sed", "1"), "--seed"),
        (("list", "lever"), "levers"),
        (("run", "basline"), "baseline"),
    ],
)
def test_what_does_not_exist_is_met_with_a_suggestion(cartelitos, arguments, suggestion):
    found = cartelitos(*arguments)
    assert found.status == 2
    assert suggestion in found.err.split("did you mean")[1]
    (error,) = json.loads(cartelitos(*arguments, "--json").err)["errors"]
    assert suggestion in error["hint"]


def test_an_old_name_works_and_says_the_new_one(cartelitos):
    found = cartelitos("parsimony", "--help")
    assert found.status == 0
    assert found.out == cartelitos("ablation", "--help").out
    assert found.err == "note: `parsimony` is now `ablation`; the old name goes with the next version\n"


@pytest.mark.parametrize(
    "bad", [("-n", "0"), ("-n", "x"), ("--workers", "0"), ("--engine", "gpu"), ("--worlds", "any")]
)
def test_bad_options_are_usage_errors(cartelitos, bad):
    assert cartelitos("run", "baseline", *bad).status == 2


def test_check_accepts_and_gathers(cartelitos):
    found = cartelitos("check", "scenarios/baseline.toml", "treatment")
    assert (found.status, found.out) == (0, "scenarios/baseline.toml: ok\ntreatment: ok\n")
    found = cartelitos("check", "scenarios/typo.toml", "scenarios/nothing.toml", "baseline")
    assert found.status == 2
    assert "typo.toml" in found.err
    assert "nothing.toml" in found.err


def test_show(cartelitos):
    assert cartelitos("show", "baseline").out == BASELINE
    resolved = cartelitos("show", "treatment", "--resolved").out
    assert "scenarios/baseline.toml:6" in resolved
    assert "--set" in cartelitos("show", "treatment", "--set", "world.years=2").out
    document = json.loads(cartelitos("show", "treatment", "--json").out)
    assert document["scenario"]["policy"][0]["lever"] == "treatment"


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("scenarios", {"name": "treatment", "title": "Treatment"}),
        ("worlds", {"name": "grid"}),
        ("levers", {"name": "treatment", "family": "demand"}),
        ("parameters", {"name": "demand_elasticity", "low": 0.1}),
        ("metrics", {"name": "homicides", "kind": "flow"}),
        ("sources", {"key": "prieto2023", "year": 2023}),
    ],
)
def test_lists(cartelitos, kind, some):
    document = json.loads(cartelitos("list", kind, "--json").out)
    assert document["schema"] == 1
    assert any(some.items() <= row.items() for row in document["rows"])
    name = next(iter(some.values()))
    assert re.search(rf"^{name}\b", cartelitos("list", kind).out, re.MULTILINE)


def test_an_internal_error_has_no_traceback_unless_asked(cartelitos, monkeypatch):
    monkeypatch.setattr("sim.scenario.library", lambda: 1 / 0)
    found = cartelitos("list")
    assert found.status == 1
    assert found.err == "cartelitos: internal error: ZeroDivisionError: division by zero; -v shows where\n"
    assert "Traceback" in cartelitos("list", "-v").err


def test_who_interrupts_it_while_it_starts_sees_no_traceback(tmp_path):
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    paths = os.pathsep.join([str(tmp_path), str(Path(sim.__file__).parents[1])])
    env = os.environ | {"PYTHONPATH": paths}
    done = subprocess.run([sys.executable, "-m", "sim", "list"], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (cli.INTERRUPTED, b"", b"")


def test_an_interruption_that_a_library_makes_an_error_of_is_one_still(monkeypatch, capsys):
    """Pydantic says SchemaError when Ctrl-C comes while it builds a model's validators."""

    def interrupted(*arguments, **options):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as error:
            raise ValueError(str(error)) from error

    assert main_of(interrupted, monkeypatch) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_an_interruption_that_a_callback_drops_comes_again(monkeypatch, capsys):
    """Python prints and forgets what a weak reference's callback raises: the command went on to its end."""

    class Thing:
        pass

    def interrupted(*arguments, **options):
        thing = Thing()
        kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))  # noqa: F841
        del thing
        time.sleep(30)

    assert main_of(interrupted, monkeypatch) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_an_interruption_that_a_library_drops_comes_again_but_not_to_who_tidies_up(monkeypatch, capsys):
    monkeypatch.setattr(cli, "AGAIN", 0.01)
    tidied = []

    def interrupted(*arguments, **options):
        try:
            with suppress(BaseException):
                signal.raise_signal(signal.SIGINT)
            time.sleep(30)
        finally:
            time.sleep(0.1)
            tidied.append(True)

    assert main_of(interrupted, monkeypatch) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")
    assert tidied


def test_an_interruption_after_the_last_line_is_one_still(monkeypatch, capsys):
    """Whoever presses twice, or late."""
    monkeypatch.setattr(cli, "status", lambda arguments: signal.raise_signal(signal.SIGINT))
    assert main_of(None, monkeypatch) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def main_of(command, monkeypatch):
    """The exit status of a command line whose command is this function."""
    monkeypatch.setattr(cli.cartelitos, "main", command)
    monkeypatch.setattr(sys, "argv", ["cartelitos", "list"])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = [(number, signal.signal(number, signal.default_int_handler)) for number in numbers]
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before:
            signal.signal(number, handler)
    return ended.value.code
