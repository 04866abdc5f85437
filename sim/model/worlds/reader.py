"""Reads the tables of a country and checks them; every problem of every file comes out at once."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.model.worlds.tables import (
    ASSUMED,
    HEADER,
    BorderRow,
    CartelRow,
    ClockRow,
    Header,
    PairRow,
    PresenceRow,
    Row,
    Tables,
    TerritoryRow,
    TieRow,
)
from sim.scenario.lines import key_lines
from sim.scenario.problems import Problem, ScenarioError, suggest

R = TypeVar("R", bound=Row)
_Sheets = tuple[list[TerritoryRow], list[BorderRow], list[CartelRow], list[PresenceRow], list[TieRow], list[ClockRow]]


def read_tables(folder: Path) -> Tables:
    """Read and check a country's folder.

    Args:
        folder: holds world.toml and the six CSV files.

    Raises:
        ScenarioError: with every problem of every file.
    """
    reader = _Reader(folder)
    header = reader.header()
    rows = (
        reader.rows(TerritoryRow),
        reader.rows(BorderRow),
        reader.rows(CartelRow),
        reader.rows(PresenceRow),
        reader.rows(TieRow),
        reader.rows(ClockRow),
    )
    for table in rows:
        reader.shape(table)
    reader.fit(rows)
    if header:
        reader.agree(Tables(header, *rows))
    if reader.problems or header is None:
        raise ScenarioError(reader.problems)
    return Tables(header, *rows)


class _Reader:
    """Collects the problems of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.spoilt: set[str] = set()  # files whose absent rows must not be held against other files
        self.ids: dict[str, list[str]] = {}  # by file, as written, so that a bad row does not orphan its neighbours

    def report(self, file: str, line: int | None, field: str, message: str, hint: str | None = None) -> None:
        path = self.folder.absolute() / file
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        self.problems.append(Problem(str(shown), line, field, message, hint))
        self.spoilt.add(file)

    def text(self, file: str) -> str | None:
        try:
            data = (self.folder / file).read_bytes()
        except OSError:
            self.report(file, None, "", "cannot be read", f"a world is {HEADER} and six CSV files")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.report(file, data.count(b"\n", 0, error.start) + 1, "", "is not UTF-8 text")
            return None

    def header(self) -> Header | None:
        text = self.text(HEADER)
        if text is None:
            return None
        try:
            data, lines = tomllib.loads(text), key_lines(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self.report(HEADER, None, "", f"is not TOML: {error}")
            return None
        try:
            return Header.model_validate(data)
        except ValidationError as error:
            for path, message, hint in _findings(error):
                written = [path[:n] for n in range(len(path), 0, -1) if path[:n] in lines]
                line = lines[written[0]] if written else None
                self.report(HEADER, line, ".".join(map(str, path)), message, hint)
            return None

    def rows(self, model: type[R]) -> list[R]:
        text = self.text(model.file)
        if text is None:
            return []
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            raw = [(table.line_num, cells) for cells in table]
        except csv.Error as error:
            self.report(model.file, table.line_num, "", f"is not CSV: {error}")
            return []
        self.columns(model, list(table.fieldnames or ()))
        self.ids[model.file] = [cells.get("id") or "" for _, cells in raw]
        return list(self.valid(model, raw))

    def columns(self, model: type[Row], found: Sequence[str]) -> None:
        wanted = [name for name in model.model_fields if name != "line"]
        for name in wanted:
            if name not in found:
                self.report(model.file, 1, name, "column is missing", suggest(name, set(found) - set(wanted)))
        if model.model_config.get("extra") != "allow":
            for name in [name for name in found if name not in wanted]:
                self.report(model.file, 1, name, "unknown column", suggest(name, set(wanted) - set(found)))
        for name in {name for name in found if found.count(name) > 1}:
            self.report(model.file, 1, name, "column stands twice")

    def valid(self, model: type[R], raw: Iterable[tuple[int, dict[Any, Any]]]) -> Iterator[R]:
        for line, cells in raw:
            if cells.pop(None, None):
                self.report(model.file, line, "", "has more cells than columns", "quote a cell that holds a comma")
            written = {name: cell for name, cell in cells.items() if cell is not None}
            try:
                yield model.model_validate({**written, "line": line})
            except ValidationError as error:
                for path, message, hint in _findings(error):
                    if path[0] in cells:
                        self.report(model.file, line, str(path[0]), message, hint)

    def shape(self, rows: Sequence[Row]) -> None:
        """What a table owes to itself: nothing twice, nobody paired with himself, no gap between years."""
        self.once(rows, [row.identity() for row in rows], "")
        tiled = [row for row in rows if isinstance(row, TerritoryRow)]
        self.once(tiled, [(row.tile_x, row.tile_y) for row in tiled], "tile_x")
        for row in rows:
            if isinstance(row, PairRow) and row.a == row.b:
                self.report(row.file, row.line, "b", f"'{row.a}' is paired with itself")
        for before, after in pairwise(rows):
            if isinstance(before, ClockRow) and isinstance(after, ClockRow) and after.year != before.year + 1:
                self.report(after.file, after.line, "year", f"{after.year} does not follow {before.year}")

    def once(self, rows: Sequence[Row], keys: Sequence[Hashable], field: str) -> None:
        first: dict[Hashable, int] = {}
        for row, key in zip(rows, keys, strict=True):
            if first.setdefault(key, row.line) != row.line:
                self.report(row.file, row.line, field, f"repeats line {first[key]}")

    def fit(self, sheets: _Sheets) -> None:
        """What the tables owe to each other: names that exist, a home for every cartel, and something to simulate."""
        territories, borders, cartels, presence, ties, clocks = sheets
        self.known(borders, ("a", "b"), TerritoryRow.file)
        self.known(cartels, ("base",), TerritoryRow.file)
        self.known(presence, ("state",), TerritoryRow.file)
        self.known(presence, ("cartel",), CartelRow.file)
        self.known(ties, ("a", "b"), CartelRow.file)
        held = {row.identity() for row in presence}
        for cartel in cartels if PresenceRow.file not in self.spoilt else ():
            if (cartel.id, cartel.base) not in held:
                message = f"{PresenceRow.file} has no row for it in '{cartel.base}'"
                self.report(cartel.file, cartel.line, "base", message)
        needed = {TerritoryRow.file: territories, CartelRow.file: cartels, ClockRow.file: clocks}
        for file, rows in needed.items():
            if not rows and file not in self.spoilt:
                self.report(file, None, "", "has no rows")

    def known(self, rows: Sequence[Row], fields: tuple[str, ...], file: str) -> None:
        names = self.ids.get(file, [])
        for row in rows if names else ():
            for field in fields:
                name = getattr(row, field)
                if name not in names:
                    self.report(row.file, row.line, field, f"'{name}' is not in {file}", suggest(name, names))

    def agree(self, world: Tables) -> None:
        """What the tables owe to world.toml: their sources, the revenue columns."""
        keys = {*world.header.sources, ASSUMED}
        for row in (row for table in world[1:] for row in table):
            for key in row.source.split():
                if key not in keys:
                    self.report(row.file, row.line, "source", f"'{key}' is not in {HEADER}", suggest(key, keys))
        if not world.header.members.low <= world.header.members.mid <= world.header.members.high:
            self.report(HEADER, None, "members", "low, mid and high are out of order")
        self.revenue(world.header.revenue.columns, world.clocks)

    def revenue(self, columns: Sequence[str], clocks: Sequence[ClockRow]) -> None:
        series = clocks[0].series() if clocks else {}
        missing = [name for name in columns if name not in series]
        for name in missing if clocks else ():
            hint = suggest(name, series)
            self.report(HEADER, None, "revenue.columns", f"'{name}' is not in {ClockRow.file}", hint)
        for row in clocks if not missing else ():
            income = sum(row.series().get(name, 0.0) for name in columns)
            if income < 0 or (row is clocks[0] and income == 0):
                self.report(row.file, row.line, columns[0], "the revenue columns should add to more than 0")


def _findings(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    """Field, what is wrong, and a hint, for everything pydantic found."""
    for found in error.errors():
        path, given = found["loc"], found["input"]
        if found["type"] == "missing":
            yield path, "is missing", None
        elif found["type"] == "extra_forbidden":
            yield path, "unknown field", suggest(str(path[-1]), Header.model_fields)
        else:
            choices = str(found.get("ctx", {}).get("expected", "")).strip("'").replace("' or '", "', '").split("', '")
            hint = suggest(given, choices) if isinstance(given, str) else None
            yield path, f"{given!r} {found['msg'].removeprefix('Input ')}", hint
