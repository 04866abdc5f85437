"""Pacts, wars and alliances, pair by pair and place by place."""

from __future__ import annotations

from sim.elementary import exp
from sim.model.chance import decision, happens, mix, mix_pair
from sim.model.clock import EVERY, WEEKS
from sim.model.columns import CAUSE, KIND, LONG_AGO, NOBODY, Country, P
from sim.model.compile.compiled import compiled, inner
from sim.model.lookup import left_of_grudge
from sim.model.mechanisms.enforcement import lost
from sim.model.relations import add_tie, drop_pair, fight, helps, link_pairs, link_ties, open_war
from sim.model.tables import copy_row, draw_all, pick, tell

OPEN = decision("peace.open")
TEND = decision("peace.tend")
BREAK = decision("peace.break")
EVEN = 0.5  # chance of either side
ROUNDING = 1.0 + 1e-9  # by which a bound may fall short


@compiled
def temptation(p: P, effective: float, patience: float, restraint: float) -> float:
    """Probability-like weight, 0..1, that a pact does not hold.

    Rule:   a pact holds while delta >= (1 - restraint) n/(n + m), m at most n/(n - 1): what a breach wins, less what the state's answer to
            violence takes; smoothed by a logit
    Source: castillo2020, lessing2017 (restraint)
    """
    m = p.pact_decisiveness
    if effective > 1.0:
        m = min(m, effective / (effective - 1.0))
    return 1.0 / (1.0 + exp(-p.pact_steepness * ((1.0 - restraint) * effective / (effective + m) - patience)))


@inner
def restraint(c: Country, k: int) -> float:
    """Share of what fighting wins in place k that the state takes away: by policy, and by the concert of governments of one party.

    Rule:   1 - (1 - restraint of policy) (1 - concert where one party governs state and nation); after the last week all stay in office
    Source: snyder2009, trejo2018 (protection holds where governments act together), rios2015; ASSUMED (form)
    """
    week = min(c.now.week, len(c.aligned) - 1)
    return float(1.0 - (1.0 - min(1.0, c.push[c.zone[k]].restraint)) * (1.0 - c.p.concert * c.aligned[week, k]))


@inner
def trust(c: Country, j: int, k: int) -> float:
    """Patience of cartel j in place k: nobody counts on next year where a kingpin fell of late."""
    return float(c.cartel.patience[j] * (1.0 - c.p.disorder * c.territory.disorder[k]))


@inner
def tempt(c: Country, k: int) -> float:
    """How little each plaza of a place is held by a pact; returns the most."""
    most, held = 0.0, restraint(c, k)
    for j in range(c.first[k], c.first[k + 1]):
        c.plaza.work[j] = temptation(c.p, c.territory.effective[k], trust(c, c.plaza.cartel[j], k), held)
        most = max(most, c.plaza.work[j])
    return most


@inner
def lures(c: Country, k: int) -> float:
    """How much each plaza of a place draws attacks: by its share, more when in disarray; returns the sum."""
    p = c.p
    plaza, cartel, total = c.plaza, c.cartel, 0.0
    for j in range(c.first[k], c.first[k + 1]):
        b = plaza.cartel[j]
        lure = plaza.share[j] * (1.0 + p.disarray * max(0.0, p.cohesion_target - cartel.cohesion[b]))
        plaza.lure[j] = lure
        total += lure
    return total


@inner
def grudges(c: Country, i: int, k: int) -> float:
    """How much the other plazas of its place would draw plaza i if it had neither allies nor wars; returns the sum.

    Old feuds draw more, and a pact holds no better than the less patient side keeps it.
    """
    p, week = c.p, c.now.week
    plaza, a, total = c.plaza, c.plaza.cartel[i], 0.0
    for j in range(c.first[k], c.first[k + 1]):
        old, pull = c.feud[a, plaza.cartel[j]], plaza.lure[j] * max(plaza.work[i], plaza.work[j])
        if old > LONG_AGO:
            pull *= 1.0 + p.grudge * left_of_grudge(c, week - old)
        if j == i:
            pull = 0.0
        plaza.pull[j] = pull
        total += pull
    return float(total)


@inner
def attraction(c: Country, i: int, k: int) -> float:
    """How much plaza i is drawn to attack each other plaza of its place, once `grudges` are known; returns the sum.

    Allies and relatives at peace draw less, and those already at war with i not at all.
    """
    p = c.p
    plaza, pair, a = c.plaza, c.pair, c.plaza.cartel[i]
    row = c.cartel.ties[a]
    while row >= 0:
        here = c.at[c.tie.b[row], k]
        if here >= 0:
            plaza.pull[here] *= p.ally_lure
        row = c.tie.next[row]
    row = plaza.pairs[i]
    while row >= 0:
        mine = pair.a[row] == a
        other = pair.b[row] if mine else pair.a[row]
        plaza.pull[c.at[other, k]] *= 0.0 if pair.open[row] > 0.0 else (p.kin_restraint if pair.pact[row] > 0 else 1.0)
        row = pair.after_a[row] if mine else pair.after_b[row]
    total = 0.0
    for j in range(c.first[k], c.first[k + 1]):
        total += plaza.pull[j]
    return total


