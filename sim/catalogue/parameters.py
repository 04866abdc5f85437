"""Every constant of the model: default, unit, plausible range, source or FITTED or ASSUMED, what it is, and why it is that.

Mechanisms read constants only from here. `sampled` constants are the uncertain ones, varied unless a user names others.

What no publication gives says under `why` what it rests on: the arithmetic, the passage, the evidence rows it was fitted to, or that it is
a round number. Words in brackets name a source of the bibliography, H1 and the like rows of the evidence, "switched off" the table that
`cartelitos parsimony` makes. `calibrate` moves the ten parameters of `priors.py` and no others; what else is FITTED was set by hand, or
comes from *the prototype*: a throw-away model of the same design, fitted by 20,000 runs to rows like these, whose best vectors fell into
*split worlds* and *entry worlds* too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from math import prod
from typing import Any, NamedTuple

ROUNDING = 1e-12  # by which decimal fractions that should add to 1 may exceed it


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
    why: str


def param(
    default: float, unit: str, bounds: tuple[float, float], source: str, meaning: str, *, sampled: bool = False, switch: bool = False,
    why: str = "",
) -> Any:  # noqa: ANN401
    """Declare one constant; `switch` marks an assumption the literature disagrees about, `why` says what it rests on if nothing published."""
    entry = {"unit": unit, "low": bounds[0], "high": bounds[1], "source": source, "meaning": meaning, "sampled": sampled, "switch": switch}
    return field(default=default, metadata=entry | {"why": why})


# fmt: off  (one constant, one line, and why)
@dataclass(frozen=True)
class Market:
    """US consumption, price, revenue, overdose."""

    demand_elasticity: float = param(0.5, "1", (0.1, 2.0), "gallet2014", "how strongly use falls when price rises", sampled=True, switch=True)
    light_users: float = param(8.0e6, "people", (2e6, 3e7), "ASSUMED", "light users of the drugs Mexican groups sell, 2006",
        why="Twice the heavy users keeps both nearly at rest: 8.0 million x 0.024 = 192,000 a year become heavy, 4.0 million x 0.040 = "
        "160,000 stop. No survey counts users of all these drugs together.")
    heavy_users: float = param(4.0e6, "people", (1e6, 1e7), "ASSUMED", "heavy users of the drugs Mexican groups sell, 2006",
        why="4.0 million x 0.0080 a year = 32,000 deaths where no dose is synthetic, of the order of the 34,425 of 2006 (cdc_wonder, "
        "recalled). Half as many users of both kinds would need twice the `overdose_rate` and change nothing else.")
    heavy_use: float = param(7.0, "1", (3, 15), "everingham1994", "use of a heavy user relative to a light one")
    light_quit: float = param(0.163, "1/year", (0.05, 0.4), "everingham1994", "light users who stop")
    escalation: float = param(0.024, "1/year", (0.005, 0.06), "everingham1994", "light users who become heavy")
    heavy_quit: float = param(0.040, "1/year", (0.01, 0.12), "everingham1994", "heavy users who stop or die without treatment")
    treatment_success: float = param(0.20, "1", (0.05, 0.4), "rydell1994", "patients who leave heavy use for good; the others go back to it", sampled=True)
    treatment_years: float = param(0.3, "years", (0.1, 2), "rydell1994", "mean time in treatment")
    treatment_use: float = param(0.2, "share", (0, 1), "rydell1994", "use of a patient relative to a heavy user")
    seized_base: float = param(0.20, "share", (0.05, 0.4), "ASSUMED", "share of the flow seized in 2006",
        why="A round number. Only changes count: at 0.20 one point more seized makes what arrives 0.01/0.80 = 1.25 % dearer, at half of "
        "it 0.01/0.90 = 1.11 %.")
    route_memory: float = param(1.0, "years", (0.3, 4), "ASSUMED", "time in which routes adapt to new seizures",
        why="The methamphetamine market took 4 to 18 months to get over the ephedrine controls of 1995 (dobkin2009); a year lies "
        "between.")
    route_adaptation: float = param(0.7, "share", (0, 1), "ASSUMED", "part of new seizures that adaptation undoes", sampled=True,
        why="Incarceration risk rose fivefold in 25 years while prices fell (caulkins_reuter2010), so most of a seizure is undone in "
        "time; how much is nowhere measured. At 0 every seizure lasts, at 1 none does.")
    price_lag: float = param(13.0, "weeks", (1, 52), "ASSUMED", "time in which retail price follows cost",
        why="A quarter of a year: each week 1/13 of the gap closes, two thirds of it in three months. No evidence row looks at prices, "
        "and nothing here tells 4 weeks from 26.")
    price_cost_share: float = param(0.6, "share", (0.2, 0.9), "caulkins_reuter2010", "part of price that scales with the flow lost; the rest is fixed risk")
    fixed_risk: float = param(0.5, "1", (0, 1), "caulkins_reuter2010", "how the fixed part of risk falls on a smaller market; times demand_elasticity at most 1")
    scarcity: float = param(0.5, "1", (0, 1.5), "castillo2020b", "log of the wholesale part of price per log of cocaine that the source no longer makes: half of a shortfall is met from stocks, purity and other buyers", sampled=True, switch=True)
    cocaine_share: float = param(0.6, "share", (0, 1), "ASSUMED", "cocaine's part of what Mexican groups earn: 5.8 of 9.3 billion dollars in 2006",
        why="5.82/(5.82 + 1.50 + 1.10 + 0.88) = 0.63, billions of dollars in the first row of clocks.csv (world mexico-2006); rounded.")
    revenue_us: float = param(7.0e9, "US$/year", (3e9, 1.6e10), "FITTED", "potential US revenue of Mexican groups, 2006", sampled=True,
        why="Kilmer and others put exports at 6.6 billion dollars (kilmer2010, recalled); the prototype's split worlds settled at 7.0 "
        "to 7.9, its entry worlds at 6.2. No calibration row sees revenue: it acts through stakes (H7, PC3 get worse without them), "
        "and `calibrate` leaves it here.")
    revenue_clock: float = param(1.0, "switch", (0, 1), "ASSUMED", "1: revenue follows the sourced outside series; 0: constant", switch=True,
        why="A run of history gets the outside series of its world, since no mechanism here dates what Americans spend; 0 asks what is "
        "left of a result without it.")
    outside_routes: float = param(0.10, "share", (0.01, 0.5), "ASSUMED", "pull of routes that avoid Mexico, in units of all Mexican routes",
        why="Four suppliers give access 4/5, so the founders of 2006 pull 0.79 in all and carry 0.79/(0.79 + 0.10) = 89 % of the trade: "
        "nine tenths of cocaine were said to come through Mexico (recalled).")
    carry_capacity: float = param(4.0e5, "US$/year", (5e4, 2e6), "ASSUMED", "revenue one member's full time can carry",
        why="87,000 members x 0.6 of their time x 400,000 = 21 billion dollars, three times what is offered, so 1 - exp(-3) = 95 % of "
        "it is carried. At half of it 78 % would be, and manpower, not brokers, would bound the trade.")
    overdose_rate: float = param(0.0080, "1/year", (0.002, 0.02), "cdc_wonder", "overdose deaths per heavy user without synthetics")
    synthetic_danger: float = param(4.4, "1", (2, 7), "source_model", "overdose death rate when every dose is synthetic, relative to none", sampled=True)
    synthetic_response: float = param(0.0, "1", (-1, 1), "ASSUMED", "how seizures change the synthetic share: >0 adverse, <0 helpful, 0 none", switch=True,
        why="Scarcer plants may speed the change to synthetics or take Mexican drugs off the street; the sign is disputed, so it is "
        "none until a user says otherwise. At 1 a point more seized makes the synthetic share one per cent larger.")
    synthetic_resistance: float = param(0.3, "share", (0, 1), "ASSUMED", "naloxone's effect lost when every dose is synthetic",
        why="Fentanyl is said to need more doses of naloxone, and reports differ on how often they fail (recalled); a round number "
        "below one half. With synthetics at the 0.69 of 2023 it takes 0.3 x 0.69 = 21 % of naloxone's effect.")
    heroin_share: float = param(0.15, "share", (0, 0.5), "ASSUMED", "part of supply that rests on poppy, in the answer of the synthetic share",
        why="Heroin is 1.10 of 9.30 billion dollars of 2006 in clocks.csv, 12 %, and 1.10 of 6.42 in 2010, 17 %. It counts only where "
        "`synthetic_response` is not 0.")
    tonnes_2006: float = param(300.0, "tonnes/year", (100, 800), "ASSUMED", "pure cocaine, heroin and methamphetamine crossing north in 2006",
        why="A scale and no claim: `drug_tonnes` is proportional to it and nothing else reads it. The order of magnitude is that of "
        "cocaine crossing north, with some heroin and methamphetamine.")
    other_overdoses: float = param(0.0, "share", (0, 0.9), "ASSUMED", "share of overdose deaths of 2006 that no Mexican drug explains",
        why="At 0 every overdose death scales with users of Mexican drugs. Prescription opioids make the truth larger, so what "
        "treatment saves here is an upper bound; at 0.5 it would be about half.")
    seized_most: float = param(0.95, "share", (0.5, 1), "ASSUMED", "largest share of the flow that can be seized",
        why="A bound for extreme schedules only: from 0.20 seized in 2006 it takes 0.95 - 0.20 = 0.75 more, beyond what any lever "
        "presses. Without one the price would have no limit as nothing arrives.")
    survival_most: float = param(0.95, "share", (0.5, 1), "ASSUMED", "largest share of overdoses that kits can survive",
        why="A bound for extreme schedules: some die alone or before anybody looks, so one in twenty is out of reach. Half or twice of "
        "that one in twenty changes nothing at intensities that anybody has paid for.")


@dataclass(frozen=True)
class Income:
    """Where members' time and money go."""

    effort_sensitivity: float = param(0.8, "1", (0.3, 5), "ASSUMED", "how sharply effort goes to the better-paying sector, logit in log return", sampled=True,
        why="Below 1, since men do not change trade as freely as capital: twice the return draws 2^0.8 = 1.7 times the effort. Nothing "
        "published narrows it; the unit is that of the logit in logs.")
    effort_inertia: float = param(0.05, "1/4 weeks", (0.005, 0.5), "ASSUMED", "share of effort that moves in four weeks",
        why="13 steps a year: 1 - 0.95^13 = 49 % of a gap is closed in a year. In the prototype a tenth of this pace and four times as "
        "much differed by no more than noise.")
    predation_usd: float = param(3.2e9, "US$/year", (5e8, 6e9), "FITTED", "what extortion, kidnapping, fuel theft and local sales could yield in all", sampled=True,
        why="`calibrate` searches 1.2 to 4.5 billion (priors.py). The survey's 146 extortions per 1,000 firms (D8) need 146 x 4,200 x "
        "1,000 dollars = 0.61 billion from the two fifths that are extortion, half of what is there.")
    extortion_share: float = param(0.40, "share", (0.1, 0.8), "ASSUMED", "part of it that is extortion",
        why="The largest part, since surveys count some 600,000 extortions of firms a year (rusi2019) against some 99,000 kidnappings "
        "(envipe); in money nobody knows. D8 fixes only its product with `predation_usd` over `extortion_take`.")
    kidnapping_share: float = param(0.12, "share", (0.01, 0.4), "ASSUMED", "part of it that is kidnapping",
        why="0.12 x 3.2 billion / 2,500 dollars = 154,000 kidnappings a year if all were known and taken; the victim survey has 98,886 "
        "a year in 2012-17 (envipe).")
    fuel_share: float = param(0.25, "share", (0.01, 0.5), "ASSUMED", "part of it that is fuel",
        why="0.25 x 3.2 billion / 60,000 dollars = 13,300 taps a year if all were known and taken; 14,910 in 2018 is the record "
        "(pemex_taps).")
    predation_reach: float = param(340.0, "members per million", (20, 5000), "ASSUMED", "full-time members per million residents who take 63 % of what a sector yields", sampled=True,
        why="340 x 108 = 36,700 full-time members in a country of 108 million, about the 0.4 x 87,000 who begin outside trafficking, "
        "though spread over four trades. It decides when a trade is crowded; nothing published narrows it.")
    extortion_2006: float = param(0.6, "share", (0.05, 1), "ASSUMED", "how much of extortion was known in 2006",
        why="More than half, since recorded extortion grew by some 81 % in the decade to 2017 (press reports) and 1/0.6 = 1.7. The "
        "calibration sees the level alone (D8).")
    kidnapping_2006: float = param(0.45, "share", (0.02, 1), "FITTED", "how much of kidnapping was known in 2006", sampled=True,
        why="Set with D5 in view, a growth by 3.84 from 2007 to 2013: know-how can give 1/0.45 = 2.2 of it, the rest comes from more "
        "members' time. `calibrate` does not move it.")
    fuel_2006: float = param(0.04, "share", (0.005, 1), "FITTED", "how much of fuel theft was known in 2006", sampled=True,
        why="`calibrate` searches 0.01 to 0.15 (priors.py) with D1, taps of 2016 over 2013. The range begins at 155/14,910 = 0.010, the "
        "taps of 2000 over those of 2018 (pemex_taps).")
    learning: float = param(0.6, "1/year", (0, 3), "FITTED", "how fast a trade spreads where many groups meet", sampled=True,
        why="`calibrate` searches 0.2 to 1.5 (priors.py): from a trade that takes a decade to spread to one that takes two years. Held "
        "by the growth of taps (D1) and of kidnappings (D5) and the level of extortion (D8).")
    local_growth: float = param(0.06, "1/year", (0, 0.12), "ASSUMED", "growth of the Mexican drug market: past-year use doubled 2008-16 (recalled)",
        why="A doubling in eight years would be ln 2 / 8 = 0.087 a year; the default is two thirds of it. Growth goes on for a whole "
        "run, and 1.06^15 = 2.4 times.")
    horizon: float = param(0.5, "1/year", (0.05, 5), "ASSUMED", "risk of losing one's place or leader at which looting is half as attractive as it gets",
        why="Who loses half of his men a year, and so expects to last two, is half as hasty as can be. Only the form comes from the "
        "literature (olson1993: roving and stationary bandits); half or twice moves the point at which looting begins.")
    tenure_fear: float = param(0.5, "1", (0, 2), "ASSUMED", "weight of a leader lost a year in that risk",
        why="Half the weight of losing one's own men: a lieutenant depends on the kingpin, but may outlast him. At 0 only losses at the "
        "place count.")
    looting_damage: float = param(0.3, "1/year", (0, 2), "ASSUMED", "extortable economy destroyed where groups without a future take everything",
        why="With `economy_recovery` at 5 years, a place looted by groups without any future comes to rest at 1/(1 + 0.3 x 5) = 40 % of "
        "its economy; at half of it at 57 %.")
    economy_recovery: float = param(5.0, "years", (1, 20), "ASSUMED", "time in which a looted economy recovers",
        why="Years rather than months, since shops that close reopen slowly; five is a round number. Together with `looting_damage` it "
        "fixes how poor a looted place gets.")
    looting: float = param(0.5, "1", (0, 3), "ASSUMED", "extra take, and extra violence, of a group with no future",
        why="A group without a future takes, and kills, half as much again as one that means to stay. Nothing published gives the "
        "factor; olson1993 gives its sign.")
    extortion_take: float = param(1000.0, "US$", (200, 10000), "ASSUMED", "yield of one extortion",
        why="Turns dollars into incidents and nothing more: twice of it halves `extortion_incidents` (D8) at the same revenue. A round "
        "number for threats by telephone and monthly fees together, whose average no survey gives.")
    kidnapping_take: float = param(2500.0, "US$", (1000, 50000), "ASSUMED", "yield of one kidnapping",
        why="Turns dollars into incidents and nothing more. Low, because the survey's 98,886 a year (envipe) cannot all be for large "
        "ransoms; with `kidnapping_share` it leaves room for them.")
    fuel_take: float = param(6.0e4, "US$", (2e4, 1e6), "ASSUMED", "yield of one illegal tap",
        why="Turns dollars into taps and nothing more; with `fuel_share` it was chosen so that the 14,910 taps of 2018 (pemex_taps) are "
        "within reach.")
    predation_lethality: float = param(1.1e-6, "deaths/US$", (1e-8, 1e-5), "ASSUMED", "bystanders killed per dollar taken by predation",
        why="A billion dollars taken costs 1,100 bystanders, 4 % of the 25,757 homicides of 2010 (inegi_homicides). No count of this "
        "kind exists; it must leave room for turf fights within the organised share (H7).")
    wage: float = param(6500.0, "US$/year", (2000, 20000), "prieto2025", "pay a member expects before bonus")
    bonus: float = param(0.15, "share", (0, 0.6), "ASSUMED", "share of what is left that goes to members",
        why="As much as is spent on protection: of 1,000 dollars of income 150 go to those who earned them, wages apart. It ties pay, "
        "and so recruits, to income; nothing published gives the share.")
    bribes: float = param(0.15, "share", (0, 0.4), "ASSUMED", "share of income spent on protection",
        why="A model of Central American trafficking gives 30 % of the margin to bribes; of all income, wages included, half of that. "
        "In 2006 it buys some 10,000 dollars of protection per member and year (see `bribe_half`).")
    arms_budget: float = param(0.0125, "share", (0, 0.3), "ASSUMED", "share of income spent on guns: keeps some two guns a member in 2006, when a tenth breaks or leaves with its owner a year",
        why="0.0125 x 5.6 billion dollars / 1,500 x 4/5 = 37,000 guns a year where a group has three dealers; of the 196,000 with which "
        "a central run begins as many are worn (0.12) or leave with their owners (0.07).")
    reserve: float = param(26.0, "weeks", (0, 150), "ASSUMED", "payroll kept in cash before leaders take the rest",
        why="Half a year of wages, so that one bad season costs nobody his pay. Beyond it leaders consume, which is why freezing "
        "accounts hurts so little here.")
    laundering: float = param(0.10, "share", (0, 0.4), "ASSUMED", "income lost in changing cash without a financier of one's own",
        why="A tenth without a financier, 0.10/(1 + 3) = 2.5 % with the three of a large group. Fees for changing cash are said to lie "
        "near a tenth (recalled); what matters is that losing financiers costs money.")
    gun_price: float = param(1500.0, "US$", (300, 6000), "ASSUMED", "a gun south of the border at today's inflow",
        why="Dearer than in a US shop, for the way south; with `arms_budget` it sets how many guns income buys, and only the quotient "
        "matters.")
    guns_wear: float = param(0.12, "1/year", (0.02, 0.5), "ASSUMED", "guns that break or are lost",
        why="Half of all guns are gone after ln 2 / 0.12 = 5.8 years. Guns outlast that, but are lost, hidden and sold; official stocks "
        "say nothing about it.")
    time_floor: float = param(0.02, "share", (0.001, 0.2), "ASSUMED", "least share of time by which the return of trafficking is judged",
        why="A fiftieth, so that somebody who hardly traffics does not divide by nothing and see boundless returns; at a tenth he "
        "would not come back to a trade that pays again.")
    economy_least: float = param(0.05, "share", (0, 0.5), "ASSUMED", "part of an extortable economy that looting cannot destroy",
        why="A twentieth is left, as some business is always done for cash. A bound for places that are looted for years, and no "
        "estimate.")
    access_cell: float = param(0.25, "1", (0, 1), "ASSUMED", "trafficking access below which a group that lives on predation counts as a predatory cell",
        why="With one supplier access is 1/(1 + 1) = 0.5, with none it is nothing; a quarter lies between, so a cell is who has no "
        "supplier. It only names groups and moves nobody.")
    founder_cash: float = param(12.0, "weeks", (0, 100), "ASSUMED", "wages that founders hold in cash in the first week",
        why="About a quarter, less than half of the `reserve` of 26 weeks that they then build up. It is gone or forgotten within the "
        "first year, since income is earned from the first week on.")
    founder_traffic: float = param(0.6, "share", (0, 1), "ASSUMED", "founders' time that goes to trafficking before the first day is brought to rest",
        why="A first guess: forty rounds of the opening move time to the sectors that pay before anything is counted, so that little "
        "is left of it by then.")
    first_extortion: float = param(0.4, "share", (0, 1), "ASSUMED", "time not spent on trafficking that a new plaza gives to extortion",
        why="The part that extortion has of all that predation could yield (`extortion_share`), taken over for who has no experience "
        "yet; time moves to what pays within months.")
    first_kidnapping: float = param(0.1, "share", (0, 1), "ASSUMED", "the same to kidnapping",
        why="About the part of kidnapping in the whole (`kidnapping_share` is 0.12), rounded; new gangs begin with what needs no "
        "network, and move their time within months.")
    first_fuel: float = param(0.05, "share", (0, 1), "ASSUMED", "the same to fuel theft; local sales are the rest",
        why="A fifth of its part of the whole (`fuel_share`), since taps need skill and a pipeline; what is left, 1 - 0.4 - 0.1 - 0.05 "
        "= 0.45, goes to local sales.")


