"""The initial country: its tables, their split into places, and what people are told about broken ones."""

import csv
import pickle
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.model.worlds import load_world
from sim.model.worlds.reader import read_tables
from sim.scenario.problems import ScenarioError

WORLDS = Path(sim.__file__).parent.parent / "scenarios" / "worlds"
MEXICO = WORLDS / "mexico-2006"
SHARES = ["value", "economy", "pipeline", "users"]
SPLITS = [32, 64, 96, 128, 512]


def mexico(places=32):
    return load_world("mexico-2006", {"places": places}, WORLDS)


def grid(**sizes):
    return load_world("grid", sizes, WORLDS)


def by_state(world, array):
    total = defaultdict(float)
    for state, x in zip(world.states, array, strict=True):
        total[state] += x
    return total


def component(world, territories):
    """The largest set of the territories that hangs together over borders."""
    left, best = set(territories), set()
    while left:
        part, edge = set(), [left.pop()]
        while edge:
            k = edge.pop()
            part.add(k)
            near = left & {int(j) for j in world.neighbours(k)}
            left -= near
            edge += near
        best = max(best, part, key=len)
    return best


# the country as compiled


def test_thirty_two_states_with_the_population_of_2006():
    world = mexico()
    assert len(world.ids) == len(set(world.ids)) == 32
    assert world.population.sum() == 107_885_646
    assert 0.12 < world.young_men.sum() / world.population.sum() < 0.14


def test_sixty_seven_borders_and_the_peninsula_hangs_on_one():
    world = mexico()
    assert len(world.border_to) == 2 * 67
    at = {state: k for k, state in enumerate(world.ids)}
    assert [world.ids[k] for k in world.neighbours(at["BCS"])] == ["BCN"]
    assert max(len(world.neighbours(k)) for k in range(32)) == len(world.neighbours(at["MEX"])) == 8


def test_trafficking_value_sits_at_gates_and_poppy_in_the_sierra():
    world = mexico()
    value = dict(zip(world.ids, world.value, strict=True))
    poppy = dict(zip(world.ids, world.poppy, strict=True))
    assert sorted(value, key=value.get)[-4:] == sorted(["BCN", "SON", "CHH", "TAM"], key=value.get)
    assert min(value.values()) > 0
    assert {state for state in poppy if poppy[state] > 0} == {"CHH", "DUR", "GRO", "JAL", "MIC", "NAY", "OAX", "SIN"}
    assert poppy["GRO"] > 0.5 > poppy["CHH"]


def test_background_is_relative_to_the_national_rate():
    world = mexico()
    assert np.average(world.background, weights=world.population) == pytest.approx(1)
    assert dict(zip(world.ids, world.background, strict=True))["YUC"] < 0.3


def test_eight_organisations_and_no_state_without_neighbouring_power():
    world = mexico()
    names = [cartel.id for cartel in world.cartels]
    assert names == ["colima", "gulf", "juarez", "la-familia", "milenio", "oaxaca", "sinaloa", "tijuana"]
    assert sum(cartel.strength for cartel in world.cartels) == pytest.approx(1)
    assert set(world.ids) - {world.ids[plaza.territory] for plaza in world.presence} == {"TLA"}


@pytest.mark.parametrize(
    ("faction", "together"),
    [
        ("beltran-leyva", {"GRO", "MOR", "CMX", "MEX", "QUE"}),
        ("zetas", {"COA", "NLE", "VER", "TAB", "HID", "PUE", "CHP", "ROO"}),
    ],
)
def test_a_wing_that_can_leave_touches(faction, together):
    world = mexico()
    wing = [plaza.territory for plaza in world.presence if plaza.faction == faction]
    assert together <= {world.ids[k] for k in component(world, wing)}


def test_federations_have_factions_within():
    world = mexico()
    factions = defaultdict(set)
    for plaza in world.presence:
        factions[world.cartels[plaza.cartel].id].add(plaza.faction)
    assert {"sinaloa-centre", "sinaloa-pacific", "beltran-leyva"} == factions["sinaloa"]
    assert {"gulf-matamoros", "zetas"} == factions["gulf"]
    assert {"arellano", "teo"} == factions["tijuana"]


def test_ties_name_two_different_cartels():
    world = mexico()
    ids = [cartel.id for cartel in world.cartels]
    named = {(ids[tie.a], ids[tie.b]): tie.kind for tie in world.ties}
    assert named["sinaloa", "gulf"] == "rivalry"
    assert named["sinaloa", "milenio"] == "alliance"
    assert all(tie.a != tie.b for tie in world.ties)


