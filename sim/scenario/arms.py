"""The scenarios of a comparison, what overrides mean for them, and what they give up of what they extend without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sim.catalogue.year import whole_weeks
from sim.scenario.changes import is_question, parse
from sim.scenario.draft import Draft, override
from sim.scenario.load import USUAL, layers, load, policy_of
from sim.scenario.problems import Problem, brief
from sim.scenario.read import USUAL as OWN_USUAL
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.read import usual as usual_of_worlds
from sim.scenario.scenario import LeverPlan, Scenario

LISTED = 3  # schedules that a warning names
POLICY = ("policy", "event")  # tables of a file that say what is done, not where and under which assumptions


def warnings(name_or_path: str | Path, overrides: Iterable[str] = (), *, base: str = USUAL) -> Iterator[Problem]:
    """Levers that begin later than what they replace or than the run ends, or leave out places where it was in force.

    Nothing is given up unsaid by a lever that is taken out (`[]`), set to zero, or changed relative to what is inherited.
    """
    folder = scenario_folder()
    overrides = [*overrides]
    under, *others = layers(str(name_or_path), folder, base, overrides)[0]
    stages = [under, *(under := top.over(under) for top in others)]
    for text in overrides:
        stages.append(override(stages[-1], text)[0])
    world = stages[-1].data.get("world")
    before: dict[str, list[LeverPlan]] = {}
    for number, draft in enumerate(stages):
        if number and draft.data.get("policy") == stages[number - 1].data.get("policy"):
            continue
        after, start, end = _levers(draft.put(("world",), world), folder)
        for lever in [name for name in after if number and after[name] != before.get(name)]:
            said = _given_up(before.get(lever, []), after[lever], start) or _too_late(before.get(lever, []), after[lever], end)
            if said:
                earlier, field = stages[number - 1], ("policy", lever)
                written = [path for path, _ in draft.leaves() if path[:2] == field and draft.origin(path) != earlier.origin(path)]
                yield draft.problem([field, *written][-1] if draft.origin(field) == earlier.origin(field) else field, *said)
        before = after


def _levers(draft: Draft, folder: Path) -> tuple[dict[str, list[LeverPlan]], date, date]:
    """The schedules of a draft by lever, and the days on which it starts and ends; none where it is not whole by itself."""
    from sim.scenario.fields import validate  # noqa: PLC0415  pydantic
    from sim.scenario.schema import catalogue_document  # noqa: PLC0415

    document, _ = validate(catalogue_document(), draft)
    if document is None:
        return {}, date.min, date.max
    found: dict[str, list[LeverPlan]] = {}
    for plan in policy_of(document, draft, folder / WORLDS)[0]:
        found.setdefault(plan.lever, []).append(plan)
    start = document.world.start
    return found, start, start + timedelta(weeks=whole_weeks(document.world.years))


def _given_up(before: list[LeverPlan], after: list[LeverPlan], start: date) -> tuple[str, str] | None:
    """Message and hint about schedules that are lost; None where none are, or where the lever is off on purpose."""
    in_force = [plan for plan in before if any(level for _, level in plan.points)]
    first = min((day for plan in after for day, level in plan.points if level), default=None)
    if first is None or not in_force:
        return None
    earlier = min(day for plan in in_force for day, level in plan.points if level)
    if earlier < first and start < first and all(plan.points[0][0] >= first for plan in after):
        said = "; ".join(map(told, in_force[:LISTED])) + ("; ..." if len(in_force) > LISTED else "")
        return (
            f"does nothing before {first}, where what it replaces did: {said}",
            f'write from = "{first}" in place of start to keep that until then, or [["{start}", 0], ...] if nothing is meant',
        )
    kept = {place for plan in after for place in plan.where}
    lost = sorted({place for plan in in_force for place in plan.where} - kept)
    if lost and len(after) != len(before):
        return (
            f"replaces the schedules of its own that {', '.join(lost)} had",
            'change what is inherited with times or plus, or write from = "start" if the new intensity is meant everywhere',
        )
    return None


def _too_late(before: list[LeverPlan], after: list[LeverPlan], end: date) -> tuple[str, None] | None:
    """What to say of a change of which nothing happens within the run."""

    def within(plans: list[LeverPlan]) -> list[LeverPlan]:
        cut = (replace(plan, points=tuple(point for point in plan.points if point[0] < end)) for plan in plans)
        return [plan for plan in cut if plan.points]

    return None if within(before) != within(after) else (f"changes nothing before the run ends, on {end}", None)


def told(plan: LeverPlan) -> str:
    """A schedule in words: its intensities and their months."""
    where = f" in {', '.join(plan.where)}" if plan.where else ""
    return ", ".join(f"{brief(level)} from {day:%Y-%m}" for day, level in plan.points) + where


@dataclass(frozen=True)
class Asked:
    """One scenario as it is asked for."""

    name: str  # of the library, a path, or a question
    overrides: tuple[str, ...] = ()  # as given to `--set`
    base: str = USUAL  # what a question changes that names no scenario

    def load(self) -> Scenario:
        """The scenario; one that is business as usual with another policy says so in its name."""
        found = load(self.name, self.overrides, base=self.base)
        changes = [text for text in self.overrides if is_policy(text)]
        return replace(found, name=f"{found.name}, {', '.join(changes)}") if changes and self.name == self.base else found

    def warnings(self) -> list[Problem]:
        """What it gives up of what it extends, without saying so."""
        return [*warnings(self.name, self.overrides, base=self.base)]


def is_policy(override: str) -> bool:
    """Whether an override says what is done, and not where or under which assumptions."""
    if is_question(override, known="=" in override):
        return bool(parse(override).changes)
    return override.strip().startswith(tuple(f"{table}{end}" for table in POLICY for end in (".", "=")))


def arms(names: Sequence[str | Path], overrides: Sequence[str] = ()) -> list[Asked]:
    """What a comparison of these scenarios runs: business as usual, then the policies.

    Overrides of the policy hold for the policies alone, all others for everything. Of two names or more the first is business as usual; a
    single scenario is compared with `baseline`; `baseline` alone, if overrides change its policy, with itself as it is written.
    """
    own = [str(name) for name in names]
    shared = tuple(text for text in overrides if not is_policy(text))
    changed = len(shared) < len(overrides)
    alone = own[0] if own[0] in usual_of_worlds() or Path(own[0]).name == OWN_USUAL else USUAL
    if len(own) == 1 and (own[0] != alone or changed):
        own = [alone, own[0]]
    usual, *policies = own
    return [Asked(usual, shared), *(Asked(name, tuple(overrides), usual) for name in policies)]
