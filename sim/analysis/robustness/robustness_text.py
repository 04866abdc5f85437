"""What `robust` found, as text: shares of worlds won, regret, where rankings flip, what would change them. It calls no policy right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.analysis import country
from sim.analysis.robustness.discovery import Rule
from sim.analysis.robustness.robust import ALL, Standing, Verdict
from sim.analysis.robustness.tipping import Change, Flip
from sim.analysis.table import plain, quantity
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.switching import Axis
from sim.words import texts

NAMED = 3  # flips that are told

class Finding(NamedTuple):
    """Everything that was found."""

    window: str  # "2006-12/2021-11"
    families: Mapping[str, int]  # worlds by family, ALL among them
    standings: Sequence[Standing]  # shares won and regret
    verdicts: Mapping[str, Verdict | None]  # by metric; None = no two scenarios differ
    rules: Mapping[str, Rule | None]  # by metric, where one was looked for and found
    changes: Mapping[str, Change]  # by metric, where they were looked for
    searched: bool  # whether rules could be looked for


def sentences(found: Finding) -> Iterator[str]:
    """What is said beside the table, a paragraph each: first which of two is better, and in what worlds the other."""
    first, *others = flipping(found)
    yield from (first, opening(found), *others, *map(changing, found.changes.values()), texts("robust", "en")["closing"])


def opening(found: Finding) -> str:
    """Window, worlds, families."""
    own = ", ".join(f"{count} {family}" for family, count in found.families.items() if family != ALL)
    families = f" ({own})" if own else ""
    first, last = found.window.split("/")
    return f"ROBUSTNESS, {first} to {last}, {found.families[ALL]} worlds of the plausible set{families}, the same for every scenario."


def flipping(found: Finding) -> Iterator[str]:
    """A paragraph per outcome."""
    for metric, said in found.verdicts.items():
        title, unit = country.title(metric), METRICS[metric].unit
        if said is None:
            yield f"{title}: no two scenarios differ in any world."
            continue
        turned, n = int(said.reversed.sum()), said.reversed.size
        span = "" if said.low is None or said.high is None else f" ({quantity(said.low, unit, '+')} to {quantity(said.high, unit, '+')})"
        gap = quantity(said.gap, unit, "+")
        text = (
            f"{title}: {said.first} comes out best on average, then {said.second} with {gap} {unit}{span}; "
            f"in {turned} of {n} worlds {said.second} does better."
        )
        yield f"{text} {_rule(found, metric, said)}" if turned else text


def changing(change: Change) -> str:
    """A paragraph on what would turn one ranking."""
    contest, unit = change.contest, METRICS[change.contest.metric].unit
    title, gap = country.title(contest.metric), quantity(change.central.mean, unit, "+")
    text = f"{title}: at the central fit {contest.second} does worse than {contest.first} by {gap} {unit}"
    text += "." if change.central.sign > 0 else ", which the worlds at hand cannot tell from zero."
    if not change.flips:
        tail = " Some moves looked like it and were not borne out by fresh worlds." if change.refuted else ""
        return f"{text} None of {change.tried} assumptions turns that within its plausible range, nor do the strongest together.{tail}"
    first, *others = change.flips[:NAMED]
    better = quantity(-first.gap.mean, unit)
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
    return f"{axis.name} at {plain(value, 3)} instead of {plain(axis.central, 3)} ({PARAMETERS[axis.name].meaning}; {range_})"


def _span(flip: Flip, unit: str) -> str:
    assert flip.gap.low is not None
    assert flip.gap.high is not None
    return f"{quantity(-flip.gap.high, unit)} to {quantity(-flip.gap.low, unit)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
