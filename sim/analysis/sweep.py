"""A sweep as a table: every design point against business as usual in the same worlds, paired by seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.contrast import Array, contrast
from sim.analysis.csv_text import csv_text
from sim.analysis.ensemble import FIRST_YEAR, YEAR, PairingError, summarise
from sim.analysis.paired import COST, TODAY, Row, as_row
from sim.catalogue.metrics import METRICS
from sim.experiment.reading import read_batches
from sim.experiment.specs import Arm

TOTAL, RATE, EARLY = 0, 1, 2  # over the run; the same as a yearly rate; the yearly rate of the first year


class PointRow(NamedTuple):
    """A row of the comparison and the design point it is about; business as usual is point 0 where it is not swept."""

    point: int
    coordinates: dict[str, Any]  # field -> value
    row: Row


class Levels(NamedTuple):
    """Every run of an experiment as one number per metric and reference: no series is kept."""

    metrics: tuple[str, ...]  # names
    values: Array  # (runs, metrics, 3): TOTAL, RATE, EARLY
    runs: dict[tuple[str, int], dict[int, int]]  # (scenario, point) -> replicate -> row of values
    windows: dict[tuple[str, int], tuple[str, float]]  # (scenario, point) -> "2006-12/2021-11", and its length in years

    def pair(self, arm: Arm, usual: Arm) -> tuple[Array, Array]:
        """The replicates that both have, (R, metrics, 3) each."""
        own, base = (self.runs.get((one.scenario.name, one.point), {}) for one in (arm, usual))
        shared = sorted(own.keys() & base.keys())
        return self.values[[own[replicate] for replicate in shared]], self.values[[base[replicate] for replicate in shared]]

    def rates(self, arm: Arm, metric: str) -> Array:
        """The yearly rate of a metric in every run of an arm, (R,)."""
        return self.values[list(self.runs.get((arm.scenario.name, arm.point), {}).values()), self.metrics.index(metric), RATE]


class Spread(NamedTuple):
    """A metric over replicates at each point, yearly, (points,); nan where no run succeeded."""

    mean: Array
    low: Array  # 5 %
    median: Array
    high: Array  # 95 %


def read_levels(folder: Path, metrics: Sequence[str] | None = None) -> Levels:
    """Read the series of a results folder part by part; without `metrics` all that were recorded. Raises PairingError: no run succeeded."""
    parts: list[Array] = []
    runs: dict[tuple[str, int], dict[int, int]] = {}
    windows: dict[tuple[str, int], tuple[str, float]] = {}
    names: tuple[str, ...] = ()
    for table in read_batches(folder, "series")[1]:
        names = names or tuple(name for name in metrics or METRICS if name in table.column_names)
        for label, replicate, window, values in _runs(table, names):
            runs.setdefault(label, {})[replicate] = len(parts)
            windows[label] = window
            parts.append(values)
    if not parts:
        raise PairingError("no finished runs to compare")
    return Levels(names, np.stack(parts), runs, windows)


def compare_points(levels: Levels, pairs: Sequence[tuple[Arm, Arm]]) -> list[PointRow]:
    """Compare every point with its business as usual and with its own first year; business as usual comes first.

    Raises PairingError: no point has a run that can be paired.
    """
    usual = {(base.scenario.name, base.point): base for _, base in pairs}
    points = [(arm, base) for arm, base in pairs if (arm.scenario.name, arm.point) not in usual]
    rows = [row for arm, base in [*((base, base) for base in usual.values()), *points] for row in _rows(levels, arm, base)]
    if not rows:
        raise PairingError("no finished runs to compare")
    return rows


def spread(levels: Levels, arms: Sequence[Arm], metric: str) -> Spread:
    """How a metric lies at each arm."""
    found = []
    for arm in arms:
        runs = levels.rates(arm, metric)
        runs = runs[np.isfinite(runs)]
        found.append(np.r_[runs.mean(), np.percentile(runs, (5, 50, 95))] if runs.size else np.full(4, np.nan))
    return Spread(*np.array(found).T)


def to_json(rows: Iterable[PointRow]) -> dict[str, Any]:
    """The `--json` document: rows as those of `compare`, with the point and its coordinates."""
    return {"schema": 1, "rows": [{"point": r.point, "coordinates": r.coordinates, **r.row._asdict()} for r in rows]}


def to_csv(rows: Iterable[PointRow], fields: Sequence[str]) -> str:
    """The text of `comparison.csv`: point, a column per field, then the columns of `compare`."""
    cells = ([r.point, *(r.coordinates.get(field) for field in fields), *r.row] for r in rows)
    return csv_text(["point", *fields, *Row._fields], cells)


def _rows(levels: Levels, arm: Arm, usual: Arm) -> Iterator[PointRow]:
    """All rows of one point."""
    own, base = levels.pair(arm, usual)
    if not len(own):
        return
    spent = levels.metrics.index(COST) if COST in levels.metrics else None
    cost = np.nan if spent is None else float((own[:, spent, TOTAL] - base[:, spent, TOTAL]).mean())
    window, years = levels.windows[arm.scenario.name, arm.point]
    for reference in (usual.scenario.name, TODAY):
        for number, name in enumerate(levels.metrics):
            beside = own[:, number, EARLY] if reference == TODAY else base[:, number, RATE]
            found = contrast(own[:, number, RATE], beside, METRICS[name].better)
            if found is not None:
                yield PointRow(arm.point, dict(arm.at), as_row((arm.scenario.name, reference, name, window), found, cost, years))


def _runs(table: pa.Table, metrics: Sequence[str]) -> Iterator[tuple[tuple[str, int], int, tuple[str, float], Array]]:
    """Every run of a part: (scenario, point), replicate, window, values (metrics, 3)."""
    run = table.column("run_id").combine_chunks().dictionary_encode().indices.to_numpy()
    starts = np.flatnonzero(np.r_[True, run[1:] != run[:-1]])
    ends = np.r_[starts[1:], run.size]
    labels = [table.column(name).take(starts).to_pylist() for name in ("scenario", "point", "replicate")]
    months = table.column("month").to_numpy().astype("datetime64[M]")
    days = table.column("days").to_numpy()
    columns = np.stack([table.column(name).to_numpy() for name in metrics])
    kinds = [METRICS[name].kind for name in metrics]
    for start, end, scenario, point, replicate in zip(starts, ends, *labels, strict=True):
        own, length = columns[:, start:end], days[start:end]
        early = slice(0, FIRST_YEAR)
        values = np.array(
            [
                (summarise(v, length, kind), summarise(v, length, kind, yearly=True), summarise(v[early], length[early], kind, yearly=True))
                for v, kind in zip(own, kinds, strict=True)
            ]
        )
        yield (scenario, point), replicate, (f"{months[start]}/{months[end - 1]}", float(length.sum()) / YEAR), values
