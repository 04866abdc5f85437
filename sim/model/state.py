"""The tables of one run: built from a world, grown when full, sorted when plazas come and go, and closed like a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.parameters import PARAMETERS, Parameters
from sim.model.capacity import GROUPS, GROWING, needs
from sim.model.chance import name_key
from sim.model.columns import (
    LONG_AGO,
    Broker,
    Cartel,
    Count,
    Country,
    Event,
    Flow,
    Ledger,
    Nation,
    Now,
    P,
    Pair,
    Plaza,
    Push,
    Territory,
    Tie,
)  # fmt: skip
from sim.model.compile.named import Table
from sim.model.fall.groups import place_founders
from sim.model.lookup import PEOPLE, POWER, tabulate
from sim.model.mechanisms.brokers import count_links
from sim.model.opening import settle_rates
from sim.model.plazas import sort_plazas
from sim.model.policy import NEUTRAL
from sim.model.relations import add_tie, open_war
from sim.model.worlds import World

ODD = 8  # rows of a table beyond a power of two, or all quantities of one row would share the same few lines of the cache
TOGETHER = {
    "cartel": ("cartel", "cartel_key", "living_key", "boss_key", "cartel_draw"),
    "plaza": ("plaza", "plaza_key", "luck", "plaza_draw"),
    "pair": ("pair", "pair_key", "pair_draw"),
    "tie": ("tie", "tie_key", "tie_draw"),
    "broker": ("broker", "broker_key"),
}


def parameter_vector(parameters: Parameters) -> P:
    """Parameters as compiled code reads them."""
    return P(np.array([float(getattr(parameters, name)) for name in PARAMETERS]))


class LedgerError(AssertionError):
    """People, dollars, guns, plazas or brokers appeared or vanished outside a named flow."""


class State:
    """Arrays of one run and the few operations on them that change who owns what.

    Attributes:
        country: the tables as compiled code receives them; replaced when a table grows.
        week: number of the current week.
        factions: names of the families and clans of the world's table, by number.
    """

    def __init__(self, world: World, parameters: Parameters, members: float, course: Mapping[str, Any], rested: bool = True) -> None:
        self.parameters = parameters
        self.week = 0
        self.country = c = _empty_country(world, parameter_vector(parameters), course)
        _fill_territories(c, world)
        _fill_nation(c)
        self.factions = _fill_cartels(c, world, members)
        tabulate(c)
        sort_plazas(c)
        count_links(c)
        if rested:
            settle_rates(c)
        self.opening = self.stocks()

    @property
    def p(self) -> P:
        """Parameters, as compiled code reads them."""
        return self.country.p

    # growth ------------------------------------------------------------------------------------------------------------------

    def make_room(self, groups: int = GROUPS) -> None:
        """Double every table that could fill up within a few weeks, or while so many new groups are born at once."""
        for table, need in zip(GROWING, needs(self.country, groups), strict=True):
            while need > _rows(getattr(self.country, table)):
                self._widen(table)

    def _widen(self, table: str) -> None:
        c = self.country
        wider: dict[str, Any] = {name: _wider(getattr(c, name)) for name in TOGETHER.get(table, (table,))}
        if table == "cartel":
            more = _more(c.at.shape[0])
            wider["at"] = _framed(c.at, (more, c.at.shape[1]), -1)
            wider["feud"] = _framed(c.feud, (more, more), LONG_AGO)
        self.country = c.but(**wider)

    # ledger ------------------------------------------------------------------------------------------------------------------

    def stocks(self) -> dict[str, float]:
        """Everything that is conserved, counted now."""
        c = self.country
        cartels = c.cartel[: c.count.cartels]
        plazas = c.plaza[: c.count.plazas]
        return {
            "members": float(plazas.members.sum()),
            "pool": float(c.territory.pool.sum()),
            "prisoners": float(cartels.prisoners.sum()),
            "cash": float(cartels.cash.sum()),
            "arms": float(cartels.arms.sum()),
            "plazas": float((plazas.cartel >= 0).sum()),
            "brokers": float(c.broker.alive[: c.count.brokers].sum()),
        }

    def residuals(self) -> dict[str, float]:
        """Stock now minus stock at the start minus named flows: zero for each, or something leaks."""
        g, now, then = self.country.ledger, self.stocks(), self.opening
        flows = {
            "members": g.recruited + g.entered + g.rejoined - g.convicted - g.killed - g.left - g.dissolved,
            "pool": g.refilled - g.outgrown + g.left + g.dissolved + g.released - g.rejoined - g.recruited - g.entered,
            "prisoners": g.convicted - g.released,
            "cash": g.earned - g.fees - g.paid - g.bribed - g.spent_arms - g.consumed - g.frozen - g.lost_cash,
            "arms": g.bought + g.leaked - g.worn - g.lost_guns,
            "plazas": g.opened - g.closed,
            "brokers": g.brokers_won - g.brokers_lost,
        }
        return {name: now[name] - then[name] - float(flows[name]) for name in flows}

    def close_ledger(self) -> None:
        """Raise `LedgerError` unless every residual is exactly zero, and no stock or flow below it."""
        wrong = {name: value for name, value in self.residuals().items() if value != 0.0}
        if wrong:
            raise LedgerError(f"week {self.week}: " + ", ".join(f"{name} off by {value:+.0f}" for name, value in wrong.items()))
        negative = [name for names, least in self.counted() for name, number in zip(names, least, strict=True) if not number >= 0.0]
        if negative:
            raise LedgerError(f"week {self.week}: below zero, or no number: {', '.join(negative)}")

    def counted(self) -> Iterator[tuple[Iterable[str], list[float]]]:
        """Names and least values of all that is counted and can never be negative: this week's flows, flows since the start, stocks."""
        c = self.country
        for numbers in (c.flow, c.ledger):
            yield numbers.names, numbers.values.tolist()
        stocks = {name: getattr(c.cartel, name)[: c.count.cartels] for name in ("members", "prisoners", "cash", "arms")}
        stocks |= {"members of plazas": c.plaza.members[: c.count.plazas], "pool": c.territory.pool}
        yield stocks, [float(values.min(initial=0.0)) for values in stocks.values()]


