"""Disks that are full or read-only: a clear error, and everything committed stays."""

import errno
import json
import os
import subprocess

import fakes
import pytest
from drivers import done, planned, stored

from sim.experiment import store
from sim.experiment.errors import FolderError
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import TABLES, read_series

COMMAND = ("run", "a", "b", "-n", "500", "--workers", "2", "--out", "small/out")


@pytest.fixture
def small(drivers):
    """A tiny disk at `small`; give it `remount(options)`."""
    folder = drivers.folder / "small"
    folder.mkdir()

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "cartelitos-test", folder]
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        if tried.returncode:
            pytest.skip(f"no small disk without the right to mount: {tried.stderr.strip()}")

    mount("size=160k")
    yield mount
    subprocess.run(["umount", "--lazy", folder], check=True)  # a worker may still be leaving it


def error_of(found) -> dict:
    assert found.returncode == 2, found.stderr
    (error,) = json.loads(found.stderr.splitlines()[-1])["errors"]
    return error


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_room_is_all_it_needs(drivers, small, undisturbed):
    out = drivers.folder / "small" / "out"
    error = error_of(drivers.call(*COMMAND, "--json", PART_SECONDS="0.1"))
    assert error["message"] == "cannot write: No space left on device"
    assert "stored before is intact" in error["hint"]
    kept = done(out)
    assert 0 < len(kept) < 1000
    assert read_series(out).num_rows == len(kept) * fakes.MONTHS.size
    error_of(drivers.call(*COMMAND, "--json"))
    assert {*kept} <= {*done(out)}
    small("remount,size=50m")
    found = drivers.call(*COMMAND, "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["runs"]["reused"] >= len(kept)
    assert done(out) == planned(out)
    assert stored(out) == undisturbed(500)


@pytest.mark.slow
def test_a_read_only_folder_is_said_and_still_read(drivers, small):
    assert drivers.call("run", "a", "-n", "2", "--out", "small/out").returncode == 0
    kept = read_series(drivers.folder / "small" / "out")
    small("remount,ro")
    for out in ("small/out", "small/new"):
        error = error_of(drivers.call("run", "a", "-n", "4", "--out", out, "--json"))
        assert error["message"] == "cannot write: Read-only file system"
        assert error["file"].startswith("small")
    assert read_series(drivers.folder / "small" / "out") == kept


@pytest.mark.parametrize("kind", TABLES)
def test_a_disk_that_fills_between_two_files(tmp_path, monkeypatch, kind):
    """Whatever file of a part is the last that fits, the part exists as a whole or not at all."""
    monkeypatch.setattr("sim.experiment.execute.PART", 10)
    plan = Plan.of([fakes.scenario("a"), fakes.scenario("b")], 15, seed=1)
    written = []
    write = store.write_parquet

    def fill(table, file, footer):
        written.append(file.name)
        if file.name.endswith(f"{kind}/part-00001.parquet.tmp"):
            file.write(b"half of it")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(table, file, footer)

    monkeypatch.setattr(store, "write_parquet", fill)
    with pytest.raises(FolderError, match="No space left on device"):
        execute(plan, tmp_path / "out", engine="serial", simulate=fakes.simulate)
    assert any(f"{kind}/part-00001" in name for name in written)
    kept = done(tmp_path / "out")
    assert 10 <= len(kept) < 30
    assert read_series(tmp_path / "out").num_rows == len(kept) * fakes.MONTHS.size
    monkeypatch.setattr(store, "write_parquet", write)
    assert execute(plan, tmp_path / "out", engine="serial", simulate=fakes.simulate).reused == len(kept)
    assert done(tmp_path / "out") == planned(tmp_path / "out")
    execute(plan, tmp_path / "undisturbed", engine="serial", simulate=fakes.simulate)
    assert stored(tmp_path / "out") == stored(tmp_path / "undisturbed")
