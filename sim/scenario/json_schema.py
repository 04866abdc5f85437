"""The JSON Schema of scenario files, from the models that validate them: editors complete and check while one writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.scenario.schema import Horizon, catalogue_document

NAME = "scenario.schema.json"  # as templates name it
WHOLE = ("Removal", "Split", "Tie")  # tables that no other file can complete


def json_schema() -> dict[str, Any]:
    """The schema of one file, draft 2020-12.

    It knows every name, kind and bound. What depends on other files (names of places and cartels, a value that a file
    overrides in the one it extends) only `load` can judge, so a file that fits may still have mistakes.
    """
    schema = catalogue_document().model_json_schema()
    tables = schema.pop("$defs")
    for name, parameter in PARAMETERS.items():
        about = f"{parameter.meaning} ({parameter.unit}); {parameter.source}"
        tables["Parameters"]["properties"][name] |= {"description": about, "default": parameter.default}
    for name, lever in LEVERS.items():
        tables[name]["description"] = f"{lever.title}. 1 is {lever.unit}; evidence: {lever.evidence}. {lever.summary}"
    for table in _tables([schema, *(table for name, table in tables.items() if name not in WHOLE)]):
        table.pop("required", None)
    schema["properties"]["extends"] = {"type": "string", "description": "Name or path of the scenario that this one changes."}
    complete = {"required": ["world"], "properties": {"world": {"required": list(Horizon.model_fields)}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Cartelitos scenario",
        "description": "A world, a policy and a horizon; or what differs from the scenario that it extends.",
        "anyOf": [{"required": ["extends"]}, complete],
        "$defs": tables,
    }


def _tables(nodes: list[Any]) -> Iterator[dict[str, Any]]:
    """Schemas of tables, at any depth, without defaults that only code understands."""
    for node in nodes:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            if "oneOf" in node and "discriminator" not in node:
                node["anyOf"] = node.pop("oneOf")  # which of them it is, only their missing fields would tell
            if node.get("default") is None or isinstance(node.get("default"), dict):
                node.pop("default", None)
            yield from _tables(list(node.values()))
        elif isinstance(node, list):
            yield from _tables(node)
