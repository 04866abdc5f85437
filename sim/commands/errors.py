"""Errors as people and machines read them."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, requires

import click

from sim.catalogue.installed import pip_install
from sim.experiment.errors import ExperimentError
from sim.scenario.problems import Problem, ScenarioError

INTERNAL, USAGE = 1, 2
LONGEST = 100  # characters of a path that is quoted


class UnknownNameError(click.UsageError):
    """A name that does not exist, and those that resemble it."""

    def __init__(self, kind: str, name: str, known: Iterable[str], ctx: click.Context | None = None) -> None:
        names = list(known)
        self.possibilities = get_close_matches(name, names)
        others = "" if self.possibilities else f"; there are: {', '.join(names)}"
        super().__init__(f"there is no {kind} '{name}'{others}", ctx)


def report(error: Exception, *, as_json: bool, verbose: bool) -> int:
    """Say on stderr what went wrong; the exit status."""
    problems, status = explain(error)
    if as_json:
        click.echo(json.dumps({"schema": 1, "errors": [asdict(problem) for problem in problems]}), err=True)
    else:
        click.echo("\n".join(map(str, problems)), err=True)
    if verbose and status == INTERNAL:
        traceback.print_exception(error)
    return status


def explain(error: Exception) -> tuple[list[Problem], int]:
    """What a person can act on, and the exit status."""
    match error:
        case ScenarioError():
            return error.problems, USAGE
        case ExperimentError():
            return [error.problem], error.exit_code
        case click.ClickException():
            return [_usage(error)], USAGE
        case ModuleNotFoundError() if extra := extra_of(error.name or ""):
            hint = pip_install(extra)
            return [Problem("cartelitos", None, "", f"this needs {error.name}, which is not installed", hint)], USAGE
        case OSError() if error.filename:
            message = f"cannot be used: {error.strerror or 'no reason is given'}"
            return [Problem(str(error.filename)[:LONGEST], None, "", message)], USAGE
        case _:
            message = f"internal error: {type(error).__name__}: {error}"
            return [Problem("cartelitos", None, "", message, "-v shows where")], INTERNAL


def extra_of(module: str) -> str | None:
    """The extra of this package that brings a module, from the package's own metadata; None if none does."""
    try:
        needed = requires("cartelitos") or []
    except PackageNotFoundError:
        return None
    found = (re.match(r"([\w.-]+)[^;]*; *extra == ['\"]([\w-]+)", line) for line in needed)
    brought = {match[1].lower().replace("-", "_"): match[2] for match in reversed([*found]) if match}
    return brought.get(module.partition(".")[0].lower())


def _usage(error: click.ClickException) -> Problem:
    context = getattr(error, "ctx", None)
    place = context.command_path if context else "cartelitos"
    close = getattr(error, "possibilities", None)
    hint = f"did you mean {' or '.join(repr(name) for name in close)}?" if close else f"see {place} --help"
    bare = error.message if close else error.format_message()
    return Problem(place, None, "", bare[:1].lower() + bare[1:].rstrip("."), hint)
