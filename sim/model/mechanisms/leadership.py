"""Who is hunted, betrayed, or dies in bed; brokers who leave or are cut off. The consequences are Python (`agents.py`)."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import Word, block, decision, happens, mix
from sim.model.columns import (
    ATTEMPT_KINGPIN,
    ATTEMPT_LIEUTENANT,
    BETRAYED,
    BROKER,
    BROKER_LOST,
    BROKER_WON,
    CARTEL,
    COUNT,
    DEALER,
    FINANCIER,
    LEDGER,
    NATURAL,
    NOBODY,
    PLAZA,
    PUSH,
    QUARREL,
    SUPPLIER,
    TERRITORY,
    Array,
    Country,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import WEEKS
from sim.model.mechanisms.peace import EVERY
from sim.model.tables import clear, emit, note

HUNT = decision("leadership.hunt")
WHERE = decision("leadership.where")
STRIKE = decision("leadership.strike")
LINK = decision("brokers.link")
SUCCESS = -1.0  # size of an attempt that succeeds; otherwise the people who die
SEARCH = decision("brokers.search")


@compiled
def hunt(c: Country, p: Array, push: Array, week: int, seed: Word, monthly: bool) -> None:
    """The state tries to remove leaders; some are betrayed, some die, some groups quarrel.

    Reads:  notoriety, members, plazas, force; pushes kingpin_attempts, lieutenant_attempts, attempt_reach, betrayal_rate
    Writes: events ATTEMPT_KINGPIN, ATTEMPT_LIEUTENANT, BETRAYED, NATURAL, QUARREL
    Rule:   attempts a year = rate x effort, shared by notoriety^(2 aim) x (1 - protection/2); betrayal at its rate x notoriety,
            other exits at rates a year; odds of success = attempt_odds x reach x [(1 + force) / (1 + members/1000)]^attempt_force
    Source: dickenson2014 (number), FITTED (aim)
    """
    cartel = c.cartel
    total, power = 0.0, 2.0 * p[P.aim_size]
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] > 0.0:
            if monthly or cartel[CARTEL.aimed, j] == 0.0:
                aim = math.exp(power * math.log(max(0.05, cartel[CARTEL.notoriety, j])))
                cartel[CARTEL.aimed, j] = aim * (1.0 - 0.5 * cartel[CARTEL.protection, j])
            total += cartel[CARTEL.aimed, j]
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        press = push[int(cartel[CARTEL.zone, j])]
        share = cartel[CARTEL.aimed, j] / total
        u, v, w, z = block(HUNT, week, c.cartel_key[j], seed)
        if happens(press[PUSH.betrayal_rate] * cartel[CARTEL.notoriety, j] / WEEKS, w):
            emit(c, BETRAYED, j, NOBODY, NOBODY, 0.0)
        elif happens(p[P.natural_exit] / WEEKS, z):
            emit(c, NATURAL, j, NOBODY, NOBODY, 0.0)
        elif happens(p[P.kingpin_rate] * press[PUSH.kingpin_attempts] * share / WEEKS, u):
            strike(c, p, push, ATTEMPT_KINGPIN, j, int(cartel[CARTEL.seat, j]), week, seed)
        if happens(p[P.lieutenant_rate] * press[PUSH.lieutenant_attempts] * share / WEEKS, v):
            strike(c, p, push, ATTEMPT_LIEUTENANT, j, somewhere(c, j, block(WHERE, week, c.cartel_key[j], seed)[0]), week, seed)
        if happens(p[P.quarrel_rate] / WEEKS, 1.0 - z):
            emit(c, QUARREL, j, NOBODY, NOBODY, 0.0)


@inner
def somewhere(c: Country, j: int, luck: float) -> int:
    """A place of cartel j, the likelier the more members stand there."""
    chosen, reach = int(c.cartel[CARTEL.seat, j]), luck * c.cartel[CARTEL.members, j]
    for k in range(c.zone.size):
        row = c.at[j, k]
        if row >= 0 and reach >= 0.0:
            chosen = k
            reach -= c.plaza[PLAZA.members, row]
    return chosen


@inner
def strike(c: Country, p: Array, push: Array, kind: float, j: int, k: int, week: int, seed: Word) -> None:
    """An attempt beats local force, or is beaten back and people die: odds fall with armed members there, rise with force and reach."""
    row = c.at[j, k]
    if row < 0:
        return
    u, v, _, _ = block(STRIKE, week, mix(c.cartel_key[j], c.territory_key[k]), seed)
    against = (1.0 + c.territory[TERRITORY.force, k]) / (1.0 + c.plaza[PLAZA.members, row] * 1e-3)
    odds = p[P.attempt_odds] * push[c.zone[k], PUSH.attempt_reach] * math.exp(p[P.attempt_force] * math.log(against))
    dead = math.floor(-p[P.failed_deaths] * math.log(v))
    emit(c, kind, j, NOBODY, k, SUCCESS if u < odds / (1.0 + odds) else dead)


@compiled
def brokers(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Links to suppliers, financiers and arms dealers break and are sought anew.

    Reads:  brokers, members, cash; pushes broker_loss_rate, financier_loss_rate
    Writes: brokers; events BROKER_LOST, BROKER_WON; ledger
    Rule:   lost at decay + sanctions a year; won at broker_search n/(n + size) a year
    Source: ASSUMED (rates), gao2020 (effect of sanctions uncertain)
    """
    cartel, broker = c.cartel, c.broker
    for b in range(c.count[COUNT.brokers]):
        if broker[BROKER.alive, b] == 0.0:
            continue
        press = push[int(cartel[CARTEL.zone, int(broker[BROKER.cartel, b])])]
        rate = p[P.broker_decay] + press[PUSH.broker_loss_rate]
        if broker[BROKER.kind, b] == FINANCIER:
            rate += press[PUSH.financier_loss_rate]
        if happens(rate * EVERY / WEEKS, block(LINK, week, c.broker_key[b], seed)[0]):
            broker[BROKER.alive, b] = 0.0
            c.ledger[LEDGER.brokers_lost] += 1.0
            note(c, week, BROKER_LOST, int(broker[BROKER.cartel, b]), NOBODY, NOBODY, broker[BROKER.kind, b])
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        u, v, _, _ = block(SEARCH, week, c.cartel_key[j], seed)
        known = cartel[CARTEL.members, j] / (cartel[CARTEL.members, j] + p[P.broker_size])
        if happens(p[P.broker_search] * known * EVERY / WEEKS, u):
            kind = SUPPLIER if v < 0.4 else (FINANCIER if v < 0.7 else DEALER)
            add_broker(c, j, kind, mix(c.cartel_key[j], np.uint64(week)))
            note(c, week, BROKER_WON, j, NOBODY, NOBODY, kind)


