"""From a name or a path to a resolved scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.draft import VARY, Draft, dotted, override
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.read import WORLDS, beside, inherit, locate, scenario_folder
from sim.scenario.references import option_defaults, reference_problems, world_name
from sim.scenario.scenario import Axis, Event, LeverPlan, Scenario, Sweep
from sim.scenario.worlds import tables_digest

if TYPE_CHECKING:
    from sim.scenario import axes, schema


def load(
    name_or_path: str | Path,
    overrides: Iterable[str] = (),
    *,
    folder: Path | None = None,
    sweep: Mapping[str, Any] | None = None,
) -> Scenario:
    """The scenario of a file, with all it extends and the overrides applied.

    Args:
        name_or_path: a name in the library, or a path.
        overrides: "dotted.field=value", as given to `--set`; later ones win.
        folder: the scenario folder; by default `./scenarios`, else the one that came with the package.
        sweep: in place of the file's `[sweep]`, as it would stand there; empty = leave that out.

    Raises:
        ScenarioError: with everything that is wrong, in the order of the files and their lines.
    """
    from sim.scenario.explain import validate  # noqa: PLC0415  (pydantic is not loaded before a scenario is)
    from sim.scenario.schema import catalogue_document  # noqa: PLC0415
    from sim.scenario.sweep import sweep_problems  # noqa: PLC0415

    home = folder or scenario_folder()
    path = locate(str(name_or_path), home)
    draft, files, problems = inherit(path, home)
    orphan = bool(problems)
    for text in overrides:
        try:
            draft = override(draft, text)
        except ScenarioError as error:
            problems += error.problems
    if sweep is not None:
        draft = draft.put(("sweep",), dict(sweep), VARY) if sweep else draft.without(("sweep",))
    model = catalogue_document()
    document, found = validate(model, draft, whole=not orphan)
    problems += [*found, *reference_problems(draft, home / WORLDS), *sweep_problems(model, draft)]
    if document is None or problems:
        raise ScenarioError(sorted(problems, key=lambda problem: _place(problem, files)))
    return _resolved(document, draft, path.stem, home / WORLDS)


def _place(problem: Problem, files: list[str]) -> tuple[int, int]:
    return (files.index(problem.file) if problem.file in files else len(files), problem.line or 0)


def _resolved(document: schema.Document, draft: Draft, name: str, worlds: Path) -> Scenario:
    world = document.world
    options: dict[str, Any] = world.model_dump(exclude={"name", "start", "years"}, exclude_none=True)
    if "ties" in options:
        options["ties"] = str(beside(draft.origin(("world", "ties")).file, options["ties"]))
    return Scenario(
        name=name,
        title=document.title or name,
        question=document.question,
        world=world_name(draft),
        start=world.start,
        years=world.years,
        world_options=option_defaults(world_name(draft), worlds) | options,
        tables=tables_digest(world_name(draft), worlds, options.get("ties")),
        parameters={key: getattr(document.parameters, key) for key in sorted(document.parameters.model_fields_set)},
        policy=tuple(_plans(document)),
        events=tuple(Event(**event.model_dump()) for event in document.event),
        **document.run.model_dump(),
        sweep=_sweep(document, draft),
        origins={dotted(path): str(draft.origin(path)) for path, _ in draft.leaves()},
    )


def _plans(document: schema.Document) -> Iterator[LeverPlan]:
    for lever in sorted(document.policy.model_fields_set):
        for schedule in getattr(document.policy, lever):
            yield LeverPlan(
                lever=lever,
                points=schedule.points(document.world.start),
                ramp_weeks=schedule.ramp_weeks,
                where=tuple(sorted(set(getattr(schedule, "where", ())))),
                target=tuple(sorted(set(getattr(schedule, "target", ())))),
                rank=getattr(schedule, "rank", None),
                mode=getattr(schedule, "mode", None),
            )


def _sweep(document: schema.Document, draft: Draft) -> Sweep | None:
    sweep = document.sweep
    if sweep is None:
        return None
    varied = tuple(_axis(field, axis) for field, axis in getattr(sweep, "axes", {}).items())
    file = getattr(sweep, "file", None)
    table = str(beside(draft.origin(("sweep", "file")).file, file)) if file else None
    return Sweep(sweep.method, varied, getattr(sweep, "samples", None), table)


def _axis(field: str, axis: axes.Range | tuple[Any, ...]) -> Axis:
    return Axis(field, axis) if isinstance(axis, tuple) else Axis(field, (), **axis.model_dump())
