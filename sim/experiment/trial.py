"""Runs that calibration asks for: many vectors, one history each, of which only the evidence rows are kept."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.priors import BAND, PRIORS
from sim.catalogue.statistics import Array, Months, covered, value
from sim.model.chance import lineage
from sim.model.log import EventLog
from sim.model.run import LineageRow, Outcome, simulate
from sim.scenario.scenario import Scenario

VECTOR = tuple(prior.name for prior in (*PRIORS, BAND))
FAMILY = "family"  # total: log of entrants over splinters
ROWS: tuple[Evidence, ...] = tuple(row for row in EVIDENCE.values() if row.use == "calibrate" and row.form != "twins")


@dataclass(frozen=True)
class History:
    """One run as the record that evidence rows are computed from."""

    months: Months
    days: Array
    series: Mapping[str, Array]
    genealogy: Sequence[LineageRow]

    def __getitem__(self, metric: str) -> Array:
        """Monthly values, (M,)."""
        return self.series[metric]

    def offspring(self, founders: Sequence[str], month: np.datetime64) -> Array:
        """Groups alive at the end of a month whose line goes back to the founders."""
        end = (month + np.timedelta64(1, "M")).astype("datetime64[D]").item()
        alive = [line for line in self.genealogy if line.root in founders and line.born < end and (line.died is None or line.died >= end)]
        return np.asarray(len(alive), dtype=np.float64)


def at(scenario: Scenario, vector: Mapping[str, float], years: float) -> Scenario:
    """The scenario with every parameter written down, so that nothing comes from an earlier plausible set."""
    defaults = {name: parameter.default for name, parameter in PARAMETERS.items()}
    return replace(scenario, years=years, parameters=defaults | dict(scenario.parameters) | dict(vector), sweep=None)


def trial(scenario: Scenario, seed: int) -> Outcome:
    """One history of one vector, with luck of its own, reduced to the rows it covers and the family it belongs to."""
    own = ",".join(f"{name}={scenario.parameters[name]!r}" for name in VECTOR)
    run = simulate(scenario, int(lineage(seed, zlib.crc32(own.encode()))))
    history = History(run.months, run.days, run.series, run.genealogy)
    totals = {row.id: float(value(row, history)) for row in ROWS if covered(row, run.months)}
    entrants = sum(line.origin == "entry" for line in run.genealogy)
    splinters = sum(line.origin not in ("entry", "founder") for line in run.genealogy)
    totals[FAMILY] = float(np.log((entrants + 0.5) / (splinters + 0.5)))
    vector = {name: scenario.parameters[name] for name in VECTOR}
    bare = replace(run, months=run.months[:0], days=run.days[:0], series={}, events=EventLog.of([]), genealogy=[])
    return replace(bare, parameters=vector, totals=totals, warnings=[])
