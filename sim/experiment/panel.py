"""The opt-in panel of an experiment: what happened in every place in every month, beside what every run records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.experiment.plan import Plan
from sim.experiment.twins import QUANTITIES, Columns, Floats, trace
from sim.model.clock import Calendar
from sim.model.model import Cartelitos
from sim.model.run import Outcome, outcome
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario

FLOWS = 3  # of QUANTITIES, the first ones
ROW_BYTES = 4 * len(QUANTITIES) + 8  # float32 each, and the labels of a row as they compress


@dataclass(frozen=True)
class Panel:
    """Simulates a run and notes every place by month; travels to worker processes."""

    def __call__(self, scenario: Scenario, seed: int) -> Outcome:
        """The run's own outcome, to the bit, with the further table `panel`."""
        model = Cartelitos(scenario, rng=seed)
        try:
            weeks = np.zeros((len(QUANTITIES), model.calendar.weeks, len(model.world.ids)), np.float32)
            trace(model, weeks, model.calendar.weeks)
            model.run()
            return replace(outcome(model), tables={"panel": by_month(weeks, model.calendar, model.world.ids)})
        finally:
            model.release()


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
