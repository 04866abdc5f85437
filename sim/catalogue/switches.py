"""Every mechanism's off position: the parameter values at which it no longer answers, and the channel it belongs to.

Off is where the mechanism has no *response* left, not where a plausible world lies, so a value may leave the parameter's plausible
range: nobody leaves a cartel at log-odds of -40. Where a mechanism has a level as well, that stays near where it was, so that switching
it off asks for the response alone. A few switches stop a process altogether; they are in no channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.catalogue.parameters import PARAMETERS

NEVER, AT_ONCE = 1e9, 1e6  # a time so long, or a yearly rate so high, that nothing or everything happens


@dataclass(frozen=True)
class Channel:
    """A group of mechanisms through which a policy can come to matter."""

    name: str  # short
    title: str  # in English, at most 32 characters
    titulo: str  # in Spanish, likewise
    meaning: str  # what is gone when the channel is off


@dataclass(frozen=True)
class Switch:
    """One mechanism, or one response of a mechanism."""

    name: str  # short
    channel: str  # name of a channel; empty = a process that no decomposition switches off
    off: Mapping[str, float]  # parameter values at which it does not answer
    meaning: str  # what is gone when it is off
    stays: str = ""  # why it is kept although the ablation of the library finds nothing that hangs on it

    @property
    def mechanism(self) -> str:
        """The submodel of its first parameter."""
        return PARAMETERS[next(iter(self.off))].mechanism


# fmt: off
_CHANNELS = (
    Channel("succession", "Succession and splintering", "Sucesión y fragmentación",
            "Whoever falls, the heir takes over everything; nobody leaves, no cell breaks away."),
    Channel("rout", "Collapse of the weaker side", "Colapso del bando débil",
            "The weaker side of a war fights on when its kingpin falls."),
    Channel("war", "War and peace", "Guerra y paz",
            "Wars break out and end whoever leads, however many groups there are and whatever they lost; nobody allies."),
    Channel("stakes", "Stakes", "Botín",
            "A place's income does not heat its fights."),
    Channel("strength", "Fighting strength", "Fuerza de combate",
            "A group fights as well without guns, cohesion or a leader."),
    Channel("predation", "Brokers and predation", "Enlaces y depredación",
            "Time stays with the trade it began in, trades do not spread, links hold, a short future or missing pay changes nothing."),
    Channel("market", "Prices and routes", "Precios y rutas",
            "The US price stays where it was, use does not answer it, routes do not adapt to seizures."),
    Channel("recruitment", "Recruitment and grievance", "Reclutamiento y agravio",
            "Pay, risk, harm done by force, and an empty pool do not change how many join."),
    Channel("force", "Clashes with the state", "Choques con el Estado",
            "Deployed force does not clash, failed attempts kill nobody, arrests and attempts do not follow size and violence."),
    Channel("impunity", "Protection and impunity", "Protección e impunidad",
            "Nothing is bought, integrity stays what it was, impunity kills nobody, released members do not return."),
    Channel("movement", "Movement and entry", "Movimiento y entrada",
            "Nobody moves into other places, no gang is founded, no weak plaza is absorbed."),
    Channel("spread", "Spread of violence", "Contagio de la violencia",
            "Neither organised violence nor guns raise the homicides around them."),
)

_SWITCHES = (
    Switch("leaving", "succession", {"leave_base": -40.0}, "lieutenants and cells leave after a succession or a quarrel"),
    Switch("cells", "succession", {"cell_minimum": NEVER}, "cells inside a plaza leave"),
    Switch("cohesion shock", "succession", {"cohesion_shock": 0.0}, "a fallen leader costs cohesion"),
    Switch("factions", "succession", {"faction_pull": 0.0}, "a faction decides together",
           stays="Wings of one house would leave one by one, where the Beltrán Leyva and the Zetas left whole; "
                 "that the nation hardly feels it is a finding."),
    Switch("loyal rest", "succession", {"loyal": 0.0}, "part of a leaving plaza stays with the heir"),
    Switch("defection", "succession", {"defect": 0.0}, "a lone leaver may join a rival",
           stays="Without it every lieutenant who leaves founds a group of his own; that the nation does not depend on it is a finding."),
    Switch("interregnum", "succession", {"interregnum": 0.0}, "a contested succession leaves the chair empty for weeks"),
    Switch("choice of heir", "succession", {"heir_authority": 0.0, "heir_kin": 0.0}, "authority and kinship decide who inherits"),
    Switch("command from prison", "succession", {"prison_command": 0.0}, "a captive kingpin rules on until extradited or forgotten"),
    Switch("heirs' wars", "succession", {"kin_war": 0.0}, "heirs in one place may fight"),
    Switch("quarrels", "succession", {"quarrel_rate": 0.0}, "groups quarrel although nobody fell"),
    Switch("allies' choice", "succession", {"ally_loyalty": 1.0}, "allies choose an heir or leave"),
    Switch("rout", "rout", {"rout": 0.0}, "the weaker side of a war collapses when its kingpin falls"),
    Switch("pact rule", "war", {"pact_steepness": 0.0}, "pacts break where groups are many or leaders short-lived"),
    Switch("shorter horizons", "war", {"leader_loss_weight": 0.0}, "lost leaders cost patience"),
    Switch("grudges", "war", {"grudge": 0.0}, "old rivals draw attacks"),
    Switch("kin restraint", "war", {"kin_restraint": 1.0}, "relatives at peace are spared"),
    Switch("alliances", "war", {"alliance_rate": 0.0, "truce_alliance": 0.0, "rupture_rate": AT_ONCE}, "groups ally, and allies help"),
    Switch("allies join", "war", {"triad_rate": 0.0}, "an ally who is present joins a war",
           stays="Without it an alliance never widens a war, against the balance theory that the rule rests on (cartwright1956)."),
    Switch("exhaustion", "war", {"exhaustion": 0.0}, "losses wear wars out"),
    Switch("disorder of a fall", "war", {"disorder": 0.0}, "pacts hold worse where a kingpin has just fallen"),
    Switch("concert of governments", "war", {"concert": 0.0}, "governments of one party in state and nation keep pacts"),
    Switch("rivals who kill", "war", {"rival_exposure": 0.0}, "kingpins fall to rivals where they fight"),
    Switch("stakes", "stakes", {"stake_exponent": 0.0}, "income at stake heats a fight"),
    Switch("cohesion in strength", "strength", {"cohesion_weight": 0.0}, "cohesion makes a group stronger"),
    Switch("guns in strength", "strength", {"arms_weight": 0.0}, "guns make a group stronger"),
    Switch("weakness of a vacancy", "strength", {"vacancy_weakness": 0.0}, "a group without a leader is weaker"),
    Switch("effort", "predation", {"effort_inertia": 0.0}, "members move to the sector that pays"),
    Switch("looting", "predation", {"looting": 0.0}, "a group without a future takes more"),
    Switch("short tenures", "predation", {"tenure_fear": 0.0}, "lost leaders shorten a group's future"),
    Switch("looted economies", "predation", {"looting_damage": 0.0}, "looting destroys what can be taken"),
    Switch("know-how", "predation", {"learning": 0.0}, "predatory trades spread where groups meet"),
    Switch("brokers' choice", "predation", {"broker_split": 0.0}, "each broker chooses one heir or leaves"),
    Switch("brokers' turnover", "predation", {"broker_decay": 0.0, "broker_search": 0.0}, "links break in peace time and new ones are won"),
    Switch("answer to sanctions", "predation", {"broker_adaptation": 0.0}, "links cut by sanctions are replaced",
           stays="Without it a link that was cut stays cut, and sanctions would look better than they are."),
    Switch("missing pay", "predation", {"gap_desertion": 0.0, "gap_cohesion": 0.0}, "unpaid members leave, unpaid groups fall apart"),
    Switch("price", "market", {"price_lag": NEVER}, "the US price pays for risk"),
    Switch("use and price", "market", {"demand_elasticity": 0.0}, "use answers the price"),
    Switch("routes", "market", {"route_adaptation": 0.0}, "routes adapt to seizures"),
    Switch("resistance to naloxone", "market", {"synthetic_resistance": 0.0}, "synthetics blunt naloxone",
           stays="Without it kits would save as many where every dose is synthetic, which their makers do not claim."),
    Switch("pay and joining", "recruitment", {"pay_elasticity": 0.0}, "pay over the legal wage draws recruits"),
    Switch("fear", "recruitment", {"fear_death": 0.0, "fear_prison": 0.0}, "risks of death and prison deter recruits"),
    Switch("grievance", "recruitment", {"grievance_pull": 0.0}, "harm done by force draws recruits"),
    Switch("forced recruits", "recruitment", {"forced_share": 0.0}, "people are taken by force where control is contested"),
    Switch("finite pool", "recruitment", {"pool_half": 0.0}, "an emptier pool yields fewer recruits"),
    Switch("clashes", "force", {"confrontations": 0.0}, "deployed force clashes with members"),
    Switch("deaths of failed attempts", "force", {"failed_deaths": 0.0}, "attempts that fail kill",
           stays="Attempts that fail would cost nobody's life, and a lever that tries more would look safer than it is."),
    Switch("focus of arrests", "force", {"arrest_focus": 0.0}, "arrests follow force and violence"),
    Switch("local force", "force", {"attempt_force": 0.0}, "attempts fail where a group is strong"),
    Switch("aim", "force", {"aim_size": 0.0}, "attempts follow a group's size"),
    Switch("protection", "impunity", {"bribe_half": 1e12}, "bribes buy protection"),
    Switch("integrity", "impunity", {"integrity_memory": 0.02, "integrity_erosion": 0.0, "officials_erosion": 0.0},
           "integrity erodes and recovers"),
    Switch("impunity and homicide", "impunity", {"impunity_pull": 0.0}, "impunity raises other homicides",
           stays="Levers on prosecution act on homicides outside organised crime through nothing else."),
    Switch("return from prison", "impunity", {"returning": 0.0}, "released members go back"),
    Switch("moves", "movement", {"move_rate": 0.0}, "members move across borders"),
    Switch("newcomers", "movement", {"move_disorder": 0.0}, "places where a kingpin has just fallen draw members of others"),
    Switch("entry", "movement", {"entry_rate": 0.0}, "new gangs are founded"),
    Switch("absorption", "movement", {"absorption": 0.0}, "weak plazas are absorbed"),
    Switch("war on newcomers", "movement", {"encroach_war": 0.0}, "newcomers may be met with war"),
    Switch("spread", "spread", {"background_pull": 0.0}, "organised violence raises the homicides around it"),
    Switch("guns and homicide", "spread", {"arms_pull": 0.0}, "southbound guns raise other homicides",
           stays="The lever `arms_control` acts on homicides outside organised crime through nothing else."),
    Switch("fighting", "", {"contest_on": 0.0}, "groups fight over places"),
    Switch("open wars", "", {"war_rate": 0.0, "encroach_war": 0.0, "kin_war": 0.0}, "new wars begin"),
    Switch("bystanders", "", {"bystanders": 0.0}, "others die in turf fights"),
    Switch("overdispersion", "", {"overdispersion": 0.0}, "fighting comes in bursts"),
    Switch("killing in predation", "", {"predation_lethality": 0.0}, "predation kills"),
    Switch("lieutenants", "", {"lieutenant_rate": 0.0}, "lieutenants are removed too"),
    Switch("natural ends", "", {"natural_exit": 0.0}, "kingpins die or retire"),
    Switch("outside revenue", "", {"revenue_clock": 0.0}, "revenue follows the outside series"),
    Switch("reform of justice", "", {"custody_clock": 0.0}, "fewer of those arrested are held once justice is reformed"),
    Switch("local market", "", {"local_growth": 0.0}, "the Mexican drug market grows"),
    Switch("saturation", "", {"saturation": 0.0}, "large groups squeeze members out"),
    Switch("desertion", "", {"desertion": 0.0}, "paid members leave"),
)
# fmt: on

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in _CHANNELS}
SWITCHES: dict[str, Switch] = {switch.name: switch for switch in _SWITCHES}


def off(channels: Iterable[str]) -> dict[str, float]:
    """Parameter values at which the named channels are off."""
    wanted = {*channels}
    return {name: value for switch in SWITCHES.values() if switch.channel in wanted for name, value in switch.off.items()}
