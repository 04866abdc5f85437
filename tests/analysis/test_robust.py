"""Shares won, regret and verdicts with a known answer; rules that PRIM should find and should not."""

from hashlib import sha256

import numpy as np
import pyarrow as pa
import pytest
from pairs import run, series

from sim.analysis.ensemble import PairingError, gather
from sim.analysis.robustness import robust as discovery
from sim.analysis.robustness.robust import ALL, Worlds, by_scenario, judged, standings, verdict, worlds

MONTHS = 24
HOMICIDES = {"usual": [10, 10, 10, 10], "force": [8, 12, 10, 9], "care": [9, 9, 10, 8]}
FAMILIES = np.array(["split", "split", "entry", "entry"])


@pytest.fixture
def ensemble():
    return gather(
        series(
            *(
                run(name, r, homicides=values[r], desertions=values[r], overdose_deaths=5.0)
                for name, values in HOMICIDES.items()
                for r in range(4)
            )
        )
    )


def found(ensemble, metric, family=ALL):
    rows = standings(ensemble, Worlds(FAMILIES, {}), [metric])
    return {row.scenario: row for row in rows if row.family == family}


def test_shares_won_add_up_and_ties_are_shared(ensemble):
    rows = found(ensemble, "homicides")
    assert rows["force"].won == pytest.approx((1 + 1 / 3) / 4)
    assert rows["care"].won == pytest.approx((2 + 1 / 3) / 4)
    assert sum(row.won for row in rows.values()) == pytest.approx(1.0)


def test_families_are_kept_apart(ensemble):
    assert found(ensemble, "homicides", "split")["force"].won == 0.5
    assert found(ensemble, "homicides", "entry")["force"].won == pytest.approx(1 / 6)
    assert found(ensemble, "homicides", "entry")["force"].n == 2


def test_regret_is_measured_against_the_best_of_the_same_world(ensemble):
    rows = found(ensemble, "homicides")
    assert rows["force"].regret == pytest.approx(MONTHS * (0 + 3 + 0 + 1) / 4)
    assert rows["usual"].regret == pytest.approx(MONTHS * (2 + 1 + 0 + 2) / 4)
    assert rows["force"].regret_percent == pytest.approx(100 * 1.0 / 8.75)


def test_more_can_be_better(ensemble):
    assert found(ensemble, "desertions")["usual"].won == pytest.approx((2 + 1 / 3) / 4)


def test_the_verdict_names_the_two_best_and_the_worlds_in_which_they_change_places(ensemble):
    said = verdict(ensemble, "homicides")
    assert (said.first, said.second) == ("care", "force")
    assert said.gap == pytest.approx(MONTHS * (-1 + 3 + 0 + 1) / 4)
    assert said.low < said.gap < said.high
    assert said.reversed.tolist() == [True, False, False, False]


def test_the_verdict_on_what_should_grow_has_the_sign_of_the_metric(ensemble):
    said = verdict(ensemble, "desertions")
    assert (said.first, said.second) == ("usual", "force")
    assert said.gap == pytest.approx(-MONTHS * 1 / 4)


def test_no_verdict_where_nothing_differs(ensemble):
    assert verdict(ensemble, "overdose_deaths") is None


def test_what_has_no_better_direction_is_refused(ensemble):
    with pytest.raises(PairingError, match="no better direction"):
        judged(["groups_active"], ensemble.metrics)
    with pytest.raises(PairingError, match="not recorded"):
        judged(["kidnappings"], ensemble.metrics)


def test_worlds_hold_what_differs(ensemble):
    runs = pa.table(
        {
            "replicate": [r for r in range(4) for _ in HOMICIDES],
            "family": [FAMILIES[r] for r in range(4) for _ in HOMICIDES],
            "parameter.rout": [float(r) for r in range(4) for _ in HOMICIDES],
            "parameter.wage": [1.0] * 12,
            "parameter.effect.treatment": [r / 7 for r in range(4) for _ in HOMICIDES],
            "parameter.effect.naloxone": [r / 9 for r in range(4) for _ in HOMICIDES],
        }
    )
    own = worlds(runs, ensemble, ["naloxone"])
    assert own.parameters.keys() == {"rout", "effect.naloxone"}
    assert own.parameters["rout"].tolist() == [0, 1, 2, 3]
    assert own.groups.keys() == {ALL, "split", "entry"}


def test_json_adds_to_the_rows_of_compare(ensemble):
    extra = by_scenario(standings(ensemble, Worlds(FAMILIES, {}), ["homicides"]))["care", "homicides"]
    assert extra["share_won_by_family"]["split"] == {"n": 2, "share_won": 0.5}
    assert {"share_won", "regret", "regret_high", "regret_percent"} <= extra.keys()


def space(n=120):
    """Three parameters that fill a cube evenly (a rank-one lattice)."""
    points = np.arange(n)[:, None] * np.array([0.3819660113, 0.2451223338, 0.1573]) % 1.0
    return dict(zip(("rout", "grudge", "wage"), points.T, strict=True))


@pytest.mark.slow
@pytest.mark.skipif(not discovery.available(), reason="needs the extra robust")
def test_prim_finds_the_corner_that_flips():
    parameters = space()
    flips = (parameters["rout"] > 0.6) & (parameters["grudge"] < 0.7)
    rule = discovery.rule(parameters, flips)
    assert {condition.name for condition in rule.conditions} == {"rout", "grudge"}
    assert rule.held_back > 0.85
    assert rule.coverage > 0.7
    assert rule.holds_up
    assert "rout >= 0." in str(rule.conditions[0])


@pytest.mark.slow
@pytest.mark.skipif(not discovery.available(), reason="needs the extra robust")
def test_rules_learnt_from_noise_do_worse_where_they_were_not_learnt():
    noise = [np.array([sha256(bytes([place, n])).digest()[0] < 80 for n in range(120)]) for place in range(12)]
    rules = [discovery.rule(space(), flips) for flips in noise]
    judged = [rule for rule in rules if rule is not None and rule.held_back is not None]
    assert len(judged) > 5
    assert np.mean([rule.held_back - rule.share for rule in judged]) < -0.1
    assert sum(rule.holds_up for rule in judged) <= 2


def test_a_rule_must_beat_luck_where_it_was_not_learnt():
    assert discovery.tail(0, 20, 0.35) == pytest.approx(1.0)
    assert discovery.tail(2, 2, 0.5) == pytest.approx(0.25)
    condition = (discovery.Condition("rout", 0.5, None),)
    weak = discovery.Rule(condition, 0.6, 0.35, 7 / 18, 18, 0.5, discovery.tail(7, 18, 0.35))
    sure = weak._replace(held_back=14 / 18, luck=discovery.tail(14, 18, 0.35))
    assert (weak.holds_up, sure.holds_up) == (False, True)


def test_too_few_flips_make_no_rule():
    flips = np.zeros(120, bool)
    flips[:4] = True
    assert discovery.rule(space(), flips) is None
