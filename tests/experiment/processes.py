"""Processes as Linux shows them, for tests that kill some."""

import time
from pathlib import Path


def children(pid: int) -> list[int]:
    """Living children of a process."""
    return [child for child in _pids() if _stat(child)[1:2] == [str(pid)] and alive(child)]


def alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    return _stat(pid)[:1] not in ([], ["Z"])


def command_of(pid: int) -> str:
    """Its command line; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def wait_until(true, seconds: float = 60.0) -> bool:
    """Poll; the answer at the end."""
    end = time.monotonic() + seconds
    began = time.monotonic()
    while not (found := true()) and time.monotonic() < end:
        time.sleep(max(0.02, 3.0 * (time.monotonic() - began)))  # looking may cost much
        began = time.monotonic()
    return found


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """State, parent ...; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
