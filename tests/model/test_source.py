"""The model's source and the catalogue agree: nothing is named that is not there, nothing is there that is not used."""

import ast
from dataclasses import fields

from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.push import HANDLES
from sim.catalogue.sources import SOURCES
from sim.model.columns import Country
from sim.show.description import source
from sim.show.description.source import LINES

TABLES = {name: [field.name for field in record.fields] for name, record in source.records("columns").items()}
WHOLE = ("Event", "Flow", "Stock", "Kind", "Cause")  # read field by field, whatever the fields are, or no columns
FIELDS = {field.name: field.type for field in fields(Country)}  # name of a table in the country -> its class


def test_every_mechanism_of_the_week_says_what_it_reads_and_writes_its_rule_and_its_source():
    steps = [step.function for step in source.week() if step.function.module in source.mechanisms()]
    lacking = {step.name: missing for step in steps if (missing := [line for line in LINES if line not in step.lines])}
    assert lacking == {}


def test_the_week_runs_every_mechanism_it_imports():
    imported = {
        alias.name
        for node in source.tree("week").body
        if isinstance(node, ast.ImportFrom) and ".mechanisms." in node.module
        for alias in node.names
    }
    assert {name for name in imported if name.islower()} <= {step.function.name for step in source.week()}


def test_every_source_of_a_docstring_is_in_the_bibliography():
    known = {*SOURCES, *source.UNSOURCED}
    cited = {
        f"{module}.{name}": source.cited(function.lines["Source"])
        for module in source.mechanisms()
        for name, function in source.functions(module).items()
        if "Source" in function.lines
    }
    assert {name: wrong for name, keys in cited.items() if (wrong := [key for key in keys if key not in known])} == {}


def test_every_parameter_is_read_and_every_parameter_read_exists():
    used = {name for module in source.modules() for table, name in names_read(module) if table == "P"} - {"copy"}
    named = {name for module in source.modules() for name in source.uses("parameters", module)}
    assert used - PARAMETERS.keys() == set()
    assert ", ".join(sorted(PARAMETERS.keys() - used - named)) == ""


def test_every_handle_is_used_and_every_handle_used_exists():
    used = {name for module in source.modules() for table, name in names_read(module) if table == "Press"} - {"size"}
    assert used == {handle.name for handle in HANDLES}


def test_every_flow_is_a_metric():
    assert {field.name for field in source.records("columns")["Flow"].fields} - METRICS.keys() == set()


def test_every_column_is_read_somewhere():
    read = {column for module in source.modules() for column in names_read(module)}
    every = {(table, name) for table, names in TABLES.items() if table not in WHOLE for name in names}
    assert sorted(every - read) == []


def names_read(module):
    """(table, name) of every look-up in the functions of a module that is more than a name's own update."""
    functions = [node for node in ast.walk(source.tree(module)) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        known = {arg.arg: ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation}
        statements = sorted((node for node in ast.walk(function) if isinstance(node, ast.stmt)), key=lambda node: node.lineno)
        for statement in statements:
            learn(statement, known)
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            written = {found for target in targets if target for found, _ in looked_up(target, known)}
            for expression in (node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)):
                yield from (found for found, read in looked_up(expression, known) if read and found not in written)


def learn(statement, known):
    """Names that stand for a table, or a part of one, from now on."""
    if not isinstance(statement, ast.Assign):
        return
    for target in statement.targets:
        together = isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple)
        pairs = zip(target.elts, statement.value.elts, strict=True) if together else [(target, statement.value)]
        known.update({name.id: table for name, value in pairs if isinstance(name, ast.Name) and (table := kind(value, known))})


def kind(node, known):
    """The class of what an expression stands for, if it is a table, numbers, or some of their rows."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Subscript):
        return {"Push": "Press", "Cube": "Push"}.get(whole := kind(node.value, known), whole)
    return FIELDS.get(node.attr) if isinstance(node, ast.Attribute) else None


def looked_up(node, known):
    """Every (table, name) below a node, and whether it is read there."""
    stored = {id(each.value) for each in ast.walk(node) if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store)}
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and (table := kind(each.value, known)):
            yield (table, each.attr), isinstance(each.ctx, ast.Load) and id(each) not in stored
        elif isinstance(each, ast.Call) and ast.unparse(each.func).endswith(".get") and each.args:
            yield ("Cartel", getattr(each.args[0], "value", None)), True


ARITHMETIC = {0.0, 1.0, 2.0, 0.5, 1e-3, 1e3, 1e5, 1e-5, 1e-6, 1e-9, 1e-12, 1e-300}  # units, halves, and what keeps nothing from dividing


def test_rules_take_their_numbers_from_the_catalogue():
    """No behavioural constant stands in a rule: a number there is a unit, a half, a guard, or a constant with a name of its own."""
    found = {}
    for module in source.mechanisms():
        for function in (node for node in source.tree(module).body if isinstance(node, ast.FunctionDef)):
            constants = (node.value for node in ast.walk(function) if isinstance(node, ast.Constant))
            odd = {value for value in constants if isinstance(value, float) and value not in ARITHMETIC}
            found |= {f"{module}.{function.name}": odd} if odd else {}
    assert found == {"fall/succession.succeed": {100.0}, "mechanisms/brokers.fifth_of": {5.0}}  # per cent; fifths
