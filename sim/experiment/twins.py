"""Twin worlds: a world is run once, then again for some of its removals, with the same luck and one leader spared.

Until that week the two are the same to the last bit. What differs afterwards, place by place, is what the removal did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiment.plan import Plan
from sim.model.agents import Cartel
from sim.model.chance import lineage, name_key
from sim.model.clock import Calendar
from sim.model.model import Cartelitos, Removal
from sim.model.run import Outcome, outcome
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario

FLOWS = 3  # of QUANTITIES, the first ones
QUANTITIES = ("homicides", "organised", "taken_usd", "groups", "members")  # per place and week; the last two are stocks
WHERE = ("place", "same cartel", "neighbours", "elsewhere")
RANKS = {"kingpin": 2, "lieutenant": 3, "captive": 6}  # of the spared removals, one in so many has this rank
BEFORE, AFTER = 52, 156  # weeks; a third of 13 weeks counts as a month
MONTHS = np.arange(-11, 37)  # since the removal; 0 is the last month before it

Floats = NDArray[np.float32]
Columns = Mapping[str, Any]
ROW_BYTES = 4 * len(QUANTITIES) + 8  # float32 each, and the labels of a row as they compress


class Found(NamedTuple):
    """A removal as the log tells it."""

    removal: Removal
    territory: int
    mode: str
    contested: int | None  # percent: the runner-up's chance over the favourite's; None without a succession


@dataclass(frozen=True)
class Twins:
    """Simulates a world and the twins of some of its removals; travels to worker processes."""

    # spared in every world, one at a time: half of them of kingpins, a third of lieutenants, the others extraditions of captives. Fewer if
    # a world has fewer with a year before and three years after them.
    removals: int

    def __call__(self, scenario: Scenario, seed: int) -> Outcome:
        """The world's own outcome with the further tables `removals`, `twins` and `panel`."""
        model = Cartelitos(scenario, rng=seed)
        try:
            truth = traced(model)
            chosen = self._choose(model)
            own = outcome(model)
            panel = by_month(truth, model.calendar, model.world.ids)
        finally:
            model.release()
        pairs = [_pair(number, found, scenario, seed, truth) for number, found in enumerate(chosen)]
        tables = {"removals": _joined([removal for removal, _ in pairs]), "twins": _joined([twin for _, twin in pairs])}
        tables["panel"] = {name: panel[name] for name in ("territory", "month", "homicides", "organised")}
        return replace(own, tables=tables)

    def _choose(self, model: Cartelitos) -> list[Found]:
        """Some removals of every rank, by luck that hangs on the removal alone."""

        def luck(found: Found) -> float:
            week, row, rank = found.removal
            return model.chance.uniform("twins.choose", week, lineage(model.state.country.cartel_key[row], name_key(rank)))

        ranked = sorted(removals(model), key=luck)
        return [
            found
            for rank, part in RANKS.items()
            for found in [found for found in ranked if found.removal.rank == rank][: round(self.removals / part)]
        ]


def removals(model: Cartelitos) -> Iterator[Found]:
    """What the log of a finished run says of removals that leave time for comparison."""
    lines = model.log.lines
    for i, (week, kind, row, _, territory, _, cause) in enumerate(lines):
        if not BEFORE <= week < model.calendar.weeks - AFTER:
            continue
        if kind == "extradition":
            yield Found(Removal(week, row, "captive"), territory, "extradition", None)
        elif kind == "removal" and cause.startswith("lieutenant "):
            yield Found(Removal(week, row, "lieutenant"), territory, cause.removeprefix("lieutenant "), None)
        elif kind == "removal":
            contested = next((line[5] for line in lines[i:] if line[:3] == (week, "succession", row)), None)
            yield Found(Removal(week, row, "kingpin"), territory, cause, contested)


def traced(model: Cartelitos) -> Floats:
    """Run a model to its end: QUANTITIES by week and place, (Q, weeks, K)."""
    values = np.zeros((len(QUANTITIES), model.calendar.weeks, len(model.world.ids)), np.float32)
    trace(model, values, model.calendar.weeks)
    model.run()
    return values


def trace(model: Cartelitos, values: Floats, until: int) -> None:
    """Step to the beginning of week `until`, noting QUANTITIES by week and place in `values`, (Q, weeks, K); stocks as the week begins."""
    while model.week < until and model.running:
        week, c = model.week, model.state.country
        values[3, week] = (c.at[: c.count.cartels] >= 0).sum(axis=0)
        values[4, week] = c.territory.armed
        model.step()
        t = model.state.country.territory
        values[0, week], values[1, week], values[2, week] = t.homicides, t.organised, t.taken


def _pair(number: int, found: Found, scenario: Scenario, seed: int, truth: Floats) -> tuple[Columns, Columns]:
    """Run the twin in which a leader is spared: a row of `removals`, and rows of `twins` by where and month."""
    week = found.removal.week
    first, last = week - BEFORE + 1, week + AFTER + 1  # the removal falls after the fighting of its week
    twin = Cartelitos(scenario, rng=seed, spared=found.removal)
    try:
        while twin.week < week:
            twin.step()
        cartel = twin.cartels[found.removal.row]
        place = found.territory if found.territory >= 0 else int(cartel.get("seat"))
        row = _situation(number, found, cartel, place)
        rings = _rings(cartel, place)
        spared = truth.copy()
        trace(twin, spared, last)
    finally:
        twin.release()
    return row, _months(number, truth[:, first:last], spared[:, first:last], rings)


