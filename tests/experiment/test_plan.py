import hashlib
from datetime import date

import fakes
import pytest

from sim.experiment import plan as planning
from sim.experiment.errors import PlanError
from sim.experiment.plan import Plan, replicate_seed
from sim.scenario.scenario import LeverPlan


def test_order_is_replicate_major():
    plan = Plan.of([fakes.scenario("a"), fakes.scenario("b")], 3, seed=1)
    assert [(spec.replicate, spec.arm.scenario.name) for spec in plan] == [(r, n) for r in range(3) for n in "ab"]
    assert len(plan) == 6


def test_seeds_depend_on_experiment_seed_and_replicate_only():
    expected = int(hashlib.sha256(b"1/0").hexdigest()[:16], 16)
    assert replicate_seed(1, 0) == expected
    one = [spec.seed for spec in Plan.of([fakes.scenario("a")], 5, seed=1)]
    other = [spec.seed for spec in Plan.of([fakes.scenario("b", parameters={"x": 2.0})], 9, seed=1)]
    assert one == other[:5]
    assert len(set(one)) == 5
    assert [spec.seed for spec in Plan.of([fakes.scenario("a")], 5, seed=2)] != one


def test_run_id_names_version_content_and_seed(monkeypatch):
    def only(**changes):
        return next(iter(Plan.of([fakes.scenario("a", **changes)], 1, seed=changes.get("seed", 1)))).run_id

    assert only() == only(title="another title", question="another question")
    policy = (LeverPlan("treatment", ((date(2007, 1, 1), 1.0),)),)
    assert len({only(), only(parameters={"x": 1.0}), only(policy=policy), only(years=1.0), only(seed=2)}) == 5
    before = only()
    monkeypatch.setattr(planning, "model_version", lambda: "0" * 16)
    assert only() != before


def test_run_ids_are_distinct_and_survive_more_replicates():
    scenarios = [fakes.scenario("a"), fakes.scenario("copy of a")]
    few = [spec.run_id for spec in Plan.of(scenarios, 20, seed=1)]
    many = [spec.run_id for spec in Plan.of(scenarios, 50, seed=1)]
    assert many[:40] == few
    assert len(set(many)) == 100


def test_a_scenario_named_twice_is_two_arms():
    plan = Plan.of([fakes.scenario("a"), fakes.scenario("a")], 1, seed=1)
    assert [arm.scenario.name for arm in plan.arms] == ["a", "a (2)"]


def test_points_keep_their_scenarios_name():
    points = [fakes.scenario("a", parameters={"x": float(x)}) for x in range(3)]
    plan = Plan.of(points, 1, seed=1, points=[0, 1, 2])
    assert [(spec.labels["scenario"], spec.labels["point"]) for spec in plan] == [("a", 0), ("a", 1), ("a", 2)]
    with pytest.raises(PlanError, match="a: points 0 and 1 are the same"):
        Plan.of([fakes.scenario("a"), fakes.scenario("a")], 1, seed=1, points=[0, 1])


@pytest.mark.parametrize(("count", "replicates"), [(0, 1), (1, 0)])
def test_an_empty_experiment_is_refused(count, replicates):
    with pytest.raises(PlanError):
        Plan.of([fakes.scenario()] * count, replicates, seed=1)


def test_folder_names_are_short_and_tame():
    assert Plan.of([fakes.scenario("a"), fakes.scenario("b c/..")], 1, 1).folder_name("compare") == "compare-a-b-c-.."
    many = [Plan.of([fakes.scenario(f"scenario-{i}") for i in range(n)], 1, 1).folder_name("run") for n in (20, 21)]
    assert all(len(name) == 60 for name in many)
    assert len(set(many)) == 2
