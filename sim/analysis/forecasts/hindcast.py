"""Two hindcasts told apart: free, with levers only, and told which leaders history removed. Which part of what happened does each explain?

A part is a share of an observed change on the logarithmic scale: the mean change in the simulated histories over the observed one. 100 %
is all of it, 0 % none, below 0 the wrong way. Histories are paired, the same world and luck, so what the told removals add is a mean of
differences. Intervals are those of means over worlds (95 %); the spread of single histories stands beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.contrast import half_width
from sim.analysis.csv_text import aligned, plain_rows
from sim.analysis.evidence import CENTRAL, number
from sim.analysis.observe import Histories, observed
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.statistics import Array

CHANGES = ("H2", "H3")  # the fall to 2014 and the rise to 2018


class Part(NamedTuple):
    """What one of the hindcasts, or the difference of both, explains of one change."""

    id: str  # of the evidence row
    title: str  # of the evidence row
    observed: float  # the change, a ratio
    hindcast: str  # "free", "told", or "added by the told removals"
    median: float  # of the histories' ratios; nan for what is added
    low: float  # of the central 90 % of the histories' ratios
    high: float  # of the central 90 % of the histories' ratios
    share: float  # of the observed change that is explained, percent
    share_low: float  # lower end of its 95 % interval
    share_high: float  # upper end
    n: int  # worlds


@dataclass(frozen=True)
class HindcastFinding:
    """Parts of changes."""

    parts: tuple[Part, ...]

    @property
    def json(self) -> list[dict[str, Any]]:
        """Parts; what is undefined is null."""
        return plain_rows(self.parts)

    @property
    def text(self) -> str:
        """A line per part."""
        head = ("row", "what", "observed", "hindcast", "histories, central 90 %", "explains of the change, 95 %")
        table = aligned([head, *map(_line, self.parts)])
        return f"Which part of what happened each hindcast explains, {self.parts[0].n} worlds\n\n{table}\n"


def hindcasts(free: Histories, told: Histories, *, ids: Sequence[str] = CHANGES) -> HindcastFinding:
    """Compare histories under the levers of the time, and the same worlds told history's own removals.

    `ids` are of evidence rows that are ratios of homicides or other positive levels.
    """
    parts: list[Part] = []
    for row in (EVIDENCE[key] for key in ids):
        both = [observed(row, histories) for histories in (free, told)]
        defined = np.all([np.isfinite(values) & (values > 0.0) for values in both], axis=0)
        ratios = dict(zip(("free", "told"), (values[defined] for values in both), strict=True))
        parts += [_part(row, name, np.log(values), values) for name, values in ratios.items()]
        parts.append(_part(row, "added by the told removals", np.log(ratios["told"] / ratios["free"])))
    return HindcastFinding(tuple(parts))


def _part(row: Evidence, name: str, change: Array, values: Array | None = None) -> Part:
    assert row.observed
    whole = float(np.log(row.observed))
    share, half = float(100.0 * change.mean() / whole), abs(100.0 * half_width(change) / whole)
    spread = np.percentile(values, [CENTRAL[0], 50.0, CENTRAL[1]]) if values is not None else np.full(3, np.nan)
    low, median, high = map(float, spread)
    return Part(row.id, row.title, row.observed, name, median, low, high, share, share - half, share + half, change.size)


def _line(part: Part) -> tuple[str, ...]:
    spread = "" if np.isnan(part.median) else f"{number(part.median)} ({number(part.low)} to {number(part.high)})"
    share = f"{part.share:+.0f} % ({part.share_low:+.0f} to {part.share_high:+.0f})"
    return part.id, part.title, number(part.observed), part.hindcast, spread, share
