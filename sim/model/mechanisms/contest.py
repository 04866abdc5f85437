"""Fighting over places: control, losses, and who else dies."""

from __future__ import annotations

import math

from sim.model.chance import Word, block, blocks, count, decision, normal
from sim.model.columns import CARTEL, COUNT, FLOW, NATION, PAIR, PLAZA, PUSH, TERRITORY, TIE, Array, Country, P
from sim.model.compiled import compiled, inner
from sim.model.lookup import POWER, power
from sim.model.mechanisms.enforcement import kill
from sim.model.mechanisms.market import EASE, WEEK, WEEKS
from sim.model.tables import clear

PLACE = decision("contest.place")
KIN = decision("contest.kin")
REFERENCE_ARMED, REFERENCE_RESIDENTS = 3000.0, 3.5e6  # the place in which `lethality` is measured
LOG_THOUSAND = math.log(1000.0)


@compiled
def control(c: Country, p: Array) -> None:
    """Strength and control shares of every plaza.

    Reads:  members, cartel might and grip
    Writes: plaza strength g^r, exposed n^p, share q; territory armed, strength, sumsq, effective, headless
    Rule:   g^r = n^r x might; q = g^m / sum g^m, g^m = n^m x grip
    Source: hirshleifer1989
    """
    plaza, cartel, t = c.plaza, c.cartel, c.territory
    for k in range(c.first.size - 1):
        armed, total, weights, squares = 0.0, 0.0, 0.0, 0.0
        start, stop = c.first[k], c.first[k + 1]
        for i in range(start, stop):
            n, j = plaza[PLAZA.members, i], int(plaza[PLAZA.cartel, i])
            armed += n
            g = power(c, POWER.foe, p[P.foe_exponent], n) * cartel[CARTEL.might, j]
            q = power(c, POWER.decisive, p[P.decisiveness], n) * cartel[CARTEL.grip, j]
            plaza[PLAZA.strength, i], plaza[PLAZA.share, i] = g, q
            plaza[PLAZA.exposed, i] = power(c, POWER.own, p[P.own_exponent], n)
            total += g
            weights += q
        headless, inverse = 0.0, 1.0 / max(weights, 1e-300)
        for i in range(start, stop):
            q = plaza[PLAZA.share, i] * inverse
            plaza[PLAZA.share, i] = q
            if cartel[CARTEL.vacancy, int(plaza[PLAZA.cartel, i])] > 0.0:
                headless += q
            squares += q * q
        t[TERRITORY.armed, k], t[TERRITORY.strength, k], t[TERRITORY.headless, k] = armed, total, headless
        t[TERRITORY.sumsq, k] = squares if stop > start else 1.0
        t[TERRITORY.effective, k] = 1.0 / t[TERRITORY.sumsq, k]


@compiled
def assistance(c: Country, p: Array) -> None:
    """Help of allies for every plaza.

    Reads:  ties, members of allied plazas here and next door
    Writes: plaza help
    Rule:   sum of tie weight x 2 n_j / (n_i + n_j), an ally next door at a discount; national form: sum of tie weights
    Source: prieto2023 (national form), ASSUMED (local form)
    """
    plaza, tie = c.plaza, c.tie
    clear(plaza[PLAZA.help], c.count[COUNT.plazas])
    national = p[P.help_national] > 0.0
    for row in range(c.count[COUNT.ties]):
        a, b, weight = int(tie[TIE.a, row]), int(tie[TIE.b, row]), tie[TIE.weight, row]
        for k in range(c.first.size - 1):
            i = c.at[a, k]
            if i < 0:
                continue
            if national:
                plaza[PLAZA.help, i] += weight
                continue
            best = 0.0
            j = c.at[b, k]
            if j >= 0:
                best = plaza[PLAZA.members, j]
            for e in range(c.border_start[k], c.border_start[k + 1]):
                j = c.at[b, c.border_to[e]]
                if j >= 0:
                    best = max(best, p[P.help_next_door] * plaza[PLAZA.members, j])
            plaza[PLAZA.help, i] += weight * 2.0 * best / max(1.0, best + plaza[PLAZA.members, i])


