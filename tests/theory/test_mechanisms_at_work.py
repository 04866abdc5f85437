"""Levers and losses act through mechanisms, with signs that can be read off one place or a few."""

import math
from dataclasses import replace

import numpy as np
import pytest
from cases import called, plan, scenario
from places import QUIET, crowd, expected_losses, rivals

from sim.experiment.twins import QUANTITIES, removals, trace
from sim.model.columns import CAUSE
from sim.model.fall import leaving, loss
from sim.model.mechanisms import enforcement, peace, recruitment
from sim.model.mechanisms.enforcement import arrests
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.worlds import load_world
from sim.scenario import load
from sim.scenario.read import WORLDS, scenario_folder


def python(function):
    return getattr(function, "py_func", function)


def one_place(members=5_000, world=None, rng=1, **parameters):
    quiet = QUIET | {"arrest_base": 0.5} | parameters
    return Cartelitos(scenario(world="grid", years=2, parameters=quiet), rng=rng, world=world or crowd(members))


# justice ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("conviction", "left"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
def test_only_the_convicted_leave_the_streets(conviction, left):
    model = one_place(20_000)
    c = model.state.country
    c.territory.conviction[:] = conviction
    c.luck[1] = 0.5
    before, prisoners = c.plaza.members.sum(), c.cartel.prisoners.sum()
    arrests(c)
    taken = c.flow.arrests
    assert taken > 10
    assert before - c.plaza.members.sum() == c.ledger.convicted == pytest.approx(left * taken, abs=1.0)
    assert c.cartel.prisoners.sum() - prisoners == c.ledger.convicted
    assert sum(model.state.residuals().values()) == 0.0


def test_justice_means_fewer_members_without_any_deterrence():
    """More sentences, impunity switched off as a cause of homicide: members fall because they are in prison."""
    law = {"impunity_pull": 0.0}
    pairs = [
        [simulate(scenario(*more, years=8, parameters=law), seed).series["members"][-12:].mean() for more in ((plan("justice", 6.0),), ())]
        for seed in range(1, 7)
    ]
    assert max(more / usual for more, usual in pairs) < 1.0


# who leaves takes his gun ----------------------------------------------------------------------------------------------------


def test_arrests_leave_no_hoard_of_guns():
    heavy, usual = (
        simulate(scenario(*more, years=6), 2).series["arms_index"][-1] for more in ((plan("general_arrests", 5.0),), ())
    )
    assert heavy < 2.0 * usual


def test_who_changes_sides_brings_his_guns():
    model = Cartelitos(scenario(world="grid", years=1, parameters=QUIET | {"defect": 1.0}), rng=1, world=crowd(4_000, 1_000))
    c = model.state.country
    guns = c.cartel.arms[:2].copy()
    c.territory.band[0], c.territory.leaving[0] = 0, 500.0
    assert called(leaving.changes_sides)(c, 1, 0)
    assert c.cartel.arms[1] == guns[1] - math.floor(guns[1] * 500.0 / 1_000.0)
    assert c.cartel.arms[:2].sum() == guns.sum()


# whoever dies or is jailed is missed -----------------------------------------------------------------------------------------


def test_deaths_by_force_and_arrests_are_remembered_where_deaths_by_rivals_are():
    model = one_place(2_000)
    c = model.state.country
    i = int(c.at[0, 0])
    mood = recruitment.mood_of
    before = python(enforcement.lost)(c.plaza, i)
    calm = python(recruitment.appeal)(c, i, python(mood)(c.territory, c.p, c.push[0], 0))
    c.plaza.felled[i] += 100.0 / 2_000 * 52.1775 / 26.0
    after = python(enforcement.lost)(c.plaza, i)
    scared = python(recruitment.appeal)(c, i, python(mood)(c.territory, c.p, c.push[0], 0))
    assert after == pytest.approx(before + 100.0 / 2_000 * 52.1775 / 26.0)
    assert scared < calm


# clashes ---------------------------------------------------------------------------------------------------------------------


