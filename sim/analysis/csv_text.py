"""The one way to write a table as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO


def csv_rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Comments, and rows by field, of a table that `csv_text` wrote."""
    lines = text.splitlines(keepends=True)
    comments = [line.removeprefix("# ").rstrip("\n") for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def csv_text(fields: Sequence[str], rows: Iterable[Iterable[object]], comments: Iterable[str] = ()) -> str:
    """A table as the text of a CSV file; lines end in a line feed, as on every system; None leaves a cell empty.

    Comments stand above the heading, each after `# `.
    """
    text = StringIO(newline="")
    text.writelines(f"# {line}\n" for line in comments)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return text.getvalue()
