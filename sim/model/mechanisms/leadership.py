"""Who is hunted, betrayed, or dies in bed. The consequences are in `sim/model/fall/`."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import decision, happens, mix
from sim.model.clock import WEEK
from sim.model.columns import (
    KIND,
    NOBODY,
    Country,
)  # fmt: skip
from sim.model.compile.compiled import compiled, inner
from sim.model.mechanisms.enforcement import kill_by_force
from sim.model.tables import draw, draw_living, emit, pick

HUNT = decision("leadership.hunt")
WHERE = decision("leadership.where")
STRIKE = decision("leadership.strike")
SUCCESS = -1.0  # size of an attempt that succeeds; otherwise the people who die


@compiled
def hunt(c: Country, monthly: bool) -> None:
    """The state tries to remove leaders; some are betrayed, some die, some groups quarrel.

    Reads:  notoriety, members, plazas, losses, force; pushes kingpin_attempts, lieutenant_attempts, attempt_reach, betrayal_rate
    Writes: events attempt, attempt_lieutenant, betrayal, natural_end, murder, quarrel; deaths of attempts beaten back
    Rule:   attempts a year = rate x effort, shared by notoriety^(2 aim) x (1 - aim_protection x protection) among all, and effort
            aimed at some among those; betrayal at its rate x notoriety; rivals kill at exposure x the loss rate of the seat; other
            exits at rates a year; odds of success = attempt_odds x reach x [(1 + force) / (1 + members/1000)]^attempt_force
    Source: dickenson2014 (number), FITTED (aim), ASSUMED (exposure)
    """
    cartel, p, push = c.cartel, c.p, c.push
    total, power, alike = 0.0, 2.0 * p.aim_size, c.aim
    for zone in range(len(push)):
        alike[zone] = 0.0
    for living in range(c.count.living):
        j = cartel.living[living]
        if monthly or cartel.aimed[j] == 0.0:
            aim = exp(power * log(max(p.aim_least, cartel.notoriety[j])))
            cartel.aimed[j] = aim * (1.0 - p.aim_protection * cartel.protection[j])
        total += cartel.aimed[j]
        alike[cartel.zone[j]] += cartel.aimed[j]
    inverse = 1.0 / max(total, 1e-300)
    draw_living(c, HUNT)
    for living in range(c.count.living):
        j = cartel.living[living]
        press = push[cartel.zone[j]]
        at_all, at_some = cartel.aimed[j] * inverse, cartel.aimed[j] / alike[cartel.zone[j]]
        bosses = at_all * push[0].kingpin_attempts + at_some * (press.kingpin_attempts - push[0].kingpin_attempts)
        seconds = at_all * push[0].lieutenant_attempts
        seconds += at_some * (press.lieutenant_attempts - push[0].lieutenant_attempts)
        home = c.at[j, cartel.seat[j]]
        risk = p.rival_exposure * c.plaza.losses[home] * WEEK if home >= 0 else 0.0
        u, v, w, z = c.cartel_draw[0, living], c.cartel_draw[1, living], c.cartel_draw[2, living], c.cartel_draw[3, living]
        if happens(press.betrayal_rate * cartel.notoriety[j] * WEEK, w):
            emit(c, KIND.betrayal, j, NOBODY, NOBODY, 0.0)
        elif happens(p.natural_exit * WEEK, z):
            emit(c, KIND.natural_end, j, NOBODY, NOBODY, 0.0)
        elif happens(risk, 1.0 - w):
            emit(c, KIND.murder, j, NOBODY, NOBODY, 0.0)
        elif happens(p.kingpin_rate * bosses * WEEK, u):
            strike(c, KIND.attempt, j, cartel.seat[j])
        if happens(p.lieutenant_rate * seconds * WEEK, v):
            strike(c, KIND.attempt_lieutenant, j, somewhere(c, j, draw(c, WHERE, c.cartel_key[j])[0]))
        if happens(p.quarrel_rate * WEEK, 1.0 - z):
            emit(c, KIND.quarrel, j, NOBODY, NOBODY, 0.0)


@inner
def somewhere(c: Country, j: int, luck: float) -> int:
    """A place of cartel j, the likelier the more members stand there."""
    here = c.territory.pull
    for k in range(c.zone.size):
        here[k] = c.plaza.members[c.at[j, k]] if c.at[j, k] >= 0 else 0.0
    chosen = pick(here, 0, c.zone.size, luck * c.cartel.members[j])
    return int(chosen if chosen >= 0 else c.cartel.seat[j])


@inner
def strike(c: Country, kind: int, j: int, k: int) -> None:
    """An attempt beats local force, or is beaten back and people die: odds fall with armed members there, rise with force and reach."""
    p, push = c.p, c.push
    row = c.at[j, k]
    if row < 0:
        return
    u, v, _, _ = draw(c, STRIKE, mix(c.cartel_key[j], c.territory_key[k]))
    against = (1.0 + c.territory.force[k]) / (1.0 + c.plaza.members[row] * 1e-3)
    odds = p.attempt_odds * push[c.zone[k]].attempt_reach * exp(p.attempt_force * log(against))
    if u < odds / (1.0 + odds):
        emit(c, kind, j, NOBODY, k, SUCCESS)
        return
    dead = math.floor(-p.failed_deaths * log(v))
    members = min(math.floor(dead * p.failed_members + 0.5), c.plaza.members[row])
    kill_by_force(c, row, members)
    c.cartel.members[j] -= members
    c.flow.homicides_confrontation += dead
    c.territory.homicides[k] += dead
    c.territory.organised[k] += dead
    emit(c, kind, j, NOBODY, k, dead)


