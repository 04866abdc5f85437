"""Stored runs as records that evidence rows can be computed from, and what the authorities would have recorded of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.analysis.ensemble import Ensemble
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.statistics import Array, Months, value
from sim.scenario.evidence_file import read_truth
from sim.scenario.read import scenario_folder

GOLDEN = (5**0.5 - 1) / 2  # its multiples, less their whole parts, fill (0, 1) evenly whatever their number


class Histories:
    """All runs of one arm.

    Attributes:
        months: datetime64[M], (M,).
        days: simulated days of each, (M,).
        replicates: (R,).
    """

    def __init__(self, ensemble: Ensemble, arm: int, genealogy: pa.Table) -> None:
        """Choose an arm of an ensemble; `genealogy` is the table of all its runs."""
        self._ensemble, self._arm = ensemble, arm
        self.months: Months = ensemble.months
        self.days: Array = ensemble.days
        self.replicates = ensemble.replicates
        self._genealogy = genealogy.filter(pc.equal(genealogy.column("scenario"), ensemble.arms[arm].split("@")[0]))

    def __getitem__(self, metric: str) -> Array:
        """Monthly values, (R, M)."""
        return np.asarray(self._ensemble[metric][self._arm])

    def offspring(self, founders: Sequence[str], month: np.datetime64) -> Array:
        """Groups alive at the end of a month whose line goes back to the founders, (R,)."""
        lines = self._genealogy
        end = pa.scalar((month + np.timedelta64(1, "M")).astype("datetime64[D]").item(), pa.date32())
        living = pc.and_(pc.less(lines.column("born"), end), pc.fill_null(pc.greater_equal(lines.column("died"), end), True))
        ours = pc.and_(living, pc.is_in(lines.column("root"), pa.array(list(founders))))
        found = lines.filter(ours).column("replicate").to_numpy()
        return np.array([np.count_nonzero(found == replicate) for replicate in self.replicates], dtype=np.float64)


def observed(row: Evidence, histories: Histories) -> Array:
    """What records would show of a row, one number per history, (R,).

    Where records undercount, each history has its own share recorded: quantiles of a triangular distribution, spread evenly. A
    ratio or a change within one history has the same share at both ends, and for a ratio it cancels.
    """
    happened = value(row, histories)
    if row.recorded is None:
        return happened
    even = (histories.replicates.astype(np.float64) + 1.0) * GOLDEN % 1.0
    return np.asarray(happened * triangular(row.recorded, even))


def triangular(bounds: tuple[float, float, float], u: NDArray[np.float64]) -> Array:
    """Quantiles of a triangular distribution: lowest, likeliest, highest."""
    low, mid, high = bounds
    if high <= low:
        return np.full(u.shape, mid)
    rising = low + np.sqrt(u * (high - low) * (mid - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mid))
    return np.where(u < (mid - low) / (high - low), rising, falling)


OBSERVED = Path("observed") / "homicides.csv"
METRICS = ("homicides", "overdose_deaths")  # that mean in the model what the sources count
COUNTRIES = ("mexico-2006", "municipal")  # worlds whose history that is
YEAR = 12  # months


@lru_cache(maxsize=16)
def history(world: str, metric: str) -> tuple[Array, Array]:
    """Calendar years, (Y,), and what was observed in each, (Y,), by which the model was judged; both empty where nothing is known.

    Homicides are those that were registered; years that are held out of the library's table are not here.
    """
    if world not in COUNTRIES or metric not in METRICS:
        return np.array([]), np.array([])
    found: dict[int, float] = {}
    for row in EVIDENCE.values():
        first, last = row.window
        whole_year = first[:4] == last[:4] and first.endswith("-01") and last.endswith("-12")
        if row.metric == metric and row.form == "level" and whole_year and row.observed is not None:
            found[int(first[:4])] = row.observed
    path = scenario_folder() / OBSERVED
    if metric == "homicides" and path.is_file():
        truth = read_truth(path)
        if truth.step == YEAR:
            by_year = [{month // YEAR: deaths for month, deaths in own.items()} for own in truth.deaths.values()]
            found |= {year: sum(own[year] for own in by_year) for year in by_year[0] if all(year in own for own in by_year)}
    years = sorted(found)
    return np.array(years, dtype=np.float64), np.array([found[year] for year in years])