def test_cutting_a_country_changes_neither_deaths_nor_clashes_with_troops_on():
    """Identity 7 with soldiers everywhere: every group everywhere, in 1, 4 or 16 pieces."""
    fights, clashes = [], []
    for side in (1, 2, 4):
        places = side * side
        grid = load_world("grid", {"rows": side, "columns": side, "cartels": 1}, scenario_folder() / WORLDS)
        seed = grid.cartels[0]
        world = replace(
            grid,
            population=np.full(places, 1.6e7 / places),
            cartels=tuple(seed._replace(id=name, base=0, strength=1 / 3) for name in "abc"),
            presence=tuple(grid.presence[0]._replace(cartel=i, territory=k, share=1 / 3 / places) for i in range(3) for k in range(places)),
            members=grid.members._replace(low=48_000, mid=48_000, high=48_000),
        )
        model = Cartelitos(scenario(world="grid", years=1), rng=1, world=world)
        c = model.state.country
        fights.append(sum(expected_losses(model)))
        clashes.append(sum(python(enforcement.clashes)(c.territory, model.state.p, k, 4.0) for k in range(places)))
    assert fights == pytest.approx([fights[0]] * 3, rel=1e-6)  # guns and dollars are whole
    assert clashes == pytest.approx([clashes[0]] * 3, rel=3e-6)
    assert clashes[0] > 0.0


def test_clashes_grow_without_a_kink():
    """Each step of violence adds clashes, and less than the step before."""
    model = one_place()
    c, found = model.state.country, []
    for violence in np.arange(0.0, 200.0, 5.0):
        c.territory.violence[:] = violence
        found.append(python(enforcement.clashes)(c.territory, model.state.p, 0, 4.0))
    steps = np.diff(found)
    assert np.all(steps > 0.0)
    assert np.all(np.diff(steps) < 0.0)


# scarcity --------------------------------------------------------------------------------------------------------------------


def test_scarcity_raises_price_and_revenue_before_volume_falls():
    usual, scarce = (shocked(output) for output in (1.0, 0.5))
    assert scarce["drug_price_index"][2] > 1.02 * usual["drug_price_index"][2]
    assert scarce["drug_tonnes"].sum() < usual["drug_tonnes"].sum()
    assert scarce["trafficking_revenue_usd"].sum() > usual["trafficking_revenue_usd"].sum()  # demand is inelastic
    dearer = scarce["drug_price_index"][11] / usual["drug_price_index"][11] - 1.0
    assert dearer > 1.0 - scarce["drug_tonnes"][11] / usual["drug_tonnes"][11] > 0.0


def test_scarcity_takes_revenue_where_demand_is_elastic():
    usual, scarce = (shocked(output, demand_elasticity=1.8) for output in (1.0, 0.5))
    assert scarce["trafficking_revenue_usd"].sum() < usual["trafficking_revenue_usd"].sum()


def shocked(output, **parameters):
    model = Cartelitos(scenario(world="grid", years=4, parameters=QUIET | parameters), rng=1, world=crowd(5_000))
    model.state.country.clocks[4] = output
    model.run()
    return model.record.series(model.state.country.flows, model.policy.costs)


def test_scarcity_raises_violence():
    """Castillo, Mejía and Restrepo (2020): the shortage of 2006-10 accounts for a tenth or so of the rise, none of it for less."""
    stakes = {"stake_exponent": 1.0}
    pairs = [
        [simulate(scenario(years=5, parameters=stakes | {"scarcity": value}), seed).totals["homicides"] for value in (1.0, 0.0)]
        for seed in range(1, 9)
    ]
    assert np.mean([scarce / usual for scarce, usual in pairs]) > 1.0


# restraint and prevention ----------------------------------------------------------------------------------------------------


def test_restraint_makes_a_breach_pay_less():
    p = Cartelitos(scenario(), rng=1).state.p
    tempted = [python(peace.temptation)(p, 4.0, 0.7, restraint) for restraint in (0.0, 0.1, 0.3)]
    assert tempted[0] > tempted[1] > tempted[2]


def test_restraint_kills_nobody_less_where_nothing_is_fought_for():
    """A war that is on anyway, and stakes that do not heat it: what force takes of the prize changes no deaths."""
    cold = QUIET | {"stake_exponent": 0.0, "contest_on": 1.0}
    pushed, usual = (
        simulate_in(rivals(crowd(3_000, 2_000)), cold, more) for more in ((plan("conditional_repression", 5.0),), ())
    )
    assert pushed == usual > 0.0


def simulate_in(world, parameters, plans):
    model = Cartelitos(scenario(*plans, world="grid", years=2, parameters=parameters), rng=3, world=world)
    model.run()
    return model.state.country.ledger.killed


