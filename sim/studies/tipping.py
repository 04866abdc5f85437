"""Say which assumptions would have to be other ones for a ranking of two policies to turn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as Folder
from typing import Unpack

from sim.analysis.paired import Array
from sim.analysis.robustness.robust import judged
from sim.analysis.robustness.tipping import LADDER, Change, Contest, Path, candidates, changing, ends, gaps, judge, to_json, together
from sim.experiment.plan import Plan
from sim.experiment.reading import read_plan
from sim.experiment.switching import Move, axes, everywhere, label
from sim.scenario import Scenario
from sim.show.charts.reasons import tornado
from sim.show.figures import source
from sim.studies.finding import Finding, Part
from sim.studies.how import AnyScenario, How, Metric, Setup, study
from sim.studies.running import Run, carry_out, ensemble, load_pair

FOLDER = "tipping"
SCREEN, CONFIRM = 4, 24  # worlds at every move tried, and at every move that is confirmed
HALVINGS = 3  # a move is known to an eighth of its way
FRESH = 1_000_003  # added to the seed, so that a flip is confirmed by worlds that did not suggest it


@study
def tipping(
    base: AnyScenario = "baseline", policy: AnyScenario = "merida", *, metric: Metric = "homicides", **how: Unpack[How]
) -> Finding[Change]:
    """Say what would turn the ranking of two policies: the smallest moves of assumptions that do, confirmed in fresh worlds.

    Every assumption is moved to both ends of its plausible range while all others stay at the central fit; those that turn the ranking
    are halved until the least move is known, and confirmed in worlds that had not suggested it. Some minutes.

    Args:
        base: one policy.
        policy: the other one; a single scenario is compared with `baseline`.
        metric: the outcome by which they are ranked.
        how: how runs are carried out, see `sim.studies.how.How`; worlds are the search's own.

    Raises:
        ScenarioError: everything that is wrong with the scenarios or with comparing them.
        PlanError: a metric with no better direction, or that was not recorded.
    """
    judged([metric], [metric])
    setup = Setup(**how)
    pair = load_pair(base, policy, setup.overrides)
    home = setup.home(Plan.of(pair, 1, 0).folder_name("tipping"))
    search = Search({each.name: each for each in pair}, setup, home, pair[0].seed if setup.seed is None else setup.seed)
    change = search.change(Contest(metric, pair[0].name, pair[1].name))
    document, sentence, first = to_json(change), changing(change), search.steps[0]
    rows = [{"move": k, "size": flip["size"], **leg} for k, flip in enumerate(document["flips"], start=1) for leg in flip["assumptions"]]
    shows = "Tornado: how far each assumption has to move before a ranking turns."
    key = f"tipping-{metric}"
    return Finding(
        first, "tipping", change, {"schema": 1, **document, "sentence": sentence}, [Part("In how many worlds", [sentence], {key: shows})],
        rows=rows, key=key, draw=lambda: [(key, tornado(change, source(read_plan(first.folder), *ensemble(first), SCREEN)))], home=home,
    )  # fmt: skip


@dataclass
class Search:
    """What is searched, and how its steps are run."""

    scenarios: Mapping[str, Scenario]  # by name
    setup: Setup  # how; replicates are the search's own
    home: Folder  # the results folder
    seed: int  # of the experiment
    steps: list[Run] = field(default_factory=list)  # the runs of every step

    def change(self, contest: Contest) -> Change:
        """Find the smallest moves that turn a ranking, and confirm them."""
        usual = self.scenarios[contest.first]
        free = axes(usual)
        paths = ends(free)
        screened = self._gaps("screen", contest, [path.move(1.0) for path in paths])
        if screened[label({})].mean() < 0:  # the ranking at the centre may be the reverse of the one over all worlds
            contest, screened = Contest(contest.metric, contest.second, contest.first), {name: -gap for name, gap in screened.items()}
        centre = float(screened[label({})].mean())
        at_end = [_mean(screened, path.move(1.0)) for path in paths]
        found = candidates(paths, at_end, centre) or self._joint(contest, paths, at_end, centre)
        ways = self._halved(contest, found)
        ladder = [(path, way + rung * (1.0 - way)) for path, way in ways for rung in LADDER]
        ladder = list(dict.fromkeys(ladder))
        fresh = self._gaps("confirm", contest, [path.move(way) for path, way in ladder], CONFIRM, FRESH)
        central, flips, refuted = judge(contest, fresh, ladder)
        known = {path.legs[0]: gap for path, gap in zip(paths, at_end, strict=True)}
        by_axis = {axis: (known.get((axis, axis.low)), known.get((axis, axis.high))) for axis in free}  # gaps at both ends
        return Change(contest, central, flips, refuted, len(free), by_axis, centre)

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
        own = replace(self.setup, folder=out, replicates=worlds, seed=self.seed + luck, confirm=lambda _: None)
        self.steps.append(carry_out(FOLDER, arms, own))
        return gaps(ensemble(self.steps[-1])[0], contest, moves)


def _mean(found: Mapping[str, Array], move: Move) -> float | None:
    values = found.get(label(move))
    return None if values is None else float(values.mean())
