"""The answer of a comparison in sentences made of its numbers, in English and Spanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import nan
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.analysis import country
from sim.analysis.doubt import Thin
from sim.analysis.ensemble import Ensemble, Window
from sim.analysis.paired import COST, TODAY, Array, Row
from sim.analysis.table import in_words, quantity, signed
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.words import LANGUAGES, section, texts

FEWEST = 10  # worlds from which on an assumption can stand out
CHANCE = 0.05  # that the strongest of all assumptions looks as strong without any effect
VALUES = 3  # that an assumption takes at least, to be ranked
MOST = 0.5  # share of an effect that hangs on thin evidence, from which on that is what it hangs on most
NAMED = 4  # further outcomes that are named
MANY = 8  # policies that are named in one sentence
DRAWN, EFFECT, SPENT = "parameter.", "effect.", "total.cost."  # beginnings of columns of the runs


class Hinge(NamedTuple):
    """What a verdict hangs on most: an assumption that worlds draw."""

    assumption: str  # a parameter, or `effect.<lever>`
    correlation: float  # of ranks, between what is drawn and the change in percent, over worlds
    above: float  # mean change in percent where it is above its median
    below: float  # likewise below


class Answer(NamedTuple):
    """What a comparison says of one policy."""

    row: Row  # the first outcome, against business as usual
    also: tuple[Row, ...]  # other outcomes that are told from zero
    thin: Thin | None  # what hangs on levers of thin evidence, where that was run
    hinge: Hinge | None  # the assumption that the change hangs on most; None where none stands out, or worlds are too few

    @property
    def told(self) -> bool:
        """Whether the change can be told from zero."""
        return clear(self.row)

    def sentences(self, language: str = "en") -> list[str]:
        """Three at most: what changed by how much, in how many worlds and how surely; at what cost; what it hangs on most."""
        said = [_change(self.row, language)]
        if self.row.difference == 0 and not self.also:
            return said
        if self.row.cost_usd is not None and not self.row.metric.startswith(COST):
            said.append(_cost(self.row, language))
        return [*said, *_hanging(self, language)]


def answers(
    rows: Sequence[Row],
    ensemble: Ensemble,
    runs: pa.Table,
    thin: Iterable[Thin] = (),
    metrics: Sequence[str] = HEADLINE,
    window: Window | None = None,
) -> list[Answer]:
    """What the comparison says of every policy, in its order, about the first metric that was compared; nothing where there is none."""
    against = [row for row in rows if TODAY != row.baseline != row.scenario]
    by_metric = {(row.scenario, row.metric): row for row in against}
    hanging = {each.scenario: each for each in thin}
    found = []
    for policy in dict.fromkeys(row.scenario for row in against):
        own = [by_metric[policy, name] for name in metrics if (policy, name) in by_metric]
        if own:
            also = tuple(row for row in own[1:] if clear(row) and not row.metric.startswith(COST))
            doubt = hanging.get(policy)
            said = doubt if doubt and doubt.metric == own[0].metric else None
            found.append(Answer(own[0], also, said, hinge(own[0], ensemble, runs, window)))
    return found


def clear(row: Row) -> bool:
    """Whether a change is told from zero."""
    low, high = (row.low, row.high) if row.percent is None else (row.percent_low, row.percent_high)
    return low is not None and high is not None and (low > 0 or high < 0)


def hinge(row: Row, ensemble: Ensemble, runs: pa.Table, window: Window | None = None) -> Hinge | None:
    """The drawn assumption whose rank goes most with the change over worlds, if it does so more than the best of all would by chance."""
    n = ensemble.replicates.size
    if n < FEWEST or row.difference == 0:
        return None
    months = ensemble.within(window)
    level = ensemble.level(row.metric, months, yearly=True)
    base, own = level[ensemble.arm(row.baseline)], level[ensemble.arm(row.scenario)]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = 100 * (own - base) / np.abs(base)
    if not np.isfinite(change).all() or change.std() == 0:
        return None
    drawn = _drawn(runs, row.scenario, ensemble.replicates)
    if not drawn:
        return None
    ranks = np.array([_ranks(values) for values in drawn.values()])
    correlations = np.array([np.corrcoef(rank, _ranks(change))[0, 1] for rank in ranks])
    best = int(np.abs(correlations).argmax())
    strength = float(correlations[best])
    bound = float(stdtrit(n - 2, 1 - CHANCE / (2 * len(drawn))))
    if abs(strength) * np.sqrt((n - 2) / max(1e-12, 1 - strength**2)) < bound:
        return None
    name, values = [*drawn.items()][best]
    high, low = values > np.median(values), values < np.median(values)
    return Hinge(name, strength, *(float(change[side].mean()) if side.any() else nan for side in (high, low)))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1; equal values share the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (count.cumsum() - (count - 1) / 2)[place]
    return ranks


def to_json(found: Sequence[Answer]) -> list[dict[str, Any]]:
    """What the `--json` document begins with."""
    return [
        {
            "scenario": each.row.scenario, "metric": each.row.metric, "told": each.told,
            "sentences": {language: each.sentences(language) for language in LANGUAGES}, "also": [row.metric for row in each.also],
            "hangs_on": each.hinge._asdict() if each.hinge else None,
        }
        for each in found
    ]  # fmt: skip


def paragraphs(found: Sequence[Answer], language: str = "en") -> Iterator[str]:
    """One paragraph per policy."""
    return (" ".join(each.sentences(language)) for each in found)


def beginning(found: Sequence[Answer], language: str = "en") -> Iterator[str]:
    """What comes first, in three sentences: all there is to say of one policy; of several what each changes, and costs."""
    return paragraphs(found, language) if len(found) < 2 else iter([" ".join(_together(found, language))])


def _together(found: Sequence[Answer], language: str) -> Iterator[str]:
    """Which policies change the outcome, which cannot be told to, and what they cost."""
    words, first = texts("answer", language), found[0].row
    head = {"metric": country.title(first.metric, language), "usual": first.baseline, "n": first.n}
    moved, still = ([each for each in found if each.told is told] for told in (True, False))
    if moved:
        yield words["several"].format(list=_listed([_policy(each, language) for each in moved]), **head)
    if still:
        said = words["unmoved"].format(list=_listed([_policy(each, language) for each in still]))
        yield said if moved else words["several"].format(list=f"{said[:1].lower()}{said[1:-1]}", **head)
    if first.cost_usd is not None and not first.metric.startswith(COST):
        costs = ((each.row, "more" if (each.row.cost_usd or 0) > 0 else "less" if each.row.cost_usd else "as much") for each in found)
        money = [
            words[f"costs {kind}"].format(policy=row.scenario, cost=_amount(abs(row.cost_usd or 0), "US$", language, sign=""))
            for row, kind in costs
        ]
        yield words["costs"].format(list=_listed(money), usual=first.baseline)


def _listed(said: Sequence[str]) -> str:
    return "; ".join(said[:MANY]) + (f"; ... ({len(said)})" if len(said) > MANY else "")


def _policy(answer: Answer, language: str) -> str:
    """One of several policies: its change, interval, absolute change a year, in how many worlds it got worse, what it hangs on."""
    words, row = texts("answer", language), answer.row
    if row.difference == 0 and row.low == row.high:
        return f"{row.scenario} 0"
    change = "" if row.percent is None else f" {signed(row.percent)} %"
    if row.percent_low is not None and row.percent_high is not None:
        change += f" ({signed(row.percent_low)}{words['to']}{signed(row.percent_high)})"
    said = [row.scenario + change, absolute(row, language).partition(", ")[0]]
    if row.share_worse is not None:
        said.append(words["worse in"].format(worse=round(row.share_worse * row.n)))
    if answer.told and (thin := _thin(answer)):
        said.append(words["hangs on"].format(assumption=" & ".join(_lever(name, language) for name in thin.levers)))
    elif answer.told and answer.hinge:
        said.append(words["hangs on"].format(assumption=_assumption(answer.hinge.assumption, language)))
    return ", ".join(said)


def rest(found: Sequence[Answer], language: str = "en") -> list[str]:
    """What stands below, if there is anything: other outcomes that are told from zero, policy by policy, as one paragraph."""
    moved = [(each.row.scenario, ", ".join(_brief(row, language) for row in each.also[:NAMED])) for each in found if each.also]
    told = "; ".join(f"{policy}: {brief}" if len(found) > 1 else brief for policy, brief in moved)
    return [texts("answer", language)["also"].format(list=told)] if told else []


def _drawn(runs: pa.Table, scenario: str, replicates: NDArray[np.int64]) -> dict[str, Array]:
    """What worlds drew, by name, in the order of replicates; what does not vary, and effects of levers that nobody uses, is left out."""
    mine = pc.and_(pc.equal(runs.column("scenario"), scenario), pc.equal(runs.column("status"), "ok"))
    own = runs.filter(mine)
    row = {replicate: number for number, replicate in enumerate(own.column("replicate").to_pylist())}
    if any(int(replicate) not in row for replicate in replicates):
        return {}
    order = [row[int(replicate)] for replicate in replicates]
    found = {}
    for column in own.column_names:
        name = column.removeprefix(DRAWN)
        if name != column and (not name.startswith(EFFECT) or f"{SPENT}{name.removeprefix(EFFECT)}" in own.column_names):
            values = np.asarray(own.column(column).to_numpy(), dtype=np.float64)[order]
            if np.isfinite(values).all() and np.unique(values).size > VALUES:
                found[name] = values
    return found


def _change(row: Row, language: str) -> str:
    words = texts("answer", language)
    policy, usual, metric = row.scenario, row.baseline, inside(row.metric, language)
    if row.difference == 0 and row.low == row.high:
        return words["same"].format(policy=policy, usual=usual, metric=metric, n=row.n)
    worlds = "" if row.share_worse is None else words["worse"].format(worse=round(row.share_worse * row.n), n=row.n)
    named = {"policy": policy, "usual": usual, "metric": metric, "n": row.n, "absolute": absolute(row, language), "worlds": worlds}
    if row.percent is None:
        return words["unscaled"].format(**named)
    if row.percent_low is None or row.percent_high is None:
        return words["one"].format(percent=f"{signed(row.percent)} ", **named)
    span = words["to"].join(map(signed, (row.percent_low, row.percent_high)))
    if not clear(row):
        needed = words["needed"].format(needed=f"{row.needed:,}") if row.needed and row.needed > row.n else ""
        return words["unsure"].format(percent=f"{signed(row.percent)} ", span=span, needed=needed, **named)
    return words["up" if row.percent > 0 else "down"].format(percent=f"{signed(abs(row.percent)).lstrip('+')} ", span=span, **named)


def absolute(row: Row, language: str) -> str:
    """The change in the metric's unit: a year and in all, or on average."""
    unit = METRICS[row.metric].unit
    gap = _amount(row.difference, unit, language)
    if row.total is None:
        return texts("answer", language)["level"].format(gap=gap)
    years = row.total / row.difference if row.difference else nan
    return texts("answer", language)["a year"].format(gap=gap, total=_amount(row.total, unit, language), years=f"{years:.3g}")


