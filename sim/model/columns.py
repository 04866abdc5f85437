"""The tables of the simulated country: a column per quantity, with one entry per territory, cartel, plaza ...

Everything weekly is compiled over them: `plaza.members` is the contiguous vector of members of all plazas, `flow.recruits` a number
(`named.py`). `Integers` are rows, kinds, weeks, flags and ids. People, dollars and guns are whole numbers too, but `Floats`, since what
is reckoned with them is not (exact up to 2**53).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.push import HANDLES
from sim.model.compile.named import Floats, Grid, Integers, Numbers, Record, Stack, Table

Array = NDArray[np.float64]
Word = np.uint64
Keys = NDArray[np.uint64]


class Territory(Table):
    """A place: a state, a quarter of a state, a municipality, a cell of a grid."""

    population: Floats  # residents
    pool: Floats  # young men at risk of being recruited, people
    pool_full: Floats  # the pool without any recruitment, people
    value: Floats  # trafficking value, shares that sum to 1
    poppy: Floats  # share of the value that rests on poppy
    economy: Floats  # share of the national extortable economy
    pipeline: Floats  # share of the national pipeline exposure
    users: Floats  # share of the national local drug market
    background: Floats  # background homicide rate relative to the national one
    force: Floats  # soldiers and marines on public-security duty per 10,000 residents
    integrity: Floats  # police integrity, 0..1
    rest: Floats  # integrity to which it returns, less what bribes cost it
    conviction: Floats  # share of arrests that end in a sentence
    unsentenced: Floats  # fraction of a person left over from whole convictions
    harm: Floats  # complaints per 100,000 remembered
    grievance: Floats  # the same, saturating, 0..1
    arrest_risk: Floats  # chance of a member to be arrested within a year, smoothed, 0..1
    violence: Floats  # organised homicides per 100,000 and year, smoothed over 26 weeks
    armed: Floats  # members here, all cartels
    disorder: Floats  # 1 where a kingpin fell of late, fading
    massacres_due: Floats  # drawn from the dead so far, waiting for a week in which enough die
    pull: Floats  # weight of places, or of neighbours in their order, for whoever is choosing
    leaving: Floats  # people who leave the cartel that is weighing loyalty
    band: Integers  # number of the band they leave with, -1 for none
    cell: Integers  # 1 if it is a cell from inside the plaza that leaves, led by a captain
    queue: Integers  # places whose neighbours are still to be asked
    pairs: Integers  # first row of this place in the table of pairs, -1 for none
    strength: Floats  # sum of g^r
    sumsq: Floats  # sum of squared control shares in its state
    stake: Floats  # income at stake per armed person, US$ per year
    economy_left: Floats  # part of the extortable economy that looting has not destroyed
    bribed: Floats  # members whose group pays officials, weighted by bought protection
    worth_extortion: Floats  # US$ per week if everything extortable were taken
    worth_kidnapping: Floats  # likewise
    worth_fuel: Floats  # likewise
    worth_retail: Floats  # likewise, from local drug users
    got_extortion: Floats  # US$ taken this week
    got_kidnapping: Floats  # likewise
    got_fuel: Floats  # likewise
    homicides: Floats  # this week, all causes
    organised: Floats  # this week, all but background
    effective: Floats  # effective number of groups in its state, 1 / sumsq
    taken: Floats  # US$ taken by predation this week
    work: Floats  # what the step at hand works out for all places at once
    more: Floats  # likewise
    counted: Floats  # people it comes to


class Cartel(Table):
    """An armed organisation; its row is never reused."""

    alive: Integers  # 1 while it exists
    members: Floats
    plazas: Integers
    cash: Floats  # US$
    arms: Floats  # guns
    cohesion: Floats  # 0..1
    losses: Floats  # remembered leader losses per year
    cut: Floats  # links cut by sanctions and not yet replaced
    patience: Floats  # delta_eff of the pact rule
    vacancy: Floats  # weeks left without a settled kingpin
    notoriety: Floats  # square root of thousands of members, followed over a year
    aimed: Floats  # weight among targets
    access: Floats  # trafficking access from live brokers, 0..1
    suppliers: Floats  # live brokers by kind
    financiers: Floats  # live brokers by kind
    dealers: Floats  # live brokers by kind
    might: Floats  # strength per member from cohesion, arms and vacancy, to the exponent r
    grip: Floats  # the same to the exponent of control
    pay: Floats  # US$ per member and year, smoothed
    traffic_income: Floats  # US$ per year, smoothed
    predation_income: Floats  # US$ per year, smoothed
    week_income: Floats  # US$ this week
    week_traffic: Floats  # the part of it that is trafficking
    protection: Floats  # bought protection, 0..1
    gap: Floats  # unpaid share of payroll, smoothed
    zone: Integers  # row of the push cube that applies to it
    seat: Integers  # territory of the kingpin
    prisoners: Floats  # members in prison
    gone: Floats  # members who left, fell or were arrested since guns were last counted
    captive: Integers  # 1 if a captured kingpin still commands from prison
    peak: Floats  # most members it ever had
    links: Integers  # live brokers, for whoever counts them
    parent: Integers  # row of the cartel it left, -1 for none
    origin: Integers  # number of the `Cause` for which it left
    born: Integers  # week in which it was founded
    home: Integers  # territory in which it was founded
    clan: Integers  # number of the family or clan that is as old as the group, 0 if there is none
    ended: Integers  # week in which it ended, if it did
    boss_faction: Integers  # number of the kingpin's family or clan
    boss_since: Integers  # week in which he took over
    ties: Integers  # first of its rows in the table of ties, -1 for none; renewed where it is used
    living: Integers  # row of the n-th of those that exist, by their rows
    work: Floats  # what the step at hand works out for all of those at once
    more: Floats  # likewise


class Plaza(Table):
    """One cartel in one territory: the unit of arithmetic."""

    cartel: Integers  # row, -1 once closed
    territory: Integers
    members: Floats
    traffic: Floats  # effort shares; the five sum to 1
    extortion: Floats
    kidnapping: Floats
    fuel: Floats
    retail: Floats
    share: Floats  # control q
    help: Floats  # allied people here or next door relative to one's own
    losses: Floats  # members killed by rivals per member and year, smoothed; a rate, which a week of war may lift above 1
    felled: Floats  # members killed by the state, likewise
    jailed: Floats  # members sent to prison, likewise
    income: Floats  # US$ this week
    appeal: Floats  # odds of joining relative to the reference, looked at every four weeks
    faction: Integers  # number of the family or clan that runs it
    since: Integers  # week its lieutenant took over; what stands above survives sorting, what stands below is worked out anew every week
    order: Integers  # row from which this one comes when plazas are sorted
    spare: Integers  # a whole column on its way to another order
    strength: Floats  # g^r
    exposed: Floats  # n^p
    foes: Floats  # hostile strength faced here in open wars
    kin_foes: Floats  # the part of it that belongs to relatives
    spared: Floats  # strength of relatives at peace here
    lure: Floats  # attraction as an enemy to anybody
    pull: Floats  # the same to whoever is choosing one; a real column on its way to another order
    risk: Floats  # exposure to arrest, relative
    route: Floats  # trafficking pull: value x control x access
    haste: Floats  # how little it expects to hold on, 0..1
    pairs: Integers  # first of its rows in the table of pairs, -1 for none; renewed where it is used
    work: Floats  # what the step at hand works out for all plazas at once
    counted: Floats  # people it comes to


class Pair(Table):
    """Two cartels in one place that are at war, were, or are relatives at peace; other pairs need no row."""

    a: Integers
    b: Integers
    territory: Integers
    open: Floats  # 1 while at war
    heat: Floats  # 0..1, follows `open` (a rivalry weight in the published limit)
    pact: Integers  # 1 between heirs at peace: no hostility at all
    kin: Integers  # week until which fighting counts as a succession fight
    next: Integers  # next row of the same place, -1 at the end
    after_a: Integers  # next row of the same plaza of a, likewise; renewed where it is used
    after_b: Integers  # of that of b


class Tie(Table):
    """A directed alliance: cartel b helps a."""

    a: Integers
    b: Integers
    weight: Floats  # split among heirs who keep it, so that a lineage counts once
    next: Integers  # next row of the same cartel a, -1 at the end; renewed where it is used


class Broker(Table):
    """One live link to the outside."""

    cartel: Integers
    kind: Integers  # 0 supplier or precursor seller, 1 financier, 2 arms dealer
    alive: Integers
    place: Integers  # territory of the lieutenant it deals with; -1 for the kingpin
    exposure: Floats  # to sanctions, relative


class Nation(Numbers):
    """National stocks and rates of the market."""

    light: float  # light users, people
    heavy: float  # heavy users, people
    patients: float  # heavy users in treatment, people
    initiates: float  # new light users a year without prevention, people
    price: float  # retail price, 2006 = 1
    consumption: float  # 2006 = 1
    push_memory: float  # seizures that routes have adapted to, share
    seized: float  # share of the flow seized
    revenue: float  # potential US revenue of Mexican groups, US$/year
    known_extortion: float  # how far the trade has spread, 0..1
    known_kidnapping: float  # likewise
    known_fuel: float  # likewise
    local_use: float  # Mexican drug market, 2006 = 1
    clock_revenue: float  # outside series for this week, 2006 = 1
    clock_synthetic: float  # synthetic share of use this week
    clock_background: float  # trend of background homicide, 2006 = 1
    clock_output: float  # cocaine produced at the source, 2006 = 1
    clock_custody: float  # those arrested who are held, relative to before the reform of justice
    usual_rent: float  # what predation yielded when the run began, US$ per week and member


class Flow(Numbers):
    """What happened this week in the nation; sums of a month become the metrics of the same name."""

    homicides_turf: float
    homicides_succession: float
    homicides_predation: float
    homicides_confrontation: float
    homicides_background: float
    member_deaths: float
    civilian_deaths: float
    massacres: float
    disappearances: float
    recruits: float
    arrests: float
    convictions: float
    guns_bought: float
    guns_leaked: float
    desertions: float
    trafficking_revenue_usd: float
    predation_revenue_usd: float
    extortion_incidents: float
    kidnappings: float
    fuel_thefts: float
    drug_tonnes: float
    overdose_deaths: float
    rights_complaints: float
    splits: float
    dissolutions: float
    absorptions: float
    removals: float
    removals_failed: float
    extraditions: float


class Stock(Numbers):
    """State of the nation at the end of a month; the metrics of the same names."""

    groups_active: float
    cartels_active: float
    cells_active: float
    largest_share: float
    hhi: float
    wars_active: float
    members: float
    prison_population: float
    predation_share: float
    drug_price_index: float
    consumption_index: float
    seized_share: float
    heavy_users: float
    impunity_index: float
    arms_index: float
    guns_held: float
    broker_inheritance_share: float
    alliance_inheritance_share: float


class Stocks(Stack[Stock], part=Stock):
    """A `Stock` for every month."""


class Ledger(Numbers):
    """Cumulative named flows; every stock must equal its start plus these, exactly."""

    recruited: float
    entered: float  # people from the pool into a new gang
    convicted: float
    killed: float
    left: float  # deserted, aged out, squeezed out
    dissolved: float  # people of plazas that fell below the minimum, and of routed plazas
    rejoined: float  # released prisoners who went back
    released: float
    refilled: float  # boys who grew into the age band
    outgrown: float  # men who grew out of it
    earned: float  # US$
    fees: float  # paid for laundering
    paid: float
    bribed: float
    spent_arms: float
    consumed: float
    frozen: float
    lost_cash: float  # of cartels that ended without an heir
    bought: float  # guns
    leaked: float
    worn: float
    lost_guns: float  # with members who left, fell or were arrested, and of cartels that ended without an heir
    opened: float  # plazas
    closed: float
    brokers_won: float
    brokers_lost: float


class Count(Numbers):
    """Rows in use."""

    cartels: int
    plazas: int
    pairs: int
    ties: int
    brokers: int
    events: int  # of this week, to be acted on
    lines: int  # of the log
    stale: int  # 1 when plaza rows need sorting
    unlinked: int  # 1 when the lists of pairs by place need renewing
    factions: int
    dead: int  # cartels that ended
    brokers_asked: int  # by splinters, since the start
    brokers_gained: int
    allies_asked: int
    allies_gained: int
    living: int  # cartels that existed when the week began
    listed: int  # cartels among which they were looked for


class Now(Numbers):
    """The week that is being played."""

    week: int  # its number, 0 is the first


class Spared(Numbers):
    """A leader to whom nothing happens in one week."""

    week: int  # -1 for never
    row: int  # of the cartel
    rank: int  # KINGPIN, LIEUTENANT or CAPTIVE


class Event(Table):
    """Something rare: what the week noticed, to be acted on, or a line of the log."""

    week: Integers
    kind: Integers  # number of the `Kind`
    cartel: Integers  # row, -1 if none
    other: Integers
    territory: Integers
    size: Floats  # people
    cause: Integers  # number of the `Cause`; for lines only


class Kind(NamedTuple):
    """Kinds of events: those that are acted on come first, in their order within a week, then those that the log only tells."""

    absorbed: int  # the last plaza of a group is absorbed; also told of others
    dissolved: int  # the last plaza of a group fell below the minimum
    entry: int  # a new gang
    betrayal: int  # a kingpin is given up by his own people
    natural_end: int  # a kingpin dies or retires
    attempt: int  # the state moves against a kingpin
    attempt_lieutenant: int  # likewise against a lieutenant
    release: int  # a captive kingpin no longer rules from prison
    quarrel: int  # loyalty is weighed although nobody fell
    murder: int  # rivals kill a kingpin
    spared: int  # nothing happens to a leader
    removal: int
    removal_failed: int
    death: int  # of a kingpin, by nature or rivals
    extradition: int  # of a captive kingpin
    rout: int
    succession: int
    defection: int
    split: int
    fragmentation: int
    war: int
    truce: int
    alliance: int
    rupture: int
    broker_lost: int
    broker_won: int
    expansion: int  # a plaza in a new place
    skipped: int  # a scripted event that has no subject


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


KIND = Kind(*range(len(Kind._fields)))
CAUSE = Cause(*range(len(Cause._fields)))

NOBODY = cast(int, np.int64(-1))  # a typed scalar: numba would compile every function once more for a literal -1
LONG_AGO = -1  # week of the last war of cartels that never fought
SUPPLIER, FINANCIER, DEALER = 0, 1, 2
KINGPIN, LIEUTENANT, CAPTIVE = 1, 2, 3  # ranks of those who can be spared


class P(Numbers, names=PARAMETERS, constant=True):
    """Parameters of the catalogue."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> float: ...
        def __setattr__(self, name: str, value: float) -> None: ...


