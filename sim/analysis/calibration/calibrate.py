"""What the calibration rows say about parameters: emulated synthetic likelihood, posterior, and what each row pins down.

Points live in the unit cube, one coordinate per prior. Rows are compared on a logarithmic scale where that makes sense. A row is believed
to lie around what was observed, or the middle of its band if that is all there is; a band is as wide as a central 90 % interval. To that
uncertainty comes how far one history strays (from the emulator). A row that no vector meets together with the others is given a
*discrepancy*: its weight is lowered until it is two standard deviations off, so that a missing mechanism does not drag everything else
along; such rows are named.
Nothing is drawn at random: all points come from an even sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.analysis.csv_text import aligned, csv_rows, csv_text
from sim.catalogue.evidence import Evidence
from sim.catalogue.priors import Prior
from sim.catalogue.statistics import Array
from sim.experiment.store import attach

RIDGE = 1e-3  # per observation; keeps products that hardly vary from taking odd values
TAILS = (1.0, 99.0)  # percent; responses beyond are moved there, so that dead or exploding countries do not bend the fit
CANDIDATES = 20_000  # points of one round of importance sampling
ROUNDS = 7
REWEIGHTINGS = 8
DEFENCE = 0.1  # share of candidates spread over the whole cube
STRANGE = 2.0  # standard deviations that a row may be off before it is given a discrepancy
FLOOR = 1e-9  # of values on the logarithmic scale
INTERVAL = 0.9  # of the posterior that is stated
ENDS = (0.5 - INTERVAL / 2, 0.5, 0.5 + INTERVAL / 2)  # quantiles: its lower end, the median, its upper end
ONLY_PRIOR = 0.9  # posterior over prior spread above which only the prior speaks
FILE = "sbc.csv"  # of a folder: a line per history
LEVELS = (0.5, 0.9)  # central intervals
BINS = 10  # of a histogram of ranks
TOLERANCE = 3.0  # standard errors
Fit = Callable[[int], tuple[Array, Array]]  # number of a history -> its vector, (D,), and posterior draws, (L, D)


def features(x: Array) -> Array:
    """1, every coordinate and every product of two, (N, 1 + D + D(D+1)/2), of points in the unit cube, (N, D)."""
    z = 2.0 * x - 1.0
    pairs = [z[:, i] * z[:, j] for i, j in combinations_with_replacement(range(z.shape[1]), 2)]
    return np.column_stack([np.ones(len(z)), z, *pairs])


@dataclass(frozen=True, eq=False)
class Emulator:
    """Fitted to N runs."""

    dimensions: int  # of the points, D
    weights: Array  # (F, K) for K rows
    noise: Array  # covariance over rows of what one history adds, lack of fit included, (K, K)
    explained: Array  # share of each row's variation over the runs that parameters explain, (K,)

    @classmethod
    def fit(cls, x: Array, y: Array) -> Emulator:
        """Fit to points, (N, D) in the unit cube, and their transformed row values, (N, K), one run each."""
        y = np.clip(y, *np.percentile(y, TAILS, axis=0))
        design = features(x)
        count, terms = design.shape
        penalty = RIDGE * count * np.eye(terms)
        penalty[0, 0] = 0.0
        weights = np.linalg.solve(design.T @ design + penalty, design.T @ y)
        left = y - design @ weights
        freedom = max(1, count - terms)
        noise = left.T @ left / freedom * (1.0 + terms / count)  # the coefficients are uncertain as well
        spread = np.maximum(y.var(axis=0), 1e-12)
        return cls(x.shape[1], weights, noise, np.clip(1.0 - np.diag(left.T @ left) / freedom / spread, 0.0, 1.0))

    def __call__(self, x: Array) -> Array:
        """Expected row values, (N, K)."""
        return np.asarray(features(x) @ self.weights)

    def slopes(self, x: Array) -> Array:
        """Derivatives at one point, (K, D), by central differences, exact for a quadratic."""
        step = 1e-3 * np.eye(x.size)
        return np.asarray(((self(x + step) - self(x - step)) / 2e-3).T)


@dataclass(frozen=True, eq=False)
class Target:
    """Rows as numbers on their scale of comparison."""

    rows: tuple[Evidence, ...]  # evidence, K of them
    middle: Array  # what was observed, (K,)
    doubt: Array  # standard deviation that a band stands for, (K,)

    @classmethod
    def of(cls, rows: Sequence[Evidence]) -> Target:
        """What was observed, as far as the bands of rows are wide."""
        low, high = transform(rows, np.array([[row.low, row.high] for row in rows]).T)
        seen = np.array([row.low if row.observed is None else row.observed for row in rows])
        middle = np.where([row.observed is None for row in rows], (low + high) / 2.0, transform(rows, seen))
        return cls(tuple(rows), middle, (high - low) / (2.0 * ndtri(0.5 + INTERVAL / 2)))

    @classmethod
    def exactly(cls, rows: Sequence[Evidence], values: Array) -> Target:
        """One history, known without doubt: for recovery of a known truth. `values` are as `transform` takes them, (K,)."""
        return cls(tuple(rows), transform(rows, values[None])[0], np.zeros(len(rows)))


class Posterior(NamedTuple):
    """The posterior distribution as parameter vectors with weights."""

    points: Array  # (N, D) in the unit cube
    weights: Array  # (N,), sum 1
    discrepancy: Array  # standard deviation added to each row, (K,)
    off: Array  # how far each row is from its middle at the mean, in standard deviations without discrepancy, (K,)

    @property
    def mean(self) -> Array:
        """(D,)."""
        return np.asarray(self.weights @ self.points)

    @property
    def effective(self) -> float:
        """Number of equally weighted points that would say as much."""
        return float(1.0 / np.square(self.weights).sum())

    def quantile(self, share: float) -> Array:
        """Of every coordinate, (D,)."""
        return np.asarray(np.quantile(self.points, share, axis=0, weights=self.weights, method="inverted_cdf"))

    def spread(self) -> Array:
        """Standard deviation of every coordinate, (D,)."""
        return np.asarray(np.sqrt(self.weights @ np.square(self.points - self.mean)))

    def sample(self, count: int) -> Array:
        """Distinct points in proportion to their weight, at most `count`, by systematic resampling."""
        steps = (np.arange(count) + 0.5) / count
        chosen = np.unique(np.searchsorted(np.cumsum(self.weights), steps))
        return np.asarray(self.points[np.minimum(chosen, len(self.points) - 1)])


def transform(rows: Sequence[Evidence], values: Array) -> Array:
    """Row values, (..., K), on their scale of comparison: the logarithm of what is positive by nature, else as they are."""
    logs = np.array([row.low > 0.0 and row.form in ("level", "ratio", "offspring") for row in rows])
    return np.asarray(np.where(logs, np.log(np.maximum(values, FLOOR)), values))


def even(count: int, dimensions: int, start: int = 0) -> Array:
    """Points that fill the unit cube evenly, (count, dimensions): the additive sequence of the generalised golden ratio."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (dimensions + 1))
    steps = ratio ** -(np.arange(dimensions) + 1.0)
    return np.asarray((0.5 + np.outer(np.arange(start, start + count) + 1.0, steps)) % 1.0)


