import pytest

from sim.scenario.problems import ScenarioError
from sim.scenario.worlds import tables_digest, world_ids, world_tables, worlds


def test_worlds_are_folders_with_a_header(folder):
    home = folder / "scenarios" / "worlds"
    (home / "notes").mkdir()
    assert worlds(home) == {"mexico-2006": home / "mexico-2006"}
    assert world_tables("notes", home) is None
    assert world_tables(str(home / "mexico-2006"), home) == home / "mexico-2006"


def test_ids(folder):
    home = folder / "scenarios" / "worlds"
    assert world_ids("mexico-2006", {}, home) == (("SIN", "CHH"), ("sinaloa", "juarez"), ())
    fine = world_ids("mexico-2006", {"places": 8}, home)
    assert fine.territories == ("SIN", "CHH", "SIN-1", "SIN-2", "SIN-3", "SIN-4", "CHH-1", "CHH-2", "CHH-3", "CHH-4")
    assert world_ids("mexico-2006", {"places": 7}, home).territories == ("SIN", "CHH")


def test_grid_ids(folder):
    assert world_ids("grid", {"rows": 1, "columns": 2, "cartels": 1}, folder) == (("P0", "P1"), ("c0",), ())
    assert len(world_ids("grid", {}, folder).territories) == 16


def test_unreadable_tables_are_not_this_rooms_business(folder):
    home = folder / "scenarios" / "worlds"
    table = home / "mexico-2006" / "territories.csv"
    for raw in (b"\xff\xfe", b"name\nx\n", b"id\n", b""):
        table.write_bytes(raw)
        assert world_ids("mexico-2006", {}, home) is None
    table.unlink()
    assert world_ids("mexico-2006", {}, home) is None
    assert world_ids("atlantis", {}, home) is None


def test_digest_follows_every_table_and_no_line_ends(folder):
    home = folder / "scenarios" / "worlds"
    before = tables_digest("mexico-2006", home)
    table = home / "mexico-2006" / "cartels.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    assert tables_digest("mexico-2006", home) == before
    table.write_text("id,name\nsinaloa,Sinaloa\n")
    assert tables_digest("mexico-2006", home) != before
    assert tables_digest("grid", home) == ""
    table.unlink()
    table.mkdir()
    with pytest.raises(ScenarioError, match="is no file of up to 50 MB"):
        tables_digest("mexico-2006", home)
