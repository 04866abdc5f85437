"""Time: the length of a year, how often the week looks at what, and how weeks make months."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.year import DAYS, JULIAN, WEEK, WEEKS
from sim.model.compile.named import Floats, Integers

__all__ = ["DAYS", "EASE", "EVERY", "WEEK", "WEEKS", "YEAR", "Calendar"]

EASE = 1.0 / 26.0  # of the gap that a quantity smoothed over half a year closes in a week
EVERY = 4  # weeks between two looks at what changes slowly
YEAR = 52  # whole weeks in a year: after so many residents grow, heirs' wars become ordinary ones, and Python may look up


class Calendar:
    """Which months the weeks of a run fall into.

    Attributes:
        months: first days, datetime64[M], shape (M,).
        days: days of the run that lie in each month, shape (M,).
        first: month in which each week begins, shape (weeks,).
        share: part of each week that lies in it; the rest lies in the next, shape (weeks,).
        ends: the month whose last week this is, or -1, shape (weeks,).
        known: month whose stocks each month has: its own, or if no week begins in the last one, those of the month before, shape (M,).
    """

    def __init__(self, start: date, weeks: int) -> None:
        self.start, self.weeks = start, weeks
        day = np.datetime64(start, "D") + np.arange(7 * weeks)
        month = day.astype("datetime64[M]")
        self.months: NDArray[np.datetime64] = np.unique(month)
        index = (month - self.months[0]).astype(np.int64)
        self.days: Floats = np.bincount(index).astype(np.float64)
        grid = index.reshape(weeks, 7)
        self.first = grid[:, 0]
        self.share = (grid == grid[:, :1]).sum(axis=1) / 7.0
        self.ends: Integers = np.full(weeks, -1, np.int64)
        months = np.arange(len(self.months))
        last = np.searchsorted(self.first, months, side="right") - 1
        self.ends[last[::-1]] = months[::-1]
        self.known = self.ends[last]
        self._begins = [start + timedelta(days=7 * week) for week in range(weeks + 1)]

    @property
    def years(self) -> Floats:
        """The time at which each week begins, in years."""
        began = self.start.year + (self.start.timetuple().tm_yday - 1) / JULIAN
        return np.asarray(began + np.arange(self.weeks) * 7.0 / DAYS)

    def day(self, week: int) -> date:
        """The day on which a week begins."""
        return self._begins[week]

    def week(self, day: date) -> int:
        """The week in which a day lies."""
        return (day - self.start).days // 7
