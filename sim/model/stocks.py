"""The stocks of the nation, read off the tables at the end of a month."""

from __future__ import annotations

import numpy as np

from sim.model.columns import Country
from sim.model.compile.compiled import compiled
from sim.model.compile.named import Integers


@compiled
def is_cell(c: Country, j: int) -> bool:
    """Whether cartel j is a predatory cell: hardly any trafficking access, and most income from predation."""
    return bool(c.cartel.access[j] < c.p.access_cell and c.cartel.predation_income[j] >= c.cartel.traffic_income[j])


@compiled
def mark_cells(c: Country, marks: Integers) -> None:
    """1 for every group that is, or ended as, a predatory cell, 0 for others."""
    for j in range(c.count.cartels):
        marks[j] = 1 if is_cell(c, j) else 0


@compiled
def read_stocks(c: Country, month: int) -> None:
    """Write down the stocks of the nation at the end of a month."""
    cartel, out = c.cartel, c.stocks[month]
    groups, cells, members, largest, squares, prisoners = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    traffic, prey, arms = 0.0, 0.0, 0.0
    for j in range(c.count.cartels):
        prisoners += cartel.prisoners[j]
        if cartel.alive[j] == 0:
            continue
        n = cartel.members[j]
        groups += 1.0
        members += n
        largest = max(largest, n)
        squares += n * n
        traffic += cartel.traffic_income[j]
        prey += cartel.predation_income[j]
        arms += cartel.arms[j]
        cells += 1.0 if is_cell(c, j) else 0.0
    wars, convicted = 0.0, 0.0
    for row in range(c.count.pairs):
        wars += c.pair.open[row]
    for k in range(c.zone.size):
        convicted += c.territory.conviction[k]
    total = max(1.0, members)
    out.groups_active, out.cells_active, out.cartels_active = groups, cells, groups - cells
    out.largest_share, out.hhi, out.members = largest / total, squares / total / total, members
    out.wars_active, out.prison_population = wars, prisoners
    out.predation_share = prey / max(1.0, prey + traffic)
    out.drug_price_index, out.consumption_index = c.nation.price, c.nation.consumption
    out.seized_share, out.heavy_users = c.nation.seized, c.nation.heavy
    out.impunity_index = 1.0 - convicted / c.zone.size
    out.arms_index, out.guns_held = arms / total, arms
    out.broker_inheritance_share = c.count.brokers_gained / max(1, c.count.brokers_asked)
    out.alliance_inheritance_share = c.count.allies_gained / max(1, c.count.allies_asked)


def cells(country: Country) -> Integers:
    """`mark_cells` of all groups, shape (groups,)."""
    marks = np.zeros(country.count.cartels, np.int64)
    mark_cells(country, marks)
    return marks
