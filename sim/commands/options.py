"""Options that several commands share, and the settings they add up to."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
MOST_WORKERS = 1024  # processes of one machine
ALL = "all"  # for --effects: one after the other
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
mechanisms = click.option(
    "--with",
    "mechanisms",
    multiple=True,
    metavar="FILE",
    help="Add a mechanism of your own, a Python file or an installed one's name; may be given several times.",
)
TALK = (
    click.option("--json", "as_json", is_flag=True, help="A JSON document on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress, no notes."),
    click.option("-v", "--verbose", count=True, help="More detail, tracebacks."),
)
EXPERIMENT = (
    click.option("-n", "--replicates", type=click.IntRange(1, 1_000_000), help="Runs per scenario.  [default: as the first scenario says]"),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of the experiment.  [default: as the first scenario says]"),
    click.option("--out", type=click.Path(path_type=Path), help="Results folder.  [default: results/<name>]"),
    click.option("--tag", metavar="WORD", help="Ends the name of the results folder, to keep several: results/<name>-WORD."),
    click.option(
        "--engine",
        type=click.Choice(["process", "serial", "dask"]),
        help="Worker processes, this process (for debuggers), or a Dask cluster.  [default: process]",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Of the Dask cluster, tcp://HOST:PORT; implies --engine dask."),
    click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Worker processes.  [default: one per CPU]"),
    click.option("--shard", metavar="I/N", help="Run piece I of N; N such commands may run at the same time."),
    mechanisms,
    click.option("--panel", is_flag=True, help="Also record every place by month; its size is said first."),
    click.option("--fresh", is_flag=True, help="Delete the folder's earlier results first (asks)."),
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--retry-failed", is_flag=True, help="Run again what failed before."),
    click.option("--mix-versions", is_flag=True, help="Keep what another version of the model gave (else refused)."),
)
OPEN = (click.option("--open", "opens", is_flag=True, help="Open what it wrote, when it is written."),)
HOW = (
    "replicates", "seed", "tag", "engine", "scheduler", "workers", "shard", "mechanisms", "panel", "fresh", "retry_failed", "mix_versions",
)  # fmt: skip
WHOLE = "First and last month that count.  [default: the whole run]"


def scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Scenarios of the library, else files."""
    from sim.scenario.read import library  # noqa: PLC0415

    return starting(incomplete, library()) or [CompletionItem(incomplete, type="file")]


def worlds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Worlds of the library, else folders."""
    from sim.scenario.read import WORLDS, scenario_folder  # noqa: PLC0415
    from sim.scenario.worlds import GRID, worlds  # noqa: PLC0415

    names = [GRID, *worlds(scenario_folder() / WORLDS)]
    return starting(incomplete, names) or [CompletionItem(incomplete, type="dir")]


def metrics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Metrics of the catalogue."""
    from sim.catalogue.metrics import METRICS  # noqa: PLC0415

    return starting(incomplete, METRICS)