@dataclass(frozen=True)
class Recruitment:
    """Joining."""

    recruit_rate: float = param(0.0036, "1/week", (5e-4, 6e-3), "FITTED", "recruits per member and week at the pay and risk of 2006", sampled=True,
        why="`calibrate` searches 0.0025 to 0.0048 (priors.py), held by recruits a week (PC4) and members (PC2, PC3). The published "
        "model has 0.00253 (prieto2023), but there nobody ages, deserts at will or goes home from prison.")
    at_risk: float = param(0.035, "share", (0.01, 0.15), "FITTED", "young men who could be recruited", sampled=True,
        why="0.035 x 14.25 million = 499,000 of the men of 15 to 29. The prototype's split worlds had 0.033, at the end of their range, "
        "entry worlds 0.045, tuned on members in 2022 (PC2).")
    pool_half: float = param(0.5, "share", (0.05, 2), "FITTED", "pool, as a share of a full one, at which approaches half succeed",
        why="The prototype's split worlds had 0.5, entry worlds 0.43, on members in 2022 (PC2). It bends recruiting as the pool "
        "empties: at half a pool 0.5/(0.5 + 0.5) x 1.5 = 75 % of the full rate is left.")
    pool_refill: float = param(0.10, "1/year", (0.02, 0.5), "ASSUMED", "turnover of the age band",
        why="The 15 birth years of the band give 1/15 = 0.067 a year; 0.10 is that of a band of ten years. It is the pace at which a "
        "drained place fills again.")
    pay_elasticity: float = param(1.1, "1", (0, 2), "FITTED", "log-odds of joining per log of pay over the legal wage", sampled=True,
        why="Above the prototype's split worlds (0.9) and entry worlds (0.34), tuned on recruits a week (PC4), which pass less often "
        "without it; a per cent more pay gives 1.1 per cent higher odds. `calibrate` does not move it.")
    pay_reference: float = param(3.0, "1", (1, 10), "ASSUMED", "illegal pay over the legal wage at which `join_share` holds: US$ 13,200 a year",
        why="250 dollars x 52 weeks = 13,000 a year in a cartel, against 14.7 dollars x 300 days = 4,410 at the minimum wage "
        "(prieto2025), are 2.95 times as much; rounded. Its product with the legal wage, 13,200, is what recruits of 2006 are taken "
        "to expect.")
    legal_wage: float = param(4400.0, "US$/year", (1500, 12000), "prieto2025", "pay of the best legal alternative, 2006")
    join_share: float = param(0.5, "share", (0.05, 0.95), "ASSUMED", "approached who join when illegal pay is `pay_reference` times the legal wage",
        why="Only the bend counts, since `recruit_rate` sets the level: at 0.5 pay and programmes can at most double recruits (1/0.5) "
        "and at least end them. The 0.8 of prieto2025 would leave a rise of a quarter.")
    forced_share: float = param(0.2, "share", (0, 0.8), "FITTED", "recruits taken by force where control is fully contested",
        why="Between the prototype's split worlds (0.25) and entry worlds (0.1), tuned on members in 2022 (PC2); prieto2025 has 0.1 "
        "everywhere, here it is reached where contest is one half.")
    fear_death: float = param(4.0, "years", (0, 40), "prieto2025", "log-odds lost where death within a year is certain")
    fear_prison: float = param(2.0, "years", (0, 40), "prieto2025", "log-odds lost where arrest within a year is certain")
    grievance_pull: float = param(0.5, "1", (0, 3), "bennett2008", "log-odds gained where harm by force is fully remembered")


