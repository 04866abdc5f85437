"""One look for all figures: Okabe-Ito colours that also differ by line and marker, so that grey copies are readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import cycle
from math import ceil, isnan
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec

import numpy as np
from matplotlib import rc_context, rc_params_from_file
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from sim.analysis import country

BLACK, GREY, PALE, FAINT = "#000000", "#5f5f5f", "#c9c9c9", "#e6e6e6"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"  # Okabe & Ito 2008, "Color universal design"

MAP, LEVEL_MAP = "cividis", "viridis"  # both rise in lightness from end to end: grey copies keep the order

RC = rc_params_from_file(Path(__file__).with_name("house.mplstyle"), use_default_template=False)
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
LINES = ("-", (0, (5, 2)), (0, (5, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)))
ACROSS = 5  # names in a row of a legend
MARKERS = ("s", "^", "D", "v", "P", "X", "*", "<", "h", ">", "d", "p")
P = ParamSpec("P")


class Look(NamedTuple):
    """How a scenario is drawn in every figure."""

    colour: str
    line: Any  # matplotlib: "-" or (offset, (on, off, ...))
    marker: str


USUAL = Look(GREY, "-", "o")


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the house style, whatever the process uses elsewhere."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with rc_context(RC):
            return draw(*args, **kwargs)

    return drawn


def looks(arms: Iterable[str], usual: str) -> dict[str, Look]:
    """Each scenario's look, however often it is named: business as usual grey, the others in order."""
    cycles = zip(cycle(COLOURS), cycle(LINES), cycle(MARKERS), strict=False)
    policies = (arm for arm in dict.fromkeys(arms) if arm != usual)
    return {usual: USUAL} | {arm: Look(*look) for arm, look in zip(policies, cycles, strict=False)}


def replicates(count: int) -> str:
    """The number in words: 1 replicate, 40 replicates."""
    return f"{count:,} replicate{'s' if count != 1 else ''}"


def simulated(plan: Mapping[str, Any], rest: str) -> str:
    """What a figure rests on, by plan.json: program, model, worlds; then what else is to be said."""
    worlds = ", ".join(dict.fromkeys(arm["world"] for arm in plan["arms"] if "like" not in arm))
    return f"Simulated with cartelitos {plan['versions']['sim']}, model {plan['model_version'][:8]}, world {worlds}, {rest}."


def frame(figure: Figure, title: str, subtitle: str, source: str) -> Figure:
    """Title and subtitle at the top left, source line at the bottom left."""
    height = figure.get_figheight()
    figure.text(0.012, 1 - 0.12 / height, title, fontsize=13, fontweight="bold", va="top")
    figure.text(0.012, 1 - 0.42 / height, subtitle, color=GREY, va="top", linespacing=1.35)
    figure.text(0.012, 0.10 / height, source, fontsize=7.5, color=GREY, va="bottom")
    return figure


def grid(
    count: int, columns: int, wide: float, panel: float, gap: float, head: float, foot: float, left: float, right: float,
    wspace: float = 0.0, **shared: Any,  # noqa: ANN401
) -> tuple[Figure, list[Axes]]:  # fmt: skip
    """Small multiples, `panel` inches high with `gap` between them, under a head and above a foot; margins as parts of the width."""
    columns = min(columns, count)
    deep = ceil(count / columns)
    height = head + foot + deep * panel + (deep - 1) * gap
    figure = Figure(figsize=(wide, height))
    panels = figure.subplots(deep, columns, squeeze=False, **shared).ravel()
    figure.subplots_adjust(left=left, right=right, top=1 - head / height, bottom=foot / height, wspace=wspace, hspace=gap / panel)
    for axes in panels[count:]:
        axes.set_visible(False)
    return figure, list(panels[:count])


