"""Small countries for theory: one place or many equal ones, whose groups are given one by one, and what to read off them."""

import math
from dataclasses import replace

import numpy as np

from sim.model.mechanisms import contest
from sim.model.mechanisms.income import strength
from sim.model.model import Cartelitos
from sim.model.plazas import sort_plazas
from sim.model.worlds import World, load_world
from sim.scenario.read import WORLDS, scenario_folder

QUIET = dict.fromkeys(
    (
        "arrest_base", "desertion", "retirement", "gap_desertion", "saturation", "plaza_minimum", "move_rate", "absorption", "entry_rate",
        "natural_exit", "quarrel_rate", "broker_decay", "broker_search", "war_rate", "peace_rate", "alliance_rate", "rupture_rate",
        "recruit_rate", "contest_on", "prison_fading", "exhaustion", "triad_rate", "truce_alliance", "rival_exposure",
    ),
    0.0,
)  # fmt: skip
"""Nothing happens: parameters under which members neither come nor go and nobody decides anything."""


def country(rows: int, columns: int, holdings: list[dict[int, float]], members: int, **seed: int) -> World:
    """A grid whose cartel i holds the given places, with the given shares of all members; all shares should add to 1."""
    grid = load_world("grid", {"rows": rows, "columns": columns, "cartels": 1}, scenario_folder() / WORLDS)
    first, plaza = grid.cartels[0], grid.presence[0]
    sizes = [sum(shares.values()) for shares in holdings]
    return replace(
        grid,
        cartels=tuple(
            first._replace(id=f"g{i}", base=max(shares, key=shares.__getitem__), strength=size, **seed)
            for i, (shares, size) in enumerate(zip(holdings, sizes, strict=True))
        ),
        presence=tuple(
            plaza._replace(cartel=i, territory=k, faction=f"g{i}", share=share)
            for i, shares in enumerate(holdings)
            for k, share in shares.items()
        ),
        members=grid.members._replace(low=members, mid=members, high=members),
    )


def crowd(*sizes: int) -> World:
    """Groups of the given sizes in one place."""
    total = sum(sizes)
    return country(1, 1, [{0: size / total} for size in sizes], total)


def rivals(world: World) -> World:
    """Everybody at war with everybody."""
    n = len(world.cartels)
    pairs = tuple((a, b, "rivalry") for a in range(n) for b in range(a + 1, n))
    return replace(world, ties=pairs, tie_weights=np.ones(len(pairs)))


scale = getattr(contest.scale, "py_func", contest.scale)  # in Python; with NUMBA_DISABLE_JIT everything is


def expected_losses(model: Cartelitos) -> list[float]:
    """Members whom the loss hazard of this very week would kill, by cartel."""
    c, p = model.state.country, model.state.p
    if c.count.stale:
        sort_plazas(c)
    for step in (strength, contest.control, contest.assistance, contest.hostility):
        step(c)
    dead = [0.0] * int(c.count.cartels)
    for i in range(int(c.count.plazas)):
        k = int(c.plaza.territory[i])
        rivals = p.background_rivalry * (c.territory.strength[k] - c.plaza.strength[i] - c.plaza.spared[i])
        faced = rivals + c.plaza.foes[i]
        fight = p.lethality * math.exp(scale(c.territory, p, k))
        dead[int(c.plaza.cartel[i])] += fight * c.plaza.exposed[i] * faced / (1.0 + c.plaza.help[i])
    return dead
