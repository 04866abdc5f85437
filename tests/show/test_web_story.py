"""What is drawn is what was simulated."""

import re

import numpy as np
import pytest

from sim.show.telling.told import rates
from sim.show.web import lineage, story
from sim.show.web.choice import Choice, Question
from sim.show.web.mexico import LABELS, OUTLINES
from sim.show.web.picture import curve, difference
from sim.show.web.words import words
from sim.show.web.work import ROWS, run, tell


@pytest.fixture(scope="module")
def told():
    return tell(Question(), 1)


@pytest.fixture(scope="module")
def runs():
    policy = Choice().move("naloxone", 3).question
    return {r: run(Question(), r) for r in (1, 2)}, {r: run(policy, r) for r in (1, 2)}


def test_a_story_is_the_run_of_the_ensemble(told, runs):
    years = told.months.astype("datetime64[Y]").astype(int) + 1970
    whole = [told.homicides[years == year].sum() for year in (2007, 2019)]
    summary = runs[0][1]
    mine = [summary.values[ROWS["homicides"], list(summary.years).index(year)] for year in (2007, 2019)]
    assert mine == pytest.approx(whole, rel=2e-3)  # a leap day's worth


def test_rates_look_back_twelve_months():
    killed = np.ones((30, 1))
    assert rates(killed, np.full((30, 1), 1e5)) == pytest.approx(12.0)


def test_a_spared_leader_changes_nothing_before(told):
    fall = next(fall for fall in told.falls if fall.members > 3000)
    twin = tell(Question(), 1, fall.removal)
    month = int(np.searchsorted(told.months, np.datetime64(fall.day, "M")))
    assert np.array_equal(told.homicides[:month], twin.homicides[:month])
    assert not np.array_equal(told.homicides[month:], twin.homicides[month:])
    assert "spared" in set(twin.events["kind"])
    rows = lineage.fork_table(told, twin, words("en")).split("<tr>")[2:]
    assert len(rows) == told.homicides.size // 12
    assert f"<td>{told.homicides[:12].sum():,.0f}</td><td>{twin.homicides[:12].sum():,.0f}</td>" in rows[0]
    assert "leader was never taken" in lineage.fork(told, twin, fall, words("en"))


def test_all_states_have_an_outline(told):
    assert set(OUTLINES) == set(LABELS) == set(told.places)
    for what in story.WHAT:
        for form in story.FORMS:
            drawn = story.world_map(told, 100, what, form, words("es"))
            assert drawn.count('class="place"') == 32


@pytest.mark.parametrize("language", ["en", "es"])
def test_news_are_sentences(told, language):
    items = story.news(told, 120, words(language)).split("<li>")[1:]
    assert len(items) == story.NEWS
    assert all("{" not in item and item.endswith(".</li>") for item in items[:-1])


def test_a_tree_grows_with_time(told):
    early, late = (lineage.tree(told, month, words("en")).count('class="life"') for month in (3, 170))
    assert early < late


def test_the_table_of_a_tree_has_what_is_drawn(told):
    month = 100
    rows = lineage.tree_table(told, month, words("en")).split("<tr>")[2:]
    assert len(rows) == len(re.findall(r'd="M[\d.]+ [\d.]+H', lineage.tree(told, month, words("en"))))
    assert any("Gulf Cartel" in row for row in rows)


def test_ink_has_contrast():
    assert story.ink("#ffffff") == "#000000"
    assert story.ink("#00224e") == "#ffffff"


def test_a_sketch_moves_the_usual_line_by_the_pairs_done(runs):
    usual, policy = runs
    found = curve("overdose_deaths", usual, {1: policy[1]})
    assert found.sketch
    row = ROWS["overdose_deaths"]
    assert found.policy[1] - found.usual[1] == pytest.approx(policy[1].values[row] - usual[1].values[row])
    assert np.isnan(found.policy[0]).all()
    assert not curve("overdose_deaths", usual, policy).sketch
    assert difference("overdose_deaths", usual, policy).percent < 0
