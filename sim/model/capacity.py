"""How much room the tables must have for what is coming; `state.py` makes it. There is no other rule of capacity."""

from __future__ import annotations

from typing import cast

import numpy as np

from sim.model.columns import Country
from sim.model.compile.compiled import compiled

GROWING = ("cartel", "plaza", "pair", "tie", "broker", "faction_key", "event", "log")  # tables, in the order of `needs`
GROUPS = cast(int, np.int64(64))  # that may be born in four weeks; typed like `NOBODY`


@compiled
def needs(c: Country, groups: int) -> tuple[int, ...]:
    """Rows that every growing table could come to within a few weeks, or while so many new groups are born at once."""
    cartels, plazas, pairs = c.count.cartels, c.count.plazas, c.count.pairs
    ties, brokers = c.count.ties, c.count.brokers
    copied = brokers + groups * most_links(c) if c.p.broker_split == 0.0 else 2 * brokers
    return (
        cartels + groups,
        3 * plazas + groups + 64,
        2 * pairs + plazas + groups + 256,
        2 * (ties + pairs) + 256,
        copied + 128,
        c.count.factions + groups + 1,
        4 * (plazas + cartels) + 64,
        c.count.lines + 3 * (pairs + groups) + ties + 512,
    )


@compiled
def most_links(c: Country) -> int:
    """Live brokers of the cartel that has most."""
    links, most = c.cartel.links, 0
    for j in range(c.count.cartels):
        links[j] = 0
    for b in range(c.count.brokers):
        links[c.broker.cartel[b]] += c.broker.alive[b]
        most = max(most, links[c.broker.cartel[b]])
    return int(most)


@compiled
def has_room(c: Country, groups: int) -> bool:
    """Whether the tables have it."""
    cartel, plaza, pair, tie, broker, faction, event, line = needs(c, groups)
    return bool(
        cartel <= c.cartel.rows
        and plaza <= c.plaza.rows
        and pair <= c.pair.rows
        and tie <= c.tie.rows
        and broker <= c.broker.rows
        and faction <= c.faction_key.size
        and event <= c.event.rows
        and line <= c.log.rows
    )
