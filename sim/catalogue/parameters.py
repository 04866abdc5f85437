"""Every constant of the model, one line each: default, unit, plausible range, source or FITTED or ASSUMED, and what it is.

Mechanisms read constants only from here. `sampled` constants are the uncertain ones that a plausible set varies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple


class Parameter(NamedTuple):
    """One catalogue entry."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    source: str
    meaning: str
    mechanism: str
    sampled: bool
    switch: bool


def param(
    default: float, unit: str, bounds: tuple[float, float], source: str, meaning: str, *, sampled: bool = False, switch: bool = False
) -> Any:  # noqa: ANN401
    """Declare one constant; `switch` marks an assumption the literature disagrees about."""
    entry = {"unit": unit, "low": bounds[0], "high": bounds[1], "source": source, "meaning": meaning, "sampled": sampled, "switch": switch}
    return field(default=default, metadata=entry)


# fmt: off  (one constant, one line)
@dataclass(frozen=True)
class Market:
    """US consumption, price, revenue, overdose."""

    demand_elasticity: float = param(0.5, "1", (0.1, 2.0), "gallet2014", "how strongly use falls when price rises", sampled=True, switch=True)
    light_users: float = param(8.0e6, "people", (2e6, 3e7), "ASSUMED", "light users of the drugs Mexican groups sell, 2006")
    heavy_users: float = param(4.0e6, "people", (1e6, 1e7), "ASSUMED", "heavy users of the drugs Mexican groups sell, 2006")
    heavy_use: float = param(7.0, "1", (3, 15), "everingham1994", "use of a heavy user relative to a light one")
    light_quit: float = param(0.163, "1/year", (0.05, 0.4), "everingham1994", "light users who stop")
    escalation: float = param(0.024, "1/year", (0.005, 0.06), "everingham1994", "light users who become heavy")
    heavy_quit: float = param(0.040, "1/year", (0.01, 0.12), "everingham1994", "heavy users who stop or die without treatment")
    treatment_success: float = param(0.20, "1", (0.05, 0.4), "rydell1994", "patients who leave heavy use for good; the others go back to it", sampled=True)
    treatment_years: float = param(0.3, "years", (0.1, 2), "rydell1994", "mean time in treatment")
    treatment_use: float = param(0.2, "share", (0, 1), "rydell1994", "use of a patient relative to a heavy user")
    seized_base: float = param(0.20, "share", (0.05, 0.4), "ASSUMED", "share of the flow seized in 2006")
    route_memory: float = param(1.0, "years", (0.3, 4), "ASSUMED", "time in which routes adapt to new seizures")
    route_adaptation: float = param(0.7, "share", (0, 1), "ASSUMED", "part of new seizures that adaptation undoes", sampled=True)
    price_lag: float = param(13.0, "weeks", (1, 52), "ASSUMED", "time in which retail price follows cost")
    price_cost_share: float = param(0.6, "share", (0.2, 0.9), "caulkins_reuter2010", "part of price that scales with the flow lost; the rest is fixed risk")
    fixed_risk: float = param(0.5, "1", (0, 1), "caulkins_reuter2010", "how the fixed part of risk falls on a smaller market")
    revenue_us: float = param(7.0e9, "US$/year", (3e9, 1.6e10), "FITTED", "potential US revenue of Mexican groups, 2006", sampled=True)
    revenue_clock: float = param(1.0, "switch", (0, 1), "ASSUMED", "1: revenue follows the sourced outside series; 0: constant", switch=True)
    outside_routes: float = param(0.10, "share", (0.01, 0.5), "ASSUMED", "pull of routes that avoid Mexico, in units of all Mexican routes")
    carry_capacity: float = param(4.0e5, "US$/year", (5e4, 2e6), "ASSUMED", "revenue one member's full time can carry")
    overdose_rate: float = param(0.0080, "1/year", (0.002, 0.02), "cdc_wonder", "overdose deaths per heavy user without synthetics")
    synthetic_danger: float = param(4.4, "1", (2, 7), "source_model", "overdose death rate when every dose is synthetic, relative to none", sampled=True)
    synthetic_response: float = param(0.0, "1", (-1, 1), "ASSUMED", "how seizures change the synthetic share: >0 adverse, <0 helpful, 0 none", switch=True)
    synthetic_resistance: float = param(0.3, "share", (0, 1), "ASSUMED", "naloxone's effect lost when every dose is synthetic")
    heroin_share: float = param(0.15, "share", (0, 0.5), "ASSUMED", "part of supply that rests on poppy, in the answer of the synthetic share")
    tonnes_2006: float = param(300.0, "tonnes/year", (100, 800), "ASSUMED", "pure cocaine, heroin and methamphetamine crossing north in 2006")
    other_overdoses: float = param(0.0, "share", (0, 0.9), "ASSUMED", "share of overdose deaths of 2006 that no Mexican drug explains")


