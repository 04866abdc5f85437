"""The first day: everything that follows from who stands where is where the model's own rules would have left it.

Tables of a world say who lives and stands where; nobody knows what people feared, how many guns there were, or who was in prison. All
that is smoothed, bought or filled week by week therefore starts at its own level of rest, with people held where they are, without any
policy, and with the wars of the table at full heat. Otherwise the first years would show how the model fills up, not what happened.
"""

from __future__ import annotations

import math

from sim.elementary import exp
from sim.model.clock import WEEKS
from sim.model.columns import Country
from sim.model.compile.compiled import compiled, inner
from sim.model.mechanisms.contest import assistance, control, heat_of, hostility, toll
from sim.model.mechanisms.enforcement import bribe_pressure, exposure
from sim.model.mechanisms.income import afford, haste_of, income, strength
from sim.model.mechanisms.recruitment import appeal, approached, mood_of
from sim.model.tables import clear, list_living

ROUNDS = 40  # by which effort, fears and guns have settled to a part in a thousand
STEP = 8.0  # of effort, in steps of a month: how far one round moves it


def settle_rates(c: Country) -> None:
    """Bring rates, guns, prisoners and pools to rest; members, cash and brokers stay as they are."""
    p, quick = c.p, c.p.copy()
    quick.effort_inertia = min(1.0, STEP * p.effort_inertia)
    rest(c.but(p=quick), ROUNDS)
    c.flow[:] = c.ledger[:] = 0.0


@compiled
def rest(c: Country, rounds: int) -> None:
    """Play what one week expects again and again, each time from what the last one came to."""
    p = c.p
    for row in range(c.count.pairs):
        c.pair.heat[row] = c.pair.open[row]
    list_living(c)
    for _ in range(rounds):
        strength(c)
        control(c)
        assistance(c)
        hostility(c)
        income(c, True)
        each = exposure(c)
        for k in range(c.first.size - 1):
            expected_losses(c, k, each)
        for j in range(c.count.cartels):
            expected_budget(c, j)
    clear(c.cartel.prisoners, c.count.cartels)
    taken, members = 1.0, 1.0
    for k in range(c.first.size - 1):
        expected_people(c, k)
        t = c.territory
        t.rest[k] = p.integrity_2006 * (1.0 + bribe_pressure(t, p, k) * p.integrity_memory)
        taken += t.taken[k]
        members += t.armed[k]
    c.nation.usual_rent = taken / members


@inner
def expected_losses(c: Country, k: int, each: float) -> None:
    """Deaths, arrests and stakes of place k as a usual week brings them, remembered."""
    plaza, t, p = c.plaza, c.territory, c.p
    start, stop = c.first[k], c.first[k + 1]
    fight = 0.0
    if stop - start > 1:
        fight = p.lethality * p.contest_on * exp(heat_of(t, p, k, 0.0))
    dead, arrested, armed, earned = 0.0, 0.0, 0.0, 0.0
    for i in range(start, stop):
        n = plaza.members[i]
        fallen, taken = toll(c, i, k, fight), min(n, each * n * plaza.risk[i])
        plaza.losses[i] = fallen * WEEKS / max(1.0, n)
        plaza.jailed[i] = taken * t.conviction[k] * WEEKS / max(1.0, n)
        dead += fallen
        arrested += taken
        armed += n
        earned += plaza.income[i]
    if armed == 0.0:
        return
    prey = p.predation_lethality * t.taken[k] * (1.0 + p.looting * haste_of(c, k))
    t.violence[k] = (dead * (1.0 + p.bystanders) + prey) * WEEKS * 1e5 / t.population[k]
    t.arrest_risk[k] = 1.0 - exp(-arrested * WEEKS / armed)
    t.stake[k] = earned * WEEKS / armed


@inner
def expected_budget(c: Country, j: int) -> None:
    """What cartel j pays, bribes and arms itself with where its income stays as it is."""
    p, push = c.p, c.push
    cartel, n = c.cartel, max(1.0, c.cartel.members[j])
    earned, traffic = cartel.week_income[j], cartel.week_traffic[j]
    cartel.traffic_income[j], cartel.predation_income[j] = traffic * WEEKS, (earned - traffic) * WEEKS
    budget = afford(c, j, push[0], cartel.cash[j])
    cartel.gap[j] = budget.gap
    cartel.pay[j] = (budget.wages + budget.bonus) * WEEKS / n
    price = budget.bribe * WEEKS / n
    cartel.protection[j] = price / (price + p.bribe_half)
    lost = p.guns_wear
    for k in range(c.zone.size):
        i = c.at[j, k]
        if i >= 0:
            lost += (leaving(c, int(i)) + c.plaza.losses[i] + c.plaza.jailed[i]) * c.plaza.members[i] / n
    cartel.arms[j] = math.floor(budget.bought * WEEKS / lost)


@inner
def leaving(c: Country, i: int) -> float:
    """Members who leave plaza i of their own will, per member and year."""
    p = c.p
    j = c.plaza.cartel[i]
    unpaid = p.gap_desertion * c.cartel.gap[j]
    return float((p.desertion + unpaid + p.retirement + p.saturation * c.cartel.members[j]) * WEEKS)


@inner
def expected_people(c: Country, k: int) -> None:
    """Prisoners, and the pool of place k, where as many come as go: (full - Y) refill + home = reach Y / (Y + half) a year."""
    plaza, t, p, push = c.plaza, c.territory, c.p, c.push
    mood, forced, reach, home = mood_of(t, p, push[0], k), p.forced_share * (1.0 - t.sumsq[k]), 0.0, 0.0
    for i in range(c.first[k], c.first[k + 1]):
        n, j = plaza.members[i], plaza.cartel[i]
        plaza.appeal[i] = appeal(c, i, mood)
        reach += n * approached(p) * (forced + (1.0 - forced) * plaza.appeal[i]) * WEEKS
        sentenced = n * plaza.jailed[i]
        c.cartel.prisoners[j] += math.floor(sentenced * p.sentence)
        home += n * leaving(c, i) + sentenced * (1.0 - p.returning)
    full, refill = t.pool_full[k], p.pool_refill
    half = p.pool_half * full
    offered = full * refill + home
    middle = offered - refill * half - reach
    t.pool[k] = math.floor((middle + math.sqrt(middle * middle + 4.0 * refill * half * offered)) / (2.0 * refill))
