"""Keep plaza rows sorted by territory and lineage key: a place is a slice, and sums do not depend on who came first."""

from __future__ import annotations

import numpy as np

from sim.model.columns import COUNT, PLAZA, Country
from sim.model.compiled import compiled, inner

PERSISTENT = PLAZA.opened + 1  # rows of the table that must survive sorting


@inner
def before(c: Country, i: int, j: int) -> bool:
    """Whether plaza row i belongs before row j."""
    a, b = c.plaza[PLAZA.territory, i], c.plaza[PLAZA.territory, j]
    return a < b or (a == b and c.plaza_key[i] < c.plaza_key[j])


@compiled
def sort_plazas(c: Country) -> None:
    """Drop closed plazas, put the rest in order, and renew `at` and `first`."""
    rows = c.count[COUNT.plazas]
    order = np.empty(rows, np.int64)
    kept = 0
    for i in range(rows):
        if c.plaza[PLAZA.cartel, i] < 0.0:
            continue
        slot = kept
        while slot > 0 and before(c, i, order[slot - 1]):
            order[slot] = order[slot - 1]
            slot -= 1
        order[slot] = i
        kept += 1
    line, keys = np.empty(kept), np.empty(kept, np.uint64)
    for row in range(PERSISTENT):
        for i in range(kept):
            line[i] = c.plaza[row, order[i]]
        for i in range(kept):
            c.plaza[row, i] = line[i]
    for i in range(kept):
        keys[i] = c.plaza_key[order[i]]
    for i in range(kept):
        c.plaza_key[i] = keys[i]
    c.count[COUNT.plazas] = kept
    c.count[COUNT.stale] = 0
    k = 0
    for i in range(kept):
        place = int(c.plaza[PLAZA.territory, i])
        while k <= place:
            c.first[k] = i
            k += 1
        c.at[int(c.plaza[PLAZA.cartel, i]), place] = i
    while k < c.first.size:
        c.first[k] = kept
        k += 1