@dataclass(frozen=True)
class Enforcement:
    """Arrest, prison, force, integrity."""

    arrest_capacity: float = param(160.0, "people/week", (0, 600), "FITTED", "members arrested a week at full effort", sampled=True,
        why="160 x (1 - 0.86 x (1 - 0.5)) = 91 arrests a week at the protection of 2006, more when groups earn less and buy less of it; "
        "set by hand to the 95 to 125 a week of 2012-21 (PC5).")
    arrest_base: float = param(0.5, "share", (0, 1), "FITTED", "part of that effort present in 2006",
        why="Half of the effort of 2012, as in the prototype; the baseline adds the other half over 2007-09. The arrests of 2012-21 "
        "(PC5) see the sum, nothing sees the half.")
    arrest_half: float = param(25000.0, "people", (0, 2e5), "ASSUMED", "members at which capacity is half used; 0 is the published limit",
        why="The prototype's value: with the published constant number a world that has become small cannot recover, and even so 7 % of "
        "its runs over wide ranges died out. At 87,000 members capacity is 0.945 of that at 115,000.")
    arrest_members: float = param(115000.0, "people", (2e4, 4e5), "prieto2023", "members at which `arrest_capacity` is reached: those of 2012")
    arrest_focus: float = param(0.5, "1", (0, 2), "ASSUMED", "how strongly arrests follow force and violence instead of presence",
        why="With 4 soldiers per 10,000 and 50 organised homicides per 100,000, members are 1 + 0.5 x 2 = 2 times as likely to be "
        "arrested as in a quiet place. It moves arrests between places, not their number.")
    sentence: float = param(5.0, "years", (1, 20), "prieto2025b", "mean time in prison")
    conviction_base: float = param(0.55, "share", (0.05, 1), "ASSUMED", "arrested members who are sentenced; the others go back to their plaza",
        why="With 5 years each, 110 arrests a week x 52.2 x 0.55 x 5 = 15,800 in prison in the long run. Of arrests of members no "
        "statistics exist; the other 45 % are free again, which the published model does not let them be.")
    returning: float = param(0.4, "share", (0, 1), "prieto2025b", "released members who go back to their cartel")
    bribe_half: float = param(1500.0, "US$/member/year", (100, 20000), "ASSUMED", "bribes at which half of the state looks away where integrity is zero",
        why="In 2006 some 10,000 dollars go to protection per member and year, so 10,000/11,500 = 0.87 of the state looks away where "
        "integrity is zero, and 0.43 at 0.5. At half of it, 0.93: the founders are beyond the bend.")
    integrity_2006: float = param(0.5, "1", (0.05, 0.95), "ASSUMED", "police integrity in 2006",
        why="The middle: with it half of what bribes could buy is bought, and 1 - 0.5 is left to win. Nobody has measured it.")
    integrity_memory: float = param(8.0, "years", (1, 40), "ASSUMED", "time in which integrity returns to its old level",
        why="Longer than a presidency of six years, as police forces are: a reform that ends is half forgotten after 8 x ln 2 = 5.5 "
        "years.")
    integrity_erosion: float = param(0.03, "1/year", (0, 0.5), "ASSUMED", "loss of integrity where bribed members are 1 in 1,000 residents",
        why="87,000 members on 108 million residents, 0.86 of them protected, are 0.7 per 1,000: 0.03 x 0.7 x 8 years = 17 % below "
        "where integrity would rest without bribes. The first day is put at rest with it.")
    clash_violence: float = param(10.0, "1/100,000/year", (2, 50), "ASSUMED", "organised homicides at which force meets armed groups as often as `confrontations` says",
        why="Between the 13 per 100,000 of 2010 (15,273 rivals dead of 114 million; pgr2012) and the 2.7 of 2007, 5.4 times fewer. "
        "Where it stands only shifts the level, which `confrontations` takes up.")
    clash_ceiling: float = param(10.0, "1", (1, 20), "ASSUMED", "clashes where violence is boundless over those at `clash_violence` if they grew in proportion",
        why="At 10 x 10 = 100 organised homicides per 100,000, as in the worst cities, clashes are half of what proportion would give. "
        "Raised by hand from 3, towards the rise of deaths in clashes (W2), which the model still falls short of.")
    officials_erosion: float = param(0.02, "1/year", (0, 0.3), "ASSUMED", "integrity lost per official killed per 100,000 and year",
        why="One official killed per 100,000 in a year, 1,080 in the country, costs 2 % of integrity. Small, since replacements come; "
        "nothing published gives a rate.")
    confrontations: float = param(3.2, "1/year", (0, 30), "FITTED", "clashes in a place of 3.5 million with 1 soldier per 10,000 and 1,000 members, at `clash_violence` without a ceiling",
        why="Set by hand with deaths in clashes in view: their level in 2010-11 (W3) and their rise (W2). `calibrate` does not move it; "
        "4.0 went with the lower ceiling of 3.")
    clash_members: float = param(1.6, "deaths", (0, 10), "ASSUMED", "members killed per clash",
        why="Press counts give 4,599 members dead in 5,396 clashes, 0.85 each (ppd2017). A clash here is a costlier one, 2.2 dead "
        "instead of 1.2, in nearly the same proportions (73 : 16 : 11 against 72 : 20 : 8); only products with `confrontations` "
        "show.")
    clash_officials: float = param(0.35, "deaths", (0, 5), "ASSUMED", "officials killed per clash",
        why="1,242 dead in 5,396 clashes are 0.23 (ppd2017); times 1.5, as a clash here stands for a costlier one (see "
        "`clash_members`).")
    clash_civilians: float = param(0.25, "deaths", (0, 5), "ASSUMED", "bystanders killed per clash",
        why="516 dead in 5,396 clashes are 0.10 (ppd2017), times 2.6: who was a bystander is what such counts know least. A round "
        "quarter.")
    complaints: float = param(3.0, "complaints", (0, 50), "ASSUMED", "rights complaints per clash",
        why="A scale: `rights_complaints` is proportional to it, and grievance reads it over `grievance_half`, so that twice of both "
        "changes no outcome but the count.")
    grievance_memory: float = param(3.0, "years", (0.5, 20), "ASSUMED", "time in which harm by force is forgotten",
        why="A few years, as long as a deployment is remembered in a place; half or twice halves or doubles the harm remembered at the "
        "same force.")
    grievance_half: float = param(10.0, "complaints", (0.5, 200), "ASSUMED", "complaints per 100,000 at which half of the harm done is remembered",
        why="With 3 complaints a clash and 3 years of memory, one clash per 100,000 and year leaves 3 x 1 x 3 = 9 remembered, which "
        "makes grievance nearly one half. Nothing published gives it.")
    focus_force: float = param(4.0, "per 10,000 residents", (0.5, 50), "ASSUMED", "force at which arrests are as much more frequent as `arrest_focus` says",
        why="At four soldiers per 10,000 residents the weight of presence grows by half. The whole focus decides little: without it no "
        "outcome of the ablation moves.")
    focus_violence: float = param(50.0, "1/100,000/year", (5, 500), "ASSUMED", "organised homicides at which they are",
        why="Five times the level at which clashes are counted (`clash_violence`), 5 x 10 = 50; there arrests are half as frequent "
        "again. No outcome moves without the whole of it.")
    integrity_least: float = param(0.01, "1", (0.001, 0.2), "ASSUMED", "integrity below which no police falls",
        why="One officer in a hundred cannot be bought. A bound for places that are bribed for decades: integrity begins at 0.5 "
        "and is drawn back there, so that it is a bound and no estimate.")
    conviction_lag: float = param(2.0, "years", (0.2, 10), "ASSUMED", "time in which convictions follow integrity and the justice lever",
        why="A round number: courts answer to better police with the delay of the cases that are under way. At half of it a reform "
        "shows a year earlier and ends the same.")


