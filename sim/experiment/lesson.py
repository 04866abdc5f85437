"""The grid of a lesson as scenarios: every arm, scaled to one cost where the lesson says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sim.experiment.budget import BUDGETS, equal_cost
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.draft import SET, Draft
from sim.scenario.lesson import FOLDER, Lesson, Position, arm_id, lessons, load_lesson
from sim.scenario.problems import suggest
from sim.scenario.read import read


def find_lesson(name: str) -> Lesson:
    """A lesson of the library, with its words."""
    known = lessons()
    if name not in known:
        hint = suggest(name, known) or f"there are: {', '.join(known) or 'none'}"
        raise ScenarioError([Problem(FOLDER, None, "", f"there is no lesson '{name}'", hint)])
    return load_lesson(known[name])


def scenarios(lesson: Lesson, folder: Path | None = None) -> list[Scenario]:
    """A scenario per arm, named by the arm's id, in the order of the lesson's arms; by default of the library's scenarios.

    Raises ScenarioError: a position cannot be had; at its line in the lesson's file; PlanError: costs cannot be set equal.
    """
    draft = read(lesson.path)
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for arm in lesson.arms:
        try:
            found[arm_id(arm)] = replace(_load(lesson, arm, folder), name=arm_id(arm))
        except ScenarioError as error:
            problems += _placed(error.problems, draft, lesson, arm)
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return list((_equal(lesson, found) if lesson.outline.equal_cost else found).values())


def played(lesson: Lesson) -> tuple[dict[str, Scenario], Scenario | None]:
    """What a page can play: policies under the assumptions that are asked about, the usual one first; the challenge's second country."""
    asked = next(arm for arm in lesson.arms if arm_id(arm) == lesson.about)
    usual_id, second = lesson.usual(asked), None
    found = {one.name: one for one in scenarios(lesson)}
    policies = {arm_id(arm): found[arm_id(arm)] for arm in lesson.arms if lesson.usual(arm) == usual_id}
    if lesson.outline.challenge:
        plain = next(arm for arm in lesson.arms if arm_id(arm) == usual_id)
        second = _load(lesson, plain, None, lesson.outline.challenge.second)
    return {usual_id: found[usual_id]} | policies, second


def usual(lesson: Lesson) -> Scenario:
    """Business as usual under the assumptions of the first arm."""
    return _load(lesson, next(arm for arm in lesson.arms if arm_id(arm) == lesson.usual(lesson.arms[0])), None)


def _load(lesson: Lesson, arm: Sequence[Position], folder: Path | None, more: Iterable[str] = ()) -> Scenario:
    name = next((position.scenario for position in arm if position.scenario), lesson.outline.scenario)
    changes = [*(change for position in arm for change in position.set), *more]
    return load(name, [*changes, f"run.replicates={lesson.outline.pairs}"], folder=folder)


def _placed(problems: Iterable[Problem], draft: Draft, lesson: Lesson, arm: Sequence[Position]) -> Iterator[Problem]:
    """Problems of an override, or of the name of a scenario, at their line in the lesson's file; others as they are."""
    said: dict[tuple[str | None, str], tuple[str | int, ...]] = {}
    for number, (axis, position) in enumerate(zip(lesson.outline.axis, arm, strict=True)):
        at = ("axis", number, "position", axis.ids.index(position.id))
        said |= {(position.scenario, ""): (*at, "scenario")}
        said |= {(SET, change.partition("=")[0].strip()): (*at, "set", index) for index, change in enumerate(position.set)}
    for problem in problems:
        whole = f"{problem.field}."
        around = [
            place
            for (file, field), place in said.items()
            if problem.file == file and (whole.startswith(f"{field}.") or f"{field}.".startswith(whole))  # one is the other, or lies in it
        ]
        yield draft.problem(around[-1], problem.message, problem.hint) if around else problem


def _equal(lesson: Lesson, found: dict[str, Scenario]) -> dict[str, Scenario]:
    """Arms that are not business as usual, scaled until they cost the same under their assumptions."""
    budget = BUDGETS.get(lesson.outline.equal_cost or "")
    for arm in lesson.arms:
        if lesson.usual(arm) == arm_id(arm):
            others = [arm_id(one) for one in lesson.arms if lesson.usual(one) == arm_id(arm) and arm_id(one) != arm_id(arm)]
            granted = equal_cost([found[arm_id(arm)], *(found[one] for one in others)], budget)
            found |= {share.scenario.name: share.scenario for share in granted.shares}
    return found