def test_prevention_acts_on_retaliation_only():
    """Where no organised violence spills over, there is nothing to prevent."""
    without, with_spill = (
        [
            simulate(scenario(*more, years=4, parameters={"background_pull": pull}), 5).series["homicides_background"].sum()
            for more in ((plan("violence_prevention", 6.0),), ())
        ]
        for pull in (0.0, 1.5)
    )
    assert without[0] == pytest.approx(without[1], rel=0.003)
    assert with_spill[0] < 0.995 * with_spill[1]


# routs -----------------------------------------------------------------------------------------------------------------------


def routed(mine, theirs, draws=150):
    """Share of falls after which the war is over at once, by size of both sides."""
    calm = QUIET | {"leave_base": -4.0, "cell_base": -5.0, "kin_war": 0.0}
    ended = 0
    for seed in range(draws):
        model = Cartelitos(scenario(world="grid", years=1, parameters=calm), rng=seed, world=rivals(crowd(mine, theirs)))
        model.step()
        c = model.state.country
        c.now.week = 0
        loss.remove_kingpin(c, 0, CAUSE.killing)
        ended += c.ledger.dissolved > 0.0
    return ended / draws


def test_relative_strength_decides_a_rout():
    weak, equal, strong = routed(500, 2_000), routed(1_000, 1_000), routed(1_500, 1_000)
    assert weak > 0.8 > 0.5 > equal > strong + 0.05
    assert strong > 0.0


@pytest.mark.slow
def test_most_falls_of_the_weaker_side_of_a_war_lower_violence_where_it_is_fought():
    """At fitted values, in the half year after a kingpin falls, in places where his cartel fights one war, against the twin in which he
    lives: killing falls in 44 of 76 where the enemy is stronger (58 %), and rises in 42 of 50 where he is weaker.

    What is asked is violence at the war. At the seat of the fallen, and with all his wars added up, fewer falls lower it: where he lived
    there is often no war, and his heirs quarrel.
    """
    weaker, stronger = [], []
    for seed in range(1, 46):
        whole = Cartelitos(load("baseline"), rng=seed)
        truth = np.zeros((len(QUANTITIES), whole.calendar.weeks, len(whole.world.ids)), np.float32)
        trace(whole, truth, whole.calendar.weeks)
        fallen = [found.removal for found in removals(whole) if found.removal.rank == "kingpin"]
        whole.release()
        np.random.default_rng(seed).shuffle(fallen)
        for removal in fallen[:6]:
            twin = Cartelitos(load("baseline"), rng=seed, spared=removal)
            while twin.week < removal.week:
                twin.step()
            fought = wars(twin, removal.row)
            first, last = removal.week + 1, removal.week + 27  # he falls after the fighting of his week
            lives = truth.copy()
            trace(twin, lives, last)
            twin.release()
            for place, outdone in fought:
                change = (truth[0, first:last, place] - lives[0, first:last, place]).sum()
                (weaker if outdone else stronger).append(change)
    weaker, stronger = np.array(weaker), np.array(stronger)
    assert min(len(weaker), len(stronger)) > 40
    assert (weaker < 0).sum() > 1.25 * (weaker > 0).sum()
    assert (stronger > 0).mean() > 0.6


def wars(model, row):
    """Places in which a cartel fights exactly one war, and whether the enemy is the stronger there."""
    c = model.state.country
    pair = c.pair[: c.count.pairs]
    found = {}
    for war in np.flatnonzero((pair.open > 0.0) & ((pair.a == row) | (pair.b == row))):
        place, foe = int(pair.territory[war]), int(pair.a[war] + pair.b[war]) - row
        if c.at[row, place] >= 0 and c.at[foe, place] >= 0:
            mine, theirs = c.plaza.strength[[c.at[row, place], c.at[foe, place]]]
            found.setdefault(place, []).append(bool(theirs > mine))
    return [(place, enemies[0]) for place, enemies in found.items() if len(enemies) == 1]


def test_massacres_follow_deaths_not_places():
    """As many per death in 32 places as in 128."""
    for places in (32, 128):
        run = [simulate(scenario(years=5, world_options={"places": places}), seed).totals for seed in (1, 2)]
        deaths = sum(totals["homicides_turf"] + totals["homicides_succession"] for totals in run)
        assert sum(totals["massacres"] for totals in run) / deaths == pytest.approx(0.063, rel=0.1)
