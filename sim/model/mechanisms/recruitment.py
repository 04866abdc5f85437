"""Joining, by choice and by force."""

from __future__ import annotations

import math

from sim.model.chance import count
from sim.model.columns import CARTEL, FLOW, LEDGER, PLAZA, PUSH, TERRITORY, Array, Country, P
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import WEEKS


@compiled
def recruitment(c: Country, p: Array, push: Array, look: bool) -> None:
    """People from a finite local pool join; how appealing that is, is worked out anew when `look` says so.

    Reads:  members, pool, pay, losses, arrests, grievance, control shares; pushes recruit_appeal, legal_pay
    Writes: members, pool; flow recruits; ledger recruited
    Rule:   mean = rho n Y/(Y + Y_half) x [forced contest + (1 - forced contest) logistic(ln pay/wage ...) / reference], people a week;
            log-odds fall with lagged yearly risks of death and prison, rise with grievance, and move with programmes; force asks nobody
    Source: prieto2025 (choice), bennett2008 (grievance), FITTED (rates)
    """
    plaza, t = c.plaza, c.territory
    base = math.log(p[P.join_share] / (1.0 - p[P.join_share])) - p[P.pay_elasticity] * math.log(3.0)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        if start == stop:
            continue
        press = push[c.zone[k]]
        pool = t[TERRITORY.pool, k]
        half = p[P.pool_half] * t[TERRITORY.pool_full, k]
        reach = p[P.recruit_rate] * pool / max(1.0, pool + half) * (1.0 + p[P.pool_half])
        contested = 1.0 - t[TERRITORY.sumsq, k]
        forced = p[P.forced_share] * contested
        mood = base + p[P.grievance_pull] * t[TERRITORY.grievance, k] - p[P.fear_prison] * t[TERRITORY.arrest_risk, k]
        mood += math.log(press[PUSH.recruit_appeal]) - p[P.pay_elasticity] * math.log(p[P.legal_wage] * press[PUSH.legal_pay])
        for i in range(start, stop):
            if look or plaza[PLAZA.appeal, i] == 0.0:
                pay = math.log(max(1.0, c.cartel[CARTEL.pay, int(plaza[PLAZA.cartel, i])]))
                odds = mood + p[P.pay_elasticity] * pay - p[P.fear_death] * plaza[PLAZA.losses, i]
                plaza[PLAZA.appeal, i] = 1.0 / (1.0 + math.exp(-odds)) / p[P.join_share]
            join = plaza[PLAZA.appeal, i]
            mean = plaza[PLAZA.members, i] * reach * (forced + (1.0 - forced) * join)
            new = min(count(mean, c.luck[0, i]), t[TERRITORY.pool, k])
            plaza[PLAZA.members, i] += new
            t[TERRITORY.pool, k] -= new
            c.flow[FLOW.recruits] += new
            c.ledger[LEDGER.recruited] += new


@inner
def refill(t: Array, ledger: Array, p: Array, k: int, luck: float) -> None:
    """The age band turns over: boys grow into the pool, men out of it.

    Reads:  pool, pool_full
    Writes: pool; ledger refilled
    Rule:   net inflow = (full - pool) x refill a year, whole people
    Source: ASSUMED (form)
    """
    missing = t[TERRITORY.pool_full, k] - t[TERRITORY.pool, k]
    net = math.floor(missing * p[P.pool_refill] / WEEKS + luck)
    t[TERRITORY.pool, k] += net
    ledger[LEDGER.refilled] += net
