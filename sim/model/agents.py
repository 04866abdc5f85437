"""Cartels and their leaders as Mesa agents: views of the rows over which everything is compiled.

Agents are called up when somebody asks for them: those of cartels all at once, from then on born and removed with their groups; that of
a leader alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import mesa
import numpy as np

from sim.model.chance import Chance, lineage
from sim.model.clock import Calendar
from sim.model.log import CAUSES
from sim.model.state import State
from sim.model.stocks import is_cell
from sim.model.worlds import World

FREE, NOWHERE = "free", -1
STATUS = {
    "capture": "captured",
    "killing": "killed",
    "extradition": "extradited",
    "surrender": "surrendered",
    "natural": "dead",
    "rivals": "killed",
}


class Host(Protocol):
    """What cartels need of the model they live in."""

    state: State
    world: World
    chance: Chance
    calendar: Calendar
    week: int
    called: set[Cartel]
    space: Any

    def faction(self, number: int) -> str: ...  # noqa: D102


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
        self.faction = cartel.model.faction(faction)
        self.status = FREE

    def leave(self, status: str) -> None:
        """This leader is no longer one."""
        self.status = status
        self.remove()

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
        known = float(self.cartel.get("notoriety"))
        return known if self.rank == "kingpin" else 0.5 * known


class Person(NamedTuple):
    """Who holds a post: enough to call up the agent when somebody asks."""

    key: np.uint64
    faction: int
    since: int


class Cartel(mesa.Agent):  # type: ignore[misc]
    """An armed organisation. Whether it is a *cartel* or a predatory *cell* follows from what it does.

    Attributes:
        row: column of the cartel table, never reused.
        name: id in the world's table, or the parent's name and a number.
        parent: the cartel it left, None for founders and gangs that entered.
        root: the first of its line.
        origin: the cause for which it left; "founder", "entry".
        born: week in which it was founded.
    """

    model: Host

    def __init__(self, model: Host, row: int, name: str, parent: Cartel | None = None) -> None:
        super().__init__(model)
        self.row, self.name, self.parent = row, name, parent
        self.root: Cartel = parent.root if parent else self
        self.origin, self.born = CAUSES[int(self.get("origin"))], int(self.get("born"))
        self.key: np.uint64 = model.state.country.cartel_key[row]
        self._kingpin: Leader | None = None
        self._staff: dict[int, Leader] = {}

    # what it is --------------------------------------------------------------------------------------------------------------

    def get(self, column: str) -> float:
        """A quantity of this cartel's row."""
        return float(getattr(self.model.state.country.cartel, column)[self.row])

    def set(self, column: str, value: float) -> None:
        """Write a quantity of this cartel's row."""
        getattr(self.model.state.country.cartel, column)[self.row] = value

    @property
    def died(self) -> int | None:
        """Week in which it ended, if it did."""
        return None if self.get("alive") > 0.0 else int(self.get("ended"))

    @property
    def members(self) -> int:
        """Living members who are not in prison."""
        return int(self.get("members"))

    @property
    def seat(self) -> int:
        """Territory of the kingpin."""
        return int(self.get("seat"))

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
        return bool(is_cell(self.model.state.country, self.row))

    @property
    def places(self) -> list[int]:
        """Territories where it holds a plaza, in order."""
        places: list[int] = (self.model.state.country.at[self.row] >= 0).nonzero()[0].tolist()
        return places

    @property
    def boss(self) -> Person:
        """Who leads it; `kingpin` is the agent."""
        key = self.model.state.country.boss_key[self.row]
        return Person(key, int(self.get("boss_faction")), int(self.get("boss_since")))

    @property
    def kingpin(self) -> Leader | None:
        """Its leader; None after it ended."""
        if self._kingpin is None and self.died is None:
            self._kingpin = Leader(self, *self.boss, "kingpin")
            self.model.called.add(self)
        return self._kingpin

    @property
    def lieutenants(self) -> dict[int, Leader]:
        """The leader of every plaza, by territory."""
        return {k: self.lieutenant(k) for k in self.places}

    def lieutenant(self, territory: int) -> Leader:
        """The leader of one plaza; the agent is called up when somebody asks."""
        self.look_again({})
        if territory not in self._staff:
            self._staff[territory] = Leader(self, *self.person(territory))
            self.model.called.add(self)
        return self._staff[territory]

    def person(self, territory: int) -> Person:
        """Who runs a plaza follows from its row: faction and week of appointment."""
        c = self.model.state.country
        row = c.at[self.row, territory]
        since = int(c.plaza.since[row])
        return Person(lineage(self.key, c.territory_key[territory], since + 1), int(c.plaza.faction[row]), since)

    def people(self, territory: int) -> float:
        """Members in one place."""
        return float(self.model.state.country.plaza.members[self.model.state.country.at[self.row, territory]])

    # leaders who were called up ----------------------------------------------------------------------------------------------

    def look_again(self, fates: Mapping[tuple[int, int], str]) -> None:
        """Agents of leaders who lost their post leave the model; fates are by row of the cartel and place, NOWHERE for the kingpin."""
        ended = self.died is not None
        if self._kingpin is not None and (ended or self._kingpin.key != self.boss.key):
            self._kingpin.leave(fates.get((self.row, NOWHERE), "replaced"))
            self._kingpin = None
        held = set() if ended else set(self.places)
        for k, leader in list(self._staff.items()):
            if k in held and self.person(k).since == leader.since:
                continue
            usual = "kingpin" if leader.key == self.boss.key else "replaced"
            self._staff.pop(k).leave(fates.get((self.row, k), usual))
        if self._kingpin is None and not self._staff:
            self.model.called.discard(self)