def _situation(number: int, found: Found, cartel: Cartel, place: int) -> Columns:
    """The row of `removals`: how things stood at the beginning of that week."""
    model, c = cartel.model, cartel.model.state.country
    return {
        "removal": [number],
        "date": [model.calendar.day(found.removal.week)],
        "cartel": [cartel.name],
        "territory": [model.world.ids[place]],
        "rank": [found.removal.rank],
        "mode": [found.mode],
        "contested": [found.contested],
        "side": [side(cartel)],
        "members": [cartel.members],
        "plazas": [len(cartel.places)],
        "groups": [int((c.at[: c.count.cartels, place] >= 0).sum())],
    }


def side(cartel: Cartel) -> str:
    """Whether a cartel is the "weak" or the "strong" side of its wars, by strength where they are fought; "peace" without any."""
    c = cartel.model.state.country
    pair = c.pair[: c.count.pairs]
    mine: dict[int, float] = {}
    theirs = 0.0
    for r in np.flatnonzero((pair.open > 0.0) & ((pair.a == cartel.row) | (pair.b == cartel.row))):
        k = int(pair.territory[r])
        foe = int(pair.a[r] + pair.b[r]) - cartel.row
        if c.at[cartel.row, k] >= 0 and c.at[foe, k] >= 0:
            mine[k] = float(c.plaza.strength[c.at[cartel.row, k]])
            theirs += float(c.plaza.strength[c.at[foe, k]])
    if not mine:
        return "peace"
    return "weak" if theirs > sum(mine.values()) else "strong"


def _rings(cartel: Cartel, place: int) -> Floats:
    """Which of WHERE every territory belongs to: (K, 4), a single 1 in each row."""
    ring = np.full(len(cartel.model.world.ids), WHERE.index("elsewhere"))
    ring[cartel.model.world.neighbours(place)] = WHERE.index("neighbours")
    ring[cartel.places] = WHERE.index("same cartel")
    ring[place] = WHERE.index("place")
    return np.asarray(np.eye(len(WHERE))[ring], np.float32)


def _months(number: int, truth: Floats, spared: Floats, rings: Floats) -> Columns:
    """Rows of `twins` by where (if there is such a place) and month: flows summed, stocks averaged."""
    month = (np.arange(-BEFORE, AFTER) * 3) // 13 - MONTHS[0] + 1
    weeks = np.bincount(month).astype(np.float32)
    inside = np.flatnonzero(rings.any(axis=0))
    columns: dict[str, Any] = {
        "removal": np.full(inside.size * MONTHS.size, number),
        "where": np.repeat(np.array(WHERE, object)[inside], MONTHS.size),
        "month": np.tile(MONTHS, inside.size),
    }
    for suffix, values in (("", truth), ("_spared", spared)):
        monthly = np.zeros((len(QUANTITIES), MONTHS.size, inside.size), np.float32)
        for week, at in enumerate(month):
            monthly[:, at] += values[:, week] @ rings[:, inside]
        monthly[3:] /= weeks[:, None]
        columns |= {f"{name}{suffix}": table.T.ravel() for name, table in zip(QUANTITIES, monthly, strict=True)}
    return columns


def by_month(weeks: Floats, calendar: Calendar, ids: tuple[str, ...]) -> Columns:
    """A row per place and calendar month of QUANTITIES by week and place, (Q, weeks, K).

    Flows are split over months by days; stocks are those as the last week of the month begins.
    """
    size, week = len(calendar.months), np.arange(calendar.weeks)
    fold = np.zeros((calendar.weeks, size + 1))
    fold[week, calendar.first], fold[week, calendar.first + 1] = calendar.share, 1.0 - calendar.share
    flows = np.einsum("qwk,wm->qkm", weeks[:FLOWS], fold[:, :size])
    last = np.searchsorted(calendar.first, np.arange(size), side="right") - 1
    stocks = weeks[FLOWS:, last].transpose(0, 2, 1)
    columns = dict(zip(QUANTITIES, (table.ravel().astype(np.float32) for table in (*flows, *stocks)), strict=True))
    months = np.tile(calendar.months.astype("datetime64[D]"), len(ids))
    return {"territory": np.repeat(np.array(ids, object), size), "month": months, **columns}


def _joined(parts: list[Columns]) -> Columns:
    """Tables with the same columns, one below the other."""
    return {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in (parts[0] if parts else ())}


@dataclass(frozen=True)
class Panel:
    """Simulates a run and notes every place by month; travels to worker processes."""

    def __call__(self, scenario: Scenario, seed: int) -> Outcome:
        """The run's own outcome, to the bit, with the further table `panel`."""
        model = Cartelitos(scenario, rng=seed)
        try:
            weeks = traced(model)
            return replace(outcome(model), tables={"panel": by_month(weeks, model.calendar, model.world.ids)})
        finally:
            model.release()


def panel_rows(plan: Plan) -> int:
    """Rows that the panel of a plan has: places x months, over all runs."""
    size: dict[tuple[str, str, float], int] = {}
    rows = 0
    for arm in plan.arms:
        scenario = arm.scenario
        key = (scenario.world, str(sorted(scenario.world_options.items())), scenario.years)
        if key not in size:
            world = load_world(scenario.world, scenario.world_options, scenario_folder() / WORLDS)
            size[key] = len(world.ids) * len(Calendar(scenario.start, scenario.weeks).months)
        rows += size[key]
    return rows * plan.replicates
