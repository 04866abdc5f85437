"""The command of a study, made from its function: positions are arguments, keywords are options, its docstring is the help."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim.studies
from sim.commands import options
from sim.scenario.given import Between
from sim.studies.how import Kind, kinds

if TYPE_CHECKING:
    from sim.studies.finding import Finding
    from sim.studies.running import Run

LIGHT = ("collections.abc", "pathlib", "typing", "sim.scenario.given", "sim.studies.how")  # what signatures are made of
FUTURE = ast.parse("from __future__ import annotations").body[0]
FAILED_RUNS = 3  # exit status
SINGULAR = {"metrics": "metric", "levers": "lever"}  # of arguments that are given one by one


def command(name: str) -> click.Command:
    """The command of a study."""
    function = outline(name)
    shape = inspect.signature(function).parameters
    first = [each for each in shape.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
    runs = any(each.kind is each.VAR_KEYWORD for each in shape.values())
    spread = len(first) == 1 and kinds(function)[first[0].name].many

    def call(*, as_json: bool, quiet: bool, verbose: int, opens: bool, **given: Any) -> int:  # noqa: ANN401
        how = options.how(given, quiet=quiet, verbose=verbose, ends="ends" in shape) if runs else {}
        if how.pop("ends", False):
            given["ends"] = True
        placed = [given.pop(each.name) for each in first]
        if not spread:  # a single scenario is the last that can be named
            told = [value for value in placed if value is not None]
            placed = [each.default for each in first[: len(first) - len(told)]] + told
        elif not placed[0]:
            placed = []
        named = {key: value for key, value in given.items() if value != ()} | how
        asked = getattr(import_module(f"sim.studies.{name}"), name)
        return answer(lambda: asked(*placed, **named), as_json, quiet, opens)

    made = click.Command(name, callback=call, help=documented(function)[0], params=[*parameters(function)])
    for option in (*options.EXPERIMENT * runs, *options.CHANGE * runs, *options.OPEN, *options.TALK):
        option(made)
    return made


def outline(name: str) -> Callable[..., Any]:
    """A study's arguments and docstring: the function without what it does, so that nothing that it needs is imported."""
    file = Path(inspect.getfile(sim.studies)).with_name(f"{name}.py")
    body = ast.parse(file.read_text(encoding="utf-8")).body
    (own,) = (node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)
    own.body, own.decorator_list = own.body[:1], []
    light = [node for node in body if isinstance(node, ast.Assign) or (isinstance(node, ast.ImportFrom) and node.module in LIGHT)]
    space: dict[str, Any] = {}
    for node in (*light, own):
        with suppress(NameError):  # what the signature does not need may rest on what is not imported
            exec(compile(ast.Module([FUTURE, node], []), file, "exec"), space)
    return space[name]  # type: ignore[no-any-return]


def answer(ask: Callable[[], Finding[Any]], as_json: bool, quiet: bool, opens: bool) -> int:
    """Ask, print what was found, leave it in its folder; the exit status."""
    from sim.studies.running import Piece  # noqa: PLC0415

    try:
        found = ask()
    except Piece as piece:
        tell(piece.run, as_json=as_json)
        return FAILED_RUNS * bool(piece.run.failed)
    click.echo(json.dumps(found.json) if as_json else found.text, nl=as_json)
    look = found.publish()
    if not quiet:
        for note in found.notes:
            click.echo(note, err=True)
        if found.ran or look != found.folder:
            click.echo(f"results in {found.folder}" + (f"; to read: {look}" if look != found.folder else ""), err=True)
    if opens:
        click.launch(look.absolute().as_uri())
    return FAILED_RUNS * bool(found.failed)


def tell(run: Run, *, as_json: bool) -> None:
    """Say on stdout where results are, and of how many runs."""
    counts = {key: getattr(run.tally, key) for key in ("planned", "done", "failed", "reused")}
    document = {"schema": 1, "results": str(run.folder), "runs": counts, "seconds": round(run.tally.seconds, 3)}
    click.echo(json.dumps(document) if as_json else run.folder)


def documented(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """What a docstring says of a function, and of each argument."""
    text, _, rest = (inspect.getdoc(function) or "").partition("\nArgs:\n")
    lines = re.sub(r"\n {8,}", " ", rest.partition("\n\n")[0]).splitlines()
    return text, {name.strip(): said for name, _, said in (line.partition(": ") for line in lines)}


def parameters(function: Callable[..., Any], *names: str) -> Iterator[click.Parameter]:
    """Arguments and options of a study; only those of these names, if there are any."""
    told, helps = kinds(function), documented(function)[1]
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.VAR_KEYWORD or (names and each.name not in names):
            continue
        if each.kind is each.POSITIONAL_OR_KEYWORD:
            yield _argument(each, told[each.name])
        else:
            yield _option(each, told[each.name], helps[each.name])


def _argument(each: inspect.Parameter, told: Kind) -> click.Argument:
    scenario = told.note == "scenario"
    shown = (each.name.rstrip("s") if told.many else each.name).upper()
    needed = each.default is each.empty
    shown = (shown if needed else f"[{shown}]") + "..." * told.many
    offered = options.scenarios if scenario else options.results
    kind = str if scenario else click.Path(path_type=Path)
    return click.Argument([each.name], nargs=-1 if told.many else 1, required=needed, type=kind, metavar=shown, shell_complete=offered)


def _option(each: inspect.Parameter, told: Kind, said: str) -> click.Option:
    """A keyword as an option: a flag says the opposite of its default, a sequence is given one by one."""
    said = said[:1].upper() + said[1:]
    flag = each.name.replace("_", "-")
    if told.type is bool:
        names = [f"--no-{flag}" if each.default else f"--{flag}", each.name]
        return click.Option(names, is_flag=True, flag_value=not each.default, default=each.default, help=said)
    name = SINGULAR.get(each.name, flag)
    needed = each.default is each.empty
    default: Any = None if told.many or needed else each.default
    return click.Option(
        [f"--{name}", each.name], type=_type(told), multiple=told.many, show_default=default is not None,
        **({"required": True} if needed else {"default": default}),
        help=said, metavar=_metavar(told), callback=options.months if told.note == "window" else None,
        shell_complete=options.metrics if told.note == "metric" else options.scenarios if told.note == "scenario" else None,
    )  # fmt: skip


def _metavar(told: Kind) -> str | None:
    words = dict.fromkeys(("metric", "lever"), "NAME")
    words |= {"window": "YYYY-MM:YYYY-MM", "month": "YYYY-MM", "scenario": "SCENARIO", "budget": "merida|deployment|USD"}
    return words.get(told.note) if isinstance(told.note, str) else "FILE" if told.type is Path else None


def _type(told: Kind) -> Any:  # noqa: ANN401
    if isinstance(told.note, Between):
        return click.IntRange(*told.note) if told.type is int else click.FloatRange(*told.note)
    if isinstance(told.note, tuple):
        return click.Choice(told.note)
    return click.Path(path_type=Path) if told.type is Path else str if told.note in ("budget", "window", "scenario") else told.type
