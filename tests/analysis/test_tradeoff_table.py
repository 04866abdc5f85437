import pairs
import pytest

from sim.analysis.paired import TODAY, compare
from sim.analysis.table import quantity, render, sections, signed

EFFECTS = {"usual": 1.0, "zeal": 1.5, "calm": 0.8, "twin": 1.0}
COST = {"usual": 1e8, "zeal": 3e8, "calm": 2e8, "twin": 1e8}


@pytest.fixture(scope="module")
def rows():
    return compare(pairs.experiment(EFFECTS, cost=COST), "usual")


@pytest.mark.parametrize("width", [80, 100, 114])
def test_fits_the_terminal(rows, width):
    assert max(map(len, render(rows, width=width).splitlines())) <= width


def test_states_both_contrasts_and_the_rules(rows):
    text = render(rows)
    for words in ("AGAINST BUSINESS AS USUAL (usual)", "AGAINST THE FIRST YEAR", "never added", "nothing is ranked"):
        assert words in text


def test_scenarios_keep_the_order_in_which_they_were_named(rows):
    first, *_ = sections(rows)
    assert [head.partition("\n")[0] for head in first.heads[2:]] == ["zeal", "calm", "twin"]


def test_cells_show_change_worlds_and_interval(rows):
    against_usual, against_today, *_ = sections(rows)
    label, _, zeal, calm, twin = against_usual.rows[0]
    assert label == "Homicides\n  deaths a year"
    zeal, calm = zeal.split("\n"), calm.split("\n")
    row = next(row for row in rows if (row.scenario, row.baseline, row.metric) == ("zeal", "usual", "homicides"))
    assert zeal[0].split() == [f"{row.percent:+.1f}", "%", "5", "of", "5"]
    assert zeal[1] == f"{row.percent_low:+.1f} to {row.percent_high:+.1f}"
    assert calm[0].split()[-3:] == ["0", "of", "5"]
    assert twin == "0 %      " + "  0 of 5\n0 to 0"
    assert len(against_today.rows[0]) == 2 + 4


def test_the_level_of_the_first_year_is_that_of_the_first_year(rows):
    today = next(row for row in rows if (row.scenario, row.baseline, row.metric) == ("usual", TODAY, "homicides"))
    assert list(sections(rows))[1].rows[0][1] == quantity(today.mean - today.difference, "deaths")


def test_costs_and_effects_per_billion(rows):
    *_, costs, returns = sections(rows)
    assert costs.rows[0][2:] == ["+4.80 bn", "+2.40 bn", "0"]
    row = next(row for row in rows if (row.scenario, row.baseline, row.metric) == ("zeal", "usual", "homicides"))
    effect, low, high = (quantity(value / 4.8, "deaths", "+") for value in (row.total, row.total_low, row.total_high))
    assert returns.rows[0][2] == f"{effect}\n{low} to {high}"
    assert returns.rows[0][4] == "-"


def test_one_replicate_has_no_interval():
    text = render(compare(pairs.experiment(EFFECTS, replicates=1), "usual"))
    first = text.split("1. AGAINST")[1].split("2. AGAINST")[0].splitlines()
    assert first[4].split() == ["deaths", "a", "year", "-", "-", "-"]


def test_business_as_usual_alone_is_set_against_its_first_year_only():
    text = render(compare(pairs.experiment({"usual": 1.0}), "usual"))
    assert "AGAINST THE FIRST YEAR" in text
    assert "AGAINST BUSINESS AS USUAL" not in text


def test_more_scenarios_than_fit_go_on_below():
    effects = {"usual": 1.0} | {f"policy-{number}": 1.0 + number / 10 for number in range(9)}
    text = render(compare(pairs.experiment(effects, replicates=2), "usual"), width=80)
    assert all(text.count(name) >= 4 for name in effects if name != "usual")


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.01, "+0.0"), (-12.34, "-12.3"), (1234.5, "+1,234")])
def test_signed(value, text):
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "sign", "text"),
    [
        (3.1e6, "US$", "+", "+3.1 million"),
        (-1234.0, "US$", "+", "-1,234"),
        (0.0, "US$", "+", "0"),
        (29512.0, "deaths", "", "29,500"),
        (0.2661, "share", "", "0.266"),
        (-0.00021, "share", "+", "-0.0002"),
        (7.13e9, "US$", "", "7.13 bn"),
        (-87.46, "deaths", "+", "-87.5"),
        (1234567.0, "people", "+", "+1,230,000"),
    ],
)
def test_quantity(value, unit, sign, text):
    assert quantity(value, unit, sign) == text