def scaled(priors: Sequence[Prior], points: Array) -> Array:
    """Parameter values of points in the unit cube, (N, D)."""
    columns = [p.low * (p.high / p.low) ** u if p.log else p.low + (p.high - p.low) * u for p, u in zip(priors, points.T, strict=True)]
    return np.column_stack(columns)


def posterior(emulator: Emulator, target: Target, width: float = 1.0, region: float = 0.0) -> Posterior:
    """What is believed after seeing the target, whose rows are the emulator's first columns.

    A `width` above 1 widens all standard deviations, for the design of a further wave. With a `region` only points are kept where the last
    emulated column has its sign: one family of worlds.
    """
    count = len(target.middle)
    discrepancy = misfit(emulator, target)
    noise = emulator.noise[:count, :count] + np.diag(np.square(target.doubt) + np.square(discrepancy))
    points, weights = _importance(emulator, target.middle, noise * width**2, region, CANDIDATES)
    gap = emulator((weights @ points)[None])[0, :count] - target.middle
    return Posterior(points, weights, discrepancy, gap / plain_spread(emulator, target))


@lru_cache(maxsize=4)
def misfit(emulator: Emulator, target: Target) -> Array:
    """The discrepancy that every row needs, (K,): reweighting from a start at which no row is trusted."""
    count, plain = len(target.middle), plain_spread(emulator, target)
    discrepancy = np.asarray(np.abs(emulator(even(500, emulator.dimensions))[:, :count] - target.middle).max(axis=0))
    for _ in range(REWEIGHTINGS):
        noise = emulator.noise[:count, :count] + np.diag(np.square(target.doubt) + np.square(discrepancy))
        points, weights = _importance(emulator, target.middle, noise, 0.0, CANDIDATES // 4)
        gap = emulator((weights @ points)[None])[0, :count] - target.middle
        needed = np.sqrt(np.maximum(np.square(gap / STRANGE) - np.square(plain), 0.0))
        if np.allclose(needed, discrepancy, rtol=0.05, atol=1e-9):
            break
        discrepancy = needed
    return discrepancy


def plain_spread(emulator: Emulator, target: Target) -> Array:
    """Standard deviation by which one history may miss each row without surprise, (K,)."""
    return np.asarray(np.sqrt(np.diag(emulator.noise)[: len(target.middle)] + np.square(target.doubt)))


def _importance(emulator: Emulator, middle: Array, noise: Array, region: float, candidates: int) -> tuple[Array, Array]:
    """Adaptive importance sampling: a normal proposal that is fitted to the weights, and a share over the whole cube."""
    root, dimensions = np.linalg.inv(np.linalg.cholesky(noise)), emulator.dimensions
    mean, cover = np.full(dimensions, 0.5), np.eye(dimensions) / 4.0
    for turn in range(ROUNDS):
        points, density = _propose(mean, cover, candidates, turn * candidates)
        value = emulator(points)
        score = -0.5 * np.square((value[:, : len(middle)] - middle) @ root.T).sum(axis=1)
        inside = ((points > 0.0) & (points < 1.0)).all(axis=1)
        if region:
            inside &= np.sign(value[:, -1]) == region
        if not inside.any():
            return points, np.full(len(points), 1.0 / len(points))
        score = np.where(inside, score, -np.inf) - np.log(density)
        # early rounds are tempered, so that a proposal far from the truth finds its way
        heat = max(1.0, 4.0 ** (ROUNDS - 3 - turn))
        weights = np.exp((score - score.max()) / heat)
        weights /= weights.sum()
        mean = weights @ points
        cover = 1.3 * (points - mean).T @ ((points - mean) * weights[:, None]) + 1e-5 * np.eye(dimensions)
    kept = weights > 0.0
    return points[kept], weights[kept]


def _propose(mean: Array, cover: Array, candidates: int, start: int) -> tuple[Array, Array]:
    """Candidates, (N, D), and the density they come from, (N,)."""
    dimensions = mean.size
    uniform = even(candidates, dimensions, start)
    wide = int(DEFENCE * candidates)
    root = np.linalg.cholesky(cover)
    points = np.vstack([uniform[:wide], mean + ndtri(uniform[wide:]) @ root.T])
    away = (points - mean) @ np.linalg.inv(root).T
    normal = np.exp(-0.5 * np.square(away).sum(axis=1)) / (np.sqrt(2 * np.pi) ** dimensions * np.prod(np.diag(root)))
    flat = ((points >= 0.0) & (points <= 1.0)).all(axis=1)
    return points, DEFENCE * flat + (1.0 - DEFENCE) * normal + 1e-300


class Pinned(NamedTuple):
    """What pins a parameter down."""

    name: str
    prior: tuple[float, float]
    low: float  # central 90 % of the posterior
    median: float
    high: float
    width: float  # posterior over prior standard deviation
    rows: tuple[tuple[str, float], ...]  # rows without which its interval would be wider, and by what share

    @property
    def only_prior(self) -> bool:
        """Whether the data say next to nothing."""
        return self.width > ONLY_PRIOR


def identifiability(emulator: Emulator, target: Target, found: Posterior, priors: Sequence[Prior]) -> list[Pinned]:
    """For every parameter its interval, and the rows that hold it there, from a linear view of the emulator at the mean."""
    count = len(target.middle)
    slopes = emulator.slopes(found.mean)[:count]
    noise = emulator.noise[:count, :count] + np.diag(np.square(target.doubt) + np.square(found.discrepancy))
    full = _linear_spread(slopes, noise, range(count))
    without = np.array([_linear_spread(slopes, noise, [r for r in range(count) if r != row]) for row in range(count)])
    growth = without / full - 1.0
    low, median, high = (scaled(priors, found.quantile(share)[None])[0] for share in ENDS)
    width = found.spread() * np.sqrt(12.0)
    pinned = []
    for d, prior in enumerate(priors):
        order = [int(r) for r in np.argsort(-growth[:, d])[:3] if growth[r, d] >= 0.02]
        rows = tuple((target.rows[r].id, float(growth[r, d])) for r in order)
        ends_of = float(low[d]), float(median[d]), float(high[d])
        pinned.append(Pinned(prior.name, (prior.low, prior.high), *ends_of, float(width[d]), rows))
    return pinned


def _linear_spread(slopes: Array, noise: Array, rows: Sequence[int] | range) -> Array:
    """Standard deviation of every coordinate if rows were linear and priors normal of the same spread."""
    chosen = np.array(list(rows), dtype=np.int64)
    own = slopes[chosen]
    precision = own.T @ np.linalg.solve(noise[np.ix_(chosen, chosen)], own) + 12.0 * np.eye(slopes.shape[1])
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(precision))))


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
