"""A sweep as a table: every design point against business as usual in the same worlds, paired by seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis import country
from sim.analysis.answer import absolute, clear, inside
from sim.analysis.csv_text import csv_text
from sim.analysis.ensemble import FIRST_YEAR, YEAR, PairingError, summarise
from sim.analysis.paired import COST, TODAY, Array, Row, as_row, contrast
from sim.analysis.table import MISSING, Table, plain, quantity, signed
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.plan import short
from sim.experiment.reading import read_batches
from sim.experiment.specs import Arm
from sim.words import texts

TOTAL, RATE, EARLY = 0, 1, 2  # over the run; the same as a yearly rate; the yearly rate of the first year
SHOWN = 40  # points in the printed list
UNSURE = "~"


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
    """Compare every point with business as usual, which comes first, and with its own first year. Raises PairingError: nothing to pair."""
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


class Swept(NamedTuple):
    """Design points against business as usual."""

    fields: Sequence[str]  # what is varied
    points: list[tuple[int, dict[str, Any]]]  # number and coordinates, in order; without business as usual where that is not swept
    rows: dict[tuple[int, str], Row]  # by point and metric
    usual: str  # its name
    same: bool  # whether business as usual itself is swept, so that levels are told

    @classmethod
    def of(cls, rows: Sequence[PointRow], fields: Sequence[str]) -> Swept:
        """Read the rows of `compare_points`."""
        against = [each for each in rows if each.row.baseline != TODAY]
        swept = [each for each in against if all(field in each.coordinates for field in fields)]
        points = list({each.point: (each.point, each.coordinates) for each in swept}.values())
        same = all(each.row.scenario == each.row.baseline and each.row.difference == 0 for each in swept)
        return cls(fields, points, {(each.point, each.row.metric): each.row for each in swept}, against[0].row.baseline, same)

    @property
    def axes(self) -> list[list[Any]] | None:
        """The values of two fields that meet in every combination; None where they do not."""
        if len(self.fields) != 2:
            return None
        found = [list(dict.fromkeys(at[field] for _, at in self.points)) for field in self.fields]
        return found if min(map(len, found)) > 1 and len(found[0]) * len(found[1]) == len(self.points) else None

    def value(self, row: Row | None) -> float:
        """What is told of a point: its level, or its change in percent (in the metric's unit, where business as usual has none)."""
        if row is None:
            return np.nan
        return row.mean if self.same else row.difference if row.percent is None else row.percent

    def cell(self, row: Row | None) -> str:
        """The same as text."""
        if row is None:
            return MISSING
        if self.same:
            return quantity(row.mean, METRICS[row.metric].unit)
        unsure = row.low is not None and row.difference != 0 and not clear(row)
        return signed(self.value(row)) + (UNSURE if unsure else " ")

    def at(self, place: Mapping[str, Any], language: str) -> str:
        """Where a point lies, in words."""
        *others, last = (f"{short(field)} {number(place[field])}" for field in self.fields)
        return texts("sweep", language)["and"].join([", ".join(others), last] if others else [last])


def sentences(rows: Sequence[PointRow], fields: Sequence[str], metrics: Sequence[str] = HEADLINE, language: str = "en") -> list[str]:
    """Where the first outcome changes most, either way, at how many points surely, and which field moves it by how much."""
    swept, words = Swept.of(rows, fields), texts("sweep", language)
    metric = next((name for name in metrics if any(key[1] == name for key in swept.rows)), None)
    if metric is None or not swept.points:
        return []
    found = [(swept.rows[number, metric], at) for number, at in swept.points if (number, metric) in swept.rows]
    order = sorted(found, key=lambda each: swept.value(each[0]))
    named = {"metric": inside(metric, language), "usual": swept.usual, "count": len(found), "n": found[0][0].n}
    if swept.value(order[0][0]) == swept.value(order[-1][0]) and (swept.same or not order[0][0].difference):
        return [words["none"].format_map(named)]
    if swept.same:
        low, high = (quantity(row.mean, METRICS[metric].unit) for row, _ in (order[0], order[-1]))
        least, most = order[0][0].mean, order[-1][0].mean
        apart = plain(100 * (most - least) / abs(least), 2) if least else MISSING
        low_at, high_at = (swept.at(at, language) for _, at in (order[0], order[-1]))
        ends = {"apart": apart, "low": low, "high": high, "low_at": low_at, "high_at": high_at}
        return [words["levels"].format(**named, **ends), *_moves(swept, metric, language)]
    told = [each for each in order if clear(each[0])]
    if not told:
        return [words["unsure"].format(**named, **_place(swept, max(order, key=lambda each: abs(swept.value(each[0]))), language))]
    said = []
    if swept.value(told[0][0]) < 0:
        said.append(words["down"].format(**named, **_place(swept, told[0], language)))
    if swept.value(told[-1][0]) > 0:
        said.append(words["up" if said else "only up"].format(**named, **_place(swept, told[-1], language)))
    return [*said, words["told"].format(told=len(told), **named), *_moves(swept, metric, language)]


def grids(rows: Sequence[PointRow], fields: Sequence[str], metrics: Sequence[str] = HEADLINE, language: str = "en") -> list[Table]:
    """A grid per metric where two fields meet, the first across, the second down; else a line per point."""
    swept = Swept.of(rows, fields)
    shown = [name for name in metrics if any(key[1] == name for key in swept.rows) and not name.startswith(COST)]
    said = texts("sweep", language)["level" if swept.same else "change"].format(usual=swept.usual)
    if swept.axes is None:
        heads = [*map(short, fields), *(country.title(name, language) for name in shown)]
        lines = [
            [*(number(at[field]) for field in fields), *(swept.cell(swept.rows.get((point, name))) for name in shown)]
            for point, at in swept.points[:SHOWN]
        ]
        return [Table(f"{said[:1].upper()}{said[1:]}", heads, lines, "numbers blocks")]
    across, down = swept.axes
    where = {tuple(at[field] for field in fields): point for point, at in swept.points}
    heads = [f"{short(fields[1])} \\ {short(fields[0])}", *map(number, across)]
    return [
        Table(
            f"{country.title(name, language)}, {country.in_currency(METRICS[name].unit) if swept.same else said}",
            heads,
            [[number(y), *(swept.cell(swept.rows.get((where[x, y], name))) for x in across)] for y in down],
            "numbers blocks",
        )
        for name in shown
    ]


def remarks(rows: Sequence[PointRow], fields: Sequence[str], language: str = "en") -> list[str]:
    """How to read the cells, and how many points are not among them."""
    swept, words = Swept.of(rows, fields), texts("sweep", language)
    more = len(swept.points) - SHOWN if swept.axes is None else 0
    return [words["more"].format(more=f"{more:,}")] * (more > 0) + [words["note"]] * (not swept.same)


def table(
    rows: Sequence[PointRow], fields: Sequence[str], metrics: Sequence[str] = HEADLINE
) -> tuple[list[str], list[list[str | float | None]]]:
    """Heads and rows of what the pictures of a sweep show: every point and outcome against business as usual."""
    swept = Swept.of(rows, fields)
    heads = [*map(short, fields), "outcome", "mean", "change, %", "95 % from", "to", "worlds"]
    found = [
        [*(at[field] for field in fields), country.title(name), row.mean, row.percent, row.percent_low, row.percent_high, row.n]
        for point, at in swept.points
        for name in metrics
        if (row := swept.rows.get((point, name))) is not None
    ]
    return heads, found


def number(value: object) -> str:
    """A coordinate."""
    return plain(value) if isinstance(value, float) else str(value)


def _place(swept: Swept, point: tuple[Row, dict[str, Any]], language: str) -> dict[str, str]:
    row, at = point
    low, high = row.percent_low, row.percent_high
    span = "" if low is None or high is None else texts("sweep", language)["span"].format(low=signed(low), high=signed(high))
    percent = MISSING if row.percent is None else signed(row.percent)
    return {"at": swept.at(at, language), "percent": percent, "span": span, "absolute": absolute(row, language)}


def _moves(swept: Swept, metric: str, language: str) -> Iterator[str]:
    """By how much each of two fields moves the outcome from its first value to its last, the others as they come."""
    for field in swept.fields if swept.axes else ():
        values = sorted({at[field] for _, at in swept.points}, key=lambda value: (isinstance(value, str), value))
        means = [
            np.mean([swept.value(swept.rows.get((number, metric))) for number, at in swept.points if at[field] == end])
            for end in (values[0], values[-1])
        ]
        step = float(means[1] - means[0])
        text = quantity(step, METRICS[metric].unit, "+") if swept.same else signed(step)
        words = texts("sweep", language)["moves level" if swept.same else "moves"]
        yield words.format(first=number(values[0]), last=number(values[-1]), field=short(field), step=text)
