"""How people, goods and links change hands. Everything is moved, nothing copied: whole numbers, closed in the ledger."""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import Chance, lineage
from sim.model.columns import (
    BROKER,
    CARTEL,
    COUNT,
    LEDGER,
    PAIR,
    PLAZA,
    TERRITORY,
    TIE,
)  # fmt: skip
from sim.model.mechanisms.leadership import add_broker
from sim.model.mechanisms.movement import close_plaza, open_plaza
from sim.model.state import State, blank_cartel

INHERITED = (
    CARTEL.cohesion, CARTEL.losses, CARTEL.patience, CARTEL.factor, CARTEL.pay, CARTEL.protection, CARTEL.zone,
)  # fmt: skip


def found(state: State, key: np.uint64, seat: int, parent: int | None) -> int:
    """A new cartel row without people or goods; a child takes habits and lineage from its parent."""
    state.make_room()
    c = state.country
    j = int(c.count[COUNT.cartels])
    c.count[COUNT.cartels] = j + 1
    c.cartel_key[j] = key
    blank_cartel(c.cartel, j, state.p, seat)
    if parent is not None:
        for column in INHERITED:
            c.cartel[column, j] = c.cartel[column, parent]
    return j


def plaza_of(state: State, cartel: int, territory: int, like: int) -> int:
    """The plaza row of a cartel in a place, opened with the habits of row `like` if it has none."""
    row = int(state.country.at[cartel, territory])
    return row if row >= 0 else int(open_plaza(state.country, cartel, territory, state.week, like))


def move_people(state: State, origin: int, target: int, people: float) -> None:
    """Members change plaza; the two rows' cartels keep their head counts current."""
    plaza, cartel = state.country.plaza, state.country.cartel
    plaza[PLAZA.members, origin] -= people
    plaza[PLAZA.members, target] += people
    cartel[CARTEL.members, int(plaza[PLAZA.cartel, origin])] -= people
    cartel[CARTEL.members, int(plaza[PLAZA.cartel, target])] += people


def give(state: State, parent: int, child: int, share: float) -> None:
    """The child's part of cash and guns, and of smoothed income."""
    cartel = state.country.cartel
    for column in (CARTEL.cash, CARTEL.arms):
        part = math.floor(cartel[column, parent] * share)
        cartel[column, parent] -= part
        cartel[column, child] += part
    for column in (CARTEL.traffic_income, CARTEL.predation_income):
        cartel[column, child] = cartel[column, parent] * share
        cartel[column, parent] *= 1.0 - share


def close_if_empty(state: State, row: int) -> bool:
    """Close a plaza nobody is left in."""
    if state.country.plaza[PLAZA.members, row] > 0.0:
        return False
    close_plaza(state.country, row)
    return True


def send_home(state: State, row: int, people: float) -> None:
    """Members go back to the pool of their place."""
    c = state.country
    j, k = int(c.plaza[PLAZA.cartel, row]), int(c.plaza[PLAZA.territory, row])
    c.plaza[PLAZA.members, row] -= people
    c.cartel[CARTEL.members, j] -= people
    c.territory[TERRITORY.pool, k] += people
    c.ledger[LEDGER.dissolved] += people


def inherit_wars(state: State, parent: int, child: int, territory: int) -> None:
    """A plaza that changed hands keeps its enemies."""
    pair = state.country.pair
    for row in np.flatnonzero(pair[PAIR.territory, : state.country.count[COUNT.pairs]] == territory):
        for side, other in ((PAIR.a, PAIR.b), (PAIR.b, PAIR.a)):
            if pair[side, row] == parent and pair[other, row] != child:
                pair[side, row] = child


def make_pact(state: State, a: int, b: int, territory: int) -> None:
    """Two heirs in one place live in peace: no hostility between them at all."""
    c = state.country
    row = int(c.count[COUNT.pairs])
    c.count[COUNT.pairs] = row + 1
    c.pair[:, row] = 0.0
    c.pair[PAIR.a, row], c.pair[PAIR.b, row], c.pair[PAIR.territory, row] = a, b, territory
    c.pair[PAIR.pact, row] = 1.0
    c.count[COUNT.unlinked] = 1


