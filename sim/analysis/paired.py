"""Paired comparison: the same worlds and the same luck under another policy.

Every replicate of a scenario is set against the replicate of business as usual that drew the same seed, and against
its own first year ("today"), because the two references can disagree in sign: a policy may leave more violence than
today and still less than business as usual would have brought.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, isfinite, isnan, nan, sqrt
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.analysis import country
from sim.analysis.ensemble import FIRST_YEAR, YEAR, Ensemble, PairingError, Window, gather
from sim.catalogue.metrics import HEADLINE, METRICS

Array = NDArray[np.float64]

ROUNDING = 1e-12  # of sums of fractions of weeks: pairs that differ by less are a tie
CONFIDENCE = 0.95
PRECISION = 5.0  # percent of the reference: the half-width that `Contrast.needed` asks for
TODAY = "first-year"
COST = "policy_cost_usd"
BILLION = 1e9
FEWEST = 10  # pairs from which on a correlation between them means something
POOR_PAIRING = 0.2  # correlation below which pairing hardly narrows an interval


class Contrast(NamedTuple):
    """What pairs say about one metric; nan = undefined (one pair, a zero reference, no direction)."""

    n: int  # pairs in which both members are defined
    mean: float
    difference: float  # mean paired difference
    low: float  # interval of the difference
    high: float
    share_worse: float  # share of pairs that got worse; a tie is not worse
    percent: float  # ratio of the means, less one, times 100
    percent_low: float
    percent_high: float
    correlation: float  # between the members of the pairs
    needed: float  # pairs for an interval of +-5 % of the reference


def contrast(arm: Array, base: Array, better: str) -> Contrast | None:
    """Compare pairs, (R,) each, absolutely and relative to the reference.

    The relative difference is a ratio of means and has the error of a ratio estimator (Cochran 1977, ch. 6):
    replicates whose worlds differ in size widen the absolute interval, not the relative one. None if no pair is defined.
    """
    defined = np.isfinite(arm) & np.isfinite(base)
    arm, base = arm[defined], base[defined]
    if arm.size == 0:
        return None
    gap = np.where(np.isclose(arm, base, rtol=ROUNDING, atol=0.0), 0.0, arm - base)
    difference, level = float(gap.mean()), float(base.mean())
    scale = 100 / abs(level) if level else nan
    residual = scale * (gap - base * (difference / level)) if level else np.full(arm.size, nan)
    half, relative_half = half_width(gap), half_width(residual)
    worse = {"less": gap > 0, "more": gap < 0}.get(better, np.full(arm.size, nan))
    return Contrast(
        n=arm.size, mean=float(arm.mean()), difference=difference, low=difference - half, high=difference + half,
        share_worse=float(worse.mean()), percent=scale * difference, percent_low=scale * difference - relative_half,
        percent_high=scale * difference + relative_half, correlation=_correlation(arm, base), needed=_needed(residual),
    )  # fmt: skip


def half_width(sample: Array) -> float:
    """Half the 95 % Student interval of the mean of `sample`, (n,); nan for fewer than two."""
    if sample.size < 2:
        return nan
    return student(sample.size - 1) * float(sample.std(ddof=1)) / sqrt(sample.size)


def student(freedom: int) -> float:
    """97.5 % quantile of Student's t."""
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def _correlation(arm: Array, base: Array) -> float:
    """Pearson's r; nan for fewer than three pairs or a constant member."""
    if arm.size < 3 or arm.std() == 0 or base.std() == 0:
        return nan
    return float(np.corrcoef(arm, base)[0, 1])


def _needed(residual: Array) -> float:
    """Pairs for a half-width of PRECISION percent, normal approximation; nan where the spread is unknown."""
    if residual.size < 2 or not isfinite(spread := float(residual.std(ddof=1))):
        return nan
    return float(max(2, ceil((1.96 * spread / PRECISION) ** 2)))


class Row(NamedTuple):
    """One scenario, metric, reference; None = undefined (one pair, a zero reference, no direction, no extra cost)."""

    scenario: str
    baseline: str  # the scenario that is business as usual, or TODAY
    metric: str
    window: str  # "2006-12/2021-11"
    n: int  # pairs
    mean: float  # of the scenario; a flow as a rate a year, a stock as its mean over the window
    difference: float  # mean paired difference, same unit
    low: float | None  # its 95 % interval
    high: float | None
    share_worse: float | None  # share of pairs in which the metric got worse; a tie is not worse
    cost_usd: float | None  # mean cost beyond business as usual over the window
    percent: float | None  # ratio of the means, less one, times 100
    percent_low: float | None
    percent_high: float | None
    per_billion: float | None  # difference per US$ billion of extra cost; only against business as usual
    correlation: float | None  # between the members of the pairs
    needed: int | None  # replicates for an interval of +-5 % of the reference
    total: float | None  # of a flow: the difference summed over the window; only against business as usual
    total_low: float | None
    total_high: float | None


def compare(
    series: pa.Table, baseline: str, metrics: Sequence[str] | None = None, window: Window | None = None, *, runs: pa.Table | None = None
) -> list[Row]:
    """Compare every scenario with business as usual and with its own first twelve months, over a window (None = the whole run).

    Gives rows by scenario (business as usual first, then in order of appearance), reference, metric (None = all that were recorded); a
    metric that is nowhere defined has none. With the table of `runs` the seeds of every pair are checked. Raises PairingError: replicates,
    months or seeds differ between scenarios; unknown scenario, metric or window.
    """
    if runs is not None:
        refuse_unequal_seeds(runs)
    ensemble = gather(series)
    base, months = ensemble.arm(baseline), ensemble.within(window)
    levels = {name: _levels(ensemble, name, months) for name in (ensemble.metrics if metrics is None else metrics)}
    costs = _extra_costs(ensemble, base, months)
    label = f"{ensemble.months[months][0]}/{ensemble.months[months][-1]}"
    years = float(ensemble.days[months].sum()) / YEAR
    rows = []
    for arm in sorted(range(len(ensemble.arms)), key=lambda index: index != base):
        for reference in (baseline, TODAY):
            for name, (level, today) in levels.items():
                found = contrast(level[arm], today[arm] if reference == TODAY else level[base], METRICS[name].better)
                if found is not None:
                    rows.append(as_row((ensemble.arms[arm], reference, name, label), found, float(costs[arm]), years))
    return rows


