"""A folder of `sim/` imports only folders to its left, and each keeps its sole right."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import sim

FOLDERS = ("words", "catalogue", "scenario", "model", "kernel", "experiment", "analysis", "show", "studies", "page", "commands")
SIM = Path(sim.__file__).parent
FILES = sorted(SIM.rglob("*.py"))
SOLE = {  # who alone may import it
    "mesa": ("model",), "numba": ("model",), "llvmlite": ("model",), "matplotlib": ("show", "studies"),
    "pyarrow": ("experiment", "analysis", "show", "studies", "page", "commands"),
    "starlette": ("page",), "uvicorn": ("page",), "random": (), "secrets": ("page",),
}  # fmt: skip
BUILDS = {SIM / "page" / "__main__.py", SIM / "page" / "bundle.py"}  # what a developer runs after an edit
WRITES = {"write_text", "write_bytes", "rename", "rmtree", "copytree", "copyfile"}


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Everything in a file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path, *, at_once: bool = False) -> set[str]:
    """Every module a file imports, whole names; or only those that it imports when it is itself imported."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body if at_once else nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls(path: Path) -> set[str]:
    """Names of everything a file calls, without what stands before the dot."""
    called = (node.func for node in nodes(path) if isinstance(node, ast.Call))
    return {getattr(function, "attr", getattr(function, "id", "")) for function in called}


def folder(path: Path) -> str:
    parts = path.relative_to(SIM).parts
    return parts[0] if len(parts) > 1 else ""


def test_figures_need_no_global_state() -> None:
    assert not [path for path in FILES if any(name.startswith("matplotlib.pyplot") for name in imports(path))]


def test_all_folders_are_known() -> None:
    assert {folder(path) for path in FILES} - {""} == set(FOLDERS)


def test_a_folder_imports_only_folders_to_its_left() -> None:
    known = [path for path in FILES if folder(path) in FOLDERS]
    used = {path: {name.split(".")[1] for name in imports(path) if name.startswith("sim.")} & {*FOLDERS} for path in known}
    right = {path: [name for name in used[path] if FOLDERS.index(name) > FOLDERS.index(folder(path))] for path in known}
    assert not {str(path): names for path, names in right.items() if names}


def test_no_import_goes_in_a_circle_in_the_model() -> None:
    """Imports for types count too."""
    names = {".".join(path.relative_to(SIM.parent).with_suffix("").parts): path for path in FILES if folder(path) == "model"}
    ahead = {name: imports(path) & names.keys() - {name} for name, path in names.items()}
    while free := [name for name, needs in ahead.items() if not needs & ahead.keys()]:
        for name in free:
            del ahead[name]
    assert not ahead


def test_no_import_circle() -> None:
    """A function, or a type checker, may import what imports its module."""
    names = {".".join(path.relative_to(SIM.parent).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    graph = {name: (imports(path, at_once=True) & names.keys()) - {name, "sim"} for name, path in names.items()}
    assert len([*TopologicalSorter(graph).static_order()]) >= len(names)


def test_sole_rights() -> None:
    used = {(path, name.split(".")[0]) for path in FILES for name in imports(path)}
    assert not [(str(path), library) for path, library in used if library in SOLE and folder(path) not in SOLE[library]]


def test_only_chance_makes_random_numbers() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in FILES}
    assert not [path for path, source in sources.items() if "np.random" in source or "default_rng" in source]


def test_only_the_command_line_prints() -> None:
    silent = [path for path in FILES if folder(path) != "commands" and path.name != "cli.py" and path not in BUILDS]
    assert not [path for path in silent if "print" in calls(path)]


def test_only_the_store_writes() -> None:
    assert not [path for path in FILES if path not in {SIM / "experiment" / "store.py", *BUILDS} and WRITES & calls(path)]
