"""What a shell offers after Tab, by click's own completion; only what is asked for is read."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem


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
