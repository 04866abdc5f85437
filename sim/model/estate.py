"""How people, goods and links change hands. Everything is moved, nothing copied: whole numbers, closed in the ledger."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.model.chance import Word, block, decision, mix
from sim.model.columns import BROKER, CARTEL, CAUSE, COUNT, LEDGER, LINE, PAIR, PLAZA, TIE, Array, Country, P
from sim.model.compiled import compiled, inner, owning
from sim.model.mechanisms.leadership import add_broker
from sim.model.mechanisms.movement import close_plaza, open_plaza
from sim.model.mechanisms.peace import open_war
from sim.model.mechanisms.succession import ALONE
from sim.model.tables import blank_row, copy_row, tell

BROKERS = decision("succession.broker")
ALLIES = decision("succession.ally")
KIN_WAR = decision("succession.kin_war")


@compiled
def found(c: Country, p: Array, key: Word, seat: int, parent: int, origin: int, week: int) -> int:
    """A new cartel row without people or goods; a child takes habits and lineage from its parent (-1: none). `origin` is a `Cause`."""
    j, cartel = c.count[COUNT.cartels], c.cartel
    c.count[COUNT.cartels] = j + 1
    c.cartel_key[j] = key
    blank_row(cartel, j)
    cartel[CARTEL.alive, j] = 1.0
    cartel[CARTEL.seat, j] = cartel[CARTEL.home, j] = seat
    cartel[CARTEL.born, j] = week
    cartel[CARTEL.parent, j], cartel[CARTEL.origin, j] = parent, origin
    if parent < 0:
        cartel[CARTEL.cohesion, j] = p[P.cohesion_target]
        cartel[CARTEL.patience, j] = p[P.patience]
        cartel[CARTEL.pay, j] = 3.0 * p[P.legal_wage]
    else:
        cartel[CARTEL.cohesion, j] = cartel[CARTEL.cohesion, parent]
        cartel[CARTEL.patience, j] = cartel[CARTEL.patience, parent]
        cartel[CARTEL.might, j], cartel[CARTEL.grip, j] = cartel[CARTEL.might, parent], cartel[CARTEL.grip, parent]
        cartel[CARTEL.pay, j] = cartel[CARTEL.pay, parent]
        cartel[CARTEL.protection, j] = cartel[CARTEL.protection, parent]
        cartel[CARTEL.zone, j] = cartel[CARTEL.zone, parent]
    return int(j)


@compiled
def plaza_of(c: Country, cartel: int, territory: int, week: int, like: int) -> int:
    """The plaza row of a cartel in a place, opened with the habits of row `like` if it has none."""
    row = int(c.at[cartel, territory])
    return row if row >= 0 else open_plaza(c, cartel, territory, week, like)


@compiled
def move_people(c: Country, origin: int, target: int, people: float) -> None:
    """Members change plaza; the two rows' cartels keep their head counts current."""
    plaza, cartel = c.plaza, c.cartel
    plaza[PLAZA.members, origin] -= people
    plaza[PLAZA.members, target] += people
    cartel[CARTEL.members, int(plaza[PLAZA.cartel, origin])] -= people
    cartel[CARTEL.members, int(plaza[PLAZA.cartel, target])] += people


@compiled
def change_sides(c: Country, j: int, k: int, target: int, people: float, week: int) -> None:
    """A lieutenant of cartel j takes his people in place k over to plaza `target`; whoever stays gets a new lieutenant."""
    origin = int(c.at[j, k])
    move_people(c, origin, target, people)
    if not close_if_empty(c, origin):
        c.plaza[PLAZA.since, origin] = week


@inner
def close_if_empty(c: Country, row: int) -> bool:
    """Give up a place nobody is left in."""
    empty = bool(c.plaza[PLAZA.members, row] == 0.0)
    if empty:
        close_plaza(c, row)
    return empty


