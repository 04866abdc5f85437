import json
import os
import socket
import subprocess
import sys

import pytest

from sim.experiment import lock
from sim.experiment.errors import FolderInUseError

HOLD = """
import sys, pathlib
from sim.experiment import lock
with lock.held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of `tmp_path`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_told_who_holds_it(tmp_path, other):
    holder = f"process {other.pid} on {socket.gethostname()}"
    with pytest.raises(FolderInUseError, match=holder) as caught, lock.held(tmp_path):
        pass
    assert caught.value.exit_code == 4
    assert json.loads((tmp_path / "lock").read_text())["pid"] == other.pid


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path, other):
    other.kill()
    other.wait()
    assert (tmp_path / "lock").exists()
    with lock.held(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "lock").exists()


def test_a_lock_from_another_host_is_respected(tmp_path):
    (tmp_path / "lock").write_text(json.dumps({"pid": 1, "host": "elsewhere"}))
    with pytest.raises(FolderInUseError, match="process 1 on elsewhere"), lock.held(tmp_path):
        pass
    assert (tmp_path / "lock").exists()


def test_a_half_written_lock_is_taken_over(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1')
    with lock.held(tmp_path):
        pass


def test_one_process_cannot_hold_it_twice(tmp_path):
    with lock.held(tmp_path), pytest.raises(FolderInUseError), lock.held(tmp_path):
        pass
