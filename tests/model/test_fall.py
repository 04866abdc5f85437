"""The laws of the fall of a leader: who succeeds, who leaves, who gets brokers, allies and arms, and what is conserved.

Weights become frequencies over 2,000 draws; where a law gives a probability, a frequency must lie within four standard errors of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from cases import called, scenario

from sim.model.chance import Chance, lineage, normal
from sim.model.columns import CAUSE, NOBODY
from sim.model.fall import leaving, loss, splinter, succession
from sim.model.model import Cartelitos

DRAWS = 2_000
Made = Callable[..., Cartelitos]


@pytest.fixture
def made() -> Iterator[Made]:
    """Countries with parameters; let go of afterwards."""
    models = []

    def make(**parameters: float) -> Cartelitos:
        models.append(Cartelitos(scenario(years=1, parameters=parameters), rng=4))
        models[-1].state.make_room(DRAWS)
        return models[-1]

    yield make
    for model in models:
        model.release()


def close(frequency: float, chance: float, draws: int = DRAWS) -> bool:
    return abs(frequency - chance) <= 4.0 * math.sqrt(max(chance * (1.0 - chance), 1e-4) / draws)


def largest(model: Cartelitos) -> int:
    """A cartel with many plazas, kingpin and lieutenants of two families."""
    c = model.state.country
    held = c.cartel.plazas[: c.count.cartels]
    j = int(np.argmax(held))
    assert held[j] > 5
    for place, k in enumerate(model.cartels[j].places):
        c.plaza.faction[c.at[j, k]] = place % 2
    c.cartel.boss_faction[j] = 0
    return j


# the heir's law --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("authority", "kin"), [(0.0, 0.0), (1.5, 0.0), (0.0, 1.0), (1.5, 1.0)])
def test_the_heir_is_drawn_by_authority_and_kinship(made: Made, authority: float, kin: float) -> None:
    """Weights exp(heir_authority x authority + heir_kin if of the late kingpin's faction) are the frequencies of heirs."""
    model = made(heir_authority=authority, heir_kin=kin)
    c, j = model.state.country, largest(model)
    places, weights = model.cartels[j].places, []
    for k in places:
        born = Chance(4).uniform("leader.authority", 0, model.cartels[j].person(k).key)
        weights.append(math.exp(authority * born + kin * (c.plaza.faction[c.at[j, k]] == 0)))
    heirs, contested = Counter[int](), 0.0
    for c.now.week in range(DRAWS):
        place, contested = called(succession.heir)(c, j)
        heirs[place] += 1
    assert heirs.keys() <= set(places)
    for k, weight in zip(places, weights, strict=True):
        assert close(heirs[k] / DRAWS, weight / sum(weights))
    second, first = sorted(weights)[-2:]
    assert contested == pytest.approx(second / first)


@pytest.mark.slow
def test_a_contested_succession_leaves_the_chair_empty(made: Made) -> None:
    """Whole weeks of an exponential wait with mean interregnum x how contested the heir is."""
    model = made(interregnum=6.0, leave_base=-40.0, heir_authority=0.0, heir_kin=0.0)
    c, j = model.state.country, largest(model)
    empty = []
    for c.now.week in range(DRAWS):
        c.count.lines = 0
        called(succession.succeed)(c, j, CAUSE.killing, NOBODY)
        empty.append(c.cartel.vacancy[j])
    mean = 1.0 / math.expm1(1.0 / 6.0)  # of the whole part of an exponential with mean 6
    assert np.mean(empty) == pytest.approx(mean, abs=4.0 * 6.0 / math.sqrt(DRAWS))
    assert c.cartel.boss_since[j] == DRAWS - 1


# the leavers' law ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "occasion"), [(0.0, 0.0), (-1.0, 0.0), (0.0, -1.4)])
def test_lieutenants_leave_at_the_stated_odds(made: Made, base: float, occasion: float) -> None:
    """Log-odds of size, cohesion, contest, rent and occasion, and a standard normal shock, here not shared, are the frequencies."""
    model = made(leave_base=base, quarrel_occasion=occasion, faction_pull=0.0, cell_minimum=1e9)
    c, p, j = model.state.country, model.parameters, largest(model)
    seat, left = int(c.cartel.seat[j]), Counter[int]()
    for c.now.week in range(DRAWS):
        called(leaving.form_bands)(c, j, CAUSE.quarrel, NOBODY)
        left.update(np.flatnonzero(c.territory.band >= 0).tolist())
    income = c.cartel.traffic_income[j] + c.cartel.predation_income[j] + 1.0
    grid = np.array([normal((i + 0.5) / 4_000) for i in range(4_000)])
    for k in model.cartels[j].places:
        people, heirs = (c.plaza.members[c.at[j, at]] for at in (k, seat))
        odds = base + occasion + p.leave_size * math.log(people / heirs) - p.leave_cohesion * (c.cartel.cohesion[j] - 0.5)
        odds += p.leave_contested * (1.0 - c.territory.sumsq[k])
        odds -= p.leave_rent * c.cartel.traffic_income[j] / income * c.cartel.access[j]
        chance = 0.0 if k == seat else float(np.mean(1.0 / (1.0 + np.exp(-odds - grid))))
        assert close(left[k] / DRAWS, chance), k


def test_a_faction_shares_its_mood(made: Made) -> None:
    """With faction_pull 1 lieutenants of one family and size decide alike far more often than those of two."""
    together = {}
    for pull in (0.0, 1.0):
        model = made(leave_base=1.0, leave_size=0.0, leave_contested=0.0, faction_pull=pull, cell_minimum=1e9)
        c, j = model.state.country, largest(model)
        places = [k for k in model.cartels[j].places if k != c.cartel.seat[j]]
        kin = [k for k in places if c.plaza.faction[c.at[j, k]] == 0][:2]
        left = np.zeros((DRAWS, 2))
        for c.now.week in range(DRAWS):
            called(leaving.form_bands)(c, j, CAUSE.succession, NOBODY)
            left[c.now.week] = c.territory.band[kin] >= 0
        together[pull] = np.corrcoef(left.T)[0, 1]
    assert abs(together[0.0]) < 4.0 / math.sqrt(DRAWS)
    assert together[1.0] > 0.1


def test_leavers_of_one_faction_whose_plazas_touch_go_together(made: Made) -> None:
    model = made(leave_base=40.0, cell_minimum=1e9)
    c, j = model.state.country, largest(model)
    called(leaving.form_bands)(c, j, CAUSE.succession, NOBODY)
    places = [k for k in model.cartels[j].places if k != c.cartel.seat[j]]
    band, faction = c.territory.band, {k: c.plaza.faction[c.at[j, k]] for k in places}
    for k in places:
        for near in model.world.neighbours(k):
            if near in faction and faction[near] == faction[k]:
                assert band[near] == band[k]
    for number in set(band[places].tolist()):
        assert len({faction[k] for k in places if band[k] == number}) == 1
    assert sorted(set(band[places].tolist())) == list(range(1 + max(band[places])))


@pytest.mark.parametrize("loyal", [0.0, 0.16, 0.5, 0.8])
def test_part_of_a_leaving_plaza_stays(made: Made, loyal: float) -> None:
    """On average the share `loyal`, less what whole people round away."""
    model = made(leave_base=40.0, loyal=loyal, cell_minimum=1e9)
    c, j = model.state.country, largest(model)
    k = max((k for k in model.cartels[j].places if k != c.cartel.seat[j]), key=lambda k: c.plaza.members[c.at[j, k]])
    people, stayed = c.plaza.members[c.at[j, k]], []
    for c.now.week in range(DRAWS):
        called(leaving.form_bands)(c, j, CAUSE.lieutenant, k)
        stayed.append(1.0 - c.territory.leaving[k] / people)
    assert np.mean(stayed) == pytest.approx(loyal, abs=0.02 + 1.0 / people)
    assert min(stayed) >= 0.0


# what leavers take -----------------------------------------------------------------------------------------------------------


def two_bands(model: Cartelitos, j: int) -> tuple[list[int], float]:
    """The smaller half of the plazas leaves as band 0, whole; its places and how many people that is."""
    c = model.state.country
    places = sorted(model.cartels[j].places, key=lambda k: c.plaza.members[c.at[j, k]])
    places = sorted(k for k in places[: len(places) // 2] if k != c.cartel.seat[j])
    c.territory.band[:], c.territory.cell[:] = -1, 0
    c.territory.band[places] = 0
    c.territory.leaving[places] = c.plaza.members[c.at[j, places]]
    return places, float(c.territory.leaving[places].sum())


def test_a_splinter_takes_its_part_of_cash_guns_and_incomes_and_nothing_is_lost(made: Made) -> None:
    model = made()
    c, j = model.state.country, largest(model)
    places, people = two_bands(model, j)
    before = c.cartel[j]
    stocks, share = model.state.stocks(), people / before.members
    child = splinter.splinter(c, j, 0, CAUSE.quarrel)
    assert model.cartels[child].places == places
    assert c.cartel.members[child] == people
    assert c.cartel.members[j] == before.members - people
    for stock in ("cash", "arms"):
        mine, theirs, all_ = (getattr(table, stock) for table in (c.cartel[child], c.cartel[j], before))
        assert mine == math.floor(all_ * share)
        assert mine + theirs == all_
    for income in ("traffic_income", "predation_income"):
        assert getattr(c.cartel[child], income) == pytest.approx(getattr(before, income) * share)
        assert getattr(c.cartel[j], income) == pytest.approx(getattr(before, income) * (1.0 - share))
    after = model.state.stocks()
    assert {name: after[name] for name in after if name not in ("plazas", "brokers")} == {
        name: stocks[name] for name in stocks if name not in ("plazas", "brokers")
    }
    assert set(model.state.residuals().values()) == {0.0}


def chosen(model: Cartelitos, count: Callable[[Any, int, int], None]) -> int:
    """2,000 times the same split, each time in another week and undone again; `count` looks at the country, parent and child."""
    state, parent = model.state, largest(model)
    two_bands(model, parent)
    kept = {name: table.resized(table.rows) for name, table in vars(state.country).items() if hasattr(table, "resized")}
    numbers, at = state.country.count.copy(), state.country.at.copy()
    for week in range(DRAWS):
        c = state.country
        for name, table in kept.items():
            getattr(c, name)[:] = table
        c.count[:], c.at[:] = numbers.values, at
        c.now.week = week
        count(c, parent, splinter.splinter(c, parent, 0, CAUSE.quarrel))
    return parent


def test_brokers_follow_whom_they_deal_with(made: Made) -> None:
    """A lieutenant's follow him at broker_loyalty; the kingpin's stray at (1 - loyalty) x twice the share, and half of those quit."""
    model = made(broker_loyalty=0.75, broker_leaves=0.5)
    c, j = model.state.country, largest(model)
    places, people = two_bands(model, j)
    stray = 0.25 * min(1.0, 2.0 * people / c.cartel.members[j])
    own = np.flatnonzero((c.broker.cartel[: c.count.brokers] == j) & (c.broker.alive[: c.count.brokers] > 0))
    assert len(own) >= 2
    c.broker.place[own[0]], c.broker.place[own[1:]] = places[0], -1
    fates = Counter[str]()

    def count(c: Any, parent: int, child: int) -> None:
        for b in own:
            whose = "his" if b == own[0] else "kingpin's"
            gone = c.broker.alive[b] == 0
            fates[f"{whose} {'quit' if gone else 'follow' if c.broker.cartel[b] == child else 'stay'}"] += 1

    chosen(model, count)
    others = DRAWS * (len(own) - 1)
    assert fates["his quit"] == 0
    assert close(fates["his follow"] / DRAWS, 0.75)
    assert close(fates["kingpin's follow"] / others, stray * 0.5, others)
    assert close(fates["kingpin's quit"] / others, stray * 0.5, others)


def test_allies_choose_the_heir_the_splinter_or_neither(made: Made) -> None:
    """At ally_loyalty, half of the rest, and the other half; an alliance stays mutual."""
    model = made(ally_loyalty=0.6)
    c, j = model.state.country, largest(model)
    ally = next(i for i in range(c.count.cartels) if i != j)
    c.tie.a[:2], c.tie.b[:2], c.tie.weight[:2], c.count.ties = [j, ally], [ally, j], 1.0, 2
    fates = Counter[str]()

    def count(c: Any, parent: int, child: int) -> None:
        pairs = set(zip(c.tie.a[: c.count.ties].tolist(), c.tie.b[: c.count.ties].tolist(), strict=True))
        assert pairs == {(b, a) for a, b in pairs}
        fates["heir" if (parent, ally) in pairs else "splinter" if (child, ally) in pairs else "neither"] += 1

    chosen(model, count)
    assert sum(fates.values()) == DRAWS
    assert close(fates["heir"] / DRAWS, 0.6)
    assert close(fates["splinter"] / DRAWS, 0.2)
    assert close(fates["neither"] / DRAWS, 0.2)


# how a leader is lost --------------------------------------------------------------------------------------------------------


def test_removals_kill_capture_or_end_in_surrender(made: Made) -> None:
    model = made(killed_share=0.3, surrender_share=0.1)
    c, modes = model.state.country, Counter[int]()
    for week in range(model.calendar.weeks):
        c.now.week = week
        modes.update(called(loss.mode_of)(c, lineage(7, number)) for number in range(40))
    draws = sum(modes.values())
    assert draws >= DRAWS
    for mode, chance in ((CAUSE.killing, 0.3), (CAUSE.surrender, 0.1), (CAUSE.capture, 0.6)):
        assert close(modes[mode] / draws, chance, draws)
