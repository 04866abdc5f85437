"""Cartels and their leaders: who they are, and what happens when one of them falls.

Rare events are plain Python here, easy to read and to change; everything weekly is compiled over the arrays that these agents view.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from sim.model import estate
from sim.model.chance import Chance, lineage, normal
from sim.model.columns import CARTEL, COUNT, FLOW, PAIR, PLAZA, TERRITORY
from sim.model.mechanisms.peace import open_war
from sim.model.stocks import ACCESS

if TYPE_CHECKING:
    from sim.model.model import Cartelitos

FREE = "free"
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
        faction: number of the family or clan; its members decide together.
        since: week of appointment.
        status: "free", "captured", "killed", "extradited", "surrendered" or "dead".
    """

    def __init__(self, cartel: Cartel, key: np.uint64, faction: int, since: int, rank: str = "lieutenant") -> None:
        super().__init__(cartel.model)
        self.cartel, self.key, self.faction, self.since, self.rank = cartel, key, faction, since, rank
        self.status = FREE

    @property
    def authority(self) -> float:
        """Standing among lieutenants, 0..1: born with the key."""
        return authority(self.cartel.model.chance, self.key)

    @property
    def tenure(self) -> int:
        """Weeks in office."""
        return int(self.cartel.model.week - self.since)

    @property
    def notoriety(self) -> float:
        """How visible this leader is to the state; a lieutenant is half as visible as the kingpin."""
        known = float(self.cartel.get(CARTEL.notoriety))
        return known if self.rank == "kingpin" else 0.5 * known


def authority(chance: Chance, key: np.uint64) -> float:
    """Standing of the person with a key."""
    return chance.uniform("leader.authority", 0, key)


class Post(NamedTuple):
    """Who runs a plaza: worked out from its row, without calling up an agent."""

    territory: int
    people: float
    key: np.uint64
    faction: int
    since: int


@dataclass(frozen=True)
class Occasion:
    """Why lieutenants are weighing loyalty: what it adds to their log-odds of leaving, and where the matter is hottest."""

    cause: str
    log_odds: float
    seat: int | None = None


class Cell(NamedTuple):
    """Members of one plaza who leave: all of it but a loyal rest, or a part."""

    territory: int
    people: float
    post: Post | None  # None: an unknown captain of a cell inside the plaza


