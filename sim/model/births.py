"""Groups are there from the start, are born of a band that leaves, or of a gang that enters a place; they dissolve, or are absorbed."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from sim.model.chance import Word, block, decision, mix
from sim.model.columns import CARTEL, CAUSE, COUNT, FLOW, LEDGER, LINE, NOBODY, PLAZA, TERRITORY, Array, Country, Keys, P
from sim.model.compiled import compiled, inner, owning
from sim.model.estate import bequeath, change_sides, found, secede, start_plaza
from sim.model.mechanisms.leadership import add_broker
from sim.model.mechanisms.market import WEEKS
from sim.model.mechanisms.movement import open_plaza
from sim.model.mechanisms.succession import ALONE, leaving, person_key
from sim.model.tables import tell

DEFECT = decision("succession.defect")
START = cast(int, np.int64(0))  # the first week; typed like `NOBODY`


@compiled
def settle(c: Country, p: Array, keys: Keys, seeds: Array, presence: Array) -> None:
    """Founders come with people, guns, cash for wages, and live brokers.

    Args:
        c: the country, without any group.
        p: parameters.
        keys: of founders.
        seeds: base and number of brokers by kind, [4, founder].
        presence: founder, place, faction and members of every plaza, [4, plaza].
    """
    cartel = c.cartel
    for j in range(keys.size):
        found(c, p, keys[j], int(seeds[0, j]), NOBODY, CAUSE.founder, START)
    for i in range(presence.shape[1]):
        j = int(presence[0, i])
        row = open_plaza(c, j, int(presence[1, i]), START, NOBODY)
        start_plaza(c.plaza, row, 0.6)
        c.plaza[PLAZA.faction, row], c.plaza[PLAZA.members, row] = presence[2, i], presence[3, i]
        cartel[CARTEL.members, j] += presence[3, i]
    for j in range(keys.size):
        n = cartel[CARTEL.members, j]
        cartel[CARTEL.arms, j] = math.floor(n * p[P.arms_reference])
        cartel[CARTEL.cash, j] = math.floor(n * p[P.wage] / WEEKS * 12)
        cartel[CARTEL.notoriety, j] = math.sqrt(n * 1e-3)
        for kind in range(3):
            for k in range(int(seeds[1 + kind, j])):
                add_broker(c, p, j, float(kind), mix(keys[j], np.uint64(10**6 * (kind + 1) + k)))


@inner
def crown(c: Country, j: int, key: Word, faction: int, week: int) -> None:
    """Write down who leads a cartel."""
    c.boss_key[j] = key
    c.cartel[CARTEL.boss_faction, j], c.cartel[CARTEL.boss_since, j] = faction, week


@owning
def weigh(c: Country, p: Array, j: int, cause: int, log_odds: float, hot: int, only: int, week: int, seed: Word) -> None:
    """Everyone in command weighs loyalty; each band that leaves becomes a splinter, or joins a rival.

    The occasion adds `log_odds` to leaving, most in the place `hot`; `only` restricts the matter to one place.
    """
    members, stop = c.cartel[CARTEL.members], 0
    before = members[j]
    movers = leaving(c, p, j, only, log_odds, hot, week, seed)
    for start in range(movers.shape[1]):
        if start < stop:  # he goes with the band before
            continue
        stop, people = start + 1, movers[1, start]
        while stop < movers.shape[1] and movers[2, start] != ALONE and movers[2, stop] == movers[2, start]:
            people += movers[1, stop]
            stop += 1
        if people >= members[j]:
            break
        alone = stop - start == 1 and movers[2, start] != ALONE
        if not (alone and defects(c, p, j, int(movers[0, start]), movers[1, start], week, seed)):
            splinter(c, p, j, movers, start, stop, people, cause, week, seed)
    if members[j] < before:
        tell(c, week, LINE.fragmentation, j, NOBODY, NOBODY, before - members[j], cause)


@inner
def defects(c: Country, p: Array, j: int, k: int, people: float, week: int, seed: Word) -> bool:
    """A lone lieutenant may join the strongest rival present instead of standing alone."""
    plaza, best = c.plaza, NOBODY
    for i in range(c.first[k], c.first[k + 1]):
        owner, n = plaza[PLAZA.cartel, i], plaza[PLAZA.members, i]
        if owner < 0.0 or owner == j or n <= people:
            continue
        if best < 0 or n > plaza[PLAZA.members, best] or (n == plaza[PLAZA.members, best] and c.plaza_key[i] > c.plaza_key[best]):
            best = i
    if best < 0 or block(DEFECT, week, person_key(c, j, k), seed)[0] >= p[P.defect]:
        return False
    change_sides(c, j, k, best, people, week)
    tell(c, week, LINE.defection, j, int(plaza[PLAZA.cartel, best]), k, people, CAUSE.none)
    return True


@inner
def splinter(c: Country, p: Array, j: int, movers: Array, start: int, stop: int, people: float, cause: int, week: int, seed: Word) -> None:
    """A band becomes a cartel of its own: people, cash, guns and plazas move; brokers and allies choose."""
    place, home, alone = int(movers[0, start]), start, movers[2, start] == ALONE
    for m in range(start + 1, stop):
        if movers[1, m] > movers[1, home]:
            home = m
    seat = int(movers[0, home])
    child = found(c, p, mix(mix(c.cartel_key[j], c.territory_key[place]), np.uint64(2 * week + alone)), seat, j, cause, week)
    if alone:
        crown(c, child, mix(c.cartel_key[child], np.uint64(1)), new_faction(c, child), week)
    else:
        crown(c, child, person_key(c, j, seat), int(c.plaza[PLAZA.faction, c.at[j, seat]]), week)
    secede(c, p, j, child, movers, start, stop, week, seed)
    c.flow[FLOW.splits] += 1.0
    tell(c, week, LINE.split, j, child, place, people, cause)


@inner
def new_faction(c: Country, j: int) -> int:
    """Number the family or clan that is founded with a group; its key follows from the group's."""
    faction = c.count[COUNT.factions]
    c.count[COUNT.factions] = faction + 1
    c.cartel[CARTEL.clan, j] = faction
    c.faction_key[faction] = mix(c.cartel_key[j], np.uint64(2))
    return int(faction)


