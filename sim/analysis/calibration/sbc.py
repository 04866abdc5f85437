"""Simulation-based calibration: are the intervals of a posterior what they say? Ranks of known truths among the draws fitted to them.

A vector is drawn from the prior, a history is made from it, and the posterior of that history is sampled. If posteriors are right, the rank
of the truth among its draws is uniform, parameter by parameter, and a central 50 or 90 % holds it so often (Talts et al. 2018). A share
further than three standard errors from what it should be is not luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.csv_text import aligned, csv_rows, csv_text
from sim.catalogue.statistics import Array
from sim.experiment.store import attach

FILE = "sbc.csv"  # of a folder: a line per history
LEVELS = (0.5, 0.9)  # central intervals
BINS = 10  # of a histogram of ranks
TOLERANCE = 3.0  # standard errors

Fit = Callable[[int], tuple[Array, Array]]  # number of a history -> its vector, (D,), and posterior draws, (L, D)


class Coverage(NamedTuple):
    """How often a central interval of a parameter holds the truth."""

    name: str  # of the parameter
    level: float  # of the interval
    share: float  # of histories whose truth it holds
    error: float  # standard error that so many histories have if the level is right
    n: int  # histories

    @property
    def honest(self) -> bool:
        """Whether the share is within three standard errors of the level."""
        return abs(self.share - self.level) <= TOLERANCE * self.error


@dataclass(frozen=True)
class SbcFinding:
    """Ranks of truths."""

    names: tuple[str, ...]  # of parameters, (D,)
    ranks: Array  # share of posterior draws below the truth, half of those that equal it, (n, D)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """Of every parameter at every level."""
        away, n = np.abs(2.0 * self.ranks - 1.0), len(self.ranks)
        return tuple(
            Coverage(name, level, float((away[:, d] <= level).mean()), float(np.sqrt(level * (1.0 - level) / n)), n)
            for d, name in enumerate(self.names)
            for level in LEVELS
        )

    @cached_property
    def histograms(self) -> Array:
        """Histories by parameter and tenth of the ranks, (D, BINS)."""
        return np.stack([np.histogram(column, BINS, (0.0, 1.0))[0] for column in self.ranks.T]).astype(np.float64)

    @property
    def json(self) -> dict[str, Any]:
        """Coverage and rank histograms."""
        return {
            "schema": 1,
            "coverage": [row._asdict() | {"honest": row.honest} for row in self.coverage],
            "ranks": {name: list(map(int, counts)) for name, counts in zip(self.names, self.histograms, strict=True)},
        }

    @property
    def text(self) -> str:
        """A line per parameter: coverage, verdict, and the histogram of ranks, which should be level."""
        heads = [f"in {100 * level:.0f} %" for level in LEVELS]
        lines = [("parameter", *heads, "", f"ranks by tenth, {len(self.ranks) / BINS:.0f} each if right")]
        for d, name in enumerate(self.names):
            own = self.coverage[d * len(LEVELS) : (d + 1) * len(LEVELS)]
            shares = (f"{100 * row.share:.0f} ± {100 * row.error:.0f} %" for row in own)
            word = "honest" if all(row.honest for row in own) else "NOT HONEST"
            lines.append((name, *shares, word, " ".join(f"{count:.0f}" for count in self.histograms[d])))
        return aligned(lines) + "\n"


def rank(truth: Array, draws: Array) -> Array:
    """Share of draws, (L, D), below the truth, (D,), half of those that equal it, (D,)."""
    return np.asarray((draws < truth).mean(axis=0) + 0.5 * (draws == truth).mean(axis=0))


def prove(names: Sequence[str], count: int, fit: Fit, folder: Path, watch: Callable[[int], object] = lambda done: None) -> SbcFinding:
    """Fit so many histories one after the other; what a folder, which keeps ranks line by line, holds already is not done again.

    `watch` is told how many are done.
    """
    kept = _kept(folder, names)
    for number in range(count):
        if number not in kept:
            kept[number] = rank(*fit(number))
            lines = ([each, *map(repr, map(float, kept[each]))] for each in sorted(kept))
            attach(folder, FILE, csv_text(["history", *names], lines))
        watch(len(kept))
    return SbcFinding(tuple(names), np.array([kept[number] for number in range(count)]).reshape(count, len(names)))


def _kept(folder: Path, names: Sequence[str]) -> dict[int, Array]:
    """Ranks that the folder holds; nothing if they are of other parameters."""
    file = folder / FILE
    if not file.is_file():
        return {}
    _, rows = csv_rows(file.read_text(encoding="utf-8"))
    if not rows or [*rows[0]] != ["history", *names]:
        return {}
    return {int(row["history"]): np.array([float(row[name]) for name in names]) for row in rows}