@dataclass(frozen=True)
class Contest:
    """Fighting over places."""

    lethality: float = param(4.5e-7, "1/week", (1e-8, 1e-5), "FITTED", "deaths per pair of members at war in two groups of 1,000 at the reference place", sampled=True,
        why="`calibrate` searches 2e-7 to 1e-6 (priors.py), held by homicides of 2007 and 2011 (H1, H1a, H1b) and members killed (PC6). "
        "At 4.5e-7 two groups of 1,000 lose 0.45 people a week to each other.")
    own_exponent: float = param(0.58, "1", (0, 1), "FITTED", "p: own people exposed",
        why="The prototype's split worlds had 0.6, entry worlds 0.8, tuned on homicides (H1, H1a, H1b); at 1, the published form, one "
        "pair of giants decided the nation and seeds differed half as much again.")
    foe_exponent: float = param(0.51, "1", (0.2, 1), "FITTED", "r: enemy strength",
        why="The prototype's split worlds had 0.55, entry worlds 0.54, tuned on homicides (H1, H1a, H1b). Below 1: twice the enemies "
        "kill 2^0.51 = 1.4 times as many.")
    crowding: float = param(0.59, "1", (0, 1), "ASSUMED", "chi: part of crowding that dilutes over armed people rather than residents; crowding itself is p + r - 1, so with the exponents fitted here it hardly matters", sampled=True, switch=True,
        why="Between the prototype's split worlds (0.7) and entry worlds (0.2). Crowding has the exponent 0.58 + 0.51 - 1 = 0.09 in "
        "all, so ten times the armed people change a fight by 10^(0.59 x 0.09) = 1.13 at most.")
    decisiveness: float = param(0.74, "1", (0.2, 2), "ASSUMED", "m: how strongly strength decides control", sampled=True, switch=True,
        why="Between the prototype's split worlds (0.78) and entry worlds (0.57). Below 1 the weak hold more than their share of men: 1 "
        "against 10 keeps 1/(1 + 10^0.74) = 15 %, not 9 %.")
    background_rivalry: float = param(0.093, "1", (0, 1), "FITTED", "b: hostility between any two groups that are not at war; 1 is the published limit", sampled=True, switch=True,
        why="Above the prototype's split worlds (0.005 to 0.08) and below its entry worlds (0.42), with homicides of 2011 and members "
        "killed in view (H1b, PC6). The published model has 1, which makes 78 % of its deaths.")
    stake_exponent: float = param(0.2, "1", (0, 1), "FITTED", "psi: how fighting scales with income at stake per armed person", sampled=True, switch=True,
        why="The prototype's refit chose 0.1 to 0.3 on its homicide targets (H1, H7); lowered by hand from 0.3 when the model was "
        "mended. Half the income at stake costs 1 - 0.5^0.2 = 13 % of a fight.")
    stake_reference: float = param(60000.0, "US$/year", (5000, 300000), "ASSUMED", "income per armed person at which fighting is at its reference",
        why="5.6 billion dollars of income in the first year of a central run over 93,000 members are 60,000; a scale that `lethality` "
        "takes up.")
    cohesion_weight: float = param(0.5, "1", (0, 2), "ASSUMED", "c: strength lost with cohesion",
        why="The square root: a kingpin killed takes cohesion to 0.36 of itself, and strength per head to 0.36^0.5 = 0.60. At 0 "
        "disorder weakens nobody, at 1 it costs all of it.")
    arms_weight: float = param(0.3, "1", (0, 1), "ASSUMED", "nu: strength gained with guns per member", sampled=True,
        why="No study gives it: dube2013 has guns and homicides, not guns and strength. `calibrate` searches 0 to 1 (priors.py) and may "
        "do so, since it is only assumed; at 0.3 half the guns cost 1 - 0.5^0.3 = 19 % of strength.")
    arms_reference: float = param(2.0, "guns", (0.5, 10), "ASSUMED", "guns per member at which a group fights at its reference",
        why="Near the 2.2 guns a member with which a central run begins, worked out from `arms_budget`; a scale that `lethality` takes "
        "up. Relative strength does not see it.")
    vacancy_weakness: float = param(0.2, "share", (0, 0.9), "ASSUMED", "zeta: strength lost while nobody leads",
        why="A fifth, so that an interregnum matters but does not decide a war; `rout` is for what does. Nothing published gives it.")
    help_national: float = param(0.0, "switch", (0, 1), "ASSUMED", "1: allies help wherever they are (published form); 0: only here and next door", switch=True,
        why="A friend far away cannot fire a gun here: in the prototype a count over the nation made a parent of many allied heirs "
        "immune. 1 is the published form (prieto2023), needed for its limit.")
    help_next_door: float = param(0.5, "share", (0, 1), "ASSUMED", "help of an ally next door relative to one present",
        why="The middle between an ally who is present and none. An ally two borders away does not help at all.")
    overdispersion: float = param(0.45, "sd of log", (0, 1.5), "FITTED", "week-to-week spread of fighting in a place",
        why="Between the prototype's split worlds (0.55) and entry worlds (0.28). The mean does not see it, so no calibration row holds "
        "it: not H1, not PC6; it sets how rough a place's weeks are.")
    bystanders: float = param(2.4, "deaths", (0, 8), "FITTED", "others killed per member killed in turf fights", sampled=True,
        why="Members killed at 120 a week (PC6) are 6,260 a year, and organised homicides half of 30,000 or more (H7): 15,000 less "
        "6,260 are 1.4 others each, 20,000 give 2.2. The prototype's split worlds had 2.3 (1.9 to 3.4).")
    background_rate: float = param(3.7, "1/100,000/year", (2, 12), "inegi_homicides", "homicides outside organised crime in a calm country: 6,041 of 2007 on 106 million residents, less the third that organised violence added")
    background_pull: float = param(2.5, "1", (0, 3), "FITTED", "how far local organised violence raises the rest: retaliation, impunity, guns", sampled=True,
        why="Set by hand, with H1, H1b and H7 in view, which exclude each other without it. Homicides that the attorney general did not count "
        "as organised crime's (pgr2012) rose from 6,041 in 2007 to some 10,000 in 2011 (27,213 less four thirds of 12,903); 0.57, the value until now, makes 7,400 of them, "
        "2.5 makes 9,000. Where organised violence is at `spill_half`, the rest is 1 + 2.5 x 0.63 = 2.6 times as high.")
    impunity_pull: float = param(0.5, "1", (0, 3), "ASSUMED", "log of background homicide gained per share of arrests that no longer end in a sentence",
        why="If no arrest ended in a sentence, others would kill exp(0.5 x 0.55) = 1.32 times as much. Nothing published narrows it, "
        "and the sign is an assumption too.")
    arms_pull: float = param(0.1, "1", (0, 1), "ASSUMED", "background homicide per log of the southbound flow of arms",
        why="Half the flow of guns takes 1 - 0.5^0.1 = 7 % of other homicides. That US gun laws reach Mexican homicide is shown "
        "(dube2013), but near the border and for all killings, so a small round number.")
    massacres: float = param(0.063, "1/death", (0, 0.3), "bohorquez2009", "killings of three or more per death in turf fights: sizes follow a power law of exponent 2.5, so (1 - 1.177/1.341)/(2.612/1.341)")
    massacre_size: float = param(3.0, "people", (2, 20), "bohorquez2009", "dead of a massacre, at least: no week holds more massacres than its dead allow")
    worst_week: float = param(0.15, "share", (0.02, 1), "ASSUMED", "largest share of a plaza that can be expected to fall in a week",
        why="A bound that keeps the arithmetic sane at the corners of the ranges, as in the prototype: 1 - 0.85^4 = 48 % of a plaza in "
        "four weeks at most. Ordinary weeks are far from it.")
    disappear: float = param(0.35, "people", (0, 2), "ASSUMED", "people still missing per organised homicide: registered 2007-17 over organised homicides (recalled)",
        why="35,090 people were registered as missing since 2007-17 (rnped2018); over 100,000 organised homicides, 41 % of the 242,089 "
        "of these years (inegi_homicides), that is 0.35. Nothing else reads it.")
    contest_on: float = param(1.0, "switch", (0, 1), "ASSUMED", "0 switches fighting off",
        why="A switch for ablation and for teaching; a country whose groups do not fight is no claim about any.")
    arms_least: float = param(0.01, "1", (0.001, 0.5), "ASSUMED", "least armament that counts in strength, in units of `arms_reference`",
        why="A gun for every fifty members, 1/50/2 = 0.01 of the reference of two: unarmed groups fight with what they find. With the "
        "exponent of 0.3 they have a quarter of the strength: 0.01^0.3 = 0.25.")
    reference_armed: float = param(3000.0, "people", (100, 50000), "ASSUMED", "members in the place for which `lethality` is given",
        why="A unit, no estimate: the 98,000 members with whom a central run begins, over 32 states, are 98,000/32 = 3,060. Twice of "
        "it is the same model with another `lethality`, to the power of crowding.")
    reference_residents: float = param(3.5e6, "people", (1e5, 2e7), "ASSUMED", "residents of the place for which rates of fights and clashes are given",
        why="A unit, no estimate: 106 million residents of 2006 over 32 states are 3.3 million, rounded up. Twice of it is the same "
        "model with other `lethality` and `confrontations`.")
    least_prize: float = param(0.05, "share", (0.001, 0.5), "ASSUMED", "share of what a fight wins that no answer of the state takes away",
        why="A twentieth, so that a boundless answer still leaves fights over something. It bounds the logarithm where a lever takes "
        "everything, and estimates nothing.")
    stake_least: float = param(0.05, "1", (0.001, 1), "ASSUMED", "smallest income at stake that counts, in units of `stake_reference`",
        why="A twentieth of the reference, 0.05 x 60,000 = 3,000 dollars a year, less than half a wage: nobody who earns nothing stops "
        "fighting altogether. With an exponent of 0.2 it hardly matters.")
    stake_most: float = param(20.0, "1", (1, 1000), "ASSUMED", "largest income at stake that counts, in the same units",
        why="Twenty times the reference, 20 x 60,000 = 1.2 million dollars a year for each armed person; it keeps places that are "
        "nearly empty from boiling over.")
    spill_half: float = param(15.0, "1/100,000/year", (2, 100), "ASSUMED", "organised homicides at which spill-over has reached 63 % of its most",
        why="1 - exp(-15/15) = 0.63 of `background_pull` is reached at 15 a year. Steeper, all places with a war would look alike; "
        "flatter, only the worst would spill over. A round number.")


