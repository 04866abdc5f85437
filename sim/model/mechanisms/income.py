"""Trafficking, predation, payroll, protection and guns."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.elementary import exp, exp_all, expm1, log, log_all
from sim.model.chance import decision
from sim.model.clock import EASE, WEEK, WEEKS
from sim.model.columns import Cartel, Country, Nation, P, Plaza, Press, Territory
from sim.model.compile.compiled import compiled, inner
from sim.model.mechanisms.enforcement import lost
from sim.model.tables import clear, draw_living

GUNS = decision("income.guns")
SPARE = 0.05  # of a gun: without any a group still fights


class Draws(NamedTuple):
    """Weights of the predatory sectors of a place in the choice of effort."""

    extortion: float
    kidnapping: float
    fuel: float
    retail: float


@inner
def traffic_pull(c: Country) -> float:
    """The pull of all Mexican routes: sum of value x control x access over plazas."""
    push = c.push
    plaza, crop = c.plaza, push[0].crop_value
    total = 0.0
    for i in range(c.count.plazas):
        k = plaza.territory[i]
        value = c.territory.value[k] * (1.0 + c.territory.poppy[k] * (crop - 1.0))
        plaza.route[i] = value * plaza.share[i] * c.cartel.access[plaza.cartel[i]]
    for i in range(c.count.plazas):
        total += plaza.route[i]
    return total


@inner
def worth(t: Territory, nation: Nation, p: P, k: int) -> None:
    """What each predatory sector of a place would yield in a week if everything within reach of today's know-how were taken, US$."""
    week = p.predation_usd * WEEK
    rest = 1.0 - p.extortion_share - p.kidnapping_share - p.fuel_share
    economy = week * t.economy[k] * t.economy_left[k]
    t.worth_extortion[k] = economy * p.extortion_share * nation.known_extortion
    t.worth_kidnapping[k] = economy * p.kidnapping_share * nation.known_kidnapping
    t.worth_fuel[k] = week * p.fuel_share * t.pipeline[k] * nation.known_fuel
    t.worth_retail[k] = week * max(0.0, rest) * t.users[k] * nation.local_use


@compiled
def income(c: Country, choose: bool) -> None:
    """A week of earning.

    Reads:  control shares, access, effort, revenue, know-how, economies; push crop_value
    Writes: plaza income and, when `choose`, effort; cartel week_income; takings of places; flows of trafficking and predation
    Rule:   trafficking = R tau q a / (outside + sum tau q a), carried up to capacity x members; a sector yields
            worth (1 - exp(-effort / reach)), shared by time, more for groups without a future; effort moves towards return^mu, US$
    Source: olson1993 (horizon), deharo and battiston2024 (sectors), ASSUMED (forms)
    """
    plaza, cartel, t, flow, p = c.plaza, c.cartel, c.territory, c.flow, c.p
    pull = traffic_pull(c)
    week_revenue = c.nation.revenue / WEEKS / (p.outside_routes + pull)
    carry = p.carry_capacity / WEEKS
    for i in range(c.count.plazas):
        plaza.haste[i], offered = short_future(plaza, cartel, p, i), week_revenue * plaza.route[i]
        plaza.work[i] = -carry * plaza.members[i] * plaza.traffic[i] / offered if offered > 0.0 else 0.0
    exp_all(plaza.work, c.count.plazas)
    clear(cartel.week_income, c.count.cartels)
    clear(cartel.week_traffic, c.count.cartels)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        worth(t, c.nation, p, k)
        t.got_extortion[k] = t.got_kidnapping[k] = t.got_fuel[k] = 0.0
        t.taken[k] = 0.0
        if start == stop:
            continue
        reach = max(1.0, p.predation_reach * t.population[k] * 1e-6)
        time_e, time_k, time_f, time_r = 1e-9, 1e-9, 1e-9, 1e-9
        for i in range(start, stop):
            hours = plaza.members[i] * (1.0 + p.looting * plaza.haste[i])
            time_e += hours * plaza.extortion[i]
            time_k += hours * plaza.kidnapping[i]
            time_f += hours * plaza.fuel[i]
            time_r += hours * plaza.retail[i]
        pay_e = t.worth_extortion[k] * -expm1(-time_e / reach) / time_e
        pay_k = t.worth_kidnapping[k] * -expm1(-time_k / reach) / time_k
        pay_f = t.worth_fuel[k] * -expm1(-time_f / reach) / time_f
        pay_r = t.worth_retail[k] * -expm1(-time_r / reach) / time_r
        t.got_extortion[k], t.got_kidnapping[k] = pay_e * time_e, pay_k * time_k
        t.got_fuel[k] = pay_f * time_f
        drawn = Draws(0.0, 0.0, 0.0, 0.0)
        if choose:
            drawn = Draws(weight(p, pay_e), weight(p, pay_k), weight(p, pay_f), weight(p, pay_r))
        for i in range(start, stop):
            j = plaza.cartel[i]
            n = plaza.members[i]
            carried = week_revenue * plaza.route[i] * (1.0 - plaza.work[i])
            extra = 1.0 + p.looting * plaza.haste[i]
            taken = n * extra * (
                pay_e * plaza.extortion[i] + pay_k * plaza.kidnapping[i]
                + pay_f * plaza.fuel[i] + pay_r * plaza.retail[i]
            )  # fmt: skip
            carried, taken = math.floor(carried), math.floor(taken)
            plaza.income[i] = carried + taken
            t.taken[k] += taken
            cartel.week_income[j] += carried + taken
            cartel.week_traffic[j] += carried
            flow.trafficking_revenue_usd += carried
            flow.predation_revenue_usd += taken
            if choose and n > 0.0:
                per = carried / (n * max(p.time_floor, plaza.traffic[i]))
                reallocate(c, i, weight(p, per / extra), drawn)


