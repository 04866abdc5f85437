"""A scenario before validation: plain values, each with the file and line it comes from."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

from sim.scenario.changes import is_question, is_relative, parse, template
from sim.scenario.lines import DEEPEST, Field, Toml
from sim.scenario.problems import Problem, ScenarioError

SET, VARY = "--set", "--vary"  # where a value comes from that stands in no file


class Origin(NamedTuple):
    """Where a value was written."""

    file: str
    line: int | None = None
    instead: str = ""  # of what, where it replaces an inherited value

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}, in place of {self.instead}" if self.instead else place


@dataclass(frozen=True)
class Draft:
    """Nested tables as TOML gives them, and the origin of every path in them (of an ancestor, where one has none)."""

    data: dict[str, Any]
    origins: dict[Field, Origin]

    def origin(self, field: Field) -> Origin:
        """Where the field was written, or else the nearest table around it."""
        return next(self.origins[field[:n]] for n in range(len(field), -1, -1) if field[:n] in self.origins)

    def problem(self, field: Field, message: str, hint: str | None = None) -> Problem:
        """A problem at the field's origin."""
        file, line, _ = self.origin(field)
        if is_question(file):  # where nobody has counted
            field = tuple(part for part in field if isinstance(part, str))
        return Problem(file, line, dotted(field), message, hint)

    def leaves(self) -> Iterator[tuple[Field, Any]]:
        """Every value that is not a table or a list of tables."""
        return _leaves((), self.data)

    def without(self, keys: Collection[str]) -> Draft:
        """This draft without some top-level keys."""
        data = {key: value for key, value in self.data.items() if key not in keys}
        return Draft(data, {path: origin for path, origin in self.origins.items() if not set(path[:1]) & set(keys)})

    def over(self, base: Draft) -> Draft:
        """This draft on top of the base: tables merge deeply, changes of a lever follow what it has, everything else replaces."""
        top = self._following(base)
        kept = {path: origin for path, origin in base.origins.items() if not top._replaces(base, path)}
        before = {path: base for path, _ in base.leaves() if path in top.origins and path not in kept}
        mine = {path: base.succeeded(path, origin) if path in before else origin for path, origin in top.origins.items()}
        return Draft(_merged(base.data, top.data), kept | mine)

    def succeeded(self, path: Field, origin: Origin) -> Origin:
        """The origin of a value that takes the place of one of this draft's."""
        here = self.origin(path)
        return origin if here == origin or origin.instead else origin._replace(instead=str(here._replace(instead="")))

    def _following(self, base: Draft) -> Draft:
        """This draft with levers that it only changes as lists: what the base has of them, then the changes."""
        draft = self
        mine, theirs = (each.data.get("policy") for each in (self, base))
        for lever, own in mine.items() if isinstance(mine, dict) else ():
            tables = own if isinstance(own, list) else [own]
            if tables and is_relative(tables[0]):
                inherited = theirs.get(lever, []) if isinstance(theirs, dict) else []
                before = inherited if isinstance(inherited, list) else [inherited]
                draft = draft._renumbered(("policy", lever), tables, before, base)
        return draft

    def _renumbered(self, field: Field, tables: list[Toml], before: list[Toml], base: Draft) -> Draft:
        """This draft with a list of tables at a field: some of the base, then its own, each with its origins."""
        origins = {path: origin for path, origin in self.origins.items() if path[:2] != field}
        for draft, first in ((base, 0), (self, len(before))):
            for path, origin in draft.origins.items():
                if path[:2] == field:
                    listed = len(path) > 2 and isinstance(path[2], int)
                    rest: Field = (first + int(path[2]), *path[3:]) if listed else (first, *path[2:])
                    origins[*field, *rest] = origin
                    origins.setdefault(field, origin)
        data = {**self.data, "policy": {**self.data["policy"], field[1]: [*before, *tables]}}
        return Draft(data, origins)

    def _replaces(self, base: Draft, path: Field) -> bool:
        mine: Any = self.data
        theirs: Any = base.data
        for depth, part in enumerate(path):
            if part not in mine:
                return False
            mine, theirs = mine[part], theirs[part]
            if not (isinstance(mine, dict) and isinstance(theirs, dict)) or (depth == 1 and path[0] == "parameters"):
                return True
        return False

    def put(self, field: Field, value: Toml, origin: str = SET) -> Draft:
        """This draft with one value replaced; it, and tables made for it, come from an override."""
        tables = takewhile(lambda n: isinstance(_at(self.data, field[:n]), dict | list), range(1, len(field)))
        new = 1 + len(list(tables))
        kept = {path: origin for path, origin in self.origins.items() if path[:new] != field[:new]}
        made = {field[:n]: Origin(origin) for n in range(new, len(field) + 1)}
        return Draft(_put(self.data, field, value), kept | made)

    def find(self, dotted_field: str) -> Field:
        """The path of a dotted field; a list of one table is entered by itself, others by position."""
        path: Field = ()
        node: Any = self.data
        for part in _parts(dotted_field):
            if isinstance(node, list) and len(node) == 1 and not part.isdecimal():
                path, node = (*path, 0), node[0]
            step: str | int = part
            if isinstance(node, list):
                if not (part.isdecimal() and int(part) < len(node)):
                    raise ValueError(f"{dotted(path)} has {len(node)} entries; name one, from {dotted((*path, 0))}")
                step = int(part)
            path = (*path, step)
            node = node[step] if isinstance(step, int) or (isinstance(node, dict) and step in node) else None
        return path