@inner
def link_sides(c: Country, first: int) -> None:
    """Put pairs, from row `first` on, at the head of the lists of both their plazas, where both are present."""
    plaza, pair = c.plaza, c.pair
    for row in range(first, c.count.pairs):
        k = pair.territory[row]
        one, two = c.at[pair.a[row], k], c.at[pair.b[row], k]
        if one >= 0 and two >= 0:
            pair.after_a[row], pair.after_b[row] = plaza.pairs[one], plaza.pairs[two]
            plaza.pairs[one] = plaza.pairs[two] = row


@compiled
def break_pacts(c: Country) -> None:
    """Plazas whose pact no longer pays pick an enemy here.

    Reads:  effective number of groups, patience, shares, grudges, cohesion, ties, aligned governments; push restraint
    Writes: pairs (new wars), disorder; event war
    Rule:   hazard = war_rate x attraction of all others, each times the temptation of the less patient side, a year; which of them follows
            the same; patience is lower by disorder x what is left of it where a kingpin fell
    Source: castillo2020; phillips2015 (leaderless rivals), lindo2018 (violence lasts where a leader fell), FITTED (disarray)
    """
    plaza, t, p = c.plaza, c.territory, c.p
    link_ties(c)
    for i in range(c.count.plazas):
        plaza.pairs[i] = -1
    link_sides(c, 0)
    left, fastest = 1.0 - EVERY / max(EVERY, p.disorder_weeks), p.war_rate * EVERY / WEEKS
    draw_all(c, c.plaza_draw, OPEN, c.plaza_key, c.count.plazas)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        t.disorder[k] *= left
        if stop - start <= 1:
            continue
        most = fastest * tempt(c, k) * (1.0 + p.grudge) * lures(c, k) * ROUNDING
        for i in range(start, stop):
            a, u = plaza.cartel[i], c.plaza_draw[0, i]
            if u >= most or u >= fastest * ROUNDING * grudges(c, i, k):  # bounds, the cheapest first
                continue
            drawn = attraction(c, i, k)
            if not happens(fastest * drawn, u):
                continue
            chosen = pick(plaza.pull, start, stop, c.plaza_draw[1, i] * drawn)
            if chosen >= 0:
                pairs = c.count.pairs
                open_war(c, a, plaza.cartel[chosen], k, 0)
                link_sides(c, pairs)


@compiled
def tend_wars(c: Country) -> None:
    """Wars end where a pact would hold or both sides are worn out; common enemies ally; allies join; what is over is forgotten.

    Reads:  pairs, patience, disorder, effective number of groups, ties, losses, aligned governments; push restraint
    Writes: pairs, feud, ties; events truce, war, alliance
    Rule:   peace_rate x (1 - temptation of the less patient side) + exhaustion x both sides' yearly losses, a year; a pact that pays
            again may become an alliance; two groups at war with the same third in one place ally at alliance_rate a year; an ally who
            is present joins at triad_rate a year
    Source: castillo2020 (pacts), cartwright1956 (balance), ASSUMED (rates, exhaustion)
    """
    p, week = c.p, c.now.week
    forget(c)
    pair, pairs, period = c.pair, c.count.pairs, EVERY / WEEKS
    for row in range(pairs):
        sides = mix_pair(c.cartel_key[pair.a[row]], c.cartel_key[pair.b[row]])
        c.pair_key[row] = mix(sides, c.territory_key[pair.territory[row]])
    draw_all(c, c.pair_draw, TEND, c.pair_key, pairs)
    for row in range(pairs):  # wars that begin meanwhile are looked at next time
        if pair.open[row] == 0.0:
            continue
        a, b, k = pair.a[row], pair.b[row], pair.territory[row]
        u, v, w, z = c.pair_draw[0, row], c.pair_draw[1, row], c.pair_draw[2, row], c.pair_draw[3, row]
        patience = min(trust(c, a, k), trust(c, b, k))
        tempted = temptation(p, c.territory.effective[k], patience, restraint(c, k))
        a_asks = (w < EVEN) == (c.cartel_key[a] < c.cartel_key[b])
        one, two = a if a_asks else b, b if a_asks else a
        worn = p.exhaustion * (lost(c.plaza, c.at[a, k]) + lost(c.plaza, c.at[b, k]))
        pays = p.peace_rate * (1.0 - tempted)
        if happens((pays + worn) * period, u):
            pair.open[row] = 0.0
            tell(c, KIND.truce, a, b, k, 0.0, CAUSE.none)
            c.feud[a, b] = c.feud[b, a] = week
            if v * (pays + worn) < p.truce_alliance * pays and not helps(c, a, b) and not fight(c, a, b):
                befriend(c, a, b, k)
        elif happens(p.alliance_rate * period, v):
            ally(c, one, two, k)
        elif happens(p.triad_rate * period, z):
            take_sides(c, one, two, k)
    fade(c)


