"""Why two policies differ: the paired difference split over the responses of the model.

The *contribution* of a channel is the difference with everything on, less the difference when the channel is off in both arms: what is
lost without it. It is one counterfactual that can be said in a sentence and stays next to the country as it is. An average over
orders of switching on (Shapley) would leave no remainder, but would weigh countries in which hardly anything answers as heavily as this
one, and would hide that mechanisms lean on each other. Here that is a number of its own: what the levers do when nothing answers
(*direct*), the sum of contributions and the *interaction* add up to the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import fsum, isnan
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.contrast import Array, half_width
from sim.analysis.ensemble import Ensemble, PairingError, Window
from sim.catalogue.metrics import METRICS
from sim.catalogue.switches import CHANNELS
from sim.experiment.switching import ALL, BARE, arm, without, worlds

DIRECT, INTERACTION = "direct", "interaction"
SHARE_FOR_INTERACTION = 0.5  # of the difference, from which the sentence warns of interaction (ASSUMED)


class Estimate(NamedTuple):
    """A mean over worlds, in the metric's unit; None = undefined with a single world."""

    mean: float
    low: float | None  # 95 % interval of the mean
    high: float | None
    share_up: float  # share of worlds in which it is above zero

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves zero out, else 0."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return 0
        return 1 if self.mean > 0 else -1


class Part(NamedTuple):
    """One summand of the difference."""

    name: str  # a channel, or DIRECT or INTERACTION
    contribution: Estimate  # what it adds to the difference
    without: Estimate | None = None  # the difference when the channel is off
    alone: Estimate | None = None  # what the channel adds when it is the only one that is on


class Decomposition(NamedTuple):
    """A difference and its parts."""

    scenario: str  # the policy
    baseline: str  # what it is compared with
    metric: str  # what is compared; a flow is summed over the window, a stock averaged
    window: str  # "2006-12/2021-11"
    n: int  # worlds
    level: float  # mean under the baseline
    difference: Estimate  # policy less baseline
    parts: tuple[Part, ...]  # channels by size of their contribution, then DIRECT and INTERACTION. They add up to the difference
    identical: bool  # the two arms agree in every world, to the last bit

    @property
    def channels(self) -> tuple[Part, ...]:
        """The parts that are channels."""
        return self.parts[:-2]

    @property
    def interaction(self) -> Part:
        """What is left."""
        return self.parts[-1]


def decompose(
    ensemble: Ensemble,
    pair: Sequence[str],
    metric: str,
    window: Window | None = None,
    channels: Collection[str] = CHANNELS,
) -> Decomposition:
    """Split the difference of a pair (baseline, policy) over the channels that were switched, see `sim.experiment.switching.decomposition`.

    Raises PairingError: an arm, the metric or the window is missing, or the metric is defined in no world.
    """
    base, policy = pair
    months = ensemble.within(window)
    level = ensemble.level(metric, months)

    def gap(label: str) -> Array:
        return np.asarray(level[ensemble.arm(arm(policy, label))] - level[ensemble.arm(arm(base, label))])

    gaps = {label: gap(label) for label in worlds(channels)}
    defined = np.isfinite(np.stack([*gaps.values()])).all(axis=0)
    gaps = {label: values[defined] for label, values in gaps.items()}
    if not defined.any():
        raise PairingError(f"metric {metric!r} is not defined in every arm of any world")
    whole, bare = gaps[ALL], gaps[BARE]
    parts = [
        Part(name, estimate(whole - gaps[without(name)]), estimate(gaps[without(name)]), estimate(gaps[f"only {name}"] - bare))
        for name in channels
    ]
    parts.sort(key=lambda part: -abs(part.contribution.mean))
    rest = whole - bare - sum((whole - gaps[without(name)] for name in channels), np.zeros(whole.size))
    difference, direct = estimate(whole), estimate(bare)
    exact = difference.mean - fsum([direct.mean, *(part.contribution.mean for part in parts)])
    return Decomposition(
        scenario=policy,
        baseline=base,
        metric=metric,
        window=f"{ensemble.months[months][0]}/{ensemble.months[months][-1]}",
        n=int(defined.sum()),
        level=float(level[ensemble.arm(base)][defined].mean()),
        difference=difference,
        parts=(*parts, Part(DIRECT, direct), Part(INTERACTION, estimate(rest)._replace(mean=exact))),
        identical=bool((whole == 0).all()),
    )


def estimate(values: Array) -> Estimate:
    """Mean of one number per world, its interval, and how often it is above zero."""
    mean, half, up = float(values.mean()), half_width(values), float((values > 0).mean())
    return Estimate(mean, None, None, up) if isnan(half) else Estimate(mean, mean - half, mean + half, up)


def to_json(found: Decomposition, answer: Mapping[str, str]) -> dict[str, Any]:
    """The `--json` document of `why`, which begins with the answer by language; `rows` add up to `difference`."""
    return {
        "schema": 1,
        "answer": answer,
        "scenario": found.scenario,
        "baseline": found.baseline,
        "metric": found.metric,
        "unit": METRICS[found.metric].unit,
        "window": found.window,
        "n": found.n,
        "mean": found.level,
        "difference": found.difference.mean,
        **{key: value for key, value in found.difference._asdict().items() if key != "mean"},
        "rows": [{"part": part.name, "contribution": part.contribution.mean, **_rest(part)} for part in found.parts],
    }


def _rest(part: Part) -> dict[str, Any]:
    contribution = {key: value for key, value in part.contribution._asdict().items() if key != "mean"}
    more = {"without": part.without, "alone": part.alone}
    return contribution | {key: value._asdict() if value else None for key, value in more.items()}
