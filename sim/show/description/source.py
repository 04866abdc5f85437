"""What the model's source says about itself: tables, the order of the week, mechanisms, agents.

Source text is parsed and nothing of it is run, so describing the model compiles nothing.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sim

if TYPE_CHECKING:
    from sim.model.mechanism import Mechanism

MODEL = Path(sim.__file__).parent / "model"
MECHANISMS, FALL = "mechanisms/", "fall/"
LINES = ("Reads", "Writes", "Rule", "Source")
UNSOURCED = ("ASSUMED", "FITTED")
STATE = {"Table", "Numbers", "NamedTuple"}  # bases of classes whose fields are described

_LINE = re.compile(rf"^({'|'.join(LINES)}):\s+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SECTION = re.compile(rf"^({'|'.join(LINES)}|Args|Attributes|Raises|Returns):", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {8,}\S.*)*)", re.MULTILINE)
_DECISION = re.compile(r"[a-z]+\.[a-z_]+")
_PERIOD = re.compile(r"[\w.]+ % (\w+) == 0")


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


def modules() -> tuple[str, ...]:
    """Every module of the model, as paths below `sim/model` without the ending."""
    return tuple(sorted(path.relative_to(MODEL).with_suffix("").as_posix() for path in MODEL.rglob("*.py")))


def mechanisms() -> tuple[str, ...]:
    """The modules that hold submodels."""
    return tuple(name for name in modules() if name.startswith((MECHANISMS, FALL)) and not name.endswith("__init__"))


def fall() -> tuple[str, ...]:
    """The modules of what happens when a leader falls, in that order."""
    return tuple(FALL + name for name in re.findall(r"`(\w+)\.py`", about(f"{FALL}__init__")))


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module of the model."""
    return ast.parse(_text(module))


def about(module: str) -> str:
    """A module's docstring."""
    return ast.get_docstring(tree(module)) or ""


def records(module: str) -> dict[str, Record]:
    """The tables, numbers and named tuples of a module, each field with the comment behind it."""
    comments, classes = _comments(module), (node for node in tree(module).body if isinstance(node, ast.ClassDef))
    tables = (node for node in classes if STATE.intersection(map(ast.unparse, node.bases)))
    found: dict[str, Record] = {}
    for node in tables:
        items = (item for item in node.body if isinstance(item, ast.AnnAssign))
        fields = tuple(Field(ast.unparse(item.target), comments.get(item.lineno, "")) for item in items)
        found |= {node.name: Record(node.name, _summary(node), fields)} if fields else {}
    return found


def agent(name: str) -> Record:
    """An agent class: its summary and the attributes its docstring lists."""
    node = _class("agents", name)
    section = (ast.get_docstring(node) or "").partition("Attributes:")[2]
    listed = (Field(found[1], _one_line(found[2]).rstrip(".")) for found in _ATTRIBUTE.finditer(section))
    return Record(name, _summary(node), tuple(listed))


def functions(module: str) -> dict[str, Function]:
    """The functions of a module, in the order in which they stand."""
    own = (node for node in tree(module).body if isinstance(node, ast.FunctionDef))
    return {node.name: _function(node.name, module, ast.get_docstring(node) or "") for node in own}


def methods(module: str, name: str) -> dict[str, Function]:
    """The methods of a class that are not properties, in the order in which they stand."""
    own = (node for node in _class(module, name).body if isinstance(node, ast.FunctionDef))
    return {node.name: _function(node.name, module, ast.get_docstring(node) or "") for node in own if not node.decorator_list}


def constants(module: str) -> list[Field]:
    """Numbers that a module names and comments for itself."""
    comments = _comments(module)
    known = [(name, value) for name, value in _assigned(tree(module).body) if isinstance(value, ast.Constant) and value.lineno in comments]
    return [Field(name, comments[at.lineno], float(at.value)) for name, at in known if isinstance(at.value, int | float)]


def outside() -> list[tuple[Function, Mechanism]]:
    """Mechanisms from outside, if this Python has loaded any: what they say of themselves."""
    home = sys.modules.get("sim.model.mechanism")
    known = home.KNOWN.values() if home else ()
    return [(_function(made.name, Path(made.file).name, getdoc(made.rule) or ""), made) for made in known]


def week() -> list[Step]:
    """What the compiled week calls, in order, and when; mechanisms from outside as often as the step they follow."""
    known = functions("week")
    for node in tree("week").body:
        if isinstance(node, ast.ImportFrom) and node.module and ".mechanisms." in node.module:
            there = functions(node.module.removeprefix("sim.model.").replace(".", "/"))
            known |= {alias.name: there[alias.name] for alias in node.names if alias.name in there}
    body = next(node for node in tree("week").body if isinstance(node, ast.FunctionDef) and node.name == "week").body
    named = {name: ast.unparse(value) for name, value in _assigned(body)}
    steps = [Step(known[name], when) for name, when in _calls(body, named, ()) if name in known]
    for function, made in reversed(outside()):
        at = next(i for i, step in enumerate(steps) if step.function.name == made.after)
        steps.insert(at + 1, Step(function, steps[at].when))
    return steps


def happenings() -> list[tuple[str, tuple[str, ...], str]]:
    """Rare events, which functions notice them, and what follows: first what is acted on, in its order in a week, then what is logged."""
    acted, kinds = _acted_on(), [field.name for field in records("columns")["Kind"].fields]
    return [(name, callers, acted.get(name, "logged")) for name in kinds if (callers := tuple(_callers(f"KIND.{name}")))]


def _acted_on() -> dict[str, str]:
    """Event -> what `happen` does about it: the summary of the function it calls."""
    known = {name: function for module in fall() for name, function in functions(module).items()}
    happen = next(node for node in tree(f"{FALL}events").body if isinstance(node, ast.FunctionDef) and node.name == "happen")
    choices = (node for node in ast.walk(happen) if isinstance(node, ast.If))
    found = {}
    for choice in choices:
        test, call = choice.test, choice.body[0]
        if isinstance(test, ast.Compare) and isinstance(call, ast.Expr) and isinstance(call.value, ast.Call):
            found[ast.unparse(test.comparators[0]).removeprefix("KIND.")] = known[ast.unparse(call.value.func)].summary
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
    lines = enumerate(_text(module).splitlines(), 1)
    return {number: comment for number, line in lines if (comment := line.partition("  # ")[2])}


def _class(module: str, name: str) -> ast.ClassDef:
    return next(node for node in tree(module).body if isinstance(node, ast.ClassDef) and node.name == name)


def _function(name: str, module: str, text: str) -> Function:
    lines = {found[1]: _one_line(found[2]) for found in _LINE.finditer(text)}
    return Function(name, module, _one_line(_SECTION.split(text)[0]), lines)


def _summary(node: ast.ClassDef) -> str:
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
    if not period:
        return condition
    named = {field.name: field.value for field in constants("clock")}
    return f"every {named.get(period[1], period[1]):.0f} weeks"


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


def _callers(event: str) -> Iterator[str]:
    """The functions that report an event, or tell of it."""
    for module in modules():
        for node in tree(module).body:
            calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
            if isinstance(node, ast.FunctionDef) and any(event in map(ast.unparse, call.args) for call in calls):
                yield node.name
