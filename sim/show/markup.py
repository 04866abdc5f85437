"""What pages are made of: a document of titled parts, tables, pictures as data. A page asks nothing of any server."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from sim.analysis.csv_text import csv_text
from sim.analysis.table import Cell, Section, plain

NAME = "report.html"
MOST_ROWS = 400  # of the numbers behind a picture
ABSENT = "Not in this folder"
NOTHING: Mapping[str, str] = MappingProxyType({})
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 2px solid #111; }
nav a { margin-right: 1rem; color: #0b4f8a; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #ccc; }
.answer { font-size: 1.15em; }
.answer[lang=es] { color: #444; font-size: 1em; }
.numbers th, .numbers td { white-space: pre; }
small { display: block; color: #444; font-weight: normal; }
.wide { overflow-x: auto; }
figure { margin: 2rem 0; break-inside: avoid; }
img { max-width: 100%; height: auto; }
figcaption { color: #444; }
@page { margin: 15mm; }
@media print {
  body { font-size: 9pt; margin: 0; padding: 0; max-width: none; }
  nav { display: none; }
  .wide { overflow: visible; }
  .numbers th, .numbers td { white-space: normal; padding-right: .6rem; }
  h2, caption { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
POLICY = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'"  # the page asks nothing of any server


def document(
    title: str,
    parts: Mapping[str, Sequence[str]],
    language: str = "en",
    style: str = STYLE,
    absent: Mapping[str, str] = NOTHING,
    script: str = "",
) -> str:
    """A whole HTML document of titled parts, HTML by heading; `absent` says why some are empty. Only `script` may run."""
    run = f"<script>{script}</script>\n" if script else ""
    policy = f"{POLICY}; script-src 'unsafe-inline'" if script else POLICY
    told = {name: body for name, body in parts.items() if body}
    missing = {name: word for name, word in absent.items() if name in parts and not parts[name]}
    if missing:
        told[ABSENT] = [table("Parts of a report that this folder has nothing for", (), missing.items())]
    links = "".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in told)
    body = "\n".join(
        [
            f"<h1>{escape(title)}</h1>",
            f"<nav>{links}</nav>",
            *(line for name, found in told.items() for line in (f'<h2 id="{_anchor(name)}">{escape(name)}</h2>', *found)),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n{run}</body>\n</html>\n"
    )


def paragraphs(lines: Iterable[str]) -> list[str]:
    """A paragraph each."""
    return [f"<p>{escape(line)}</p>" for line in lines]


def answer(text: str, language: str) -> str:
    """What was found, in a language."""
    return f'<p lang="{language}" class="answer">{escape(text)}</p>'


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of plain text; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(text)}</td>" for text in rest) + "</tr>"
        for first, *rest in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if heads else ""
    look = f' class="{escape(kind)}"' if kind else ""
    return f'<div class="wide"><table{look}><caption>{escape(caption)}</caption>{top}<tbody>{body}</tbody></table></div>'


def matrix(section: Section) -> str:
    """One matrix of the trade-off table."""
    heads = "".join(f'<th scope="col">{_cell((name, section.caption))}</th>' for name in section.scenarios)
    rows = (
        f'<tr><th scope="row">{_cell(line.label)}</th><td>{escape(line.level)}</td>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in line.cells)
        + "</tr>"
        for line in section.lines
    )
    return (
        f'<div class="wide"><table class="numbers"><caption>{escape(section.title)}</caption>'
        f'<thead><tr><td></td><th scope="col">{escape(" ".join(section.level).strip())}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    upper, lower = (escape(text.strip()) for text in cell)
    return upper + (f"<small>{lower}</small>" if lower else "")


def picture(svg: bytes, shows: str, behind: str = "") -> str:
    """A picture as data, so that the page stands alone, what it shows, and the numbers behind it, if they are given."""
    alt, data = escape(shows), b64encode(svg).decode()
    return f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{data}"><figcaption>{alt}</figcaption>{behind}</figure>'


def numbers(name: str, heads: Sequence[str], rows: Sequence[Sequence[str | float | None]]) -> str:
    """A table behind one click, and the same as a CSV file to keep."""
    shown = [["" if cell is None else plain(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in rows[:MOST_ROWS]]
    more = f"; the other {len(rows) - MOST_ROWS:,} rows are in the CSV" if len(rows) > MOST_ROWS else ""
    data = b64encode(csv_text(heads, rows).encode("utf-8-sig")).decode()
    link = f'<a download="{escape(name)}.csv" href="data:text/csv;base64,{data}">CSV</a>'
    told = table(f"The numbers of this picture{more}", heads, shown, "numbers")
    return f"<details><summary>Numbers / Números</summary><p>{link}</p>{told}</details>"
