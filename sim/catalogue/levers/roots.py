"""Root-cause levers: young men's alternatives, violence in communities, justice, police, ways out."""

from __future__ import annotations

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push
from sim.elementary import exps


@lever(
    family="roots",
    title="Recruitment prevention",
    unit="100,000 young men at risk a year in therapy, mentoring and paid work",
    high=8.0,
    cost=(100, 250, 600),
    payer=0.1,
    cost_note="ASSUMED: US$ 1,000, 2,500 and 6,000 per person and year",
    effect=(0.0, 0.06, 0.2),
    effect_note="log-odds of joining; a sixth of those at risk are reached, and reviews range from no effect to 30 % "
    "fewer crimes",
    evidence="mixed",
    sources=("atienzo2017", "blattman2017", "prieto2023", "chemonics2018"),
    expected={"recruits": "less", "members": "less", "homicides": "less", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=4.0,
    takeup=0.8,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def recruitment_prevention(x: Array, effect: float) -> Push:
    """Reach the young men whom cartels recruit, before they join.

    Those most at risk are hardest to reach, and cartels that need men may take more by force.
    """
    return Push(recruit_appeal=exps(-effect * x))


@lever(
    family="roots",
    title="Legal wage",
    unit="apprenticeships at the minimum wage for 590,000 young people, the programme of 2020",
    high=5.0,
    cost=(900, 1250, 2100),
    payer=0.02,
    cost_note="25.6 billion pesos budgeted for 590,000 apprentices in 2020, 40 billion in 2019",
    effect=(0.0, 0.04, 0.1),
    effect_note="log of the best legal pay of those at risk; ASSUMED, since most places go to people whom no cartel "
    "courts",
    evidence="mixed",
    sources=("dell2019", "sumano2025", "elceo2019", "dube2016", "prieto2025"),
    expected={"recruits": "less", "homicides": "mixed", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def legal_wage(x: Array, effect: float) -> Push:
    """Raise what the best legal alternative pays.

    Most of the money reaches people who would not have joined; weak transfers have shown no effect on homicide.
    """
    return Push(legal_pay=exps(effect * x))


@lever(
    family="roots",
    title="Violence prevention",
    unit="the national prevention programme of 2013-15, about 2.5 billion pesos a year",
    high=6.0,
    cost=(100, 190, 350),
    payer=0.1,
    cost_note="the budget at 13 pesos per dollar; low: the half that reached neighbourhoods, high: with local "
    "co-funding (ASSUMED)",
    effect=(0.0, 0.03, 0.12),
    effect_note="ASSUMED: three of nine Latin American studies find fewer homicides or crimes, most designs are weak",
    evidence="mixed",
    sources=("atienzo2017", "chemonics2018", "jornada2017"),
    expected={"homicides_background": "less", "homicides": "less", "overdose_deaths": "unknown"},
    lag_weeks=52,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def violence_prevention(x: Array, effect: float) -> Push:
    """Prevent killings outside organised crime in the neighbourhoods that suffer most.

    It leaves cartels as they are, and its results take a year or more to show.
    """
    return Push(retaliation=exps(-effect * x))


@lever(
    family="roots",
    title="Justice institutions",
    unit="prosecutors, courts and forensic laboratories for about US$ 250 million a year",
    high=6.0,
    cost=(100, 250, 600),
    payer=0.15,
    cost_note="ASSUMED; for scale, federal grants for the new trials were US$ 37 million in 2013, states and courts "
    "paid more",
    effect=(0.01, 0.03, 0.08),
    effect_note="share of arrests that end in a sentence; ASSUMED, well below Guatemala's rise from 7 to 28 % in "
    "seven years",
    evidence="thin",
    sources=("jim2013", "icg2018", "prieto2025b"),
    expected={
        "convictions": "more",
        "impunity_index": "less",
        "prison_population": "more",
        "homicides": "mixed",
        "overdose_deaths": "unknown",
    },
    lag_weeks=104,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def justice(x: Array, effect: float) -> Push:
    """Make an arrest more likely to end in a sentence.

    Prisons fill, and longer sentences alone have prevented little.
    """
    return Push(conviction=effect * x)


@lever(
    family="roots",
    title="Police integrity",
    unit="a police subsidy like Subsemun's, 4 to 5 billion pesos a year, spent on pay and vetting",
    high=5.0,
    cost=(250, 350, 900),
    payer=0.08,
    cost_note="20.6 billion pesos in 2008-12 at 12.5 pesos per dollar; high: with the wages that vetting needs to "
    "last (ASSUMED)",
    effect=(0.02, 0.06, 0.2),
    effect_note="yearly recovery of integrity; ASSUMED, no evaluation found",
    evidence="thin",
    sources=("subsemun2012",),
    expected={"impunity_index": "unknown", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=104,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def police_integrity(x: Array, effect: float) -> Push:
    """Pay, vet and train police, so that protection is harder to buy.

    Dismissed officers may change sides, and better police raise pressure on groups, which may answer with violence.
    """
    return Push(integrity_repair=effect * x)


@lever(
    family="roots",
    title="Rights safeguards",
    unit="use-of-force rules, complaint offices and civilian trials wherever forces are deployed",
    high=3.0,
    cost=(15, 40, 100),
    payer=0.2,
    cost_note="ASSUMED: some 1,000 investigators, lawyers and trainers",
    effect=(0.05, 0.15, 0.35),
    effect_note="log of harm to bystanders per clash; ASSUMED, in the direction found for procedural safeguards "
    "against torture",
    evidence="mixed",
    sources=("magaloni2020b", "bennett2008", "floresmacias2020"),
    expected={"rights_complaints": "less", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=52,
    ceiling=2.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
    silent="bystanders of clashes are few beside those of turf fights, and less grievance makes few recruits fewer; look at complaints",
)
def rights_safeguards(x: Array, effect: float) -> Push:
    """Make force discriminate between members and bystanders.

    Open complaint offices bring more complaints to light even as harm falls; the model counts harm, not reporting.
    """
    return Push(discrimination=exps(-effect * x))


@lever(
    family="roots",
    title="Rehabilitation and exit",
    unit="places for 2,000 leavers a year, with protection and work",
    high=8.0,
    cost=(15, 35, 80),
    payer=0.1,
    cost_note="ASSUMED: US$ 7,500, 17,500 and 40,000 for a leaver's whole path",
    effect=(0.003, 0.01, 0.02),
    effect_note="yearly share of members; ASSUMED, 2,000 of some 150,000 and three in four who stay out",
    evidence="thin",
    sources=("prieto2025b",),
    expected={"desertions": "more", "members": "less", "homicides": "unknown", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=4.0,
    takeup=0.8,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def rehabilitation(x: Array, effect: float) -> Push:
    """Open a way out for members.

    Leavers risk reprisals, and victims may see money spent on those who harmed them.
    """
    return Push(exit_rate=effect * x)
