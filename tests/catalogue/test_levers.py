"""Laws that hold for every lever in the registry, and the response chain against its closed form."""

import re

import numpy as np
import pytest

from sim.catalogue.levers import LEVERS, Lever, cost_usd, deliver, lagged
from sim.catalogue.levers.definition import REGISTRY
from sim.catalogue.levers.definition import lever as register
from sim.catalogue.metrics import METRICS
from sim.catalogue.push import HANDLES, Push
from sim.catalogue.sources import SOURCES

SCOPE = {handle.name: handle.scope for handle in HANDLES}
DERIVED = {"name", "summary", "press", "mechanism"}
every_lever = pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))


def test_the_registry_holds_all_families_in_order():
    families = [lever.family for lever in LEVERS.values()]
    assert list(dict.fromkeys(families)) == ["militarized", "demand", "roots", "cross"]
    assert len(families) == len(REGISTRY) >= 26
    assert next(iter(LEVERS)) == "kingpin_targeting"
    assert families == sorted(families, key=["militarized", "demand", "roots", "cross"].index)


@every_lever
@pytest.mark.parametrize("draw", [0, 1, 2])
def test_zero_intensity_presses_nothing_to_the_bit(lever, draw):
    push = lever.press(deliver(lever, np.zeros(5)), lever.effect[draw])
    for handle in HANDLES:
        pressed = np.broadcast_to(getattr(push, handle.name), 5)
        assert np.array_equal(pressed, np.full(5, handle.neutral)), handle.name


@every_lever
def test_presses_stay_finite_and_factors_positive_at_full_intensity(lever):
    push = lever.press(deliver(lever, np.array([lever.high])), lever.effect[2])
    for handle in HANDLES:
        value = np.asarray(getattr(push, handle.name))
        assert np.isfinite(value).all()
        assert handle.combine == "add" or (value > 0.0).all()
        assert handle.combine == "factor" or (value >= 0.0).all()


@every_lever
def test_mechanism_names_what_is_pressed_and_nothing_else(lever):
    push = lever.press(np.ones(1), lever.effect[2])
    moved = [h.name for h in HANDLES if np.any(np.asarray(getattr(push, h.name)) != h.neutral)]
    assert lever.mechanism == tuple(moved)
    assert moved


def test_every_handle_is_pressed_by_some_lever():
    assert {name for lever in LEVERS.values() for name in lever.mechanism} == set(SCOPE)


@every_lever
def test_a_lever_is_aimed_only_at_what_its_handles_allow(lever):
    scopes = {SCOPE[name] for name in lever.mechanism}
    assert "where" not in lever.aims or scopes == {"territory"}
    assert not lever.aims & {"target", "rank", "mode"} or scopes == {"cartel"}
    assert lever.cost_scales_with == ("population" if "where" in lever.aims else "nation")


@every_lever
def test_delivery_starts_at_zero_rises_with_falling_returns_and_stays_under_the_ceiling(lever):
    arrived = deliver(lever, np.linspace(0.0, 3.0 * lever.high, 200))
    gains = np.diff(arrived)
    assert arrived[0] == 0.0
    assert not np.signbit(arrived[0])
    assert (gains > 0.0).all()
    assert (np.diff(gains) < 0.0).all()
    assert arrived[-1] <= lever.ceiling
    kept = lever.takeup * (1.0 - lever.leakage)
    assert kept - 1e-12 <= deliver(lever, 1.0) <= 1.0 + 1e-12


@every_lever
def test_the_same_chain_with_sane_constants(lever):
    assert lever.ceiling > 1.0
    assert lever.takeup in {0.8, 0.9, 1.0}
    assert lever.leakage in {0.0, 0.05, 0.1}
    assert (lever.takeup == 1.0) == (lever.leakage == 0.0), "the one rule for losses"
    assert lever.lag_weeks >= 0.0
    assert 0.0 == lever.low < 1.0 <= lever.high


