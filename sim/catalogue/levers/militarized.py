"""Militarized levers: leaders and force."""

from __future__ import annotations

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push
from sim.elementary import exps

GUNS_LEAKED = 0.003  # guns per member and year from equipment at intensity 1; ASSUMED


@lever(
    family="militarized",
    title="Kingpin targeting",
    unit="the effort of 2007-12 against kingpins and lieutenants",
    high=4.0,
    cost=(150, 400, 900),
    payer=0.3,
    cost_note="ASSUMED: special units, intelligence and prosecution; for scale, Sedena alone spent US$ 5.1 billion in "
    "2011 and Mérida averaged US$ 325 million a year in FY2008-13, about a third of it counted here",
    effect=(0.8, 1.0, 1.25),
    effect_note="the unit is the effort itself; counts of removals differ by a quarter between lists",
    evidence="mixed",
    sources=(
        "calderon2015",
        "lindo2018",
        "dickenson2014",
        "phillips2015",
        "jones2013",
        "estevez2025",
        "atuesta2018",
        "asf2013",
        "crs_r40135",
    ),
    expected={
        "removals": "more",
        "groups_active": "more",
        "homicides": "mixed",
        "extortion_incidents": "mixed",  # more than without any removal; with ever more of them, fewer members are left to extort
        "kidnappings": "mixed",
        "overdose_deaths": "unknown",
    },
    lag_weeks=13,
    ceiling=3.0,
    takeup=1.0,
    leakage=0.0,
    aims=frozenset({"target", "rank", "mode"}),
)
def kingpin_targeting(x: Array, effect: float) -> Push:
    """Hunt the people at the top of a cartel to break its command.

    Every removal opens a succession: heirs may fight, cells may split off, and rivals may move in.
    """
    return Push(kingpin_attempts=effect * x, lieutenant_attempts=effect * x)


