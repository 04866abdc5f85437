"""What the tables of a country owe to themselves, to each other and to world.toml."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import Protocol

from sim.model.worlds.header import ASSUMED, Header, NetworkRule, Revenue
from sim.model.worlds.tables import (
    BorderRow,
    CartelRow,
    ClockRow,
    GovernmentRow,
    GroupRow,
    Line,
    MunicipalityRow,
    NodeRow,
    PairRow,
    PresenceRow,
    Row,
    Sheets,
    TerritoryRow,
    TotalRow,
)
from sim.scenario.problems import suggest
from sim.scenario.worlds import GROUPS, HEADER, MUNICIPALITIES, NATION


class Reader(Protocol):
    """Who has read the tables and takes down what does not fit; see `reader.py`."""

    spoilt: set[str]
    ids: dict[str, list[str]]

    def report(self, file: str, line: int | None, field: str, message: str, hint: str | None = None) -> None: ...  # noqa: D102
    def has(self, file: str) -> bool: ...  # noqa: D102


def check(reader: Reader, header: Header | None, sheets: Sheets) -> None:
    """Report to the reader what does not fit in rows that are valid by themselves; the header is None if it could not be read."""
    for table in sheets:
        _shape(reader, table)
    _names(reader, sheets)
    _homes(reader, sheets)
    _every_state(reader, sheets)
    _something(reader, sheets)
    if header:
        _agree(reader, header, sheets)
        if reader.has(GROUPS):
            _groups(reader, header.network, sheets)


def _shape(reader: Reader, rows: Sequence[Line]) -> None:
    """Nothing twice, nobody paired with himself, no gap between years."""
    _once(reader, rows, [row.identity() for row in rows])
    places = [row for row in rows if isinstance(row, TerritoryRow)]
    _once(reader, places, [(row.tile_x, row.tile_y) for row in places], "tile_x", "each territory has a tile of its own")
    named = [row for row in rows if isinstance(row, GroupRow)]
    _once(reader, named, [row.id for row in named], "id", "each group has its own id")
    for row in rows:
        if isinstance(row, PairRow) and row.a == row.b:
            reader.report(row.file, row.line, "b", f"'{row.a}' is paired with itself", "name two different ones")
    for before, after in pairwise(rows):
        if isinstance(before, ClockRow) and isinstance(after, ClockRow) and after.year != before.year + 1:
            message, hint = f"{after.year} does not follow {before.year}", "one row a year, in order"
            reader.report(after.file, after.line, "year", message, hint)


def _once(reader: Reader, rows: Sequence[Line], keys: Sequence[Hashable], field: str = "", hint: str = "") -> None:
    first: dict[Hashable, Line] = {}
    for row, key in zip(rows, keys, strict=True):
        before = first.setdefault(key, row)
        if before is row:
            continue
        message, told = f"repeats line {before.line}", field or row.named_by
        if isinstance(row, BorderRow) and isinstance(before, BorderRow) and row.km != before.km:
            message, told = f"{message} with another length: {row.km:g} km here, {before.km:g} km there", "km"
        pair = "a pair stands once, in either order" if isinstance(row, PairRow) else "leave one of them out"
        reader.report(row.file, row.line, told, message, hint or pair)


def _names(reader: Reader, sheets: Sheets) -> None:
    """Names that exist."""
    _known(reader, sheets.borders, ("a", "b"), TerritoryRow.file)
    _known(reader, sheets.cartels, ("base",), TerritoryRow.file)
    _known(reader, sheets.presence, ("state",), TerritoryRow.file)
    _known(reader, sheets.presence, ("cartel",), CartelRow.file)
    _known(reader, sheets.ties, ("a", "b"), CartelRow.file)
    _known(reader, sheets.municipalities, ("state",), TerritoryRow.file)
    _known(reader, [row for row in sheets.governments if row.state != NATION], ("state",), TerritoryRow.file)
    if sheets.governments and all(row.state != NATION for row in sheets.governments):
        reader.report(GovernmentRow.file, None, "state", f"does not say who governs the {NATION}", "states are compared with it")
    _known(reader, sheets.groups, ("base", "known"), TerritoryRow.file)
    _known(reader, sheets.totals, ("state",), TerritoryRow.file)
    _known(reader, sheets.edges, ("a", "b"), NodeRow.file)


def _known(reader: Reader, rows: Sequence[Line], fields: tuple[str, ...], file: str) -> None:
    names = reader.ids.get(file, [])
    for row in rows if names else ():
        for field in fields:
            cell = getattr(row, field)
            for name in cell.split() if field == "known" else [cell]:
                if name not in names:
                    hint = suggest(name, names) or "names are written alike in all tables"
                    reader.report(row.file, row.line, field, f"'{name}' is not in {file}", hint)


def _homes(reader: Reader, sheets: Sheets) -> None:
    held = {row.identity() for row in sheets.presence}
    for cartel in sheets.cartels if PresenceRow.file not in reader.spoilt else ():
        if (cartel.id, cartel.base) not in held:
            message = f"{PresenceRow.file} has no row for it in '{cartel.base}'"
            reader.report(cartel.file, cartel.line, "base", message, "a cartel is present at home")


def _every_state(reader: Reader, sheets: Sheets) -> None:
    """Tables by state leave none out."""
    by_state: list[tuple[str, Iterable[str]]] = []
    if reader.has(MUNICIPALITIES):
        by_state.append((MunicipalityRow.file, (row.state for row in sheets.municipalities)))
    if reader.has(GROUPS):
        by_state.append((TotalRow.file, (row.state for row in sheets.totals)))
    for file, states in by_state:
        missing = {row.id for row in sheets.territories} - set(states)
        if missing and file not in reader.spoilt:
            message = f"has no row for {', '.join(sorted(missing)[:8])}"
            reader.report(file, None, "state", message, f"one row for each territory of {TerritoryRow.file}")


def _something(reader: Reader, sheets: Sheets) -> None:
    needed: dict[str, Sequence[Line]] = {TerritoryRow.file: sheets.territories, ClockRow.file: sheets.clocks}
    if not reader.has(GROUPS):
        needed[CartelRow.file] = sheets.cartels
    for file, rows in needed.items():
        if not rows and file not in reader.spoilt:
            reader.report(file, None, "", "has no rows", "there is nothing to simulate without any")


def _agree(reader: Reader, header: Header, sheets: Sheets) -> None:
    """Sources, the member band, the revenue columns."""
    keys = {*header.sources, ASSUMED}
    for row in (row for table in sheets for row in table if isinstance(row, Row)):
        for key in row.source.split():
            if key not in keys:
                hint = suggest(key, keys) or f"describe it there under [sources.{key}], or write {ASSUMED}"
                reader.report(row.file, row.line, "source", f"'{key}' is not in {HEADER}", hint)
    if not header.members.low <= header.members.mid <= header.members.high:
        reader.report(HEADER, None, "members", "low, mid and high are out of order", "low <= mid <= high")
    _revenue(reader, header.revenue, sheets.clocks)


def _revenue(reader: Reader, revenue: Revenue, clocks: Sequence[ClockRow]) -> None:
    series, columns = clocks[0].series() if clocks else {}, revenue.columns
    missing = [name for name in columns if name not in series]
    named = [("revenue.columns", name) for name in missing]
    if revenue.output and revenue.output not in series:
        named.append(("revenue.output", revenue.output))
    for field, name in named if clocks else ():
        hint = suggest(name, series) or f"its columns: {', '.join(series)}"
        reader.report(HEADER, None, field, f"'{name}' is not in {ClockRow.file}", hint)
    for row in clocks if revenue.output in series else ():
        if row.series()[str(revenue.output)] <= 0:
            reader.report(row.file, row.line, str(revenue.output), "should be more than 0", "it is divided by that of the first year")
    for row in clocks if not missing else ():
        income = sum(row.series().get(name, 0.0) for name in columns)
        if income < 0 or (row is clocks[0] and income == 0):
            hint = "it is divided by that of the first year"
            reader.report(row.file, row.line, columns[0], "the revenue columns should add to more than 0", hint)


def _groups(reader: Reader, rule: NetworkRule | None, sheets: Sheets) -> None:
    """Named groups fit among all groups, and in the states that know them."""
    if rule is None:
        reader.report(HEADER, None, "network", "is missing", f"{GROUPS} needs a [network] with the number of groups")
        return
    _numbered(reader, rule, sheets)
    for group in sheets.groups:
        if group.id.startswith("group-"):
            message = f"'{group.id}' is kept for groups without a name"
            reader.report(group.file, group.line, "id", message, "name it otherwise")
        if len(group.fixed()) > group.states:
            message = f"{group.states} states, but {len(group.fixed())} are named"
            reader.report(group.file, group.line, "states", message, "it counts the home state and the known ones")
    there = Counter(state for group in sheets.groups for state in group.fixed())
    for total in sheets.totals:
        if there[total.state] > total.groups:
            message = f"{total.groups} groups, but {there[total.state]} named ones stand there"
            reader.report(total.file, total.line, "groups", message, f"see base and known in {GROUPS}")


def _numbered(reader: Reader, rule: NetworkRule, sheets: Sheets) -> None:
    """Numbers within 1..groups, and in the published network all of them."""
    numbers: list[tuple[Line, int, str]] = [(row, row.number, "number") for row in sheets.groups]
    numbers += [(node, node.number(), "node") for node in sheets.nodes]
    for row, number, field in numbers:
        if not 1 <= number <= rule.groups:
            message = f"{number} is not one of 1..{rule.groups}"
            reader.report(row.file, row.line, field, message, f"{HEADER} says how many groups there are")
    if sheets.nodes and NodeRow.file not in reader.spoilt and len(sheets.nodes) != rule.groups:
        message = f"holds {len(sheets.nodes)} groups, not {rule.groups}"
        reader.report(NodeRow.file, None, "", message, "take it as published")
