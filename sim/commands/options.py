"""Options that several commands share, and the settings they add up to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from sim.commands import complete

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_TALK = (
    click.option("--json", "as_json", is_flag=True, help="A JSON document on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress, no notes."),
    click.option("-v", "--verbose", count=True, help="More detail, tracebacks."),
)

_CHANGE = (
    click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="FIELD=VALUE",
        shell_complete=complete.changes,
        help="Override a value of every scenario, e.g. policy.treatment.intensity=1.5.",
    ),
    click.option("--world", metavar="NAME", shell_complete=complete.worlds, help="Run every scenario on this world."),
    click.option(
        "--worlds",
        type=click.Choice(["plausible", "fitted"]),
        help="Draw each replicate's parameters from the plausible set, or use the central fit.",
    ),
)

_EXPERIMENT = (
    click.option(
        "-n",
        "--replicates",
        type=click.IntRange(min=1),
        help="Runs per scenario.  [default: as the first scenario says]",
    ),
    click.option("--seed", type=int, help="Of the experiment.  [default: as the first scenario says]"),
    click.option("--out", type=click.Path(path_type=Path), help="Results folder.  [default: results/<name>]"),
    click.option(
        "--engine",
        type=click.Choice(["process", "serial", "dask"]),
        help="Worker processes, this process (for debuggers), or a Dask cluster.  [default: process]",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Of the Dask cluster, tcp://HOST:PORT; implies --engine dask."),
    click.option("--workers", type=click.IntRange(min=1), help="Worker processes.  [default: one per CPU]"),
    click.option("--shard", metavar="I/N", help="Run piece I of N; N such commands may run at the same time."),
    click.option("--panel", is_flag=True, help="Also record every place by month; its size is said first."),
    click.option("--fresh", is_flag=True, help="Delete the folder's earlier results first (asks)."),
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--retry-failed", is_flag=True, help="Run again what failed before."),
    click.option("--mix-versions", is_flag=True, help="Keep what another version of the model gave (else refused)."),
)


@dataclass(frozen=True)
class Settings:
    """What the options say; None = the scenario decides."""

    as_json: bool = False
    quiet: bool = False
    verbose: int = 0
    replicates: int | None = None
    seed: int | None = None
    out: Path | None = None
    engine: str | None = None
    scheduler: str | None = None
    workers: int | None = None
    shard: str | None = None
    panel: bool = False
    fresh: bool = False
    yes: bool = False
    retry_failed: bool = False
    mix_versions: bool = False
    changes: tuple[str, ...] = ()
    world: str | None = None
    worlds: str | None = None

    @property
    def overrides(self) -> list[str]:
        """Everything that changes the scenarios, as `load` takes it."""
        return overrides(self.changes, self.world, self.worlds)


def overrides(changes: Sequence[str], world: str | None, worlds: str | None) -> list[str]:
    """`--world` and `--worlds` as overrides, before those of `--set`."""
    named = {"world.name": world, "run.worlds": worlds}
    return [f"{field}={json.dumps(value)}" for field, value in named.items() if value is not None] + [*changes]


def talk(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command."""
    return _apply(_TALK, function)


def change(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that change scenarios."""
    return _apply(_CHANGE, function)


def window(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--window`; the function gets a pair of months, None = the whole run."""
    return click.option(
        "--window", callback=_months, metavar="YYYY-MM:YYYY-MM", help="First and last month that count.  [default: the whole run]"
    )(function)


def _months(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4}-(?:0[1-9]|1[0-2])):(\d{4}-(?:0[1-9]|1[0-2]))", text)
    if not found or found[1] > found[2]:
        raise click.BadParameter(f"'{text}' is no window; write it as 2008-01:2012-12", ctx, param)
    return found[1], found[2]


def experiment(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of commands that run something; the function gets them as `settings`."""

    @wraps(function)
    def with_settings(**given: Any) -> Any:  # noqa: ANN401
        settings = Settings(**{field.name: given.pop(field.name) for field in fields(Settings)})
        return function(settings=settings, **given)

    return _apply((*_EXPERIMENT, *_CHANGE, *_TALK), with_settings)


def _apply(options: tuple[Decorator, ...], function: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda decorated, option: option(decorated), reversed(options), function)
