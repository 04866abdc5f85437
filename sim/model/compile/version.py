"""Which model made a result, and which kernel belongs to it: hashes of what the source means.

Comments, formatting, docstrings and the catalogue's prose move no number and count for nothing; everything else counts. What is hashed
is the syntax tree, written down here so that every Python writes the same.
"""

from __future__ import annotations

import ast
import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2]
BEGUN = time.time_ns()
ROOMS = ("catalogue/**/*.py", "model/**/*.py", "elementary.py")
DISPATCH = ("compile.compiled", "compile.kept", "compile.version")  # modules of the model that choose what runs, and so move no number
BUILDERS = ("sim.model.compile.native", "sim.model.compile.whole")  # make kernels without holding a compiled function
NAMES = ("sim.catalogue.parameters", "sim.catalogue.constants")  # of which compiled code knows the names only
TABLE = "cartelitos"  # name of the text in every kernel that says what it is
DECORATORS = frozenset({"compiled", "inner"})
DECLARING = "sim.catalogue."  # where prose stands among the arguments of calls
PROSE = frozenset({  # names of such arguments
    "title", "unit", "meaning", "source", "sources", "why", "label", "note", "cost_note", "effect_note", "evidence", "expected", "silent",
    "stays",
})  # fmt: skip


class Digests(NamedTuple):
    """Sixteen hex digits each."""

    model: str  # of everything that can move a number: the model, and what it takes from the catalogue
    kernel: str  # of what compiled code is made of; of the catalogue's parameters only their names


def model_version() -> str:
    """The digest of the model: any edit of it or of the catalogue that can move a number gives another."""
    return digests().model


@cache
def digests() -> Digests:
    """Both digests of the present source: known for the very bytes that kernels were made from, else worked out."""
    try:
        listed = json.loads((SOURCE / "kernel" / "kernels.json").read_text(encoding="utf-8"))
        if listed["source"] == source_digest():
            return Digests(listed["model"], listed["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return work_out()


def source_edited() -> bool:
    """Whether a file of the model or the catalogue was written since this Python began to import them."""
    return any(path.stat().st_mtime_ns > BEGUN for room in ROOMS for path in SOURCE.glob(room))


@cache
def source_digest() -> str:
    """A digest of every byte of the model and the catalogue."""
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in SOURCE.glob(room)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(SOURCE).as_posix()}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def work_out() -> Digests:
    """Both digests, from the source alone."""
    model = [f"sim.model.{'.'.join(path.relative_to(SOURCE / 'model').with_suffix('').parts)}" for path in (SOURCE / "model").rglob("*.py")]
    starts = [name.removesuffix(".__init__") for name in model if name.removeprefix("sim.model.") not in DISPATCH]
    every = sorted(_reached(starts))
    rules = _reached([*(name for name in every if DECORATORS & _decorators(name)), *BUILDERS])
    said = {name: Meaning(name).text() if name.startswith(NAMES) else _compiled(name) for name in every}
    compiled = {name: _compiled(name) for name in every if name in rules or name.startswith(NAMES)}
    found = Digests(_digest(said), _digest(compiled))
    _tree.cache_clear()
    _compiled.cache_clear()
    return found


@cache
def meaning(module: str) -> str:
    """A digest of a module and of all that it imports of the model and the catalogue, as far as compiled code may depend on it."""
    return _digest({name: _compiled(name) for name in sorted(_reached([module]))})


@cache
def _compiled(module: str) -> str:
    """What compiled code may depend on of a module."""
    return Meaning(module, names_only=module.startswith(NAMES)).text()


def _digest(parts: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in parts.items():
        digest.update(f"{name}\n{len(text)}\n{text}".encode())
    return digest.hexdigest()[:16]


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_path(module).read_bytes())


def _path(module: str) -> Path:
    path = SOURCE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _imports(module: str) -> frozenset[str]:
    """Modules of the model and the catalogue that one imports when it is loaded."""
    found = set()
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("sim.model", "sim.catalogue", "sim.elementary")):
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in {node.module, *inside} if _path(name).is_file()}
    return frozenset(name for name in found if name.removeprefix("sim.model.") not in DISPATCH)


def _reached(modules: Iterable[str]) -> set[str]:
    seen, ahead = set[str](), list(modules)
    while ahead:
        if (name := ahead.pop()) not in seen:
            seen.add(name)
            ahead += _imports(name)
    return seen


def _decorators(module: str) -> set[str]:
    functions = (node for node in _tree(module).body if isinstance(node, ast.FunctionDef))
    return {mark.id for function in functions for mark in function.decorator_list if isinstance(mark, ast.Name)}


class Meaning:
    """What a module says, without what only people read; or, `names_only`, without every argument of calls that declare entries too."""

    def __init__(self, module: str, *, names_only: bool = False) -> None:
        self._tree, self._names_only, self._declares = _tree(module), names_only, module.startswith(DECLARING)
        self._order: dict[str, list[str]] = {}  # class or function of the catalogue -> names of its arguments
        if self._declares:
            for name in _reached([module]):
                self._order |= _signatures(_tree(name))

    def text(self) -> str:
        """The tree on one line."""
        return "".join(self._node(self._tree))

    def _node(self, node: object) -> Iterator[str]:
        if isinstance(node, list):
            for each in node:
                yield from self._node(each)
        elif isinstance(node, ast.AST):
            yield f"({type(node).__name__}"
            for field, value in ast.iter_fields(self._heard(node)):
                if value is not None and value != [] and field not in ("ctx", "type_comment", "kind"):
                    yield f" {field}="
                    yield from self._node(value)
            yield ")"
        else:
            yield f" {node!r}"

    def _heard(self, node: ast.AST) -> ast.AST:
        """A node without its docstring, or without its prose."""
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            return _with(node, body=node.body[1:])
        if self._declares and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if self._names_only:
                return _with(node, args=[], keywords=[])
            order = self._order.get(node.func.id, [])
            spoken = [each for number, each in enumerate(node.args) if not (number < len(order) and order[number] in PROSE)]
            return _with(node, args=spoken, keywords=[each for each in node.keywords if each.arg not in PROSE])
        return node


def _with(node: ast.AST, **other: object) -> ast.AST:
    return type(node)(**(dict(ast.iter_fields(node)) | other))


def _signatures(tree: ast.Module) -> dict[str, list[str]]:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = [argument.arg for argument in node.args.args]
        elif isinstance(node, ast.ClassDef):
            fields = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
            found[node.name] = [field.id for field in fields if isinstance(field, ast.Name)]
    return found
