"""Pacts, wars and alliances, pair by pair and place by place."""

from __future__ import annotations

import math

from sim.model.chance import Word, block, blocks, decision, happens, mix, mix_pair
from sim.model.columns import (
    ALLIANCE,
    CARTEL,
    COUNT,
    LONG_AGO,
    NOBODY,
    PAIR,
    PLAZA,
    PUSH,
    RUPTURE,
    TERRITORY,
    TIE,
    WAR_BEGINS,
    WAR_ENDS,
    Array,
    Country,
    P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.lookup import left_of_grudge
from sim.model.mechanisms.market import EVERY, WEEKS
from sim.model.tables import blank_row, copy_row, note

OPEN = decision("peace.open")
TEND = decision("peace.tend")
BREAK = decision("peace.break")
ROUNDING = 1.0 + 1e-9  # by which a bound may fall short
COLD = 0.1  # heat below which a finished war is forgotten


@compiled
def temptation(p: Array, effective: float, patience: float) -> float:
    """Probability-like weight, 0..1, that a pact does not hold.

    Rule:   a pact holds while delta >= n/(n + m), m at most n/(n - 1); smoothed by a logit
    Source: castillo2020
    """
    m = p[P.pact_decisiveness]
    if effective > 1.0:
        m = min(m, effective / (effective - 1.0))
    return 1.0 / (1.0 + math.exp(-p[P.pact_steepness] * (effective / (effective + m) - patience)))


@inner
def link_pairs(c: Country) -> None:
    """Renew the list of pairs of every place."""
    for k in range(c.zone.size):
        c.territory[TERRITORY.pairs, k] = -1.0
    for row in range(c.count[COUNT.pairs]):
        link_pair(c, row)
    c.count[COUNT.unlinked] = 0


@inner
def link_pair(c: Country, row: int) -> None:
    """Put a pair at the head of its place's list."""
    k = int(c.pair[PAIR.territory, row])
    c.pair[PAIR.next, row] = c.territory[TERRITORY.pairs, k]
    c.territory[TERRITORY.pairs, k] = row


@inner
def find_pair(c: Country, a: int, b: int, k: int) -> int:
    """Row of a pair in a place, or -1."""
    if c.count[COUNT.unlinked] > 0:
        link_pairs(c)
    row = int(c.territory[TERRITORY.pairs, k])
    while row >= 0:
        x, y = c.pair[PAIR.a, row], c.pair[PAIR.b, row]
        if (x == a and y == b) or (x == b and y == a):
            break
        row = int(c.pair[PAIR.next, row])
    return row


@compiled
def open_war(c: Country, a: int, b: int, k: int, week: int, kin_until: float) -> bool:
    """Two cartels go to war in a place; false if they already are."""
    row = find_pair(c, a, b, k)
    if row < 0:
        row = c.count[COUNT.pairs]
        if row >= c.pair.shape[1]:
            return False
        c.count[COUNT.pairs] = row + 1
        blank_row(c.pair, row)
        c.pair[PAIR.a, row], c.pair[PAIR.b, row], c.pair[PAIR.territory, row] = a, b, k
        link_pair(c, row)
    elif c.pair[PAIR.open, row] > 0.0:
        return False
    c.pair[PAIR.open, row] = 1.0
    c.pair[PAIR.pact, row] = 0.0
    c.pair[PAIR.heat, row] = max(0.1, c.pair[PAIR.heat, row])
    c.pair[PAIR.kin, row] = max(c.pair[PAIR.kin, row], kin_until)
    note(c, week, WAR_BEGINS, a, b, k, 0.0)
    return True


@inner
def helps(c: Country, a: int, b: int) -> bool:
    """Whether cartel b is an ally of a."""
    for row in range(c.count[COUNT.ties]):  # noqa: SIM110 (numba has no `any`)
        if c.tie[TIE.a, row] == a and c.tie[TIE.b, row] == b:
            return True
    return False


@inner
def lures(c: Country, p: Array, k: int) -> float:
    """How much each plaza of a place draws attacks: by its share, more when headless or in disarray; returns the sum."""
    plaza, cartel, total = c.plaza, c.cartel, 0.0
    for j in range(c.first[k], c.first[k + 1]):
        b = int(plaza[PLAZA.cartel, j])
        lure = plaza[PLAZA.share, j] * (1.0 + p[P.disarray] * max(0.0, p[P.cohesion_target] - cartel[CARTEL.cohesion, b]))
        if cartel[CARTEL.vacancy, b] > 0.0:
            lure *= 1.0 + p[P.vulture]
        plaza[PLAZA.lure, j] = lure
        total += lure
    return total


@inner
def grudges(c: Country, p: Array, i: int, k: int, week: int) -> float:
    """How much the other plazas of its place would draw plaza i if it had neither allies nor wars; returns the sum: old feuds draw more."""
    plaza, a, total = c.plaza, int(c.plaza[PLAZA.cartel, i]), 0.0
    for j in range(c.first[k], c.first[k + 1]):
        old, pull = c.feud[a, int(plaza[PLAZA.cartel, j])], plaza[PLAZA.lure, j]
        if old > LONG_AGO:
            pull *= 1.0 + p[P.grudge] * left_of_grudge(c, p, week - old)
        if j == i:
            pull = 0.0
        plaza[PLAZA.pull, j] = pull
        total += pull
    return float(total)


@inner
def attraction(c: Country, p: Array, i: int, k: int) -> float:
    """How much plaza i is drawn to attack each other plaza of its place, once `grudges` are known; returns the sum.

    Allies and relatives at peace draw less, and those already at war with i not at all.
    """
    plaza, pair, a = c.plaza, c.pair, int(c.plaza[PLAZA.cartel, i])
    row = int(c.cartel[CARTEL.ties, a])
    while row >= 0:
        here = c.at[int(c.tie[TIE.b, row]), k]
        if here >= 0:
            plaza[PLAZA.pull, here] *= 0.1
        row = int(c.tie[TIE.next, row])
    if c.count[COUNT.unlinked] > 0:
        link_pairs(c)
    row = int(c.territory[TERRITORY.pairs, k])
    while row >= 0:
        x, y = int(pair[PAIR.a, row]), int(pair[PAIR.b, row])
        other = y if x == a else (x if y == a else NOBODY)
        if other >= 0 and c.at[other, k] >= 0:
            spared = 0.0 if pair[PAIR.open, row] > 0.0 else (p[P.kin_restraint] if pair[PAIR.pact, row] > 0.0 else 1.0)
            plaza[PLAZA.pull, c.at[other, k]] *= spared
        row = int(pair[PAIR.next, row])
    total = 0.0
    for j in range(c.first[k], c.first[k + 1]):
        total += plaza[PLAZA.pull, j]
    return total


@inner
def link_ties(c: Country) -> None:
    """Renew the list of ties of every cartel."""
    for j in range(c.count[COUNT.cartels]):
        c.cartel[CARTEL.ties, j] = -1.0
    for row in range(c.count[COUNT.ties]):
        a = int(c.tie[TIE.a, row])
        c.tie[TIE.next, row] = c.cartel[CARTEL.ties, a]
        c.cartel[CARTEL.ties, a] = row


@compiled
def break_pacts(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Plazas whose pact no longer pays pick an enemy here.

    Reads:  effective number of groups, patience, shares, grudges, vacancies, cohesion, ties; push restraint
    Writes: pairs (new wars); event WAR_BEGINS
    Rule:   hazard = war_rate x temptation x attraction of all others a year; which of them follows the same attraction
    Source: castillo2020; phillips2015 (leaderless rivals), FITTED (disarray)
    """
    plaza, t = c.plaza, c.territory
    link_ties(c)
    blocks(c.plaza_draw, OPEN, week, c.plaza_key, seed, c.count[COUNT.plazas])
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        if stop - start < 2:
            continue
        calm = max(0.0, 1.0 - push[c.zone[k], PUSH.restraint])
        fastest = p[P.war_rate] * calm * EVERY / WEEKS
        most = (1.0 + p[P.grudge]) * lures(c, p, k) * ROUNDING
        for i in range(start, stop):
            a, u = int(plaza[PLAZA.cartel, i]), c.plaza_draw[0, i]
            if u >= fastest * most:  # bounds, the cheapest first
                continue
            pace = fastest * temptation(p, t[TERRITORY.effective, k], c.cartel[CARTEL.patience, a])
            if u >= pace * most or u >= pace * ROUNDING * grudges(c, p, i, k, week):
                continue
            drawn = attraction(c, p, i, k)
            if not happens(pace * drawn, u):
                continue
            reach, chosen = c.plaza_draw[1, i] * drawn, -1
            for j in range(start, stop):
                reach -= plaza[PLAZA.pull, j]
                if plaza[PLAZA.pull, j] > 0.0:
                    chosen = j
                if reach < 0.0:
                    break
            if chosen < 0:
                continue
            open_war(c, a, int(plaza[PLAZA.cartel, chosen]), k, week, 0.0)


@compiled
def tend_wars(c: Country, p: Array, week: int, seed: Word) -> None:
    """Wars end where a pact would hold or both sides are worn out; common enemies ally; allies join; what is over is forgotten.

    Reads:  pairs, patience, effective number of groups, ties, losses
    Writes: pairs, feud, ties; events WAR_ENDS, WAR_BEGINS, ALLIANCE
    Rule:   peace_rate x (1 - temptation of the less patient side) + exhaustion x both sides' yearly losses, a year; a pact that pays
            again may become an alliance; two groups at war with the same third in one place ally at alliance_rate a year; an ally who
            is present joins at triad_rate a year
    Source: castillo2020 (pacts), cartwright1956 (balance), ASSUMED (rates, exhaustion)
    """
    forget(c, week)
    pair, pairs, period = c.pair, c.count[COUNT.pairs], EVERY / WEEKS
    for row in range(pairs):
        sides = mix_pair(c.cartel_key[int(pair[PAIR.a, row])], c.cartel_key[int(pair[PAIR.b, row])])
        c.pair_key[row] = mix(sides, c.territory_key[int(pair[PAIR.territory, row])])
    blocks(c.pair_draw, TEND, week, c.pair_key, seed, pairs)
    for row in range(pairs):  # wars that begin meanwhile are looked at next time
        if pair[PAIR.open, row] == 0.0:
            continue
        a, b, k = int(pair[PAIR.a, row]), int(pair[PAIR.b, row]), int(pair[PAIR.territory, row])
        u, v, w, z = c.pair_draw[0, row], c.pair_draw[1, row], c.pair_draw[2, row], c.pair_draw[3, row]
        patience = min(c.cartel[CARTEL.patience, a], c.cartel[CARTEL.patience, b])
        tempted = temptation(p, c.territory[TERRITORY.effective, k], patience)
        a_asks = (w < 0.5) == (c.cartel_key[a] < c.cartel_key[b])
        one, two = a if a_asks else b, b if a_asks else a
        worn = p[P.exhaustion] * (c.plaza[PLAZA.losses, c.at[a, k]] + c.plaza[PLAZA.losses, c.at[b, k]])
        pays = p[P.peace_rate] * (1.0 - tempted)
        if happens((pays + worn) * period, u):
            pair[PAIR.open, row] = 0.0
            note(c, week, WAR_ENDS, a, b, k, 0.0)
            c.feud[a, b] = c.feud[b, a] = week
            if v * (pays + worn) < p[P.truce_alliance] * pays and not helps(c, a, b) and not fight(c, a, b):
                befriend(c, a, b, k, week)
        elif happens(p[P.alliance_rate] * period, v):
            ally(c, one, two, k, week)
        elif happens(p[P.triad_rate] * period, z):
            take_sides(c, one, two, k, week)
    fade(c, p, week, seed)


@inner
def forget(c: Country, week: int) -> None:
    """Drop wars in which a side is no longer present, and those that are over and cold."""
    pair, row = c.pair, 0
    while row < c.count[COUNT.pairs]:
        a, b, k = int(pair[PAIR.a, row]), int(pair[PAIR.b, row]), int(pair[PAIR.territory, row])
        gone, war = c.at[a, k] < 0 or c.at[b, k] < 0, pair[PAIR.open, row] > 0.0
        if gone and war:
            note(c, week, WAR_ENDS, a, b, k, 1.0)
        if gone or not (war or pair[PAIR.pact, row] > 0.0 or pair[PAIR.heat, row] >= COLD):
            drop_pair(c, row)
        else:
            row += 1


@inner
def ally(c: Country, friend: int, enemy: int, k: int, week: int) -> None:
    """Ally with another cartel that fights the same enemy here, unless the two are allies or at war already."""
    other = fellow_enemy(c, friend, enemy, k)
    if other >= 0 and not helps(c, friend, other) and not fight(c, friend, other):
        befriend(c, friend, other, k, week)


@inner
def befriend(c: Country, a: int, b: int, k: int, week: int) -> None:
    """Two cartels become allies over a place."""
    add_tie(c, a, b, 1.0)
    add_tie(c, b, a, 1.0)
    note(c, week, ALLIANCE, a, b, k, 0.0)


@inner
def take_sides(c: Country, friend: int, enemy: int, k: int, week: int) -> None:
    """An ally of one side who is present joins its war, the one of smallest key that is no ally of the enemy."""
    chosen = NOBODY
    for row in range(c.count[COUNT.ties]):
        other = int(c.tie[TIE.b, row])
        if c.tie[TIE.a, row] != friend or c.at[other, k] < 0 or other == enemy or helps(c, enemy, other):
            continue
        if chosen < 0 or c.cartel_key[other] < c.cartel_key[chosen]:
            chosen = other
    if chosen >= 0:
        open_war(c, chosen, enemy, k, week, 0.0)


@inner
def drop_pair(c: Country, row: int) -> None:
    """Forget a pair; the last row takes its place."""
    last = c.count[COUNT.pairs] - 1
    copy_row(c.pair, row, last)
    c.count[COUNT.pairs] = last
    c.count[COUNT.unlinked] = 1


@compiled
def add_tie(c: Country, a: int, b: int, weight: float) -> None:
    """Record that b helps a."""
    row = c.count[COUNT.ties]
    if row < c.tie.shape[1]:
        c.tie[TIE.a, row], c.tie[TIE.b, row] = a, b
        c.tie[TIE.weight, row] = weight
        c.count[COUNT.ties] = row + 1


@compiled
def heat(c: Country, p: Array, week: int) -> None:
    """Wars warm up and cool down; succession fights become ordinary wars after a year.

    Reads:  pairs
    Writes: pair heat, kin
    Rule:   heat moves towards 1 in war and 0 after it, by a share heat_rate a week
    Source: ASSUMED (form)
    """
    pair, rate = c.pair, p[P.heat_rate]
    for row in range(c.count[COUNT.pairs]):
        pair[PAIR.heat, row] += rate * (pair[PAIR.open, row] - pair[PAIR.heat, row])
        if pair[PAIR.kin, row] > 0.0 and week > pair[PAIR.kin, row]:
            pair[PAIR.kin, row] = 0.0


@inner
def fellow_enemy(c: Country, friend: int, enemy: int, k: int) -> int:
    """Another cartel at war with `enemy` in the place, the one of smallest key, or -1."""
    best = NOBODY
    if c.count[COUNT.unlinked] > 0:
        link_pairs(c)
    row = int(c.territory[TERRITORY.pairs, k])
    while row >= 0:
        x, y = int(c.pair[PAIR.a, row]), int(c.pair[PAIR.b, row])
        other = y if x == enemy else (x if y == enemy else NOBODY)
        fights = c.pair[PAIR.open, row] > 0.0 and other >= 0 and other != friend
        if fights and (best < 0 or c.cartel_key[other] < c.cartel_key[best]):
            best = other
        row = int(c.pair[PAIR.next, row])
    return best


@inner
def fight(c: Country, a: int, b: int) -> bool:
    """Whether two cartels are at war anywhere."""
    for row in range(c.count[COUNT.pairs]):
        if c.pair[PAIR.open, row] > 0.0:
            x, y = c.pair[PAIR.a, row], c.pair[PAIR.b, row]
            if (x == a and y == b) or (x == b and y == a):
                return True
    return False


@inner
def fade(c: Country, p: Array, week: int, seed: Word) -> None:
    """Drop alliances that broke or lost a side."""
    tie, kept = c.tie, 0
    for row in range(c.count[COUNT.ties]):
        a, b = int(tie[TIE.a, row]), int(tie[TIE.b, row])
        keep = c.cartel[CARTEL.alive, a] > 0.0 and c.cartel[CARTEL.alive, b] > 0.0
        if keep:
            u = block(BREAK, week, mix_pair(c.cartel_key[a], c.cartel_key[b]), seed)[0]  # one draw for both directions
            keep = not happens(p[P.rupture_rate] * EVERY / WEEKS, u)
            if not keep and c.cartel_key[a] < c.cartel_key[b]:
                note(c, week, RUPTURE, a, b, NOBODY, 0.0)
        if keep:
            if kept < row:
                copy_row(tie, kept, row)
            kept += 1
    c.count[COUNT.ties] = kept
