"""`cartelitos show`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from sim.commands import complete, options


@click.command()
@click.argument("scenario", shell_complete=complete.scenarios)
@click.option("--resolved", is_flag=True, help="With everything it extends, and the origin of each value.")
@click.option("--as-file", "as_file", is_flag=True, help="A question, and --set, as a file that extends what they change.")
@options.change
@options.talk
def command(
    scenario: str, *, resolved: bool, as_file: bool, changes: list[str], as_json: bool, quiet: bool, verbose: int
) -> None:
    """Show a scenario as it is written; a question, or one with --set, --world, --worlds or --effects, as it is run (--resolved)."""
    from sim.scenario import load, resolved_toml  # noqa: PLC0415
    from sim.scenario.arms import warnings  # noqa: PLC0415
    from sim.scenario.changes import is_question  # noqa: PLC0415
    from sim.scenario.problems import printable  # noqa: PLC0415
    from sim.scenario.read import locate, scenario_folder, shown, text_of  # noqa: PLC0415
    from sim.scenario.resolved import as_toml  # noqa: PLC0415

    if not quiet and not as_json:
        load(scenario, changes)
        for problem in warnings(scenario, changes):
            click.echo(f"warning: {problem}", err=True)
    if as_json and not as_file:
        found = load(scenario, changes)
        document = {"schema": 1, "digest": found.digest(), "scenario": asdict(found)}
        click.echo(json.dumps(document, default=str))
        return
    if as_file:
        text = as_toml(scenario, changes)
    elif resolved or changes or is_question(scenario):
        text = resolved_toml(load(scenario, changes))
    else:
        path = locate(scenario, scenario_folder())
        text = text_of(path, shown(path)).replace("\r\n", "\n")
    click.echo(printable(text, keep="\n\t"), nl=False)
