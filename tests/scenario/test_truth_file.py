"""Files of observed deaths: what is right is read, what is wrong is named by line."""

import pytest

from sim.scenario.evidence_file import MONTH, YEAR, read_truth
from sim.scenario.problems import ScenarioError
from sim.scenario.read import shipped_folder

PLACES = ("AGU", "BCN", "MEX")
HEAD = "place,period,homicides\n"


def written(tmp_path, text):
    path = tmp_path / "truth.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    with pytest.raises(ScenarioError) as caught:
        read_truth(written(tmp_path, text), PLACES)
    return [(problem.line, problem.field, f"{problem.message}; {problem.hint}") for problem in caught.value.problems]


def test_years_and_months_are_read_in_any_order(tmp_path):
    truth = read_truth(written(tmp_path, "# a source\n" + HEAD + "AGU,2012,3\nAGU,2011,4\nNATION,2011,9\n"), PLACES)
    assert (truth.step, truth.deaths) == (YEAR, {"AGU": {12 * 2011: 4.0, 12 * 2012: 3.0}, "NATION": {12 * 2011: 9.0}})
    truth = read_truth(written(tmp_path, "homicides,place,period\n5,AGU,2011-12\n6,AGU,2012-01\n"), PLACES)
    assert (truth.step, truth.deaths) == (MONTH, {"AGU": {12 * 2011 + 11: 5.0, 12 * 2012: 6.0}})


@pytest.mark.parametrize(
    ("text", "line", "field", "said"),
    [
        (HEAD + "AGU,2011,4\nAGU,2013,4\n", 3, "period", "AGU has a gap: 2012"),
        (HEAD + "AGU,2011-01,4\nAGU,2011-04,4\n", 3, "period", "AGU has a gap: 2011-02, 2011-03"),
        (HEAD + "AGU,2011,4\nAGU,2011,5\n", 3, "period", "AGU 2011 stands twice; line 2 holds it already"),
        (HEAD + "AGU,2011,4\nAGU,2011-03,5\n", 3, "period", "overlaps periods of another length; line 2 begins in years"),
        (HEAD + "AGU,2011,4\nBCN,2011,5\nMEX,2011,5\nMEX,2012,5\n", 4, "period", "MEX covers 2011-2012, other places 2011-2011"),
        (HEAD + "AGU,2011,4\nBNC,2011,4\n", 3, "place", "this world has no place 'BNC'; did you mean 'BCN'?"),
        (HEAD + "AGU,2011,23.4\n", 2, "homicides", "'23.4' is no count of deaths; rates and estimates"),
        (HEAD + "AGU,2011,-1\n", 2, "homicides", "'-1' is no count of deaths"),
        (HEAD + "AGU,2011,\n", 2, "homicides", "leave out what is not known"),
        (HEAD + "AGU,2011-13,1\n", 2, "period", "'2011-13' is no period"),
        (HEAD + "AGU,2011\n", 2, "", "has 2 cells, the heading has 3"),
        ("place,period,rate\nAGU,2011,1\n", 1, "homicides", "deaths are scored, not rates"),
        ("# only a comment\n", None, "", "holds no deaths"),
    ],
)
def test_what_is_wrong_is_named_by_line(tmp_path, text, line, field, said):
    found = problems(tmp_path, text)
    assert (found[0][0], found[0][1]) == (line, field)
    assert said in found[0][2]


def test_everything_at_once(tmp_path):
    assert len(problems(tmp_path, HEAD + "XXX,2011,1\nAGU,11,1\nAGU,2011,many\n")) == 3


def test_the_library_holds_what_the_fit_may_know():
    truth = read_truth(shipped_folder() / "observed/homicides.csv")
    assert len(truth.deaths) == 32
    assert {(min(months) // 12, max(months) // 12) for months in truth.deaths.values()} == {(1997, 2011)}
    assert sum(months[12 * 2011] for months in truth.deaths.values()) == 27_212  # INEGI's total less one death of unknown place
