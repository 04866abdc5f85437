"""The recorded metrics: complete, unambiguous, and never a sum of two harms."""

import pytest

from sim.catalogue.metrics import _ROWS, HEADLINE, METRICS

every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
CAUSES = ("turf", "succession", "predation", "confrontation", "background")


def test_names_and_titles_are_unique():
    assert len(METRICS) == len(_ROWS) >= 50
    assert len({metric.title for metric in METRICS.values()}) == len(METRICS)


@every_metric
def test_a_metric_says_what_it_is(metric):
    assert metric.name.isidentifier()
    assert metric.name == metric.name.lower()
    assert 0 < len(metric.title) <= 27
    assert metric.unit
    assert metric.meaning.endswith(".")
    assert metric.kind in {"flow", "stock"}
    assert metric.better in {"less", "more", "neither"}
    assert metric.yearly == (metric.kind == "flow")


@every_metric
def test_homicides_and_overdoses_are_never_summed(metric):
    words = f"{metric.name} {metric.title} {metric.meaning}".lower()
    assert not ("homicide" in words and "overdose" in words)


def test_homicides_stand_before_their_five_causes():
    names = list(METRICS)
    start = names.index("homicides")
    assert names[start + 1 : start + 6] == [f"homicides_{cause}" for cause in CAUSES]


def test_the_headline_is_a_short_list_of_metrics_with_costs_by_payer():
    assert set(HEADLINE) <= set(METRICS)
    assert len(set(HEADLINE)) == len(HEADLINE) <= 12
    assert HEADLINE[:2] == ("homicides", "overdose_deaths")
    assert {"policy_cost_usd", "policy_cost_usd_us", "policy_cost_usd_mx"} <= set(HEADLINE)


@every_metric
def test_dollars_are_named_and_counted_as_flows(metric):
    assert metric.unit != "US$" or (metric.kind == "flow" and "_usd" in metric.name)