@dataclass(frozen=True)
class Income:
    """Where members' time and money go."""

    effort_sensitivity: float = param(0.8, "1", (0.3, 5), "ASSUMED", "how sharply effort goes to the better-paying sector, logit in log return", sampled=True)
    effort_inertia: float = param(0.05, "1/4 weeks", (0.005, 0.5), "ASSUMED", "share of effort that moves in four weeks")
    predation_usd: float = param(3.2e9, "US$/year", (5e8, 6e9), "FITTED", "what extortion, kidnapping, fuel theft and local sales could yield in all", sampled=True)
    extortion_share: float = param(0.40, "share", (0.1, 0.8), "ASSUMED", "part of it that is extortion")
    kidnapping_share: float = param(0.12, "share", (0.01, 0.4), "ASSUMED", "part of it that is kidnapping")
    fuel_share: float = param(0.25, "share", (0.01, 0.5), "ASSUMED", "part of it that is fuel")
    predation_reach: float = param(340.0, "members per million", (20, 5000), "ASSUMED", "full-time members per million residents who take 63 % of what a sector yields", sampled=True)
    extortion_2006: float = param(0.6, "share", (0.05, 1), "ASSUMED", "how much of extortion was known in 2006")
    kidnapping_2006: float = param(0.45, "share", (0.02, 1), "FITTED", "how much of kidnapping was known in 2006", sampled=True)
    fuel_2006: float = param(0.04, "share", (0.005, 1), "FITTED", "how much of fuel theft was known in 2006", sampled=True)
    learning: float = param(0.6, "1/year", (0, 3), "FITTED", "how fast a trade spreads where many groups meet", sampled=True)
    local_growth: float = param(0.06, "1/year", (0, 0.12), "ASSUMED", "growth of the Mexican drug market: past-year use doubled 2008-16 (recalled)")
    horizon: float = param(0.5, "1/year", (0.05, 5), "ASSUMED", "risk of losing one's place or leader at which looting is half as attractive as it gets")
    tenure_fear: float = param(0.5, "1", (0, 2), "ASSUMED", "weight of a leader lost a year in that risk")
    looting_damage: float = param(0.3, "1/year", (0, 2), "ASSUMED", "extortable economy destroyed where groups without a future take everything")
    economy_recovery: float = param(5.0, "years", (1, 20), "ASSUMED", "time in which a looted economy recovers")
    looting: float = param(0.5, "1", (0, 3), "ASSUMED", "extra take, and extra violence, of a group with no future")
    extortion_take: float = param(1000.0, "US$", (200, 10000), "ASSUMED", "yield of one extortion")
    kidnapping_take: float = param(2500.0, "US$", (1000, 50000), "ASSUMED", "yield of one kidnapping")
    fuel_take: float = param(6.0e4, "US$", (2e4, 1e6), "ASSUMED", "yield of one illegal tap")
    predation_lethality: float = param(1.1e-6, "deaths/US$", (1e-8, 1e-5), "ASSUMED", "bystanders killed per dollar taken by predation")
    wage: float = param(6500.0, "US$/year", (2000, 20000), "prieto2025", "pay a member expects before bonus")
    bonus: float = param(0.15, "share", (0, 0.6), "ASSUMED", "share of what is left that goes to members")
    bribes: float = param(0.15, "share", (0, 0.4), "ASSUMED", "share of income spent on protection")
    arms_budget: float = param(0.05, "share", (0, 0.3), "ASSUMED", "share of income spent on guns")
    reserve: float = param(26.0, "weeks", (0, 150), "ASSUMED", "payroll kept in cash before leaders take the rest")
    laundering: float = param(0.10, "share", (0, 0.4), "ASSUMED", "income lost in changing cash without a financier of one's own")
    gun_price: float = param(1500.0, "US$", (300, 6000), "ASSUMED", "a gun south of the border at today's inflow")
    guns_wear: float = param(0.12, "1/year", (0.02, 0.5), "ASSUMED", "guns that break or are lost")
    guns_seized: float = param(1.0, "guns", (0, 4), "ASSUMED", "guns lost with every member arrested or killed")


