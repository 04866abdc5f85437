"""One run from start to end: a scenario and a seed in, an `Outcome` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.metrics import METRICS
from sim.model.columns import Array
from sim.model.digest import digest
from sim.model.log import CAUSES, EventLog
from sim.model.model import Cartelitos
from sim.model.stocks import cells
from sim.model.uncertainty import UNFITTED
from sim.scenario.scenario import Scenario


class LineageRow(NamedTuple):
    """One cartel of a run."""

    cartel: str
    parent: str
    root: str
    born: date
    died: date | None
    origin: str
    peak_members: int
    cell: bool


@dataclass(frozen=True)
class Outcome:
    """Everything a run leaves behind.

    Attributes:
        months: first day of each month, datetime64[M], shape (M,).
        days: days of the run in each month, shape (M,).
        series: metric -> shape (M,); flows per month, stocks at the end of the month.
        events: the log, in order.
        genealogy: every cartel that ever was.
        parameters: what this replicate drew, with effect sizes as `effect.<lever>` and the family of its world as a warning-free text.
        family: family of the parameter vector.
        totals: flows summed, stocks at the end; by lever, costs as `cost.<lever>`.
        warnings: for people.
        tables: further tables by name, as columns.
        digest: one number for series, events and genealogy, see `digest.py`.
    """

    months: NDArray[np.datetime64]
    days: Array
    series: dict[str, Array]
    events: EventLog
    genealogy: list[LineageRow]
    parameters: dict[str, float]
    family: str
    totals: dict[str, float]
    warnings: list[str]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    digest: str = ""


def simulate(scenario: Scenario, seed: int) -> Outcome:
    """Run a scenario to its end with the luck of one seed.

    Raises:
        LedgerError: people, dollars, guns, plazas or brokers appeared or vanished outside a named flow.
    """
    model = Cartelitos(scenario, rng=seed)
    try:
        model.run()
        return outcome(model)
    finally:
        model.release()


def outcome(model: Cartelitos) -> Outcome:
    """What a finished model leaves behind."""
    series = model.record.series(model.state.country.flows, model.policy.costs)
    drawn = vars(model.parameters) | {f"effect.{name}": value for name, value in model.effects.items()}
    totals = {name: float(values.sum() if METRICS[name].kind == "flow" else values[-1]) for name, values in series.items()}
    totals |= {f"cost.{lever}": float(np.sum(cost)) for lever, cost in model.policy.costs.by_lever.items()}
    warnings = (
        [] if model.family != UNFITTED else [f"no plausible set for {len(model.world.ids)} territories: parameters of another resolution"]
    )
    return Outcome(
        model.calendar.months, model.calendar.days, series, model.events, genealogy(model), drawn, model.family, totals, warnings,
        digest=digest(model.state.country, series),
    )  # fmt: skip


def genealogy(model: Cartelitos) -> list[LineageRow]:
    """Every cartel that ever was, in the order of their births."""
    day, names, roots = model.calendar.day, model.names, list[str]()
    rows = model.state.country.cartel[: len(names)]
    columns = (each.astype(int).tolist() for each in (rows.parent, rows.born, rows.alive, rows.ended, rows.origin, rows.peak))
    found = []
    for name, parent, born, alive, ended, origin, peak, cell in zip(names, *columns, cells(model.state.country).tolist(), strict=True):
        roots.append(roots[parent] if parent >= 0 else name)
        died = None if alive else day(ended)
        found.append(LineageRow(name, names[parent] if parent >= 0 else "", roots[-1], day(born), died, CAUSES[origin], peak, bool(cell)))
    return found
