"""Compare policies over all plausible worlds, and say what would change the ranking."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.ensemble import Ensemble, own_arms, paired_only
from sim.analysis.paired import compare
from sim.analysis.robustness.robust import NO_WORKBENCH, OUTCOMES, available, by_scenario, judged, rule, standings, verdict, worlds
from sim.analysis.robustness.tipping import Contest, sentences, to_json
from sim.analysis.robustness.tipping import Finding as Found
from sim.analysis.table import MISSING, quantity, statement
from sim.catalogue.metrics import METRICS
from sim.experiment.errors import PlanError
from sim.experiment.reading import read_plan, read_runs, read_series
from sim.show.charts.reasons import standing, tornado
from sim.show.figures import source
from sim.studies.finding import Finding, Part, Table, printed
from sim.studies.how import AnyScenario, How, Metric, Money, Prices, Setup, study
from sim.studies.running import Run, ensemble, pairing, run_compared
from sim.studies.tipping import SCREEN, Search

WORLDS = 100  # runs per scenario if nobody says how many
DEFAULT = ("baseline", "merida", "demand-side", "mixed")


@study
def robust(
    scenarios: Sequence[AnyScenario] = DEFAULT,
    *,
    metrics: Sequence[Metric] = ("homicides", "overdose_deaths"),
    search: bool = True,
    as_written: bool = False,
    budget: Money | None = None,
    prices: Prices | None = None,
    **how: Unpack[How],
) -> Finding[Found]:
    """Compare policies over the plausible set at equal cost: who is best in how many worlds, and what would change that.

    The first scenario is business as usual; a single one is compared with `baseline`; without any, those of `compare`. Says, by outcome
    and family of worlds, in what share of worlds each scenario comes out best, and regret; where the ranking of the two best flips, as a
    simple rule (needs cartelitos[robust]); and the smallest move of assumptions that turns it, confirmed by a rerun. 100 worlds if not
    said otherwise. Long: some minutes, most of it the search.

    Args:
        scenarios: names of the library, paths, what `load` returned, or questions.
        metrics: an outcome whose ranking is questioned, by default homicides and overdose_deaths.
        search: leave out the search for what would change a ranking, which runs many more worlds.
        as_written: compare the scenarios as they are, whatever they cost.
        budget: extra cost, US$ a year over the run; by default what the militarized scenario costs.
        prices: at which cost is equal, by default mid; the tables count mid prices.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenarios or with comparing them.
        PlanError: a metric with no better direction, or that was not recorded; no budget.
    """
    if as_written and (budget or prices):
        raise PlanError("--budget and --prices scale scenarios, --as-written leaves them as they are", hint="leave one of them out")
    judged(metrics, [*METRICS])
    setup = Setup(**how)
    setup = replace(setup, replicates=setup.replicates or WORLDS)
    run, _ = run_compared("robust", scenarios, setup, equal=not as_written, budget=budget, prices=prices)
    runs, left_out = ensemble(run)
    with pairing(run):
        found = _judge(run, runs, setup, metrics, search=search)
    return _finding(run, runs, found, left_out)


def _judge(run: Run, runs: Ensemble, setup: Setup, metrics: Sequence[str], *, search: bool) -> Found:
    """Everything that the stored runs say, and what further runs say about changing it."""
    scenarios = {arm.scenario.name: arm.scenario for arm in run.plan.arms}
    levers = {plan.lever for scenario in scenarios.values() for plan in scenario.policy}
    asked = judged(metrics, runs.metrics)
    outcomes = judged([*(name for name in OUTCOMES if name in runs.metrics), *asked], runs.metrics)
    drawn = worlds(read_runs(run.folder), runs, levers)
    verdicts = {metric: verdict(runs, metric) for metric in outcomes}
    questioned = {metric: said for metric, said in verdicts.items() if metric in asked and said is not None}
    rules = {}
    if available():
        rules = {metric: rule(drawn.parameters, said.reversed) for metric, said in verdicts.items() if said is not None}
    changes = {}
    if search:
        seeker = Search(scenarios, setup, run.folder, run.plan.seed)
        changes = {metric: seeker.change(Contest(metric, said.first, said.second)) for metric, said in questioned.items()}
    months = f"{runs.months[0]}/{runs.months[-1]}"
    families = {name: int(members.sum()) for name, members in drawn.groups.items()}
    return Found(months, families, standings(runs, drawn, outcomes), verdicts, rules, changes, available())


def _finding(run: Run, runs: Ensemble, found: Found, left_out: Sequence[int]) -> Finding[Found]:
    """The rows of `compare` with shares won and regret, then verdicts, moves and sentences."""
    plan, usual = read_plan(run.folder), run.plan.arms[0].scenario.name
    equal, more = plan.get("equal_cost"), by_scenario(found.standings)
    compared = compare(paired_only(own_arms(read_series(run.folder)))[0], usual, runs=read_runs(run.folder))
    rows = [row._asdict() | (more.get((row.scenario, row.metric), {}) if row.baseline == usual else {}) for row in compared]
    verdicts = [
        {**{key: value for key, value in said._asdict().items() if key != "reversed"}, "worlds": said.reversed.size,
         "worlds_reversed": int(said.reversed.sum()), "rule": _rule(found, metric)}
        for metric, said in found.verdicts.items() if said is not None
    ]  # fmt: skip
    told = {"schema": 1, "rows": rows, "families": dict(found.families), "verdicts": verdicts}
    told |= {"moves": [*map(to_json, found.changes.values())]} | ({"equal_cost": equal} if equal else {})
    first, *others = told["sentences"] = list(sentences(found))
    title = "In what share of plausible worlds each scenario comes out best, and how much worse than the best it is"
    heads = ("Scenario and outcome", "best in", "by family of worlds", "regret, mean", "worst tenth")
    table = Table(title, heads, [_won(row) for row in rows if "share_won" in row], "numbers")
    shows = {"robust": "Bars: in what share of worlds each scenario comes out best, by outcome and family of worlds."}
    shows |= {f"tipping-{metric}": "Tornado: how far each assumption has to move before a ranking turns." for metric in found.changes}
    parts = [Part("In how many worlds", [first, table, *others], shows)]

    def draw() -> Iterator[tuple[str, Figure]]:
        yield "robust", standing(found, usual, source(plan, runs, left_out))
        foot = source(plan, runs, left_out, SCREEN)
        yield from ((f"tipping-{metric}", tornado(change, foot)) for metric, change in found.changes.items())

    return Finding(
        run, "robust", found, told, parts, printed(parts) + (f"\n{statement(equal)}\n" if equal else ""), draw=draw,
        files={"figures/robust.json": json.dumps(told, indent=1)}, left_out=left_out,
        notes=() if found.searched else (NO_WORKBENCH,),
    )  # fmt: skip


def _rule(found: Found, metric: str) -> dict[str, Any] | None:
    rule = found.rules.get(metric)
    if rule is None:
        return None
    conditions = [condition._asdict() for condition in rule.conditions]
    return {**rule._asdict(), "conditions": conditions, "holds_up": rule.holds_up}


def _won(row: Mapping[str, Any]) -> list[str]:
    """A scenario and outcome: shares of worlds, regret."""
    metric = METRICS[row["metric"]]
    families = ", ".join(f"{family} {100 * own['share_won']:.0f} %" for family, own in row["share_won_by_family"].items()) or MISSING
    regrets = (quantity(row[name], metric.unit) for name in ("regret", "regret_high"))
    return [f"{row['scenario']}: {country.title(row['metric'])}", f"{100 * row['share_won']:.0f} %", families, *regrets]
