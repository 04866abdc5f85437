"""What a description consists of, and how it reads as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

SECTIONS = {  # the seven elements of ODD, in its order
    "purpose": "Purpose and patterns",
    "entities": "Entities, state variables, and scales",
    "process": "Process overview and scheduling",
    "concepts": "Design concepts",
    "initialization": "Initialization",
    "input": "Input data",
    "submodels": "Submodels",
}

Row = Sequence[object]


class Part(NamedTuple):
    """A piece of a section: text, then rows. Rows without column names are pairs, a term and what it means."""

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()


class Section(NamedTuple):
    """One element of the description."""

    name: str
    parts: tuple[Part, ...]


def markdown(sections: Iterable[Section]) -> str:
    """Headings, paragraphs, lists and tables."""
    blocks = [block for section in sections for block in _section(section)]
    return "\n\n".join(["# Cartelitos: model description", *blocks]) + "\n"


def as_json(section: Section) -> dict[str, Any]:
    """The same content as data: rows by column name, or by term."""
    parts = [{"title": part.title, "text": part.text, "rows": _records(part)} for part in section.parts]
    return {"name": section.name, "title": SECTIONS[section.name], "parts": parts}


def _records(part: Part) -> list[dict[str, object]] | dict[str, object]:
    if part.columns:
        return [dict(zip(part.columns, row, strict=True)) for row in part.rows]
    return {str(term): meaning for term, meaning in part.rows}


def _section(section: Section) -> Iterator[str]:
    yield f"## {list(SECTIONS).index(section.name) + 1}. {SECTIONS[section.name]}"
    for part in section.parts:
        yield f"### {part.title}"
        if part.text:
            yield part.text
        if part.columns:
            yield "\n".join([_line(part.columns), _line(["---"] * len(part.columns)), *map(_line, part.rows)])
        elif part.rows:
            yield "\n".join(f"- {term}: {_cell(meaning)}" for term, meaning in part.rows)


def _line(row: Row) -> str:
    return "| " + " | ".join(_cell(value).replace("|", "\\|") for value in row) + " |"


def _cell(value: object) -> str:
    """One line; numbers short, several values in a row, yes or nothing."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:,.15g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return " ".join(str(value).split())
