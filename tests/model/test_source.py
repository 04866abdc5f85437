"""The model's source and the catalogue agree: nothing is named that is not there, nothing is there that is not used."""

import ast

from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.push import HANDLES
from sim.catalogue.sources import SOURCES
from sim.show.description import source
from sim.show.description.source import LINES

WHOLE = ("Country", "Event", "Flow", "Line", "Cause")  # read field by field, whatever the fields are, or no columns
TABLES = {name.upper(): record for name, record in source.records("columns").items() if name not in WHOLE}


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
    used = {name for module in source.modules() for name in source.uses("P", module)}
    named = {name for module in source.modules() for alias in ("parameters", "p") for name in source.uses(alias, module)}
    assert used - PARAMETERS.keys() == set()
    assert ", ".join(sorted(PARAMETERS.keys() - used - named)) == ""


def test_every_handle_is_used_and_every_handle_used_exists():
    used = {name for module in source.modules() for name in source.uses("PUSH", module)}
    assert used == {handle.name for handle in HANDLES}


def test_every_flow_is_a_metric():
    assert {field.name for field in source.records("columns")["Flow"].fields} - METRICS.keys() == set()


def test_every_column_is_read_somewhere():
    read = {column for module in source.modules() for column in columns_read(source.tree(module))}
    every = {f"{table}.{field.name}" for table, record in TABLES.items() for field in record.fields}
    assert ", ".join(sorted(every - read)) == ""


def columns_read(tree):
    """`TABLE.column` of every look-up that is more than a column's own update."""
    names = {name: name for name in TABLES} | aliases(tree)
    for statement in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        written = {column for target in targets if target for column, _ in columns(target, names)}
        for expression in expressions(statement):
            yield from (column for column, read in columns(expression, names) if read and column not in written)


def aliases(tree):
    """Names that stand for a table, as after `g = LEDGER`."""
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name))
    return {ast.unparse(node.targets[0]): node.value.id for node in assigned if node.value.id in TABLES}


def expressions(statement):
    """What a statement evaluates itself, without the statements inside it."""
    return [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)]


def columns(node, names):
    """Every `TABLE.column` below a node, and whether it is looked up: as a loaded index, or by `get`."""
    for parent in ast.walk(node):
        for child in looked_up(parent):
            for each in ast.walk(child):
                if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names:
                    yield f"{names[each.value.id]}.{each.attr}", not isinstance(getattr(parent, "ctx", None), ast.Store)


def looked_up(node):
    if isinstance(node, ast.Subscript):
        return [node.slice]
    return node.args if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".get") else []
