"""The scorecard's rule, and what records show of what happened."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from histories import histories

from sim.analysis.evidence import observed, owed, pit, read_effects, render, scorecard, to_csv, to_json, triangular, until_now, verdict
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.metrics import METRICS

ROW = Evidence("x", "x", "homicides", "level", ("2007-01", "2007-12"), 15.0, 10.0, 20.0, "deaths", ("envipe",), "seen", "calibrate")


def test_a_row_passes_if_what_happened_is_an_ordinary_draw():
    assert verdict(ROW, np.linspace(11, 19, 50)) == "pass"
    assert verdict(ROW, np.linspace(15.2, 19, 50)) == "near"  # all in the band, and none as low as what happened
    assert until_now(ROW, np.linspace(15.2, 19, 50)) == "pass"
    assert verdict(ROW, np.linspace(30, 40, 50)) == "fail"


def test_histories_wider_than_the_band_do_not_buy_a_pass():
    assert verdict(ROW, np.linspace(-1000, 1000, 201)) == "near"
    half = ROW.high - ROW.low  # of the histories, 68 % in the middle: as wide as the band, or a little wider
    assert verdict(ROW, 15.0 + np.linspace(-0.5, 0.5, 1001) * half / 0.69) == "pass"
    assert verdict(ROW, 15.0 + np.linspace(-0.5, 0.5, 1001) * half / 0.67) == "near"


def test_a_wide_band_does_not_buy_one_either():
    assert verdict(replace(ROW, low=1.0, high=1e6), np.linspace(16, 19, 50)) == "near"


def test_every_history_is_compared_with_a_value_that_the_sources_allow():
    values = np.linspace(15.2, 15.6, 400)
    assert pit(ROW, values) == 0.0
    exact = replace(ROW, stated=(15.0, 15.0))
    assert pit(exact, values) == 0.0
    vague = replace(ROW, stated=(12.0, 18.0))
    assert 0.3 < pit(vague, values) < 0.45
    assert verdict(vague, values) == "pass"
    at_most, at_least = replace(ROW, stated=(12.0, 15.0)), replace(ROW, stated=(15.0, 18.0))  # what was observed is one end
    assert pit(at_most, values) == 0.0 < pit(at_least, values)
    assert pit(at_most, values - 2.0) < 1.0 == pit(at_least, values - 2.0)
    assert pit(ROW, np.array([14.0, 15.0, 16.0, 17.0])) == 0.375  # those that equal it count half


def test_a_row_without_an_observation_has_its_band_only():
    bare = replace(ROW, observed=None)
    assert np.isnan(pit(bare, np.array([15.0])))
    assert verdict(bare, np.array([15.0, 15.0, 90.0])) == "pass"
    assert verdict(bare, np.array([15.0, 25.0] + [90.0] * 8)) == "near"


def test_histories_without_a_value_are_not_counted():
    card = scorecard([replace(ROW, over="overdose_deaths")], histories(2007, homicides=[[30.0], [30.0]], overdose_deaths=[[2.0], [0.0]]))
    assert (card.scores[0].n, card.scores[0].simulated, card.scores[0].verdict) == (1, 15.0, "pass")


def test_what_a_constant_accounts_for_is_a_part_of_the_mean_rise():
    """From 10 to 20 and 30; without the constant to 18 and 26: 2 and 4 of 10 and 20."""
    row = EVIDENCE["H8"]
    usual, off = (histories(2007, homicides=[[10.0, 0.0, one], [10.0, 0.0, two]]) for one, two in ((20.0, 30.0), (18.0, 26.0)))
    effect = owed(row, usual, off)
    assert effect["relative"] == pytest.approx(3 / 15)
    assert effect["low"] < 0.2 < effect["high"]
    (score,) = scorecard([row], usual, [effect]).scores
    assert (score.n, score.verdict) == (2, "pass")
    assert "begins earlier" in scorecard([row], usual).left_out["H8"]


def test_flows_are_yearly_and_stocks_are_means():
    runs = histories(2007, homicides=[[12.0], [15.0]], members=[[10.0], [19.0]])
    assert observed(ROW, runs) == pytest.approx([12.0, 15.0])
    assert observed(replace(ROW, metric="members"), runs) == pytest.approx([10.0, 19.0])


def test_records_show_a_share_that_differs_between_histories():
    runs = histories(2007, homicides=[[100.0]] * 400)
    seen = observed(replace(ROW, recorded=(0.1, 0.2, 0.6)), runs)
    assert seen.min() >= 10.0
    assert seen.max() <= 60.0
    assert seen.mean() == pytest.approx(100 * (0.1 + 0.2 + 0.6) / 3, rel=0.01)
    assert triangular((0.3, 0.3, 0.3), np.array([0.1, 0.9])).tolist() == [0.3, 0.3]


def test_offspring_are_counted_alive_at_the_end_of_the_month():
    lines = [
        (0, "gulf", date(2006, 12, 1), None),
        (0, "gulf", date(2015, 1, 1), date(2016, 12, 31)),  # gone within the month
        (0, "sinaloa", date(2016, 12, 31), date(2017, 5, 1)),
        (0, "sinaloa", date(2017, 1, 1), None),  # too late
        (0, "la-familia", date(2006, 12, 1), None),  # not a dominant one
        (1, "juarez", date(2006, 12, 1), date(2017, 1, 1)),
    ]
    runs = histories(2016, lines, groups_active=[[1.0], [1.0]])
    assert observed(EVIDENCE["F5"], runs) == pytest.approx([2 / 6, 1 / 6])


def test_effects_of_removals_come_from_twins():
    effects = [
        {
            "where": "place",
            "months": "1-6",
            "metric": "organised_homicides",
            "situation": "lieutenants",
            "n": 9,
            "relative": 5,
            "low": 4,
            "high": 6,
        },
        {
            "where": "place",
            "months": "1-6",
            "metric": "organised_homicides",
            "situation": "kingpins",
            "n": 80,
            "relative": 0.2,
            "low": 0.1,
            "high": 0.3,
        },
    ]
    card = scorecard([EVIDENCE["K1"], EVIDENCE["K5"]], histories(2007, homicides=[[1.0]]), effects)
    assert [(score.row.id, score.verdict, score.simulated, score.n) for score in card.scores] == [("K1", "pass", 0.2, 80)]
    assert "twins" in card.left_out["K5"]


def test_what_is_not_covered_is_left_out_with_the_reason():
    card = scorecard([EVIDENCE["H1"]], histories(2007, homicides=[[1.0]]))
    assert card.left_out == {"H1": "the runs go from 2007-01 to 2007-12"}


def test_text_json_and_csv_keep_uses_apart_and_put_failures_first():
    rows = [replace(ROW, id="good"), replace(ROW, id="bad", observed=1.5, low=1.0, high=2.0), replace(ROW, id="held", use="hold out")]
    card = scorecard(rows, histories(2007, homicides=[[13.0], [15.0], [18.0]]))
    text = render(card)
    assert text.index("bad") < text.index("good") < text.index("Check rows") < text.index("held")
    assert "1 of 2 pass (50 %)" in text
    document = json.loads(json.dumps(to_json(card)))
    assert document["schema"] == 1
    assert {"id", "metric", "use", "observed", "low", "high", "simulated", "simulated_low", "simulated_high", "verdict", "source"} <= set(
        document["rows"][0]
    )
    assert document["passed"]["calibrate"] == {"passed": 1, "scored": 2}
    assert to_csv(card).count("\n") == 4


def test_a_given_row_is_shown_apart_and_not_counted():
    rows = [replace(ROW, id="own"), replace(ROW, id="input", use="given"), replace(ROW, id="wrong", low=1.0, high=2.0, use="given")]
    card = scorecard(rows, histories(2007, homicides=[[13.0], [15.0], [18.0]]))
    assert [score.verdict for score in card.scores] == ["pass", "given", "given"]
    text = render(card)
    assert text.index("1 of 1 pass") < text.index("Given, not counted") < text.index("input")
    assert text.count(" pass (") == 1
    assert to_json(card)["passed"] == {"calibrate": {"passed": 1, "scored": 1}, "hold out": {"passed": 0, "scored": 0}}
    assert to_csv(card).count(",given,") == 6  # use, verdict, and that of the rule before


def test_every_catalogue_row_can_be_scored():
    years = {name: np.full((2, 16), 7.0) + np.arange(16) for row in EVIDENCE.values() for name in row.metrics if name in METRICS}
    rows = [row for row in EVIDENCE.values() if row.form != "twins"]
    card = scorecard(rows, histories(2007, [(0, "gulf", date(2006, 12, 1), None)], **years))
    assert {score.row.id for score in card.scores} == {row.id for row in rows}


def test_another_document_is_not_taken_for_twins():
    with pytest.raises(ValueError, match="no rows"):
        read_effects("[]")
    with pytest.raises(ValueError, match="rows need"):
        read_effects('{"rows": [{"where": "place"}]}')