@dataclass(frozen=True)
class Recruitment:
    """Joining."""

    recruit_rate: float = param(0.0036, "1/week", (5e-4, 6e-3), "FITTED", "recruits per member and week at the pay and risk of 2006", sampled=True)
    at_risk: float = param(0.035, "share", (0.01, 0.15), "FITTED", "young men who could be recruited", sampled=True)
    pool_half: float = param(0.5, "share", (0.05, 2), "FITTED", "pool, as a share of a full one, at which approaches half succeed")
    pool_refill: float = param(0.10, "1/year", (0.02, 0.5), "ASSUMED", "turnover of the age band")
    pay_elasticity: float = param(1.1, "1", (0, 2), "FITTED", "log-odds of joining per log of pay over the legal wage", sampled=True)
    legal_wage: float = param(4400.0, "US$/year", (1500, 12000), "prieto2025", "pay of the best legal alternative, 2006")
    join_share: float = param(0.5, "share", (0.05, 0.95), "ASSUMED", "approached who join when illegal pay is three times the legal wage")
    forced_share: float = param(0.2, "share", (0, 0.8), "FITTED", "recruits taken by force where control is fully contested")
    fear_death: float = param(4.0, "years", (0, 40), "prieto2025", "log-odds lost per yearly risk of death")
    fear_prison: float = param(2.0, "years", (0, 40), "prieto2025", "log-odds lost per yearly risk of prison")
    grievance_pull: float = param(0.5, "1", (0, 3), "bennett2008", "log-odds gained where harm by force is fully remembered")


@dataclass(frozen=True)
class Enforcement:
    """Arrest, prison, force, integrity."""

    arrest_capacity: float = param(160.0, "people/week", (0, 600), "FITTED", "members arrested a week at full effort", sampled=True)
    arrest_base: float = param(0.5, "share", (0, 1), "FITTED", "part of that effort present in 2006")
    arrest_half: float = param(25000.0, "people", (0, 2e5), "ASSUMED", "members at which capacity is half used; 0 is the published limit")
    arrest_focus: float = param(0.5, "1", (0, 2), "ASSUMED", "how strongly arrests follow force and violence instead of presence")
    sentence: float = param(5.0, "years", (1, 20), "prieto2025b", "mean time in prison")
    conviction_base: float = param(0.55, "share", (0.05, 1), "ASSUMED", "arrested members who stay in prison")
    returning: float = param(0.4, "share", (0, 1), "prieto2025b", "released members who go back to their cartel")
    bribe_half: float = param(1500.0, "US$/member/year", (100, 20000), "ASSUMED", "bribes at which half of the state looks away where integrity is zero")
    integrity_2006: float = param(0.5, "1", (0.05, 0.95), "ASSUMED", "police integrity in 2006")
    integrity_memory: float = param(8.0, "years", (1, 40), "ASSUMED", "time in which integrity returns to its old level")
    integrity_erosion: float = param(0.03, "1/year", (0, 0.5), "ASSUMED", "loss of integrity where bribed members are 1 in 1,000 residents")
    clash_violence: float = param(10.0, "1/100,000/year", (2, 50), "ASSUMED", "organised homicides at which force meets armed groups as often as `confrontations` says")
    officials_erosion: float = param(0.02, "1/year", (0, 0.3), "ASSUMED", "integrity lost per official killed per 100,000 and year")
    confrontations: float = param(2.5, "1/year", (0, 30), "FITTED", "clashes per place with 1 soldier per 10,000 and 1,000 members")
    clash_members: float = param(1.6, "deaths", (0, 10), "ASSUMED", "members killed per clash")
    clash_officials: float = param(0.35, "deaths", (0, 5), "ASSUMED", "officials killed per clash")
    clash_civilians: float = param(0.25, "deaths", (0, 5), "ASSUMED", "bystanders killed per clash")
    complaints: float = param(3.0, "complaints", (0, 50), "ASSUMED", "rights complaints per clash")
    grievance_memory: float = param(3.0, "years", (0.5, 20), "ASSUMED", "time in which harm by force is forgotten")
    grievance_half: float = param(10.0, "complaints", (0.5, 200), "ASSUMED", "complaints per 100,000 at which half of the harm done is remembered")


