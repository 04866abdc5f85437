"""A decomposition in plain words and as a table, in English or Spanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill

from sim.analysis.equal_cost import measured
from sim.analysis.table import MISSING
from sim.analysis.why import DIRECT, INTERACTION, SHARE_FOR_INTERACTION, Decomposition, Estimate, Part
from sim.catalogue.metrics import METRICS
from sim.catalogue.spanish import TITULOS
from sim.catalogue.switches import CHANNELS

NAMED = 3  # channels of either sign that the sentence names
LABEL, COLUMN = 32, 17  # characters

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "difference": "{title}, {first} to {last}: {policy} differs from {base} by {gap}{unit} ({span}above zero in {up} of {n} worlds).",
        "single": "{title}, {first} to {last}: {policy} differs from {base} by {gap}{unit} in one world, so that nothing is known of luck.",
        "identical": "{title}, {first} to {last}: {policy} and {base} do not differ in any of {n} worlds; there is nothing to explain.",
        "interval": "95 % interval {low} to {high}; ",
        "raises": "It is raised by {list}.",
        "lowers": "It is lowered by {list}.",
        "channel": "{title} ({gap}: without it the difference would be {without})",
        "and": " and ",
        "levers": "Levers in a country in which nothing answers would make {gap}.",
        "little": "Interaction, which belongs to no single mechanism, is {gap}.",
        "much": "Mechanisms lean on each other: one at a time they account for {sum}, so that {gap} is interaction. Read each as what "
        "would be lost without it, not as a share.",
        "unsure": "With {n} worlds not told from zero: {list}.",
        "none": "With {n} worlds no single mechanism can be told from zero.",
        "part": "Part",
        "contribution": "contribution",
        "without": "without it",
        "alone": "alone",
        "span": "95 % interval",
        "up": "above 0 in",
        DIRECT: "Levers, nothing answers",
        INTERACTION: "Interaction",
        "total": "Difference",
        "reading": "Contribution: the difference less the difference without that response in both arms. Alone: what it adds where nothing "
        "else answers. Contributions, levers and interaction add up to the difference. An explanation of the model, not of history.",
    },
    "es": {
        "difference": "{title}, {first} a {last}: {policy} difiere de {base} en {gap}{unit} ({span}mayor que cero en {up} de {n} mundos).",
        "single": "{title}, {first} a {last}: {policy} difiere de {base} en {gap}{unit} en un solo mundo; del azar no se sabe nada.",
        "identical": "{title}, {first} a {last}: {policy} y {base} no difieren en ninguno de {n} mundos; no hay nada que explicar.",
        "interval": "intervalo de 95 % de {low} a {high}; ",
        "raises": "La aumentan: {list}.",
        "lowers": "La reducen: {list}.",
        "channel": "{title} ({gap}: sin ello la diferencia sería {without})",
        "and": " y ",
        "levers": "Las palancas, en un país donde nada responde, harían {gap}.",
        "little": "La interacción, que no pertenece a ningún mecanismo solo, es {gap}.",
        "much": "Los mecanismos se apoyan unos en otros: uno por uno suman {sum}, de modo que {gap} es interacción. Cada número dice "
        "lo que se perdería sin él, no una parte.",
        "unsure": "Con {n} mundos no se distinguen de cero: {list}.",
        "none": "Con {n} mundos ningún mecanismo se distingue de cero por sí solo.",
        "part": "Parte",
        "contribution": "contribución",
        "without": "sin ello",
        "alone": "solo",
        "span": "intervalo 95 %",
        "up": "sobre 0 en",
        DIRECT: "Palancas, nada responde",
        INTERACTION: "Interacción",
        "total": "Diferencia",
        "reading": "Contribución: la diferencia menos la diferencia sin esa respuesta en ambos brazos. Solo: lo que agrega donde nada más "
        "responde. Contribuciones, palancas e interacción suman la diferencia. Explica el modelo, no la historia.",
    },
}
UNITS = {
    "deaths": "muertes", "people": "personas", "events": "hechos", "groups": "grupos", "pairs": "pares", "share": "",
    "complaints": "quejas", "tonnes": "toneladas", "1 = start": "", "US$": "US$",
}  # fmt: skip


def sentence(found: Decomposition, language: str = "en") -> str:
    """What makes the difference, in a few plain sentences.

    Args:
        found: the decomposition.
        language: a key of `WORDS`.
    """
    words = WORDS[language]
    first, last = found.window.split("/")
    named = {"title": metric_title(found.metric, language), "first": first, "last": last, "policy": found.scenario, "base": found.baseline}
    if found.identical:
        return words["identical"].format(n=found.n, **named)
    if found.difference.low is None:
        return words["single"].format(gap=amount(found, found.difference.mean, language), unit=_unit(found, language), **named)
    return " ".join([_difference(found, language, named), *_parts(found, language)])


def render(found: Decomposition, language: str = "en", width: int = 114) -> str:
    """The sentence, then every part in a line."""
    words = WORDS[language]
    heads = [words[key] for key in ("contribution", "span", "up", "without", "alone")]
    total = Part("total", found.difference)
    lines = [_line(words["part"], heads)]
    lines += [_line(part_title(part.name, language), _cells(found, part, language)) for part in (*found.parts, total)]
    return "\n\n".join([fill(sentence(found, language), width), "\n".join(lines), fill(words["reading"], width)]) + "\n"


def part_title(name: str, language: str) -> str:
    """A channel, the levers alone, the interaction, or the whole."""
    if name in CHANNELS:
        return CHANNELS[name].titulo if language == "es" else CHANNELS[name].title
    return WORDS[language][name]


def metric_title(metric: str, language: str) -> str:
    """The name of a metric."""
    return TITULOS.get(metric, METRICS[metric].title) if language == "es" else METRICS[metric].title


def amount(found: Decomposition, value: float, language: str) -> str:
    """A difference in the metric's unit."""
    text = measured(value, METRICS[found.metric].unit, "+")
    return text.replace(" million", " millones").replace(" bn", " mil millones") if language == "es" else text