@compiled
def hostility(c: Country, p: Array) -> None:
    """What every plaza faces: wars one by one, the rest as a sum.

    Reads:  pairs, strength
    Writes: plaza foes (sum of heat x g^r of enemies), kin_foes (relatives among them), spared (g^r of relatives at peace)
    Rule:   only pairs with a row are looped over; background rivalry is b x (sum of strengths - own - spared)
    Source: prieto2023 (S_ij, split as a sum)
    """
    plaza, pair = c.plaza, c.pair
    rows = c.count[COUNT.plazas]
    clear(plaza[PLAZA.foes], rows)
    clear(plaza[PLAZA.kin_foes], rows)
    clear(plaza[PLAZA.spared], rows)
    for row in range(c.count[COUNT.pairs]):
        k = int(pair[PAIR.territory, row])
        i, j = c.at[int(pair[PAIR.a, row]), k], c.at[int(pair[PAIR.b, row]), k]
        if i < 0 or j < 0:
            continue
        if pair[PAIR.pact, row] > 0.0:
            plaza[PLAZA.spared, i] += plaza[PLAZA.strength, j]
            plaza[PLAZA.spared, j] += plaza[PLAZA.strength, i]
            continue
        heat = pair[PAIR.heat, row]
        plaza[PLAZA.foes, i] += heat * plaza[PLAZA.strength, j]
        plaza[PLAZA.foes, j] += heat * plaza[PLAZA.strength, i]
        if pair[PAIR.kin, row] > 0.0:
            plaza[PLAZA.kin_foes, i] += heat * plaza[PLAZA.strength, j]
            plaza[PLAZA.kin_foes, j] += heat * plaza[PLAZA.strength, i]


@inner
def scale(t: Array, p: Array, k: int) -> float:
    """Log of how strongly the people of a place fight: crowding and stakes, per pair of n^p and g^r."""
    dense = p[P.own_exponent] + p[P.foe_exponent] - 1.0
    armed = max(1.0, t[TERRITORY.armed, k]) / REFERENCE_ARMED
    residents = t[TERRITORY.population, k] / REFERENCE_RESIDENTS
    chi = p[P.crowding] * max(0.0, dense)
    crowd = chi * math.log(armed) + (dense - chi) * math.log(residents)
    stake = min(20.0, max(0.05, t[TERRITORY.stake, k] / p[P.stake_reference]))
    size = (1.0 - dense) * LOG_THOUSAND
    return float(size - crowd + p[P.stake_exponent] * math.log(stake))


