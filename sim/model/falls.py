"""What happens when a leader falls: rare, and compiled like the week.

The week notices events (`tables.emit`); `play` acts on them one by one, in an order that depends on keys only, and writes every turn
into the table of lines, from which `log.py` tells the story. `agents.py` shows the same rows as Mesa agents.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.model.births import absorbed, crown, dissolved, enter, weigh
from sim.model.chance import Word, block, decision
from sim.model.columns import (
    ABSORBED,
    ATTEMPT_KINGPIN,
    ATTEMPT_LIEUTENANT,
    BETRAYED,
    BROKER,
    CARTEL,
    CAUSE,
    COUNT,
    DISSOLVED,
    ENTRY,
    EVENT,
    FLOW,
    FREED,
    LINE,
    NATURAL,
    NOBODY,
    PLAZA,
    PUSH,
    QUARREL,
    RIVALS,
    Array,
    Country,
    Integers,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.leadership import SUCCESS
from sim.model.mechanisms.succession import heir, person_key, rout
from sim.model.tables import tell

INTERREGNUM = decision("succession.interregnum")
MODE = decision("leader.mode")
KINGPIN, LIEUTENANT, CAPTIVE = 1, 2, 3  # ranks of those who can be spared


class Spared(NamedTuple):
    """A leader to whom nothing happens in one week."""

    week: int  # -1 for never
    row: int  # of the cartel
    rank: int  # KINGPIN, LIEUTENANT or CAPTIVE


class Levers(NamedTuple):
    """How the levers of a week insist that leaders are removed."""

    effort: float  # kingpin attempts a year where they are most
    insisting: Array  # those of levers that insist on how, [lever]
    modes: Integers  # how, a number of `CAUSE`, [lever]


@compiled
def play(
    c: Country, p: Array, push: Array, insisting: Array, modes: Integers, week: int, seed: Word, first: int, spared: Spared
) -> int:
    """Act on the events of a week, from number `first` on.

    Args:
        c: the country.
        p: parameters.
        push: this week's, [zone, handle].
        insisting: kingpin attempts a year of levers that insist on how a leader is removed, [lever].
        modes: how, a number of `CAUSE`, [lever].
        week: number of the week.
        seed: the run's.
        first: 0, or what an earlier call returned.
        spared: a leader to whom nothing happens.

    Returns:
        The number of events, or of the first one for which the tables lack room.
    """
    events, effort = c.count[COUNT.events], 0.0
    for zone in range(push.shape[0]):
        effort = max(effort, push[zone, PUSH.kingpin_attempts])
    levers = Levers(effort, insisting, modes)
    if first == 0:
        put_in_order(c)
    for e in range(first, events):
        kind, j, other = c.event[EVENT.kind, e], int(c.event[EVENT.cartel, e]), int(c.event[EVENT.other, e])
        place, size = int(c.event[EVENT.territory, e]), c.event[EVENT.size, e]
        if not has_room(c, p, j):
            return e
        if j >= 0 and j == spared.row and week == spared.week and spared.rank == rank_of(kind):
            tell(c, week, LINE.spared, j, NOBODY, place, 0.0, CAUSE.none)
        elif j < 0 or c.cartel[CARTEL.alive, j] > 0.0:
            happen(c, p, levers, week, seed, kind, j, other, place, size)
    return int(events)


@inner
def happen(
    c: Country, p: Array, levers: Levers, week: int, seed: Word, kind: float, j: int, other: int, place: int, size: float
) -> None:
    """One event: who acts on it."""
    if kind == ABSORBED:
        absorbed(c, j, other, place, size, week)
    elif kind == DISSOLVED:
        dissolved(c, j, place, size, week)
    elif kind == ENTRY:
        enter(c, p, place, size, week)
    elif kind == BETRAYED:
        remove_kingpin(c, p, j, CAUSE.capture, week, seed)
    elif kind == NATURAL:
        die(c, p, j, CAUSE.natural, CAUSE.none, week, seed)
    elif kind == RIVALS:
        die(c, p, j, CAUSE.rivals, CAUSE.rivals, week, seed)
    elif kind == ATTEMPT_KINGPIN:
        attempt(c, p, levers, j, place, size, week, seed)
    elif kind == ATTEMPT_LIEUTENANT:
        attempt_lieutenant(c, p, levers, j, place, size, week, seed)
    elif kind == FREED:
        end_prison_command(c, p, j, size > 0.0, week, seed)
    elif kind == QUARREL:
        quarrel(c, p, j, week, seed)


@inner
def put_in_order(c: Country) -> None:
    """Sort the events of a week by kind, lineage key and place."""
    event = c.event
    for e in range(1, c.count[COUNT.events]):
        slot = e
        while slot > 0 and earlier(c, slot, slot - 1):
            for quantity in range(event.shape[0]):
                event[quantity, slot], event[quantity, slot - 1] = event[quantity, slot - 1], event[quantity, slot]
            slot -= 1


@inner
def earlier(c: Country, one: int, two: int) -> bool:
    """Whether event `one` comes before event `two`."""
    kind, place = c.event[EVENT.kind], c.event[EVENT.territory]
    if kind[one] != kind[two]:
        return bool(kind[one] < kind[two])
    a, b = event_key(c, one), event_key(c, two)
    return bool(a < b or (a == b and place[one] < place[two]))


@inner
def event_key(c: Country, e: int) -> Word:
    """Lineage key of the cartel an event befalls; 0 for none."""
    j = int(c.event[EVENT.cartel, e])
    return c.cartel_key[j] if j >= 0 else np.uint64(0)


@inner
def rank_of(kind: float) -> int:
    """Whom an event takes out of command; 0 for nobody."""
    if kind in (BETRAYED, ATTEMPT_KINGPIN):
        return KINGPIN
    if kind == ATTEMPT_LIEUTENANT:
        return LIEUTENANT
    return CAPTIVE if kind == FREED else 0


@inner
def has_room(c: Country, p: Array, j: int) -> bool:
    """Whether the tables hold whatever an event of cartel j can add: at most one new group for each of its plazas."""
    n, links = 1, 0
    if j >= 0:
        n += int(c.cartel[CARTEL.plazas, j])
        if p[P.broker_split] == 0.0:
            for b in range(c.count[COUNT.brokers]):
                links += c.broker[BROKER.cartel, b] == j and c.broker[BROKER.alive, b] > 0.0
    return bool(
        c.count[COUNT.cartels] + n <= c.cartel.shape[1]
        and c.count[COUNT.plazas] + n <= c.plaza.shape[1]
        and 2 * c.count[COUNT.pairs] + n <= c.pair.shape[1]
        and c.count[COUNT.brokers] + n * links <= c.broker.shape[1]
        and c.count[COUNT.factions] + n <= c.faction_key.size
        and c.count[COUNT.notes] + n <= c.note.shape[1]
        and c.count[COUNT.lines] + 2 * n + c.count[COUNT.pairs] + 8 <= c.line.shape[1]
    )


# losing leaders --------------------------------------------------------------------------------------------------------------


@compiled
def remove_kingpin(c: Country, p: Array, j: int, mode: int, week: int, seed: Word) -> None:
    """A kingpin is captured, killed, extradited, or surrenders."""
    c.flow[FLOW.removals] += 1.0
    if mode == CAUSE.extradition:
        c.flow[FLOW.extraditions] += 1.0
    tell(c, week, LINE.removal, j, NOBODY, int(c.cartel[CARTEL.seat, j]), c.cartel[CARTEL.members, j], mode)
    lose_leader(c, p, j, mode, week, seed)


@inner
def die(c: Country, p: Array, j: int, mode: int, cause: int, week: int, seed: Word) -> None:
    """A kingpin dies in bed, or rivals kill him."""
    tell(c, week, LINE.death, j, NOBODY, NOBODY, 0.0, cause)
    lose_leader(c, p, j, mode, week, seed)


@inner
def lose_leader(c: Country, p: Array, j: int, mode: int, week: int, seed: Word) -> None:
    """The kingpin is gone: cohesion and patience suffer, then the succession; who was captured rules on from prison for a while."""
    shock, seat = p[P.cohesion_shock], int(c.cartel[CARTEL.seat, j])
    if mode in (CAUSE.capture, CAUSE.extradition):
        shock *= p[P.capture_shock]
    if mode == CAUSE.capture:
        shock *= 1.0 - p[P.prison_command]
        c.cartel[CARTEL.captive, j] = 1.0
    if mode in (CAUSE.surrender, CAUSE.natural):
        shock *= p[P.surrender_shock]
    shake(c, j, shock, 0.0 if mode == CAUSE.natural else 1.0)
    if mode != CAUSE.natural:
        rout(c, p, j, week, seed)
    succeed(c, p, j, mode, seat, week, seed)


@inner
def shake(c: Country, j: int, shock: float, loss: float) -> None:
    """Lower cohesion by a share of itself and remember the loss of a leader."""
    c.cartel[CARTEL.cohesion, j] *= 1.0 - shock
    c.cartel[CARTEL.losses, j] += loss


@inner
def attempt(c: Country, p: Array, levers: Levers, j: int, place: int, size: float, week: int, seed: Word) -> None:
    """The state moved against a kingpin."""
    if size == SUCCESS:
        remove_kingpin(c, p, j, mode_of(c.cartel_key[j], p, levers, week, seed), week, seed)
    else:
        repelled(c, j, place, size, week)


@inner
def attempt_lieutenant(c: Country, p: Array, levers: Levers, j: int, place: int, size: float, week: int, seed: Word) -> None:
    """The state moved against a lieutenant: if he falls, a smaller shock, and his plaza may go its own way."""
    if size != SUCCESS:
        repelled(c, j, place, size, week)
    elif c.at[j, place] >= 0:
        mode = mode_of(person_key(c, j, place), p, levers, week, seed)
        c.flow[FLOW.removals] += 1.0
        people = c.plaza[PLAZA.members, c.at[j, place]]
        tell(c, week, LINE.removal, j, NOBODY, place, people, mode + CAUSE.lieutenant_capture - CAUSE.capture)
        part = 1.0 / max(1.0, c.cartel[CARTEL.plazas, j])
        shake(c, j, p[P.lieutenant_shock] * p[P.cohesion_shock] * part, part)
        promote(c, j, place, week)
        weigh(c, p, j, CAUSE.lieutenant, p[P.lieutenant_occasion], place, place, week, seed)


@inner
def repelled(c: Country, j: int, place: int, dead: float, week: int) -> None:
    """Local force beat an attempt back."""
    c.flow[FLOW.removals_failed] += 1.0
    tell(c, week, LINE.removal_failed, j, NOBODY, place, dead, CAUSE.none)


@inner
def mode_of(key: Word, p: Array, levers: Levers, week: int, seed: Word) -> int:
    """How a removal happens: as a lever insists, or by the usual mix."""
    u, v, _, _ = block(MODE, week, key, seed)
    for lever in range(levers.modes.size):
        v -= levers.insisting[lever] / max(levers.effort, 1e-9)
        if v < 0.0:
            return int(levers.modes[lever])
    if u < p[P.killed_share]:
        return CAUSE.killing
    return CAUSE.surrender if u < p[P.killed_share] + p[P.surrender_share] else CAUSE.capture


@inner
def end_prison_command(c: Country, p: Array, j: int, extradited: bool, week: int, seed: Word) -> None:
    """A captive kingpin stops ruling from prison: the rest of the shock arrives, and loyalty is weighed."""
    c.cartel[CARTEL.captive, j] = 0.0
    shake(c, j, p[P.cohesion_shock] * p[P.capture_shock] * p[P.prison_command], 0.5)
    if extradited:
        c.flow[FLOW.extraditions] += 1.0
        tell(c, week, LINE.extradition, j, NOBODY, NOBODY, 0.0, CAUSE.none)
    cause = CAUSE.extradition if extradited else CAUSE.prison
    weigh(c, p, j, cause, p[P.quarrel_occasion], NOBODY, NOBODY, week, seed)


@compiled
def quarrel(c: Country, p: Array, j: int, week: int, seed: Word) -> None:
    """Nobody fell, yet loyalty is weighed (Gulf and Zetas, 2010)."""
    weigh(c, p, j, CAUSE.quarrel, p[P.quarrel_occasion], int(c.cartel[CARTEL.seat, j]), NOBODY, week, seed)


# succession ------------------------------------------------------------------------------------------------------------------


@inner
def succeed(c: Country, p: Array, j: int, mode: int, seat: int, week: int, seed: Word) -> None:
    """Choose an heir; the others stay, leave together, or change sides. Tells how contested he is, in percent."""
    cartel = c.cartel
    place, contested = heir(c, p, j, int(cartel[CARTEL.boss_faction, j]), week, seed)
    enthrone(c, j, place, week)
    luck = block(INTERREGNUM, week, c.cartel_key[j], seed)[0]
    cartel[CARTEL.vacancy, j] = math.floor(-p[P.interregnum] * math.log(luck) * contested)
    tell(c, week, LINE.succession, j, NOBODY, NOBODY, 100.0 * contested, mode)
    weigh(c, p, j, CAUSE.succession, 0.0, seat, NOBODY, week, seed)


@inner
def enthrone(c: Country, j: int, place: int, week: int) -> None:
    """A lieutenant becomes kingpin and makes his place the seat; somebody of his faction takes the post."""
    crown(c, j, person_key(c, j, place), int(c.plaza[PLAZA.faction, c.at[j, place]]), week)
    c.cartel[CARTEL.seat, j] = place
    promote(c, j, place, week)


@inner
def promote(c: Country, j: int, place: int, week: int) -> None:
    """A new lieutenant from the ranks, of the same faction, takes over a plaza."""
    c.plaza[PLAZA.since, c.at[j, place]] = week