@dataclass(frozen=True)
class Contest:
    """Fighting over places."""

    lethality: float = param(4.5e-7, "1/week", (1e-8, 1e-5), "FITTED", "deaths per pair of members at war in two groups of 1,000 at the reference place", sampled=True)
    own_exponent: float = param(0.58, "1", (0, 1), "FITTED", "p: own people exposed")
    foe_exponent: float = param(0.51, "1", (0.2, 1), "FITTED", "r: enemy strength")
    crowding: float = param(0.59, "1", (0, 1), "ASSUMED", "chi: part of crowding that dilutes over armed people rather than residents", sampled=True, switch=True)
    decisiveness: float = param(0.74, "1", (0.2, 2), "ASSUMED", "m: how strongly strength decides control", sampled=True, switch=True)
    background_rivalry: float = param(0.093, "1", (0, 1), "FITTED", "b: hostility between any two groups that are not at war; 1 is the published limit", sampled=True, switch=True)
    stake_exponent: float = param(0.3, "1", (0, 1), "FITTED", "psi: how fighting scales with income at stake per armed person", sampled=True, switch=True)
    stake_reference: float = param(60000.0, "US$/year", (5000, 300000), "ASSUMED", "income per armed person at which fighting is at its reference")
    cohesion_weight: float = param(0.5, "1", (0, 2), "ASSUMED", "c: strength lost with cohesion")
    arms_weight: float = param(0.3, "1", (0, 1), "ASSUMED", "nu: strength gained with guns per member", sampled=True)
    arms_reference: float = param(2.0, "guns", (0.5, 10), "ASSUMED", "guns per member in 2006")
    vacancy_weakness: float = param(0.2, "share", (0, 0.9), "ASSUMED", "zeta: strength lost while nobody leads")
    help_national: float = param(0.0, "switch", (0, 1), "ASSUMED", "1: allies help wherever they are (published form); 0: only here and next door", switch=True)
    help_next_door: float = param(0.5, "share", (0, 1), "ASSUMED", "help of an ally next door relative to one present")
    overdispersion: float = param(0.45, "sd of log", (0, 1.5), "FITTED", "week-to-week spread of fighting in a place")
    bystanders: float = param(2.4, "deaths", (0, 8), "FITTED", "others killed per member killed in turf fights", sampled=True)
    background_rate: float = param(5.6, "1/100,000/year", (2, 12), "inegi_homicides", "homicides outside organised crime in a calm country")
    background_pull: float = param(0.57, "1", (0, 3), "FITTED", "how far local organised violence raises the rest: retaliation, impunity, guns", sampled=True)
    impunity_pull: float = param(0.5, "1", (0, 3), "ASSUMED", "log of background homicide gained per share of arrests that no longer end in a sentence")
    arms_pull: float = param(0.1, "1", (0, 1), "ASSUMED", "background homicide per log of the southbound flow of arms")
    worst_week: float = param(0.15, "share", (0.02, 1), "ASSUMED", "largest share of a plaza that can be expected to fall in a week")
    disappear: float = param(0.35, "people", (0, 2), "ASSUMED", "people still missing per organised homicide: registered 2007-17 over organised homicides (recalled)")
    contest_on: float = param(1.0, "switch", (0, 1), "ASSUMED", "0 switches fighting off")


