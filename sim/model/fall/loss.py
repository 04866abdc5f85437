"""A leader is lost: how, what it costs, and what it sets off."""

from __future__ import annotations

from sim.model.chance import decision
from sim.model.columns import CAUSE, KIND, NOBODY, Country, Word
from sim.model.compile.compiled import compiled, inner
from sim.model.fall.groups import lieutenant_key
from sim.model.fall.leaving import weigh_loyalty
from sim.model.fall.rout import rout
from sim.model.fall.succession import promote, succeed
from sim.model.mechanisms.leadership import SUCCESS
from sim.model.tables import draw, tell

MODE = decision("leader.mode")


@inner
def attempt(c: Country, j: int, place: int, size: float) -> None:
    """The state moved against a kingpin."""
    if size == SUCCESS:
        remove_kingpin(c, j, mode_of(c, c.cartel_key[j]))
    else:
        repelled(c, j, place, size)


@compiled
def remove_kingpin(c: Country, j: int, mode: int) -> None:
    """A kingpin is captured, killed, extradited, or surrenders."""
    c.flow.removals += 1.0
    if mode == CAUSE.extradition:
        c.flow.extraditions += 1.0
    tell(c, KIND.removal, j, NOBODY, c.cartel.seat[j], c.cartel.members[j], mode)
    lose_kingpin(c, j, mode)


@inner
def die(c: Country, j: int, mode: int, cause: int) -> None:
    """A kingpin dies in bed, or rivals kill him."""
    tell(c, KIND.death, j, NOBODY, NOBODY, 0.0, cause)
    lose_kingpin(c, j, mode)


@inner
def lose_kingpin(c: Country, j: int, mode: int) -> None:
    """The kingpin is gone: cohesion, patience and the order of his place suffer, then the succession; a captive rules on for a while."""
    p, seat = c.p, c.cartel.seat[j]
    shock = p.cohesion_shock
    if mode in (CAUSE.capture, CAUSE.extradition):
        shock *= p.capture_shock
    if mode == CAUSE.capture:
        shock *= 1.0 - p.prison_command
        c.cartel.captive[j] = 1
    if mode in (CAUSE.surrender, CAUSE.natural):
        shock *= p.surrender_shock
    shake(c, j, shock, 0.0 if mode == CAUSE.natural else 1.0)
    if mode != CAUSE.natural:
        c.territory.disorder[seat] = 1.0
        rout(c, j)
    succeed(c, j, mode, seat)


@inner
def shake(c: Country, j: int, shock: float, loss: float) -> None:
    """Lower cohesion by a share of itself and remember the loss of a leader."""
    c.cartel.cohesion[j] *= 1.0 - shock
    c.cartel.losses[j] += loss


@inner
def attempt_lieutenant(c: Country, j: int, place: int, size: float) -> None:
    """The state moved against a lieutenant: if he falls, a smaller shock, and his plaza may go its own way."""
    if size != SUCCESS:
        repelled(c, j, place, size)
    elif c.at[j, place] >= 0:
        remove_lieutenant(c, j, place, mode_of(c, lieutenant_key(c, j, place)))


@compiled
def remove_lieutenant(c: Country, j: int, place: int, mode: int) -> None:
    """A lieutenant is captured, killed, extradited, or surrenders."""
    c.flow.removals += 1.0
    people = c.plaza.members[c.at[j, place]]
    tell(c, KIND.removal, j, NOBODY, place, people, mode + CAUSE.lieutenant_capture - CAUSE.capture)
    part = 1.0 / max(1.0, c.cartel.plazas[j])
    shake(c, j, c.p.lieutenant_shock * c.p.cohesion_shock * part, part)
    promote(c, j, place)
    weigh_loyalty(c, j, CAUSE.lieutenant, place)


@inner
def repelled(c: Country, j: int, place: int, dead: float) -> None:
    """Local force beat an attempt back."""
    c.flow.removals_failed += 1.0
    tell(c, KIND.removal_failed, j, NOBODY, place, dead, CAUSE.none)


@inner
def mode_of(c: Country, key: Word) -> int:
    """How a removal happens: as a lever insists, or by the usual mix."""
    p, effort = c.p, 1e-9
    for zone in range(len(c.push)):
        effort = max(effort, c.push[zone].kingpin_attempts)
    u, v, _, _ = draw(c, MODE, key)
    for lever in range(c.modes.size):
        v -= c.insisting[c.now.week, lever] / effort
        if v < 0.0:
            return int(c.modes[lever])
    if u < p.killed_share:
        return CAUSE.killing
    return CAUSE.surrender if u < p.killed_share + p.surrender_share else CAUSE.capture


@inner
def end_prison_command(c: Country, j: int, extradited: bool) -> None:
    """A captive kingpin stops ruling from prison: the rest of the shock arrives, and loyalty is weighed."""
    p = c.p
    c.cartel.captive[j] = 0
    shake(c, j, p.cohesion_shock * p.capture_shock * p.prison_command, p.command_loss)
    if extradited:
        c.flow.extraditions += 1.0
        tell(c, KIND.extradition, j, NOBODY, NOBODY, 0.0, CAUSE.none)
    weigh_loyalty(c, j, CAUSE.extradition if extradited else CAUSE.prison, NOBODY)


@compiled
def quarrel(c: Country, j: int) -> None:
    """Nobody fell, yet loyalty is weighed (Gulf and Zetas, 2010)."""
    weigh_loyalty(c, j, CAUSE.quarrel, c.cartel.seat[j])
