"""A folder of tables of one's own: what is right is read, what is wrong is told with file, row, field, message and hint."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.model.worlds import load_world
from sim.model.worlds.reader import read_tables
from sim.scenario.problems import ScenarioError

WORLDS = Path(sim.__file__).parent.parent / "scenarios" / "worlds"


@pytest.fixture
def mine(tmp_path):
    """Copies of all shipped worlds; `mexico-2006` is the one to break."""
    return Path(shutil.copytree(WORLDS, tmp_path / "worlds")) / "mexico-2006"


def edit(folder, file, change):
    path = folder / file
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)


def put(folder, file, line, field, text):
    def change(rows):
        rows[line - 1][rows[0].index(field)] = text

    edit(folder, file, change)


def add(folder, file, **cells):
    """A row like the last one, but for some cells; its line."""

    def change(rows):
        rows.append([cells.get(name, cell) for name, cell in zip(rows[0], rows[-1], strict=True)])

    edit(folder, file, change)
    with (folder / file).open(encoding="utf-8", newline="") as handle:
        return sum(1 for _ in csv.reader(handle))


def replace(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder):
    with pytest.raises(ScenarioError) as caught:
        read_tables(folder)
    for found in caught.value.problems:
        assert Path(found.file).name
        assert found.message
        assert found.hint, found
    return caught.value.problems


def told(folder):
    return {(Path(found.file).name, found.line, found.field) for found in problems(folder)}


def only(folder):
    (found,) = problems(folder)
    return found


def test_a_folder_of_tables_is_a_world(mine):
    own, shipped = load_world(str(mine), {"places": 128}, WORLDS), load_world("mexico-2006", {"places": 128}, WORLDS)
    np.testing.assert_array_equal(own.value, shipped.value)
    assert own.presence == shipped.presence


# cells


@pytest.mark.parametrize(
    ("file", "line", "field", "text", "message"),
    [
        ("territories.csv", 2, "population", "-5", "'-5' should be greater than 0"),
        ("territories.csv", 2, "population", "many", "'many' should be a valid integer"),
        ("territories.csv", 2, "population", "1.5", "'1.5' should be a valid integer"),
        ("territories.csv", 2, "population", "", "'' should be a valid integer"),
        ("territories.csv", 2, "homicides", "nan", "'nan' should be a finite number"),
        ("territories.csv", 2, "homicides", "inf", "'inf' should be a finite number"),
        ("territories.csv", 2, "homicides", "1,5", "'1,5' should be a valid number"),
        ("territories.csv", 2, "crossing", "-1", "'-1' should be greater than or equal to 0"),
        ("territories.csv", 2, "lat", "95", "'95' should be less than or equal to 90"),
        ("territories.csv", 2, "name", "", "'' should have at least 1 character"),
        ("borders.csv", 2, "km", "-3", "'-3' should be greater than or equal to 0"),
        ("borders.csv", 2, "km", "nan", "'nan' should be a finite number"),
        ("borders.csv", 2, "a", "BNC", "'BNC' is not in territories.csv"),
        ("borders.csv", 2, "a", "SON", "'SON' is paired with itself"),
        ("cartels.csv", 2, "strength", "0", "'0' should be greater than 0"),
        ("cartels.csv", 2, "dealers", "-1", "'-1' should be greater than or equal to 0"),
        ("presence.csv", 2, "level", "dominat", "'dominat' should be 'dominant', 'contested' or 'present'"),
        ("presence.csv", 2, "cartel", "sinalo", "'sinalo' is not in cartels.csv"),
        ("presence.csv", 2, "state", "Sonora", "'Sonora' is not in territories.csv"),
        ("ties.csv", 2, "kind", "war", "'war' should be 'alliance' or 'rivalry'"),
        ("ties.csv", 2, "b", "golf", "'golf' is not in cartels.csv"),
        ("ties.csv", 2, "source", "", "'' should match pattern"),
        ("ties.csv", 2, "source", "somebody", "'somebody' is not in world.toml"),
        ("ties.csv", 2, "status", "sure", "'sure' should be 'seen'"),
        ("clocks.csv", 3, "year", "2009", "2009 does not follow 2006"),
        ("clocks.csv", 3, "cocaine", "x", "'x' should be a valid number"),
        ("clocks.csv", 3, "cocaine", "-100", "the revenue columns should add to more than 0"),
    ],
)
def test_a_wrong_cell(mine, file, line, field, text, message):
    put(mine, file, line, field, text)
    found = next(found for found in problems(mine) if (Path(found.file).name, found.line) == (file, line))
    assert found.message.startswith(message)
    if field not in ("a", "cocaine") or "not in" in message or "valid" in message:
        assert found.field == field


def test_one_wrong_row_is_one_problem_and_orphans_nobody(mine):
    put(mine, "territories.csv", 2, "population", "-5")
    assert (only(mine).line, only(mine).field) == (2, "population")


def test_a_mistyped_name_is_guessed(mine):
    put(mine, "presence.csv", 4, "cartel", "sinalo")
    assert {found.hint for found in problems(mine)} == {"did you mean 'sinaloa'?"}


def without_population(folder):
    edit(folder, "territories.csv", lambda rows: [row.pop(at) for at in [rows[0].index("population")] for row in rows])


def in_latin_1(folder):
    path = folder / "territories.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))


@pytest.mark.parametrize(
    ("breaks", "file", "line", "field"),
    [
        pytest.param(without_population, "territories.csv", 1, "population", id="missing column"),
        pytest.param(lambda folder: put(folder, "borders.csv", 2, "a", "BNC"), "borders.csv", 2, "a", id="unknown neighbour"),
        pytest.param(
            lambda folder: put(folder, "territories.csv", 2, "population", "-5"), "territories.csv", 2, "population", id="negative"
        ),
        pytest.param(lambda folder: add(folder, "borders.csv", a="SON", b="BCN", km="99"), "borders.csv", 69, "km", id="asymmetric"),
        pytest.param(lambda folder: add(folder, "territories.csv", tile_x="99"), "territories.csv", 34, "id", id="duplicate"),
        pytest.param(in_latin_1, "territories.csv", 6, "", id="not UTF-8"),
    ],
)
def test_what_breaks_most_often_is_one_problem_with_its_place(mine, breaks, file, line, field):
    breaks(mine)
    found = only(mine)
    assert (Path(found.file).name, found.line, found.field) == (file, line, field)
    assert found.message
    assert found.hint


# rows


def test_a_border_given_twice_in_either_direction(mine):
    line = add(mine, "borders.csv", a="SON", b="BCN", km="104")
    found = only(mine)
    assert (found.line, found.message) == (line, "repeats line 2")
    assert found.hint == "a pair stands once, in either order"


def test_an_asymmetric_border(mine):
    line = add(mine, "borders.csv", a="SON", b="BCN", km="99")
    found = only(mine)
    assert (found.line, found.message) == (line, "repeats line 2 with another length: 99 km here, 104 km there")


@pytest.mark.parametrize(
    ("file", "cells", "field"),
    [
        ("territories.csv", {"tile_x": "99"}, "id"),
        ("territories.csv", {"id": "NEW"}, "tile_x"),
        ("cartels.csv", {}, "id"),
        ("presence.csv", {}, "cartel"),
        ("ties.csv", {}, "a"),
    ],
)
def test_a_row_given_twice(mine, file, cells, field):
    line = add(mine, file, **cells)
    assert told(mine) == {(file, line, field)}


def test_a_cartel_that_is_not_at_home(mine):
    put(mine, "cartels.csv", 2, "base", "YUC")
    assert only(mine).message == "presence.csv has no row for it in 'YUC'"


def test_too_many_and_too_few_cells(mine):
    edit(mine, "ties.csv", lambda rows: rows[1].append("more"))
    edit(mine, "ties.csv", lambda rows: rows[2].pop())
    assert told(mine) == {("ties.csv", 2, ""), ("ties.csv", 3, "status")}


# columns and files


@pytest.mark.parametrize("file", ["territories", "borders", "cartels", "presence", "ties", "clocks"])
def test_a_column_that_is_missing_or_misspelt(mine, file):
    edit(mine, f"{file}.csv", lambda rows: [row.pop() for row in rows])
    edit(mine, f"{file}.csv", lambda rows: rows[0].__setitem__(-1, "sourec"))
    found = {(found.line, found.field): found for found in problems(mine)}
    assert found[1, "status"].message == "column is missing"
    assert found[1, "status"].hint.startswith("its first line should be: ")
    assert found[1, "source"].hint == "did you mean 'sourec'?"


@pytest.mark.parametrize("file", ["territories", "borders", "cartels", "presence", "ties", "clocks"])
def test_a_file_that_is_empty_missing_or_no_text(mine, file):
    path = mine / f"{file}.csv"
    original = path.read_bytes()
    path.write_bytes(b"")
    found = next(found for found in problems(mine) if Path(found.file).name == path.name)
    assert (found.message, found.line) == ("is empty", None)
    path.write_bytes(original.replace(b"\n", b"\n\xff", 1))
    assert only_of(mine, path.name) == {(2, "is not UTF-8 text")}
    path.unlink()
    assert only_of(mine, path.name) == {(None, "is missing")}
    path.mkdir()
    assert only_of(mine, path.name) == {(None, "is no file of up to 50 MB")}


def only_of(folder, file):
    return {(found.line, found.message) for found in problems(folder) if Path(found.file).name == file}


def test_text_in_another_encoding_is_told_with_its_line(mine):
    text = (mine / "territories.csv").read_text(encoding="utf-8")
    (mine / "territories.csv").write_bytes(text.encode("latin-1"))
    line = next(i for i, row in enumerate(text.splitlines(), 1) if not row.isascii())
    assert told(mine) == {("territories.csv", line, "")}


def test_nobody_need_be_tied_to_anybody(mine):
    edit(mine, "ties.csv", lambda rows: rows.__delitem__(slice(1, None)))
    assert read_tables(mine).ties == []


@pytest.mark.parametrize("file", ["territories", "cartels", "clocks"])
def test_a_table_without_rows(mine, file):
    edit(mine, f"{file}.csv", lambda rows: rows.__delitem__(slice(1, None)))
    assert "has no rows" in {found.message for found in problems(mine) if Path(found.file).stem == file}


def test_a_quote_that_does_not_end(mine):
    with (mine / "ties.csv").open("a", encoding="utf-8") as handle:
        handle.write('"sinaloa,x\n')
    assert only(mine).message.startswith("is not CSV: ")


def test_line_ends_and_a_byte_order_mark_do_not_matter(mine):
    before = load_world("mexico-2006", {}, mine.parent)
    for path in mine.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    after = load_world("mexico-2006", {}, mine.parent)
    assert (after.ids, after.presence, after.ties) == (before.ids, before.presence, before.ties)
    np.testing.assert_array_equal(after.value, before.value)


def test_a_column_of_ties_may_be_left_out_or_given(mine):
    assert {tie.weight for tie in read_tables(mine).ties} == {1.0}
    edit(mine, "ties.csv", lambda rows: [row.append("weight" if not k else "2.5") for k, row in enumerate(rows)])
    assert set(load_world("mexico-2006", {}, mine.parent).tie_weights) == {2.5}
    put(mine, "ties.csv", 2, "weight", "0")
    assert told(mine) == {("ties.csv", 2, "weight")}


def test_everything_at_once(mine):
    put(mine, "territories.csv", 2, "population", "-5")
    put(mine, "borders.csv", 3, "b", "SNO")
    add(mine, "borders.csv", a="SON", b="BCN", km="1")
    put(mine, "presence.csv", 2, "level", "dominat")
    (mine / "clocks.csv").write_bytes(b"\xff")
    replace(mine, "world.toml", "low = 60_000", 'low = "some"')
    files = {(file, line) for file, line, _ in told(mine)}
    assert files >= {("territories.csv", 2), ("borders.csv", 3), ("borders.csv", 69), ("presence.csv", 2)}
    assert {file for file, _ in files} >= {"clocks.csv", "world.toml"}


# the header


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("low = 60_000", "low = -1", "members.low"),
        ("low = 60_000", "low = nan", "members.low"),
        ("high = 130_000", "", "members.high"),
        ('status = "assumed"', 'status = "sure"', "members.status"),
        ("year = 2006", "yaer = 2006", "yaer"),
        ("year = 2006", 'year = 2006\nbase = "mexico-1910"', "base"),
        ("year = 2006", 'year = 2006\nbase = "municipal"', "base"),
        ("title =", "title ", ""),
        ("crossing = 0.50", "crossing = inf", "value.crossing"),
        ("crossing = 0.50", "crosing = 0.50", "value.crosing"),
        ("year = 2006", "year = true", "year"),
    ],
)
def test_a_wrong_header(mine, old, new, field):
    replace(mine, "world.toml", old, new)
    assert field in {found.field for found in problems(mine)}


def test_a_header_that_is_no_toml_hides_no_other_problem(mine):
    (mine / "world.toml").write_text("title = ", encoding="utf-8")
    put(mine, "borders.csv", 3, "b", "SNO")
    assert {Path(found.file).name for found in problems(mine)} == {"world.toml", "borders.csv"}


def test_revenue_columns_and_the_member_band(mine):
    replace(mine, "world.toml", '"fentanyl"]', '"fentanil"]')
    replace(mine, "world.toml", "high = 130_000", "high = 1")
    hints = {found.field: found.hint for found in problems(mine)}
    assert hints["revenue.columns"] == "did you mean 'fentanyl'?"
    assert "members" in hints


def test_a_header_problem_has_the_line_of_its_value(mine):
    line = (mine / "world.toml").read_text(encoding="utf-8").splitlines().index("low = 60_000") + 1
    replace(mine, "world.toml", "low = 60_000", "low = -1")
    assert only(mine).line == line


# a world that rests on another


@pytest.fixture
def resting(mine):
    """A world of one's own that changes nothing but the title."""
    folder = mine.parent / "resting"
    folder.mkdir()
    text = 'title = "Mine"\nbase = "mexico-2006"\nyear = 2006\ndescription = "x"\n'
    (folder / "world.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_base_lends_its_tables(resting):
    world, whole = (load_world(name, {}, resting.parent) for name in ("resting", "mexico-2006"))
    assert (world.title, world.ids, world.presence) == ("Mine", whole.ids, whole.presence)
    np.testing.assert_array_equal(world.value, whole.value)


def test_a_header_overrides_the_base_part_by_part(resting):
    with (resting / "world.toml").open("a", encoding="utf-8") as handle:
        handle.write("[members]\nmid = 70_000\n")
    members = load_world("resting", {}, resting.parent).members
    assert members == (60_000, 70_000, 130_000)
    replace(resting, "world.toml", "70_000", "-7")
    assert (Path(only(resting).file).parent.name, only(resting).line) == ("resting", 6)


def test_a_table_of_ones_own_replaces_that_of_the_base_and_problems_name_the_file_they_are_in(resting, mine):
    shutil.copy(mine / "ties.csv", resting / "ties.csv")
    put(resting, "ties.csv", 2, "b", "golf")
    put(mine, "territories.csv", 2, "population", "-5")
    assert {(Path(found.file).parent.name, found.field) for found in problems(resting)} == {
        ("resting", "b"),
        ("mexico-2006", "population"),
    }


def test_municipalities_of_ones_own(resting, mine):
    shutil.copy(mine.parent / "municipal" / "municipalities.csv", resting)
    edit(resting, "municipalities.csv", lambda rows: [row.__setitem__(2, "ASSUMED") for row in rows[1:]])
    assert len(load_world("resting", {}, resting.parent).ids) == 2469
    put(resting, "municipalities.csv", 2, "municipalities", "0")
    put(resting, "municipalities.csv", 3, "state", "SOM")
    assert told(resting) == {("municipalities.csv", 2, "municipalities"), ("municipalities.csv", 3, "state")}
    edit(resting, "municipalities.csv", lambda rows: rows.__delitem__(slice(1, 5)))
    assert only(resting).message == "has no row for BCN, CHH, COA, SON"


# groups by rule


@pytest.fixture
def groups(mine):
    return mine.parent / "mexico-2020"


@pytest.mark.parametrize(
    ("file", "line", "field", "text", "told_at"),
    [
        ("groups.csv", 2, "number", "151", ("groups.csv", 2, "number")),
        ("groups.csv", 2, "number", "13", ("groups.csv", 3, "number")),
        ("groups.csv", 2, "id", "sinaloa", ("groups.csv", 3, "id")),
        ("groups.csv", 2, "id", "group-007", ("groups.csv", 2, "id")),
        ("groups.csv", 2, "known", "BCN SNO", ("groups.csv", 2, "known")),
        ("groups.csv", 2, "base", "YUC AGU", ("groups.csv", 2, "base")),
        ("groups.csv", 2, "states", "5", ("groups.csv", 2, "states")),
        ("totals.csv", 2, "groups", "1", ("totals.csv", 2, "groups")),
        ("totals.csv", 2, "groups", "-1", ("totals.csv", 2, "groups")),
        ("totals.csv", 2, "state", "SON", ("totals.csv", 3, "state")),
        ("totals.csv", 2, "status", "counted", ("totals.csv", 2, "status")),
    ],
)
def test_a_wrong_cell_about_groups(groups, file, line, field, text, told_at):
    put(groups, file, line, field, text)
    assert told_at in told(groups)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("groups = 150", "groups = 1500", "network.groups"),
        ("dyads = 91", "dyads = 9", "network.alliance"),
        ("hub_strength = 77", "hub_strength = 170", "network.rivalry"),
        ("skew = 0.3", "skew = -1", "network.rivalry.skew"),
        ("[network]", "[netwrok]", "netwrok"),
    ],
)
def test_a_wrong_network(groups, old, new, field):
    replace(groups, "world.toml", old, new)
    assert field in {found.field for found in problems(groups)}


def test_totals_that_leave_no_room(groups):
    edit(groups, "totals.csv", lambda rows: rows[next(k for k, row in enumerate(rows) if row[0] == "CMX")].__setitem__(1, "9"))
    found = only(groups)
    assert (Path(found.file).name, found.field) == ("totals.csv", "groups")
    assert found.message == "add to 208; 150 groups, as groups.csv has them, need 240"


def test_more_ties_than_groups_meet(groups):
    replace(groups, "world.toml", "dyads = 91, strength = 163", "dyads = 9000, strength = 90000")
    assert "pairs without the hub meet in a state" in only(groups).message


def test_cartels_one_by_one_replace_groups_by_rule(resting, mine):
    replace(resting, "world.toml", '"mexico-2006"', '"mexico-2020"')
    (mine.parent / "mexico-2020" / "world.toml").write_text(
        (mine.parent / "mexico-2020" / "world.toml").read_text(encoding="utf-8").replace('base = "mexico-2006"\n', ""),
        encoding="utf-8",
    )
    for file in ("cartels.csv", "presence.csv", "ties.csv"):
        shutil.copy(mine / file, resting / file)
    files = {Path(found.file).name for found in problems(resting)}
    assert "groups.csv" not in files
    assert "totals.csv" not in files