@compiled
def contest(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """A week of fighting and killing.

    Reads:  strength, exposed, foes, help, stakes; pushes restraint, background_violence
    Writes: members, plaza losses; flows of deaths by cause; territory homicides, violence
    Rule:   losses of i = theta n_i^p [b (G - g_i - spared_i) + foes_i] / (1 + help_i) x scale, people a week, over-dispersed by a
            log-normal factor per place and week; bystanders per member killed; background rises with organised violence
    Source: prieto2023 (limit), osipov1915 (attrition), inegi_homicides (background), FITTED (rates)
    """
    plaza, t, flow = c.plaza, c.territory, c.flow
    spread, b = p[P.overdispersion], p[P.background_rivalry]
    theta = p[P.lethality] * p[P.contest_on]
    blocks(c.place_draw, PLACE, week, c.territory_key, seed, c.zone.size)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        press = push[c.zone[k]]
        u, v, w, z = c.place_draw[0, k], c.place_draw[1, k], c.place_draw[2, k], c.place_draw[3, k]
        fight = 0.0
        if stop - start > 1:
            burst = spread * normal(u) - 0.5 * spread * spread
            fight = theta * math.exp(scale(t, p, k) + burst) * max(0.0, 1.0 - press[PUSH.restraint])
        turf, kin = 0.0, 0.0
        for i in range(start, stop):
            n = plaza[PLAZA.members, i]
            rivals = b * (t[TERRITORY.strength, k] - plaza[PLAZA.strength, i] - plaza[PLAZA.spared, i])
            faced = max(0.0, rivals) + plaza[PLAZA.foes, i]
            mean = fight * plaza[PLAZA.exposed, i] * faced / (1.0 + plaza[PLAZA.help, i])
            dead = min(count(min(mean, p[P.worst_week] * n), c.luck[2, i]), n)
            plaza[PLAZA.losses, i] *= 1.0 - EASE
            if dead <= 0.0:
                continue
            plaza[PLAZA.losses, i] += dead * WEEKS / n * EASE
            kill(plaza, c.cartel, flow, c.ledger, p, i, dead)
            related = 0.0
            if plaza[PLAZA.kin_foes, i] > 0.0:
                part = dead * plaza[PLAZA.kin_foes, i] / faced
                related = min(dead, math.floor(part + block(KIN, week, c.plaza_key[i], seed)[0]))
            kin += related
            turf += dead - related
        others = count(p[P.bystanders] * (turf + kin), v)
        near = math.floor(others * kin / (turf + kin) + 0.5) if turf + kin > 0.0 else 0.0
        flow[FLOW.homicides_turf] += turf + others - near
        flow[FLOW.homicides_succession] += kin + near
        flow[FLOW.civilian_deaths] += others
        prey = predation_deaths(plaza, p, start, stop, t[TERRITORY.taken, k], w)
        flow[FLOW.homicides_predation] += prey
        flow[FLOW.civilian_deaths] += prey
        if turf + kin + others >= 10.0:
            flow[FLOW.massacres] += 1.0
        t[TERRITORY.organised, k] += turf + kin + others + prey
        calm = background(t, p, c.nation[NATION.clock_background] * press[PUSH.background_violence], push[0, PUSH.gun_inflow], k, z)
        flow[FLOW.homicides_background] += calm
        t[TERRITORY.homicides, k] += turf + kin + others + prey + calm
        flow[FLOW.disappearances] += p[P.disappear] * (turf + kin + others + prey)
        rate = t[TERRITORY.organised, k] * WEEKS * 1e5 / t[TERRITORY.population, k]
        t[TERRITORY.violence, k] += (rate - t[TERRITORY.violence, k]) * EASE


@inner
def predation_deaths(plaza: Array, p: Array, start: int, stop: int, taken: float, luck: float) -> float:
    """Bystanders killed by predation: per dollar taken, more by groups without a future."""
    hasty, armed = 0.0, 0.0
    for i in range(start, stop):
        hasty += plaza[PLAZA.members, i] * plaza[PLAZA.haste, i]
        armed += plaza[PLAZA.members, i]
    if armed <= 0.0:
        return 0.0
    harsh = 1.0 + p[P.looting] * hasty / armed
    return count(p[P.predation_lethality] * taken * harsh, luck)


@inner
def background(t: Array, p: Array, factor: float, inflow: float, k: int, luck: float) -> float:
    """Killings outside organised crime; they rise with organised violence here, with impunity and with the flow of guns."""
    impunity = p[P.impunity_pull] * (p[P.conviction_base] - t[TERRITORY.conviction, k])
    calm = p[P.background_rate] * t[TERRITORY.background, k] * factor * math.exp(impunity + p[P.arms_pull] * math.log(max(1e-6, inflow)))
    lift = 1.0 + p[P.background_pull] * (1.0 - math.exp(-t[TERRITORY.violence, k] / 15.0))
    mean = calm * lift * t[TERRITORY.population, k] * 1e-5 * WEEK
    return count(mean, luck)
