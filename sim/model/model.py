"""The simulated country as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.model import falls, policy, uncertainty
from sim.model.agents import NOWHERE, STATUS, Cartel
from sim.model.chance import Chance, lineage
from sim.model.columns import CARTEL, CAUSE, COUNT, EVENT, LINE, PLAZA, TIE, Array
from sim.model.log import CAUSES, EventLog, Log
from sim.model.mechanisms.peace import add_tie
from sim.model.names import group_names
from sim.model.record import Calendar, Record
from sim.model.room import GROUPS
from sim.model.space import Map
from sim.model.state import State
from sim.model.tables import tell
from sim.model.week import NOT_BEGUN, YEAR, Course, weeks
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
        called: cartels of which agents of leaders have been called up.
    """

    def __init__(self, scenario: Scenario, rng: int = 1, world: World | None = None, spared: Removal | None = None) -> None:
        super().__init__(rng=int(rng))
        self.setting, self.seed, self.week = scenario, int(rng), 0
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
        self.called: set[Cartel] = set()
        self._cartels: dict[int, Cartel] = {}  # empty until somebody looks
        self._names: list[str] = []
        self._dead = 0  # of cartels that ended, how many have left
        self._script = self._scripted()
        self._course = self._embark(spared)
        self._settle()

    # building ----------------------------------------------------------------------------------------------------------------

    def _policy(self) -> policy.Policy:
        w = self.world
        places = _places(w)
        founders = [seed.id for seed in w.cartels]
        return policy.build(self.setting.policy, self.effects, self.setting.start, self.calendar.weeks, places, founders)

    def _embark(self, spared: Removal | None) -> Course:
        modes = self.policy.modes
        insisting = np.array([weights for weights, _ in modes]).reshape(-1, self.calendar.weeks).T.copy()
        ways = np.array([getattr(CAUSE, way) for _, way in modes], np.int64)
        never = falls.Spared(NOWHERE, NOWHERE, 0)
        leader = falls.Spared(spared.week, spared.row, RANKS[spared.rank]) if spared else never
        ends, stocks, reference = self.calendar.ends, self.record.stocks, self.state.rent_reference
        return Course(self.policy.cube, insisting, ways, leader, ends, stocks, self.chance.seed, reference)

    def _settle(self) -> None:
        """Place the founders of the world's table under policy, and give them a kingpin."""
        c = self.state.country
        c.zone[:] = self.policy.place_zone
        for row, seed in enumerate(self.world.cartels):
            c.cartel[CARTEL.zone, row] = self.policy.cartel_zone(seed.id)
            c.boss_key[row] = lineage(c.cartel_key[row], 0)
            c.cartel[CARTEL.boss_faction, row] = c.plaza[PLAZA.faction, c.at[row, seed.base]]

    def _scripted(self) -> dict[int, list[Event]]:
        script: dict[int, list[Event]] = {}
        for event in self.setting.events:
            if event.date >= self.calendar.start:
                script.setdefault(self.calendar.week(event.date), []).append(event)
        return script

    # the week ----------------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One week: policy presses, the compiled week runs with whatever happened to leaders, and agents follow."""
        self._play(min(self.week + 1, self.calendar.weeks))

    def run(self) -> None:
        """Play to the end of the scenario and close the ledger; week by week if leaders have been called up, as agents follow."""
        while self.running:
            began = self.week
            self._play(began + 1 if self.called else self.calendar.weeks)
            self.steps += self.week - began
        self.state.country.flows[self.week - 1] = self.state.country.flow
        self.state.close_ledger()

    def _play(self, last: int) -> None:
        """Play to the beginning of week `last`.

        Compiled code comes back where a table is full, for scripted events, and once a year, since nobody hears Ctrl-C meanwhile.
        """
        state, played = self.state, NOT_BEGUN
        while self.week < last:
            state.week, pause, stop = self.week, min(self._script, default=NOWHERE), min(last, self.week + YEAR)
            self.week, played = weeks(state.country, state.p, self._course, self.week, played, stop, pause)
            if self.week < stop:
                self._go_between(played)
        state.week = self.week - 1
        self._catch_up(self.week - 1)
        self.running = self.week < self.calendar.weeks

    def _go_between(self, played: int) -> None:
        """What compiled weeks come back for after so many events of a week: room in the tables, or scripted events."""
        state = self.state
        if played == NOT_BEGUN:
            state.make_room()
        elif played < state.country.count[COUNT.events]:
            state.make_room(self._offspring(int(state.country.event[EVENT.cartel, played])))
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
        del self.state, self.policy, self.record, self._course

    def _read_clocks(self) -> Array:
        """Outside series by week: [revenue, synthetic share, background trend, population growth]; a year's value holds in mid-year."""
        clocks, calendar = self.world.clocks, self.calendar
        start = calendar.start.year + (calendar.start.timetuple().tm_yday - 1) / 365.25
        now = start + np.arange(calendar.weeks) * 7.0 / 365.2425
        names = ("revenue", "synthetic_share", "background_trend", "population_growth")
        return np.array([np.interp(now, clocks["years"] + 0.5, clocks[name]) for name in names])

    # what happens to leaders -------------------------------------------------------------------------------------------------

    def remove_kingpin(self, cartel: Cartel, mode: str = "capture") -> None:
        """Take a kingpin out: "capture", "killing", "extradition" or "surrender"."""
        self._act(falls.remove_kingpin, cartel.row, getattr(CAUSE, mode))

    def quarrel(self, cartel: Cartel) -> None:
        """Let everyone in command of a cartel weigh loyalty."""
        self._act(falls.quarrel, cartel.row)

    def _act(self, function: Callable[..., object], row: int, *arguments: int) -> None:
        state = self.state
        state.make_room(self._offspring(row))
        function(state.country, state.p, row, *arguments, self.week, self.chance.seed)
        self._catch_up(self.week)

    def _offspring(self, row: int) -> int:
        """New groups that may come of one event of a cartel, at most, or a few dozen."""
        return max(GROUPS, 1 + int(self.state.country.cartel[CARTEL.plazas, row])) if row >= 0 else GROUPS

    def _catch_up(self, week: int) -> None:
        """Agents follow what happened by the end of a week: leaders who were called up and fell leave, and so do groups that ended."""
        if self.called:
            fates = self._fates(week)
            for cartel in list(self.called):
                cartel.look_again(fates)
        if self._cartels:
            self._embody()

    def _embody(self) -> None:
        """Groups that were born since somebody last looked get an agent, those that ended lose theirs."""
        c = self.state.country
        for row, name in enumerate(self.names[len(self._cartels) :], len(self._cartels)):
            self._cartels[row] = Cartel(self, row, name, self._cartels.get(int(c.cartel[CARTEL.parent, row])))
        if c.count[COUNT.dead] > self._dead:
            self._dead = int(c.count[COUNT.dead])
            for row, cartel in self._cartels.items():
                if c.cartel[CARTEL.alive, row] == 0.0:
                    cartel.remove()

    def _fates(self, week: int) -> dict[tuple[int, int], str]:
        """What a week's log says of leaders who lost their post, by row of the cartel and place, NOWHERE for the kingpin."""
        found = {}
        for kind, row, _, place, _, cause in self.diary.of_week(week)[EVENT.kind :].T.tolist():
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
        row = self._find(name)
        return None if row == NOWHERE else self.cartels[row]

    def _find(self, name: str | None) -> int:
        """Row of the living cartel of that name, NOWHERE if there is none."""
        alive = self.state.country.cartel[CARTEL.alive]
        return next((row for row, known in enumerate(self.names) if known == name and alive[row] > 0.0), NOWHERE)

    def _happen(self, event: Event) -> None:
        """A scripted event takes the same way as an emergent one; it is skipped, and logged, if its cartel is gone."""
        row, other = self._find(event.cartel), self._find(event.other)
        if row == NOWHERE or (event.kind in ("alliance", "rupture") and other == NOWHERE):
            self.diary.strangers.append((int(self.state.country.count[COUNT.lines]), event.cartel))
            self._log(LINE.skipped, NOWHERE, NOWHERE, getattr(CAUSE, event.kind))
        elif event.kind == "removal":
            self._act(falls.remove_kingpin, row, getattr(CAUSE, event.mode or "capture"))
        elif event.kind == "split":
            self._act(falls.quarrel, row)
        elif other != NOWHERE:
            self._tie(row, other, event.kind == "alliance")

    def _tie(self, a: int, b: int, ally: bool) -> None:
        c = self.state.country
        rows = c.tie[:, : c.count[COUNT.ties]]
        between = ((rows[TIE.a] == a) & (rows[TIE.b] == b)) | ((rows[TIE.a] == b) & (rows[TIE.b] == a))
        keep = np.flatnonzero(~between)
        c.tie[:, : len(keep)] = rows[:, keep]
        c.count[COUNT.ties] = len(keep)
        if ally:
            add_tie(c, a, b, 1.0)
            add_tie(c, b, a, 1.0)
        self._log(LINE.alliance if ally else LINE.rupture, a, b, CAUSE.none)

    def _log(self, kind: int, row: int, other: int, cause: int) -> None:
        """Add a line about a scripted event."""
        self.state.make_room()
        tell(self.state.country, self.week, kind, row, other, NOWHERE, 0.0, cause)

    # telling -----------------------------------------------------------------------------------------------------------------

    @property
    def events(self) -> EventLog:
        """The log so far."""
        return self.diary.table(self.calendar.start, self.names, self.world.ids)

    @property
    def names(self) -> list[str]:
        """Names of all groups that ever were, by row."""
        if len(self._names) < self.state.country.count[COUNT.cartels]:
            self._names = group_names(self.state.country, self.world, self.calendar)
        return self._names

    def faction(self, number: int) -> str:
        """Name of a family or clan: from the world's table, or that of the group with which it was founded."""
        known = self.state.factions
        return known[number] if number < len(known) else self.names[int((self.state.country.cartel[CARTEL.clan] == number).argmax())]

    # agents ------------------------------------------------------------------------------------------------------------------

    @property
    def cartels(self) -> dict[int, Cartel]:
        """Every `Cartel` that ever was, by row."""
        self._embody()
        return self._cartels

    @property
    def agents(self) -> AgentSet:
        """Living cartels, and the leaders who have been called up."""
        self._embody()
        return super().agents

    @property
    def agent_types(self) -> list[type]:
        """Classes of which there are agents."""
        self._embody()
        return list(super().agent_types)

    @property
    def agents_by_type(self) -> Any:  # noqa: ANN401
        """Agents by class; calls up every leader first."""
        for cartel in [cartel for cartel in self.cartels.values() if cartel.died is None]:
            cartel.kingpin, cartel.lieutenants  # noqa: B018
        return super().agents_by_type

    @cached_property
    def space(self) -> Map:
        """Places, borders and cartels as Mesa's own viewers draw them."""
        return Map(self)


@lru_cache(maxsize=8)
def _world(name: str, options: tuple[tuple[str, int], ...], folder: Path, tables: str) -> World:
    """A world, read once per process; `tables` names the content of its files."""
    return load_world(name, dict(options), folder)


@lru_cache(maxsize=8)
def _places(world: World) -> policy.Places:
    return policy.Places(world.ids, world.states, world.population / world.population.sum())


_calendar = lru_cache(maxsize=8)(Calendar)

RANKS = {"kingpin": falls.KINGPIN, "lieutenant": falls.LIEUTENANT, "captive": falls.CAPTIVE}
