"""What a sweep found: the answer in sentences, English and Spanish, and every point in a compact table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.analysis import country
from sim.analysis.answer import absolute, clear, inside
from sim.analysis.paired import COST, TODAY, Row
from sim.analysis.sweep import PointRow
from sim.analysis.table import MISSING, Table, plain, quantity, signed
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.plan import short
from sim.words import texts

SHOWN = 40  # points in the printed list
UNSURE = "~"


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