@dataclass(frozen=True)
class Peace:
    """Pacts, wars, alliances."""

    patience: float = param(0.95, "1/year", (0.5, 1), "FITTED", "delta0: weight of next year to a secure leader", sampled=True,
        why="With `pact_decisiveness` 1, 0.95 keeps peace among up to 19 equal groups (19/20) while no leader falls. The prototype's "
        "split worlds had 0.98, at their edge, entry worlds 0.78, tuned on the rise of homicides (H1).")
    leader_loss_weight: float = param(0.83, "years", (0, 2), "FITTED", "w: patience lost per leader lost a year", sampled=True, switch=True,
        why="`calibrate` searches 0 to 1.2 (priors.py), held by the rise of homicides (H1, H1b, H6) and of deaths in clashes (W2). At "
        "0.83 two equal groups keep peace while they remember fewer than (1 - 0.667/0.95)/0.83 = 0.36 lost leaders.")
    loss_memory: float = param(40.0, "weeks", (10, 150), "ASSUMED", "how long leader losses are remembered",
        why="Within the 22 to 50 weeks that the prototype tried. A leader lost is half forgotten after 40 x ln 2 = 28 weeks, the "
        "half-year in which published effects of removals are largest.")
    pact_decisiveness: float = param(1.0, "1", (0.2, 3), "castillo2020", "m of the pact rule, capped at n/(n-1)")
    pact_steepness: float = param(16.0, "1", (2, 60), "FITTED", "how sharply the pact rule turns",
        why="The prototype's split worlds had 18, entry worlds 6, both on the rise of homicides (H1). Patience 0.1 short of the "
        "threshold makes a pact fail by 1/(1 + exp(-1.6)) = 83 %, 0.1 beyond it by 17 %.")
    disorder: float = param(3.0, "1", (0, 20), "ASSUMED", "how many times as readily again wars break out where a kingpin has just fallen", sampled=True,
        why="Of 0, 3 and 10 tried over 16 worlds of 128 places (64 falls), organised homicides there rose by 24, 37 and 40 % in the first "
        "half-year and by 19, 28 and 34 % in the second; 36.5 % is published for the first (calderon2015). More than 3 adds little, since "
        "a pact that pays is not broken at any pace. Chosen with K1 in view.")
    disorder_weeks: float = param(104.0, "weeks", (4, 520), "ASSUMED", "how long the disorder of a fall lasts",
        why="Lindo & Padilla-Romo find more homicides for at least twelve months; after two years a third is left.")
    concert: float = param(0.7, "share", (0, 1), "ASSUMED", "part of what fighting wins that governments of one party take away together: protection holds, and so do pacts", sampled=True,
        why="Violence broke out where parties changed and where governor and president were of different ones (Trejo & Ley; Ríos); no "
        "study gives a share of the prize. 0.7 and 0.9 gave a trough and a second rise alike, over 24 worlds; no other value was tried, and a "
        "calibration that was free to move it learnt nothing. Which states are aligned when is an outside series (governments.csv).")
    war_rate: float = param(6.0, "1/year", (0.1, 20), "FITTED", "a plaza whose pact does not hold opens a war, per attraction of the others", sampled=True,
        why="Raised by hand from 1.7 together with `peace_rate`; homicides and deaths of members pass less often without new wars (H1, "
        "H1b, PC6). Where pacts fail for certain and others hold half of a place, a plaza opens 6 x 0.5 = 3 wars a year.")
    peace_rate: float = param(6.0, "1/year", (0.1, 20), "FITTED", "a war whose pact would hold ends", sampled=True,
        why="Raised by hand from 2.0 together with `war_rate`, whose rows are its own (H1, H1b, PC6): a war whose pact would hold ends "
        "after two months on average. The quotient of both decides how many wars are open, their size how fast they come and go.")
    exhaustion: float = param(0.5, "1", (0, 20), "ASSUMED", "wars ended a year per yearly share of members that either side loses to rivals, force and prison",
        why="When each side loses a fifth of its members a year, 0.5 x (0.2 + 0.2) = 0.2 wars a year end for it: after five years. "
        "Losses wear groups out slowly here; nothing published gives a rate.")
    heat_rate: float = param(0.3, "1/week", (0.01, 1), "FITTED", "how fast a war warms up or cools down",
        why="Raised by hand from 0.06: half of a war's heat is there after two weeks instead of eleven, so that a war begun by a "
        "removal is felt in its first half-year (K1).")
    grudge: float = param(2.5, "1", (0, 10), "FITTED", "extra pull of an old rival when a plaza picks an enemy",
        why="The prototype's split worlds had 2.7, entry worlds 3.8, of small influence on its targets. Without it homicides of 2011 "
        "and members killed (H1b, PC6) pass less often.")
    grudge_memory: float = param(200.0, "weeks", (20, 600), "ASSUMED", "how long a grudge lasts",
        why="The prototype's split worlds had 220 weeks, entry worlds 80; nearly four years, so that a feud outlives the truce that "
        "ended it.")
    vulture: float = param(1.5, "1", (0, 10), "ASSUMED", "extra pull of a rival without a settled kingpin",
        why="A rival whose chair is empty draws 1 + 1.5 = 2.5 times the attacks. Rivals are said to move in on the headless; how often "
        "is counted nowhere.")
    disarray: float = param(14.0, "1", (0, 60), "FITTED", "extra pull of a rival per lost unit of cohesion",
        why="Set by hand; it acts in the half-year after a removal (K1). A killing takes cohesion from 0.80 to 0.29, which draws 1 + 14 "
        "x 0.51 = 8 times the attacks; a capture, at first, 1 + 14 x 0.20 = 4 times.")
    kin_restraint: float = param(0.5, "1", (0, 1), "ASSUMED", "pull of a relative at peace relative to a stranger",
        why="Half: heirs who parted in peace prefer other enemies, but are no allies. Between 0, never, and 1, like strangers.")
    alliance_rate: float = param(0.15, "1/year", (0, 3), "ASSUMED", "two groups with a common enemy in one place ally",
        why="A common enemy makes allies of two groups after 1/0.15 = 7 years of war on average, in each place. With `rupture_rate` it "
        "decides how many alliances there are; the 91 pairs of 2020 (bacrim2020) were not used.")
    truce_alliance: float = param(0.02, "probability", (0, 1), "ASSUMED", "two groups whose pact pays again ally",
        why="One truce in fifty becomes an alliance: rare, since most old enemies stay apart. That of the Gulf with Sinaloa in 2010 is "
        "the kind that is meant (recalled).")
    triad_rate: float = param(0.2, "1/year", (0, 3), "ASSUMED", "an ally who is present joins a war",
        why="An ally at hand joins a war after five years on average: structural balance (cartwright1956) gives the sign, not the pace. "
        "Switched off, no evidence row gets worse and no outcome moves.")
    rupture_rate: float = param(0.25, "1/year", (0, 3), "ASSUMED", "an alliance ends",
        why="Alliances last four years on average if nothing else ends them; with `alliance_rate` it decides how many there are. Never "
        "counted.")
    heat_start: float = param(0.1, "1", (0, 1), "ASSUMED", "heat with which a war begins",
        why="A tenth of full heat in its first week; with `heat_rate` at 0.3 a week it is half way after two weeks. From nothing it "
        "would take hardly longer: first shots are few.")
    heat_forgotten: float = param(0.1, "1", (0.01, 1), "ASSUMED", "heat below which a war that is over is forgotten",
        why="A war that ends cools by 0.3 a week and is below a tenth after seven; what it still kills then is lost in the background "
        "rivalry of all groups.")
    ally_lure: float = param(0.1, "1", (0, 1), "ASSUMED", "pull of an ally as an enemy relative to a stranger",
        why="A tenth: friends are attacked, but seldom; at 0 no alliance could end in war before it broke, at 1 it would mean nothing. "
        "Ruptures are counted apart (`rupture_rate`).")


