"""Twin worlds: what they share, where they part, and what is kept of it."""

import numpy as np
import pyarrow as pa
import pytest

from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.records import unpack
from sim.experiment.twins import QUANTITIES, WHERE, Twins
from sim.model.run import simulate
from sim.scenario import load


def run(twins: Twins, *changes: str) -> dict[str, pa.Table]:
    """The tables of the first run of a plan."""
    spec = next(iter(Plan.of([load("baseline", ["world.years=5", *changes])], 1, 1)))
    result = run_one(spec, twins)
    assert not result.error, unpack(result.tables["runs"]).column("traceback")[0].as_py()
    return {kind: unpack(stream) for kind, stream in result.tables.items()}


@pytest.fixture(scope="module")
def found() -> dict[str, pa.Table]:
    return run(Twins(6))


def test_the_world_itself_is_the_one_that_runs_without_twins(found):
    spec = next(iter(Plan.of([load("baseline", ["world.years=5"])], 1, 1)))
    alone = simulate(spec.arm.scenario, spec.seed)
    assert np.array_equal(found["series"].column("homicides").to_numpy(), alone.series["homicides"])
    panel = found["panel"]
    assert len(panel) == 32 * len(alone.months)
    by_month = panel.group_by("month").aggregate([("homicides", "sum")]).sort_by("month").column("homicides_sum").to_numpy()
    gap = alone.series["homicides"] - by_month
    assert gap[alone.series["removals_failed"] == 0] == pytest.approx(0, abs=1e-2)  # who dies when one fails has no place
    assert gap.min() > -1e-2
    assert gap.max() < 100


def test_removals_are_of_all_ranks_and_described(found):
    removals = found["removals"].to_pylist()
    assert [row["rank"] for row in removals[:5]] == ["kingpin"] * 3 + ["lieutenant"] * 2
    assert [row["removal"] for row in removals] == list(range(len(removals)))
    for row in removals:
        assert (row["contested"] is not None) == (row["rank"] == "kingpin")
        assert row["side"] in ("weak", "strong", "peace")
        assert row["members"] > 0
        assert row["territory"]


def test_twins_part_after_the_removal_and_not_before(found):
    twins = found["twins"]
    months = twins.column("month").to_numpy()
    changed = np.zeros(len(twins), bool)
    for name in QUANTITIES:
        changed |= twins.column(name).to_numpy() != twins.column(f"{name}_spared").to_numpy()
    assert not changed[months < 1].any()
    kingpins = np.isin(twins.column("removal").to_numpy(), [0, 1, 2])
    where = twins.column("where").to_numpy(zero_copy_only=False)
    assert set(where) <= set(WHERE)
    for ring in ("place", "elsewhere"):
        assert changed[kingpins & (where == ring)].any()
    assert set(months) == set(range(-11, 37))


def test_places_add_up_to_the_country(found):
    per_run = found["twins"].group_by(["removal", "month"]).aggregate([("members", "sum"), ("homicides", "sum")])
    first = per_run.filter(pa.compute.equal(per_run.column("removal"), 0)).sort_by("month")
    assert first.column("members_sum").to_numpy().min() > 10_000
    panel = found["panel"].column("homicides").to_numpy().sum()
    assert first.column("homicides_sum").to_numpy().sum() < panel


def test_more_removals_keep_the_earlier_ones():
    few, more = (run(Twins(count))["removals"].drop_columns(["removal"]).to_pylist() for count in (2, 4))
    assert few[0] in more


def test_a_run_too_short_for_any_twin_has_none():
    tables = run(Twins(4), "world.years=3")
    assert len(tables["removals"]) == len(tables["twins"]) == 0
    assert len(tables["panel"]) > 0
