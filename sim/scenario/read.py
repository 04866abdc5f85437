"""Scenario files: found, read, parsed, and laid over the one they extend."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sim.scenario.draft import Draft, Origin
from sim.scenario.lines import Toml, key_lines, overlong_key
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.worlds import world_tables, worlds

LARGEST = 1_000_000  # bytes
LONGEST_CHAIN = 16  # files
WORLDS = "worlds"  # a folder of the scenario folder
BASELINE = "baseline"  # business as usual, of the world in which it is meant
USUAL = "usual.toml"  # in a world's folder: business as usual there, a scenario by the name of the world
OWN = ("title", "question", "extends")  # what a file says about itself; not inherited


def library(folder: Path | None = None) -> dict[str, Path]:
    """The scenarios of a folder (by default those of `./scenarios`, or the shipped ones) by name."""
    return {path.stem: path for path in sorted((folder or scenario_folder()).glob("*.toml")) if path.is_file()}


def usual(folder: Path | None = None) -> dict[str, Path]:
    """Business as usual of the worlds that bring their own, by the name of the world."""
    found = (path / USUAL for path in worlds((folder or scenario_folder()) / WORLDS).values())
    return {path.parent.name: path for path in found if path.is_file()}


def name_of(path: Path) -> str:
    """The name of a scenario: that of its file, or of the world whose business as usual it is."""
    return path.resolve().parent.name if path.name == USUAL else path.stem


def scenario_folder() -> Path:
    """`./scenarios` if present, else the one that came with the package."""
    here = Path("scenarios")
    return here if here.is_dir() else shipped_folder()


def shipped_folder() -> Path:
    """The library that came with the package: within it when it was installed from a wheel, beside it in a clone."""
    package = Path(__file__).resolve().parents[1]
    within = package / "_library"
    return within if within.is_dir() else package.parent / "scenarios"


def locate(name_or_path: str, folder: Path) -> Path:
    """The file of a scenario given by its name in the library or by its path."""
    known = usual(folder) | library(folder)
    if name_or_path in known:
        return known[name_or_path]
    if not (name_or_path.endswith(".toml") or "/" in name_or_path or os.sep in name_or_path or os.path.exists(name_or_path)):
        hint = suggest(name_or_path, known) or (f"there are: {', '.join(known)}" if known else None)
        raise ScenarioError([Problem(name_or_path or "''", None, "", "no scenario has this name", hint)])
    if os.path.isfile(name_or_path):
        return Path(name_or_path)
    if os.path.isdir(name_or_path):
        raise ScenarioError([Problem(name_or_path, None, "", "is a folder, not a scenario file")])
    close = suggest(Path(name_or_path).stem, known)
    raise ScenarioError([Problem(name_or_path, None, "", "there is no such file", close)])


def inherit(path: Path, folder: Path, world: str = "") -> tuple[list[Draft], list[str], list[Problem]]:
    """The file at `path` and the files it extends; in a world that brings its own business as usual, that stands for `baseline`.

    Gives the drafts to be laid over each other, the furthest ancestor first; the files they came from (the given one first); and what is
    wrong with an ancestor (the drafts are then only those that come after it). Without a `world` it is the one that the files name.
    """
    chain, files, problems = [read(path)], [path], list[Problem]()
    while (extends := chain[-1].data.get("extends")) is not None:
        try:
            files.append(_parent(extends, chain[-1], files, folder))
            chain.append(read(files[-1]))
        except ScenarioError as error:
            problems = error.problems
            break
    if files[-1] == library(folder).get(BASELINE) and (own := _usual_there(chain[:-1], files, folder, world)):
        files[-1], chain[-1] = own, read(own)
    layers = [chain[0].without(("extends",)), *(link.without(OWN) for link in chain[1:])]
    return layers[::-1], [shown(file) for file in files], problems


def _usual_there(chain: list[Draft], files: list[Path], folder: Path, world: str) -> Path | None:
    """Business as usual of the world that an override or the files name, if it brings its own."""
    named = ((link.data.get("world"), file) for link, file in zip(chain, files, strict=False))
    written = ((table["name"], file) for table, file in named if isinstance(table, dict) and isinstance(table.get("name"), str))
    name, file = (world, Path()) if world else next(written, ("", Path()))
    if not name or "\0" in name:
        return None
    home = world_tables(str(beside(str(file), name)) if "/" in name or os.sep in name else name, folder / WORLDS)
    return home / USUAL if home and (home / USUAL).is_file() else None


def read(path: Path) -> Draft:
    """The tables of one file, each value with its line. Raises ScenarioError: it cannot be read, is not UTF-8, or is not TOML."""
    file = shown(path)
    text = text_of(path, file)
    try:
        if line := overlong_key(text):
            raise ScenarioError([Problem(file, line, "", "is nested too deep")])
        data: dict[str, Any] = tomllib.loads(text)
        lines = key_lines(text)
    except RecursionError:
        raise ScenarioError([Problem(file, None, "", "is nested too deep")]) from None
    except ValueError as error:
        message, line = str(error), None
        if found := re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message):
            message, line = message[: found.start()], int(found[1]) if found[1] else text.count("\n") + 1
        raise ScenarioError([Problem(file, line, "", f"is not valid TOML: {message}")]) from None
    return Draft(data, {(): Origin(file)} | {path: Origin(file, line) for path, line in lines.items()})


def read_table(
    path: Path, columns: Collection[str], needed: Collection[str] = (), hint: str | None = None
) -> tuple[list[Draft], list[Problem]]:
    """A draft for each line of a CSV table with some of these columns, and lines of another length; lines that begin with # are left out.

    Raises ScenarioError: it cannot be read, or its heading has other columns, or lacks one that is needed.
    """
    file = shown(path)
    lines = [(number, line) for number, line in enumerate(text_of(path, file).splitlines(), 1) if line.strip() and not line.startswith("#")]
    reader = csv.reader(line for _, line in lines)
    try:
        heading, *rows = [(lines[reader.line_num - 1][0], [cell.strip() for cell in cells]) for cells in reader] or [(1, [])]
    except csv.Error as error:
        raise ScenarioError([Problem(file, None, "", f"is no table: {error}")]) from error
    names = heading[1]
    wrong = [Problem(file, heading[0], name, "is missing in the heading", hint) for name in needed if name not in names and lines]
    wrong += [Problem(file, heading[0], name, "is not one of its columns", suggest(name, columns)) for name in names if name not in columns]
    if wrong:
        raise ScenarioError(wrong)
    other = [(line, len(cells)) for line, cells in rows if len(cells) != len(names)]
    ragged = [Problem(file, line, "", f"has {n} cells, the heading has {len(names)}", "quote cells that hold commas") for line, n in other]
    whole = ((line, cells) for line, cells in rows if len(cells) == len(names))
    return [Draft(dict(zip(names, cells, strict=True)), {(): Origin(file, line)}) for line, cells in whole], ragged


def shown(path: Path) -> str:
    """The path as messages give it: relative when it lies below the working folder."""
    relative = os.path.relpath(path)
    return os.path.abspath(path) if Path(relative).parts[:1] == ("..",) else Path(relative).as_posix()


def beside(file: str, path: str) -> Path:
    """A path written in a file means: from that file's folder; written in an override: from the working folder."""
    return Path(os.path.realpath(Path(file).parent / path))