def test_clocks_run_every_year_and_stand_still_after_the_last_fact():
    clocks = mexico().clocks
    years = clocks["years"]
    assert years.tolist() == list(range(2006, 2031))
    assert all(len(series) == len(years) and np.isfinite(series).all() for series in clocks.values())
    assert clocks["revenue"][0] == 1
    parts = sum(clocks[name] for name in ("cocaine", "cannabis", "heroin", "methamphetamine", "fentanyl"))
    np.testing.assert_allclose(clocks["revenue"], parts / parts[0])
    for name in ("revenue", "synthetic_share", "colombian_output"):
        assert len(set(clocks[name][years >= 2023])) == 1
    share = dict(zip(years, clocks["synthetic_share"], strict=True))
    assert share[2006] == pytest.approx(2707 / 34425, abs=6e-4)
    assert share[2021] == pytest.approx(70601 / 106699, abs=6e-4)


def test_members_are_a_band():
    low, mid, high = mexico().members
    assert 60_000 <= low < mid < high <= 130_000


def test_tiles_keep_most_neighbours():
    world = mexico()
    tiles = list(zip(world.tile_x.tolist(), world.tile_y.tolist(), strict=True))
    assert len(set(tiles)) == 32
    touching = 0
    for k in range(32):
        for j in world.neighbours(k):
            touching += max(abs(tiles[k][0] - tiles[j][0]), abs(tiles[k][1] - tiles[j][1])) == 1
    assert touching // 2 == 57


def test_every_row_names_known_sources_and_a_status():
    tables = read_tables(MEXICO)
    rows = [row for table in tables[1:] for row in table]
    used = {key for row in rows for key in row.source.split()} | {tables.header.members.source}
    assert len(rows) > 150
    assert used - {"ASSUMED"} == set(tables.header.sources)
    assert all(row.status in ("seen", "recalled", "derived", "assumed") for row in rows)
    assert {row.status for row in tables.cartels} == {"assumed"}


def test_every_described_column_exists():
    described = read_tables(MEXICO).header.tables
    for table, columns in described.items():
        with (MEXICO / f"{table}.csv").open(encoding="utf-8") as handle:
            assert set(columns) <= set(next(csv.reader(handle)))
    assert set(described) == {path.stem for path in MEXICO.glob("*.csv") if not path.name.startswith("plausible-")}  # by a fit


# any split


@pytest.mark.parametrize("places", SPLITS)
def test_a_split_conserves_everything_by_state(places):
    whole, split = mexico(), mexico(places)
    assert len(split.ids) == len(set(split.ids)) == places
    for people in ("population", "young_men"):
        assert by_state(split, getattr(split, people)) == by_state(whole, getattr(whole, people))
        assert (getattr(split, people) % 1 == 0).all()
    for shares in SHARES:
        fine, coarse = by_state(split, getattr(split, shares)), by_state(whole, getattr(whole, shares))
        assert sum(fine.values()) == pytest.approx(1, abs=1e-12)
        if shares != "users":  # whole people round
            assert fine == pytest.approx(coarse, abs=1e-12)
    assert by_state(split, split.value * split.poppy) == pytest.approx(by_state(whole, whole.value * whole.poppy))
    assert np.average(split.background, weights=split.population) == pytest.approx(1)


@pytest.mark.parametrize("places", SPLITS)
def test_a_split_conserves_members_by_cartel_state_and_faction(places):
    def totals(world):
        total = defaultdict(float)
        for plaza in world.presence:
            total[plaza.cartel, world.states[plaza.territory], plaza.level, plaza.faction] += plaza.share
        return total

    split = mexico(places)
    assert totals(split) == pytest.approx(totals(mexico()), abs=1e-12)
    assert abs(sum(plaza.share for plaza in split.presence) - 1) < 1e-12
    assert min(plaza.share for plaza in split.presence) > 0


WORLDS_TO_CHECK = [("mexico-2006", {"places": places}) for places in SPLITS] + [
    ("grid", {}),
    ("grid", {"rows": 1, "columns": 1, "cartels": 1}),
    ("grid", {"rows": 3, "columns": 7, "cartels": 21}),
]


@pytest.mark.parametrize(("name", "options"), WORLDS_TO_CHECK)
def test_borders_are_symmetric_and_connect_the_country(name, options):
    world = load_world(name, options, WORLDS)
    count = len(world.ids)
    pairs = [(k, int(j)) for k in range(count) for j in world.neighbours(k)]
    assert len(pairs) == len(set(pairs)) == len(world.border_to)
    assert {(b, a) for a, b in pairs} == set(pairs)
    assert all(a != b for a, b in pairs)
    assert len(component(world, range(count))) == count