@dataclass(frozen=True)
class Peace:
    """Pacts, wars, alliances."""

    patience: float = param(0.95, "1/year", (0.5, 1), "FITTED", "delta0: weight of next year to a secure leader", sampled=True)
    leader_loss_weight: float = param(0.83, "years", (0, 2), "FITTED", "w: patience lost per leader lost a year", sampled=True, switch=True)
    loss_memory: float = param(40.0, "weeks", (10, 150), "ASSUMED", "how long leader losses are remembered")
    pact_decisiveness: float = param(1.0, "1", (0.2, 3), "castillo2020", "m of the pact rule, capped at n/(n-1)")
    pact_steepness: float = param(16.0, "1", (2, 60), "FITTED", "how sharply the pact rule turns")
    war_rate: float = param(1.7, "1/year", (0.1, 20), "FITTED", "a plaza whose pact does not hold opens a war, per attraction of the others", sampled=True)
    peace_rate: float = param(2.0, "1/year", (0.1, 20), "FITTED", "a war whose pact would hold ends", sampled=True)
    exhaustion: float = param(1.0, "1", (0, 20), "ASSUMED", "wars ended a year per yearly share of members that either side loses")
    heat_rate: float = param(0.3, "1/week", (0.01, 1), "FITTED", "how fast a war warms up or cools down")
    grudge: float = param(2.5, "1", (0, 10), "FITTED", "extra pull of an old rival when a plaza picks an enemy")
    grudge_memory: float = param(200.0, "weeks", (20, 600), "ASSUMED", "how long a grudge lasts")
    vulture: float = param(1.5, "1", (0, 10), "ASSUMED", "extra pull of a rival without a settled kingpin")
    disarray: float = param(14.0, "1", (0, 60), "FITTED", "extra pull of a rival per lost unit of cohesion")
    kin_restraint: float = param(0.5, "1", (0, 1), "ASSUMED", "pull of a relative at peace relative to a stranger")
    alliance_rate: float = param(0.15, "1/year", (0, 3), "ASSUMED", "two groups with a common enemy in one place ally")
    truce_alliance: float = param(0.02, "probability", (0, 1), "ASSUMED", "two groups whose pact pays again ally")
    triad_rate: float = param(0.2, "1/year", (0, 3), "ASSUMED", "an ally who is present joins a war")
    rupture_rate: float = param(0.25, "1/year", (0, 3), "ASSUMED", "an alliance ends")


@dataclass(frozen=True)
class Movement:
    """Members and groups that come, move, leave and dissolve."""

    move_rate: float = param(1.2, "1/year", (0, 6), "FITTED", "a plaza sends members across a border")
    move_share: float = param(0.09, "share", (0.01, 0.5), "FITTED", "members who go")
    move_minimum: float = param(60.0, "people", (20, 500), "ASSUMED", "smallest plaza that sends anybody")
    move_sharpness: float = param(1.0, "1", (0.1, 5), "ASSUMED", "how sharply the best neighbour is preferred")
    move_vulture: float = param(0.5, "1", (0, 3), "ASSUMED", "log-value gained where all control lies with groups without a settled kingpin")
    move_distance: float = param(1.0, "1", (0, 5), "ASSUMED", "log-value a new place must offer over home")
    encroach_war: float = param(0.35, "probability", (0, 1), "ASSUMED", "a newcomer is met with war")
    desertion: float = param(2.0e-4, "1/week", (0, 2e-3), "FITTED", "members who leave")
    gap_desertion: float = param(0.02, "1/week", (0, 0.2), "ASSUMED", "members who leave when nothing is paid")
    retirement: float = param(2.0e-4, "1/week", (0, 2e-3), "prieto2025b", "members who age out")
    saturation: float = param(3.0e-8, "1/week/person", (0, 4e-7), "prieto2023", "omega: leavers per member and fellow member")
    plaza_minimum: float = param(12.0, "people", (2, 60), "ASSUMED", "a smaller plaza dissolves")
    absorption: float = param(0.39, "1/year", (0, 4), "FITTED", "a weak plaza is absorbed by the strongest one", sampled=True)
    absorbable: float = param(0.15, "share", (0.01, 0.6), "FITTED", "strength relative to the strongest at which a plaza is weak")
    entry_rate: float = param(1.0, "1/year", (0, 80), "FITTED", "new local gangs a year when predation is as unguarded as in 2006", sampled=True, switch=True)
    entry_size: float = param(50.0, "people", (20, 200), "ASSUMED", "mean size of a new gang")


