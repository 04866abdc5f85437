import os
import shutil
import socket
import subprocess
import sys

import pytest

from sim.experiment.errors import FolderError, FolderInUseError
from sim.experiment.folder import lock

HOLD = """
import sys, pathlib
from sim.experiment.folder import lock
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
    assert owner(tmp_path) == str(other.pid)


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path, other):
    other.kill()
    other.wait()
    with lock.held(tmp_path):
        assert owner(tmp_path) == str(os.getpid())
    assert not list(tmp_path.iterdir())


def owner(folder):
    """Process id in the lock of a folder."""
    return (folder / lock.NAME).read_text().split()[0]


@pytest.mark.parametrize(("text", "who"), [("1\nelsewhere\n", "process 1 on elsewhere"), ("", "a process that left no name")])
def test_a_lock_that_cannot_be_judged_is_respected(tmp_path, text, who):
    (tmp_path / lock.NAME).write_text(text)
    with pytest.raises(FolderInUseError, match=f"{who}; .*or delete"), lock.held(tmp_path):
        pass
    assert (tmp_path / lock.NAME).read_text() == text


def test_a_link_in_its_place_is_not_followed(tmp_path):
    mine = tmp_path / "mine"
    mine.write_text("x")
    (tmp_path / lock.NAME).symlink_to(mine)
    with pytest.raises(FolderError, match="is a link"), lock.held(tmp_path):
        pass
    assert mine.read_text() == "x"


def test_who_lost_the_lock_writes_nothing(tmp_path, other):
    (tmp_path / "own").mkdir()
    with lock.held(tmp_path / "own") as own:
        lock.refuse_lost(own)
        (tmp_path / "own" / lock.NAME).unlink()
        with pytest.raises(FolderInUseError, match="its lock was deleted"):
            lock.refuse_lost(own)
        shutil.copy(tmp_path / lock.NAME, tmp_path / "own" / lock.NAME)  # another process has it now
        with pytest.raises(FolderInUseError, match="its lock was deleted"):
            lock.refuse_lost(own)
    assert owner(tmp_path / "own") == str(other.pid)


def test_one_process_cannot_hold_it_twice(tmp_path):
    with lock.held(tmp_path), pytest.raises(FolderInUseError), lock.held(tmp_path):
        pass
