"""A quadratic stand-in for the model: what a vector of parameters gives, row by row, and how far one history strays from it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from sim.catalogue.statistics import Array

RIDGE = 1e-3  # per observation; keeps products that hardly vary from taking odd values
TAILS = (1.0, 99.0)  # percent; responses beyond are moved there, so that dead or exploding countries do not bend the fit


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
