"""The tables of the simulated country: one row of an array per quantity, one column per territory, cartel, plaza ...

Everything weekly is compiled over these arrays. A table is `float64[quantity, row]`, so `plaza[PLAZA.members]` is the contiguous
vector of members of all plazas. People, dollars and guns are whole numbers (exact in float64 up to 2**53).
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.push import HANDLES

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]


class Territory(NamedTuple):
    """A place: a state, a quarter of a state, a municipality, a cell of a grid."""

    population: int  # residents
    pool: int  # young men at risk of being recruited, people
    pool_full: int  # the pool without any recruitment, people
    value: int  # trafficking value, shares that sum to 1
    poppy: int  # share of the value that rests on poppy
    economy: int  # share of the national extortable economy
    pipeline: int  # share of the national pipeline exposure
    users: int  # share of the national local drug market
    background: int  # background homicide rate relative to the national one
    force: int  # soldiers and marines on public-security duty per 10,000 residents
    integrity: int  # police integrity, 0..1
    conviction: int  # share of arrests that end in a sentence
    unsentenced: int  # fraction of a person left over from whole convictions
    harm: int  # complaints per 100,000 remembered
    grievance: int  # the same, saturating, 0..1
    arrest_risk: int  # arrests per member and year, smoothed
    violence: int  # organised homicides per 100,000 and year, smoothed over 26 weeks
    armed: int  # members here, all cartels
    pull: int  # attraction for members on the move, for whoever is choosing
    pairs: int  # first row of this place in the table of pairs, -1 for none
    strength: int  # sum of g^r
    sumsq: int  # sum of squared control shares
    stake: int  # income at stake per armed person, US$ per year
    economy_left: int  # part of the extortable economy that looting has not destroyed
    headless: int  # share of control that lies with groups without a settled kingpin
    bribed: int  # members whose group pays officials, weighted by bought protection
    worth_extortion: int  # US$ per week if everything extortable were taken
    worth_kidnapping: int  # likewise
    worth_fuel: int  # likewise
    worth_retail: int  # likewise, from local drug users
    got_extortion: int  # US$ taken this week
    got_kidnapping: int  # likewise
    got_fuel: int  # likewise
    haste: int  # how little those present expect to hold on, 0..1
    homicides: int  # this week, all causes
    organised: int  # this week, all but background
    effective: int  # effective number of groups, 1 / sumsq
    taken: int  # US$ taken by predation this week


class Cartel(NamedTuple):
    """An armed organisation; its row is never reused."""

    alive: int  # 1 while it exists
    members: int
    plazas: int
    cash: int  # US$
    arms: int  # guns
    cohesion: int  # 0..1
    losses: int  # remembered leader losses per year
    cut: int  # links cut by sanctions and not yet replaced
    patience: int  # delta_eff of the pact rule
    vacancy: int  # weeks left without a settled kingpin
    notoriety: int  # square root of thousands of members, followed over a year
    aimed: int  # weight among targets
    access: int  # trafficking access from live brokers, 0..1
    suppliers: int  # live brokers by kind
    financiers: int  # live brokers by kind
    dealers: int  # live brokers by kind
    might: int  # strength per member from cohesion, arms and vacancy, to the exponent r
    grip: int  # the same to the exponent of control
    pay: int  # US$ per member and year, smoothed
    traffic_income: int  # US$ per year, smoothed
    predation_income: int  # US$ per year, smoothed
    week_income: int  # US$ this week
    week_traffic: int  # the part of it that is trafficking
    protection: int  # bought protection, 0..1
    gap: int  # unpaid share of payroll, smoothed
    zone: int  # row of the push cube that applies to it
    seat: int  # territory of the kingpin
    prisoners: int  # members in prison
    captive: int  # 1 if a captured kingpin still commands from prison
    peak: int  # most members it ever had
    parent: int  # row of the cartel it left, -1 for none
    origin: int  # number of the `Cause` for which it left
    born: int  # week in which it was founded
    home: int  # territory in which it was founded
    clan: int  # number of the family or clan that is as old as the group, 0 if there is none
    ended: int  # week in which it ended, if it did
    boss_faction: int  # number of the kingpin's family or clan
    boss_since: int  # week in which he took over
    ties: int  # first of its rows in the table of ties, -1 for none; renewed where it is used


class Plaza(NamedTuple):
    """One cartel in one territory: the unit of arithmetic."""

    cartel: int  # row, -1 once closed
    territory: int
    members: int
    traffic: int  # effort shares; the five sum to 1
    extortion: int
    kidnapping: int
    fuel: int
    retail: int
    share: int  # control q
    help: int  # allied people here or next door relative to one's own
    losses: int  # members killed per member and year, smoothed
    income: int  # US$ this week
    appeal: int  # odds of joining relative to the reference, looked at every four weeks
    faction: int  # number of the family or clan that runs it
    since: int  # week its lieutenant took over; the rows above survive sorting, those below are worked out anew every week
    strength: int  # g^r
    exposed: int  # n^p
    foes: int  # hostile strength faced here in open wars
    kin_foes: int  # the part of it that belongs to relatives
    spared: int  # strength of relatives at peace here
    lure: int  # attraction as an enemy to anybody
    pull: int  # the same to whoever is choosing one
    risk: int  # exposure to arrest, relative
    route: int  # trafficking pull: value x control x access
    haste: int  # how little it expects to hold on, 0..1


class Pair(NamedTuple):
    """Two cartels in one place that are at war, were, or are relatives at peace; other pairs need no row."""

    a: int
    b: int
    territory: int
    open: int  # 1 while at war
    heat: int  # 0..1, follows `open` (a rivalry weight in the published limit)
    pact: int  # 1 between heirs at peace: no hostility at all
    kin: int  # week until which fighting counts as a succession fight
    next: int  # next row of the same place, -1 at the end


class Tie(NamedTuple):
    """A directed alliance: cartel b helps a."""

    a: int
    b: int
    weight: int  # split among heirs who keep it, so that a lineage counts once
    next: int  # next row of the same cartel a, -1 at the end; renewed where it is used


class Broker(NamedTuple):
    """One live link to the outside."""

    cartel: int
    kind: int  # 0 supplier or precursor seller, 1 financier, 2 arms dealer
    alive: int
    place: int  # territory of the lieutenant it deals with; -1 for the kingpin
    exposure: int  # to sanctions, relative


class Nation(NamedTuple):
    """National stocks and rates of the market."""

    light: int  # light users, people
    heavy: int  # heavy users, people
    patients: int  # heavy users in treatment, people
    initiates: int  # new light users a year without prevention, people
    price: int  # retail price, 2006 = 1
    consumption: int  # 2006 = 1
    push_memory: int  # seizures that routes have adapted to, share
    seized: int  # share of the flow seized
    revenue: int  # potential US revenue of Mexican groups, US$/year
    known_extortion: int  # how far the trade has spread, 0..1
    known_kidnapping: int  # likewise
    known_fuel: int  # likewise
    local_use: int  # Mexican drug market, 2006 = 1
    clock_revenue: int  # outside series for this week, 2006 = 1
    clock_synthetic: int  # synthetic share of use this week
    clock_background: int  # trend of background homicide, 2006 = 1


class Flow(NamedTuple):
    """What happened this week in the nation; sums of a month become the metrics of the same name."""

    homicides_turf: int
    homicides_succession: int
    homicides_predation: int
    homicides_confrontation: int
    homicides_background: int
    member_deaths: int
    civilian_deaths: int
    massacres: int
    disappearances: int
    recruits: int
    arrests: int
    convictions: int
    guns_bought: int
    guns_leaked: int
    desertions: int
    trafficking_revenue_usd: int
    predation_revenue_usd: int
    extortion_incidents: int
    kidnappings: int
    fuel_thefts: int
    drug_tonnes: int
    overdose_deaths: int
    rights_complaints: int
    splits: int
    dissolutions: int
    absorptions: int
    removals: int
    removals_failed: int
    extraditions: int


class Ledger(NamedTuple):
    """Cumulative named flows; every stock must equal its start plus these, exactly."""

    recruited: int
    entered: int  # people from the pool into a new gang
    arrested: int
    convicted: int
    killed: int
    left: int  # deserted, aged out, squeezed out
    dissolved: int  # people of plazas that fell below the minimum, and of routed plazas
    rejoined: int  # released prisoners who went back
    released: int
    refilled: int  # turnover of the age band, net
    earned: int  # US$
    fees: int  # paid for laundering
    paid: int
    bribed: int
    spent_arms: int
    consumed: int
    frozen: int
    lost_cash: int  # of cartels that ended without an heir
    bought: int  # guns
    leaked: int
    worn: int
    lost_guns: int
    opened: int  # plazas
    closed: int
    brokers_won: int
    brokers_lost: int


class Count(NamedTuple):
    """Rows in use."""

    cartels: int
    plazas: int
    pairs: int
    ties: int
    brokers: int
    events: int  # of this week, to be acted on
    notes: int  # for the log only, since the start
    lines: int  # what happened to leaders and groups, since the start
    stale: int  # 1 when plaza rows need sorting
    unlinked: int  # 1 when the lists of pairs by place need renewing
    factions: int
    dead: int  # cartels that ended
    brokers_asked: int  # by splinters, since the start
    brokers_gained: int
    allies_asked: int
    allies_gained: int


class Event(NamedTuple):
    """Something rare that the week noticed, or a line of the log."""

    week: int
    kind: int
    cartel: int  # row, -1 if none
    other: int
    territory: int
    size: int  # people
    cause: int  # number of the `Cause`; for lines only


class Line(NamedTuple):
    """Kinds of lines in the log."""

    spared: int
    removal: int
    removal_failed: int
    death: int
    extradition: int
    rout: int
    succession: int
    defection: int
    split: int
    fragmentation: int
    entry: int
    dissolved: int
    absorbed: int
    war: int
    alliance: int
    rupture: int
    skipped: int


class Cause(NamedTuple):
    """Why something happened: how a leader was lost, the occasion on which loyalty was weighed, a scripted event that had no subject."""

    none: int
    capture: int
    killing: int
    extradition: int
    surrender: int
    lieutenant_capture: int
    lieutenant_killing: int
    lieutenant_extradition: int
    lieutenant_surrender: int
    natural: int
    rivals: int
    succession: int
    lieutenant: int
    quarrel: int
    prison: int
    last: int  # it was the last plaza
    entry: int
    founder: int
    removal: int
    split: int
    alliance: int
    rupture: int


TERRITORY = Territory(*range(len(Territory._fields)))
CARTEL = Cartel(*range(len(Cartel._fields)))
PLAZA = Plaza(*range(len(Plaza._fields)))
PAIR = Pair(*range(len(Pair._fields)))
TIE = Tie(*range(len(Tie._fields)))
BROKER = Broker(*range(len(Broker._fields)))
NATION = Nation(*range(len(Nation._fields)))
FLOW = Flow(*range(len(Flow._fields)))
LEDGER = Ledger(*range(len(Ledger._fields)))
COUNT = Count(*range(len(Count._fields)))
EVENT = Event(*range(len(Event._fields)))
LINE = Line(*range(len(Line._fields)))
CAUSE = Cause(*range(len(Cause._fields)))

# kinds of event; those that are acted on (`falls.py`), in this order within a week, come after the mere notes
WAR_BEGINS, WAR_ENDS, ALLIANCE, RUPTURE, BROKER_LOST, BROKER_WON, OPENED, TAKEN = 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0
ABSORBED, DISSOLVED, ENTRY = 8.0, 9.0, 10.0
BETRAYED, NATURAL, ATTEMPT_KINGPIN, ATTEMPT_LIEUTENANT, FREED, QUARREL, RIVALS = 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0

NOBODY = cast(int, np.int64(-1))  # a typed scalar: numba would compile every function once more for a literal -1
LONG_AGO = -1  # week of the last war of cartels that never fought
SUPPLIER, FINANCIER, DEALER = 0.0, 1.0, 2.0

P: Any = namedtuple("P", list(PARAMETERS))(*range(len(PARAMETERS)))
PUSH: Any = namedtuple("PUSH", [handle.name for handle in HANDLES])(*range(len(HANDLES)))


class Country(NamedTuple):
    """All tables of one run, as the compiled week receives them."""

    territory: Array
    cartel: Array
    plaza: Array
    pair: Array
    tie: Array
    broker: Array
    nation: Array
    flow: Array
    ledger: Array
    event: Array
    note: Array
    line: Array
    flows: Array  # [week, flow] of the whole run
    clocks: Array  # [series, week]: revenue, synthetic share, background
    count: Integers  # type: ignore[assignment]
    at: NDArray[np.int32]  # [cartel, territory] -> plaza row or -1
    feud: NDArray[np.int16]  # [cartel, cartel] -> week in which their last war ended
    first: Integers  # [territory] -> first plaza row there; plazas are sorted by territory and lineage key
    border_start: NDArray[np.int32]
    border_to: NDArray[np.int32]
    zone: Integers  # [territory] -> row of the push cube
    territory_key: Keys
    cartel_key: Keys
    boss_key: Keys  # [cartel] -> lineage key of its kingpin
    plaza_key: Keys
    pair_key: Keys
    broker_key: Keys
    faction_key: Keys
    luck: Array  # [4, plaza] this week's uniforms for recruitment, arrest, fighting, leaving
    plaza_draw: Array  # [4, plaza] uniforms of the step that is drawing for all plazas
    cartel_draw: Array  # [4, cartel] likewise for all cartels
    pair_draw: Array  # [4, pair] likewise for all pairs
    place_draw: Array  # [4, territory] likewise for all places
    powers: Array  # [people, exponent], see `lookup.py`
    fading: Array  # [weeks] part of a grudge that is left
