"""Arrest, prison, confrontation, integrity, grievance."""

from __future__ import annotations

import math

from sim.model.chance import Word, block, blocks, count, decision, happens
from sim.model.columns import CARTEL, COUNT, FLOW, FREED, LEDGER, NOBODY, PLAZA, PUSH, TERRITORY, Array, Country, P
from sim.model.compiled import compiled, inner
from sim.model.mechanisms.market import EASE, EVERY, WEEKS
from sim.model.tables import emit

CLASH = decision("enforcement.clash")
RELEASE = decision("enforcement.release")


@compiled
def arrests(c: Country, p: Array, push: Array) -> None:
    """Members are arrested; those convicted go to prison, the others home.

    Reads:  members, protection, force, violence, integrity, conviction; push arrest_effort
    Writes: members, prisoners, pool, arms, bribed; flows arrests, convictions; ledger
    Rule:   eta (base + effort) N/(N + N_h)(1 + N_h/115000) people a week, spread by presence and visibility; bought protection x
            (1 - integrity) of them get away
    Source: prieto2023 (eta; N_h = 0), ASSUMED (saturation, spread)
    """
    plaza, t, cartel = c.plaza, c.territory, c.cartel
    members, weight = 0.0, 0.0
    for k in range(c.first.size - 1):
        effort = p[P.arrest_base] + push[c.zone[k], PUSH.arrest_effort]
        visible = 1.0 + p[P.arrest_focus] * (t[TERRITORY.force, k] / 4.0 + t[TERRITORY.violence, k] / 50.0)
        bribed = 0.0
        for i in range(c.first[k], c.first[k + 1]):
            n = plaza[PLAZA.members, i]
            members += n
            protected = cartel[CARTEL.protection, int(plaza[PLAZA.cartel, i])]
            bribed += n * protected
            plaza[PLAZA.risk, i] = effort * visible * (1.0 - protected * (1.0 - t[TERRITORY.integrity, k]))
            weight += n * visible
        t[TERRITORY.bribed, k] = bribed
    if weight <= 0.0:
        return
    half = p[P.arrest_half]
    capacity = p[P.arrest_capacity] * members / (members + half) * (1.0 + half / 115000.0) / weight
    for k in range(c.first.size - 1):
        here = 0.0
        for i in range(c.first[k], c.first[k + 1]):
            n = plaza[PLAZA.members, i]
            mean = capacity * n * plaza[PLAZA.risk, i]
            taken = min(count(mean, c.luck[1, i]), n)
            here += taken
            if taken > 0.0:
                plaza[PLAZA.members, i] -= taken
                j = int(plaza[PLAZA.cartel, i])
                jail(t, cartel, c.flow, c.ledger, j, k, taken)
                disarm(cartel, c.ledger, p, j, taken)
        risk = here * WEEKS / max(1.0, t[TERRITORY.armed, k])
        t[TERRITORY.arrest_risk, k] += (risk - t[TERRITORY.arrest_risk, k]) * EASE


@inner
def jail(t: Array, cartel: Array, flow: Array, ledger: Array, j: int, k: int, taken: float) -> None:
    """Sort arrested members of cartel j into prison and home. Fractions of a sentence are carried over."""
    due = taken * t[TERRITORY.conviction, k] + t[TERRITORY.unsentenced, k]
    sentenced = min(taken, math.floor(due))
    t[TERRITORY.unsentenced, k] = due - sentenced
    cartel[CARTEL.prisoners, j] += sentenced
    t[TERRITORY.pool, k] += taken - sentenced
    flow[FLOW.arrests] += taken
    flow[FLOW.convictions] += sentenced
    ledger[LEDGER.arrested] += taken
    ledger[LEDGER.convicted] += sentenced


@inner
def disarm(cartel: Array, ledger: Array, p: Array, j: int, people: float) -> None:
    """A cartel loses the guns of members arrested or killed."""
    lost = min(cartel[CARTEL.arms, j], math.floor(people * p[P.guns_seized]))
    cartel[CARTEL.arms, j] -= lost
    ledger[LEDGER.lost_guns] += lost


@inner
def kill(plaza: Array, cartel: Array, flow: Array, ledger: Array, p: Array, i: int, dead: float) -> None:
    """Members of plaza i die."""
    plaza[PLAZA.members, i] -= dead
    disarm(cartel, ledger, p, int(plaza[PLAZA.cartel, i]), dead)
    flow[FLOW.member_deaths] += dead
    ledger[LEDGER.killed] += dead


