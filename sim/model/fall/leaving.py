"""Everyone in command of a cartel weighs loyalty: who stays, who leaves with whom, who changes sides."""

from __future__ import annotations

import math

from sim.elementary import exp, log
from sim.model.chance import decision, mix, normal
from sim.model.columns import CAUSE, KIND, NOBODY, Country, P
from sim.model.compile.compiled import inner
from sim.model.fall.groups import lieutenant_key
from sim.model.fall.splinter import size_of, splinter
from sim.model.plazas import close_if_empty, hand_over_guns, move_people
from sim.model.tables import draw, tell

DEFECT = decision("succession.defect")
FACTION = decision("succession.faction")
LEAVE = decision("succession.leave")
CELL = decision("succession.cell")


@inner
def weigh_loyalty(c: Country, j: int, cause: int, hot: int) -> None:
    """Each band that leaves becomes a splinter, or joins a rival, as long as somebody is left whom it can leave.

    Args:
        c: the country.
        j: the cartel.
        cause: the occasion, a `Cause`; where a lieutenant fell, his place alone is asked.
        hot: place in which cells are readiest; -1 for none.
    """
    members = c.cartel.members
    before = members[j]
    for band in range(form_bands(c, j, cause, hot)):
        if size_of(c, band) >= members[j]:
            break
        if not changes_sides(c, j, band):
            splinter(c, j, band, cause)
    if members[j] < before:
        tell(c, KIND.fragmentation, j, NOBODY, NOBODY, before - members[j], cause)


@inner
def form_bands(c: Country, j: int, cause: int, hot: int) -> int:
    """Lieutenants, and captains of cells inside plazas, decide whether they leave; returns the number of bands.

    Reads:  members, cohesion, incomes, access, factions, concentration of places
    Writes: territory leaving, band, cell
    Rule:   log-odds = base + size x ln(own people / the heir's) - cohesion x (x - 1/2) + contested x (1 - sum q^2) - rent x brokers'
            part of income + occasion + a normal shock, in part shared within a faction; leavers of one faction whose plazas
            touch go together; bands are numbered by their first place, then cells by theirs
    Source: castillo2020 (rent), ASSUMED (form), FITTED (weights)
    """
    cartel, plaza, t, p = c.cartel, c.plaza, c.territory, c.p
    seat, places, occasion = cartel.seat[j], c.zone.size, occasion_of(p, cause)
    rent = cartel.traffic_income[j] / (cartel.traffic_income[j] + cartel.predation_income[j] + 1.0)
    held = c.at[j, seat]
    heirs = log(max(1.0, plaza.members[held])) if held >= 0 else 0.0
    group = p.leave_base - p.leave_cohesion * (cartel.cohesion[j] - 0.5) - p.leave_rent * rent * cartel.access[j]
    for k in range(places):
        row, t.band[k], t.cell[k] = c.at[j, k], -1, 0
        if row < 0 or (cause == CAUSE.lieutenant and k != hot):
            continue
        n = plaza.members[row]
        odds = group + p.leave_size * (log(max(1.0, n)) - heirs) + occasion
        odds += p.leave_contested * (1.0 - t.sumsq[k])
        who = lieutenant_key(c, j, k)
        own, stay, loyal, inside = draw(c, LEAVE, who)
        mood = normal(draw(c, FACTION, mix(c.cartel_key[j], c.faction_key[plaza.faction[row]]))[0])
        shock = math.sqrt(p.faction_pull) * mood + math.sqrt(1.0 - p.faction_pull) * normal(own)
        if k != seat and stay < logistic(odds + shock):
            t.leaving[k] = n - math.floor(n * loyal_part(p, loyal))
            t.band[k] = places
        elif n >= 2.0 * p.cell_minimum:
            captain, size, _, _ = draw(c, CELL, who)
            extra = p.cell_base + (p.cell_seat if k == hot else 0.0)
            if captain < logistic(odds + extra + normal(inside)):
                t.leaving[k], t.cell[k] = math.floor(max(p.cell_minimum, n * (p.cell_least + (p.cell_most - p.cell_least) * size))), 1
    return number_cells(c, number_bands(c, j))


@inner
def occasion_of(p: P, cause: int) -> float:
    """What an occasion adds to the log-odds of leaving after the fall of a kingpin."""
    if cause == CAUSE.succession:
        return 0.0
    return p.lieutenant_occasion if cause == CAUSE.lieutenant else p.quarrel_occasion


@inner
def logistic(x: float) -> float:
    """A chance from log-odds."""
    return 1.0 / (1.0 + exp(-x))


@inner
def loyal_part(p: P, luck: float) -> float:
    """Part of a leaving plaza that stays with the heir: uniform around `loyal`, as wide as 0 and 1 allow."""
    least, most = max(0.0, 2.0 * p.loyal - 1.0), min(1.0, 2.0 * p.loyal)
    return float(least + (most - least) * luck)


@inner
def number_bands(c: Country, j: int) -> int:
    """Leavers (marked by the number of places) of one faction whose plazas touch get the same number; returns how many there are."""
    band, queue, places, bands = c.territory.band, c.territory.queue, c.zone.size, 0
    for k in range(places):
        if band[k] != places:
            continue
        band[k], queue[0], waiting = bands, k, 1
        faction = c.plaza.faction[c.at[j, k]]
        while waiting > 0:
            waiting -= 1
            place = queue[waiting]
            for e in range(c.border_start[place], c.border_start[place + 1]):
                near = int(c.border_to[e])
                if band[near] == places and c.plaza.faction[c.at[j, near]] == faction:
                    band[near], queue[waiting] = bands, near
                    waiting += 1
        bands += 1
    return bands


@inner
def number_cells(c: Country, bands: int) -> int:
    """Cells leave alone and come after the bands."""
    for k in range(c.zone.size):
        if c.territory.cell[k] > 0:
            c.territory.band[k] = bands
            bands += 1
    return bands


@inner
def changes_sides(c: Country, j: int, band: int) -> bool:
    """A lone lieutenant may take his people over to the strongest rival present instead of standing alone."""
    t, plaza, k, held = c.territory, c.plaza, NOBODY, 0
    for place in range(c.zone.size):
        if t.band[place] == band:
            k = place
            held += 1
    if held > 1 or t.cell[k] > 0:
        return False
    rival = strongest_rival(c, j, k, t.leaving[k])
    if rival < 0 or draw(c, DEFECT, lieutenant_key(c, j, k))[0] >= c.p.defect:
        return False
    origin = int(c.at[j, k])
    hand_over_guns(c.cartel, j, plaza.cartel[rival], t.leaving[k])
    move_people(c, origin, rival, t.leaving[k])
    if not close_if_empty(c, origin):
        plaza.since[origin] = c.now.week
    tell(c, KIND.defection, j, plaza.cartel[rival], k, t.leaving[k], CAUSE.none)
    return True


@inner
def strongest_rival(c: Country, j: int, k: int, people: float) -> int:
    """The largest plaza of another cartel in place k that has more than so many people, -1 for none; of two as large the greater key."""
    plaza, best = c.plaza, NOBODY
    for i in range(c.first[k], c.first[k + 1]):
        owner, n = plaza.cartel[i], plaza.members[i]
        if owner < 0 or owner == j or n <= people:
            continue
        if best < 0 or n > plaza.members[best] or (n == plaza.members[best] and c.plaza_key[i] > c.plaza_key[best]):
            best = i
    return best
