"""How much of an outcome each factor decides, against a dummy that decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, isfinite
from typing import NamedTuple

import numpy as np

from sim.analysis.ensemble import PairingError
from sim.analysis.paired import Array
from sim.analysis.sweep import Levels
from sim.analysis.table import plain
from sim.experiment.design import DUMMY, LEVELS, Sample

SHOWN = ("homicides", "overdose_deaths", "groups_active", "members", "predation_revenue_usd")


CLOSING = (
    "The dummy changes no factor, only which worlds and which luck the replicates get: what it seems to do, chance does to such means; "
    "more replicates lower it. A factor below it may have an effect, but less than chance has. For these bounds only."
)


class Index(NamedTuple):
    """What one factor does to one metric.

    `value` is mu* of Morris (mean absolute change of the yearly level when the factor crosses its whole range, in the
    metric's unit) or the total index of Sobol (share of the variance that would be left if all others were known).
    `second` is sigma of Morris (how unlike the effects are: interaction or curvature) or the first-order index.
    """

    factor: str
    metric: str
    method: str
    n: int  # trajectories, or base samples, that could be used
    value: float
    half: float  # half its 95 % interval, by bootstrap
    second: float
    low: float  # bounds of the factor
    high: float
    percent: float | None  # mu* over the mean level, times 100
    floor: float  # upper end of the dummy's interval: what chance alone can look like
    above: bool  # whether the factor's whole interval lies above that floor
    needed: int | None  # runs in all with which it would, if intervals and floor fall with their root; None if it does, or has no effect


def indices(sample: Sample, levels: Levels, metrics: Sequence[str] = SHOWN, seed: int = 1) -> list[Index]:
    """Every factor and the dummy, by metric; a metric that never varies, or was not recorded, has no rows.

    Replicates are averaged first; the seed is of the bootstrap.
    Raises PairingError: fewer than two whole trajectories or base samples have succeeded.
    """
    return [row for metric in metrics if metric in levels.metrics for row in _of_metric(sample, levels, metric, seed)]


def beside(factor: str, above: bool, needed: int | None) -> str:
    """What a factor does beside chance, in words."""
    if factor == DUMMY:
        return "chance"
    if above:
        return ""
    return f"below chance; some {plain(needed, 2)} runs would tell" if needed else "no effect"


def _of_metric(sample: Sample, levels: Levels, metric: str, seed: int) -> Iterator[Index]:
    inputs, outcome = _whole_blocks(sample, _means(sample, levels, metric))
    if np.ptp(outcome) == 0:
        return
    found = _found(sample, inputs, outcome, seed)
    floor = found[-1][0] + found[-1][1]
    level = abs(float(outcome.mean()))
    runs = sum(len(levels.runs.get((arm.scenario.name, arm.point), {})) for arm in {arm.point: arm for arm in sample.arms}.values())
    for name, (low, high), (index, half, second) in zip(sample.problem["names"], sample.problem["bounds"], found, strict=True):
        percent = 100 * index / level if sample.method == "morris" and level else None
        above = name != DUMMY and index - half > floor
        n = outcome.size // sample.block
        needed = None if above or name == DUMMY or not index > 0 else ceil(runs * ((half + floor) / index) ** 2)
        yield Index(name, metric, sample.method, n, index, half, second, low, high, percent, floor, above, needed)


def _means(sample: Sample, levels: Levels, metric: str) -> Array:
    """The yearly level at each row, averaged over replicates, (n,); nan where no run succeeded."""
    runs = {arm.point: levels.rates(arm, metric) for arm in {arm.point: arm for arm in sample.arms}.values()}
    means = {point: float(rates.mean()) if rates.size else np.nan for point, rates in runs.items()}
    return np.array([means[arm.point] for arm in sample.arms])


def _whole_blocks(sample: Sample, outcome: Array) -> tuple[Array, Array]:
    """Inputs and outcomes of the trajectories or base samples in which nothing is missing."""
    inputs = np.asarray(sample.rows, dtype=np.float64).reshape(-1, sample.block, len(sample.bounds) + 1)
    blocks = outcome.reshape(-1, sample.block)
    whole = np.isfinite(blocks).all(axis=1)
    if whole.sum() < 2:
        raise PairingError("too few runs have succeeded for a sensitivity analysis")
    return inputs[whole].reshape(-1, inputs.shape[-1]), blocks[whole].ravel()


def _found(sample: Sample, inputs: Array, outcome: Array, seed: int) -> list[tuple[float, float, float]]:
    """Index, half its interval, and the second one of every factor; what SALib leaves undefined is 0."""
    from SALib.analyze import morris, sobol  # noqa: PLC0415

    if sample.method == "morris":
        names, found = ("mu_star", "mu_star_conf", "sigma"), morris.analyze(sample.problem, inputs, outcome, num_levels=LEVELS, seed=seed)
    else:
        names, found = ("ST", "ST_conf", "S1"), sobol.analyze(sample.problem, outcome, calc_second_order=False, seed=seed)
    return list(zip(*([float(value) if isfinite(value) else 0.0 for value in found[name]] for name in names), strict=True))