def _more(rows: int) -> int:
    """Twice the rows, and still not a power of two."""
    return 2 * rows + ODD


def _rows(table: Table | NDArray[Any]) -> int:
    return table.rows if isinstance(table, Table) else table.shape[-1]


def _wider(table: Table | NDArray[Any]) -> Table | NDArray[Any]:
    if isinstance(table, Table):
        return table.resized(_more(table.rows))
    wide = np.zeros((*table.shape[:-1], _more(table.shape[-1])), table.dtype)
    wide[..., : table.shape[-1]] = table
    return wide


def _framed(table: NDArray[Any], shape: tuple[int, int], empty: int) -> NDArray[Any]:
    frame = np.full(shape, empty, table.dtype)
    frame[: table.shape[0], : table.shape[1]] = table
    return frame


def _empty_country(world: World, p: P, course: Mapping[str, Any]) -> Country:
    """Tables without anything in them, under a policy that does nothing yet."""
    weeks, zones = course["cube"].values.shape[:2]
    places, seeds = len(world.ids), len(world.cartels)
    cartels, plazas, pairs = max(256, 4 * seeds) + ODD, max(512, 8 * places) + ODD, 1024 + ODD
    ties, last = 2048 + ODD, {state: k for k, state in enumerate(world.states)}
    return Country(
        **course,
        p=p,
        now=Now.blank(),
        push=Push(np.tile(NEUTRAL, (zones, 1))),
        territory=Territory.blank(places),
        cartel=Cartel.blank(cartels),
        plaza=Plaza.blank(plazas),
        pair=Pair.blank(pairs),
        tie=Tie.blank(ties),
        broker=Broker.blank(1024 + ODD),
        nation=Nation.blank(),
        flow=Flow.blank(),
        ledger=Ledger.blank(),
        event=Event.blank(2048 + ODD),
        log=Event.blank(16384),
        flows=np.zeros((weeks, len(Flow.names))),
        count=Count(np.array([name == "unlinked" for name in Count.names], np.int64)),
        at=np.full((cartels, places), -1, np.int32),
        feud=np.full((cartels, cartels), LONG_AGO, np.int16),
        first=np.zeros(places + 1, np.int64),
        border_start=world.border_start.astype(np.int32),
        border_to=world.border_to.astype(np.int32),
        zone=np.zeros(places, np.int64),
        next_state=np.array([last[state] + 1 for state in world.states], np.int64),
        aim=np.zeros(zones),
        territory_key=np.array([name_key(i) for i in world.ids], np.uint64),
        cartel_key=np.zeros(cartels, np.uint64),
        living_key=np.zeros(cartels, np.uint64),
        boss_key=np.zeros(cartels, np.uint64),
        plaza_key=np.zeros(plazas, np.uint64),
        pair_key=np.zeros(pairs, np.uint64),
        tie_key=np.zeros(ties, np.uint64),
        broker_key=np.zeros(1024 + ODD, np.uint64),
        faction_key=np.zeros(512 + 2 * len(world.presence), np.uint64),
        luck=np.zeros((4, plazas)),
        plaza_draw=np.zeros((4, plazas)),
        cartel_draw=np.zeros((4, cartels)),
        pair_draw=np.zeros((4, pairs)),
        tie_draw=np.zeros((4, ties)),
        place_draw=np.zeros((4, places)),
        powers=np.zeros((PEOPLE, len(POWER))),
        fading=np.zeros(weeks + 1),
    )


