"""Drivers of experiments in processes of their own, and what they have stored."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from processes import children, command_of, wait_until

import sim
from sim.experiment.reading import committed, read_events, read_genealogy, read_plan, read_series

HERE = Path(__file__).parent
PATHS = os.pathsep.join([str(HERE / "stand_in"), str(HERE.parent / "experiment"), str(Path(sim.__file__).parents[1])])
SOON = 60  # seconds: at once, on a machine that has much else to do
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
            out, err = driver.communicate(timeout=600)
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


def until_stored(folder: Path, runs: int) -> None:
    assert wait_until(lambda: (folder / "runs").exists() and len(done(folder)) >= runs, 120)


def workers(pid: int, fewest: int = 0) -> list[int]:
    """Worker processes of a driver, as soon as there are so many."""
    found = []

    def enough() -> bool:
        copied = [copy for child in children(pid) if "forkserver" in command_of(child) for copy in children(child)]
        found[:] = copied + [child for child in children(pid) if "spawn_main" in command_of(child)]
        return len(found) >= fewest

    assert wait_until(enough), f"it has {len(found)} workers"
    return found
