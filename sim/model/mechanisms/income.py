"""Trafficking, predation, payroll, protection and guns."""

from __future__ import annotations

import math

from sim.model.chance import Word, blocks, decision
from sim.model.columns import CARTEL, COUNT, FLOW, LEDGER, NATION, PLAZA, PUSH, TERRITORY, Array, Country, P
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import EASE, WEEK, WEEKS
from sim.model.tables import clear

GUNS = decision("income.guns")
FLOOR = 0.02  # least share of time by which a return is judged


@inner
def traffic_pull(c: Country, p: Array, push: Array) -> float:
    """The pull of all Mexican routes: sum of value x control x access over plazas."""
    plaza, crop = c.plaza, push[0, PUSH.crop_value]
    total = 0.0
    for i in range(c.count[COUNT.plazas]):
        k = int(plaza[PLAZA.territory, i])
        value = c.territory[TERRITORY.value, k] * (1.0 + c.territory[TERRITORY.poppy, k] * (crop - 1.0))
        plaza[PLAZA.route, i] = value * plaza[PLAZA.share, i] * c.cartel[CARTEL.access, int(plaza[PLAZA.cartel, i])]
        total += plaza[PLAZA.route, i]
    return total


@inner
def worth(t: Array, nation: Array, p: Array, k: int) -> None:
    """What each predatory sector of a place would yield in a week if everything within reach of today's know-how were taken, US$."""
    week = p[P.predation_usd] * WEEK
    rest = 1.0 - p[P.extortion_share] - p[P.kidnapping_share] - p[P.fuel_share]
    economy = week * t[TERRITORY.economy, k] * t[TERRITORY.economy_left, k]
    t[TERRITORY.worth_extortion, k] = economy * p[P.extortion_share] * nation[NATION.known_extortion]
    t[TERRITORY.worth_kidnapping, k] = economy * p[P.kidnapping_share] * nation[NATION.known_kidnapping]
    t[TERRITORY.worth_fuel, k] = week * p[P.fuel_share] * t[TERRITORY.pipeline, k] * nation[NATION.known_fuel]
    t[TERRITORY.worth_retail, k] = week * max(0.0, rest) * t[TERRITORY.users, k] * nation[NATION.local_use]