@owning
def secede(c: Country, p: Array, parent: int, child: int, movers: Array, start: int, stop: int, week: int, seed: Word) -> None:
    """A band leaves: people, cash, guns and plazas move; brokers and allies choose; heirs who share a place fight or do not.

    Args:
        c: the country.
        p: parameters.
        parent: the cartel they leave.
        child: the row `found` made.
        movers: float64[3, m]: place, people, and the band's number or `ALONE` for a cell from inside a plaza, whose captain has the
            faction of the child's kingpin; lieutenants keep their own.
        start: first column of those who leave now.
        stop: the column after their last.
        week: number of the week.
        seed: the run's.
    """
    cartel, people, led = c.cartel, 0.0, np.zeros(c.zone.size, np.bool_)
    for m in range(start, stop):
        people += movers[1, m]
    share = people / cartel[CARTEL.members, parent]
    for m in range(start, stop):
        k = int(movers[0, m])
        origin = int(c.at[parent, k])
        target = plaza_of(c, child, k, week, origin)
        move_people(c, origin, target, movers[1, m])
        led[k] = movers[2, m] != ALONE
        if not led[k]:
            c.plaza[PLAZA.faction, target] = cartel[CARTEL.boss_faction, child]
    give(cartel, parent, child, share)
    choose_brokers(c, p, parent, child, led, share, week, seed)
    choose_allies(c, p, parent, child, week, seed)
    cartel[CARTEL.notoriety, child] = math.sqrt(people * 1e-3)
    for m in range(start, stop):
        k = int(movers[0, m])
        row = int(c.at[parent, k])
        inherit_pairs(c, parent, child, k)
        if close_if_empty(c, row):
            continue
        if led[k]:
            c.plaza[PLAZA.since, row] = week
        face(c, p, parent, child, k, week, seed)


@inner
def give(cartel: Array, parent: int, child: int, share: float) -> None:
    """The child's part of cash and guns, and of smoothed income."""
    cash = math.floor(cartel[CARTEL.cash, parent] * share)
    cartel[CARTEL.cash, parent] -= cash
    cartel[CARTEL.cash, child] += cash
    guns = math.floor(cartel[CARTEL.arms, parent] * share)
    cartel[CARTEL.arms, parent] -= guns
    cartel[CARTEL.arms, child] += guns
    cartel[CARTEL.traffic_income, child] = cartel[CARTEL.traffic_income, parent] * share
    cartel[CARTEL.traffic_income, parent] *= 1.0 - share
    cartel[CARTEL.predation_income, child] = cartel[CARTEL.predation_income, parent] * share
    cartel[CARTEL.predation_income, parent] *= 1.0 - share


@inner
def face(c: Country, p: Array, parent: int, child: int, k: int, week: int, seed: Word) -> None:
    """Heirs who share a place fight, or live in peace for now."""
    if block(KIN_WAR, week, mix(c.cartel_key[child], c.territory_key[k]), seed)[0] < p[P.kin_war]:
        open_war(c, parent, child, k, week, week + 52.0)
        tell(c, week, LINE.war, parent, child, k, 0.0, CAUSE.succession)
    else:
        make_pact(c, parent, child, k)


@inner
def inherit_pairs(c: Country, parent: int, child: int, k: int) -> None:
    """Who leaves keeps the enemies of the place, their heat, and its relatives at peace: parting alone makes no peace.

    Where all went, the parent's rows lapse with its plaza.
    """
    pair = c.pair
    for row in range(c.count[COUNT.pairs]):
        side = PAIR.a if int(pair[PAIR.a, row]) == parent else PAIR.b
        new = c.count[COUNT.pairs]
        if int(pair[PAIR.territory, row]) != k or int(pair[side, row]) != parent or new >= pair.shape[1]:
            continue
        c.count[COUNT.pairs] = new + 1
        copy_row(pair, new, row)
        pair[side, new] = child
        c.count[COUNT.unlinked] = 1


@compiled
def make_pact(c: Country, a: int, b: int, k: int) -> None:
    """Two heirs in one place live in peace: no hostility between them at all."""
    row = c.count[COUNT.pairs]
    c.count[COUNT.pairs] = row + 1
    blank_row(c.pair, row)
    c.pair[PAIR.a, row], c.pair[PAIR.b, row], c.pair[PAIR.territory, row] = a, b, k
    c.pair[PAIR.pact, row] = 1.0
    c.count[COUNT.unlinked] = 1


