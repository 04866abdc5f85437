"""What worker processes do for the page: one run summed up by year, or one run told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bands import calendar
from sim.analysis.ensemble import summarise
from sim.catalogue.metrics import METRICS
from sim.catalogue.switches import off
from sim.experiment.plan import replicate_seed
from sim.experiment.switching import ALL, switched, worlds
from sim.experiment.worker import prepare as _prepare
from sim.model.model import Cartelitos, Removal
from sim.show.telling import told
from sim.show.telling.told import Array, Told
from sim.show.web.choice import Question, scenario

ROWS = {name: row for row, name in enumerate(METRICS)}


def luck(replicate: int) -> int:
    """The seed of a replicate, 1 being the first: that of every scenario of the library."""
    return replicate_seed(1, replicate - 1)


class Summary(NamedTuple):
    """One run: every metric by calendar year and over the whole run.

    Attributes:
        years: calendar years, (Y,).
        values: flows as yearly rates, stocks as means, (metric, Y).
        whole: the same over the whole run, (metric,).
    """

    years: NDArray[np.int64]
    values: Array
    whole: Array


def prepare() -> None:
    """Set up a fresh worker: compiled code is loaded before the first visitor asks."""
    _prepare()
    run(Question(), 1)


def run(question: Question, replicate: int, label: str = ALL) -> Summary:
    """Simulate one replicate (1 is the first; it has the luck that `compare` gives it) and sum it up.

    `label`: which responses of the model are switched off, see `sim.experiment.switching`.
    """
    setting = scenario(question)
    if label != ALL:
        setting = switched(setting, label, off(worlds()[label]))
    model = Cartelitos(setting, rng=luck(replicate))
    try:
        model.run()
        series = model.record.series(model.state.country.flows, model.policy.costs)
        months, days = model.calendar.months, model.calendar.days
    finally:
        model.release()
    periods = calendar(months, days, "year")
    monthly = [(series[name], metric.kind) for name, metric in METRICS.items()]
    values = [[summarise(x[period], days[period], kind, yearly=True) for period in periods] for x, kind in monthly]
    whole = [summarise(x, days, kind, yearly=True) for x, kind in monthly]
    years = np.array([months[period][0].astype("datetime64[Y]").astype(np.int64) + 1970 for period in periods])
    return Summary(years, np.array(values, np.float64), np.array(whole, np.float64))


def tell(question: Question, replicate: int, spared: Removal | None = None) -> Told:
    """Simulate one replicate and keep what happened where; `spared` is a removal that does not happen."""
    return told.tell(scenario(question), luck(replicate), spared)
