"""Why a policy changes an outcome, in a sentence: its pairs again with responses of the model switched off, as `why` does it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import pyarrow as pa

from sim.analysis.ensemble import YEAR, gather
from sim.analysis.explanation import sentence
from sim.analysis.why import decompose
from sim.catalogue.metrics import METRICS
from sim.experiment.switching import ALL, arm, worlds
from sim.show.web.choice import Question
from sim.show.web.words import Words
from sim.show.web.work import ROWS, Summary

WORLDS = 8  # replicates, a third of the page's ensemble: every one is run twice per response
LABELS = tuple(worlds())

Asked = tuple[Question, int, str]


def asked(question: Question) -> list[Asked]:
    """All runs that an explanation needs, those that are there already first."""
    return [(one, replicate, label) for label in LABELS for replicate in range(1, WORLDS + 1) for one in (question.usual, question)]


def explain(metric: str, question: Question, found: Mapping[Asked, Summary], months: tuple[str, str], words: Words) -> str:
    """The sentence, as HTML.

    Args:
        metric: whose difference is explained.
        question: the policy.
        found: results of `asked`.
        months: first and last simulated month.
        words: the language.
    """
    names = {question.usual: words("usual"), question: words("policy")}
    end = np.datetime64(months[1], "M") + np.timedelta64(1, "M")
    days = float((end.astype("datetime64[D]") - np.datetime64(months[0], "D")) / np.timedelta64(1, "D"))
    scale = days / YEAR if METRICS[metric].kind == "flow" else 1.0
    rows = [(arm(names[one], label), replicate, float(run.whole[ROWS[metric]]) * scale) for (one, replicate, label), run in found.items()]
    scenario, replicate, value = zip(*rows, strict=True)
    count = len(rows)
    table = pa.table(
        {
            "run_id": [""] * count,
            "scenario": scenario,
            "point": [0] * count,
            "replicate": replicate,
            "month": np.full(count, np.datetime64(months[0], "D")),
            "days": [days] * count,
            metric: value,
        }
    )
    pair = [arm(names[one], ALL) for one in (question.usual, question)]
    split = decompose(gather(table), pair, metric)._replace(window="/".join(months))
    return f"<p>{escape(sentence(split, words.language))}</p>"