@dataclass(frozen=True)
class Leadership:
    """Removal, succession, splintering."""

    kingpin_rate: float = param(9.2, "1/year", (0, 60), "dickenson2014", "attempts against kingpins at the effort of 2007-12")
    lieutenant_rate: float = param(43.0, "1/year", (0, 200), "FITTED", "attempts against lieutenants at the effort of 2007-12", sampled=True)
    aim_size: float = param(0.5, "1", (0, 1.5), "FITTED", "how strongly attempts follow a group's size")
    attempt_odds: float = param(4.0, "1", (0.2, 50), "ASSUMED", "odds that an attempt succeeds against 1,000 local members")
    attempt_force: float = param(0.5, "1", (0, 2), "ASSUMED", "how odds fall with local members and rise with force")
    failed_deaths: float = param(9.0, "deaths", (0, 40), "ASSUMED", "killed when an attempt is beaten back: 8-14 in Culiacan, 2019")
    killed_share: float = param(0.3, "share", (0, 1), "ASSUMED", "removals that kill")
    surrender_share: float = param(0.03, "share", (0, 1), "ASSUMED", "removals that are surrenders")
    rival_exposure: float = param(0.5, "1", (0, 5), "ASSUMED", "a kingpin's risk of being killed by rivals relative to a member's at his seat")
    failed_members: float = param(0.6, "share", (0, 1), "ASSUMED", "members among those killed when an attempt is beaten back")
    natural_exit: float = param(0.02, "1/year", (0, 0.2), "ASSUMED", "kingpins who die or retire")
    prison_command: float = param(0.5, "share", (0, 1), "ASSUMED", "shock that a captured kingpin softens by ruling from prison")
    prison_fading: float = param(0.25, "1/year", (0, 3), "ASSUMED", "command from prison that ends by itself")
    cohesion_shock: float = param(0.64, "share", (0, 1), "FITTED", "cohesion lost when a kingpin is killed", sampled=True)
    capture_shock: float = param(0.8, "share", (0, 1), "phillips2015", "shock of a capture relative to a killing", switch=True)
    surrender_shock: float = param(0.4, "share", (0, 1), "ASSUMED", "shock of a surrender relative to a killing")
    lieutenant_shock: float = param(0.5, "share", (0, 1), "FITTED", "shock of a lieutenant, divided by the group's plazas")
    cohesion_target: float = param(0.8, "1", (0.3, 1), "ASSUMED", "cohesion at rest")
    cohesion_recovery: float = param(30.0, "weeks", (5, 150), "FITTED", "time in which cohesion returns")
    gap_cohesion: float = param(0.01, "1/week", (0, 0.1), "ASSUMED", "cohesion lost while nothing is paid")
    interregnum: float = param(6.0, "weeks", (0, 52), "ASSUMED", "mean time without a settled kingpin after a contested succession")
    heir_authority: float = param(1.5, "1", (0, 6), "ASSUMED", "weight of authority in the choice of an heir")
    heir_kin: float = param(1.0, "1", (0, 6), "ASSUMED", "weight of belonging to the late kingpin's faction")
    leave_base: float = param(0.57, "log-odds", (-4, 4), "FITTED", "l0: lieutenants' readiness to leave", sampled=True)
    leave_size: float = param(0.9, "1", (0, 3), "FITTED", "per log of own people over the heir's")
    leave_cohesion: float = param(2.0, "1", (0, 6), "FITTED", "per point of cohesion above one half, negatively")
    leave_contested: float = param(0.3, "1", (-3, 3), "FITTED", "where control is contested")
    leave_rent: float = param(0.7, "1", (0, 3), "FITTED", "per share of income that flows through shared brokers, negatively")
    faction_pull: float = param(0.55, "share", (0, 1), "ASSUMED", "rho_f: part of the shock that a faction shares")
    lieutenant_occasion: float = param(-1.4, "log-odds", (-5, 0), "FITTED", "leaving when only a lieutenant fell")
    quarrel_occasion: float = param(-0.7, "log-odds", (-5, 0), "FITTED", "leaving when nobody fell")
    quarrel_rate: float = param(0.027, "1/year", (0, 0.3), "FITTED", "an intact group quarrels")
    cell_minimum: float = param(190.0, "people", (30, 1000), "FITTED", "smallest cell inside a plaza that can leave")
    cell_base: float = param(-0.5, "log-odds", (-5, 2), "FITTED", "readiness of cells inside a plaza, relative to lieutenants")
    cell_seat: float = param(0.5, "log-odds", (-2, 3), "FITTED", "the same at the seat of the contested succession")
    loyal: float = param(0.16, "share", (0, 0.6), "FITTED", "mean part of a leaving plaza that stays with the heir")
    defect: float = param(0.08, "probability", (0, 1), "ASSUMED", "a lone leaver joins a rival present instead of standing alone")
    kin_war: float = param(0.2, "probability", (0, 1), "FITTED", "heirs in one place fight", sampled=True)
    rout: float = param(0.093, "probability", (0, 1), "ASSUMED", "the weaker side of a war collapses when its kingpin falls", switch=True)
    rout_share: float = param(0.4, "share", (0, 0.5), "ASSUMED", "part of a routed plaza that joins the winner; as many go home")
    rout_ratio: float = param(1.2, "1", (1, 5), "ASSUMED", "how much stronger the other side must be")
    broker_loyalty: float = param(0.75, "share", (0, 1), "ASSUMED", "brokers who stay with the heir")
    broker_leaves: float = param(0.5, "share", (0, 1), "ASSUMED", "brokers without loyalty who leave the trade rather than follow a splinter")
    broker_split: float = param(1.0, "switch", (0, 1), "ASSUMED", "1: each broker chooses one heir or leaves; 0: heirs share all brokers", switch=True)
    broker_decay: float = param(0.10, "1/year", (0, 1), "ASSUMED", "brokers lost in peace time")
    broker_search: float = param(0.54, "1/year", (0, 5), "ASSUMED", "new brokers won by a very large group", sampled=True)
    broker_adaptation: float = param(0.3, "1/year", (0, 3), "ASSUMED", "links cut by sanctions that are replaced; 0: sanctions are never answered", switch=True)
    broker_abroad: float = param(0.5, "share", (0, 1), "ASSUMED", "brokers who live abroad")
    abroad_reach: float = param(0.5, "1", (0, 1), "ASSUMED", "reach of sanctions against brokers abroad relative to brokers at home")
    broker_size: float = param(2000.0, "people", (100, 20000), "ASSUMED", "members at which a group wins half as many")
    access_half: float = param(1.0, "brokers", (0.2, 5), "ASSUMED", "suppliers at which access is one half")
    ally_loyalty: float = param(0.6, "probability", (0, 1), "ASSUMED", "an ally stays with the heir; else with a splinter, or leaves")


# fmt: on
GROUPS: tuple[type[Any], ...] = (Market, Income, Recruitment, Enforcement, Contest, Peace, Movement, Leadership)


@dataclass(frozen=True)
class Parameters(Leadership, Movement, Peace, Contest, Enforcement, Recruitment, Income, Market):
    """All constants of one run, flat; `Parameters(**values)` overrides some."""


def _catalogue() -> Mapping[str, Parameter]:
    owner = {f.name: group.__name__.lower() for group in GROUPS for f in fields(group)}
    return {
        f.name: Parameter(
            f.name, float(f.default), f.metadata["unit"], float(f.metadata["low"]), float(f.metadata["high"]),  # type: ignore[arg-type]
            f.metadata["source"], f.metadata["meaning"], owner[f.name], f.metadata["sampled"], f.metadata["switch"],
        )
        for f in fields(Parameters)
    }  # fmt: skip


PARAMETERS: Mapping[str, Parameter] = _catalogue()
