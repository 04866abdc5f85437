"""A lesson as one HTML file that asks nothing of any server: what is read first in clear, what comes after the prediction sealed."""

from __future__ import annotations

import json
from html import escape

from sim.analysis.lesson import Findings, from_json
from sim.scenario import Problem, ScenarioError
from sim.scenario.lesson import Axis, Language, Lesson, Role, arm_id
from sim.scenario.read import shown
from sim.show.lesson import sealed
from sim.show.lesson.html import HERE, document, paragraphs, print_button, radios, section
from sim.show.lesson.seal import seal
from sim.show.lesson.text import Speaker
from sim.show.lesson.words import MINUTES, SPOKEN_BY_SCRIPT
from sim.show.web.chart import HATCH
from sim.show.web.predictions import LONGEST, SPANS
from sim.show.web.words import words

SHEETS, TEACHER = "sheets", "teacher"
LOCKED = ("observe", "explain", "debrief")


def read_findings(lesson: Lesson) -> Findings:
    """The results that lie beside a lesson.

    Raises:
        ScenarioError: there are none, or they are of another grid.
    """
    file = shown(lesson.results)
    hint = f"`cartelitos lesson {lesson.name} --recompute` makes them"
    try:
        return from_json(lesson.results.read_text(encoding="utf-8"), lesson)
    except OSError:
        raise ScenarioError([Problem(file, None, "", "there are no results of this lesson", hint)]) from None
    except ValueError as error:
        raise ScenarioError([Problem(file, None, "", str(error), hint)]) from None


def page(lesson: Lesson, found: Findings, language: Language = "en") -> str:
    """The page of a lesson in one language."""
    speaker = Speaker(lesson, found, words(language))
    own = speaker.own
    spoken = lesson.words[language]
    results = json.dumps(sealed.contents(speaker), ensure_ascii=False)
    body = "".join(
        [
            f'<a class="skip" href="#main">{escape(own["skip"])}</a><svg class="sr" aria-hidden="true">{HATCH}</svg>',
            f'<header><h1>{escape(spoken.title)}</h1><p class="question">{escape(spoken.question)}</p>{_steps(speaker)}</header>',
            f'<main id="main">{_hook(speaker)}{_predict(speaker)}{_locked(speaker)}{_sheets(speaker)}{_teacher(speaker)}</main>',
            f"<footer><p>{escape(own['model'])}</p><p>{escape(made(speaker))}</p></footer>",
            f'<script type="text/plain" id="sealed">{seal(results, lesson.name)}</script>',
            f'<script type="application/json" id="about">{_about(speaker)}</script>',
            f"<script>{(HERE / 'lesson.js').read_text(encoding='utf-8')}</script>",
        ]
    )
    return document(spoken.title, language, body)


def made(speaker: Speaker) -> str:
    """Where the numbers come from."""
    found = speaker.found
    first, last = found.years[[0, -1]].tolist()
    return speaker.own["made"].format(pairs=found.pairs, first=first, last=last, world=found.world, version=found.model_version)


def _about(speaker: Speaker) -> str:
    """What the script has to know; nothing in it is a result."""
    outline = speaker.lesson.outline
    spoken = speaker.lesson.words[speaker.say.language]
    about = {
        "name": speaker.lesson.name,
        "predict": {metric: speaker.say.metrics[metric][0] for metric in outline.predict},
        "spans": {span: speaker.say(f"span_{span}") for span in SPANS},
        "reasons": spoken.reasons,
        "axes": [axis.ids for axis in outline.axis],
        "arms": {arm_id(arm): speaker.arm(arm_id(arm)) for arm in speaker.lesson.arms},
        "about": speaker.lesson.about,
        "choose": outline.choose,
        "costs": {arm_id(arm): speaker.extra(speaker.found.cost(arm_id(arm))) for arm in speaker.lesson.arms},
        "pairs": speaker.found.pairs,
        "words": {key: speaker.own[key] for key in SPOKEN_BY_SCRIPT},
    }
    return json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")


def _steps(speaker: Speaker) -> str:
    own = speaker.own
    steps = [(step, own["minutes"].format(minutes=minutes)) for step, minutes in MINUTES.items()]
    row = "".join(
        f'<li><button type="button" data-step="{step}"><b>{number}</b> {escape(own[step])} <small>{escape(time)}</small></button></li>'
        for number, (step, time) in enumerate(steps, 1)
    )
    aside = "".join(f'<li><button type="button" data-step="{step}">{escape(own[step])}</button></li>' for step in (SHEETS, TEACHER))
    return f'<nav aria-label="{escape(own["steps"])}"><ol>{row}{aside}</ol></nav>'


def _next(speaker: Speaker, step: str) -> str:
    return f'<p><button type="button" class="main" data-step="{step}">{escape(speaker.own["next"])}</button></p>'


def _hook(speaker: Speaker) -> str:
    spoken = speaker.lesson.words[speaker.say.language]
    inner = paragraphs(speaker.true(spoken.hook)) + _next(speaker, "predict")
    return section("hook", speaker.own["hook"], inner)


