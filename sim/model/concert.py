"""Where one party governs both the state and the nation: an outside series, dated by elections."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.clock import Calendar
from sim.model.worlds import World
from sim.scenario.worlds import NATION


def aligned(world: World, calendar: Calendar) -> NDArray[np.int16]:
    """1 where the party of a place's governor is the president's, by week and place; 0 elsewhere, and where nobody says who governs.

    After the last day of the table everybody stays in office.
    """
    days = np.datetime64(calendar.start, "D") + 7 * np.arange(calendar.weeks)
    nation = _in_office(world, NATION, days)
    by_state = {state: (_in_office(world, state, days) == nation) & (nation != "") for state in set(world.states)}
    return np.stack([by_state[state] for state in world.states], axis=1).astype(np.int16)


def _in_office(world: World, state: str, days: NDArray[np.datetime64]) -> NDArray[np.str_]:
    """Party by day; empty before the first day that the table knows."""
    own = [row for row in world.governments if row.state == state]
    begun = np.searchsorted(np.array([row.since for row in own], "datetime64[D]"), days, side="right")
    return np.array(["", *(row.party for row in own)])[begun]
