"""Births and ends: groups are there from the start, leave another one, or enter as a gang; they dissolve, or are absorbed."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import mix
from sim.model.clock import WEEKS
from sim.model.columns import CAUSE, KIND, NOBODY, Country, Keys, Word
from sim.model.compile.compiled import compiled, inner
from sim.model.compile.named import Grid
from sim.model.mechanisms.brokers import add_broker
from sim.model.plazas import open_plaza
from sim.model.tables import blank_row, tell


@compiled
def found(c: Country, key: Word, seat: int, parent: int, origin: int) -> int:
    """A new cartel row without people or goods; a child takes habits and lineage from its parent (-1: none). `origin` is a `Cause`."""
    j, cartel, p = c.count.cartels, c.cartel, c.p
    c.count.cartels = j + 1
    c.cartel_key[j] = key
    blank_row(cartel, j)
    cartel.alive[j] = 1
    cartel.seat[j] = cartel.home[j] = seat
    cartel.born[j] = c.now.week
    cartel.parent[j], cartel.origin[j] = parent, origin
    if parent < 0:
        cartel.cohesion[j] = p.cohesion_target
        cartel.patience[j] = p.patience
        cartel.pay[j] = p.pay_reference * p.legal_wage
    else:
        cartel.cohesion[j] = cartel.cohesion[parent]
        cartel.patience[j] = cartel.patience[parent]
        cartel.might[j], cartel.grip[j] = cartel.might[parent], cartel.grip[parent]
        cartel.pay[j] = cartel.pay[parent]
        cartel.protection[j] = cartel.protection[parent]
        cartel.zone[j] = cartel.zone[parent]
    return int(j)


@inner
def crown(c: Country, j: int, key: Word, faction: int) -> None:
    """Write down who leads a cartel."""
    c.boss_key[j] = key
    c.cartel.boss_faction[j], c.cartel.boss_since[j] = faction, c.now.week


@inner
def lieutenant_key(c: Country, j: int, k: int) -> Word:
    """Lineage key of the lieutenant who runs cartel j's plaza in place k; a new one when the post changes hands."""
    since = c.plaza.since[c.at[j, k]]
    return mix(mix(c.cartel_key[j], c.territory_key[k]), np.uint64(since + 1))


@inner
def new_faction(c: Country, j: int) -> int:
    """Number the family or clan that is founded with a group; its key follows from the group's."""
    faction = c.count.factions
    c.count.factions = faction + 1
    c.cartel.clan[j] = faction
    c.faction_key[faction] = mix(c.cartel_key[j], np.uint64(2))
    return int(faction)


@compiled
def place_founders(c: Country, keys: Keys, seeds: Grid, presence: Grid) -> None:
    """Founders come with people, guns, cash for wages, and live brokers.

    Args:
        c: the country, without any group.
        keys: of founders.
        seeds: base and number of brokers by kind, [4, founder].
        presence: founder, place, faction and members of every plaza, [4, plaza].
    """
    cartel, p = c.cartel, c.p
    for j in range(keys.size):
        found(c, keys[j], int(seeds[0, j]), NOBODY, CAUSE.founder)
    for i in range(presence.shape[1]):
        j = int(presence[0, i])
        row = open_plaza(c, j, int(presence[1, i]), NOBODY)
        start_effort(c, row, p.founder_traffic)
        c.plaza.faction[row], c.plaza.members[row] = presence[2, i], presence[3, i]
        cartel.members[j] += presence[3, i]
    for j in range(keys.size):
        n = cartel.members[j]
        cartel.arms[j] = math.floor(n * p.arms_reference)  # a first guess: `opening.py` finds what its income keeps up
        cartel.cash[j] = math.floor(n * p.wage / WEEKS * p.founder_cash)
        cartel.notoriety[j] = math.sqrt(n * 1e-3)
        for kind in range(3):
            for k in range(int(seeds[1 + kind, j])):
                add_broker(c, j, kind, mix(keys[j], np.uint64(10**6 * (kind + 1) + k)))


@inner
def start_effort(c: Country, row: int, traffic: float) -> None:
    """First effort shares of a plaza: trafficking, and the rest mostly local sales and extortion."""
    plaza, p, rest = c.plaza, c.p, 1.0 - traffic
    plaza.traffic[row] = traffic
    plaza.extortion[row] = p.first_extortion * rest
    plaza.kidnapping[row] = p.first_kidnapping * rest
    plaza.fuel[row] = p.first_fuel * rest
    plaza.retail[row] = rest - (p.first_extortion + p.first_kidnapping + p.first_fuel) * rest


@inner
def enter(c: Country, k: int, size: float) -> None:
    """A new local gang: people from the pool, a gun each, nobody to sell to abroad."""
    j = found(c, mix(c.territory_key[k], np.uint64(c.now.week + 1)), k, NOBODY, CAUSE.entry)
    plaza = open_plaza(c, j, k, NOBODY)
    start_effort(c, plaza, 0.0)
    c.plaza.members[plaza] = c.cartel.members[j] = size
    c.territory.pool[k] -= size
    c.cartel.arms[j] = size
    c.cartel.notoriety[j] = math.sqrt(size * 1e-3)
    c.ledger.entered += size
    c.ledger.bought += size
    faction = new_faction(c, j)
    c.plaza.faction[plaza] = faction
    crown(c, j, mix(c.cartel_key[j], np.uint64(1)), faction)
    tell(c, KIND.entry, j, NOBODY, k, size, CAUSE.none)


@inner
def dissolved(c: Country, j: int, place: int, people: float) -> None:
    """The last plaza fell below the minimum: the cartel is no more."""
    c.flow.dissolutions += 1.0
    tell(c, KIND.dissolved, j, NOBODY, place, people, CAUSE.none)
    bequeath(c, j, NOBODY)


@inner
def absorbed(c: Country, j: int, winner: int, place: int, people: float) -> None:
    """The last plaza was absorbed: everything else goes to the winner too."""
    c.flow.absorptions += 1.0
    tell(c, KIND.absorbed, j, winner, place, people, CAUSE.last)
    bequeath(c, j, winner)


@inner
def deals_with(c: Country, j: int, key: Word) -> bool:
    """Whether cartel j has a live link to a broker."""
    for b in range(c.count.brokers):  # noqa: SIM110 (numba has no `any`)
        if c.broker.cartel[b] == j and c.broker.alive[b] > 0 and c.broker_key[b] == key:
            return True
    return False


@inner
def bequeath(c: Country, dead: int, heir: int) -> None:
    """A cartel ends: cash, guns and brokers go to the heir, or are lost (-1); its prisoners stay on its row until released.

    With the switch `broker_split` off the heir may deal with the same broker already, and has nothing more of him.
    """
    cartel, broker = c.cartel, c.broker
    for b in range(c.count.brokers):
        if broker.cartel[b] != dead or broker.alive[b] == 0:
            continue
        if heir >= 0 and not (c.p.broker_split == 0.0 and deals_with(c, heir, c.broker_key[b])):
            broker.cartel[b] = heir
        else:
            broker.alive[b] = 0
            c.ledger.brokers_lost += 1.0
    if heir >= 0:
        cartel.cash[heir] += cartel.cash[dead]
        cartel.arms[heir] += cartel.arms[dead]
    else:
        c.ledger.lost_cash += cartel.cash[dead]
        c.ledger.lost_guns += cartel.arms[dead]
    cartel.cash[dead] = cartel.arms[dead] = 0.0
    cartel.alive[dead] = 0
    cartel.members[dead] = 0.0
    cartel.ended[dead] = c.now.week
    c.count.dead += 1
