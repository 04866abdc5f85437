"""Weeks become months: flows are split by days, stocks are read at the end of the month; Mesa's data collectors ask by the week."""

from __future__ import annotations

import numpy as np
from mesa import DataCollector

from sim.catalogue.metrics import METRICS
from sim.model.clock import Calendar
from sim.model.columns import Array, Flow, Stock
from sim.model.policy import Costs
from sim.model.state import State
from sim.model.stocks import read_stocks

STARTS_AT_ONE = ("arms_index", "drug_price_index", "consumption_index")
CAUSES = tuple(name for name in Flow.names if name.startswith("homicides_"))


class Record:
    """Monthly series of one run: weekly flows folded into months by days, stocks read at the end of each month.

    Attributes:
        stocks: at the end of each month, as `weeks` reads them, shape (months, stocks).
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.stocks = np.zeros((len(calendar.months), len(Stock.names)))

    def series(self, flows: Array, costs: Costs) -> dict[str, Array]:
        """One array per metric, shape (months,), of flows, [week, flow], and costs of a run by week; stocks at the end of the month."""
        weekly = dict(zip(Flow.names, flows.T, strict=True))
        weekly["homicides"] = np.sum([weekly[name] for name in CAUSES], axis=0)
        weekly |= {
            "policy_cost_usd": costs.total, "policy_cost_usd_us": costs.us, "policy_cost_usd_mx": costs.total - costs.us,
            "aid_obligated_usd": costs.aid_obligated, "aid_spent_usd": costs.aid_spent,
        }  # fmt: skip
        stocks = dict(zip(Stock.names, self.stocks[self.calendar.known].T, strict=True))
        for index in STARTS_AT_ONE:
            stocks[index] = stocks[index] / max(1e-12, stocks[index][0])
        names = [name for name, metric in METRICS.items() if metric.kind == "flow"]
        months = dict(zip(names, self.by_month(np.array([weekly[name] for name in names])), strict=True)) | stocks
        return {name: months[name].copy() for name in METRICS}

    def by_month(self, weekly: Array) -> Array:
        """Fold weekly flows into months by days: [flow, week] to [flow, month]."""
        c = self.calendar
        flows, size = len(weekly), len(c.months)
        month = c.first + size * np.arange(flows)[:, None]
        inside = np.bincount(month.ravel(), (weekly * c.share).ravel(), minlength=flows * size)
        after = np.bincount((month + (c.first < size - 1)).ravel(), (weekly * (1.0 - c.share)).ravel(), minlength=flows * size)
        return np.asarray(inside + after, np.float64).reshape(flows, size)


def collector() -> DataCollector:
    """A collector of everything that is known by the week: flows of the week, stocks at its end."""
    names = [name for name in (*Flow.names, "homicides", *Stock.names) if name in METRICS and name not in STARTS_AT_ONE]
    return DataCollector(model_reporters={name: (lambda model, name=name: model.latest[name]) for name in names})


def latest(state: State, month: int) -> dict[str, float]:
    """Flows of the week that was played last, and stocks now, by metric; the row of stocks of its month is written anew."""
    country = state.country
    read_stocks(country, month)
    flows = dict(zip(Flow.names, country.flow.values.tolist(), strict=True))
    stocks = dict(zip(Stock.names, country.stocks[month].values.tolist(), strict=True))
    return flows | {"homicides": sum(flows[name] for name in CAUSES)} | stocks
