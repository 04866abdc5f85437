"""Where a stronger enemy stands, the men of a fallen kingpin change sides or go home."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import decision, mix
from sim.model.columns import CAUSE, KIND, NOBODY, Country, P
from sim.model.compile.compiled import compiled, inner
from sim.model.plazas import hand_over_guns, move_people
from sim.model.relations import link_pairs
from sim.model.tables import draw, tell

ROUT = decision("leader.rout")


@compiled
def rout(c: Country, j: int) -> None:
    """Where the strongest enemy of headless cartel j stands, its men may join him or go home, and their war ends.

    Reads:  pairs, strength per member of the week before, members
    Writes: members, arms, pool, pairs; ledger
    Rule:   in each place at war the odds of a rout are rout x (the enemy's strength over one's own here, one's own without a
            head)^rout_sharpness
    Source: hirshleifer1989 (relative strength), ASSUMED (form)
    """
    pair, plaza = c.pair, c.plaza
    for k in range(c.zone.size):
        mine = int(c.at[j, k])
        row, ahead = strongest_enemy(c, j, k)
        if row < 0 or draw(c, ROUT, mix(c.cartel_key[j], c.territory_key[k]))[0] >= chance_of_rout(c.p, ahead):
            continue
        winner = pair.b[row] if pair.a[row] == j else pair.a[row]
        part = math.floor(c.p.rout_share * plaza.members[mine])
        hand_over_guns(c.cartel, j, winner, part)
        move_people(c, mine, int(c.at[winner, k]), part)
        plaza.members[mine] -= part
        c.cartel.members[j] -= part
        c.cartel.gone[j] += part
        c.territory.pool[k] += part
        c.ledger.dissolved += part
        pair.open[row] = pair.heat[row] = 0.0
        tell(c, KIND.rout, j, winner, k, 2.0 * part, CAUSE.none)


@inner
def chance_of_rout(p: P, ahead: float) -> float:
    """From the log of the enemy's strength over one's own."""
    odds = p.rout * exp(p.rout_sharpness * ahead)
    return float(odds / (1.0 + odds))


@inner
def strongest_enemy(c: Country, j: int, k: int) -> tuple[int, float]:
    """Row of the war of cartel j in place k with the strongest enemy, -1 for none, and the log of his strength over one's own.

    Of two as strong it is the one of smaller key, so that the order of rows does not matter.
    """
    chosen, enemy, most = NOBODY, NOBODY, 0.0
    if c.at[j, k] < 0:
        return chosen, most
    if c.count.unlinked > 0:
        link_pairs(c)
    row = c.territory.pairs[k]
    while row >= 0:
        other = c.pair.b[row] if c.pair.a[row] == j else (c.pair.a[row] if c.pair.b[row] == j else NOBODY)
        if other >= 0 and c.pair.open[row] > 0.0 and c.at[other, k] >= 0 and c.plaza.members[c.at[other, k]] > 0.0:
            ahead = advantage(c, int(c.at[j, k]), int(c.at[other, k]))
            if enemy < 0 or ahead > most or (ahead == most and c.cartel_key[other] < c.cartel_key[enemy]):
                chosen, enemy, most = row, other, ahead
        row = c.pair.next[row]
    return chosen, most


@inner
def advantage(c: Country, mine: int, theirs: int) -> float:
    """Log of the strength of plaza `theirs` over that of `mine`, whose leader just fell; `might` and `exposed` are to known exponents."""
    plaza, cartel = c.plaza, c.cartel
    one, two = plaza.cartel[mine], plaza.cartel[theirs]
    people = log(max(1.0, plaza.members[theirs])) - log(max(1.0, plaza.members[mine]))
    might, other, each = cartel.might[one], cartel.might[two], 0.0
    if might > 0.0 and other > 0.0:
        each = log(other / might) / c.p.foe_exponent
    return float(people + each - log(1.0 - c.p.vacancy_weakness))
