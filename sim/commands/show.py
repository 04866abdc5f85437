"""`cartelitos show`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from sim.commands import complete, options


@click.command()
@click.argument("scenario", shell_complete=complete.scenarios)
@click.option("--resolved", is_flag=True, help="With everything it extends, and the origin of each value.")
@options.change
@options.talk
def command(
    scenario: str,
    *,
    resolved: bool,
    changes: tuple[str, ...],
    world: str | None,
    worlds: str | None,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Show a scenario as it is written; --resolved (implied by --set, --world and --worlds): as it is run."""
    from sim.scenario import load, resolved_toml  # noqa: PLC0415
    from sim.scenario.read import locate, scenario_folder  # noqa: PLC0415

    overrides = options.overrides(changes, world, worlds)
    if as_json:
        found = load(scenario, overrides)
        document = {"schema": 1, "digest": found.digest(), "scenario": asdict(found)}
        click.echo(json.dumps(document, default=str, ensure_ascii=False))
    elif resolved or overrides:
        click.echo(resolved_toml(load(scenario, overrides)), nl=False)
    else:
        click.echo(locate(scenario, scenario_folder()).read_text(encoding="utf-8"), nl=False)
