"""The README and the guide are true: their commands run, their files exist, their code works."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import sim
from sim import cli
from sim.experiment.store import OURS
from sim.show.guide import FOLDER, chapters

ROOT = Path(sim.__file__).parents[1]
HERE = os.environ | {"PYTHONPATH": str(ROOT)}
README = ROOT / "README.md"
TEXTS = {"README": README.read_text(encoding="utf-8"), **{topic: chapter.text for topic, chapter in chapters().items()}}
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -e"
MADE = {*OURS, "set-aside", "results", "mine.toml", "unseen.csv", "points.csv", "first.py"}  # by runs, or by a reader
SMALL = ["-n", "2", "--set", "world.years=2", "--engine", "serial", "--quiet"]
SIMULATE = ("run", "compare", "why", "robust", "evidence", "plan", "sweep", "sensitivity")
FEWER = dict.fromkeys((*SIMULATE, "score"), SMALL)
FEWER |= {"twins": [*SMALL, "--set", "world.years=5", "--removals", "2"], "frontier": [*SMALL, "-n", "10", "--trials", "20"]}
LONG = ("serve", "class", "calibrate")  # two do not end by themselves, the third is long; they have tests of their own
SHELL = {"python3", "cartelitos", ".venv/bin/pip", ".venv/bin/cartelitos", ".venv/bin/pytest"}


def calls(block):
    """Every command of a `sh` block, as a list of words."""
    return [shlex.split(call) for line in block.splitlines() for call in line.split("&&")]


def commands():
    """Arguments of every `cartelitos`, with the text that they stand in."""
    blocks = [(topic, block) for topic, text in TEXTS.items() for kind, _, block in BLOCK.findall(text) if kind == "sh"]
    found = [(topic, call) for topic, block in blocks for call in calls(block)]
    return [(topic, call[1:]) for topic, call in found if Path(call[0]).name == "cartelitos"]


def paths():
    """What looks like a file or a folder of this repository."""
    spans = [span for text in TEXTS.values() for span in re.findall(r"`([^`\n]+)`", text)]
    files = {span for span in spans if re.fullmatch(r"\.?\w[\w./-]*", span)}
    named = {file for file in files if "/" in file or file.endswith((".py", ".md", ".cff", ".toml"))}
    return sorted(file for file in named if file.split("/")[0] not in MADE and "NAME" not in file)


def test_the_readme_is_short_and_has_its_two_commands():
    assert len(TEXTS["README"].splitlines()) <= 120
    assert f"\n{INSTALL} . && .venv/bin/cartelitos compare\n" in TEXTS["README"]
    assert f"\n{INSTALL} '.[test]' && .venv/bin/pytest\n" in TEXTS["README"]


def test_every_kind_of_block_is_known():
    for topic, text in TEXTS.items():
        for kind, name, block in BLOCK.findall(text):
            assert kind in ("sh", "python", "toml", "csv", "json", "text"), f"{topic}: ```{kind}"
            assert kind == "python" or bool(name) == (kind in ("toml", "csv", "json")), f"{topic}: ```{kind} {name}"
            assert kind != "sh" or {call[0] for call in calls(block)} <= SHELL, f"{topic}: {block}"


@pytest.mark.parametrize(("topic", "arguments"), commands(), ids=lambda each: each if isinstance(each, str) else " ".join(each))
def test_a_command_parses(topic, arguments):
    group = cli.cartelitos
    name, command, rest = group.resolve_command(click.Context(group), [*arguments])
    command.make_context(name, rest)


def test_paths_exist_and_links_lead_somewhere():
    assert {"sim/model/week.py", "scenarios/kingpin.toml", "CITATION.cff"} <= {*paths()}
    assert [path for path in paths() if not (ROOT / path).exists()] == []
    for topic, text in TEXTS.items():
        home = ROOT if topic == "README" else FOLDER
        for link in re.findall(r"\]\(([^):]+)\)", text):
            assert (home / link).exists(), f"{topic}: {link}"


def test_versions_agree():
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited[1] == sim.__version__


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder that every chapter works in, so that what one simulated serves the next."""
    return tmp_path_factory.mktemp("reader")


