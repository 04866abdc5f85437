"""Drivers of experiments in processes of their own, and what they have stored."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from processes import children, wait_until

import sim
from sim.experiment.reading import committed, read_events, read_genealogy, read_plan, read_series

HERE = Path(__file__).parent
PATHS = os.pathsep.join([str(HERE / "stand_in"), str(HERE.parent / "experiment"), str(Path(sim.__file__).parents[1])])
GRID = '[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n'


class Drivers:
    """Starts drivers in a folder with a small library of scenarios."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, []
        (folder / "scenarios").mkdir()
        for name in ("a", "b", "poison", "broken"):
            (folder / "scenarios" / f"{name}.toml").write_text(f'title = "{name}"\nquestion = "?"\n{GRID}')

    def start(self, *arguments: str, fake: str = "simulate", **environment: str) -> subprocess.Popen:
        """One that runs on."""
        here = os.environ | {"PYTHONPATH": PATHS, "FAKE": fake} | environment
        command = [sys.executable, HERE / "driver.py", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
        self.started.append(subprocess.Popen(command, cwd=self.folder, env=here, **pipes))
        return self.started[-1]

    def call(self, *arguments: str, fake: str = "simulate", **environment: str) -> subprocess.CompletedProcess:
        """One that is awaited."""
        driver = self.start(*arguments, fake=fake, **environment)
        try:
            out, err = driver.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(driver.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(arguments, driver.returncode, out, err)


def stored(folder: Path) -> list:
    """Everything but seconds."""
    return [read(folder) for read in (read_series, read_events, read_genealogy)]


def done(folder: Path) -> list[str]:
    """Ids of the runs that are stored."""
    return sorted(run for part in committed(folder) for run in part.done)


def planned(folder: Path) -> list[str]:
    return sorted(read_plan(folder)["runs"])


def until_stored(folder: Path, runs: int, seconds: float = 60.0) -> None:
    assert wait_until(lambda: (folder / "runs").exists() and len(done(folder)) >= runs, seconds)


def workers(pid: int) -> list[int]:
    """Worker processes of a driver."""
    said = {child: Path(f"/proc/{child}/cmdline").read_text() for child in children(pid)}
    copied = [copy for child in said if "forkserver" in said[child] for copy in children(child)]
    return copied + [child for child in said if "spawn_main" in said[child]]


SOON = 20  # seconds: at once, on a machine that has much else to do


def seconds_until_the_end(process: subprocess.Popen) -> float:
    began = time.monotonic()
    process.wait(timeout=60)
    return time.monotonic() - began