@compiled
def add_broker(c: Country, j: int, kind: float, key: Word) -> None:
    """A new live link of cartel j to the outside, dealing with the kingpin or, by its key, with the lieutenant of some place."""
    b = c.count[COUNT.brokers]
    if b >= c.broker.shape[1]:
        return
    c.count[COUNT.brokers] = b + 1
    c.broker[BROKER.cartel, b], c.broker[BROKER.kind, b], c.broker[BROKER.alive, b] = j, kind, 1.0
    c.broker[BROKER.place, b] = -1.0
    places = int(c.cartel[CARTEL.plazas, j])
    if places > 0 and key % np.uint64(5) < np.uint64(2):
        chosen = int(key >> np.uint64(8)) % places
        for k in range(c.zone.size):
            if c.at[j, k] >= 0:
                if chosen == 0:
                    c.broker[BROKER.place, b] = k
                    break
                chosen -= 1
    c.broker_key[b] = key
    c.ledger[LEDGER.brokers_won] += 1.0


@compiled
def count_links(c: Country, p: Array) -> None:
    """Live brokers by kind and the trafficking access that follows from them.

    Reads:  brokers
    Writes: cartel suppliers, financiers, dealers, access
    Rule:   access = s/(s + half), s live suppliers
    Source: ASSUMED (form)
    """
    cartel, broker = c.cartel, c.broker
    cartels = c.count[COUNT.cartels]
    clear(cartel[CARTEL.suppliers], cartels)
    clear(cartel[CARTEL.financiers], cartels)
    clear(cartel[CARTEL.dealers], cartels)
    for b in range(c.count[COUNT.brokers]):
        if broker[BROKER.alive, b] > 0.0:
            j, kind = int(broker[BROKER.cartel, b]), broker[BROKER.kind, b]
            if kind == SUPPLIER:
                cartel[CARTEL.suppliers, j] += 1.0
            elif kind == FINANCIER:
                cartel[CARTEL.financiers, j] += 1.0
            else:
                cartel[CARTEL.dealers, j] += 1.0
    for j in range(cartels):
        s = cartel[CARTEL.suppliers, j]
        cartel[CARTEL.access, j] = s / (s + p[P.access_half])