@dataclass(frozen=True)
class Movement:
    """Members and groups that come, move, leave and dissolve."""

    move_rate: float = param(1.2, "1/year", (0, 6), "FITTED", "a plaza sends members across a border",
        why="Between the prototype's split worlds (0.13) and entry worlds (1.9), with the number of groups in view (F1, F3); at 3 a "
        "year it had a fifth more groups. Most moves come to nothing, since home is among the choices.")
    move_share: float = param(0.09, "share", (0.01, 0.5), "FITTED", "members who go",
        why="The prototype's split worlds had 0.09, entry worlds 0.03, with the number of groups in view (F1, F3). With `move_rate` it "
        "is a tenth of a plaza's men a year, 1.2 x 0.09, if all went.")
    move_minimum: float = param(60.0, "people", (20, 500), "ASSUMED", "smallest plaza that sends anybody",
        why="Five times `plaza_minimum`: nobody weakens a place that could dissolve. A new plaza needs 12 people, so in fact 12/0.09 = "
        "133 at home to open one.")
    move_sharpness: float = param(1.0, "1", (0.1, 5), "ASSUMED", "how sharply the best neighbour is preferred",
        why="Chances in proportion to what a member can expect, neither blind nor all to the best: the neutral value of a logit in "
        "logs.")
    move_vulture: float = param(0.5, "1", (0, 3), "ASSUMED", "log-value gained where all control lies with groups without a settled kingpin",
        why="A place whose rulers are all headless counts exp(0.5) = 1.65 times its worth. Switched off, no evidence row gets worse and "
        "no headline moves.")
    move_distance: float = param(1.0, "1", (0, 5), "ASSUMED", "log-value a new place must offer over home",
        why="A new place must promise exp(1) = 2.7 times what home gives: houses, informers and police have to be found anew. Nothing "
        "published gives it.")
    encroach_war: float = param(0.35, "probability", (0, 1), "ASSUMED", "a newcomer is met with war",
        why="One newcomer in three is fought at once; the others are met by `war_rate` like everybody. Between 0, nobody notices, and "
        "1, nobody shares.")
    desertion: float = param(2.0e-4, "1/week", (0, 2e-3), "FITTED", "members who leave",
        why="`calibrate` searches 5e-5 to 1.2e-3 (priors.py). Recruits of 330 to 440 a week (PC4) less 110 arrested (PC5), 120 killed "
        "(PC6) and 115 of growth leave 0 to 95 for all who go, at most 3 % of members a year; 2e-4 a week is 1 %.")
    gap_desertion: float = param(0.02, "1/week", (0, 0.2), "ASSUMED", "members who leave when nothing is paid",
        why="Unpaid for a year, 1 - exp(-0.02 x 52) = 65 % go. High enough that a group without income ends, low enough that a lost "
        "month does not; never measured.")
    retirement: float = param(2.0e-4, "1/week", (0, 2e-3), "prieto2025b", "members who age out")
    saturation: float = param(3.0e-8, "1/week/person", (0, 4e-7), "prieto2023", "omega: leavers per member and fellow member")
    plaza_minimum: float = param(12.0, "people", (2, 60), "ASSUMED", "a smaller plaza dissolves",
        why="Fewer than a dozen hold no place. Below some 15 people chance decides who dies out, as the prototype showed, so this also "
        "bounds the noise.")
    absorption: float = param(0.39, "1/year", (0, 4), "FITTED", "a weak plaza is absorbed by the strongest one", sampled=True,
        why="Below the prototype's 0.6 (0.4 to 0.8; entry worlds 0.64), with the number of groups in view (F3): without any there are "
        "twice as many. A weak plaza lasts 1/0.39 = 2.6 years beside a strong one.")
    absorbable: float = param(0.15, "share", (0.01, 0.6), "FITTED", "strength relative to the strongest at which a plaza is weak",
        why="The prototype's rule, tuned on the number of groups (F3): below 0.15 of the largest. Moved by no search on its own, since "
        "`absorption` does the same.")
    entry_rate: float = param(1.0, "1/year", (0, 80), "FITTED", "new local gangs a year when predation is as unguarded as in 2006", sampled=True, switch=True,
        why="`calibrate` searches 0.5 to 40 (priors.py), since the number of groups (F1, F3) cannot tell entrants from splinters: it "
        "makes entry worlds of one end and split worlds of the other. The default is a split world's.")
    entry_size: float = param(50.0, "people", (20, 200), "ASSUMED", "mean size of a new gang",
        why="Drawn from 0.6 to 1.4 times it, 30 to 70 people, as in the prototype: several times `plaza_minimum`, so that a gang is not "
        "gone at once.")
    move_armed: float = param(50.0, "people", (1, 1000), "ASSUMED", "armed people over whom losses of a place are spread at least, as movers see it",
        why="The size of a new gang (`entry_size`): in a place with fewer armed people one killing would look like certain death to "
        "all who think of going there.")
    entry_most: float = param(4.0, "1", (1, 50), "ASSUMED", "largest unguarded rent that draws gangs, relative to the nation's in 2006",
        why="Four times the national mean; beyond it founders, not rent, are what is lacking. Without a bound an empty rich place "
        "would found gangs by the dozen in a month.")
    entry_armed: float = param(100.0, "people", (1, 1000), "ASSUMED", "armed people over whom rent is spread at least, as founders see it",
        why="Two new gangs (2 x 50 = 100 people): in an empty place founders reckon with as many others who come. It keeps empty "
        "places from drawing without end.")
    entry_spread: float = param(0.4, "share", (0, 1), "ASSUMED", "how far sizes of new gangs lie from `entry_size` at most",
        why="Between 50 x 0.6 = 30 and 50 x 1.4 = 70 people, all alike likely. The least lies above the smallest plaza "
        "(`plaza_minimum`), so that none is born dissolved.")
    entry_pool: float = param(4.0, "1", (1, 50), "ASSUMED", "young men at risk that a place must have for each member of a gang that is founded",
        why="A gang takes a quarter of the pool at most, so that small places are not emptied by one founding; in states, whose pools "
        "are 499,000/32 = 15,600 on average, it hardly ever binds.")