@compiled
def income(c: Country, p: Array, push: Array, choose: bool) -> None:
    """A week of earning.

    Reads:  control shares, access, effort, revenue, know-how, economies; push crop_value
    Writes: plaza income and, when `choose`, effort; cartel week_income; takings of places; flows of trafficking and predation
    Rule:   trafficking = R tau q a / (outside + sum tau q a), carried up to capacity x members; a sector yields
            worth (1 - exp(-effort / reach)), shared by time, more for groups without a future; effort moves towards return^mu, US$
    Source: olson1993 (horizon), deharo and battiston2024 (sectors), ASSUMED (forms)
    """
    plaza, cartel, t, flow = c.plaza, c.cartel, c.territory, c.flow
    pull = traffic_pull(c, p, push)
    week_revenue = c.nation[NATION.revenue] / WEEKS / (p[P.outside_routes] + pull)
    carry = p[P.carry_capacity] / WEEKS
    clear(cartel[CARTEL.week_income], c.count[COUNT.cartels])
    clear(cartel[CARTEL.week_traffic], c.count[COUNT.cartels])
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        worth(t, c.nation, p, k)
        t[TERRITORY.got_extortion, k] = t[TERRITORY.got_kidnapping, k] = t[TERRITORY.got_fuel, k] = 0.0
        t[TERRITORY.taken, k] = t[TERRITORY.haste, k] = 0.0
        if start == stop:
            continue
        reach = max(1.0, p[P.predation_reach] * t[TERRITORY.population, k] * 1e-6)
        time_e, time_k, time_f, time_r, armed, hasty = 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.0
        for i in range(start, stop):
            n, haste = plaza[PLAZA.members, i], short_future(plaza, cartel, p, i)
            plaza[PLAZA.haste, i] = haste
            hours = n * (1.0 + p[P.looting] * haste)
            hasty += n * haste
            armed += n
            time_e += hours * plaza[PLAZA.extortion, i]
            time_k += hours * plaza[PLAZA.kidnapping, i]
            time_f += hours * plaza[PLAZA.fuel, i]
            time_r += hours * plaza[PLAZA.retail, i]
        pay_e = t[TERRITORY.worth_extortion, k] * -math.expm1(-time_e / reach) / time_e
        pay_k = t[TERRITORY.worth_kidnapping, k] * -math.expm1(-time_k / reach) / time_k
        pay_f = t[TERRITORY.worth_fuel, k] * -math.expm1(-time_f / reach) / time_f
        pay_r = t[TERRITORY.worth_retail, k] * -math.expm1(-time_r / reach) / time_r
        t[TERRITORY.got_extortion, k], t[TERRITORY.got_kidnapping, k] = pay_e * time_e, pay_k * time_k
        t[TERRITORY.got_fuel, k] = pay_f * time_f
        if choose:
            drawn_e, drawn_k, drawn_f, drawn_r = weight(p, pay_e), weight(p, pay_k), weight(p, pay_f), weight(p, pay_r)
        for i in range(start, stop):
            j = int(plaza[PLAZA.cartel, i])
            n = plaza[PLAZA.members, i]
            offered, carried = week_revenue * plaza[PLAZA.route, i], 0.0
            if offered > 0.0:
                carried = offered * (1.0 - math.exp(-carry * n * plaza[PLAZA.traffic, i] / offered))
            extra = 1.0 + p[P.looting] * plaza[PLAZA.haste, i]
            taken = n * extra * (
                pay_e * plaza[PLAZA.extortion, i] + pay_k * plaza[PLAZA.kidnapping, i]
                + pay_f * plaza[PLAZA.fuel, i] + pay_r * plaza[PLAZA.retail, i]
            )  # fmt: skip
            carried, taken = math.floor(carried), math.floor(taken)
            plaza[PLAZA.income, i] = carried + taken
            t[TERRITORY.taken, k] += taken
            cartel[CARTEL.week_income, j] += carried + taken
            cartel[CARTEL.week_traffic, j] += carried
            flow[FLOW.trafficking_revenue_usd] += carried
            flow[FLOW.predation_revenue_usd] += taken
            if choose and n > 0.0:
                per = carried / (n * max(FLOOR, plaza[PLAZA.traffic, i]))
                reallocate(plaza, p[P.effort_inertia], i, weight(p, per / extra), drawn_e, drawn_k, drawn_f, drawn_r)
        t[TERRITORY.haste, k] = hasty / armed


@compiled
def prey(c: Country, p: Array) -> None:
    """What predation leaves behind: trades become known, looted economies shrink, the Mexican drug market grows.

    Reads:  takings and worth of places, haste of those present, armed people and concentration of control
    Writes: know-how by sector, economy_left, local_use; flows of incidents
    Rule:   dK = learning x K (1 - K) x (1 - sum q^2 where armed people stand) a year: trades spread where groups meet; the economy loses
            damage x share taken x haste and recovers
    Source: battiston2024 (spread), olson1993 (looting), ASSUMED (forms)
    """
    t, nation, armed, meeting = c.territory, c.nation, 1e-9, 0.0
    for k in range(c.first.size - 1):
        armed += t[TERRITORY.armed, k]
        meeting += t[TERRITORY.armed, k] * (1.0 - t[TERRITORY.sumsq, k])
        got = t[TERRITORY.got_extortion, k] + t[TERRITORY.got_kidnapping, k]
        c.flow[FLOW.extortion_incidents] += t[TERRITORY.got_extortion, k] / p[P.extortion_take]
        c.flow[FLOW.kidnappings] += t[TERRITORY.got_kidnapping, k] / p[P.kidnapping_take]
        c.flow[FLOW.fuel_thefts] += t[TERRITORY.got_fuel, k] / p[P.fuel_take]
        taken = got / max(1e-9, t[TERRITORY.worth_extortion, k] + t[TERRITORY.worth_kidnapping, k])
        left = t[TERRITORY.economy_left, k]
        change = (1.0 - left) / p[P.economy_recovery] - p[P.looting_damage] * taken * t[TERRITORY.haste, k] * left
        t[TERRITORY.economy_left, k] = min(1.0, max(0.05, left + change / WEEKS))
    pace = p[P.learning] * meeting / armed / WEEKS
    nation[NATION.known_extortion] += pace * nation[NATION.known_extortion] * (1.0 - nation[NATION.known_extortion])
    nation[NATION.known_kidnapping] += pace * nation[NATION.known_kidnapping] * (1.0 - nation[NATION.known_kidnapping])
    nation[NATION.known_fuel] += pace * nation[NATION.known_fuel] * (1.0 - nation[NATION.known_fuel])
    nation[NATION.local_use] *= 1.0 + p[P.local_growth] / WEEKS


