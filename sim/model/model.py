"""The simulated country as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np

from sim.model import falls, policy, uncertainty
from sim.model.agents import NOWHERE, STATUS, Cartel
from sim.model.chance import Chance, lineage
from sim.model.columns import CARTEL, CAUSE, COUNT, EVENT, LINE, PLAZA, TERRITORY, TIE, Array
from sim.model.log import CAUSES, EventLog, Log
from sim.model.mechanisms.peace import add_tie
from sim.model.record import Calendar, Record
from sim.model.space import Map
from sim.model.state import State
from sim.model.tables import tell
from sim.model.week import whole_week
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
        called: cartels of which agents of leaders have been called up.
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
        self.diary = Log(self.state)
        self.cartels: dict[int, Cartel] = {}
        self.called: set[Cartel] = set()
        self._dead = 0  # of cartels that ended, how many have left
        self._insisting = np.array([weights for weights, _ in self.policy.modes]).reshape(-1, self.calendar.weeks).T.copy()
        self._modes = np.array([getattr(CAUSE, mode) for _, mode in self.policy.modes], np.int64)
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
            c.boss_key[row] = lineage(cartel.key, 0)
            cartel.set(CARTEL.boss_faction, home)

    def _scripted(self) -> dict[int, list[Event]]:
        script: dict[int, list[Event]] = {}
        for event in self.setting.events:
            script.setdefault(self.calendar.week(event.date), []).append(event)
        return script

    # the week ----------------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One week: policy presses, the compiled week runs with whatever happened to leaders, and agents follow."""
        state = self.state
        if self.week >= self.calendar.weeks:
            self.running = False
            return
        state.week = self.week
        if self.week % 4 == 0:
            state.make_room()
        levers = self._insisting, self._modes
        cube, seed = self.policy.cube, self.chance.seed
        played = whole_week(state.country, state.p, cube, self.week, seed, state.rent_reference, *levers, *self._spared())
        if state.country.count[COUNT.events]:
            self._play_on(played)
            self._catch_up()
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
        self.called.clear()
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
        self.record.take(self.week, self.state.country)

    # what happens to leaders -------------------------------------------------------------------------------------------------

    def remove_kingpin(self, cartel: Cartel, mode: str = "capture") -> None:
        """Take a kingpin out: "capture", "killing", "extradition" or "surrender"."""
        self._act(falls.remove_kingpin, cartel, getattr(CAUSE, mode))

    def quarrel(self, cartel: Cartel) -> None:
        """Let everyone in command of a cartel weigh loyalty."""
        self._act(falls.quarrel, cartel)

    def _act(self, function: Callable[..., object], cartel: Cartel, *arguments: int) -> None:
        state = self.state
        state.make_room(self._offspring(cartel.row))
        function(state.country, state.p, cartel.row, *arguments, self.week, self.chance.seed)
        self._catch_up()

    def _play_on(self, first: int) -> None:
        """Play the events of the week from number `first` on: the tables had no room for what it may add."""
        state = self.state
        while first < state.country.count[COUNT.events]:
            state.make_room(self._offspring(int(state.country.event[EVENT.cartel, first])))
            levers = self._insisting[self.week], self._modes
            push = self.policy.cube[self.week]
            first = falls.play(state.country, state.p, push, *levers, self.week, self.chance.seed, first, *self._spared())

    def _offspring(self, row: int) -> int:
        """New groups that may come of one event of a cartel, at most, or a few dozen."""
        return max(64, 1 + int(self.state.country.cartel[CARTEL.plazas, row])) if row >= 0 else 64

    def _spared(self) -> tuple[int, int]:
        """Row and rank of the leader to whom nothing happens this week."""
        spared = self.spared
        return (spared.row, RANKS[spared.rank]) if spared is not None and spared.week == self.week else (NOWHERE, 0)

    def _catch_up(self) -> None:
        """Groups that were born get an agent and a name, those that ended lose theirs, and so do leaders who were called up and fell."""
        c = self.state.country
        cartels, dead = int(c.count[COUNT.cartels]), int(c.count[COUNT.dead])
        if cartels > len(self.cartels):
            born = c.cartel[:, len(self.cartels) : cartels]
            for parent, origin, seat, faction in born[[CARTEL.parent, CARTEL.origin, CARTEL.seat, CARTEL.boss_faction]].T.tolist():
                self._embody(int(parent), CAUSES[int(origin)], int(seat), int(faction))
        if self.called:
            fates = self._fates()
            for cartel in list(self.called):
                cartel.look_again(fates)
        if dead > self._dead:
            self._dead = dead
            alive, ended = c.cartel[CARTEL.alive, :cartels], c.cartel[CARTEL.ended, :cartels]
            for row in ((alive == 0.0) & (ended == self.week)).nonzero()[0].tolist():
                self.cartels[row].remove()

    def _embody(self, row: int, origin: str, seat: int, faction: int) -> None:
        """An agent for a new group that left the cartel `row`: called after its parent, or after its place and time."""
        parent = self.cartels.get(row)
        if parent is None:
            year = self.calendar.day(self.week).year
            name = f"{self.world.ids[seat].lower()}-{year}-w{self.week}"
        else:
            parent.children += 1
            name = f"{parent.name}.{parent.children}"
        Cartel(self, len(self.cartels), name, parent, origin)
        if faction == len(self.state.factions):
            self.state.name_faction(name)

    def _fates(self) -> dict[tuple[int, int], str]:
        """What this week's log says of leaders who lost their post, by row of the cartel and place, NOWHERE for the kingpin."""
        found = {}
        for kind, row, _, place, _, cause in self.diary.of_week(self.week)[EVENT.kind :].T.tolist():
            if kind == LINE.succession:
                found[row, NOWHERE] = STATUS[CAUSES[cause]]
            elif kind == LINE.removal and CAUSES[cause].startswith("lieutenant "):
                found[row, place] = STATUS[CAUSES[cause].removeprefix("lieutenant ")]
            elif kind in (LINE.defection, LINE.split):
                found[row, place] = "left"
        return found

    # scripted events ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Cartel | None:
        """The living cartel of that name, if there is one."""
        return next((cartel for cartel in self.cartels.values() if cartel.name == name and cartel.died is None), None)

    def _play(self, event: Event) -> None:
        """A scripted event takes the same way as an emergent one; it is skipped, and logged, if its cartel is gone."""
        cartel, other = self.named(event.cartel), self.named(event.other or "")
        if cartel is None or (event.kind in ("alliance", "rupture") and other is None):
            self.diary.strangers.append((int(self.state.country.count[COUNT.lines]), event.cartel))
            self._log(LINE.skipped, NOWHERE, NOWHERE, getattr(CAUSE, event.kind))
        elif event.kind == "removal":
            self.remove_kingpin(cartel, event.mode or "capture")
        elif event.kind == "split":
            self.quarrel(cartel)
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
        self._log(LINE.alliance if ally else LINE.rupture, a.row, b.row, CAUSE.none)

    def _log(self, kind: int, row: int, other: int, cause: int) -> None:
        """Add a line about a scripted event."""
        self.state.make_room()
        tell(self.state.country, self.week, kind, row, other, NOWHERE, 0.0, cause)

    # telling -----------------------------------------------------------------------------------------------------------------

    @property
    def events(self) -> EventLog:
        """The log so far."""
        names = {row: cartel.name for row, cartel in self.cartels.items()}
        return self.diary.table(self.calendar.start, names, self.world.ids)

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

RANKS = {"kingpin": falls.KINGPIN, "lieutenant": falls.LIEUTENANT, "captive": falls.CAPTIVE}
