"""The few operations on rows and columns of tables that compiled code repeats (loops compile faster than slices)."""

from __future__ import annotations

from sim.model.chance import block, blocks
from sim.model.columns import Array, Country, Event, Keys, Word
from sim.model.compile.compiled import compiled, inner
from sim.model.compile.named import Floats, Numbers, Table


@inner
def clear(line: Floats | Numbers, length: int) -> None:
    """Zero the first `length` entries of a column, or of some numbers."""
    for i in range(length):
        line[i] = 0.0


@inner
def copy_row(table: Table, target: int, source: int) -> None:
    """Overwrite one row of a table by another."""
    for column in range(table.floats.shape[0]):
        table.floats[column, target] = table.floats[column, source]
    for column in range(table.ints.shape[0]):
        table.ints[column, target] = table.ints[column, source]


@inner
def swap_rows(table: Table, one: int, two: int) -> None:
    """Exchange two rows of a table."""
    for column in range(table.floats.shape[0]):
        table.floats[column, one], table.floats[column, two] = table.floats[column, two], table.floats[column, one]
    for column in range(table.ints.shape[0]):
        table.ints[column, one], table.ints[column, two] = table.ints[column, two], table.ints[column, one]


@inner
def blank_row(table: Table, target: int) -> None:
    """Zero one row of a table."""
    for column in range(table.floats.shape[0]):
        table.floats[column, target] = 0.0
    for column in range(table.ints.shape[0]):
        table.ints[column, target] = 0


@inner
def draw(c: Country, what: Word, key: Word) -> tuple[float, float, float, float]:
    """This week's four uniforms for one decision of whoever has the key."""
    return block(what, c.now.week, key, c.seed)


@inner
def draw_all(c: Country, luck: Array, what: Word, keys: Keys, length: int) -> None:
    """The same for many keys at once, into the rows of `luck`."""
    blocks(luck, what, c.now.week, keys, c.seed, length)


@inner
def list_living(c: Country) -> None:
    """Bring the list of cartels that exist up to date: rows of the dead are never looked at again, and there are many."""
    cartel, n = c.cartel, 0
    for old in range(c.count.living):
        j = cartel.living[old]
        cartel.living[n] = j
        n += cartel.alive[j]
    for j in range(c.count.listed, c.count.cartels):
        cartel.living[n] = j
        n += cartel.alive[j]
    c.count.living, c.count.listed = n, c.count.cartels
    for i in range(n):
        c.living_key[i] = c.cartel_key[cartel.living[i]]


@inner
def draw_living(c: Country, what: Word) -> None:
    """This week's uniforms of every living cartel, by its place in the list."""
    draw_all(c, c.cartel_draw, what, c.living_key, c.count.living)


@inner
def pick(weights: Floats, first: int, stop: int, luck: float) -> int:
    """An entry from `first` on, drawn by weight: the one in which the running sum passes `luck`, a part of the whole; -1 if all are 0."""
    chosen = -1
    for i in range(first, stop):
        if weights[i] > 0.0:
            chosen = i
            luck -= weights[i]
            if luck < 0.0:
                break
    return chosen


@inner
def emit(c: Country, kind: int, cartel: int, other: int, territory: int, size: float) -> None:
    """Report something rare that is to be acted on at the end of the week; `NOBODY` stands for a missing cartel or place."""
    e = c.count.events
    c.count.events = e + 1
    write_event(c.event, e, c.now.week, kind, cartel, other, territory, size)


@compiled
def tell(c: Country, kind: int, cartel: int, other: int, territory: int, size: float, cause: int) -> None:
    """Add a line to the log; nobody has to act on it."""
    e = c.count.lines
    c.count.lines = e + 1
    write_event(c.log, e, c.now.week, kind, cartel, other, territory, size)
    if e < c.log.rows:
        c.log.cause[e] = cause


@inner
def write_event(table: Event, e: int, week: int, kind: int, cartel: int, other: int, territory: int, size: float) -> None:
    """Fill one row of a table of events; `capacity.py` sees to it that there is one."""
    if e < table.rows:
        table.week[e], table.kind[e], table.cartel[e] = week, kind, cartel
        table.other[e], table.territory[e], table.size[e] = other, territory, size
