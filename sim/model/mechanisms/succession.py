"""Who succeeds, who leaves, and who changes sides when a leader falls. `falls.py` asks; this answers for all plazas of a cartel."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import Word, block, decision, mix, normal
from sim.model.columns import CARTEL, CAUSE, COUNT, LEDGER, LINE, PAIR, PLAZA, TERRITORY, Array, Country, Integers, P
from sim.model.compiled import compiled, inner, owning
from sim.model.tables import tell

AUTHORITY = decision("leader.authority")
HEIR = decision("succession.heir")
FACTION = decision("succession.faction")
LEAVE = decision("succession.leave")
CELL = decision("succession.cell")
ROUT = decision("leader.rout")
ALONE = -1.0  # band of a captain who leaves with a cell from inside a plaza


@inner
def person_key(c: Country, j: int, k: int) -> Word:
    """Lineage key of the lieutenant who runs cartel j's plaza in place k; a new one when the post changes hands."""
    since = int(c.plaza[PLAZA.since, c.at[j, k]])
    return mix(mix(c.cartel_key[j], c.territory_key[k]), np.uint64(since + 1))


@owning
def heir(c: Country, p: Array, j: int, faction: int, week: int, seed: Word) -> tuple[int, float]:
    """The place whose lieutenant succeeds, and how contested he is: the runner-up's chance over his own.

    Reads:  lieutenants' authority (born with them) and faction
    Writes: nothing
    Rule:   drawn with weights exp(heir_authority x authority + heir_kin if of the late kingpin's faction)
    Source: ASSUMED (weights)
    """
    weights = np.zeros(c.zone.size)
    total, first, second = 0.0, 0.0, 0.0
    for k in range(c.zone.size):
        row = c.at[j, k]
        if row < 0:
            continue
        rank = block(AUTHORITY, 0, person_key(c, j, k), seed)[0]
        kin = p[P.heir_kin] if c.plaza[PLAZA.faction, row] == faction else 0.0
        weights[k] = math.exp(p[P.heir_authority] * rank + kin)
        total += weights[k]
        second = max(second, min(first, weights[k]))
        first = max(first, weights[k])
    reach = block(HEIR, week, c.cartel_key[j], seed)[0] * total
    chosen = int(c.cartel[CARTEL.seat, j])
    for k in range(c.zone.size):
        if weights[k] == 0.0:
            continue
        chosen = k
        reach -= weights[k]
        if reach < 0.0:
            break
    return chosen, second / first if first > 0.0 else 0.0


@owning
def leaving(c: Country, p: Array, j: int, only: int, readiness: float, hot: int, week: int, seed: Word) -> Array:
    """Everyone in command of cartel j weighs loyalty: lieutenants, and captains of cells inside plazas.

    Reads:  members, cohesion, incomes, access, factions, concentration of places
    Writes: nothing
    Rule:   log-odds = base + size x ln(own people / the heir's) - cohesion x (x - 1/2) + contested x (1 - sum q^2) - rent x brokers'
            part of income + readiness + a normal shock, in part shared within a faction; leavers of one faction whose plazas
            touch go together
    Source: castillo2020 (rent), ASSUMED (form), FITTED (weights)

    Args:
        c: the country.
        p: parameters.
        j: the cartel.
        only: ask in this place alone; -1 asks everywhere.
        readiness: what the occasion adds to the log-odds.
        hot: place in which cells are readiest; -1 for none.
        week: number of the week.
        seed: the run's.

    Returns:
        float64[3, movers]: place, people, number of the band or `ALONE`; bands first, by place.
    """
    cartel, plaza, places = c.cartel, c.plaza, c.zone.size
    seat = int(cartel[CARTEL.seat, j])
    rent = cartel[CARTEL.traffic_income, j] / (cartel[CARTEL.traffic_income, j] + cartel[CARTEL.predation_income, j] + 1.0)
    held = c.at[j, seat]
    heirs = math.log(max(1.0, plaza[PLAZA.members, held])) if held >= 0 else 0.0
    group = p[P.leave_base] - p[P.leave_cohesion] * (cartel[CARTEL.cohesion, j] - 0.5) - p[P.leave_rent] * rent * cartel[CARTEL.access, j]
    band, cells, people, movers = np.full(places, -1), np.zeros(places), np.zeros(places), 0
    for k in range(places):
        row = c.at[j, k]
        if row < 0 or (only >= 0 and k != only):
            continue
        n = plaza[PLAZA.members, row]
        odds = group + p[P.leave_size] * (math.log(max(1.0, n)) - heirs) + readiness
        odds += p[P.leave_contested] * (1.0 - c.territory[TERRITORY.sumsq, k])
        who = person_key(c, j, k)
        own, stay, loyal, split = block(LEAVE, week, who, seed)
        mood = normal(block(FACTION, week, mix(c.cartel_key[j], c.faction_key[int(plaza[PLAZA.faction, row])]), seed)[0])
        pull = math.sqrt(p[P.faction_pull]) * mood + math.sqrt(1.0 - p[P.faction_pull]) * normal(own)
        if k != seat and stay < 1.0 / (1.0 + math.exp(-odds - pull)):
            people[k] = n - math.floor(n * 2.0 * p[P.loyal] * loyal)
            band[k] = places
            movers += 1
        elif n >= 2.0 * p[P.cell_minimum]:
            captain, size, _, _ = block(CELL, week, who, seed)
            extra = p[P.cell_base] + (p[P.cell_seat] if k == hot else 0.0)
            if captain < 1.0 / (1.0 + math.exp(-odds - extra - normal(split))):
                cells[k] = math.floor(max(p[P.cell_minimum], n * (0.1 + 0.4 * size)))
                movers += 1
    return listed(people, cells, band, join(c, j, band), movers)


