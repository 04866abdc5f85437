"""What `robust` found, as text: shares of worlds won, regret, where rankings flip, what would change them. It calls no policy right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill
from typing import NamedTuple

from sim.analysis.discovery import Rule
from sim.analysis.equal_cost import measured
from sim.analysis.mind import Change, Flip
from sim.analysis.robust import ALL, Standing, Verdict
from sim.analysis.table import MISSING, Line, Section, matrix
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.moves import Axis

NAMED = 3  # flips that are told
CLOSING = (
    "Best means least or most of one outcome among these scenarios. Outcomes are judged one by one and never added up: homicides in "
    "Mexico and overdose deaths in the United States are different harms. Which of them counts is not for a model to say, nor which "
    "scenario is right. Worlds are plausible, not equally likely: shares are counts, not probabilities."
)


class Finding(NamedTuple):
    """Everything that was found.

    Attributes:
        window: "2006-12/2021-11".
        families: worlds by family, ALL among them.
        standings: shares won and regret.
        verdicts: by metric; None = no two scenarios differ.
        rules: by metric, where one was looked for and found.
        changes: by metric, where they were looked for.
        searched: whether rules could be looked for.
    """

    window: str
    families: Mapping[str, int]
    standings: Sequence[Standing]
    verdicts: Mapping[str, Verdict | None]
    rules: Mapping[str, Rule | None]
    changes: Mapping[str, Change]
    searched: bool


def render(found: Finding, width: int = 114) -> str:
    """The whole text."""
    parts = [fill(opening(found), width)]
    for number, section in enumerate((shares(found), regrets(found)), start=1):
        parts += [fill(f"{number}. {section.title}", width), matrix(section, width)]
    if any(found.verdicts.values()):
        parts.append(fill("3. WHERE THE RANKING FLIPS: the two best on average, and the worlds in which they change places", width))
        parts += [fill(line, width, initial_indent="- ", subsequent_indent="  ") for line in flipping(found)]
    if found.changes:
        parts.append(fill("4. WHAT WOULD CHANGE YOUR MIND: the smallest move from the central fit that turns a ranking", width))
        parts += [fill(text, width, initial_indent="- ", subsequent_indent="  ") for text in map(changing, found.changes.values())]
    return "\n\n".join([*parts, fill(CLOSING, width)]) + "\n"


def sentences(found: Finding) -> Iterator[str]:
    """What is said beside the tables, a paragraph each."""
    yield opening(found)
    yield from flipping(found)
    yield from map(changing, found.changes.values())
    yield CLOSING


def opening(found: Finding) -> str:
    """Window, worlds, families."""
    own = ", ".join(f"{count} {family}" for family, count in found.families.items() if family != ALL)
    families = f" ({own})" if own else ""
    first, last = found.window.split("/")
    return f"ROBUSTNESS, {first} to {last}, {found.families[ALL]} worlds of the plausible set{families}, the same for every scenario."


def shares(found: Finding) -> Section:
    """In how many worlds each scenario is best."""
    keyed, scenarios, metrics = _keyed(found.standings)
    families = [name for name in found.families if name != ALL]
    lines = []
    for metric in metrics:
        cells = []
        for scenario in scenarios:
            own = ", ".join(f"{family} {_percent(keyed[metric, scenario, family].won)}" for family in families)
            cells.append((_percent(keyed[metric, scenario, ALL].won), own))
        lines.append(Line((METRICS[metric].title, f"  {METRICS[metric].better} is better"), "", cells))
    title = "BEST IN SHARE OF WORLDS, by outcome; ties are shared out; second line: by family of worlds"
    return Section(title, ("", ""), "", scenarios, lines)


def regrets(found: Finding) -> Section:
    """How much worse than the best of the same world."""
    keyed, scenarios, metrics = _keyed(found.standings)
    lines = []
    for metric in metrics:
        unit = METRICS[metric].unit
        cells = []
        for scenario in scenarios:
            row = keyed[metric, scenario, ALL]
            percent = MISSING if row.regret_percent is None else f"{row.regret_percent:.1f} %"
            cells.append((f"{measured(row.regret, unit)} ({percent})", f"worst tenth {measured(row.regret_high, unit)}"))
        lines.append(Line((METRICS[metric].title, f"  {unit}"), "", cells))
    return Section("REGRET: how much worse than the best scenario of the same world, on average", ("", ""), "", scenarios, lines)


def flipping(found: Finding) -> Iterator[str]:
    """A paragraph per outcome."""
    for metric, said in found.verdicts.items():
        title, unit = METRICS[metric].title, METRICS[metric].unit
        if said is None:
            yield f"{title}: no two scenarios differ in any world."
            continue
        turned, n = int(said.reversed.sum()), said.reversed.size
        span = "" if said.low is None or said.high is None else f" ({measured(said.low, unit, '+')} to {measured(said.high, unit, '+')})"
        gap = measured(said.gap, unit, "+")
        text = (
            f"{title}: {said.first} comes out best on average, then {said.second} with {gap} {unit}{span}; "
            f"in {turned} of {n} worlds {said.second} does better."
        )
        yield f"{text} {_rule(found, metric, said)}" if turned else text


def changing(change: Change) -> str:
    """A paragraph on what would turn one ranking."""
    contest, unit = change.contest, METRICS[change.contest.metric].unit
    title, gap = METRICS[contest.metric].title, measured(change.central.mean, unit, "+")
    text = f"{title}: at the central fit {contest.second} does worse than {contest.first} by {gap} {unit}"
    text += "." if change.central.sign > 0 else ", which the worlds at hand cannot tell from zero."
    if not change.flips:
        tail = " Some moves looked like it and were not borne out by fresh worlds." if change.refuted else ""
        return f"{text} None of {change.tried} assumptions turns that within its plausible range, nor do the strongest together.{tail}"
    first, *others = change.flips[:NAMED]
    better = measured(-first.gap.mean, unit)
    text += f" It turns with {_move(first)}: then {contest.second} does better by {better} {unit} ({_span(first, unit)}),"
    text += " confirmed in worlds that had not suggested it."
    return f"{text} So would {' or '.join(_move(flip) for flip in others)}." if others else text


def _rule(found: Finding, metric: str, said: Verdict) -> str:
    if not found.searched:
        return ""  # the workbench is missing, which is said elsewhere
    rule = found.rules.get(metric)
    if rule is None:
        return "Too few worlds of either kind for a rule, or no simple rule tells them."
    where = " and ".join(map(str, rule.conditions))
    text = f"Where {where}, {said.second} does better in {_percent(rule.share)} of worlds instead of {_percent(rule.share_else)}"
    if rule.held_back is None:
        return f"{text}; no world that was held back lies there, so the rule is untested."
    verdict = "holds up" if rule.holds_up else "is not told from luck"
    return f"{text}; in {rule.held_back_worlds} worlds that were held back {_percent(rule.held_back)}: the rule {verdict}."


def _move(flip: Flip) -> str:
    """The assumptions in words, and how far each moves."""
    return " and ".join(_leg(axis, axis.at(end, flip.way)) for axis, end in flip.path.legs)


def _leg(axis: Axis, value: float) -> str:
    range_ = f"{_percent(axis.size(value))} of its range"
    return f"{axis.name} at {value:.3g} instead of {axis.central:.3g} ({PARAMETERS[axis.name].meaning}; {range_})"


def _span(flip: Flip, unit: str) -> str:
    assert flip.gap.low is not None
    assert flip.gap.high is not None
    return f"{measured(-flip.gap.high, unit)} to {measured(-flip.gap.low, unit)}"


def _keyed(rows: Sequence[Standing]) -> tuple[dict[tuple[str, str, str], Standing], list[str], list[str]]:
    """Rows by metric, scenario and family; scenarios; metrics."""
    keyed = {(row.metric, row.scenario, row.family): row for row in rows}
    return keyed, list(dict.fromkeys(row.scenario for row in rows)), list(dict.fromkeys(row.metric for row in rows))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
