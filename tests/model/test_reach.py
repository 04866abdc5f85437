"""What policies reach, and what answers them: bribes, survivors, substitutes, targets, the dead of failed attempts, enemies who stay."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from cases import called, plan, scenario

from sim.model.columns import CAUSE, Press, Push
from sim.model.fall.splinter import splinter
from sim.model.mechanisms.enforcement import arrests
from sim.model.mechanisms.leadership import SUCCESS
from sim.model.mechanisms.market import market
from sim.model.mechanisms.movement import absorption, prospect
from sim.model.mechanisms.peace import break_pacts, tend_wars
from sim.model.model import Cartelitos
from sim.model.run import outcome
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder


@pytest.fixture
def model() -> Iterator[Cartelitos]:
    made = Cartelitos(scenario(years=1), rng=4)
    yield made
    made.release()


def risk(model: Cartelitos, protection: float, integrity: float) -> np.ndarray:
    """Exposure to arrest of every plaza."""
    c = model.state.country
    c.cartel.protection[:] = protection
    c.territory.integrity[:] = integrity
    arrests(c)
    return c.plaza.risk[: c.count.plazas].copy()


def test_bribes_lower_arrests_and_integrity_undoes_it(model: Cartelitos) -> None:
    clean = risk(model, 0.0, 0.3)
    assert risk(model, 0.8, 0.3) == pytest.approx(clean * (1 - 0.8 * 0.7))
    assert risk(model, 0.8, 1.0) == pytest.approx(clean)


def month(model: Cartelitos, weeks: int = 52, synthetic: float = 0.3, response: float = 0.0, **push: float) -> tuple[float, float]:
    """Overdose deaths and the change of heavy users after some weeks of the market under a push."""
    p, pressed = model.state.p.copy(), model.policy.cube[0].copy()
    p.synthetic_response = response
    c = replace(model.state.country, p=p, push=Push(pressed))
    for handle, value in push.items():
        pressed[:, Press.index[handle]] = value
    before, began = c.nation.copy(), c.flow.overdose_deaths
    c.nation.clock_synthetic, c.nation.clock_output = synthetic, 1.0
    for _ in range(weeks):
        market(c)
    deaths, change = c.flow.overdose_deaths - began, c.nation.heavy - before.heavy
    c.nation[:] = before.values
    return float(deaths), float(change)


def test_who_survives_an_overdose_uses_on(model: Cartelitos) -> None:
    dead, left = month(model, overdose_survival=0.0)
    dead_saved, left_saved = month(model, overdose_survival=0.4)
    assert dead_saved < 0.9 * dead
    assert left_saved > left
    assert left_saved - left < dead - dead_saved, "fewer die, more are left, and some of those saved die later"


@pytest.mark.parametrize(("response", "sign"), [(1.0, 1), (0.0, 0), (-1.0, -1)])
def test_scarcer_poppy_kills_more_or_fewer_as_synthetics_answer(model: Cartelitos, response: float, sign: int) -> None:
    plenty, _ = month(model, response=response, crop_value=1.0)
    scarce, _ = month(model, response=response, crop_value=0.5)
    assert np.sign(scarce - plenty) == sign


def test_a_target_gets_the_whole_effort() -> None:
    """As long as it lasts it draws about as many attempts as everybody together would, but never two in a week."""
    tried, whole = {}, {"quarrel_rate": 0.0, "leave_base": -4.0, "lieutenant_rate": 0.0}
    for target in ((), ("tijuana",)):
        model = Cartelitos(scenario(plan("kingpin_targeting", 1.0, target=target), years=3, parameters=whole), rng=3)
        model.run()
        tried[target] = [row for row in model.events if row.kind in ("removal", "removal_failed")]
        model.release()
    aimed = [row for row in tried[("tijuana",)] if row.cartel == "tijuana"]
    usual = [row for row in tried[()] if row.date <= aimed[-1].date]
    assert len(aimed) > 2 * len([row for row in usual if row.cartel == "tijuana"])
    assert len(aimed) > 0.5 * len(usual)


def test_the_dead_of_a_failed_attempt_are_counted_where_they_fell() -> None:
    """With nothing else that ends in a clash, deaths of confrontation are those of attempts beaten back."""
    quiet = {"attempt_odds": 1e-9, "confrontations": 0.0, "failed_deaths": 20.0}
    model = Cartelitos(scenario(plan("kingpin_targeting", 1.0), years=4, parameters=quiet), rng=2)
    places = {name: k for k, name in enumerate(model.world.ids)}
    dead, members = 0.0, 0.0
    while model.running:
        told, killed = len(model.events), model.state.country.ledger.killed
        model.step()
        for row in list(model.events)[told:]:
            if row.kind == "removal_failed":
                dead += row.size
                assert model.state.country.territory.organised[places[row.territory]] >= row.size
                assert model.state.country.ledger.killed >= killed
        members += model.state.country.flow.homicides_confrontation
    assert SUCCESS < 0 < dead
    assert members == dead
    model.release()


def test_who_leaves_keeps_the_enemies_of_the_place(model: Cartelitos) -> None:
    """A band that leaves a loyal rest, and one that leaves nobody, are as much at war as their parent was."""
    state = model.state
    state.make_room()
    c = state.country
    pairs = c.pair[: c.count.pairs]
    row = next(r for r in range(pairs.rows) if pairs.open[r] > 0 and c.cartel.plazas[int(pairs.a[r])] > 1)
    parent, enemy, k = (int(column[row]) for column in (pairs.a, pairs.b, pairs.territory))
    c.pair.heat[row] = 0.7
    here = c.plaza.members[c.at[parent, k]]
    for number, people in enumerate((np.floor(here / 2), here - np.floor(here / 2))):
        c.territory.band[:], c.territory.cell[:] = -1, 0
        c.territory.band[k], c.territory.leaving[k] = 0, people
        child, c.now.week = splinter(c, parent, 0, CAUSE.quarrel), c.now.week + 1
        assert (c.at[parent, k] < 0) == (number == 1)
        live = c.pair[: c.count.pairs]
        kept = [r for r in range(live.rows) if {live.a[r], live.b[r]} == {child, enemy} and live.territory[r] == k]
        assert [(live.open[r], live.heat[r]) for r in kept] == [(1.0, 0.7)]


def opened(model: Cartelitos) -> np.ndarray:
    """Wars that each cartel begins, and in which it is attacked, in 400 looks at the pacts of the same week: (2, cartels)."""
    c, wars = model.state.country, np.zeros((2, model.state.country.count.cartels))
    for week in range(1000, 1400):
        c.count.lines = c.count.pairs = 0
        c.count.unlinked, c.now.week = 1, week
        break_pacts(c)
        for side, column in enumerate((c.pair.a, c.pair.b)):
            np.add.at(wars[side], column[: c.count.pairs].astype(int), 1.0)
    return wars


@pytest.mark.parametrize(("disarray", "more"), [(0.0, False), (40.0, True)])
def test_a_rival_in_disarray_draws_attacks(disarray: float, more: bool) -> None:
    """Wars opened in a year against a large group whose cohesion has gone, with and without that pull."""
    wars = []
    for cohesion in (0.8, 0.1):
        set_ = {"disarray": disarray, "cohesion_target": 0.8, "war_rate": 0.5, "concert": 0.0}
        model = Cartelitos(scenario(years=1, parameters=set_), rng=3)
        model.step()
        c = model.state.country
        c.pair.open[:] = c.pair.pact[:] = 0.0
        c.cartel.patience[:] = 0.5
        c.cartel.cohesion[0] = cohesion
        wars.append(opened(model)[0].sum())
        model.release()
    assert (wars[1] > 1.2 * wars[0]) == more
    assert more or wars[1] == wars[0]


def test_a_group_that_does_not_count_on_next_year_is_attacked_by_those_who_do(model: Cartelitos) -> None:
    """A pact lasts only as long as it pays for both: rivals of a group whose leader fell do not wait for its breach."""
    model.step()
    wars = []
    for patience in (0.99, 0.1):
        model.state.country.cartel.patience[:] = 0.99
        model.state.country.cartel.patience[0] = patience
        wars.append(opened(model)[1])
    assert wars[1][0] > 5.0 * max(1.0, wars[0][0])
    assert wars[1][1:].sum() > wars[0][1:].sum()  # and it attacks others


@pytest.mark.parametrize(("disorder", "peace"), [(0.0, True), (1.0, False)])
def test_no_peace_is_made_where_a_kingpin_has_just_fallen(disorder: float, peace: bool) -> None:
    model = Cartelitos(scenario(years=1, parameters={"disorder": 0.9, "exhaustion": 0.0, "triad_rate": 0.0, "concert": 0.0}), rng=4)
    model.step()
    c = model.state.country
    wars = c.count.pairs
    c.pair.open[:wars], c.pair.pact[:wars] = 1.0, 0
    c.cartel.patience[:], c.territory.disorder[:] = 0.99, disorder
    for week in range(1000, 1100, 4):
        c.now.week = week
        tend_wars(c)
    left = c.pair.open[: c.count.pairs].sum()
    assert left < 0.2 * wars if peace else left > 0.8 * wars
    model.release()


def test_newcomers_are_drawn_to_where_a_kingpin_has_just_fallen(model: Cartelitos) -> None:
    model.step()
    c = model.state.country
    quiet = called(prospect)(c, 0, 1, 10.0)
    c.territory.disorder[1] = 0.5
    assert called(prospect)(c, 0, 1, 10.0) - quiet == pytest.approx(0.5 * model.state.p.move_disorder)


def test_a_state_is_as_contested_in_pieces_as_it_was_whole() -> None:
    found = []
    for places in (32, 128):
        model = Cartelitos(scenario(world_options={"places": places}), rng=1)
        model.step()
        states = np.array(model.world.states)
        squares = model.state.country.territory.sumsq
        assert all(len(set(squares[states == state].tolist())) == 1 for state in set(states))
        found.append([squares[states == state][0] for state in sorted(set(states))])
        model.release()
    np.testing.assert_allclose(*found, rtol=0.1)  # people are whole, and guns are bought by chance


@pytest.mark.parametrize(("small", "left"), [(40.0, 0), (4000.0, 3)])
def test_the_strongest_of_a_state_takes_what_a_weak_group_has_there(small: float, left: int) -> None:
    """Its plazas where the strongest is not present too; none where it is not weak."""
    grid = load_world("grid", {"rows": 2, "columns": 3, "cartels": 2}, scenario_folder() / WORLDS)
    seed, plaza = grid.cartels[0], grid.presence[0]
    held = [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3)]
    world = replace(
        grid, states=("S",) * 6, cartels=tuple(seed._replace(id=name, base=base, strength=0.5) for name, base in (("a", 0), ("b", 1))),
        presence=tuple(plaza._replace(cartel=j, territory=k, share=1 / len(held)) for j, k in held),
    )  # fmt: skip
    model = Cartelitos(scenario(world="grid", years=1, parameters={"absorption": 4.0}), rng=1, world=world)
    c = model.state.country
    for j, k in held:
        c.plaza.members[c.at[j, k]] = small / 3.0 if j == 1 else 3000.0
    for week in range(0, 400, 4):
        c.now.week = week
        absorption(c)
    assert np.count_nonzero(c.at[1] >= 0) == left
    assert np.count_nonzero(c.at[0] >= 0) == (4 if left == 0 else 2)
    model.release()


@pytest.mark.parametrize(("followed", "held"), [(1.0, 0.5), (0.0, 1.0)])
def test_after_a_reform_of_justice_fewer_of_those_arrested_are_held(followed: float, held: float) -> None:
    """Where half as many are admitted to prison for an arrest, half as many are sentenced from the first week on, unless that is off."""
    grid = load_world("grid", {"rows": 2, "columns": 2, "cartels": 2}, scenario_folder() / WORLDS)
    world = replace(grid, clocks=dict(grid.clocks) | {"custody": np.full(len(grid.clocks["years"]), 0.5)})
    shares = []
    for each, clock in ((world, followed), (grid, 1.0)):
        model = Cartelitos(scenario(world="grid", years=2, parameters={"custody_clock": clock}), rng=1, world=each)
        model.run()
        series = outcome(model).series
        shares.append(series["convictions"].sum() / series["arrests"].sum())
        model.release()
    assert shares[0] == pytest.approx(held * shares[1], rel=0.05)
