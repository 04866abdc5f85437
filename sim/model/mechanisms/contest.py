"""Fighting over places: control, losses, and who else dies."""

from __future__ import annotations

import math

from sim.elementary import exp, exp_all, log
from sim.model.chance import count, counts, decision, normal
from sim.model.clock import EASE, WEEK, WEEKS
from sim.model.columns import Country, P, Territory
from sim.model.compile.compiled import compiled, inner
from sim.model.lookup import POWER, power
from sim.model.mechanisms.enforcement import kill
from sim.model.mechanisms.income import haste_of
from sim.model.plazas import gather
from sim.model.tables import clear, draw, draw_all

PLACE = decision("contest.place")
KIN = decision("contest.kin")
MASSACRE = decision("contest.massacre")
LOG_THOUSAND = 6.907755278982137


@compiled
def control(c: Country) -> None:
    """Strength and control shares of every plaza.

    Reads:  members, cartel might and grip
    Writes: plaza strength g^r, exposed n^p, share q; territory armed, strength, sumsq, effective
    Rule:   g^r = n^r x might; q = g^m / sum g^m, g^m = n^m x grip, n people in the place; likewise in the state for sumsq, so that it is
            as contested as it was where it is cut in pieces
    Source: hirshleifer1989
    """
    plaza, cartel, t, p = c.plaza, c.cartel, c.territory, c.p
    for k in range(c.first.size - 1):
        armed, total, weights = 0.0, 0.0, 0.0
        start, stop = c.first[k], c.first[k + 1]
        for i in range(start, stop):
            n, j = plaza.members[i], plaza.cartel[i]
            armed += n
            g = power(c, POWER.foe, p.foe_exponent, n) * cartel.might[j]
            q = power(c, POWER.decisive, p.decisiveness, n) * cartel.grip[j]
            plaza.strength[i], plaza.share[i] = g, q
            plaza.exposed[i] = power(c, POWER.own, p.own_exponent, n)
            total += g
            weights += q
        inverse = 1.0 / max(weights, 1e-300)
        for i in range(start, stop):
            plaza.share[i] *= inverse
        t.armed[k], t.strength[k] = armed, total
    k = 0
    while k < c.first.size - 1:
        beyond = int(c.next_state[k])
        squares = concentration(c, c.first[k], c.first[beyond])
        for place in range(k, beyond):
            t.sumsq[place], t.effective[place] = squares, 1.0 / squares
        k = beyond


@inner
def concentration(c: Country, start: int, stop: int) -> float:
    """Sum of squared control shares of the cartels of plaza rows start to stop, their people there taken together; 1 if there are none."""
    plaza, cartel, total, squares = c.plaza, c.cartel, 0.0, 0.0
    gather(c, start, stop)
    for i in range(start, stop):
        j = plaza.cartel[i]
        g = power(c, POWER.decisive, c.p.decisiveness, cartel.work[j]) * cartel.grip[j] if cartel.work[j] >= 0.0 else 0.0
        cartel.work[j] = -1.0  # it is counted
        total += g
        squares += g * g
    return float(squares / (total * total)) if total > 0.0 else 1.0


@compiled
def assistance(c: Country) -> None:
    """Help of allies for every plaza.

    Reads:  ties, members of allied plazas here and next door
    Writes: plaza help
    Rule:   sum of tie weight x 2 n_j / (n_i + n_j), an ally next door at a discount; national form: sum of tie weights
    Source: prieto2023 (national form), ASSUMED (local form)
    """
    plaza, tie, p = c.plaza, c.tie, c.p
    clear(plaza.help, c.count.plazas)
    national = p.help_national > 0.0
    for row in range(c.count.ties):
        a, b, weight = tie.a[row], tie.b[row], tie.weight[row]
        for k in range(c.first.size - 1):
            i = c.at[a, k]
            if i < 0:
                continue
            if national:
                plaza.help[i] += weight
                continue
            best = 0.0
            j = c.at[b, k]
            if j >= 0:
                best = plaza.members[j]
            for e in range(c.border_start[k], c.border_start[k + 1]):
                j = c.at[b, c.border_to[e]]
                if j >= 0:
                    best = max(best, p.help_next_door * plaza.members[j])
            plaza.help[i] += weight * 2.0 * best / max(1.0, best + plaza.members[i])


