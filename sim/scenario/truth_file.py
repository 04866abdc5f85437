"""Observed homicides that a forecast is scored against, as the guide's chapter "evidence" has it; mistakes are named by line and field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from sim.scenario.problems import Problem, ScenarioError, brief, suggest
from sim.scenario.read import read_table, shown
from sim.scenario.worlds import NATION

FIELDS = ("place", "period", "homicides")
YEAR, MONTH = 12, 1  # months in a period
NAMED = 5  # missing periods of one place that are named
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


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
    """Read a file of observed deaths in the world's states; without them, in whatever places the file names.

    Raises:
        ScenarioError: with everything that is wrong with it.
    """
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