@inner
def short_future(plaza: Array, cartel: Array, p: Array, i: int) -> float:
    """How little a plaza expects to hold on, 0..1: its losses of members and its cartel's of leaders, per year, against the horizon."""
    rate = plaza[PLAZA.losses, i] + p[P.tenure_fear] * cartel[CARTEL.losses, int(plaza[PLAZA.cartel, i])]
    return float(rate / (rate + p[P.horizon]))


@inner
def weight(p: Array, pays: float) -> float:
    """Weight of a sector in the choice of effort, by its return in US$ per member-week."""
    return math.exp(p[P.effort_sensitivity] * math.log(pays + 1e-3))


@inner
def reallocate(plaza: Array, step: float, i: int, traffic: float, extort: float, kidnap: float, fuel: float, retail: float) -> None:
    """Move effort a step towards the better-paying sectors, in proportion to their weights."""
    total = 1.0 / (traffic + extort + kidnap + fuel + retail)
    plaza[PLAZA.traffic, i] += step * (traffic * total - plaza[PLAZA.traffic, i])
    plaza[PLAZA.extortion, i] += step * (extort * total - plaza[PLAZA.extortion, i])
    plaza[PLAZA.kidnapping, i] += step * (kidnap * total - plaza[PLAZA.kidnapping, i])
    plaza[PLAZA.fuel, i] += step * (fuel * total - plaza[PLAZA.fuel, i])
    rest = 1.0 - plaza[PLAZA.traffic, i] - plaza[PLAZA.extortion, i] - plaza[PLAZA.kidnapping, i] - plaza[PLAZA.fuel, i]
    plaza[PLAZA.retail, i] = max(0.0, rest)


