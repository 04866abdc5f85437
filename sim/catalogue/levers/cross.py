"""Cross-cutting levers: arms, corruption, and how force is used."""

from __future__ import annotations

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push
from sim.elementary import exps

CONVICTION_PER_REPAIR = 0.2  # share of arrests sentenced per yearly recovery of integrity; ASSUMED


@lever(
    family="cross",
    title="Southbound arms control",
    unit="a programme of about US$ 75 million a year against guns going south, as in 2009",
    high=8.0,
    cost=(50, 75, 150),
    payer=0.85,
    cost_note="the US programme of about US$ 74 million announced in 2009 (recalled); range ASSUMED",
    effect=(0.01, 0.06, 0.2),
    effect_note="log of arms reaching cartels; ASSUMED, some 200,000 to 250,000 guns a year cross and about 15 % are "
    "seized",
    evidence="mixed",
    sources=("mcdougal2013", "gao2021", "dube2013"),
    expected={"arms_index": "less", "homicides": "less", "overdose_deaths": "unknown"},
    lag_weeks=26,
    ceiling=4.0,
    takeup=0.9,
    leakage=0.05,
)
def arms_control(x: Array, effect: float) -> Push:
    """Let fewer guns go south, so that fights kill fewer people.

    Sellers move to other states and makers, and guns already there last for years.
    """
    return Push(gun_inflow=exps(-effect * x))


@lever(
    family="cross",
    title="Anti-corruption",
    unit="an independent commission against impunity, as Guatemala's was, for a country of Mexico's size",
    high=4.0,
    cost=(30, 100, 200),
    payer=0.4,
    cost_note="Guatemala's cost some US$ 15 million a year (recalled); scaled by population, range ASSUMED",
    effect=(0.02, 0.08, 0.25),
    effect_note="yearly recovery of integrity; ASSUMED, from one country and one contested estimate",
    evidence="thin",
    sources=("icg2018",),
    expected={"impunity_index": "less", "homicides": "mixed", "overdose_deaths": "unknown"},
    lag_weeks=78,
    ceiling=2.0,
    takeup=0.8,
    leakage=0.05,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def anti_corruption(x: Array, effect: float) -> Push:
    """Prosecute officials who sell protection.

    It makes powerful enemies and lasts as long as its mandate; broken protection can unsettle old bargains.
    """
    return Push(integrity_repair=effect * x, conviction=CONVICTION_PER_REPAIR * effect * x)


@lever(
    family="cross",
    title="Conditional repression",
    unit="focused deterrence of the most violent groups with a reserve of some 5,000 officers",
    high=5.0,
    cost=(50, 150, 400),
    payer=0.1,
    cost_note="ASSUMED: 5,000 officers at US$ 25,000, analysts and social services; fewer or more at low and high",
    effect=(0.0, 0.06, 0.2),
    effect_note="share of fighting that no longer pays; ASSUMED, US city programmes cut crime by 16-23 %, never tried "
    "on cartels",
    evidence="thin",
    sources=("castillo2020", "lessing2017", "braga2018"),
    expected={"homicides": "less", "overdose_deaths": "unknown", "trafficking_revenue_usd": "unknown"},
    lag_weeks=26,
    ceiling=3.0,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def conditional_repression(x: Array, effect: float) -> Push:
    """Aim force at violence, not at presence, so that fighting costs more than peace.

    Groups that keep quiet are left to trade, and the promise must be believed.
    """
    return Push(restraint=effect * x)


@lever(
    family="cross",
    title="Non-confrontation",
    unit="orders to avoid clashes, as after 2018",
    high=2.0,
    cost=(0, 2, 10),
    payer=0.0,
    cost_note="ASSUMED: orders and training; soldiers already deployed cost the same and are counted by their own "
    "lever",
    effect=(0.2, 0.4, 0.8),
    effect_note="log of clashes per deployed soldier; ASSUMED",
    evidence="thin",
    sources=("comment2023", "crs_r41576"),
    expected={
        "homicides_confrontation": "less",
        "rights_complaints": "less",
        "homicides": "mixed",
        "overdose_deaths": "unknown",
    },
    lag_weeks=4,
    ceiling=1.5,
    takeup=0.9,
    leakage=0.1,
    aims=frozenset({"where"}),
    cost_scales_with="population",
)
def non_confrontation(x: Array, effect: float) -> Push:
    """Keep deployed force out of fights it need not have.

    Fewer die in clashes, and groups hold their places undisturbed.
    """
    return Push(confrontation=exps(-effect * x))
