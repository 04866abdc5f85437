"""Arrest, prison, confrontation, integrity, grievance."""

from __future__ import annotations

import math

from sim.elementary import exp
from sim.model.chance import count, counts, decision, happens
from sim.model.clock import EASE, EVERY, WEEK, WEEKS
from sim.model.columns import KIND, NOBODY, Country, P, Plaza, Territory
from sim.model.compile.compiled import compiled, inner
from sim.model.tables import draw_all, emit

CLASH = decision("enforcement.clash")
RELEASE = decision("enforcement.release")


@inner
def exposure(c: Country) -> float:
    """How exposed every plaza is to arrest; returns arrests a week per member of exposure 1."""
    plaza, t, cartel, p, push = c.plaza, c.territory, c.cartel, c.p, c.push
    members, weight = 0.0, 0.0
    for k in range(c.first.size - 1):
        effort = p.arrest_base + push[c.zone[k]].arrest_effort
        visible = 1.0 + p.arrest_focus * (t.force[k] / p.focus_force + t.violence[k] / p.focus_violence)
        bribed = 0.0
        for i in range(c.first[k], c.first[k + 1]):
            n = plaza.members[i]
            members += n
            protected = cartel.protection[plaza.cartel[i]]
            bribed += n * protected
            plaza.risk[i] = effort * visible * (1.0 - protected * (1.0 - t.integrity[k]))
            weight += n * visible
        t.bribed[k] = bribed
    if weight <= 0.0:
        return 0.0
    half = p.arrest_half
    return float(p.arrest_capacity * members / (members + half) * (1.0 + half / p.arrest_members) / weight)


@compiled
def arrests(c: Country) -> None:
    """Members are arrested; those convicted go to prison, the others back to their plaza.

    Reads:  members, protection, force, violence, integrity, conviction; push arrest_effort
    Writes: members, prisoners, risk of arrest; flows arrests, convictions; ledger
    Rule:   eta (base + effort) N/(N + N_h)(1 + N_h/N_0) people a week, spread by presence and visibility; bought protection x
            (1 - integrity) of them get away; risk = 1 - exp(-arrests per member and year)
    Source: prieto2023 (eta; N_h = 0), ASSUMED (saturation, spread)
    """
    plaza, t = c.plaza, c.territory
    each = exposure(c)
    for i in range(c.count.plazas):
        plaza.work[i] = each * plaza.members[i] * plaza.risk[i]
        plaza.felled[i] *= 1.0 - EASE
        plaza.jailed[i] *= 1.0 - EASE
    counts(plaza.counted, plaza.work, c.luck, 1, c.count.plazas)
    for k in range(c.first.size - 1):
        here, armed = 0.0, 0.0
        for i in range(c.first[k], c.first[k + 1]):
            n = plaza.members[i]
            armed += n
            taken = min(plaza.counted[i], n)
            here += taken
            if taken > 0.0:
                jail(c, i, k, taken)
        yearly = 1.0 - exp(-here * WEEKS / max(1.0, armed))
        t.arrest_risk[k] += (yearly - t.arrest_risk[k]) * EASE


@inner
def jail(c: Country, i: int, k: int, taken: float) -> None:
    """Sort arrested members of plaza i into prison and back. Fractions of a sentence are carried over; all lose their guns."""
    plaza, t, j = c.plaza, c.territory, c.plaza.cartel[i]
    due = taken * t.conviction[k] + t.unsentenced[k]
    sentenced = min(taken, math.floor(due))
    t.unsentenced[k] = due - sentenced
    plaza.jailed[i] += sentenced * WEEKS / plaza.members[i] * EASE
    plaza.members[i] -= sentenced
    c.cartel.prisoners[j] += sentenced
    c.cartel.gone[j] += taken
    c.flow.arrests += taken
    c.flow.convictions += sentenced
    c.ledger.convicted += sentenced


@inner
def lost(plaza: Plaza, i: int) -> float:
    """Members whom plaza i loses to rivals, to force and to prison, per member and year."""
    return float(plaza.losses[i] + plaza.felled[i] + plaza.jailed[i])


@inner
def kill(c: Country, i: int, dead: float) -> None:
    """Members of plaza i die, and their guns are lost."""
    c.plaza.members[i] -= dead
    c.cartel.gone[c.plaza.cartel[i]] += dead
    c.flow.member_deaths += dead
    c.ledger.killed += dead


@inner
def kill_by_force(c: Country, i: int, dead: float) -> None:
    """The state kills members of plaza i, which those left remember."""
    c.plaza.felled[i] += dead * WEEKS / max(1.0, c.plaza.members[i]) * EASE
    kill(c, i, dead)


