"""What `sweep`, `plan` and `sensitivity` share: design points around a scenario, and business as usual for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.commands.options import Settings
    from sim.experiment.design import Design
    from sim.experiment.plan import Plan
    from sim.experiment.points import At, Load
    from sim.scenario import Scenario

USUAL = "baseline"
COUNTRY = ("world", "world_options", "tables", "start")  # what must be equal for a policy to mean the same


class Wish(NamedTuple):
    """What the options say about points; nothing = the scenario's own `[sweep]`."""

    vary: tuple[str, ...] = ()
    method: str | None = None
    samples: int | None = None
    points: str | None = None


class Sweeping(NamedTuple):
    """A sweep that is laid out.

    Attributes:
        scenario: what is swept, as written.
        usual: what stands for business as usual.
        design: the points.
        plan: the runs.
    """

    scenario: Scenario
    usual: Scenario
    design: Design
    plan: Plan


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--vary` and its companions; the function gets them as `wish`."""

    @click.option(
        "--vary",
        multiple=True,
        metavar="FIELD=VALUES",
        help="Vary a field: a lever, a parameter or any dotted field; values as 0:2:9 (nine of them), 0,0.5,2 or, for "
        "lhs and sobol, 0:2. Replaces the file's [sweep].",
    )
    @click.option(
        "--method",
        type=click.Choice(["grid", "zip", "lhs", "sobol"]),
        help="Every combination, side by side, or --samples points drawn between bounds.  [default: grid]",
    )
    @click.option("--samples", type=click.IntRange(min=1), help="Design points of lhs and sobol.")
    @click.option("--points", metavar="FILE", help="A CSV table of points: a column per field, a row per point.")
    @wraps(function)
    def with_wish(*, vary: tuple[str, ...], method: str | None, samples: int | None, points: str | None, **given: Any) -> Any:  # noqa: ANN401
        if points is not None and (vary or method or samples):
            raise click.UsageError("--points names all points; it goes without --vary, --method and --samples")
        return function(wish=Wish(vary, method, samples, points), **given)

    return with_wish


def lay_out(name: str, wish: Wish, against: str | None, settings: Settings) -> Sweeping:
    """Resolve a scenario and every design point of its sweep.

    Args:
        name: of the scenario, or its path.
        wish: points in place of the file's `[sweep]`.
        against: what stands for business as usual; None = `baseline`, or the scenario itself in a country of its own.
        settings: of the command line.

    Raises:
        ScenarioError: everything that is wrong with the scenario, its sweep, or business as usual.
        PlanError: there is nothing to sweep.
    """
    from sim.commands.running import load_all  # noqa: PLC0415
    from sim.experiment.design import design  # noqa: PLC0415
    from sim.experiment.errors import PlanError  # noqa: PLC0415
    from sim.experiment.specs import Arm  # noqa: PLC0415

    scenario = _load(name, wish, settings.overrides)
    load_all([name], settings.overrides)  # its world's tables can be read
    if scenario.sweep is None:
        raise PlanError("has no [sweep]", field=scenario.name, hint="give --vary, such as --vary treatment=0:2:9")
    usual, usual_at = _usual(name, scenario, against, settings.overrides)
    seed = scenario.seed if settings.seed is None else settings.seed
    laid = design(scenario.sweep, seed, loader(name, settings.overrides), usual_at)
    swept = Arm(scenario, 0, scenario.digest())
    return Sweeping(scenario, usual, laid, laid.plan(settings.replicates or scenario.replicates, seed, scenario.sweep, swept))


def _load(name: str, wish: Wish, overrides: Sequence[str]) -> Scenario:
    """The scenario with the sweep that is wished for.

    Raises:
        ScenarioError: everything that is wrong with it, with the sweep and with the options.
    """
    from sim.scenario import ScenarioError, load  # noqa: PLC0415
    from sim.scenario.vary import sweep_table  # noqa: PLC0415

    table, problems = sweep_table(*wish)
    try:
        scenario = load(name, overrides, sweep=table)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenario


def loader(name: str, overrides: Sequence[str]) -> Load:
    """A scenario at any coordinates."""
    from sim.scenario import load  # noqa: PLC0415

    def at(place: At) -> Scenario:
        return load(name, [*overrides, *(f"{field}={json.dumps(value, default=str)}" for field, value in place.items())], sweep={})

    return at


def _usual(name: str, scenario: Scenario, against: str | None, overrides: Sequence[str]) -> tuple[Scenario, Load]:
    """Business as usual as written, and at any coordinates: its policy under the swept scenario's assumptions."""
    from sim.experiment.errors import PlanError  # noqa: PLC0415

    itself = loader(name, overrides)
    reference = against or (USUAL if scenario.name != USUAL else name)
    base = loader(reference, overrides)
    if reference == name:
        return scenario, itself
    as_written = base({})
    if any(getattr(as_written, field) != getattr(scenario, field) for field in COUNTRY):
        if against:
            raise PlanError(f"is about another country or start than {scenario.name}", field=against, hint="give --world NAME")
        return scenario, itself

    def at(place: At) -> Scenario:
        assumed = itself(place)
        return replace(base(place), parameters=assumed.parameters, years=assumed.years, worlds=assumed.worlds)

    return at({}), at
