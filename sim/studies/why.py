"""Say which responses of the model make two policies differ."""

from __future__ import annotations

import json
from typing import Unpack

from sim.analysis.why import Decomposition, caption, decompose, lines, rest, sentence, to_json
from sim.experiment.reading import read_plan
from sim.experiment.switching import decomposition
from sim.show.charts.reasons import bars
from sim.show.figures import source
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import AnyScenario, How, Language, Metric, Setup, Window, study
from sim.studies.running import carry_out, ensemble, load_pair, pairing, refuse_outside
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
) -> Finding[Decomposition]:
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
    pair = load_pair(base, policy, setup.overrides)
    refuse_outside(window, pair[0])
    run = carry_out("why", decomposition(pair), setup, called=pair)
    runs, left_out = ensemble(run)
    with pairing(run):
        found = decompose(runs, runs.arms[:2], metric, window)
    answer = {each: sentence(found, each) for each in LANGUAGES}
    heads, *rows = lines(found, language)
    table = Table(caption(found, language), heads, rows, "numbers")
    shows = "Bars: what each response of the model adds to the difference, with its interval over worlds."
    key, document = f"why-{metric}", to_json(found, answer)
    body: list[str | Table] = [answer[language], *rest(found, language), table, texts("why", language)["reading"]]
    return Finding(
        run, "why", found, document, [Part("Why", body, {key: shows})], key=key, language=language, left_out=left_out,
        draw=lambda: [(key, bars(found, source(read_plan(run.folder), runs, left_out), language))],
        files={f"figures/{key}.json": json.dumps(document, indent=1, ensure_ascii=False)},
    )  # fmt: skip
