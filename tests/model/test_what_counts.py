"""What a metric says it counts is what the run's own tables and log count."""

import pytest
from cases import history

from sim.model.model import Cartelitos
from sim.model.record import CAUSES


@pytest.fixture(scope="module")
def played():
    model = Cartelitos(history(years=8), rng=3)
    model.run()
    return model, model.record.series(model.state.country.flows, model.policy.costs)


def test_whoever_is_no_cell_counts_as_a_cartel(played):
    model, series = played
    cartel = model.state.country.cartel[: model.state.country.count.cartels]
    alive = cartel.alive > 0
    cell = alive & (cartel.access < 0.25) & (cartel.predation_income >= cartel.traffic_income)
    assert 0 < cell.sum() < alive.sum()
    assert (series["cartels_active"] + series["cells_active"] == series["groups_active"]).all()
    assert (series["cells_active"][-1], series["groups_active"][-1]) == pytest.approx((cell.sum(), alive.sum()), abs=8)


def test_impunity_is_the_mean_over_places_of_arrests_without_a_sentence(played):
    model, series = played
    assert series["impunity_index"][-1] == pytest.approx(1.0 - model.state.country.territory.conviction.mean(), abs=1e-3)


def test_homicides_are_their_five_causes(played):
    _, series = played
    assert sum(series[name] for name in CAUSES) == pytest.approx(series["homicides"])


def test_missing_people_follow_organised_homicides_but_for_clashes(played):
    model, series = played
    killed = series["homicides_turf"] + series["homicides_succession"] + series["homicides_predation"]
    assert series["disappearances"] == pytest.approx(model.state.p.disappear * killed)


def test_prisoners_of_groups_that_are_no_more_are_still_in_prison(played):
    model, _ = played
    cartel = model.state.country.cartel[: model.state.country.count.cartels]
    assert cartel.prisoners[cartel.alive == 0].sum() > 0.0


def test_inheritance_is_what_follows_a_splinter(played):
    model, series = played
    count = model.state.country.count
    assert series["broker_inheritance_share"][-1] == pytest.approx(count.brokers_gained / count.brokers_asked, abs=0.02)
    assert 0 < count.brokers_gained < count.brokers_asked / 2


def test_guns_bought_are_those_of_the_ledger_but_for_the_first_of_new_gangs(played):
    model, series = played
    founders = sum(event.size for event in model.events if event.kind == "entry")
    assert series["guns_bought"].sum() == pytest.approx(model.state.country.ledger.bought - founders)
    assert founders > 0.0


def test_tonnes_are_revenue_over_price_less_the_synthetic_share():
    model = Cartelitos(history(years=8, parameters={"synthetic_response": 0.0}), rng=3)
    for _ in range(60):
        c = model.state.country
        price = c.nation.price
        model.step()
        n, p = c.nation, model.state.p
        bought = n.revenue / (p.revenue_us * price) * (1.0 - n.clock_synthetic) * p.tonnes_2006 / 52.1775
        assert c.flow.drug_tonnes == pytest.approx(bought)


def test_attempts_that_are_beaten_back_add_to_homicides_and_to_no_bystanders():
    quiet = {"bystanders": 0.0, "predation_lethality": 0.0, "clash_civilians": 0.0}
    model = Cartelitos(history(years=4, parameters=quiet), rng=3)
    model.run()
    series = model.record.series(model.state.country.flows, model.policy.costs)
    assert series["removals_failed"].sum() > 0.0
    assert series["civilian_deaths"].sum() == 0.0 < series["homicides_confrontation"].sum()


def test_a_war_is_told_once_and_heirs_wars_say_so(played):
    model, _ = played
    wars = [event for event in model.events if event.kind == "war"]
    heirs, others = (
        [(event.date, event.cartel, event.other, event.territory) for event in wars if event.cause == cause] for cause in ("succession", "")
    )
    assert len(heirs) + len(others) == len(wars)
    assert len({*heirs}) == len(heirs) > 0
    assert not {*heirs} & {*others}


EVENTS = {"splits": "split", "absorptions": "absorbed", "dissolutions": "dissolved", "removals": "removal"}


@pytest.mark.parametrize("metric", EVENTS)
def test_events_are_those_of_the_log(played, metric):
    """Absorptions only where the last plaza went."""
    model, series = played
    logged = [event for event in model.events if event.kind == EVENTS[metric]]
    assert series[metric].sum() == pytest.approx(sum(metric != "absorptions" or event.cause == "last" for event in logged))
    assert metric != "absorptions" or series[metric].sum() < len(logged)
