"""The country at the start of a run: its places, who holds them, and the outside series it lives under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.worlds.grid import grid_tables
from sim.model.worlds.header import Revenue
from sim.model.worlds.places import Places
from sim.model.worlds.reader import read_tables
from sim.model.worlds.tables import ClockRow, Tables
from sim.scenario.problems import Problem, ScenarioError, suggest
from sim.scenario.worlds import EDGES, GRID, GRID_SIZES, MOST_PARTS, NODES, places_per_state, world_options, worlds

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


class CartelSeed(NamedTuple):
    """A cartel at the start: `base` is a territory index, `strength` its share of all members."""

    id: str
    name: str
    base: int
    strength: float
    suppliers: int
    financiers: int
    dealers: int


class Presence(NamedTuple):
    """One plaza at the start: indices of its cartel and territory; `share` is its part of all members."""

    cartel: int
    territory: int
    level: str
    faction: str
    share: float


class Tie(NamedTuple):
    """Two cartels (indices) and what is between them: "alliance" or "rivalry"."""

    a: int
    b: int
    kind: str


class Members(NamedTuple):
    """Plausible members of all cartels together, people."""

    low: float
    mid: float
    high: float


class Government(NamedTuple):
    """Who governs a state, or NATION, from a day on."""

    since: date
    state: str
    party: str


@dataclass(frozen=True, eq=False)
class World:
    """A country of K territories, ready to simulate. Arrays have shape (K,) unless said otherwise and are read-only."""

    name: str  # as asked for
    title: str  # for people
    ids: tuple[str, ...]  # a state's suffix ("SIN"), or place ids ("SIN-1", largest first) where states are split
    names: tuple[str, ...]  # for people
    states: tuple[str, ...]  # the state each territory belongs to
    population: Floats  # residents, people
    young_men: Floats  # men aged 15-29, people
    value: Floats  # trafficking value, shares that sum to 1
    poppy: Floats  # part of a territory's value that rests on poppy, 0..1
    economy: Floats  # extortable economy, shares that sum to 1
    pipeline: Floats  # exposure of fuel pipelines, shares that sum to 1 (all 0 where no line runs)
    users: Floats  # local drug market, shares that sum to 1; it follows young men
    background: Floats  # homicide rate before the start relative to the national one (mean over residents 1)
    tile_x: Ints  # column of the tile map, from the west
    tile_y: Ints  # row of the tile map, from the north
    lon: Floats  # degrees
    lat: Floats  # degrees
    border_start: Ints  # (K + 1,); the neighbours of k are `border_to[border_start[k] : border_start[k + 1]]`
    border_to: Ints  # (E,), ascending within k; every border stands in both directions
    cartels: tuple[CartelSeed, ...]  # the organisations
    presence: tuple[Presence, ...]  # the plazas, by cartel and territory; their shares sum to 1
    ties: tuple[Tie, ...]  # alliances and rivalries
    tie_weights: Floats  # (T,), in how many states each of them holds
    clocks: Mapping[str, Floats]  # (Y,) yearly outside series by name, for `clocks["years"]`; `revenue` is 1 in the first year
    members: Members  # the band from which the number of members is drawn
    governments: tuple[Government, ...] = ()  # of states and of NATION, by day; empty where nobody says who governs

    def __post_init__(self) -> None:
        for array in [*(getattr(self, field.name) for field in fields(self)), *self.clocks.values()]:
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    def neighbours(self, territory: int) -> Ints:
        """Territories that touch one, as indices."""
        return self.border_to[self.border_start[territory] : self.border_start[territory + 1]]


def load_world(name: str, options: Mapping[str, int | str], folder: Path) -> World:
    """Build a country.

    Args:
        name: a world in `folder`, "grid", or the path of a folder with the same tables.
        options: of tables: `places`, a multiple of the number of states (default: as many), unless they are split by
            municipality; `ties`, the path of a folder with the published network, where groups follow from a rule;
            of the grid: `rows`, `columns`, `cartels`.
        folder: where the shipped worlds lie.

    Raises:
        ScenarioError: unknown world or option, or every problem of its tables.
    """
    if name == GRID:
        sizes = GRID_SIZES | _sizes(options, GRID_SIZES)
        return _build(name, grid_tables(**sizes), [1] * (sizes["rows"] * sizes["columns"]))
    home = _find(name, folder)
    sizes = _sizes(options, world_options(home, folder))
    ties = options.get("ties")
    tables = _canonical(read_tables(home, folder, Path(str(ties)) if ties is not None else None))
    return _build(name, tables, _parts(tables, sizes.get("places")))


def _find(name: str, folder: Path) -> Path:
    for path in (folder / name, Path(name)):
        if name and path.is_dir():
            return path
    shipped = [GRID, *worlds(folder)]
    hint = suggest(name, shipped) or f"worlds: {', '.join(shipped)}, or a folder of tables"
    raise ScenarioError([Problem("", None, "world.name", f"unknown world '{name}'", hint)])


def _sizes(options: Mapping[str, int | str], known: Collection[str]) -> dict[str, int]:
    """The options that are numbers."""
    problems = []
    for option, value in options.items():
        if option not in known:
            hint = suggest(option, known) or f"options: {', '.join(known)}"
            problems.append(Problem("", None, f"world.{option}", "unknown option", hint))
        elif option == "ties":
            if not isinstance(value, str) or not Path(value).is_dir():
                message = f"{value!r} is not a folder"
                problems.append(Problem("", None, "world.ties", message, f"it holds {NODES} and {EDGES}"))
        elif type(value) is not int or value < 1:
            problems.append(Problem("", None, f"world.{option}", f"{value!r} should be a whole number above 0"))
    if problems:
        raise ScenarioError(problems)
    return {option: value for option, value in options.items() if isinstance(value, int)}


def _parts(tables: Tables, places: int | None) -> list[int]:
    """Into how many places each state is split."""
    states = [row.id for row in tables.territories]
    if tables.municipalities:
        split = {row.state: row.municipalities for row in tables.municipalities}
        return [split[state] for state in states]
    parts = places_per_state(places or len(states), len(states))
    if parts is None:
        message = f"{places} places cannot be shared out among {len(states)} states, at most {MOST_PARTS} each"
        hint = f"try {len(states)}, {4 * len(states)} or {16 * len(states)}"
        raise ScenarioError([Problem("", None, "world.places", message, hint)])
    return [parts] * len(states)


def _canonical(tables: Tables) -> Tables:
    """Rows in the order of their ids, so that the order in which a table lists them changes no run by a single bit."""
    return tables._replace(
        territories=sorted(tables.territories, key=lambda row: row.id),
        cartels=sorted(tables.cartels, key=lambda row: row.id),
        borders=sorted(tables.borders, key=lambda row: sorted((row.a, row.b))),
        ties=sorted(tables.ties, key=lambda row: (row.kind, sorted((row.a, row.b)))),
    )


def _build(name: str, tables: Tables, parts: Sequence[int]) -> World:
    places = Places(tables, parts)
    value, poppy = places.value()
    tile_x, tile_y, lon, lat = places.positions()
    border_start, border_to = places.borders()
    presence = tuple(Presence(*plaza) for plaza in places.presence())
    order = {cartel.id: i for i, cartel in enumerate(tables.cartels)}
    return World(
        name=name,
        title=tables.header.title,
        ids=places.ids,
        names=places.names,
        states=places.states,
        population=places.population,
        young_men=places.young_men,
        value=value,
        poppy=poppy,
        economy=places.economy(),
        pipeline=places.pipeline(),
        users=places.young_men / places.young_men.sum(),
        background=places.background(),
        tile_x=tile_x,
        tile_y=tile_y,
        lon=lon,
        lat=lat,
        border_start=border_start,
        border_to=border_to,
        cartels=_seeds(tables, places, presence),
        presence=presence,
        ties=tuple(Tie(order[tie.a], order[tie.b], tie.kind) for tie in tables.ties),
        tie_weights=np.array([tie.weight for tie in tables.ties]),
        clocks=_clocks(tables.clocks, tables.header.revenue),
        governments=tuple(Government(*row) for row in sorted((row.since, row.state, row.party) for row in tables.governments)),
        members=Members(tables.header.members.low, tables.header.members.mid, tables.header.members.high),
    )


def _seeds(tables: Tables, places: Places, presence: tuple[Presence, ...]) -> tuple[CartelSeed, ...]:
    total = sum(cartel.strength for cartel in tables.cartels)
    plazas: dict[int, list[Presence]] = defaultdict(list)
    for plaza in presence:
        plazas[plaza.cartel].append(plaza)
    seeds = []
    for i, cartel in enumerate(tables.cartels):
        home = [plaza for plaza in plazas[i] if places.states[plaza.territory] == cartel.base]
        base = max(home, key=lambda plaza: plaza.share).territory
        brokers = (cartel.suppliers, cartel.financiers, cartel.dealers)
        seeds.append(CartelSeed(cartel.id, cartel.name, base, cartel.strength / total, *brokers))
    return tuple(seeds)


def _clocks(rows: list[ClockRow], revenue: Revenue) -> dict[str, Floats]:
    series = {name: np.array([row.series()[name] for row in rows]) for name in rows[0].series()}
    income = np.sum([series[name] for name in revenue.columns], axis=0)
    output = series[revenue.output] if revenue.output else np.ones(len(rows))
    years = np.array([float(row.year) for row in rows])
    return {"years": years, **series, "revenue": income / income[0], "output": output / output[0]}
