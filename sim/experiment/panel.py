"""The opt-in panel of an experiment: what happened in every place in every month, beside what every run records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.experiment.plan import Plan
from sim.experiment.twins import QUANTITIES, by_month, trace
from sim.model.clock import Calendar
from sim.model.model import Cartelitos
from sim.model.run import Outcome, outcome
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario

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
