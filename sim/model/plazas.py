"""Plazas open and close, people and goods change hands between them, and rows stay in order.

Rows are sorted by territory and lineage key, so that a place is a slice, and sums do not depend on who came first.
"""

from __future__ import annotations

import math

from sim.model.chance import mix
from sim.model.columns import Cartel, Country, Plaza
from sim.model.compile.compiled import compiled, inner
from sim.model.tables import blank_row, copy_row

REAL = Plaza.before("since")  # real columns that survive sorting
WHOLE = Plaza.whole.index("order")  # whole ones


@compiled
def open_plaza(c: Country, j: int, k: int, like: int) -> int:
    """A new, empty plaza row with the habits of another one; -1 if the table is full. Sorting is due afterwards."""
    row, week = c.count.plazas, c.now.week
    if row >= c.plaza.rows:
        return -1
    c.count.plazas = row + 1
    c.count.stale = 1
    blank_row(c.plaza, row)
    if like >= 0:
        copy_row(c.plaza, row, like)
    c.plaza.cartel[row], c.plaza.territory[row] = j, k
    c.plaza.members[row], c.plaza.since[row] = 0.0, week
    c.plaza.share[row], c.plaza.income[row] = 0.0, 0.0
    c.plaza.losses[row], c.plaza.felled[row], c.plaza.jailed[row] = 0.0, 0.0, 0.0
    for lane in range(4):
        c.luck[lane, row] = 0.5
    c.plaza_key[row] = mix(c.cartel_key[j], c.territory_key[k])
    c.at[j, k] = row
    c.cartel.plazas[j] += 1
    c.ledger.opened += 1.0
    return int(row)


@compiled
def close_plaza(c: Country, i: int) -> None:
    """Mark a plaza row as gone; its people must have left. A seat moves to the largest plaza left. Sorting is due afterwards."""
    j, k = c.plaza.cartel[i], c.plaza.territory[i]
    c.at[j, k] = -1
    c.plaza.cartel[i] = -1
    c.cartel.plazas[j] -= 1
    c.ledger.closed += 1.0
    c.count.stale = 1
    if c.cartel.seat[j] == k:
        most = 0.0
        for place in range(c.zone.size):
            row = c.at[j, place]
            if row >= 0 and c.plaza.members[row] > most:
                most = c.plaza.members[row]
                c.cartel.seat[j] = place


@compiled
def plaza_at(c: Country, cartel: int, territory: int, like: int) -> int:
    """The plaza row of a cartel in a place, opened with the habits of row `like` if it has none."""
    row = int(c.at[cartel, territory])
    return row if row >= 0 else open_plaza(c, cartel, territory, like)


@inner
def close_if_empty(c: Country, row: int) -> bool:
    """Give up a place nobody is left in."""
    empty = bool(c.plaza.members[row] == 0.0)
    if empty:
        close_plaza(c, row)
    return empty


@compiled
def move_people(c: Country, origin: int, target: int, people: float) -> None:
    """Members change plaza; the two rows' cartels keep their head counts current."""
    plaza, cartel = c.plaza, c.cartel
    plaza.members[origin] -= people
    plaza.members[target] += people
    cartel.members[plaza.cartel[origin]] -= people
    cartel.members[plaza.cartel[target]] += people


@inner
def gather(c: Country, start: int, stop: int) -> int:
    """People of each cartel in plaza rows start to stop, into `cartel.work`; returns the cartel with most, the first of several, or -1."""
    plaza, work, best = c.plaza, c.cartel.work, -1
    for i in range(start, stop):
        if plaza.cartel[i] >= 0:
            work[plaza.cartel[i]] = 0.0
    for i in range(start, stop):
        if plaza.cartel[i] >= 0:
            work[plaza.cartel[i]] += plaza.members[i]
    for i in range(start, stop):
        j = int(plaza.cartel[i])
        if j >= 0 and (best < 0 or work[j] > work[best]):
            best = j
    return best


@inner
def part_of(cartel: Cartel, j: int, people: float) -> float:
    """So many people's part of what cartel j has."""
    return float(min(1.0, people / max(1.0, cartel.members[j])))


@inner
def hand_over_guns(cartel: Cartel, loser: int, winner: int, people: float) -> None:
    """So many people of one cartel bring their guns to another; before they are moved."""
    guns = math.floor(cartel.arms[loser] * part_of(cartel, loser, people))
    cartel.arms[loser] -= guns
    cartel.arms[winner] += guns


@inner
def hand_over_cash(cartel: Cartel, loser: int, winner: int, people: float) -> None:
    """Likewise their part of the cash."""
    cash = math.floor(cartel.cash[loser] * part_of(cartel, loser, people))
    cartel.cash[loser] -= cash
    cartel.cash[winner] += cash


@compiled
def sort_plazas(c: Country) -> None:
    """Drop closed plazas, put the rest in order, and renew `at` and `first`."""
    plaza, kept, moved = c.plaza, 0, 0
    for i in range(c.count.plazas):
        if plaza.cartel[i] < 0:
            continue
        slot = kept
        while slot > 0 and comes_before(c, i, plaza.order[slot - 1]):
            plaza.order[slot] = plaza.order[slot - 1]
            slot -= 1
        plaza.order[slot] = i
        kept += 1
    while moved < kept and plaza.order[moved] == moved:
        moved += 1
    put_in_order(c, moved, kept)
    c.count.plazas = kept
    c.count.stale = 0
    k = 0
    for i in range(kept):
        here = plaza.territory[i]
        while k <= here:
            c.first[k] = i
            k += 1
        if i >= moved:
            c.at[plaza.cartel[i], here] = i
    while k < c.first.size:
        c.first[k] = kept
        k += 1


@inner
def comes_before(c: Country, i: int, j: int) -> bool:
    """Whether plaza row i belongs before row j."""
    place, key = c.plaza.territory, c.plaza_key
    return bool(place[i] < place[j] or (place[i] == place[j] and key[i] < key[j]))


@inner
def put_in_order(c: Country, moved: int, kept: int) -> None:
    """Rows from number `moved` on come from where the order says (loops compile faster than slices)."""
    plaza = c.plaza
    for column in range(REAL):
        for i in range(moved, kept):
            plaza.pull[i] = plaza.floats[column, plaza.order[i]]
        for i in range(moved, kept):
            plaza.floats[column, i] = plaza.pull[i]
    for column in range(WHOLE):
        for i in range(moved, kept):
            plaza.spare[i] = plaza.ints[column, plaza.order[i]]
        for i in range(moved, kept):
            plaza.ints[column, i] = plaza.spare[i]
    for i in range(moved, kept):
        c.plaza_key[i] = mix(c.cartel_key[plaza.cartel[i]], c.territory_key[plaza.territory[i]])
