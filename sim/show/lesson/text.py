"""A lesson's sentences with their blanks filled from what was computed, and only those that are true of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

import numpy as np

from sim.analysis.lesson import Findings
from sim.catalogue.metrics import METRICS
from sim.scenario.lesson import BLANK, Blank, Lesson, Said
from sim.show.lesson.words import TEXTS
from sim.show.web.fragments import number
from sim.show.web.words import Words, signed


class Speaker:
    """Says what a lesson says, in one language, about one set of findings."""

    def __init__(self, lesson: Lesson, found: Findings, say: Words) -> None:
        self.lesson, self.found, self.say = lesson, found, say
        self.own = TEXTS[say.language]

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
        match want:
            case "interval":
                return self.between(change.percent_low, change.percent_high)
            case "spread":
                return self.between(*self.spread(arm, metric))
            case "up" | "down":
                return self.own["of"].format(count=self.worlds(arm, metric)[want == "down"], pairs=self.found.pairs)
            case "level":
                return self.amount(metric, change.mean)
            case "usual":
                return self.amount(metric, change.mean - change.difference)
        return self.extra(self.found.cost(arm)) if want == "cost" else signed(change.percent)

    def between(self, low: float, high: float) -> str:
        """A range of percentages."""
        return f"{signed(low)} {'to' if self.say.language == 'en' else 'a'} {signed(high)}" if isfinite(low) else "–"

    def spread(self, arm: str, metric: str) -> tuple[float, float]:
        """Change in percent between which nine worlds of ten lie."""
        changes = self.found.percent(arm, metric)
        low, high = np.percentile(changes[np.isfinite(changes)], (5.0, 95.0)).tolist()
        return low, high

    def worlds(self, arm: str, metric: str) -> tuple[int, int]:
        """In how many worlds there was more, and less."""
        gap = self.found.worlds[arm][metric] - self.found.worlds[self.found.usual[arm]][metric]
        return int((gap > 0.0).sum()), int((gap < 0.0).sum())

    def amount(self, metric: str, value: float) -> str:
        """A level as people say it: dollars, a share in percent, a number."""
        if METRICS[metric].unit == "share":
            return f"{100.0 * value:.1f} %"
        return self.say.dollars(value) if "US$" in METRICS[metric].unit else number(value)

    def extra(self, usd: float) -> str:
        """An extra cost with its sign."""
        return f"{'−' if usd < 0.0 else '+'}{self.say.dollars(usd)}"

    def arm(self, arm: str) -> str:
        """What an arm is called: where every axis stands."""
        axes = [self.lesson.words[self.say.language].axis[axis.id] for axis in self.lesson.outline.axis]
        return "; ".join(f"{axis.title}: {axis.position[one]}" for axis, one in zip(axes, arm.split("/"), strict=True))
