"""A real Dask scheduler and two real workers on loopback: the same tables, whatever dies."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from types import SimpleNamespace

import pytest
from drivers import PATHS, SOON, Drivers, done, planned, stored, until_stored
from processes import alive, wait_until

from sim import cli
from sim.experiment.errors import EngineError
from sim.experiment.pool import cluster as cluster_engine

pytestmark = pytest.mark.journey

pytest.importorskip("distributed", reason="needs the extra 'cluster'")
REPLICATES = 200  # of two scenarios: six seconds and more
KINDS = ("series", "events", "genealogy")


class Cluster:
    """A scheduler and what joins it."""

    def __init__(self, folder) -> None:
        self.folder, self.members = folder, {}
        self.address = ""

    def open(self) -> None:
        """Start the scheduler."""
        file = self.folder / "scheduler.json"
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", file)
        assert wait_until(lambda: file.exists() and file.read_text().endswith("}"), 120)
        self.address = json.loads(file.read_text())["address"]

    def join(self, name: str, **environment: str) -> None:
        """Add a worker."""
        own = ("--name", name, "--nthreads", "1", "--no-nanny")
        self.start(name, "worker", self.address, "--local-directory", self.folder, *own, **environment)
        log = self.folder / f"{name}.log"
        assert wait_until(lambda: "Registered to" in log.read_text(), 120), log.read_text()

    def kill(self, name: str) -> None:
        process = self.members.pop(name)
        process.kill()
        process.wait()

    def start(self, name: str, kind: str, *arguments: object, **environment: str) -> None:
        """Start a process that logs to `name`.log."""
        here = os.environ | {"PYTHONPATH": PATHS, "FAKE": "brief"} | environment
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, arguments), "--no-dashboard"]
        with (self.folder / f"{name}.log").open("w") as log:
            self.members[name] = subprocess.Popen(command, env=here, stdout=log, stderr=log, cwd=self.folder)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.open()
    yield made
    for name in list(made.members):
        made.kill(name)


@pytest.fixture
def cluster(opened):
    """With the workers `one` and `two`, and no others."""
    for name in opened.members.keys() - {"scheduler", "one", "two"}:
        opened.kill(name)
    for name in ("one", "two"):
        if name not in opened.members:
            opened.join(name)
    return opened


def command(cluster: Cluster, replicates: int) -> tuple[str, ...]:
    return ("run", "a", "b", "-n", str(replicates), "--scheduler", cluster.address, "--out", "out")


def parts(folder) -> dict[str, bytes]:
    return {f"{kind}/{path.name}": path.read_bytes() for kind in KINDS for path in sorted((folder / kind).iterdir())}


def test_serial_process_and_dask_write_the_same_bytes(drivers: Drivers, cluster):
    for name in ("serial", "process", "dask"):
        place = ("--scheduler", cluster.address) if name == "dask" else ()
        ended = drivers.call("run", "a", "b", "-n", "60", "--engine", name, "--workers", "2", "--out", name, *place)
        assert ended.returncode == 0, ended.stderr
        assert re.fullmatch(r"120 runs in \d+ s\n", ended.stderr)
    serial = parts(drivers.folder / "serial")
    assert len(serial) == 6
    assert parts(drivers.folder / "process") == serial
    assert parts(drivers.folder / "dask") == serial


def test_a_worker_that_dies_takes_nothing_along(drivers: Drivers, cluster, undisturbed):
    driver = drivers.start(*command(cluster, REPLICATES), "-q", PART_SECONDS="0.1")
    until_stored(drivers.folder / "out", 20)
    cluster.kill("one")
    assert len(done(drivers.folder / "out")) < 2 * REPLICATES, "nothing was left to lose"
    _, err = driver.communicate(timeout=300)
    assert (driver.returncode, err) == (0, "")
    assert done(drivers.folder / "out") == planned(drivers.folder / "out")
    assert stored(drivers.folder / "out") == undisturbed(REPLICATES)


@pytest.mark.slow
def test_another_version_on_a_worker_is_refused(drivers: Drivers, cluster):
    cluster.join("stranger", VERSION="f" * 16)
    found = drivers.call(*command(cluster, 2), "--json")
    assert found.returncode == 2
    (error,) = json.loads(found.stderr)["errors"]
    assert re.search(r"other software on tcp://[\d.:]+: model version f{16} there, [0-9a-f]{16} here$", error["message"])
    assert error["hint"] == "scheduler and workers need the same installation as this process"
    assert not done(drivers.folder / "out")


@pytest.mark.slow
def test_another_version_that_joins_later_stops_the_run_and_fails_nothing(drivers: Drivers, cluster):
    driver = drivers.start(*command(cluster, 2000), PART_SECONDS="0.1")
    until_stored(drivers.folder / "out", 20)
    cluster.join("stranger", VERSION="f" * 16)
    _, err = driver.communicate(timeout=300)
    assert driver.returncode == 2
    assert err.splitlines()[-1].startswith("--scheduler: a worker has other software: model version ffffffffffffffff there")
    kept = done(drivers.folder / "out")
    assert 20 <= len(kept) < 4000
    cluster.kill("stranger")
    again = drivers.call("run", "a", "b", "-n", "20", "--scheduler", cluster.address, "--out", "out", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["runs"] == {"planned": 40, "done": 0, "failed": 0, "reused": 40}


@pytest.mark.slow
def test_ctrl_c_leaves_the_cluster_alone(drivers: Drivers, cluster):
    driver = drivers.start(*command(cluster, 1000), PART_SECONDS="0.1")
    until_stored(drivers.folder / "out", 20)
    os.killpg(driver.pid, signal.SIGINT)
    assert driver.wait(SOON) == 130
    assert driver.stderr.read().startswith("interrupted; what is finished is stored in out")
    assert all(alive(member.pid) for member in cluster.members.values())
    time.sleep(1)
    assert drivers.call(*command(cluster, 5), "--json").returncode == 0


@pytest.mark.slow
def test_a_poison_run_is_named_and_the_others_finish(drivers: Drivers, opened):
    """Under nannies, which start workers anew."""
    for name in opened.members.keys() - {"scheduler"}:
        opened.kill(name)
    for name in ("nanny1", "nanny2"):
        options = ("--name", name, "--nthreads", "1", "--local-directory", opened.folder)
        opened.start(name, "worker", opened.address, *options, FAKE="poison")
    found = drivers.call("run", "a", "poison", "-n", "1", "--scheduler", opened.address, "--out", "out")
    assert found.returncode == 3, found.stderr
    assert len(re.findall(r"failed: scenario poison, replicate \d, seed \d+: WorkerLost: its worker process died", found.stderr)) == 1
    assert len(done(drivers.folder / "out")) == 1
    for name in ("nanny1", "nanny2"):
        opened.members.pop(name).send_signal(signal.SIGINT)


def test_a_result_that_is_lost_after_its_task_has_ended_counts_as_a_lost_worker(cluster, monkeypatch):
    """Fetching it fails then, in a thread of Dask's: the driver must not wait for ever."""
    import distributed

    def result(self) -> None:
        raise distributed.scheduler.KilledWorker("task", SimpleNamespace(address=cluster.address), 3)

    with cluster_engine.DaskEngine(cluster.address, None) as engine:
        monkeypatch.setattr(distributed.Future, "result", result)
        assert isinstance(engine.submit([]).exception(timeout=30), BrokenExecutor)


