"""The simulated country as a Mesa model."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np

from sim.model import estate, policy, uncertainty
from sim.model.agents import NOWHERE, Cartel, Person
from sim.model.chance import Chance, lineage
from sim.model.columns import (
    ABSORBED,
    ATTEMPT_KINGPIN,
    ATTEMPT_LIEUTENANT,
    BETRAYED,
    CARTEL,
    COUNT,
    DISSOLVED,
    ENTRY,
    FLOW,
    FREED,
    LEDGER,
    NATURAL,
    PLAZA,
    PUSH,
    QUARREL,
    RIVALS,
    TERRITORY,
    TIE,
    Array,
)  # fmt: skip
from sim.model.log import EventLog, Log
from sim.model.mechanisms.leadership import SUCCESS
from sim.model.mechanisms.movement import open_plaza
from sim.model.mechanisms.peace import add_tie
from sim.model.record import Calendar, Record
from sim.model.space import Map
from sim.model.state import State, start_plaza
from sim.model.week import week as run_week
from sim.model.worlds import World, load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Event, Scenario


class Removal(NamedTuple):
    """An emergent removal: at most one of each rank befalls a cartel in a week."""

    week: int
    row: int  # of the cartel
    rank: str  # "kingpin", "lieutenant", or "captive": the extradition that ends a kingpin's command from prison


class Cartelitos(mesa.Model):  # type: ignore[misc]
    """A country of cartels; one step is one week.

    Args:
        scenario: what to simulate.
        rng: the replicate's seed, a whole number below 2**64; the same seed is the same run, whatever else differs.
        world: another country than the one the scenario names.
        spared: a removal that does not happen: the twin of a run in which it did, with the same luck.

    Attributes:
        setting: the scenario (Mesa keeps `scenario` for its own kind).
        week: number of weeks done.
        cartels: every `Cartel` that ever was, by row.
    """

    def __init__(self, scenario: Scenario, rng: int = 1, world: World | None = None, spared: Removal | None = None) -> None:
        super().__init__(rng=int(rng))
        self.setting, self.seed, self.week, self.spared = scenario, int(rng), 0, spared
        folder = scenario_folder() / WORLDS
        self.world = world or _world(scenario.world, tuple(sorted(scenario.world_options.items())), folder, scenario.tables)
        self.parameters, members, self.effects, self.family = uncertainty.draw(scenario, self.world, folder, self.seed)
        self.chance = Chance(self.seed)
        self.calendar = _calendar(scenario.start, max(1, int(scenario.years * 365.2425 / 7)))
        self.clocks = self._read_clocks()
        self.state = State(self.world, self.parameters, members, self.clocks)
        self.policy = self._policy()
        self.record = Record(self.calendar)
        self.diary = Log()
        self.cartels: dict[int, Cartel] = {}
        self.inheritance = [0, 0, 0, 0]  # brokers asked and gained by splinters, allies asked and gained
        self._script = self._scripted()
        self._settle()

    # building ----------------------------------------------------------------------------------------------------------------

    def _policy(self) -> policy.Policy:
        w = self.world
        places = _places(w)
        founders = [seed.id for seed in w.cartels]
        return policy.build(self.setting.policy, self.effects, self.setting.start, self.calendar.weeks, places, founders)

    def _settle(self) -> None:
        """Give the founders of the world's table a body and a kingpin."""
        self.state.country.zone[:] = self.policy.place_zone
        for row, seed in enumerate(self.world.cartels):
            cartel = Cartel(self, row, seed.id)
            cartel.set(CARTEL.zone, self.policy.cartel_zone(seed.id))
            c = self.state.country
            home = int(c.plaza[PLAZA.faction, c.at[row, seed.base]])
            cartel.boss = Person(lineage(cartel.key, 0), home, 0)

    def _scripted(self) -> dict[int, list[Event]]:
        script: dict[int, list[Event]] = {}
        for event in self.setting.events:
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
        if self.week % 4 == 0:
            state.make_room()
        run_week(state.country, state.p, self.policy.cube, self.week, self.chance.seed, state.rent_reference)
        for kind, row, other, territory, size in state.happened():
            if (self.week, row, RANKS.get(kind)) == self.spared:
                self.log("spared", self.cartels[row], territory=territory)
            elif row < 0 or self.cartels[row].died is None:
                HANDLERS[kind](self, row, other, territory, size)
        for scripted in self._script.get(self.week, ()):
            self._play(scripted)
        if self.week in self.record.ends:
            self._record()
        if self.week % 52 == 51:
            self._grow_population()
        self.week += 1
        if self.week == self.calendar.weeks:
            self.running = False

    def run(self) -> None:
        """Step to the end of the scenario and close the ledger."""
        while self.running:
            self.step()
        self.state.country.flows[self.week - 1] = self.state.country.flow
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

    def _grow_population(self) -> None:
        """A year has passed: residents and the pool of young men grow."""
        t, growth = self.state.country.territory, 1.0 + self.clocks[3, self.week]
        t[TERRITORY.population] *= growth
        t[TERRITORY.pool_full] = np.floor(t[TERRITORY.pool_full] * growth)

    def _record(self) -> None:
        asked, followed, allies, stayed = self.inheritance
        shares = (followed / asked if asked else 0.0, stayed / allies if allies else 0.0)
        self.record.take(self.week, self.state.country, shares)

    # what happens to leaders -------------------------------------------------------------------------------------------------

    def remove_kingpin(self, cartel: Cartel, mode: str = "capture") -> None:
        """Take a kingpin out: "capture", "killing", "extradition" or "surrender"."""
        self.state.country.flow[FLOW.removals] += 1.0
        if mode == "extradition":
            self.state.country.flow[FLOW.extraditions] += 1.0
        self.log("removal", cartel, territory=int(cartel.get(CARTEL.seat)), size=cartel.members, cause=mode)
        cartel.lose_leader(mode)

    def _attempt(self, row: int, other: int, territory: int, size: float) -> None:
        """The state moved against a kingpin."""
        cartel = self.cartels[row]
        if size == SUCCESS:
            self.remove_kingpin(cartel, self._mode(cartel.key))
        else:
            self._repelled(cartel, territory, size)

    def _attempt_lieutenant(self, row: int, other: int, territory: int, size: float) -> None:
        """The state moved against a lieutenant."""
        cartel = self.cartels[row]
        if size != SUCCESS:
            self._repelled(cartel, territory, size)
        elif self.state.country.at[row, territory] >= 0:
            mode = self._mode(cartel.person(territory).key)
            self.state.country.flow[FLOW.removals] += 1.0
            self.log("removal", cartel, territory=territory, size=cartel.people(territory), cause=f"lieutenant {mode}")
            cartel.lose_lieutenant(territory, mode)

    def _repelled(self, cartel: Cartel, place: int, dead: float) -> None:
        """Local force beat the attempt back."""
        self.state.country.flow[FLOW.removals_failed] += 1.0
        self.log("removal_failed", cartel, territory=place, size=dead)

    def _mode(self, key: np.uint64) -> str:
        """How a removal happens: as a lever insists, or by the usual mix."""
        p = self.parameters
        u, v, _, _ = self.chance.block("leader.mode", self.week, key)
        effort = float(self.policy.cube[self.week, :, PUSH.kingpin_attempts].max()) if self.policy.modes else 0.0
        for weights, mode in self.policy.modes:
            v -= weights[self.week] / max(effort, 1e-9)
            if v < 0.0:
                return mode
        if u < p.killed_share:
            return "killing"
        return "surrender" if u < p.killed_share + p.surrender_share else "capture"

    def _betrayed(self, row: int, other: int, territory: int, size: float) -> None:
        self.remove_kingpin(self.cartels[row], "capture")

    def _natural(self, row: int, other: int, territory: int, size: float) -> None:
        self.log("death", self.cartels[row])
        self.cartels[row].lose_leader("natural")

    def _killed_by_rivals(self, row: int, other: int, territory: int, size: float) -> None:
        self.log("death", self.cartels[row], cause="rivals")
        self.cartels[row].lose_leader("rivals")

    def _freed(self, row: int, other: int, territory: int, size: float) -> None:
        self.cartels[row].freed_from_prison_command(size > 0.0)

    def _quarrel(self, row: int, other: int, territory: int, size: float) -> None:
        self.cartels[row].quarrel()

    # plazas, gangs and brokers -----------------------------------------------------------------------------------------------

    def _dissolved(self, row: int, other: int, territory: int, size: float) -> None:
        self.state.country.flow[FLOW.dissolutions] += 1.0
        self.log("dissolved", self.cartels[row], territory=territory, size=size)
        self.cartels[row].end()

    def _absorbed(self, row: int, other: int, territory: int, size: float) -> None:
        self.cartels[row].absorbed_by(self.cartels[other], territory, size)

    def _entry(self, row: int, other: int, territory: int, size: float) -> None:
        """A new local gang: people from the pool, a gun each, nobody to sell to abroad."""
        state = self.state
        place = state.country.territory_key[territory]
        state.make_room()
        c = state.country
        row = estate.found(c, state.p, lineage(place, self.week + 1), territory, NOWHERE)
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
        faction = state.new_faction(cartel.name)
        c.plaza[PLAZA.faction, plaza] = faction
        cartel.boss = Person(lineage(cartel.key, 1), faction, self.week)
        self.log("entry", cartel, territory=territory, size=size)

    # scripted events ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Cartel | None:
        """The living cartel of that name, if there is one."""
        return next((cartel for cartel in self.cartels.values() if cartel.name == name and cartel.died is None), None)

    def _play(self, event: Event) -> None:
        """A scripted event takes the same way as an emergent one; it is skipped, and logged, if its cartel is gone."""
        cartel, other = self.named(event.cartel), self.named(event.other or "")
        if cartel is None or (event.kind in ("alliance", "rupture") and other is None):
            self.diary.strangers.append((len(self.diary.lines), event.cartel))
            self.diary.lines.append((self.week, "skipped", -1, -1, -1, 0, event.kind))
        elif event.kind == "removal":
            self.remove_kingpin(cartel, event.mode or "capture")
        elif event.kind == "split":
            cartel.quarrel()
        elif other is not None:
            self._tie(cartel, other, event.kind == "alliance")

    def _tie(self, a: Cartel, b: Cartel, ally: bool) -> None:
        c = self.state.country
        rows = c.tie[:, : c.count[COUNT.ties]]
        between = ((rows[TIE.a] == a.row) & (rows[TIE.b] == b.row)) | ((rows[TIE.a] == b.row) & (rows[TIE.b] == a.row))
        keep = np.flatnonzero(~between)
        c.tie[:, : len(keep)] = rows[:, keep]
        c.count[COUNT.ties] = len(keep)
        if ally:
            add_tie(c, a.row, b.row, 1.0)
            add_tie(c, b.row, a.row, 1.0)
        self.log("alliance" if ally else "rupture", a, b)

    # telling -----------------------------------------------------------------------------------------------------------------

    def log(
        self,
        kind: str,
        cartel: Cartel,
        other: Cartel | None = None,
        territory: int = -1,
        size: float = 0.0,
        cause: str = "",
    ) -> None:
        """Add a line to the event log."""
        self.diary.lines.append((self.week, kind, cartel.row, -1 if other is None else other.row, territory, int(size), cause))

    @property
    def events(self) -> EventLog:
        """The log so far."""
        names = {row: cartel.name for row, cartel in self.cartels.items()}
        return self.diary.table(self.state.country, self.calendar.start, names, self.world.ids)

    @cached_property
    def space(self) -> Map:
        """Places, borders and cartels as Mesa's own viewers draw them."""
        return Map(self)

    @property
    def agents_by_type(self) -> Any:  # noqa: ANN401
        """Agents by class; calls up every leader first."""
        for cartel in [cartel for cartel in self.cartels.values() if cartel.died is None]:
            cartel.kingpin, cartel.lieutenants  # noqa: B018
        return super().agents_by_type


@lru_cache(maxsize=8)
def _world(name: str, options: tuple[tuple[str, int], ...], folder: Path, tables: str) -> World:
    """A world, read once per process; `tables` names the content of its files."""
    return load_world(name, dict(options), folder)


@lru_cache(maxsize=8)
def _places(world: World) -> policy.Places:
    return policy.Places(world.ids, world.states, world.population / world.population.sum())


_calendar = lru_cache(maxsize=8)(Calendar)

RANKS = {BETRAYED: "kingpin", ATTEMPT_KINGPIN: "kingpin", ATTEMPT_LIEUTENANT: "lieutenant", FREED: "captive"}

HANDLERS: dict[float, Callable[..., None]] = {
    ABSORBED: Cartelitos._absorbed,
    DISSOLVED: Cartelitos._dissolved,
    ENTRY: Cartelitos._entry,
    BETRAYED: Cartelitos._betrayed,
    NATURAL: Cartelitos._natural,
    ATTEMPT_KINGPIN: Cartelitos._attempt,
    ATTEMPT_LIEUTENANT: Cartelitos._attempt_lieutenant,
    FREED: Cartelitos._freed,
    QUARREL: Cartelitos._quarrel,
    RIVALS: Cartelitos._killed_by_rivals,
}
