"""Worlds are counted one by one."""

from datetime import date

import numpy as np
import pyarrow as pa

from sim.analysis.ensemble import gather
from sim.analysis.paired import worlds

LEVELS = {"usual": [100.0, 100.0, 100.0, 100.0], "zeal": [90.0, 100.0, 110.0, 120.0]}


def series(**metrics):
    """Two months, four replicates; every month holds half of the level."""
    rows = [(arm, r, month) for arm in LEVELS for r in range(4) for month in (date(2007, 1, 1), date(2007, 2, 1))]
    columns = {name: [half(LEVELS[arm][r]) for arm, r, _ in rows] for name, half in metrics.items()}
    labels = zip(*((f"{arm}{r}", arm, 0, r, month, 30.0) for arm, r, month in rows), strict=True)
    return pa.table(dict(zip(("run_id", "scenario", "point", "replicate", "month", "days"), labels, strict=True)) | columns)


def test_better_same_and_worse_and_the_spread():
    (found,) = worlds(gather(series(homicides=lambda x: x / 2)), "usual")
    assert (found.scenario, found.metric, found.better, found.same, found.worse, found.n) == ("zeal", "homicides", 1, 1, 2, 4)
    assert np.allclose((found.low, found.high), np.quantile([-10, 0, 10, 20], [0.05, 0.95]))


def test_without_a_direction_or_a_level_nothing_is_counted():
    table = series(groups_active=lambda x: x, overdose_deaths=lambda x: 0.0, policy_cost_usd=lambda x: x)
    assert list(worlds(gather(table), "usual")) == []


def test_only_the_window_counts():
    table = series(homicides=lambda x: x / 2)
    (found,) = worlds(gather(table), "usual", ("2007-02", "2007-02"))
    assert (found.better, found.same, found.worse) == (1, 1, 2)
