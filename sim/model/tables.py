"""The few operations on rows and columns of tables that compiled code repeats (loops compile faster than slices)."""

from __future__ import annotations

from sim.model.columns import COUNT, EVENT, Array, Country
from sim.model.compiled import compiled, inner


@inner
def clear(line: Array, length: int) -> None:
    """Zero the first `length` entries of one quantity."""
    for i in range(length):
        line[i] = 0.0


@inner
def copy_row(table: Array, target: int, source: int) -> None:
    """Overwrite one row of a table (a column of its array) by another."""
    for quantity in range(table.shape[0]):
        table[quantity, target] = table[quantity, source]


@inner
def blank_row(table: Array, target: int) -> None:
    """Zero one row of a table."""
    for quantity in range(table.shape[0]):
        table[quantity, target] = 0.0


@inner
def emit(c: Country, kind: float, cartel: int, other: int, territory: int, size: float) -> None:
    """Report something rare that is to be acted on; `NOBODY` stands for a missing cartel or place."""
    e = c.count[COUNT.events]
    c.count[COUNT.events] = e + 1
    write_event(c.event, e, 0, kind, cartel, other, territory, size)


@inner
def note(c: Country, week: int, kind: float, cartel: int, other: int, territory: int, size: float) -> None:
    """Leave a line for the log; nobody has to act on it."""
    e = c.count[COUNT.notes]
    c.count[COUNT.notes] = e + 1
    write_event(c.note, e, week, kind, cartel, other, territory, size)


@compiled
def tell(c: Country, week: int, kind: int, cartel: int, other: int, territory: int, size: float, cause: int) -> None:
    """Add a line to the log of what happened to leaders and groups; `falls.has_room` sees to it that there is one."""
    e = c.count[COUNT.lines]
    c.count[COUNT.lines] = e + 1
    write_event(c.line, e, week, float(kind), cartel, other, territory, size)
    if e < c.line.shape[1]:
        c.line[EVENT.cause, e] = cause


@inner
def write_event(table: Array, e: int, week: int, kind: float, cartel: int, other: int, territory: int, size: float) -> None:
    """Fill one row of a table of events; `make_room` sees to it that there is one."""
    if e < table.shape[1]:
        table[EVENT.week, e], table[EVENT.kind, e], table[EVENT.cartel, e] = week, kind, cartel
        table[EVENT.other, e], table[EVENT.territory, e], table[EVENT.size, e] = other, territory, size
