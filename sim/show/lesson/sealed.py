"""What a lesson's page shows after the prediction: the answer of every arm, the explanation, and the notes for the teacher."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from sim.catalogue.sources import SOURCES
from sim.scenario.lesson import arm_id
from sim.show.lesson.html import bullets, paragraphs, print_button, rows
from sim.show.lesson.text import Speaker
from sim.show.lesson.words import MINUTES
from sim.show.web.choice import Choice
from sim.show.web.fragments import figure, table
from sim.show.web.picture import Curve
from sim.show.web.predictions import SPANS
from sim.show.web.words import signed


def contents(speaker: Speaker) -> dict[str, Any]:
    """Everything that is sealed: HTML of the steps, and per arm its HTML and in how many worlds each outcome fell into each span."""
    spoken = speaker.lesson.words[speaker.say.language]
    arms = [arm_id(arm) for arm in speaker.lesson.arms]
    return {
        "parts": {
            "observe": f'{paragraphs(speaker.true(spoken.observe))}<div id="judgement"></div>'
            f"<div data-move></div><h3>{escape(speaker.own['figures'])}</h3>"
            f'<p class="shown" role="status"></p>{_legend(speaker)}<div id="figures" class="charts"></div>',
            "explain": f'<div data-move></div><h3>{escape(speaker.own["chain"])}</h3><p class="shown"></p><div id="chain"></div>'
            f"{paragraphs(speaker.true(spoken.explain))}",
            "debrief": bullets(speaker.true(spoken.debrief)),
            "teacher": _teacher(speaker, arms),
        },
        "arms": {
            arm: {
                "figures": "".join(_figure(speaker, arm, metric) for metric in speaker.lesson.outline.outcomes),
                "chain": _chain(speaker, arm),
                "counts": {metric: _counts(speaker, arm, metric) for metric in speaker.lesson.outline.predict},
            }
            for arm in arms
        },
    }


def _figure(speaker: Speaker, arm: str, metric: str) -> str:
    """Bands by year, what changed in words, and the table behind it, folded."""
    found, base = speaker.found, speaker.found.usual[arm]
    policy = None if arm == base else found.bands[arm][metric]
    curve = Curve(found.years, found.bands[base][metric], policy, found.pairs, False)
    change = None if arm == base else found.change(arm, metric)
    drawn = figure(metric, curve, change, Choice(language=speaker.say.language, tables=True), speaker.say)
    before, _, after = drawn.partition('<div class="wide"')
    folded = f'<div class="wide"{after.removesuffix("</figure>")}'
    return f"{before}<details><summary>{escape(speaker.say('tables'))}</summary>{folded}</details></figure>"


def _counts(speaker: Speaker, arm: str, metric: str) -> list[int]:
    """Worlds per span of change."""
    changes = speaker.found.percent(arm, metric)
    return [int(((changes >= low) & (changes < high)).sum()) for low, high in SPANS.values()]


def _chain(speaker: Speaker, arm: str) -> str:
    """Every link with its change and what it is about; business as usual has none."""
    if arm == speaker.found.usual[arm]:
        return f"<p>{escape(speaker.own['no_change'])}</p>"
    spoken = speaker.lesson.words[speaker.say.language]
    most = max(abs(speaker.found.change(arm, metric).percent) for metric in speaker.lesson.outline.chain) or 1.0
    links = "".join(_link(speaker, arm, metric, most, spoken.chain[metric]) for metric in speaker.lesson.outline.chain)
    return f'<p class="soft">{escape(speaker.own["chain_note"])}</p><ol class="chain">{links}</ol>'


def _link(speaker: Speaker, arm: str, metric: str, most: float, text: str) -> str:
    change = speaker.found.change(arm, metric)
    share = 0.0 if not np.isfinite(change.percent) else 50.0 * abs(change.percent) / most
    side = "left" if change.percent > 0.0 else "right"
    between = speaker.between(change.percent_low, change.percent_high)
    return (
        f'<li><div class="link"><strong>{escape(speaker.say.metrics[metric][0])}</strong> <span class="delta">{signed(change.percent)}'
        f" <small>({escape(between)})</small></span></div>"
        f'<div class="beam" aria-hidden="true"><i style="{side}:50%;width:{share:.1f}%"></i></div>'
        f"<p>{escape(speaker.fill(text))}</p></li>"
    )


def _legend(speaker: Speaker) -> str:
    own = speaker.own
    return (
        f'<p class="legend"><span><span class="swatch usual"></span>{escape(own["legend_usual"])}</span>'
        f'<span><span class="swatch"></span>{escape(own["legend_policy"])}</span>'
        f'<span class="soft">{escape(own["legend_band"].format(pairs=speaker.found.pairs))}</span></p>'
    )


def _teacher(speaker: Speaker, arms: list[str]) -> str:
    own, spoken = speaker.own, speaker.lesson.words[speaker.say.language]
    hour = bullets(own["plan_row"].format(minutes=minutes, step=own[step]) for step, minutes in MINUTES.items())
    said = "".join(
        f"<dt>{escape(one.says)}</dt><dd>{escape(speaker.fill(one.answer))}</dd>" for one in spoken.misconception if speaker.holds(one.when)
    )
    expected = "".join(_expected(speaker, arm) for arm in arms if arm != speaker.found.usual[arm])
    sources = "".join(f"<li>{escape(str(SOURCES[key]))}</li>" for key in speaker.lesson.outline.sources)
    return (
        f'<h3>{escape(own["class"])}</h3><p><label for="codes">{escape(own["class_note"])}</label>'
        f'<textarea id="codes" rows="5" spellcheck="false" autocomplete="off"></textarea></p>'
        f'<p><button type="button" class="main" id="draw">{escape(own["draw"])}</button></p>'
        f'<div id="bad" role="alert"></div><div id="class"></div>'
        f'<div id="notes"><p>{print_button(own["print_notes"], "notes")}</p><h3>{escape(own["plan"])}</h3>{hour}'
        f"<h3>{escape(own['notes'])}</h3>{paragraphs(speaker.true(spoken.notes))}"
        f"<h3>{escape(own['expected'])}</h3><p>{escape(own['expected_note'])}</p>{expected}"
        f"<h3>{escape(own['misconceptions'])}</h3><dl>{said}</dl><h3>{escape(own['care'])}</h3>{paragraphs(speaker.true(spoken.care))}"
        f"<h3>{escape(own['sources'])}</h3><ul>{sources}</ul></div>"
    )


def _expected(speaker: Speaker, arm: str) -> str:
    """The bands that a class should see of one arm, folded unless it is the one that is asked about."""
    own, found = speaker.own, speaker.found
    heads = [own["outcome"], own["mean"], own["interval"], own["spread"], own["up"]]
    cells = []
    for metric in speaker.lesson.outline.outcomes:
        change = found.change(arm, metric)
        up = own["of"].format(count=speaker.worlds(arm, metric)[0], pairs=found.pairs)
        between = speaker.between(change.percent_low, change.percent_high)
        cells.append([speaker.say.metrics[metric][0], signed(change.percent), between, speaker.between(*speaker.spread(arm, metric)), up])
    caption = f"{speaker.arm(arm)}. {own['cost']}: {speaker.extra(found.cost(arm))}"
    unfolded = " open" if arm == speaker.lesson.about else ""
    return f"<details{unfolded}><summary>{escape(caption)}</summary>{table(caption, heads, ''.join(rows(cells)))}</details>"
