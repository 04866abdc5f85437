"""The econometrician's view: the event study that papers run on one history, on simulated histories whose truth the twins know.

Organised homicides by place and month, with a fixed effect of every place and of every month, are regressed by least squares on
removals of kingpins and of lieutenants before and after, in quarters (Calderon et al. 2015, Dell 2015, Phillips 2015 in spirit: none
of their data, and none of their matching or discontinuities). Nothing in it knows the twins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.contrast import Array, contrast
from sim.analysis.removals.twins import WINDOWS, Pairs, ratio, situations

LEADS, LAGS = 4, 12  # quarters; the last one before is the reference
BEFORE = "before 7-12"
PERIODS: Mapping[str, tuple[int, ...]] = {  # coefficients, in the order of `quarters`, by months since the removal
    BEFORE: (0, 1),
    "1-6": (4, 5),
    "7-12": (6, 7),
    "13-36": tuple(range(8, 16)),
}
SIGNIFICANT = 1.96
FORMS = ("deaths", "log deaths")


class Estimate(NamedTuple):
    """What event studies find, beside the truth; relative effects as fractions, None = undefined."""

    scenario: str
    event: str  # removal of "kingpins" or "lieutenants"
    form: str  # of the dependent variable, one of FORMS: deaths a month, or log(1 + deaths)
    months: str  # since the removal, or before it; the three months before it are the reference
    worlds: int
    relative: float | None  # mean over worlds
    low: float | None  # its 95 % interval
    high: float | None
    tenth: float | None  # single worlds: 80 % lie between these
    ninetieth: float | None
    found_up: float  # share of worlds in which a researcher would report a rise (5 % level, errors clustered by place)
    found_down: float
    truth: float | None  # from the twins; 0 before the removal
    truth_low: float | None
    truth_high: float | None


class Fit(NamedTuple):
    """One world's coefficients by event and quarter, (2, 16): three leads, the month of the removal, twelve lags in `quarters()` order."""

    coefficient: Array
    covariance: Array  # (2, 16, 16), clustered by place
    level: Array  # mean of the dependent variable where the event is so far away, (2, 16)


def quarters() -> list[tuple[int, int]]:
    """First and last month since the removal of every coefficient: leads without the reference, the month itself, lags."""
    leads = [(-3 * q, -3 * q + 2) for q in range(LEADS, 1, -1)]
    return [*leads, (0, 0), *((3 * q + 1, 3 * q + 3) for q in range(LAGS))]


def estimates(panel: pa.Table, events: pa.Table, found: Mapping[str, Pairs]) -> list[Estimate]:
    """Run the event study on every world of every scenario, in both forms, beside the twins; `panel` and `events` are of all runs."""
    return [
        row
        for scenario, pairs, worlds in by_scenario(panel, events, found)
        for form in FORMS
        for row in _scenario(worlds, (scenario, form), pairs)
    ]


def by_scenario(panel: pa.Table, events: pa.Table, found: Mapping[str, Pairs]) -> Iterator[tuple[str, Pairs, list[tuple[Array, Array]]]]:
    """Every scenario's twins, and the `histories` of its worlds."""
    for scenario, pairs in found.items():
        own = pa.compute.field("scenario") == scenario
        yield scenario, pairs, histories(panel.filter(own), events.filter(own))


def _scenario(worlds: list[tuple[Array, Array]], names: tuple[str, str], pairs: Pairs) -> list[Estimate]:
    scenario, form = names
    fits = [fit(outcome, dated, form) for outcome, dated in worlds]
    rows = []
    for number, event in enumerate(("kingpins", "lieutenants")):
        for months, period in PERIODS.items():
            numbers = (len(fits), *_window(fits, number, period, form), *truth(pairs, event, form, months))
            rows.append(Estimate(*(scenario, event, form, months), *numbers))
    return rows


def histories(panel: pa.Table, events: pa.Table) -> list[tuple[Array, Array]]:
    """Every world's organised homicides, (K, M), and removals of kingpins and of lieutenants, (2, K, M)."""
    territories, months = (np.unique(panel.column(name).to_numpy(zero_copy_only=False)) for name in ("territory", "month"))
    removed = events.filter(pa.compute.equal(events.column("kind"), "removal"))
    k = np.searchsorted(territories, removed.column("territory").to_numpy(zero_copy_only=False))
    day = removed.column("date").to_numpy().astype("datetime64[M]").astype(months.dtype)
    m = np.searchsorted(months, day)
    lieutenant = pa.compute.starts_with(removed.column("cause"), "lieutenant").to_numpy(zero_copy_only=False).astype(np.int64)
    replicate, whose = panel.column("replicate").to_numpy(), removed.column("replicate").to_numpy()
    organised = panel.column("organised").to_numpy().astype(np.float64)
    place = np.searchsorted(territories, panel.column("territory").to_numpy(zero_copy_only=False))
    month = np.searchsorted(months, panel.column("month").to_numpy())
    worlds = []
    for world in np.unique(replicate):
        outcome, dated = np.zeros((territories.size, months.size)), np.zeros((2, territories.size, months.size))
        own, here = replicate == world, whose == world
        outcome[place[own], month[own]] = organised[own]
        np.add.at(dated, (lieutenant[here], k[here], m[here]), 1.0)
        worlds.append((outcome, dated))
    return worlds