def results(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders of results."""
    return [CompletionItem(incomplete, type="dir")]


def lessons(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Lessons of the library."""
    from sim.scenario.lesson import lessons  # noqa: PLC0415

    return starting(incomplete, lessons())


def changes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Fields for `--set`: those of the world and the run, every lever's intensity, every parameter."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415
    from sim.catalogue.parameters import PARAMETERS  # noqa: PLC0415

    fields = ["world.name", "world.start", "world.years", "run.replicates", "run.seed", "run.worlds", "run.effects"]
    fields += [f"policy.{name}.intensity" for name in LEVERS] + [f"parameters.{name}" for name in PARAMETERS]
    return starting(incomplete, (f"{field}=" for field in fields))


def starting(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    """Those of `names` that go on as typed."""
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


CHANGE = (
    click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="FIELD=VALUE",
        shell_complete=changes,
        help="Override a value, e.g. policy.treatment.intensity=1.5, or change what there is: kingpin_targeting*2 from 2012.",
    ),
    click.option("--world", metavar="NAME", shell_complete=worlds, help="Run every scenario on this world."),
    click.option(
        "--worlds",
        type=click.Choice(["plausible", "fitted"]),
        help="Draw each replicate's parameters from the plausible set, or use the central fit.",
    ),
    click.option(
        "--effects",
        type=click.Choice(["drawn", "low", "middle", "high", ALL]),
        help="Draw levers' effects, or hold all at one end of their ranges; `compare` asks at all.  [default: drawn; fitted: middle]",
    ),
)


def overrides(changes: Sequence[str], world: str | None, worlds: str | None, effects: str | None) -> list[str]:
    """The three options as overrides, before those of `--set`. Raises UsageError: effects at all ends, which only a comparison asks."""
    if effects == ALL:
        raise click.UsageError("--effects all is for compare")
    named = {"world.name": world, "run.worlds": worlds, "run.effects": effects}
    return [f"{field}={json.dumps(value)}" for field, value in named.items() if value is not None] + [*changes]


def say(document: Mapping[str, Any], text: str, *, as_json: bool, quiet: bool = False, **how: Any) -> None:  # noqa: ANN401
    """A document for machines, or its text for people."""
    if as_json:
        click.echo(json.dumps({"schema": 1, **document}, **how))
    elif not quiet:
        click.echo(text)


def talk(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command."""
    return _apply(TALK, function)


def change(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that change scenarios; the function gets them as `changes`, overrides in their order."""

    @wraps(function)
    def with_overrides(*, changes: Sequence[str], world: str | None, worlds: str | None, effects: str | None, **given: Any) -> Any:  # noqa: ANN401
        return function(changes=overrides(changes, world, worlds, effects), **given)

    return _apply(CHANGE, with_overrides)


def months(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, str] | None:
    """A window."""
    if text is None:
        return None
    found = re.fullmatch(f"({MONTH}):({MONTH})", text)
    if not found or found[1] > found[2]:
        raise click.BadParameter(f"'{text}' is no window; write it as 2008-01:2012-12", ctx, param)
    return found[1], found[2]


window = click.option("--window", callback=months, metavar="YYYY-MM:YYYY-MM", help=WHOLE)


def experiment(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of commands that run something; the function gets them as `setup`, besides `as_json`."""

    @wraps(function)
    def with_setup(*, as_json: bool, quiet: bool, verbose: int, **given: Any) -> Any:  # noqa: ANN401
        from sim.studies.how import Setup  # noqa: PLC0415

        told = how(given, quiet=quiet, verbose=verbose)
        del told["ends"]
        return function(setup=Setup(**told), as_json=as_json, **given)

    return _apply((*EXPERIMENT, *CHANGE, *TALK), with_setup)


def how(given: dict[str, Any], *, quiet: bool, verbose: int, ends: bool = False) -> dict[str, Any]:
    """How runs are carried out, taken out of what the options gave; `ends` says whether effects may be held at all ends in turn."""
    taken = {name: given.pop(name) for name in ("changes", "world", "worlds", "effects")}
    every = ends and taken["effects"] == ALL
    told = {name: given.pop(name) for name in HOW} | {"quiet": quiet, "verbose": verbose, "ends": every}
    told["overrides"] = overrides(**taken | ({"effects": "drawn"} if every else {}))
    agreed = given.pop("yes")
    if not told["scheduler"] and told["engine"] in (None, "process"):
        from sim.experiment.pool.engine import get_ready  # noqa: PLC0415

        get_ready()
    return told | {"folder": given.pop("out"), "command": ["cartelitos", *sys.argv[1:]], "confirm": lambda folder: confirm(folder, agreed)}


def confirm(folder: Path, agreed: bool) -> None:
    """Ask before earlier results are deleted. Raises UsageError: nobody agrees."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"--fresh would delete the results in {folder}; add --yes to agree")
    if not click.confirm(f"Delete the results in {folder}?", err=True):
        raise click.UsageError("nothing was deleted or run")


def _apply(options: tuple[Decorator, ...], function: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda decorated, option: option(decorated), reversed(options), function)
