"""A decomposition in plain words and as a table, in English or Spanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sim.analysis import country
from sim.analysis.table import MISSING, in_words, quantity
from sim.analysis.why import SHARE_FOR_INTERACTION, Decomposition, Estimate, Part
from sim.catalogue.metrics import METRICS
from sim.catalogue.switches import CHANNELS
from sim.words import section, texts

NAMED = 3  # channels of either sign that the sentence names



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
