"""Who is hunted, betrayed, or dies in bed; brokers who leave or are cut off. The consequences are in `falls.py`."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import Word, block, blocks, decision, happens, mix
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
    FLOW,
    LEDGER,
    NATURAL,
    NOBODY,
    PLAZA,
    PUSH,
    QUARREL,
    RIVALS,
    SUPPLIER,
    TERRITORY,
    Array,
    Country,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner, owning
from sim.model.mechanisms.enforcement import kill
from sim.model.mechanisms.market import EVERY, WEEK, WEEKS
from sim.model.tables import clear, emit, note

HUNT = decision("leadership.hunt")
WHERE = decision("leadership.where")
STRIKE = decision("leadership.strike")
LINK = decision("brokers.link")
SUCCESS = -1.0  # size of an attempt that succeeds; otherwise the people who die
SEARCH = decision("brokers.search")


@owning
def hunt(c: Country, p: Array, push: Array, week: int, seed: Word, monthly: bool) -> None:
    """The state tries to remove leaders; some are betrayed, some die, some groups quarrel.

    Reads:  notoriety, members, plazas, losses, force; pushes kingpin_attempts, lieutenant_attempts, attempt_reach, betrayal_rate
    Writes: events ATTEMPT_KINGPIN, ATTEMPT_LIEUTENANT, BETRAYED, NATURAL, RIVALS, QUARREL; deaths of attempts beaten back
    Rule:   attempts a year = rate x effort, shared by notoriety^(2 aim) x (1 - protection/2) among all, and effort aimed at some among
            those; betrayal at its rate x notoriety; rivals kill at exposure x the loss rate of the seat; other exits at rates a year;
            odds of success = attempt_odds x reach x [(1 + force) / (1 + members/1000)]^attempt_force
    Source: dickenson2014 (number), FITTED (aim), ASSUMED (exposure)
    """
    cartel = c.cartel
    total, power = 0.0, 2.0 * p[P.aim_size]
    alike = np.zeros(push.shape[0])  # aim by zone: cartels that the same levers target
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] > 0.0:
            if monthly or cartel[CARTEL.aimed, j] == 0.0:
                aim = math.exp(power * math.log(max(0.05, cartel[CARTEL.notoriety, j])))
                cartel[CARTEL.aimed, j] = aim * (1.0 - 0.5 * cartel[CARTEL.protection, j])
            total += cartel[CARTEL.aimed, j]
            alike[int(cartel[CARTEL.zone, j])] += cartel[CARTEL.aimed, j]
    inverse = 1.0 / max(total, 1e-300)
    blocks(c.cartel_draw, HUNT, week, c.cartel_key, seed, c.count[COUNT.cartels])
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        press = push[int(cartel[CARTEL.zone, j])]
        at_all, at_some = cartel[CARTEL.aimed, j] * inverse, cartel[CARTEL.aimed, j] / alike[int(cartel[CARTEL.zone, j])]
        bosses = at_all * push[0, PUSH.kingpin_attempts] + at_some * (press[PUSH.kingpin_attempts] - push[0, PUSH.kingpin_attempts])
        seconds = at_all * push[0, PUSH.lieutenant_attempts]
        seconds += at_some * (press[PUSH.lieutenant_attempts] - push[0, PUSH.lieutenant_attempts])
        home = c.at[j, int(cartel[CARTEL.seat, j])]
        risk = p[P.rival_exposure] * c.plaza[PLAZA.losses, home] * WEEK if home >= 0 else 0.0
        u, v, w, z = c.cartel_draw[0, j], c.cartel_draw[1, j], c.cartel_draw[2, j], c.cartel_draw[3, j]
        if happens(press[PUSH.betrayal_rate] * cartel[CARTEL.notoriety, j] * WEEK, w):
            emit(c, BETRAYED, j, NOBODY, NOBODY, 0.0)
        elif happens(p[P.natural_exit] * WEEK, z):
            emit(c, NATURAL, j, NOBODY, NOBODY, 0.0)
        elif happens(risk, 1.0 - w):
            emit(c, RIVALS, j, NOBODY, NOBODY, 0.0)
        elif happens(p[P.kingpin_rate] * bosses * WEEK, u):
            strike(c, p, push, ATTEMPT_KINGPIN, j, int(cartel[CARTEL.seat, j]), week, seed)
        if happens(p[P.lieutenant_rate] * seconds * WEEK, v):
            strike(c, p, push, ATTEMPT_LIEUTENANT, j, somewhere(c, j, block(WHERE, week, c.cartel_key[j], seed)[0]), week, seed)
        if happens(p[P.quarrel_rate] * WEEK, 1.0 - z):
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
    if u < odds / (1.0 + odds):
        emit(c, kind, j, NOBODY, k, SUCCESS)
        return
    dead = math.floor(-p[P.failed_deaths] * math.log(v))
    members = min(math.floor(dead * p[P.failed_members] + 0.5), c.plaza[PLAZA.members, row])
    kill(c.plaza, c.cartel, c.flow, c.ledger, p, row, members)
    c.cartel[CARTEL.members, j] -= members
    c.flow[FLOW.homicides_confrontation] += dead
    c.territory[TERRITORY.homicides, k] += dead
    c.territory[TERRITORY.organised, k] += dead
    emit(c, kind, j, NOBODY, k, dead)


@compiled
def brokers(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Links to suppliers, financiers and arms dealers break and are sought anew.

    Reads:  brokers, members, cash; pushes broker_loss_rate, kingpin_link_loss, financier_loss_rate
    Writes: brokers, cut; events BROKER_LOST, BROKER_WON; ledger
    Rule:   lost at decay + sanctions x exposure a year; won at broker_search n/(n + size) + adaptation x links cut a year
    Source: ASSUMED (rates), gao2020 (effect of sanctions uncertain)
    """
    cartel, broker = c.cartel, c.broker
    for b in range(c.count[COUNT.brokers]):
        if broker[BROKER.alive, b] == 0.0:
            continue
        j = int(broker[BROKER.cartel, b])
        press = push[int(cartel[CARTEL.zone, j])]
        sanctions = press[PUSH.broker_loss_rate]
        if broker[BROKER.kind, b] == FINANCIER:
            sanctions += press[PUSH.financier_loss_rate]
        if broker[BROKER.place, b] < 0.0:
            sanctions += press[PUSH.kingpin_link_loss]
        sanctions *= broker[BROKER.exposure, b]
        u, v, _, _ = block(LINK, week, c.broker_key[b], seed)
        if happens((p[P.broker_decay] + sanctions) * EVERY / WEEKS, u):
            broker[BROKER.alive, b] = 0.0
            if v * (p[P.broker_decay] + sanctions) < sanctions:
                cartel[CARTEL.cut, j] += 1.0
            c.ledger[LEDGER.brokers_lost] += 1.0
            note(c, week, BROKER_LOST, int(broker[BROKER.cartel, b]), NOBODY, NOBODY, broker[BROKER.kind, b])
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        u, v, _, _ = block(SEARCH, week, c.cartel_key[j], seed)
        known = cartel[CARTEL.members, j] / (cartel[CARTEL.members, j] + p[P.broker_size])
        search, answer = p[P.broker_search] * known, p[P.broker_adaptation] * cartel[CARTEL.cut, j]
        if happens((search + answer) * EVERY / WEEKS, u):
            cartel[CARTEL.cut, j] -= min(cartel[CARTEL.cut, j], answer / max(1e-12, search + answer))
            kind = SUPPLIER if v < 0.4 else (FINANCIER if v < 0.7 else DEALER)
            add_broker(c, p, j, kind, mix(c.cartel_key[j], np.uint64(week)))
            note(c, week, BROKER_WON, j, NOBODY, NOBODY, kind)


@compiled
def add_broker(c: Country, p: Array, j: int, kind: float, key: Word) -> None:
    """A new live link of cartel j to the outside, at home or abroad, dealing with the kingpin or with the lieutenant of some place.

    Which it is, and how exposed to sanctions (0.5 to 1.5 times the reach), follows from its key.
    """
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
    where, exposed, _, _ = block(LINK, 0, key, np.uint64(0))
    c.broker[BROKER.exposure, b] = (0.5 + exposed) * (p[P.abroad_reach] if where < p[P.broker_abroad] else 1.0)
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