def choose_brokers(state: State, chance: Chance, parent: int, child: int, places: set[int], share: float) -> tuple[int, int]:
    """Each broker stays with the heir, follows the splinter, or leaves the trade.

    Brokers of a lieutenant who left follow him as loyally as the kingpin's stay. With the switch `broker_split` off nobody has to
    choose: the splinter deals with every broker of its parent too.

    Returns:
        Brokers asked, brokers who deal with the splinter now.
    """
    c, p = state.country, state.parameters
    rows = np.flatnonzero(
        (c.broker[BROKER.cartel, : c.count[COUNT.brokers]] == parent) & (c.broker[BROKER.alive, : c.count[COUNT.brokers]] > 0)
    )
    followed = 0
    for b in rows:
        key = lineage(c.broker_key[b], c.cartel_key[child])
        if p.broker_split == 0.0:
            add_broker(c, child, c.broker[BROKER.kind, b], key)
            followed += 1
            continue
        stay, leave, _, _ = chance.block("succession.broker", state.week, key)
        his = int(c.broker[BROKER.place, b]) in places
        loyalty = p.broker_loyalty if not his else 1.0 - p.broker_loyalty
        if stay < 1.0 - (1.0 - loyalty) * (1.0 if his else min(1.0, 2.0 * share)):
            continue
        if not his and leave < p.broker_leaves:
            c.broker[BROKER.alive, b] = 0.0
            c.ledger[LEDGER.brokers_lost] += 1.0
        else:
            c.broker[BROKER.cartel, b] = child
            followed += 1
    return len(rows), followed


def choose_allies(state: State, chance: Chance, parent: int, child: int) -> tuple[int, int]:
    """Each ally of the parent chooses the heir, the splinter, or neither; feuds are inherited.

    Returns:
        Allies asked, allies who help the splinter now.
    """
    c, p = state.country, state.parameters
    tie = c.tie[:, : c.count[COUNT.ties]]
    asked = followed = 0
    for row in np.flatnonzero((tie[TIE.a] == parent) | (tie[TIE.b] == parent)):
        side, other = (TIE.a, TIE.b) if tie[TIE.a, row] == parent else (TIE.b, TIE.a)
        ally = int(tie[other, row])
        stay, follow, _, _ = chance.block("succession.ally", state.week, lineage(c.cartel_key[ally], c.cartel_key[child]))
        asked += side == TIE.a
        if stay < p.ally_loyalty:
            continue
        followed += side == TIE.a and follow < 0.5
        tie[side, row], tie[TIE.weight, row] = (child, tie[TIE.weight, row]) if follow < 0.5 else (parent, 0.0)
    keep = np.flatnonzero(tie[TIE.weight] > 0.0)
    c.tie[:, : len(keep)] = tie[:, keep]
    c.count[COUNT.ties] = len(keep)
    c.feud[child, :] = c.feud[parent, :]
    c.feud[:, child] = c.feud[:, parent]
    return asked, followed


def bequeath(state: State, dead: int, heir: int | None) -> None:
    """A cartel ends: cash, guns and brokers go to the heir, or are lost; its prisoners stay on its row until released."""
    c = state.country
    cash, guns = c.cartel[CARTEL.cash, dead], c.cartel[CARTEL.arms, dead]
    rows = np.flatnonzero(
        (c.broker[BROKER.cartel, : c.count[COUNT.brokers]] == dead) & (c.broker[BROKER.alive, : c.count[COUNT.brokers]] > 0)
    )
    if heir is None:
        c.ledger[LEDGER.lost_cash] += cash
        c.ledger[LEDGER.lost_guns] += guns
        c.broker[BROKER.alive, rows] = 0.0
        c.ledger[LEDGER.brokers_lost] += len(rows)
    else:
        c.cartel[CARTEL.cash, heir] += cash
        c.cartel[CARTEL.arms, heir] += guns
        c.broker[BROKER.cartel, rows] = heir
    c.cartel[CARTEL.cash, dead] = c.cartel[CARTEL.arms, dead] = 0.0
    c.cartel[CARTEL.alive, dead] = 0.0
    c.cartel[CARTEL.members, dead] = 0.0


def week_events(state: State) -> list[tuple[int, int, int, int, float]]:
    """Rare events of the week that just ran, as (kind, cartel, other, territory, size), in an order that depends on keys only."""
    c = state.country
    if not c.count[COUNT.events]:
        return []
    rows = c.event[1:, : c.count[COUNT.events]].T.tolist()
    happened = [(int(kind), int(row), int(other), int(place), size) for kind, row, other, place, size in rows]
    if len(happened) > 1:
        happened.sort(key=lambda e: (e[0], int(c.cartel_key[e[1]]) if e[1] >= 0 else 0, e[3]))
    return happened
