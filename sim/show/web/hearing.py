"""What a visitor's controls do: each tells the server its name and value, and one function here acts on the visitor's page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.experiment.budget import BUDGETS
from sim.show.web import fragments, lineage, predictions, story, takeaway
from sim.show.web.budget import cost, scaled_to
from sim.show.web.choice import (
    FORMS,
    LOOKS,
    MOST_OUTCOMES,
    MOST_WORLDS,
    OUTCOMES,
    SWITCHES,
    VIEWS,
    WHAT,
    Choice,
    months,
    policies,
    to_file,
    to_link,
)
from sim.show.web.picture import curve

if TYPE_CHECKING:
    from sim.show.web.page import Visitor


def hear(visitor: Visitor, sent: object) -> None:
    """A control was used; what does not come from one of ours is ignored."""
    match sent:
        case [str(name), str() | bool() | int() | float() as value]:
            what, _, which = name.partition(":")
            action = ACTIONS.get(what)
            if action is not None:
                action(visitor, which, value)


def _lever(visitor: Visitor, lever: str, value: Any) -> None:  # noqa: ANN401
    by = number(value)
    if lever in LEVERS and by is not None:
        visitor.choose(visitor.choice.move(lever, by=by))
        visitor.put(fragments.moved(visitor.choice, lever, visitor.words))


def _since(visitor: Visitor, lever: str, value: Any) -> None:  # noqa: ANN401
    year = number(value)
    if lever in LEVERS and year is not None:
        visitor.choose(visitor.choice.move(lever, since=int(year)))


def _start_from(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in policies():
        _go(visitor, replace(visitor.choice, policy=str(value), changes=(), scale=1.0))


def _reset(visitor: Visitor, *_: object) -> None:
    _go(visitor, replace(visitor.choice, changes=(), scale=1.0, policy=Choice().policy))


def _language(visitor: Visitor, *_: object) -> None:
    _go(visitor, replace(visitor.choice, language="en" if visitor.choice.language == "es" else "es"))


def _go(visitor: Visitor, choice: Choice) -> None:
    """Open the page anew with another choice."""
    visitor.client.open(fragments.share_link(choice))


def _look(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in LOOKS:
        visitor.choose(replace(visitor.choice, look=str(value)))
        visitor.client.run_javascript(f'document.documentElement.dataset.look = "{value}"')


def _view(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in VIEWS:
        visitor.choose(replace(visitor.choice, view=str(value)))
        visitor.show_story()


def _world(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    world = number(value)
    if world is not None and 1 <= world <= MOST_WORLDS:
        visitor.choose(replace(visitor.choice, world=int(world), spared=-1))


def _month(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    month = number(value)
    if month is not None and 0 <= month < months().size:
        visitor.choose(replace(visitor.choice, month=int(month)))
        visitor.put({"when": visitor.words.month(months()[int(month)].astype(date))})
        visitor.show_story()


def _spare(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    fall = number(value)
    if fall is not None and -1 <= fall < 100_000:
        visitor.choose(replace(visitor.choice, spared=int(fall)))


def _map(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in WHAT:
        visitor.choose(replace(visitor.choice, map=str(value)))
        visitor.show_story()


def _form(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in FORMS:
        visitor.choose(replace(visitor.choice, form=str(value)))
        visitor.show_story()


def _fix(visitor: Visitor, switch: str, value: Any) -> None:  # noqa: ANN401
    if switch in SWITCHES:
        visitor.choose(visitor.choice.assume(switch, SWITCHES[switch].default if value is True else None))
        _tell_switch(visitor, switch)


def _switch(visitor: Visitor, switch: str, value: Any) -> None:  # noqa: ANN401
    amount = number(value)
    if switch in SWITCHES and amount is not None:
        visitor.choose(visitor.choice.assume(switch, amount))
        _tell_switch(visitor, switch)


def _tell_switch(visitor: Visitor, switch: str) -> None:
    fixed = dict(visitor.choice.assumptions)
    value = fixed.get(switch, SWITCHES[switch].default)
    visitor.put({f"v-{switch}": f" {value:g}", "a-count": fragments.fixed_count(visitor.choice, visitor.words)})
    visitor.client.run_javascript(f'document.getElementById("s-{switch}").disabled = {json.dumps(switch not in fixed)}')
    visitor.js("setValues", {f"s-{switch}": value, f"f-{switch}": switch in fixed})


def _outcome(visitor: Visitor, metric: str, value: Any) -> None:  # noqa: ANN401
    if metric not in METRICS:
        return
    others = [name for name in visitor.choice.outcomes if name != metric]
    chosen = [*others, metric] if value is True else others
    visitor.choose(replace(visitor.choice, outcomes=tuple(chosen[-MOST_OUTCOMES:]) or OUTCOMES))
    visitor.draw_charts()


def _tables(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    visitor.choose(replace(visitor.choice, tables=value is True))
    visitor.draw_charts()
    visitor.show_story()


def _set_goal(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    if value in BUDGETS:
        visitor.goal = str(value)
        visitor.tell_budget()


def _equal(visitor: Visitor, *_: object) -> None:
    found, say = scaled_to(visitor.choice.question, visitor.goal), visitor.words
    after = found.question
    visitor.choose(replace(visitor.choice, changes=after.changes, scale=after.scale))
    visitor.note(say(found.status, factor=f"{found.factor:.3g}", cost=say.dollars(cost(after).mid)))
    visitor.js("setValues", {f"l-{lever}": change.by for lever, change in after.changes})
    for lever, _change in after.changes:
        visitor.put(fragments.moved(visitor.choice, lever, say))


def _share(visitor: Visitor, *_: object) -> None:
    visitor.js("copyLink", visitor.words("shared"), visitor.words("share_by_hand"))


def _predict(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    visitor.committed = None if value is True else visitor.choice.question
    visitor.choose(replace(visitor.choice, predict=value is True))
    visitor.ask_prediction()
    visitor.draw_charts()
    visitor.show_story()


def _guess(visitor: Visitor, metric: str, value: Any) -> None:  # noqa: ANN401
    if metric in METRICS and value in predictions.SPANS and visitor.sealed:
        visitor.guesses[metric] = str(value)


def _reason(visitor: Visitor, _: str, value: Any) -> None:  # noqa: ANN401
    visitor.because = str(value)[: predictions.LONGEST]


def _commit(visitor: Visitor, *_: object) -> None:
    if visitor.sealed and visitor.guesses:
        visitor.committed = visitor.choice.question
        visitor.ask_prediction()
        visitor.draw_charts()
        visitor.turned.set()


def _why(visitor: Visitor, metric: str, value: Any) -> None:  # noqa: ANN401
    if metric in METRICS and visitor.answered:
        if visitor.inquiry is not None:
            visitor.inquiry.cancel()
        visitor.inquiry = asyncio.get_running_loop().create_task(visitor.inquire(metric, visitor.choice.question))


def _save_figures(visitor: Visitor, *_: object) -> None:
    if not visitor.usual:
        return
    policy = {} if visitor.sealed else visitor.policy
    curves = [(metric, curve(metric, visitor.usual, policy)) for metric in visitor.choice.outcomes]
    pictures = []
    if visitor.told is not None and not visitor.sealed:
        month = visitor.month_shown(visitor.told)
        pictures = [
            ("map", story.world_map(visitor.told, month, visitor.choice.map, visitor.choice.form, visitor.words, bare=True)),
            ("genealogy", lineage.tree(visitor.told, month, visitor.words)),
        ]
    content = takeaway.archive(visitor.choice, curves, pictures, visitor.words)
    visitor.client.download(content, "cartelitos.zip", "application/zip")


def _save_scenario(visitor: Visitor, *_: object) -> None:
    visitor.client.download(to_file(visitor.choice, to_link(visitor.choice)).encode(), "mine.toml", "application/toml")


def number(value: Any) -> float | None:  # noqa: ANN401
    """A finite number that a control sent, if it is one."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if isfinite(found) else None


ACTIONS: dict[str, Callable[[Visitor, str, Any], None]] = {
    "lever": _lever,
    "since": _since,
    "policy": _start_from,
    "reset": _reset,
    "language": _language,
    "look": _look,
    "view": _view,
    "world": _world,
    "month": _month,
    "spare": _spare,
    "map": _map,
    "form": _form,
    "fix": _fix,
    "switch": _switch,
    "outcome": _outcome,
    "tables": _tables,
    "goal": _set_goal,
    "equal": _equal,
    "share": _share,
    "save_scenario": _save_scenario,
    "save_figures": _save_figures,
    "predict": _predict,
    "guess": _guess,
    "because": _reason,
    "commit": _commit,
    "why": _why,
}