def override(draft: Draft, text: str) -> tuple[Draft, list[Problem]]:
    """The draft with one `--set` applied, as far as it can be read; and what of it cannot.

    It is "dotted.field=value", in TOML (what is not TOML is text), or a change such as "kingpin_targeting*2 from 2012".
    """
    key, equals, value = text.partition("=")
    try:
        text.encode()
        if is_question(text, known=bool(equals)):
            change, problems = asked(text, SET)
            return change.over(draft), problems
        if not equals:
            raise ValueError("should read field=value")
        field = draft.find(key.strip())
    except ValueError as error:
        message = str(error) if not isinstance(error, UnicodeError) else "is not valid text"
        return draft, [Problem(SET, None, key.strip(), message)]
    return draft.put(field, toml_value(value.strip())), []


def at(draft: Draft, key: str, value: Toml, origin: str = SET) -> Draft:
    """The draft at one coordinate of a sweep: a dotted field, or a change whose number is open ("kingpin_targeting* from 2012")."""
    parts = template(key)
    if not parts:
        return draft.put(draft.find(key), value, origin)
    change, problems = asked(f"{parts[0]}{value}{parts[1]}", origin)
    if problems:
        raise ScenarioError(problems)
    return change.over(draft)


def asked(text: str, origin: str) -> tuple[Draft, list[Problem]]:
    """What a phrase says, as a draft; and what of it cannot be read."""
    said = parse(text)
    problems = [Problem(origin, None, text if origin != text else "", *wrong) for wrong in said.wrong]
    policy: dict[str, Any] = {}
    for lever, table in said.changes:
        policy.setdefault(lever, []).append(dict(table))
    data = {"policy": policy} | ({"parameters": dict(said.parameters)} if said.parameters else {})
    return Draft(data, {(): Origin(origin)} | {path: Origin(origin) for path in _paths((), data)}), problems


def dotted(field: Field) -> str:
    """The path as people write it: policy.treatment.intensity."""
    return ".".join(str(part) if re.fullmatch(r"[\w-]+", str(part)) else json.dumps(part) for part in field)


def toml_value(text: str) -> Toml:
    """A value in TOML syntax; anything that is not TOML is text."""
    try:
        (value,) = tomllib.loads(f"value = {text}").values()
        return value
    except (ValueError, RecursionError):
        return text


def _parts(dotted_field: str) -> list[str]:
    if len(dotted_field) > 1000:
        raise ValueError("is no field")
    try:
        node: Any = tomllib.loads(f"{dotted_field} = 0")
    except ValueError:
        raise ValueError("is not a dotted field, such as policy.treatment.intensity") from None
    parts: list[str] = []
    while isinstance(node, dict) and len(node) == 1 and len(parts) < DEEPEST:
        ((part, node),) = node.items()
        parts.append(part)
    if node != 0:
        raise ValueError("is not one dotted field")
    return parts


def _at(node: Toml, path: Field) -> Toml:
    for part in path:
        inside = part in node if isinstance(node, dict) else isinstance(node, list)
        node = node[part] if inside else None
    return node


def _leaves(path: Field, node: Toml) -> Iterator[tuple[Field, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves((*path, key), value)
    elif isinstance(node, list) and node and all(isinstance(item, dict) for item in node):
        for number, item in enumerate(node):
            yield from _leaves((*path, number), item)
    else:
        yield path, node


def _paths(path: Field, node: Toml) -> Iterator[Field]:
    """The path of every key and list element."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*path, key)
        yield from _paths((*path, key), value)


def _merged(base: dict[str, Any], top: dict[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """Tables merged deeply; with `whole` only their keys, as a parameter's range is one value."""
    merged = dict(base)
    for key, value in top.items():
        below = base.get(key)
        deep = isinstance(below, dict) and isinstance(value, dict) and not whole
        merged[key] = _merged(below or {}, value, whole=key == "parameters") if deep else value
    return merged


def _put(node: Toml, path: Field, value: Toml) -> Toml:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        return [_put(item, rest, value) if number == head else item for number, item in enumerate(node)]
    table = dict(node) if isinstance(node, dict) else {}
    return table | {head: _put(table.get(head), rest, value)}
