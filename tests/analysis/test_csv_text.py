import csv

from sim.analysis.csv_text import csv_text


def test_a_table_comes_back_as_it_was():
    rows = [["a, b", 'say "no"', "two\nlines"], ["", "Michoacán", "1.5"]]
    text = csv_text(["x", "y", "z"], rows)
    assert list(csv.reader(text.splitlines(keepends=True))) == [["x", "y", "z"], *rows]
    assert "\r" not in text


def test_none_is_an_empty_cell_and_a_number_keeps_every_digit():
    assert csv_text(["x", "y"], [(None, 0.1 + 0.2)]) == "x,y\n,0.30000000000000004\n"


def test_comments_stand_above_the_heading():
    assert csv_text(["x"], [], ["Made by hand.", "Twice."]) == "# Made by hand.\n# Twice.\nx\n"


def test_what_a_spreadsheet_would_run_is_text():
    """Names come from files, words from pupils."""
    cells = ["=cmd|' /C calc'!A0", "+a", "-a", "@a", "-1+cmd()", "a=1", "-0.5", "+2.3 (-4 +8)", -5, ""]
    read = [cell for (cell,) in csv.reader(csv_text(["x"], zip(cells, strict=True)).splitlines()[1:])]
    assert read == [*(f"'{cell}" for cell in cells[:5]), *map(str, cells[5:])]
