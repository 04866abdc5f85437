"""What pages are made of: titled parts of paragraphs, lists, tables and pictures, laid out by `page.html`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import Environment, Template
from markupsafe import Markup

from sim.analysis.csv_text import csv_text
from sim.analysis.table import Table, plain

NAME = "report.html"
MOST_ROWS = 400  # of the numbers behind a picture
ABSENT = "Not in this folder"
NOTHING: Mapping[str, str] = MappingProxyType({})
STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # the page asks nothing of any server


class Said(NamedTuple):
    """A paragraph in a language; of the kind "answer", if it is that."""

    text: str
    language: str
    kind: str = ""


class Numbers(NamedTuple):
    """A table behind one click, and the same as a CSV file to keep."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]

    @property
    def csv(self) -> str:
        """All rows, in base 64."""
        return b64encode(csv_text(self.heads, self.rows).encode("utf-8-sig")).decode()

    @property
    def shown(self) -> list[list[str]]:
        """The first rows as texts."""
        first = self.rows[:MOST_ROWS]
        return [["" if cell is None else plain(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in first]

    @property
    def more(self) -> str:
        """How many rows are not shown."""
        return f"; the other {len(self.rows) - MOST_ROWS:,} rows are in the CSV" if len(self.rows) > MOST_ROWS else ""


class Picture(NamedTuple):
    """A picture as data, so that the page stands alone, what it shows, and the numbers behind it."""

    svg: bytes
    shows: str
    behind: Sequence[Numbers] = ()


Block = str | Said | Table | Picture | Sequence[str]  # a list of texts has a bullet each


def document(
    title: str, parts: Mapping[str, Sequence[Block]], language: str = "en", absent: Mapping[str, str] = NOTHING, script: str = ""
) -> str:
    """A whole HTML document of titled parts; `absent` says why some are empty. Only `script` may run."""
    told = {name: body for name, body in parts.items() if body}
    missing = [(name, word) for name, word in absent.items() if name in parts and not parts[name]]
    if missing:
        told[ABSENT] = [Table("Parts of a report that this folder has nothing for", (), missing)]
    html: str = _page().render(
        title=title, parts=told, language=language, style=Markup(STYLE), policy=Markup(POLICY), script=Markup(script)
    )
    return html


def fragment(body: Sequence[Block]) -> str:
    """A part without its page."""
    html: str = _page().render(bare=body)
    return html


@cache
def _page() -> Template:
    frame = Environment(autoescape=True, trim_blocks=True)
    frame.filters |= {"anchor": lambda name: name.lower().replace(" ", "-"), "base64": lambda data: b64encode(data).decode()}
    return frame.from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