def refuse_unequal_seeds(runs: pa.Table) -> None:
    """Check that a replicate has the same seed in every scenario. Raises PairingError: names the replicates whose seeds differ."""
    seeds = runs.group_by("replicate").aggregate([("seed", "count_distinct")])
    differing = sorted(seeds.filter(pa.compute.field("seed_count_distinct") > 1).column("replicate").to_pylist())
    if differing:
        some = ", ".join(map(str, differing[:5])) + (", ..." if len(differing) > 5 else "")
        raise PairingError(f"runs cannot be paired: the seed of replicate {some} differs between scenarios")


def to_table(rows: Iterable[Row]) -> pa.Table:
    """The rows as a table; undefined values are null."""
    return pa.Table.from_pylist([row._asdict() for row in rows])


def notes(rows: Sequence[Row]) -> Iterator[str]:
    """What a reader must know: how far the world can be relied on, and how precise the rows against business as usual are."""
    if said := country.reliability():
        yield f"How far this world can be relied on. {said}"
    for scenario in dict.fromkeys(row.scenario for row in rows if row.scenario != row.baseline):
        own = [row for row in rows if row.scenario == scenario and row.baseline != TODAY]
        loose = [
            f"{country.title(row.metric)} ({row.correlation:.2f})"
            for row in own
            if row.correlation is not None and row.correlation < POOR_PAIRING and row.n >= FEWEST and not row.metric.startswith(COST)
        ]
        if loose:
            yield f"{scenario}: pairing hardly narrows the interval (correlation within pairs) of {', '.join(loose)}."
        short = [f"{country.title(row.metric)} ({row.needed:,})" for row in own if row.needed and row.needed > row.n]
        if short:
            yield f"{scenario}: +-{PRECISION:.0f} % needs more replicates than {own[0].n} for {', '.join(short)}."


def _levels(ensemble: Ensemble, metric: str, months: slice) -> tuple[Array, Array]:
    """Per arm and replicate, (A, R), flows as yearly rates: over the window, and of the first year."""
    return tuple(ensemble.level(metric, span, yearly=True) for span in (months, slice(0, FIRST_YEAR)))  # type: ignore[return-value]


def _extra_costs(ensemble: Ensemble, base: int, months: slice) -> Array:
    """Mean cost of each arm beyond business as usual, US$, (A,); nan where costs were not recorded."""
    if COST not in ensemble.metrics:
        return np.full(len(ensemble.arms), np.nan)
    spent = ensemble.level(COST, months)
    return np.asarray((spent - spent[base]).mean(axis=1), dtype=np.float64)


def as_row(names: tuple[str, str, str, str], found: Contrast, cost: float, years: float) -> Row:
    """A contrast (flows as yearly rates) as a row of scenario, reference, metric, window; undefined values become None."""
    _, reference, metric, _ = names
    labels: dict[str, Any] = dict(zip(Row._fields, names, strict=False))
    defined: dict[str, Any] = {key: None if isnan(value) else value for key, value in found._asdict().items()}
    defined["needed"] = None if defined["needed"] is None else int(defined["needed"])
    flow, against_usual = METRICS[metric].kind == "flow", reference != TODAY
    totals: dict[str, Any] = dict.fromkeys(("total", "total_low", "total_high"))
    if flow and against_usual:
        ends = (found.difference, defined["low"], defined["high"])
        totals = {name: None if end is None else end * years for name, end in zip(totals, ends, strict=True)}
    change = found.difference * (years if flow else 1.0)
    per_billion = change / (cost / BILLION) if against_usual and cost > 0 else None
    return Row(cost_usd=None if isnan(cost) else cost, per_billion=per_billion, **labels | defined | totals)


class Worlds(NamedTuple):
    """One policy and metric: in how many worlds it does better, the same or worse than business as usual."""

    scenario: str
    metric: str
    better: int
    same: int
    worse: int
    low: float  # 5 % quantile of the paired difference over worlds, in % of the mean of business as usual
    high: float  # 95 % quantile

    @property
    def n(self) -> int:
        """Paired worlds."""
        return self.better + self.same + self.worse


def worlds(ensemble: Ensemble, usual: str, window: Window | None = None, metrics: Sequence[str] = HEADLINE) -> Iterator[Worlds]:
    """Count worlds, within a window, for every policy and every metric that has a better direction; costs are left out.

    So are metrics that were not recorded, or are nowhere above zero.
    """
    months, base = ensemble.within(window), ensemble.arm(usual)
    for metric in metrics:
        if metric not in ensemble.metrics or METRICS[metric].better == "neither" or metric.startswith(COST):
            continue
        level = ensemble.level(metric, months)
        mean = float(level[base].mean())
        if not mean > 0:
            continue
        sign = 1 if METRICS[metric].better == "less" else -1
        for arm, name in enumerate(ensemble.arms):
            if arm != base:
                difference = level[arm] - level[base]
                worse, better = int((sign * difference > 0).sum()), int((sign * difference < 0).sum())
                low, high = np.quantile(100 * difference / mean, [0.05, 0.95])
                yield Worlds(name, metric, better, difference.size - better - worse, worse, float(low), float(high))
