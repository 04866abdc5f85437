"""The weeks of the country, compiled: the mechanisms in their order, what became of leaders, the month's stocks."""

from __future__ import annotations

import math

from sim.model.capacity import GROUPS, has_room
from sim.model.chance import decision
from sim.model.clock import EASE, EVERY, WEEKS, YEAR
from sim.model.columns import Country
from sim.model.compile.compiled import compiled
from sim.model.fall.events import play
from sim.model.mechanisms.brokers import brokers, count_links
from sim.model.mechanisms.contest import assistance, contest, control, hostility
from sim.model.mechanisms.enforcement import arrests, confrontations, prisons
from sim.model.mechanisms.income import income, morale, payroll, prey, strength
from sim.model.mechanisms.leadership import hunt
from sim.model.mechanisms.market import market
from sim.model.mechanisms.movement import absorption, attrition, entry, movement
from sim.model.mechanisms.peace import break_pacts, heat, tend_wars
from sim.model.mechanisms.recruitment import recruitment, refill
from sim.model.plazas import sort_plazas
from sim.model.stocks import read_stocks
from sim.model.tables import clear, draw_all, list_living

PEOPLE = decision("plaza.people")
NOT_BEGUN = -1  # no event of a week has been played, as the week itself has not


@compiled
def week(c: Country) -> None:
    """One week: everything but what follows from its rare events."""
    monthly = c.now.week % EVERY == 0
    begin(c)
    market(c)
    stakes(c)
    income(c, monthly)
    prey(c)
    payroll(c)
    morale(c)
    refill(c)
    recruitment(c, monthly)
    arrests(c)
    if monthly:
        prisons(c)
    confrontations(c)
    strength(c)
    control(c)
    if monthly:
        assistance(c)
    heat(c)
    hostility(c)
    contest(c)
    if monthly:
        break_pacts(c)
        tend_wars(c)
        movement(c)
    attrition(c)
    if monthly:
        absorption(c)
        entry(c)
        brokers(c)
    hunt(c, monthly)
    count_links(c)


@compiled
def begin(c: Country) -> None:
    """Keep last week's flows, read policy and clocks, put plazas in order, list who lives, draw their luck."""
    number = c.now.week
    if number > 0:
        for f in range(c.flow.size):
            c.flows[number - 1, f] = c.flow[f]
    clear(c.flow, c.flow.size)
    press(c)
    c.nation.clock_revenue = c.clocks[0, number]
    c.nation.clock_synthetic = c.clocks[1, number]
    c.nation.clock_background = c.clocks[2, number]
    c.nation.clock_output = c.clocks[4, number]
    c.nation.clock_custody = 1.0 + c.p.custody_clock * (c.clocks[5, number] - 1.0)
    if c.count.stale > 0:
        sort_plazas(c)
    list_living(c)
    c.count.events = 0
    clear(c.territory.homicides, c.zone.size)
    clear(c.territory.organised, c.zone.size)
    draw_all(c, c.luck, PEOPLE, c.plaza_key, c.count.plazas)


@compiled
def press(c: Country) -> None:
    """What policy does this week, in every zone."""
    today = c.cube[c.now.week]
    for zone in range(len(today)):
        for handle in range(today[zone].size):
            c.push[zone][handle] = today[zone][handle]


@compiled
def stakes(c: Country) -> None:
    """Income at stake per armed person of every place, US$/year, smoothed."""
    plaza, t = c.plaza, c.territory
    for k in range(c.first.size - 1):
        here, armed = 0.0, 0.0
        for i in range(c.first[k], c.first[k + 1]):
            here += plaza.income[i]
            armed += plaza.members[i]
        if armed > 0.0:
            t.stake[k] += (here * WEEKS / armed - t.stake[k]) * EASE


@compiled
def end(c: Country) -> None:
    """Read the nation's stocks if a month ends; after a year residents and the pool of young men grow."""
    number = c.now.week
    if c.ends[number] >= 0:
        read_stocks(c, c.ends[number])
    if number % YEAR == YEAR - 1:
        growth = 1.0 + c.clocks[3, number]
        for k in range(c.zone.size):
            c.territory.population[k] *= growth
            c.territory.pool_full[k] = math.floor(c.territory.pool_full[k] * growth)


@compiled
def weeks(c: Country, first: int, played: int, last: int, pause: int) -> tuple[int, int]:
    """Play weeks until something has to be done that compiled code cannot do.

    Args:
        c: the country.
        first: number of the week to go on with.
        played: how many of its events have been played, or NOT_BEGUN.
        last: the week before which to stop.
        pause: a week at whose end something is to happen from outside, or -1.

    Returns:
        The week to go on with and how many of its events have been played: `last` and NOT_BEGUN if nothing came up; NOT_BEGUN also if
        the tables lack room for four more weeks, fewer than all if they lack it for the next event.
    """
    for number in range(first, last):
        c.now.week = number
        if played == NOT_BEGUN:
            if number % EVERY == 0 and not has_room(c, GROUPS):
                return number, NOT_BEGUN
            week(c)
            played = 0
        played = play(c, played)
        if played < c.count.events or number == pause:
            return number, played
        end(c)
        played = NOT_BEGUN
    return last, NOT_BEGUN
