"""Changes of a scenario in one line, as people ask: "kingpin_targeting*2 from 2012".

    QUESTION  = [SCENARIO ":"] CHANGE {"and" CHANGE}
    CHANGE    = LEVER ("*" NUMBER | "+" NUMBER | "-" NUMBER | "=" NUMBER) {CLAUSE}   of what is inherited
              | PARAMETER "=" (NUMBER | LOW ".." HIGH) ["from" DATE]                 a range is drawn per world
    CLAUSE    = "from" DATE | "until" DATE | "in" PLACES | "against" CARTELS

Dates are 2012, 2012-06 or 2012-06-30; places and cartels are ids, joined by commas. A question is nothing but a small file
that extends a scenario: `cartelitos show "..." --as-file` prints that file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.scenario.changes import START
from sim.scenario.problems import brief, suggest

KINDS = {"*": "times", "+": "plus", "-": "plus", "=": "intensity"}
CLAUSES = {"from": "from", "until": "until", "in": "where", "against": "target"}
FORM = 'write it as "kingpin_targeting*2 from 2012", "treatment+0.5 until 2015" or "military_deployment=1 in MIC,GRO"'

_CHANGE = re.compile(r"\s*(?P<name>[\w.]*\w)\s*(?P<sign>[*+=]|-(?=\s*[\d.]))\s*(?P<rest>\S.*?)\s*", re.ASCII)
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_ASKED = re.compile(r"(?:(?P<base>[^:=*+]*):)?\s*(?P<name>[\w.]+)\s*(?P<sign>[*+=]|-(?=\s*[\d.]))", re.ASCII)


def _catalogue() -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Levers and parameters by name."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415  numpy
    from sim.catalogue.parameters import PARAMETERS  # noqa: PLC0415

    return LEVERS, PARAMETERS


class Question(NamedTuple):
    """What a phrase says."""

    base: str | None  # the scenario that it changes; None = the one that is asked about
    changes: tuple[tuple[str, Mapping[str, Any]], ...]  # tables of `[policy.LEVER]` by lever, in order
    parameters: Mapping[str, Any]  # entries of `[parameters]`
    wrong: tuple[tuple[str, str | None], ...] = ()  # message and hint of what cannot be read


def is_question(text: str, *, known: bool = False) -> bool:
    """Whether a text is meant as a phrase, and not as a scenario's name or path; with `known`, about a lever or parameter there is."""
    if text.endswith(".toml"):
        return False
    found, (first, *more) = _ASKED.match(text), text.split() or [""]
    if found is None:
        return bool(more) and any(first in names for names in _catalogue())
    return any(found["name"] in names for names in _catalogue()) or (found["sign"] != "-" and not known)


def parse(text: str) -> Question:
    """What a phrase says, as far as it can be read."""
    head, colon, rest = text.partition(":")
    base, asked = (head.strip(), rest) if colon else (None, text)
    changes: list[tuple[str, Mapping[str, Any]]] = []
    parameters: dict[str, Any] = {}
    wrong: list[tuple[str, str | None]] = []
    levers, assumptions = _catalogue()
    for part in re.split(r"\s+and\s+", asked.strip()):
        try:
            name, sign, rest = _operation(part)
            if name not in assumptions or (name in levers and sign != "="):
                changes.append((name, _change(sign, rest)))
            elif name in parameters:
                raise ValueError(f"{name} is said twice", None)
            else:
                parameters[name] = _parameter(name, sign, rest)
        except ValueError as error:
            wrong.append((error.args[0], error.args[1]))
    return Question(base, tuple(changes), parameters, tuple(wrong))


def template(field: str) -> tuple[str, str] | None:
    """A lever, its operation and its clauses as a swept field has them ("kingpin_targeting* from 2012"): before and after the number."""
    found = re.fullmatch(r"\s*([\w.]+)\s*([*+])\s*((?:from|until|in|against)\s.*)?", field, re.ASCII)
    return (f"{found[1]}{found[2]}", f" {found[3]}" if found[3] else "") if found else None


def _operation(part: str) -> tuple[str, str, str]:
    found = _CHANGE.fullmatch(part)
    if not found:
        raise ValueError(f"{brief(part)} is no change", FORM)
    name = found["name"].removeprefix("policy.").removeprefix("parameters.").removesuffix(".intensity")
    known = [name for names in _catalogue() for name in names]
    if name not in known:
        raise ValueError(f"there is no lever or parameter {brief(name)}", suggest(name, known))
    return name, found["sign"], found["rest"]


def _change(sign: str, rest: str) -> dict[str, Any]:
    value, *clauses = re.split(r"\s+(?=(?:from|until|in|against)\s)", rest)
    if not re.fullmatch(_NUMBER, value):
        raise ValueError(f"{brief(value)} is no number", FORM)
    number = float(value) * (-1.0 if sign == "-" else 1.0)
    table: dict[str, Any] = {KINDS[sign]: int(number) if number.is_integer() else number}
    for clause in clauses:
        word, said = clause.split(maxsplit=1)
        key = CLAUSES[word]
        if key in table:
            raise ValueError(f"says '{word}' twice", FORM)
        if re.search(r"\s", said.strip()) and key in ("from", "until"):
            raise ValueError(f"{brief(said)} is not a date", FORM)
        table[key] = [name.strip() for name in said.split(",")] if key in ("where", "target") else said
    return table if sign != "=" else {"from": START, **table}


def _parameter(name: str, sign: str, rest: str) -> Any:  # noqa: ANN401 (a value of a file)
    hint = f"write {name}=0.8, {name}=0.2..1.2 or {name}=0.8 from 2012"
    if sign != "=":
        raise ValueError(f"{name} is a parameter, which every world draws: it cannot be multiplied or added to", hint)
    found = re.fullmatch(rf"({_NUMBER})(?:\.\.({_NUMBER})|\s+from\s+(\S+))?", rest)
    if not found:
        raise ValueError(f"{brief(rest)} is no value of a parameter", hint)
    if found[2]:
        return {"low": float(found[1]), "high": float(found[2])}
    return [[found[3], float(found[1])]] if found[3] else float(found[1])
