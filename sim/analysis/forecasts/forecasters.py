"""Who forecasts: the model, free or told the past, and what anybody can do without a model.

Every forecast is a set of equally likely draws, (N, K, T): deaths by place and period. Nothing is drawn at random: draws are quantiles at
even steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.evidence import SILVER
from sim.analysis.observe import GOLDEN
from sim.catalogue.statistics import Array

DRAWS = 120  # of a naive forecast
RECENT = 36  # months that conflictology resamples if periods are years; 12 if they are months, as in the VIEWS challenge
YEAR = 12  # months
HALF = 0.5  # deaths a month that keep a quotient from having no divisor
KEPT = 0.5  # effective share of histories that weights leave: where a particle filter would resample
EVEN = (np.arange(DRAWS) + 0.5) / DRAWS

Naive = Callable[[Array, Array, int], Array]


def last_value(past: Array, ahead: Array, step: int) -> Array:
    """The last period again, with Poisson scatter."""
    return np.repeat(stats.poisson.ppf(EVEN[:, None], past[:, -1])[:, :, None], ahead.size, axis=2)


def random_walk(past: Array, ahead: Array, step: int) -> Array:
    """The last period, and steps of the logarithm as large as the place's own so far, to and fro alike."""
    changes = np.diff(np.log(past + HALF * step), axis=1)
    spread = np.sqrt(np.square(changes).mean(axis=1))[:, None] * np.sqrt(ahead)
    return np.asarray(past[None, :, -1:] * np.exp(stats.norm.ppf(EVEN)[:, None, None] * spread))


def climatology(past: Array, ahead: Array, step: int) -> Array:
    """All that the place has seen, each period as likely."""
    return _resampled(past, ahead)


def conflictology(past: Array, ahead: Array, step: int) -> Array:
    """What the place saw of late: its last twelve months, or three years, each as likely."""
    return _resampled(past[:, -(RECENT // YEAR if step == YEAR else YEAR) :], ahead)


def mixture(past: Array, ahead: Array, step: int) -> Array:
    """The four others, as likely each."""
    return np.concatenate([forecast(past, ahead, step) for forecast in (last_value, random_walk, climatology, conflictology)])


NAIVE: Mapping[str, Naive] = {
    "last value": last_value,
    "random walk": random_walk,
    "climatology": climatology,
    "conflictology": conflictology,
    "mixture": mixture,
}


def _resampled(values: Array, ahead: Array) -> Array:
    chosen = values[:, (EVEN * values.shape[1]).astype(np.int64)].T
    return np.repeat(chosen[:, :, None], ahead.size, axis=2)


def told(histories: Array, past: Array, targets: Array, step: int) -> Array:
    """The model told the past: histories like it count more, and each goes on from where the place is; (R, K, T).

    No parameter is fitted again. For every place histories, which differ in parameters and in luck, are weighted by how far their path,
    (R, K, P), strays from the observed one, (K, P), there and in all places together; weights are tempered until as many histories count as
    half of them. A forecast is the place's last observed year, times what the history's path does from its own last year on, (R, K, T).
    """
    year = YEAR // step
    away = _strayed(histories, past, step) + _strayed(histories.sum(axis=1, keepdims=True), past.sum(axis=0, keepdims=True), step)
    found = np.empty_like(targets)
    now, then = past[:, -year:].sum(axis=1) + HALF * YEAR, histories[:, :, -year:].sum(axis=2) + HALF * YEAR
    for k in range(past.shape[0]):
        chosen = systematic(tempered(away[:, k]))
        found[:, k] = targets[chosen, k] * (now[k] / then[chosen, k])[:, None]
    return found


def widened(histories: Array, known: Array, learned: NDArray[np.bool_], step: int) -> Array:
    """The model with its discrepancy by place: histories, (R, K, P), times a factor that none knows, one for all periods of a place.

    Its logarithm is normal; its variance is what other places stray from the model beyond what histories do in `learned` periods, (P,).
    Of the place itself nothing is known, so that coverage is out of sample, place by place.
    """
    paths = np.log(histories[:, :, learned] + HALF * step)
    beyond = np.square(np.log(known[:, learned] + HALF * step) - paths.mean(axis=0)) - paths.var(axis=0, ddof=1)
    places = beyond.mean(axis=1)
    spread = np.sqrt(np.maximum((places.sum() - places) / (places.size - 1), 0.0))
    shuffled = (np.arange(1, len(histories) + 1)[:, None] * SILVER + np.arange(places.size) * GOLDEN) % 1.0
    return np.asarray(histories * np.exp(stats.norm.ppf(shuffled) * spread)[:, :, None])


def _strayed(histories: Array, past: Array, step: int) -> Array:
    """Sum over years of squared differences of logarithms, (R, K); what is left of a year is left out."""
    year = YEAR // step
    whole = past.shape[1] // year * year

    def yearly(values: Array) -> Array:
        kept = values[..., values.shape[-1] - whole :]
        return np.asarray(np.log(kept.reshape(*kept.shape[:-1], -1, year).sum(axis=-1) + HALF * YEAR))

    return np.asarray(np.square(yearly(histories) - yearly(past)).sum(axis=-1))


def tempered(distance: Array) -> Array:
    """Weights exp(-distance / temperature), (R,), sum 1, at the temperature that leaves KEPT of them."""
    least = distance - distance.min()
    low, high = 1e-9, 1e9
    weights = np.full(distance.size, 1.0 / distance.size)
    for _ in range(60):
        middle = (low * high) ** 0.5
        weights = np.exp(-least / middle)
        weights /= weights.sum()
        enough = 1.0 / np.square(weights).sum() >= KEPT * distance.size
        low, high = (low, middle) if enough else (middle, high)
    return weights


def systematic(weights: Array) -> Array:
    """As many indices as weights, in proportion to them, (R,)."""
    steps = (np.arange(weights.size) + 0.5) / weights.size
    return np.minimum(np.searchsorted(np.cumsum(weights), steps), weights.size - 1)
