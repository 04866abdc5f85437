"""Pacts, wars and alliances, pair by pair and place by place."""

from __future__ import annotations

import math

from sim.model.chance import Word, block, decision, happens, mix, mix_pair
from sim.model.columns import (
    ALLIANCE, CARTEL, COUNT, GRUDGE, HELP, NOBODY, PAIR, PLAZA, PUSH, RUPTURE, TERRITORY, TIE, WAR_BEGINS, WAR_ENDS, Array, Country, P,
)  # fmt: skip
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import WEEKS
from sim.model.tables import blank_row, copy_row, emit

OPEN = decision("peace.open")
CLOSE = decision("peace.close")
ALLY = decision("peace.ally")
BREAK = decision("peace.break")
EVERY = 4.0  # weeks between two looks at a pact
COLD = 0.02  # heat below which a finished war is forgotten


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
def find_pair(c: Country, a: int, b: int, k: int) -> int:
    """Row of a pair in a place, or -1."""
    for row in range(c.count[COUNT.pairs]):
        if c.pair[PAIR.territory, row] == k:
            x, y = c.pair[PAIR.a, row], c.pair[PAIR.b, row]
            if (x == a and y == b) or (x == b and y == a):
                return row
    return -1


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
    elif c.pair[PAIR.open, row] > 0.0:
        return False
    c.pair[PAIR.open, row] = 1.0
    c.pair[PAIR.pact, row] = 0.0
    c.pair[PAIR.heat, row] = max(0.1, c.pair[PAIR.heat, row])
    c.pair[PAIR.kin, row] = max(c.pair[PAIR.kin, row], kin_until)
    c.pair[PAIR.since, row] = week
    emit(c, WAR_BEGINS, a, b, k, 0.0)
    return True


@inner
def relation(c: Country, a: int, b: int, kind: float) -> float:
    """Weight of a tie between two cartels, 0 if none."""
    total = 0.0
    for row in range(c.count[COUNT.ties]):
        if c.tie[TIE.kind, row] == kind and c.tie[TIE.a, row] == a and c.tie[TIE.b, row] == b:
            total += c.tie[TIE.weight, row]
    return total


@inner
def attraction(c: Country, p: Array, i: int, k: int) -> float:
    """How much plaza i is drawn to attack each other plaza of its place; returns the sum.

    Their share of the place counts, old grudges and headless rivals draw more, allies and relatives at peace less, and those
    already at war with i not at all.
    """
    plaza, pair, tie = c.plaza, c.pair, c.tie
    start, stop, a = c.first[k], c.first[k + 1], int(plaza[PLAZA.cartel, i])
    for j in range(start, stop):
        headless = c.cartel[CARTEL.vacancy, int(plaza[PLAZA.cartel, j])] > 0.0
        plaza[PLAZA.pull, j] = plaza[PLAZA.share, j] * (1.0 + p[P.vulture] if headless else 1.0)
    for row in range(c.count[COUNT.ties]):
        if tie[TIE.a, row] == a:
            j = c.at[int(tie[TIE.b, row]), k]
            if j >= 0:
                plaza[PLAZA.pull, j] *= 0.1 if tie[TIE.kind, row] == HELP else 1.0 + p[P.grudge] * tie[TIE.weight, row]
    for row in range(c.count[COUNT.pairs]):
        if pair[PAIR.territory, row] == k and (pair[PAIR.a, row] == a or pair[PAIR.b, row] == a):
            j = c.at[int(pair[PAIR.b, row] if pair[PAIR.a, row] == a else pair[PAIR.a, row]), k]
            if j >= 0:
                plaza[PLAZA.pull, j] *= 0.0 if pair[PAIR.open, row] > 0.0 else (p[P.kin_restraint] if pair[PAIR.pact, row] > 0.0 else 1.0)
    plaza[PLAZA.pull, i] = 0.0
    total = 0.0
    for j in range(start, stop):
        total += plaza[PLAZA.pull, j]
    return total


