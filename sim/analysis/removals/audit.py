"""Audit of estimators: what the designs of papers report on simulated histories, and how often their intervals hold the truth.

Every design sees one history: organised homicides by place and month, and when a kingpin fell where. The truth is that of the twins. The
size of places is a matter of scenarios: the same country in 32 and in 128 of them.

- Before and after: the window against the year before.
- Difference in differences: the same, over the ratio of both at places where no leader fell within a year (as a Poisson regression has it).
- Synthetic control: a convex mixture of such places that follows the two years before best (Abadie et al. 2010); and demeaned, with a
  level of its own (Ferman & Pinto 2021), since places where leaders fall are more violent than any mixture of others.
- Event study: fixed effects of places and months (`event_study.py`), of all places, and without those where no kingpin ever falls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.contrast import Array
from sim.analysis.removals.event_study import FORMS, PERIODS, SIGNIFICANT, by_scenario, fit, truth
from sim.analysis.removals.twins import Pairs, ratio

MONTHS = {"1-6": (1, 7), "7-12": (7, 13)}  # since the removal, the last one excluded
CLEAR = 12  # months around a removal in which no leader falls at a place of comparison
BEFORE = 24  # months that a synthetic control follows
FEWEST = 3  # places of comparison
STEPS = 400  # of the search for a mixture
DESIGNS = (
    "before and after", "difference in differences", "synthetic control", "synthetic control, demeaned",
    "event study", "event study, treated places",
)  # fmt: skip
CASES = 4  # of these look at one removal after the other

Reported = Mapping[str, tuple[float | None, float | None, float | None]]  # window -> relative effect, 95 % interval


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
        for design, reports in _reports(worlds).items()
        for months in MONTHS
        if (row := _row((scenario, design, months), reports, truth(pairs, "kingpins", FORMS[0], months)[0]))
    ]


def _reports(worlds: list[tuple[Array, Array]]) -> dict[str, list[Reported]]:
    found: dict[str, list[Reported]] = {design: [] for design in DESIGNS}
    for outcome, dated in worlds:
        for design, report in zip(DESIGNS, report_all(outcome, dated), strict=True):
            found[design].append(report)
    return found


def _row(names: tuple[str, str, str], reports: list[Reported], true: float | None) -> Audit | None:
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
        if m < BEFORE or m >= last or len(clear) < FEWEST or not outcome[k, year].any() or not others[:, year].any():
            continue
        own, theirs = outcome[k, m - BEFORE : m], others[:, m - BEFORE : m]
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