@compiled
def payroll(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """A week of spending.

    Reads:  week_income, cash, members, financiers, dealers; pushes cash_seizure, gun_inflow, gun_leakage
    Writes: cash, arms, pay, gap, protection, smoothed incomes; flows of guns; ledger in dollars and guns
    Rule:   changing cash costs a share of income, less with financiers; wages first, from income and cash; then bribes, guns and a
            bonus as shares of income; cash above a reserve of some weeks of wages is consumed by leaders
    Source: prieto2025 (wages), dalbo2006 (protection), ASSUMED (shares)
    """
    cartel, ledger = c.cartel, c.ledger
    blocks(c.cartel_draw, GUNS, week, c.cartel_key, seed, c.count[COUNT.cartels])
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        n = max(1.0, cartel[CARTEL.members, j])
        each = WEEKS / n  # US$ a week become US$ per member and year
        press = push[int(cartel[CARTEL.zone, j])]
        earned = cartel[CARTEL.week_income, j]
        traffic = cartel[CARTEL.week_traffic, j]
        cartel[CARTEL.traffic_income, j] += EASE * (traffic * WEEKS - cartel[CARTEL.traffic_income, j])
        cartel[CARTEL.predation_income, j] += EASE * ((earned - traffic) * WEEKS - cartel[CARTEL.predation_income, j])
        fees = math.floor(earned * p[P.laundering] / (1.0 + cartel[CARTEL.financiers, j]))
        cash = cartel[CARTEL.cash, j] + earned - fees
        ledger[LEDGER.earned] += earned
        ledger[LEDGER.fees] += fees
        due = math.floor(p[P.wage] * n * WEEK)
        wages = min(due, cash)
        left = cash - wages
        bribe = min(left, math.floor(earned * p[P.bribes]))
        guns = min(left - bribe, math.floor(earned * p[P.arms_budget]))
        u, v, w = c.cartel_draw[0, j], c.cartel_draw[1, j], c.cartel_draw[2, j]
        bought = math.floor(guns * guns_per_dollar(cartel, p, press, j) + u)
        bonus = min(left - bribe - guns, math.floor(earned * p[P.bonus]))
        left -= bribe + guns + bonus
        frozen = math.floor(left * min(1.0, press[PUSH.cash_seizure] * WEEK))
        left -= frozen
        consumed = max(0.0, left - math.floor(due * p[P.reserve]))
        left -= consumed
        cartel[CARTEL.cash, j] = left
        ledger[LEDGER.paid] += wages + bonus
        ledger[LEDGER.bribed] += bribe
        ledger[LEDGER.spent_arms] += guns
        ledger[LEDGER.consumed] += consumed
        ledger[LEDGER.frozen] += frozen
        arms = cartel[CARTEL.arms, j]
        worn = min(arms, math.floor(arms * p[P.guns_wear] * WEEK + v))
        leaked = math.floor(n * press[PUSH.gun_leakage] * WEEK + w)
        cartel[CARTEL.arms, j] = arms + bought + leaked - worn
        c.flow[FLOW.guns_bought] += bought
        c.flow[FLOW.guns_leaked] += leaked
        ledger[LEDGER.bought] += bought
        ledger[LEDGER.leaked] += leaked
        ledger[LEDGER.worn] += worn
        gap = 1.0 - wages / due if due > 0.0 else 0.0
        cartel[CARTEL.gap, j] += EASE * (gap - cartel[CARTEL.gap, j])
        cartel[CARTEL.pay, j] += EASE * ((wages + bonus) * each - cartel[CARTEL.pay, j])
        price = bribe * each
        cartel[CARTEL.protection, j] += EASE * (price / (price + p[P.bribe_half]) - cartel[CARTEL.protection, j])


@compiled
def morale(c: Country, p: Array) -> None:
    """What holds a cartel together from week to week.

    Reads:  payroll gap, remembered losses of leaders, members
    Writes: cartel cohesion, losses, patience, vacancy, notoriety
    Rule:   cohesion returns to rest over recovery weeks and falls while nothing is paid; patience = delta0 (1 - w min(1, losses a year));
            losses are forgotten over loss_memory weeks; notoriety follows sqrt(members / 1000) over a year
    Source: castillo2020 (patience), doctor (cohesion), ASSUMED (forms)
    """
    cartel, recovery, kept = c.cartel, 1.0 / p[P.cohesion_recovery], 1.0 - 1.0 / p[P.loss_memory]
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        x = cartel[CARTEL.cohesion, j]
        x += (p[P.cohesion_target] - x) * recovery - p[P.gap_cohesion] * cartel[CARTEL.gap, j]
        cartel[CARTEL.cohesion, j] = min(1.0, max(0.01, x))
        cartel[CARTEL.losses, j] *= kept
        cartel[CARTEL.patience, j] = p[P.patience] * (1.0 - p[P.leader_loss_weight] * min(1.0, cartel[CARTEL.losses, j]))
        cartel[CARTEL.vacancy, j] = max(0.0, cartel[CARTEL.vacancy, j] - 1.0)
        cartel[CARTEL.notoriety, j] += (math.sqrt(cartel[CARTEL.members, j] * 1e-3) - cartel[CARTEL.notoriety, j]) * WEEK


@inner
def guns_per_dollar(cartel: Array, p: Array, press: Array, j: int) -> float:
    """Guns for US$ 1: fewer with a smaller southbound inflow, half as many at most without a dealer of one's own."""
    links = cartel[CARTEL.dealers, j]
    return float(max(1e-6, press[PUSH.gun_inflow]) * (1.0 + links) / (p[P.gun_price] * (2.0 + links)))


@compiled
def strength(c: Country, p: Array) -> None:
    """Fighting strength per member of every cartel.

    Reads:  cohesion, arms, members, vacancy
    Writes: cartel might (to the exponent r), grip (to the exponent of control)
    Rule:   x^c (arms per member / reference)^nu (1 - zeta while nobody leads)
    Source: hirshleifer1989, dube2013 (arms), ASSUMED (exponents)
    """
    cartel, weakness = c.cartel, math.log(1.0 - p[P.vacancy_weakness])
    for j in range(c.count[COUNT.cartels]):
        if cartel[CARTEL.alive, j] == 0.0:
            continue
        per = (cartel[CARTEL.arms, j] + 0.05) / (max(1.0, cartel[CARTEL.members, j]) * p[P.arms_reference])
        logs = p[P.cohesion_weight] * math.log(cartel[CARTEL.cohesion, j]) + p[P.arms_weight] * math.log(max(0.01, per))
        if cartel[CARTEL.vacancy, j] > 0.0:
            logs += weakness
        cartel[CARTEL.might, j], cartel[CARTEL.grip, j] = math.exp(p[P.foe_exponent] * logs), math.exp(p[P.decisiveness] * logs)
