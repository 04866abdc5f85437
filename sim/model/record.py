"""Weeks become months: flows are split by days, stocks are read at the end of the month."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.metrics import METRICS
from sim.model.columns import CARTEL, COUNT, FLOW, NATION, PAIR, PLAZA, TERRITORY, Array, Country
from sim.model.policy import Costs

STOCKS = tuple(name for name, metric in METRICS.items() if metric.kind == "stock")
FLOWS = tuple(name for name, metric in METRICS.items() if metric.kind == "flow")
CAUSES = tuple(name for name in FLOW._fields if name.startswith("homicides_"))


class Calendar:
    """Which months the weeks of a run fall into.

    Attributes:
        months: first days, datetime64[M], shape (M,).
        days: days of the run that lie in each month, shape (M,).
        split: [week] -> (month, share in it, share in the next).
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

    def day(self, week: int) -> date:
        """The day on which a week begins."""
        return self.start + timedelta(days=7 * week)

    def week(self, day: date) -> int:
        """The week in which a day lies."""
        return (day - self.start).days // 7


class Record:
    """Monthly series of one run, kept per week and folded into months at the end."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.flows = np.zeros((calendar.weeks, len(FLOW)))
        self.stocks = np.zeros((calendar.weeks, len(STOCKS)))
        self.done = 0

    def series(self, costs: Costs) -> dict[str, Array]:
        """One array per metric, shape (months,): flows per month, stocks at the end of the month."""
        c = self.calendar
        weekly = {name: self.flows[:, i] for i, name in enumerate(FLOW._fields)}
        weekly["homicides"] = sum((weekly[name] for name in CAUSES), np.zeros(c.weeks))
        weekly |= {
            "policy_cost_usd": costs.total, "policy_cost_usd_us": costs.us, "policy_cost_usd_mx": costs.total - costs.us,
            "aid_obligated_usd": costs.aid_obligated, "aid_spent_usd": costs.aid_spent,
        }  # fmt: skip
        last = np.searchsorted(c.first, np.arange(len(c.months)), side="right") - 1
        return {
            name: self.by_month(weekly[name]) if name in FLOWS else self.stocks[last, STOCKS.index(name)] for name in METRICS
        }

    def by_month(self, weekly: Array) -> Array:
        """Fold a weekly flow into months by days."""
        c = self.calendar
        size = len(c.months)
        inside = np.bincount(c.first, weekly * c.share, minlength=size)
        after = np.bincount(np.minimum(c.first + 1, size - 1), weekly * (1.0 - c.share), minlength=size)
        return inside + after


def stocks(c: Country, extra: dict[str, float]) -> Array:
    """Stocks of the nation now, in the order of `STOCKS`."""
    plaza = c.plaza[:, : c.count[COUNT.plazas]]
    cartel = c.cartel[:, : c.count[COUNT.cartels]]
    alive = cartel[CARTEL.alive] > 0.0
    members = cartel[CARTEL.members][alive]
    total = max(1.0, float(members.sum()))
    traffic, prey = cartel[CARTEL.traffic_income][alive], cartel[CARTEL.predation_income][alive]
    trafficking = (traffic > prey) & (cartel[CARTEL.access][alive] >= 0.25)
    values = {
        "groups_active": float(len(members)),
        "cartels_active": float(trafficking.sum()),
        "cells_active": float((~trafficking).sum()),
        "largest_share": float(members.max(initial=0.0)) / total,
        "hhi": float((members**2).sum()) / total**2,
        "wars_active": float((c.pair[PAIR.open, : c.count[COUNT.pairs]] > 0.0).sum()),
        "members": float(plaza[PLAZA.members].sum()),
        "prison_population": float(cartel[CARTEL.prisoners].sum()),
        "predation_share": float(prey.sum()) / max(1.0, float(prey.sum() + traffic.sum())),
        "drug_price_index": float(c.nation[NATION.price]),
        "consumption_index": float(c.nation[NATION.consumption]),
        "seized_share": float(c.nation[NATION.seized]),
        "heavy_users": float(c.nation[NATION.heavy]),
        "impunity_index": 1.0 - float(c.territory[TERRITORY.conviction].mean()),
        "arms_index": float(cartel[CARTEL.arms][alive].sum()) / total,
        **extra,
    }
    return np.array([values[name] for name in STOCKS])


