"""The tables of one run: built from a world, grown when full, sorted when plazas come and go, and closed like a ledger."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.parameters import PARAMETERS, Parameters
from sim.model.births import settle
from sim.model.chance import name_key
from sim.model.columns import (
    BROKER,
    CARTEL,
    COUNT,
    EVENT,
    FLOW,
    LEDGER,
    LONG_AGO,
    NATION,
    PAIR,
    PLAZA,
    TERRITORY,
    TIE,
    Array,
    Country,
    P,
)  # fmt: skip
from sim.model.lookup import PEOPLE, POWER, tabulate
from sim.model.mechanisms.leadership import count_links
from sim.model.mechanisms.market import WEEKS
from sim.model.mechanisms.peace import add_tie, open_war
from sim.model.room import GROUPS, GROWING, needs
from sim.model.sorting import sort_plazas
from sim.model.worlds import World

ODD = 8  # rows of a table beyond a power of two, or all quantities of one row would share the same few lines of the cache
TOGETHER = {
    "cartel": ("cartel", "cartel_key", "boss_key", "cartel_draw"),
    "plaza": ("plaza", "plaza_key", "luck", "plaza_draw"),
    "pair": ("pair", "pair_key", "pair_draw"),
    "broker": ("broker", "broker_key"),
}


def parameter_vector(parameters: Parameters) -> Array:
    """Parameters in the order of the catalogue, as compiled code reads them."""
    return np.array([float(getattr(parameters, name)) for name in PARAMETERS])


class LedgerError(AssertionError):
    """People, dollars, guns, plazas or brokers appeared or vanished outside a named flow."""


class State:
    """Arrays of one run and the few operations on them that change who owns what.

    Attributes:
        country: the tables as compiled code receives them; replaced when a table grows.
        p: parameters as a vector.
        week: number of the current week.
        factions: names of the families and clans of the world's table, by number.
    """

    def __init__(self, world: World, parameters: Parameters, members: float, clocks: Array) -> None:
        self.p = parameter_vector(parameters)
        self.parameters = parameters
        self.week = 0
        self.country = _empty_country(world, clocks)
        _fill_territories(self.country, world, self.p)
        _fill_nation(self.country, self.p)
        self.factions = _fill_cartels(self.country, world, self.p, members)
        tabulate(self.country, self.p)
        sort_plazas(self.country)
        count_links(self.country, self.p)
        self.opening = self.stocks()
        self.country.ledger[:] = 0.0
        self.rent_reference = parameters.predation_usd / WEEKS / max(1.0, self.opening["members"])  # US$ per week and member

    # growth ------------------------------------------------------------------------------------------------------------------

    def make_room(self, groups: int = GROUPS) -> None:
        """Double every table that could fill up within a few weeks, or while so many new groups are born at once."""
        for table, need in zip(GROWING, needs(self.country, self.p, groups), strict=True):
            while need > getattr(self.country, table).shape[-1]:
                self._widen(table)

    def _widen(self, table: str) -> None:
        c = self.country
        wider = {name: _wider(getattr(c, name)) for name in TOGETHER.get(table, (table,))}
        if table == "cartel":
            more = _more(c.at.shape[0])
            wider["at"] = _framed(c.at, (more, c.at.shape[1]), -1)
            wider["feud"] = _framed(c.feud, (more, more), LONG_AGO)
        self.country = c._replace(**wider)

    # ledger ------------------------------------------------------------------------------------------------------------------

    def stocks(self) -> dict[str, float]:
        """Everything that is conserved, counted now."""
        c = self.country
        cartels = c.cartel[:, : c.count[COUNT.cartels]]
        plazas = c.plaza[:, : c.count[COUNT.plazas]]
        return {
            "members": float(plazas[PLAZA.members].sum()),
            "pool": float(c.territory[TERRITORY.pool].sum()),
            "prisoners": float(cartels[CARTEL.prisoners].sum()),
            "cash": float(cartels[CARTEL.cash].sum()),
            "arms": float(cartels[CARTEL.arms].sum()),
            "plazas": float((plazas[PLAZA.cartel] >= 0).sum()),
            "brokers": float(c.broker[BROKER.alive, : c.count[COUNT.brokers]].sum()),
        }

    def residuals(self) -> dict[str, float]:
        """Stock now minus stock at the start minus named flows: zero for each, or something leaks."""
        c, now, then = self.country.ledger, self.stocks(), self.opening
        g = LEDGER
        flows = {
            "members": c[g.recruited] + c[g.entered] + c[g.rejoined] - c[g.arrested] - c[g.killed] - c[g.left] - c[g.dissolved],
            "pool": c[g.refilled] + c[g.arrested] - c[g.convicted] + c[g.left] + c[g.dissolved] + c[g.released] - c[g.rejoined]
            - c[g.recruited] - c[g.entered],
            "prisoners": c[g.convicted] - c[g.released],
            "cash": c[g.earned] - c[g.fees] - c[g.paid] - c[g.bribed] - c[g.spent_arms] - c[g.consumed] - c[g.frozen] - c[g.lost_cash],
            "arms": c[g.bought] + c[g.leaked] - c[g.worn] - c[g.lost_guns],
            "plazas": c[g.opened] - c[g.closed],
            "brokers": c[g.brokers_won] - c[g.brokers_lost],
        }  # fmt: skip
        return {name: now[name] - then[name] - float(flows[name]) for name in flows}

    def close_ledger(self) -> None:
        """Raise `LedgerError` unless every residual is exactly zero."""
        wrong = {name: value for name, value in self.residuals().items() if value != 0.0}
        if wrong:
            raise LedgerError(f"week {self.week}: " + ", ".join(f"{name} off by {value:+.0f}" for name, value in wrong.items()))


def _more(rows: int) -> int:
    """Twice the rows, and still not a power of two."""
    return 2 * rows + ODD


def _wider(table: NDArray[Any]) -> NDArray[Any]:
    wide = np.zeros((*table.shape[:-1], _more(table.shape[-1])), table.dtype)
    wide[..., : table.shape[-1]] = table
    return wide


def _framed(table: NDArray[Any], shape: tuple[int, int], empty: int) -> NDArray[Any]:
    frame = np.full(shape, empty, table.dtype)
    frame[: table.shape[0], : table.shape[1]] = table
    return frame


def _empty_country(world: World, clocks: Array) -> Country:
    weeks = clocks.shape[1]
    places, seeds = len(world.ids), len(world.cartels)
    cartels, plazas, pairs = max(128, 4 * seeds) + ODD, max(256, 8 * places) + ODD, 1024 + ODD
    return Country(
        territory=np.zeros((len(TERRITORY), places)),
        cartel=np.zeros((len(CARTEL), cartels)),
        plaza=np.zeros((len(PLAZA), plazas)),
        pair=np.zeros((len(PAIR), pairs)),
        tie=np.zeros((len(TIE), 1024)),
        broker=np.zeros((len(BROKER), 512)),
        nation=np.zeros(len(NATION)),
        flow=np.zeros(len(FLOW)),
        ledger=np.zeros(len(LEDGER)),
        event=np.zeros((len(EVENT), 1024)),
        note=np.zeros((len(EVENT), 16384)),
        line=np.zeros((len(EVENT), 4096)),
        flows=np.zeros((weeks, len(FLOW))),
        clocks=clocks,
        count=np.array([name == "unlinked" for name in COUNT._fields], np.int64),
        at=np.full((cartels, places), -1, np.int32),
        feud=np.full((cartels, cartels), LONG_AGO, np.int16),
        first=np.zeros(places + 1, np.int64),
        border_start=world.border_start.astype(np.int32),
        border_to=world.border_to.astype(np.int32),
        zone=np.zeros(places, np.int64),
        territory_key=np.array([name_key(i) for i in world.ids], np.uint64),
        cartel_key=np.zeros(cartels, np.uint64),
        boss_key=np.zeros(cartels, np.uint64),
        plaza_key=np.zeros(plazas, np.uint64),
        pair_key=np.zeros(pairs, np.uint64),
        broker_key=np.zeros(512, np.uint64),
        faction_key=np.zeros(512 + 2 * len(world.presence), np.uint64),
        luck=np.zeros((4, plazas)),
        plaza_draw=np.zeros((4, plazas)),
        cartel_draw=np.zeros((4, cartels)),
        pair_draw=np.zeros((4, pairs)),
        place_draw=np.zeros((4, places)),
        powers=np.zeros((PEOPLE, len(POWER))),
        fading=np.zeros(weeks + 1),
    )


def _fill_territories(c: Country, world: World, p: Array) -> None:
    t = c.territory
    for column, values in (
        (TERRITORY.population, world.population), (TERRITORY.value, world.value), (TERRITORY.poppy, world.poppy),
        (TERRITORY.economy, world.economy), (TERRITORY.pipeline, world.pipeline), (TERRITORY.users, world.users),
        (TERRITORY.background, world.background),
    ):  # fmt: skip
        t[column] = values
    t[TERRITORY.pool_full] = np.floor(world.young_men * p[P.at_risk])
    t[TERRITORY.pool] = t[TERRITORY.pool_full]
    t[TERRITORY.integrity] = p[P.integrity_2006]
    t[TERRITORY.conviction] = p[P.conviction_base]
    t[TERRITORY.stake] = p[P.stake_reference]
    t[TERRITORY.sumsq] = t[TERRITORY.effective] = t[TERRITORY.economy_left] = 1.0


def _fill_nation(c: Country, p: Array) -> None:
    n = c.nation
    n[NATION.light], n[NATION.heavy] = p[P.light_users], p[P.heavy_users]
    n[NATION.initiates] = (p[P.light_quit] + p[P.escalation]) * p[P.light_users]
    n[NATION.price] = n[NATION.consumption] = n[NATION.local_use] = 1.0
    n[NATION.known_extortion], n[NATION.known_kidnapping] = p[P.extortion_2006], p[P.kidnapping_2006]
    n[NATION.known_fuel] = p[P.fuel_2006]
    n[NATION.seized], n[NATION.revenue] = p[P.seized_base], p[P.revenue_us]
    n[NATION.clock_revenue] = n[NATION.clock_background] = 1.0


def _fill_cartels(c: Country, world: World, p: Array, members: float) -> list[str]:
    factions = sorted({presence.faction for presence in world.presence})
    number = {name: faction for faction, name in enumerate(factions)}
    c.faction_key[: len(factions)] = [name_key(name) for name in factions]
    c.count[COUNT.factions] = len(factions)
    keys = np.array([name_key(seed.id) for seed in world.cartels])
    seeds = np.array([(seed.base, seed.suppliers, seed.financiers, seed.dealers) for seed in world.cartels], np.float64).T.copy()
    plazas = [(there.cartel, there.territory, number[there.faction], round(members * there.share)) for there in world.presence]
    settle(c, p, keys, seeds, np.array(plazas, np.float64).T.copy())
    for a, b, relation in world.ties:
        if relation == "alliance":
            add_tie(c, a, b, 1.0)
            add_tie(c, b, a, 1.0)
            continue
        c.feud[a, b] = c.feud[b, a] = 0
        for k in range(len(world.ids)):
            if c.at[a, k] >= 0 and c.at[b, k] >= 0:
                open_war(c, a, b, k, 0, 0.0)
    c.count[COUNT.events] = c.count[COUNT.notes] = 0
    return factions
