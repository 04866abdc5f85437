"""The option `ties`: a folder with the published network, for worlds whose groups follow from a rule."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load
from sim.scenario.load import resolved_toml
from sim.scenario.worlds import group_ids, table_files, tables_digest, world_ids, world_options

NODES, EDGES = "bacrim2020_nodes.csv", "bacrim2020_network_edges.csv"


@pytest.fixture
def groups(folder) -> Path:
    """A world of three groups, one of them named, that rests on mexico-2006; a network beside the scenarios."""
    home = folder / "scenarios" / "worlds" / "mexico-2020"
    home.mkdir()
    (home / "world.toml").write_text('base = "mexico-2006"\nyear = 2020\n[network]\ngroups = 3\n')
    (home / "groups.csv").write_text("number,id\n2,cjng\n")
    (folder / "data").mkdir()
    for file in (NODES, EDGES):
        (folder / "data" / file).write_text("node\nN10001\n")
    return home


WORLD = '[world]\nname = "mexico-2020"\nstart = "2020-12"\n'


def told(name, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load(name, overrides)
    return [str(problem) for problem in caught.value.problems]


def test_the_path_is_taken_from_the_file_that_names_it(groups, write, folder):
    write(WORLD + 'ties = "../data"\n')
    assert load("mine").world_options == {"places": 2, "ties": str(folder / "data")}
    assert load("mine", ['world.ties="data"']).world_options["ties"] == str(folder / "data")


def test_resolved_scenarios_name_the_folder(groups, write, folder):
    write(WORLD + 'ties = "../data"\n')
    text = resolved_toml(load("mine"))
    (folder / "again.toml").write_text(text)
    assert f'ties = "{folder / "data"}"' in text
    assert load("again.toml").content() == load("mine").content()


def test_a_run_is_known_by_what_the_network_says_and_not_by_where_it_lies(groups, write, folder):
    write(WORLD + 'ties = "../data"\n')
    before = load("mine")
    (folder / "data").rename(folder / "elsewhere")
    moved = load("mine", ['world.ties="elsewhere"'])
    assert moved.digest() == before.digest()
    write(WORLD)
    assert load("mine").digest() != before.digest()
    (folder / "elsewhere" / EDGES).write_text("node\nN10002\n")
    assert load("mine", ['world.ties="elsewhere"']).digest() != before.digest()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ('ties = "nowhere"', "line 5, world.ties: there is no folder 'nowhere'; name a folder that holds"),
        ('ties = ""', "line 5, world.ties: there is no folder ''"),
        ("ties = 3", "line 5, world.ties: should be text in quotes, not 3"),
        ('ties = "worlds"', f"line 5, world.ties: the folder 'worlds' has no {NODES}"),
        ('tie = "../data"', "line 5, world.tie: unknown field 'tie'; did you mean 'ties'?"),
    ],
)
def test_wrong_folders_are_told_with_their_line(groups, write, option, message):
    write(WORLD + option + "\n")
    assert any(message in problem for problem in told("mine")), told("mine")


def test_both_files_are_missed(groups, write):
    write(WORLD + 'ties = "worlds"\n')
    assert len(told("mine")) == 2


def test_a_world_with_ties_of_its_own_takes_none(groups, write):
    write('[world]\nties = "../data"\n')
    (problem,) = told("mine")
    assert "world.ties: 'mexico-2006' does not take it: its ties stand in its own tables" in problem


def test_the_grid_takes_none(groups, write):
    text = 'title = "x"\n[world]\nname = "grid"\nstart = "2006"\nyears = 1\nties = "../data"\n'
    write(text, head="")
    assert any("unknown field 'ties'" in problem for problem in told("mine"))


def test_a_world_by_municipality_has_no_places(groups, write, folder):
    (groups / "municipalities.csv").write_text("state,municipalities\nSIN,3\nCHH,1\n")
    write(WORLD + "places = 4\n")
    (problem,) = told("mine")
    assert "world.places: 'mexico-2020' does not take it: its states are already split" in problem
    write(WORLD + '[policy.arms_control]\nintensity = 1.0\nwhere = ["SIN-3", "CHH"]\n')
    assert load("mine").world_options == {}
    write(WORLD + '[policy.arms_control]\nintensity = 1.0\nwhere = ["SIN-4"]\n')
    assert "this world has no place 'SIN-4'" in told("mine")[0]


def test_ids_of_a_world_by_rule(groups):
    home = groups.parent
    assert world_ids("mexico-2020", {}, home) == (("SIN", "CHH"), ("group-001", "cjng", "group-003"), ())
    assert group_ids(2, {}) == ("group-001", "group-002")
    assert world_options(groups, home) == ("places", "ties")
    assert world_options(home / "mexico-2006", home) == ("places",)
    assert world_options(None, home) == ()


@pytest.mark.parametrize("network", ["", "[network]\ngroups = 1e99\n", '[network]\ngroups = "x"\n', "network = 3\n"])
def test_nonsense_is_left_to_the_model(groups, network):
    (groups / "world.toml").write_text('base = "mexico-2006"\n' + network)
    world_ids("mexico-2020", {}, groups.parent)


def test_a_base_lends_what_is_not_there(groups):
    home = groups.parent
    files = table_files(groups, home)
    assert files["territories.csv"].parent.name == "mexico-2006"
    assert "cartels.csv" not in files
    (groups / "groups.csv").unlink()
    assert table_files(groups, home)["cartels.csv"].parent.name == "mexico-2006"


def test_the_digest_follows_the_base(groups):
    home = groups.parent
    before = tables_digest("mexico-2020", home)
    cartels, territories = (home / "mexico-2006" / f"{table}.csv" for table in ("cartels", "territories"))
    cartels.write_text("id,name\nother,Other\n")
    assert tables_digest("mexico-2020", home) == before
    territories.write_text("id,name\nSIN,Sinaloa\n")
    assert tables_digest("mexico-2020", home) != before
