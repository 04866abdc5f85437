"""The published model as a limit case: Prieto-Curiel, Campedelli & Hope (2023), by the code of this model.

One place, bilinear losses, national help, no leaders, no market, no predation, no splits: what is left is
dC_i = C_i [rho - eta / sum C - theta sum_j S_ij C_j - omega C_i] a week, S_ij = (rivalry_ij + 1) / (allies_i + 1). The paper solves it;
here whole people join, are arrested, die and leave by chance, and the mean over replicates is set against the published figures.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.catalogue.year import WEEKS
from sim.experiment.plan import replicate_seed
from sim.model.columns import Array
from sim.model.model import Cartelitos
from sim.model.worlds import CartelSeed, Members, Presence, World, load_world
from sim.scenario import Problem, ScenarioError
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.scenario import Scenario
from sim.scenario.worlds import EDGES, NODES

RHO, ETA, THETA, OMEGA, START = 2.527474e-3, 110.0, 1.549231e-8, 4.0e-8, 115_000.0
HEAVIEST = 1e6  # of ties; published ones have a weight of some 10 at most
DECADE, HORIZON = 520, 780  # weeks from 2012 to 2022 and to 2027
LIMIT = {
    "recruit_rate": RHO, "arrest_capacity": ETA, "lethality": THETA, "saturation": OMEGA,
    "own_exponent": 1.0, "foe_exponent": 1.0, "decisiveness": 1.0, "background_rivalry": 1.0, "help_national": 1.0, "at_risk": 1.0,
    "arrest_base": 1.0, "conviction_base": 1.0, "plaza_minimum": 1.0,
} | dict.fromkeys(
    (
        "pool_half", "pay_elasticity", "forced_share", "fear_death", "fear_prison", "grievance_pull", "arrest_half", "arrest_focus",
        "bribes", "stake_exponent", "cohesion_weight", "arms_weight", "vacancy_weakness", "overdispersion", "bystanders",
        "background_rate", "predation_lethality", "war_rate", "peace_rate", "alliance_rate", "rupture_rate", "move_rate", "desertion",
        "gap_desertion", "retirement", "absorption", "entry_rate", "exhaustion", "triad_rate", "truce_alliance",
        "rival_exposure", "move_disorder", "natural_exit", "quarrel_rate", "returning", "broker_search",
    ),
    0.0,
)  # fmt: skip


class Ties(NamedTuple):
    """Symmetric weights between groups, shape (N, N) each, and whose they are."""

    alliance: Array
    rivalry: Array
    published: bool


class Figure(NamedTuple):
    """One figure of the paper (or of the solver) beside ours."""

    quantity: str
    published: float
    ours: float
    tolerance: float
    ok: bool


class Arm(NamedTuple):
    """What changes in 2022: factors on recruitment and a number of arrests a week."""

    recruitment: float = 1.0
    arrests: float = ETA


def read_ties(folder: Path) -> Ties:
    """The published network, from the two files of the user's own download.

    Raises ScenarioError: a file is missing or is not what it should be.
    """
    file = folder / NODES
    try:
        with file.open(newline="", encoding="utf-8") as handle:
            nodes = [row["node"] for row in csv.DictReader(handle)]
        number = {node: i for i, node in enumerate(nodes)}
        if not 2 <= len(number) == len(nodes):
            raise ValueError("needs two nodes or more, each of them once")
        ties = {kind: np.zeros((len(number), len(number))) for kind in ("alliance", "rivalry")}
        file = folder / EDGES
        with file.open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                a, b = number[row["a"]], number[row["b"]]
                weight = float(row["weight"])
                if a == b or not 0.0 <= weight <= HEAVIEST:
                    said = f"{row['a']}, {row['b']}, {row['weight']}"
                    raise ValueError(f"a tie joins two nodes with a weight from 0 to {HEAVIEST:g}, not {said}")
                ties[row["kind"]][a, b] = ties[row["kind"]][b, a] = weight
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        hint = f"--ties takes a folder that holds {NODES} and {EDGES}"
        raise ScenarioError([Problem(str(file), None, "", f"cannot be read: {error!r}", hint)]) from error
    return Ties(ties["alliance"], ties["rivalry"], published=True)


def synthetic_ties() -> Ties:
    """The network of world mexico-2020: as many groups, dyads and strengths as published."""
    world = load_world("mexico-2020", {}, scenario_folder() / WORLDS)
    ties = {kind: np.zeros((len(world.cartels), len(world.cartels))) for kind in ("alliance", "rivalry")}
    for (a, b, kind), weight in zip(world.ties, world.tie_weights, strict=True):
        ties[kind][a, b] = ties[kind][b, a] = weight
    return Ties(ties["alliance"], ties["rivalry"], published=False)


def matrix(ties: Ties) -> Array:
    """S_ij = (rivalry_ij + 1) / (allies_i + 1), 0 on the diagonal."""
    s: Array = (ties.rivalry + 1.0) / (ties.alliance.sum(axis=1)[:, None] + 1.0)
    np.fill_diagonal(s, 0.0)
    return s


def sizes(ties: Ties) -> Array:
    """Members in 2012: Zipf(-1) over groups ordered by the strength of all their ties."""
    order = np.argsort(-(ties.alliance + ties.rivalry).sum(axis=1), kind="stable")
    c = np.empty(len(order))
    c[order] = 1.0 / np.arange(1, len(order) + 1)
    return np.asarray(c / c.sum() * START)


def solve(ties: Ties, arm: Arm, weeks: int) -> Array:
    """The equations, by weekly steps: sizes after `weeks`, the arm at work from 2022 on."""
    c, s = sizes(ties), matrix(ties)
    for week in range(weeks):
        factor, eta = (1.0, ETA) if week < DECADE else arm
        c = c + c * (factor * RHO - eta / c.sum() - THETA * (s @ c) - OMEGA * c)
    return c


def deaths(ties: Ties, c: Array) -> float:
    """Members killed a week at given sizes."""
    return float(THETA * c @ matrix(ties) @ c)


def limit_world(ties: Ties) -> World:
    """One place at the reference population, everybody in it."""
    one, start = load_world("grid", {"rows": 1, "columns": 1, "cartels": 1}, scenario_folder() / WORLDS), sizes(ties)
    names = [f"g{i:03d}" for i in range(len(start))]
    return replace(
        one, population=np.array([3.5e6]), young_men=np.array([1e8]), members=Members(START, START, START), ties=(),
        cartels=tuple(CartelSeed(name, name, 0, size / START, 0, 0, 0) for name, size in zip(names, start, strict=True)),
        presence=tuple(Presence(i, 0, "present", names[i], size / START) for i, size in enumerate(start)),
    )  # fmt: skip


def run(ties: Ties, arms: list[Arm], seed: int) -> tuple[Array, list[Array]]:
    """Sizes in 2022, and in 2027 under every arm, of one replicate."""
    decade, ends = np.empty(0), []
    for arm in arms:
        model = limit_model(ties, seed)
        for week in range(HORIZON):
            if week == DECADE:
                decade = members(model)
                model.state.p.recruit_rate *= arm.recruitment
                model.state.p.arrest_capacity = arm.arrests
            model.step()
        model.state.close_ledger()
        ends.append(members(model))
        model.release()
    return decade, ends


def limit_model(ties: Ties, seed: int) -> Cartelitos:
    """The model in the limit: published ties as wars of fixed heat and help of fixed weight."""
    scenario = Scenario("limit", "limit", "", "grid", date(2012, 1, 1), (HORIZON + 0.5) / WEEKS, parameters=LIMIT, worlds="fitted")
    model = Cartelitos(scenario, rng=seed, world=limit_world(ties))
    c = model.state.country
    c.territory.population[:] = 3.5e6
    wars, help_ = np.argwhere(np.triu(ties.rivalry) > 0), np.argwhere(ties.alliance > 0)
    for row, (a, b) in enumerate(wars):
        c.pair.a[row], c.pair.b[row] = a, b
        c.pair.open[row] = c.pair.heat[row] = ties.rivalry[a, b]
    for row, (a, b) in enumerate(help_):
        c.tie.a[row], c.tie.b[row], c.tie.weight[row] = a, b, ties.alliance[a, b]
    c.count.pairs, c.count.ties, c.count.unlinked = len(wars), len(help_), 1
    return model


def members(model: Cartelitos) -> Array:
    """Members of every group, 0 for those that ended."""
    c, n = model.state.country, np.zeros(len(model.world.cartels))
    for i in range(int(c.count.plazas)):
        n[int(c.plaza.cartel[i])] = c.plaza.members[i]
    return n


BASE, HALVED, DOUBLED, BOTH = Arm(), Arm(0.5), Arm(1.0, 2 * ETA), Arm(0.5, 2 * ETA)
DOSES = [Arm(f) for f in (0.0, 0.25, 0.75)] + [Arm(1.0, eta) for eta in (0.0, 165.0, 330.0, 440.0, 550.0)]
PUBLISHED = {  # 2027 against 2022: size and deaths, %
    BASE: (23.0, 36.3), HALVED: (-9.9, -25.8), DOUBLED: (5.9, 1.7), BOTH: (-25.2, -48.5),
}  # fmt: skip
PUBLISHED_DOSES = dict(zip(DOSES, (48.8, 67.3, 125.5, 216.8, 147.3, 88.5, 56.3, 30.5), strict=True))
NAMES = {BASE: "baseline", HALVED: "recruitment halved", DOUBLED: "arrests doubled", BOTH: "both"}


def reproduce(ties: Ties, replicates: int = 20, seed: int = 1) -> list[Figure]:
    """Figures of the paper beside the mean of ours; beside the solver's where the network is synthetic."""
    arms = [*PUBLISHED, *DOSES]
    runs = [run(ties, arms, replicate_seed(seed, r)) for r in range(replicates)]
    then = np.mean([decade for decade, _ in runs], axis=0)
    size = {arm: float(np.mean([ends[i].sum() for _, ends in runs])) for i, arm in enumerate(arms)}
    dead = {arm: float(np.mean([deaths(ties, ends[i]) for _, ends in runs])) for i, arm in enumerate(arms)}
    size_then, dead_then = float(then.sum()), float(np.mean([deaths(ties, decade) for decade, _ in runs]))
    target = _targets(ties)
    figures = [_figure("members, 2022", target[0], size_then, 0.001 * target[0])]
    figures += [_figure("members killed a week, 2022", target[1], dead_then, 0.005 * target[1])]
    for arm, (size_change, dead_change) in target[2].items():
        figures += [_figure(f"members 2027 against 2022, %: {NAMES[arm]}", size_change, 100 * (size[arm] / size_then - 1), 0.5)]
        figures += [_figure(f"killed 2027 against 2022, %: {NAMES[arm]}", dead_change, 100 * (dead[arm] / dead_then - 1), 1.0)]
    for arm, killed in target[3].items():
        what = f"recruitment x {arm.recruitment:g}" if arm.arrests == ETA else f"{arm.arrests:g} arrests a week"
        figures += [_figure(f"killed a week, 2027: {what}", killed, dead[arm], 0.01 * killed)]
    return figures


def _figure(quantity: str, published: float, ours: float, tolerance: float) -> Figure:
    return Figure(quantity, published, ours, tolerance, abs(ours - published) <= tolerance)


def _targets(ties: Ties) -> tuple[float, float, dict[Arm, tuple[float, float]], dict[Arm, float]]:
    if ties.published:
        return 173_837.0, 124.3, PUBLISHED, PUBLISHED_DOSES
    then = solve(ties, BASE, DECADE)
    ends = {arm: solve(ties, arm, HORIZON) for arm in (*PUBLISHED, *DOSES)}
    dead = deaths(ties, then)
    changes = {arm: (100 * (ends[arm].sum() / then.sum() - 1), 100 * (deaths(ties, ends[arm]) / dead - 1)) for arm in PUBLISHED}
    return float(then.sum()), dead, changes, {arm: deaths(ties, ends[arm]) for arm in DOSES}
