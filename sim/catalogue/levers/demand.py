"""Demand-side levers: treatment, prevention of use, harm reduction."""

from __future__ import annotations

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push
from sim.elementary import exps


@lever(
    family="demand",
    title="Treatment",
    unit="5 % of heavy users a year more entering effective treatment, about 200,000 people",
    high=5.0,
    cost=(600, 1200, 2400),
    payer=0.97,
    cost_note="200,000 entries at US$ 3,000 (outpatient), 6,000 (methadone or buprenorphine for a year) and 12,000 "
    "(residential)",
    effect=(0.035, 0.05, 0.06),
    effect_note="the unit itself; places are filled unevenly. Who then leaves heavy use is the market mechanism's "
    "affair",
    evidence="strong",
    sources=("rydell1994", "larochelle2018", "nida2021", "highlands2017", "source_model", "deharo"),
    expected={
        "heavy_users": "less",
        "consumption_index": "less",
        "overdose_deaths": "less",
        "trafficking_revenue_usd": "less",
        "predation_revenue_usd": "mixed",
        "homicides": "mixed",
    },
    lag_weeks=26,
    ceiling=3.0,
    takeup=1.0,
    leakage=0.0,
)
def treatment(x: Array, effect: float) -> Push:
    """Treat heavy users, who consume most of the drugs.

    Groups that earn less from drugs may take more from people at home.
    """
    return Push(treatment_slots=effect * x)


@lever(
    family="demand",
    title="Prevention of use",
    unit="a proven school programme for every pupil of one year's cohort in the United States",
    high=1.5,
    cost=(300, 550, 1000),
    payer=1.0,
    cost_note="US$ 150 per participant, about 3.7 million pupils (recalled); low and high: US$ 80 and 270",
    effect=(0.029, 0.079, 0.146),
    effect_note="2.9, 7.6 and 13.6 % less lifetime cocaine consumption, on the log scale",
    evidence="mixed",
    sources=("caulkins1999", "nrc2001"),
    expected={"consumption_index": "less", "heavy_users": "less", "overdose_deaths": "unknown", "homicides": "unknown"},
    lag_weeks=208,
    ceiling=1.25,
    takeup=0.9,
    leakage=0.05,
    silent="fewer beginners make the US market smaller by about one per cent in fifteen years; look at heavy users",
)
def prevention(x: Array, effect: float) -> Push:
    """Keep young people from starting.

    It works late: pupils reach the age of first use years after the money is spent.
    """
    return Push(initiation=exps(-effect * x))


@lever(
    family="demand",
    title="Naloxone",
    unit="a million kits a year to users and bystanders, enough for about a twentieth of overdose deaths",
    high=6.0,
    cost=(25, 60, 200),
    payer=0.99,
    cost_note="ASSUMED US$ 25, 60 and 200 per kit with training; one death prevented per 227 kits (71-716)",
    effect=(0.02, 0.05, 0.1),
    effect_note="6 % of deaths prevented where a fifth of users hold kits; counties with programmes 10-12 % (-2 to "
    "24) fewer",
    evidence="mixed",
    sources=("coffin2013", "naumann2019", "source_model"),
    expected={"overdose_deaths": "less", "heavy_users": "mixed", "homicides": "unknown"},
    lag_weeks=13,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.05,
    silent="it keeps users alive and leaves the market as it is; look at overdose deaths",
)
def naloxone(x: Array, effect: float) -> Push:
    """Reverse overdoses.

    Survivors go on using, so consumption and cartel income do not fall.
    """
    return Push(overdose_survival=effect * x)
