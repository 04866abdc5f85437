import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fakes
import pytest
from processes import alive

from sim.experiment.errors import EngineError
from sim.experiment.plan import Plan
from sim.experiment.pool import engine
from sim.experiment.pool.engine import Loop, ProcessEngine, SerialEngine, start
from sim.experiment.pool.worker import THREADS, run_one
from sim.experiment.records import unpack


def specs(*names, replicates=4, **changes):
    return list(Plan.of([fakes.scenario(name, **changes) for name in names], replicates, seed=1))


def outcome(asked, simulate, name="process"):
    """Every result by (scenario, replicate); each run must have exactly one. Workers are copies, as those of the command line are."""
    engine.get_ready()
    engine._around.clear()
    engine._around.update(os.environ)  # which tells every test's name: copies are made in the environment of their original only
    with start(name, 2, simulate) as pool:
        results = [result for batch in Loop(asked, pool) for result in batch]
    keyed = {(result.spec.arm.scenario.name, result.spec.replicate): result for result in results}
    assert len(results) == len(keyed) == len(asked)
    return keyed


def test_a_run_is_a_pure_function_of_its_spec():
    spec = specs("a")[0]
    one, other = (run_one(spec, fakes.simulate).tables for _ in range(2))
    assert all(one[kind] == other[kind] for kind in ("series", "events", "genealogy"))


def test_a_failing_run_is_data():
    result = run_one(specs("broken")[0], fakes.broken)
    assert result.error == "ValueError: no such country"
    (row,) = unpack(result.tables["runs"]).to_pylist()
    assert (row["status"], row["error"], row["scenario"], row["replicate"]) == ("failed", result.error, "broken", 0)
    assert "in broken" in row["traceback"]
    assert set(result.tables) == {"runs"}
    assert run_one(specs("a")[0], fakes.unportable).error == "SystemExit: 3"


def test_a_model_changed_under_way_stops_the_experiment_and_fails_no_run(monkeypatch):
    monkeypatch.setattr("sim.experiment.pool.worker.model_version", lambda: "0" * 16)
    with pytest.raises(EngineError, match="source changed"):
        outcome(specs("a"), None, "serial")


def test_workers_have_one_thread_and_the_driver_keeps_its_own_and_none_outlives_its_engine(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with ProcessEngine(1, fakes.simulate) as pool:
        pool.submit(specs("a")).result()
        (worker,) = pool._crew
        assert alive(worker.pid)
        environment = Path(f"/proc/{worker.pid}/environ").read_text().split("\0")
    assert not alive(worker.pid)
    assert {f"{name}=1" for name in (*THREADS, "PYTHONSAFEPATH")} <= {*environment}
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


@pytest.mark.parametrize("name", ["process", "serial"])
def test_failures_spare_the_others(name):
    found = outcome(specs("a", "broken", "b"), fakes.broken, name)
    assert {name for (name, _), result in found.items() if result.error} == {"broken"}
    assert sum(bool(result.error) for result in found.values()) == 4


@pytest.mark.parametrize(("deaths", "lost"), [(3, False), (4, True)])
def test_a_run_has_failed_when_it_kills_two_workers_in_a_row_with_nothing_else_running(tmp_path, deaths, lost):
    """Once in a bundle, once by itself, once alone, and once more when everything else is done; what it takes along is redone."""
    asked = [*specs("a", "b"), *specs("unlucky", replicates=1, title=str(tmp_path), question=str(deaths))]
    found = outcome(asked, fakes.unlucky)
    assert {key for key, result in found.items() if result.error} == ({("unlucky", 0)} if lost else set())
    assert not lost or "worker process died" in found["unlucky", 0].error
    assert len(list(tmp_path.iterdir())) == deaths


def test_workers_import_nothing_from_the_working_folder(tmp_path):
    """Not even the modules with which Python starts them, nor does the process that looks after their resources."""
    work = tmp_path / "work"
    work.mkdir()
    for name in ("pickle", "struct", "signal", "socket", "_posixshmem", "numpy", "numba", "sitecustomize", "multiprocessing"):
        (work / f"{name}.py").write_text(f"open({str(tmp_path / name)!r}, 'w').close()\nraise SystemExit('from the working folder')\n")
    script = tmp_path / "driver" / "driver.py"
    script.parent.mkdir()
    here = Path(__file__).parent
    script.write_text(
        f"""import sys
sys.path[1:1] = [{str(here)!r}, {str(here.parents[1])!r}]
if __name__ == "__main__":
    import fakes, test_engine
    assert not any(result.error for result in test_engine.outcome(test_engine.specs("a"), fakes.simulate).values())
"""
    )
    done = subprocess.run([sys.executable, script], cwd=work, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["driver", "work"]


def test_results_that_cannot_travel_are_failures(monkeypatch):
    monkeypatch.setattr(engine, "LARGEST_BUNDLE", 4)
    found = outcome(specs("a", "b", replicates=8), unpicklable)
    assert all("pickle" in result.error for result in found.values())


def unpicklable(scenario, seed):
    outcome = fakes.simulate(scenario, seed)
    outcome.warnings = [Unpicklable("a warning")]
    return outcome


class Unpicklable(str):
    def __reduce__(self):
        raise TypeError("cannot pickle this")


def test_workers_that_cannot_start_are_an_error_of_the_engine(monkeypatch):
    monkeypatch.setattr(engine, "serve", fakes.stillborn)
    with pytest.raises(EngineError, match="die as soon as they start"):
        outcome(specs("a"), fakes.simulate)


def test_the_first_run_ends_before_others_start():
    begun = []

    def note(scenario, seed):
        begun.append(time.perf_counter())
        return fakes.simulate(scenario, seed)

    with SerialEngine(note) as pool:
        loop = Loop(specs("a", replicates=8), pool, first_alone=True)
        batches = iter(loop)
        assert len(next(batches)) == 1
        assert len(begun) == 1
        assert sum(len(batch) for batch in batches) == 7


def test_short_runs_are_bundled_up_to_a_fair_share():
    sizes = []

    class Watched(SerialEngine):
        def submit(self, bundle):
            sizes.append(len(bundle))
            return super().submit(bundle)

    with Watched(fakes.simulate) as pool:
        assert sum(len(batch) for batch in Loop(specs("a", replicates=100), pool)) == 100
    assert max(sizes) == engine.LARGEST_BUNDLE
    assert sizes[0] == sizes[-1] == 1


def test_a_worker_killed_while_it_sends_is_noticed(monkeypatch):
    """Half of a long answer is in the pipe, and nobody will send the rest."""
    monkeypatch.setattr(engine, "serve", fakes.half_an_answer)
    with ProcessEngine(1, fakes.simulate) as pool:
        (result,) = [result for batch in Loop(specs("a", replicates=1), pool) for result in batch]
    assert "worker process died" in result.error


@pytest.mark.skipif(sys.platform != "linux", reason="no copies of processes")
@pytest.mark.parametrize(("folder", "kind"), [("w", "ForkServerProcess"), ("x" * 120, "SpawnProcess")])  # too long for the name of a socket
def test_workers_are_copies_where_the_system_can_make_them(folder, kind):
    code = """if True:
        from sim.experiment.pool import engine
        if __name__ == "__main__":
            engine.get_ready()
            worker = engine.Worker()
            worker.hear()
            print(type(worker._process).__name__)
            worker.kill()
    """
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        (home := Path(short, folder)).mkdir()
        around = os.environ | {"TMPDIR": str(home)}
        told = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=True, timeout=120)
    assert (told.stdout, told.stderr) == (f"{kind}\n", "")
