"""Contest, recruitment and succession once more, as plain objects without arrays: an oracle for the compiled model.

Written from the rules as the description states them, slow and obvious. It shares with the model the parameters and the addressed
draws of `sim.model.chance`, and nothing else. What it does not play (the market, income, payroll) it is told week by week.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

from sim.catalogue.parameters import Parameters
from sim.model.chance import Chance, count, lineage, name_key, normal

WEEKS = 365.2425 / 7  # in a year
MEMORY = 26.0  # weeks over which losses, violence and incomes are smoothed
SOFTER = {"surrender": "surrender_shock", "capture": "capture_shock", "extradition": "capture_shock"}  # than a killing


class Press(NamedTuple):
    """What the policy of this week presses, the same everywhere."""

    restraint: float
    retaliation: float
    recruit_appeal: float
    legal_pay: float


class Outside(NamedTuple):
    """What other mechanisms did this week: by place US$ at stake per armed person, US$ taken and the background trend; by group US$."""

    stake: list[float]
    taken: list[float]
    trend: float
    pay: list[float]
    week_income: list[float]
    week_traffic: list[float]


@dataclass(eq=False)
class Place:
    key: int
    number: int
    population: float
    pool: float
    pool_full: float
    background: float
    arrest_risk: float
    harm: float
    near: list[Place] = field(default_factory=list)
    roster: list[Plaza] = field(default_factory=list)  # plazas as the week found them, by lineage key
    violence: float = 0.0
    sumsq: float = 1.0  # of control shares


@dataclass(eq=False)
class Plaza:
    group: Group
    place: Place
    members: float
    faction: str
    since: int
    appeal: float = 0.0
    losses: float = 0.0
    help: float = 0.0
    strength: float = 0.0
    haste: float = 0.0  # as the week found it

    @property
    def key(self) -> int:
        return lineage(self.group.key, self.place.key)

    @property
    def lieutenant(self) -> int:
        """The key of the person in charge."""
        return lineage(self.group.key, self.place.key, self.since + 1)

    @property
    def short_future(self) -> float:
        risk = self.losses + self.group.p.tenure_fear * self.group.remembered
        return risk / (risk + self.group.p.horizon)


@dataclass(eq=False)
class Group:
    p: Parameters
    key: int
    name: str
    seat: Place
    cohesion: float
    arms: float
    access: float
    pay: float
    traffic_income: float
    predation_income: float
    kingpin_faction: str
    members: float = 0.0  # at the end of the week before
    remembered: float = 0.0  # leader losses a year
    gone: float = 0.0  # members who fell or went home since guns were last counted
    each: float = 1.0  # strength of a member, as of the week's fights
    vacancy: float = 0.0
    children: int = 0
    plazas: dict[Place, Plaza] = field(default_factory=dict)

    @property
    def held(self) -> list[Plaza]:
        return sorted(self.plazas.values(), key=lambda plaza: plaza.place.number)


@dataclass(eq=False)
class Rivalry:
    """Two groups in one place: at war, or relatives at peace."""

    a: Group
    b: Group
    place: Place
    war: bool
    heat: float = 0.1
    kin_until: int = 0

    def other(self, group: Group) -> Group:
        return self.b if group is self.a else self.a


@dataclass(eq=False)
class Tie:
    helped: Group
    helper: Group
    weight: float


@dataclass(eq=False)
class Broker:
    key: int
    kind: int
    group: Group | None  # None once out of the trade
    place: int  # of the lieutenant it deals with, -1 for the kingpin


class Leaver(NamedTuple):
    plaza: Plaza
    people: float
    whole: bool  # the lieutenant goes, rather than a cell inside the plaza


class Twin:
    """The same country, week by week.

    Args:
        p: parameters of the run.
        chance: its luck.
        places: with neighbours, in the order of the world.
        groups: with their plazas.
        rivalries: wars at the start.
        ties: alliances, in both directions.
        brokers: live links.
    """

    def __init__(
        self, p: Parameters, chance: Chance, places: list[Place], groups: list[Group],
        rivalries: list[Rivalry], ties: list[Tie], brokers: list[Broker],
    ) -> None:  # fmt: skip
        self.p, self.chance, self.places, self.groups = p, chance, places, groups
        self.rivalries, self.ties, self.brokers = rivalries, ties, brokers
        self.week, self.flow = 0, Counter[str]()
        self.clans: dict[str, int] = {}  # keys of factions that are as old as their group
        self.count_members()

    # a week ------------------------------------------------------------------------------------------------------------------

    def step(self, outside: Outside, press: Press) -> None:
        self.flow.clear()
        for place in self.places:
            here = [group.plazas[place] for group in self.groups if place in group.plazas]
            place.roster = sorted(here, key=lambda plaza: int(plaza.key))
            for plaza in place.roster:
                plaza.haste = plaza.short_future
        for number, group in enumerate(self.groups):
            group.pay = outside.pay[number]
            traffic, prey = outside.week_traffic[number], outside.week_income[number] - outside.week_traffic[number]
            group.traffic_income += (traffic * WEEKS - group.traffic_income) / MEMORY
            group.predation_income += (prey * WEEKS - group.predation_income) / MEMORY
            group.cohesion += (self.p.cohesion_target - group.cohesion) / self.p.cohesion_recovery
            group.remembered -= group.remembered / self.p.loss_memory
            group.vacancy = max(0.0, group.vacancy - 1.0)
            self.lose_guns(group)
        for place in self.places:
            self.grow_up(place)
            self.recruit(place, press)
            place.arrest_risk -= place.arrest_risk / MEMORY
            place.harm -= place.harm / (self.p.grievance_memory * WEEKS)
        self.arm()
        if self.week % 4 == 0:
            self.help()
        for rivalry in self.rivalries:
            rivalry.heat += self.p.heat_rate * (rivalry.war - rivalry.heat)
        deaths = {place: self.fight(place, outside, press) for place in self.places}
        for place, dead in deaths.items():
            rate = dead * WEEKS * 1e5 / place.population
            place.violence += (rate - place.violence) / MEMORY
        self.count_members()
        for group in self.groups:
            suppliers = sum(broker.group is group and broker.kind == 0 for broker in self.brokers)
            group.access = suppliers / (suppliers + self.p.access_half)

    def lose_guns(self, group: Group) -> None:
        """Whoever fell or went home last week took as many guns as the group has a head."""
        luck = self.chance.block("income.guns", self.week, group.key)[3]
        group.arms -= min(group.arms, math.floor(group.arms * group.gone / (max(1.0, group.members) + group.gone) + luck))
        group.gone = 0.0

    def count_members(self) -> None:
        for group in self.groups:
            group.members = sum(plaza.members for plaza in group.plazas.values())

    def end_week(self, growth: float) -> None:
        """After whatever happened to leaders: once a year residents and the pool's size grow."""
        if self.week % 52 == 51:
            for place in self.places:
                place.population *= 1.0 + growth
                place.pool_full = math.floor(place.pool_full * (1.0 + growth))
        self.week += 1

    # joining -----------------------------------------------------------------------------------------------------------------

    def grow_up(self, place: Place) -> None:
        """The age band turns over."""
        luck = self.chance.uniform("recruitment.refill", self.week, place.key)
        place.pool += math.floor((place.pool_full - place.pool) * self.p.pool_refill / WEEKS + luck)

    def recruit(self, place: Place, press: Press) -> None:
        """rho n Y/(Y + Y_half), by force where control is contested, else by choice."""
        p, pool = self.p, place.pool
        half = p.pool_half * place.pool_full
        reach = p.recruit_rate * pool / max(1.0, pool + half) * (1.0 + p.pool_half)
        forced = p.forced_share * (1.0 - place.sumsq)
        for plaza in place.roster:
            if self.week % 4 == 0 or plaza.appeal == 0.0:
                plaza.appeal = self.appeal(plaza, press)
            mean = plaza.members * reach * (forced + (1.0 - forced) * plaza.appeal)
            new = min(count(mean, self.chance.block("plaza.people", self.week, plaza.key)[0]), place.pool)
            plaza.members += new
            place.pool -= new
            self.flow["recruits"] += new

    def appeal(self, plaza: Plaza, press: Press) -> float:
        """Chance that somebody approached joins, relative to one whose pay is three times the legal wage and who fears nothing."""
        p, place = self.p, plaza.place
        better = plaza.group.pay / (p.legal_wage * press.legal_pay) / 3.0
        grievance = place.harm / (place.harm + p.grievance_half)
        odds = press.recruit_appeal * p.join_share / (1.0 - p.join_share) * better**p.pay_elasticity
        odds *= math.exp(p.grievance_pull * grievance - p.fear_prison * place.arrest_risk - p.fear_death * (1.0 - math.exp(-plaza.losses)))
        return odds / (1.0 + odds) / p.join_share

    # fighting ----------------------------------------------------------------------------------------------------------------

    def arm(self) -> None:
        """Strength of every plaza, g = n x^c (arms per member / reference)^nu, weaker while nobody leads; control shares."""
        p = self.p
        for place in self.places:
            weights = []
            for plaza in place.roster:
                group = plaza.group
                guns = (group.arms + 0.05) / max(1.0, group.members) / p.arms_reference
                group.each = group.cohesion**p.cohesion_weight * max(0.01, guns) ** p.arms_weight
                group.each *= 1.0 - p.vacancy_weakness if group.vacancy > 0.0 else 1.0
                g = max(plaza.members, 0.5) * group.each
                plaza.strength = g**p.foe_exponent
                weights.append(g**p.decisiveness)
            place.sumsq = sum((weight / sum(weights)) ** 2 for weight in weights) if weights else 1.0

    def help(self) -> None:
        """Allies here, and next door at a discount, relative to one's own people."""
        for group in self.groups:
            for plaza in group.plazas.values():
                plaza.help = 0.0
                for tie in self.ties:
                    if tie.helped is not group:
                        continue
                    at_hand = [tie.helper.plazas[plaza.place].members] if plaza.place in tie.helper.plazas else [0.0]
                    at_hand += [
                        self.p.help_next_door * tie.helper.plazas[place].members
                        for place in plaza.place.near
                        if place in tie.helper.plazas
                    ]
                    best = max(at_hand)
                    plaza.help += tie.weight * 2.0 * best / max(1.0, best + plaza.members)

    def hazard(self, place: Place, stake: float) -> float:
        """Deaths a week per n^p g^r: many residents dilute, high stakes inflame."""
        p, dense = self.p, self.p.own_exponent + self.p.foe_exponent - 1.0
        crowd = (place.population / 3.5e6) ** dense
        worth = min(20.0, max(0.05, stake / p.stake_reference)) ** p.stake_exponent
        return p.lethality * p.contest_on * 1000.0 ** (1.0 - dense) * worth / crowd

    def foes(self, plaza: Plaza) -> tuple[float, float]:
        """Strength that plaza faces here, in all and from relatives."""
        at_war = kin = 0.0
        known = {plaza.group}
        total = 0.0
        for rivalry in self.rivalries:
            if rivalry.place is not plaza.place or plaza.group not in (rivalry.a, rivalry.b):
                continue
            other = rivalry.other(plaza.group).plazas.get(plaza.place)
            if other is None:
                continue
            if not rivalry.war and rivalry.heat == 0.0:
                known.add(other.group)  # a pact: not even the background rivalry
                continue
            at_war += rivalry.heat * other.strength
            kin += rivalry.heat * other.strength if rivalry.kin_until > 0 else 0.0
        for other in plaza.place.roster:
            total += 0.0 if other.group in known else other.strength
        return self.p.background_rivalry * total + at_war, kin

    def fight(self, place: Place, outside: Outside, press: Press) -> float:
        """A week of killing in a place; organised deaths."""
        p = self.p
        burst, luck_others, luck_prey, luck_calm = self.chance.block("contest.place", self.week, place.key)
        pace = self.hazard(place, outside.stake[place.number]) * (1.0 - press.restraint) ** p.stake_exponent
        pace *= math.exp(p.overdispersion * normal(burst) - 0.5 * p.overdispersion**2) if len(place.roster) > 1 else 0.0
        turf = succession = 0.0
        for plaza in place.roster:
            n = plaza.members
            faced, kin = self.foes(plaza)
            exposed = max(n, 0.5) ** p.own_exponent
            mean = pace * exposed * faced / (1.0 + plaza.help)
            dead = min(count(min(mean, 0.15 * n), self.chance.block("plaza.people", self.week, plaza.key)[2]), n)
            plaza.losses += ((dead * WEEKS / n if n > 0.0 else 0.0) - plaza.losses) / MEMORY
            if dead == 0.0:
                continue
            plaza.members -= dead
            plaza.group.gone += dead
            related = 0.0
            if kin > 0.0:
                related = min(dead, math.floor(dead * kin / faced + self.chance.uniform("contest.kin", self.week, plaza.key)))
            turf, succession = turf + dead - related, succession + related
        others = count(p.bystanders * (turf + succession), luck_others)
        near = math.floor(others * succession / (turf + succession) + 0.5) if turf + succession > 0.0 else 0.0
        prey = self.prey(place, outside.taken[place.number], luck_prey)
        calm = p.background_rate * place.background * outside.trend * place.population * 1e-5 / WEEKS
        calm *= 1.0 + p.background_pull * press.retaliation * (1.0 - math.exp(-place.violence / 15.0))
        self.flow["member_deaths"] += turf + succession
        self.flow["homicides_turf"] += turf + others - near
        self.flow["homicides_succession"] += succession + near
        self.flow["homicides_predation"] += prey
        self.flow["homicides_background"] += count(calm, luck_calm)
        for rivalry in self.rivalries:
            if rivalry.place is place and 0 < rivalry.kin_until <= self.week:
                rivalry.kin_until = 0  # from next week on a war like any other
        return turf + succession + others + prey

    def prey(self, place: Place, taken: float, luck: float) -> float:
        """Bystanders killed per dollar taken, more by groups without a future."""
        armed = sum(plaza.members for plaza in place.roster)
        if armed <= 0.0:
            return 0.0
        hasty = sum(plaza.members * plaza.haste for plaza in place.roster) / armed
        return count(self.p.predation_lethality * taken * (1.0 + self.p.looting * hasty), luck)

    # losing a leader ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Group:
        return next(group for group in self.groups if group.name == name)

    def remove(self, name: str, mode: str) -> None:
        """A kingpin falls: cohesion, rout, heir, and whoever leaves."""
        group, p = self.named(name), self.p
        shock = p.cohesion_shock * (getattr(p, SOFTER[mode]) if mode in SOFTER else 1.0)
        shock *= 1.0 - p.prison_command if mode == "capture" else 1.0
        group.cohesion *= 1.0 - shock
        group.remembered += 1.0
        self.rout(group)
        seat = group.seat
        self.inherit_throne(group)
        self.weigh(group, 0.0, seat)

    def split(self, name: str) -> None:
        """A quarrel: loyalty is weighed though nobody fell."""
        group = self.named(name)
        self.weigh(group, self.p.quarrel_occasion, group.seat)

    def ahead(self, mine: Plaza, theirs: Plaza) -> float:
        """Strength of theirs over that of mine, whose leader just fell."""
        people = max(1.0, theirs.members) / max(1.0, mine.members)
        return people * theirs.group.each / (mine.group.each * (1.0 - self.p.vacancy_weakness))

    def rout(self, group: Group) -> None:
        """The likelier the stronger the strongest enemy, two fifths join him, two fifths go home, and that war ends."""
        for mine in group.held:
            wars = [war for war in self.rivalries if war.war and war.place is mine.place and group in (war.a, war.b)]
            enemies = [(war.other(group).plazas[war.place], war) for war in wars if war.place in war.other(group).plazas]
            enemies = [(theirs, war) for theirs, war in enemies if theirs.members > 0.0]
            if not enemies:
                continue
            theirs, war = min(enemies, key=lambda pair: (-self.ahead(mine, pair[0]), pair[0].group.key))
            odds = self.p.rout * self.ahead(mine, theirs) ** self.p.rout_sharpness
            if self.chance.uniform("leader.rout", self.week, lineage(group.key, war.place.key)) >= odds / (1.0 + odds):
                continue
            part = math.floor(0.4 * mine.members)
            self.bring_guns(group, theirs.group, part)
            self.move(mine, theirs, part)
            group.gone += part
            mine.members -= part
            group.members -= part
            war.place.pool += part
            self.rivalries.remove(war)

    def inherit_throne(self, group: Group) -> None:
        """Authority and kinship decide who follows; a close runner-up means weeks without a settled leader."""
        p, held = self.p, group.held
        weights = []
        for plaza in held:
            authority = self.chance.uniform("leader.authority", 0, plaza.lieutenant)
            weights.append(math.exp(p.heir_authority * authority + p.heir_kin * (plaza.faction == group.kingpin_faction)))
        reach = self.chance.uniform("succession.heir", self.week, group.key) * sum(weights)
        heir = next((plaza for plaza, top in zip(held, accumulate(weights), strict=True) if top > reach), held[-1])
        ranked = sorted(weights, reverse=True)
        contested = ranked[1] / ranked[0] if len(ranked) > 1 else 0.0
        group.seat, group.kingpin_faction, heir.since = heir.place, heir.faction, self.week
        wait = -p.interregnum * math.log(self.chance.uniform("succession.interregnum", self.week, group.key))
        group.vacancy = math.floor(wait * contested)

    # leaving -----------------------------------------------------------------------------------------------------------------

    def weigh(self, group: Group, occasion: float, hot: Place) -> None:
        for band in self.bands(group, occasion, hot):
            if sum(leaver.people for leaver in band) >= group.members:
                break
            if not self.defects(band):
                self.splinter(group, band)

    def bands(self, group: Group, occasion: float, hot: Place) -> list[list[Leaver]]:
        """Lieutenants of one faction whose plazas touch go together; cells inside plazas go alone."""
        p = self.p
        whole: list[Leaver] = []
        cells: list[list[Leaver]] = []
        heir = math.log(max(1.0, group.plazas[group.seat].members))
        for plaza in group.held:
            clan = self.clans.get(plaza.faction, name_key(plaza.faction))
            mood = normal(self.chance.uniform("succession.faction", self.week, lineage(group.key, clan)))
            own, stay, loyal, inside = self.chance.block("succession.leave", self.week, plaza.lieutenant)
            reasons = self.reasons(plaza, heir) + occasion
            shared = math.sqrt(p.faction_pull) * mood + math.sqrt(1.0 - p.faction_pull) * normal(own)
            if plaza.place is not group.seat and stay < logistic(reasons + shared):
                whole.append(Leaver(plaza, plaza.members - math.floor(plaza.members * 2.0 * p.loyal * loyal), True))
            elif plaza.members >= 2.0 * p.cell_minimum:
                extra = p.cell_base + (p.cell_seat if plaza.place is hot else 0.0)
                captain, size, _, _ = self.chance.block("succession.cell", self.week, plaza.lieutenant)
                if captain < logistic(reasons + extra + normal(inside)):
                    people = math.floor(max(p.cell_minimum, plaza.members * (0.1 + 0.4 * size)))
                    cells.append([Leaver(plaza, people, False)])
        return self.together(whole) + cells

    def reasons(self, plaza: Plaza, heir: float) -> float:
        """Log-odds of leaving: size against the heir's, cohesion, contest, and the rent of shared brokers."""
        p, group = self.p, plaza.group
        rent = group.traffic_income / (group.traffic_income + group.predation_income + 1.0) * group.access
        return (
            p.leave_base
            + p.leave_size * (math.log(max(1.0, plaza.members)) - heir)
            - p.leave_cohesion * (group.cohesion - 0.5)
            + p.leave_contested * (1.0 - plaza.place.sumsq)
            - p.leave_rent * rent
        )

    @staticmethod
    def together(leavers: list[Leaver]) -> list[list[Leaver]]:
        """Connected parts, where two leavers are joined if their faction is one and their places touch."""
        bands: list[list[Leaver]] = []
        for leaver in leavers:
            touched = [
                band for band in bands
                if any(other.plaza.faction == leaver.plaza.faction and other.plaza.place in leaver.plaza.place.near for other in band)
            ]  # fmt: skip
            bands = [band for band in bands if band not in touched] + [[leaver, *(other for band in touched for other in band)]]
        by_number = [sorted(band, key=lambda leaver: leaver.plaza.place.number) for band in bands]
        return sorted(by_number, key=lambda band: band[0].plaza.place.number)

    def defects(self, band: list[Leaver]) -> bool:
        """A lone lieutenant may change sides, to the largest rival there that is larger than his own men."""
        plaza, people, whole = band[0]
        if len(band) > 1 or not whole:
            return False
        rivals = [
            other for other in plaza.place.roster
            if other.group is not plaza.group and other.place in other.group.plazas and other.members > people
        ]  # fmt: skip
        if not rivals or self.chance.uniform("succession.defect", self.week, plaza.lieutenant) >= self.p.defect:
            return False
        host = max(rivals, key=lambda other: (other.members, int(other.key)))
        self.bring_guns(plaza.group, host.group, people)
        self.move(plaza, host, people)
        self.vacate(band[0])
        return True

    def splinter(self, parent: Group, band: list[Leaver]) -> None:
        """A new group: people and guns in proportion; brokers and allies choose; war or pact where the two still meet."""
        people = sum(leaver.people for leaver in band)
        share, first = people / parent.members, band[0].plaza.place
        parent.children += 1
        child = Group(
            self.p, lineage(parent.key, first.key, 2 * self.week + (not band[0].whole)), f"{parent.name}.{parent.children}",
            seat=first, cohesion=parent.cohesion, arms=0.0, access=0.0, pay=parent.pay, traffic_income=parent.traffic_income * share,
            predation_income=parent.predation_income * share, kingpin_faction="", each=parent.each,
        )  # fmt: skip
        self.groups.append(child)
        for leaver in band:
            origin = leaver.plaza
            faction = origin.faction if leaver.whole else child.name
            if not leaver.whole:
                self.clans[child.name] = int(lineage(child.key, 2))
            child.plazas[origin.place] = Plaza(child, origin.place, 0.0, faction, self.week, origin.appeal, 0.0, origin.help)
            self.move(origin, child.plazas[origin.place], leaver.people)
        guns = math.floor(parent.arms * share)
        parent.arms, child.arms = parent.arms - guns, guns
        parent.traffic_income *= 1.0 - share
        parent.predation_income *= 1.0 - share
        self.choose_brokers(parent, child, {leaver.plaza.place.number for leaver in band if leaver.whole}, share)
        self.choose_allies(parent, child)
        largest = max(band, key=lambda leaver: leaver.people).plaza.place
        child.seat, child.kingpin_faction = largest, child.plazas[largest].faction
        for leaver in band:
            place = leaver.plaza.place
            of_parent = [rivalry for rivalry in self.rivalries if rivalry.place is place and parent in (rivalry.a, rivalry.b)]
            self.rivalries += [replace(rivalry, a=rivalry.other(parent), b=child) for rivalry in of_parent]
            if self.vacate(leaver):
                self.rivalries = [rivalry for rivalry in self.rivalries if rivalry not in of_parent]
            elif self.chance.uniform("succession.kin_war", self.week, lineage(child.key, place.key)) < self.p.kin_war:
                self.rivalries.append(Rivalry(parent, child, place, war=True, kin_until=self.week + 52))
            else:
                self.rivalries.append(Rivalry(parent, child, place, war=False, heat=0.0))

    def choose_brokers(self, parent: Group, child: Group, places: set[int], share: float) -> None:
        """Each broker stays, follows or leaves the trade; those of a lieutenant who left are loyal to him."""
        p = self.p
        for broker in [broker for broker in self.brokers if broker.group is parent]:
            stay, leave, _, _ = self.chance.block("succession.broker", self.week, lineage(broker.key, child.key))
            if broker.place in places:
                goes, quits = stay >= 1.0 - p.broker_loyalty, False
            else:
                goes, quits = stay >= 1.0 - (1.0 - p.broker_loyalty) * min(1.0, 2.0 * share), leave < p.broker_leaves
            if goes:
                broker.group = None if quits else child

    def choose_allies(self, parent: Group, child: Group) -> None:
        """Each ally stays with the parent, goes with the child, or with neither, in both directions alike."""
        for tie in [tie for tie in self.ties if parent in (tie.helped, tie.helper)]:
            ally = tie.helper if tie.helped is parent else tie.helped
            stay, follow, _, _ = self.chance.block("succession.ally", self.week, lineage(ally.key, child.key))
            if stay < self.p.ally_loyalty:
                continue
            if follow >= 0.5:
                self.ties.remove(tie)
            elif tie.helped is parent:
                tie.helped = child
            else:
                tie.helper = child

    @staticmethod
    def bring_guns(loser: Group, winner: Group, people: float) -> None:
        guns = math.floor(loser.arms * min(1.0, people / max(1.0, loser.members)))
        loser.arms, winner.arms = loser.arms - guns, winner.arms + guns

    def move(self, origin: Plaza, target: Plaza, people: float) -> None:
        origin.members -= people
        origin.group.members -= people
        target.members += people
        target.group.members += people

    def vacate(self, leaver: Leaver) -> bool:
        """Whether nobody is left; else somebody takes over from the lieutenant who went."""
        plaza = leaver.plaza
        if plaza.members == 0.0:
            del plaza.group.plazas[plaza.place]
            return True
        if leaver.whole:
            plaza.since = self.week
        return False


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))
