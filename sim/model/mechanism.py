"""A mechanism of one's own: one compiled function in a file anywhere, which declares what it needs.

    from sim.model.mechanism import Country, Metric, mechanism, param

    @mechanism(
        after="contest",
        parameters={"displaced_per_death": param(1.5, "people", (0, 20), "ASSUMED", "people who leave home for each killing")},
        metrics=[Metric("displaced", "People displaced", "people", "flow", "less", "People who leave their homes.")],
        columns={"territory": {"fled": "people who left since the start"}},
        off={"displaced_per_death": 0.0},
    )
    def displacement(c: Country) -> None: ...

`load` takes such a file, or the name of an entry point of the group `cartelitos.mechanisms`; from then on this Python knows its
parameters and metrics. `activate` puts it into the week, once, before any country is made: tables then have its columns. Results say
which mechanisms made them (`Plan.mechanisms`), and a country without any is none the wiser.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.catalogue.constants import param
from sim.catalogue.installed import entries
from sim.catalogue.metrics import METRICS, Metric
from sim.catalogue.parameters import PARAMETERS, declare
from sim.catalogue.switches import CHANNELS, SWITCHES, Channel, Switch
from sim.model import columns, week
from sim.model.columns import Country
from sim.model.compile.compiled import Compiled, compiled, forget, inner
from sim.model.compile.named import EXTENSIONS, Floats, Table
from sim.model.tables import draw, emit, tell
from sim.scenario.problems import Problem, ScenarioError

__all__ = ["Country", "Metric", "compiled", "draw", "emit", "inner", "mechanism", "param", "tell"]  # what a file needs

GROWING = ("territory", "cartel", "nation")  # that may get columns; rows of others come, go and are sorted
Rule = Callable[[Country], None]


@dataclass(frozen=True)
class Mechanism:
    """What a file declares."""

    name: str  # of the function
    rule: Rule  # the function
    after: str  # the step of the week after which it runs, as often as that
    parameters: Mapping[str, Any]  # name -> what `param` gave
    metrics: Sequence[Metric]  # flows that it counts
    columns: Mapping[str, Mapping[str, str]]  # table -> name -> meaning
    off: Mapping[str, float]  # parameter values at which it does nothing
    file: str  # where it stands
    line: int  # where there
    sha: str  # sixteen hex digits of the file

    def problem(self, message: str, hint: str | None = None, line: int | None = None) -> ScenarioError:
        """What is wrong with it, as people read it."""
        return ScenarioError([Problem(self.file, line or self.line, self.name, message, hint)])


KNOWN: dict[str, Mechanism] = {}  # by name, as they were loaded
_ACTIVE: list[Mechanism] = []  # that are part of this Python's week
_reading: list[tuple[str, str]] = []  # name and digest of the file that is being loaded


def mechanism(
    *,
    after: str,
    parameters: Mapping[str, Any] | None = None,
    metrics: Sequence[Metric] = (),
    columns: Mapping[str, Mapping[str, str]] | None = None,
    off: Mapping[str, float] | None = None,
) -> Callable[[Rule], Rule]:
    """Declare a rule that runs in the week after the step of that name."""

    def declared(rule: Rule) -> Rule:
        file, sha = _reading[-1] if _reading else _source(Path(inspect.getfile(rule)))
        line = rule.__code__.co_firstlineno
        made = Mechanism(rule.__name__, rule, after, parameters or {}, metrics, columns or {}, off or {}, file, line, sha)
        _check(made)
        _announce(made)
        return rule

    return declared


def load(source: str | Path) -> list[Mechanism]:
    """The mechanisms that a file declares, or an installed package under the name of an entry point; loaded once.

    Raises:
        ScenarioError: it is not there, fails, declares none, or what it declares does not fit.
    """
    path, name = Path(source), str(source)
    if path.suffix == ".py" or path.exists():
        return _from_file(path)
    offered = entries("mechanisms")
    if name not in offered:
        near = get_close_matches(name, offered)
        hint = f"did you mean {near[0]}?" if near else f"give a file, or one that is installed: {', '.join(offered) or 'there is none'}"
        raise ScenarioError([Problem(name, None, "mechanisms", "there is no such file or installed mechanism", hint)])
    module = importlib.util.find_spec(offered[name].module)
    if module is None or module.origin is None:
        raise ScenarioError([Problem(name, None, "mechanisms", f"its module {offered[name].module} cannot be found", None)])
    return _from_file(Path(module.origin))


def _source(path: Path) -> tuple[str, str]:
    return str(path), hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _from_file(path: Path) -> list[Mechanism]:
    try:
        named, sha = _source(path)
    except OSError as error:
        raise ScenarioError([Problem(str(path), None, "mechanisms", f"cannot be read: {error.strerror}", None)]) from error
    found = [each for each in KNOWN.values() if each.sha == sha]
    if found:
        return found
    _reading.append((named, sha))
    try:
        spec = importlib.util.spec_from_file_location(f"mechanism_{sha}", path)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except ScenarioError:
        raise
    except SyntaxError as error:
        raise ScenarioError([Problem(named, error.lineno, "", error.msg, None)]) from error
    except Exception as error:
        raise ScenarioError([Problem(named, line_in(named, error), "", f"{type(error).__name__}: {error}", None)]) from error
    finally:
        _reading.pop()
    found = [each for each in KNOWN.values() if each.sha == sha]
    if not found:
        hint = "decorate a function with `@mechanism(after=...)`, see `cartelitos guide adding`"
        raise ScenarioError([Problem(named, None, "", "declares no mechanism", hint)])
    return found


def line_in(file: str, error: BaseException) -> int | None:
    """The last line of a file that an error went through."""
    trace, line = error.__traceback__, None
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).resolve() == Path(file).resolve():
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# what is declared must fit -----------------------------------------------------------------------------------------------------


def _check(made: Mechanism) -> None:
    steps = [name for name, _ in _steps(_week())]
    if made.after not in steps:
        raise made.problem(f"there is no step '{made.after}' in the week", _near(made.after, steps))
    if made.name in KNOWN or made.name in steps or made.name in CHANNELS:
        raise made.problem("there is a mechanism of this name already", "give the function another name")
    taken = [name for name in made.parameters if name in PARAMETERS] + [each.name for each in made.metrics if each.name in METRICS]
    if taken:
        raise made.problem(f"declares what the catalogue has already: {', '.join(taken)}", "give it another name")
    for each in made.metrics:
        if each.kind != "flow":
            raise made.problem(f"metric {each.name} is a stock", "a mechanism of one's own counts flows")
    for table, names in made.columns.items():
        if table not in GROWING:
            raise made.problem(f"table '{table}' cannot get columns", f"only {', '.join(GROWING)} can")
        for name in names:
            if not name.isidentifier() or hasattr(_class(table), name) or name in _class(table).names:
                raise made.problem(f"{table} cannot get a column '{name}'", "it has one, or the name means something else")
    for name in made.off:
        if name not in made.parameters:
            raise made.problem(f"`off` names no parameter of its own: {name}", _near(name, made.parameters))
    _check_names(made)


def _check_names(made: Mechanism) -> None:
    """Every column that the rule names on the country is there, or declared."""
    lines, first = inspect.getsourcelines(made.rule)
    tree = ast.parse(inspect.cleandoc("\n" + "".join(lines)))
    body = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    country, tables = body.args.args[0].arg, {field.name for field in fields(Country)}
    alias: dict[str, str] = {}
    for node in ast.walk(body):
        if isinstance(node, ast.Assign):
            for target, value in _pairs(node.targets[0], node.value):
                if isinstance(target, ast.Name) and isinstance(value, ast.Attribute) and _is(value.value, country):
                    alias[target.id] = value.attr
    for node in ast.walk(body):
        if not isinstance(node, ast.Attribute):
            continue
        line = first + node.lineno - 1
        if _is(node.value, country) and node.attr not in tables:
            raise made.problem(f"the country has no '{node.attr}'", _near(node.attr, tables), line)
        table = alias.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(node.value, ast.Attribute) and _is(node.value.value, country):
            table = node.value.attr
        if table is None or not hasattr(_class(table), "names"):
            continue
        own = {"p": made.parameters, "flow": [each.name for each in made.metrics]}.get(table, made.columns.get(table, ()))
        known = [*_class(table).names, *own]
        if node.attr not in known and not hasattr(_class(table), node.attr) and node.attr not in ("floats", "ints"):
            raise made.problem(f"{table} has no '{node.attr}'", _near(node.attr, known), line)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=False)
    else:
        yield target, value


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known)
    return f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"


def _class(table: str) -> Any:  # noqa: ANN401
    """The class of a part of the country."""
    kinds = {field.name: str(field.type) for field in fields(Country)}
    return getattr(columns, kinds.get(table, ""), None)


def _announce(made: Mechanism) -> None:
    """Let the catalogue know it: parameters, metrics, a switch, a channel of its own."""
    KNOWN[made.name] = made
    declare(made.name, made.parameters)
    for each in made.metrics:
        METRICS[each.name] = each
    if made.off:
        about = (made.rule.__doc__ or made.name).strip().split("\n")[0].rstrip(".")
        about, title = about[:1].lower() + about[1:], made.name.replace("_", " ")[:32]
        CHANNELS[made.name] = Channel(made.name, title, title, f"Gone: {about}.")
        SWITCHES[made.name] = Switch(made.name, made.name, made.off, about)


# the week --------------------------------------------------------------------------------------------------------------------------


def activate(mechanisms: Sequence[Mechanism]) -> None:
    """Make these the mechanisms of this Python's week.

    Raises:
        ScenarioError: the week has others already, or the model has run without them.
    """
    if [each.sha for each in mechanisms] == [each.sha for each in _ACTIVE]:
        return
    if _ACTIVE or Country.made:
        raise mechanisms[0].problem(
            "this Python has run the model with other mechanisms", "use the process engine, or load them before anything runs"
        )
    for made in mechanisms:
        _ACTIVE.append(made)
        EXTENSIONS.append(made.sha)
        for table, names in made.columns.items():
            kind = _class(table)
            kind.extend(dict.fromkeys(names, Floats) if issubclass(kind, Table) else names)
        columns.P.extend(made.parameters)
        columns.Flow.extend([each.name for each in made.metrics])
    week.week = inner(_woven(mechanisms))
    forget()


def _week() -> ast.Module:
    return ast.parse(inspect.getsource(week))


def _steps(tree: ast.Module) -> list[tuple[str, list[ast.stmt]]]:
    """Every step of the week, and the statements among which it stands."""
    body = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "week").body
    found: list[tuple[str, list[ast.stmt]]] = []
    for statements in (body, *(node.body for node in body if isinstance(node, ast.If))):
        calls = (node.value for node in statements if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        found += [(ast.unparse(call.func), statements) for call in calls]
    return found


def _woven(mechanisms: Sequence[Mechanism]) -> Callable[..., None]:
    """The week with a call of each rule after its step, and of several after one in their order."""
    tree = _week()
    for made in reversed(mechanisms):
        statements = dict(_steps(tree))[made.after]
        at = next(i for i, node in enumerate(statements) if isinstance(node, ast.Expr) and ast.unparse(node).startswith(f"{made.after}("))
        statements.insert(at + 1, ast.parse(f"{made.name}(c)").body[0])
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "week")
    function.decorator_list = []
    names: dict[str, Any] = vars(week) | {made.name: inner(made.rule) for made in mechanisms}
    exec(compile(ast.fix_missing_locations(ast.Module([function], [])), week.__file__, "exec"), names)
    woven: Callable[..., None] = names["week"]
    return woven


def compile_alone(made: Mechanism) -> None:
    """Compile a rule for the country as it is declared now, and nothing else; for a trial.

    Raises:
        numba.core.errors.NumbaError: it cannot be.
    """
    from sim.model.compile.whole import program  # noqa: PLC0415  numba, only where it is needed

    program([Compiled(made.rule)])