class Press(Numbers, names=[handle.name for handle in HANDLES]):
    """What policy does in one zone this week, by handle."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> float: ...


class Push(Stack[Press], part=Press):
    """What policy does this week: a `Press` for every zone."""


class Cube(Stack[Push], part=Push):
    """What policy does: a `Push` for every week."""


@dataclass(frozen=True, eq=False)
class Country(Record):
    """All tables of one run, as the compiled week receives them."""

    made: ClassVar[bool] = False  # whether this Python has made any

    def __post_init__(self) -> None:
        type(self).made = True

    p: P
    now: Now
    seed: Word
    push: Push  # of this week
    territory: Territory
    cartel: Cartel
    plaza: Plaza
    pair: Pair
    tie: Tie
    broker: Broker
    nation: Nation
    flow: Flow
    ledger: Ledger
    count: Count
    event: Event  # what the week noticed
    log: Event  # what happened since the start
    flows: Grid  # [week, flow] of the whole run
    clocks: Grid  # [series, week]: revenue, synthetic share, background, growth of residents, output at the source, custody
    aligned: Annotated[NDArray[np.int16], 2]  # [week, territory] -> 1 where one party governs state and nation
    cube: Cube  # what policy does, by week and zone
    insisting: Grid  # kingpin attempts a year of levers that insist on how a leader is removed, [week, lever]
    modes: Integers  # how, a number of `CAUSE`, [lever]
    spared: Spared
    ends: Integers  # the month whose last week this is, or -1, [week]
    stocks: Stocks  # at the end of each month
    at: Annotated[NDArray[np.int32], 2]  # [cartel, territory] -> plaza row or -1
    feud: Annotated[NDArray[np.int16], 2]  # [cartel, cartel] -> week in which their last war ended
    first: Integers  # [territory] -> first plaza row there; plazas are sorted by territory and lineage key
    border_start: NDArray[np.int32]
    border_to: NDArray[np.int32]
    zone: Integers  # [territory] -> row of the push cube
    next_state: Integers  # [territory] -> first place of the state after its own
    aim: Array  # [zone] -> weight among targets of all cartels there
    territory_key: Keys
    cartel_key: Keys
    boss_key: Keys  # [cartel] -> lineage key of its kingpin
    plaza_key: Keys
    pair_key: Keys
    tie_key: Keys
    broker_key: Keys
    faction_key: Keys
    luck: Grid  # [4, plaza] this week's uniforms for recruitment, arrest, fighting, leaving
    plaza_draw: Grid  # [4, plaza] uniforms of the step that is drawing for all plazas
    living_key: Keys  # [n-th living cartel]
    cartel_draw: Grid  # [4, n-th living cartel] likewise for all that exist
    pair_draw: Grid  # [4, pair] likewise for all pairs
    tie_draw: Grid  # [4, tie] likewise for all ties
    place_draw: Grid  # [4, territory] likewise for all places
    powers: Grid  # [people, exponent], see `lookup.py`
    fading: Array  # [weeks] part of a grudge that is left
