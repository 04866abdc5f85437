"""What mixes of levers at one extra cost do in worlds that their search has not seen: which could be best, and whether that can be told.

Every outcome stands by itself: a mix is beaten where another does better in one outcome for certain and no worse in the mean of any.
Certain means that the intervals of all pairs of mixes and outcomes together hold at 95 % (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import shake_256
from itertools import combinations
from string import ascii_uppercase
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.analysis.answer import Answer, clear, hinge, inside
from sim.analysis.ensemble import Ensemble, gather, paired_only
from sim.analysis.paired import CONFIDENCE, Array, Row, compare, half_width, student
from sim.analysis.robustness.robust import ALL, standings, worlds
from sim.analysis.table import in_words, quantity, signed
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.experiment.mixes import Mix, Purse, Trial
from sim.words import LANGUAGES, texts

UNLIKE = 0.15  # part of the money that two mixes spend otherwise, to be judged as two
RESAMPLES = 1000  # of worlds, for the chance to be on the front
CHANGE = ("n", "difference", "low", "high", "percent", "percent_low", "percent_high")  # of a row, that are told
LEVEL = 0.9  # of the band that resampled fronts keep within


class Judged(NamedTuple):
    """A mix in worlds that the search has not seen."""

    label: str  # a letter; A does most for the first outcome
    mix: Mix  # what it is
    rows: Mapping[str, Row]  # against business as usual, by outcome
    # change by outcome in the worlds of the search, in %, turned so that less is better, (K,); None if it was not tried there
    searched: tuple[float, ...] | None
    better: Mapping[str, int]  # worlds in which it does better than business as usual, by outcome
    # how much worse it is than the best mix of the same world, mean, in % of the mean of the best, by outcome
    regret: Mapping[str, float | None]
    front: bool  # whether no other mix is as good in the mean of every outcome and better in one
    chance: float  # in what share of resampled sets of worlds that is so
    beaten_by: tuple[str, ...]  # labels of mixes that beat it for certain


class Front(NamedTuple):
    """What a search found."""

    purse: Purse  # what was spent
    metrics: tuple[str, ...]  # outcomes, K
    judged: tuple[Judged, ...]  # mixes by label, A
    tried: int  # mixes that the search tried
    worlds: int  # in which it tried them
    n: int  # worlds in which mixes were judged
    # changes against business as usual, in % (or the outcome's unit, where that is zero), turned so that less is better, (A, K)
    gaps: Array
    pairs: Array  # half the 95 % interval of the gap between two mixes, (A, A, K)
    draws: Array  # `gaps` in resampled sets of worlds, (B, A, K)
    told: NDArray[np.bool_]  # whether the first is better than the second for certain, (A, A, K)
    best: Mapping[str, Answer]  # what is said of the best mix of every outcome, by outcome

    @property
    def flat(self) -> bool:
        """Whether no two mixes can be told apart."""
        return not self.told.any()

    @property
    def capped(self) -> dict[str, float]:
        """Levers that cannot spend the budget alone, and what they can, US$ a year."""
        most = zip(self.purse.levers, self.purse.most[:, 0].tolist(), strict=True)
        return {name: usd / self.purse.usual.years for name, usd in most if usd < self.purse.budget}

    def sentences(self, language: str = "en") -> list[str]:
        """The answer: what the best mixes do, whether they can be told apart, and how it was found out."""
        return [*_sentences(self, language)]


def pick(trials: Sequence[Trial], count: int, beside: Sequence[Mix] = ()) -> list[Mix]:
    """Mixes that are worth judging: those that no other beats, then those that only these beat, and so on; no two that are much alike."""
    chosen: list[Mix] = []
    left = [*trials]
    while left and len(chosen) < count:
        ahead = undominated(np.array([trial.values for trial in left]))
        front = sorted((trial for trial, leads in zip(left, ahead, strict=True) if leads), key=lambda trial: trial.values)
        left = [trial for trial, leads in zip(left, ahead, strict=True) if not leads]
        unlike: list[Trial] = []
        for trial in [*front[:1], *front[:0:-1]]:  # the ends first
            others = [*beside, *chosen, *(each.mix for each in unlike)]
            if all(trial.mix.distance(other) >= UNLIKE for other in others):
                unlike.append(trial)
        unlike.sort(key=lambda trial: trial.values)
        room = np.linspace(0, len(unlike) - 1, min(count - len(chosen), len(unlike))).round().astype(int)
        chosen += [unlike[index].mix for index in room]
    return chosen


def undominated(values: Array) -> NDArray[np.bool_]:
    """Which of A points no other is as good as in everything and better in something: (..., A, K) to (..., A); less is better."""
    one, other = values[..., :, None, :], values[..., None, :, :]
    beats = np.all(one <= other, axis=-1) & np.any(one < other, axis=-1)
    return np.asarray(~np.any(beats, axis=-2), dtype=np.bool_)


def gains(series: pa.Table, metrics: Sequence[str], usual: str, names: Sequence[str]) -> list[tuple[float, ...]]:
    """What some arms change, of all that a folder holds, in the worlds that they share with business as usual: `changes` of each."""
    own = series.filter(pc.is_in(series.column("scenario"), pa.array([usual, *names], pa.string())))
    ensemble = gather(paired_only(own)[0])
    levels = turned(ensemble, metrics)
    base = levels[ensemble.arm(usual)]
    return [tuple(changes(levels[ensemble.arm(name)], base).tolist()) for name in names]


def turned(ensemble: Ensemble, metrics: Sequence[str]) -> Array:
    """Levels by arm, outcome and world, (A, K, R), turned so that less is better; flows as yearly rates."""
    return np.stack([_sign(name) * ensemble.level(name, slice(None), yearly=True) for name in metrics], axis=1)


def changes(levels: Array, base: Array) -> Array:
    """Mean change in % of a base, or in units where that is zero: (..., K, R) and (K, R) to (..., K)."""
    return np.asarray((levels - base).mean(axis=-1) * _percent(base), dtype=np.float64)


def front(
    purse: Purse, metrics: Sequence[str], mixes: Sequence[Mix], trials: Sequence[Trial], tried_in: int, series: pa.Table, runs: pa.Table
) -> Front:
    """Judge mixes, by the series of business as usual and of every mix in other worlds than the search had."""
    ensemble = gather(series)
    usual, names = purse.usual.name, [mix.scenario.name for mix in mixes]
    levels = turned(ensemble, metrics)
    base = levels[ensemble.arm(usual)]
    own = levels[[ensemble.arm(name) for name in names]]
    order = np.argsort(changes(own, base)[:, 0], kind="stable")
    mixes, own, names = [mixes[k] for k in order], own[order], [names[k] for k in order]
    gaps, n = changes(own, base), base.shape[-1]
    pairs, told = _apart(own, base, gaps)
    draws = _draws(own, base)
    ahead, often = undominated(gaps), undominated(draws).mean(axis=0)
    rows = {(row.scenario, row.metric): row for row in compare(series, usual, list(metrics), runs=runs) if row.baseline == usual}
    seen = {trial.mix.scenario.name: trial.values for trial in trials}
    stand = standings(ensemble, worlds(runs, ensemble), metrics)
    regret = {(each.scenario, each.metric): each.regret_percent for each in stand if each.family == ALL}
    beats = np.any(told, axis=-1) & np.all(gaps[:, None] <= gaps[None], axis=-1)
    judged = []
    for k, name in enumerate(names):
        against, lost = {metric: rows[name, metric] for metric in metrics}, {metric: regret[name, metric] for metric in metrics}
        better = dict(zip(metrics, (own[k] < base).sum(axis=-1).tolist(), strict=True))
        by = tuple(ascii_uppercase[other] for other in np.flatnonzero(beats[:, k]))
        leads = bool(ahead[k]), float(often[k])
        judged.append(Judged(ascii_uppercase[k], mixes[k], against, seen.get(name), better, lost, *leads, by))
    best = {}
    for column, metric in enumerate(metrics):
        first = judged[int(gaps[:, column].argmin())]
        also = tuple(row for row in first.rows.values() if row.metric != metric and clear(row))
        row = first.rows[metric]
        best[metric] = Answer(row._replace(scenario=first.label), also, None, hinge(row, ensemble, runs))
    return Front(purse, tuple(metrics), tuple(judged), len(trials), tried_in, n, gaps, pairs, draws, told, best)


def to_json(found: Front) -> dict[str, Any]:
    """The `--json` document."""
    purse = found.purse
    years = purse.usual.years
    mixes = [_mix(each, years, found.metrics) for each in found.judged]
    about = [{"label": mix["label"], "mix": mix["question"], **{key: mix[key] for key in ("on_front", "chance_on_front")}} for mix in mixes]
    rows = [own | {"metric": name} | effect for own, mix in zip(about, mixes, strict=True) for name, effect in mix["effects"].items()]
    return {
        "schema": 1, "rows": [{key: value for key, value in row.items() if key != "searched_percent"} for row in rows],
        "baseline": purse.usual.name, "budget_usd_per_year": purse.budget / years, "prices": purse.prices, "metrics": list(found.metrics),
        "levers": list(purse.levers), "levers_capped_usd_per_year": found.capped, "tried": found.tried, "worlds_searched": found.worlds,
        "worlds_judged": found.n, "flat": found.flat, "sentences": {language: found.sentences(language) for language in LANGUAGES},
        "hangs_on": {metric: answer.hinge._asdict() if answer.hinge else None for metric, answer in found.best.items()}, "mixes": mixes,
    }  # fmt: skip


def shares(mix: Mix, start: date, language: str = "en") -> str:
    """How the money of a mix is split, largest part first."""
    words, parts = texts("frontier", language), []
    for name, share in sorted(mix.shares.items(), key=lambda pair: -pair[1]):
        late = mix.begins[name] > start
        parts.append(words["from" if late else "share"].format(lever=name, share=f"{100 * share:.0f}", year=f"{mix.begins[name]:%Y-%m}"))
    return ", ".join(parts)


def _apart(own: Array, base: Array, gaps: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Half the 95 % interval of the gap between two mixes, and whether the first is better for certain, (A, A, K) each.

    The gap is a ratio of means and has the error of a ratio estimator, as in a comparison.
    """
    count, outcomes, n = own.shape
    level = base.mean(axis=-1)
    relative = np.divide(base, level[:, None], out=np.zeros_like(base), where=level[:, None] != 0)
    residual = _percent(base)[:, None] * (own - base) - gaps[..., None] * relative
    half = np.zeros((count, count, outcomes))
    for one, other in combinations(range(count), 2):
        half[one, other] = half[other, one] = [half_width(values) for values in residual[one] - residual[other]]
    tests = max(1, count * (count - 1) // 2 * outcomes)
    wider = float(stdtrit(n - 1, 1 - (1 - CONFIDENCE) / (2 * tests)) / student(n - 1))
    return half, np.asarray(gaps[:, None] - gaps[None] < -wider * half, dtype=np.bool_)


def _percent(base: Array) -> Array:
    """What makes changes from a base, (K, R), percent: (K,); 1 where it is zero."""
    level = np.abs(base.mean(axis=-1))
    return np.asarray(np.divide(100.0, level, out=np.ones_like(level), where=level > 0), dtype=np.float64)


def _draws(own: Array, base: Array) -> Array:
    """Changes in sets of worlds drawn with replacement, (B, A, K); the same worlds, the same sets."""
    n = base.shape[-1]
    words = np.frombuffer(shake_256(b"front").digest(4 * RESAMPLES * n), np.uint32)
    return np.stack([changes(own[..., drawn], base[:, drawn]) for drawn in words.reshape(RESAMPLES, n) % n])


def _sentences(found: Front, language: str) -> Iterator[str]:
    """First what the best mix does, whether there is a choice, and what that hangs on; then everything else."""
    words, purse, count = texts("frontier", language), found.purse, len(found.judged)
    by_label, usd = {each.label: each for each in found.judged}, dollars(purse.budget / purse.usual.years, language)
    told = []
    for answer in found.best.values():
        mix = by_label[answer.row.scenario]
        named = words["mix"].format(usd=usd, label=mix.label, shares=shares(mix.mix, purse.usual.start, language))
        said = answer._replace(row=answer.row._replace(scenario=named, cost_usd=None)).sentences(language)
        told.append([f"{line[:1].upper()}{line[1:]}" for line in said])
    (first, *hangs), *others = told
    yield from (first, words["flat"].format(n=found.n, k=count) if found.flat else _choice(found, language), *hangs)
    for line in others:
        yield " ".join(line)
    if not found.flat and len(found.metrics) > 1:
        yield words["left"].format(left=sum(not each.beaten_by for each in found.judged), k=count)
    thin = [each for each in found.judged if each.mix.thin]
    if thin:
        levers = sorted({name for each in thin for name in each.mix.thin})
        yield words["thin"].format(levers=", ".join(levers), labels=", ".join(each.label for each in thin))
    if found.capped:
        capped = [words["cap"].format(lever=name, usd=dollars(usd, language)) for name, usd in found.capped.items()]
        yield words["caps"].format(levers=", ".join(capped))
    yield words["how"].format(tried=found.tried, levers=len(purse.levers), worlds=found.worlds, k=count, n=found.n)


def _choice(found: Front, language: str) -> str:
    """Whether one mix is best in everything, or what going from one best mix to another costs and brings."""
    words = texts("frontier", language)
    firsts = found.gaps.argmin(axis=0).tolist()
    one, other = firsts[0], next((each for each in firsts if each != firsts[0]), firsts[0])
    if one == other:
        alike = int((~found.told[one].any(axis=-1)).sum()) - 1
        return words["one"].format(first=found.judged[one].label, others=alike, k=len(found.judged) - 1)
    moves, told = [], True
    for column in (0, firsts.index(other)):
        gap, half = found.gaps[other, column] - found.gaps[one, column], found.pairs[one, other, column]
        told &= bool(abs(gap) > half)
        change, low, high = (signed(_sign(found.metrics[column]) * value) for value in (gap, gap - half, gap + half))
        moves.append(words["move"].format(metric=inside(found.metrics[column], language), change=change, low=low, high=high))
    ends = {"first": found.judged[one].label, "last": found.judged[other].label}
    return words["trade" if told else "open"].format(**ends, moves=", ".join(moves))


def _sign(metric: str) -> float:
    """What turns an outcome so that less is better."""
    return -1.0 if METRICS[metric].better == "more" else 1.0


def dollars(value: float, language: str) -> str:
    """An amount in words, without its currency."""
    return in_words(quantity(value, "US$", ""), language)


def _mix(each: Judged, years: float, metrics: Sequence[str]) -> dict[str, Any]:
    mix = each.mix
    levers = [
        {"lever": name, "share": mix.shares[name], "added_intensity": amount, "unit": LEVERS[name].unit, "from": str(mix.begins[name])}
        for name, amount in mix.amounts.items()
    ]
    effects = {
        metric: {
            **{key: getattr(row, key) for key in CHANGE},
            "worlds_better": each.better[metric],
            "regret_percent": each.regret[metric],
            "searched_percent": None if each.searched is None else each.searched[index],
        }
        for index, (metric, row) in enumerate(each.rows.items())
    }
    return {
        "label": each.label, "question": mix.scenario.name, "levers": levers, "thin_evidence": mix.thin,
        "usd_per_year": dict(zip(("low", "mid", "high"), (mix.usd / years).tolist(), strict=True)), "effects": effects,
        "on_front": each.front, "chance_on_front": each.chance, "beaten_by": list(each.beaten_by),
    }  # fmt: skip
