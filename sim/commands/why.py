"""`cartelitos why`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.analysis.ensemble import Window

BASE, POLICY = "baseline", "merida"


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[BASE] [POLICY]")
@click.option("--metric", default="homicides", show_default=True, help="Whose difference is explained.")
@options.window
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of words and figure.")
@options.experiment
def command(scenarios: tuple[str, ...], *, metric: str, window: Window | None, language: str, settings: Settings) -> int:
    """Say why two policies differ: which responses of the model make the difference.

    Every response (succession, war and peace, predation, ...) is switched off in both scenarios at once, and every one is left on alone.
    What the difference loses is that response's contribution; what belongs to none alone is named interaction. A single SCENARIO is
    compared with `baseline`; without any, `merida` is.
    """
    from sim.analysis.explanation import render, sentence  # noqa: PLC0415
    from sim.analysis.why import decompose, to_json  # noqa: PLC0415
    from sim.commands.compare import refuse_world_change  # noqa: PLC0415
    from sim.commands.errors import refuse_unknown_metrics  # noqa: PLC0415
    from sim.commands.running import carry_out, ensemble, load_all, pairing, tell  # noqa: PLC0415
    from sim.experiment.plan import Plan  # noqa: PLC0415
    from sim.experiment.reading import read_plan  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.experiment.switching import decomposition  # noqa: PLC0415
    from sim.show.figures import save, source  # noqa: PLC0415
    from sim.show.why import bars  # noqa: PLC0415

    refuse_unknown_metrics([metric])
    pair = load_all(names(scenarios), settings.overrides)
    refuse_world_change(pair)
    out = settings.out or Path("results") / Plan.of(pair, 1, 0).folder_name("why")
    finished = carry_out("why", decomposition(pair), replace(settings, out=out))
    if settings.shard:
        tell(finished, settings)
        return finished.status
    runs, dropped = ensemble(finished)
    with pairing(finished):
        found = decompose(runs, runs.arms[:2], metric, window)
    said = sentence(found, language)
    click.echo(json.dumps(to_json(found, said)) if settings.as_json else render(found, language), nl=settings.as_json)
    attach(finished.folder, f"figures/why-{metric}.json", json.dumps(to_json(found, said), indent=1, ensure_ascii=False))
    pictures = save(finished.folder, f"why-{metric}", bars(found, source(read_plan(out), runs, dropped), language))
    if not settings.quiet:
        click.echo(f"results in {finished.folder}; to see: {pictures[0]}", err=True)
    return finished.status


def names(scenarios: tuple[str, ...]) -> tuple[str, str]:
    """The two that are compared.

    Raises:
        UsageError: more than two are named.
    """
    if len(scenarios) > 2:
        raise click.UsageError("one difference is explained at a time: name a base and a policy")
    if len(scenarios) == 2:
        return scenarios[0], scenarios[1]
    return BASE, scenarios[0] if scenarios else POLICY