@compiled
def prey(c: Country) -> None:
    """What predation leaves behind: trades become known, looted economies shrink, the Mexican drug market grows.

    Reads:  takings and worth of places, haste of those present, armed people and concentration of control
    Writes: know-how by sector, economy_left, local_use; flows of incidents
    Rule:   dK = learning x K (1 - K) x (1 - sum q^2 where armed people stand) a year: trades spread where groups meet; the economy loses
            damage x share taken x haste and recovers
    Source: battiston2024 (spread), olson1993 (looting), ASSUMED (forms)
    """
    p = c.p
    t, nation, armed, meeting = c.territory, c.nation, 1e-9, 0.0
    for k in range(c.first.size - 1):
        armed += t.armed[k]
        meeting += t.armed[k] * (1.0 - t.sumsq[k])
        got = t.got_extortion[k] + t.got_kidnapping[k]
        c.flow.extortion_incidents += t.got_extortion[k] / p.extortion_take
        c.flow.kidnappings += t.got_kidnapping[k] / p.kidnapping_take
        c.flow.fuel_thefts += t.got_fuel[k] / p.fuel_take
        taken = got / max(1e-9, t.worth_extortion[k] + t.worth_kidnapping[k])
        left = t.economy_left[k]
        change = (1.0 - left) / p.economy_recovery - p.looting_damage * taken * haste_of(c, k) * left
        t.economy_left[k] = min(1.0, max(p.economy_least, left + change / WEEKS))
    pace = p.learning * meeting / armed / WEEKS
    nation.known_extortion += pace * nation.known_extortion * (1.0 - nation.known_extortion)
    nation.known_kidnapping += pace * nation.known_kidnapping * (1.0 - nation.known_kidnapping)
    nation.known_fuel += pace * nation.known_fuel * (1.0 - nation.known_fuel)
    nation.local_use *= 1.0 + p.local_growth / WEEKS


@inner
def short_future(plaza: Plaza, cartel: Cartel, p: P, i: int) -> float:
    """How little a plaza expects to hold on, 0..1: its losses of members and its cartel's of leaders, per year, against the horizon."""
    rate = lost(plaza, i) + p.tenure_fear * cartel.losses[plaza.cartel[i]]
    return float(rate / (rate + p.horizon))


@inner
def haste_of(c: Country, k: int) -> float:
    """The same of all members who stand in place k, on average."""
    hasty, armed = 0.0, 0.0
    for i in range(c.first[k], c.first[k + 1]):
        hasty += c.plaza.members[i] * c.plaza.haste[i]
        armed += c.plaza.members[i]
    return float(hasty / armed) if armed > 0.0 else 0.0


