"""What the model's source says about itself: tables, the order of the week, mechanisms, agents.

Source text is parsed, never imported, so describing the model compiles nothing.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sim

MODEL = Path(sim.__file__).parent / "model"
MECHANISMS = "mechanisms/"
LINES = ("Reads", "Writes", "Rule", "Source")
UNSOURCED = ("ASSUMED", "FITTED")

_LINE = re.compile(rf"^({'|'.join(LINES)}):\s+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SECTION = re.compile(rf"^({'|'.join(LINES)}|Args|Attributes|Raises|Returns):", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {8,}\S.*)*)", re.MULTILINE)
_DECISION = re.compile(r"[a-z]+\.[a-z_]+")
_PERIOD = re.compile(r"\w+ % (\d+) == 0")


class Field(NamedTuple):
    """A name and what the source says about it; `value` only of constants."""

    name: str
    meaning: str
    value: float | None = None


class Record(NamedTuple):
    """A class that holds state."""

    name: str
    summary: str
    fields: tuple[Field, ...]


class Function(NamedTuple):
    """A function or method: its summary, and those of the four fixed lines that its docstring has."""

    name: str
    module: str
    summary: str
    lines: Mapping[str, str]


class Step(NamedTuple):
    """One call in the week."""

    function: Function
    when: str


class Happening(NamedTuple):
    """A rare event: which mechanisms notice it, and what follows."""

    name: str
    noticed_by: tuple[str, ...]
    follows: str


def modules() -> tuple[str, ...]:
    """Every module of the model, as paths below `sim/model` without the ending."""
    return tuple(sorted(path.relative_to(MODEL).with_suffix("").as_posix() for path in MODEL.rglob("*.py")))


def mechanisms() -> tuple[str, ...]:
    """The modules that hold submodels."""
    return tuple(name for name in modules() if name.startswith(MECHANISMS) and not name.endswith("__init__"))


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module of the model."""
    return ast.parse(_text(module))


def about(module: str) -> str:
    """A module's docstring."""
    return ast.get_docstring(tree(module)) or ""


def records(module: str) -> dict[str, Record]:
    """The named tuples of a module, each field with the comment behind it."""
    comments, classes = _comments(module), (node for node in tree(module).body if isinstance(node, ast.ClassDef))
    return {
        node.name: Record(node.name, _summary(node), tuple(_fields(node, comments)))
        for node in classes
        if "NamedTuple" in map(ast.unparse, node.bases)
    }


def agent(name: str) -> Record:
    """An agent class: its summary and the attributes its docstring lists."""
    node = _class("agents", name)
    section = (ast.get_docstring(node) or "").partition("Attributes:")[2]
    listed = (Field(found[1], _one_line(found[2]).rstrip(".")) for found in _ATTRIBUTE.finditer(section))
    return Record(name, _summary(node), tuple(listed))


def functions(module: str) -> dict[str, Function]:
    """The functions of a module, in the order in which they stand."""
    return {node.name: _function(node, module) for node in tree(module).body if isinstance(node, ast.FunctionDef)}


def methods(module: str, name: str) -> dict[str, Function]:
    """The methods of a class that are not properties, in the order in which they stand."""
    own = (node for node in _class(module, name).body if isinstance(node, ast.FunctionDef))
    return {node.name: _function(node, module) for node in own if not node.decorator_list}


def constants(module: str) -> list[Field]:
    """Numbers that a module names and comments for itself."""
    comments = _comments(module)
    found = ((name, comments.get(value.lineno, ""), _number(value)) for name, value in _assigned(tree(module).body))
    return [Field(name, meaning, value) for name, meaning, value in found if meaning and value is not None]


def week() -> list[Step]:
    """What the compiled week calls, in order, and when."""
    known = functions("week")
    for node in tree("week").body:
        if isinstance(node, ast.ImportFrom) and node.module and ".mechanisms." in node.module:
            there = functions(node.module.removeprefix("sim.model.").replace(".", "/"))
            known |= {alias.name: there[alias.name] for alias in node.names if alias.name in there}
    body = next(node for node in tree("week").body if isinstance(node, ast.FunctionDef) and node.name == "week").body
    named = {name: ast.unparse(value) for name, value in _assigned(body)}
    return [Step(known[name], when) for name, when in _calls(body, named, ()) if name in known]


