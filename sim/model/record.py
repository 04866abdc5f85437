"""Weeks become months: flows are split by days, stocks are read at the end of the month."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.metrics import METRICS
from sim.model.columns import FLOW, Array, Integers
from sim.model.policy import Costs
from sim.model.stocks import STOCK

STARTS_AT_ONE = ("arms_index", "drug_price_index", "consumption_index")
CAUSES = tuple(name for name in FLOW._fields if name.startswith("homicides_"))


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
        self.days: Array = np.bincount(index).astype(np.float64)
        grid = index.reshape(weeks, 7)
        self.first = grid[:, 0]
        self.share = (grid == grid[:, :1]).sum(axis=1) / 7.0
        self.ends: Integers = np.full(weeks, -1, np.int64)
        months = np.arange(len(self.months))
        last = np.searchsorted(self.first, months, side="right") - 1
        self.ends[last[::-1]] = months[::-1]
        self.known = self.ends[last]
        self._begins = [start + timedelta(days=7 * week) for week in range(weeks + 1)]

    def day(self, week: int) -> date:
        """The day on which a week begins."""
        return self._begins[week]

    def week(self, day: date) -> int:
        """The week in which a day lies."""
        return (day - self.start).days // 7


class Record:
    """Monthly series of one run: weekly flows folded into months by days, stocks read at the end of each month.

    Attributes:
        stocks: at the end of each month, as `weeks` reads them, shape (months, stocks).
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.stocks = np.zeros((len(calendar.months), len(STOCK)))

    def series(self, flows: Array, costs: Costs) -> dict[str, Array]:
        """One array per metric, shape (months,): flows per month, stocks at the end of the month.

        Args:
            flows: [week, flow] of the whole run.
            costs: of the policy, by week.
        """
        weekly = dict(zip(FLOW._fields, flows.T, strict=True))
        weekly["homicides"] = np.sum([weekly[name] for name in CAUSES], axis=0)
        weekly |= {
            "policy_cost_usd": costs.total, "policy_cost_usd_us": costs.us, "policy_cost_usd_mx": costs.total - costs.us,
            "aid_obligated_usd": costs.aid_obligated, "aid_spent_usd": costs.aid_spent,
        }  # fmt: skip
        stocks = dict(zip(STOCK._fields, self.stocks[self.calendar.known].T, strict=True))
        for index in STARTS_AT_ONE:
            stocks[index] = stocks[index] / max(1e-12, stocks[index][0])
        return {name: self.by_month(weekly[name]) if metric.kind == "flow" else stocks[name].copy() for name, metric in METRICS.items()}

    def by_month(self, weekly: Array) -> Array:
        """Fold a weekly flow into months by days."""
        c = self.calendar
        size = len(c.months)
        inside = np.bincount(c.first, weekly * c.share, minlength=size)
        after = np.bincount(np.minimum(c.first + 1, size - 1), weekly * (1.0 - c.share), minlength=size)
        return np.asarray(inside + after, np.float64)