class Cartel(mesa.Agent):  # type: ignore[misc]
    """An armed organisation. Whether it is a *cartel* or a predatory *cell* follows from what it does.

    Attributes:
        row: column of the cartel table, never reused.
        name: id in the world's table, or the parent's name and a number.
        kingpin: its leader; None only after it ended.
    """

    model: Cartelitos

    def __init__(self, model: Cartelitos, row: int, name: str, parent: Cartel | None = None, origin: str = "founder") -> None:
        super().__init__(model)
        self.row, self.name, self.parent, self.origin = row, name, parent, origin
        self.root: Cartel = parent.root if parent else self
        self.key: np.uint64 = model.state.country.cartel_key[row]
        self.kingpin: Leader | None = None
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
    def lieutenants(self) -> dict[int, Leader]:
        """The leader of every plaza, by territory."""
        staff = {k: self.lieutenant(k) for k in self.places}
        for k in self._staff.keys() - staff.keys():
            self.dismiss(k)
        return staff

    def lieutenant(self, territory: int) -> Leader:
        """The leader of one plaza; the agent is called up when somebody asks."""
        post, known = self.post(territory), self._staff.get(territory)
        if known is None or known.since != post.since:
            self.dismiss(territory)
            known = self._staff[territory] = Leader(self, post.key, post.faction, post.since)
        return known

    def post(self, territory: int) -> Post:
        """Who runs a plaza follows from its row: faction and week of appointment."""
        c = self.model.state.country
        row = c.at[self.row, territory]
        since = int(c.plaza[PLAZA.since, row])
        key = lineage(self.key, c.territory_key[territory], since + 1)
        return Post(territory, float(c.plaza[PLAZA.members, row]), key, int(c.plaza[PLAZA.faction, row]), since)

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
        fallen, p = self.kingpin, self.model.parameters
        assert fallen is not None
        fallen.status = STATUS[mode]
        shock = p.cohesion_shock
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
        self.succeed(Occasion("succession", 0.0, int(self.get(CARTEL.seat))), fallen)
        fallen.remove()

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
        self.weigh(Occasion("quarrel", p.quarrel_occasion, int(self.get(CARTEL.seat))))

    def shake(self, shock: float, loss: float) -> None:
        """Lower cohesion by a share of itself and remember the loss of a leader."""
        self.set(CARTEL.cohesion, self.get(CARTEL.cohesion) * (1.0 - shock))
        self.set(CARTEL.losses, self.get(CARTEL.losses) + loss)

    def rout(self) -> None:
        """Where a much stronger enemy stands, men join the winner or go home, and that war ends."""
        state, p = self.model.state, self.model.parameters
        c = state.country
        pairs = c.pair[:, : c.count[COUNT.pairs]]
        for r in np.flatnonzero((pairs[PAIR.open] > 0.0) & ((pairs[PAIR.a] == self.row) | (pairs[PAIR.b] == self.row))):
            k = int(c.pair[PAIR.territory, r])
            winner = int(c.pair[PAIR.b, r] if c.pair[PAIR.a, r] == self.row else c.pair[PAIR.a, r])
            mine, theirs = int(c.at[self.row, k]), int(c.at[winner, k])
            if mine < 0 or theirs < 0 or c.plaza[PLAZA.members, theirs] < p.rout_ratio * c.plaza[PLAZA.members, mine]:
                continue
            if self.model.chance.uniform("leader.rout", self.model.week, lineage(self.key, c.territory_key[k])) >= p.rout:
                continue
            part = math.floor(0.4 * c.plaza[PLAZA.members, mine])
            estate.move_people(state, mine, theirs, part)
            estate.send_home(state, mine, part)
            c.pair[PAIR.open, r] = c.pair[PAIR.heat, r] = 0.0
            self.model.log("rout", self, self.model.cartels[winner], k, 2.0 * part)

    # succession --------------------------------------------------------------------------------------------------------------

    def succeed(self, occasion: Occasion, fallen: Leader) -> None:
        """The kingpin is gone: choose an heir; the others stay, leave together, or change sides. Logs how contested he is, in percent."""
        heir, contested = self.draw_heir(fallen)
        self.enthrone(heir)
        p, chance = self.model.parameters, self.model.chance
        wait = -p.interregnum * math.log(chance.uniform("succession.interregnum", self.model.week, self.key)) * contested
        self.set(CARTEL.vacancy, math.floor(wait))
        self.model.log("succession", self, size=100.0 * contested, cause=STATUS_CAUSE.get(fallen.status, fallen.status))
        self.weigh(occasion)

    def draw_heir(self, fallen: Leader) -> tuple[Post, float]:
        """The lieutenant who succeeds, by authority and kinship, and how contested he is: the runner-up's chance over his."""
        p, model = self.model.parameters, self.model
        posts = [self.post(k) for k in self.places]
        standing = [authority(model.chance, post.key) for post in posts]
        weights = [
            math.exp(p.heir_authority * rank + p.heir_kin * (post.faction == fallen.faction))
            for rank, post in zip(standing, posts, strict=True)
        ]
        reach = model.chance.uniform("succession.heir", model.week, self.key) * sum(weights)
        heir = next((post for post, top in zip(posts, itertools.accumulate(weights), strict=True) if top > reach), posts[-1])
        rest = sorted(weights, reverse=True)
        return heir, rest[1] / rest[0] if len(rest) > 1 else 0.0

    def enthrone(self, heir: Post) -> None:
        """A lieutenant becomes kingpin and makes his place the seat; somebody of his faction takes the post."""
        self.dismiss(heir.territory, "kingpin")
        self.set(CARTEL.seat, heir.territory)
        self.promote(heir.territory)
        self.kingpin = Leader(self, heir.key, heir.faction, self.model.week, "kingpin")

    def promote(self, territory: int) -> None:
        """A new lieutenant from the ranks, of the same faction, takes over a plaza."""
        c = self.model.state.country
        c.plaza[PLAZA.since, c.at[self.row, territory]] = self.model.week

    # leaving -----------------------------------------------------------------------------------------------------------------

    def weigh(self, occasion: Occasion, only: int | None = None) -> None:
        """Everyone in command weighs loyalty; each band that leaves becomes a splinter, or joins a rival."""
        before = self.get(CARTEL.members)
        for band in self.bands_leaving(occasion, only):
            if sum(cell.people for cell in band) >= self.get(CARTEL.members):
                break
            if not self.defects(band):
                self.splinter(band, occasion)
        if self.get(CARTEL.members) < before:
            self.model.log("fragmentation", self, size=before - self.get(CARTEL.members), cause=occasion.cause)

    def bands_leaving(self, occasion: Occasion, only: int | None = None) -> list[list[Cell]]:
        """Lieutenants of one faction whose plazas touch leave together; the others, and cells inside plazas, leave alone."""
        p, seat = self.model.parameters, int(self.get(CARTEL.seat))
        leavers: dict[int, Cell] = {}
        cells: list[list[Cell]] = []
        posts = [self.post(k) for k in (self.places if only is None else [only])]
        moods = {faction: self.mood(faction) for faction in {post.faction for post in posts}}
        heir_size = math.log(max(1.0, self.people(seat)))
        for post in posts:
            k, n = post.territory, post.people
            log_odds = self.reasons(k, n, heir_size) + occasion.log_odds
            own, stay, loyal, split = self.model.chance.block("succession.leave", self.model.week, post.key)
            pull = math.sqrt(p.faction_pull) * moods[post.faction] + math.sqrt(1.0 - p.faction_pull) * normal(own)
            if k != seat and stay < 1.0 / (1.0 + math.exp(-log_odds - pull)):
                leavers[k] = Cell(k, n - math.floor(n * 2.0 * p.loyal * loyal), post)
            elif n >= 2.0 * p.cell_minimum:
                extra = p.cell_base + (p.cell_seat if k == occasion.seat else 0.0)
                captain, size, _, _ = self.model.chance.block("succession.cell", self.model.week, post.key)
                if captain < 1.0 / (1.0 + math.exp(-log_odds - extra - normal(split))):
                    cells.append([Cell(k, math.floor(max(p.cell_minimum, n * (0.1 + 0.4 * size))), None)])
        return self.touching(leavers) + cells

    def reasons(self, territory: int, own: float, heir_size: float) -> float:
        """Log-odds of leaving: own strength against the heir's, cohesion, contestedness, and the rent that shared brokers bring."""
        c, p = self.model.state.country, self.model.parameters
        traffic, prey = self.get(CARTEL.traffic_income), self.get(CARTEL.predation_income)
        rent = traffic / (traffic + prey + 1.0) * self.get(CARTEL.access)
        return float(
            p.leave_base
            + p.leave_size * (math.log(max(1.0, own)) - heir_size)
            - p.leave_cohesion * (self.get(CARTEL.cohesion) - 0.5)
            + p.leave_contested * (1.0 - float(c.territory[TERRITORY.sumsq, territory]))
            - p.leave_rent * rent
        )

    def mood(self, faction: int) -> float:
        """The shock that everybody of one faction feels."""
        return float(
            normal(self.model.chance.uniform("succession.faction", self.model.week, lineage(self.key, self.model.faction_key(faction))))
        )

    def touching(self, leavers: dict[int, Cell]) -> list[list[Cell]]:
        """Group leavers of one faction whose plazas touch."""
        bands, open_set = [], dict(leavers)
        while open_set:
            k, first = open_set.popitem()
            band, frontier = [first], [k]
            while frontier:
                for near in self.model.world.neighbours(frontier.pop()):
                    cell = open_set.get(near)
                    if cell and cell.post and first.post and cell.post.faction == first.post.faction:
                        band.append(open_set.pop(near))
                        frontier.append(near)
            bands.append(sorted(band, key=lambda cell: cell.territory))
        return sorted(bands, key=lambda band: band[0].territory)

    def defects(self, band: list[Cell]) -> bool:
        """A lone leaver may join a rival present instead of standing alone."""
        state, p = self.model.state, self.model.parameters
        k, people, post = band[0]
        if len(band) > 1 or post is None:
            return False
        c = state.country
        rivals = [
            i
            for i in range(c.first[k], c.first[k + 1])
            if c.plaza[PLAZA.cartel, i] not in (-1.0, float(self.row)) and c.plaza[PLAZA.members, i] > people
        ]
        if not rivals or self.model.chance.uniform("succession.defect", self.model.week, post.key) >= p.defect:
            return False
        target = max(rivals, key=lambda i: (c.plaza[PLAZA.members, i], int(c.plaza_key[i])))
        estate.move_people(state, int(c.at[self.row, k]), target, people)
        self.vacate(band[0])
        self.model.log("defection", self, self.model.cartels[int(c.plaza[PLAZA.cartel, target])], k, people)
        return True

    def splinter(self, band: list[Cell], occasion: Occasion) -> Cartel:
        """A band becomes a cartel of its own: people, cash, guns and plazas move; brokers and allies choose."""
        state, model = self.model.state, self.model
        people = sum(cell.people for cell in band)
        share = people / self.get(CARTEL.members)
        place = state.country.territory_key[band[0].territory]
        inside = 1 if band[0].post is None else 0
        row = estate.found(state, lineage(self.key, place, 2 * model.week + inside), band[0].territory, self.row)
        self.children += 1
        child = Cartel(model, row, f"{self.name}.{self.children}", self, occasion.cause)
        for cell in band:
            origin = int(state.country.at[self.row, cell.territory])
            target = estate.plaza_of(state, row, cell.territory, origin)
            estate.move_people(state, origin, target, cell.people)
            if cell.post is None:
                state.country.plaza[PLAZA.faction, target] = model.new_faction(child.name)
        estate.give(state, self.row, row, share)
        asked, followed = estate.choose_brokers(state, model.chance, self.row, row, {cell.territory for cell in band if cell.post}, share)
        allies, stayed = estate.choose_allies(state, model.chance, self.row, row)
        model.inheritance = [old + new for old, new in zip(model.inheritance, (asked, followed, allies, stayed), strict=True)]
        child.set(CARTEL.notoriety, math.sqrt(people * 1e-3))
        child.set(CARTEL.losses, 0.0)
        child.kingpin = self.crown(child, band)
        for cell in band:
            if self.vacate(cell):
                estate.inherit_wars(state, self.row, row, cell.territory)
            else:
                self.face(child, cell.territory)
        state.country.flow[FLOW.splits] += 1.0
        model.log("split", self, child, band[0].territory, people, occasion.cause)
        return child

    def crown(self, child: Cartel, band: list[Cell]) -> Leader:
        """The lieutenant with most people leads the splinter, or the captain of the cell does; the other lieutenants keep their posts."""
        c, first = self.model.state.country, max(band, key=lambda cell: cell.people)
        child.set(CARTEL.seat, first.territory)
        if first.post is None:
            faction = int(c.plaza[PLAZA.faction, c.at[child.row, first.territory]])
            return Leader(child, lineage(child.key, 1), faction, self.model.week, "kingpin")
        for cell in band:
            self.dismiss(cell.territory, "left")
        return Leader(child, first.post.key, first.post.faction, self.model.week, "kingpin")

    def face(self, child: Cartel, territory: int) -> None:
        """Heirs who share a place fight, or live in peace for now."""
        state, model = self.model.state, self.model
        draw = model.chance.uniform("succession.kin_war", model.week, lineage(child.key, state.country.territory_key[territory]))
        if draw < model.parameters.kin_war:
            open_war(state.country, self.row, child.row, territory, model.week, float(model.week + 52))
            model.log("war", self, child, territory, cause="succession")
        else:
            estate.make_pact(state, self.row, child.row, territory)

    def vacate(self, cell: Cell) -> bool:
        """Give up a place nobody is left in; where a loyal rest stays, somebody takes over."""
        c = self.model.state.country
        if estate.close_if_empty(self.model.state, int(c.at[self.row, cell.territory])):
            return True
        if cell.post is not None:
            self.promote(cell.territory)
        return False

    # ending ------------------------------------------------------------------------------------------------------------------

    def absorbed_by(self, winner: Cartel, territory: int, people: float) -> None:
        """The last plaza was absorbed: everything else goes to the winner too."""
        self.model.state.country.flow[FLOW.absorptions] += 1.0
        self.model.log("absorbed", self, winner, territory, people, "last")
        self.end(winner)

    def end(self, heir: Cartel | None = None) -> None:
        """The cartel is no more."""
        estate.bequeath(self.model.state, self.row, heir.row if heir else None)
        self.died = self.model.week
        for leader in (self.kingpin, *self._staff.values()):
            if leader is not None:
                leader.remove()
        self.kingpin, self._staff = None, {}
        self.remove()

    def set(self, column: int, value: float) -> None:
        """Write a quantity of this cartel's row."""
        self.model.state.country.cartel[column, self.row] = value


STATUS_CAUSE = {status: mode for mode, status in reversed(STATUS.items())}
