"""Predict first: what a visitor expects is written down before the result is on the page, then laid over the simulated worlds."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import inf

from sim.show.web.fragments import button
from sim.show.web.picture import Runs
from sim.show.web.words import Words, signed
from sim.show.web.work import ROWS

SPANS = {"much_less": (-inf, -10.0), "less": (-10.0, -2.0), "same": (-2.0, 2.0), "more": (2.0, 10.0), "much_more": (10.0, inf)}
"""Percent against business as usual, over the whole run."""
ASKED = 3  # outcomes
LONGEST = 300  # characters of a reason


def form(outcomes: tuple[str, ...], guesses: Mapping[str, str], words: Words) -> str:
    """What is asked, for the first outcomes that are drawn."""
    fields = "".join(_field(metric, guesses.get(metric, ""), words) for metric in outcomes[:ASKED])
    return (
        f'<section class="budget"><h3>{escape(words("predict_ask"))}</h3>{fields}'
        f'<label for="because">{escape(words("predict_why"))}</label>'
        f'<input type="text" id="because" data-do="because" maxlength="{LONGEST}" style="width: 100%">'
        f'<p>{button("commit", words("predict_commit"), extra="class=main")}</p></section>'
    )


def _field(metric: str, guess: str, words: Words) -> str:
    radios = "".join(
        f'<label class="row"><input type="radio" name="guess-{metric}" value="{span}" data-do="guess:{metric}"'
        f'{" checked" if span == guess else ""}>{escape(words(f"span_{span}"))}</label>'
        for span in SPANS
    )
    return f'<fieldset><legend>{escape(words.metrics[metric][0])}</legend><div class="row">{radios}</div></fieldset>'


def worlds(metric: str, usual: Runs, policy: Runs) -> tuple[dict[str, int], float]:
    """How many worlds fall into each span, and the mean change in percent of the mean."""
    row = ROWS[metric]
    counts = dict.fromkeys(SPANS, 0)
    base = [float(usual[replicate].whole[row]) for replicate in policy]
    arm = [float(run.whole[row]) for run in policy.values()]
    for before, after in zip(base, arm, strict=True):
        change = 100.0 * (after - before) / before if before else 0.0
        counts[next(span for span, (low, high) in SPANS.items() if low <= change < high)] += 1
    total = sum(base)
    return counts, 100.0 * (sum(arm) - total) / total if total else 0.0


def judgement(guesses: Mapping[str, str], because: str, usual: Runs, policy: Runs, words: Words) -> str:
    """Every prediction beside the spread of the worlds; no points are given."""
    if not guesses:
        return ""
    heads = "".join(f'<th scope="col">{escape(words(f"span_{span}"))}</th>' for span in SPANS)
    rows = []
    for metric, guess in guesses.items():
        counts, change = worlds(metric, usual, policy)
        cells = "".join(f"<td>{'▶ ' if span == guess else ''}{count}</td>" for span, count in counts.items())
        rows.append(f'<tr><th scope="row">{escape(words.metrics[metric][0])}</th>{cells}<td>{signed(change)}</td></tr>')
    reason = f"<p>{escape(words('predict_reason', why=because))}</p>" if because else ""
    caption = escape(words("predict_table", count=len(policy)))
    return (
        f'<section class="budget"><div class="wide" tabindex="0" role="region" aria-label="{caption}"><table id="judgement">'
        f'<caption>{caption}</caption><thead><tr><td></td>{heads}<th scope="col">{escape(words("predict_mean"))}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{reason}</section>"
    )
