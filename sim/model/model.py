"""The simulated country as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.elementary import interpolated
from sim.model import concert, policy, uncertainty
from sim.model.agents import NOWHERE, STATUS, Cartel
from sim.model.capacity import GROUPS
from sim.model.chance import Chance, lineage
from sim.model.clock import YEAR, Calendar
from sim.model.columns import CAPTIVE, CAUSE, KIND, KINGPIN, LIEUTENANT, NOBODY, Array, Cube, Spared, Stocks
from sim.model.fall import loss
from sim.model.log import CAUSES, EventLog, Log
from sim.model.lookup import tabulate
from sim.model.names import group_names
from sim.model.record import Record, collector, latest
from sim.model.relations import add_tie
from sim.model.space import Map
from sim.model.state import State
from sim.model.tables import tell
from sim.model.week import NOT_BEGUN, weeks
from sim.model.worlds import World, load_world
from sim.scenario import load
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
        scenario: what to simulate; a name, a path or a question is loaded.
        rng: the replicate's seed, a whole number below 2**64; the same seed is the same run, whatever else differs.
        world: another country than the one the scenario names.
        spared: a removal that does not happen: the twin of a run in which it did, with the same luck.
        rested: whether the first day is brought to rest (`opening.py`); False leaves that to whoever plays the run elsewhere.

    Attributes:
        setting: the scenario (Mesa keeps `scenario` for its own kind).
        week: number of weeks done.
        called: cartels of which agents of leaders have been called up.
        datacollector: reads every metric that is known by the week after each `step`, until another takes its place.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        rng: int = 1,
        world: World | None = None,
        spared: Removal | None = None,
        rested: bool = True,
    ) -> None:
        super().__init__(rng=int(rng))
        scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.setting, self.seed, self.week = scenario, int(rng), 0
        folder = scenario_folder() / WORLDS
        self.world = world or _world(scenario.world, tuple(sorted(scenario.world_options.items())), folder, scenario.tables)
        self.parameters, members, self.effects, self.family = uncertainty.draw(scenario, self.world, folder, self.seed)
        self.chance = Chance(self.seed)
        self.calendar = _calendar(scenario.start, scenario.weeks)
        self.clocks = _clocks(self.world, self.calendar)
        self.policy = self._policy()
        self.record = Record(self.calendar)
        self.state = State(self.world, self.parameters, members, self._course(spared), rested)
        self.log = Log(self.state)
        self.datacollector = self._own_collector = collector()
        self._latest: tuple[int, dict[str, float]] = -1, {}
        self.called: set[Cartel] = set()
        self._cartels: dict[int, Cartel] = {}  # empty until somebody looks
        self._names: list[str] = []
        self._dead = 0  # of cartels that ended, how many have left
        self._script = self._scripted()
        self._turns = self._turning()
        self._crown_founders()

    # building ----------------------------------------------------------------------------------------------------------------

    def _policy(self) -> policy.Policy:
        w = self.world
        places = _places(w)
        founders = [seed.id for seed in w.cartels]
        return policy.build(self.setting.policy, self.effects, self.setting.start, self.calendar.weeks, places, founders)

    def _course(self, spared: Removal | None) -> dict[str, Any]:
        """What a run takes along from week to week, as fields of the country."""
        modes = self.policy.modes
        return {
            "seed": self.chance.seed,
            "clocks": self.clocks,
            "aligned": _aligned(self.world, self.calendar),
            "cube": Cube(self.policy.cube),
            "insisting": np.array([weights for weights, _ in modes]).reshape(-1, self.calendar.weeks).T.copy(),
            "modes": np.array([getattr(CAUSE, way) for _, way in modes], np.int64),
            "spared": Spared.of(spared.week, spared.row, RANKS[spared.rank]) if spared else Spared.of(NOWHERE, NOWHERE, 0),
            "ends": self.calendar.ends,
            "stocks": Stocks(self.record.stocks),
        }

    def _crown_founders(self) -> None:
        """Place the founders of the world's table under policy, and give them a kingpin."""
        c = self.state.country
        c.zone[:] = self.policy.place_zone
        for row, seed in enumerate(self.world.cartels):
            c.cartel.zone[row] = self.policy.cartel_zone(seed.id)
            c.boss_key[row] = lineage(c.cartel_key[row], 0)
            c.cartel.boss_faction[row] = c.plaza.faction[c.at[row, seed.base]]

    def _scripted(self) -> dict[int, list[Event]]:
        script: dict[int, list[Event]] = {}
        for event in self.setting.events:
            if event.date >= self.calendar.start:
                script.setdefault(self.calendar.week(event.date), []).append(event)
        return script

    def _turning(self) -> dict[int, dict[str, float]]:
        """What parameters become after the start, by week."""
        turns: dict[int, dict[str, float]] = {}
        for name, steps in self.setting.dated.items():
            for day, value in steps:
                if day > self.calendar.start:
                    turns.setdefault(-((self.calendar.start - day).days // 7), {})[name] = value
        return turns

    # the week ----------------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One week: policy presses, the compiled week runs with whatever happened to leaders, and agents follow."""
        self._play(min(self.week + 1, self.calendar.weeks))
        if self._own_collector is self.datacollector:
            self.datacollector.collect(self)

    def run(self) -> None:
        """Play to the end of the scenario and close the ledger; week by week if leaders have been called up, as agents follow."""
        while self.running:
            began = self.week
            self._play(began + 1 if self.called else self.calendar.weeks)
            self.steps += self.week - began
        self.state.country.flows[self.week - 1] = self.state.country.flow.values
        self.state.close_ledger()

    def _play(self, last: int) -> None:
        """Play to the beginning of week `last`.

        Compiled code comes back where a table is full, for scripted events, and once a year, since nobody hears Ctrl-C meanwhile.
        """
        state, played = self.state, NOT_BEGUN
        while self.week < last:
            if self.week in self._turns:
                self._turn(self._turns.pop(self.week))
            state.week, pause, stop = self.week, min(self._script, default=NOWHERE), min(last, self.week + YEAR, *self._turns)
            self.week, played = weeks(state.country, self.week, played, stop, pause)
            if self.week < stop:
                self._go_between(played)
        state.week = self.week - 1
        self._catch_up(self.week - 1)
        self.running = self.week < self.calendar.weeks

    def _turn(self, values: dict[str, float]) -> None:
        """Parameters that change by date."""
        for name, value in values.items():
            setattr(self.state.country.p, name, value)
        tabulate(self.state.country)

    def _go_between(self, played: int) -> None:
        """What compiled weeks come back for after so many events of a week: room in the tables, or scripted events."""
        state = self.state
        if played == NOT_BEGUN:
            state.make_room()
        elif played < state.country.count.events:
            state.make_room(self._offspring(int(state.country.event.cartel[played])))
        else:
            self._catch_up(self.week)
            for event in self._script.pop(self.week):
                self._happen(event)

    def release(self) -> None:
        """Let go of everything large; Mesa before 3.4 keeps every model alive in a class-level table."""
        self.remove_all_agents()
        self._cartels.clear()
        self.called.clear()
        ids: dict[Any, Any] | None = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)
        del self.state, self.policy, self.record

    # what happens to leaders -------------------------------------------------------------------------------------------------

    def remove_kingpin(self, cartel: Cartel, mode: str = "capture") -> None:
        """Take a kingpin out: "capture", "killing", "extradition" or "surrender"."""
        self._act(loss.remove_kingpin, cartel.row, getattr(CAUSE, mode))

    def quarrel(self, cartel: Cartel) -> None:
        """Let everyone in command of a cartel weigh loyalty."""
        self._act(loss.quarrel, cartel.row)

    def _act(self, function: Callable[..., object], row: int, *arguments: int) -> None:
        state = self.state
        state.make_room(self._offspring(row))
        state.country.now.week = self.week
        function(state.country, row, *arguments)
        self._catch_up(self.week)

    def _offspring(self, row: int) -> int:
        """New groups that may come of one event of a cartel, at most, or a few dozen."""
        return max(GROUPS, 1 + int(self.state.country.cartel.plazas[row])) if row >= 0 else GROUPS

    def _catch_up(self, week: int) -> None:
        """Agents follow what happened by the end of a week: leaders who were called up and fell leave, and so do groups that ended."""
        if self.called:
            fates = self._fates(week)
            for cartel in list(self.called):
                cartel.look_again(fates)
        if self._cartels:
            self._sync_agents()

    def _sync_agents(self) -> None:
        """Groups that were born since somebody last looked get an agent, those that ended lose theirs."""
        c = self.state.country
        for row, name in enumerate(self.names[len(self._cartels) :], len(self._cartels)):
            self._cartels[row] = Cartel(self, row, name, self._cartels.get(int(c.cartel.parent[row])))
        if c.count.dead > self._dead:
            self._dead = int(c.count.dead)
            for row, cartel in self._cartels.items():
                if c.cartel.alive[row] == 0:
                    cartel.remove()

    def _fates(self, week: int) -> dict[tuple[int, int], str]:
        """What a week's log says of leaders who lost their post, by row of the cartel and place, NOWHERE for the kingpin."""
        found = {}
        for _, kind, row, _, place, _, cause in self.log.of_week(week).T.tolist():
            if kind == KIND.succession:
                found[row, NOWHERE] = STATUS[CAUSES[cause]]
            elif kind == KIND.removal and CAUSES[cause].startswith("lieutenant "):
                found[row, place] = STATUS[CAUSES[cause].removeprefix("lieutenant ")]
            elif kind in (KIND.defection, KIND.split):
                found[row, place] = "left"
        return found

    # scripted events ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Cartel | None:
        """The living cartel of that name, if there is one."""
        row = self._find(name)
        return None if row == NOWHERE else self.cartels[row]

    def _find(self, name: str | None) -> int:
        """Row of the living cartel of that name, NOWHERE if there is none."""
        alive = self.state.country.cartel.alive
        return next((row for row, known in enumerate(self.names) if known == name and alive[row] > 0.0), NOWHERE)

    def _happen(self, event: Event) -> None:
        """A scripted event takes the same way as an emergent one; it is skipped, and logged, if its cartel is gone."""
        row, other = self._find(event.cartel), self._find(event.other)
        if event.kind == "removal":
            row = self._remove(event, row)
        if row == NOWHERE or (event.kind in ("alliance", "rupture") and other == NOWHERE):
            self.log.strangers.append((int(self.state.country.count.lines), event.cartel))
            self._log(KIND.skipped, NOWHERE, NOWHERE, getattr(CAUSE, event.kind))
        elif event.kind == "split":
            self._act(loss.quarrel, row)
        elif other != NOWHERE:
            self._tie(row, other, event.kind == "alliance")

    def _remove(self, event: Event, row: int) -> int:
        """A leader falls: of the living cartel in `row`, or of the family or wing that the event names. The cartel's row, or NOWHERE.

        The largest living group that a family heads loses its kingpin; a family that heads none, and a cartel that shall lose a
        lieutenant, the head of its largest plaza.
        """
        c, faction = self.state.country, NOBODY
        if row == NOWHERE and event.cartel in self.state.factions:
            faction = self.state.factions.index(event.cartel)
            headed = np.flatnonzero((c.cartel.boss_faction == faction) & (c.cartel.alive > 0.0))
            row = int(headed[c.cartel.members[headed].argmax()]) if headed.size else NOWHERE
        mode = getattr(CAUSE, event.mode or "capture")
        if row != NOWHERE and event.rank != "lieutenant":
            self._act(loss.remove_kingpin, row, mode)
            return row
        plaza = c.plaza[: c.count.plazas]
        own = (plaza.cartel == row) if row != NOWHERE else (plaza.faction == faction)
        held = np.flatnonzero(own & (plaza.cartel >= 0) & (plaza.members > 0.0)) if row != NOWHERE or faction != NOBODY else own[:0]
        if not held.size:
            return NOWHERE
        largest = held[plaza.members[held].argmax()]
        row = int(plaza.cartel[largest])
        self._act(loss.remove_lieutenant, row, int(plaza.territory[largest]), mode)
        return row

    def _tie(self, a: int, b: int, ally: bool) -> None:
        c = self.state.country
        rows = c.tie[: c.count.ties]
        between = ((rows.a == a) & (rows.b == b)) | ((rows.a == b) & (rows.b == a))
        keep = np.flatnonzero(~between)
        c.tie[: len(keep)] = rows[keep]
        c.count.ties = len(keep)
        if ally:
            add_tie(c, a, b, 1.0)
            add_tie(c, b, a, 1.0)
        self._log(KIND.alliance if ally else KIND.rupture, a, b, CAUSE.none)

    def _log(self, kind: int, row: int, other: int, cause: int) -> None:
        """Add a line about a scripted event."""
        self.state.make_room()
        self.state.country.now.week = self.week
        tell(self.state.country, kind, row, other, NOWHERE, 0.0, cause)

    # telling -----------------------------------------------------------------------------------------------------------------

    @property
    def events(self) -> EventLog:
        """The log so far."""
        return self.log.table(self.calendar.start, self.names, self.world.ids)

    @property
    def names(self) -> list[str]:
        """Names of all groups that ever were, by row."""
        if len(self._names) < self.state.country.count.cartels:
            self._names = group_names(self.state.country, self.world, self.calendar)
        return self._names

    def faction(self, number: int) -> str:
        """Name of a family or clan: from the world's table, or that of the group with which it was founded."""
        known = self.state.factions
        return known[number] if number < len(known) else self.names[int((self.state.country.cartel.clan == number).argmax())]

    # agents ------------------------------------------------------------------------------------------------------------------

    @property
    def cartels(self) -> dict[int, Cartel]:
        """Every `Cartel` that ever was, by row."""
        self._sync_agents()
        return self._cartels

    @property
    def agents(self) -> AgentSet:
        """Living cartels, and the leaders who have been called up."""
        self._sync_agents()
        return super().agents

    @property
    def agent_types(self) -> list[type]:
        """Classes of which there are agents."""
        self._sync_agents()
        return list(super().agent_types)

    @property
    def agents_by_type(self) -> Any:  # noqa: ANN401
        """Agents by class; calls up every leader first."""
        for cartel in [cartel for cartel in self.cartels.values() if cartel.died is None]:
            cartel.kingpin, cartel.lieutenants  # noqa: B018
        return super().agents_by_type

    @property
    def latest(self) -> dict[str, float]:
        """Flows of the week that was played last, and stocks now, by metric."""
        if self._latest[0] != self.week:
            self._latest = self.week, latest(self.state, int(self.calendar.first[max(0, self.week - 1)]))
        return self._latest[1]

    @cached_property
    def space(self) -> Map:
        """Places, borders and cartels as Mesa's own viewers draw them."""
        return Map(self.world, self.random, lambda: [cartel for cartel in self.cartels.values() if cartel.died is None])


@lru_cache(maxsize=8)
def _world(name: str, options: tuple[tuple[str, int], ...], folder: Path, tables: str) -> World:
    """A world, read once per process; `tables` names the content of its files."""
    return load_world(name, dict(options), folder)


@lru_cache(maxsize=8)
def _clocks(world: World, calendar: Calendar) -> Array:
    """Outside series by week: [revenue, synthetic share, background, growth, output, custody]; a year's value holds in mid-year."""
    names = ("revenue", "synthetic_share", "background_trend", "population_growth", "output", "custody")
    return np.array([interpolated(calendar.years, world.clocks["years"] + 0.5, world.clocks[name]) for name in names])


@lru_cache(maxsize=8)
def _places(world: World) -> policy.Places:
    return policy.Places(world.ids, world.states, world.population / world.population.sum())


_aligned = lru_cache(maxsize=8)(concert.aligned)
_calendar = lru_cache(maxsize=8)(Calendar)

RANKS = {"kingpin": KINGPIN, "lieutenant": LIEUTENANT, "captive": CAPTIVE}
