"""Lesson files: found, read, and checked, every mistake named by file, line and field."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.catalogue.installed import folders
from sim.scenario.draft import Draft
from sim.scenario.explain import validate
from sim.scenario.lesson import BLANK, DRAWN, FOLDER, LANGUAGES, MOST_ARMS, OPEN, VERDICTS, Axis, Blank, Lesson, Outline, Words
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import read, scenario_folder


def lessons(folder: Path | None = None) -> dict[str, Path]:
    """The lessons of a folder (by default those of the library and of installed packages) by name."""
    homes = [folder] if folder else [*folders("lessons"), scenario_folder() / FOLDER]
    return {path.stem: path for home in homes for path in sorted(home.glob("*.toml")) if "." not in path.stem}


def load_lesson(path: Path) -> Lesson:
    """A lesson with its words in every language.

    Raises:
        ScenarioError: with everything that is wrong with its files.
    """
    draft = read(path)
    outline, problems = validate(Outline, draft)
    if outline is None:
        raise ScenarioError(problems)
    problems += _outline_problems(draft, outline)
    if problems:
        raise ScenarioError(problems)
    lesson = Lesson(path.stem, path, outline, {})
    for language in LANGUAGES:
        spoken = read(path.with_suffix(f".{language}.toml"))
        words, found = validate(Words, spoken)
        problems += found
        if words is not None:
            problems += _words_problems(spoken, words, lesson)
            lesson.words[language] = words
    if problems:
        raise ScenarioError(problems)
    return lesson


def _outline_problems(draft: Draft, outline: Outline) -> Iterator[Problem]:
    for number, metric in enumerate(outline.predict):
        if metric not in outline.outcomes:
            yield draft.problem(("predict", number), f"{brief(metric)} is not one of the outcomes", suggest(metric, outline.outcomes))
    if DRAWN not in outline.outcomes:
        yield draft.problem(("outcomes",), f"{DRAWN} are not among them; every pupil draws their curve")
    if DRAWN in outline.predict:
        yield draft.problem(("predict",), f"{DRAWN} are drawn as a curve; ask for something else")
    yield from _axis_problems(draft, outline.axis)
    if len(outline.about) != len(outline.axis):
        yield draft.problem(("about",), f"names {len(outline.about)} positions; there are {len(outline.axis)} axes")
        return
    for number, (said, axis) in enumerate(zip(outline.about, outline.axis, strict=True)):
        if said not in axis.ids:
            yield draft.problem(("about", number), f"axis {axis.id} has no position {brief(said)}", suggest(said, axis.ids))


def _axis_problems(draft: Draft, axes: Sequence[Axis]) -> Iterator[Problem]:
    arms = 1
    for number, axis in enumerate(axes):
        arms *= len(axis.position)
        plain = sum(position.plain for position in axis.position)
        if axis.kind == "policy" and plain != 1:
            hint = "business as usual is the position without `scenario` and `set`"
            yield draft.problem(("axis", number), f"{plain} positions leave things as they are; a policy axis has exactly one", hint)
        for index, name in enumerate(axis.ids):
            if name in axis.ids[:index]:
                yield draft.problem(("axis", number, "position", index, "id"), f"{brief(name)} is the id of an earlier position")
    named = [number for number, axis in enumerate(axes) if any(position.scenario for position in axis.position)]
    for number in named[1:]:
        yield draft.problem(("axis", number), f"names scenarios, as axis {axes[named[0]].id} does; only one axis can")
    if arms > MOST_ARMS:
        yield draft.problem(("axis",), f"make {arms} arms; at most {MOST_ARMS} fit")


def _words_problems(draft: Draft, words: Words, lesson: Lesson) -> Iterator[Problem]:
    outline = lesson.outline
    yield from _names(draft, ("axis",), words.axis, [axis.id for axis in outline.axis], "axis")
    for axis in outline.axis:
        if axis.id in words.axis:
            yield from _names(draft, ("axis", axis.id, "position"), words.axis[axis.id].position, axis.ids, "position")
    yield from _names(draft, ("reasons",), words.reasons, outline.reasons, "reason")
    yield from _names(draft, ("chain",), words.chain, outline.chain, "link of the chain")
    if (words.second is None) != (outline.challenge is None):
        yield draft.problem(("second",), "says how the second country differs; it stands there if, and only if, there is a challenge")
    for path, text in draft.leaves():
        if isinstance(text, str) and path[-1] != "when":
            yield from _blank_problems(draft, path, text, lesson)
    for key, entries in draft.data.items():
        if isinstance(entries, list):
            yield from _when_problems(draft, key, entries, lesson)


def _names(draft: Draft, at: tuple[str, ...], said: Iterable[str], needed: Sequence[str], thing: str) -> Iterator[Problem]:
    found = list(said)
    for name in found:
        if name not in needed:
            yield draft.problem((*at, name), f"the lesson has no {thing} {brief(name)}", suggest(name, needed))
    for name in needed:
        if name not in found:
            yield draft.problem(at, f"says nothing about {thing} {brief(name)}")


def _blank_problems(draft: Draft, path: tuple[str | int, ...], text: str, lesson: Lesson) -> Iterator[Problem]:
    if set("{}") & set(BLANK.sub("", text)):
        yield draft.problem(path, "has a brace without its partner")
    for found in BLANK.findall(text):
        blank = yield from _asked(draft, path, lesson.blank, found)
        if blank and path[0] in OPEN and blank.want not in ("usual", "cost"):
            hint = "before the prediction only {metric:usual} and {policy_cost_usd:cost} may be said"
            yield draft.problem(path, f"{brief('{' + found + '}')} would give the result away", hint)


def _when_problems(draft: Draft, key: str, entries: Sequence[Any], lesson: Lesson) -> Iterator[Problem]:
    spoken: dict[Blank, set[str]] = {}
    for index, entry in enumerate(entries):
        when = entry.get("when") if isinstance(entry, dict) else None
        if not isinstance(when, str):
            continue
        path = (key, index, "when")
        found = yield from _asked(draft, path, lesson.verdicts, when)
        if found:
            spoken.setdefault(found[0], set()).update(found[1])
    for blank, verdicts in spoken.items():
        silent = [verdict for verdict in VERDICTS if verdict not in verdicts]
        if silent:
            message = f"says nothing about {blank.metric}@{blank.arm} when it is {' or '.join(silent)}"
            yield draft.problem((key,), message, "add paragraphs, so that it never falls silent")


def _asked(draft: Draft, path: tuple[str | int, ...], ask: Callable[[str], Any], text: str) -> Generator[Problem, None, Any]:
    """What `ask` makes of a text, or a problem."""
    try:
        return ask(text)
    except ValueError as error:
        message, hint = error.args
        yield draft.problem(path, message, hint)
        return None