def _amount(value: float, unit: str, language: str, sign: str = "+") -> str:
    text = quantity(value, unit, sign)
    if "US$" in unit:
        money = country.currency()
        text = f"{money} {text}" if not sign else f"{text[:1]}{money} {text[1:]}"
        return in_words(text, language)
    named = "" if unit in ("share", "1 = start") else section("units", language).get(unit, unit)
    return f"{text} {named}".rstrip()


def _cost(row: Row, language: str) -> str:
    cost = row.cost_usd or 0.0
    if cost == 0:
        return texts("answer", language)["free"]
    first, last = (np.datetime64(month, "M") for month in row.window.split("/"))
    years = (int((last - first).astype(int)) + 1) / 12
    whole, yearly = (_amount(abs(value), "US$", language, sign="") for value in (cost, cost / years))
    return texts("answer", language)["more" if cost > 0 else "less"].format(cost=whole, yearly=yearly)


def _brief(row: Row, language: str) -> str:
    change = signed(row.difference) if row.percent is None else f"{signed(row.percent)} %"
    return f"{inside(row.metric, language)} {change}"


def _hanging(answer: Answer, language: str) -> Iterator[str]:
    words, thin, found = texts("answer", language), _thin(answer), answer.hinge
    if not answer.told:
        return
    if thin is not None:
        levers = ", ".join(_lever(name, language) for name in thin.levers)
        yield words["thin"].format(levers=levers, share=f"{100 * (thin.share or 0):.0f}")
    elif found is not None:
        said = _assumption(found.assumption, language)
        yield words["hangs"].format(assumption=said, above=signed(found.above), below=signed(found.below))
    else:
        yield words["few" if answer.row.n < FEWEST else "none"].format(n=answer.row.n)


def _thin(answer: Answer) -> Thin | None:
    """The levers of thin evidence, if they make most of the change."""
    thin = answer.thin
    return thin if thin is not None and thin.share is not None and MOST <= thin.share <= 1 else None


def _assumption(name: str, language: str) -> str:
    if name.startswith(EFFECT):
        return texts("answer", language)["effect"].format(lever=_lever(name.removeprefix(EFFECT), language))
    meaning = PARAMETERS[name].meaning if name in PARAMETERS and language == "en" else ""
    return f"{name} ({meaning})" if meaning else name


def _lever(name: str, language: str) -> str:
    if name not in LEVERS:
        return f"«{name}»"
    title: str = section("levers", language).get(name, {}).get("title", LEVERS[name].title)
    return title[:1].lower() + title[1:]


def inside(metric: str, language: str) -> str:
    """A metric's name within a sentence."""
    title = country.title(metric, language)
    return title[:1].lower() + title[1:] if not title.startswith("US ") else title
