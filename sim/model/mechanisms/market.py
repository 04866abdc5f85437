"""US use, price, revenue and overdose."""

from __future__ import annotations

from sim.elementary import exp, log
from sim.model.chance import count, decision
from sim.model.clock import WEEK
from sim.model.columns import Country
from sim.model.compile.compiled import compiled
from sim.model.tables import draw

OVERDOSE = decision("market.overdose")


@compiled
def market(c: Country) -> None:
    """A week of the US market.

    Reads:  light, heavy, patients, price, push_memory, clocks; pushes interdiction, synthetic_supply, crop_value, treatment_slots,
            initiation, overdose_survival
    Writes: users, patients, price, seized, consumption, revenue; flow overdose_deaths, drug_tonnes
    Rule:   Q = (L + q (H + r N))(P/P0)^-eps, N in treatment; revenue = P Q; next week's P follows s O^-(scarcity x cocaine share)
            (1-z0)/(1-z) + (1-s)(Q/Q0)^-phi with a lag in weeks, O output at the source; z decays to its base as routes adapt (years);
            F = clock (1 + response (scarcer plants)); deaths = (H + r N)(P/P0)^-eps r0 (1 + F (m - 1))(1 - survival (1 - resistance F))
            a year; those above r0 leave H sooner, the saved stay
    Source: everingham1994 (users), caulkins_reuter2010 (price), castillo2020 (revenue, scarcity), source_model (overdose)
    """
    p, push = c.p, c.push
    n, year = c.nation, WEEK
    national = push[0]
    adaptation = p.route_adaptation
    n.push_memory += (national.interdiction - n.push_memory) * year / p.route_memory
    seized = p.seized_base + national.interdiction - adaptation * n.push_memory
    seized = min(p.seized_most, max(0.0, seized))
    n.seized = seized

    light, heavy = n.light, n.heavy
    start = n.initiates * national.initiation * year
    escalate = p.escalation * light * year
    entering = min(1.0, national.treatment_slots) * heavy * year
    leaving = n.patients * year / p.treatment_years
    n.patients += entering - leaving
    n.light = light + start - escalate - p.light_quit * light * year
    n.heavy = heavy + escalate - p.heavy_quit * heavy * year - entering + (1.0 - p.treatment_success) * leaving

    weight = p.heavy_use
    base = p.light_users + weight * p.heavy_users
    answer = exp(-p.demand_elasticity * log(n.price))
    using = n.heavy + p.treatment_use * n.patients
    use = (n.light + weight * using) / base * answer
    n.consumption = use
    clock = 1.0 + p.revenue_clock * (n.clock_revenue - 1.0)
    n.revenue = p.revenue_us * n.price * use * clock
    share = p.price_cost_share
    scarce = exp(-p.scarcity * p.cocaine_share * log(n.clock_output))
    cost = share * scarce * (1.0 - p.seized_base) / (1.0 - seized) + (1.0 - share) * exp(-p.fixed_risk * log(use))
    n.price += (cost - n.price) / p.price_lag

    scarcer = seized - p.seized_base + p.heroin_share * (1.0 - national.crop_value)
    synthetic = n.clock_synthetic * (1.0 + p.synthetic_response * scarcer)
    synthetic = min(1.0, max(0.0, synthetic * national.synthetic_supply))
    danger = 1.0 + synthetic * (p.synthetic_danger - 1.0)
    survival = min(p.survival_most, national.overdose_survival) * (1.0 - p.synthetic_resistance * synthetic)
    usual = p.overdose_rate * (1.0 - p.other_overdoses)
    deaths = usual * using * answer * danger * (1.0 - survival)
    n.heavy -= (deaths - usual * using) * year
    steady = p.other_overdoses * p.overdose_rate * p.heavy_users * (1.0 - survival)
    c.flow.overdose_deaths += count((deaths + steady) * year, draw(c, OVERDOSE, c.seed)[0])
    c.flow.drug_tonnes += use * clock * (1.0 - synthetic) * p.tonnes_2006 * year
