"""Keep plaza rows sorted by territory and lineage key: a place is a slice, and sums do not depend on who came first."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import COUNT, PLAZA, Array, Country, Integers, Keys
from sim.model.compiled import inner, owning

T = TypeVar("T", np.float64, np.uint64)
PERSISTENT = PLAZA.since + 1  # rows of the table that must survive sorting


@inner
def before(place: Array, key: Keys, i: int, j: int) -> bool:
    """Whether plaza row i belongs before row j."""
    return bool(place[i] < place[j] or (place[i] == place[j] and key[i] < key[j]))


@inner
def put_in_order(values: NDArray[T], order: Integers, spare: NDArray[T], moved: int, kept: int) -> None:
    """Entries from number `moved` on come from where the order says (loops compile faster than slices)."""
    for i in range(moved, kept):
        spare[i] = values[order[i]]
    for i in range(moved, kept):
        values[i] = spare[i]


@owning
def sort_plazas(c: Country) -> None:
    """Drop closed plazas, put the rest in order, and renew `at` and `first`."""
    rows, place = c.count[COUNT.plazas], c.plaza[PLAZA.territory]
    order = np.empty(rows, np.int64)
    kept = 0
    for i in range(rows):
        if c.plaza[PLAZA.cartel, i] < 0.0:
            continue
        slot = kept
        while slot > 0 and before(place, c.plaza_key, i, order[slot - 1]):
            order[slot] = order[slot - 1]
            slot -= 1
        order[slot] = i
        kept += 1
    moved = 0
    while moved < kept and order[moved] == moved:
        moved += 1
    line, keys = np.empty(kept), np.empty(kept, np.uint64)
    for quantity in range(PERSISTENT):
        put_in_order(c.plaza[quantity], order, line, moved, kept)
    put_in_order(c.plaza_key, order, keys, moved, kept)
    c.count[COUNT.plazas] = kept
    c.count[COUNT.stale] = 0
    k = 0
    for i in range(kept):
        here = int(place[i])
        while k <= here:
            c.first[k] = i
            k += 1
        if i >= moved:
            c.at[int(c.plaza[PLAZA.cartel, i]), here] = i
    while k < c.first.size:
        c.first[k] = kept
        k += 1
