"""The README is true: its commands run, its files exist, its code works."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

import sim
from sim import cli
from sim.experiment.store import OURS

ROOT = Path(sim.__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -e"
MADE = {*OURS, "results"}  # by runs


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def commands() -> list[list[str]]:
    """Arguments of every `cartelitos`, in order."""
    calls = [shlex.split(call) for block in blocks("sh") for line in block.splitlines() for call in line.split("&&")]
    return [call[1:] for call in calls if Path(call[0]).name == "cartelitos"]


def scripts() -> list[str]:
    """All Python: a block that imports begins a script, as a notebook begins, the next ones go on."""
    found: list[str] = []
    for code in blocks("python"):
        if code.startswith(("import ", "from ")):
            found.append(code)
        else:
            found[-1] += code
    return found


def paths() -> list[str]:
    """What looks like a file or a folder of this repository."""
    spans = [span for span in re.findall(r"`([^`\n]+)`", TEXT) if re.fullmatch(r"\.?\w[\w./-]*", span)]
    files = [span for span in spans if "/" in span or span.endswith((".py", ".md", ".cff", ".toml"))]
    return [file for file in files if file.split("/")[0] not in {*MADE, "mine.toml"}]


def test_the_two_commands_stand_verbatim():
    assert f"\n{INSTALL} . && .venv/bin/cartelitos compare\n" in TEXT
    assert f"\n{INSTALL} '.[test]' && .venv/bin/pytest\n" in TEXT


def test_shell_blocks_hold_only_what_is_checked():
    heads = {shlex.split(call)[0] for block in blocks("sh") for line in block.splitlines() for call in line.split("&&")}
    assert heads == {"python3", ".venv/bin/pip", ".venv/bin/cartelitos", ".venv/bin/pytest", "cartelitos"}


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_a_command_parses(arguments):
    group = cli.cartelitos
    name, command, rest = group.resolve_command(click.Context(group), [*arguments])
    command.make_context(name, rest)


@pytest.mark.parametrize("path", paths())
def test_a_path_exists(path):
    assert (ROOT / path).exists()


def test_the_paths_were_found():
    assert {"sim/model/week.py", "sim/model/agents.py", "scenarios/kingpin.toml", "CITATION.cff"} <= {*paths()}


def test_versions_agree():
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited[1] == sim.__version__


def test_the_example_changes_what_it_says(tmp_path, monkeypatch):
    (example,) = blocks("toml")
    (tmp_path / "mine.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.status(["check", "mine.toml"]) == 0
    assert {"treatment", "recruitment_prevention"} == tomllib.loads(example)["policy"].keys()


def test_a_reader_gets_results(tmp_path, monkeypatch, capfd):
    """Follow every command and every piece of Python in order, with few and short runs."""
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(*blocks("toml"), encoding="utf-8")
    Path("unseen.csv").write_text(*blocks("csv"), encoding="utf-8")
    small = ["-n", "2", "--set", "world.years=2", "--engine", "serial", "--quiet"]
    for arguments in commands():
        if arguments[0] in ("serve", "calibrate"):  # one does not end by itself, the other is long; they have tests of their own
            continue
        more = dict.fromkeys(("run", "compare", "why", "robust", "evidence", "plan", "sweep", "sensitivity"), small)
        more["twins"] = [*small, "--set", "world.years=5", "--removals", "2"]
        assert cli.status(arguments + more.get(arguments[0], [])) == 0, capfd.readouterr().err
    assert Path("results/compare-baseline-merida-demand-side-mixed/report.html").exists()
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    for code in scripts():
        subprocess.run([sys.executable, "-c", code], env=here, check=True)