@inner
def forget(c: Country) -> None:
    """Drop wars in which a side is no longer present, and those that are over and cold."""
    pair, row = c.pair, 0
    while row < c.count.pairs:
        a, b, k = pair.a[row], pair.b[row], pair.territory[row]
        gone, war = c.at[a, k] < 0 or c.at[b, k] < 0, pair.open[row] > 0.0
        if gone and war:
            tell(c, KIND.truce, a, b, k, 1.0, CAUSE.none)
        if gone or not (war or pair.pact[row] > 0 or pair.heat[row] >= c.p.heat_forgotten):
            drop_pair(c, row)
        else:
            row += 1


@inner
def ally(c: Country, friend: int, enemy: int, k: int) -> None:
    """Ally with another cartel that fights the same enemy here, unless the two are allies or at war already."""
    other = fellow_enemy(c, friend, enemy, k)
    if other >= 0 and not helps(c, friend, other) and not fight(c, friend, other):
        befriend(c, friend, other, k)


@inner
def befriend(c: Country, a: int, b: int, k: int) -> None:
    """Two cartels become allies over a place."""
    add_tie(c, a, b, 1.0)
    add_tie(c, b, a, 1.0)
    tell(c, KIND.alliance, a, b, k, 0.0, CAUSE.none)


@inner
def take_sides(c: Country, friend: int, enemy: int, k: int) -> None:
    """An ally of one side who is present joins its war, the one of smallest key that is no ally of the enemy."""
    chosen = NOBODY
    for row in range(c.count.ties):
        other = c.tie.b[row]
        if c.tie.a[row] != friend or c.at[other, k] < 0 or other == enemy or helps(c, enemy, other):
            continue
        if chosen < 0 or c.cartel_key[other] < c.cartel_key[chosen]:
            chosen = other
    if chosen >= 0:
        open_war(c, chosen, enemy, k, 0)


@compiled
def heat(c: Country) -> None:
    """Wars warm up and cool down; succession fights become ordinary wars after a year.

    Reads:  pairs
    Writes: pair heat, kin
    Rule:   heat moves towards 1 in war and 0 after it, by a share heat_rate a week
    Source: ASSUMED (form)
    """
    p, week = c.p, c.now.week
    pair, rate = c.pair, p.heat_rate
    for row in range(c.count.pairs):
        pair.heat[row] += rate * (pair.open[row] - pair.heat[row])
        if pair.kin[row] > 0 and week > pair.kin[row]:
            pair.kin[row] = 0


@inner
def fellow_enemy(c: Country, friend: int, enemy: int, k: int) -> int:
    """Another cartel at war with `enemy` in the place, the one of smallest key, or -1."""
    best = NOBODY
    if c.count.unlinked > 0:
        link_pairs(c)
    row = c.territory.pairs[k]
    while row >= 0:
        x, y = c.pair.a[row], c.pair.b[row]
        other = y if x == enemy else (x if y == enemy else NOBODY)
        fights = c.pair.open[row] > 0.0 and other >= 0 and other != friend
        if fights and (best < 0 or c.cartel_key[other] < c.cartel_key[best]):
            best = other
        row = c.pair.next[row]
    return best


@inner
def fade(c: Country) -> None:
    """Drop alliances that broke or lost a side."""
    p = c.p
    tie, kept, ties = c.tie, 0, c.count.ties
    for row in range(ties):  # both directions of an alliance have the same luck
        c.tie_key[row] = mix_pair(c.cartel_key[tie.a[row]], c.cartel_key[tie.b[row]])
    draw_all(c, c.tie_draw, BREAK, c.tie_key, ties)
    for row in range(ties):
        a, b = tie.a[row], tie.b[row]
        keep = c.cartel.alive[a] > 0 and c.cartel.alive[b] > 0
        if keep:
            keep = not happens(p.rupture_rate * EVERY / WEEKS, c.tie_draw[0, row])
            if not keep and c.cartel_key[a] < c.cartel_key[b]:
                tell(c, KIND.rupture, a, b, NOBODY, 0.0, CAUSE.none)
        if keep:
            if kept < row:
                copy_row(tie, kept, row)
            kept += 1
    c.count.ties = kept