def _parent(extends: Toml, child: Draft, files: list[Path], folder: Path) -> Path:
    def error(message: str, hint: str | None = None) -> ScenarioError:
        return ScenarioError([child.problem(("extends",), message, hint)])

    if not isinstance(extends, str) or "\0" in extends:
        raise error("should be the name or the path of one scenario, in quotes")
    known, beside_it = usual(folder) | library(folder), library(files[-1].parent)
    parent = known.get(extends) or beside_it.get(extends) or files[-1].parent / extends
    home, target = os.path.realpath(files[-1].parent), os.path.realpath(parent)
    if extends not in known and not target.startswith(os.path.join(home, "")):
        raise error(f"{brief(extends)} leads out of this file's folder", "name a file in it, or a library scenario")
    if not os.path.isfile(target):
        raise error(f"there is no scenario {brief(extends)}", suggest(Path(extends).stem, [*known, *beside_it]))
    chain = [os.path.realpath(file) for file in files]
    if target in chain:
        raise error("extends itself: " + " -> ".join(Path(file).stem for file in [*chain, target]))
    if len(files) >= LONGEST_CHAIN:
        raise error(f"is the end of a chain of more than {LONGEST_CHAIN} files")
    return parent


def text_of(path: Path, file: str) -> str:
    """What a file says."""
    try:
        with open(path, "rb") as stream:
            raw = stream.read(LARGEST + 1)
        if raw.startswith(b"\xef\xbb\xbf"):
            raise ScenarioError([Problem(file, 1, "", "starts with a byte order mark", "save it as plain UTF-8")])
        if len(raw) > LARGEST:
            raise ScenarioError([Problem(file, None, "", f"is larger than {LARGEST:,} bytes, which no scenario is")])
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError([Problem(file, line, "", "is not UTF-8 text", "save it as UTF-8")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Problem(file, None, "", f"cannot be read: {reason}")]) from None
