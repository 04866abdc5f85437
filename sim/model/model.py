"""The simulated country as a Mesa model."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np

from sim.model import estate, policy, uncertainty
from sim.model.agents import Cartel, Leader
from sim.model.chance import Chance, lineage, name_key
from sim.model.columns import (
    ABSORBED, ALLIANCE, ATTEMPT_KINGPIN, ATTEMPT_LIEUTENANT, BETRAYED, BROKER_LOST, BROKER_WON, CARTEL, CLOSED, COUNT, ENTRY, FLOW, FREED,
    HELP, LEDGER, NATION, NATURAL, OPENED, PLAZA, PUSH, QUARREL, RUPTURE, TERRITORY, TIE, WAR_BEGINS, WAR_ENDS, Array, P,
)  # fmt: skip
from sim.model.mechanisms.movement import open_plaza
from sim.model.mechanisms.peace import add_tie
from sim.model.record import Calendar, Record, stocks
from sim.model.sorting import sort_plazas
from sim.model.state import State, add_broker, start_plaza
from sim.model.week import week as run_week
from sim.model.worlds import World, load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Event, Scenario


class EventRow(NamedTuple):
    """One line of the event log."""

    date: date
    kind: str
    cartel: str
    other: str
    territory: str
    size: int
    cause: str


class Cartelitos(mesa.Model):  # type: ignore[misc]
    """A country of cartels; one step is one week.

    Args:
        scenario: what to simulate.
        rng: the replicate's seed, a whole number below 2**64; the same seed is the same run, whatever else differs.

    Attributes:
        week: number of weeks done.
        cartels: every `Cartel` that ever was, by row.
        events: the log.
    """

    def __init__(self, scenario: Scenario, rng: int = 1) -> None:
        super().__init__(rng=int(rng))
        self.scenario, self.seed, self.week = scenario, int(rng), 0
        folder = scenario_folder() / WORLDS
        self.world = _world(scenario.world, tuple(sorted(scenario.world_options.items())), folder, scenario.tables)
        self.parameters, members, self.effects, self.family = uncertainty.draw(scenario, self.world, folder, self.seed)
        self.chance = Chance(self.seed)
        self.calendar = Calendar(scenario.start, max(1, int(scenario.years * 365.2425 / 7)))
        self.state = State(self.world, self.parameters, members)
        self.policy = self._policy()
        self.record = Record(self.calendar)
        self.clocks = self._read_clocks()
        self.events: list[EventRow] = []
        self.cartels: dict[int, Cartel] = {}
        self.inheritance = np.zeros(4)
        self._script = self._scripted()
        self._factions: dict[str, np.uint64] = {}
        self._settle()

    # building ----------------------------------------------------------------------------------------------------------------

    def _policy(self) -> policy.Policy:
        w = self.world
        places = policy.Places(w.ids, w.states, w.population / w.population.sum())
        founders = [seed.id for seed in w.cartels]
        return policy.build(self.scenario.policy, self.effects, self.scenario.start, self.calendar.weeks, places, founders)

    def _settle(self) -> None:
        """Give the founders of the world's table a body, a kingpin and lieutenants."""
        self.state.country.zone[:] = self.policy.place_zone
        for row, seed in enumerate(self.world.cartels):
            cartel = Cartel(self, row, seed.id)
            cartel.set(CARTEL.zone, self.policy.cartel_zone(seed.id))
            for presence in self.world.presence:
                if presence.cartel == row:
                    place = self.state.country.territory_key[presence.territory]
                    cartel.lieutenants[presence.territory] = Leader(cartel, lineage(cartel.key, place), presence.faction)
            home = cartel.lieutenants[seed.base].faction
            cartel.kingpin = Leader(cartel, lineage(cartel.key, 0), home, "kingpin")

    def _scripted(self) -> dict[int, list[Event]]:
        script: dict[int, list[Event]] = {}
        for event in self.scenario.events:
            script.setdefault(self.calendar.week(event.date), []).append(event)
        return script

    # the week ----------------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One week: policy presses, the compiled week runs, then whatever happened to leaders is played out."""
        state = self.state
        if self.week >= self.calendar.weeks:
            self.running = False
            return
        state.week = self.week
        state.make_room()
        if state.country.count[COUNT.stale]:
            sort_plazas(state.country)
        self._set_clocks()
        run_week(state.country, state.p, self.policy.cube[self.week], self.week, self.chance.seed, state.rent_reference)
        for kind, row, other, territory, size in estate.week_events(state):
            if row < 0 or self.cartels[row].died is None:
                HANDLERS[kind](self, row, other, territory, size)
        for scripted in self._script.get(self.week, ()):
            self._play(scripted)
        self._record()
        self.week += 1
        if self.week == self.calendar.weeks:
            self.running = False

    def run(self) -> None:
        """Step to the end of the scenario and close the ledger."""
        while self.running:
            self.step()
        self.state.close_ledger()

    def release(self) -> None:
        """Let go of everything large; Mesa before 3.4 keeps every model alive in a class-level table."""
        self.remove_all_agents()
        self.cartels.clear()
        ids: dict[Any, Any] | None = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)
        del self.state, self.policy, self.record

    def _read_clocks(self) -> Array:
        """Outside series by week: [revenue, synthetic share, background trend, population growth]; a year's value holds in mid-year."""
        clocks, calendar = self.world.clocks, self.calendar
        start = calendar.start.year + (calendar.start.timetuple().tm_yday - 1) / 365.25
        now = start + np.arange(calendar.weeks) * 7.0 / 365.2425
        names = ("revenue", "synthetic_share", "background_trend", "population_growth")
        return np.array([np.interp(now, clocks["years"] + 0.5, clocks[name]) for name in names])

    def _set_clocks(self) -> None:
        c, now = self.state.country, self.clocks[:, self.week]
        c.nation[NATION.clock_revenue], c.nation[NATION.clock_synthetic], c.nation[NATION.clock_background] = now[:3]
        if self.week % 52 == 0 and self.week:
            c.territory[TERRITORY.population] *= 1.0 + now[3]
            c.territory[TERRITORY.pool_full] = np.floor(c.territory[TERRITORY.pool_full] * (1.0 + now[3]))

    def _record(self) -> None:
        c = self.state.country
        self.record.flows[self.week] = c.flow
        last = self.week + 1 == self.calendar.weeks or self.calendar.first[self.week + 1] != self.calendar.first[self.week]
        if last:
            asked, followed, allies, stayed = self.inheritance
            extra = {
                "broker_inheritance_share": followed / asked if asked else 0.0,
                "alliance_inheritance_share": stayed / allies if allies else 0.0,
            }
            self.record.stocks[self.week] = stocks(c, extra)

    # what happens to leaders -------------------------------------------------------------------------------------------------

    def remove_kingpin(self, cartel: Cartel, mode: str = "capture") -> None:
        """Take a kingpin out: "capture", "killing", "extradition" or "surrender"."""
        self.state.country.flow[FLOW.removals] += 1.0
        if mode == "extradition":
            self.state.country.flow[FLOW.extraditions] += 1.0
        self.log("removal", cartel, territory=int(cartel.get(CARTEL.seat)), size=cartel.members, cause=mode)
        cartel.lose_leader(mode)

    def _attempt(self, row: int, other: int, territory: int, size: float) -> None:
        """The state moves against a kingpin."""
        cartel = self.cartels[row]
        seat = int(cartel.get(CARTEL.seat))
        if not self._succeeds(cartel, seat, "leader.attempt"):
            self._repelled(cartel, seat)
            return
        self.remove_kingpin(cartel, self._mode(cartel.key))

    def _attempt_lieutenant(self, row: int, other: int, territory: int, size: float) -> None:
        """The state moves against a lieutenant, the likelier the more people he commands."""
        cartel = self.cartels[row]
        places = sorted(cartel.lieutenants, key=cartel.seniority)
        people = np.cumsum([cartel.people(k) for k in places])
        place = places[int(np.searchsorted(people, self.chance.uniform("leader.which", self.week, cartel.key) * people[-1]))]
        if not self._succeeds(cartel, place, "leader.attempt_lieutenant"):
            self._repelled(cartel, place)
            return
        mode = self._mode(cartel.lieutenants[place].key)
        self.state.country.flow[FLOW.removals] += 1.0
        self.log("removal", cartel, territory=place, size=int(cartel.people(place)), cause=f"lieutenant {mode}")
        cartel.lose_lieutenant(place, mode)

    def _succeeds(self, cartel: Cartel, place: int, what: str) -> bool:
        """Whether an attempt beats local force: odds fall with armed members there and rise with force and reach."""
        c, p = self.state.country, self.state.p
        press = self.policy.cube[self.week, c.zone[place]]
        against = (1.0 + c.territory[TERRITORY.force, place]) / (1.0 + cartel.people(place) * 1e-3)
        odds = p[P.attempt_odds] * press[PUSH.attempt_reach] * against ** p[P.attempt_force]
        return bool(self.chance.uniform(what, self.week, cartel.key) < odds / (1.0 + odds))

    def _repelled(self, cartel: Cartel, place: int) -> None:
        """Local force beats the attempt back, and people die."""
        c = self.state.country
        dead = math.floor(-self.state.p[P.failed_deaths] * math.log(self.chance.uniform("leader.repelled", self.week, cartel.key)))
        c.flow[FLOW.removals_failed] += 1.0
        c.flow[FLOW.homicides_confrontation] += dead
        self.log("removal_failed", cartel, territory=place, size=dead)

    def _mode(self, key: np.uint64) -> str:
        """How a removal happens: as a lever insists, or by the usual mix."""
        p = self.state.p
        u, v, _, _ = self.chance.block("leader.mode", self.week, key)
        effort = float(self.policy.cube[self.week, :, PUSH.kingpin_attempts].max())
        for weights, mode in self.policy.modes:
            v -= weights[self.week] / max(effort, 1e-9)
            if v < 0.0:
                return mode
        if u < p[P.killed_share]:
            return "killing"
        return "surrender" if u < p[P.killed_share] + p[P.surrender_share] else "capture"

    def _betrayed(self, row: int, other: int, territory: int, size: float) -> None:
        self.remove_kingpin(self.cartels[row], "capture")

    def _natural(self, row: int, other: int, territory: int, size: float) -> None:
        self.log("death", self.cartels[row])
        self.cartels[row].lose_leader("natural")

    def _freed(self, row: int, other: int, territory: int, size: float) -> None:
        self.cartels[row].freed_from_prison_command(size > 0.0)

    def _quarrel(self, row: int, other: int, territory: int, size: float) -> None:
        self.cartels[row].quarrel()

    # plazas, gangs and brokers -----------------------------------------------------------------------------------------------

    def _opened(self, row: int, other: int, territory: int, size: float) -> None:
        cartel = self.cartels[row]
        near = [k for k in self.world.neighbours(territory) if int(k) in cartel.lieutenants]
        leader = cartel.lieutenants[int(min(near, key=lambda k: cartel.seniority(int(k))))] if near else cartel.kingpin
        assert leader is not None
        cartel.lieutenants[territory] = cartel.promote(territory, leader.faction)
        self.log("expansion", cartel, territory=territory, size=size)

    def _closed(self, row: int, other: int, territory: int, size: float) -> None:
        cartel = self.cartels[row]
        cartel.forget(territory)
        if not cartel.lieutenants:
            self.state.country.flow[FLOW.dissolutions] += 1.0
            self.log("dissolved", cartel, territory=territory, size=size)
            cartel.end()

    def _absorbed(self, row: int, other: int, territory: int, size: float) -> None:
        if self.state.country.cartel[CARTEL.alive, other] > 0.0 and self.state.country.cartel[CARTEL.alive, row] > 0.0:
            self.cartels[row].absorbed_by(self.cartels[other], territory)

    def _entry(self, row: int, other: int, territory: int, size: float) -> None:
        """A new local gang: people from the pool, a gun each, nobody to sell to abroad."""
        state = self.state
        place = state.country.territory_key[territory]
        row = estate.found(state, lineage(place, self.week + 1), territory, None)
        c = state.country
        year = self.calendar.day(self.week).year
        cartel = Cartel(self, row, f"{self.world.ids[territory].lower()}-{year}-w{self.week}", origin="entry")
        plaza = int(open_plaza(c, row, territory, self.week, -1))
        start_plaza(c.plaza, plaza, traffic=0.0)
        c.plaza[PLAZA.members, plaza] = c.cartel[CARTEL.members, row] = size
        c.territory[TERRITORY.pool, territory] -= size
        c.cartel[CARTEL.arms, row] = size
        c.cartel[CARTEL.notoriety, row] = math.sqrt(size * 1e-3)
        c.ledger[LEDGER.entered] += size
        c.ledger[LEDGER.bought] += size
        cartel.lieutenants[territory] = cartel.promote(territory, cartel.name)
        cartel.kingpin = Leader(cartel, lineage(cartel.key, 1), cartel.name, "kingpin")
        self.log("entry", cartel, territory=territory, size=size)

    def _broker_won(self, row: int, other: int, territory: int, size: float) -> None:
        c = self.state.country
        add_broker(c, row, size, lineage(c.cartel_key[row], 16 * self.week + int(size)))
        self.log("broker_won", self.cartels[row])

    # scripted events ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Cartel | None:
        """The living cartel of that name, if there is one."""
        return next((cartel for cartel in self.cartels.values() if cartel.name == name and cartel.died is None), None)

    def _play(self, event: Event) -> None:
        """A scripted event takes the same way as an emergent one; it is skipped, and logged, if its cartel is gone."""
        cartel, other = self.named(event.cartel), self.named(event.other or "")
        if cartel is None or (event.kind in ("alliance", "rupture") and other is None):
            self.events.append(EventRow(self.calendar.day(self.week), "skipped", event.cartel, event.other or "", "", 0, event.kind))
        elif event.kind == "removal":
            self.remove_kingpin(cartel, event.mode or "capture")
        elif event.kind == "split":
            cartel.quarrel()
        elif other is not None:
            self._tie(cartel, other, event.kind == "alliance")

    def _tie(self, a: Cartel, b: Cartel, ally: bool) -> None:
        c = self.state.country
        rows = c.tie[:, : c.count[COUNT.ties]]
        pair = ((rows[TIE.a] == a.row) & (rows[TIE.b] == b.row)) | ((rows[TIE.a] == b.row) & (rows[TIE.b] == a.row))
        keep = np.flatnonzero(~(pair & (rows[TIE.kind] == HELP)))
        c.tie[:, : len(keep)] = rows[:, keep]
        c.count[COUNT.ties] = len(keep)
        if ally:
            add_tie(c, a.row, b.row, HELP, 1.0, self.week)
            add_tie(c, b.row, a.row, HELP, 1.0, self.week)
        self.log("alliance" if ally else "rupture", a, b)

    # telling -----------------------------------------------------------------------------------------------------------------

    def log(self, kind: str, cartel: Cartel, other: Cartel | None = None, territory: int = -1, size: float = 0.0, cause: str = "") -> None:
        """Add a line to the event log."""
        place = self.world.ids[territory] if territory >= 0 else ""
        name = other.name if other is not None else ""
        self.events.append(EventRow(self.calendar.day(self.week), kind, cartel.name, name, place, int(size), cause))

    def faction_key(self, faction: str) -> np.uint64:
        """The key by which everybody of a faction shares a mood."""
        key = self._factions.get(faction)
        if key is None:
            key = self._factions[faction] = name_key(faction)
        return key