@compiled
def prisons(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Sentences end: some go back to their cartel, the others home; captive kingpins lose command.

    Reads:  prisoners, seat; push extradition_rate
    Writes: prisoners, members, pool; event FREED (command from prison ends); ledger
    Rule:   looked at every four weeks: released = prisoners / sentence a year; a share returns; command ends at fading + extradition
            rates, 1/year
    Source: prieto2025b
    """
    cartel = c.cartel
    years = EVERY / WEEKS
    for j in range(c.count[COUNT.cartels]):
        inside = cartel[CARTEL.prisoners, j]
        captive = cartel[CARTEL.captive, j] > 0.0
        if inside <= 0.0 and not captive:
            continue
        u, v, w, _ = block(RELEASE, week, c.cartel_key[j], seed)
        if captive:
            extradited = push[int(cartel[CARTEL.zone, j]), PUSH.extradition_rate]
            if happens((p[P.prison_fading] + extradited) * years, v):
                emit(c, FREED, j, NOBODY, NOBODY, 1.0 if w * (p[P.prison_fading] + extradited) < extradited else 0.0)
        if inside <= 0.0:
            continue
        out = min(inside, count(inside * years / p[P.sentence], u))
        if out <= 0.0:
            continue
        cartel[CARTEL.prisoners, j] -= out
        c.ledger[LEDGER.released] += out
        seat = int(cartel[CARTEL.seat, j])
        row = c.at[j, seat]
        back = math.floor(out * p[P.returning] + w) if row >= 0 else 0.0
        if row >= 0:
            c.plaza[PLAZA.members, row] += min(out, back)
            c.ledger[LEDGER.rejoined] += min(out, back)
        c.territory[TERRITORY.pool, seat] += out - min(out, back)


@compiled
def confrontations(c: Country, p: Array, push: Array, week: int, seed: Word) -> None:
    """Deployed force clashes with members; harm to bystanders is remembered.

    Reads:  force, armed members; pushes troops, confrontation, discrimination
    Writes: force, members, grievance, integrity; flows of confrontation deaths and complaints
    Rule:   clashes = kappa force sqrt(armed/1000) v/v0 a year, organised violence v at most 3 v0; deaths and complaints per clash;
            grievance = complaints per 100,000 remembered for some years, saturating
    Source: espinosa2015 (deployment costs lives), bennett2008 (accuracy), FITTED (rate)
    """
    t, plaza = c.territory, c.plaza
    blocks(c.place_draw, CLASH, week, c.territory_key, seed, c.zone.size)
    for k in range(c.first.size - 1):
        press = push[c.zone[k]]
        t[TERRITORY.force, k] = press[PUSH.troops]
        armed = t[TERRITORY.armed, k]
        u, v, w, z = c.place_draw[0, k], c.place_draw[1, k], c.place_draw[2, k], c.place_draw[3, k]
        mean = p[P.confrontations] * press[PUSH.troops] * press[PUSH.confrontation] * math.sqrt(armed * 1e-3) / WEEKS
        mean *= min(3.0, t[TERRITORY.violence, k] / p[P.clash_violence])
        harm, officials = 0.0, 0.0
        if mean > 0.0 and armed > 0.0:
            start, stop = c.first[k], c.first[k + 1]
            dead = count(mean * p[P.clash_members], u)
            done, target = 0.0, 0.0
            for i in range(start, stop):  # spread over plazas in proportion, whole people
                target += dead * plaza[PLAZA.members, i] / armed
                here = min(math.floor(target + 0.5) - done, plaza[PLAZA.members, i])
                if here > 0.0:
                    kill(plaza, c.cartel, c.flow, c.ledger, p, i, here)
                    done += here
            officials = count(mean * p[P.clash_officials], v)
            bystanders = count(mean * p[P.clash_civilians] * press[PUSH.discrimination], w)
            complaints = count(mean * p[P.complaints] * press[PUSH.discrimination], z)
            c.flow[FLOW.homicides_confrontation] += done + officials + bystanders
            c.flow[FLOW.civilian_deaths] += bystanders
            c.flow[FLOW.rights_complaints] += complaints
            t[TERRITORY.homicides, k] += done + officials + bystanders
            t[TERRITORY.organised, k] += done + officials + bystanders
            harm = complaints * 1e5 / t[TERRITORY.population, k]
        t[TERRITORY.harm, k] += harm - t[TERRITORY.harm, k] / (p[P.grievance_memory] * WEEKS)
        t[TERRITORY.grievance, k] = t[TERRITORY.harm, k] / (t[TERRITORY.harm, k] + p[P.grievance_half])
        institutions(t, p, press, k, officials)


@inner
def institutions(t: Array, p: Array, press: Array, k: int, officials: float) -> None:
    """Integrity erodes where groups bribe and officials die, and recovers with repair; convictions follow it and the justice lever."""
    residents, y = max(1.0, t[TERRITORY.population, k]), t[TERRITORY.integrity, k]
    pressure = p[P.integrity_erosion] * t[TERRITORY.bribed, k] / residents * 1e3
    pressure += p[P.officials_erosion] * officials * WEEKS / residents * 1e5
    y += ((p[P.integrity_2006] - y) / p[P.integrity_memory] + press[PUSH.integrity_repair] * (1.0 - y) - pressure * y) / WEEKS
    t[TERRITORY.integrity, k] = min(1.0, max(0.01, y))
    aim = min(1.0, p[P.conviction_base] * (0.5 + y) + press[PUSH.conviction])
    t[TERRITORY.conviction, k] += (aim - t[TERRITORY.conviction, k]) / (2.0 * WEEKS)
