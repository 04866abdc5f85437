"""The econometrician's view: the event study that papers run on one history, on simulated histories whose truth the twins know.

Organised homicides by place and month, with a fixed effect of every place and of every month, are regressed by least squares on
removals of kingpins and of lieutenants before and after, in quarters (Calderon et al. 2015, Dell 2015, Phillips 2015 in spirit: none
of their data, and none of their matching or discontinuities). Nothing in it knows the twins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.paired import Array, contrast
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
MONTHS = {"1-6": (1, 7), "7-12": (7, 13)}  # since the removal, the last one excluded
CLEAR = 12  # months around a removal in which no leader falls at a place of comparison
FOLLOWED = 24  # months that a synthetic control follows
FEWEST = 3  # places of comparison
STEPS = 400  # of the search for a mixture
DESIGNS = (
    "before and after", "difference in differences", "synthetic control", "synthetic control, demeaned",
    "event study", "event study, treated places",
)  # fmt: skip
CASES = 4  # of these look at one removal after the other
Reported = Mapping[str, tuple[float | None, float | None, float | None]]  # window -> relative effect, 95 % interval


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
    rows = []
    for scenario, pairs, worlds in by_scenario(panel, events, found):
        for form in FORMS:
            fits = [fit(outcome, dated, form) for outcome, dated in worlds]
            for (number, event), (months, period) in product(enumerate(("kingpins", "lieutenants")), PERIODS.items()):
                numbers = (len(fits), *_window(fits, number, period, form), *truth(pairs, event, form, months))
                rows.append(Estimate(scenario, event, form, months, *numbers))
    return rows


def by_scenario(panel: pa.Table, events: pa.Table, found: Mapping[str, Pairs]) -> Iterator[tuple[str, Pairs, list[tuple[Array, Array]]]]:
    """Every scenario's twins, and the `histories` of its worlds."""
    for scenario, pairs in found.items():
        own = pa.compute.field("scenario") == scenario
        yield scenario, pairs, histories(panel.filter(own), events.filter(own))


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


class Audit(NamedTuple):
    """What one design finds in many histories; fractions, None = undefined."""

    scenario: str
    design: str
    months: str  # since the removal
    worlds: int  # in which it finds anything
    relative: float | None  # median over worlds
    truth: float | None
    bias: float | None  # of the median
    tenth: float | None  # single worlds: 80 % lie between these
    ninetieth: float | None
    covered: float  # share of worlds whose 95 % interval holds the truth
    found_up: float  # share of worlds whose interval lies above 0
    found_down: float


def audit(panel: pa.Table, events: pa.Table, found: Mapping[str, Pairs]) -> list[Audit]:
    """Let every design report on every world of every scenario, beside the twins; `panel` and `events` are of all runs."""
    return [
        row
        for scenario, pairs, worlds in by_scenario(panel, events, found)
        for design, reports in zip(DESIGNS, zip(*(report_all(outcome, dated) for outcome, dated in worlds), strict=True), strict=True)
        for months in MONTHS
        if (row := _row((scenario, design, months), reports, truth(pairs, "kingpins", FORMS[0], months)[0]))
    ]


def _row(names: tuple[str, str, str], reports: Sequence[Reported], true: float | None) -> Audit | None:
    said = np.array([report[names[2]] for report in reports if names[2] in report], np.float64).reshape(-1, 3)
    said = said[np.isfinite(said).all(axis=1)]
    if not said.size or true is None:
        return None
    middle, low, high = said.T
    tenth, half, ninetieth = (float(value) for value in np.percentile(middle, (10, 50, 90)))
    shares = ((low <= true) & (true <= high)).mean(), (low > 0.0).mean(), (high < 0.0).mean()
    return Audit(*names, len(said), half, true, half - true, tenth, ninetieth, *map(float, shares))


def report_all(outcome: Array, dated: Array) -> Iterator[Reported]:
    """What every one of DESIGNS reports on one history.

    `outcome` is organised homicides by place and month, (K, M), `dated` removals of kingpins and of lieutenants there, (2, K, M).
    """
    cases = list(_cases(outcome, dated))
    place = np.array([k for k, _ in cases])
    deaths = np.array([numbers for _, numbers in cases]).reshape(len(cases), len(MONTHS), 1 + CASES)
    for design in range(1, 1 + CASES):
        few = np.unique(place).size < 2
        yield {} if few else {months: ratio(deaths[:, w, 0], deaths[:, w, design], place) for w, months in enumerate(MONTHS)}
    treated = dated[0].any(axis=1)
    for among in (np.ones_like(treated), treated):
        yield _event_study(outcome[among], dated[:, among]) if treated.sum() > 1 else {}


def _cases(outcome: Array, dated: Array) -> Iterator[tuple[int, list[tuple[float, ...]]]]:
    """Place of every removal of a kingpin that can be studied; for each of MONTHS the deaths, and those that CASES designs expect."""
    fell, last = dated.sum(axis=0), outcome.shape[1] - CLEAR
    for k, m in zip(*np.nonzero(dated[0]), strict=True):
        clear = np.flatnonzero(fell[:, max(0, m - CLEAR) : m + CLEAR + 1].sum(axis=1) == 0)
        others, year = outcome[clear], slice(m - CLEAR, m)
        if m < FOLLOWED or m >= last or len(clear) < FEWEST or not outcome[k, year].any() or not others[:, year].any():
            continue
        own, theirs = outcome[k, m - FOLLOWED : m], others[:, m - FOLLOWED : m]
        level, levels = own.mean(), theirs.mean(axis=1)
        plain, moved = mixture(theirs, own), mixture(theirs - levels[:, None], own - level)
        yield int(k), [
            (
                outcome[k, m + first : m + stop].sum(),
                alone := outcome[k, year].mean() * (stop - first),
                alone * others[:, m + first : m + stop].mean() / others[:, year].mean(),
                plain @ (later := others[:, m + first : m + stop].sum(axis=1)),
                max(0.0, level * (stop - first) + moved @ (later - levels * (stop - first))),
            )
            for first, stop in MONTHS.values()
        ]


def mixture(others: Array, own: Array) -> Array:
    """Weights of a convex mixture of places, (K,), that follows a place best, by exponentiated gradient.

    The others are (K, M), what to follow is (M,).
    """
    weights = np.full(len(others), 1.0 / len(others))
    scale = max(float(np.square(others).sum(axis=1).max()), 1e-12)
    for _ in range(STEPS):
        weights = weights * np.exp(-2.0 * (others @ (weights @ others - own)) / scale)
        weights /= weights.sum()
    return np.asarray(weights)


def _event_study(outcome: Array, dated: Array) -> Reported:
    found = fit(outcome, dated, FORMS[0])
    said = {}
    for months in MONTHS:
        at = list(PERIODS[months])
        beta, level = found.coefficient[0, at].mean(), found.level[0, at].mean()
        error = np.sqrt(max(0.0, found.covariance[0][np.ix_(at, at)].mean()))
        base = level - beta
        ends = (beta, beta - SIGNIFICANT * error, beta + SIGNIFICANT * error)
        said[months] = tuple(float(value / base) if base > 0.0 else None for value in ends)
    return said  # type: ignore[return-value]
