"""`cartelitos reproduce`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sim.commands import options

STUDY = "prieto-curiel-2023"


@click.command()
@click.argument("study", type=click.Choice([STUDY]))
@click.option("--ties", type=click.Path(path_type=Path), help="Folder with the published network (bacrim2020_*.csv).")
@click.option("-n", "replicates", default=20, show_default=True, type=click.IntRange(1, 100_000), help="Replicates.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1), help="Seed of the experiment.")
@options.talk
def command(study: str, *, ties: Path | None, replicates: int, seed: int, as_json: bool, quiet: bool, verbose: int) -> int:
    """Reproduce a published model as a limit of this one, its table beside ours.

    Without --ties a synthetic network of the same size is used, and the figures beside ours are those of its equations.
    """
    from sim.experiment.published import read_ties, reproduce, synthetic_ties  # noqa: PLC0415

    network = read_ties(ties) if ties else synthetic_ties()
    figures = reproduce(network, replicates, seed)
    if as_json:
        rows = [figure._asdict() for figure in figures]
        click.echo(json.dumps({"schema": 1, "network": "published" if network.published else "synthetic", "rows": rows}))
    else:
        source = "the published network" if network.published else "a synthetic network of the same size; beside ours: its equations"
        click.echo(f"{study}, mean of {replicates} replicates, on {source}\n")
        click.echo(f"{'':44s} {'published' if network.published else 'equations':>12s} {'ours':>12s} {'tolerance':>10s}")
        for f in figures:
            click.echo(f"{f.quantity:44s} {f.published:12,.1f} {f.ours:12,.1f} {f.tolerance:10.2f} {'ok' if f.ok else 'MISSED'}")
    return 0 if all(figure.ok for figure in figures) else 1
