import csv
import json

import numpy as np
import pairs
import pyarrow as pa
import pytest

from sim.analysis.csv_text import csv_text
from sim.analysis.csv_text import document as document_of
from sim.analysis.ensemble import PairingError
from sim.analysis.paired import TODAY, Row, compare, notes


@pytest.fixture(scope="module")
def rows():
    cost = {"usual": 1e8, "harsh": 2e8, "cheap": 0.5e8}
    found = compare(
        pairs.experiment({"harsh": 1.5, "usual": 1.0, "cheap": 0.8, "twin": 1.0}, cost=cost | {"twin": 1e8}), "usual"
    )
    return {(row.scenario, row.baseline, row.metric): row for row in found}


def test_business_as_usual_comes_first_and_differs_by_exactly_nothing(rows):
    assert next(iter(rows)) == ("usual", "usual", "homicides")
    own = [row for row in rows.values() if row.scenario == row.baseline]
    assert len(own) == 4
    assert {(row.difference, row.low, row.high, row.cost_usd) for row in own} == {(0.0, 0.0, 0.0, 0.0)}


def test_an_identical_policy_differs_by_exactly_nothing(rows):
    twins = [row for (scenario, baseline, _), row in rows.items() if (scenario, baseline) == ("twin", "usual")]
    assert {(row.difference, row.low, row.high, row.percent) for row in twins} == {(0.0,) * 4}
    assert {row.share_worse for row in twins} == {0.0, None}
    assert {row.per_billion for row in twins} == {None}


def test_flows_are_summed_over_the_window(rows):
    row = rows["harsh", "usual", "homicides"]
    gaps = [0.5 * pairs.world(replicate)[12:].sum() for replicate in range(5)]
    assert row.total == pytest.approx(np.mean(gaps))
    assert row.difference == pytest.approx(np.mean(gaps) * 365.25 / pairs.DAYS.sum())
    assert (row.total_low, row.total_high) == pytest.approx((row.low * row.total / row.difference, row.high * row.total / row.difference))
    assert (row.n, row.share_worse, row.window) == (5, 1.0, "2006-12/2008-11")
    assert row.low < row.difference < row.high


def test_stocks_are_averaged_over_the_window(rows):
    assert rows["harsh", "usual", "members"].percent == pytest.approx(12.5)


def test_the_two_references_can_disagree():
    months = np.arange(24)
    series = pairs.series(
        *(pairs.run("usual", r, homicides=100.0 + 10 * months) for r in range(3)),
        *(pairs.run("policy", r, homicides=100.0 + 5 * months) for r in range(3)),
    )
    found = {(row.scenario, row.baseline): row for row in compare(series, "usual")}
    assert found["policy", "usual"].difference < 0 < found["policy", TODAY].difference
    assert (found["policy", "usual"].share_worse, found["policy", TODAY].share_worse) == (0.0, 1.0)


def test_against_the_first_year_flows_are_yearly_rates():
    series = pairs.series(
        pairs.run("usual", 0, homicides=3.0 * pairs.DAYS), pairs.run("usual", 1, homicides=pairs.DAYS)
    )
    row = next(row for row in compare(series, "usual", window=("2008-01", "2008-03")) if row.baseline == TODAY)
    assert row.mean == pytest.approx(2 * 365.25)
    assert row.difference == pytest.approx(0.0, abs=1e-9)


def test_effect_per_billion_of_extra_cost(rows):
    row = rows["harsh", "usual", "homicides"]
    assert row.cost_usd == pytest.approx(24 * 1e8)
    assert row.per_billion == pytest.approx(row.total / 2.4)
    assert rows["harsh", TODAY, "homicides"].per_billion is None
    assert rows["cheap", "usual", "homicides"].cost_usd < 0
    assert rows["cheap", "usual", "homicides"].per_billion is None


def test_without_recorded_costs_there_is_no_price():
    series = pairs.series(pairs.run("usual", 0, homicides=1.0), pairs.run("policy", 0, homicides=2.0))
    assert {row.cost_usd for row in compare(series, "usual")} == {None}


def test_a_metric_without_direction_has_no_share(rows):
    assert rows["harsh", "usual", "groups_active"].share_worse is None


def test_a_metric_that_is_nowhere_defined_has_no_row():
    series = pairs.series(pairs.run("usual", 0, homicides=1.0, broker_inheritance_share=np.nan))
    assert {row.metric for row in compare(series, "usual")} == {"homicides"}


def test_unequal_seeds_are_refused():
    runs = pa.table({"replicate": [0, 1, 0, 1], "seed": [11, 12, 11, 13]})
    with pytest.raises(PairingError, match="the seed of replicate 1 differs"):
        compare(pairs.experiment({"usual": 1.0}), "usual", runs=runs)


def test_json_document(rows):
    document = document_of(rows.values())
    text = json.loads(json.dumps(document, allow_nan=False))
    keys = (
        "scenario",
        "baseline",
        "metric",
        "window",
        "n",
        "mean",
        "difference",
        "low",
        "high",
        "share_worse",
        "cost_usd",
    )
    assert text["schema"] == 1
    assert tuple(text["rows"][0])[: len(keys)] == keys


def test_one_replicate_is_valid_json():
    series = pairs.experiment({"usual": 1.0, "policy": 1.1}, replicates=1)
    document = document_of(compare(series, "usual"))
    json.dumps(document, allow_nan=False)
    assert {row["low"] for row in document["rows"]} == {None}


def test_csv_reads_back(rows):
    back = list(csv.DictReader(csv_text(Row._fields, rows.values()).splitlines()))
    assert len(back) == len(rows)
    assert float(back[0]["difference"]) == 0.0
    assert (back[1]["metric"], back[1]["share_worse"]) == ("groups_active", "")


def test_notes_name_poor_pairing_and_missing_replicates():
    luck = np.array([np.linspace(50.0, 150.0, 12), np.linspace(150.0, 50.0, 12)])
    series = pairs.series(
        *(pairs.run(name, r, homicides=luck[i, r]) for i, name in enumerate(("usual", "policy")) for r in range(12))
    )
    rows = compare(series, "usual")
    row = next(row for row in rows if row.scenario == "policy" and row.baseline == "usual")
    assert row.correlation < 0.2
    assert row.needed > 12
    text = list(notes(rows))
    assert not any("pairing" in note for note in notes([row._replace(n=3) for row in rows])), "of three pairs a correlation says nothing"
    assert any("pairing hardly narrows" in note and "Homicides" in note for note in text)
    assert any(f"Homicides ({row.needed:,})" in note for note in text)
    assert all(note.startswith("policy: ") for note in text)


def test_nothing_to_note_when_pairs_move_together(rows):
    exact = [row for row in rows.values() if row.scenario == "twin"]
    assert list(notes(exact)) == []
