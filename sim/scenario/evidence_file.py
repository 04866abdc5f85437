"""Evidence rows that a user writes: a CSV or TOML file to `Evidence`, with every mistake named by file, line and field.

TOML holds a list `[[row]]`; a CSV file has a heading. Both take these fields; `metric`, `window` and a band are required:

    metric     one of `cartelitos list metrics`, or several joined by "+"
    window     what the observation is about: "2011", "2010-2012", "2009-04" or "2018-12/2021-11"
    low, high  tolerance; or `tolerance`, a share of `observed` either way
    observed   the value
    stated     its error, lowest and highest value that the sources allow: "25000/28000"
    form       level (yearly flow or mean stock), ratio, change, spread, trough; default: ratio if there is a base, else level
    base       the window that a ratio or a change refers to
    peaks      of a trough: the windows before and after it, "2010-2012 2017-2020"
    noise      of a trough: the depth that a flat history shows by chance; default 0
    over       a metric to divide by
    per        factor on the level; 0.0191654 makes a yearly flow weekly
    recorded   share of events that the records show: a number, or "low/mid/high"
    id, title, unit, source, status (seen, recalled), use (calibrate, hold out, given; default hold out), note
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.catalogue.evidence import STATUSES, USES, Evidence, Form, Window
from sim.catalogue.metrics import METRICS
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import read, shown, text_of

FIELDS = (
    "id", "title", "metric", "form", "window", "base", "peaks", "observed", "stated", "low", "high", "tolerance", "unit", "over", "per",
    "noise", "recorded", "source", "status", "use", "note",
)  # fmt: skip
WRITTEN_FORMS: tuple[Form, ...] = ("level", "ratio", "change", "spread", "trough")
WIDEST = 10.0  # tolerance, a share of what was observed
LARGEST = 1e15  # of all numbers: whole ones are exact up to here
NUMBERS = ("observed", "low", "high", "tolerance", "per", "noise")
_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"

Line = tuple[int | None, Mapping[str, Any]]  # where a row begins, and what it says


def read_rows(path: Path) -> list[Evidence]:
    """The rows of a file.

    Raises:
        ScenarioError: with everything that is wrong with it.
    """
    file = shown(path)
    lines = list(_toml(path) if path.suffix == ".toml" else _csv(path, file))
    problems: list[Problem] = []
    rows: list[Evidence] = []
    for number, (line, said) in enumerate(lines, 1):
        reader = _Row(file, line, number, said)
        row = reader.evidence()
        problems += reader.problems
        rows += [row] if row else []
    known: dict[str, int] = {}
    for (line, _), row in zip(lines, rows, strict=False):
        if row.id in known and not problems:
            problems.append(Problem(file, line, "id", f"{brief(row.id)} is the id of an earlier row"))
        known[row.id] = 1
    if not lines:
        problems.append(Problem(file, None, "", "holds no rows", "TOML: [[row]]; CSV: a heading and a line per row"))
    if problems:
        raise ScenarioError(problems)
    return rows


def _toml(path: Path) -> Iterator[Line]:
    draft = read(path)
    strange = [key for key in draft.data if key != "row"]
    if strange:
        hint = suggest(strange[0], ["row"]) or "rows stand under [[row]]"
        raise ScenarioError([draft.problem((key,), "is not part of an evidence file", hint) for key in strange])
    rows = draft.data.get("row", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ScenarioError([draft.problem(("row",), "should be a list of tables", "write [[row]] above each row")])
    for index, row in enumerate(rows):
        yield draft.origin(("row", index)).line, row


def _csv(path: Path, file: str) -> Iterator[Line]:
    text = text_of(path, file).splitlines()
    lines = [(number, line) for number, line in enumerate(text, 1) if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(line for _, line in lines)
    strange = [name for name in reader.fieldnames or () if name not in FIELDS]
    if strange:
        raise ScenarioError([Problem(file, lines[0][0], name, "is not a column of evidence", suggest(name, FIELDS)) for name in strange])
    for row in _rows(reader, file):
        line = lines[min(reader.line_num, len(lines)) - 1][0]
        if None in row:
            raise ScenarioError([Problem(file, line, "", "has more cells than the heading has columns", "quote cells that hold commas")])
        yield line, {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}


def _rows(reader: csv.DictReader[str], file: str) -> Iterator[dict[str, Any]]:
    """Rows of a table; a cell that no observation fills is named."""
    try:
        yield from reader
    except csv.Error as error:
        raise ScenarioError([Problem(file, None, "", f"is no table of evidence: {error}")]) from error


class _Row:
    """One row on its way to `Evidence`; collects what is wrong with it."""

    def __init__(self, file: str, line: int | None, number: int, said: Mapping[str, Any]) -> None:
        self.file, self.line, self.number, self.said = file, line, number, said
        self.problems: list[Problem] = []

    def evidence(self) -> Evidence | None:
        """The row, or None if anything is wrong."""
        for name, value in self.said.items():
            if name not in FIELDS:
                self.wrong(name, "is not a field of evidence", suggest(name, FIELDS))
            elif isinstance(value, str) and not value.isprintable():
                self.wrong(name, f"{brief(value)} is no text of one line")
        window, base, peaks = self.window("window"), self.window("base"), self.peaks()
        metric, over = self.metric("metric"), self.metric("over")
        for name in ("metric", "window"):
            if name not in self.said:
                self.wrong(name, "is missing")
        numbers = {name: self.number_of(name) for name in NUMBERS}
        low, high = self.band(numbers)
        form = self.one_of("form", WRITTEN_FORMS, "ratio" if base else "level")
        status = self.one_of("status", STATUSES, "seen")
        use = self.one_of("use", USES, "hold out")
        if (form in ("ratio", "change")) != ("base" in self.said):
            self.wrong("base", "belongs to a ratio or a change, which need it", f"the form is {form}")
        if (form == "trough") != ("peaks" in self.said):
            self.wrong("peaks", "belong to a trough, which needs them", f"the form is {form}")
        recorded, stated = self.recorded(), self.stated(numbers["observed"])
        if self.problems or window is None or metric is None or low is None or high is None:
            return None
        per, observed = numbers["per"], numbers["observed"]
        key = self.text("id") or f"row-{self.number}"
        source = tuple(self.text("source").split()) if self.text("source") else ()
        return Evidence(
            id=key, title=self.text("title") or key, metric=metric, form=form, window=window, observed=observed, low=low, high=high,  # type: ignore[arg-type]
            unit=self.text("unit"), source=source, status=status, use=use, base=base, over=over,  # type: ignore[arg-type]
            per=1.0 if per is None else per, peaks=peaks, noise=numbers["noise"] or 0.0, recorded=recorded, stated=stated,
            note=self.text("note"),
        )  # fmt: skip

    def wrong(self, field: str, message: str, hint: str | None = None) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.file, self.line, field, message, hint))

    def text(self, name: str) -> str:
        """A field as text."""
        return str(self.said.get(name, ""))

    def number_of(self, name: str) -> float | None:
        """A field as a number."""
        if name not in self.said:
            return None
        try:
            return _finite(self.said[name])
        except ValueError:
            self.wrong(name, f"{brief(self.said[name])} is not a number up to {LARGEST:g}")
            return None

    def band(self, numbers: Mapping[str, float | None]) -> tuple[float | None, float | None]:
        """Both ends of the tolerance."""
        low, high, observed, tolerance = (numbers[name] for name in ("low", "high", "observed", "tolerance"))
        if tolerance is not None and "low" not in self.said and "high" not in self.said:
            if observed is None:
                self.wrong("tolerance", "is a share of `observed`, which is missing")
                return None, None
            if tolerance > WIDEST:
                self.wrong("tolerance", f"{tolerance:g} is no share of `observed`", f"at most {WIDEST:g}")
            half = abs(observed) * tolerance
            low, high = observed - half, observed + half
        for name in ("low", "high"):
            if name not in self.said and "tolerance" not in self.said:
                self.wrong(name, "is missing", "give low and high, or observed and tolerance")
        if low is not None and high is not None and low >= high:
            self.wrong("low", f"{low:g} is not below high, {high:g}")
        return low, high

    def one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        """A field that takes one of a few words."""
        said = self.text(name) or default
        if said not in known:
            self.wrong(name, f"{brief(said)} is none of {', '.join(known)}", suggest(said, known))
        return said

    def metric(self, name: str) -> str | None:
        """A metric, or several joined by "+"."""
        if name not in self.said:
            return None
        said = self.text(name).replace(" ", "")
        for part in said.split("+"):
            if part not in METRICS:
                self.wrong(name, f"there is no metric {brief(part)}", suggest(part, METRICS) or "see `cartelitos list metrics`")
        return said

    def window(self, name: str) -> Window | None:
        """A year, years, a month, or months."""
        return self.months(name, self.text(name).strip()) if name in self.said else None

    def peaks(self) -> tuple[Window, Window] | None:
        """The windows on both sides of a trough."""
        if "peaks" not in self.said:
            return None
        parts = self.text("peaks").split()
        windows = [self.months("peaks", part) for part in parts]
        if len(parts) != 2:
            self.wrong("peaks", f"{brief(self.said['peaks'])} is not two windows", 'write "2010-2012 2017-2020"')
        before, after = (*windows, None, None)[:2]
        return (before, after) if before and after else None

    def months(self, name: str, said: str) -> Window | None:
        """What a field says is a year, years, a month, or months."""
        if found := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", said):
            first, last = f"{found[1]}-01", f"{found[2] or found[1]}-12"
        elif found := re.fullmatch(rf"({_MONTH})(?:/({_MONTH}))?", said):
            first, last = found[1], found[2] or found[1]
        else:
            self.wrong(name, f"{brief(said)} is no window", 'write "2011", "2010-2012", "2009-04" or "2018-12/2021-11"')
            return None
        if last < first:
            self.wrong(name, f"{brief(said)} ends before it begins")
        return first, last

    def recorded(self) -> tuple[float, float, float] | None:
        """Share recorded: one number, or three."""
        if "recorded" not in self.said:
            return None
        said = self.said["recorded"]
        try:
            parts = [_finite(part) for part in (said if isinstance(said, list) else str(said).split("/"))]
            low, mid, high = parts * 3 if len(parts) == 1 else parts
        except ValueError:
            low, mid, high = 0.0, 0.0, 0.0
        if not 0.0 < low <= mid <= high <= 1.0:
            self.wrong("recorded", f"{brief(said)} is no share", 'write a number above 0 and up to 1, or three such as "0.01/0.03/0.1"')
            return None
        return low, mid, high

    def stated(self, observed: float | None) -> tuple[float, float] | None:
        """The range that sources allow."""
        if "stated" not in self.said:
            return None
        said = self.said["stated"]
        try:
            low, high = (_finite(part) for part in (said if isinstance(said, list) else str(said).split("/")))
        except ValueError:
            low, high = 1.0, 0.0
        if observed is None or not low <= observed <= high:
            self.wrong("stated", f"{brief(said)} is no range around `observed`", 'write its lowest and highest value, "25000/28000"')
            return None
        return low, high


def _finite(said: object) -> float:
    """A number that is not nan, and not beyond LARGEST.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        raise ValueError
    try:
        value = float(said)
    except OverflowError as error:
        raise ValueError from error
    if not abs(value) <= LARGEST:
        raise ValueError
    return value