def happenings() -> list[Happening]:
    """Rare events: those that are acted on, in the order in which they are within a week, after those that are merely logged."""
    order = {name: _number(value) for name, value in _assigned(tree("columns").body)}
    tables = (value for _, value in _assigned(tree("log").body) if isinstance(value, ast.Dict))
    items = [item for table in tables for item in zip(table.keys, table.values, strict=True)]
    follows = {ast.unparse(key): f"logged as {ast.literal_eval(value)}" for key, value in items if key} | _acted_on()
    events = sorted(order.keys() & follows.keys(), key=lambda name: order[name] or 0.0)
    return [Happening(name, tuple(_callers(name)), follows[name]) for name in events]


def _acted_on() -> dict[str, str]:
    """Event -> what `falls.happen` does about it: the summary of the function it calls."""
    known = functions("births") | functions("falls")
    happen = next(node for node in tree("falls").body if isinstance(node, ast.FunctionDef) and node.name == "happen")
    choices = (node for node in ast.walk(happen) if isinstance(node, ast.If))
    found = {}
    for choice in choices:
        test, call = choice.test, choice.body[0]
        if isinstance(test, ast.Compare) and isinstance(call, ast.Expr) and isinstance(call.value, ast.Call):
            found[ast.unparse(test.comparators[0])] = known[ast.unparse(call.value.func)].summary
    return found


def uses(owner: str, module: str) -> set[str]:
    """The names that a module looks up on `owner`, as in `P.wage` or `model.parameters.wage`."""
    nodes = (node for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if owner in (getattr(node.value, "id", None), getattr(node.value, "attr", None))}


def decisions() -> list[str]:
    """The names by which random draws are addressed."""
    trees = (tree(module) for module in modules() if not module.startswith("worlds/"))
    calls = (node for each in trees for node in ast.walk(each) if isinstance(node, ast.Call))
    texts = (arg.value for call in calls for arg in call.args if isinstance(arg, ast.Constant))
    return sorted({text for text in texts if isinstance(text, str) and _DECISION.fullmatch(text)})


def cited(line: str) -> tuple[str, ...]:
    """The entries of a `Source:` line, `key (what it is for), key (...)`, without what stands in brackets."""
    entries = re.split(r"[,;]| and ", re.sub(r"\([^)]*\)", "", line))
    return tuple(entry.strip() for entry in entries if entry.strip())


def _text(module: str) -> str:
    return (MODEL / f"{module}.py").read_text(encoding="utf-8")


@cache
def _comments(module: str) -> dict[int, str]:
    """What stands behind a # in each line."""
    tokens = tokenize.generate_tokens(io.StringIO(_text(module)).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def _class(module: str, name: str) -> ast.ClassDef:
    return next(node for node in tree(module).body if isinstance(node, ast.ClassDef) and node.name == name)


def _fields(node: ast.ClassDef, comments: Mapping[int, str]) -> Iterator[Field]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign):
            yield Field(ast.unparse(item.target), comments.get(item.lineno, ""))


def _function(node: ast.FunctionDef, module: str) -> Function:
    lines = {found[1]: _one_line(found[2]) for found in _LINE.finditer(ast.get_docstring(node) or "")}
    return Function(node.name, module, _summary(node), lines)


def _summary(node: ast.FunctionDef | ast.ClassDef) -> str:
    return _one_line(_SECTION.split(ast.get_docstring(node) or "")[0])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _calls(body: Iterable[ast.stmt], named: Mapping[str, str], under: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names of functions called as statements, and when, given the conditions they stand under."""
    for node in body:
        if isinstance(node, ast.If):
            test = ast.unparse(node.test)
            yield from _calls(node.body, named, (*under, _words(named.get(test, test))))
        elif isinstance(node, ast.For):
            yield from _calls(node.body, named, (*under, "place by place"))
        elif isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            flags = [named.get(ast.unparse(arg), "") for arg in node.value.args]
            partly = [f"in part {_words(flag)}" for flag in flags if _PERIOD.fullmatch(flag)]
            often = [] if any(words.startswith("every") for words in under) else ["every week"]
            yield ast.unparse(node.value.func), ", ".join([*often, *under, *partly])


def _words(condition: str) -> str:
    period = _PERIOD.fullmatch(condition)
    return f"every {period[1]} weeks" if period else condition


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Names and what they are assigned; `A, B = 1, 2` gives two of each."""
    for node in body:
        if isinstance(node, ast.AnnAssign) and node.value:
            yield ast.unparse(node.target), node.value
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                yield from zip(map(ast.unparse, target.elts), value.elts, strict=True)
            else:
                yield ast.unparse(target), value


def _number(node: ast.expr) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) else None


def _callers(event: str) -> Iterator[str]:
    """The mechanisms' functions that hand an event on."""
    for module in mechanisms():
        for node in tree(module).body:
            calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
            if isinstance(node, ast.FunctionDef) and any(event in map(ast.unparse, call.args) for call in calls):
                yield node.name
