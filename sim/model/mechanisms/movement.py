"""Members move along borders; weak plazas dissolve or are absorbed; new gangs appear."""

from __future__ import annotations

import math

from sim.model.chance import Word, block, blocks, count, decision, happens, mix
from sim.model.columns import (
    ABSORBED,
    CARTEL,
    COUNT,
    DISSOLVED,
    ENTRY,
    FLOW,
    LEDGER,
    NATION,
    NOBODY,
    OPENED,
    PLAZA,
    PUSH,
    TAKEN,
    TERRITORY,
    Array,
    Country,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import EVERY, WEEK, WEEKS
from sim.model.mechanisms.peace import open_war
from sim.model.tables import blank_row, clear, copy_row, emit, note

MOVE = decision("movement.move")
ARRIVE = decision("movement.arrive")
ABSORB = decision("movement.absorb")
ENTER = decision("movement.enter")


@inner
def prospect(t: Array, p: Array, k: int, own: float, here: bool, trade: float, moving: float) -> float:
    """Log of what members moved to place k can expect there: income per armed person, less losses, more where nobody leads.

    Args:
        t: territories.
        p: parameters.
        k: the place.
        own: members of the cartel who are there.
        here: whether it holds a plaza there.
        trade: US$ a week that a place worth all of Mexico's routes would bring it.
        moving: people on the move.
    """
    income = t[TERRITORY.taken, k] + t[TERRITORY.worth_extortion, k] + trade * t[TERRITORY.value, k]
    armed = t[TERRITORY.armed, k] + (0.0 if here else moving)
    losses = t[TERRITORY.violence, k] * 1e-5 * t[TERRITORY.population, k] / max(50.0, armed)
    foothold = 0.0 if here else p[P.move_distance]
    weak = p[P.move_vulture] * t[TERRITORY.headless, k]
    return float(math.log(max(1.0, income)) - math.log(max(own + moving, armed)) - losses - foothold + weak)


@compiled
def movement(c: Country, p: Array, week: int, seed: Word) -> None:
    """Members shift along borders towards better places.

    Reads:  members, income at places, violence, armed people, access, headless control
    Writes: members, new plazas; events OPENED, WAR_BEGINS
    Rule:   move_rate a year; the destination is a logit in log income per armed person minus expected losses minus distance; a newcomer
            is met with war by the strongest plaza with a probability
    Source: prieto2023 (competition), hegemann2011 (space), ASSUMED (form)
    """
    plaza, t = c.plaza, c.territory
    rate = p[P.move_rate] * EVERY / WEEKS
    rows = c.count[COUNT.plazas]
    blocks(c.plaza_draw, MOVE, week, c.plaza_key, seed, rows)
    for i in range(rows):
        n, v, w = plaza[PLAZA.members, i], c.plaza_draw[1, i], c.plaza_draw[2, i]
        if n < p[P.move_minimum] or not happens(rate, c.plaza_draw[0, i]):
            continue
        j, k = int(plaza[PLAZA.cartel, i]), int(plaza[PLAZA.territory, i])
        moving = math.floor(n * p[P.move_share] + w)
        trade = c.cartel[CARTEL.access, j] * c.nation[NATION.revenue] / WEEKS
        home = math.exp(p[P.move_sharpness] * prospect(t, p, k, n - moving, True, trade, moving))
        total = home
        for e in range(c.border_start[k], c.border_start[k + 1]):
            place = int(c.border_to[e])
            row = c.at[j, place]
            own = plaza[PLAZA.members, row] if row >= 0 else 0.0
            pull = math.exp(p[P.move_sharpness] * prospect(t, p, place, own, row >= 0, trade, moving))
            t[TERRITORY.pull, place] = pull
            total += pull
        reach, goal = v * total - home, -1
        if reach < 0.0:
            continue
        for e in range(c.border_start[k], c.border_start[k + 1]):
            goal = int(c.border_to[e])
            reach -= t[TERRITORY.pull, goal]
            if reach < 0.0:
                break
        if goal >= 0:
            arrive(c, p, i, goal, moving, week, seed)


@inner
def arrive(c: Country, p: Array, i: int, k: int, moving: float, week: int, seed: Word) -> None:
    """Members of plaza i reach a neighbouring place, theirs already or new to them."""
    plaza = c.plaza
    j = int(plaza[PLAZA.cartel, i])
    row = c.at[j, k]
    if row < 0:
        if moving < p[P.plaza_minimum]:
            return
        row = open_plaza(c, j, k, week, i)
        if row < 0:
            return
        note(c, week, OPENED, j, NOBODY, k, moving)
        strongest = -1
        for other in range(c.first[k], c.first[k + 1]):
            if strongest < 0 or plaza[PLAZA.strength, other] > plaza[PLAZA.strength, strongest]:
                strongest = other
        if strongest >= 0 and block(ARRIVE, week, c.plaza_key[row], seed)[0] < p[P.encroach_war]:
            open_war(c, j, int(plaza[PLAZA.cartel, strongest]), k, week, 0.0)
    plaza[PLAZA.members, i] -= moving
    plaza[PLAZA.members, row] += moving


@compiled
def open_plaza(c: Country, j: int, k: int, week: int, like: int) -> int:
    """A new, empty plaza row with the habits of another one; -1 if the table is full. Sorting is due afterwards."""
    row = c.count[COUNT.plazas]
    if row >= c.plaza.shape[1]:
        return -1
    c.count[COUNT.plazas] = row + 1
    c.count[COUNT.stale] = 1
    blank_row(c.plaza, row)
    if like >= 0:
        copy_row(c.plaza, row, like)
    c.plaza[PLAZA.cartel, row], c.plaza[PLAZA.territory, row] = j, k
    c.plaza[PLAZA.members, row], c.plaza[PLAZA.since, row] = 0.0, week
    c.plaza[PLAZA.share, row], c.plaza[PLAZA.income, row], c.plaza[PLAZA.losses, row] = 0.0, 0.0, 0.0
    for lane in range(4):
        c.luck[lane, row] = 0.5
    c.plaza_key[row] = mix(c.cartel_key[j], c.territory_key[k])
    c.at[j, k] = row
    c.cartel[CARTEL.plazas, j] += 1.0
    c.ledger[LEDGER.opened] += 1.0
    return int(row)


@compiled
def close_plaza(c: Country, i: int) -> None:
    """Mark a plaza row as gone; its people must have left. A seat moves to the largest plaza left. Sorting is due afterwards."""
    j, k = int(c.plaza[PLAZA.cartel, i]), int(c.plaza[PLAZA.territory, i])
    c.at[j, k] = -1
    c.plaza[PLAZA.cartel, i] = -1.0
    c.cartel[CARTEL.plazas, j] -= 1.0
    c.ledger[LEDGER.closed] += 1.0
    c.count[COUNT.stale] = 1
    if int(c.cartel[CARTEL.seat, j]) == k:
        most = 0.0
        for place in range(c.zone.size):
            row = c.at[j, place]
            if row >= 0 and c.plaza[PLAZA.members, row] > most:
                most = c.plaza[PLAZA.members, row]
                c.cartel[CARTEL.seat, j] = place


@compiled
def attrition(c: Country, p: Array, push: Array, week: int) -> None:
    """Members desert, age out, or are squeezed out; tiny plazas dissolve.

    Reads:  members, payroll gap; push exit_rate
    Writes: members (of cartels too), peak, pool, plazas; flow desertions; event DISSOLVED; ledger
    Rule:   (desertion + gap + retirement + exit + omega n) n people a week; below the minimum a plaza dissolves into the pool
    Source: prieto2023 (omega), prieto2025b (retirement), FITTED (desertion)
    """
    plaza, cartel = c.plaza, c.cartel
    for i in range(c.count[COUNT.plazas]):
        j = int(plaza[PLAZA.cartel, i])
        k = int(plaza[PLAZA.territory, i])
        n = plaza[PLAZA.members, i]
        wish = p[P.desertion] + p[P.gap_desertion] * cartel[CARTEL.gap, j] + push[c.zone[k], PUSH.exit_rate] * WEEK
        age = p[P.retirement] + p[P.saturation] * cartel[CARTEL.members, j]
        gone = min(count(n * (wish + age), c.luck[3, i]), n)
        plaza[PLAZA.members, i] -= gone
        c.territory[TERRITORY.pool, k] += gone
        c.flow[FLOW.desertions] += gone
        c.ledger[LEDGER.left] += gone
        if plaza[PLAZA.members, i] < p[P.plaza_minimum]:
            rest = plaza[PLAZA.members, i]
            plaza[PLAZA.members, i] = 0.0
            c.territory[TERRITORY.pool, k] += rest
            c.ledger[LEDGER.dissolved] += rest
            close_plaza(c, i)
            if cartel[CARTEL.plazas, j] == 0.0:
                emit(c, DISSOLVED, j, NOBODY, k, rest)
    count_members(c)


@inner
def count_members(c: Country) -> None:
    """Members per cartel after a week of comings and goings; what happens later in the week moves them one by one."""
    plaza, cartel = c.plaza, c.cartel
    clear(cartel[CARTEL.members], c.count[COUNT.cartels])
    for i in range(c.count[COUNT.plazas]):
        if plaza[PLAZA.cartel, i] >= 0.0:
            cartel[CARTEL.members, int(plaza[PLAZA.cartel, i])] += plaza[PLAZA.members, i]
    for j in range(c.count[COUNT.cartels]):
        cartel[CARTEL.peak, j] = max(cartel[CARTEL.peak, j], cartel[CARTEL.members, j])


@compiled
def absorption(c: Country, p: Array, week: int, seed: Word) -> None:
    """The strongest plaza of a place absorbs weak ones.

    Reads:  members
    Writes: members, cash, arms, plazas; event ABSORBED where it was the last plaza (`births.py` lets the cartel end)
    Rule:   rate a year for plazas below a share of the strongest one's members
    Source: FITTED, bohorquez2009 (coalescence)
    """
    plaza = c.plaza
    rate = p[P.absorption] * EVERY / WEEKS
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        best = -1
        for i in range(start, stop):
            if plaza[PLAZA.cartel, i] >= 0.0 and (best < 0 or plaza[PLAZA.members, i] > plaza[PLAZA.members, best]):
                best = i
        if best < 0:
            continue
        for i in range(start, stop):
            if plaza[PLAZA.cartel, i] < 0.0 or plaza[PLAZA.members, i] >= p[P.absorbable] * plaza[PLAZA.members, best]:
                continue
            if happens(rate, block(ABSORB, week, c.plaza_key[i], seed)[0]):
                absorb(c, i, best, week)


@inner
def absorb(c: Country, i: int, best: int, week: int) -> None:
    """People of plaza i join plaza `best`, with their part of the cartel's cash and guns."""
    plaza, cartel = c.plaza, c.cartel
    loser, winner, k = int(plaza[PLAZA.cartel, i]), int(plaza[PLAZA.cartel, best]), int(plaza[PLAZA.territory, i])
    people = plaza[PLAZA.members, i]
    share = min(1.0, people / max(1.0, cartel[CARTEL.members, loser]))
    cash, guns = math.floor(cartel[CARTEL.cash, loser] * share), math.floor(cartel[CARTEL.arms, loser] * share)
    cartel[CARTEL.cash, loser] -= cash
    cartel[CARTEL.cash, winner] += cash
    cartel[CARTEL.arms, loser] -= guns
    cartel[CARTEL.arms, winner] += guns
    cartel[CARTEL.members, loser] -= people
    cartel[CARTEL.members, winner] += people
    plaza[PLAZA.members, i] = 0.0
    plaza[PLAZA.members, best] += people
    close_plaza(c, i)
    if cartel[CARTEL.plazas, loser] > 0.0:
        note(c, week, TAKEN, loser, winner, k, people)
    else:
        emit(c, ABSORBED, loser, winner, k, people)


@compiled
def entry(c: Country, p: Array, reference: float, week: int, seed: Word) -> None:
    """New local gangs appear where predation rent is unguarded.

    Reads:  worth of predation, armed people, concentration of control, population, pool
    Writes: event ENTRY (`births.py` founds the gang)
    Rule:   entry_rate x population share x (rent per armed person / its 2006 national value, at most 4) x (1 - sum q^2 where somebody
            rules) a year: a single master taxes or kills newcomers
    Source: ASSUMED (sampled, since the data do not tell entrants from splinters)
    """
    t = c.territory
    people = 0.0
    for k in range(c.first.size - 1):
        people += t[TERRITORY.population, k]
    for k in range(c.first.size - 1):
        rent = (
            t[TERRITORY.worth_extortion, k] + t[TERRITORY.worth_kidnapping, k] + t[TERRITORY.worth_fuel, k] + t[TERRITORY.worth_retail, k]
        )
        unguarded = min(4.0, rent / max(100.0, t[TERRITORY.armed, k]) / reference)
        if t[TERRITORY.armed, k] > 0.0:
            unguarded *= 1.0 - t[TERRITORY.sumsq, k]
        mean = p[P.entry_rate] * t[TERRITORY.population, k] / people * unguarded * EVERY / WEEKS
        u, v, _, _ = block(ENTER, week, c.territory_key[k], seed)
        if count(mean, u) > 0.0:
            size = math.floor(p[P.entry_size] * (0.6 + 0.8 * v))
            if t[TERRITORY.pool, k] > 4.0 * size:
                emit(c, ENTRY, NOBODY, NOBODY, k, size)
