"""The event log of a run: what befell leaders and groups, and what mechanisms noted, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import CAUSE, KIND, Event
from sim.model.compile.named import Integers

if TYPE_CHECKING:
    from sim.model.state import State

KINDS = np.array(KIND._fields, object)
CAUSES = ("", *(cause.replace("_", " ") for cause in CAUSE._fields[1:]))
WHY = np.array(CAUSES, object)
WEEK = Event.names.index("week")


class EventRow(NamedTuple):
    """One line of the event log."""

    date: date
    kind: str
    cartel: str
    other: str
    territory: str
    size: int
    cause: str


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, most of which repeat."""

    code: NDArray[np.int32]  # number of each entry's text, shape (n,)
    text: NDArray[np.object_]  # the different ones

    @classmethod
    def of(cls, entries: Sequence[str]) -> Texts:
        """A column with the given entries."""
        text, code = np.unique(np.array(entries, object), return_inverse=True)
        return cls(code.astype(np.int32), text)

    def __len__(self) -> int:
        return len(self.code)

    def __getitem__(self, index: int) -> str:
        return str(self.text[self.code[index]])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[np.object_]:  # noqa: ANN401
        return self.text[self.code]

    def among(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which entries are one of these."""
        return np.isin(self.text.astype(str), texts)[self.code]


@dataclass(frozen=True, eq=False)
class EventLog(Sequence[EventRow]):
    """The log as columns; indexing and iterating give `EventRow`s."""

    date: NDArray[np.datetime64]
    kind: Texts
    cartel: Texts
    other: Texts
    territory: Texts
    size: NDArray[np.int64]
    cause: Texts

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]]) -> EventLog:
        """The log with the given rows (date, kind, cartel, other, territory, size, cause)."""
        days, kinds, cartels, others, places, sizes, causes = zip(*rows, strict=True) if (rows := list(rows)) else [()] * 7
        kind, cartel, other, territory, cause = (Texts.of(texts) for texts in (kinds, cartels, others, places, causes))
        return cls(np.array(days, "datetime64[D]"), kind, cartel, other, territory, np.array(sizes, np.int64), cause)

    def columns(self) -> dict[str, Any]:
        """Name -> array."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __len__(self) -> int:
        return len(self.kind)

    @overload
    def __getitem__(self, index: int) -> EventRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[EventRow]: ...
    def __getitem__(self, index: int | slice) -> EventRow | list[EventRow]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        day, kind, cartel, other, territory, size, cause = (column[index] for column in self.columns().values())
        return EventRow(day.item(), kind, cartel, other, territory, int(size), cause)

    def __iter__(self) -> Iterator[EventRow]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EventLog) and all(
            np.array_equal(a, b) for a, b in zip(self.columns().values(), other.columns().values(), strict=True)
        )

    __hash__ = None  # type: ignore[assignment]


def whole(events: Event) -> Integers:
    """Columns of events, in their order, as whole numbers: [column, row]."""
    return np.array([getattr(events, name).astype(np.int64, copy=False) for name in Event.names])


class Log:
    """Access to what a run has logged: lines are rows of a table, and here (week, kind, cartel row, other row, territory, size, cause).

    Attributes:
        strangers: (number of the line, name): cartels that scripted events name in vain.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.strangers: list[tuple[int, str]] = []

    @property
    def lines(self) -> list[tuple[int, str, int, int, int, int, str]]:
        """Every line so far; -1 stands for nobody and nowhere."""
        week, kind, cartel, other, place, size, cause = self._rows().tolist()
        kinds, causes = [KIND._fields[k] for k in kind], [CAUSES[k] for k in cause]
        return list(zip(week, kinds, cartel, other, place, size, causes, strict=True))

    def of_week(self, week: int) -> Integers:
        """Columns of the lines of a week, the latest that has any."""
        rows = self._rows()
        return rows[:, np.searchsorted(rows[WEEK], week) :]

    def _rows(self) -> Integers:
        c = self._state.country
        return whole(c.log[: c.count.lines])

    def table(self, start: date, names: Sequence[str], places: Sequence[str]) -> EventLog:
        """Everything so far, in the order in which it happened; week 0 begins on `start`, cartels are named by row, territories by id."""
        c = self._state.country
        lines, who, somewhere = c.log[: c.count.lines], [*names, ""], np.array([*places, ""], object)
        codes = [getattr(lines, name).astype(np.int32) for name in ("kind", "cartel", "other", "territory", "cause")]
        _, row, other, place, _ = codes
        row[row < 0] = other[other < 0] = len(names)
        place[place < 0] = len(places)
        for line, name in self.strangers:
            if name not in who:
                who.append(name)
            row[line] = who.index(name)
        groups, day = np.array(who, object), np.datetime64(start, "D") + 7 * lines.week
        told, cartel, second, territory, why = map(Texts, codes, (KINDS, groups, groups, somewhere, WHY))
        return EventLog(day, told, cartel, second, territory, lines.size.astype(np.int64), why)