@inner
def weight(p: P, pays: float) -> float:
    """Weight of a sector in the choice of effort, by its return in US$ per member-week."""
    return exp(p.effort_sensitivity * log(pays + 1e-3))


@inner
def reallocate(c: Country, i: int, traffic: float, drawn: Draws) -> None:
    """Move effort a step towards the better-paying sectors, in proportion to their weights."""
    plaza, step = c.plaza, c.p.effort_inertia
    total = 1.0 / (traffic + drawn.extortion + drawn.kidnapping + drawn.fuel + drawn.retail)
    plaza.traffic[i] += step * (traffic * total - plaza.traffic[i])
    plaza.extortion[i] += step * (drawn.extortion * total - plaza.extortion[i])
    plaza.kidnapping[i] += step * (drawn.kidnapping * total - plaza.kidnapping[i])
    plaza.fuel[i] += step * (drawn.fuel * total - plaza.fuel[i])
    rest = 1.0 - plaza.traffic[i] - plaza.extortion[i] - plaza.kidnapping[i] - plaza.fuel[i]
    plaza.retail[i] = max(0.0, rest)


class Budget(NamedTuple):
    """What a cartel spends in a week, US$; guns bought for it, and the share of wages left unpaid."""

    due: float  # wages
    wages: float  # of them paid
    bribe: float
    guns: float
    bonus: float
    bought: float  # guns, not rounded
    gap: float


@inner
def afford(c: Country, j: int, press: Press, cash: float) -> Budget:
    """Wages first, then bribes, guns and a bonus as shares of income, as far as cash goes."""
    cartel, p = c.cartel, c.p
    earned, due = cartel.week_income[j], math.floor(p.wage * max(1.0, cartel.members[j]) * WEEK)
    wages = min(due, cash)
    bribe = min(cash - wages, math.floor(earned * p.bribes))
    guns = min(cash - wages - bribe, math.floor(earned * p.arms_budget))
    bonus = min(cash - wages - bribe - guns, math.floor(earned * p.bonus))
    gap = 1.0 - wages / due if due > 0.0 else 0.0
    return Budget(due, wages, bribe, guns, bonus, guns * guns_per_dollar(cartel, p, press, j), gap)


@compiled
def payroll(c: Country) -> None:
    """A week of spending.

    Reads:  week_income, cash, members, gone, financiers, dealers; pushes cash_seizure, gun_inflow, gun_leakage
    Writes: cash, arms, pay, gap, protection, smoothed incomes; flows of guns; ledger in dollars and guns
    Rule:   changing cash costs a share of income, less with financiers; wages first, from income and cash; then bribes, guns and a
            bonus as shares of income; cash above a reserve of some weeks of wages is consumed by leaders; whoever left, fell or was
            arrested last week is one gun less, or as many as the group has a head
    Source: prieto2025 (wages), dalbo2006 (protection), ASSUMED (shares)
    """
    cartel, ledger, p, push = c.cartel, c.ledger, c.p, c.push
    draw_living(c, GUNS)
    for living in range(c.count.living):
        j = cartel.living[living]
        n = max(1.0, cartel.members[j])
        each = WEEKS / n  # US$ a week become US$ per member and year
        press = push[cartel.zone[j]]
        earned = cartel.week_income[j]
        traffic = cartel.week_traffic[j]
        cartel.traffic_income[j] += EASE * (traffic * WEEKS - cartel.traffic_income[j])
        cartel.predation_income[j] += EASE * ((earned - traffic) * WEEKS - cartel.predation_income[j])
        fees = math.floor(earned * p.laundering / (1.0 + cartel.financiers[j]))
        cash = cartel.cash[j] + earned - fees
        ledger.earned += earned
        ledger.fees += fees
        budget = afford(c, j, press, cash)
        wages, bribe, guns, bonus = budget.wages, budget.bribe, budget.guns, budget.bonus
        u, v, w, z = c.cartel_draw[0, living], c.cartel_draw[1, living], c.cartel_draw[2, living], c.cartel_draw[3, living]
        bought = math.floor(budget.bought + u)
        left = cash - wages - bribe - guns - bonus
        frozen = math.floor(left * min(1.0, press.cash_seizure * WEEK))
        left -= frozen
        consumed = max(0.0, left - math.floor(budget.due * p.reserve))
        left -= consumed
        cartel.cash[j] = left
        ledger.paid += wages + bonus
        ledger.bribed += bribe
        ledger.spent_arms += guns
        ledger.consumed += consumed
        ledger.frozen += frozen
        arms, gone = cartel.arms[j], cartel.gone[j]
        lost_guns = min(arms, math.floor(arms * gone / (n + gone) + z))
        arms -= lost_guns
        cartel.gone[j] = 0.0
        worn = min(arms, math.floor(arms * p.guns_wear * WEEK + v))
        leaked = math.floor(n * press.gun_leakage * WEEK + w)
        cartel.arms[j] = arms + bought + leaked - worn
        c.flow.guns_bought += bought
        c.flow.guns_leaked += leaked
        ledger.bought += bought
        ledger.leaked += leaked
        ledger.worn += worn
        ledger.lost_guns += lost_guns
        cartel.gap[j] += EASE * (budget.gap - cartel.gap[j])
        cartel.pay[j] += EASE * ((wages + bonus) * each - cartel.pay[j])
        price = bribe * each
        cartel.protection[j] += EASE * (price / (price + p.bribe_half) - cartel.protection[j])


