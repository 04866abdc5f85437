"""What would change your mind: the smallest move of assumptions, from the central fit, at which two policies change places.

Moves are tried one assumption at a time, to both ends of its plausible range. Where none is enough, those that go furthest towards a
change are moved together. What is found is narrowed down by halving and then confirmed in worlds that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sim.analysis.contrast import Array
from sim.analysis.ensemble import Ensemble
from sim.analysis.why import Estimate, estimate
from sim.catalogue.metrics import METRICS
from sim.experiment.switching import Axis, arm, label

CANDIDATES = 4  # moves that are narrowed down
TOGETHER = (2, 3, 5)  # assumptions that are moved at once where one is not enough
LADDER = (0.0, 0.5, 1.0)  # confirmed at the point found, half-way from there to the end, at the end


class Contest(NamedTuple):
    """Two policies and the outcome in which the first does better at the central fit."""

    metric: str
    first: str
    second: str

    @property
    def swapped(self) -> Contest:
        """The same contest with the two policies exchanged."""
        return Contest(self.metric, self.second, self.first)


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
    pull = [
        ((centre - gap) / path.size(1.0), path) for path, gap in zip(paths, at_end, strict=True) if gap is not None and gap < centre
    ]
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
