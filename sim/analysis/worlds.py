"""In how many worlds a policy helps: an interval of the mean says nothing about a single world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.ensemble import Ensemble, Window
from sim.analysis.paired import COST
from sim.catalogue.metrics import HEADLINE, METRICS


class Worlds(NamedTuple):
    """One policy and metric: in how many worlds it does better, the same or worse than business as usual."""

    scenario: str
    metric: str
    better: int
    same: int
    worse: int
    low: float  # 5 % quantile of the paired difference over worlds, in % of the mean of business as usual
    high: float  # 95 % quantile

    @property
    def n(self) -> int:
        """Paired worlds."""
        return self.better + self.same + self.worse


def worlds(
    ensemble: Ensemble, usual: str, window: Window | None = None, metrics: Sequence[str] = HEADLINE
) -> Iterator[Worlds]:
    """Count worlds, within a window, for every policy and every metric that has a better direction; costs are left out.

    So are metrics that were not recorded, or are nowhere above zero.
    """
    months, base = ensemble.within(window), ensemble.arm(usual)
    for metric in metrics:
        if metric not in ensemble.metrics or METRICS[metric].better == "neither" or metric.startswith(COST):
            continue
        level = ensemble.level(metric, months)
        mean = float(level[base].mean())
        if not mean > 0:
            continue
        sign = 1 if METRICS[metric].better == "less" else -1
        for arm, name in enumerate(ensemble.arms):
            if arm != base:
                difference = level[arm] - level[base]
                worse, better = int((sign * difference > 0).sum()), int((sign * difference < 0).sum())
                low, high = np.quantile(100 * difference / mean, [0.05, 0.95])
                yield Worlds(name, metric, better, difference.size - better - worse, worse, float(low), float(high))