@inner
def choose_brokers(c: Country, p: Array, parent: int, child: int, led: NDArray[np.bool_], share: float, week: int, seed: Word) -> None:
    """Each broker stays with the heir, follows the splinter, or leaves the trade.

    Brokers of a lieutenant who left (places `led`) follow him as loyally as the kingpin's stay. With the switch `broker_split` off
    nobody has to choose: the splinter deals with every broker of its parent too.
    """
    broker = c.broker
    for b in range(c.count[COUNT.brokers]):
        if int(broker[BROKER.cartel, b]) != parent or broker[BROKER.alive, b] == 0.0:
            continue
        c.count[COUNT.brokers_asked] += 1
        key = mix(c.broker_key[b], c.cartel_key[child])
        if p[P.broker_split] == 0.0:
            add_broker(c, p, child, broker[BROKER.kind, b], key)
            c.count[COUNT.brokers_gained] += 1
            continue
        stay, leave, _, _ = block(BROKERS, week, key, seed)
        place = int(broker[BROKER.place, b])
        his = place >= 0 and led[place]
        strays = p[P.broker_loyalty] if his else (1.0 - p[P.broker_loyalty]) * min(1.0, 2.0 * share)
        if stay < 1.0 - strays:
            continue
        if not his and leave < p[P.broker_leaves]:
            broker[BROKER.alive, b] = 0.0
            c.ledger[LEDGER.brokers_lost] += 1.0
        else:
            broker[BROKER.cartel, b] = child
            c.count[COUNT.brokers_gained] += 1


@inner
def choose_allies(c: Country, p: Array, parent: int, child: int, week: int, seed: Word) -> None:
    """Each ally of the parent chooses the heir, the splinter, or neither; feuds are inherited."""
    tie, kept = c.tie, 0
    for row in range(c.count[COUNT.ties]):
        a, b = int(tie[TIE.a, row]), int(tie[TIE.b, row])
        if parent in (a, b):
            ally = b if a == parent else a
            stay, follow, _, _ = block(ALLIES, week, mix(c.cartel_key[ally], c.cartel_key[child]), seed)
            c.count[COUNT.allies_asked] += a == parent
            if stay >= p[P.ally_loyalty]:
                if follow >= 0.5:
                    continue
                c.count[COUNT.allies_gained] += a == parent
                tie[TIE.a if a == parent else TIE.b, row] = child
        for quantity in range(tie.shape[0]):
            tie[quantity, kept] = tie[quantity, row]
        kept += 1
    c.count[COUNT.ties] = kept
    for other in range(c.count[COUNT.cartels]):
        c.feud[child, other] = c.feud[parent, other]
        c.feud[other, child] = c.feud[other, parent]


@compiled
def bequeath(c: Country, dead: int, heir: int, week: int) -> None:
    """A cartel ends: cash, guns and brokers go to the heir, or are lost (-1); its prisoners stay on its row until released."""
    cartel, broker = c.cartel, c.broker
    for b in range(c.count[COUNT.brokers]):
        if int(broker[BROKER.cartel, b]) != dead or broker[BROKER.alive, b] == 0.0:
            continue
        if heir >= 0:
            broker[BROKER.cartel, b] = heir
        else:
            broker[BROKER.alive, b] = 0.0
            c.ledger[LEDGER.brokers_lost] += 1.0
    if heir >= 0:
        cartel[CARTEL.cash, heir] += cartel[CARTEL.cash, dead]
        cartel[CARTEL.arms, heir] += cartel[CARTEL.arms, dead]
    else:
        c.ledger[LEDGER.lost_cash] += cartel[CARTEL.cash, dead]
        c.ledger[LEDGER.lost_guns] += cartel[CARTEL.arms, dead]
    cartel[CARTEL.cash, dead] = cartel[CARTEL.arms, dead] = 0.0
    cartel[CARTEL.alive, dead] = 0.0
    cartel[CARTEL.members, dead] = 0.0
    cartel[CARTEL.ended, dead] = week
    c.count[COUNT.dead] += 1


@compiled
def start_plaza(plaza: Array, row: int, traffic: float) -> None:
    """First effort shares of a plaza: trafficking, and the rest mostly local sales and extortion."""
    plaza[PLAZA.traffic, row] = traffic
    rest = 1.0 - traffic
    plaza[PLAZA.extortion, row] = 0.4 * rest
    plaza[PLAZA.kidnapping, row] = 0.1 * rest
    plaza[PLAZA.fuel, row] = 0.05 * rest
    plaza[PLAZA.retail, row] = rest - 0.55 * rest
