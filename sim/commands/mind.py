"""The search for what would change a ranking: screen, halve, confirm; every step is an experiment that resumes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as Folder

from sim.analysis.contrast import Array
from sim.analysis.ensemble import Ensemble
from sim.analysis.mind import LADDER, Change, Contest, Path, candidates, ends, gaps, judge, together
from sim.commands.options import Settings
from sim.commands.running import carry_out, ensemble
from sim.experiment.moves import Axis, Move, axes, everywhere, label
from sim.scenario import Scenario

FOLDER = "mind"
SCREEN, CONFIRM = 4, 24  # worlds at every move tried, and at every move that is confirmed
HALVINGS = 3  # a move is known to an eighth of its way
FRESH = 1_000_003  # added to the seed, so that a flip is confirmed by worlds that did not suggest it

Step = Callable[[str, Sequence[Scenario], Sequence[Move], int, int], Ensemble]


@dataclass(frozen=True)
class Search:
    """What is searched, and how its steps are run.

    Attributes:
        scenarios: by name.
        settings: of the command; replicates are the search's own.
        home: the results folder.
        seed: of the experiment.
    """

    scenarios: Mapping[str, Scenario]
    settings: Settings
    home: Folder
    seed: int

    def change(self, contest: Contest) -> Change:
        """Find the smallest moves that turn a ranking, and confirm them."""
        usual = self.scenarios[contest.first]
        free = axes(usual)
        paths = ends(free)
        screened = self._gaps("screen", contest, [path.move(1.0) for path in paths])
        contest, screened = _oriented(contest, screened)
        centre = float(screened[label({})].mean())
        at_end = [_mean(screened, path.move(1.0)) for path in paths]
        found = candidates(paths, at_end, centre) or self._joint(contest, paths, at_end, centre)
        ways = self._halved(contest, found)
        ladder = [(path, way + rung * (1.0 - way)) for path, way in ways for rung in LADDER]
        ladder = list(dict.fromkeys(ladder))
        fresh = self._gaps("confirm", contest, [path.move(way) for path, way in ladder], CONFIRM, FRESH)
        central, flips, refuted = judge(contest, fresh, ladder)
        return Change(contest, central, flips, refuted, len(free), _by_axis(free, paths, at_end), centre)

    def _joint(self, contest: Contest, paths: Sequence[Path], at_end: Sequence[float | None], centre: float) -> list[Path]:
        """The joint move of fewest assumptions that turns the ranking, if any does."""
        joint = together(paths, at_end, centre)
        found = self._gaps("together", contest, [path.move(1.0) for path in joint]) if joint else {}
        turned = [path for path in joint if (_mean(found, path.move(1.0)) or 0.0) < 0]
        return turned[:1]

    def _halved(self, contest: Contest, paths: Sequence[Path]) -> list[tuple[Path, float]]:
        """Each path with the least part of its way that still turns the ranking."""
        spans = dict.fromkeys(paths, (0.0, 1.0))
        open_paths = [path for path in paths if not path.either_or]
        for number in range(HALVINGS if open_paths else 0):
            middles = {path: sum(spans[path]) / 2 for path in open_paths}
            found = self._gaps(f"halve {number + 1}", contest, [path.move(way) for path, way in middles.items()])
            for path, way in middles.items():
                turned = (_mean(found, path.move(way)) or 0.0) < 0
                spans[path] = (spans[path][0], way) if turned else (way, spans[path][1])
        return [(path, high) for path, (_, high) in spans.items()]

    def _gaps(self, step: str, contest: Contest, moves: Sequence[Move], worlds: int = SCREEN, luck: int = 0) -> dict[str, Array]:
        """Run the contest at every move and at the centre."""
        moves = [{}, *moves]
        arms = everywhere([self.scenarios[contest.first], self.scenarios[contest.second]], moves)
        content = hashlib.sha256(" ".join(f"{arm.name} {arm.digest()}" for arm in arms).encode()).hexdigest()[:8]
        out = self.home / FOLDER / f"{contest.metric}-{step.replace(' ', '-')}-{content}"
        own = replace(self.settings, out=out, replicates=worlds, seed=self.seed + luck, yes=True)
        return gaps(ensemble(carry_out(FOLDER, arms, own))[0], contest, moves)


def _oriented(contest: Contest, screened: dict[str, Array]) -> tuple[Contest, dict[str, Array]]:
    """The ranking as it is at the centre, which may be the reverse of the one over all worlds."""
    if screened[label({})].mean() >= 0:
        return contest, screened
    return contest.swapped, {name: -values for name, values in screened.items()}


def _mean(found: Mapping[str, Array], move: Move) -> float | None:
    values = found.get(label(move))
    return None if values is None else float(values.mean())


def _by_axis(
    free: Sequence[Axis], paths: Sequence[Path], at_end: Sequence[float | None]
) -> dict[Axis, tuple[float | None, float | None]]:
    """Gaps at the low and the high end of every axis."""
    known = {path.legs[0]: gap for path, gap in zip(paths, at_end, strict=True)}
    return {axis: (known.get((axis, axis.low)), known.get((axis, axis.high))) for axis in free}
