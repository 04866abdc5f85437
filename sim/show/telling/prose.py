"""A run's moments as sentences, in the words of the teaching page and a few more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import isfinite

import numpy as np

from sim.show.telling.history import KEPT, RULES, YEAR, Moment, Told, events
from sim.show.words import Words, words
from sim.words import texts


@cache
def vocabulary(language: str) -> Words:
    """The page's words in "en" or "es" with those of a told run."""
    shared = words(language)
    return replace(shared, texts={**shared.texts, **texts("telling", language)}, articles={**shared.articles, "los": ""})


def tell_moment(moment: Moment, told: Told, say: Words) -> str:
    """A moment in one to three sentences."""
    name = Namer(told, say)
    place = title(told, moment.place)
    size = f"{moment.size:,.0f}"
    match moment.rule:
        case "worst_year":
            days = (moment.last - moment.day).days + 1 if moment.last else 1
            return say("worst_year", size=size, a_day=f"{moment.size / days:,.0f}")
        case "falls":
            fell = sentence("removal", moment.cause, int(moment.size), name(moment.cartel), "", place, say)
            known = isfinite(moment.before) and isfinite(moment.after)
            blanks = {"followers": moment.followers, "before": f"{moment.before:.0f}", "after": f"{moment.after:.0f}"}
            after = say("falls_year" if known else "falls_short", place=place, **blanks)
            return f"{fell} {say('falls_size', size=size)} {after}"
        case "splits":
            return sentence("split", "", int(moment.size), name(moment.cartel), name(moment.other), place, say)
        case "wars":
            end = say("wars_over", last=say.month(moment.last)) if moment.last else say("wars_open")
            groups = {"one": name(moment.cartel), "two": name(moment.other)}
            return say.sentence(say.texts["wars"], groups, place=place, places=moment.places, end=end)
        case "ends":
            over = sentence(moment.cause, "", 0, name(moment.cartel), name(moment.other), place, say)
            return f"{over} {say('ends_peak', size=size)}"
        case _:
            return say(moment.rule, place=place, places=moment.places, size=size)


def sentence(kind: str, cause: str, size: int, cartel: str, other: str, place: str, words: Words) -> str:
    """One event; empty for kinds that have no words."""
    rank, _, how = cause.rpartition(" ")
    key = "removal_lieutenant" if kind == "removal" and rank else f"{kind}_{how}"
    text = words.events.get(key) or words.events.get(kind, "")
    blanks = {"place": place, "size": f"{size:,}", "how": words.manners.get(how, how)}
    return words.sentence(text, {"cartel": cartel, "other": other}, **blanks)


def in_short(told: Told, say: Words) -> Iterator[str]:
    """The whole run in a few sentences of numbers."""
    kinds = told.events["kind"]
    first, last = (say.month(told.months[k].item()) for k in (0, -1))
    yield say("short_start", month=first, groups=f"{told.alive[0]:.0f}", killed=f"{told.homicides[:YEAR].sum():,.0f}")
    yield say(
        "short_state",
        falls=f"{len(told.falls):,}",
        splits=f"{kinds.among(['split']).sum():,}",
        entries=f"{kinds.among(['entry']).sum():,}",
        ends=f"{sum(line.died is not None for line in told.lineage):,}",
    )
    yield say("short_end", month=last, groups=f"{told.alive[-1]:.0f}", killed=f"{told.homicides[-YEAR:].sum():,.0f}")
    yield say("short_all", killed=f"{told.homicides.sum():,.0f}", years=f"{told.months.size / YEAR:.3g}")


def by_year(told: Told) -> Iterator[tuple[int, float, int, int]]:
    """Calendar year, people killed, groups at its end, kingpins taken."""
    years = told.months.astype("datetime64[Y]").astype(int) + 1970
    for year in np.unique(years).tolist():
        inside = np.flatnonzero(years == year)
        falls = sum(fall.day.year == year for fall in told.falls)
        yield year, float(told.homicides[inside].sum()), int(told.alive[inside[-1]]), falls


def rules(say: Words) -> Iterator[tuple[str, str]]:
    """Name of each rule and what it says."""
    for rule in RULES:
        yield rule, say(f"rule_{rule}", count=KEPT.get(rule, ""))


class Namer:
    """Names of groups as papers would call them: those who broke away by the place and the year in which they did."""

    def __init__(self, told: Told, say: Words) -> None:
        self._told, self._say = told, say
        self._places = dict(zip(told.places, told.titles, strict=True))
        self._split: dict[str, str] = {}
        before: Counter[tuple[str, int]] = Counter()
        for row in events(told, "split"):
            born = row.territory, row.date.year
            before[born] += 1
            key = "people_of" if before[born] == 1 else "people_of_again"
            place = self._places.get(row.territory, "")
            self._split[row.other] = say(key, place=place, year=row.date.year, number=before[born])

    def __call__(self, cartel: str) -> str:
        """The name of a group; empty for none."""
        if cartel in self._split:
            return self._split[cartel]
        return self._say.group(cartel, self._told.founders, self._places) if cartel else ""


def title(told: Told, place: str) -> str:
    """The name of a place; empty for none."""
    return dict(zip(told.places, told.titles, strict=True)).get(place, "")
