"""Constants of leaders: how they fall, who follows, what splinters take."""

from __future__ import annotations

from dataclasses import dataclass

from sim.catalogue.constants import param


# fmt: off  (one constant, one line, and why)
@dataclass(frozen=True)
class Leadership:
    """Removal, succession, splintering."""

    kingpin_rate: float = param(9.2, "1/year", (0, 60), "dickenson2014", "attempts against kingpins at the effort of 2007-12")
    lieutenant_rate: float = param(43.0, "1/year", (0, 200), "FITTED", "attempts against lieutenants at the effort of 2007-12", sampled=True,
        why="9.2 kingpins x the 4.8 lieutenants to each in the prototype's split worlds (entry worlds: 2.2) are 44, with groups and "
        "homicides in view (F1, H1b). 4.8 was the end of its range.")
    aim_size: float = param(0.35, "1", (0, 1.5), "FITTED", "how strongly attempts follow a group's size",
        why="With living offspring of the majors in view (F5): of 0.5, 0.4, 0.35 and 0.3, each fitted, the first left 18 where 10 were counted, the "
        "last too few homicides in 2011 (H1). The prototype had 0.46 to 0.9. A group a hundred times larger draws 100^0.35 = 5 times the attempts.")
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
    cell_seat: float = param(0.25, "log-odds", (-2, 3), "FITTED", "the same at the seat of the contested succession",
        why="It takes back half of `cell_base` where the succession is contested, so that heirs meet in one place. The prototype took back all, with "
        "groups in view (F1, F3); halved by hand, with living offspring of the majors in view (F5).")
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
