"""`cartelitos robust`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sim.commands import equal_cost, options
from sim.commands.equal_cost import Wish
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.analysis.ensemble import Ensemble
    from sim.analysis.robustness_text import Finding
    from sim.commands.running import Finished

WORLDS = 100  # runs per scenario without -n
QUESTIONS = ("homicides", "overdose_deaths")  # whose ranking is questioned


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]")
@click.option(
    "--metric", "metrics", multiple=True, help="Whose ranking is questioned; repeat it for several.  [default: homicides, overdose_deaths]"
)
@click.option("--no-search", is_flag=True, help="Leave out the search for what would change a ranking, which runs many more worlds.")
@equal_cost.always
@options.experiment
def command(scenarios: tuple[str, ...], *, metrics: tuple[str, ...], no_search: bool, wish: Wish | None, settings: Settings) -> int:
    """Compare policies over the plausible set at equal cost: who is best in how many worlds, and what would change that.

    The first SCENARIO is business as usual; a single one is compared with `baseline`; without any, those of `compare`. Prints, by outcome
    and family of worlds, in what share of worlds each scenario comes out best, and regret; where the ranking of the two best flips, as a
    simple rule (needs cartelitos[robust]); and the smallest move of assumptions that turns it, confirmed by a rerun. 100 worlds without -n.
    Long: some minutes, most of it the search.
    """
    from sim.analysis.robust import judged  # noqa: PLC0415
    from sim.catalogue.metrics import METRICS  # noqa: PLC0415
    from sim.commands.compare import run_arms  # noqa: PLC0415
    from sim.commands.errors import refuse_unknown_metrics  # noqa: PLC0415
    from sim.commands.running import tell  # noqa: PLC0415

    metrics = metrics or QUESTIONS
    refuse_unknown_metrics(metrics)
    judged(metrics, [*METRICS])
    finished = run_arms("robust", scenarios, wish, replace(settings, replicates=settings.replicates or WORLDS))
    if settings.shard:
        tell(finished, settings)
    else:
        conclude(finished, settings, metrics, search=not no_search)
    return finished.status


def conclude(finished: Finished, settings: Settings, metrics: Sequence[str], *, search: bool) -> None:
    """Judge what is stored, search on, and say it all."""
    from sim.analysis.discovery import MISSING, available  # noqa: PLC0415
    from sim.analysis.ensemble import paired_only  # noqa: PLC0415
    from sim.analysis.equal_cost import statement  # noqa: PLC0415
    from sim.analysis.paired import compare  # noqa: PLC0415
    from sim.analysis.robustness_text import render, sentences  # noqa: PLC0415
    from sim.commands.mind import SCREEN  # noqa: PLC0415
    from sim.commands.running import ensemble, pairing  # noqa: PLC0415
    from sim.experiment.reading import read_plan, read_runs, read_series  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.figures import save, source  # noqa: PLC0415
    from sim.show.robust import standing, tornado  # noqa: PLC0415

    runs, dropped = ensemble(finished)
    with pairing(finished):
        found = judge(finished, runs, settings, metrics, search=search)
    plan = read_plan(finished.folder)
    usual, equal = finished.plan.arms[0].scenario.name, plan.get("equal_cost")
    rows = compare(paired_only(read_series(finished.folder))[0], usual, runs=read_runs(finished.folder))
    document = as_json(found, [row._asdict() for row in rows], usual) | ({"equal_cost": equal} if equal else {})
    document["sentences"] = list(sentences(found))
    text = (f"{statement(equal)}\n\n" if equal else "") + render(found)
    click.echo(json.dumps(document) if settings.as_json else text, nl=settings.as_json)
    attach(finished.folder, "figures/robust.json", json.dumps(document, indent=1))
    foot = source(plan, runs, dropped)
    pictures = save(finished.folder, "robust", standing(found, usual, foot))
    for metric, change in found.changes.items():
        pictures += save(finished.folder, f"mind-{metric}", tornado(change, source(plan, runs, dropped, SCREEN)))
    if not settings.quiet:
        if not available():
            click.echo(MISSING, err=True)
        click.echo(f"results in {finished.folder}; to see: {', '.join(str(p) for p in pictures if p.suffix == '.png')}", err=True)


def judge(finished: Finished, runs: Ensemble, settings: Settings, metrics: Sequence[str], *, search: bool) -> Finding:
    """Everything that the stored runs say, and what further runs say about changing it."""
    from sim.analysis import discovery, robust  # noqa: PLC0415
    from sim.analysis.mind import Contest  # noqa: PLC0415
    from sim.analysis.robustness_text import Finding  # noqa: PLC0415
    from sim.commands.mind import Search  # noqa: PLC0415
    from sim.experiment.reading import read_runs  # noqa: PLC0415

    scenarios = {arm.scenario.name: arm.scenario for arm in finished.plan.arms}
    levers = {plan.lever for scenario in scenarios.values() for plan in scenario.policy}
    asked = robust.judged(metrics, runs.metrics)
    outcomes = robust.judged([*(name for name in robust.OUTCOMES if name in runs.metrics), *asked], runs.metrics)
    worlds = robust.worlds(read_runs(finished.folder), runs, levers)
    verdicts = {metric: robust.verdict(runs, metric) for metric in outcomes}
    questioned = {metric: said for metric, said in verdicts.items() if metric in asked and said is not None}
    rules = {}
    if discovery.available():
        rules = {metric: discovery.rule(worlds.parameters, said.reversed) for metric, said in verdicts.items() if said is not None}
    changes = {}
    if search:
        seeker = Search(scenarios, settings, finished.folder, finished.plan.seed)
        changes = {metric: seeker.change(Contest(metric, said.first, said.second)) for metric, said in questioned.items()}
    months = f"{runs.months[0]}/{runs.months[-1]}"
    families = {name: int(members.sum()) for name, members in worlds.groups.items()}
    return Finding(months, families, robust.standings(runs, worlds, outcomes), verdicts, rules, changes, discovery.available())


def as_json(found: Finding, rows: list[dict[str, Any]], usual: str) -> dict[str, Any]:
    """The document: the rows of `compare` with shares won and regret, then verdicts and moves."""
    from sim.analysis.mind import to_json  # noqa: PLC0415
    from sim.analysis.robust import by_scenario  # noqa: PLC0415

    more = by_scenario(found.standings)
    rows = [row | (more.get((row["scenario"], row["metric"]), {}) if row["baseline"] == usual else {}) for row in rows]
    verdicts = [
        {**{key: value for key, value in said._asdict().items() if key != "reversed"}, "worlds": said.reversed.size,
         "worlds_reversed": int(said.reversed.sum()), "rule": _rule(found, metric)}
        for metric, said in found.verdicts.items() if said is not None
    ]  # fmt: skip
    moves = [*map(to_json, found.changes.values())]
    return {"schema": 1, "rows": rows, "families": dict(found.families), "verdicts": verdicts, "moves": moves}


def _rule(found: Finding, metric: str) -> dict[str, Any] | None:
    rule = found.rules.get(metric)
    if rule is None:
        return None
    conditions = [condition._asdict() for condition in rule.conditions]
    return {**rule._asdict(), "conditions": conditions, "holds_up": rule.holds_up}

