"""One visitor's page: hears the controls, asks the farm, shows what comes back. Visitors share nothing but pure results."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from html import escape
from math import isfinite

from nicegui import Client, ui
from nicegui.events import GenericEventArguments

from sim.experiment.budget import BUDGETS
from sim.show.telling.told import Told
from sim.show.web import explain, fragments, lineage, predictions, story
from sim.show.web.budget import cost
from sim.show.web.choice import (
    Choice,
    Question,
    Reading,
    months,
    to_link,
)
from sim.show.web.farm import FIRST, LATER, REFINE, STORY, TRIES, Farm, WorkLostError
from sim.show.web.hearing import hear
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
        self.turned = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.told: Told | None = None
        self.guesses: dict[str, str] = {}
        self.because = ""
        self.committed: Question | None = None
        self.inquiry: asyncio.Task[None] | None = None
        self._twin: Told | None = None
        self.usual: Runs = {}
        self.policy: Runs = {}
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
                    self.note(*fragments.problems(self._problems, say))
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
        self.ask_prediction()
        self.draw_charts()
        self.tell_budget()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._live()), loop.create_task(self._narrate())]
        self._moved.set()
        self.turned.set()

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
        for task in (*self._tasks, self.inquiry):
            if task is not None:
                task.cancel()

    @property
    def sealed(self) -> bool:
        """Results of the present policy are kept from the page until a prediction is committed."""
        question = self.choice.question
        return self.choice.predict and question not in (question.usual, self.committed)

    @property
    def answered(self) -> bool:
        """Every pair of the present policy is there, and may be seen."""
        return len(self.policy) == WORLDS and not self.sealed

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
        self.usual, self.policy = await self._runs(question, STAGES[0], FIRST)
        self.draw_charts()
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
            self.usual, self.policy = await self._runs(question, stage, REFINE)
            self.draw_charts()

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
        self.usual = self._known(question.usual)
        self.policy = self._known(question) if question != question.usual else {}

    # telling -----------------------------------------------------------------------------------------------------------------

    async def _narrate(self) -> None:
        """Tell the world that was chosen last, when somebody looks."""
        while True:
            await self.turned.wait()
            self.turned.clear()
            if self.choice.view == "charts":
                continue
            if self.sealed:
                self.show_story()
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
        if told is not self.told:
            self.spare_list.set_content(lineage.spare_list(told, choice.spared, self.words))
        self.told, self._twin = told, twin
        self.show_story()

    def show_story(self) -> None:
        """The view that is looked at, in the month that is chosen."""
        twin, choice, say = self._twin, self.choice, self.words
        if self.sealed:
            self.telling.set_content(escape(say("predict_locked")))
            for part in (self.map, self.spare_list, self.tree, self.news):
                part.set_content("")
            self.told = None
        told = self.told
        if told is None:
            return
        month = self.month_shown(told)
        policy = say("usual") if choice.question == choice.question.usual else say("policy")
        note = f"{say('world_note', world=choice.world, policy=policy)} {story.headline(told, month, say)}"
        self.telling.set_content(escape(note))
        if choice.view == "map":
            table = story.map_table(told, month, say) if choice.tables else ""
            self.map.set_content(story.world_map(told, month, choice.map, choice.form, say) + table)
        elif choice.view == "tree":
            self.tree.set_content(self._trees(told, month))
        elif choice.view == "news":
            self.news.set_content(story.news(twin or told, month, say))

    def _trees(self, told: Told, month: int) -> str:
        """The genealogy, or both of a fork, with the tables behind them if they are asked for."""
        twin, choice, say = self._twin, self.choice, self.words
        table = lineage.tree_table(told, month, say) if choice.tables else ""
        if twin is None:
            return lineage.tree(told, month, say) + table
        numbers = lineage.fork_table(told, twin, say) if choice.tables else ""
        both = ((told, "fork_with"), (twin, "fork_without"))
        trees = "".join(lineage.tree(one, month, say, say(title)) for one, title in both)
        return lineage.fork(told, twin, told.falls[choice.spared], say) + numbers + trees + table

    # showing -----------------------------------------------------------------------------------------------------------------

    def draw_charts(self) -> None:
        """Charts, what changed in words, and where the work stands."""
        usual, policy, say = self.usual, self.policy, self.words
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
            if self.committed == self.choice.question:
                self.predictions.set_content(predictions.judgement(self.guesses, self.because, usual, policy, say))

    def ask_prediction(self) -> None:
        """The form while results are sealed; nothing where there is nothing to predict."""
        asked = predictions.form(self.choice.outcomes, self.guesses, self.words) if self.sealed else ""
        self.predictions.set_content(asked)

    def _say(self, text: str) -> None:
        self.status.set_content(text)

    def month_shown(self, told: Told) -> int:
        """Number of the month that is chosen; the last one unless there is a choice."""
        month = self.choice.month
        return month if 0 <= month < told.months.size else told.months.size - 1

    def tell_budget(self) -> None:
        """What the policy costs, and who pays."""
        found, say = cost(self.choice.question), self.words
        goal = BUDGETS[self.goal].usd_a_year
        self.put(fragments.budget_texts(found, say))
        self.js("setStyles", fragments.budget_bar(found, self.goal))
        alt = say("budget_alt", us=say.dollars(found.us), mx=say.dollars(found.mx), budget=say.dollars(goal))
        self.client.run_javascript(f'document.getElementById("b-bar")?.setAttribute("aria-label", {json.dumps(alt)})')

    def note(self, *lines: str) -> None:
        """Say something above the results."""
        self.notice.set_content("<br>".join(map(escape, lines)))

    def put(self, texts: dict[str, str]) -> None:
        """Change texts of the page, by id."""
        self.js("put", texts)

    def js(self, function: str, *arguments: object) -> None:
        """Call one of the page's own functions; arguments travel as JSON."""
        self.client.run_javascript(f"window.{function}({', '.join(map(json.dumps, arguments))})")

    # hearing -----------------------------------------------------------------------------------------------------------------

    def hear(self, event: GenericEventArguments) -> None:
        """A control was used."""
        hear(self, event.args)

    def choose(self, choice: Choice) -> None:
        """Adopt a choice: the address follows, the farm is asked if what is simulated changed."""
        before, self.choice = self.choice, choice
        if choice == before:
            return
        self.js("address", to_link(choice))
        told = (choice.question, choice.world, choice.spared)
        if told != (before.question, before.world, before.spared) or "charts" in (before.view, choice.view):
            self.turned.set()
        if choice.question != before.question:
            self.tell_budget()
            self.policy = {}
            self.guesses, self.because = {}, ""
            self.ask_prediction()
            self._offer_why("")
            self._moved.set()

    # explaining --------------------------------------------------------------------------------------------------------------

    def _offer_why(self, text: str) -> None:
        """The question why, once there is a difference; `text` is the answer so far."""
        if self.inquiry is not None and not text:
            self.inquiry.cancel()
        ready = self.answered
        self.why.set_content((fragments.why(self.choice, self.words) if ready else "") + text)

    async def inquire(self, metric: str, question: Question) -> None:
        """Ask why an outcome changes, with runs in which responses are switched off."""
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


def html(content: str, tag: str = "div") -> ui.html:
    """HTML of our own making: every text in it is escaped where it is put together."""
    return ui.html(content, sanitize=False, tag=tag)
