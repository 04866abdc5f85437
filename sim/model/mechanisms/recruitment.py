"""Joining, by choice and by force."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import counts, decision
from sim.model.clock import WEEKS
from sim.model.columns import Country, P, Press, Territory
from sim.model.compile.compiled import compiled, inner
from sim.model.tables import draw_all

REFILL = decision("recruitment.refill")


@inner
def approached(p: P) -> float:
    """People approached per member and week if the pool were endless, in units of those who join at the reference."""
    return float(p.recruit_rate * (1.0 + p.pool_half))


@inner
def mood_of(t: Territory, p: P, press: Press, k: int) -> float:
    """Log-odds of joining in place k of somebody who is paid US$ 1 a year and knows nobody who died."""
    mood = log(p.join_share / (1.0 - p.join_share)) - p.pay_elasticity * log(p.pay_reference)
    mood += p.grievance_pull * t.grievance[k] - p.fear_prison * t.arrest_risk[k]
    return float(mood + log(press.recruit_appeal) - p.pay_elasticity * log(p.legal_wage * press.legal_pay))


@inner
def appeal(c: Country, i: int, mood: float) -> float:
    """Odds of joining plaza i relative to the reference: pay draws, the chance to be killed within a year deters."""
    p = c.p
    pay = log(max(1.0, c.cartel.pay[c.plaza.cartel[i]]))
    death = 1.0 - exp(-c.plaza.losses[i] - c.plaza.felled[i])
    odds = mood + p.pay_elasticity * pay - p.fear_death * death
    return float(1.0 / (1.0 + exp(-odds)) / p.join_share)


@compiled
def recruitment(c: Country, look: bool) -> None:
    """People from a finite local pool join; how appealing that is, is worked out anew when `look` says so.

    Reads:  members, pool, pay, losses, arrests, grievance, control shares; pushes recruit_appeal, legal_pay
    Writes: members, pool; flow recruits; ledger recruited
    Rule:   mean = rho n Y/(Y + Y_half) x [forced contest + (1 - forced contest) logistic(ln pay/wage ...) / reference], people a week;
            log-odds fall with lagged yearly chances of death and prison, rise with grievance, and move with programmes; force asks nobody
    Source: prieto2025 (choice), bennett2008 (grievance), FITTED (rates)
    """
    plaza, t, p, push = c.plaza, c.territory, c.p, c.push
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        if start == stop:
            continue
        pool = t.pool[k]
        half = p.pool_half * t.pool_full[k]
        reach = approached(p) * pool / max(1.0, pool + half)
        forced = p.forced_share * (1.0 - t.sumsq[k])
        mood = mood_of(t, p, push[c.zone[k]], k) if look else 0.0
        for i in range(start, stop):
            if look:
                plaza.appeal[i] = appeal(c, i, mood)
            elif plaza.appeal[i] == 0.0:
                plaza.appeal[i] = appeal(c, i, mood_of(t, p, push[c.zone[k]], k))
            plaza.work[i] = plaza.members[i] * reach * (forced + (1.0 - forced) * plaza.appeal[i])
    counts(plaza.counted, plaza.work, c.luck, 0, c.count.plazas)
    for i in range(c.count.plazas):
        k = plaza.territory[i]
        new = min(plaza.counted[i], t.pool[k])
        plaza.members[i] += new
        t.pool[k] -= new
        c.flow.recruits += new
        c.ledger.recruited += new


@compiled
def refill(c: Country) -> None:
    """The age band turns over: boys grow into the pool, men out of it.

    Reads:  pool, pool_full
    Writes: pool; ledger refilled, outgrown
    Rule:   net inflow = (full - pool) x refill a year, whole people
    Source: ASSUMED (form)
    """
    t, p = c.territory, c.p
    draw_all(c, c.place_draw, REFILL, c.territory_key, c.zone.size)
    for k in range(c.zone.size):
        missing = t.pool_full[k] - t.pool[k]
        net = math.floor(missing * p.pool_refill / WEEKS + c.place_draw[0, k])
        t.pool[k] += net
        c.ledger.refilled += max(0.0, net)
        c.ledger.outgrown += max(0.0, -net)