@every_lever
def test_cost_and_effect_ranges_are_ordered(lever):
    low, mid, high = lever.cost
    assert 0.0 <= low <= mid <= high
    assert mid > 0.0
    assert 0.0 <= lever.payer <= 1.0
    low, mid, high = lever.effect
    assert low <= mid <= high
    assert high > 0.0


@every_lever
def test_every_lever_says_what_it_is_and_what_that_rests_on(lever):
    assert lever.title
    assert lever.unit
    assert len(re.findall(r"[.]( |$)", lever.summary)) >= 2, "how it acts, and at what other price"
    assert set(lever.sources) <= set(SOURCES)
    assert lever.sources
    assert lever.cost_note
    assert lever.effect_note
    assert lever.evidence in {"strong", "mixed", "thin"}


@every_lever
def test_expected_signs_are_about_metrics(lever):
    assert set(lever.expected) <= set(METRICS)
    assert {"homicides", "overdose_deaths"} <= set(lever.expected)
    assert set(lever.expected.values()) <= {"less", "more", "mixed", "unknown"}


def test_thin_evidence_means_a_wide_range():
    for lever in LEVERS.values():
        low, _, high = lever.effect
        assert lever.evidence != "thin" or high >= 3.0 * low, lever.name


def test_units_that_count_what_arrives_deliver_themselves():
    for name in ("kingpin_targeting", "military_deployment", "general_arrests", "crop_eradication", "treatment"):
        assert deliver(LEVERS[name], 1.0) == pytest.approx(1.0)


def test_delivery_follows_its_closed_form():
    lever, x = LEVERS["naloxone"], 2.0
    kept = lever.takeup * (1.0 - lever.leakage)
    assert deliver(lever, x) == pytest.approx(lever.ceiling * (1.0 - (1.0 - 1.0 / lever.ceiling) ** (kept * x)))


def test_a_lag_is_causal_first_order_and_conserves_the_level():
    step = np.zeros(400)
    step[10:] = 2.0
    built = lagged(step, 26.0)
    assert (built[:10] == 0.0).all()
    assert built[10 + 25] == pytest.approx(2.0 * (1.0 - np.exp(-1.0)))
    assert built[-1] == pytest.approx(2.0, rel=1e-5)
    assert (np.diff(built[9:]) > 0.0).all()


def test_what_comes_later_does_not_change_what_was_built_before():
    series = np.ones(50)
    later = np.concatenate([series[:30], np.full(20, 5.0)])
    assert np.array_equal(lagged(series, 13.0)[:30], lagged(later, 13.0)[:30])


def test_without_a_lag_the_series_is_its_own_copy():
    series = np.arange(4.0)
    built = lagged(series, 0.0)
    assert np.array_equal(built, series)
    assert built is not series


def test_costs_follow_the_schedule_and_the_population_reached():
    lever = LEVERS["military_deployment"]
    low, mid, high = cost_usd(lever, np.array([0.0, 1.0, 2.0]))
    assert mid.tolist() == [0.0, lever.cost[1] * 1e6, 2.0 * lever.cost[1] * 1e6]
    assert (low <= mid).all()
    assert (mid <= high).all()
    assert cost_usd(lever, 1.0, reach=0.25)[1] == pytest.approx(0.25 * lever.cost[1] * 1e6)
    assert cost_usd(LEVERS["interdiction"], 1.0, reach=0.25) == cost_usd(LEVERS["interdiction"], 1.0)


def test_registering_takes_name_and_docstring_from_the_function():
    entry = {name: getattr(LEVERS["naloxone"], name) for name in Lever.__dataclass_fields__ if name not in DERIVED}

    @register(**entry)
    def invented(x, effect):
        """Act.

        At a price.
        """
        return Push(overdose_survival=effect * x, initiation=np.exp(-effect * x))

    made = REGISTRY.pop("invented")
    assert (made.name, made.summary) == ("invented", "Act. At a price.")
    assert made.mechanism == ("initiation", "overdose_survival")