def steps(text):
    """Blocks in order, pieces of one script together: a block that imports begins a script, the next ones go on with it."""
    found = []
    for kind, name, block in BLOCK.findall(text):
        goes_on = kind == "python" and not name and not block.startswith(("import ", "from "))
        before = found.pop()[2] if goes_on and found[-1][0] == "python" else ""
        found.append((kind, name, before + block))
    return found


@pytest.mark.journey
@pytest.mark.parametrize("topic", TEXTS)
def test_a_reader_gets_results(topic, home, monkeypatch, capfd, request):
    """Follow every block in order, with few and short runs, whose figures only the README's draws."""
    monkeypatch.chdir(home)
    if topic != "README":
        request.getfixturevalue("undrawn")
    for kind, name, block in steps(TEXTS[topic]):
        if name:
            Path(name).write_text(block, encoding="utf-8")
        if kind == "sh":
            for words in calls(block):
                if "--with" in words:  # changes the Python that it runs in
                    subprocess.run([sys.executable, "-m", "sim.cli", *words[1:], *FEWER.get(words[1], [])], env=HERE, check=True)
                elif Path(words[0]).name == "cartelitos" and words[1] not in LONG:
                    assert cli.status([*words[1:], *FEWER.get(words[1], [])]) == 0, capfd.readouterr().err
        if kind == "python" and not name and "\n@lever" not in block:  # that goes into the sources: test_contributing.py
            subprocess.run([sys.executable, "-c", block], env=HERE, check=True)
    if topic == "README":
        assert Path("results/compare-baseline-merida-demand-side-mixed/report.html").exists()


def test_guide_lists_and_prints_its_chapters(capsys):
    assert cli.status(["guide"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == sorted(chapters())
    assert cli.status(["guide", "evidence"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# What it gets right and what it gets wrong\n")
    assert "<!--" not in text
    assert cli.status(["guide", "sweeps", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == chapters()["sweeps"].text
    assert cli.status(["guide", "--json"]) == 0
    assert {row["topic"] for row in json.loads(capsys.readouterr().out)["rows"]} == {*chapters()}


def test_every_chapter_has_a_title_and_says_in_a_sentence_what_it_is_for():
    for path in FOLDER.glob("*.md"):
        first, _, second = path.read_text(encoding="utf-8").partition("\n\n")
        assert re.fullmatch(r"# .+", first), path
        assert re.match(r"[A-Z][^#|`]{20,200}[.?]\n\n", second), path


def test_an_unknown_chapter_is_met_with_a_suggestion(capsys):
    assert cli.status(["guide", "evidnce"]) == 2
    assert "did you mean 'evidence'?" in capsys.readouterr().err
    assert cli.status(["guide", "evidence", "--site", "x"]) == 2
    assert "leave TOPIC out" in capsys.readouterr().err


def test_the_site_has_a_page_for_every_chapter_and_no_dead_link(tmp_path, capsys):
    pytest.importorskip("markdown_it")
    assert cli.status(["guide", "--site", str(tmp_path / "site")]) == 0
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "site").glob("*.html")}
    assert pages.keys() == {"index.html", *(f"{topic}.html" for topic in chapters())}
    assert capsys.readouterr().out == f"{tmp_path / 'site' / 'index.html'}\n"
    for name, page in pages.items():
        links = re.findall(r'(?:href|src)="([^"#:]+)[^"]*"', page)
        assert len(links) >= len(chapters()), name
        assert [link for link in links if not (tmp_path / "site" / link).exists()] == [], name
    assert "<table>" in pages["evidence.html"]
    assert "<pre><code" in pages["analyst.html"]