@owning
def join(c: Country, j: int, band: Integers) -> int:
    """Number the bands: leavers (marked by the number of places) of one faction whose plazas touch get the same number."""
    places, bands, stack = c.zone.size, 0, np.empty(c.zone.size, np.int64)
    for k in range(places):
        if band[k] != places:
            continue
        band[k], stack[0], depth = bands, k, 1
        faction = c.plaza[PLAZA.faction, c.at[j, k]]
        while depth > 0:
            depth -= 1
            place = stack[depth]
            for e in range(c.border_start[place], c.border_start[place + 1]):
                near = int(c.border_to[e])
                if band[near] == places and c.plaza[PLAZA.faction, c.at[j, near]] == faction:
                    band[near], stack[depth] = bands, near
                    depth += 1
        bands += 1
    return bands


@owning
def listed(people: Array, cells: Array, band: Integers, bands: int, movers: int) -> Array:
    """Movers in a table: bands by their first place, then single cells."""
    table, m = np.empty((3, movers)), 0
    for number in range(bands):
        for k in range(band.size):
            if band[k] == number:
                table[0, m], table[1, m], table[2, m] = k, people[k], number
                m += 1
    for k in range(band.size):
        if cells[k] > 0.0:
            table[0, m], table[1, m], table[2, m] = k, cells[k], ALONE
            m += 1
    return table


@compiled
def rout(c: Country, p: Array, j: int, week: int, seed: Word) -> None:
    """Where a much stronger enemy of headless cartel j stands, men join the winner or go home, and that war ends.

    Reads:  pairs, members
    Writes: members, pool, pairs; ledger
    Rule:   with probability `rout` in each war in which the enemy has `rout_ratio` times one's people there
    Source: ASSUMED
    """
    pair, plaza = c.pair, c.plaza
    for r in range(c.count[COUNT.pairs]):
        a, b, k = int(pair[PAIR.a, r]), int(pair[PAIR.b, r]), int(pair[PAIR.territory, r])
        if pair[PAIR.open, r] == 0.0 or j not in (a, b):
            continue
        winner = b if a == j else a
        mine, theirs = c.at[j, k], c.at[winner, k]
        if mine < 0 or theirs < 0 or plaza[PLAZA.members, theirs] < p[P.rout_ratio] * plaza[PLAZA.members, mine]:
            continue
        if block(ROUT, week, mix(c.cartel_key[j], c.territory_key[k]), seed)[0] >= p[P.rout]:
            continue
        part = math.floor(p[P.rout_share] * plaza[PLAZA.members, mine])
        plaza[PLAZA.members, mine] -= 2.0 * part
        plaza[PLAZA.members, theirs] += part
        c.cartel[CARTEL.members, j] -= 2.0 * part
        c.cartel[CARTEL.members, winner] += part
        c.territory[TERRITORY.pool, k] += part
        c.ledger[LEDGER.dissolved] += part
        pair[PAIR.open, r] = pair[PAIR.heat, r] = 0.0
        tell(c, week, LINE.rout, j, winner, k, 2.0 * part, CAUSE.none)
