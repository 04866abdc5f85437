"""Why two policies differ: the paired difference split over the responses of the model.

The *contribution* of a channel is the difference with everything on, less the difference when the channel is off in both arms: what is
lost without it. It is one counterfactual that can be said in a sentence and stays next to the country as it is. An average over
orders of switching on (Shapley) would leave no remainder, but would weigh countries in which hardly anything answers as heavily as this
one, and would hide that mechanisms lean on each other. Here that is a number of its own: what the levers do when nothing answers
(*direct*), the sum of contributions and the *interaction* add up to the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import fsum, isnan
from typing import Any, NamedTuple

import numpy as np

from sim.analysis import country
from sim.analysis.ensemble import Ensemble, PairingError, Window
from sim.analysis.paired import Array, half_width
from sim.analysis.table import MISSING, in_words, quantity
from sim.catalogue.metrics import METRICS
from sim.catalogue.switches import CHANNELS
from sim.experiment.switching import ALL, BARE, arm, without, worlds
from sim.words import section, texts

DIRECT, INTERACTION = "direct", "interaction"
SHARE_FOR_INTERACTION = 0.5  # of the difference, from which the sentence warns of interaction (ASSUMED)
NAMED = 3  # channels of either sign that the sentence names


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
    ensemble: Ensemble, pair: Sequence[str], metric: str, window: Window | None = None, channels: Collection[str] = CHANNELS
) -> Decomposition:
    """Split the difference of (baseline, policy) over channels. Raises PairingError: an arm, metric or window is missing or undefined."""
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
        scenario=policy, baseline=base, metric=metric, window=f"{ensemble.months[months][0]}/{ensemble.months[months][-1]}",
        n=int(defined.sum()), level=float(level[ensemble.arm(base)][defined].mean()), difference=difference,
        parts=(*parts, Part(DIRECT, direct), Part(INTERACTION, estimate(rest)._replace(mean=exact))), identical=bool((whole == 0).all()),
    )  # fmt: skip


def estimate(values: Array) -> Estimate:
    """Mean of one number per world, its interval, and how often it is above zero."""
    mean, half, up = float(values.mean()), half_width(values), float((values > 0).mean())
    return Estimate(mean, None, None, up) if isnan(half) else Estimate(mean, mean - half, mean + half, up)


def to_json(found: Decomposition, answer: Mapping[str, str]) -> dict[str, Any]:
    """The `--json` document of `why`, which begins with the answer by language; `rows` add up to `difference`."""
    return {
        "schema": 1, "answer": answer, "scenario": found.scenario, "baseline": found.baseline, "metric": found.metric,
        "unit": METRICS[found.metric].unit, "window": found.window, "n": found.n, "mean": found.level, "difference": found.difference.mean,
        **{key: value for key, value in found.difference._asdict().items() if key != "mean"},
        "rows": [{"part": part.name, "contribution": part.contribution.mean, **_rest(part)} for part in found.parts],
    }  # fmt: skip


def _rest(part: Part) -> dict[str, Any]:
    contribution = {key: value for key, value in part.contribution._asdict().items() if key != "mean"}
    more = {"without": part.without, "alone": part.alone}
    return contribution | {key: value._asdict() if value else None for key, value in more.items()}


def sentence(found: Decomposition, language: str = "en") -> str:
    """What makes the difference, in three plain sentences at most: its size and sureness, what raises it, what lowers it."""
    words = texts("why", language)
    first, last = found.window.split("/")
    named = {"title": country.title(found.metric, language), "first": first, "last": last, "policy": found.scenario, "base": found.baseline}
    if found.identical:
        return words["identical"].format(n=found.n, **named)
    if found.difference.low is None:
        return words["single"].format(gap=amount(found, found.difference.mean, language), unit=_unit(found, language), **named)
    return " ".join([_difference(found, language, named), *_drivers(found, language)])


def rest(found: Decomposition, language: str = "en") -> list[str]:
    """What stands below, as one paragraph: the levers alone, the interaction, and what nobody can tell from zero."""
    return [] if found.identical or found.difference.low is None else [" ".join(_others(found, language))]


def caption(found: Decomposition, language: str = "en") -> str:
    """What stands over the table of `lines`, with the unit."""
    said = texts("why", language)["caption"].format(title=country.title(found.metric, language))
    return ",".join(filter(None, [said, _unit(found, language)]))


def lines(found: Decomposition, language: str = "en") -> Iterator[list[str]]:
    """The heads of a table, then a line for every part and for the difference."""
    words = texts("why", language)
    yield [words[key] for key in ("part", "contribution", "span", "up", "without", "alone")]
    for part in (*found.parts, Part("total", found.difference)):
        yield [part_title(part.name, language), *_cells(found, part, language)]


def part_title(name: str, language: str) -> str:
    """A channel, the levers alone, the interaction, or the whole."""
    if name in CHANNELS:
        return CHANNELS[name].titulo if language == "es" else CHANNELS[name].title
    return texts("why", language)[name]


def amount(found: Decomposition, value: float, language: str) -> str:
    """A difference in the metric's unit."""
    return in_words(quantity(value, METRICS[found.metric].unit, "+"), language)