def _difference(found: Decomposition, language: str, named: Mapping[str, str]) -> str:
    words, difference = WORDS[language], found.difference
    assert difference.low is not None
    assert difference.high is not None
    span = words["interval"].format(low=amount(found, difference.low, language), high=amount(found, difference.high, language))
    gap = amount(found, difference.mean, language)
    return words["difference"].format(gap=gap, unit=_unit(found, language), span=span, up=_worlds(found, difference), n=found.n, **named)


def _parts(found: Decomposition, language: str) -> Iterator[str]:
    """Who raises, who lowers, the levers alone, the interaction, and whom nobody can tell from zero."""
    words = WORDS[language]
    for key, sign in (("raises", 1), ("lowers", -1)):
        some = [part for part in found.channels if part.contribution.sign == sign]
        if some:
            yield words[key].format(list=_list((_channel(found, part, language) for part in some[:NAMED]), words["and"]))
    yield words["levers"].format(gap=amount(found, found.parts[-2].contribution.mean, language))
    rest = found.interaction.contribution.mean
    key = "much" if abs(rest) > SHARE_FOR_INTERACTION * abs(found.difference.mean) else "little"
    yield words[key].format(gap=amount(found, rest, language), sum=amount(found, found.difference.mean - rest, language))
    unsure = [_inside(part, language) for part in found.channels if not part.contribution.sign]
    if len(unsure) == len(found.channels):
        yield words["none"].format(n=found.n)
    elif unsure:
        yield words["unsure"].format(n=found.n, list=_list(unsure, words["and"]))


def _channel(found: Decomposition, part: Part, language: str) -> str:
    assert part.without is not None
    return WORDS[language]["channel"].format(
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
    text = UNITS.get(unit, unit) if language == "es" else unit
    return "" if unit in ("share", "1 = start") else f" {text}"


def _worlds(found: Decomposition, estimate: Estimate) -> int:
    return round(estimate.share_up * found.n)


def _cells(found: Decomposition, part: Part, language: str) -> list[str]:
    own = part.contribution
    span = MISSING
    if own.low is not None and own.high is not None:
        joint = " a " if language == "es" else " to "
        span = joint.join(measured(end, METRICS[found.metric].unit, "+") for end in (own.low, own.high))
    others = [MISSING if value is None else amount(found, value.mean, language) for value in (part.without, part.alone)]
    joint = " de " if language == "es" else " of "
    return [amount(found, own.mean, language), span, f"{_worlds(found, own)}{joint}{found.n}", *others]


def _line(label: str, cells: Iterable[str]) -> str:
    return (f"{label:{LABEL}}" + "".join(f"{cell:>{COLUMN if index != 1 else COLUMN + 5}}" for index, cell in enumerate(cells))).rstrip()