@inner
def enter(c: Country, p: Array, k: int, size: float, week: int) -> None:
    """A new local gang: people from the pool, a gun each, nobody to sell to abroad."""
    j = found(c, p, mix(c.territory_key[k], np.uint64(week + 1)), k, NOBODY, CAUSE.entry, week)
    plaza = open_plaza(c, j, k, week, NOBODY)
    start_plaza(c.plaza, plaza, 0.0)
    c.plaza[PLAZA.members, plaza] = c.cartel[CARTEL.members, j] = size
    c.territory[TERRITORY.pool, k] -= size
    c.cartel[CARTEL.arms, j] = size
    c.cartel[CARTEL.notoriety, j] = math.sqrt(size * 1e-3)
    c.ledger[LEDGER.entered] += size
    c.ledger[LEDGER.bought] += size
    faction = new_faction(c, j)
    c.plaza[PLAZA.faction, plaza] = faction
    crown(c, j, mix(c.cartel_key[j], np.uint64(1)), faction, week)
    tell(c, week, LINE.entry, j, NOBODY, k, size, CAUSE.none)


@inner
def dissolved(c: Country, j: int, place: int, people: float, week: int) -> None:
    """The last plaza fell below the minimum: the cartel is no more."""
    c.flow[FLOW.dissolutions] += 1.0
    tell(c, week, LINE.dissolved, j, NOBODY, place, people, CAUSE.none)
    bequeath(c, j, NOBODY, week)


@inner
def absorbed(c: Country, j: int, winner: int, place: int, people: float, week: int) -> None:
    """The last plaza was absorbed: everything else goes to the winner too."""
    c.flow[FLOW.absorptions] += 1.0
    tell(c, week, LINE.absorbed, j, winner, place, people, CAUSE.last)
    bequeath(c, j, winner, week)
