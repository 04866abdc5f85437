"""Charts as SVG: business as usual in grey behind, the policy before it, told apart by line, marker and hatching as well as by colour."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import ceil, floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from sim.show.web.picture import Curve

WIDTH, HEIGHT = 380, 230
LEFT, RIGHT, TOP, BOTTOM = 50, 368, 30, 206
LETTER, UNIT_LETTER = 7.6, 6.4  # mean width of a letter of a title and of a unit
HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" y1="0" x2="0" y2="5"/></pattern></defs>'
)  # once per page
Array = NDArray[np.float64]


def chart(curve: Curve, title: str, unit: str, alt: str, since: float | None = None, divisor: float = 1.0) -> str:
    """One outcome.

    Args:
        curve: what to draw.
        title: above the chart.
        unit: after the title.
        alt: in words, for those who cannot see it.
        since: year in which the first change starts, a dotted line.
        divisor: of the values, so that they agree with `unit`.
    """
    lines = [curve.usual] if curve.policy is None else [curve.usual, curve.policy]
    values = np.concatenate([line.ravel() for line in lines]) / divisor
    values = values[np.isfinite(values)]
    top = ticks(0.0, float(values.max()) if values.size else 1.0)
    first, last = int(curve.years[0]), int(curve.years[-1])

    def x(year: float) -> float:
        return LEFT + (RIGHT - LEFT) * (year - first) / max(1, last - first)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / top[-1]

    years = [x(year) for year in curve.years.tolist()]
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">',
        heading(title, unit),
        *(_level(y(tick), label) for tick, label in zip(top, labels(top), strict=True)),
        *(f'<text class="tick" x="{x(year):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{year}</text>' for year in marks(first, last)),
    ]
    if since is not None and first <= since <= last:
        parts.append(f'<line class="since" x1="{x(since):.1f}" x2="{x(since):.1f}" y1="{TOP}" y2="{BOTTOM}"/>')
    for name, line in zip(("usual", "policy"), lines, strict=False):
        low, middle, high = ([y(value) for value in row] for row in line / divisor)
        parts.append(f'<path class="band {name}" d="{band(years, low, high)}"/>')
        if name == "policy":
            parts.append(f'<path class="over" fill="url(#hatch)" d="{band(years, low, high)}"/>')
        style = f"line {name} sketch" if curve.sketch and name == "policy" else f"line {name}"
        parts.append(f'<path class="{style}" d="{path(years, middle)}"/>')
        if name == "policy":
            parts += [
                f'<rect class="mark" x="{a - 2.6:.1f}" y="{b - 2.6:.1f}" width="5.2" height="5.2"/>'
                for a, b in zip(years[::2], middle[::2], strict=True)
                if isfinite(b)
            ]
    return "".join([*parts, "</svg>"])


def heading(title: str, unit: str) -> str:
    """A title and its unit, one below the other where they are too long for a line."""
    below = LETTER * len(title) + UNIT_LETTER * len(unit) > WIDTH - 8
    place = f' x="{LEFT}" dy="12"' if below else ""
    return f'<text class="title" x="4" y="{12 if below else 16}">{escape(title)} <tspan class="unit"{place}>{escape(unit)}</tspan></text>'


def path(x: Iterable[float], y: Iterable[float]) -> str:
    """A line through points; it breaks where a value is missing."""
    text, pen = [], "M"
    for a, b in zip(x, y, strict=True):
        if isfinite(b):
            text.append(f"{pen}{a:.1f} {b:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(text)


def band(x: list[float], low: list[float], high: list[float]) -> str:
    """The area between two lines where both are defined."""
    there = [k for k in range(len(x)) if isfinite(low[k]) and isfinite(high[k])]
    if len(there) < 2:
        return ""
    around = [(x[k], high[k]) for k in there] + [(x[k], low[k]) for k in reversed(there)]
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in around) + "Z"


def ticks(low: float, high: float) -> list[float]:
    """Three to six round levels from `low` to at least `high`."""
    span = max(high - low, 1e-12)
    rough = span / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    return [low + k * step for k in range(ceil(span / step - 1e-9) + 1)]


def labels(levels: list[float]) -> list[str]:
    """The levels as text, with as many digits as their step needs."""
    step = levels[1] - levels[0]
    digits = max(0, -floor(log10(step) + 1e-9) + (1 if f"{step:e}".startswith("2.5") else 0))
    return [f"{level:,.{digits}f}" for level in levels]


def marks(first: int, last: int) -> list[int]:
    """Years with a label: at most six."""
    step = next(step for step in (1, 2, 3, 5, 10, 20) if (last - first) / step <= 5)
    return [year for year in range(first, last + 1) if (year - first) % step == 0]


def _level(y: float, label: str) -> str:
    return (
        f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    )
