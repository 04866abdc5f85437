"""Members move along borders; weak plazas dissolve or are absorbed; new gangs appear."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import count, counts, decision, happens
from sim.model.clock import EVERY, WEEK, WEEKS
from sim.model.columns import CAUSE, KIND, NOBODY, Country
from sim.model.compile.compiled import compiled, inner
from sim.model.plazas import close_plaza, gather, hand_over_cash, hand_over_guns, move_people, open_plaza, plaza_at
from sim.model.relations import open_war
from sim.model.tables import clear, draw, draw_all, emit, pick, tell

MOVE = decision("movement.move")
ARRIVE = decision("movement.arrive")
ABSORB = decision("movement.absorb")
ENTER = decision("movement.enter")


@inner
def prospect(c: Country, i: int, k: int, moving: float) -> float:
    """Log of what members of plaza i can expect who go to place k or stay: income a head, less losses, more where a kingpin just fell."""
    t, p, j = c.territory, c.p, c.plaza.cartel[i]
    row = c.at[j, k]
    here = row >= 0
    own = (c.plaza.members[row] if here else 0.0) - (moving if row == i else 0.0)
    trade = c.cartel.access[j] * c.nation.revenue / WEEKS
    income = t.taken[k] + t.worth_extortion[k] + trade * t.value[k]
    armed = t.armed[k] + (0.0 if here else moving)
    losses = t.violence[k] * 1e-5 * t.population[k] / max(p.move_armed, armed)
    foothold = 0.0 if here else p.move_distance
    weak = p.move_disorder * t.disorder[k]
    return float(log(max(1.0, income)) - log(max(own + moving, armed)) - losses - foothold + weak)


@compiled
def movement(c: Country) -> None:
    """Members shift along borders towards better places.

    Reads:  members, income at places, violence, armed people, access, disorder
    Writes: members, new plazas; events expansion, war
    Rule:   move_rate a year; the destination is a logit in log income per armed person minus expected losses minus distance; a newcomer
            is met with war by the strongest plaza with a probability
    Source: prieto2023 (competition), hegemann2011 (space), ASSUMED (form)
    """
    plaza, t, p = c.plaza, c.territory, c.p
    rate = p.move_rate * EVERY / WEEKS
    rows = c.count.plazas
    draw_all(c, c.plaza_draw, MOVE, c.plaza_key, rows)
    for i in range(rows):
        n, v, w = plaza.members[i], c.plaza_draw[1, i], c.plaza_draw[2, i]
        if n < p.move_minimum or not happens(rate, c.plaza_draw[0, i]):
            continue
        k, moving = plaza.territory[i], math.floor(n * p.move_share + w)
        home = exp(p.move_sharpness * prospect(c, i, k, moving))
        total, first, last = home, c.border_start[k], c.border_start[k + 1]
        for e in range(first, last):
            place = int(c.border_to[e])
            pull = exp(p.move_sharpness * prospect(c, i, place, moving))
            t.pull[e - first] = pull
            total += pull
        goal = pick(t.pull, 0, last - first, v * total - home) if v * total >= home else -1
        if goal >= 0:
            arrive(c, i, int(c.border_to[first + goal]), moving)


@inner
def arrive(c: Country, i: int, k: int, moving: float) -> None:
    """Members of plaza i reach a neighbouring place, theirs already or new to them."""
    plaza, p = c.plaza, c.p
    j = plaza.cartel[i]
    row = c.at[j, k]
    if row < 0:
        if moving < p.plaza_minimum:
            return
        row = open_plaza(c, j, k, i)
        if row < 0:
            return
        tell(c, KIND.expansion, j, NOBODY, k, moving, CAUSE.none)
        strongest = -1
        for other in range(c.first[k], c.first[k + 1]):
            if strongest < 0 or plaza.strength[other] > plaza.strength[strongest]:
                strongest = other
        if strongest >= 0 and draw(c, ARRIVE, c.plaza_key[row])[0] < p.encroach_war:
            open_war(c, j, plaza.cartel[strongest], k, 0)
    plaza.members[i] -= moving
    plaza.members[row] += moving


@compiled
def attrition(c: Country) -> None:
    """Members desert, age out, or are squeezed out; tiny plazas dissolve.

    Reads:  members, payroll gap; push exit_rate
    Writes: members (of cartels too), peak, pool, plazas; flow desertions; event dissolved; ledger
    Rule:   (desertion + gap + retirement + exit + omega n) n people a week; below the minimum a plaza dissolves into the pool
    Source: prieto2023 (omega), prieto2025b (retirement), FITTED (desertion)
    """
    plaza, cartel, p, push = c.plaza, c.cartel, c.p, c.push
    for i in range(c.count.plazas):
        j, k = plaza.cartel[i], plaza.territory[i]
        wish = p.desertion + p.gap_desertion * cartel.gap[j] + push[c.zone[k]].exit_rate * WEEK
        age = p.retirement + p.saturation * cartel.members[j]
        plaza.work[i] = plaza.members[i] * (wish + age)
    counts(plaza.counted, plaza.work, c.luck, 3, c.count.plazas)
    for i in range(c.count.plazas):
        j, k = plaza.cartel[i], plaza.territory[i]
        gone = min(plaza.counted[i], plaza.members[i])
        plaza.members[i] -= gone
        c.territory.pool[k] += gone
        c.flow.desertions += gone
        c.ledger.left += gone
        cartel.gone[j] += gone
        if plaza.members[i] < p.plaza_minimum:
            rest = plaza.members[i]
            plaza.members[i] = 0.0
            c.territory.pool[k] += rest
            c.ledger.dissolved += rest
            cartel.gone[j] += rest
            close_plaza(c, i)
            if cartel.plazas[j] == 0:
                emit(c, KIND.dissolved, j, NOBODY, k, rest)
    count_members(c)


@inner
def count_members(c: Country) -> None:
    """Members per cartel after a week of comings and goings; what happens later in the week moves them one by one."""
    plaza, cartel = c.plaza, c.cartel
    clear(cartel.members, c.count.cartels)
    for i in range(c.count.plazas):
        if plaza.cartel[i] >= 0:
            cartel.members[plaza.cartel[i]] += plaza.members[i]
    for j in range(c.count.cartels):
        cartel.peak[j] = max(cartel.peak[j], cartel.members[j])


@compiled
def absorption(c: Country) -> None:
    """The strongest group of a state absorbs weak ones.

    Reads:  members
    Writes: members, cash, arms, plazas; event absorbed where it was the last plaza (`fall/groups.py` lets the cartel end)
    Rule:   rate a year for groups whose people in the state are below a share of the strongest one's; it takes all their plazas there
    Source: FITTED, bohorquez2009 (coalescence)
    """
    plaza, cartel, p, k = c.plaza, c.cartel, c.p, 0
    rate = p.absorption * EVERY / WEEKS
    draw_all(c, c.plaza_draw, ABSORB, c.plaza_key, c.count.plazas)
    while k < c.first.size - 1:
        start, beyond = c.first[k], int(c.next_state[k])
        stop, k = c.first[beyond], beyond
        best = gather(c, start, stop)
        for i in range(start, stop):
            cartel.more[max(0, plaza.cartel[i])] = -1.0
        for i in range(start, stop):
            j = plaza.cartel[i]
            if j < 0 or cartel.work[j] >= p.absorbable * cartel.work[best]:
                continue
            if cartel.more[j] < 0.0:  # a group is asked once, where its first plaza is
                cartel.more[j] = 1.0 if happens(rate, c.plaza_draw[0, i]) else 0.0
            if cartel.more[j] > 0.0:
                row = plaza_at(c, best, int(plaza.territory[i]), i)
                if row >= 0:
                    absorb(c, i, row)


@inner
def absorb(c: Country, i: int, best: int) -> None:
    """People of plaza i join plaza `best` of the same place, with their part of the cartel's cash and guns."""
    plaza, cartel = c.plaza, c.cartel
    loser, winner, k = plaza.cartel[i], plaza.cartel[best], plaza.territory[i]
    people = plaza.members[i]
    hand_over_cash(cartel, loser, winner, people)
    hand_over_guns(cartel, loser, winner, people)
    move_people(c, i, best, people)
    close_plaza(c, i)
    if cartel.plazas[loser] > 0:
        tell(c, KIND.absorbed, loser, winner, k, people, CAUSE.none)
    else:
        emit(c, KIND.absorbed, loser, winner, k, people)


