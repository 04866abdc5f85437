"""The weeks of the country, compiled: the mechanisms in their order, what became of leaders, the month's stocks."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.model.chance import Word, block, blocks, decision
from sim.model.columns import COUNT, NATION, PLAZA, TERRITORY, Array, Country, Integers
from sim.model.compiled import compiled
from sim.model.falls import Spared, play
from sim.model.mechanisms.contest import assistance, contest, control, hostility
from sim.model.mechanisms.enforcement import arrests, confrontations, prisons
from sim.model.mechanisms.income import income, morale, payroll, prey, strength
from sim.model.mechanisms.leadership import brokers, count_links, hunt
from sim.model.mechanisms.market import EASE, WEEKS, market
from sim.model.mechanisms.movement import absorption, attrition, entry, movement
from sim.model.mechanisms.peace import break_pacts, heat, tend_wars
from sim.model.mechanisms.recruitment import recruitment, refill
from sim.model.room import is_roomy
from sim.model.sorting import sort_plazas
from sim.model.stocks import read_stocks
from sim.model.tables import clear

MARKET = decision("market.overdose")
PEOPLE = decision("plaza.people")
REFILL = decision("recruitment.refill")
YEAR = 52  # weeks after which population grows, and Python may look up
NOT_BEGUN = -1  # no event of a week has been played, as the week itself has not


@compiled
def begin(c: Country, week: int, seed: Word) -> float:
    """Keep last week's flows, read the clocks, put plazas in order and draw their luck; returns the market's luck."""
    if week > 0:
        for f in range(c.flow.size):
            c.flows[week - 1, f] = c.flow[f]
    clear(c.flow, c.flow.size)
    c.nation[NATION.clock_revenue] = c.clocks[0, week]
    c.nation[NATION.clock_synthetic] = c.clocks[1, week]
    c.nation[NATION.clock_background] = c.clocks[2, week]
    if c.count[COUNT.stale] > 0:
        sort_plazas(c)
    c.count[COUNT.events] = 0
    clear(c.territory[TERRITORY.homicides], c.zone.size)
    clear(c.territory[TERRITORY.organised], c.zone.size)
    blocks(c.luck, PEOPLE, week, c.plaza_key, seed, c.count[COUNT.plazas])
    return block(MARKET, week, seed, seed)[0]


@compiled
def stakes(c: Country) -> None:
    """Income at stake per armed person of every place, US$/year, smoothed."""
    plaza, t = c.plaza, c.territory
    for k in range(c.first.size - 1):
        here, armed = 0.0, 0.0
        for i in range(c.first[k], c.first[k + 1]):
            here += plaza[PLAZA.income, i]
            armed += plaza[PLAZA.members, i]
        if armed > 0.0:
            t[TERRITORY.stake, k] += (here * WEEKS / armed - t[TERRITORY.stake, k]) * EASE


@compiled
def week(c: Country, p: Array, cube: Array, number: int, seed: Word, reference: float) -> None:
    """Week `number` (0 is the first): everything but what follows from its rare events."""
    monthly, push = number % 4 == 0, cube[number]
    luck = begin(c, number, seed)
    market(c, p, push, luck)
    stakes(c)
    income(c, p, push, monthly)
    prey(c, p)
    payroll(c, p, push, number, seed)
    morale(c, p)
    blocks(c.place_draw, REFILL, number, c.territory_key, seed, c.zone.size)
    for k in range(c.zone.size):
        refill(c.territory, c.ledger, p, k, c.place_draw[0, k])
    recruitment(c, p, push, monthly)
    arrests(c, p, push)
    if monthly:
        prisons(c, p, push, number, seed)
    confrontations(c, p, push, number, seed)
    strength(c, p)
    control(c, p)
    if monthly:
        assistance(c, p)
    heat(c, p, number)
    hostility(c, p)
    contest(c, p, push, number, seed)
    if monthly:
        break_pacts(c, p, push, number, seed)
        tend_wars(c, p, number, seed)
        movement(c, p, number, seed)
    attrition(c, p, push, number)
    if monthly:
        absorption(c, p, number, seed)
        entry(c, p, reference, number, seed)
        brokers(c, p, push, number, seed)
    hunt(c, p, push, number, seed, monthly)
    count_links(c, p)


class Course(NamedTuple):
    """What a run takes along from week to week."""

    cube: Array  # what policy does, [week, zone, handle]
    insisting: Array  # kingpin attempts a year of levers that insist on how a leader is removed, [week, lever]
    modes: Integers  # how, a number of `CAUSE`, [lever]
    spared: Spared
    ends: Integers  # the month whose last week this is, or -1, [week]
    stocks: Array  # at the end of each month, [month, stock]
    seed: Word
    reference: float  # rent that draws new gangs, US$ per week and member


@compiled
def end(c: Country, course: Course, number: int) -> None:
    """Read the nation's stocks if a month ends; after a year residents and the pool of young men grow."""
    if course.ends[number] >= 0:
        read_stocks(c, course.stocks[course.ends[number]])
    if number % YEAR == YEAR - 1:
        growth = 1.0 + c.clocks[3, number]
        for k in range(c.zone.size):
            c.territory[TERRITORY.population, k] *= growth
            c.territory[TERRITORY.pool_full, k] = math.floor(c.territory[TERRITORY.pool_full, k] * growth)


@compiled
def weeks(c: Country, p: Array, course: Course, first: int, played: int, last: int, pause: int) -> tuple[int, int]:
    """Play weeks until something has to be done that compiled code cannot do.

    Args:
        c: the country.
        p: parameters.
        course: of the run.
        first: number of the week to go on with.
        played: how many of its events have been played, or NOT_BEGUN.
        last: the week before which to stop.
        pause: a week at whose end something is to happen from outside, or -1.

    Returns:
        The week to go on with and how many of its events have been played: `last` and NOT_BEGUN if nothing came up; NOT_BEGUN also if
        the tables lack room for four more weeks, fewer than all if they lack it for the next event.
    """
    for number in range(first, last):
        if played == NOT_BEGUN:
            if number % 4 == 0 and not is_roomy(c, p):
                return number, NOT_BEGUN
            week(c, p, course.cube, number, course.seed, course.reference)
            played = 0
        insisting = course.insisting[number]
        played = play(c, p, course.cube[number], insisting, course.modes, number, course.seed, played, course.spared)
        if played < c.count[COUNT.events] or number == pause:
            return number, played
        end(c, course, number)
        played = NOT_BEGUN
    return last, NOT_BEGUN
