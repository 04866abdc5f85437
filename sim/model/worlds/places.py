"""States turned into places, by one rule for any number of places per state; with one, a place is its state.

The places of a state fill a square lattice row by row, and neighbours on it touch. A border between two states joins as
many pairs of places as the lattice is wide: on either side those nearest to the other state's middle, in order. Place 1
is the largest city and stands at the crossing or port; the last place is the sierra.

* Residents and young men follow Zipf's law over the places (1, 1/2, 1/3 ...), in whole people by largest remainder. The
  extortable economy follows residents; pipelines run through all places alike; background homicide is the state's.
* Trafficking value adds the national shares of crossings, ports, poppy and residents, weighted as world.toml says. The
  first place takes `GATE` of its state's crossings and ports, the last `GATE` of its poppy; Zipf's law has the rest.
* A dominant cartel is in every place, a contested one in three of four, a present one in one of four (`HELD`), from the
  largest on. Those that do not dominate a state start a quarter of it further each, the ones at home there first, then
  in the order of presence.csv, so that they partly meet.
* A cartel's share of all members is its strength; it goes to its states by level, with more at home, and to the places
  it holds there by residents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil, isqrt

import numpy as np
from numpy.typing import NDArray

from sim.model.worlds.tables import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

GATE = 0.7  # ASSUMED
HELD = {"dominant": 1.0, "contested": 0.75, "present": 0.25}  # ASSUMED
NEAR = 0.5  # places of a state spread over this part of the way to the next state


class Places:
    """A country's tables seen as S * n places, state by state.

    Attributes:
        ids: the state's id, with "-1" to "-n" where states are split.
        names: likewise.
        states: the state of each place.
        population: (S * n,) people.
        young_men: (S * n,) people.
    """

    def __init__(self, tables: Tables, per_state: int) -> None:
        self.tables, self.n = tables, per_state
        self.side = isqrt(per_state - 1) + 1
        self.city = 1.0 / np.arange(1, per_state + 1)
        self.city /= self.city.sum()
        numbers = range(1, per_state + 1) if per_state > 1 else [0]
        rows = tables.territories
        self.state = {row.id: s for s, row in enumerate(rows)}
        self.cartel = {row.id: i for i, row in enumerate(tables.cartels)}
        self.ids = tuple(f"{row.id}-{i}" if i else row.id for row in rows for i in numbers)
        self.names = tuple(f"{row.name} {i}" if i else row.name for row in rows for i in numbers)
        self.states = tuple(row.id for row in rows for _ in numbers)
        self.population = self.people("population")
        self.young_men = self.people("young_men")

    def column(self, field: str) -> Floats:
        """One column of territories.csv, (S,)."""
        return np.array([getattr(row, field) for row in self.tables.territories], dtype=np.float64)

    def people(self, field: str) -> Floats:
        """A count, shared out by Zipf's law in whole people, largest remainders first."""
        exact = np.outer(self.column(field), self.city)
        whole = np.floor(exact)
        missing = self.column(field) - whole.sum(axis=1)
        rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1)
        return np.asarray(whole + (rank < missing[:, None])).ravel()

    def gate(self, place: int) -> Floats:
        """How a state's gate or sierra shares out among its places, (n,)."""
        weights = (1 - GATE) * self.city
        weights[place] += GATE
        return weights

    def value(self) -> tuple[Floats, Floats]:
        """Trafficking value, and the part of it that rests on poppy; both (S * n,)."""
        rule = self.tables.header.value
        gates = rule.crossing * _shares(self.column("crossing")) + rule.port * _shares(self.column("port"))
        poppy = np.outer(rule.poppy * _shares(self.column("poppy")), self.gate(-1)).ravel()
        value = np.outer(gates, self.gate(0)).ravel() + poppy + rule.residents * _shares(self.population)
        return _shares(value), poppy / value

    def economy(self) -> Floats:
        """Extortable economy, shares, (S * n,)."""
        state = np.repeat(_shares(self.column("economy")), self.n)
        return state * self.population / np.repeat(self.column("population"), self.n)

    def pipeline(self) -> Floats:
        """Exposure of fuel pipelines, shares, (S * n,)."""
        return np.repeat(_shares(self.column("pipeline")) / self.n, self.n)

    def background(self) -> Floats:
        """Homicide rate relative to the national one, (S * n,)."""
        killed, residents = self.column("homicides"), self.column("population")
        national = killed.sum() / residents.sum()
        rate = killed / residents / national if national else np.ones(len(killed))
        return np.repeat(rate, self.n)

    def lattice(self) -> tuple[Ints, Ints]:
        """Column and row of each place on its state's lattice, (n,) each."""
        row, column = np.divmod(np.arange(self.n, dtype=np.int32), np.int32(self.side))
        return column, row

    def positions(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Tile column and row, longitude and latitude, (S * n,) each."""
        column, row = self.lattice()
        tiles = [
            (self.column(field).astype(np.int32)[:, None] * np.int32(self.side) + step).ravel()
            for field, step in (("tile_x", column), ("tile_y", row))
        ]
        centre = np.stack([self.column("lon"), self.column("lat")], axis=1)
        apart = np.linalg.norm(centre[:, None] - centre, axis=2) + np.diag(np.full(len(centre), np.inf))
        reach = NEAR * np.where(np.isfinite(apart.min(axis=1)), apart.min(axis=1), 1.0)
        east, south = ((step + 0.5) / self.side - 0.5 for step in (column, row))
        lon = centre[:, :1] + np.outer(reach, east)
        lat = centre[:, 1:] - np.outer(reach, south)
        return tiles[0], tiles[1], lon.ravel(), lat.ravel()

    def borders(self) -> tuple[Ints, Ints]:
        """Neighbours of each place as rows of a sparse matrix: starts (S * n + 1,) and indices (E,)."""
        links = sorted({pair for a, b in self.links() for pair in ((a, b), (b, a))})
        degree = Counter(a for a, _ in links)
        start = np.cumsum([0, *(degree[k] for k in range(len(self.ids)))])
        return start.astype(np.int32), np.array([b for _, b in links], dtype=np.int32)

    def links(self) -> Iterator[tuple[int, int]]:
        """Every border once, as two place indices."""
        for first in range(0, len(self.ids), self.n):
            for i in range(self.n):
                if (i + 1) % self.side and i + 1 < self.n:
                    yield first + i, first + i + 1
                if i + self.side < self.n:
                    yield first + i, first + i + self.side
        _, _, lon, lat = self.positions()
        at = np.stack([lon, lat], axis=1).reshape(-1, self.n, 2)
        for border in self.tables.borders:
            a, b = self.state[border.a], self.state[border.b]
            for i, j in zip(self.facing(at[a], at[b]), self.facing(at[b], at[a]), strict=True):
                yield a * self.n + i, b * self.n + j

    def facing(self, here: Floats, there: Floats) -> list[int]:
        """The places of one state (n, 2) on the side of another, in order."""
        away = np.linalg.norm(here - there.mean(axis=0), axis=1).round(9)  # rounded: ties go to the first place
        return sorted(np.argsort(away, kind="stable")[: self.side].tolist())

    def presence(self) -> list[tuple[int, int, str, str, float]]:
        """Plazas as (cartel, place, level, faction, share of all members), by cartel and place."""
        residents = self.population.reshape(-1, self.n)
        plazas = []
        for row, share, held in zip(self.tables.presence, self.member_shares(), self.held(), strict=True):
            cartel, s = self.cartel[row.cartel], self.state[row.state]
            for place, part in zip(held, share * _shares(residents[s, held]), strict=True):
                plazas.append((cartel, s * self.n + place, row.level, row.faction, float(part)))
        return sorted(plazas)

    def held(self) -> list[list[int]]:
        """The places of its state, 0..n-1, that each row of presence.csv stands for."""
        rows = self.tables.presence
        home = {(cartel.id, cartel.base) for cartel in self.tables.cartels}
        before: Counter[str] = Counter()
        first = [0] * len(rows)
        for i in sorted(range(len(rows)), key=lambda i: rows[i].identity() not in home):
            if rows[i].level != "dominant":
                first[i] = before[rows[i].state] * ceil(self.n / 4)
                before[rows[i].state] += 1
        return [
            [(start + i) % self.n for i in range(ceil(HELD[row.level] * self.n))]
            for start, row in zip(first, rows, strict=True)
        ]

    def member_shares(self) -> Floats:
        """Share of all members for every row of presence.csv."""
        levels, rows = self.tables.header.levels, self.tables.presence
        home = {(cartel.id, cartel.base) for cartel in self.tables.cartels}
        weight = np.array([getattr(levels, row.level) * (levels.base if row.identity() in home else 1) for row in rows])
        cartel = np.array([self.cartel[row.cartel] for row in rows])
        strength = _shares(np.array([cartel.strength for cartel in self.tables.cartels]))
        return np.asarray(strength[cartel] * weight / np.bincount(cartel, weight)[cartel])


def _shares(weights: Floats) -> Floats:
    total = weights.sum()
    return weights / total if total else weights
