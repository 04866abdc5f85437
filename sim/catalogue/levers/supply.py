"""Supply-side levers of the militarized family: trade, money and links."""

from __future__ import annotations

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push
from sim.elementary import exps

CASH_PER_BROKER = 0.25  # yearly share of cash frozen per yearly share of brokers cut off, by designations; ASSUMED
FINANCIERS_PER_CASH = 3.0  # yearly share of financiers lost per yearly share of cash frozen; ASSUMED


@lever(
    family="militarized",
    title="Interdiction and scanners",
    unit="scanners, canine teams and port control for about US$ 300 million a year",
    high=6.0,
    cost=(150, 300, 600),
    payer=0.7,
    cost_note="ASSUMED size of programme; the price of low and high is that of the same equipment with less or more "
    "staff",
    effect=(0.01, 0.03, 0.06),
    effect_note="share of the flow seized before routes adapt; ASSUMED, of the order of RAND's cost per unit of "
    "consumption cut",
    evidence="mixed",
    sources=("rydell1994", "castillo2020", "castillo2020b", "caulkins_reuter2010", "gallet2014", "dell2015"),
    expected={
        "seized_share": "more",
        "trafficking_revenue_usd": "mixed",
        "homicides": "mixed",
        "overdose_deaths": "mixed",
    },
    lag_weeks=26,
    ceiling=4.0,
    takeup=0.9,
    leakage=0.1,
    silent="routes adapt within a year, and what is lost makes the rest dearer, so that there is as much to fight for",
)
def interdiction(x: Array, effect: float) -> Push:
    """Seize more of the flow, so that drugs become scarce and dear.

    Routes adapt, and where demand is inelastic scarcity raises revenue and what there is to fight for.
    """
    return Push(interdiction=effect * x)


@lever(
    family="militarized",
    title="Precursor control",
    unit="control of precursor imports and sales for about US$ 40 million a year",
    high=5.0,
    cost=(15, 40, 100),
    payer=0.5,
    cost_note="ASSUMED: inspectors, laboratories and customs data in both countries",
    effect=(0.0, 0.1, 0.4),
    effect_note="ASSUMED: from none to the order of the 1995 US ephedrine shock, which faded within 4-18 months",
    evidence="mixed",
    sources=("dobkin2009",),
    expected={"overdose_deaths": "mixed", "homicides": "unknown", "trafficking_revenue_usd": "unknown"},
    lag_weeks=26,
    ceiling=2.0,
    takeup=0.8,
    leakage=0.1,
    silent="it changes what users in the United States take, not who earns in Mexico; look at overdose deaths",
)
def precursor_control(x: Array, effect: float) -> Push:
    """Starve synthetic production of chemicals.

    Makers switch recipes and suppliers, sometimes to more dangerous products.
    """
    return Push(synthetic_supply=exps(-effect * x))


@lever(
    family="militarized",
    title="Crop eradication",
    unit="15,600 hectares of poppy destroyed a year, the mean of 2008-12",
    high=3.0,
    cost=(20, 80, 250),
    payer=0.15,
    cost_note="low: 18 soldiers destroy 15 hectares in two weeks, so 720 soldier-years; mid and high with helicopters "
    "and protection, ASSUMED",
    effect=(0.02, 0.08, 0.2),
    effect_note="ASSUMED: fields are replanted within months",
    evidence="mixed",
    sources=("drugwarfacts", "afp2016", "deharo", "dube2016"),
    expected={"homicides": "unknown", "overdose_deaths": "unknown", "predation_revenue_usd": "mixed"},
    lag_weeks=13,
    ceiling=2.0,
    takeup=1.0,
    leakage=0.0,
    silent="poppy is a small part of what routes are worth; look at trafficking revenue",
)
def crop_eradication(x: Array, effect: float) -> Push:
    """Destroy poppy, so that the places that grow it are worth less to cartels.

    Growers lose a living, fields move, and groups that lose rent look for other prey.
    """
    return Push(crop_value=exps(-effect * x))


@lever(
    family="militarized",
    title="Leader sanctions",
    unit="the Kingpin Act's pace of 2000-19, about three Mexican kingpins and their fronts a year",
    high=6.0,
    cost=(5, 15, 40),
    payer=0.95,
    cost_note="ASSUMED: agencies report their spending inconsistently; banks' compliance costs are not counted",
    effect=(0.0, 0.02, 0.08),
    effect_note="ASSUMED: officials call the impact sometimes impossible to determine; US$ 500 million frozen "
    "worldwide in 19 years",
    evidence="thin",
    sources=("gao2020",),
    expected={"trafficking_revenue_usd": "unknown", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=2.0,
    takeup=0.8,
    leakage=0.05,
    aims=frozenset({"target"}),
    silent="it cuts links of kingpins alone, few groups have any, and what is cut is sought anew",
)
def leader_sanctions(x: Array, effect: float) -> Push:
    """Freeze designated leaders out of banks and trade (Kingpin Act).

    Fronts change names, and a group that loses links and pay turns to prey at hand.
    """
    return Push(kingpin_link_loss=effect * x, cash_seizure=CASH_PER_BROKER * effect * x)


@lever(
    family="militarized",
    title="Ecosystem sanctions",
    unit="a designation programme of about US$ 35 million a year against suppliers, sellers and financiers (EO 14059)",
    high=6.0,
    cost=(10, 35, 100),
    payer=0.95,
    cost_note="ASSUMED: about twice the staff of the leader programme, since the targets are many and abroad",
    effect=(0.0, 0.06, 0.3),
    effect_note="yearly share of live brokers cut off; ASSUMED, nothing measured",
    evidence="thin",
    sources=("gao2020",),
    expected={
        "trafficking_revenue_usd": "unknown",
        "predation_revenue_usd": "unknown",
        "homicides": "unknown",
        "overdose_deaths": "unknown",
    },
    lag_weeks=26,
    ceiling=2.0,
    takeup=0.8,
    leakage=0.05,
    aims=frozenset({"target"}),
    silent="groups that lose links earn less abroad, take more at home and fight on; look at trafficking revenue",
)
def ecosystem_sanctions(x: Array, effect: float) -> Push:
    """Cut the links to the outside - suppliers, precursor sellers, financiers - rather than the leader.

    Groups without links stop trafficking, not existing: they may turn to extortion.
    """
    return Push(broker_loss_rate=effect * x)


@lever(
    family="militarized",
    title="Account freezes",
    unit="the financial intelligence unit's freezes of 2019, about US$ 50 million of organised crime a year",
    high=6.0,
    cost=(8, 20, 50),
    payer=0.1,
    cost_note="ASSUMED: the unit, prosecutors and litigation",
    effect=(0.002, 0.01, 0.05),
    effect_note="yearly share of cash frozen for good; ASSUMED from 980 million pesos in about a year and courts that "
    "later released most of all sums",
    evidence="thin",
    sources=("uif2020", "fortuna2025"),
    expected={
        "trafficking_revenue_usd": "unknown",
        "predation_revenue_usd": "unknown",
        "homicides": "unknown",
        "overdose_deaths": "unknown",
    },
    lag_weeks=13,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"target"}),
    silent="leaders spend what they do not need for wages, so those who fight hardly miss what is frozen",
)
def account_freezes(x: Array, effect: float) -> Push:
    """Freeze the accounts of cartels and of those who move their money.

    Missed payrolls cost cohesion; unpaid men desert, split off or extort.
    """
    return Push(cash_seizure=effect * x, financier_loss_rate=FINANCIERS_PER_CASH * effect * x)
