"""The guide: chapters in `sim/guide/`, printed one by one or written as a web site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

FOLDER = Path(__file__).parents[1] / "guide"


class Chapter(NamedTuple):
    """A chapter: its file's stem, its title, one sentence on what it is for, and the whole text as Markdown."""

    topic: str
    title: str
    purpose: str
    text: str


def chapters() -> dict[str, Chapter]:
    """Every chapter by topic, in alphabetical order; a file in the folder is a chapter."""
    found = [_chapter(path) for path in sorted(FOLDER.glob("*.md"))]
    return {chapter.topic: chapter for chapter in found}


def _chapter(path: Path) -> Chapter:
    """A chapter begins with `# Title` and a sentence; comments, which mark generated numbers, are not for readers."""
    text = re.sub(r"<!--.*?-->\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    title, purpose = text.split("\n\n")[:2]
    return Chapter(path.stem, title.removeprefix("# "), purpose.replace("\n", " "), text)


def site() -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of a static site: a page per chapter, an index, and the guide's pictures.

    Raises ModuleNotFoundError: markdown-it-py is not installed.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415  optional

    frame = Environment(autoescape=True, trim_blocks=True).from_string(Path(__file__).with_name("guide.html").read_text(encoding="utf-8"))
    markdown = MarkdownIt("commonmark").enable("table")
    known = chapters()
    yield "index.html", frame.render(chapters=known.values()).encode()
    for chapter in known.values():
        body = re.sub(r'href="([\w-]+)\.md(#[\w-]+)?"', r'href="\1.html\2"', markdown.render(chapter.text))
        yield f"{chapter.topic}.html", frame.render(chapters=known.values(), shown=chapter, body=body).encode()
    for path in sorted(FOLDER.glob("*.svg")):
        yield path.name, path.read_bytes()
