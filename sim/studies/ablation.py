"""Switch every mechanism off in turn: what is it for?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Unpack

from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.ablation import Use, findings, to_csv, to_json, uses
from sim.analysis.csv_text import csv_rows
from sim.catalogue.evidence import EVIDENCE
from sim.catalogue.switches import SWITCHES
from sim.experiment.reading import read_genealogy
from sim.experiment.switching import switched, without
from sim.show.charts.changes import Dot, dots
from sim.studies.evidence import reach
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import AnyScenario, How, Setup, study
from sim.studies.running import Run, carry_out, ensemble, load_all, pairing, refuse_world_change

WORLDS = 40  # if nobody says how many
DEFAULT = ("baseline", "merida", "demand-side")


@study
def ablation(scenarios: Sequence[AnyScenario] = DEFAULT, **how: Unpack[How]) -> Finding[Sequence[Use]]:
    """Switch every mechanism off in turn: which evidence gets worse without it, which outcomes move, and what changes nothing.

    The first scenario is scored against the evidence; of the others it is looked at whether they still do to outcomes what they did. By
    default baseline, merida and demand-side. Each runs as it is and once per mechanism without it, in the same worlds, to the end of the
    last evidence row. Leaves ablation.csv; `describe` prints the table that the library keeps. 40 worlds if not said otherwise.

    Args:
        scenarios: names of the library, paths, or what `load` returned.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenarios or with comparing them.
    """
    setup = Setup(**how)
    loaded = load_all(scenarios, setup.overrides)
    refuse_world_change(loaded)
    if not any(text.startswith("world.years") for text in setup.overrides):
        loaded = [replace(scenario, years=reach(scenario, list(EVIDENCE.values()))) for scenario in loaded]
    off = [switched(scenario, without(switch.name), switch.off) for switch in SWITCHES.values() for scenario in loaded]
    run = carry_out("ablation", [*loaded, *off], replace(setup, replicates=setup.replicates or WORLDS), called=loaded)
    runs, left_out = ensemble(run)
    names = [scenario.name for scenario in loaded]
    with pairing(run):
        found = uses(runs, read_genealogy(run.folder), EVIDENCE.values(), names[1:])
    origin = [*_provenance(run, runs.replicates.size, names)]
    csv = to_csv(found, origin)
    columns = ("mechanism", "shows_in", "worse", "outcomes", "effects")
    heads = ("Mechanism", "shows in", "evidence rows that get worse", "outcomes that move", "effects that change")
    rows = csv_rows(csv)[1]
    table = Table("What is missed when a mechanism is switched off", heads, [[row[name] for name in columns] for row in rows])
    shows = "Dots: what the outcome that moves most does when a mechanism is switched off, with its interval."
    return Finding(
        run, "ablation", found, {"schema": 1, "rows": to_json(found)},
        [Part("Why", [findings(rows), table, " ".join(origin)], {"ablation": shows})],
        draw=lambda: _draw(found, origin[0].rstrip(",")), files={"ablation.csv": csv}, left_out=left_out,
    )  # fmt: skip


def _draw(found: Sequence[Use], source: str) -> Iterator[tuple[str, Figure]]:
    """Of every mechanism the outcome that moves most without it; those without which none moves are left out."""
    most = {use.name: max(use.moves, key=lambda move: abs(move.percent)) for use in found if use.moves}
    order = sorted(most.items(), key=lambda each: -abs(each[1].percent))
    if order:
        rows = [Dot(f"{name}: {country.title(move.metric).lower()}", move.percent, move.low, move.high) for name, move in order]
        said = "Each mechanism switched off by itself: change of the outcome that moves most, and its 95 % interval."
        yield "ablation", dots(rows, "What is missed without a mechanism?", said, "change, %", source)


def _provenance(run: Run, worlds: int, names: Sequence[str]) -> Iterator[str]:
    """Where the table comes from, and how to read it."""
    first = run.plan.arms[0].scenario
    version, seed = run.plan.model_version, run.plan.seed
    yield f"Made by `cartelitos ablation {' '.join(names)} -n {worlds}`: model {version}, world {first.world}, seed {seed},"
    yield f"{worlds} worlds of the plausible set, {first.start:%Y-%m} on, {first.years:.1f} years. Every mechanism switched off by itself."
    yield "worse, better: evidence rows whose band holds fewer or more histories without it, by more than luck; rows about removals are not"
    yield "counted. outcomes: headline metrics that move by 2 % or more. effects: what the other scenarios do to outcomes, where that"
    yield "changes by 0.5 % of the outcome or more. shows_in: the first of evidence, outcomes, policies that shows its absence, or nothing."
