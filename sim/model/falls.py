"""What happens when a leader falls, and to gangs that are born, absorbed or dissolved: rare, and compiled like the week.

The week notices events (`tables.emit`); `play` acts on them one by one, in an order that depends on keys only, and writes every turn
into the table of lines, from which `log.py` tells the story. `agents.py` shows the same rows as Mesa agents.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.chance import Word, block, decision, mix
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
    LEDGER,
    LINE,
    NATURAL,
    NOBODY,
    PLAZA,
    PUSH,
    QUARREL,
    RIVALS,
    TERRITORY,
    Array,
    Country,
    Integers,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.estate import bequeath, change_sides, found, secede, start_plaza
from sim.model.mechanisms.leadership import SUCCESS
from sim.model.mechanisms.movement import open_plaza
from sim.model.mechanisms.succession import ALONE, heir, leaving, person_key, rout
from sim.model.tables import tell

INTERREGNUM = decision("succession.interregnum")
DEFECT = decision("succession.defect")
MODE = decision("leader.mode")
KINGPIN, LIEUTENANT, CAPTIVE = 1, 2, 3  # ranks of those who can be spared


@compiled
def play(
    c: Country, p: Array, push: Array, insisting: Array, modes: Integers, week: int, seed: Word, first: int, spared: int, rank: int
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
        spared: row of a cartel to whose leader nothing happens; -1 for none.
        rank: of that leader: KINGPIN, LIEUTENANT or CAPTIVE.

    Returns:
        The number of events, or of the first one for which the tables lack room.
    """
    events = c.count[COUNT.events]
    if first == 0:
        put_in_order(c)
    for e in range(first, events):
        kind, j, other = c.event[EVENT.kind, e], int(c.event[EVENT.cartel, e]), int(c.event[EVENT.other, e])
        place, size = int(c.event[EVENT.territory, e]), c.event[EVENT.size, e]
        if not has_room(c, p, j):
            return e
        if j >= 0 and j == spared and rank == rank_of(kind):
            tell(c, week, LINE.spared, j, NOBODY, place, 0.0, CAUSE.none)
        elif j < 0 or c.cartel[CARTEL.alive, j] > 0.0:
            happen(c, p, push, insisting, modes, week, seed, kind, j, other, place, size)
    return int(events)