@compiled
def prisons(c: Country) -> None:
    """Sentences end: some go back to their cartel, the others home; captive kingpins lose command.

    Reads:  prisoners, seat; push extradition_rate
    Writes: prisoners, members, pool; event release (command from prison ends); ledger
    Rule:   looked at every four weeks: released = prisoners / sentence a year; a share returns; command ends at fading + extradition
            rates, 1/year
    Source: prieto2025b
    """
    cartel, p, push = c.cartel, c.p, c.push
    years = EVERY / WEEKS
    draw_all(c, c.cartel_draw, RELEASE, c.cartel_key, c.count.cartels)
    for j in range(c.count.cartels):
        inside = cartel.prisoners[j]
        captive = cartel.captive[j] > 0
        if inside <= 0.0 and not captive:
            continue
        u, v, w = c.cartel_draw[0, j], c.cartel_draw[1, j], c.cartel_draw[2, j]
        if captive:
            extradited = push[cartel.zone[j]].extradition_rate
            if happens((p.prison_fading + extradited) * years, v):
                emit(c, KIND.release, j, NOBODY, NOBODY, 1.0 if w * (p.prison_fading + extradited) < extradited else 0.0)
        if inside <= 0.0:
            continue
        out = min(inside, count(inside * years / p.sentence, u))
        if out <= 0.0:
            continue
        cartel.prisoners[j] -= out
        c.ledger.released += out
        seat = cartel.seat[j]
        row = c.at[j, seat]
        back = math.floor(out * p.returning + w) if row >= 0 else 0.0
        if row >= 0:
            c.plaza.members[row] += min(out, back)
            c.ledger.rejoined += min(out, back)
        c.territory.pool[seat] += out - min(out, back)


@inner
def clashes(t: Territory, p: P, k: int, force: float) -> float:
    """Clashes expected in place k in a week, with `force` soldiers ready to engage per 10,000 residents."""
    meeting = math.sqrt(t.armed[k] * 1e-3 * t.population[k] / p.reference_residents)
    violent = t.violence[k] / p.clash_violence
    return float(p.confrontations * force * meeting * violent / (1.0 + violent / p.clash_ceiling) * WEEK)


@compiled
def confrontations(c: Country) -> None:
    """Deployed force clashes with members; harm to bystanders is remembered.

    Reads:  force, armed members; pushes troops, confrontation, discrimination
    Writes: force, members, grievance, integrity; flows of confrontation deaths and complaints
    Rule:   clashes = kappa force sqrt(armed/1000 x residents/3.5 million) x(v) a year, x = (v/v0)/(1 + v/v0/ceiling), v organised
            violence, so that a place cut in pieces sees as many; deaths and complaints per clash; grievance = complaints per 100,000
            remembered for some years, saturating
    Source: espinosa2015 (deployment costs lives), bennett2008 (accuracy), FITTED (rate)
    """
    t, plaza, p, push = c.territory, c.plaza, c.p, c.push
    draw_all(c, c.place_draw, CLASH, c.territory_key, c.zone.size)
    for k in range(c.first.size - 1):
        press = push[c.zone[k]]
        t.force[k] = press.troops
        armed = t.armed[k]
        u, v, w, z = c.place_draw[0, k], c.place_draw[1, k], c.place_draw[2, k], c.place_draw[3, k]
        mean = clashes(t, p, k, press.troops * press.confrontation) if armed > 0.0 else 0.0
        harm, officials = 0.0, 0.0
        if mean > 0.0:
            start, stop = c.first[k], c.first[k + 1]
            dead = count(mean * p.clash_members, u)
            done, target = 0.0, 0.0
            for i in range(start, stop if dead > 0.0 else start):  # spread over plazas in proportion, whole people
                target += dead * plaza.members[i] / armed
                here = min(math.floor(target + 0.5) - done, plaza.members[i])
                if here > 0.0:
                    kill_by_force(c, i, here)
                    done += here
            officials = count(mean * p.clash_officials, v)
            bystanders = count(mean * p.clash_civilians * press.discrimination, w)
            complaints = count(mean * p.complaints * press.discrimination, z)
            c.flow.homicides_confrontation += done + officials + bystanders
            c.flow.civilian_deaths += bystanders
            c.flow.rights_complaints += complaints
            t.homicides[k] += done + officials + bystanders
            t.organised[k] += done + officials + bystanders
            harm = complaints * 1e5 / t.population[k]
        t.harm[k] += harm - t.harm[k] / (p.grievance_memory * WEEKS)
        t.grievance[k] = t.harm[k] / (t.harm[k] + p.grievance_half)
        institutions(c, k, officials)


@inner
def bribe_pressure(t: Territory, p: P, k: int) -> float:
    """Share of integrity that bribes take from place k a year."""
    return float(p.integrity_erosion * t.bribed[k] / max(1.0, t.population[k]) * 1e3)


@inner
def institutions(c: Country, k: int, officials: float) -> None:
    """Integrity erodes where groups bribe and officials die, and recovers with repair; convictions follow it, custody and justice."""
    t, p, press = c.territory, c.p, c.push[c.zone[k]]
    residents, y = max(1.0, t.population[k]), t.integrity[k]
    pressure = bribe_pressure(t, p, k) + p.officials_erosion * officials * WEEKS / residents * 1e5
    y += ((t.rest[k] - y) / p.integrity_memory + press.integrity_repair * (1.0 - y) - pressure * y) / WEEKS
    t.integrity[k] = y = min(1.0, max(p.integrity_least, y))
    aim = min(1.0, p.conviction_base * c.nation.clock_custody * (1.0 - p.integrity_2006 + y) + press.conviction)
    t.conviction[k] += (aim - t.conviction[k]) / (p.conviction_lag * WEEKS)
