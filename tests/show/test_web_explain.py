"""The page's answer to why, from results that are there."""

import numpy as np

from sim.show.web import explain
from sim.show.web.choice import Question
from sim.show.web.words import words
from sim.show.web.work import ROWS, Summary


def test_a_difference_is_put_into_a_sentence() -> None:
    """The policy kills a tenth more in every world, whatever responds."""
    question, years = Question(policy="merida"), np.array([2007])
    found = {}
    for one, replicate, label in explain.asked(question):
        whole = np.full(len(ROWS), 1000.0 * replicate * (1.1 if one == question else 1.0))
        found[one, replicate, label] = Summary(years, whole[:, None], whole)
    for language in ("en", "es"):
        told = explain.explain("homicides", question, found, ("2006-12", "2021-11"), words(language))
        assert told.startswith("<p>")
        assert "+6,750" in told  # 450 a year more, over fifteen years
