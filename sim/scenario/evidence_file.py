"""Tables of observations that a user writes: evidence rows (CSV or TOML), and homicides that a forecast is scored against.

The guide's chapter "evidence" lists their fields; mistakes are named by line and field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, model_validator

from sim.catalogue.evidence import Evidence, Status, Use, Window
from sim.catalogue.metrics import METRICS
from sim.scenario.draft import Draft
from sim.scenario.fields import FieldError, Table, validate
from sim.scenario.lines import Toml
from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import read, read_table, shown
from sim.scenario.worlds import NATION

WIDEST = 10.0  # tolerance, a share of what was observed
LARGEST = 1e15  # of all numbers: whole ones are exact up to here
_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
FIELDS = ("place", "period", "homicides")
YEAR, MONTH = 12, 1  # months in a period
NAMED = 5  # missing periods of one place that are named
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


def _number(said: Toml) -> float:
    """A number that is not nan, and not beyond LARGEST."""
    try:
        value = float(said) if isinstance(said, int | float | str) and not isinstance(said, bool) else float("nan")
    except (ValueError, OverflowError):
        value = float("nan")
    if not abs(value) <= LARGEST:
        raise FieldError(f"{brief(said)} is not a number up to {LARGEST:g}")
    return value


def _numbers(said: Toml) -> tuple[float, ...]:
    """Numbers in a list, or with "/" between them; none where one of them is none."""
    try:
        return tuple(map(_number, said if isinstance(said, list) else str(said).split("/")))
    except FieldError:
        return ()


def _share(said: Toml) -> tuple[float, ...]:
    """Share recorded: one number, or three."""
    found = _numbers(said)
    shares = found * 3 if len(found) == 1 else found
    if len(shares) != 3 or not 0.0 < shares[0] <= shares[1] <= shares[2] <= 1.0:
        raise FieldError(f"{brief(said)} is no share", hint='write a number above 0 and up to 1, or three such as "0.01/0.03/0.1"')
    return shares


def _window(said: Toml) -> Window:
    """A year, years, a month, or months."""
    text = str(said).strip()
    if found := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text):
        first, last = f"{found[1]}-01", f"{found[2] or found[1]}-12"
    elif found := re.fullmatch(rf"({_MONTH})(?:/({_MONTH}))?", text):
        first, last = found[1], found[2] or found[1]
    else:
        raise FieldError(f"{brief(text)} is no window", hint='write "2011", "2010-2012", "2009-04" or "2018-12/2021-11"')
    if last < first:
        raise FieldError(f"{brief(text)} ends before it begins")
    return first, last


def _two_windows(said: Toml) -> tuple[Window, ...]:
    if len(parts := str(said).split()) != 2:
        raise FieldError(f"{brief(said)} is not two windows", hint='write "2010-2012 2017-2020"')
    return tuple(map(_window, parts))


def _metrics(said: Toml) -> str:
    """A metric, or several joined by "+"."""
    text = str(said).replace(" ", "")
    for part in text.split("+"):
        if part not in METRICS:
            raise FieldError(f"there is no metric {brief(part)}", hint=suggest(part, METRICS) or "see `cartelitos list metrics`")
    return text


def _one_line(said: str) -> str:
    if not said.isprintable():
        raise FieldError(f"{brief(said)} is no text of one line")
    return said


Line = Annotated[str, BeforeValidator(str), AfterValidator(_one_line)]
Number = Annotated[float, BeforeValidator(_number)]
Metrics = Annotated[str, BeforeValidator(_metrics)]
Span = Annotated[Window, BeforeValidator(_window)]


class Row(Table):
    """A row as it is written; its joint rules that need values. Those that need none are in `_fitting`."""

    id: Line = ""
    title: Line = ""
    metric: Metrics
    form: Literal["level", "ratio", "change", "spread", "trough"] | None = None
    window: Span
    base: Span | None = None
    peaks: Annotated[tuple[Window, Window], BeforeValidator(_two_windows)] | None = None
    observed: Number | None = None
    stated: Any = None
    low: Number | None = None
    high: Number | None = None
    tolerance: Number | None = None
    unit: Line = ""
    over: Metrics | None = None
    per: Number = 1.0
    noise: Number = 0.0
    recorded: Annotated[tuple[float, float, float], BeforeValidator(_share)] | None = None
    source: Line = ""
    status: Status = "seen"
    use: Use = "hold out"
    note: Line = ""

    @model_validator(mode="after")
    def _around_what_was_observed(self) -> Row:
        low, high = self.band
        if self.tolerance is not None and self.observed is None:
            raise FieldError("is a share of `observed`, which is missing", ("tolerance",))
        if self.tolerance is not None and self.tolerance > WIDEST:
            raise FieldError(f"{self.tolerance:g} is no share of `observed`", ("tolerance",), f"at most {WIDEST:g}")
        if low is not None and high is not None and low >= high:
            raise FieldError(f"{low:g} is not below high, {high:g}", ("low",))
        if self.stated is not None and (self.observed is None or self.error is None or not self.error[0] <= self.observed <= self.error[1]):
            hint = 'write its lowest and highest value, "25000/28000"'
            raise FieldError(f"{brief(self.stated)} is no range around `observed`", ("stated",), hint)
        return self

    @property
    def band(self) -> tuple[float | None, float | None]:
        """Both ends of the tolerance."""
        if self.tolerance is None or self.observed is None or self.low is not None or self.high is not None:
            return self.low, self.high
        half = abs(self.observed) * self.tolerance
        return self.observed - half, self.observed + half

    @property
    def error(self) -> tuple[float, float] | None:
        """The range that sources allow."""
        found = _numbers(self.stated)
        return (found[0], found[1]) if len(found) == 2 else None

    def evidence(self, number: int) -> Evidence:
        """The row of that number, as evidence."""
        values: dict[str, Any] = self.model_dump(exclude={"tolerance"})
        key = self.id or f"row-{number}"
        values |= {"id": key, "title": self.title or key, "form": self.form or ("ratio" if self.base else "level"), "stated": self.error}
        return Evidence(**values | dict(zip(("low", "high"), self.band, strict=True)) | {"source": tuple(self.source.split())})


def read_rows(path: Path) -> list[Evidence]:
    """The rows of a file. Raises ScenarioError: with everything that is wrong with it."""
    drafts, problems = (_toml(path), list[Problem]()) if path.suffix == ".toml" else read_table(path, Row.model_fields)
    rows: dict[str, Evidence] = {}
    for number, full in enumerate(drafts, 1):
        draft = Draft({name: said for name, said in full.data.items() if said != ""}, full.origins)
        row, wrong = validate(Row, draft)
        wrong += _fitting(draft)
        problems += wrong
        if row and not wrong:
            found = row.evidence(number)
            if found.id in rows:
                problems.append(draft.problem(("id",), f"{brief(found.id)} is the id of an earlier row"))
            rows[found.id] = found
    if not drafts and not problems:
        problems.append(Problem(shown(path), None, "", "holds no rows", "TOML: [[row]]; CSV: a heading and a line per row"))
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0))
    return list(rows.values())


def _fitting(draft: Draft) -> Iterator[Problem]:
    """Fields that need each other, whatever they say."""
    said: Mapping[str, Any] = draft.data
    form = said.get("form", "ratio" if "base" in said else "level")
    if (form in ("ratio", "change")) != ("base" in said):
        yield draft.problem(("base",), "belongs to a ratio or a change, which need it", f"the form is {form}")
    if (form == "trough") != ("peaks" in said):
        yield draft.problem(("peaks",), "belong to a trough, which needs them", f"the form is {form}")
    for end in ("low", "high") if "tolerance" not in said or {"low", "high"} & said.keys() else ():
        if end not in said:
            yield draft.problem((end,), "is missing", "give low and high, or observed and tolerance")


def _toml(path: Path) -> list[Draft]:
    """A draft for each [[row]], whose values have their lines."""
    draft = read(path)
    strange = [key for key in draft.data if key != "row"]
    if strange:
        hint = suggest(strange[0], ["row"]) or "rows stand under [[row]]"
        raise ScenarioError([draft.problem((key,), "is not part of an evidence file", hint) for key in strange])
    rows = draft.data.get("row", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ScenarioError([draft.problem(("row",), "should be a list of tables", "write [[row]] above each row")])
    origins = [{path[2:]: origin for path, origin in draft.origins.items() if path[:2] == ("row", index)} for index in range(len(rows))]
    return [Draft(row, own) for row, own in zip(rows, origins, strict=True)]


class Truth(NamedTuple):
    """What was observed."""

    file: str  # where it was read
    step: int  # months in a period, YEAR or MONTH
    # by place, then by the first month of each period, counted from January of year 0; periods ascend without gaps
    deaths: Mapping[str, Mapping[int, float]]


class _Line(NamedTuple):
    number: int
    place: str
    month: int
    step: int
    deaths: float


def read_truth(path: Path, places: Collection[str] | None = None) -> Truth:
    """Read a file of observed deaths in the world's states; without them, in whatever places the file names."""
    file = shown(path)
    drafts, problems = read_table(path, FIELDS, FIELDS, f"write {','.join(FIELDS)}; deaths are scored, not rates")
    found = [_line(file, draft.origin(()).line or 0, draft.data, places, problems) for draft in drafts]
    lines = [line for line in found if line]
    if not problems and not lines:
        problems.append(Problem(file, None, "", "holds no deaths", f"a heading {','.join(FIELDS)}, then a line per place and period"))
    deaths = {} if problems else _joined(file, lines, problems)
    if problems:
        raise ScenarioError(problems)
    return Truth(file, lines[0].step, deaths)


