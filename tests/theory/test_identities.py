"""Identities of the contest: splitting, cutting, attrition, and those who meet nobody."""

import math
from dataclasses import replace

import numpy as np
import pytest
from cases import scenario
from places import expected_losses

from sim.experiment.published import deaths, limit_model, sizes, synthetic_ties
from sim.model.chance import lineage
from sim.model.columns import CAUSE
from sim.model.fall.groups import found
from sim.model.model import Cartelitos
from sim.model.plazas import move_people, plaza_at
from sim.model.relations import add_tie, make_pact
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder


def test_the_hazard_is_the_published_one_in_the_limit() -> None:
    ties = synthetic_ties()
    model = limit_model(ties, 1)
    whole = np.round(sizes(ties))
    assert sum(expected_losses(model)) == pytest.approx(deaths(ties, whole), rel=1e-4)


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_splitting_alone_changes_no_deaths(share: float) -> None:
    """Identity 2: heirs who inherit all ties, live in peace, and count once in their neighbours' help."""
    ties = synthetic_ties()
    model = limit_model(ties, 1)
    before = sum(expected_losses(model))
    state, hub = model.state, int(np.argmax(ties.alliance.sum(axis=1) + ties.rivalry.sum(axis=1)))
    state.make_room()
    c = state.country
    child = found(c, lineage(c.cartel_key[hub], 7), 0, hub, CAUSE.quarrel)
    origin = int(c.at[hub, 0])
    people = math.floor(c.plaza.members[origin] * share)
    move_people(c, origin, plaza_at(c, child, 0, origin), people)
    c.cartel.might[child], c.cartel.grip[child] = c.cartel.might[hub], c.cartel.grip[hub]
    for row in range(int(c.count.ties)):
        if c.tie.a[row] == hub:
            add_tie(c, child, int(c.tie.b[row]), c.tie.weight[row])
        elif c.tie.b[row] == hub:
            add_tie(c, int(c.tie.a[row]), child, c.tie.weight[row] * share)
            c.tie.weight[row] *= 1.0 - share
    for row in range(int(c.count.pairs)):
        if hub in (c.pair.a[row], c.pair.b[row]):
            new = int(c.count.pairs)
            c.pair[new] = c.pair[row]
            (c.pair.a if c.pair.a[row] == hub else c.pair.b)[new] = child
            c.count.pairs = new + 1
    make_pact(c, hub, child, 0)
    assert sum(expected_losses(model)) == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize("foes", [0.3, 0.42, 1.0])
def test_cutting_a_homogeneous_country_changes_no_totals(foes: float) -> None:
    """Identity 7: every group everywhere, in 1, 4 or 16 pieces."""
    totals = []
    for side in (1, 2, 4):
        places = side * side
        grid = load_world("grid", {"rows": side, "columns": side, "cartels": 1}, scenario_folder() / WORLDS)
        seed = grid.cartels[0]
        names = ("a", "b", "c")
        world = replace(
            grid,
            population=np.full(places, 1.6e7 / places),
            cartels=tuple(seed._replace(id=name, base=0, strength=1 / 3) for name in names),
            presence=tuple(grid.presence[0]._replace(cartel=i, territory=k, share=1 / 3 / places) for i in range(3) for k in range(places)),
            members=grid.members._replace(low=48_000, mid=48_000, high=48_000),
        )
        model = Cartelitos(scenario(world="grid", years=1, parameters={"foe_exponent": foes}), rng=1, world=world)
        totals.append(sum(expected_losses(model)))
    assert totals == pytest.approx([totals[0]] * 3, rel=1e-6)  # guns are whole


@pytest.mark.parametrize(("p", "r"), [(1.0, 1.0), (0.0, 1.0), (0.6, 0.55)])
def test_two_groups_follow_the_chosen_attrition_law(p: float, r: float) -> None:
    """Losses of one over losses of the other = (n1/n2)^p (n2/n1)^r."""
    grid = load_world("grid", {"rows": 1, "columns": 1, "cartels": 1}, scenario_folder() / WORLDS)
    world = replace(
        grid,
        cartels=tuple(grid.cartels[0]._replace(id=name, strength=0.5) for name in "ab"),
        presence=tuple(grid.presence[0]._replace(cartel=i, share=share) for i, share in enumerate((0.8, 0.2))),
    )
    law = {"own_exponent": p, "foe_exponent": r, "arms_weight": 0.0}
    model = Cartelitos(scenario(world="grid", years=1, parameters=law), rng=1, world=world)
    expected_losses(model)
    c = model.state.country
    one, two = (int(c.at[j, 0]) for j in (0, 1))
    loss = [c.plaza.exposed[i] * c.plaza.strength[j] for i, j in ((one, two), (two, one))]
    ratio = c.plaza.members[one] / c.plaza.members[two]
    assert loss[0] / loss[1] == pytest.approx(ratio**p / ratio**r, rel=1e-9)


def test_who_meets_nobody_changes_nobody() -> None:
    """Identity 5: without arrests, shared trafficking, shared know-how and removals, a bystander leaves every other history as it was."""
    alone = {
        "arrest_base": 0.0, "revenue_us": 0.0, "move_rate": 0.0, "entry_rate": 0.0, "natural_exit": 0.0, "saturation": 0.0,
        "learning": 0.0,
    }  # fmt: skip
    grid = load_world("grid", {"rows": 1, "columns": 4, "cartels": 1}, scenario_folder() / WORLDS)
    seed, plaza = grid.cartels[0], grid.presence[0]
    everybody = replace(
        grid,
        cartels=tuple(seed._replace(id=name, base=k) for name, k in (("a", 0), ("b", 0), ("bystander", 3))),
        presence=tuple(plaza._replace(cartel=i, territory=k, share=0.25) for i, k in ((0, 0), (1, 0), (2, 3))),
    )
    without = replace(everybody, cartels=everybody.cartels[:2], presence=everybody.presence[:2])
    histories = []
    for world in (everybody, without):
        model = Cartelitos(scenario(world="grid", years=4, parameters=alone), rng=5, world=world)
        weeks = []
        while model.running:
            model.step()
            weeks.append(tuple(float(model.state.country.cartel.members[j]) for j in (0, 1)))
        histories.append(weeks)
    assert histories[0] == histories[1]
    assert len(set(histories[0])) > 50