@dataclass(frozen=True)
class Leadership:
    """Removal, succession, splintering."""

    kingpin_rate: float = param(9.2, "1/year", (0, 60), "dickenson2014", "attempts against kingpins at the effort of 2007-12")
    lieutenant_rate: float = param(43.0, "1/year", (0, 200), "FITTED", "attempts against lieutenants at the effort of 2007-12", sampled=True,
        why="9.2 kingpins x the 4.8 lieutenants to each in the prototype's split worlds (entry worlds: 2.2) are 44, with groups and "
        "homicides in view (F1, H1b). 4.8 was the end of its range.")
    aim_size: float = param(0.5, "1", (0, 1.5), "FITTED", "how strongly attempts follow a group's size",
        why="The prototype's split worlds had 0.46, at their edge, entry worlds 0.9, with groups in view (F1, F3). At 0.5 a group a "
        "hundred times larger draws ten times the attempts.")
    attempt_odds: float = param(4.0, "1", (0.2, 50), "ASSUMED", "odds that an attempt succeeds where 1 soldier per 10,000 residents faces 1,000 local members",
        why="4 to 1 where one soldier per 10,000 faces 1,000 members: 80 %, and 11 or 33 % fail at twice or half the odds. The list "
        "behind `killed_share` has one beaten back, Culiacán 2019, but failures are seldom told.")
    attempt_force: float = param(0.5, "1", (0, 2), "ASSUMED", "how odds fall with local members and rise with force",
        why="The square root, so that four times the men at his side halve the odds. Culiacán 2019, some 700 gunmen, failed, and with "
        "3,500 troops in 2023 did not; two cases give a sign.")
    failed_deaths: float = param(9.0, "deaths", (0, 40), "ASSUMED", "killed when an attempt is beaten back: 8-14 in Culiacan, 2019",
        why="Culiacán, 17 October 2019, the only such case with a count: 8 to 14 dead, so a little above the lower end. Drawn from an "
        "exponential distribution, rounded down.")
    killed_share: float = param(0.3, "share", (0, 1), "ASSUMED", "removals that kill",
        why="Of 54 leaders whom the state removed from December 2006 to 2021 in a list from press reports, 12 were killed: 0.22. A "
        "round number above it.")
    surrender_share: float = param(0.03, "share", (0, 1), "ASSUMED", "removals that are surrenders",
        why="Few gave themselves up, and the list behind `killed_share` has none; 0.03 keeps the possibility open at one in thirty.")
    rival_exposure: float = param(0.5, "1", (0, 5), "ASSUMED", "a kingpin's risk of being killed by rivals relative to a member's at his seat",
        why="A kingpin is guarded: half the risk of his men. Of the 58 falls of the list behind `killed_share` 2 were by rivals; at a "
        "loss of a tenth of members a year it makes 0.05 a year.")
    failed_members: float = param(0.6, "share", (0, 1), "ASSUMED", "members among those killed when an attempt is beaten back",
        why="Of the eight dead first counted in Culiacán in 2019 five were gunmen (recalled): 0.63, rounded.")
    natural_exit: float = param(0.02, "1/year", (0, 0.2), "ASSUMED", "kingpins who die or retire",
        why="One in fifty years. With 8 groups that is 0.16 a year, against some 9 attempts at full effort, so that it hardly shows.")
    prison_command: float = param(0.5, "share", (0, 1), "ASSUMED", "shock that a captured kingpin softens by ruling from prison",
        why="Half: a captive may go on commanding by visitors and telephone. Switched off, no evidence row and no outcome changes by "
        "more than luck.")
    prison_fading: float = param(0.25, "1/year", (0, 3), "ASSUMED", "command from prison that ends by itself",
        why="Command ends by itself after four years on average; the lever `extradition` adds 0.2 to 1.0 a year to the rate, as it "
        "assumes that a captured leader waits one to five years.")
    cohesion_shock: float = param(0.64, "share", (0, 1), "FITTED", "cohesion lost when a kingpin is killed", sampled=True,
        why="The prototype's split worlds had 0.57, entry worlds 0.21, with groups and homicides in view (F1, F3, H1); at 0.1 it had a "
        "quarter fewer groups. A killing leaves 1 - 0.64 = 0.36 of cohesion.")
    capture_shock: float = param(0.8, "share", (0, 1), "phillips2015", "shock of a capture relative to a killing", switch=True)
    surrender_shock: float = param(0.4, "share", (0, 1), "ASSUMED", "shock of a surrender relative to a killing",
        why="Arranged falls leave time to arrange the succession, as natural ones do, which use it too; so half of the 0.8 of a "
        "capture.")
    lieutenant_shock: float = param(0.5, "share", (0, 1), "FITTED", "shock of a lieutenant, divided by the group's plazas",
        why="The prototype's rule, with groups and homicides in view (F1, H1b): half of a kingpin's shock, divided by plazas. Without "
        "the division large groups, hit ten times a year, ended at no cohesion at all.")
    cohesion_target: float = param(0.8, "1", (0.3, 1), "ASSUMED", "cohesion at rest",
        why="Below 1, since no group is of one mind. What counts is the distance from 1/2, from where loyalty is weighed: exp(-2 x 0.3) "
        "= 0.55 times the odds of leaving.")
    cohesion_recovery: float = param(30.0, "weeks", (5, 150), "FITTED", "time in which cohesion returns",
        why="The prototype's split worlds had 22 to 37 weeks, entry worlds 42, with groups in view (F1, F3). Half of a shock is gone "
        "after 30 x ln 2 = 21 weeks, within the half-year that K1 looks at.")
    gap_cohesion: float = param(0.01, "1/week", (0, 0.1), "ASSUMED", "cohesion lost while nothing is paid",
        why="While nothing is paid cohesion comes to rest 0.01 x 30 weeks = 0.30 lower, at the 1/2 from where loyalty is weighed: "
        "missing pay alone makes nobody likelier to leave than average.")
    interregnum: float = param(6.0, "weeks", (0, 52), "ASSUMED", "mean time without a settled kingpin after a contested succession",
        why="Six weeks on average if the runner-up is as likely an heir, none if there is no rival. Nothing published gives it; the "
        "prototype found its length without effect.")
    heir_authority: float = param(1.5, "1", (0, 6), "ASSUMED", "weight of authority in the choice of an heir",
        why="Authority is uniform between 0 and 1, so the strongest lieutenant is up to exp(1.5) = 4.5 times as likely an heir as the "
        "weakest: strong, not certain.")
    heir_kin: float = param(1.0, "1", (0, 6), "ASSUMED", "weight of belonging to the late kingpin's faction",
        why="Kin are exp(1) = 2.7 times as likely, two thirds of the whole range of authority. Many heirs were (Arellano Félix, Beltrán "
        "Leyva, Guzmán; recalled), and nobody has counted the others.")
    leave_base: float = param(0.57, "log-odds", (-4, 4), "FITTED", "l0: lieutenants' readiness to leave", sampled=True,
        why="`calibrate` searches -1 to 1.5 (priors.py), held by the number of groups and of offspring (F1, F3, F5). The prototype's "
        "split worlds had 0.55, entry worlds -0.06; 1 more gave it half as many groups again.")
    leave_size: float = param(0.9, "1", (0, 3), "FITTED", "per log of own people over the heir's",
        why="The prototype's split worlds had 0.9, entry worlds 1.1, with the number of groups in view (F1, F3). Twice the heir's "
        "people are 2^0.9 = 1.9 times the odds.")
    leave_cohesion: float = param(2.0, "1", (0, 6), "FITTED", "per point of cohesion above one half, negatively",
        why="The prototype's split worlds had 1.9, entry worlds 3.2, with the number of groups in view (F1, F3). From cohesion 0.8 to "
        "0.29 the odds rise exp(2 x 0.51) = 2.8 times.")
    leave_contested: float = param(0.3, "1", (-3, 3), "FITTED", "where control is contested",
        why="Between the prototype's split worlds (0.15) and entry worlds (0.7), with groups in view (F1, F3). Where four equals "
        "contest a place, the odds are exp(0.3 x 0.75) = 1.25 times those where one rules.")
    leave_rent: float = param(0.7, "1", (0, 3), "FITTED", "per share of income that flows through shared brokers, negatively",
        why="Between the prototype's split worlds (0.6) and entry worlds (0.9), with groups in view (F1, F3). Who lives on trafficking "
        "with access 0.8 has exp(-0.7 x 0.8) = 0.57 times the odds.")
    faction_pull: float = param(0.55, "share", (0, 1), "ASSUMED", "rho_f: part of the shock that a faction shares",
        why="The prototype's split worlds had 0.55, entry worlds 0.67; it changed its outcomes by no more than noise, except that 0.9 "
        "lumps leavers into fewer, larger bands.")
    lieutenant_occasion: float = param(-1.4, "log-odds", (-5, 0), "FITTED", "leaving when only a lieutenant fell",
        why="ln 0.25 = -1.39: the fall of a lieutenant asks for a quarter of the odds of a kingpin's, the prototype's choice, with "
        "groups and homicides in view (F1, H1b).")
    quarrel_occasion: float = param(-0.7, "log-odds", (-5, 0), "FITTED", "leaving when nobody fell",
        why="ln 0.5 = -0.69: half the odds of a kingpin's fall, the prototype's choice, with groups in view (F1). The Gulf and the "
        "Zetas of 2010 are the case.")
    quarrel_rate: float = param(0.027, "1/year", (0, 0.3), "FITTED", "an intact group quarrels",
        why="One quarrel a group in 1/0.027 = 37 years, four a year among 150 groups: so rare that removals, not quarrels, make the "
        "groups of 2011 (F1). No search on its own is on record.")
    cell_minimum: float = param(190.0, "people", (30, 1000), "FITTED", "smallest cell inside a plaza that can leave",
        why="Between the prototype's split worlds (140) and entry worlds (340), with the number of groups in view (F1, F3). A plaza can "
        "split from 2 x 190 = 380 people on; without cells there are three tenths fewer groups.")
    cell_base: float = param(-0.5, "log-odds", (-5, 2), "FITTED", "readiness of cells inside a plaza, relative to lieutenants",
        why="The prototype's rule, with groups in view (F1, F3): exp(-0.5) = 0.61 times the odds of a lieutenant, as a captain has more "
        "to fear.")
    cell_seat: float = param(0.5, "log-odds", (-2, 3), "FITTED", "the same at the seat of the contested succession",
        why="The prototype's rule, with groups in view (F1, F3): it cancels `cell_base` where the succession is contested, so that "
        "heirs meet in one place.")
    loyal: float = param(0.16, "share", (0, 1), "FITTED", "mean part of a leaving plaza that stays with the heir",
        why="The prototype's split worlds had 0.16, entry worlds 0.07, with groups in view (F3). Those who stay make heirs share a "
        "place: without them homicides of 2011 (H1b) pass less often.")
    defect: float = param(0.08, "probability", (0, 1), "ASSUMED", "a lone leaver joins a rival present instead of standing alone",
        why="One lone leaver in twelve joins a rival. Rare, as oaths and feuds stand against it, and here only rivals stronger than he "
        "are asked; never counted.")
    kin_war: float = param(0.2, "probability", (0, 1), "FITTED", "heirs in one place fight", sampled=True,
        why="One pair of heirs in five fights at once; the others have the hazard of strangers times `kin_restraint`. Called fitted for "
        "its bearing on what follows a removal (K1), though no search is on record and the prototype found it within noise.")
    rout: float = param(0.2, "odds", (0, 5), "ASSUMED", "odds that a side of a war collapses when its kingpin falls and the enemy is as strong", switch=True, sampled=True,
        why="The enemy of a headless side of equal men is 1/(1 - 0.2) = 1.25 times as strong, so a side collapses with odds 0.2 x "
        "1.25^3 = 0.39, 28 %. The prototype used 30 to 50 % where the enemy is larger; lowered by hand with sharper odds.")
    rout_sharpness: float = param(3.0, "1", (0, 5), "hirshleifer1989", "how those odds grow with the enemy's relative strength")
    rout_share: float = param(0.4, "share", (0, 0.5), "ASSUMED", "part of a routed plaza that joins the winner; as many go home",
        why="The prototype's rule: two in five join the winner, two in five go home, the last hold out. No rout has been counted man by "
        "man.")
    broker_loyalty: float = param(0.75, "share", (0, 1), "ASSUMED", "brokers who stay with the heir",
        why="Three in four stay with whom they deal: links rest on trust. A splinter of half the people or more is asked by the other "
        "quarter, a smaller one by less.")
    broker_leaves: float = param(0.5, "share", (0, 1), "ASSUMED", "brokers without loyalty who leave the trade rather than follow a splinter",
        why="Half of those who do not stay with the heir retire. Of the kingpin's brokers at most 0.25 x 0.5 = 12 % follow a splinter, "
        "which is what makes predatory cells.")
    broker_split: float = param(1.0, "switch", (0, 1), "ASSUMED", "1: each broker chooses one heir or leaves; 0: heirs share all brokers", switch=True,
        why="1: a supplier serves one of two enemies. 0 hands every heir all links, which no case shows, but whose absence is what the "
        "claim about cells rests on.")
    broker_decay: float = param(0.10, "1/year", (0, 1), "ASSUMED", "brokers lost in peace time",
        why="A link lasts ten years if nobody cuts it. With `broker_search` it fixes how many a group keeps: 0.54 x n/(n + 2,000)/0.10 "
        "are five for the largest, two for one of 1,200.")
    broker_search: float = param(0.54, "1/year", (0, 5), "ASSUMED", "new brokers won by a very large group", sampled=True,
        why="The largest find a link in 1/0.54 = 2 years. Together with `broker_decay` it keeps founders near half of the ten links "
        "that the world's table gives them; varied, since nobody knows.")
    broker_adaptation: float = param(0.3, "1/year", (0, 3), "ASSUMED", "links cut by sanctions that are replaced; 0: sanctions are never answered", switch=True,
        why="A link that sanctions cut is replaced after three years on average: officials call effects of designations impossible to "
        "determine (gao2020), so it must be possible that they fade.")
    broker_abroad: float = param(0.5, "share", (0, 1), "ASSUMED", "brokers who live abroad",
        why="Half: suppliers and sellers live abroad, dealers and those who move money on both sides. Only the reach of sanctions "
        "depends on it.")
    abroad_reach: float = param(0.5, "1", (0, 1), "ASSUMED", "reach of sanctions against brokers abroad relative to brokers at home",
        why="Half: a designation closes banks of its own country, not those of others. With half of the brokers abroad sanctions reach "
        "0.5 + 0.5 x 0.5 = 75 % of what they would.")
    broker_size: float = param(2000.0, "people", (100, 20000), "ASSUMED", "members at which a group wins half as many",
        why="Members at which a group is known well enough: half of the search at 2,000, a fifth at 500, nine tenths at 18,000. A round "
        "number between a cell and a cartel.")
    access_half: float = param(1.0, "brokers", (0.2, 5), "ASSUMED", "suppliers at which access is one half",
        why="With one supplier a group reaches half of a route's trade, with four of the dominant organisations 80 %: the first link "
        "matters most. ASSUMED together with the table's numbers of links.")
    ally_loyalty: float = param(0.6, "probability", (0, 1), "ASSUMED", "an ally stays with the heir; else with a splinter, or leaves",
        why="Three in five stay with the heir; of the others half follow the splinter and half leave. Between 1, every ally stays, and "
        "0.5; the published network knows no heirs.")
    cohesion_least: float = param(0.01, "1", (0.001, 0.2), "ASSUMED", "cohesion below which no group falls",
        why="A bound that keeps the logarithm of strength finite: a group without wages for a year would fall below nothing. With the "
        "exponent of 0.5 it fights with a tenth of its strength: 0.01^0.5 = 0.1.")
    aim_least: float = param(0.05, "1", (0.001, 0.5), "ASSUMED", "least notoriety by which targets are weighed",
        why="That of a group of 0.05^2 x 1,000 = 2.5 people: nobody is beneath notice altogether, and the logarithm of nothing is "
        "never asked for. Groups so small dissolve anyway.")
    aim_protection: float = param(0.5, "share", (0, 1), "ASSUMED", "part of attempts that full protection turns to others",
        why="Half: who has bought everybody in his own state is still hunted by federal and foreign agencies. At 1 bribes would make a "
        "kingpin safe, which none was.")
    command_loss: float = param(0.5, "leaders", (0, 1), "ASSUMED", "leaders whose loss is remembered when command from prison ends",
        why="Half a leader: he had fallen once already, at his capture, and was half a ruler since (`prison_command`). At 1 every "
        "capture would count twice in the end.")
    cell_least: float = param(0.1, "share", (0, 1), "ASSUMED", "smallest part of a plaza that leaves as a cell",
        why="A tenth is a captain with his own men; from 0.1 to 0.5 the mean is 0.3 of a plaza. In plazas below 1,900 people the least "
        "number, `cell_minimum`, binds before it does: 190/0.1 = 1,900.")
    cell_most: float = param(0.5, "share", (0, 1), "ASSUMED", "largest part of a plaza that leaves as a cell",
        why="Half: with more the captain would rule the plaza and be its lieutenant. Nothing was counted; half of a large plaza is as "
        "many as a whole small one.")
    broker_stray: float = param(2.0, "1", (0, 10), "ASSUMED", "how much likelier a broker without loyalty strays than the part that leaves",
        why="Twice the part that leaves, at most all: where half of a group goes, every broker who is not loyal looks around. At 1 "
        "brokers would follow in proportion to people.")
    broker_local: float = param(0.4, "share", (0, 1), "ASSUMED", "brokers who deal with a lieutenant instead of the kingpin",
        why="Two of five, fewer than half, since supplies abroad are the kingpin's own matter. It is the part that levers against the "
        "kingpin's links alone (`leader_sanctions`) cannot reach.")
    broker_suppliers: float = param(0.4, "share", (0, 1), "ASSUMED", "suppliers among new brokers",
        why="Of five links two supply, and the other three do money and arms in equal parts. Only suppliers give access, so this is "
        "the pace at which a cell becomes a cartel.")
    broker_financiers: float = param(0.3, "share", (0, 1), "ASSUMED", "financiers among new brokers; arms dealers are the rest",
        why="Half of those who do not supply: 1 - 0.4 = 0.6, and half of it is 0.3. Financiers save at most a tenth of income and "
        "dealers half the price of guns, so the split decides little.")
    exposure_spread: float = param(0.5, "share", (0, 1), "ASSUMED", "how far brokers' exposure to sanctions lies from the mean at most",
        why="From 0.5 to 1.5 times the mean, all alike likely: some live openly, others are hardly known. At 0 the same sanction would "
        "reach all or none of them.")
    ally_follows: float = param(0.5, "probability", (0, 1), "ASSUMED", "an ally who does not stay with the heir goes with the splinter instead of leaving",
        why="An even chance: nothing tells which of the two an ally who doubts the heir prefers. 0.6 + 0.4 x 0.5 = 0.8 of alliances "
        "survive a split with one of the two.")