@compiled
def hostility(c: Country) -> None:
    """What every plaza faces: wars one by one, the rest as a sum.

    Reads:  pairs, strength
    Writes: plaza foes (sum of heat x g^r of enemies), kin_foes (relatives among them), spared (g^r of relatives at peace)
    Rule:   only pairs with a row are looped over; background rivalry is b x (sum of strengths - own - spared)
    Source: prieto2023 (S_ij, split as a sum)
    """
    plaza, pair = c.plaza, c.pair
    rows = c.count.plazas
    clear(plaza.foes, rows)
    clear(plaza.kin_foes, rows)
    clear(plaza.spared, rows)
    for row in range(c.count.pairs):
        k = pair.territory[row]
        i, j = c.at[pair.a[row], k], c.at[pair.b[row], k]
        if i < 0 or j < 0:
            continue
        if pair.pact[row] > 0:
            plaza.spared[i] += plaza.strength[j]
            plaza.spared[j] += plaza.strength[i]
            continue
        heat = pair.heat[row]
        plaza.foes[i] += heat * plaza.strength[j]
        plaza.foes[j] += heat * plaza.strength[i]
        if pair.kin[row] > 0:
            plaza.kin_foes[i] += heat * plaza.strength[j]
            plaza.kin_foes[j] += heat * plaza.strength[i]


@inner
def scale(t: Territory, p: P, k: int) -> float:
    """Log of how strongly the people of a place fight: crowding and stakes, per pair of n^p and g^r."""
    dense = p.own_exponent + p.foe_exponent - 1.0
    crowd = dense * log(t.population[k] / p.reference_residents)
    stake = min(p.stake_most, max(p.stake_least, t.stake[k] / p.stake_reference))
    size = (1.0 - dense) * LOG_THOUSAND
    return float(size - crowd + p.stake_exponent * log(stake))


@inner
def heat_of(t: Territory, p: P, k: int, restraint: float) -> float:
    """`scale` where the state answers violence with a share `restraint` of what fighting wins."""
    return float(scale(t, p, k) + p.stake_exponent * log(max(p.least_prize, 1.0 - restraint)))


@inner
def facing(c: Country, i: int, k: int) -> float:
    """Hostile strength that plaza i faces in place k: the rivalry of all strangers, and enemies in open wars."""
    p = c.p
    strangers = c.territory.strength[k] - c.plaza.strength[i] - c.plaza.spared[i]
    return float(max(0.0, p.background_rivalry * strangers) + c.plaza.foes[i])


@inner
def toll(c: Country, i: int, k: int, fight: float) -> float:
    """Members of plaza i in place k expected to fall in a week that fights at pace `fight`."""
    plaza = c.plaza
    mean = fight * plaza.exposed[i] * facing(c, i, k) / (1.0 + plaza.help[i])
    return float(min(mean, c.p.worst_week * plaza.members[i]))