def fit(outcome: Array, dated: Array, form: str) -> Fit:
    """Two-way fixed effects by least squares: coefficients of both events, errors clustered by place.

    `outcome` is deaths by place and month, (K, M), `dated` events of each kind there, (E, K, M), `form` one of FORMS.
    """
    y = np.log1p(outcome) if form == FORMS[1] else outcome
    bins, size = quarters(), outcome.shape[1]
    ends = [(-size, bins[0][0] - 1), (bins[-1][1] + 1, size)]  # further away than the study looks: absorbed, not reported
    x = np.stack([_distant(kind, first, last) for kind in dated for first, last in (*bins, *ends)])
    level = (x * y).sum(axis=(1, 2)) / np.maximum(1.0, x.sum(axis=(1, 2)))
    flat, target = _within(x), _within(y)
    gram = np.einsum("ikm,jkm->ij", flat, flat)
    inverse = np.linalg.pinv(gram)
    coefficient = inverse @ np.einsum("ikm,km->i", flat, target)
    residual = target - np.einsum("i,ikm->km", coefficient, flat)
    scores = np.einsum("ikm,km->ki", flat, residual)
    covariance = inverse @ (scores.T @ scores) @ inverse * (len(y) / (len(y) - 1.0))
    kinds, each, kept = len(dated), len(bins) + 2, len(bins)
    blocks = covariance.reshape(kinds, each, kinds, each)
    return Fit(
        coefficient.reshape(kinds, each)[:, :kept],
        np.stack([blocks[kind, :kept, kind, :kept] for kind in range(kinds)]),
        level.reshape(kinds, each)[:, :kept],
    )


def _distant(events: Array, first: int, last: int) -> Array:
    """How many events happened from `first` to `last` months before each month, (K, M); negative: will happen."""
    total = np.cumsum(np.pad(events, ((0, 0), (1, 0))), axis=1)
    month = np.arange(events.shape[1])
    upto, after = (np.clip(month + shift, 0, events.shape[1]) for shift in (1 - first, -last))
    return np.asarray(total[:, upto] - total[:, after], np.float64)


def _within(values: Array) -> Array:
    """Without the means of places and months: the last two axes are a balanced panel."""
    return np.asarray(
        values - values.mean(axis=-1, keepdims=True) - values.mean(axis=-2, keepdims=True) + values.mean(axis=(-2, -1), keepdims=True)
    )


def _window(fits: list[Fit], event: int, period: tuple[int, ...], form: str) -> tuple[Any, ...]:
    """The fields of an `Estimate` from `relative` to `found_down`."""
    at = list(period)
    beta = np.array([f.coefficient[event, at].mean() for f in fits])
    error = np.array([np.sqrt(max(0.0, f.covariance[event][np.ix_(at, at)].mean())) for f in fits])
    level = np.array([f.level[event, at].mean() for f in fits])
    if form == FORMS[1]:
        found = contrast(beta, np.zeros_like(beta), "less")
        assert found is not None
        middle = [float(np.expm1(value)) for value in (found.difference, found.low, found.high)]
        single = np.expm1(beta)
    else:
        found = contrast(level, level - beta, "less")
        assert found is not None
        middle = [value / 100.0 for value in (found.percent, found.percent_low, found.percent_high)]
        base = level - beta
        single = beta[base > 0.0] / base[base > 0.0]
    spread = [float(value) for value in np.percentile(single, (10, 90))] if single.size else [None] * 2
    up, down = float((beta > SIGNIFICANT * error).mean()), float((beta < -SIGNIFICANT * error).mean())
    return (*(None if isnan(value) else value for value in middle), *spread, up, down)


def truth(pairs: Pairs, event: str, form: str, months: str) -> tuple[float | None, float | None, float | None]:
    """What the twins say of the same removals, place and window in the same form, with its 95 % interval."""
    if months not in WINDOWS:
        return 0.0, 0.0, 0.0
    chosen, window = situations(pairs)[event], WINDOWS[months]
    happened, spared = (series[chosen, window] for series in pairs.series("organised_homicides", "place"))
    world = pairs.world[chosen]
    if not world.size:
        return None, None, None
    if form == FORMS[0]:
        return ratio(happened.sum(axis=1), spared.sum(axis=1), world)
    _, number = np.unique(world, return_inverse=True)
    gap = (np.log1p(happened) - np.log1p(spared)).mean(axis=1)
    found = contrast(np.bincount(number, gap) / np.bincount(number), np.zeros(number.max() + 1), "less")
    assert found is not None
    middle, low, high = (None if isnan(value) else float(np.expm1(value)) for value in (found.difference, found.low, found.high))
    return middle, low, high
