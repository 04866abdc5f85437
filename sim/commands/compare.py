"""`cartelitos compare`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from sim.commands import complete, equal_cost, options
from sim.commands.equal_cost import Wish
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.commands.running import Finished
    from sim.experiment.plan import Plan
    from sim.scenario import Scenario
    from sim.show.figures import Results

USUAL = "baseline"
DEFAULT = (USUAL, "merida", "demand-side", "mixed")
MONTHS = ("start", "years")  # what must be equal for runs to be paired month by month
WORLD = ("world", "world_options", "tables", "start", "years", "parameters", "worlds")


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]", shell_complete=complete.scenarios)
@click.option("--allow-world-change", is_flag=True, help="Compare scenarios whose [world] or [parameters] differ.")
@equal_cost.option
@options.experiment
def command(scenarios: tuple[str, ...], *, allow_world_change: bool, wish: Wish | None, settings: Settings) -> int:
    """Compare policies with business as usual: same worlds, same luck, another policy.

    The first SCENARIO is business as usual; a single one is compared with `baseline`. Without any: business as usual,
    militarized, demand-side and an equal-cost mix. Prints the trade-off table; writes the runs, comparison.csv, figures
    and report.html. A piece (--shard) only runs; the command without it compares.
    """
    from sim.commands.running import tell  # noqa: PLC0415

    finished = run_arms("compare", scenarios, wish, settings, refuse_other_worlds=not allow_world_change)
    if settings.shard:
        tell(finished, settings)
    else:
        conclude(finished, settings)
    return finished.status


def run_arms(command: str, names: Sequence[str], wish: Wish | None, settings: Settings, *, refuse_other_worlds: bool = True) -> Finished:
    """Run what a comparison compares, business as usual first.

    Args:
        command: begins the name of the results folder.
        names: of scenarios; a single one is compared with business as usual; none = the default comparison.
        wish: what is set equal; None = costs stay as they are.
        settings: of the command line.
        refuse_other_worlds: only the policy may differ.

    Raises:
        ScenarioError: what is wrong with the scenarios, or with comparing them.
    """
    from sim.commands.running import carry_out, load_all  # noqa: PLC0415

    names = names or DEFAULT
    loaded = load_all((USUAL, *names) if len(names) == 1 and names[0] != USUAL else names, settings.overrides)
    refuse_world_change(loaded) if refuse_other_worlds else refuse_other_months(loaded)
    if wish is None:
        return carry_out(command, loaded, settings)
    equal = wish.grant(loaded)
    return carry_out(f"{command}-{equal.label}", equal.scenarios, settings, equal.as_json())


def refuse_world_change(scenarios: Sequence[Scenario]) -> None:
    """Only the policy may differ.

    Raises:
        ScenarioError: one problem per scenario that assumes another world than the first.
    """
    hint = "--world NAME runs all on one world, --allow-world-change compares them as they are"
    _refuse(scenarios, WORLD, "so more than the policy would differ", hint)


def refuse_other_months(scenarios: Sequence[Scenario]) -> None:
    """Every month must have its counterpart.

    Raises:
        ScenarioError: one problem per scenario that begins or ends otherwise than the first.
    """
    _refuse(scenarios, MONTHS, "so months cannot be paired", "--set world.years=15 and --set world.start=2006-12 hold for all")


def _refuse(scenarios: Sequence[Scenario], fields: Sequence[str], why: str, hint: str) -> None:
    from sim.scenario import Problem, ScenarioError  # noqa: PLC0415

    usual, *others = scenarios
    problems = []
    for other in others:
        differing = [field for field in fields if getattr(other, field) != getattr(usual, field)]
        if differing:
            message = f"assumes another {', '.join(differing)} than {usual.name}, {why}"
            problems.append(Problem(other.name, None, "world", message, hint))
    if problems:
        raise ScenarioError(problems)


def conclude(finished: Finished, settings: Settings) -> None:
    """Analyse what is stored, print the table, leave it, the figures and the report in the folder."""
    from sim.analysis.equal_cost import statement  # noqa: PLC0415
    from sim.analysis.paired import to_csv, to_json  # noqa: PLC0415
    from sim.analysis.table import render  # noqa: PLC0415
    from sim.commands.running import pairing  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.show.figures import read  # noqa: PLC0415
    from sim.show.report import publish  # noqa: PLC0415

    with pairing(finished):
        results = read(finished.folder, finished.plan.arms[0].scenario.name)
    equal = results.plan.get("equal_cost")
    if settings.as_json:
        click.echo(json.dumps(to_json(results.rows) | ({"equal_cost": equal} if equal else {})))
    else:
        click.echo((f"{statement(equal)}\n\n" if equal else "") + render(results.rows), nl=False)
    attach(finished.folder, "comparison.csv", to_csv(results.rows))
    report = publish(results, finished.folder)
    if not settings.quiet:
        for line in _remarks(finished.plan, results):
            click.echo(line, err=True)
        click.echo(f"results in {finished.folder}; to read: {report}", err=True)


def _remarks(plan: Plan, results: Results) -> Iterator[str]:
    """Where what is compared is not what was asked for."""
    stored = results.plan["replicates"]
    if stored > plan.replicates:
        yield f"the folder holds {stored} replicates, all of which are compared"
    for arm in plan.arms:
        if arm.scenario.name not in results.ensemble.arms:
            yield f"{arm.scenario.name} is left out: none of its runs succeeded"
    if results.dropped:
        yield f"{len(results.dropped)} replicates are left out: not finished in every scenario"
