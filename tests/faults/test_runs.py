"""Poison runs, Ctrl-C, second drivers: what goes wrong is said, and everything else goes on."""

import json
import os
import re
import signal
import time

import pytest
from drivers import SOON, done, planned, until_stored, workers
from processes import alive, wait_until

from sim.experiment.folder import lock
from sim.experiment.reading import read_plan, read_runs

pytestmark = pytest.mark.journey


def test_a_poison_run_is_named_and_the_others_finish(drivers):
    command = ("run", "a", "poison", "-n", "3", "--workers", "2", "--out", "out")
    found = drivers.call(*command, fake="poison")
    assert found.returncode == 3
    out = drivers.folder / "out"
    rows = read_runs(out).select(["scenario", "replicate", "seed", "status", "error"]).to_pylist()
    seeds = read_plan(out)["seeds"]
    assert [(row["scenario"], row["status"]) for row in rows] == [("a", "ok")] * 3 + [("poison", "failed")] * 3
    assert [row["seed"] for row in rows] == seeds * 2
    assert all("its worker process died" in row["error"] for row in rows[3:])
    for replicate, seed in enumerate(seeds):
        assert f"failed: scenario poison, replicate {replicate}, seed {seed}: WorkerLost" in found.stderr
    assert "Traceback" not in found.stderr
    cured = drivers.call(*command, "--retry-failed", "--json")
    assert cured.returncode == 0
    assert json.loads(cured.stdout)["runs"] == {"planned": 6, "done": 3, "failed": 0, "reused": 3}
    assert done(out) == planned(out)


def test_a_second_driver_is_refused_and_ctrl_c_ends_the_first(drivers):
    command = ("run", "a", "b", "-n", "1000", "--workers", "2", "--out", "out")  # half a minute: the second comes before the end
    first = drivers.start(*command, fake="brief", PART_SECONDS="0.2")
    out = drivers.folder / "out"
    until_stored(out, 1)
    second = drivers.call(*command, "--json")
    assert second.returncode == 4
    (error,) = json.loads(second.stderr)["errors"]
    assert re.search(rf"in use by process {first.pid} on \S+$", error["message"])
    crew = workers(first.pid, fewest=2)
    os.killpg(first.pid, signal.SIGINT)
    assert first.wait(SOON) == 130
    assert first.stderr.read() == "interrupted; what is finished is stored in out, the same command goes on from there\n"
    assert first.stdout.read() == ""
    assert wait_until(lambda: not any(map(alive, crew)))
    assert not (out / lock.NAME).exists()
    assert 0 < len(done(out)) < len(planned(out))


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.4, 0.8, 1.6, 3.2])
def test_ctrl_c_at_any_moment(drivers, moment):
    """While it starts, plans, starts workers, runs: never a traceback, never a child."""
    driver = drivers.start("run", "a", "b", "-n", "1000", "--workers", "2", "--out", "out", fake="brief")
    assert wait_until((drivers.folder / "begun").exists, 60)
    time.sleep(moment)
    crew = workers(driver.pid)
    os.killpg(driver.pid, signal.SIGINT)
    assert driver.wait(SOON) == 130
    assert "Traceback" not in driver.stderr.read()
    assert wait_until(lambda: not any(map(alive, crew)))


@pytest.mark.slow
def test_the_end_of_a_batch_job_is_an_interruption(drivers):
    driver = drivers.start("run", "a", "b", "-n", "1000", "--workers", "2", "--out", "out", "-q", fake="brief")
    crew = workers(driver.pid, fewest=2)
    time.sleep(1.0)
    driver.terminate()
    assert (driver.wait(SOON), driver.stderr.read()) == (130, "")
    assert wait_until(lambda: not any(map(alive, crew)))
    assert not (drivers.folder / "out" / lock.NAME).exists()
