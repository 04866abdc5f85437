import os
import shutil

import fakes
import pytest

from sim.experiment.errors import FolderError, FolderInUseError, PlanError
from sim.experiment.execute import PART, PartsInOrder, Tally, execute
from sim.experiment.folder import lock
from sim.experiment.folder.integrity import Shard
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.reading import read_events, read_genealogy, read_runs, read_series
from sim.experiment.store import Store


def plan(replicates, *names):
    return Plan.of([fakes.scenario(name) for name in names or ("a", "b")], replicates, seed=1)


def run(asked, folder, **options):
    return execute(asked, folder, **({"engine": "serial", "simulate": fakes.simulate} | options))


def figures(tally: Tally) -> tuple[int, int, int, int]:
    return tally.planned, tally.done, tally.reused, tally.failed


def test_the_same_call_reuses_and_more_replicates_run_the_rest(tmp_path):
    assert figures(run(plan(20), tmp_path)) == (40, 40, 0, 0)
    assert figures(run(plan(20), tmp_path)) == (40, 0, 40, 0)
    assert figures(run(plan(50), tmp_path)) == (100, 60, 40, 0)
    assert figures(run(plan(5), tmp_path)) == (10, 0, 10, 0)
    run(plan(50), tmp_path / "at once")
    assert read_series(tmp_path) == read_series(tmp_path / "at once")


def test_pieces_side_by_side_read_as_one_result_and_are_finished_without_a_piece(tmp_path):
    asked = plan(12)
    shards = [Shard(number, 3) for number in (1, 2, 3)]
    sizes = [sum(map(shard.holds, asked)) for shard in shards]
    assert sizes == [8, 8, 8]
    with Store(tmp_path / "out", asked, fakes.ABOUT, shard=shards[0]) as first:
        assert figures(run(asked, tmp_path / "out", shard=shards[1])) == (8, 8, 0, 0)
        with pytest.raises(FolderInUseError, match=f"process {os.getpid()}"):
            run(asked, tmp_path / "out")
        first.commit([run_one(spec, fakes.simulate) for spec in asked if shards[0].holds(spec)][:3])
    assert figures(run(asked, tmp_path / "out", shard=shards[0])) == (8, 5, 3, 0)
    assert figures(run(asked, tmp_path / "out", shard=shards[0])) == (8, 0, 8, 0)
    with pytest.raises(FolderError, match="divided into 3 pieces, not 4"):
        run(asked, tmp_path / "out", shard=Shard(1, 4))
    run(asked, tmp_path / "at once")
    assert figures(run(asked, tmp_path / "out")) == (24, 8, 16, 0)
    for read in (read_series, read_events, read_genealogy):
        assert read(tmp_path / "out") == read(tmp_path / "at once")
    assert figures(run(asked, tmp_path / "out", fresh=True)) == (24, 24, 0, 0)
    assert not (tmp_path / "out" / "shards").exists()


def test_pieces_run_elsewhere_are_copied_together(tmp_path):
    for number in (1, 2):
        run(plan(10), tmp_path / f"node{number}", shard=Shard(number, 2))
        shutil.copytree(tmp_path / f"node{number}", tmp_path / "out", dirs_exist_ok=True)
    run(plan(10), tmp_path / "at once")
    assert read_series(tmp_path / "out") == read_series(tmp_path / "at once")
    assert figures(run(plan(10), tmp_path / "out")) == (20, 0, 20, 0)


def test_a_piece_keeps_its_runs_when_the_plan_grows():
    few, many = ({spec.run_id for spec in asked if Shard(2, 5).holds(spec)} for asked in (plan(7), plan(20, *"abc")))
    assert few < many
    everywhere = [sum(Shard(number, 5).holds(spec) for number in range(1, 6)) for spec in plan(20, *"abc")]
    assert everywhere == [1] * 60


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"])
def test_what_is_no_piece_is_said(text):
    with pytest.raises(PlanError, match="1/8 to 8/8"):
        Shard.parse(text)
    assert Shard.parse("3/3") == (3, 3)


def test_failures_are_stored_and_retried_on_demand(tmp_path):
    asked = plan(2, "a", "broken")
    first = run(asked, tmp_path, simulate=fakes.broken)
    assert figures(first) == (4, 2, 0, 2)
    assert [failure.spec.replicate for failure in first.failures] == [0, 1]
    assert figures(run(asked, tmp_path)) == (4, 0, 2, 2)
    assert figures(run(asked, tmp_path, retry_failed=True)) == (4, 2, 2, 0)
    assert read_runs(tmp_path).column("status").to_pylist() == ["ok"] * 4


def test_an_interrupted_experiment_keeps_what_is_finished_and_resumes(tmp_path):
    def interrupt(tally):
        if tally.done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan(50), tmp_path, watch=interrupt)
    kept = read_runs(tmp_path).num_rows
    assert 0 < kept < 100
    assert not (tmp_path / lock.NAME).exists()
    assert figures(run(plan(50), tmp_path)) == (100, 100 - kept, kept, 0)


@pytest.fixture
def finished():
    return [run_one(spec, fakes.simulate) for spec in plan(2 * PART)]


def under_way(specs, clock):
    """All of them launched."""
    waiting = PartsInOrder(specs, clock)
    assert list(waiting) == specs
    return waiting


def test_parts_hold_the_next_runs_of_the_plan_whoever_finishes_first(finished):
    now = 0.0
    waiting = under_way([result.spec for result in finished], clock=lambda: now)
    assert list(waiting.due(finished[1:150])) == []
    assert list(waiting.due(finished[:1])) == [finished[:PART]]
    assert list(waiting.due(finished[150:])) == [finished[n * PART :][:PART] for n in (1, 2, 3)]
    assert list(waiting.rest()) == []


def test_what_waits_long_is_written_even_behind_a_slow_run(finished):
    now = 0.0
    waiting = under_way([result.spec for result in finished], clock=lambda: now)
    assert list(waiting.due(finished[1:3])) == []
    now = 9.9
    assert list(waiting.due(finished[3:4])) == []
    now = 10.0
    assert list(waiting.due([])) == [finished[1:4]]
    now = 11.0
    assert list(waiting.due(finished[:1])) == []
    assert list(waiting.rest()) == [finished[:1]]


def test_memory_is_bounded_behind_a_slow_run(finished):
    slow = next(iter(plan(1, "slow")))
    waiting = under_way([slow, *(result.spec for result in finished)], clock=lambda: 0.0)
    assert list(waiting.due(finished[1:])) == []
    assert sum(len(part) for part in waiting.due(finished[:1])) == len(finished)