def _predict(speaker: Speaker) -> str:
    own, outline = speaker.own, speaker.lesson.outline
    spoken = speaker.lesson.words[speaker.say.language]
    if outline.choose:
        which = f'<p>{escape(own["choose"])}</p>{controls(speaker, "pick")}<p id="price" role="status"></p>'
    else:
        which = f"<p><strong>{escape(own['asked_arm'].format(arm=speaker.arm(speaker.lesson.about)))}</strong></p>"
    asked = f"<p>{escape(own['ask'].format(years=speaker.found.years.size))}</p>"
    guesses = "".join(
        radios(f"guess-{metric}", speaker.say.metrics[metric][0], {span: speaker.say(f"span_{span}") for span in SPANS})
        for metric in outline.predict
    )
    inner = (
        f'{paragraphs(speaker.true(spoken.predict))}<form id="form">{which}{asked}{guesses}{radios("reason", own["why"], spoken.reasons)}'
        f'<p><label for="because">{escape(own["because"])}</label><textarea id="because" rows="2" maxlength="{LONGEST}"></textarea></p>'
        f'<p id="wrong" role="alert"></p><p><button class="main" id="commit">{escape(own["commit"])}</button></p></form>'
        f'<div id="done" hidden><p id="code" role="status"></p>{_next(speaker, "observe")}</div>'
    )
    return section("predict", own["predict"], inner)


def _locked(speaker: Speaker) -> str:
    """The steps after the prediction, empty until they are opened, and the controls that they share; the script carries them along."""
    own = speaker.own
    levers = f'<h3 id="h-move">{escape(own["move"])}</h3>{controls(speaker, "move")}'
    move = f'<section id="move" aria-labelledby="h-move" hidden>{levers}</section>'
    steps = "".join(
        section(step, own[step], f'<p class="lock">{escape(own["locked"])}</p><div data-part="{step}"></div>') for step in LOCKED
    )
    return move + steps


def _sheets(speaker: Speaker) -> str:
    own, outline = speaker.own, speaker.lesson.outline
    spoken = speaker.lesson.words[speaker.say.language]
    prints = print_button(own["print_worksheet"], "worksheet") + (print_button(own["print_roles"], "roles") if spoken.role else "")
    boxes = "".join(
        f'<tr><th scope="row">{escape(speaker.say.metrics[metric][0])}</th>{"<td>☐</td>" * len(SPANS)}</tr>' for metric in outline.predict
    )
    heads = "".join(f'<th scope="col">{escape(speaker.say(f"span_{span}"))}</th>' for span in SPANS)
    reasons = "".join(f"<li>☐ {escape(text)}</li>" for text in spoken.reasons.values())
    asks = "".join(f"<li>{escape(speaker.fill(one.ask))}{'<div class=line></div>' * one.lines}</li>" for one in spoken.worksheet)
    which = "" if outline.choose else own["asked_arm"].format(arm=speaker.arm(speaker.lesson.about))
    choice = _choice(speaker) if outline.choose else ""
    sheet = (
        f'<div id="worksheet" class="sheet"><h3>{escape(spoken.title)}</h3><p>{escape(own["name"])}: <span class="blank"></span></p>'
        f"<p>{escape(spoken.question)}</p>{choice}<p>{escape(which)} {escape(own['ask'].format(years=speaker.found.years.size))}</p>"
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(own["worksheet"])}">'
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{boxes}</tbody></table></div>"
        f'<p>{escape(own["why"])}</p><ul class="plain">{reasons}</ul><ol>{asks}</ol></div>'
    )
    cards = f'<div id="roles"><h3>{escape(own["roles"])}</h3>{"".join(map(_card, spoken.role))}</div>' if spoken.role else ""
    return section(SHEETS, own[SHEETS], f"<p>{prints}</p>{sheet}{cards}")


def _choice(speaker: Speaker) -> str:
    """Boxes to tick for what a group proposes."""
    axes = speaker.lesson.words[speaker.say.language].axis
    lines = (f"{axis.title}: {'   '.join(f'☐ {text}' for text in axis.position.values())}" for axis in axes.values())
    return paragraphs([speaker.own["choose"], *lines])


def _card(role: Role) -> str:
    return f'<article class="card"><h4>{escape(role.title)}</h4>{paragraphs(role.text.split(chr(10) * 2))}</article>'


def _teacher(speaker: Speaker) -> str:
    own = speaker.own
    inner = (
        f'<div class="lock"><p>{escape(own["warning"])}</p>'
        f'<p><button type="button" class="main" id="open">{escape(own["open"])}</button></p></div>'
        f'<div data-part="{TEACHER}"></div>'
    )
    return section(TEACHER, own[TEACHER], inner)


def controls(speaker: Speaker, use: str) -> str:
    """A row of radio buttons per axis; `use` tells two sets on one page apart."""
    spoken = speaker.lesson.words[speaker.say.language]

    def row(axis: Axis) -> str:
        return radios(f"{use}-{axis.id}", spoken.axis[axis.id].title, {one: spoken.axis[axis.id].position[one] for one in axis.ids})

    return "".join(map(row, speaker.lesson.outline.axis))
