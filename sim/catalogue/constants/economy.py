"""Constants of money and men: the market, what members earn, who joins."""

from __future__ import annotations

from dataclasses import dataclass

from sim.catalogue.constants import param


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
    local_growth: float = param(0.082, "1/year", (0, 0.12), "ASSUMED", "growth of the Mexican drug market",
        why="Past-year use of any drug rose from 1.5 % (2008) to 2.9 % (2016) of those of 12 to 65 (national surveys, recalled): "
        "a factor of 1.93, and ln 1.93 / 8 = 0.082 a year. Growth goes on for a whole run, and 1.082^15 = 3.3 times.")
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
# fmt: on
