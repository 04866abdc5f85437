"""One run kept as a story: who held which place in which month, who was killed where, and everything that happened."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.model import Cartelitos, Removal
from sim.model.run import LineageRow, Outcome, outcome
from sim.scenario import Scenario

Array = NDArray[np.float64]


class Fall(NamedTuple):
    """A kingpin taken by the state, whom a visitor may spare."""

    removal: Removal
    day: date
    cartel: str
    how: str
    members: int


class Told(NamedTuple):
    """One run as a story."""

    months: NDArray[np.datetime64]  # first days, datetime64[M], (M,)
    days: Array  # of the run in each month, (M,)
    places: tuple[str, ...]  # ids of the territories, K of them
    titles: tuple[str, ...]  # names of the territories
    tiles: tuple[tuple[int, int], ...]  # column and row of each on the tile map
    names: tuple[str, ...]  # ids of cartels, by number
    founders: dict[str, str]  # id -> name of the cartels that there were at the start
    dominant: NDArray[np.int16]  # number of the cartel with most members, -1 for none, (M, K)
    groups: NDArray[np.int16]  # cartels present, (M, K)
    rate: NDArray[np.float32]  # homicides per 100,000 residents and year, over the last twelve months, (M, K)
    homicides: Array  # national, per month, (M,)
    alive: Array  # groups above the minimum size at the end of the month, (M,)
    lineage: tuple[LineageRow, ...]  # every cartel that ever was
    events: dict[str, Any]  # the log as columns
    falls: tuple[Fall, ...]  # kingpins taken, in order


def tell(scenario: Scenario, seed: int, spared: Removal | None = None) -> Told:
    """Simulate one run and keep what happened where; `spared` is a removal that does not happen."""
    model = Cartelitos(scenario, rng=seed, spared=spared)
    try:
        places, months = len(model.world.ids), model.calendar.months
        dominant, groups = np.full((months.size, places), -1, np.int16), np.zeros((months.size, places), np.int16)
        killed, residents = np.zeros((months.size, places)), np.ones((months.size, places))
        while model.running:
            week = model.week
            model.step()
            month, territory = int(model.calendar.first[week]), model.state.country.territory
            killed[month] += territory.homicides
            month = int(model.calendar.ends[week])
            if month >= 0:
                residents[month] = territory.population
                dominant[month], groups[month] = presence(model)
        model.run()  # closes the books
        return _told(outcome(model), model, dominant, groups, rates(killed, residents))
    finally:
        model.release()


def presence(model: Cartelitos) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """In every place, the cartel (row) with most members, and how many cartels there are."""
    c, places = model.state.country, len(model.world.ids)
    plaza = c.plaza[: c.count.plazas]
    there = (plaza.cartel >= 0) & (plaza.members > 0.0)
    cartel, where, members = plaza.cartel[there], plaza.territory[there], plaza.members[there]
    order = np.lexsort((-cartel, members))
    first = np.full(places, -1, np.int16)
    first[where[order]] = cartel[order]  # the last one written has most members
    return first, np.bincount(where, minlength=places).astype(np.int16)


def rates(killed: Array, residents: Array) -> NDArray[np.float32]:
    """Homicides per 100,000 and year over the last twelve months, or as many as there are yet, (M, K)."""
    sums = np.cumsum(np.vstack([np.zeros(killed.shape[1]), killed]), axis=0)
    end = np.arange(1, len(killed) + 1)
    start = np.maximum(0, end - 12)
    yearly = (sums[end] - sums[start]) * (12.0 / (end - start))[:, None]
    return np.asarray(1e5 * yearly / residents, np.float32)


def _told(found: Outcome, model: Cartelitos, dominant: Any, groups: Any, rate: NDArray[np.float32]) -> Told:  # noqa: ANN401
    names = tuple(model.names)
    rows = {name: row for row, name in enumerate(names)}
    falls = tuple(
        Fall(Removal(model.calendar.week(event.date), rows[event.cartel], "kingpin"), event.date, event.cartel, event.cause, event.size)
        for event in found.events
        if event.kind == "removal" and not event.cause.startswith("lieutenant")
    )
    return Told(
        found.months,
        found.days,
        model.world.ids,
        tuple(model.world.names),
        tuple(zip(model.world.tile_x.tolist(), model.world.tile_y.tolist(), strict=True)),
        names,
        {seed.id: seed.name for seed in model.world.cartels},
        dominant,
        groups,
        rate,
        found.series["homicides"],
        found.series["groups_active"],
        tuple(found.genealogy),
        found.events.columns(),
        falls,
    )
