"""Reads the tables of a country; every problem of every file comes out at once."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from sim.model.worlds.checks import check
from sim.model.worlds.groups import tables_by_rule
from sim.model.worlds.header import Header
from sim.model.worlds.network import MisfitError
from sim.model.worlds.tables import (
    BorderRow,
    CartelRow,
    ClockRow,
    EdgeRow,
    GovernmentRow,
    GroupRow,
    Line,
    MunicipalityRow,
    NodeRow,
    PresenceRow,
    Sheets,
    Tables,
    TerritoryRow,
    TieRow,
    TotalRow,
)
from sim.scenario.lines import Field, key_lines
from sim.scenario.problems import Problem, ScenarioError, suggest
from sim.scenario.worlds import BASE_HEADER, EDGES, GOVERNMENTS, GROUPS, HEADER, MUNICIPALITIES, NODES, table_files, worlds

R = TypeVar("R", bound=Line)

_NUMBER, _WHOLE = "write a number with a decimal point, such as 0.25", "write a whole number, such as 250000"
HINTS = {
    "int": _WHOLE,
    "float": _NUMBER,
    "finite": _NUMBER,
    "greater": "check its sign and its unit",
    "less": "check its unit",
    "string_pattern": "letters, digits and - only, and not empty",
    "string_too_short": "fill the cell",
    "missing": "the row has fewer cells than there are columns",
}


def read_tables(folder: Path, library: Path | None = None, ties: Path | None = None) -> Tables:
    """Read and check the folder of a country, or of what it adds to a base, which lies in the library (default: beside the folder).

    `ties` is a folder with the published network, for a world whose groups follow from a rule.
    Raises ScenarioError: with every problem of every file.
    """
    reader = Reader(folder, library or folder.absolute().parent, ties)
    header = reader.header()
    sheets = reader.sheets(with_ties=ties is not None)
    check(reader, header, sheets)
    if header and not reader.problems:
        try:
            return tables_by_rule(header, sheets) if reader.has(GROUPS) else sheets.tables(header)
        except MisfitError as error:
            reader.report(error.file, None, error.field, str(error), error.hint)
    raise ScenarioError(reader.problems)


class _Layer(NamedTuple):
    """A header as written."""

    file: str
    data: dict[str, Any]
    lines: dict[Field, int]


class Reader:
    """Collects the problems of one folder."""

    def __init__(self, folder: Path, library: Path, ties: Path | None) -> None:
        self.folder, self.library = folder, library
        try:
            self.files = table_files(folder, library)
        except OSError:
            self.files = {}
        if ties:
            self.files |= {file: ties / file for file in (NODES, EDGES)}
        self.problems: list[Problem] = []
        self.spoilt: set[str] = set()  # files whose absent rows must not be held against other files
        self.ids: dict[str, list[str]] = {}  # by file, as written, so that a bad row does not orphan its neighbours

    def has(self, file: str) -> bool:
        """Whether the world, or its base, has this file."""
        return file in self.files

    def report(self, file: str, line: int | None, field: str, message: str, hint: str | None = None) -> None:
        """Take down a problem."""
        path = self.files.get(file, self.folder / file).absolute()
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        self.problems.append(Problem(str(shown), line, field, message, hint))
        self.spoilt.add(file)

    def text(self, file: str) -> str | None:
        """What a file holds; a byte order mark is dropped."""
        path = self.files.get(file, self.folder / file)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            hint = f"a world is {HEADER} and six CSV files, or names a shipped world as its base"
            self.report(file, None, "", "is missing", hint)
            return None
        except OSError as error:
            self.report(file, None, "", f"cannot be read: {error.strerror}", "it should be a file that you may open")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.report(file, line, "", "is not UTF-8 text", "save it as UTF-8")
            return None

    def header(self) -> Header | None:
        """World.toml laid over that of the base."""
        own = self.layer(HEADER)
        base = self.layer(BASE_HEADER) if self.has(BASE_HEADER) else None
        if own is None:
            return None
        if not self.rests(own, base):
            return None
        inherited = dict(base.data) if base else {}
        if not self.has(GROUPS):
            inherited.pop("network", None)
        try:
            return Header.model_validate(_merged(inherited, own.data))
        except ValidationError as error:
            for path, message, hint in _findings(error, Header.model_fields):
                self.report(*_origin(path, [own, base] if base else [own]), ".".join(map(str, path)), message, hint)
            return None

    def layer(self, file: str) -> _Layer | None:
        """One header."""
        text = self.text(file)
        if text is None:
            return None
        try:
            return _Layer(file, tomllib.loads(text), key_lines(text))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self.report(file, None, "", f"is not TOML: {error}", "text stands in quotes, a table's name in [brackets]")
            return None

    def rests(self, own: _Layer, base: _Layer | None) -> bool:
        """Whether the base is there, if one is named, and has none itself."""
        name, line = own.data.get("base", ""), own.lines.get(("base",))
        if base is None and name:
            known = worlds(self.library)
            hint = suggest(str(name), known) or f"there are: {', '.join(known)}"
            self.report(HEADER, line, "base", f"there is no world {name!r} to take tables from", hint)
        elif base and base.data.get("base"):
            self.report(HEADER, line, "base", f"{name!r} rests on another world itself", f"take {base.data['base']!r}")
        return "base" not in {problem.field for problem in self.problems}

    def sheets(self, *, with_ties: bool) -> Sheets:
        """All tables that this world needs."""
        by_rule = self.has(GROUPS)
        return Sheets(
            territories=self.rows(TerritoryRow),
            borders=self.rows(BorderRow),
            cartels=[] if by_rule else self.rows(CartelRow),
            presence=[] if by_rule else self.rows(PresenceRow),
            ties=[] if by_rule else self.rows(TieRow),
            clocks=self.rows(ClockRow),
            municipalities=self.rows(MunicipalityRow) if self.has(MUNICIPALITIES) else [],
            governments=self.rows(GovernmentRow) if self.has(GOVERNMENTS) else [],
            groups=self.rows(GroupRow) if by_rule else [],
            totals=self.rows(TotalRow) if by_rule else [],
            nodes=self.rows(NodeRow) if with_ties else [],
            edges=self.rows(EdgeRow) if with_ties else [],
        )

    def rows(self, model: type[R]) -> list[R]:
        """The valid rows of one table."""
        text = self.text(model.file)
        if text is None:
            return []
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            raw = [(table.line_num, cells) for cells in table]
        except csv.Error as error:
            self.report(model.file, table.line_num, "", f"is not CSV: {error}", 'a cell with "quotes" doubles them')
            return []
        self.columns(model, list(table.fieldnames or ()))
        self.ids[model.file] = [cells.get("id") or cells.get("node") or "" for _, cells in raw]
        return list(self.valid(model, raw))

    def columns(self, model: type[Line], found: Sequence[str]) -> None:
        """What the first line should say."""
        known = [name for name in model.model_fields if name != "line"]
        needed = [name for name in known if model.model_fields[name].is_required()]
        first_line = f"its first line should be: {','.join(needed)}"
        if not found:
            self.report(model.file, None, "", "is empty", first_line)
            return
        for name in needed:
            if name not in found:
                hint = suggest(name, set(found) - set(known)) or first_line
                self.report(model.file, 1, name, "column is missing", hint)
        if model.model_config.get("extra") != "allow":
            for name in [name for name in found if name not in known]:
                hint = suggest(name, set(known) - set(found)) or "leave it out"
                self.report(model.file, 1, name, "unknown column", hint)
        for name in sorted({name for name in found if found.count(name) > 1}):
            self.report(model.file, 1, name, "column stands twice", "leave one of them out")

    def valid(self, model: type[R], raw: Iterable[tuple[int, dict[Any, Any]]]) -> Iterator[R]:
        """Rows that are what they should be."""
        for line, cells in raw:
            if cells.pop(None, None):
                self.report(model.file, line, "", "has more cells than columns", "quote a cell that holds a comma")
            written = {name: cell for name, cell in cells.items() if cell is not None}
            try:
                yield model.model_validate({**written, "line": line})
            except ValidationError as error:
                for path, message, hint in _findings(error, ()):
                    if path[0] in cells:
                        self.report(model.file, line, str(path[0]), message, hint)


def _merged(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        below = base.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _origin(path: Field, layers: Sequence[_Layer]) -> tuple[str, int | None]:
    """Where the field, or the nearest table around it, was written."""
    for n in range(len(path), 0, -1):
        for layer in layers:
            if path[:n] in layer.lines:
                return layer.file, layer.lines[path[:n]]
    return HEADER, None


def _findings(error: ValidationError, names: Iterable[str]) -> Iterator[tuple[Field, str, str | None]]:
    """Field, what is wrong, and a hint, for everything pydantic found."""
    for found in error.errors():
        path, kind, given = found["loc"], found["type"], found["input"]
        general = next((hint for prefix, hint in HINTS.items() if kind.startswith(prefix)), None)
        if kind == "missing":
            yield path, "is missing", general if not names else "every world says so in its header"
        elif kind == "extra_forbidden":
            yield path, "unknown field", suggest(str(path[-1]), names) or f"there are: {', '.join(names)}"
        elif kind == "value_error":
            yield path, str(found["ctx"]["error"]), "dyads are tied pairs, strength is the sum of their weights"
        elif kind == "literal_error":
            choices = str(found["ctx"]["expected"]).strip("'").replace("' or '", "', '").split("', '")
            close = suggest(given, choices) if isinstance(given, str) else None
            yield path, f"{given!r} {found['msg'].removeprefix('Input ')}", close or f"one of {', '.join(choices)}"
        else:
            yield path, f"{given!r} {found['msg'].removeprefix('Input ').removeprefix('String ')}", general