@compiled
def break_pacts(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Plazas whose pact no longer pays pick an enemy here.

    Reads:  effective number of groups, patience, shares, grudges, vacancies; push restraint
    Writes: pairs (new wars); event WAR_BEGINS
    Rule:   hazard = war_rate x temptation a year; the enemy is drawn by attraction
    Source: castillo2020; phillips2015 (leaderless rivals)
    """
    plaza, t = c.plaza, c.territory
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        if stop - start < 2:
            continue
        calm = max(0.0, 1.0 - push[c.zone[k], PUSH.restraint])
        for i in range(start, stop):
            a = int(plaza[PLAZA.cartel, i])
            tempted = temptation(p, t[TERRITORY.effective, k], c.cartel[CARTEL.patience, a])
            u, v, _, _ = block(OPEN, week, c.plaza_key[i], seed)
            if not happens(p[P.war_rate] * tempted * calm * EVERY / WEEKS, u):
                continue
            reach, chosen = v * attraction(c, p, i, k), -1
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
def make_peace(c: Country, p: Array, week: int, seed: Word) -> None:
    """Wars end where a pact would hold; cold pairs are forgotten but leave a grudge.

    Reads:  pairs, patience, effective number of groups
    Writes: pairs, ties (grudges); event WAR_ENDS
    Rule:   hazard = peace_rate x (1 - temptation of the less patient side) a year
    Source: castillo2020
    """
    pair, row = c.pair, 0
    while row < c.count[COUNT.pairs]:
        a, b, k = int(pair[PAIR.a, row]), int(pair[PAIR.b, row]), int(pair[PAIR.territory, row])
        if c.at[a, k] < 0 or c.at[b, k] < 0:
            if pair[PAIR.open, row] > 0.0:
                emit(c, WAR_ENDS, a, b, k, 1.0)
            drop_pair(c, row)
            continue
        if pair[PAIR.open, row] > 0.0:
            patience = min(c.cartel[CARTEL.patience, a], c.cartel[CARTEL.patience, b])
            tempted = temptation(p, c.territory[TERRITORY.effective, k], patience)
            u = block(CLOSE, week, mix(mix_pair(c.cartel_key[a], c.cartel_key[b]), c.territory_key[k]), seed)[0]
            if happens(p[P.peace_rate] * (1.0 - tempted) * EVERY / WEEKS, u):
                pair[PAIR.open, row] = 0.0
                emit(c, WAR_ENDS, a, b, k, 0.0)
                remember(c, a, b, week)
        elif pair[PAIR.pact, row] == 0.0 and pair[PAIR.heat, row] < COLD:
            drop_pair(c, row)
            continue
        row += 1


@inner
def drop_pair(c: Country, row: int) -> None:
    """Forget a pair; the last row takes its place."""
    last = c.count[COUNT.pairs] - 1
    copy_row(c.pair, row, last)
    c.count[COUNT.pairs] = last


@compiled
def add_tie(c: Country, a: int, b: int, kind: float, weight: float, week: int) -> None:
    """Record that b helps a, or that a bears b a grudge."""
    row = c.count[COUNT.ties]
    if row < c.tie.shape[1]:
        c.tie[TIE.a, row], c.tie[TIE.b, row], c.tie[TIE.kind, row] = a, b, kind
        c.tie[TIE.weight, row], c.tie[TIE.since, row] = weight, week
        c.count[COUNT.ties] = row + 1


@inner
def remember(c: Country, a: int, b: int, week: int) -> None:
    """Both sides of a finished war bear a grudge."""
    if relation(c, a, b, GRUDGE) < 1.0:
        add_tie(c, a, b, GRUDGE, 1.0, week)
    if relation(c, b, a, GRUDGE) < 1.0:
        add_tie(c, b, a, GRUDGE, 1.0, week)


@compiled
def heat(c: Country, p: Array, week: int) -> None:
    """Wars warm up and cool down; succession fights become ordinary wars after a year."""
    pair, rate = c.pair, p[P.heat_rate]
    for row in range(c.count[COUNT.pairs]):
        pair[PAIR.heat, row] += rate * (pair[PAIR.open, row] - pair[PAIR.heat, row])
        if pair[PAIR.kin, row] > 0.0 and week > pair[PAIR.kin, row]:
            pair[PAIR.kin, row] = 0.0


@compiled
def alliances(c: Country, p: Array, week: int, seed: Word) -> None:
    """Common enemies ally; alliances break; grudges fade.

    Reads:  pairs at war, ties
    Writes: ties; events ALLIANCE, RUPTURE
    Rule:   two groups at war with the same third in one place ally at alliance_rate a year; ties end at rupture_rate a year or when
            one side is gone; grudges fade over grudge_memory weeks
    Source: cartwright1956 (balance), ASSUMED (rates)
    """
    pair = c.pair
    for row in range(c.count[COUNT.pairs]):
        if pair[PAIR.open, row] == 0.0:
            continue
        a, b, k = int(pair[PAIR.a, row]), int(pair[PAIR.b, row]), int(pair[PAIR.territory, row])
        u, v, _, _ = block(ALLY, week, mix(mix_pair(c.cartel_key[a], c.cartel_key[b]), c.territory_key[k]), seed)
        if not happens(p[P.alliance_rate] * EVERY / WEEKS, u):
            continue
        friend, enemy = (a, b) if (v < 0.5) == (c.cartel_key[a] < c.cartel_key[b]) else (b, a)
        other = fellow_enemy(c, friend, enemy, k)
        if other >= 0 and relation(c, friend, other, HELP) == 0.0 and find_open(c, friend, other) < 0:
            add_tie(c, friend, other, HELP, 1.0, week)
            add_tie(c, other, friend, HELP, 1.0, week)
            emit(c, ALLIANCE, friend, other, k, 0.0)
    fade(c, p, week, seed)


@inner
def fellow_enemy(c: Country, friend: int, enemy: int, k: int) -> int:
    """Another cartel at war with `enemy` in the place, the one of smallest key, or -1."""
    best = -1
    for row in range(c.count[COUNT.pairs]):
        if c.pair[PAIR.territory, row] != k or c.pair[PAIR.open, row] == 0.0:
            continue
        x, y = int(c.pair[PAIR.a, row]), int(c.pair[PAIR.b, row])
        other = y if x == enemy else (x if y == enemy else -1)
        if other >= 0 and other != friend and (best < 0 or c.cartel_key[other] < c.cartel_key[best]):
            best = other
    return best


@inner
def find_open(c: Country, a: int, b: int) -> int:
    """Row of a war between two cartels anywhere, or -1."""
    for row in range(c.count[COUNT.pairs]):
        if c.pair[PAIR.open, row] > 0.0:
            x, y = c.pair[PAIR.a, row], c.pair[PAIR.b, row]
            if (x == a and y == b) or (x == b and y == a):
                return row
    return -1


@inner
def fade(c: Country, p: Array, week: int, seed: Word) -> None:
    """Drop ties that broke, faded, or lost a side."""
    tie, kept = c.tie, 0
    for row in range(c.count[COUNT.ties]):
        a, b = int(tie[TIE.a, row]), int(tie[TIE.b, row])
        keep = c.cartel[CARTEL.alive, a] > 0.0 and c.cartel[CARTEL.alive, b] > 0.0
        if keep and tie[TIE.kind, row] == HELP:
            u = block(BREAK, week, mix_pair(c.cartel_key[a], c.cartel_key[b]), seed)[0]  # one draw for both directions
            keep = not happens(p[P.rupture_rate] * EVERY / WEEKS, u)
            if not keep and c.cartel_key[a] < c.cartel_key[b]:
                emit(c, RUPTURE, a, b, NOBODY, 0.0)
        elif keep:
            tie[TIE.weight, row] -= tie[TIE.weight, row] * EVERY / p[P.grudge_memory]
            keep = tie[TIE.weight, row] > 0.05
        if keep:
            copy_row(tie, kept, row)
            kept += 1
    c.count[COUNT.ties] = kept
