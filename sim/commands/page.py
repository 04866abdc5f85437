"""`cartelitos page`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.commands import options

SHOWN = ("homicides", "overdose_deaths", "groups_active")  # of what is computed beforehand, for browsers that cannot simulate
TRIED = 6  # worlds for that


def shown(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which country the page has: SCENARIO and `--worlds`."""
    how = click.option("-n", "--worlds", type=click.IntRange(2, 100), default=24, show_default=True, help="Worlds that the page simulates.")
    return click.argument("scenario", default="baseline")(how(function))


@click.command()
@shown
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("country.html"), show_default=True, help="File.")
@options.talk
def command(scenario: str, out: Path, worlds: int, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Write one HTML file that simulates a country in a browser: no server, no network, also on a phone.

    SCENARIO is business as usual; policies of the library that share its country and years can be chosen on the page, and every lever
    can be moved. A run has the same numbers to the last bit as one of `cartelitos run`; the page shows each world's digest, which
    `cartelitos rerun` prints too.
    """
    from sim.experiment.store import attach  # noqa: PLC0415

    click.echo(str(attach(out.parent, out.name, made(scenario, worlds, quiet=quiet))))


def made(scenario: str, worlds: int, *, quiet: bool) -> str:
    """The page."""
    from sim.experiment.progress import Progress  # noqa: PLC0415
    from sim.page.build import html, kept  # noqa: PLC0415

    Progress(quiet=quiet).say(f"laying out {worlds} worlds ...")
    return html(scenario, worlds, kept(scenario, TRIED, SHOWN))
