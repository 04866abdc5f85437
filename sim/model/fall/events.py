"""What the week noticed is acted on, one by one, in an order that depends on keys only; every turn is a line of the log."""

from __future__ import annotations

import numpy as np

from sim.model.capacity import has_room
from sim.model.columns import CAPTIVE, CAUSE, KIND, KINGPIN, LIEUTENANT, NOBODY, Country, Word
from sim.model.compile.compiled import compiled, inner
from sim.model.fall.groups import absorbed, dissolved, enter
from sim.model.fall.loss import attempt, attempt_lieutenant, die, end_prison_command, quarrel, remove_kingpin
from sim.model.tables import swap_rows, tell


@compiled
def play(c: Country, first: int) -> int:
    """Act on the events of the week, from number `first` on: 0, or what an earlier call returned.

    Returns:
        The number of events, or of the first one for which the tables lack room.
    """
    if first == 0:
        put_in_order(c)
    for e in range(first, c.count.events):
        j = c.event.cartel[e]
        if not has_room(c, 1 + (c.cartel.plazas[j] if j >= 0 else 0)):
            return e
        if is_spared(c, e):
            tell(c, KIND.spared, j, NOBODY, c.event.territory[e], 0.0, CAUSE.none)
        elif j < 0 or c.cartel.alive[j] > 0:
            happen(c, e)
    return int(c.count.events)


@inner
def happen(c: Country, e: int) -> None:
    """One event: who acts on it."""
    kind, j, other = c.event.kind[e], c.event.cartel[e], c.event.other[e]
    place, size = c.event.territory[e], c.event.size[e]
    if kind == KIND.absorbed:
        absorbed(c, j, other, place, size)
    elif kind == KIND.dissolved:
        dissolved(c, j, place, size)
    elif kind == KIND.entry:
        enter(c, place, size)
    elif kind == KIND.betrayal:
        remove_kingpin(c, j, CAUSE.capture)
    elif kind == KIND.natural_end:
        die(c, j, CAUSE.natural, CAUSE.none)
    elif kind == KIND.attempt:
        attempt(c, j, place, size)
    elif kind == KIND.attempt_lieutenant:
        attempt_lieutenant(c, j, place, size)
    elif kind == KIND.release:
        end_prison_command(c, j, size > 0.0)
    elif kind == KIND.quarrel:
        quarrel(c, j)
    elif kind == KIND.murder:
        die(c, j, CAUSE.rivals, CAUSE.rivals)


@inner
def is_spared(c: Country, e: int) -> bool:
    """Whether an event befalls the leader to whom nothing happens this week."""
    kind, rank = c.event.kind[e], 0
    if kind in (KIND.betrayal, KIND.attempt):
        rank = KINGPIN
    elif kind == KIND.attempt_lieutenant:
        rank = LIEUTENANT
    elif kind == KIND.release:
        rank = CAPTIVE
    j, spared = c.event.cartel[e], c.spared
    return bool(j >= 0 and j == spared.row and c.now.week == spared.week and rank == spared.rank)


@inner
def put_in_order(c: Country) -> None:
    """Sort the events of a week by kind, lineage key and place."""
    for e in range(1, c.count.events):
        slot = e
        while slot > 0 and earlier(c, slot, slot - 1):
            swap_rows(c.event, slot, slot - 1)
            slot -= 1


@inner
def earlier(c: Country, one: int, two: int) -> bool:
    """Whether event `one` comes before event `two`."""
    kind, place = c.event.kind, c.event.territory
    if kind[one] != kind[two]:
        return bool(kind[one] < kind[two])
    a, b = key_of(c, one), key_of(c, two)
    return bool(a < b or (a == b and place[one] < place[two]))


@inner
def key_of(c: Country, e: int) -> Word:
    """Lineage key of the cartel an event befalls; 0 for none."""
    j = c.event.cartel[e]
    return c.cartel_key[j] if j >= 0 else np.uint64(0)
