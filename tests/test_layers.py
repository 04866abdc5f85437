"""A room imports only rooms to its left, and each room keeps its sole right."""

import ast
from pathlib import Path

import pytest

import sim

ROOMS = ("catalogue", "scenario", "model", "experiment", "analysis", "show", "commands")
SIM = Path(sim.__file__).parent
FILES = sorted(SIM.rglob("*.py"))
SOLE = {  # who alone may import it
    "mesa": "model", "numba": "model", "matplotlib": "show", "pyarrow": ("experiment", "analysis", "show", "commands"),
    "nicegui": "show", "fastapi": "show", "starlette": "show", "random": (), "secrets": (),
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Every module a file imports, whole names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    parts = path.relative_to(SIM).parts
    return parts[0] if len(parts) > 1 else ""


def test_there_is_a_house() -> None:
    assert {room(path) for path in FILES} - {""} == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_a_room_imports_only_rooms_to_its_left(path: Path) -> None:
    if room(path) not in ROOMS:
        return
    here = ROOMS.index(room(path))
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith("sim.") and name.split(".")[1] in ROOMS}
    late = {name for name in rooms if ROOMS.index(name) > here}
    assert not late, f"{path} looks right, into {late}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_sole_rights(path: Path) -> None:
    heads = {name.split(".")[0] for name in imports(path)}
    for library, owners in SOLE.items():
        if library in heads:
            assert room(path) in ((owners,) if isinstance(owners, str) else owners), f"{path} may not import {library}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_only_chance_makes_random_numbers(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "np.random" not in source
    assert "default_rng" not in source


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_only_the_command_line_prints(path: Path) -> None:
    if room(path) == "commands" or path.name == "cli.py":
        return
    assert "print" not in calls(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SIM)))
def test_only_the_store_writes(path: Path) -> None:
    if path == SIM / "experiment" / "store.py":
        return
    assert not {"write_text", "write_bytes", "rename", "rmtree", "copytree", "copyfile"} & calls(path)


def calls(path: Path) -> set[str]:
    """Names of everything a file calls, without what stands before the dot."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    called = (node.func for node in tree if isinstance(node, ast.Call))
    return {getattr(function, "attr", getattr(function, "id", "")) for function in called}