@compiled
def morale(c: Country) -> None:
    """What holds a cartel together from week to week.

    Reads:  payroll gap, remembered losses of leaders, members
    Writes: cartel cohesion, losses, patience, vacancy, notoriety
    Rule:   cohesion returns to rest over recovery weeks and falls while nothing is paid; patience = delta0 (1 - w min(1, losses a year));
            losses are forgotten over loss_memory weeks; notoriety follows sqrt(members / 1000) over a year
    Source: castillo2020 (patience), doctor (cohesion), ASSUMED (forms)
    """
    p = c.p
    cartel, recovery, kept = c.cartel, 1.0 / p.cohesion_recovery, 1.0 - 1.0 / p.loss_memory
    for living in range(c.count.living):
        j = cartel.living[living]
        x = cartel.cohesion[j]
        x += (p.cohesion_target - x) * recovery - p.gap_cohesion * cartel.gap[j]
        cartel.cohesion[j] = min(1.0, max(p.cohesion_least, x))
        cartel.losses[j] *= kept
        cartel.patience[j] = p.patience * (1.0 - p.leader_loss_weight * min(1.0, cartel.losses[j]))
        cartel.vacancy[j] = max(0.0, cartel.vacancy[j] - 1.0)
        cartel.notoriety[j] += (math.sqrt(cartel.members[j] * 1e-3) - cartel.notoriety[j]) * WEEK


@inner
def guns_per_dollar(cartel: Cartel, p: P, press: Press, j: int) -> float:
    """Guns for US$ 1: fewer with a smaller southbound inflow, half as many at most without a dealer of one's own."""
    links = cartel.dealers[j]
    return float(max(1e-6, press.gun_inflow) * (1.0 + links) / (p.gun_price * (2.0 + links)))


@compiled
def strength(c: Country) -> None:
    """Fighting strength per member of every cartel.

    Reads:  cohesion, arms, members, vacancy
    Writes: cartel might (to the exponent r), grip (to the exponent of control)
    Rule:   x^c (arms per member / reference)^nu (1 - zeta while nobody leads)
    Source: hirshleifer1989, dube2013 (arms), ASSUMED (exponents)
    """
    p = c.p
    cartel, weakness = c.cartel, log(1.0 - p.vacancy_weakness)
    living = c.count.living
    for n in range(living):
        j = cartel.living[n]
        per = (cartel.arms[j] + SPARE) / (max(1.0, cartel.members[j]) * p.arms_reference)
        cartel.work[n], cartel.more[n] = cartel.cohesion[j], max(p.arms_least, per)
    log_all(cartel.work, living)
    log_all(cartel.more, living)
    for n in range(living):
        logs = p.cohesion_weight * cartel.work[n] + p.arms_weight * cartel.more[n]
        if cartel.vacancy[cartel.living[n]] > 0.0:
            logs += weakness
        cartel.work[n], cartel.more[n] = p.foe_exponent * logs, p.decisiveness * logs
    exp_all(cartel.work, living)
    exp_all(cartel.more, living)
    for n in range(living):
        j = cartel.living[n]
        cartel.might[j], cartel.grip[j] = cartel.work[n], cartel.more[n]
