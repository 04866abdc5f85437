"""Lessons inside the teaching page: a list, and each lesson as the same page that the command writes."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from sim.scenario import ScenarioError
from sim.scenario.lesson import LANGUAGES, Language
from sim.scenario.lessons import lessons, load_lesson
from sim.show.lesson.html import document, paragraphs
from sim.show.lesson.page import page, read_findings
from sim.show.lesson.words import TEXTS

FOUND, MISSING, BROKEN = 200, 404, 500  # status of the answer


def spoken(language: str | None) -> Language:
    """A language that there is: the one asked for, else English."""
    return next((known for known in LANGUAGES if known == language), LANGUAGES[0])


@lru_cache(maxsize=32)
def lesson(name: str, language: Language) -> tuple[str, int]:
    """The page of a lesson, or the list with what is wrong, and the status of the answer."""
    known = lessons()
    if name not in known:
        return index(language, TEXTS[language]["no_lesson"].format(name=name)), MISSING
    try:
        found = load_lesson(known[name])
        return page(found, read_findings(found), language), FOUND
    except ScenarioError as error:
        return index(language, str(error)), BROKEN


def index(language: Language, problem: str = "") -> str:
    """The lessons of the library, in order, in both languages."""
    own = TEXTS[language]
    rows = []
    for name, path in lessons().items():
        try:
            found = load_lesson(path)
        except ScenarioError:
            continue  # told by the lesson's own page
        said = found.words[language]
        links = " · ".join(f'<a href="/lesson/{name}?language={one}" lang="{one}">{TEXTS[one]["language"]}</a>' for one in LANGUAGES)
        rows.append(
            (found.outline.number, f"<h2>{found.outline.number} {escape(said.title)}</h2><p>{escape(said.question)}</p><p>{links}</p>")
        )
    notice = f'<p id="wrong">{escape(problem)}</p>' if problem else ""
    body = "".join(row for _, row in sorted(rows))
    back = f'<p><a href="/?language={language}">{escape(own["back"])}</a></p>'
    return document(
        own["lessons"], language, f"<main><h1>{escape(own['lessons'])}</h1>{notice}{paragraphs([own['model']])}{body}{back}</main>"
    )