@compiled
def entry(c: Country) -> None:
    """New local gangs appear where predation is seen to pay and nobody rules alone.

    Reads:  takings of predation, armed people, concentration of control, population, pool
    Writes: event entry (`fall/groups.py` founds the gang)
    Rule:   entry_rate x population share x (takings per armed person / the nation's of 2006, at most entry_most) x (1 - sum q^2) a
            year: founders imitate what pays, and a single master taxes or kills them
    Source: battiston2024 (trades spread by imitation), ASSUMED (form; sampled, since the data do not tell entrants from splinters)
    """
    t, p = c.territory, c.p
    people = 0.0
    for k in range(c.first.size - 1):
        people += t.population[k]
    for k in range(c.first.size - 1):
        pays = min(p.entry_most, t.taken[k] / max(p.entry_armed, t.armed[k]) / c.nation.usual_rent)
        mean = p.entry_rate * t.population[k] / people * pays * (1.0 - t.sumsq[k]) * EVERY / WEEKS
        u, v, _, _ = draw(c, ENTER, c.territory_key[k])
        if count(mean, u) > 0.0:
            size = math.floor(p.entry_size * (1.0 - p.entry_spread + 2.0 * p.entry_spread * v))
            if t.pool[k] > p.entry_pool * size:
                emit(c, KIND.entry, NOBODY, NOBODY, k, size)
