"""States turned into places, by one rule for any number of places per state; with one, a place is its state.

The places of a state fill a lattice row by row, and neighbours on it touch. Where all states have as many places the
lattice is square, and a border between two states joins as many pairs of places as it is wide: on either side those
nearest to the other state's middle, in order. Unequal numbers, as of municipalities, make the planar graph of `mesh`.
Place 1 is the largest city and stands at the crossing or port; the last place is the sierra.

* Residents and young men follow Zipf's law over the places (1, 1/2, 1/3 ...), in whole people by largest remainder. The
  extortable economy follows residents; pipelines run through all places alike; background homicide is the state's.
* Trafficking value adds the national shares of crossings, ports, poppy and residents, weighted as world.toml says. The
  first places take `GATE` of their state's crossings and ports, the last `GATE` of its poppy, one in every
  `PLACES_A_GATE` places, rounded up. Zipf's law has the rest.
* A dominant cartel is in every place, a contested one in three of four, a present one in one of four (`HELD`), from the
  largest on. Those that do not dominate a state start a quarter of it further each, the ones at home there first, then
  in the order of presence.csv, so that they partly meet.
* A cartel's share of all members is its strength; it goes to its states by level, with more at home, and to the places
  it holds there by residents. Where that would leave fewer than `CREW` of the members in the middle of the band, it is
  not there; the largest place it always holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sim.model.worlds.mesh import planar_links, width
from sim.model.worlds.tables import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

GATE = 0.7  # ASSUMED
PLACES_A_GATE = 16  # ASSUMED
HELD = {"dominant": 1.0, "contested": 0.75, "present": 0.25}  # ASSUMED
CREW = 5  # ASSUMED: people
NEAR = 0.5  # places of a state spread over this part of the way to the next state


class Places:
    """A country's tables seen as K places, state by state."""

    def __init__(self, tables: Tables, parts: Sequence[int]) -> None:
        self.tables, self.parts = tables, parts
        self.first = np.cumsum([0, *parts])
        self.of = np.repeat(np.arange(len(parts)), parts)  # index of each place's state
        self.rank = np.arange(len(self.of)) - self.first[self.of]
        shares = {n: _shares(1.0 / np.arange(1, n + 1)) for n in set(parts)}
        self.city = np.concatenate([shares[n] for n in parts])
        rows = tables.territories
        self.state = {row.id: s for s, row in enumerate(rows)}
        self.cartel = {row.id: i for i, row in enumerate(tables.cartels)}
        numbers = [(row, range(1, n + 1) if n > 1 else [0]) for row, n in zip(rows, parts, strict=True)]
        self.ids = tuple(f"{row.id}-{i}" if i else row.id for row, places in numbers for i in places)
        self.names = tuple(f"{row.name} {i}" if i else row.name for row, places in numbers for i in places)
        self.states = tuple(rows[s].id for s in self.of)
        self.population = self.people("population")
        self.young_men = self.people("young_men")

    def column(self, field: str) -> Floats:
        """One column of territories.csv, (S,)."""
        return np.array([getattr(row, field) for row in self.tables.territories], dtype=np.float64)

    def people(self, field: str) -> Floats:
        """A count, shared out by Zipf's law in whole people, largest remainders first."""
        total = self.column(field)
        exact = total[self.of] * self.city
        whole = np.floor(exact)
        missing = total - np.add.reduceat(whole, self.first[:-1])
        turn = np.empty(len(whole))
        turn[np.lexsort((whole - exact, self.of))] = self.rank
        return np.asarray(whole + (turn < missing[self.of]))

    def gates(self, *, sierra: bool = False) -> Floats:
        """How a state's crossings, or its sierra, share out among its places, (K,)."""
        places = np.array(self.parts)[self.of]
        number = -(-places // PLACES_A_GATE)
        at = self.rank >= places - number if sierra else self.rank < number
        return (1 - GATE) * self.city + np.where(at, GATE / number, 0.0)

    def value(self) -> tuple[Floats, Floats]:
        """Trafficking value, and the part of it that rests on poppy; both (K,)."""
        rule = self.tables.header.value
        gates = rule.crossing * _shares(self.column("crossing")) + rule.port * _shares(self.column("port"))
        poppy = (rule.poppy * _shares(self.column("poppy")))[self.of] * self.gates(sierra=True)
        value = gates[self.of] * self.gates() + poppy + rule.residents * _shares(self.population)
        return _shares(value), poppy / value

    def economy(self) -> Floats:
        """Extortable economy, shares, (K,)."""
        state = _shares(self.column("economy"))[self.of]
        return np.asarray(state * self.population / self.column("population")[self.of])

    def pipeline(self) -> Floats:
        """Exposure of fuel pipelines, shares, (K,)."""
        return np.asarray((_shares(self.column("pipeline")) / np.array(self.parts))[self.of])

    def background(self) -> Floats:
        """Homicide rate relative to the national one, (K,)."""
        killed, residents = self.column("homicides"), self.column("population")
        national = killed.sum() / residents.sum()
        rate = killed / residents / national if national else np.ones(len(killed))
        return np.asarray(rate[self.of])

    def positions(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Tile column and row, longitude and latitude, (K,) each."""
        side = np.array([width(n) for n in self.parts])[self.of]
        row, column = np.divmod(self.rank, side)
        tiles = [
            (self.column(field)[self.of] * side.max() + step).astype(np.int32) for field, step in (("tile_x", column), ("tile_y", row))
        ]
        centre = self.centres()[self.of]
        reach = self.reach()[self.of]
        east, south = ((step + 0.5) / side - 0.5 for step in (column, row))
        return tiles[0], tiles[1], centre[:, 0] + reach * east, centre[:, 1] - reach * south

    def centres(self) -> Floats:
        """Longitude and latitude of the states, (S, 2)."""
        return np.stack([self.column("lon"), self.column("lat")], axis=1)

    def reach(self) -> Floats:
        """How wide the places of each state spread, degrees, (S,)."""
        if max(self.parts) == 1:
            return np.zeros(len(self.parts))
        centre = self.centres()
        apart = np.linalg.norm(centre[:, None] - centre, axis=2) + np.diag(np.full(len(centre), np.inf))
        return np.asarray(NEAR * np.where(np.isfinite(apart.min(axis=1)), apart.min(axis=1), 1.0))

    def borders(self) -> tuple[Ints, Ints]:
        """Neighbours of each place as rows of a sparse matrix: starts (K + 1,) and indices (E,)."""
        pairs = [(self.state[border.a], self.state[border.b]) for border in self.tables.borders]
        equal = len(set(self.parts)) == 1
        found = self.square_links(pairs) if equal else planar_links(self.parts, self.centres(), pairs)
        links = sorted({pair for a, b in found for pair in ((a, b), (b, a))})
        degree = Counter(a for a, _ in links)
        start = np.cumsum([0, *(degree[k] for k in range(len(self.ids)))])
        return start.astype(np.int32), np.array([b for _, b in links], dtype=np.int32)

    def square_links(self, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Every border once, as two place indices, where all states have as many places."""
        n = self.parts[0]
        side = width(n)
        for first in self.first[:-1].tolist():
            for i in range(n):
                if (i + 1) % side and i + 1 < n:
                    yield first + i, first + i + 1
                if i + side < n:
                    yield first + i, first + i + side
        _, _, lon, lat = self.positions()
        at = np.stack([lon, lat], axis=1).reshape(-1, n, 2)
        for a, b in pairs:
            for i, j in zip(_facing(at[a], at[b], side), _facing(at[b], at[a], side), strict=True):
                yield a * n + i, b * n + j

    def presence(self) -> list[tuple[int, int, str, str, float]]:
        """Plazas as (cartel, place, level, faction, share of all members), by cartel and place."""
        least = CREW / self.tables.header.members.mid
        plazas = []
        for row, share, held in zip(self.tables.presence, self.member_shares(), self.held(), strict=True):
            cartel, places = self.cartel[row.cartel], self.first[self.state[row.state]] + held
            residents = self.population[places]
            enough = share * _shares(residents) >= least
            enough[residents.argmax()] = True
            for place, part in zip(places[enough].tolist(), share * _shares(residents[enough]), strict=True):
                plazas.append((cartel, place, row.level, row.faction, float(part)))
        return sorted(plazas)

    def held(self) -> list[Ints]:
        """The places of its state, 0..n-1, that each row of presence.csv stands for."""
        rows = self.tables.presence
        home = {(cartel.id, cartel.base) for cartel in self.tables.cartels}
        before: Counter[str] = Counter()
        starts = [0] * len(rows)
        parts = [self.parts[self.state[row.state]] for row in rows]
        for i in sorted(range(len(rows)), key=lambda i: rows[i].identity() not in home):
            if rows[i].level != "dominant":
                starts[i] = before[rows[i].state] * ceil(parts[i] / 4)
                before[rows[i].state] += 1
        return [
            (start + np.arange(ceil(HELD[row.level] * n), dtype=np.int32)) % np.int32(n)
            for start, row, n in zip(starts, rows, parts, strict=True)
        ]

    def member_shares(self) -> Floats:
        """Share of all members for every row of presence.csv."""
        levels, rows = self.tables.header.levels, self.tables.presence
        home = {(cartel.id, cartel.base) for cartel in self.tables.cartels}
        weight = np.array([getattr(levels, row.level) * (levels.base if row.identity() in home else 1) for row in rows])
        cartel = np.array([self.cartel[row.cartel] for row in rows])
        strength = _shares(np.array([cartel.strength for cartel in self.tables.cartels]))
        return np.asarray(strength[cartel] * weight / np.bincount(cartel, weight)[cartel])


def _facing(here: Floats, there: Floats, side: int) -> list[int]:
    """The places of one state (n, 2) on the side of another, in order."""
    away = np.linalg.norm(here - there.mean(axis=0), axis=1).round(9)  # rounded: ties go to the first place
    return sorted(np.argsort(away, kind="stable")[:side].tolist())


def _shares(weights: Floats) -> Floats:
    total = weights.sum()
    return weights / total if total else weights
