"""Stored runs as records that evidence rows can be computed from, and what the authorities would have recorded of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.analysis.ensemble import Ensemble
from sim.catalogue.evidence import Evidence
from sim.catalogue.statistics import Array, Months, value

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
