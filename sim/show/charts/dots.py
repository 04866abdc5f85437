"""A value and its interval per row: one picture for whatever is a list of changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from sim.show.style import BLUE, GREY, PALE, frame, styled
from sim.show.style import rows as name_rows

HEAD, FOOT, ROW = 1.05, 0.75, 0.27  # inches
LETTER = 0.0072  # of a label, as a part of the width


class Dot(NamedTuple):
    """A row: what it is, its value, and its interval, None or nan where there is none."""

    label: str
    value: float
    low: float | None
    high: float | None


@styled
def dots(rows: Sequence[Dot], title: str, subtitle: str, axis: str, source: str) -> Figure:
    """Rows from top to bottom; filled where the interval leaves out zero, hollow where it does not."""
    height = HEAD + FOOT + ROW * len(rows)
    figure = Figure(figsize=(9.5, height))
    left = min(0.45, 0.03 + LETTER * max(len(row.label) for row in rows))
    axes = figure.add_axes((left, FOOT / height, 0.97 - left, ROW * len(rows) / height))
    for place, row in enumerate(rows):
        low, high = (row.value if end is None or end != end else end for end in (row.low, row.high))  # noqa: PLR0124 (nan)
        told = low > 0 or high < 0
        axes.plot([low, high], [place, place], color=BLUE if told else GREY, linewidth=1.2)
        axes.plot(row.value, place, marker="o", markersize=6, color=BLUE if told else GREY, markerfacecolor=BLUE if told else "white")
    axes.axvline(0, color=PALE, linewidth=1.0, zorder=0)
    name_rows(axes, [row.label for row in rows])
    axes.set_xlabel(axis)
    frame(figure, title, f"{subtitle}\nFilled: the interval leaves out zero. Hollow: it does not, or there is none.", source)
    return figure
