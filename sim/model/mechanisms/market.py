"""US use, price, revenue and overdose."""

from __future__ import annotations

import math

from sim.model.chance import count
from sim.model.columns import FLOW, NATION, PUSH, Array, Country, P
from sim.model.compiled import compiled

WEEKS = 52.1775  # weeks in a year, 365.2425 / 7
WEEK = 1.0 / WEEKS  # years
EASE = 1.0 / 26.0  # of the gap that a quantity smoothed over half a year closes in a week
EVERY = 4.0  # weeks between two looks at what changes slowly


@compiled
def market(c: Country, p: Array, push: Array, luck: float) -> None:
    """A week of the US market.

    Reads:  light, heavy, patients, price, push_memory, clocks; pushes interdiction, synthetic_supply, crop_value, treatment_slots,
            initiation, overdose_survival
    Writes: users, patients, price, seized, consumption, revenue; flow overdose_deaths, drug_tonnes
    Rule:   Q = (L + q (H + r N))(P/P0)^-eps, N in treatment; revenue = P Q; next week's P follows s (1-z0)/(1-z) + (1-s)(Q/Q0)^-phi with
            a lag in weeks; z decays to its base as routes adapt (years); F = clock (1 + response (scarcer plants)); deaths =
            (H + r N)(P/P0)^-eps r0 (1 + F (m - 1))(1 - survival (1 - resistance F)) a year; those above r0 leave H sooner, the saved stay
    Source: everingham1994 (users), caulkins_reuter2010 (price), castillo2020 (revenue), source_model (overdose)
    """
    n, year = c.nation, WEEK
    national = push[0]
    adaptation = p[P.route_adaptation]
    n[NATION.push_memory] += (national[PUSH.interdiction] - n[NATION.push_memory]) * year / p[P.route_memory]
    seized = p[P.seized_base] + national[PUSH.interdiction] - adaptation * n[NATION.push_memory]
    seized = min(0.95, max(0.0, seized))
    n[NATION.seized] = seized

    light, heavy = n[NATION.light], n[NATION.heavy]
    start = n[NATION.initiates] * national[PUSH.initiation] * year
    escalate = p[P.escalation] * light * year
    entering = min(1.0, national[PUSH.treatment_slots]) * heavy * year
    leaving = n[NATION.patients] * year / p[P.treatment_years]
    n[NATION.patients] += entering - leaving
    n[NATION.light] = light + start - escalate - p[P.light_quit] * light * year
    n[NATION.heavy] = heavy + escalate - p[P.heavy_quit] * heavy * year - entering + (1.0 - p[P.treatment_success]) * leaving

    weight = p[P.heavy_use]
    base = p[P.light_users] + weight * p[P.heavy_users]
    answer = math.exp(-p[P.demand_elasticity] * math.log(n[NATION.price]))
    using = n[NATION.heavy] + p[P.treatment_use] * n[NATION.patients]
    use = (n[NATION.light] + weight * using) / base * answer
    n[NATION.consumption] = use
    clock = 1.0 + p[P.revenue_clock] * (n[NATION.clock_revenue] - 1.0)
    n[NATION.revenue] = p[P.revenue_us] * n[NATION.price] * use * clock
    share = p[P.price_cost_share]
    cost = share * (1.0 - p[P.seized_base]) / (1.0 - seized) + (1.0 - share) * math.exp(-p[P.fixed_risk] * math.log(use))
    n[NATION.price] += (cost - n[NATION.price]) / p[P.price_lag]

    scarcer = seized - p[P.seized_base] + p[P.heroin_share] * (1.0 - national[PUSH.crop_value])
    synthetic = n[NATION.clock_synthetic] * (1.0 + p[P.synthetic_response] * scarcer)
    synthetic = min(1.0, max(0.0, synthetic * national[PUSH.synthetic_supply]))
    danger = 1.0 + synthetic * (p[P.synthetic_danger] - 1.0)
    survival = min(0.95, national[PUSH.overdose_survival]) * (1.0 - p[P.synthetic_resistance] * synthetic)
    usual = p[P.overdose_rate] * (1.0 - p[P.other_overdoses])
    deaths = usual * using * answer * danger * (1.0 - survival)
    n[NATION.heavy] -= (deaths - usual * using) * year
    steady = p[P.other_overdoses] * p[P.overdose_rate] * p[P.heavy_users] * (1.0 - survival)
    c.flow[FLOW.overdose_deaths] += count((deaths + steady) * year, luck)
    c.flow[FLOW.drug_tonnes] += use * clock * (1.0 - synthetic) * p[P.tonnes_2006] * year
