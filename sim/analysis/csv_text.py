"""The one way to write a table as CSV, and as text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,()%~e +-]*$)")  # how what a spreadsheet would run begins; +2.5 (-1 +6) is a number


def csv_rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Comments, and rows by field, of a table that `csv_text` wrote."""
    lines = text.splitlines(keepends=True)
    comments = [line.removeprefix("# ").rstrip("\n") for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def csv_text(fields: Sequence[str], rows: Iterable[Iterable[object]], comments: Iterable[str] = ()) -> str:
    """A table as the text of a CSV file; lines end in a line feed, as on every system; None leaves a cell empty.

    What a spreadsheet would take for a formula is given an apostrophe. Comments stand above the heading, each after `# `.
    """
    text = StringIO(newline="")
    text.writelines(f"# {line}\n" for line in comments)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell for cell in row] for row in rows)
    return text.getvalue()


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells as text whose columns stand below each other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def document(rows: Iterable[Any]) -> dict[str, Any]:
    """Named tuples as the rows of a `--json` document."""
    return {"schema": 1, "rows": [row._asdict() for row in rows]}


def plain_rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Named tuples as rows of a document, in which what is undefined is null."""
    return [{key: None if value != value else value for key, value in row._asdict().items()} for row in rows]  # noqa: PLR0124 (nan)
