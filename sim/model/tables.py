"""The few operations on rows and columns of tables that compiled code repeats (loops compile faster than slices)."""

from __future__ import annotations

from sim.model.columns import COUNT, EVENT, Array, Country
from sim.model.compiled import inner


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
    """Tell Python that something rare happened; `NOBODY` stands for a missing cartel or place."""
    e = c.count[COUNT.events]
    if e < c.event.shape[1]:
        c.event[EVENT.kind, e], c.event[EVENT.cartel, e], c.event[EVENT.other, e] = kind, cartel, other
        c.event[EVENT.territory, e], c.event[EVENT.size, e] = territory, size
    c.count[COUNT.events] = e + 1
