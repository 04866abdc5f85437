"""A lesson as one HTML file that asks nothing of any server: a pupil's, in which every result is sealed, and the teacher's with notes."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from math import floor, isfinite, log10
from typing import Any, Literal

import numpy as np

from sim.analysis.lesson import SHARE, Findings, from_json
from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.experiment.budget import BUDGETS
from sim.experiment.lesson import played
from sim.page import build, bundle
from sim.page.data import gather
from sim.scenario import Problem, ScenarioError
from sim.scenario.lesson import BLANK, COSTS, DRAWN, Blank, Language, Lesson, Said, arm_id
from sim.scenario.read import shown
from sim.show.words import Words, words

WIDE = 2.0  # per cent, or points, as sim/page/app/stats.js has it
FIGURES = 3  # of a level: more is not known
SEED, PRIME, WORD = 2166136261, 16777619, 0xFFFFFFFF  # FNV-1a, 32 bits
Audience = Literal["pupils", "teacher"]
MINUTES = {"hook": 5, "predict": 10, "observe": 10, "move": 10, "explain": 10, "debrief": 5}
SECOND = 12  # worlds of the second country
ROOM = 1.6  # height of the chart that is drawn on, in the largest values of business as usual
ONE_PAYS = 2.0 / 3.0  # share of the extra cost from which a country pays most of it
NOTHING = 1e6  # US$ a year below which nobody pays


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


def fnv(text: str) -> int:
    """The 32-bit FNV-1a hash of a text's UTF-8 bytes."""
    value = SEED
    for byte in text.encode():
        value = (value ^ byte) * PRIME & WORD
    return value


def seal(text: str, name: str) -> str:
    """A text as base64 that `unseal` of the page's script opens with the same name."""
    data = np.frombuffer(zlib.compress(text.encode(), 9), np.uint8)
    return b64encode((data ^ _stream(fnv(name), data.size)).tobytes()).decode()


