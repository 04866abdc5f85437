"""Scores of forecasts: the rules by hand, the naive forecasters, the model told the past, and what the fit has seen."""

import numpy as np
import pytest

from sim.analysis.forecasts.draws import DRAWS, NAIVE, Draws, systematic, tempered, told, widened
from sim.analysis.forecasts.score import AHEAD, FREE, MODEL, WIDER, ignorance, score_draws, scores, seen_by_fit, skill
from sim.scenario.evidence_file import read_truth
from sim.scenario.problems import ScenarioError
from sim.scenario.read import shipped_folder
from sim.studies.score import finding

OWN = read_truth(shipped_folder() / "observed/homicides.csv")
PLACES = tuple(OWN.deaths)
ABOUT = {"scenario": "s", "world": "w", "model_version": "0" * 16, "code": None, "seed": 1, "start": "2006-12-01"}


def forecast(factors, last=2012):
    """Histories that are the observed years times a factor each, evenly over the months."""
    months = np.arange(12 * 2007, 12 * last)
    years = np.array([[OWN.deaths[place].get(12 * (month // 12), 10.0) / 12 for month in months] for place in PLACES])
    return Draws(PLACES, months, (np.asarray(factors)[:, None, None] * years).astype(np.float32), ABOUT)


def test_rules_by_hand():
    draws, truth = np.array([1.0, 3.0]).reshape(2, 1, 1), np.array([[2.0]])
    found = scores(draws, truth, 1)
    assert found.crps[0, 0] == pytest.approx(1.0 - 0.5 * 0.5 * 2)  # E|X - y| - E|X - X'|/2
    assert found.inside[0, 0] == 1.0
    assert found.interval[0, 0] == pytest.approx(0.9 * 2)
    assert scores(draws, truth + 2.0, 1).interval[0, 0] == pytest.approx(1.8 + 20 * (4.0 - 2.9))


def test_ignorance_is_that_of_the_challenge():
    edges = np.array([0.0, 2.5, 10.5])
    draws = np.array([0.0, 1.0, 5.0]).reshape(3, 1, 1)
    assert ignorance(draws, np.array([[2.0]]), edges)[0, 0] == pytest.approx(-np.log2((2 + 2 / 3) / (3 + 2 / 3)))
    assert ignorance(draws, np.array([[99.0]]), edges)[0, 0] == pytest.approx(-np.log2((2 / 3) / (3 + 2 / 3)))


def test_skill_has_an_interval_over_places():
    other = np.array([[10.0, 10.0]] * 40)
    own = other * np.linspace(0.4, 0.6, 40)[:, None]
    gain, low, high = skill(own, other)
    assert gain == pytest.approx(0.5)
    assert low < 0.5 < high
    assert high - low == pytest.approx(2 * 2.02 * np.std(own[:, 0] / 10, ddof=1) / np.sqrt(40), rel=0.01)
    assert np.isnan(skill(own[:1, :2], other[:1, :2])[1])  # two periods of one place say nothing about an interval


def test_naive_forecasts_know_what_they_say():
    past, ahead = np.array([[4.0, 8.0, 6.0, 10.0]]), np.array([1.0, 4.0])
    found = {name: forecast(past, ahead, 12) for name, forecast in NAIVE.items()}
    assert found["last value"].mean() == pytest.approx(10.0, abs=0.3)
    assert set(np.unique(found["conflictology"])) == {8.0, 6.0, 10.0}  # three years
    assert set(np.unique(found["climatology"])) == {4.0, 8.0, 6.0, 10.0}
    walk = np.log(found["random walk"][:, 0] / 10.0)
    assert walk.std(axis=0)[1] / walk.std(axis=0)[0] == pytest.approx(2.0)  # the root of the horizon
    assert np.median(found["random walk"][:, 0, 0]) == pytest.approx(10.0, rel=0.02)
    assert len(found["mixture"]) == 4 * DRAWS


def test_weights_leave_half_of_the_histories():
    weights = tempered(np.linspace(0, 50, 200) ** 2)
    assert weights.sum() == pytest.approx(1.0)
    assert 1 / np.square(weights).sum() == pytest.approx(100, rel=1e-3)
    assert tempered(np.zeros(10)) == pytest.approx(np.full(10, 0.1))
    assert np.bincount(systematic(np.array([0.5, 0.25, 0.25, 0.0]))).tolist() == [2, 1, 1]


def test_told_the_past_a_forecast_goes_on_from_where_the_place_is():
    past = np.array([[100.0, 200.0]])
    like = np.array([[[50.0, 100.0]], [[50.0, 100.0]], [[500.0, 100.0]], [[500.0, 20.0]]])  # the first two at half the level, same path
    ahead = np.array([[[300.0]], [[300.0]], [[10.0]], [[10.0]]])
    found = told(like, past, ahead, 12)[:, 0, 0]
    assert np.median(found) == pytest.approx(300.0 * 206 / 106)
    assert (found > 500).sum() > 2  # more than their share


def test_a_discrepancy_by_place_is_learned_from_the_other_places():
    """Every place is off by a factor of its own, which no history knows: intervals of the model hold little, widened ones what they say."""
    luck = np.random.default_rng(3)
    factor = np.exp(0.8 * luck.normal(size=60))
    known = 400.0 * factor[:, None] * np.exp(0.1 * luck.normal(size=(60, 5)))
    histories = 400.0 * np.exp(0.2 * luck.normal(size=(400, 60, 1)) + 0.1 * luck.normal(size=(400, 60, 5)))
    wide = widened(histories, known, np.ones(5, bool), 12)
    inside = {name: scores(draws, known, 12).inside.mean() for name, draws in (("own", histories), ("wide", wide))}
    assert inside["own"] < 0.5
    assert 0.8 < inside["wide"] < 0.97
    assert np.log(wide).std(axis=0).mean() == pytest.approx(0.83, rel=0.2)
    known[0] *= 100.0  # of the place itself nothing is taken
    assert widened(histories, known, np.ones(5, bool), 12)[:, 0] == pytest.approx(wide[:, 0])
    right = 400.0 * np.exp(0.2 * luck.normal(size=(60, 1)) + 0.1 * luck.normal(size=(60, 5)))
    assert np.log(widened(histories, right, np.ones(5, bool), 12)).std(axis=0).mean() == pytest.approx(0.224, rel=0.25)


def test_what_the_fit_has_seen():
    assert "H1b" in seen_by_fit(12 * 2011, 12)
    assert "H1b" in seen_by_fit(12 * 2011 + 11, 1)
    assert "H1b" not in seen_by_fit(12 * 2012, 1)
    assert seen_by_fit(12 * 2014, 12) == ("H7",)
    assert seen_by_fit(12 * 2009, 12) == ()


def test_every_line_says_what_the_fit_has_seen(tmp_path):
    found = score_draws(forecast([0.9, 1.0, 1.2]))
    assert {row.level for row in found.rows} == {"nation", "state"}
    assert {row.told for row in found.rows} == {FREE, AHEAD}
    for row in found.rows:
        assert "seen by the fit" in row.seen
    for line in finding(tmp_path, found).text.splitlines():
        if any(f"  {name} " in line for name in (MODEL, WIDER, *NAIVE)):
            assert "seen by the fit" in line
    (whole,) = (row for row in found.rows if (row.level, row.told, row.forecaster) == ("state", FREE, MODEL) and " to " in row.periods)
    assert (whole.periods, whole.n) == ("2007 to 2011", 160)
    assert whole.seen == "3 of 5 seen by the fit (H1 H1a H6 H7 H1b)"


def test_a_forecast_that_knows_the_truth_has_all_the_skill_one_that_is_far_off_none():
    good = {(row.level, row.told, row.forecaster): row for row in score_draws(forecast([1.0, 1.0, 1.0])).rows if " to " in row.periods}
    assert good["state", FREE, MODEL].crps == pytest.approx(0.0, abs=1e-3)
    assert good["state", FREE, "random walk"].skill == pytest.approx(1.0, abs=1e-3)
    assert good["state", AHEAD, MODEL].crps < 2.0  # the observed year times the true change
    bad = {(row.level, row.told, row.forecaster): row for row in score_draws(forecast([9.0, 9.0, 9.0])).rows if " to " in row.periods}
    assert bad["state", FREE, "random walk"].skill < -1.0
    assert bad["state", AHEAD, MODEL].crps < 0.1 * bad["state", FREE, MODEL].crps  # told the past, it need not know the level


def test_months_of_a_later_table(tmp_path):
    file = tmp_path / "later.csv"
    rows = [f"NATION,{year}-{month:02d},{1500 + month}" for year in (2015, 2016) for month in range(1, 13)]
    file.write_text("\n".join(["place,period,homicides", *rows]), encoding="utf-8")
    found = score_draws(forecast([0.5, 1.0, 2.0], last=2018), file)
    assert {row.level for row in found.rows} == {"nation"}
    whole = {row.told: row for row in found.rows if row.forecaster == MODEL and " to " in row.periods}
    assert (whole[FREE].periods, whole[FREE].n) == ("2015-01 to 2016-12", 24)
    assert whole[AHEAD].periods == "2016-01 to 2016-12"  # the year before 2015 is not known
    assert whole[FREE].seen == "24 of 24 seen by the fit (H7)"
    assert found.json["period"] == "month"


def test_a_table_that_the_forecast_does_not_reach_is_refused(tmp_path):
    file = tmp_path / "later.csv"
    file.write_text("place,period,homicides\nNATION,2031,5\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="holds no period that the forecast covers, which goes from 2007-01 to 2011-12"):
        score_draws(forecast([1.0]), file)
