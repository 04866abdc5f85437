"""Pieces of HTML that the parts of a lesson share; every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from sim.show.web.style import STANDALONE

HERE = Path(__file__).parent
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def document(title: str, language: str, body: str) -> str:
    """A whole page that asks nothing of any server."""
    style = STANDALONE + (HERE / "lesson.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · Cartelitos</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def section(step: str, title: str, inner: str) -> str:
    """A step of the lesson; the script shows one at a time."""
    return f'<section id="{step}" aria-labelledby="h-{step}" hidden><h2 id="h-{step}" tabindex="-1">{escape(title)}</h2>{inner}</section>'


def print_button(text: str, what: str) -> str:
    """A button that prints one part of the page."""
    return f'<button type="button" data-print="{what}">{escape(text)}</button> '


def radios(name: str, legend: str, texts: dict[str, str]) -> str:
    """One choice of several."""
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"><span>{escape(text)}</span></label>' for value, text in texts.items()
    )
    return f'<fieldset><legend>{escape(legend)}</legend><div class="options">{options}</div></fieldset>'


def paragraphs(texts: Iterable[str]) -> str:
    """Texts as paragraphs."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def bullets(texts: Iterable[str]) -> str:
    """Texts as a list."""
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def rows(cells: Iterable[Iterable[str]]) -> Iterator[str]:
    """Rows of a table; the first cell of each is its heading."""
    for head, *rest in cells:
        yield f'<tr><th scope="row">{escape(head)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
