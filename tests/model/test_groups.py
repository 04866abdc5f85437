"""Mexico in 2020: 150 groups by rule, their states, ties and sizes, synthetic or as published."""

import csv
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.model.worlds import load_world
from sim.model.worlds.network import apportioned
from sim.model.worlds.reader import read_tables
from sim.scenario.problems import ScenarioError
from sim.scenario.worlds import world_ids

WORLDS = Path(sim.__file__).parent.parent / "scenarios" / "worlds"
MEXICO = WORLDS / "mexico-2020"
DATA = WORLDS.parents[1].parent / "shared" / "data"
NODES, EDGES = "bacrim2020_nodes.csv", "bacrim2020_network_edges.csv"


@pytest.fixture(scope="module")
def tables():
    return read_tables(MEXICO)


def read(folder, file):
    with (folder / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(folder, file, rows):
    with (folder / file).open("w", encoding="utf-8", newline="") as handle:
        out = csv.DictWriter(handle, rows[0])
        out.writeheader()
        out.writerows(rows)


def strength(ties, kind):
    """Dyads and strength of every group."""
    dyads, total = Counter(), Counter()
    for tie in ties:
        for group in (tie.a, tie.b) if tie.kind == kind else ():
            dyads[group] += 1
            total[group] += tie.weight
    return dyads, total


# presence


def test_every_state_has_as_many_groups_as_were_counted(tables):
    counted = {row["state"]: int(row["groups"]) for row in read(MEXICO, "totals.csv")}
    there = Counter(plaza.state for plaza in tables.presence)
    assert there == counted
    assert (len(tables.cartels), len(tables.presence)) == (150, 250)
    assert there["CMX"] == 51


def test_every_named_group_stands_in_as_many_states_as_reported_and_in_those_known(tables):
    held = defaultdict(set)
    for plaza in tables.presence:
        held[plaza.cartel].add(plaza.state)
    for row in read(MEXICO, "groups.csv"):
        assert len(held[row["id"]]) == int(row["states"])
        assert {row["base"], *row["known"].split()} <= held[row["id"]]
    assert len(held["cjng"]) == 23
    assert "CHH" not in held["sinaloa"]


def test_who_stands_in_several_states_mostly_hangs_together(tables):
    touching = {frozenset((border.a, border.b)) for border in tables.borders}
    known = {row["id"] for row in read(MEXICO, "groups.csv") if row["known"]}
    held = defaultdict(set)
    for plaza in tables.presence:
        held[plaza.cartel].add(plaza.state)
    wide = [states for group, states in held.items() if len(states) > 1 and group not in known]
    beside = [all(any(frozenset((a, b)) in touching for b in states) for a in states) for states in wide]
    assert len(wide) == 28
    assert sum(beside) > 20


def test_levels_say_who_is_largest_and_who_is_at_home(tables):
    strengths = {cartel.id: cartel.strength for cartel in tables.cartels}
    home = {cartel.id: cartel.base for cartel in tables.cartels}
    largest = {}
    for plaza in tables.presence:
        largest[plaza.state] = max(largest.get(plaza.state, plaza.cartel), plaza.cartel, key=strengths.get)
    for plaza in tables.presence:
        points = (largest[plaza.state] == plaza.cartel) + (home[plaza.cartel] == plaza.state)
        assert plaza.level == ["present", "contested", "dominant"][points]
    assert {plaza.state for plaza in tables.presence if plaza.cartel == "cjng" and plaza.level == "dominant"} == {"JAL"}


# ties


def test_the_synthetic_network_has_the_size_of_the_published_one(tables):
    for kind, dyads, total, hub_dyads, hub_strength in (
        ("alliance", 91, 163, 28, 55),
        ("rivalry", 92, 179, 27, 77),
    ):
        degrees, strengths = strength(tables.ties, kind)
        assert sum(degrees.values()) == 2 * dyads
        assert sum(strengths.values()) == 2 * total
        assert (degrees["cjng"], strengths["cjng"]) == (hub_dyads, hub_strength)
        assert max(degrees.values()) == hub_dyads
        assert 65 <= len(degrees) <= 95  # published: 91 groups with an ally, 71 with a rival
        assert 6 <= sorted(degrees.values())[-2] <= 21


def test_synthetic_ties_join_groups_that_meet_and_none_is_both(tables):
    held = defaultdict(set)
    for plaza in tables.presence:
        held[plaza.cartel].add(plaza.state)
    assert all(held[tie.a] & held[tie.b] for tie in tables.ties)
    assert len({frozenset((tie.a, tie.b)) for tie in tables.ties}) == 183
    assert all(tie.weight >= 1 and tie.weight == int(tie.weight) for tie in tables.ties)


def test_the_same_tables_give_the_same_groups_in_whatever_order_they_are_written(tables, tmp_path):
    copy = Path(shutil.copytree(MEXICO, tmp_path / "mine"))
    for file in ("groups.csv", "totals.csv", "territories.csv"):
        write(copy, file, read(copy, file)[::-1])
    again = read_tables(copy, WORLDS)
    for table in ("cartels", "presence", "ties"):
        assert getattr(again, table) == getattr(tables, table)


# sizes


def test_members_follow_zipfs_law_over_the_strength_of_ties(tables):
    total = Counter()
    for tie in tables.ties:
        total.update({tie.a: tie.weight, tie.b: tie.weight})
    ordered = sorted(tables.cartels, key=lambda cartel: -cartel.strength)
    np.testing.assert_allclose([cartel.strength for cartel in ordered], 1 / np.arange(1, 151))
    ties = [total[cartel.id] for cartel in ordered]
    assert ties == sorted(ties, reverse=True)
    assert ordered[0].id == "cjng"


def test_a_world_of_150_groups():
    world = load_world("mexico-2020", {}, WORLDS)
    assert len(world.cartels) == 150
    assert len(world.ties) == len(world.tie_weights) == 183
    assert world.tie_weights.sum() == 163 + 179
    assert sum(cartel.strength for cartel in world.cartels) == pytest.approx(1)
    assert sum(plaza.share for plaza in world.presence) == pytest.approx(1)
    assert 160_000 <= world.members.low < 170_000 < world.members.mid < 175_000 < world.members.high <= 185_000
    assert world.members.mid * min(plaza.share for plaza in world.presence) > 20
    assert world.population.sum() == 128_209_170
    assert world.clocks["years"][0] == 2020
    assert world.clocks["revenue"][0] == 1
    assert len(world.border_to) == 2 * 67


def test_ids_are_known_before_the_model_reads_anything():
    world = load_world("mexico-2020", {"places": 128}, WORLDS)
    known = world_ids("mexico-2020", {"places": 128}, WORLDS)
    assert {cartel.id for cartel in world.cartels} == set(known.cartels)
    assert set(world.ids) <= set(known.territories)


def test_apportioned_shares_out_everything_in_whole_numbers():
    assert apportioned(7, np.array([1, 1, 1])).tolist() == [3, 2, 2]
    assert apportioned(0, np.array([2, 1])).tolist() == [0, 0]
    assert apportioned(10, np.array([3, 1])).tolist() == [8, 2]


# the published network


@pytest.fixture
def network(tmp_path):
    """A user's download, made up: 150 nodes, of which the last is the hub and meets everybody it can."""
    named = {int(row["number"]): int(row["states"]) for row in read(MEXICO, "groups.csv")}
    states = [named.get(number, 1) for number in range(1, 151)]
    for number in [number for number in range(1, 151) if number not in named][: 250 - sum(states)]:
        states[number - 1] += 1
    nodes = [{"node": f"N{10000 + k}", "group": f"Los {k}", "n_states_2020": n, "note": "x"} for k, n in enumerate(states, 1)]
    edges = [
        {"kind": kind, "a": "N10025", "b": f"N{10000 + k}", "weight": weight}
        for kind, first, weight in (("alliance", 30, 1), ("rivalry", 60, 2))
        for k in range(first, first + 20)
    ]
    folder = tmp_path / "ties"
    folder.mkdir()
    write(folder, NODES, nodes)
    write(folder, EDGES, edges)
    return folder


def test_a_users_network_brings_names_states_and_ties(network):
    world = load_world("mexico-2020", {"ties": str(network)}, WORLDS)
    shipped = load_world("mexico-2020", {}, WORLDS)
    assert {cartel.id for cartel in world.cartels} == {cartel.id for cartel in shipped.cartels}
    names = {cartel.id: cartel.name for cartel in world.cartels}
    assert (names["cjng"], names["group-001"]) == ("Los 25", "Los 1")
    assert Counter(tie.kind for tie in world.ties) == {"alliance": 20, "rivalry": 20}
    assert world.tie_weights.sum() == 20 + 40
    sizes = {cartel.id: cartel.strength for cartel in world.cartels}
    ranked = sorted(sizes, key=sizes.get, reverse=True)
    assert ranked[0] == "cjng"
    assert "group-060" in ranked[1:21]  # a rivalry of weight 2 ranks before an alliance of 1
    assert Counter(world.ids[plaza.territory] for plaza in world.presence)["CMX"] == 51


def test_groups_go_where_their_ties_are(network):
    edges = read(network, EDGES)
    write(network, EDGES, [*edges, {"kind": "alliance", "a": "N10002", "b": "N10015", "weight": 9}])
    held = defaultdict(set)
    for plaza in read_tables(MEXICO, ties=network).presence:
        held[plaza.cartel].add(plaza.state)
    assert held["group-002"] & held["tlahuac"]


def problems(**given):
    with pytest.raises(ScenarioError) as caught:
        read_tables(MEXICO, **given)
    return {(Path(found.file).name, found.line, found.field) for found in caught.value.problems}


@pytest.mark.parametrize(
    ("file", "line", "field", "text", "told"),
    [
        (NODES, 2, "node", "N2", {(NODES, 2, "node")}),
        (NODES, 3, "node", "N10001", {(NODES, 3, "node")}),
        (NODES, 3, "n_states_2020", "0", {(NODES, 3, "n_states_2020")}),
        (NODES, 3, "n_states_2020", "5", {(NODES, None, "n_states_2020")}),
        (NODES, 3, "node", "N10777", {(NODES, 3, "node")}),
        (EDGES, 2, "a", "N10999", {(EDGES, 2, "a")}),
        (EDGES, 2, "kind", "friend", {(EDGES, 2, "kind")}),
        (EDGES, 2, "weight", "-1", {(EDGES, 2, "weight")}),
        (EDGES, 2, "weight", "nan", {(EDGES, 2, "weight")}),
        (EDGES, 2, "b", "N10025", {(EDGES, 2, "b")}),
        (EDGES, 3, "b", "N10030", {(EDGES, 3, "a")}),
    ],
)
def test_a_broken_network_is_told_with_file_and_line(network, file, line, field, text, told):
    rows = read(network, file)
    rows[line - 2][field] = text
    write(network, file, rows)
    assert problems(ties=network) >= told


def test_a_network_without_a_column_or_with_a_group_missing_is_told(network):
    nodes = read(network, NODES)
    write(network, NODES, nodes[:-1])
    assert problems(ties=network) == {(NODES, None, "")}
    write(network, NODES, [{"node": row["node"], "name": row["group"]} for row in nodes])
    assert problems(ties=network) >= {(NODES, 1, "group"), (NODES, 1, "n_states_2020")}


def test_the_published_network():
    if not (DATA / NODES).is_file():
        pytest.skip(f"the published network is not in {DATA}")
    tables = read_tables(MEXICO, ties=DATA)
    for kind, dyads, hub in (("alliance", 91, 55), ("rivalry", 92, 77)):
        degrees, strengths = strength(tables.ties, kind)
        assert sum(degrees.values()) == 2 * dyads
        assert strengths["cjng"] == hub
    ordered = sorted(tables.cartels, key=lambda cartel: -cartel.strength)
    assert [cartel.id for cartel in ordered[:5]] == ["cjng", "sinaloa", "nueva-familia", "noreste", "union-tepito"]
    counted = {row["state"]: int(row["groups"]) for row in read(MEXICO, "totals.csv")}
    assert Counter(plaza.state for plaza in tables.presence) == counted
    held = defaultdict(set)
    for plaza in tables.presence:
        held[plaza.cartel].add(plaza.state)
    assert sum(bool(held[tie.a] & held[tie.b]) for tie in tables.ties) > 160