@inner
def happen(
    c: Country,
    p: Array,
    push: Array,
    insisting: Array,
    modes: Integers,
    week: int,
    seed: Word,
    kind: float,
    j: int,
    other: int,
    place: int,
    size: float,
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
        attempt(c, p, push, insisting, modes, j, place, size, week, seed)
    elif kind == ATTEMPT_LIEUTENANT:
        attempt_lieutenant(c, p, push, insisting, modes, j, place, size, week, seed)
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
def attempt(
    c: Country, p: Array, push: Array, insisting: Array, modes: Integers, j: int, place: int, size: float, week: int, seed: Word
) -> None:
    """The state moved against a kingpin."""
    if size == SUCCESS:
        remove_kingpin(c, p, j, mode_of(c.cartel_key[j], p, push, insisting, modes, week, seed), week, seed)
    else:
        repelled(c, j, place, size, week)


@inner
def attempt_lieutenant(
    c: Country, p: Array, push: Array, insisting: Array, modes: Integers, j: int, place: int, size: float, week: int, seed: Word
) -> None:
    """The state moved against a lieutenant: if he falls, a smaller shock, and his plaza may go its own way."""
    if size != SUCCESS:
        repelled(c, j, place, size, week)
    elif c.at[j, place] >= 0:
        mode = mode_of(person_key(c, j, place), p, push, insisting, modes, week, seed)
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
def mode_of(key: Word, p: Array, push: Array, insisting: Array, modes: Integers, week: int, seed: Word) -> int:
    """How a removal happens: as a lever insists, or by the usual mix."""
    u, v, _, _ = block(MODE, week, key, seed)
    effort = 0.0
    for zone in range(push.shape[0]):
        effort = max(effort, push[zone, PUSH.kingpin_attempts])
    for lever in range(modes.size):
        v -= insisting[lever] / max(effort, 1e-9)
        if v < 0.0:
            return int(modes[lever])
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
def crown(c: Country, j: int, key: Word, faction: int, week: int) -> None:
    """Write down who leads a cartel."""
    c.boss_key[j] = key
    c.cartel[CARTEL.boss_faction, j], c.cartel[CARTEL.boss_since, j] = faction, week


@inner
def promote(c: Country, j: int, place: int, week: int) -> None:
    """A new lieutenant from the ranks, of the same faction, takes over a plaza."""
    c.plaza[PLAZA.since, c.at[j, place]] = week


# leaving ---------------------------------------------------------------------------------------------------------------------


@inner
def weigh(c: Country, p: Array, j: int, cause: int, log_odds: float, hot: int, only: int, week: int, seed: Word) -> None:
    """Everyone in command weighs loyalty; each band that leaves becomes a splinter, or joins a rival.

    The occasion adds `log_odds` to leaving, most in the place `hot`; `only` restricts the matter to one place.
    """
    members = c.cartel[CARTEL.members]
    before = members[j]
    movers = leaving(c, p, j, only, log_odds, hot, week, seed)
    start = 0
    while start < movers.shape[1]:
        stop, people = start + 1, movers[1, start]
        while stop < movers.shape[1] and movers[2, start] != ALONE and movers[2, stop] == movers[2, start]:
            people += movers[1, stop]
            stop += 1
        if people >= members[j]:
            break
        alone = stop - start == 1 and movers[2, start] != ALONE
        if not (alone and defects(c, p, j, int(movers[0, start]), movers[1, start], week, seed)):
            splinter(c, p, j, movers, start, stop, people, cause, week, seed)
        start = stop
    if members[j] < before:
        tell(c, week, LINE.fragmentation, j, NOBODY, NOBODY, before - members[j], cause)


@inner
def defects(c: Country, p: Array, j: int, k: int, people: float, week: int, seed: Word) -> bool:
    """A lone lieutenant may join the strongest rival present instead of standing alone."""
    plaza, best = c.plaza, -1
    for i in range(c.first[k], c.first[k + 1]):
        owner, n = plaza[PLAZA.cartel, i], plaza[PLAZA.members, i]
        if owner < 0.0 or owner == j or n <= people:
            continue
        if best < 0 or n > plaza[PLAZA.members, best] or (n == plaza[PLAZA.members, best] and c.plaza_key[i] > c.plaza_key[best]):
            best = i
    if best < 0 or block(DEFECT, week, person_key(c, j, k), seed)[0] >= p[P.defect]:
        return False
    change_sides(c, j, k, best, people, week)
    tell(c, week, LINE.defection, j, int(plaza[PLAZA.cartel, best]), k, people, CAUSE.none)
    return True


@inner
def splinter(c: Country, p: Array, j: int, movers: Array, start: int, stop: int, people: float, cause: int, week: int, seed: Word) -> None:
    """A band becomes a cartel of its own: people, cash, guns and plazas move; brokers and allies choose."""
    place, home, alone = int(movers[0, start]), start, movers[2, start] == ALONE
    for m in range(start + 1, stop):
        if movers[1, m] > movers[1, home]:
            home = m
    seat = int(movers[0, home])
    child = found(c, p, mix(mix(c.cartel_key[j], c.territory_key[place]), np.uint64(2 * week + alone)), seat, j, cause)
    if alone:
        crown(c, child, mix(c.cartel_key[child], np.uint64(1)), new_faction(c), week)
    else:
        crown(c, child, person_key(c, j, seat), int(c.plaza[PLAZA.faction, c.at[j, seat]]), week)
    secede(c, p, j, child, movers, start, stop, week, seed)
    c.flow[FLOW.splits] += 1.0
    tell(c, week, LINE.split, j, child, place, people, cause)


@inner
def new_faction(c: Country) -> int:
    """Number a family or clan; its key, which follows from its name, is due before the next week."""
    c.count[COUNT.factions] += 1
    return int(c.count[COUNT.factions] - 1)


# beginning and ending --------------------------------------------------------------------------------------------------------


@inner
def enter(c: Country, p: Array, k: int, size: float, week: int) -> None:
    """A new local gang: people from the pool, a gun each, nobody to sell to abroad."""
    j = found(c, p, mix(c.territory_key[k], np.uint64(week + 1)), k, NOBODY, CAUSE.entry)
    plaza = open_plaza(c, j, k, week, -1)
    start_plaza(c.plaza, plaza, 0.0)
    c.plaza[PLAZA.members, plaza] = c.cartel[CARTEL.members, j] = size
    c.territory[TERRITORY.pool, k] -= size
    c.cartel[CARTEL.arms, j] = size
    c.cartel[CARTEL.notoriety, j] = math.sqrt(size * 1e-3)
    c.ledger[LEDGER.entered] += size
    c.ledger[LEDGER.bought] += size
    faction = new_faction(c)
    c.plaza[PLAZA.faction, plaza] = faction
    crown(c, j, mix(c.cartel_key[j], np.uint64(1)), faction, week)
    tell(c, week, LINE.entry, j, NOBODY, k, size, CAUSE.none)


@inner
def dissolved(c: Country, j: int, place: int, people: float, week: int) -> None:
    """The last plaza fell below the minimum: the cartel is no more."""
    c.flow[FLOW.dissolutions] += 1.0
    tell(c, week, LINE.dissolved, j, NOBODY, place, people, CAUSE.none)
    bequeath(c, j, NOBODY, week)


@inner
def absorbed(c: Country, j: int, winner: int, place: int, people: float, week: int) -> None:
    """The last plaza was absorbed: everything else goes to the winner too."""
    c.flow[FLOW.absorptions] += 1.0
    tell(c, week, LINE.absorbed, j, winner, place, people, CAUSE.last)
    bequeath(c, j, winner, week)