def period_name(month: int, step: int) -> str:
    """A period as the file writes it."""
    return f"{month // 12:04d}" if step == YEAR else f"{month // 12:04d}-{month % 12 + 1:02d}"


def _line(file: str, number: int, said: Mapping[str, str], places: Collection[str] | None, problems: list[Problem]) -> _Line | None:
    known = len(problems)
    place, period, count = (said[name] for name in FIELDS)
    if places is not None and place != NATION and place not in places:
        hint = suggest(place, [*places, NATION]) or f"take the world's ids, such as {next(iter(places))}, or {NATION}"
        problems.append(Problem(file, number, "place", f"this world has no place {brief(place)}", hint))
    match = _PERIOD.fullmatch(period)
    if not match:
        problems.append(Problem(file, number, "period", f"{brief(period)} is no period", "write a year, 2011, or a month, 2011-04"))
    if not re.fullmatch(r"\d{1,9}", count):
        rate = re.fullmatch(r"\d+\.\d+", count)
        hint = "rates and estimates are not scored" if rate else "write 0 where nobody died, and leave out what is not known"
        problems.append(Problem(file, number, "homicides", f"{brief(count)} is no count of deaths", hint))
    if len(problems) > known or match is None:
        return None
    year, month = match.groups()
    return _Line(number, place, 12 * int(year) + int(month or 1) - 1, MONTH if month else YEAR, float(count))