@pytest.mark.parametrize(("name", "options"), WORLDS_TO_CHECK)
def test_each_cartel_has_its_base_and_one_plaza_per_place(name, options):
    world = load_world(name, options, WORLDS)
    held = [(plaza.cartel, plaza.territory) for plaza in world.presence]
    assert held == sorted(set(held))
    assert all((i, cartel.base) in held for i, cartel in enumerate(world.cartels))


def test_splitting_a_state_joins_facing_sides():
    world = mexico(128)
    assert world.ids[4:8] == ("BCN-1", "BCN-2", "BCN-3", "BCN-4")
    between = {(world.ids[k], world.ids[j]) for k in range(4, 8) for j in world.neighbours(k) if world.states[j] != "BCN"}
    assert between == {("BCN-2", "SON-1"), ("BCN-4", "SON-3"), ("BCN-3", "BCS-1"), ("BCN-4", "BCS-2")}
    tiles = set(zip(world.tile_x.tolist(), world.tile_y.tolist(), strict=True))
    assert len(tiles) == 128


def test_levels_decide_how_many_places_a_cartel_holds():
    world = mexico(128)
    held = Counter((plaza.cartel, world.states[plaza.territory], plaza.level) for plaza in world.presence)
    assert {(level, count) for (_, _, level), count in held.items()} == {
        ("dominant", 4),
        ("contested", 3),
        ("present", 1),
    }


def test_rivals_in_a_state_meet_in_some_places_and_not_in_others():
    world = mexico(128)
    held = defaultdict(set)
    for plaza in world.presence:
        if world.states[plaza.territory] == "MIC":
            held[world.cartels[plaza.cartel].id].add(world.ids[plaza.territory])
    assert held["la-familia"] & held["gulf"]
    assert held["la-familia"] - held["gulf"]
    assert held["gulf"] - held["la-familia"]


def test_the_gate_and_the_sierra_take_their_part():
    world = mexico(128)
    value = dict(zip(world.ids, world.value, strict=True))
    poppy = dict(zip(world.ids, world.poppy, strict=True))
    assert value["TAM-1"] > 0.75 * sum(value[f"TAM-{i}"] for i in range(1, 5))
    assert poppy["SIN-4"] > 0.9 > poppy["SIN-1"]


def test_a_world_is_read_only_and_travels_to_workers():
    world = pickle.loads(pickle.dumps(mexico(128)))
    np.testing.assert_array_equal(world.value, mexico(128).value)
    with pytest.raises(ValueError, match="read-only"):
        mexico().value[0] = 1


# grid


def test_a_grid_is_homogeneous():
    world = grid(rows=3, columns=5, cartels=2)
    assert len(world.ids) == 15
    for shares in SHARES:
        np.testing.assert_allclose(getattr(world, shares), 1 / 15)
    assert set(world.background) == {1.0}
    assert [int(j) for j in world.neighbours(7)] == [2, 6, 8, 12]
    assert [int(j) for j in world.neighbours(0)] == [1, 5]
    assert {cartel.strength for cartel in world.cartels} == {0.5}
    assert (world.tile_x[7], world.tile_y[7]) == (2, 1)


# what people are told


def problems(call, *args):
    with pytest.raises(ScenarioError) as caught:
        call(*args)
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "options", "field", "hint"),
    [
        ("mexico-206", {}, "world.name", "mexico-2006"),
        ("", {}, "world.name", "grid"),
        ("mexico-2006", {"places": 33}, "world.places", "128"),
        ("mexico-2006", {"places": 32 * 65}, "world.places", "128"),
        ("mexico-2006", {"places": 0}, "world.places", None),
        ("mexico-2006", {"places": True}, "world.places", None),
        ("mexico-2006", {"place": 32}, "world.place", "places"),
        ("grid", {"row": 3}, "world.row", "rows"),
        ("grid", {"places": 32}, "world.places", None),
        ("grid", {"rows": 1, "columns": 2, "cartels": 3}, "world.cartels", None),
    ],
)
def test_wrong_names_and_options_are_explained(name, options, field, hint):
    (found,) = problems(load_world, name, options, WORLDS)
    assert found.field == field
    assert hint is None or hint in found.hint


def test_two_wrong_options_are_told_together():
    assert len(problems(load_world, "grid", {"row": 3, "columns": -1}, WORLDS)) == 2


def test_a_world_of_many_cartels_is_made_in_one_pass_over_its_plazas(monkeypatch):
    from sim.model.worlds import world as making

    passes = []

    class Plazas(tuple):
        def __iter__(self):
            passes.append(len(self))
            return super().__iter__()

    seeds = making._seeds
    monkeypatch.setattr(making, "_seeds", lambda tables, places, presence: seeds(tables, places, Plazas(presence)))
    for cartels in (2, 20):
        passes.clear()
        load_world("grid", {"rows": 5, "columns": 4, "cartels": cartels}, Path())
        assert len(passes) == 1
