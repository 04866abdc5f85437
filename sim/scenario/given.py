"""Arguments from Python: those of another kind than asked for are refused in a sentence, all at once, before anything is done."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, wraps
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from sim.catalogue.metrics import METRICS
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.scenario import Scenario

P = ParamSpec("P")
T = TypeVar("T")
MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
LISTED, LIST = (Sequence, Iterable), "a list in [...], each "
NUMBERS = {int: (Integral, "a whole number"), float: (Real, "a number")}
PLAIN: dict[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text in quotes"),
    bool: ((bool,), "True or False"),
    Path: ((str, PathLike), "a path"),
    NoneType: ((NoneType,), "None"),
    Scenario: ((Scenario,), "what `load` gave"),
}
ANY_SCENARIO = Annotated[object, "scenario"]


class Between(NamedTuple):
    """The least and the greatest that an argument may be: `Annotated[int, Between(1, 9)]`."""

    low: int
    high: int


def checked(function: Callable[P, T]) -> Callable[P, T]:
    """A function that refuses arguments of another kind than its annotations say, by one ScenarioError."""
    shape = inspect.signature(function)

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        hints, given = _hints(function), shape.bind(*args, **kwargs).arguments
        how = given.pop("how", {})
        wrong = [*misfits(hints, given | how)]
        wrong += [Problem("", None, name, "there is no such argument", suggest(name, hints)) for name in how.keys() - hints.keys()]
        if wrong:
            raise ScenarioError(wrong)
        return function(*args, **kwargs)

    return asked


@cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations of arguments, those of the typed dictionary that `**how` unpacks among them."""
    hints = get_type_hints(function, include_extras=True)
    how = get_args(hints.pop("how", None))
    return hints | (get_type_hints(how[0], include_extras=True) if how else {})


def misfits(hints: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with arguments, by their annotations: their kind, their choice, their bounds."""
    for name, value in given.items():
        if name not in hints:
            continue
        if not _fits(hints[name], value):
            shown = brief(value) if isinstance(value, str | int | bool) else f"{value!r:.60}"
            yield Problem("", None, name, f"should be {_told(hints[name])}, not {shown}")
        else:
            yield from _beyond(name, hints[name], value)


def _fits(hint: Any, value: Any) -> bool:  # noqa: ANN401, PLR0911  a kind a line
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(each, value) for each in inner)
    if origin is Annotated:
        loaded = isinstance(value, Scenario) and inner[0] is object
        return loaded or isinstance(value, str | PathLike) if inner[1] == "scenario" else _fits(inner[0], value)
    if origin is Literal:
        return isinstance(value, str)
    if origin in LISTED:
        if isinstance(value, str | bytes | Mapping) or not (isinstance(value, origin) or hasattr(value, "__array__")):
            return False
        return all(_fits(inner[0], each) for each in value) if isinstance(value, Sequence) else True
    if origin is Mapping:
        return isinstance(value, Mapping)
    if origin is tuple:
        return isinstance(value, list | tuple) and len(value) == len(inner) and all(map(_fits, inner, value))
    if hint in NUMBERS:
        return isinstance(value, NUMBERS[hint][0]) and not isinstance(value, bool)
    return isinstance(value, PLAIN[hint][0]) if hint in PLAIN else True


def _told(hint: Any) -> str:  # noqa: ANN401
    """What an annotation asks for, in words."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        said = dict.fromkeys(map(_told, inner))
        single = " or ".join(each for each in said if not each.startswith(LIST))
        return " or ".join("a list of such" if each == LIST + single else each for each in said)
    if origin is Annotated:
        loaded = " or what `load` gave" if inner[0] is object else ""
        notes = {"scenario": f"a name, a path, a question{loaded}", "window": 'two months, such as ("2008-01", "2012-12")'}
        return notes[inner[1]] if inner[1] in notes else _told(inner[0])
    if origin in LISTED:
        return LIST + _told(inner[0])
    plain = {Literal: " or ".join(map(repr, inner)), Mapping: "a table in {...}", tuple: f"{len(inner)} values in (...)"}
    return plain.get(origin) or NUMBERS.get(hint, PLAIN.get(hint, ((), "something else")))[1]


def _beyond(name: str, hint: Any, value: Any) -> Iterator[Problem]:  # noqa: ANN401
    """What is wrong with an argument of the right kind: none of the choices, out of bounds."""
    for each in get_args(hint) if get_origin(hint) in (Union, UnionType) else [hint]:
        choices, notes = get_args(each), get_args(each)[1:]
        if get_origin(each) is Literal and value is not None and value not in choices:
            yield Problem("", None, name, f"'{value}' is none of {', '.join(choices)}", suggest(value, choices))
        elif get_origin(each) is Annotated and isinstance(notes[0], Between) and value is not None:
            if not notes[0].low <= value <= notes[0].high:
                yield Problem("", None, name, f"{brief(value)} is not between {notes[0].low:,} and {notes[0].high:,}")
        elif get_origin(each) is Annotated and value is not None:
            yield from filter(None, [_odd(name, notes[0], value)])
        elif get_origin(each) in LISTED and isinstance(value, Sequence):
            yield from (problem for one in value for problem in _beyond(name, choices[0], one))


def _odd(name: str, note: Any, value: Any) -> Problem | None:  # noqa: ANN401
    """What is wrong with an argument whose annotation says what it names."""
    if note in ("metric", "lever"):
        return unknown(note, value)
    if note == "month" and not re.fullmatch(MONTH, value):
        return Problem("", None, name, f"'{value}' is no month", "write it as 2024-12")
    if note == "window" and not (all(re.fullmatch(MONTH, end) for end in value) and value[0] <= value[1]):
        return Problem("", None, name, f"{value} is no window", 'write it as ("2008-01", "2012-12")')
    return None


def unknown(kind: str, name: str) -> Problem | None:
    """A name that the catalogue does not have."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415  numpy

    known: Iterable[str] = METRICS if kind == "metric" else LEVERS
    if name in known:
        return None
    return Problem("", None, "", f"there is no {kind} '{name}'", suggest(name, known) or f"cartelitos list {kind}s names them")
