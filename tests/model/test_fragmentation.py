"""What the project is about: removals fragment, fragments prey, and both through mechanisms that can be switched off."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
from cases import scenario

from sim.model.model import Cartelitos
from sim.model.run import Outcome, simulate
from sim.scenario import Event, load

SEEDS = range(8)
SCRIPT = (
    Event(date(2007, 1, 19), "removal", "gulf", mode="extradition"),
    Event(date(2007, 3, 1), "split", "sinaloa"),
    Event(date(2007, 4, 1), "alliance", "sinaloa", other="gulf"),
    Event(date(2007, 5, 1), "rupture", "sinaloa", other="gulf"),
    Event(date(2007, 6, 1), "removal", "no-such-cartel"),
)


@cache
def history(seed: int, **parameters: float) -> Outcome:
    shipped = load("baseline")
    return simulate(scenario(*shipped.policy, years=8, parameters=parameters), seed)


@cache
def calm(seed: int, **parameters: float) -> Outcome:
    """The same history without attempts against leaders."""
    policy = [p for p in load("baseline").policy if p.lever not in ("kingpin_targeting", "rewards")]
    return simulate(scenario(*policy, years=8, parameters=parameters), seed)


def test_cartels_fragment_in_every_world() -> None:
    for seed in SEEDS:
        result = history(seed)
        assert result.series["splits"].sum() > 0
        assert result.series["groups_active"][-1] > 2 * result.series["groups_active"][0]
        assert any(row.kind == "split" and row.cause == "succession" for row in result.events)


def predation(**parameters: float) -> tuple[float, float]:
    """Share of income that is predation over all worlds: of groups born of splits, and of the founders."""
    prey, income = np.zeros(2), np.zeros(2)
    for seed in SEEDS:
        model = Cartelitos(scenario(*load("baseline").policy, years=8, parameters=parameters), rng=seed)
        model.run()
        c = model.state.country.cartel
        for row, cartel in model.cartels.items():
            if cartel.died is None and cartel.origin != "entry" and cartel.born < model.week - 104:
                born_of_split = int(cartel.parent is not None)
                prey[born_of_split] += c.predation_income[row]
                income[born_of_split] += c.predation_income[row] + c.traffic_income[row]
        model.release()
    founders, splinters = prey / income
    return float(splinters), float(founders)


def test_splinters_prey_because_they_lose_brokers() -> None:
    """Let heirs share all brokers and the difference between splinters and founders is gone."""
    splinters, founders = predation()
    assert splinters > founders + 0.1
    sharing_splinters, sharing_founders = predation(broker_split=0.0)
    assert abs(sharing_splinters - sharing_founders) < 0.4 * (splinters - founders)


def test_removals_matter_to_violence_through_contest() -> None:
    """Switch fighting off and removals hardly move homicides."""

    def effect(**parameters: float) -> np.ndarray:
        return np.array(
            [history(seed, **parameters).series["homicides"].sum() - calm(seed, **parameters).series["homicides"].sum() for seed in SEEDS]
        )

    with_contest, without = effect(), effect(contest_on=0.0)
    assert np.abs(with_contest).mean() > 2000
    assert np.abs(without).mean() < 0.2 * np.abs(with_contest).mean()
    for seed in SEEDS:
        off = history(seed, contest_on=0.0).series
        assert off["homicides_turf"].sum() == off["homicides_succession"].sum() == 0.0


def test_heirs_inherit_what_the_ledger_says() -> None:
    model = Cartelitos(scenario(*load("baseline").policy, years=3), rng=2)
    sinaloa = model.named("sinaloa")
    assert sinaloa is not None
    for _ in range(60):
        model.step()
    before = model.state.stocks()
    model.remove_kingpin(sinaloa, "killing")
    after = model.state.stocks()
    model.state.close_ledger()
    for stock in ("members", "cash", "arms"):
        moved_home = before[stock] - after[stock]
        assert moved_home >= 0.0, f"{stock} appeared in a succession"
    assert sinaloa.kingpin is not None
    assert sinaloa.kingpin.rank == "kingpin"


def test_scripted_events_take_the_same_way() -> None:
    result = simulate(scenario(years=1, events=SCRIPT), 1)
    told = [(row.date, row.kind, row.cartel) for row in result.events]
    assert any(kind == "removal" and cartel == "gulf" and abs((day - date(2007, 1, 19)).days) < 7 for day, kind, cartel in told)
    assert any(kind == "alliance" and cartel == "sinaloa" for _, kind, cartel in told)
    assert any(kind == "rupture" and cartel == "sinaloa" for _, kind, cartel in told)
    assert any(kind == "skipped" for _, kind, _ in told)
    assert result.series["extraditions"].sum() >= 1


def test_a_run_is_its_weeks() -> None:
    """Weeks are played in as few calls as scripted events and full tables allow, or one by one."""
    whole, single = (Cartelitos(scenario(*load("baseline").policy, years=4, events=SCRIPT), rng=5) for _ in range(2))
    while single.running:
        single.step()
    whole.run()
    single.run()  # closes the books
    assert whole.log.lines == single.log.lines
    assert whole.names == single.names
    assert np.array_equal(whole.record.stocks, single.record.stocks)
    assert np.array_equal(whole.state.country.flows, single.state.country.flows)
    assert np.array_equal(whole.state.country.territory.floats, single.state.country.territory.floats)


def test_events_go_on_where_a_table_was_full() -> None:
    """Before every week the log is cut down to what it holds and the week may note, so that every event has to wait for room."""
    told = []
    for full in (False, True):
        model = Cartelitos(load("baseline", ["world.years=3"]), rng=7)
        while model.running:
            if full:
                c = model.state.country
                model.state.country = replace(c, log=c.log.resized(c.count.lines + 400))
            model.step()
        model.state.close_ledger()
        told.append((model.log.lines, [cartel.name for cartel in model.cartels.values()]))
    assert len(told[0][0]) > 100
    assert told[0] == told[1]


def removals_by(event: Event) -> list[tuple[str, str]]:
    """Groups and causes of removals in a year without any effort, but for one event."""
    return [(row.cartel, row.cause) for row in simulate(scenario(years=1, events=(event,)), 1).events if row.kind == "removal"]


def test_a_family_that_heads_no_group_loses_a_lieutenant() -> None:
    (found,) = removals_by(Event(date(2007, 3, 1), "removal", "beltran-leyva", mode="killing"))  # a wing of Sinaloa in 2007
    assert found == ("sinaloa", "lieutenant killing")


def test_a_family_that_heads_a_group_loses_its_kingpin() -> None:
    assert removals_by(Event(date(2007, 3, 1), "removal", "carrillo")) == [("juarez", "capture")]
    assert removals_by(Event(date(2007, 3, 1), "removal", "juarez")) == [("juarez", "capture")]


def test_a_scripted_lieutenant_falls_in_the_cartel_or_family_named() -> None:
    for name in ("juarez", "carrillo"):
        assert removals_by(Event(date(2007, 3, 1), "removal", name, rank="lieutenant")) == [("juarez", "lieutenant capture")]


def test_a_family_of_which_nobody_is_left_is_skipped() -> None:
    run = simulate(scenario(years=1, events=(Event(date(2007, 3, 1), "removal", "nobody"),)), 1)
    assert [row.kind for row in run.events if row.kind in ("removal", "skipped")] == ["skipped"]
