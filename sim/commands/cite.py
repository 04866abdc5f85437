"""`cartelitos cite`."""

from __future__ import annotations

from dataclasses import asdict

import click

from sim.commands import complete, options


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]", shell_complete=complete.scenarios)
@click.option("--bibtex", "as_bibtex", is_flag=True, help="As BibTeX entries.")
@options.talk
def command(scenarios: tuple[str, ...], *, as_bibtex: bool, as_json: bool, quiet: bool, verbose: int) -> None:
    """Cite what scenarios rest on, and say why: the software, the model's sources, their levers', their worlds'.

    Without a SCENARIO: what the model itself rests on.
    """
    from sim.show.citations import (  # noqa: PLC0415
        bibtex,
        citations,
        text,
    )
    from sim.studies.running import load_all  # noqa: PLC0415

    found = citations(load_all(scenarios, ()))
    rows = [asdict(citation.source) | {"reasons": citation.reasons} for citation in found]
    options.say({"rows": rows}, bibtex(found) if as_bibtex else text(found), as_json=as_json, ensure_ascii=False)
