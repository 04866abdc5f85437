"""One visitor's page: hears the controls, asks the farm, shows what comes back. Visitors share nothing but pure results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from html import escape
from math import isfinite
from typing import Any

import numpy as np
from nicegui import Client, ui
from nicegui.events import GenericEventArguments
from numpy.typing import NDArray

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.experiment.budget import BUDGETS
from sim.model.record import Calendar
from sim.show.telling.told import Told
from sim.show.web import explain, fragments, predictions, story, takeaway
from sim.show.web.budget import cost, scaled_to
from sim.show.web.choice import (
    FORMS,
    LOOKS,
    MOST_OUTCOMES,
    MOST_WORLDS,
    OUTCOMES,
    SWITCHES,
    USUAL,
    VIEWS,
    WHAT,
    Choice,
    Question,
    Reading,
    policies,
    to_file,
    to_link,
    written,
)
from sim.show.web.farm import FIRST, LATER, REFINE, STORY, TRIES, Farm, WorkLostError
from sim.show.web.picture import Runs, curve, difference
from sim.show.web.style import LISTEN
from sim.show.web.words import Words, signed, words
from sim.show.web.work import Summary, run, tell

WORLDS = 24  # replicates of the paired ensemble
STAGES = (2, 8, WORLDS)  # after how many of them a picture is shown
THROTTLE = 0.08  # seconds between two positions of a slider that moves


class Visitor:
    """What one open page knows."""

    def __init__(self, reading: Reading, farm: Farm, client: Client) -> None:
        self.choice, self.farm, self.client = reading.choice, farm, client
        self.goal = next(iter(BUDGETS))
        self._moved = asyncio.Event()
        self._turned = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._told: Told | None = None
        self._guesses: dict[str, str] = {}
        self._because = ""
        self._committed: Question | None = None
        self._inquiry: asyncio.Task[None] | None = None
        self._twin: Told | None = None
        self._usual: Runs = {}
        self._policy: Runs = {}
        self._problems = reading.problems

    @property
    def words(self) -> Words:
        """The visitor's language."""
        return words(self.choice.language)

    # building and ending -----------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Lay out the page; what is known already is on it from the start."""
        choice, say = self.choice, self.words
        ui.page_title(say("page_title"))
        hub = ui.element("div").classes("page").props(f'data-view="{choice.view}"')
        for event, throttle in (("input", THROTTLE), ("change", 0.0), ("click", 0.0)):
            hub.on(event, self.hear, js_handler=LISTEN, throttle=throttle)
        with hub:
            html(fragments.head(choice, say), "header").classes("top")
            with ui.element("main").classes("columns"):
                html(fragments.levers(choice, say), "section").classes("levers").props(f'aria-label="{say("levers")}"')
                with ui.element("section").classes("results").props(f'id="results" tabindex="-1" aria-label="{say("results")}"'):
                    self.notice = html("").classes("notice").props('id="notice" role="status"')
                    self._note(*fragments.problems(self._problems, say))
                    html(fragments.assumptions(choice, say))
                    html(fragments.tools(choice, say))
                    self.predictions = html("").classes("only-charts")
                    self.status = html("").classes("status soft only-charts").props('role="status" aria-live="polite"')
                    self.legend = html("").classes("only-charts")
                    self.charts = html("").classes("charts only-charts")
                    self.why = html("").classes("only-charts").props('aria-live="polite"')
                    self._build_story()
            self.mini = html("").classes("mini").props('aria-hidden="true"')
        self._recall()
        self._ask_prediction()
        self._draw_charts()
        self._tell_budget()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._live()), loop.create_task(self._narrate())]
        self._moved.set()
        self._turned.set()

    def _build_story(self) -> None:
        """The parts of one world's story; `_show_story` fills those that are looked at."""
        with ui.element("div").classes("story"):
            html(story.controls(self.choice, months(), self.words))
            self.telling = html("").classes("status soft").props('role="status" aria-live="polite"')
            with ui.element("div").classes("story-panes"):
                self.map = html("").classes("only-map")
                self.spare_list = html("").classes("only-tree")
                self.tree = html("").classes("only-tree")
                self.news = html("").classes("only-news")

    def end(self) -> None:
        """The page was left: nothing is computed for it any more."""
        for task in (*self._tasks, self._inquiry):
            if task is not None:
                task.cancel()

    @property
    def sealed(self) -> bool:
        """Results of the present policy are kept from the page until a prediction is committed."""
        question = self.choice.question
        return self.choice.predict and question not in (question.usual, self._committed)

    # computing ---------------------------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        """Answer what was asked last, again and again; newer questions replace older ones."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            try:
                await self._answer(self.choice.question)
            except asyncio.CancelledError:
                raise
            except WorkLostError:
                self._say(self.words("status_lost", tries=TRIES))
            except Exception as error:
                self._say(self.words("status_failed", error=type(error).__name__))

    async def _answer(self, question: Question) -> None:
        """A first picture, which is always finished, then better ones until something newer is asked."""
        self._usual, self._policy = await self._runs(question, STAGES[0], FIRST)
        self._draw_charts()
        moved = asyncio.create_task(self._moved.wait())
        better = asyncio.create_task(self._refine(question))
        try:
            await asyncio.wait({moved, better}, return_when=asyncio.FIRST_COMPLETED)
            if better.done():
                better.result()
                self._offer_why("")
        finally:
            for task in (moved, better):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    async def _refine(self, question: Question) -> None:
        for stage in STAGES[1:]:
            self._usual, self._policy = await self._runs(question, stage, REFINE)
            self._draw_charts()

    async def _runs(self, question: Question, worlds: int, urgency: int) -> tuple[Runs, Runs]:
        """The first replicates with and without the policy."""
        both = [question] if question == question.usual else [question.usual, question]
        asked = [(one, replicate) for one in both for replicate in range(1, worlds + 1)]
        found = await asyncio.gather(*(self.farm.ask(urgency, replicate, run, one, replicate) for one, replicate in asked))
        table = dict(zip(asked, found, strict=True))
        usual, policy = (
            {replicate: result for (asked_for, replicate), result in table.items() if asked_for == one} for one in (both[0], both[-1])
        )
        return self._known(question.usual) or usual, policy if len(both) == 2 else {}

    def _known(self, question: Question) -> Runs:
        """All replicates of a question, if all are there; none otherwise."""
        found = ((replicate, self.farm.known(run, question, replicate)) for replicate in range(1, WORLDS + 1))
        there = {replicate: result for replicate, result in found if result is not None}
        return there if len(there) == WORLDS else {}

    def _recall(self) -> None:
        """What is known already about the present question."""
        question = self.choice.question
        self._usual = self._known(question.usual)
        self._policy = self._known(question) if question != question.usual else {}

    # telling -----------------------------------------------------------------------------------------------------------------

    async def _narrate(self) -> None:
        """Tell the world that was chosen last, when somebody looks."""
        while True:
            await self._turned.wait()
            self._turned.clear()
            if self.choice.view == "charts":
                continue
            if self.sealed:
                self._show_story()
                continue
            try:
                await self._tell(self.choice)
            except asyncio.CancelledError:
                raise
            except WorkLostError:
                self.telling.set_content(escape(self.words("status_lost", tries=TRIES)))
            except Exception as error:
                self.telling.set_content(escape(self.words("status_failed", error=type(error).__name__)))

    async def _tell(self, choice: Choice) -> None:
        if self.farm.known(tell, choice.question, choice.world, None) is None:
            self.telling.set_content(escape(self.words("story_wait")))
        told: Told = await self.farm.ask(STORY, 0, tell, choice.question, choice.world, None)
        twin = None
        if 0 <= choice.spared < len(told.falls):
            twin = await self.farm.ask(STORY, 0, tell, choice.question, choice.world, told.falls[choice.spared].removal)
        if told is not self._told:
            self.spare_list.set_content(story.spare_list(told, choice.spared, self.words))
        self._told, self._twin = told, twin
        self._show_story()

    def _show_story(self) -> None:
        """The view that is looked at, in the month that is chosen."""
        twin, choice, say = self._twin, self.choice, self.words
        if self.sealed:
            self.telling.set_content(escape(say("predict_locked")))
            for part in (self.map, self.spare_list, self.tree, self.news):
                part.set_content("")
            self._told = None
        told = self._told
        if told is None:
            return
        month = self._month_shown(told)
        policy = say("usual") if choice.question == choice.question.usual else say("policy")
        note = f"{say('world_note', world=choice.world, policy=policy)} {story.headline(told, month, say)}"
        self.telling.set_content(escape(note))
        if choice.view == "map":
            table = story.map_table(told, month, say) if choice.tables else ""
            self.map.set_content(story.world_map(told, month, choice.map, choice.form, say) + table)
        elif choice.view == "tree":
            if twin is None:
                self.tree.set_content(story.tree(told, month, say))
                return
            fall = told.falls[choice.spared]
            both = story.tree(told, month, say, say("fork_with")) + story.tree(twin, month, say, say("fork_without"))
            self.tree.set_content(story.fork(told, twin, fall, say) + both)
        elif choice.view == "news":
            self.news.set_content(story.news(twin or told, month, say))

    # showing -----------------------------------------------------------------------------------------------------------------

    def _draw_charts(self) -> None:
        usual, policy, say = self._usual, self._policy, self.words
        if not usual:
            self._say(say("status_wait"))
            return
        policy = {} if self.sealed else {replicate: found for replicate, found in policy.items() if replicate in usual}
        figures, mini = [], []
        for metric in self.choice.outcomes:
            found = difference(metric, usual, policy) if policy else None
            if found is not None and isfinite(found.percent):
                mini.append(say("mini", title=say.metrics[metric][0], percent=signed(found.percent)))
            figures.append(fragments.figure(metric, curve(metric, usual, policy), found, self.choice, say))
        self.charts.set_content("".join(figures))
        self.mini.set_content(escape(" · ".join(mini)))
        self.legend.set_content(fragments.legend(self.choice, say, len(usual)))
        plain = self.choice.question == self.choice.question.usual
        if self.sealed:
            self._say(say("predict_locked"))
        elif not policy:
            self._say(say("predict_first" if plain and self.choice.predict else "status_usual" if plain else "status_wait"))
        elif len(policy) < len(usual):
            self._say(say("status_sketch", done=len(policy), count=WORLDS))
        else:
            self._say(say("status_done", count=len(policy)))
            if self._committed == self.choice.question:
                self.predictions.set_content(predictions.judgement(self._guesses, self._because, usual, policy, say))

    def _ask_prediction(self) -> None:
        """The form while results are sealed; nothing where there is nothing to predict."""
        asked = predictions.form(self.choice.outcomes, self._guesses, self.words) if self.sealed else ""
        self.predictions.set_content(asked)

    def _say(self, text: str) -> None:
        self.status.set_content(text)

    def _month_shown(self, told: Told) -> int:
        """Number of the month that is chosen; the last one unless there is a choice."""
        month = self.choice.month
        return month if 0 <= month < told.months.size else told.months.size - 1

    def _tell_budget(self) -> None:
        found, say = cost(self.choice.question), self.words
        goal = BUDGETS[self.goal].usd_a_year
        self._put(fragments.budget_texts(found, say))
        self._js("setStyles", fragments.budget_bar(found, self.goal))
        alt = say("budget_alt", us=say.dollars(found.us), mx=say.dollars(found.mx), budget=say.dollars(goal))
        self.client.run_javascript(f'document.getElementById("b-bar")?.setAttribute("aria-label", {json.dumps(alt)})')

    def _note(self, *lines: str) -> None:
        self.notice.set_content("<br>".join(map(escape, lines)))

    def _put(self, texts: dict[str, str]) -> None:
        self._js("put", texts)

    def _js(self, function: str, *arguments: object) -> None:
        """Call one of the page's own functions; arguments travel as JSON."""
        self.client.run_javascript(f"window.{function}({', '.join(map(json.dumps, arguments))})")

    # hearing -----------------------------------------------------------------------------------------------------------------

    def hear(self, event: GenericEventArguments) -> None:
        """A control was used; what does not come from one of ours is ignored."""
        match event.args:
            case [str(name), str() | bool() | int() | float() as value]:
                what, _, which = name.partition(":")
                action = ACTIONS.get(what)
                if action is not None:
                    action(self, which, value)

    def _choose(self, choice: Choice) -> None:
        """Adopt a choice: the address follows, the farm is asked if what is simulated changed."""
        before, self.choice = self.choice, choice
        if choice == before:
            return
        self._js("address", to_link(choice))
        told = (choice.question, choice.world, choice.spared)
        if told != (before.question, before.world, before.spared) or "charts" in (before.view, choice.view):
            self._turned.set()
        if choice.question != before.question:
            self._tell_budget()
            self._policy = {}
            self._guesses, self._because = {}, ""
            self._ask_prediction()
            self._offer_why("")
            self._moved.set()

    def _lever(self, lever: str, value: Any) -> None:  # noqa: ANN401
        by = number(value)
        if lever in LEVERS and by is not None:
            self._choose(self.choice.move(lever, by=by))
            self._put(fragments.moved(self.choice, lever, self.words))

    def _since(self, lever: str, value: Any) -> None:  # noqa: ANN401
        year = number(value)
        if lever in LEVERS and year is not None:
            self._choose(self.choice.move(lever, since=int(year)))

    def _start_from(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in policies():
            self._go(replace(self.choice, policy=str(value), changes=(), scale=1.0))

    def _reset(self, *_: object) -> None:
        self._go(replace(self.choice, changes=(), scale=1.0, policy=Choice().policy))

    def _language(self, *_: object) -> None:
        self._go(replace(self.choice, language="en" if self.choice.language == "es" else "es"))

    def _go(self, choice: Choice) -> None:
        """Open the page anew with another choice."""
        self.client.open(fragments.share_link(choice))

    def _look(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in LOOKS:
            self._choose(replace(self.choice, look=str(value)))
            self.client.run_javascript(f'document.documentElement.dataset.look = "{value}"')

    def _view(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in VIEWS:
            self._choose(replace(self.choice, view=str(value)))
            self._show_story()

    def _world(self, _: str, value: Any) -> None:  # noqa: ANN401
        world = number(value)
        if world is not None and 1 <= world <= MOST_WORLDS:
            self._choose(replace(self.choice, world=int(world), spared=-1))

    def _month(self, _: str, value: Any) -> None:  # noqa: ANN401
        month = number(value)
        if month is not None and 0 <= month < months().size:
            self._choose(replace(self.choice, month=int(month)))
            self._put({"when": self.words.month(months()[int(month)].astype(date))})
            self._show_story()

    def _spare(self, _: str, value: Any) -> None:  # noqa: ANN401
        fall = number(value)
        if fall is not None and -1 <= fall < 100_000:
            self._choose(replace(self.choice, spared=int(fall)))

    def _map(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in WHAT:
            self._choose(replace(self.choice, map=str(value)))
            self._show_story()

    def _form(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in FORMS:
            self._choose(replace(self.choice, form=str(value)))
            self._show_story()

    def _fix(self, switch: str, value: Any) -> None:  # noqa: ANN401
        if switch in SWITCHES:
            self._choose(self.choice.assume(switch, SWITCHES[switch].default if value is True else None))
            self._tell_switch(switch)

    def _switch(self, switch: str, value: Any) -> None:  # noqa: ANN401
        amount = number(value)
        if switch in SWITCHES and amount is not None:
            self._choose(self.choice.assume(switch, amount))
            self._tell_switch(switch)

    def _tell_switch(self, switch: str) -> None:
        fixed = dict(self.choice.assumptions)
        value = fixed.get(switch, SWITCHES[switch].default)
        self._put({f"v-{switch}": f" {value:g}", "a-count": fragments.fixed_count(self.choice, self.words)})
        self.client.run_javascript(f'document.getElementById("s-{switch}").disabled = {json.dumps(switch not in fixed)}')
        self._js("setValues", {f"s-{switch}": value, f"f-{switch}": switch in fixed})

    def _outcome(self, metric: str, value: Any) -> None:  # noqa: ANN401
        if metric not in METRICS:
            return
        others = [name for name in self.choice.outcomes if name != metric]
        chosen = [*others, metric] if value is True else others
        self._choose(replace(self.choice, outcomes=tuple(chosen[-MOST_OUTCOMES:]) or OUTCOMES))
        self._draw_charts()

    def _tables(self, _: str, value: Any) -> None:  # noqa: ANN401
        self._choose(replace(self.choice, tables=value is True))
        self._draw_charts()
        self._show_story()

    def _set_goal(self, _: str, value: Any) -> None:  # noqa: ANN401
        if value in BUDGETS:
            self.goal = str(value)
            self._tell_budget()

    def _equal(self, *_: object) -> None:
        found, say = scaled_to(self.choice.question, self.goal), self.words
        after = found.question
        self._choose(replace(self.choice, changes=after.changes, scale=after.scale))
        self._note(say(found.status, factor=f"{found.factor:.3g}", cost=say.dollars(cost(after).mid)))
        self._js("setValues", {f"l-{lever}": change.by for lever, change in after.changes})
        for lever, _change in after.changes:
            self._put(fragments.moved(self.choice, lever, say))

    def _share(self, *_: object) -> None:
        self._js("copyLink", self.words("shared"), self.words("share_by_hand"))

    def _predict(self, _: str, value: Any) -> None:  # noqa: ANN401
        self._committed = None if value is True else self.choice.question
        self._choose(replace(self.choice, predict=value is True))
        self._ask_prediction()
        self._draw_charts()
        self._show_story()

    def _guess(self, metric: str, value: Any) -> None:  # noqa: ANN401
        if metric in METRICS and value in predictions.SPANS and self.sealed:
            self._guesses[metric] = str(value)

    def _reason(self, _: str, value: Any) -> None:  # noqa: ANN401
        self._because = str(value)[: predictions.LONGEST]

    def _commit(self, *_: object) -> None:
        if self.sealed and self._guesses:
            self._committed = self.choice.question
            self._ask_prediction()
            self._draw_charts()
            self._turned.set()

    # explaining --------------------------------------------------------------------------------------------------------------

    def _offer_why(self, text: str) -> None:
        """The question why, once there is a difference; `text` is the answer so far."""
        if self._inquiry is not None and not text:
            self._inquiry.cancel()
        ready = len(self._policy) == WORLDS and not self.sealed
        self.why.set_content((fragments.why(self.choice, self.words) if ready else "") + text)

    def _why(self, metric: str, value: Any) -> None:  # noqa: ANN401
        if metric in METRICS and len(self._policy) == WORLDS and not self.sealed:
            if self._inquiry is not None:
                self._inquiry.cancel()
            self._inquiry = asyncio.get_running_loop().create_task(self._inquire(metric, self.choice.question))

    async def _inquire(self, metric: str, question: Question) -> None:
        runs = explain.asked(question)
        found: dict[explain.Asked, Summary] = {}

        async def ask(one: explain.Asked) -> None:
            found[one] = await self.farm.ask(LATER, one[1], run, *one)
            if len(found) % 20 == 0:
                self._offer_why(f"<p>{escape(self.words('why_wait', count=len(runs), done=len(found)))}</p>")

        self._offer_why(f"<p>{escape(self.words('why_wait', count=len(runs), done=0))}</p>")
        await asyncio.gather(*map(ask, runs))
        span = (str(months()[0]), str(months()[-1]))
        self._offer_why(explain.explain(metric, question, found, span, self.words))

    # taking home -------------------------------------------------------------------------------------------------------------

    def _save_figures(self, *_: object) -> None:
        if not self._usual:
            return
        policy = {} if self.sealed else self._policy
        curves = [(metric, curve(metric, self._usual, policy)) for metric in self.choice.outcomes]
        pictures = []
        if self._told is not None and not self.sealed:
            month = self._month_shown(self._told)
            pictures = [
                ("map", story.world_map(self._told, month, self.choice.map, self.choice.form, self.words, bare=True)),
                ("genealogy", story.tree(self._told, month, self.words)),
            ]
        content = takeaway.archive(self.choice, curves, pictures, self.words)
        self.client.download(content, "cartelitos.zip", "application/zip")

    def _save_scenario(self, *_: object) -> None:
        self.client.download(to_file(self.choice, to_link(self.choice)).encode(), "mine.toml", "application/toml")


@cache
def months() -> NDArray[np.datetime64]:
    """First days of the months that are simulated."""
    usual = written(USUAL)
    return Calendar(usual.start, usual.weeks).months


def number(value: Any) -> float | None:  # noqa: ANN401
    """A finite number that a control sent, if it is one."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if isfinite(found) else None


def html(content: str, tag: str = "div") -> ui.html:
    """HTML of our own making: every text in it is escaped where it is put together."""
    return ui.html(content, sanitize=False, tag=tag)


ACTIONS: dict[str, Callable[[Visitor, str, Any], None]] = {
    "lever": Visitor._lever,
    "since": Visitor._since,
    "policy": Visitor._start_from,
    "reset": Visitor._reset,
    "language": Visitor._language,
    "look": Visitor._look,
    "view": Visitor._view,
    "world": Visitor._world,
    "month": Visitor._month,
    "spare": Visitor._spare,
    "map": Visitor._map,
    "form": Visitor._form,
    "fix": Visitor._fix,
    "switch": Visitor._switch,
    "outcome": Visitor._outcome,
    "tables": Visitor._tables,
    "goal": Visitor._set_goal,
    "equal": Visitor._equal,
    "share": Visitor._share,
    "save_scenario": Visitor._save_scenario,
    "save_figures": Visitor._save_figures,
    "predict": Visitor._predict,
    "guess": Visitor._guess,
    "because": Visitor._reason,
    "commit": Visitor._commit,
    "why": Visitor._why,
}