def _stream(state: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The low bytes of Marsaglia's xorshift32, (size,)."""
    low = bytearray(size)
    for index in range(size):
        state ^= state << 13 & WORD
        state ^= state >> 17
        state ^= state << 5 & WORD
        low[index] = state & 0xFF
    return np.frombuffer(low, np.uint8)


def read_findings(lesson: Lesson) -> Findings:
    """The results that lie beside a lesson. Raises ScenarioError: there are none, or they are of another grid."""
    file = shown(lesson.results)
    hint = f"`cartelitos lesson {lesson.name} --recompute` makes them"
    try:
        return from_json(lesson.results.read_text(encoding="utf-8"), lesson)
    except OSError:
        raise ScenarioError([Problem(file, None, "", "there are no results of this lesson", hint)]) from None
    except ValueError as error:
        raise ScenarioError([Problem(file, None, "", str(error), hint)]) from None


def page(lesson: Lesson, found: Findings, language: Language = "en", audience: Audience = "pupils") -> str:
    """The page of a lesson in one language, for pupils or for their teacher."""
    speaker = Speaker(lesson, found, words(language))
    told: dict[str, Any] = {"audience": audience, "lesson": opened(speaker), "words": speaker.own, "model": playing(speaker)}
    if audience == "teacher":
        told |= {"answers": answers(speaker), "teacher": notes(speaker)}
    else:
        told["sealed"] = seal(build.as_json(answers(speaker)), lesson.name)
    return document(speaker, told)


def playing(speaker: Speaker) -> dict[str, Any]:
    """What a page needs to play the lesson's country itself."""
    policies, second = played(speaker.lesson)
    usual = next(iter(policies))
    named = {arm: replace(one, title=speaker.own["usual"] if arm == usual else speaker.arm(arm)) for arm, one in policies.items()}
    countries = [(policies[usual], speaker.found.pairs), *([(second, SECOND)] if second else [])]
    return gather(named, *countries, languages=[speaker.say.language])


def document(speaker: Speaker, told: dict[str, Any], script: str | None = None) -> str:
    """The file around what a lesson's page is told."""
    language = speaker.say.language
    told = told | {"glossary": glossary(language)}
    return build.document(language, f"{speaker.spoken.title} · Cartelitos", ["style.css", "lesson.css"], told, script)


def glossary(language: str) -> list[dict[str, Any]]:
    """Words that lessons use: `word`, other forms `also`, and what they mean."""
    found: list[dict[str, Any]] = json.loads((bundle.APP.parent / "words" / "glossary.json").read_text(encoding="utf-8"))[language]
    return found


def opened(speaker: Speaker) -> dict[str, Any]:
    """What is read before the guess; of the results only what business as usual was before the policy, and how large it can grow.

    Where an arm is chosen, its cost is told too: that is no result, unless it is asked who pays.
    """
    lesson, found, spoken, say = speaker.lesson, speaker.found, speaker.spoken, speaker.say
    outline = lesson.outline
    usual = found.paths[found.usual[lesson.about]]
    arms = [arm_id(arm) for arm in lesson.arms]
    costs = {arm: {"cost": speaker.extra(found.cost(arm))} if outline.choose else {} for arm in arms}
    first, last = found.years[[0, -1]].tolist()
    return {
        "name": lesson.name,
        "title": spoken.title,
        "question": spoken.question,
        "years": found.years.tolist(),
        "since": outline.since,
        "known": [round(value) for value in np.median(usual[:, found.years < outline.since], axis=0).tolist()],
        "top": 1000 * int(np.ceil(ROOM * float(usual.max()) / 1000.0)),
        "pairs": found.pairs,
        "ask": [{"metric": metric, "title": say.metrics[metric][0], "unit": speaker.unit(metric)} for metric in outline.predict],
        "outcomes": [{"metric": metric, "title": say.metrics[metric][0]} for metric in outline.outcomes],
        "reasons": [spoken.reasons[one] for one in outline.reasons],
        "axes": [
            {"id": axis.id, "title": spoken.axis[axis.id].title, "positions": [*spoken.axis[axis.id].position.items()]}
            for axis in outline.axis
        ],
        "arms": [{"id": arm, "title": speaker.arm(arm)} | cost for arm, cost in costs.items()],
        "about": lesson.about,
        "choose": outline.choose,
        "fall": outline.fall,
        "hook": [*speaker.true(spoken.hook)],
        "predict": [*speaker.true(spoken.predict)],
        "roles": [{"title": role.title, "text": role.text} for role in spoken.role],
        "worksheet": [{"ask": speaker.fill(one.ask), "lines": one.lines} for one in spoken.worksheet],
        "minutes": [*MINUTES.items()],
        "made": speaker.own["made"].format(pairs=found.pairs, first=first, last=last, world=found.world, version=found.model_version),
    }


def answers(speaker: Speaker) -> dict[str, Any]:
    """What is read after the guess, and every arm's worlds."""
    spoken, say = speaker.spoken, speaker.say
    chain = [(metric, say.metrics[metric][0], speaker.fill(spoken.chain[metric])) for metric in speaker.lesson.outline.chain]
    return {
        "chain": [dict(zip(("metric", "title", "text"), link, strict=True)) for link in chain],
        "observe": [*speaker.true(spoken.observe)],
        "explain": [*speaker.true(spoken.explain)],
        "debrief": [*speaker.true(spoken.debrief)],
        "challenge": _challenge(speaker),
        "arms": {arm_id(arm): _arm(speaker, arm_id(arm)) for arm in speaker.lesson.arms},
    }


def _challenge(speaker: Speaker) -> dict[str, Any] | None:
    """What a mix of one's own has to reach."""
    goal, say = speaker.lesson.outline.challenge, speaker.say
    if goal is None:
        return None
    still = [{"metric": metric, "title": say.metrics[metric][0]} for metric in goal.still]
    told = {"metric": goal.metric, "title": say.metrics[goal.metric][0], "change": goal.change, "worlds": goal.worlds, "still": still}
    told |= {"pairs": speaker.found.pairs, "second": SECOND, "differs": speaker.spoken.second}
    told |= {"front": [{"at": [*mix["change"].values()], **mix} for mix in speaker.found.front]}
    return told | {"budget": BUDGETS[goal.budget].usd_a_year}


def _arm(speaker: Speaker, arm: str) -> dict[str, Any]:
    found, outline = speaker.found, speaker.lesson.outline
    total, us, mx = (found.change(arm, metric).difference for metric in COSTS)
    return {
        "usual": found.usual[arm],
        "policy": found.paths[arm].round().astype(int).tolist(),
        "cost": {"total": speaker.extra(total), "us": speaker.extra(us), "mx": speaker.extra(mx)},
        "payer": _payer(us, mx),
        "metrics": {metric: _metric(speaker, arm, metric) for metric in dict.fromkeys([DRAWN, *outline.outcomes, *outline.chain])},
    }


def _payer(us: float, mx: float) -> str:
    if max(us, mx) < NOTHING:
        return "none"
    share = max(us, 0.0) / (max(us, 0.0) + max(mx, 0.0))
    return "us" if share > ONE_PAYS else "mx" if share < 1.0 - ONE_PAYS else "both"


def _metric(speaker: Speaker, arm: str, metric: str) -> dict[str, Any]:
    """Change of one outcome, world by world, and what the pairs say together."""
    mean, low, high = speaker.found.moved(arm, metric)
    bands = speaker.found.bands[arm].get(metric)
    return {
        "years": None if bands is None else bands.round(3).tolist(),
        "each": [round(x, 3) if np.isfinite(x) else None for x in speaker.found.each(arm, metric).tolist()],
        "mean": mean,
        "low": low,
        "high": high,
        "bound": speaker.bound(low, high),
        "unit": speaker.unit(metric),
        "more": speaker.worlds(arm, metric)[0],
    }


def notes(speaker: Speaker) -> dict[str, Any]:
    """What only the teacher's file holds."""
    spoken = speaker.spoken
    return {
        "notes": [*speaker.true(spoken.notes)],
        "care": [*speaker.true(spoken.care)],
        "misconceptions": [(one.says, speaker.fill(one.answer)) for one in spoken.misconception if speaker.holds(one.when)],
        "sources": [str(SOURCES[key]) for key in speaker.lesson.outline.sources],
    }
