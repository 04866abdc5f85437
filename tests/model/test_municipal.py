"""Mexico by municipality: unequal numbers of places in a state, on a planar map."""

import csv
from collections import defaultdict
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import sim
from sim.model.worlds import load_world
from sim.model.worlds.mesh import facing, inner_links, planar_links, rim, zipped

MIXED = [[1 + step * k % 29 for k in range(32)] for step in (1, 3, 7, 13)]
WORLDS = Path(sim.__file__).parent.parent / "scenarios" / "worlds"


@pytest.fixture(scope="module")
def world():
    return load_world("municipal", {}, WORLDS)


@pytest.fixture(scope="module")
def graph(world):
    return nx.Graph((k, int(j)) for k in range(len(world.ids)) for j in world.neighbours(k))


def by_state(world, array):
    total = defaultdict(float)
    for state, x in zip(world.states, array, strict=True):
        total[state] += x
    return total


def test_as_many_places_as_municipalities(world):
    with (WORLDS / "municipal" / "municipalities.csv").open(encoding="utf-8") as handle:
        counted = {row["state"]: int(row["municipalities"]) for row in csv.DictReader(handle)}
    assert by_state(world, np.ones(len(world.ids))) == counted
    assert (len(world.ids), counted["OAX"], counted["BCS"]) == (2469, 570, 5)
    assert len(set(world.ids)) == 2469
    assert {"OAX-1", "OAX-570"} <= set(world.ids)


def test_nothing_is_lost_in_the_split(world):
    whole = load_world("mexico-2006", {}, WORLDS)
    for people in ("population", "young_men"):
        assert by_state(world, getattr(world, people)) == by_state(whole, getattr(whole, people))
        assert (getattr(world, people) % 1 == 0).all()
    for shares in ("value", "economy", "pipeline"):
        assert by_state(world, getattr(world, shares)) == pytest.approx(by_state(whole, getattr(whole, shares)))
    poppy = by_state(world, world.value * world.poppy)
    assert poppy == pytest.approx(by_state(whole, whole.value * whole.poppy))
    assert np.average(world.background, weights=world.population) == pytest.approx(1)


def test_sizes_follow_zipfs_law(world):
    people = world.population[np.array(world.states) == "OAX"]
    np.testing.assert_allclose(people[0] / people[[1, 9, 99]], [2, 10, 100], rtol=0.01)
    assert world.population.min() > 100


def test_the_map_is_connected_and_planar(graph):
    places, links = graph.number_of_nodes(), graph.number_of_edges()
    assert places == 2469
    assert nx.is_connected(graph)
    assert links <= 3 * places - 6
    assert nx.check_planarity(graph)[0]
    assert 5.3 < 2 * links / places < 6  # the real map: 5.76


def test_states_touch_as_on_the_real_map(world, graph):
    touching = {frozenset((world.states[a], world.states[b])) for a, b in graph.edges}
    pairs = {frozenset((row.a, row.b)) for row in borders()}
    assert {pair for pair in touching if len(pair) == 2} == pairs
    assert len(pairs) == 67
    for state in set(world.states):
        assert nx.is_connected(graph.subgraph(k for k, own in enumerate(world.states) if own == state))


def borders():
    from sim.model.worlds.reader import read_tables

    return read_tables(WORLDS / "mexico-2006").borders


def test_the_map_is_symmetric_and_every_tile_its_own(world):
    pairs = [(k, int(j)) for k in range(len(world.ids)) for j in world.neighbours(k)]
    assert len(pairs) == len(set(pairs)) == len(world.border_to)
    assert {(b, a) for a, b in pairs} == set(pairs)
    assert len(set(zip(world.tile_x.tolist(), world.tile_y.tolist(), strict=True))) == 2469


def test_value_sits_at_gates_and_in_the_sierra(world):
    value, poppy = (dict(zip(world.ids, array, strict=True)) for array in (world.value, world.poppy))
    tamaulipas = np.array([value[f"TAM-{i}"] for i in range(1, 44)])
    assert tamaulipas[:3].sum() > 0.75 * tamaulipas.sum()
    guerrero = np.array([value[f"GRO-{i}"] * poppy[f"GRO-{i}"] for i in range(1, 82)])
    assert guerrero[-6:].sum() > 0.7 * guerrero.sum()
    assert np.sort(world.value)[::-1][:123].sum() > 0.6  # one place in twenty


def test_cartels_hold_only_what_they_have_people_for(world):
    whole = load_world("mexico-2006", {}, WORLDS)

    def totals(country):
        total = defaultdict(float)
        for plaza in country.presence:
            total[plaza.cartel, country.states[plaza.territory], plaza.faction] += plaza.share
        return total

    assert totals(world) == pytest.approx(totals(whole))
    assert min(plaza.share for plaza in world.presence) * world.members.mid >= 5
    held = [(plaza.cartel, plaza.territory) for plaza in world.presence]
    assert held == sorted(set(held))
    assert all((i, cartel.base) in held for i, cartel in enumerate(world.cartels))


def test_it_is_the_same_every_time(world):
    again = load_world("municipal", {}, WORLDS)
    for name in ("population", "value", "border_to", "lon", "lat"):
        np.testing.assert_array_equal(getattr(again, name), getattr(world, name))
    assert again.presence == world.presence


# the mesh


@pytest.mark.parametrize("places", [*range(1, 31), 57, 58, 212, 570])
def test_a_lattice_is_planar_connected_and_its_rim_lies_outside(places):
    lattice = nx.Graph(inner_links(places))
    lattice.add_nodes_from(range(places))
    assert set(lattice) == set(range(places))
    assert nx.is_connected(lattice)
    outer = rim(places)
    assert len(outer) == len(set(outer))
    hub = nx.Graph(lattice)
    hub.add_edges_from(("outside", k) for k in outer)
    hub.add_edges_from(zip(outer, outer[1:] + outer[:1], strict=True) if places > 2 else [])
    hub.remove_edges_from(nx.selfloop_edges(hub))
    assert nx.check_planarity(hub)[0]


def test_zipped_rows_cross_nowhere_and_leave_nobody_out():
    links = list(zipped([1, 2, 3], [7, 8]))
    assert links == sorted(links)
    assert len(links) == 4
    assert {a for a, _ in links} == {1, 2, 3}
    assert {b for _, b in links} == {7, 8}
    assert list(zipped([1], [2])) == [(1, 2)]


def test_every_neighbour_is_faced_on_its_own_side():
    east, south = facing(9, [0.0, np.pi / 2])
    assert set(east) <= {2, 5, 8}
    assert set(south) <= {6, 7, 8}
    assert all(facing(1, [0.0, 0.1, 2.0]))


@pytest.mark.parametrize("counts", [*([n] * 32 for n in range(2, 21)), *MIXED], ids=lambda counts: f"{counts[0]}-{counts[1]}")
def test_any_numbers_of_places_make_a_planar_map(counts):
    whole = load_world("mexico-2006", {}, WORLDS)
    pairs = sorted({(k, int(j)) for k in range(32) for j in whole.neighbours(k) if k < j})
    links = list(planar_links(counts, np.stack([whole.lon, whole.lat], axis=1), pairs))
    graph = nx.Graph(links)
    assert len(links) == graph.number_of_edges()
    assert graph.number_of_nodes() == sum(counts)
    assert nx.is_connected(graph)
    assert nx.check_planarity(graph)[0]
