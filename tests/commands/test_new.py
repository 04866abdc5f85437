"""`new` and what a shell completes."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

import sim
from sim import cli
from sim.commands.errors import explain, extra_of
from sim.scenario import library, load
from sim.scenario.schema import NAME, json_schema


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder):
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_template_is_a_scenario(here, capfd):
    assert cli.status(["new", "my-town.toml"]) == 0
    assert capfd.readouterr().out == f"my-town.toml\n{NAME}\n"
    text = (here / "my-town.toml").read_text(encoding="utf-8")
    assert text.startswith(f"#:schema {NAME}\n")
    found = load(here / "my-town.toml")
    assert (found.title, found.world) == ("My town", load("baseline").world)
    assert {plan.lever for plan in found.policy} - {plan.lever for plan in load("baseline").policy} == {"treatment"}
    assert json.loads((here / NAME).read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("name", library())
def test_a_copy_means_the_same(here, name):
    assert cli.status(["new", "copy.toml", "--from", name]) == 0
    assert load(here / "copy.toml").digest() == load(name).digest()


def test_a_world_is_copied_with_its_tables(here):
    assert cli.status(["new", "land", "--from", "mexico-2006"]) == 0
    shipped = next(iter(library().values())).parent / "worlds" / "mexico-2006"
    assert files(here / "land") == files(shipped)
    (here / "x.toml").write_text('extends = "baseline"\n[world]\nname = "./land"\n')
    assert load("x.toml").tables == load("baseline").tables


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["taken.toml"], "taken.toml: exists already"),
        (["folder", "--from", "mexico-2006"], "folder: exists already"),
        (["mine"], "'mine' does not end in .toml"),
        (["mine.toml", "--from", "kingpn"], "did you mean 'kingpin'?"),
        (["nowhere/mine.toml"], "nowhere/mine.toml: cannot be written: No such file or directory"),
    ],
)
def test_nothing_is_overwritten_or_half_written(here, arguments, said, capfd):
    (here / "taken.toml").write_text("mine")
    (here / "folder").mkdir()
    assert cli.status(["new", *arguments]) == 2
    assert said in capfd.readouterr().err
    assert files(here) == {"taken.toml"}


def test_a_strange_name_gives_a_valid_file(here):
    assert cli.status(["new", 'say "no"\n.toml']) == 0
    assert tomllib.loads((here / 'say "no"\n.toml').read_text(encoding="utf-8"))["title"] == 'Say "no"\n'


COMPLETE = """
import sys, time
heavy = ("numpy", "pydantic", "pyarrow", "matplotlib")
start = time.process_time()
from sim.cli import main
try:
    main()
finally:
    print(time.process_time() - start, [name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def complete(*words):
    """What bash is offered after these words, the last of which is unfinished."""
    asked = BashComplete(cli.cartelitos, {}, "cartelitos", "_CARTELITOS_COMPLETE").get_completions([*words[1:-1]], words[-1])
    return {f"{found.type},{found.value}" for found in asked}


def in_a_shell(*words):
    """The same of a process of its own; seconds of computing, heavy modules."""
    asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_CARTELITOS_COMPLETE": "bash_complete"}
    done = subprocess.run([sys.executable, "-c", COMPLETE], capture_output=True, text=True, env=os.environ | asked, check=True)
    seconds, heavy = done.stderr.split(" ", 1)
    return done.stdout.split(), float(seconds), heavy.strip()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("cartelitos", "comp"), {"plain,compare"}),
        (("cartelitos", "run", "king"), {"plain,kingpin"}),
        (("cartelitos", "show", "nothing-like-it"), {"file,nothing-like-it"}),
        (("cartelitos", "compare", "--set", "policy.treat"), {"plain,policy.treatment.intensity="}),
        (("cartelitos", "compare", "--set", "parameters.demand_e"), {"plain,parameters.demand_elasticity="}),
        (("cartelitos", "run", "kingpin", "--world", "mun"), {"plain,municipal"}),
        (("cartelitos", "list", "metr"), {"plain,metrics"}),
        (("cartelitos", "run", "--wor"), {"plain,--workers", "plain,--world", "plain,--worlds"}),
    ],
)
def test_a_shell_completes(words, offered):
    assert complete(*words) == offered


def test_completing_in_a_shell_is_quick():
    offered, seconds, heavy = zip(*(in_a_shell("cartelitos", "run", "king") for _ in range(2)), strict=True)
    assert offered == (["plain,kingpin"],) * 2
    assert set(heavy) == {"[]"}
    assert min(seconds) < 0.8


@pytest.mark.parametrize(
    ("module", "extra"), [("SALib.sample", "sensitivity"), ("segno", "class"), ("distributed", "cluster"), ("os", None)]
)
def test_a_missing_library_names_its_extra(module, extra, monkeypatch):
    assert extra_of(module) == extra
    (problem,), status = explain(ModuleNotFoundError(f"No module named '{module}'", name=module))
    assert status == (2 if extra else 1)
    if extra:
        clone = Path(sim.__file__).parent.parent
        assert str(problem) == f"cartelitos: this needs {module}, which is not installed; pip install -e '{clone}[{extra}]'"
        monkeypatch.chdir(clone)
        assert explain(ModuleNotFoundError(name=module))[0][0].hint == f"pip install -e '.[{extra}]'"
        monkeypatch.setattr("sim.__file__", "/nowhere/site-packages/sim/__init__.py")
        assert explain(ModuleNotFoundError(name=module))[0][0].hint == f"pip install 'cartelitos[{extra}]'"
        monkeypatch.undo()