@lru_cache(maxsize=8)
def _world(name: str, options: tuple[tuple[str, int], ...], folder: Path, tables: str) -> World:
    """A world, read once per process; `tables` names the content of its files."""
    return load_world(name, dict(options), folder)


def _logged(kind: str) -> Callable[..., None]:
    def note(model: Cartelitos, row: int, other: int, territory: int, size: float) -> None:
        if row in model.cartels:
            model.log(kind, model.cartels[row], model.cartels.get(other), territory)

    return note


HANDLERS: dict[int, Callable[..., None]] = {
    WAR_BEGINS: _logged("war"),
    WAR_ENDS: _logged("truce"),
    ALLIANCE: _logged("alliance"),
    RUPTURE: _logged("rupture"),
    BROKER_LOST: _logged("broker_lost"),
    BROKER_WON: Cartelitos._broker_won,
    OPENED: Cartelitos._opened,
    ABSORBED: Cartelitos._absorbed,
    CLOSED: Cartelitos._closed,
    ENTRY: Cartelitos._entry,
    BETRAYED: Cartelitos._betrayed,
    NATURAL: Cartelitos._natural,
    ATTEMPT_KINGPIN: Cartelitos._attempt,
    ATTEMPT_LIEUTENANT: Cartelitos._attempt_lieutenant,
    FREED: Cartelitos._freed,
    QUARREL: Cartelitos._quarrel,
}
