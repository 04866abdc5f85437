"""One process at a time, over whole runs, against what it must become: Yule, Lanchester, saturation, peace."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from cases import plan, scenario
from places import QUIET, country, crowd, expected_losses, rivals

from sim.model.model import Cartelitos


def model_of(world, seed=1, years=1.0, plans=(), **parameters):
    return Cartelitos(scenario(*plans, world="grid", years=years, parameters=QUIET | parameters), rng=seed, world=world)


# splitting


@pytest.fixture(scope="module")
def families():
    """Groups per founder after ten years in which nothing happens but quarrels that always split: 256 founders, each alone."""
    founders, rate, years = 256, 0.15, 10.0
    world = country(16, 16, [{k: 1 / founders} for k in range(founders)], founders * 100_000)
    model = model_of(world, years=years, quarrel_rate=rate, leave_base=50.0, cell_minimum=1.0, defect=0.0, kin_war=0.0)
    model.run()
    sizes = Counter(cartel.root.name for cartel in model.cartels.values())
    assert all(cartel.died is None for cartel in model.cartels.values())
    return np.array(list(sizes.values())), rate * model.week * 7 / 365.2425


def test_splitting_alone_grows_as_a_yule_process(families):
    """From one group, after time t at rate r: mean exp(rt), variance exp(rt)(exp(rt) - 1)."""
    sizes, rt = families
    mean, variance = math.exp(rt), math.exp(rt) * math.expm1(rt)
    p = 1.0 / mean
    assert abs(sizes.mean() - mean) < 4 * math.sqrt(variance / len(sizes))
    kurtosis = 9.0 + p * p / (1.0 - p)
    assert abs(sizes.var(ddof=1) / variance - 1.0) < 4 * math.sqrt((kurtosis - 1.0) / len(sizes))


def test_the_number_of_groups_is_geometric(families):
    """Chance of k groups: p (1 - p)^(k - 1), p = exp(-rt); Pearson's statistic within four standard deviations of its mean."""
    sizes, rt = families
    p, most = math.exp(-rt), 10
    expected = np.array([p * (1 - p) ** (k - 1) for k in range(1, most)] + [(1 - p) ** (most - 1)]) * len(sizes)
    seen = np.bincount(np.minimum(sizes, most), minlength=most + 1)[1:]
    pearson = ((seen - expected) ** 2 / expected).sum()
    assert abs(pearson - (most - 1)) < 4 * math.sqrt(2 * (most - 1))


# fighting

WAR = {"contest_on": 1.0, "overdispersion": 0.0, "background_rivalry": 0.0, "arms_weight": 0.0, "peace_rate": 0.0, "cohesion_weight": 0.0}


@pytest.mark.parametrize(("p", "r"), [(1.0, 1.0), (0.0, 1.0), (0.6, 0.5)], ids=["linear", "square", "between"])
def test_two_groups_wear_each_other_down_by_the_chosen_law(p, r):
    """n^(1 + r - p) of one less that of the other stays what it was: Lanchester's linear law at p = r, his square law at p = 0."""
    law = {"own_exponent": p, "foe_exponent": r, "lethality": 3e-6}
    model = model_of(rivals(crowd(30_000, 20_000)), years=4, **WAR | law)
    members = model.state.country.cartel.members
    power = 1.0 + r - p

    def edge():
        return members[0] ** power - members[1] ** power

    before, variance = edge(), 0.0
    model.step()
    while model.running:
        then = members[:2].copy()
        model.step()
        variance += ((power * then ** (power - 1.0)) ** 2 * (then - members[:2])).sum()
    assert members[1] < 15_000, "a war worth the name"
    assert abs(edge() - before) < 4 * math.sqrt(variance)


