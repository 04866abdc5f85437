"""The stocks of the nation, read off the tables at the end of a month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import CARTEL, COUNT, NATION, PAIR, TERRITORY, Array, Country
from sim.model.compiled import compiled

ACCESS = 0.25  # trafficking access below which a group that lives on predation is a cell


class Stock(NamedTuple):
    """State of the nation at the end of a month; the metrics of the same names."""

    groups_active: int
    cartels_active: int
    cells_active: int
    largest_share: int
    hhi: int
    wars_active: int
    members: int
    prison_population: int
    predation_share: int
    drug_price_index: int
    consumption_index: int
    seized_share: int
    heavy_users: int
    impunity_index: int
    arms_index: int
    guns_held: int
    broker_inheritance_share: int
    alliance_inheritance_share: int


STOCK = Stock(*range(len(Stock._fields)))


def is_cell(cartel: Array) -> NDArray[np.bool_]:
    """Whether a cartel, or each of some, is a predatory cell: hardly any trafficking access, and most income from predation.

    Args:
        cartel: one row of the table (a column of its array), or several.
    """
    poor = cartel[CARTEL.access] < ACCESS
    return np.asarray(poor & (cartel[CARTEL.predation_income] >= cartel[CARTEL.traffic_income]))


@compiled
def read_stocks(c: Country, out: Array) -> None:
    """Write the stocks of the nation into a row."""
    cartel = c.cartel
    groups, cells, members, largest, squares, prisoners, traffic, prey, arms = (
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    for j in range(c.count[COUNT.cartels]):
        prisoners += cartel[CARTEL.prisoners, j]
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        n = cartel[CARTEL.members, j]
        groups += 1.0
        members += n
        largest = max(largest, n)
        squares += n * n
        traffic += cartel[CARTEL.traffic_income, j]
        prey += cartel[CARTEL.predation_income, j]
        arms += cartel[CARTEL.arms, j]
        if cartel[CARTEL.access, j] < ACCESS and cartel[CARTEL.predation_income, j] >= cartel[CARTEL.traffic_income, j]:
            cells += 1.0
    wars, convicted = 0.0, 0.0
    for row in range(c.count[COUNT.pairs]):
        wars += c.pair[PAIR.open, row]
    for k in range(c.zone.size):
        convicted += c.territory[TERRITORY.conviction, k]
    total = max(1.0, members)
    out[STOCK.groups_active], out[STOCK.cells_active], out[STOCK.cartels_active] = groups, cells, groups - cells
    out[STOCK.largest_share], out[STOCK.hhi], out[STOCK.members] = largest / total, squares / total / total, members
    out[STOCK.wars_active], out[STOCK.prison_population] = wars, prisoners
    out[STOCK.predation_share] = prey / max(1.0, prey + traffic)
    out[STOCK.drug_price_index], out[STOCK.consumption_index] = c.nation[NATION.price], c.nation[NATION.consumption]
    out[STOCK.seized_share], out[STOCK.heavy_users] = c.nation[NATION.seized], c.nation[NATION.heavy]
    out[STOCK.impunity_index] = 1.0 - convicted / c.zone.size
    out[STOCK.arms_index], out[STOCK.guns_held] = arms / total, arms
    out[STOCK.broker_inheritance_share] = c.count[COUNT.brokers_gained] / max(1, c.count[COUNT.brokers_asked])
    out[STOCK.alliance_inheritance_share] = c.count[COUNT.allies_gained] / max(1, c.count[COUNT.allies_asked])
