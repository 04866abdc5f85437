"""Who governs where: the outside series of governments, and what their concert and a fall's disorder do to war and peace."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.catalogue.parameters import Parameters
from sim.model.clock import Calendar
from sim.model.concert import aligned
from sim.model.mechanisms import peace
from sim.model.model import Cartelitos
from sim.model.worlds import load_world
from sim.model.worlds.world import Government
from sim.scenario import load
from sim.scenario.problems import ScenarioError
from sim.scenario.read import WORLDS, shipped_folder

FOLDER = shipped_folder() / WORLDS
MEXICO = load_world("mexico-2006", {}, FOLDER)
CALENDAR = Calendar(date(2006, 12, 1), 840)


def states(week):
    return {state for state, here in zip(MEXICO.states, aligned(MEXICO, CALENDAR)[week], strict=True) if here}


def test_the_series_gives_the_counts_that_were_printed():
    pri_2012, late_2017 = (date(2012, 7, 1), date(2017, 11, 27))
    governors = {day: [_party(state, day) for state in MEXICO.states] for day in (pri_2012, late_2017)}
    assert governors[pri_2012].count("PRI") == 20
    assert governors[late_2017].count("PRI") == 14


def _party(state, day):
    return [row.party for row in MEXICO.governments if row.state == state and row.since <= day][-1]


def test_alignment_turns_with_either_election():
    before, after = CALENDAR.week(date(2012, 11, 20)), CALENDAR.week(date(2012, 12, 10))
    assert "TAM" not in states(before)  # PRI under a president of the PAN
    assert "TAM" in states(after)  # the same governor, another president
    assert "BCN" in states(before)
    assert "BCN" not in states(after)
    assert len(states(after)) == 20
    assert len(states(CALENDAR.week(date(2019, 7, 1)))) < 6


def test_places_of_a_state_share_its_government_and_a_country_without_a_table_has_none():
    split = load_world("mexico-2006", {"places": 64}, FOLDER)
    whole = dict(zip(MEXICO.states, aligned(MEXICO, CALENDAR).T, strict=True))
    assert all(np.array_equal(row, whole[state]) for row, state in zip(aligned(split, CALENDAR).T, split.states, strict=True))
    assert not aligned(load_world("grid", {}, FOLDER), CALENDAR).any()
    assert not aligned(replace(MEXICO, governments=(Government(date(2030, 1, 1), "NATION", "PAN"),)), CALENDAR).any()


def wars(world, **parameters):
    """Mean number of open wars in the last two of four years, over four seeds."""
    scenario = load("baseline", ["world.years=4", *(f"parameters.{name}={value}" for name, value in parameters.items())])
    found = []
    for seed in range(4):
        model = Cartelitos(scenario, rng=seed, world=world)
        while model.running:
            model.step()
            if model.week > 104:
                pairs = model.state.country.pair[: model.state.country.count.pairs]
                found.append((pairs.open > 0).sum())
        model.release()
    return float(np.mean(found))


def test_governments_of_one_party_keep_the_peace_and_at_no_concert_nothing():
    one = replace(MEXICO, governments=tuple(Government(date(2000, 1, 1), state, "PRI") for state in ("NATION", *sorted(MEXICO.states))))
    none = replace(MEXICO, governments=())
    assert wars(one, concert=0.9) < 0.7 * wars(none, concert=0.9)
    assert wars(one, concert=0.0) == wars(none, concert=0.0)


def test_after_the_last_week_everybody_stays_in_office():
    """Whoever looks at a week beyond the calendar sees the last one, not what lies behind the table."""
    model = Cartelitos(load("baseline", ["world.years=1"]), rng=1)
    c, rule = model.state.country, getattr(peace.restraint, "py_func", peace.restraint)
    found = []
    for week in (model.calendar.weeks - 1, 10_000):
        c.now.week = week
        found.append([rule(c, k) for k in range(c.zone.size)])
    assert found[0] == found[1]
    assert 0.0 in found[0]
    assert max(found[0]) == model.state.p.concert


def test_a_fall_leaves_disorder_at_the_seat_that_fades():
    model = Cartelitos(load("baseline", ["world.years=3", "policy.kingpin_targeting.intensity=0"]), rng=1)
    cartel = model.named("juarez")
    seat = int(model.state.country.cartel.seat[cartel.row])
    model.remove_kingpin(cartel, "killing")
    assert model.state.country.territory.disorder[seat] == 1.0
    for _ in range(9):
        model.step()
    left = model.state.country.territory.disorder[seat]
    assert left == pytest.approx((1.0 - 4.0 / Parameters().disorder_weeks) ** 3)  # looked at every four weeks, from the first on


def test_a_table_of_governments_is_checked(tmp_path):
    for path in (FOLDER / "mexico-2006").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "governments.csv"
    good = table.read_text(encoding="utf-8")
    table.write_text(good + "AGO,2010-12-01,PRI,governors,recalled\nAGU,2010-12-01,PRI,governors,recalled\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_world(str(tmp_path), {}, FOLDER)
    said = str(caught.value)
    assert "'AGO' is not in territories.csv" in said
    assert "repeats line" in said
    table.write_text("\n".join(line for line in good.splitlines() if not line.startswith("NATION")), encoding="utf-8")
    with pytest.raises(ScenarioError, match="does not say who governs the NATION"):
        load_world(str(tmp_path), {}, FOLDER)
