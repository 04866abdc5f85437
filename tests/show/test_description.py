"""The generated description: complete, from code and catalogue, the same as Markdown and as data."""

import json
import re

import pytest

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.push import HANDLES
from sim.show.description import source
from sim.show.description.document import SECTIONS, Part, Section, as_json, markdown
from sim.show.description.odd import PROSE, describe


@pytest.fixture(scope="module")
def sections():
    return {section.name: section for section in describe()}


def part(section, title):
    return next(each for each in section.parts if each.title == title)


def column(part, name):
    return [row[part.columns.index(name)] for row in part.rows]


def test_the_seven_elements_of_odd_in_their_order(sections):
    headings = re.findall(r"^## (.*)$", markdown(sections.values()), re.MULTILINE)
    assert headings == [f"{number}. {title}" for number, title in enumerate(SECTIONS.values(), 1)]
    assert len(headings) == 7
    assert all(section.parts for section in sections.values())


def test_every_entity_shows_its_columns_with_the_comments_of_the_code(sections):
    cartel = part(sections["entities"], "Cartel")
    assert ("cohesion", "0..1") in cartel.rows
    assert {"Territory", "Plaza", "Leader, an agent", "Scales"} <= {each.title for each in sections["entities"].parts}
    assert "faction" in column(part(sections["entities"], "Leader, an agent"), "State variable")


def test_the_schedule_is_the_body_of_the_week(sections):
    steps = part(sections["process"], "The compiled week")
    names, when = column(steps, "Name"), column(steps, "When")
    assert names.index("market") < names.index("recruitment") < names.index("contest") < names.index("hunt")
    assert when[names.index("market")] == "every week"
    assert when[names.index("movement")] == "every 4 weeks"
    assert when[names.index("income")] == "every week, in part every 4 weeks"


def test_every_rare_event_says_who_notices_it_and_what_follows(sections):
    events = part(sections["process"], "Rare events, in their order within a week")
    assert len(events.rows) >= 16
    assert all(column(events, "Noticed by"))
    assert not [name for name, _, follows in events.rows if follows.endswith("see ")]


def test_every_parameter_stands_once_with_what_it_rests_on(sections):
    rows = [row for each in sections["submodels"].parts if each.title.endswith(": parameters") for row in each.rows]
    assert sorted(row[0] for row in rows) == sorted(PARAMETERS)
    sums = part(sections["submodels"], "What the parameters rest on")
    assert sums.rows[-1][0] == "all"
    assert sums.rows[-1][1] == sum(sums.rows[-1][2:5]) == len(PARAMETERS)


def test_every_lever_handle_and_metric_is_there(sections):
    assert column(part(sections["submodels"], "Levers"), "Lever") == list(LEVERS)
    assert column(part(sections["submodels"], "Levers: how they act"), "Lever") == list(LEVERS)
    assert column(part(sections["submodels"], "Handles"), "Handle") == [handle.name for handle in HANDLES]
    assert column(part(sections["concepts"], "Observation"), "Metric") == list(METRICS)


def test_a_submodel_shows_its_four_lines(sections):
    contest = part(sections["submodels"], "Contest: contest")
    assert [line for line, _ in contest.rows] == list(source.LINES)
    assert "osipov1915" in dict(contest.rows)["Source"]


def test_input_data_count_rows_by_status(sections):
    tables = part(sections["input"], "mexico-2006: tables")
    assert "territories.csv" in column(tables, "File")
    for _, rows, *by_status in tables.rows:
        assert rows == sum(by_status) > 0


def test_what_is_left_out_is_said():
    for word in ("femicide", "Central America", "investor confidence", "cyber", "aggregates", "operational advice"):
        assert word in " ".join(PROSE["Scope"].split())


def test_the_eleven_design_concepts_are_there(sections):
    assert len(sections["concepts"].parts) == 11


def test_every_draw_is_listed():
    listed = source.decisions()
    assert {"contest.place", "succession.leave", "leadership.strike"} <= set(listed)
    assert not [name for name in listed if name.startswith("world.")]


def test_markdown_tables_have_as_many_cells_as_columns(sections):
    table = []
    for line in markdown(sections.values()).splitlines():
        table = [*table, len(re.findall(r"(?<!\\)\|", line))] if line.startswith("|") else []
        assert len(set(table)) <= 1, line


def test_cells_are_one_line_and_escaped():
    table = Part("T", "", ("a", "b"), [("x | y\nz", 1.6e10), (True, ("p", 0.5))])
    text = markdown([Section("input", (table, Part("L", rows=[("k", 1)])))])
    assert "| x \\| y z | 16,000,000,000 |\n| yes | p, 0.5 |" in text
    assert "- k: 1" in text


def test_json_holds_the_same_rows(sections):
    data = json.loads(json.dumps(as_json(sections["submodels"]), default=str))
    levers = next(each for each in data["parts"] if each["title"] == "Levers")
    assert [row["Lever"] for row in levers["rows"]] == list(LEVERS)
    assert data["title"] == "Submodels"


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("prieto2023 (limit), osipov1915 (attrition), FITTED (rates)", ("prieto2023", "osipov1915", "FITTED")),
        ("olson1993 (horizon), deharo and battiston2024 (sectors)", ("olson1993", "deharo", "battiston2024")),
        ("ASSUMED (rates, of a kind); gao2020", ("ASSUMED", "gao2020")),
        ("prieto2023, split as a sum", ("prieto2023", "split as a sum")),
    ],
)
def test_entries_of_a_source_line(line, keys):
    assert source.cited(line) == keys
