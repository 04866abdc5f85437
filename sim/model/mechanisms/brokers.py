"""Links to suppliers, financiers and arms dealers, and the trafficking access that rests on them."""

from __future__ import annotations

import numpy as np

from sim.model.chance import Word, block, decision, happens, mix
from sim.model.clock import EVERY, WEEKS
from sim.model.columns import CAUSE, DEALER, FINANCIER, KIND, NOBODY, SUPPLIER, Country
from sim.model.compile.compiled import compiled, inner
from sim.model.tables import clear, draw, draw_living, tell

LINK = decision("brokers.link")
SEARCH = decision("brokers.search")


@compiled
def brokers(c: Country) -> None:
    """Links to suppliers, financiers and arms dealers break and are sought anew.

    Reads:  brokers, members, cash; pushes broker_loss_rate, kingpin_link_loss, financier_loss_rate
    Writes: brokers, cut; events broker_lost, broker_won; ledger
    Rule:   lost at decay + sanctions x exposure a year; won at broker_search n/(n + size) + adaptation x links cut a year
    Source: ASSUMED (rates), gao2020 (effect of sanctions uncertain)
    """
    cartel, broker, p, push, week = c.cartel, c.broker, c.p, c.push, c.now.week
    for b in range(c.count.brokers):
        if broker.alive[b] == 0:
            continue
        j = broker.cartel[b]
        press = push[cartel.zone[j]]
        sanctions = press.broker_loss_rate
        if broker.kind[b] == FINANCIER:
            sanctions += press.financier_loss_rate
        if broker.place[b] < 0:
            sanctions += press.kingpin_link_loss
        sanctions *= broker.exposure[b]
        u, v, _, _ = draw(c, LINK, c.broker_key[b])
        if happens((p.broker_decay + sanctions) * EVERY / WEEKS, u):
            broker.alive[b] = 0
            if v * (p.broker_decay + sanctions) < sanctions:
                cartel.cut[j] += 1.0
            c.ledger.brokers_lost += 1.0
            tell(c, KIND.broker_lost, broker.cartel[b], NOBODY, NOBODY, broker.kind[b], CAUSE.none)
    draw_living(c, SEARCH)
    for living in range(c.count.living):
        j, u, v = cartel.living[living], c.cartel_draw[0, living], c.cartel_draw[1, living]
        known = cartel.members[j] / (cartel.members[j] + p.broker_size)
        search, answer = p.broker_search * known, p.broker_adaptation * cartel.cut[j]
        if happens((search + answer) * EVERY / WEEKS, u):
            cartel.cut[j] -= min(cartel.cut[j], answer / max(1e-12, search + answer))
            kind = SUPPLIER if v < p.broker_suppliers else DEALER
            if p.broker_suppliers <= v < p.broker_suppliers + p.broker_financiers:
                kind = FINANCIER
            add_broker(c, j, kind, mix(c.cartel_key[j], np.uint64(week)))
            tell(c, KIND.broker_won, j, NOBODY, NOBODY, kind, CAUSE.none)


@compiled
def add_broker(c: Country, j: int, kind: float, key: Word) -> None:
    """A new live link of cartel j to the outside, at home or abroad, dealing with the kingpin or with the lieutenant of some place.

    Which it is, and how exposed to sanctions, follows from its key.
    """
    b, p = c.count.brokers, c.p
    if b >= c.broker.rows:
        return
    c.count.brokers = b + 1
    c.broker.cartel[b], c.broker.kind[b], c.broker.alive[b] = j, kind, 1
    c.broker.place[b] = -1
    places = c.cartel.plazas[j]
    if places > 0 and fifth_of(key) < p.broker_local:
        chosen = int(key >> np.uint64(8)) % places
        for k in range(c.zone.size):
            if c.at[j, k] >= 0:
                if chosen == 0:
                    c.broker.place[b] = k
                    break
                chosen -= 1
    where, exposed, _, _ = block(LINK, 0, key, np.uint64(0))
    reach = p.abroad_reach if where < p.broker_abroad else 1.0
    c.broker.exposure[b] = (1.0 - p.exposure_spread + 2.0 * p.exposure_spread * exposed) * reach
    c.broker_key[b] = key
    c.ledger.brokers_won += 1.0


@inner
def fifth_of(key: Word) -> float:
    """A uniform in [0, 1): the remainder of a key by five says in which fifth it lies, and its first bits where there."""
    return float((np.int64(key % np.uint64(5)) + np.int64(key >> np.uint64(40)) * 2.0**-24) / 5.0)


@compiled
def count_links(c: Country) -> None:
    """Live brokers by kind and the trafficking access that follows from them.

    Reads:  brokers
    Writes: cartel suppliers, financiers, dealers, access
    Rule:   access = s/(s + half), s live suppliers
    Source: ASSUMED (form)
    """
    cartel, broker, p = c.cartel, c.broker, c.p
    cartels = c.count.cartels
    clear(cartel.suppliers, cartels)
    clear(cartel.financiers, cartels)
    clear(cartel.dealers, cartels)
    for b in range(c.count.brokers):
        if broker.alive[b] > 0:
            j, kind = broker.cartel[b], broker.kind[b]
            if kind == SUPPLIER:
                cartel.suppliers[j] += 1.0
            elif kind == FINANCIER:
                cartel.financiers[j] += 1.0
            else:
                cartel.dealers[j] += 1.0
    for j in range(cartels):
        s = cartel.suppliers[j]
        cartel.access[j] = s / (s + p.access_half)
