"""What the calibration rows say about parameters: emulated synthetic likelihood, posterior, and what each row pins down.

Points live in the unit cube, one coordinate per prior. Rows are compared on a logarithmic scale where that makes sense. A row is believed
to lie around what was observed, or the middle of its band if that is all there is; a band is as wide as a central 90 % interval. To that
uncertainty comes how far one history strays (from the emulator). A row that no vector meets together with the others is given a
*discrepancy*: its weight is lowered until it is two standard deviations off, so that a missing mechanism does not drag everything else
along; such rows are named.
Nothing is drawn at random: all points come from an even sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.analysis.calibration.emulator import Emulator
from sim.catalogue.evidence import Evidence
from sim.catalogue.priors import Prior
from sim.catalogue.statistics import Array

CANDIDATES = 20_000  # points of one round of importance sampling
ROUNDS = 7
REWEIGHTINGS = 8
DEFENCE = 0.1  # share of candidates spread over the whole cube
STRANGE = 2.0  # standard deviations that a row may be off before it is given a discrepancy
FLOOR = 1e-9  # of values on the logarithmic scale
INTERVAL = 0.9  # of the posterior that is stated
ONLY_PRIOR = 0.9  # posterior over prior spread above which only the prior speaks


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
    columns = [
        p.low * (p.high / p.low) ** u if p.log else p.low + (p.high - p.low) * u for p, u in zip(priors, points.T, strict=True)
    ]
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
    ends = (0.5 - INTERVAL / 2, 0.5, 0.5 + INTERVAL / 2)
    low, median, high = (scaled(priors, found.quantile(share)[None])[0] for share in ends)
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