def _difference(found: Decomposition, language: str, named: Mapping[str, str]) -> str:
    words, difference = texts("why", language), found.difference
    assert difference.low is not None
    assert difference.high is not None
    span = words["interval"].format(low=amount(found, difference.low, language), high=amount(found, difference.high, language))
    gap = amount(found, difference.mean, language)
    return words["difference"].format(gap=gap, unit=_unit(found, language), span=span, up=_worlds(found, difference), n=found.n, **named)


def _drivers(found: Decomposition, language: str) -> Iterator[str]:
    """Who raises and who lowers."""
    words = texts("why", language)
    for key, sign in (("raises", 1), ("lowers", -1)):
        some = [part for part in found.channels if part.contribution.sign == sign]
        if some:
            yield words[key].format(list=_list((_channel(found, part, language) for part in some[:NAMED]), words["and"]))
    if not any(part.contribution.sign for part in found.channels):
        yield words["none"].format(n=found.n)


def _others(found: Decomposition, language: str) -> Iterator[str]:
    words = texts("why", language)
    yield words["levers"].format(gap=amount(found, found.parts[-2].contribution.mean, language))
    both = found.interaction.contribution.mean
    key = "much" if abs(both) > SHARE_FOR_INTERACTION * abs(found.difference.mean) else "little"
    yield words[key].format(gap=amount(found, both, language), sum=amount(found, found.difference.mean - both, language))
    unsure = [_inside(part, language) for part in found.channels if not part.contribution.sign]
    if 0 < len(unsure) < len(found.channels):
        yield words["unsure"].format(n=found.n, list=_list(unsure, words["and"]))


def _channel(found: Decomposition, part: Part, language: str) -> str:
    assert part.without is not None
    return texts("why", language)["channel"].format(
        title=_inside(part, language),
        gap=amount(found, part.contribution.mean, language),
        without=amount(found, part.without.mean, language),
    )


def _inside(part: Part, language: str) -> str:
    """A part's title within a sentence."""
    title = part_title(part.name, language)
    return title[:1].lower() + title[1:]


def _list(texts: Iterable[str], joint: str) -> str:
    *most, last = texts
    return f"{', '.join(most)}{joint}{last}" if most else last


def _unit(found: Decomposition, language: str) -> str:
    unit = METRICS[found.metric].unit
    text = section("units", language).get(unit, unit)
    return "" if unit in ("share", "1 = start") else f" {text}"


def _worlds(found: Decomposition, estimate: Estimate) -> int:
    return round(estimate.share_up * found.n)


def _cells(found: Decomposition, part: Part, language: str) -> list[str]:
    own = part.contribution
    span = MISSING
    if own.low is not None and own.high is not None:
        joint = " a " if language == "es" else " to "
        span = joint.join(quantity(end, METRICS[found.metric].unit, "+") for end in (own.low, own.high))
    others = [MISSING if value is None else amount(found, value.mean, language) for value in (part.without, part.alone)]
    joint = " de " if language == "es" else " of "
    return [amount(found, own.mean, language), span, f"{_worlds(found, own)}{joint}{found.n}", *others]
