"""The event log of a run: what Python played out and what the compiled week noted, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import (
    ALLIANCE,
    BROKER_LOST,
    BROKER_WON,
    COUNT,
    EVENT,
    OPENED,
    RUPTURE,
    TAKEN,
    WAR_BEGINS,
    WAR_ENDS,
    Country,
)

NOTES = {
    WAR_BEGINS: "war",
    WAR_ENDS: "truce",
    ALLIANCE: "alliance",
    RUPTURE: "rupture",
    BROKER_LOST: "broker_lost",
    BROKER_WON: "broker_won",
    OPENED: "expansion",
    TAKEN: "absorbed",
}


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
class EventLog(Sequence[EventRow]):
    """The log as columns; indexing and iterating give `EventRow`s."""

    date: NDArray[np.datetime64]
    kind: NDArray[np.object_]
    cartel: NDArray[np.object_]
    other: NDArray[np.object_]
    territory: NDArray[np.object_]
    size: NDArray[np.int64]
    cause: NDArray[np.object_]

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]]) -> EventLog:
        """The log with the given rows (date, kind, cartel, other, territory, size, cause)."""
        days, kinds, cartels, others, places, sizes, causes = zip(*rows, strict=True) if (rows := list(rows)) else [()] * 7
        kind, cartel, other, territory, cause = (np.array(text, object) for text in (kinds, cartels, others, places, causes))
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


class Log:
    """Lines in the making: (week, kind, cartel row, other row, territory, size, cause); -1 stands for none."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str, int, int, int, int, str]] = []
        self.strangers: list[tuple[int, str]] = []  # (number of the line, name): cartels that scripted events name in vain

    def table(self, country: Country, start: date, names: Mapping[int, str], places: Sequence[str]) -> EventLog:
        """Everything so far, by week; within a week the compiled mechanisms come first.

        Args:
            country: whose notes to include.
            start: day on which week 0 begins.
            names: of cartels, by row.
            places: ids of the territories.
        """
        notes = country.note[:, : country.count[COUNT.notes]].astype(np.int64)
        n = notes.shape[1]
        columns = list(zip(*self.lines, strict=True)) or [()] * 7
        who = np.array([*(names.get(row, "") for row in range(max(names, default=-1) + 1)), ""], object)
        where = np.array([*places, ""], object)
        kinds = np.array([NOTES.get(float(k), "") for k in range(int(max(NOTES)) + 1)], object)
        week = np.concatenate([notes[EVENT.week], np.array(columns[0], np.int64)])
        order = np.argsort(week, kind="stable")
        rows = [
            np.concatenate([notes[quantity], np.array(column, np.int64)])
            for quantity, column in zip((EVENT.cartel, EVENT.other, EVENT.territory, EVENT.size), columns[2:6], strict=True)
        ]
        cartel = who[rows[0]]
        for line, name in self.strangers:
            cartel[n + line] = name
        kind = np.concatenate([kinds[notes[EVENT.kind]], np.array(columns[1], object)])
        cause = np.concatenate([np.full(n, "", object), np.array(columns[6], object)])
        day = np.datetime64(start, "D") + 7 * week
        return EventLog(
            day[order],
            kind[order],
            cartel[order],
            who[rows[1]][order],
            where[rows[2]][order],
            rows[3][order],
            cause[order],
        )
