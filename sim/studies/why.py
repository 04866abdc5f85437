"""Say which responses of the model make two policies differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Unpack

from matplotlib.figure import Figure

from sim.analysis.ensemble import Ensemble
from sim.analysis.explanation import caption, lines, rest, sentence
from sim.analysis.why import Decomposition, decompose, to_json
from sim.experiment.reading import read_plan
from sim.experiment.switching import decomposition
from sim.show.charts.why import bars
from sim.show.figures import source
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import AnyScenario, How, Language, Metric, Setup, Window, study
from sim.studies.running import Run, carry_out, ensemble, load_compared, pairing, refuse_outside, refuse_world_change
from sim.words import LANGUAGES, texts


@study
def why(
    base: AnyScenario = "baseline",
    policy: AnyScenario = "merida",
    *,
    metric: Metric = "homicides",
    window: Window | None = None,
    language: Language = "en",
    **how: Unpack[How],
) -> Explanation:
    """Say why two policies differ: which responses of the model make the difference.

    Every response (succession, war and peace, predation, ...) is switched off in both scenarios at once, and every one is left on alone.
    What the difference loses is that response's contribution; what belongs to none alone is named interaction. A single scenario is the
    policy, compared with `baseline`.

    Args:
        base: what the policy is compared with.
        policy: a scenario or a question.
        metric: whose difference is explained.
        window: first and last month that count; by default the whole run.
        language: of words and figure.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenarios or with comparing them.
        PlanError: the window leaves the run, or the metric was not recorded.
    """
    setup = Setup(**how)
    pair, _ = load_compared([base, policy], setup.overrides)
    refuse_world_change(pair)
    refuse_outside(window, pair[0])
    run = carry_out("why", decomposition(pair), setup, called=pair)
    runs, left_out = ensemble(run)
    with pairing(run):
        found = decompose(runs, runs.arms[:2], metric, window)
    return Explanation(run, runs, found, language, left_out)


class Explanation(Finding):
    """A paired difference, split over the responses of the model.

    Attributes:
        found: the parts and their intervals.
    """

    name = "why"

    def __init__(self, run: Run, runs: Ensemble, found: Decomposition, language: str, left_out: Sequence[int]) -> None:
        super().__init__(run, language=language, left_out=left_out)
        self.found, self._runs = found, runs

    @property
    def key(self) -> str:
        """What its files are called."""
        return f"why-{self.found.metric}"

    @property
    def sentence(self) -> str:
        """What makes the difference, in three plain sentences at most."""
        return sentence(self.found, self.language)

    @property
    def json(self) -> dict[str, Any]:
        """The difference, and a row per part; their contributions add up to it."""
        return to_json(self.found, {language: sentence(self.found, language) for language in LANGUAGES})

    @property
    def parts(self) -> list[Part]:
        """The answer, every part in a line, and how to read them."""
        heads, *rows = lines(self.found, self.language)
        table = Table(caption(self.found, self.language), heads, rows, "numbers")
        shows = "Bars: what each response of the model adds to the difference, with its interval over worlds."
        body: list[str | Table] = [self.sentence, *rest(self.found, self.language), table, texts("why", self.language)["reading"]]
        return [Part("Why", body, {self.key: shows})]

    def draw(self) -> Iterator[tuple[str, Figure]]:
        """A bar per response."""
        yield self.key, bars(self.found, source(read_plan(self.folder), self._runs, self.left_out), self.language)

    def files(self) -> Iterator[tuple[str, str]]:
        """The document."""
        yield f"figures/{self.key}.json", json.dumps(self.json, indent=1, ensure_ascii=False)
