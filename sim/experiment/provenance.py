"""Where results come from: versions, machine, code revision, command line."""

from __future__ import annotations

import platform
import socket
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim

PACKAGES = ("numpy", "numba", "mesa", "pyarrow")


def about(command: Sequence[str]) -> dict[str, Any]:
    """The part of `plan.json` that does not decide the runs."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "code": code(Path(sim.__file__).parent),
        "versions": {"sim": sim.__version__, "python": platform.python_version()} | {p: version(p) for p in PACKAGES},
        "machine": {"host": socket.gethostname(), "system": platform.platform(), "cpu": platform.machine()},
    }


def code(folder: Path) -> dict[str, Any]:
    """Git revision of `folder` and whether it has uncommitted changes; None for a copy that git does not track."""
    if not _git(folder, "ls-files", "."):
        return {"revision": None, "dirty": None}
    return {"revision": _git(folder, "rev-parse", "HEAD"), "dirty": bool(_git(folder, "status", "--porcelain", "."))}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
