"""Where results come from: versions, machine, code revision, command line."""

from __future__ import annotations

import platform
import socket
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from sim.model.version import model_version

PACKAGES = ("numpy", "numba", "mesa", "pyarrow")


def about(command: Sequence[str]) -> dict[str, Any]:
    """The part of `plan.json` that does not decide the runs."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "code": code(Path(sim.__file__).parent),
        "versions": versions(),
        "machine": {"host": socket.gethostname(), "system": platform.platform(), "cpu": platform.machine()},
    }


@cache
def identity() -> dict[str, str]:
    """What must be the same wherever runs of one experiment are executed, for equal numbers to the last bit."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"model version": model_version(), "python": python} | _packages()


def versions() -> dict[str, str]:
    """This package's version, Python's, and those of the libraries that make the numbers."""
    return {"sim": sim.__version__, "python": platform.python_version()} | _packages()


def code(folder: Path) -> dict[str, Any]:
    """Git revision of `folder` and whether it has uncommitted changes; None for a copy that git does not track."""
    if not _git(folder, "ls-files", "."):
        return {"revision": None, "dirty": None}
    return {"revision": _git(folder, "rev-parse", "HEAD"), "dirty": bool(_git(folder, "status", "--porcelain", "."))}


def _packages() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