@pytest.mark.parametrize("allied", [False, True])
def test_raising_my_arms_raises_enemy_losses_and_never_mine(allied):
    world = rivals(crowd(8_000, 6_000, 3_000))
    if allied:
        world = replace(world, ties=((0, 1, "rivalry"), (0, 2, "alliance")), tie_weights=np.ones(2))
    model = model_of(world, contest_on=1.0)
    mine, enemy, _ = expected_losses(model)
    model.state.country.cartel.arms[0] *= 3.0
    mine_armed, enemy_armed, _ = expected_losses(model)
    assert enemy_armed > 1.05 * enemy
    assert mine_armed <= mine * (1.0 + 1e-12)


def test_total_fighting_saturates_with_the_number_of_groups():
    """The same people in n equal groups that spare nobody: deaths grow as (n - 1)/n."""
    bilinear = {"own_exponent": 1.0, "foe_exponent": 1.0, "background_rivalry": 1.0, "arms_weight": 0.0}
    deaths = {n: sum(expected_losses(model_of(crowd(*[24_000 // n] * n), **bilinear))) for n in (2, 3, 8, 24)}
    for n, dead in deaths.items():
        assert dead == pytest.approx(deaths[2] * 2 * (n - 1) / n, rel=1e-6)  # stakes rest on whole dollars


def open_wars(groups, losses=0.0):
    """Mean number of open wars per pair in twelve places with so many equal groups, over eight years."""
    share = 1 / (12 * groups)
    world = country(3, 4, [dict.fromkeys(range(12), share) for _ in range(groups)], 12_000 * groups)
    pacts = {"war_rate": 4.0, "peace_rate": 4.0, "patience": 0.75, "pact_steepness": 60.0, "leader_loss_weight": 0.3}
    model = model_of(world, years=8, **pacts)
    seen = []
    while model.running:
        model.state.country.cartel.losses[:] = losses
        model.step()
        pairs = model.state.country.pair.open[: model.state.country.count.pairs]
        seen.append(pairs.sum() / (12 * groups * (groups - 1) / 2))
    return np.mean(seen[104:])


def test_more_groups_or_shorter_lived_leaders_turn_peace_into_war():
    """At patience .75 a pact holds between two (2/3) and not among five (5/6); half a leader lost a year breaks it between two."""
    assert open_wars(2) < 0.02
    assert open_wars(5) > 0.2
    assert open_wars(2, losses=0.5) > 0.2


# trade


def test_without_a_broker_anywhere_traffic_leaves_mexico():
    """Nobody in Mexico earns a dollar from it, users notice nothing, and every number stays finite."""
    worlds = [country(1, 2, [{0: 0.5}, {1: 0.5}], 10_000, suppliers=n, financiers=n, dealers=n) for n in (2, 0)]
    linked, cut = (model_of(world, years=3, recruit_rate=2e-3, contest_on=1.0) for world in worlds)
    for model in (linked, cut):
        model.run()
    series, usual = (model.record.series(model.state.country.flows, model.policy.costs) for model in (cut, linked))
    assert not series["trafficking_revenue_usd"].any()
    assert usual["trafficking_revenue_usd"].all()
    assert series["predation_revenue_usd"].sum() > usual["predation_revenue_usd"].sum()
    for users in ("consumption_index", "drug_price_index", "heavy_users"):
        assert np.array_equal(series[users], usual[users])
    assert all(np.isfinite(values).all() for values in series.values())


@pytest.mark.parametrize(("elasticity", "sign"), [(0.3, 1), (0.9, 1), (1.0, 0), (1.1, -1), (1.8, -1)])
def test_seizures_raise_revenue_if_and_only_if_demand_is_inelastic(elasticity, sign):
    """Price taken as cost alone: revenue goes as P^(1 - eps); at eps = 1 hardly anything moves it.

    What does is a price that lags a week behind itself, and users whom a dearer drug keeps alive.
    """

    def revenue(*plans):
        model = model_of(crowd(5_000), years=3, plans=plans, demand_elasticity=elasticity, price_cost_share=1.0)
        model.run()
        return model.state.country.nation.revenue

    change = revenue(plan("interdiction", 6.0)) / revenue() - 1.0
    assert abs(change) < 1e-3 if sign == 0 else change * sign > 2e-3
