"""One run kept as a story: who held what, who was killed where, every event; and what mattered in it, by rules that are stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.model.log import EventLog, EventRow
from sim.model.model import Cartelitos, Removal
from sim.model.run import LineageRow, outcome
from sim.scenario import Scenario

Array = NDArray[np.float64]
KEPT = {"falls": 6, "splits": 6, "wars": 5, "ends": 4}  # how many of each kind are told
YEAR = 12  # months
AFTER = timedelta(days=365)  # what counts as following a fall
DOUBLINGS = (2, 4, 8, 16, 32)  # times the number of groups at the start
RULES = ("worst_year", "worst_place", "falls", "splits", "wars", "ends", "growth")
T = TypeVar("T")


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
        found, names, world, week_of = outcome(model), tuple(model.names), model.world, model.calendar.week
    finally:
        model.release()
    falls = tuple(
        Fall(Removal(week_of(event.date), names.index(event.cartel), "kingpin"), event.date, event.cartel, event.cause, event.size)
        for event in found.events
        if event.kind == "removal" and not event.cause.startswith("lieutenant")
    )
    tiles, founders = zip(world.tile_x.tolist(), world.tile_y.tolist(), strict=True), {seed.id: seed.name for seed in world.cartels}
    return Told(
        found.months, found.days, world.ids, tuple(world.names), tuple(tiles), names, founders, dominant, groups, rates(killed, residents),
        found.series["homicides"], found.series["groups_active"], tuple(found.genealogy), found.events.columns(), falls,
    )  # fmt: skip


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


class Moment(NamedTuple):
    """One event of a run that its story tells of."""

    day: date  # when it happens or begins
    rule: str  # which of RULES chose it
    cartel: str = ""  # id, or empty
    other: str = ""  # id of another group, or empty
    place: str = ""  # id, or empty
    # the number that it was ranked by: people killed in the worst year, killed per 100,000 in the worst place, members at a fall, people
    # who split off, place-months of a war, members at the peak of a group that ends, times the groups of the start
    size: float = 0.0
    cause: str = ""  # how a kingpin fell, or which event ended a group
    last: date | None = None  # day on which a war ends, or which ends the twelve months; None = it does not end
    places: int = 0  # in which a war was fought
    before: float = float("nan")  # killed per 100,000 at the place of a fall in the twelve months before it; nan = no such months
    after: float = float("nan")  # the same in the twelve months after it
    followers: int = 0  # groups that broke away from the fallen kingpin's within a year


def moments(told: Told) -> list[Moment]:
    """Everything that is told of a run, in order of time."""
    chosen = [*_worst_year(told), *_worst_place(told), *_falls(told), *_splits(told), *_wars(told), *_ends(told), *_growth(told)]
    return sorted(chosen, key=lambda moment: (moment.day, RULES.index(moment.rule)))


def _worst_year(told: Told) -> Iterator[Moment]:
    """The twelve consecutive months with most homicides."""
    months = min(YEAR, told.homicides.size)
    killed = np.convolve(told.homicides, np.ones(months), "valid")
    first = int(np.argmax(killed))
    yield Moment(_day(told, first), "worst_year", size=float(killed[first]), last=_day(told, first + months) - timedelta(days=1))


def _worst_place(told: Told) -> Iterator[Moment]:
    """The place with the highest rate over twelve months, dated by the last of them."""
    if len(told.places) > 1 and told.months.size >= YEAR:
        rate = told.rate[YEAR - 1 :]
        month, place = np.unravel_index(int(np.argmax(rate)), rate.shape)
        when = _day(told, int(month) + YEAR) - timedelta(days=1)
        yield Moment(when, "worst_place", place=told.places[place], size=float(rate[month, place]))


def _falls(told: Told) -> Iterator[Moment]:
    """Kingpins taken by the state, by the size of their groups; with what came in the year after."""
    column = {place: k for k, place in enumerate(told.places)}
    where = {(row.date, row.cartel): row.territory for row in events(told, "removal") if not row.cause.startswith("lieutenant")}
    for fall in _most(told.falls, KEPT["falls"], lambda fall: fall.members, lambda fall: fall.day):
        place = where[fall.day, fall.cartel]
        month = int(np.searchsorted(told.months, np.datetime64(fall.day, "M")))
        before, after = (
            float(told.rate[k, column[place]]) if YEAR <= k + 1 <= told.months.size else float("nan") for k in (month - 1, month + YEAR)
        )
        offspring = sum(line.parent == fall.cartel and fall.day <= line.born <= fall.day + AFTER for line in told.lineage)
        yield Moment(fall.day, "falls", fall.cartel, "", place, fall.members, fall.how, None, 0, before, after, offspring)


def _splits(told: Told) -> Iterator[Moment]:
    """Bands that broke away and became groups of their own, by the people who left."""
    for row in _most(events(told, "split"), KEPT["splits"], lambda row: row.size, lambda row: row.date):
        yield Moment(row.date, "splits", row.cartel, row.other, row.territory, row.size)


def _wars(told: Told) -> Iterator[Moment]:
    """Wars between two groups, all places together, by place-months fought until a truce or the end of one side."""
    end = _day(told, told.months.size)
    died = {line.cartel: line.died or end for line in told.lineage}
    open_: dict[tuple[str, str, str], date] = {}
    fronts: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for row in events(told, "war", "truce"):
        one, two = sorted((row.cartel, row.other))
        if row.kind == "war":
            open_.setdefault((one, two, row.territory), row.date)
        elif (one, two, row.territory) in open_:
            fronts.setdefault((one, two), []).append((open_.pop((one, two, row.territory)), row.date, row.territory))
    for (one, two, place), since in open_.items():
        fronts.setdefault((one, two), []).append((since, max(since, min(died[one], died[two])), place))
    longest = _most(fronts.items(), KEPT["wars"], lambda war: _days(war[1]), lambda war: min(war[1])[0])
    for (one, two), fought in longest:
        first, last = min(fought), max(until for _, until, _ in fought)
        month = 365.25 / 12
        places = {place for _, _, place in fought}
        longest_at = max(sorted(places), key=lambda place: _days(front for front in fought if front[2] == place))
        yield Moment(first[0], "wars", one, two, longest_at, _days(fought) / month, "", None if last >= end else last, len(places))


def _days(fought: Iterable[tuple[date, date, str]]) -> int:
    return sum((until - since).days for since, until, _ in fought)


def _ends(told: Told) -> Iterator[Moment]:
    """Groups that ended, by their most members."""
    last = {row.cartel: row for row in events(told, "absorbed", "dissolved")}
    over = [line for line in told.lineage if line.died is not None and line.cartel in last]
    for line in _most(over, KEPT["ends"], lambda line: line.peak_members, lambda line: line.died or date.max):
        row = last[line.cartel]
        yield Moment(row.date, "ends", line.cartel, row.other, row.territory, line.peak_members, row.kind)


def _growth(told: Told) -> Iterator[Moment]:
    """First months that end with twice, four times ... the groups of the first."""
    for times in DOUBLINGS:
        there = np.flatnonzero(told.alive >= times * told.alive[0])
        if told.alive[0] > 0 and there.size:
            yield Moment(_day(told, int(there[0]) + 1) - timedelta(days=1), "growth", size=float(times), places=int(told.alive[there[0]]))


def events(told: Told, *kinds: str) -> Iterator[EventRow]:
    """What happened, of some kinds, in order."""
    log = EventLog(**told.events)
    return (log[k] for k in np.flatnonzero(log.kind.among(kinds)).tolist())


def _most(candidates: Iterable[T], count: int, size: Callable[[T], float], when: Callable[[T], date]) -> Iterator[T]:
    """The largest, equal ones in order of time."""
    return islice(sorted(candidates, key=lambda one: (-size(one), when(one))), count)


def _day(told: Told, month: int) -> date:
    """First day of a month, 0 being the run's first."""
    return (told.months[0] + np.timedelta64(month, "M")).astype("datetime64[D]").item()  # type: ignore[no-any-return]
