"""A lesson's sentences with their blanks filled from what was computed, and only those that are true of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from math import floor, isfinite, log10

import numpy as np

from sim.analysis.lesson import SHARE, Findings
from sim.catalogue.metrics import METRICS
from sim.page import bundle
from sim.scenario.lesson import BLANK, Blank, Lesson, Said
from sim.show.words import Words

WIDE = 2.0  # per cent, or points, as sim/page/app/stats.js has it
FIGURES = 3  # of a level: more is not known


@cache
def texts(language: str) -> Mapping[str, str]:
    """What every lesson's page says in "en" or "es"; what one lesson says lies beside it in the library."""
    found: Mapping[str, str] = json.loads((bundle.APP.parent / "words" / f"lesson.{language}.json").read_text(encoding="utf-8"))
    return found


class Speaker:
    """Says what a lesson says, in one language, about one set of findings."""

    def __init__(self, lesson: Lesson, found: Findings, say: Words) -> None:
        self.lesson, self.found, self.say = lesson, found, say
        self.own = texts(say.language)
        self.spoken = lesson.words[say.language]

    def fill(self, text: str) -> str:
        """The text with its blanks filled."""
        return BLANK.sub(lambda match: self.value(self.lesson.blank(match[1])), text)

    def true(self, said: Iterable[Said]) -> Iterator[str]:
        """The paragraphs that hold, filled."""
        yield from (self.fill(one.text) for one in said if self.holds(one.when))

    def holds(self, when: str | None) -> bool:
        """Whether what follows `when` is true of the findings."""
        if when is None:
            return True
        blank, verdicts = self.lesson.verdicts(when)
        return self.found.verdict(blank.arm, blank.metric) in verdicts

    def value(self, blank: Blank) -> str:
        """What stands in a blank."""
        metric, arm, want = blank
        change = self.found.change(arm, metric)
        middle, low, high = self.found.moved(arm, metric)
        said: dict[str, Callable[[], str]] = {
            "change": lambda: self.said(metric, middle, low, high),
            "interval": lambda: self.between(metric, low, high),
            "bound": lambda: self.at_most(metric, low, high),
            "spread": lambda: self.between(metric, *np.nanpercentile(self.found.each(arm, metric), (5.0, 95.0)).tolist()),
            "up": lambda: self.own["of"].format(count=self.worlds(arm, metric)[0], pairs=self.found.pairs),
            "down": lambda: self.own["of"].format(count=self.worlds(arm, metric)[1], pairs=self.found.pairs),
            "level": lambda: self.amount(metric, change.mean),
            "usual": lambda: self.amount(metric, change.mean - change.difference),
            "cost": lambda: self.extra(self.found.cost(arm)),
        }
        return said[want]()

    def unit(self, metric: str) -> str:
        """In what a change of the metric is told."""
        return self.own["points"] if METRICS[metric].unit == SHARE else "%"

    def moved(self, metric: str, change: float) -> str:
        """A change with its sign and unit."""
        amount = f"{change:+.1f}".replace("-", "−") if abs(change) >= 0.05 else "0.0"
        return f"{amount} {self.unit(metric)}"

    def said(self, metric: str, middle: float, low: float, high: float) -> str:
        """A change with its 95 % interval; it has none where every world is the same."""
        ends = [self.moved(metric, end).removesuffix(self.unit(metric)).rstrip() for end in (low, high)]
        return self.moved(metric, middle) + (f" [{self.own['range'].format(low=ends[0], high=ends[1])}]" if low < high else "")

    def between(self, metric: str, low: float, high: float) -> str:
        """A range of changes."""
        return self.own["range"].format(low=self.moved(metric, low), high=self.moved(metric, high)) if isfinite(low) else "–"

    def at_most(self, metric: str, low: float, high: float) -> str:
        """The same with its unit; of a wide interval it is said that it is wide."""
        bound = f"{self.bound(low, high)} {self.unit(metric)}"
        return self.own["wide"].format(bound=bound, pairs=self.found.pairs) if low <= 0.0 <= high and max(-low, high) > WIDE else bound

    @staticmethod
    def bound(low: float, high: float) -> str:
        """How large a change is at most, by its interval: "0.2", "0.03"."""
        size = max(abs(low), abs(high))
        return f"{size:.1f}" if size >= 0.095 else f"{max(size, 0.01):.2f}"

    def worlds(self, arm: str, metric: str) -> tuple[int, int]:
        """In how many worlds there was more, and less."""
        gap = self.found.worlds[arm][metric] - self.found.worlds[self.found.usual[arm]][metric]
        return int((gap > 0.0).sum()), int((gap < 0.0).sum())

    def amount(self, metric: str, value: float) -> str:
        """A level as people say it: dollars, a share in percent, a number of three figures."""
        if METRICS[metric].unit == SHARE:
            return f"{100.0 * value:.1f} %"
        if "US$" in METRICS[metric].unit:
            return self.say.dollars(value)
        if not isfinite(value) or value == 0.0:
            return "–" if value else "0"
        digits = FIGURES - 1 - floor(log10(abs(value)))
        return f"{round(value, digits):,.{max(0, digits)}f}"

    def extra(self, usd: float) -> str:
        """An extra cost with its sign."""
        amount = self.say.dollars(usd)
        return amount if amount == "US$ 0" else f"{'−' if usd < 0.0 else '+'}{amount}"

    def arm(self, arm: str) -> str:
        """What an arm is called: where every axis stands."""
        axes = [self.spoken.axis[axis.id] for axis in self.lesson.outline.axis]
        return "; ".join(f"{axis.title}: {axis.position[one]}" for axis, one in zip(axes, arm.split("/"), strict=True))