# fmt: on
GROUPS: tuple[type[Any], ...] = (Market, Income, Recruitment, Enforcement, Contest, Peace, Movement, Leadership)


class JointBound(NamedTuple):
    """A bound on several constants together."""

    names: tuple[str, ...]
    combine: Callable[[Iterable[float]], float]
    operator: str
    why: str

    @property
    def title(self) -> str:
        """The bound as people write it."""
        return f"{f' {self.operator} '.join(self.names)} at most 1"


JOINT_BOUNDS = (
    JointBound(("demand_elasticity", "fixed_risk"), prod, "x", "beyond it a dearer drug shrinks the market, which makes it dearer again, without end"),
    JointBound(("extortion_share", "kidnapping_share", "fuel_share"), sum, "+", "they are parts of one whole; local sales are the rest"),
    JointBound(("first_extortion", "first_kidnapping", "first_fuel"), sum, "+", "they are parts of a new plaza's time; local sales are the rest"),
    JointBound(("killed_share", "surrender_share"), sum, "+", "they are parts of all removals; captures are the rest"),
    JointBound(("broker_suppliers", "broker_financiers"), sum, "+", "they are parts of all new brokers; arms dealers are the rest"),
)


@dataclass(frozen=True, init=False)
class Parameters(Leadership, Movement, Peace, Contest, Enforcement, Recruitment, Income, Market):
    """All constants of one run, flat; `Parameters(**values)` overrides some.

    Raises:
        TypeError: a constant that the catalogue does not have.
        ValueError: they break a joint bound.
    """

    def __init__(self, **values: float) -> None:
        if unknown := values.keys() - PARAMETERS.keys():
            raise TypeError(f"no such constants: {', '.join(sorted(unknown))}")
        vars(self).update({name: parameter.default for name, parameter in PARAMETERS.items()} | values)
        for bound in broken(values):
            raise ValueError(f"{bound.title}: {bound.why}")


def _entry(name: str, mechanism: str, said: Any) -> Parameter:  # noqa: ANN401
    return Parameter(name=name, default=float(said.default), mechanism=mechanism, **said.metadata)


def declare(mechanism: str, constants: Mapping[str, Any]) -> None:
    """Add constants of a mechanism from outside: name -> what `param` gave."""
    _PARAMETERS.update({name: _entry(name, mechanism, said) for name, said in constants.items()})


_OWNER = {f.name: group.__name__.lower() for group in GROUPS for f in fields(group)}
_PARAMETERS = {f.name: _entry(f.name, _OWNER[f.name], f) for f in fields(Parameters)}
PARAMETERS: Mapping[str, Parameter] = _PARAMETERS


def broken(values: Mapping[str, float]) -> list[JointBound]:
    """The joint bounds that values break; what is not among them stands at its default."""
    whole = {name: parameter.default for name, parameter in PARAMETERS.items()} | dict(values)
    return [bound for bound in JOINT_BOUNDS if bound.combine(whole[name] for name in bound.names) > 1.0 + ROUNDING]
