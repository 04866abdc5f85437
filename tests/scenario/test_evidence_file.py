"""Evidence that a user writes: both formats say the same, and every mistake is named by file, line and field."""

import pytest

from sim.scenario.evidence_file import read_rows
from sim.scenario.problems import ScenarioError

TOML = """\
[[row]]
id = "a"
metric = "homicides"
window = "2012"
base = "2008"
observed = 2.0
tolerance = 0.25
source = "somebody 2020"

[[row]]
metric = "kidnappings"
window = "2018-12/2021-11"
low = 10
high = 20.5
recorded = [0.01, 0.02, 0.1]
use = "calibrate"
"""
CSV = """\
# a comment
id,metric,window,base,observed,tolerance,low,high,recorded,source,use

a,homicides,2012,2008,2.0,0.25,,,,somebody 2020,
,kidnappings,2018-12/2021-11,,,,10,20.5,0.01/0.02/0.1,,calibrate
"""


def write(tmp_path, text, name="rows.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path):
    with pytest.raises(ScenarioError) as error:
        read_rows(path)
    return [(problem.line, problem.field, problem.message) for problem in error.value.problems]


def test_both_formats_say_the_same(tmp_path):
    rows = read_rows(write(tmp_path, TOML, "rows.toml"))
    assert rows == read_rows(write(tmp_path, CSV))
    a, b = rows
    assert (a.id, a.form, a.window, a.base, a.low, a.high) == ("a", "ratio", ("2012-01", "2012-12"), ("2008-01", "2008-12"), 1.5, 2.5)
    assert (a.source, a.use, a.status) == (("somebody", "2020"), "hold out", "seen")
    assert (b.id, b.form, b.window, b.observed, b.use) == ("row-2", "level", ("2018-12", "2021-11"), None, "calibrate")
    assert b.recorded == (0.01, 0.02, 0.1)


def test_all_mistakes_at_once_with_line_and_field(tmp_path):
    found = problems(
        write(
            tmp_path,
            "metric,window,low,high,form,base,recorded\n"
            "homicide,2012,1,2,,,\n"
            "homicides,12,1,2,,,\n"
            "homicides,2012,3,2,,,\n"
            "homicides,2012,x,2,,,\n"
            "homicides,2012,,,,,\n"
            "homicides,2012,1,2,ratio,,\n"
            "homicides,2012,1,2,levl,,7\n",
        )
    )
    assert [(line, field) for line, field, _ in found] == [
        (2, "metric"), (3, "window"), (4, "low"), (5, "low"), (6, "low"), (6, "high"), (7, "base"), (8, "form"), (8, "recorded"),
    ]  # fmt: skip


def test_toml_mistakes_have_their_line(tmp_path):
    found = problems(write(tmp_path, TOML.replace('window = "2012"', 'windw = "2012"'), "rows.toml"))
    assert sorted(found) == [(1, "window", "is missing"), (4, "windw", "unknown field 'windw'")]


@pytest.mark.parametrize(
    ("text", "name", "line", "field"),
    [
        ("", "rows.csv", None, ""),
        ("metric,widow\nhomicides,2012\n", "rows.csv", 1, "widow"),
        ("metric,window,low,high\nhomicides,2012,1,000,2\n", "rows.csv", 2, ""),
        ("rows = 1\n", "rows.toml", 1, "rows"),
        ("[row]\nmetric = 'homicides'\n", "rows.toml", 1, "row"),
        ("[[row]\n", "rows.toml", 1, ""),
        ("metric,window,low,high,id\nhomicides,2012,1,2,a\nhomicides,2013,1,2,a\n", "rows.csv", 3, "id"),
        ("metric,window,low,high\nhomicides,2012,nan,2\n", "rows.csv", 2, "low"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else(tmp_path, text, name, line, field):
    assert problems(write(tmp_path, text, name))[0][:2] == (line, field)


def test_a_file_that_is_not_there(tmp_path):
    assert problems(tmp_path / "none.csv")[0][2].startswith("cannot be read")


def test_a_trough_names_its_peaks(tmp_path):
    text = "metric,form,window,peaks,noise,low,high\nhomicides,trough,2013-2016,2010-2012 2017-2020,0.1,0.2,0.5\n"
    (row,) = read_rows(write(tmp_path, text))
    assert (row.window, row.peaks, row.noise) == (
        ("2013-01", "2016-12"), (("2010-01", "2012-12"), ("2017-01", "2020-12")), 0.1,
    )  # fmt: skip
    assert (row.first, row.last) == ("2010-01", "2020-12")
    for said, field in (("", "peaks"), ("2010", "peaks"), ("2010 20", "peaks")):
        assert {found for _, found, _ in problems(write(tmp_path, text.replace("2010-2012 2017-2020", said)))} == {field}
    assert problems(write(tmp_path, text.replace("trough", "level")))[0][1] == "peaks"


def test_a_stated_error_is_a_range_around_what_was_observed(tmp_path):
    (tmp_path / "rows.csv").write_text("metric,window,observed,stated,low,high\nhomicides,2012,5,4/6,1,9\n", encoding="utf-8")
    (row,) = read_rows(tmp_path / "rows.csv")
    assert row.stated == (4.0, 6.0)
    (tmp_path / "rows.csv").write_text("metric,window,observed,stated,low,high\nhomicides,2012,5,6/7,1,9\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="line 2, stated: '6/7' is no range around `observed`"):
        read_rows(tmp_path / "rows.csv")
