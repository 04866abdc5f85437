"""Links and scenario files of the teaching page say exactly what was chosen."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.catalogue.levers import LEVERS
from sim.scenario import load
from sim.show.web.choice import (
    LONGEST_LINK,
    SWITCHES,
    USUAL,
    YEARS,
    Choice,
    Question,
    from_link,
    policies,
    reach,
    scenario,
    to_file,
    to_link,
    written,
)

MOVED = Choice().move("treatment", 1.5, 2010).move("kingpin_targeting", -0.5).assume("demand_elasticity", 1.2)


def test_as_usual_is_the_empty_link():
    assert to_link(Choice()) == ""
    assert scenario(Question()).digest() == load(USUAL).digest()


@given(
    lever=st.sampled_from(sorted(LEVERS)),
    by=st.floats(-10, 10, allow_nan=False).map(lambda x: round(x, 4)),
    since=st.integers(1990, 2040),
    policy=st.sampled_from(policies()),
    switch=st.sampled_from(sorted(SWITCHES)),
    value=st.floats(-100, 100, allow_nan=False),
    language=st.sampled_from(["en", "es"]),
)
@settings(max_examples=60, deadline=None)
def test_a_link_returns_what_was_chosen(lever, by, since, policy, switch, value, language):
    choice = Choice(policy=policy, language=language, world=7, view="map", predict=True).move(lever, by, since).assume(switch, value)
    reading = from_link(to_link(choice))
    assert reading.choice == choice
    assert not reading.problems


def test_levers_stay_within_what_they_allow():
    assert dict(Choice().move("treatment", 1e9).changes)["treatment"].by == LEVERS["treatment"].high
    assert dict(Choice().move("extradition", -1e9).changes)["extradition"].by == reach(USUAL, "extradition")[0]
    assert Choice().move("treatment", -1.0) == Choice()  # there is none to take away
    assert dict(Choice().move("treatment", 1.0, 1500).changes)["treatment"].since == YEARS[0]


def test_more_comes_on_top_and_less_is_taken_from_every_schedule():
    usual = {plan: plan.points for plan in written(USUAL).policy if plan.lever == "military_deployment"}
    more = [p for p in scenario(Choice().move("military_deployment", 1.0, 2010).question).policy if p.lever == "military_deployment"]
    less = [p for p in scenario(Choice().move("military_deployment", -9.0, 2010).question).policy if p.lever == "military_deployment"]
    assert len(more) == len(less) == len(usual)
    assert [plan for plan in more if plan.where] == [plan for plan in usual if plan.where]
    (national,) = (plan for plan in more if not plan.where)
    assert dict(national.points)[date(2010, 1, 1)] == 1.5
    assert all(x == 0.0 for plan in less for day, x in plan.points if day >= date(2010, 1, 1))
    assert any(x > 0.0 for plan in less for day, x in plan.points if day < date(2010, 1, 1))


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        MOVED,
        Choice(policy="merida", scale=0.36),
        Choice(policy="kingpin").move("military_deployment", -2, 2015).move("justice", 1),
    ],
)
def test_a_scenario_file_asks_the_same_question(choice, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(to_file(choice, to_link(choice)), encoding="utf-8")
    assert load(path).digest() == scenario(choice.question).digest()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("treatmnt=1", "link_near"),
        ("qqqqqqqqq=1", "link_unknown"),
        ("treatment=1e308", "link_number"),
        ("treatment=nan", "link_number"),
        ("treatment=99999", "link_bounds"),
        ("treatment=1@99999", "link_bounds"),
        ("treatment=٣", "link_number"),
        ("policy=../../etc/passwd", "link_choice"),
        ("show=homicides,<script>", "link_unknown"),
        ("world=-5", "link_bounds"),
        ("language=xx", "link_choice"),
        ("a=1&" * 200, "link_too_long"),
        ("x" * (LONGEST_LINK + 1), "link_too_long"),
    ],
)
def test_a_hostile_link_is_explained_and_the_rest_is_used(query, problem):
    reading = from_link(query)
    assert problem in [key for key, _ in reading.problems]
    assert all(len(text) <= 60 for _, blanks in reading.problems for key, text in blanks.items() if key != "allowed")
    scenario(reading.choice.question)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_query_string_raises(query):
    scenario(from_link(query).choice.question)