@pytest.mark.slow
def test_a_scheduler_that_dies_is_said_and_what_is_finished_stays(drivers: Drivers, tmp_path_factory):
    own = Cluster(tmp_path_factory.mktemp("own"))
    own.open()
    own.join("one")
    driver = drivers.start(*command(own, 1000), PART_SECONDS="0.1")
    until_stored(drivers.folder / "out", 20)
    own.kill("scheduler")
    _, err = driver.communicate(timeout=300)
    own.kill("one")
    assert driver.returncode == 2, err
    assert err.splitlines()[-1].startswith("--scheduler: lost the connection to the Dask scheduler")
    assert 20 <= len(done(drivers.folder / "out")) < 2000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "dask"], "needs the address of a scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1"], "no Dask scheduler answers at tcp://127.0.0.1:1"),
        (["--scheduler", "here:there"], "no Dask scheduler answers at here:there"),
    ],
)
def test_what_is_no_cluster_is_said(drivers: Drivers, monkeypatch, capfd, arguments, message):
    monkeypatch.chdir(drivers.folder)
    monkeypatch.setattr(cluster_engine, "CONNECT", 0.3)
    assert cli.status(["run", "a", "-n", "2", *arguments]) == 2
    assert message in capfd.readouterr().err


def test_who_accepts_and_says_nothing_is_no_scheduler(drivers: Drivers, monkeypatch, capfd):
    monkeypatch.chdir(drivers.folder)
    monkeypatch.setattr(cluster_engine, "CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert cli.status(["run", "a", "-n", "2", "--scheduler", address]) == 2
    assert f"no Dask scheduler answers at {address}: timed out" in capfd.readouterr().err


def test_a_worker_that_dies_while_it_is_asked_is_gone_and_no_other_software():
    ours = cluster_engine.identity()
    said = {"tcp://alive": ours, "tcp://dead": OSError("Timed out trying to connect")}
    client = SimpleNamespace(run=lambda *_, **__: said, run_on_scheduler=lambda *_: {**ours, "bits": "which it does not need"})
    cluster_engine._refuse_others(client, ours)
    said["tcp://old"] = {**ours, "bits": "0" * 8}
    with pytest.raises(EngineError, match=r"other software on tcp://old: bits 0{8} there"):
        cluster_engine._refuse_others(client, ours)


@pytest.mark.slow
def test_when_all_workers_are_gone_it_is_said_and_goes_on_when_one_comes(drivers: Drivers, cluster, undisturbed):
    driver = drivers.start(*command(cluster, REPLICATES), PART_SECONDS="0.1")
    until_stored(drivers.folder / "out", 20)
    for name in ("one", "two"):
        cluster.kill(name)
    assert driver.stderr.readline().startswith("no worker is left in the cluster; this waits for one")
    cluster.join("one")
    _, err = driver.communicate(timeout=300)
    assert driver.returncode == 0, err
    assert stored(drivers.folder / "out") == undisturbed(REPLICATES)


def test_the_missing_extra_is_named(drivers: Drivers, monkeypatch, capfd):
    monkeypatch.chdir(drivers.folder)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert cli.status(["run", "a", "-n", "2", "--scheduler", "tcp://127.0.0.1:1"]) == 2
    said = capfd.readouterr().err
    assert said.startswith("--engine dask: needs the extra 'cluster', which is not installed; pip install ")
    assert said.endswith("[cluster]'\n")
