"""Who succeeds a kingpin."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import block, decision
from sim.model.columns import CAUSE, KIND, NOBODY, Country
from sim.model.compile.compiled import inner
from sim.model.fall.groups import crown, lieutenant_key
from sim.model.fall.leaving import weigh_loyalty
from sim.model.tables import draw, pick, tell

AUTHORITY = decision("leader.authority")
HEIR = decision("succession.heir")
INTERREGNUM = decision("succession.interregnum")


@inner
def succeed(c: Country, j: int, mode: int, hot: int) -> None:
    """An heir is chosen; the more contested he is, the longer nobody leads; then all others in command stay, leave, or change sides.

    Args:
        c: the country.
        j: the cartel.
        mode: how its kingpin was lost, a `Cause`.
        hot: the late kingpin's seat.
    """
    place, contested = heir(c, j)
    enthrone(c, j, place)
    luck = draw(c, INTERREGNUM, c.cartel_key[j])[0]
    c.cartel.vacancy[j] = math.floor(-c.p.interregnum * log(luck) * contested)
    tell(c, KIND.succession, j, NOBODY, NOBODY, 100.0 * contested, mode)
    weigh_loyalty(c, j, CAUSE.succession, hot)


@inner
def heir(c: Country, j: int) -> tuple[int, float]:
    """The place whose lieutenant succeeds, and how contested he is: the runner-up's chance over his own.

    Reads:  lieutenants' authority (born with them) and faction
    Writes: nothing
    Rule:   drawn with weights exp(heir_authority x authority + heir_kin if of the late kingpin's faction)
    Source: ASSUMED (weights)
    """
    weight, p, total, first, second = c.territory.pull, c.p, 0.0, 0.0, 0.0
    for k in range(c.zone.size):
        row, weight[k] = c.at[j, k], 0.0
        if row >= 0:
            authority = block(AUTHORITY, 0, lieutenant_key(c, j, k), c.seed)[0]
            kin = p.heir_kin if c.plaza.faction[row] == c.cartel.boss_faction[j] else 0.0
            weight[k] = exp(p.heir_authority * authority + kin)
            total += weight[k]
            second = max(second, min(first, weight[k]))
            first = max(first, weight[k])
    chosen = pick(weight, 0, c.zone.size, draw(c, HEIR, c.cartel_key[j])[0] * total)
    return (chosen, second / first) if chosen >= 0 else (c.cartel.seat[j], 0.0)


@inner
def enthrone(c: Country, j: int, place: int) -> None:
    """A lieutenant becomes kingpin and makes his place the seat; somebody of his faction takes the post."""
    crown(c, j, lieutenant_key(c, j, place), c.plaza.faction[c.at[j, place]])
    c.cartel.seat[j] = place
    promote(c, j, place)


@inner
def promote(c: Country, j: int, place: int) -> None:
    """A new lieutenant from the ranks, of the same faction, takes over a plaza."""
    c.plaza.since[c.at[j, place]] = c.now.week