def sheet(wide: float, tall: float, head: float, foot: float, left: float, right: float) -> tuple[Figure, Axes]:
    """One panel, `tall` inches high, under a head and above a foot."""
    figure, (axes,) = grid(1, 1, wide, tall, 0.0, head, foot, left, right)
    return figure, axes


def key(label: str, colour: str, marker: str = "", line: Any = "", **look: Any) -> Line2D:  # noqa: ANN401
    """What a legend says of a line or a marker."""
    return Line2D([], [], label=label, color=colour, marker=marker, linestyle=line, **look)


def legend(figure: Figure, handles: Sequence[Artist], across: int = ACROSS, **looks: Any) -> None:  # noqa: ANN401
    """One legend for all panels, under the subtitle."""
    where = {"loc": "upper left", "bbox_to_anchor": (0.0, 1 - 0.62 / figure.get_figheight())}
    figure.legend(handles=handles, ncols=across, **where | {"columnspacing": 1.6} | looks)


def legend_rows(count: int) -> float:
    """How high a legend of so many names is, in inches."""
    return 0.2 * ceil(count / ACROSS)


def dot(axes: Axes, x: float, y: float, ends: tuple[float | None, float | None], colour: str, marker: str = "o", **look: Any) -> None:  # noqa: ANN401
    """A value in a row with its interval; `filled=False` leaves it hollow."""
    low, high = (x if end is None or isnan(end) else end for end in ends)
    hollow = {} if look.pop("filled", True) else {"markerfacecolor": "white"}
    axes.errorbar(x, y, xerr=[[max(0.0, x - low)], [max(0.0, high - x)]], color=colour, marker=marker, **hollow | look)


def rows(axes: Axes, names: Sequence[str], *, shaded: bool = False) -> None:
    """A named row per value of the y axis, from top to bottom; alternate ones shaded."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    if shaded:
        for row in range(0, len(names), 2):
            axes.axhspan(row - 0.5, row + 0.5, color=FAINT, alpha=0.45, linewidth=0, zorder=0)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)


def ink(colour: str | tuple[float, ...] | NDArray[np.float64]) -> str:
    """Black or white, whichever reads better on a colour (WCAG relative luminance)."""
    parts: NDArray[np.float64] = np.array(to_rgb(colour))  # type: ignore[arg-type]
    light = float(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722))
    return BLACK if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def signed(axis: Axis) -> None:
    """Ticks with their sign; zero has none."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+,g}" if value else "0"))


def decimal_years(days: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Dates as years with decimals: cheaper to draw than dates, and ticks fall on new years."""
    years = days.astype("datetime64[Y]")
    start, end = years.astype("datetime64[D]"), (years + np.timedelta64(1, "Y")).astype("datetime64[D]")
    passed = (days.astype("datetime64[D]") - start) / (end - start)
    return np.asarray(years.astype(np.int64) + 1970 + passed, dtype=np.float64)


def year_ticks(axes: Axes, first: float, last: float, most: int = 6) -> None:
    """Whole years on the x axis, at most about `most` of them; quarters if there are less than two years."""
    span = last - first
    step = next(step for step in (0.25, 1, 2, 5, 10, 20, 50, 100) if span / step <= most)
    ticks = np.arange(ceil(first / step), last / step + 0.01) * step
    quarters = [f"{int(tick)}-{round(tick % 1 * 12) + 1:02}" for tick in ticks]
    axes.set_xticks(ticks, quarters if step < 1 else [f"{tick:.0f}" for tick in ticks])
    axes.set_xlim(first, last)


def scaled(unit: str, kind: str, largest: float) -> tuple[float, str]:
    """Divisor and label of an axis: dollars in billions, large counts in thousands, flows per year."""
    per = " per year" if kind == "flow" else ""
    if "US$" in unit:
        return 1e9, f"{unit.replace('US$', f'{country.currency()} billion')}{per}"
    if largest >= 10_000:
        return 1e3, f"thousand {unit}{per}"
    return 1.0, f"{unit}{per}"
