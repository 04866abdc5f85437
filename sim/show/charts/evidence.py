"""What happened beside what was simulated: the scorecard, whether an observation is an ordinary draw, and what a fit has learned."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy import stats

from sim.analysis.calibration.calibrate import Pinned
from sim.analysis.evidence import COUNTED, GIVEN, USES, Score, Scorecard, number, ordered
from sim.catalogue.priors import BAND, PRIORS
from sim.show.style import BLACK, BLUE, GREY, ORANGE, PALE, VERMILION, dot, frame, key, legend, rows, sheet, styled

VERDICTS = {"fail": (VERMILION, "X"), "near": (ORANGE, "^"), "pass": (BLUE, "o"), GIVEN: (GREY, "d")}  # colour and marker
EDGE = 4.0  # half widths of a band; what lies beyond stands at the edge
ROW, HEAD, GAP, FOOT = 0.27, 1.15, 0.62, 0.62  # inches
LEFT, WIDE = 0.385, 0.2  # of the bands, in widths of the figure
PITS = {"calibrate": (BLUE, "o", "-"), "hold out": (VERMILION, "^", "--")}  # colour, marker, line
EXTREME = 0.05  # PIT outside the central 90 %
LEVELS = np.linspace(0.02, 1.0, 50)


@styled
def draw_scorecard(card: Scorecard, title: str, source: str) -> Figure:
    """Rows by use, failures first; every band at the same width, simulated histories as a dot with their central 90 %."""
    blocks = [(use, scores) for use in USES if (scores := ordered(card, use))]
    height = HEAD + FOOT + sum(ROW * len(scores) + GAP for _, scores in blocks)
    figure, top = Figure(figsize=(12.5, height)), height - HEAD
    for use, scores in blocks:
        top -= ROW * len(scores) + GAP
        _block(figure.add_axes((LEFT, (top + GAP * 0.55) / height, WIDE, ROW * len(scores) / height)), scores, use)
    marks = [key(verdict, colour, marker, "-", markersize=7) for verdict, (colour, marker) in VERDICTS.items()]
    observed = key("observed", BLACK, "|", markersize=11)
    legend(figure, [*marks, Patch(color=PALE, label="band, low to high end"), observed], 6, columnspacing=1.4)
    said = "Simulated histories (median, central 90 %) beside what was observed; every band is drawn at the same width."
    return frame(figure, title, said, source)


def _block(axes: Axes, scores: Sequence[Score], use: str) -> None:
    """All rows of one use."""
    axes.axvspan(-1, 1, color=PALE, linewidth=0, zorder=0)
    for y, score in enumerate(scores):
        _score(axes, y, score)
    rows(axes, [f"{score.row.title}  {score.row.id}" for score in scores], shaded=True)
    axes.set_xlim(-EDGE * 1.04, EDGE * 1.04)
    axes.set_xticks([-1, 1], ["low", "high"])
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False)
    axes.set_title(USES[use].split(":")[0], fontweight="bold", x=(0.008 - LEFT) / WIDE, pad=6)


def _score(axes: Axes, y: int, score: Score) -> None:
    """One dot with its interval, the observed value, and both in words at the right."""
    row, (colour, marker) = score.row, VERDICTS[score.verdict]
    values = [score.simulated, score.simulated_low, score.simulated_high, row.high if row.observed is None else row.observed]
    middle, low, high, observed = ((2 * np.array(values) - row.low - row.high) / (row.high - row.low)).clip(-EDGE, EDGE).tolist()
    dot(axes, middle, y, (low, high), colour, marker, elinewidth=2, markersize=7, markeredgecolor="white", markeredgewidth=0.7)
    if row.observed is not None:
        axes.plot(observed, y, marker="|", color=BLACK, markersize=11, markeredgewidth=1.5)
    if abs(middle) == EDGE:
        axes.text(middle, y - 0.3, "‹" if middle < 0 else "›", ha="center", va="bottom", fontsize=8)
    words = f"{number(score.simulated)} ({number(score.simulated_low)} to {number(score.simulated_high)})"
    axes.text(EDGE * 1.12, y, words, va="center", fontsize=8)
    axes.text(EDGE * 2.85, y, f"band {number(row.low)} to {number(row.high)} {row.unit}", va="center", fontsize=8, color=GREY)


@styled
def draw_calibration(card: Scorecard, title: str, source: str) -> Figure:
    """PIT values in order, and shares of rows in central intervals, by use; grey: what a calibrated model would show."""
    figure = Figure(figsize=(11.0, 5.6))
    order, cover = (figure.add_axes((left, 0.15, 0.37, 0.62)) for left in (0.075, 0.575))
    pits = {use: np.sort([each.pit for each in card.scores if each.row.use == use and not np.isnan(each.pit)]) for use in COUNTED}
    for use, values in pits.items():
        if values.size:
            colour, marker, line = PITS[use]
            even = (np.arange(values.size) + 0.5) / values.size
            name = f"{USES[use].split(':')[0].lower()} ({values.size})"
            order.plot(even, values, marker=marker, color=colour, linestyle="", markersize=6, label=name)
            share = (np.abs(2.0 * values - 1.0) <= LEVELS[:, None]).mean(axis=1)
            cover.plot(100 * LEVELS, 100 * share, color=colour, linestyle=line)
    _chance(order, cover, max([values.size for values in pits.values() if values.size], default=1))
    figure.text(0.075, 0.815, _outside(card), fontsize=8.5, va="bottom")
    said = "A calibrated model lies in the grey band; it holds 90 % of what happened in its central 90 %."
    return frame(figure, title, said, source)


def _outside(card: Scorecard) -> str:
    """Rows whose observation lies outside the central 90 %, in two lines."""
    pits = [(score.row.id, score.pit) for score in card.scores if score.row.use in COUNTED]
    low, high = [name for name, pit in pits if pit < EXTREME], [name for name, pit in pits if pit > 1.0 - EXTREME]
    return f"above nearly all histories: {', '.join(high) or 'none'}\nbelow nearly all histories: {', '.join(low) or 'none'}"


def _chance(order: Axes, cover: Axes, count: int) -> None:
    """What chance allows so many rows of a calibrated model, were they independent: 90 % of the time, point by point."""
    rank = np.arange(count) + 1.0
    low, high = (stats.beta.ppf(end, rank, count - rank + 1.0) for end in (0.05, 0.95))
    order.fill_between((rank - 0.5) / count, low, high, color=PALE, linewidth=0, zorder=0, label=f"chance, {count} rows")
    low, high = (100 * stats.binom.ppf(end, count, LEVELS) / count for end in (0.05, 0.95))
    cover.fill_between(100 * LEVELS, low, high, color=PALE, linewidth=0, zorder=0)
    for axes, end in ((order, 1.0), (cover, 100.0)):
        axes.plot([0, end], [0, end], color=GREY, linewidth=1, zorder=1)
        axes.set(xlim=(-0.02 * end, 1.02 * end), ylim=(-0.02 * end, 1.02 * end))
    order.set(xlabel="rows in order, share", ylabel="PIT: share of histories below the observation")
    cover.set(xlabel="central interval, % of histories", ylabel="observations in it, % of rows")
    order.legend(loc="upper left", fontsize=8)


@styled
def draw_posterior(pinned: Sequence[Pinned], source: str) -> Figure:
    """One row per parameter: the prior as a grey bar, the central 90 % of the posterior in it, and the rows that hold it there."""
    figure, axes = sheet(11, 0.36 * len(pinned), 1.2, 0.5, 0.17, 0.57)
    logs = {prior.name: prior.log for prior in (*PRIORS, BAND)}
    for y, p in enumerate(pinned):
        low, high = p.prior
        ends = (low, high, p.median, p.low, p.high)
        start, end, middle, *interval = map(log, ends) if logs[p.name] else ends
        middle, left, right = ((value - start) / (end - start) for value in (middle, *interval))
        axes.barh(y, 1.0, height=0.5, color=PALE, zorder=0)
        colour, marker = (ORANGE, "D") if p.only_prior else (BLUE, "o")
        axes.hlines(y, left, right, color=colour, linewidth=3, linestyle="--" if p.only_prior else "-")
        axes.plot(middle, y, marker=marker, color=colour, markersize=7, markeredgecolor="white")
        axes.text(-0.01, y, figure_of(low), ha="right", va="center", fontsize=7.5, color=GREY)
        axes.text(1.01, y, figure_of(high), ha="left", va="center", fontsize=7.5, color=GREY)
        held = "only the prior speaks" if p.only_prior else ", ".join(f"{name} +{100 * growth:.0f} %" for name, growth in p.rows)
        axes.text(1.15, y, f"{figure_of(p.median)} ({figure_of(p.low)} to {figure_of(p.high)})", va="center", fontsize=8)
        axes.text(1.8, y, held or "all together", va="center", fontsize=8, color=GREY)
    rows(axes, [p.name for p in pinned], shaded=True)
    axes.set(xlim=(-0.12, 1.12), xticks=[])
    axes.spines["bottom"].set_visible(False)
    marks = [
        key("posterior: median, central 90 %", BLUE, "o", "-", linewidth=3),
        key("only the prior speaks", ORANGE, "D", "--", linewidth=3),
    ]
    legend(figure, [Patch(color=PALE, label="prior, end to end"), *marks])
    said = "At the right: rows that hold a parameter, with how much wider its interval would be without them."
    return frame(figure, "What did the evidence teach about the parameters?", said, source)


def figure_of(value: float) -> str:
    """A number in few characters: millions and billions in words."""
    if abs(value) >= 1e9:
        return f"{value / 1e9:.2f} bn"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
