"""A band becomes a group of its own: what it takes, who follows it, and whom it fights."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import decision, mix
from sim.model.clock import YEAR
from sim.model.columns import KIND, NOBODY, Country, Word
from sim.model.compile.compiled import compiled, inner
from sim.model.fall.groups import crown, found, lieutenant_key, new_faction
from sim.model.mechanisms.brokers import add_broker
from sim.model.plazas import close_if_empty, hand_over_cash, hand_over_guns, move_people, plaza_at
from sim.model.relations import make_pact, open_war
from sim.model.tables import copy_row, draw, tell

BROKERS = decision("succession.broker")
ALLIES = decision("succession.ally")
KIN_WAR = decision("succession.kin_war")


@compiled
def splinter(c: Country, parent: int, band: int, cause: int) -> int:
    """People, plazas, cash and guns move; brokers and allies choose; heirs who share a place fight or do not. Returns the new row.

    Args:
        c: the country, whose places say who leaves (`form_bands`).
        parent: the cartel they leave.
        band: number of those who leave now.
        cause: the occasion, a `Cause`.
    """
    people = size_of(c, band)
    first, seat = first_and_largest(c, band)
    child = found(c, key_of_child(c, parent, first), seat, parent, cause)
    name_kingpin(c, parent, child)
    hand_over_cash(c.cartel, parent, child, people)
    hand_over_guns(c.cartel, parent, child, people)
    take_plazas(c, parent, child, band)
    split_incomes(c, parent, child)
    brokers_choose(c, parent, child, band)
    allies_choose(c, parent, child)
    face_each_other(c, parent, child, band)
    c.cartel.notoriety[child] = math.sqrt(people * 1e-3)
    c.flow.splits += 1.0
    tell(c, KIND.split, parent, child, first, people, cause)
    return child


@inner
def size_of(c: Country, band: int) -> float:
    """People who leave with a band."""
    people = 0.0
    for k in range(c.zone.size):
        if c.territory.band[k] == band:
            people += c.territory.leaving[k]
    return people


@inner
def first_and_largest(c: Country, band: int) -> tuple[int, int]:
    """The first place of a band, and the one from which most people leave."""
    t, first, largest = c.territory, NOBODY, NOBODY
    for k in range(c.zone.size):
        if t.band[k] == band:
            first = k if first < 0 else first
            largest = k if largest < 0 or t.leaving[k] > t.leaving[largest] else largest
    return first, largest


@inner
def key_of_child(c: Country, parent: int, first: int) -> Word:
    """Lineage key of the group that leaves a cartel this week, first of all its place `first`."""
    when = np.uint64(2 * c.now.week + c.territory.cell[first])
    return mix(mix(c.cartel_key[parent], c.territory_key[first]), when)


@inner
def name_kingpin(c: Country, parent: int, child: int) -> None:
    """The captain of a cell founds a family of his own; of several lieutenants the one with most people leads, and all keep theirs."""
    seat = c.cartel.seat[child]
    if c.territory.cell[seat] > 0:
        crown(c, child, mix(c.cartel_key[child], np.uint64(1)), new_faction(c, child))
    else:
        crown(c, child, lieutenant_key(c, parent, seat), c.plaza.faction[c.at[parent, seat]])


@inner
def take_plazas(c: Country, parent: int, child: int, band: int) -> None:
    """Those who leave stay where they are, in plazas of the new group."""
    for k in range(c.zone.size):
        if c.territory.band[k] == band:
            origin = int(c.at[parent, k])
            target = plaza_at(c, child, k, origin)
            move_people(c, origin, target, c.territory.leaving[k])
            if c.territory.cell[k] > 0:
                c.plaza.faction[target] = c.cartel.boss_faction[child]


@inner
def part_gone(c: Country, parent: int, child: int) -> float:
    """Part of the parent's people who are the child's now."""
    gone = c.cartel.members[child]
    return float(gone / (gone + c.cartel.members[parent]))


@inner
def split_incomes(c: Country, parent: int, child: int) -> None:
    """Smoothed incomes are divided like cash."""
    cartel, share = c.cartel, part_gone(c, parent, child)
    cartel.traffic_income[child] = cartel.traffic_income[parent] * share
    cartel.traffic_income[parent] *= 1.0 - share
    cartel.predation_income[child] = cartel.predation_income[parent] * share
    cartel.predation_income[parent] *= 1.0 - share


@inner
def brokers_choose(c: Country, parent: int, child: int, band: int) -> None:
    """Each broker stays with the heir, follows the splinter, or leaves the trade.

    Brokers of a lieutenant who left follow him as loyally as the kingpin's stay. With the switch `broker_split` off nobody has to
    choose: the splinter deals with every broker of its parent too, and whoever breaks with them breaks with both.
    """
    broker, t, p, share = c.broker, c.territory, c.p, part_gone(c, parent, child)
    for b in range(c.count.brokers):
        if broker.cartel[b] != parent or broker.alive[b] == 0:
            continue
        c.count.brokers_asked += 1
        place = broker.place[b]
        if p.broker_split == 0.0:
            add_broker(c, child, broker.kind[b], c.broker_key[b])
            c.count.brokers_gained += 1
            continue
        stay, leave, _, _ = draw(c, BROKERS, mix(c.broker_key[b], c.cartel_key[child]))
        his = place >= 0 and t.band[place] == band and t.cell[place] == 0
        strays = p.broker_loyalty if his else (1.0 - p.broker_loyalty) * min(1.0, p.broker_stray * share)
        if stay < 1.0 - strays:
            continue
        if not his and leave < p.broker_leaves:
            broker.alive[b] = 0
            c.ledger.brokers_lost += 1.0
        else:
            broker.cartel[b] = child
            c.count.brokers_gained += 1


@inner
def allies_choose(c: Country, parent: int, child: int) -> None:
    """Each ally of the parent chooses the heir, the splinter, or neither; feuds are inherited."""
    tie, kept = c.tie, 0
    for row in range(c.count.ties):
        a, b = tie.a[row], tie.b[row]
        if parent in (a, b):
            ally = b if a == parent else a
            stay, follow, _, _ = draw(c, ALLIES, mix(c.cartel_key[ally], c.cartel_key[child]))
            c.count.allies_asked += a == parent
            if stay >= c.p.ally_loyalty:
                if follow >= c.p.ally_follows:
                    continue
                c.count.allies_gained += a == parent
                if a == parent:
                    tie.a[row] = child
                else:
                    tie.b[row] = child
        copy_row(tie, kept, row)
        kept += 1
    c.count.ties = kept
    for other in range(c.count.cartels):
        c.feud[child, other] = c.feud[parent, other]
        c.feud[other, child] = c.feud[other, parent]


@inner
def face_each_other(c: Country, parent: int, child: int, band: int) -> None:
    """Place by place: the enemies stay enemies of both; where some stay they get a new lieutenant, and heirs fight or live in peace."""
    for k in range(c.zone.size):
        if c.territory.band[k] != band:
            continue
        row = int(c.at[parent, k])
        inherit_pairs(c, parent, child, k)
        if close_if_empty(c, row):
            continue
        if c.territory.cell[k] == 0:
            c.plaza.since[row] = c.now.week
        if draw(c, KIN_WAR, mix(c.cartel_key[child], c.territory_key[k]))[0] < c.p.kin_war:
            open_war(c, parent, child, k, c.now.week + YEAR)
        else:
            make_pact(c, parent, child, k)


@inner
def inherit_pairs(c: Country, parent: int, child: int, k: int) -> None:
    """Who leaves keeps the enemies of the place, their heat, and its relatives at peace: parting alone makes no peace.

    Where all went, the parent's rows lapse with its plaza.
    """
    pair = c.pair
    for row in range(c.count.pairs):
        a, b, new = pair.a[row], pair.b[row], c.count.pairs
        if pair.territory[row] != k or parent not in (a, b) or new >= pair.rows:
            continue
        c.count.pairs = new + 1
        copy_row(pair, new, row)
        if a == parent:
            pair.a[new] = child
        else:
            pair.b[new] = child
        c.count.unlinked = 1
