"""Cartels and their leaders: who they are, and what happens when one of them falls.

Rare events are plain Python here, easy to read and to change; everything weekly is compiled over the arrays that these agents view.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np

from sim.model import estate
from sim.model.chance import lineage
from sim.model.columns import CARTEL, FLOW, PLAZA
from sim.model.mechanisms.succession import ALONE, heir, leaving, rout
from sim.model.stocks import ACCESS

if TYPE_CHECKING:
    from sim.model.model import Cartelitos

FREE, NOWHERE = "free", -1
STATUS = {
    "capture": "captured",
    "killing": "killed",
    "extradition": "extradited",
    "surrender": "surrendered",
    "natural": "dead",
    "rivals": "killed",
}


class Leader(mesa.Agent):  # type: ignore[misc]
    """The kingpin of a cartel, or the lieutenant who runs one of its plazas.

    Attributes:
        key: 64-bit lineage key; all luck of this person is addressed by it.
        rank: "kingpin" or "lieutenant".
        faction: the family or clan; its members decide together.
        since: week of appointment.
        status: "free", "captured", "killed", "extradited", "surrendered" or "dead".
    """

    def __init__(self, cartel: Cartel, key: np.uint64, faction: int, since: int, rank: str = "lieutenant") -> None:
        super().__init__(cartel.model)
        self.cartel, self.key, self.since, self.rank = cartel, key, since, rank
        self.faction: str = cartel.model.state.factions[faction]
        self.status = FREE

    @property
    def authority(self) -> float:
        """Standing among lieutenants, 0..1: born with the key."""
        return float(self.cartel.model.chance.uniform("leader.authority", 0, self.key))

    @property
    def tenure(self) -> int:
        """Weeks in office."""
        return int(self.cartel.model.week - self.since)

    @property
    def notoriety(self) -> float:
        """How visible this leader is to the state; a lieutenant is half as visible as the kingpin."""
        known = float(self.cartel.get(CARTEL.notoriety))
        return known if self.rank == "kingpin" else 0.5 * known


class Person(NamedTuple):
    """Who holds a post: enough to call up the agent when somebody asks."""

    key: np.uint64
    faction: int
    since: int


@dataclass(frozen=True)
class Occasion:
    """Why lieutenants are weighing loyalty: what it adds to their log-odds of leaving, and where the matter is hottest."""

    cause: str
    log_odds: float
    seat: int = NOWHERE


class Cell(NamedTuple):
    """Members of one plaza who leave: all of it but a loyal rest, or a part."""

    territory: int
    people: float
    band: float  # lieutenants of one band leave together; ALONE: an unknown captain of a cell inside the plaza


class Cartel(mesa.Agent):  # type: ignore[misc]
    """An armed organisation. Whether it is a *cartel* or a predatory *cell* follows from what it does.

    Attributes:
        row: column of the cartel table, never reused.
        name: id in the world's table, or the parent's name and a number.
        boss: who leads it; `kingpin` is the agent.
    """

    model: Cartelitos

    def __init__(self, model: Cartelitos, row: int, name: str, parent: Cartel | None = None, origin: str = "founder") -> None:
        super().__init__(model)
        self.row, self.name, self.parent, self.origin = row, name, parent, origin
        self.root: Cartel = parent.root if parent else self
        self.key: np.uint64 = model.state.country.cartel_key[row]
        self.boss = Person(self.key, 0, 0)
        self._kingpin: Leader | None = None
        self._staff: dict[int, Leader] = {}
        self.born, self.children = model.week, 0
        self.died: int | None = None
        model.cartels[row] = self

    # what it is --------------------------------------------------------------------------------------------------------------

    def get(self, column: int) -> float:
        """A quantity of this cartel's row."""
        return float(self.model.state.country.cartel[column, self.row])

    @property
    def members(self) -> int:
        """Living members who are not in prison."""
        return int(self.get(CARTEL.members))

    @property
    def seat(self) -> int:
        """Territory of the kingpin."""
        return int(self.get(CARTEL.seat))

    @property
    def cell(self) -> Any:  # noqa: ANN401
        """Its seat, as Mesa's own viewers place it."""
        return self.model.space[self.seat]

    @property
    def territories(self) -> list[str]:
        """Ids of the places where it is present."""
        return [self.model.world.ids[k] for k in self.places]

    @property
    def is_cell(self) -> bool:
        """A predatory cell: hardly any trafficking access, and most income from predation."""
        return self.get(CARTEL.access) < ACCESS and self.get(CARTEL.predation_income) >= self.get(CARTEL.traffic_income)

    @property
    def places(self) -> list[int]:
        """Territories where it holds a plaza, in order."""
        places: list[int] = (self.model.state.country.at[self.row] >= 0).nonzero()[0].tolist()
        return places

    @property
    def kingpin(self) -> Leader | None:
        """Its leader; None after it ended."""
        if self._kingpin is None and self.died is None:
            self._kingpin = Leader(self, *self.boss, "kingpin")
        return self._kingpin

    @property
    def lieutenants(self) -> dict[int, Leader]:
        """The leader of every plaza, by territory."""
        staff = {k: self.lieutenant(k) for k in self.places}
        for k in self._staff.keys() - staff.keys():
            self.dismiss(k)
        return staff

    def lieutenant(self, territory: int) -> Leader:
        """The leader of one plaza; the agent is called up when somebody asks."""
        person, known = self.person(territory), self._staff.get(territory)
        if known is None or known.since != person.since:
            self.dismiss(territory)
            known = self._staff[territory] = Leader(self, *person)
        return known

    def person(self, territory: int) -> Person:
        """Who runs a plaza follows from its row: faction and week of appointment."""
        c = self.model.state.country
        row = c.at[self.row, territory]
        since = int(c.plaza[PLAZA.since, row])
        return Person(lineage(self.key, c.territory_key[territory], since + 1), int(c.plaza[PLAZA.faction, row]), since)

    def dismiss(self, territory: int, status: str = "replaced") -> None:
        """A lieutenant's agent, if there is one, leaves the model."""
        known = self._staff.pop(territory, None)
        if known is not None:
            known.status = status
            known.remove()

    def people(self, territory: int) -> float:
        """Members in one place."""
        return float(self.model.state.country.plaza[PLAZA.members, self.model.state.country.at[self.row, territory]])

    # losing leaders ----------------------------------------------------------------------------------------------------------

    def lose_leader(self, mode: str) -> None:
        """The kingpin is captured, killed, extradited, surrenders, or dies: cohesion and patience suffer, then the succession."""
        p, shock = self.model.parameters, self.model.parameters.cohesion_shock
        if mode in ("capture", "extradition"):
            shock *= p.capture_shock
        if mode == "capture":  # he rules on from prison until he is extradited or forgotten
            shock *= 1.0 - p.prison_command
            self.set(CARTEL.captive, 1.0)
        if mode in ("surrender", "natural"):
            shock *= p.surrender_shock
        self.shake(shock, 0.0 if mode == "natural" else 1.0)
        if mode != "natural":
            self.rout()
        self.succeed(Occasion("succession", 0.0, self.seat), mode)

    def lose_lieutenant(self, territory: int, mode: str) -> None:
        """A plaza's lieutenant falls: a smaller shock, and his plaza may go its own way."""
        p = self.model.parameters
        self.dismiss(territory, STATUS[mode])
        part = 1.0 / max(1.0, self.get(CARTEL.plazas))
        self.shake(p.lieutenant_shock * p.cohesion_shock * part, part)
        self.promote(territory)
        self.weigh(Occasion("lieutenant", p.lieutenant_occasion, territory), only=territory)

    def freed_from_prison_command(self, extradited: bool) -> None:
        """The captive kingpin stops ruling from prison: the rest of the shock arrives."""
        p = self.model.parameters
        self.set(CARTEL.captive, 0.0)
        self.shake(p.cohesion_shock * p.capture_shock * p.prison_command, 0.5)
        if extradited:
            self.model.state.country.flow[FLOW.extraditions] += 1.0
            self.model.log("extradition", self)
        self.weigh(Occasion("extradition" if extradited else "prison", p.quarrel_occasion))

    def quarrel(self) -> None:
        """Nobody fell, yet loyalty is weighed (Gulf and Zetas, 2010)."""
        p = self.model.parameters
        self.weigh(Occasion("quarrel", p.quarrel_occasion, self.seat))

    def shake(self, shock: float, loss: float) -> None:
        """Lower cohesion by a share of itself and remember the loss of a leader."""
        self.set(CARTEL.cohesion, self.get(CARTEL.cohesion) * (1.0 - shock))
        self.set(CARTEL.losses, self.get(CARTEL.losses) + loss)

    def rout(self) -> None:
        """Where a much stronger enemy stands, men join the winner or go home, and that war ends."""
        model = self.model
        for winner, place, people in rout(model.state.country, model.state.p, self.row, model.week, model.chance.seed).T.tolist():
            model.log("rout", self, model.cartels[int(winner)], int(place), people)

    # succession --------------------------------------------------------------------------------------------------------------

    def succeed(self, occasion: Occasion, mode: str) -> None:
        """The kingpin is gone: choose an heir; the others stay, leave together, or change sides. Logs how contested he is, in percent."""
        state, model = self.model.state, self.model
        place, contested = heir(state.country, state.p, self.row, self.boss.faction, model.week, model.chance.seed)
        self.enthrone(place, STATUS[mode])
        luck = model.chance.uniform("succession.interregnum", model.week, self.key)
        self.set(CARTEL.vacancy, math.floor(-model.parameters.interregnum * math.log(luck) * contested))
        model.log("succession", self, size=100.0 * contested, cause=mode)
        self.weigh(occasion)

    def enthrone(self, place: int, fate: str) -> None:
        """A lieutenant becomes kingpin and makes his place the seat; somebody of his faction takes the post."""
        self.resign(fate)
        key, faction, _ = self.person(place)
        self.dismiss(place, "kingpin")
        self.set(CARTEL.seat, place)
        self.promote(place)
        self.boss = Person(key, faction, self.model.week)

    def resign(self, status: str) -> None:
        """The kingpin's agent, if there is one, leaves the model."""
        if self._kingpin is not None:
            self._kingpin.status = status
            self._kingpin.remove()
            self._kingpin = None

    def promote(self, territory: int) -> None:
        """A new lieutenant from the ranks, of the same faction, takes over a plaza."""
        c = self.model.state.country
        c.plaza[PLAZA.since, c.at[self.row, territory]] = self.model.week

    # leaving -----------------------------------------------------------------------------------------------------------------

    def weigh(self, occasion: Occasion, only: int = NOWHERE) -> None:
        """Everyone in command weighs loyalty; each band that leaves becomes a splinter, or joins a rival."""
        before = self.get(CARTEL.members)
        for band in self.bands_leaving(occasion, only):
            if sum(cell.people for cell in band) >= self.get(CARTEL.members):
                break
            if not self.defects(band):
                self.splinter(band, occasion)
        if self.get(CARTEL.members) < before:
            self.model.log("fragmentation", self, size=before - self.get(CARTEL.members), cause=occasion.cause)

    def bands_leaving(self, occasion: Occasion, only: int = NOWHERE) -> list[list[Cell]]:
        """Lieutenants of one faction whose plazas touch leave together; the others, and cells inside plazas, leave alone."""
        state, model = self.model.state, self.model
        movers = leaving(state.country, state.p, self.row, only, occasion.log_odds, occasion.seat, model.week, model.chance.seed)
        if movers.size == 0:
            return []
        cells = [Cell(int(place), people, band) for place, people, band in movers.T.tolist()]
        together = itertools.groupby((cell for cell in cells if cell.band != ALONE), key=lambda cell: cell.band)
        return [list(band) for _, band in together] + [[cell] for cell in cells if cell.band == ALONE]

    def defects(self, band: list[Cell]) -> bool:
        """A lone leaver may join the strongest rival present instead of standing alone."""
        state, model, (k, people, number) = self.model.state, self.model, band[0]
        if len(band) > 1 or number == ALONE:
            return False
        c = state.country
        here = range(c.first[k], c.first[k + 1])
        rivals = [i for i in here if c.plaza[PLAZA.cartel, i] not in (-1.0, float(self.row)) and c.plaza[PLAZA.members, i] > people]
        if not rivals or model.chance.uniform("succession.defect", model.week, self.person(k).key) >= model.parameters.defect:
            return False
        target = max(rivals, key=lambda i: (c.plaza[PLAZA.members, i], int(c.plaza_key[i])))
        estate.change_sides(c, self.row, k, target, people, model.week)
        self.dismiss(k, "left")
        model.log("defection", self, model.cartels[int(c.plaza[PLAZA.cartel, target])], k, people)
        return True

    def splinter(self, band: list[Cell], occasion: Occasion) -> Cartel:
        """A band becomes a cartel of its own: people, cash, guns and plazas move; brokers and allies choose."""
        state, model = self.model.state, self.model
        first, alone = max(band, key=lambda cell: cell.people), band[0].band == ALONE
        place = state.country.territory_key[band[0].territory]
        key, self.children = lineage(self.key, place, 2 * model.week + alone), self.children + 1
        state.make_room()
        c = state.country
        row = estate.found(c, state.p, key, first.territory, self.row)
        child = Cartel(model, row, f"{self.name}.{self.children}", self, occasion.cause)
        faction = state.new_faction(child.name) if alone else NOWHERE
        captain, faction = (lineage(child.key, 1), faction) if alone else self.person(first.territory)[:2]
        child.boss = Person(captain, faction, model.week)
        asked, gained, allies, won, fates = estate.secede(
            c, state.p, self.row, child.row, np.array(band).T.copy(), faction, model.week, model.chance.seed
        )
        model.inheritance = [old + new for old, new in zip(model.inheritance, (asked, gained, allies, won), strict=True)]
        for cell, fate in zip(band, fates.tolist(), strict=True):
            if not alone:
                self.dismiss(cell.territory, "left")
            if fate == estate.WAR:
                model.log("war", self, child, cell.territory, cause="succession")
        c.flow[FLOW.splits] += 1.0
        model.log("split", self, child, band[0].territory, sum(cell.people for cell in band), occasion.cause)
        return child

    # ending ------------------------------------------------------------------------------------------------------------------

    def absorbed_by(self, winner: Cartel, territory: int, people: float) -> None:
        """The last plaza was absorbed: everything else goes to the winner too."""
        self.model.state.country.flow[FLOW.absorptions] += 1.0
        self.model.log("absorbed", self, winner, territory, people, "last")
        self.end(winner)

    def end(self, heir: Cartel | None = None) -> None:
        """The cartel is no more."""
        estate.bequeath(self.model.state.country, self.row, heir.row if heir else NOWHERE)
        self.died = self.model.week
        self.resign("replaced")
        for k in list(self._staff):
            self.dismiss(k)
        self.remove()

    def set(self, column: int, value: float) -> None:
        """Write a quantity of this cartel's row."""
        self.model.state.country.cartel[column, self.row] = value

