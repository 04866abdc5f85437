"""What hangs on thin evidence and on the ends of effects' ranges, on series with a known answer."""

from dataclasses import replace
from datetime import date

import pytest
from pairs import experiment

from sim.analysis.doubt import ORDER, ends, render, sections, sentence, thin, to_json
from sim.analysis.paired import compare
from sim.catalogue.levers import LEVERS
from sim.experiment.switching import BESIDE, ENDS, THIN, arm, at_ends, differing, switched_names, without_thin
from sim.scenario.scenario import LeverPlan, Scenario

START = date(2006, 12, 1)
USUAL = Scenario("usual", "usual", "?", "grid", START, 2.0, policy=(LeverPlan("justice", ((START, 0.5),)),))
MIX = replace(USUAL, name="mix", policy=tuple(LeverPlan(name, ((START, 1.0),)) for name in ("justice", "treatment")))


def said(whole, rest, replicates=5):
    """Of a policy that multiplies homicides by a factor, another one without its thin levers; from the second year on."""
    (bare,) = without_thin(USUAL, [MIX])
    scenarios = {each.name: each for each in (USUAL, MIX, bare)}
    series = experiment({"usual": 1.0, "mix": whole, bare.name: rest}, replicates)
    return [*thin(series, scenarios, ["usual", "mix"], ("2007-12", "2008-11"))]


def test_thin_levers_are_left_as_business_as_usual_has_them():
    assert [LEVERS[name].evidence for name in ("justice", "treatment")] == ["thin", "strong"]
    (bare,) = without_thin(USUAL, [MIX])
    assert bare.name == "mix [without thin evidence]"
    assert differing(MIX, bare) == ["justice"]
    assert differing(USUAL, bare) == ["treatment"]
    assert [*without_thin(USUAL, [USUAL, bare])] == []


def test_the_share_is_what_is_lost_without_them():
    (found,) = said(0.90, 0.96)
    assert found.levers == ("justice",)
    assert found.share == pytest.approx(0.6)
    assert sentence(found) == (
        "mix: 60 % of the change in homicides (-6.0 of -10.0 %) hangs on levers with thin evidence: Justice institutions."
    )


@pytest.mark.parametrize(("rest", "without"), [(0.85, "-15.0"), (1.02, "+2.0")])
def test_beyond_none_and_all_there_are_two_numbers(rest, without):
    (found,) = said(0.90, rest)
    assert f"the change in homicides is -10.0 % and {without} % without" in sentence(found)


def test_an_effect_that_cannot_be_told_from_zero_has_no_share():
    (found,) = said(0.90, 0.96, replicates=1)
    assert found.share is None
    assert "is -10.0 %, not told from zero, and -4.0 % without" in sentence(found)
    assert to_json({}, [found])["thin"][0]["share"] is None


def test_nothing_is_said_of_what_was_not_run():
    scenarios = {"usual": USUAL, "mix": MIX}
    series = experiment({"usual": 1.0, "mix": 0.9})
    assert [*thin(series, scenarios, ["usual", "mix"])] == []
    assert ends(series, ["usual", "mix"]) == {}
    assert render({}, [], []) == ""
    assert to_json({}, []) == {"thin": []}


def test_every_end_is_compared_with_business_as_usual_at_that_end():
    assert [(each.name, each.lever_effects) for each in at_ends([MIX])] == [(arm("mix", label), end) for label, end in ENDS.items()]
    factors = {"low": 0.5, "middle": 0.8, "high": 0.6}
    effects = {arm("usual", label): 1.0 + 0.1 * number for number, label in enumerate(ENDS)}
    effects |= {arm("mix", label): factors[end] * effects[arm("usual", label)] for label, end in ENDS.items()}
    series = experiment({"usual": 1.0, "mix": 0.7, **effects})
    window = ("2007-12", "2008-11")
    found = ends(series, ["usual", "mix"], window)
    of_homicides = {end: row.percent for end, rows in found.items() for row in rows if row.metric == "homicides"}
    assert of_homicides == pytest.approx({"low": -50, "middle": -20, "high": -40})
    assert {(row.scenario, row.baseline) for rows in found.values() for row in rows} == {("mix", "usual")}
    (section,) = sections(found, compare(experiment({"usual": 1.0, "mix": 0.7}), "usual", window=window))
    assert tuple(head.partition("\n")[0] for head in section.heads[2:]) == ORDER
    assert [cell.split()[0] for cell in section.rows[0][2:]] == ["-50.0", "-20.0", "-30.0", "-40.0"]


def test_arms_beside_a_comparison_are_known_by_their_names():
    beside = {arm("mix", label) for label in BESIDE}
    assert switched_names({"mix", *beside}) == switched_names({"mix", *beside}, BESIDE) == beside
    assert switched_names({arm("mix", THIN)}) == set()  # a scenario of that name, not one of `mix`
