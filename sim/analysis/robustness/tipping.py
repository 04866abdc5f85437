"""What would change your mind: the smallest move of assumptions, from the central fit, at which two policies change places.

Moves are tried one assumption at a time, to both ends of its plausible range. Where none is enough, those that go furthest towards a
change are moved together. What is found is narrowed down by halving and then confirmed in worlds that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.analysis import country
from sim.analysis.ensemble import Ensemble
from sim.analysis.paired import Array
from sim.analysis.robustness.robust import ALL, Rule, Standing, Verdict
from sim.analysis.table import plain, quantity
from sim.analysis.why import Estimate, estimate
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.switching import Axis, arm, label
from sim.words import texts

CANDIDATES = 4  # moves that are narrowed down
TOGETHER = (2, 3, 5)  # assumptions that are moved at once where one is not enough
LADDER = (0.0, 0.5, 1.0)  # confirmed at the point found, half-way from there to the end, at the end
NAMED = 3  # flips that are told


class Contest(NamedTuple):
    """Two policies and the outcome in which the first does better at the central fit."""

    metric: str
    first: str
    second: str


class Path(NamedTuple):
    """Assumptions that move together from the centre to an end of their ranges."""

    legs: tuple[tuple[Axis, float], ...]

    def move(self, way: float) -> dict[str, float]:
        """Values after part of the way, 0..1."""
        return {axis.name: axis.at(end, way) for axis, end in self.legs} if way else {}

    def size(self, way: float) -> float:
        """Length of that part of the way: shares of each range, added up."""
        return sum(axis.size(axis.at(end, way)) for axis, end in self.legs)

    @property
    def either_or(self) -> bool:
        """Whether all of them are switches, so that there is no point between the ends."""
        return all(axis.either_or for axis, _ in self.legs)


class Flip(NamedTuple):
    """A move at which the second policy does better."""

    path: Path  # which assumptions
    way: float  # how far along it
    gap: Estimate  # second less first after the move, in worlds the search has not seen, turned so that more is worse

    @property
    def confirmed(self) -> bool:
        """Whether the whole interval lies on the other side of zero."""
        return self.gap.sign < 0


class Change(NamedTuple):
    """What would change a ranking."""

    contest: Contest  # the ranking
    central: Estimate  # second less first at the central fit, in worlds the search has not seen, turned so that more is worse
    flips: tuple[Flip, ...]  # by size, those that the fresh worlds bear out; empty = none was found
    refuted: int  # moves that looked like a flip and were not borne out
    tried: int  # assumptions that were moved
    # gap at either end of every assumption, turned so that more is worse, by axis; None where no run succeeded
    screen: Mapping[Axis, tuple[float | None, float | None]]
    screen_centre: float  # gap at the centre in the same worlds


def gaps(ensemble: Ensemble, contest: Contest, moves: Iterable[Mapping[str, float]]) -> dict[str, Array]:
    """Second less first by the label of every move, (R,) each, turned so that more is worse; without moves that no run survived."""
    level = ensemble.level(contest.metric, slice(None))
    sign = -1.0 if METRICS[contest.metric].better == "more" else 1.0
    found = {}
    for name in map(label, moves):
        first, second = (arm(scenario, name) for scenario in (contest.first, contest.second))
        if first in ensemble.arms and second in ensemble.arms:
            found[name] = sign * (level[ensemble.arm(second)] - level[ensemble.arm(first)])
    return found


def ends(axes: Sequence[Axis]) -> list[Path]:
    """Every assumption to either end of its range."""
    return [Path(((axis, end),)) for axis in axes for end in axis.ends]


def candidates(paths: Sequence[Path], at_end: Sequence[float | None], centre: float) -> list[Path]:
    """Paths at whose end the ranking is turned, those first on which a straight line from the centre meets zero soonest."""
    known = [(path, gap) for path, gap in zip(paths, at_end, strict=True) if gap is not None and gap < 0]
    turned = [(path.size(1.0) * centre / (centre - gap), path) for path, gap in known]
    return [path for _, path in sorted(turned, key=lambda pair: pair[0])[:CANDIDATES]]


def together(paths: Sequence[Path], at_end: Sequence[float | None], centre: float) -> list[Path]:
    """Joint paths of the assumptions that narrow the gap most per range they move."""
    pull = [((centre - gap) / path.size(1.0), path) for path, gap in zip(paths, at_end, strict=True) if gap is not None and gap < centre]
    best: dict[str, Path] = {}
    for _, path in sorted(pull, key=lambda pair: -pair[0]):
        best.setdefault(path.legs[0][0].name, path)
    order = list(best.values())
    return [Path(tuple(leg for path in order[:count] for leg in path.legs)) for count in TOGETHER if count <= len(order)]


def smallest(flips: Iterable[Flip]) -> tuple[Flip, ...]:
    """One flip per path, the smallest; in order of size."""
    best: dict[Path, Flip] = {}
    for flip in sorted(flips, key=lambda flip: flip.way):
        best.setdefault(flip.path, flip)
    return tuple(sorted(best.values(), key=lambda flip: flip.path.size(flip.way)))


def judge(contest: Contest, found: Mapping[str, Array], ways: Iterable[tuple[Path, float]]) -> tuple[Estimate, tuple[Flip, ...], int]:
    """The centre, the flips that fresh worlds bear out, and how many paths they refute."""
    ways = list(ways)
    flips = [Flip(path, way, estimate(found[label(path.move(way))])) for path, way in ways if label(path.move(way)) in found]
    kept = smallest(flip for flip in flips if flip.confirmed)
    return estimate(found[label({})]), kept, len({path for path, _ in ways}) - len(kept)


def to_json(change: Change) -> dict[str, Any]:
    """An entry of `moves` in the `--json` document of `robust`."""
    return {
        **change.contest._asdict(),
        "central": change.central._asdict(),
        "assumptions_tried": change.tried,
        "refuted": change.refuted,
        "flips": [
            {
                "size": flip.path.size(flip.way),
                "assumptions": [_leg(axis, axis.at(end, flip.way)) for axis, end in flip.path.legs],
                "gap": flip.gap._asdict(),
            }
            for flip in change.flips
        ],
    }


def _leg(axis: Axis, value: float) -> dict[str, Any]:
    bounds = {"low": axis.low, "high": axis.high}
    return {"name": axis.name, "from": axis.central, "to": value, **bounds, "share_of_range": axis.size(value)}


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
    return " and ".join(_leg_in_words(axis, axis.at(end, flip.way)) for axis, end in flip.path.legs)


def _leg_in_words(axis: Axis, value: float) -> str:
    range_ = f"{_percent(axis.size(value))} of its range"
    return f"{axis.name} at {plain(value, 3)} instead of {plain(axis.central, 3)} ({PARAMETERS[axis.name].meaning}; {range_})"


def _span(flip: Flip, unit: str) -> str:
    assert flip.gap.low is not None
    assert flip.gap.high is not None
    return f"{quantity(-flip.gap.high, unit)} to {quantity(-flip.gap.low, unit)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