@compiled
def contest(c: Country) -> None:
    """A week of fighting and killing.

    Reads:  strength, exposed, foes, help, stakes; pushes restraint, retaliation
    Writes: members, plaza losses; flows of deaths by cause, massacres; territory homicides, violence, massacres_due
    Rule:   losses of i = theta n_i^p [b (G - g_i - spared_i) + foes_i] / (1 + help_i) x scale, people a week, over-dispersed by a
            log-normal factor per place and week; bystanders per member killed; background rises with organised violence; massacres
            follow those killed in turf and succession fights, at most one per massacre_size of a week's, the rest waits for a worse one
    Source: prieto2023 (limit), osipov1915 (attrition), inegi_homicides (background), FITTED (rates)
    """
    plaza, t, flow, p, push = c.plaza, c.territory, c.flow, c.p, c.push
    spread = p.overdispersion
    theta = p.lethality * p.contest_on
    draw_all(c, c.place_draw, PLACE, c.territory_key, c.zone.size)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        fight = 0.0
        if stop - start > 1:
            shock = spread * normal(c.place_draw[0, k])
            fight = theta * exp(heat_of(t, p, k, push[c.zone[k]].restraint) + shock - 0.5 * spread * spread)
        for i in range(start, stop):
            plaza.work[i] = toll(c, i, k, fight)
    counts(plaza.counted, plaza.work, c.luck, 2, c.count.plazas)
    background(c)
    for k in range(c.first.size - 1):
        start, stop = c.first[k], c.first[k + 1]
        v, w = c.place_draw[1, k], c.place_draw[2, k]
        turf, kin = 0.0, 0.0
        for i in range(start, stop):
            n = plaza.members[i]
            dead = min(plaza.counted[i], n)
            plaza.losses[i] *= 1.0 - EASE
            if dead <= 0.0:
                continue
            plaza.losses[i] += dead * WEEKS / n * EASE
            kill(c, i, dead)
            related = 0.0
            if plaza.kin_foes[i] > 0.0:
                part = dead * plaza.kin_foes[i] / facing(c, i, k)
                related = min(dead, math.floor(part + draw(c, KIN, c.plaza_key[i])[0]))
            kin += related
            turf += dead - related
        others = count(p.bystanders * (turf + kin), v)
        near = math.floor(others * kin / (turf + kin) + 0.5) if turf + kin > 0.0 else 0.0
        flow.homicides_turf += turf + others - near
        flow.homicides_succession += kin + near
        flow.civilian_deaths += others
        prey = predation_deaths(c, k, w)
        flow.homicides_predation += prey
        flow.civilian_deaths += prey
        if turf + kin > 0.0:
            fallen, luck = turf + kin + others, draw(c, MASSACRE, c.territory_key[k])[0]
            due = t.massacres_due[k] + count(p.massacres * fallen, luck)
            massacres = min(due, math.floor(fallen / p.massacre_size))
            flow.massacres += massacres
            t.massacres_due[k] = due - massacres
        t.organised[k] += turf + kin + others + prey
        calm = t.counted[k]
        flow.homicides_background += calm
        t.homicides[k] += turf + kin + others + prey + calm
        flow.disappearances += p.disappear * (turf + kin + others + prey)
        rate = t.organised[k] * WEEKS * 1e5 / t.population[k]
        t.violence[k] += (rate - t.violence[k]) * EASE


@inner
def predation_deaths(c: Country, k: int, luck: float) -> float:
    """Bystanders killed by predation: per dollar taken, more where those present have no future."""
    harsh = 1.0 + c.p.looting * haste_of(c, k)
    return count(c.p.predation_lethality * c.territory.taken[k] * harsh, luck)


@inner
def background(c: Country) -> None:
    """Killings outside organised crime, in every place; they rise with organised violence there, with impunity and the flow of guns."""
    t, p, places, trend = c.territory, c.p, c.zone.size, c.nation.clock_background
    guns = p.arms_pull * log(max(1e-6, c.push[0].gun_inflow))
    for k in range(places):
        t.work[k] = p.impunity_pull * (p.conviction_base - t.conviction[k]) + guns
        t.more[k] = -t.violence[k] / p.spill_half
    exp_all(t.work, places)
    exp_all(t.more, places)
    for k in range(places):
        calm = p.background_rate * t.background[k] * trend * t.work[k]
        lift = 1.0 + p.background_pull * c.push[c.zone[k]].retaliation * (1.0 - t.more[k])
        t.work[k] = calm * lift * t.population[k] * 1e-5 * WEEK
    counts(t.counted, t.work, c.place_draw, 3, places)
