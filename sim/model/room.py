"""How much room the tables must have before four more weeks are played; `state.py` makes it."""

from __future__ import annotations

from typing import cast

import numpy as np

from sim.model.columns import BROKER, COUNT, Array, Country, P
from sim.model.compiled import compiled, owning

GROWING = ("cartel", "plaza", "pair", "tie", "broker", "faction_key", "event", "note", "line")  # tables, in the order of `needs`
GROUPS = cast(int, np.int64(64))  # that may be born in four weeks; typed like `NOBODY`


@compiled
def needs(c: Country, p: Array, groups: int) -> tuple[int, ...]:
    """Rows that every growing table could come to within a few weeks, or while so many new groups are born at once."""
    cartels, plazas, pairs = c.count[COUNT.cartels], c.count[COUNT.plazas], c.count[COUNT.pairs]
    ties, brokers = c.count[COUNT.ties], c.count[COUNT.brokers]
    copied = brokers + groups * most_links(c) if p[P.broker_split] == 0.0 else 2 * brokers
    return (
        cartels + groups,
        2 * plazas + groups + 64,
        2 * pairs + plazas + groups + 256,
        2 * (ties + pairs) + 256,
        copied + 128,
        c.count[COUNT.factions] + groups + 1,
        4 * (plazas + cartels) + 64,
        c.count[COUNT.notes] + 2 * pairs + ties + groups + 256,
        c.count[COUNT.lines] + pairs + 2 * groups + 256,
    )


@owning
def most_links(c: Country) -> int:
    """Live brokers of the cartel that has most."""
    links = np.zeros(c.count[COUNT.cartels], np.int64)
    for b in range(c.count[COUNT.brokers]):
        links[int(c.broker[BROKER.cartel, b])] += c.broker[BROKER.alive, b] > 0.0
    return int(links.max())


@compiled
def is_roomy(c: Country, p: Array) -> bool:
    """Whether the tables have room for the coming four weeks."""
    cartel, plaza, pair, tie, broker, faction, event, note, line = needs(c, p, GROUPS)
    return bool(
        cartel <= c.cartel.shape[1]
        and plaza <= c.plaza.shape[1]
        and pair <= c.pair.shape[1]
        and tie <= c.tie.shape[1]
        and broker <= c.broker.shape[1]
        and faction <= c.faction_key.size
        and event <= c.event.shape[1]
        and note <= c.note.shape[1]
        and line <= c.line.shape[1]
    )
