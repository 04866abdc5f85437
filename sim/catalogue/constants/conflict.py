"""Constants of force: the state's, fights over places, war and peace, movement."""

from __future__ import annotations

from dataclasses import dataclass

from sim.catalogue.constants import param


# fmt: off  (one constant, one line, and why)
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
    custody_clock: float = param(1.0, "switch", (0, 1), "inegi_prisons", "1: those arrested are held as often as prisons admitted people; 0: constant", switch=True)
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
        why="`calibrate` searches 2e-7 to 2e-6 (priors.py), held by homicides of 2007 and 2011 (H1, H1a, H1b) and members killed (PC6). "
        "At 4.5e-7 two groups of 1,000 lose 0.45 people a week to each other.")
    own_exponent: float = param(0.58, "1", (0, 1), "FITTED", "p: own people exposed",
        why="The prototype's split worlds had 0.6, entry worlds 0.8, tuned on homicides (H1, H1a, H1b); at 1, the published form, one "
        "pair of giants decided the nation and seeds differed half as much again.")
    foe_exponent: float = param(0.42, "1", (0.2, 1), "FITTED", "r: enemy strength",
        why="1 less `own_exponent`, so that a fight of twice as many on both sides kills twice as many. The prototype had 0.55, tuned on homicides "
        "(H1, H1a, H1b); of 0.51, 0.46 and 0.42, each fitted, the last came nearest to the rise of homicides (H1, H1b). Twice the enemies kill "
        "2^0.42 = 1.3 times as many.")
    decisiveness: float = param(0.74, "1", (0.2, 2), "ASSUMED", "m: how strongly strength decides control", sampled=True, switch=True,
        why="Between the prototype's split worlds (0.78) and entry worlds (0.57). Below 1 the weak hold more than their share of men: 1 "
        "against 10 keeps 1/(1 + 10^0.74) = 15 %, not 9 %.")
    background_rivalry: float = param(0.0, "1", (0, 1), "ASSUMED", "b: hostility between any two groups that are not at war; 1 is the published limit",
        why="Groups at peace leave each other alone: who fights is told pair by pair. At 0.093, the value until now, one homicide in ten came "
        "of no war, so that no peace could end it, and homicides neither fell after 2011 nor rose after 2015; found by looking at both (H2, H3, "
        "H5). The published model has 1, which makes 78 % of its deaths.")
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
    background_rate: float = param(3.0, "1/100,000/year", (2, 12), "inegi_homicides", "homicides outside organised crime in a calm country: 6,041 of 2007 on 106 million residents, less the half that organised violence added")
    background_pull: float = param(4.0, "1", (0, 8), "FITTED", "how far local organised violence raises the rest: retaliation, impunity, guns", sampled=True,
        why="Homicides that the attorney general did not count as organised crime's (pgr2012) rose from 6,041 in 2007 to some 10,000 in 2011 (27,213 "
        "less four thirds of 12,903), by 1.66; a pull of 2.5 makes 1.42, 4 with the lower `background_rate` 1.5. Where organised violence is at "
        "`spill_half`, the rest is 1 + 4 x 0.63 = 3.5 times as high. Without it H1, H1b and H7 exclude each other.")
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
        why="`calibrate` searches 0 to 2 (priors.py), held by the rise of homicides (H1, H1b, H6) and of deaths in clashes (W2). At "
        "0.83 two equal groups keep peace while they remember fewer than (1 - 0.667/0.95)/0.83 = 0.36 lost leaders.")
    loss_memory: float = param(13.0, "weeks", (10, 150), "ASSUMED", "how long leader losses are remembered",
        why="A leader lost is half forgotten after 13 x ln 2 = 9 weeks: a successor is in command after weeks or months. The order of the place "
        "takes longer (`disorder_weeks`). At 40 weeks a cartel's other places felt a fall late and for a year; published is half a year (lindo2018).")
    pact_decisiveness: float = param(1.0, "1", (0.2, 3), "castillo2020", "m of the pact rule, capped at n/(n-1)")
    pact_steepness: float = param(16.0, "1", (2, 60), "FITTED", "how sharply the pact rule turns",
        why="The prototype's split worlds had 18, entry worlds 6, both on the rise of homicides (H1). Patience 0.1 short of the "
        "threshold makes a pact fail by 1/(1 + exp(-1.6)) = 83 %, 0.1 beyond it by 17 %.")
    disorder: float = param(0.2, "share", (0, 1), "ASSUMED", "patience lost to everybody in a place where a kingpin has just fallen", sampled=True,
        why="Where order fell with a boss nobody counts on next year: at 0.2 four equals break pacts that they would have kept, 4/(4 + 1) = "
        "0.80 against 0.8 x 0.95 = 0.76, and make no peace. Of 0.2, 0.25, 0.35 and 0.5 tried over 20 to 24 worlds of 128 places none did more than another. "
        "Chosen with K1 in view.")
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
    heat_rate: float = param(0.2, "1/week", (0.01, 1), "FITTED", "how fast a war warms up or cools down",
        why="Half of a war's heat is there after three weeks. Where a leader fell organised homicides rose by 54 and then 57 % at 0.3, by 38 and "
        "then 53 % at 0.1 (20 worlds of 128 places); 0.2 lies between them, by hand, with K1 in view.")
    grudge: float = param(2.5, "1", (0, 10), "FITTED", "extra pull of an old rival when a plaza picks an enemy",
        why="The prototype's split worlds had 2.7, entry worlds 3.8, of small influence on its targets. Without it homicides of 2011 "
        "and members killed (H1b, PC6) pass less often.")
    grudge_memory: float = param(200.0, "weeks", (20, 600), "ASSUMED", "how long a grudge lasts",
        why="The prototype's split worlds had 220 weeks, entry worlds 80; nearly four years, so that a feud outlives the truce that "
        "ended it.")
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
    move_disorder: float = param(2.0, "1", (0, 3), "ASSUMED", "log-value gained where a kingpin has just fallen",
        why="A place without settled order counts up to exp(2) = 7 times its worth to neighbours, about as much as `disarray` draws attacks at "
        "first. Groups there grow over months, by 9 % at first and 17 % after a year, so that wars go on beginning.")
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
    absorption: float = param(0.30, "1/year", (0, 4), "FITTED", "a weak plaza is absorbed by the strongest one", sampled=True,
        why="A calibration that was free to move it found 0.32 (0.14 to 0.61), held by the number of groups and of offspring (F3, F5), but "
        "made histories wider: without any there are twice as many groups. A weak plaza lasts 1/0.30 = 3.3 years beside a strong one.")
    absorbable: float = param(0.15, "share", (0.01, 0.6), "FITTED", "strength relative to the strongest at which a plaza is weak",
        why="The prototype's rule, tuned on the number of groups (F3): below 0.15 of the largest. Moved by no search on its own, since "
        "`absorption` does the same.")
    entry_rate: float = param(1.0, "1/year", (0, 80), "FITTED", "new local gangs a year where predation pays as in 2006 and nobody rules", sampled=True, switch=True,
        why="`calibrate` searches 0.5 to 40 (priors.py), since the number of groups (F1, F3) cannot tell entrants from splinters: it "
        "makes entry worlds of one end and split worlds of the other. The default is a split world's.")
    entry_size: float = param(50.0, "people", (20, 200), "ASSUMED", "mean size of a new gang",
        why="Drawn from 0.6 to 1.4 times it, 30 to 70 people, as in the prototype: several times `plaza_minimum`, so that a gang is not "
        "gone at once.")
    move_armed: float = param(50.0, "people", (1, 1000), "ASSUMED", "armed people over whom losses of a place are spread at least, as movers see it",
        why="The size of a new gang (`entry_size`): in a place with fewer armed people one killing would look like certain death to "
        "all who think of going there.")
    entry_most: float = param(4.0, "1", (1, 50), "ASSUMED", "most that takings draw gangs, relative to the nation's in 2006",
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
# fmt: on