def _fill_territories(c: Country, world: World) -> None:
    t, p = c.territory, c.p
    for column in ("population", "value", "poppy", "economy", "pipeline", "users", "background"):
        setattr(t, column, getattr(world, column))
    t.pool[:] = t.pool_full[:] = np.floor(world.young_men * p.at_risk)
    t.integrity[:] = p.integrity_2006
    t.stake[:] = p.stake_reference
    t.sumsq[:] = t.effective[:] = t.economy_left[:] = 1.0


def _fill_nation(c: Country) -> None:
    n, p = c.nation, c.p
    n.light, n.heavy = p.light_users, p.heavy_users
    n.initiates = (p.light_quit + p.escalation) * p.light_users
    n.price = n.consumption = n.local_use = 1.0
    n.known_extortion, n.known_kidnapping = p.extortion_2006, p.kidnapping_2006
    n.known_fuel = p.fuel_2006
    n.seized, n.revenue = p.seized_base, p.revenue_us
    n.clock_revenue = n.clock_background = n.clock_output = 1.0
    n.clock_custody = 1.0 + p.custody_clock * (c.clocks[5, 0] - 1.0)
    c.territory.conviction[:] = p.conviction_base * n.clock_custody


def _fill_cartels(c: Country, world: World, members: float) -> list[str]:
    factions = sorted({presence.faction for presence in world.presence})
    number = {name: faction for faction, name in enumerate(factions)}
    c.faction_key[: len(factions)] = [name_key(name) for name in factions]
    c.count.factions = len(factions)
    keys = np.array([name_key(seed.id) for seed in world.cartels])
    seeds = np.array([(seed.base, seed.suppliers, seed.financiers, seed.dealers) for seed in world.cartels], np.float64).T.copy()
    plazas = [(there.cartel, there.territory, number[there.faction], round(members * there.share)) for there in world.presence]
    place_founders(c, keys, seeds, np.array(plazas, np.float64).T.copy())
    for a, b, relation in world.ties:
        if relation == "alliance":
            add_tie(c, a, b, 1.0)
            add_tie(c, b, a, 1.0)
            continue
        c.feud[a, b] = c.feud[b, a] = 0
        for k in np.flatnonzero((c.at[a] >= 0) & (c.at[b] >= 0)):
            open_war(c, a, b, int(k), 0)
    c.count.events = c.count.lines = 0
    return factions