def _joined(file: str, lines: list[_Line], problems: list[Problem]) -> dict[str, dict[int, float]]:
    """Deaths by place and period, in one unit, once each, without gaps."""
    step, first = lines[0].step, lines[0].number
    seen: dict[tuple[str, int], int] = {}
    for line in lines:
        if line.step != step:
            said = {YEAR: "years", MONTH: "months"}
            overlap = f"line {first} begins in {said[step]}, this is one of {said[line.step]}"
            problems.append(Problem(file, line.number, "period", "overlaps periods of another length", overlap))
        elif (line.place, line.month) in seen:
            before = f"line {seen[line.place, line.month]} holds it already"
            problems.append(Problem(file, line.number, "period", f"{line.place} {period_name(line.month, step)} stands twice", before))
        else:
            seen[line.place, line.month] = line.number
    deaths: dict[str, dict[int, float]] = {}
    for line in sorted(lines, key=lambda line: line.month):
        deaths.setdefault(line.place, {})[line.month] = line.deaths
    for place, months in deaths.items():
        last = max(seen.get((place, month), 0) for month in months)
        missing = [month for month in range(min(months), max(months), step) if month not in months]
        if missing and not problems:
            names = ", ".join(period_name(month, step) for month in missing[:NAMED]) + (", ..." if len(missing) > NAMED else "")
            problems.append(Problem(file, last, "period", f"{place} has a gap: {names}", "give every period from the first to the last"))
    spans = {place: (min(months), max(months)) for place, months in deaths.items() if place != NATION}
    usual = max(spans.values(), key=list(spans.values()).count, default=None)
    for place, span in spans.items():
        if span != usual and not problems:
            own, others = ("-".join(period_name(end, step) for end in ends) for ends in (span, usual or span))
            message = f"{place} covers {own}, other places {others}"
            problems.append(Problem(file, seen[place, span[0]], "period", message, "give all places the same periods"))
    return deaths
