"""A server of its own process group, and a browser tab that keeps a diary."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

REQUIRED = "CARTELITOS_BROWSER_TESTS"  # "required": a missing browser is a failure
WIDE, PROJECTOR, PHONE = (1280, 900), (1024, 768), (360, 740)


def missing(what: str) -> None:
    """Skip, or fail where a browser is required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(what)
    pytest.skip(what)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@dataclass
class Server:
    """A `cartelitos serve` of its own process group."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "sim.cli", "serve", "--port", str(self.port)]
        own = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}  # NiceGUI acts differently under it
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=own, text=True, start_new_session=True, **pipes)
        line = self.process.stdout.readline()
        assert line.strip() == self.url, line + self.process.stderr.read()

    def family(self) -> list[int]:
        """The server and everything it started."""
        group = self.process.pid
        found = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
        rows = (line.split() for line in found.splitlines())
        return [int(pid) for pid, pgid, stat in rows if int(pgid) == group and not stat.startswith("Z")]

    def cpu_seconds(self) -> float:
        """Used so far by all of them."""
        ticks = 0
        for pid in self.family():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Resident memory of the server process itself."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self, how: int = signal.SIGTERM) -> str:
        """End it; what it said on stderr."""
        self.process.send_signal(how)
        self.process.wait(20)
        return self.process.stderr.read()


@dataclass
class Tab:
    """A page and everything it did."""

    page: object
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "", *, shown: bool = True) -> float:
        """Open the page; seconds until its charts are there, and `shown`."""
        began = time.perf_counter()
        self.page.goto(f"{self.base}/{query}")
        self.page.wait_for_selector("figure[data-metric] svg", timeout=60_000, state="visible" if shown else "attached")
        return time.perf_counter() - began

    def move(self, control: str, value: float) -> None:
        """Drag a slider to a value."""
        self.page.evaluate(
            "([id, value]) => { const e = document.getElementById(id); e.value = value;"
            " e.dispatchEvent(new Event('input', {bubbles: true})); }",
            [control, value],
        )

    def wait_for_pairs(self, lever: str, at_least: int, timeout: float = 120.0) -> None:
        """Until the charts show so many pairs of the policy that has the lever's present position (text of its output)."""
        self.page.wait_for_function(
            "([lever, least]) => { const f = document.querySelector('figure[data-metric]');"
            " return f && f.dataset.link.includes(lever) && +f.dataset.pairs >= least; }",
            arg=[lever, at_least],
            timeout=1000 * timeout,
        )