@lever(
    family="militarized",
    title="Rewards",
    unit="rewards on every leading figure, about four paid a year",
    high=6.0,
    cost=(3, 8, 25),
    payer=0.7,
    cost_note="the US programme paid over US$ 135 million for more than 75 major violators since 1986, US$ 1.8 million "
    "each; publicity, handling and Mexico's own rewards ASSUMED",
    effect=(0.002, 0.01, 0.04),
    effect_note="betrayals per cartel and year; ASSUMED, from two cases a year worldwide under the US programme",
    evidence="thin",
    sources=("state_rewards",),
    expected={"removals": "more", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=52,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.05,
    aims=frozenset({"target"}),
)
def rewards(x: Array, effect: float) -> Push:
    """Pay insiders to give up their leaders.

    A betrayed leader leaves a suspicious organisation behind and a succession like any other.
    """
    return Push(betrayal_rate=effect * x)


@lever(
    family="militarized",
    title="Extradition",
    unit="the pace of 2009, 107 people extradited a year",
    high=4.0,
    cost=(10, 30, 80),
    payer=0.8,
    cost_note="ASSUMED: US$ 0.1-0.8 million per case for transfer, trial and the first years of a US sentence",
    effect=(0.2, 0.5, 1.0),
    effect_note="ASSUMED: a captured leader waits one to five years",
    evidence="thin",
    sources=("upi2010", "crs_r40135"),
    expected={"extraditions": "more", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=3.0,
    takeup=1.0,
    leakage=0.0,
    aims=frozenset({"target"}),
    silent="command from prison ends by itself in some four years, so what its end brings only comes sooner; look at extraditions",
)
def extradition(x: Array, effect: float) -> Push:
    """Send captured leaders abroad, so that they stop ruling from prison.

    What held the group together from a cell is gone too, and testimony given abroad does not serve victims at home.
    """
    return Push(extradition_rate=effect * x)


@lever(
    family="militarized",
    title="Military deployment",
    unit="4 soldiers or marines on public-security duty per 10,000 residents, about 45,000 nationwide",
    high=6.0,
    cost=(400, 1100, 1600),
    payer=0.02,
    cost_note="45,000 soldiers at US$ 9,000 (Sedena's extra spending on such duty in 2011), US$ 25,000 (its whole "
    "budget per soldier) and US$ 36,000 (with pensions, materiel and navy; ASSUMED)",
    effect=(3.2, 4.0, 4.8),
    effect_note="soldiers per 10,000; ASSUMED a fifth more or less than assigned are in the street",
    evidence="mixed",
    sources=("espinosa2015", "osorio2015", "floresmacias2020", "asf2013", "asf2015", "eleconomista2019"),
    expected={"homicides": "more", "rights_complaints": "more", "members": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=4,
    ceiling=5.0,
    takeup=1.0,
    leakage=0.0,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def military_deployment(x: Array, effect: float) -> Push:
    """Patrol with soldiers where police are weak or bought.

    Clashes kill members, soldiers and bystanders; complaints rise, and force that hits bystanders feeds recruitment.
    """
    return Push(troops=effect * x)


@lever(
    family="militarized",
    title="General arrests",
    unit="the arrest effort of 2012 once more, some 5,700 members a year",
    high=5.0,
    cost=(150, 400, 950),
    payer=0.02,
    cost_note="ASSUMED: 20,000 more prisoners in the long run at US$ 5,000-40,000 a year (a state prison spends 150 "
    "pesos a day on an inmate's needs, a privately run one 1,000) and US$ 10,000-30,000 of police work per arrest",
    effect=(0.8, 1.0, 1.2),
    effect_note="the unit is the effort itself; 95-125 members a week, a fifth either way",
    evidence="mixed",
    sources=("prieto2023", "prieto2025b", "comment2023", "caulkins2023", "cndh2017"),
    expected={
        "arrests": "more",
        "members": "less",
        "prison_population": "more",
        "homicides": "mixed",
        "overdose_deaths": "unknown",
    },
    lag_weeks=13,
    ceiling=4.0,
    takeup=1.0,
    leakage=0.0,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def general_arrests(x: Array, effect: float) -> Push:
    """Arrest more members of every rank.

    Prisons fill, released men return, and the gaps pull in recruits.
    """
    return Push(arrest_effort=effect * x)


@lever(
    family="militarized",
    title="Equipment and aircraft",
    unit="Mérida's aircraft and mobility package, about US$ 600 million over ten years, and its upkeep",
    high=6.0,
    cost=(60, 120, 220),
    payer=0.7,
    cost_note="aircraft were about half of the first US$ 1.3 billion; ten-year life, and upkeep equal to the "
    "purchase, ASSUMED",
    effect=(0.0, 0.15, 0.4),
    effect_note="log-odds that an attempt succeeds; ASSUMED, no evaluation found",
    evidence="thin",
    sources=("aeronews2009", "gao2010", "crs_r40135"),
    expected={"removals": "unknown", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=104,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
)
def equipment(x: Array, effect: float) -> Push:
    """Give forces aircraft, radios and armour, so that they reach and overpower a guarded leader.

    Some of it ends in the wrong hands.
    """
    return Push(attempt_reach=exps(effect * x), gun_leakage=GUNS_LEAKED * x)


@lever(
    family="militarized",
    title="Task-force coordination",
    unit="a standing binational task force of some 150 staff (USCTOC, GANSEG)",
    high=4.0,
    cost=(10, 25, 60),
    payer=0.7,
    cost_note="ASSUMED: 150 staff at US$ 70,000-400,000 with overheads",
    effect=(0.0, 0.04, 0.15),
    effect_note="log-odds that an attempt succeeds, and share of the arrest effort of 2012; ASSUMED small",
    evidence="thin",
    sources=("crs_r41576",),
    expected={"removals": "unknown", "arrests": "unknown", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=52,
    ceiling=2.0,
    takeup=0.8,
    leakage=0.05,
    silent="it adds some arrests, which calm, and some removals, which stir, and both are small; look at arrests",
)
def task_force_coordination(x: Array, effect: float) -> Push:
    """Share intelligence between agencies and countries, so that the same units hit better.

    Shared secrets leak more widely; nobody has measured the net gain.
    """
    return Push(attempt_reach=exps(effect * x), arrest_effort=effect * x)
