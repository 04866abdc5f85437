"""Where results come from: versions, machine, code revision, command line."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.elementary import exp_of_ordinary, log_of_normal
from sim.model.compile.version import model_version

PACKAGES = ("numpy", "numba", "mesa", "pyarrow")


def about(command: Sequence[str]) -> dict[str, Any]:
    """The part of `plan.json` that does not decide the runs."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "code": code(Path(sim.__file__).parent),
        "versions": versions(),
        "machine": machine(),
    }


def machine() -> dict[str, Any]:
    """Where this runs, and what could decide last bits there: processor features, the C library, what NumPy makes of them."""
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return {
        "host": socket.gethostname(),
        "system": platform.platform(),
        "cpu": platform.machine(),
        "features": [*simd["baseline"], *simd.get("found", ())],
        "libm": " ".join(filter(None, (*platform.libc_ver(), os.environ.get("GLIBC_TUNABLES")))) or platform.system(),
        "numpy exp": np.lib.introspect.opt_func_info(func_name="^exp$", signature="float64")["exp"]["dd"]["current"],
        "bits": bits(),
    }


@cache
def bits() -> str:
    """Eight hex digits of what the arithmetic gives here that a run consists of: our own exp and log, and NumPy's sums."""
    at = np.asarray((np.arange(2048) * 0.6180339887498949) % 1.0 * 40.0 - 20.0, np.float64)
    found = [exp_of_ordinary(at), log_of_normal(np.asarray(np.abs(at), np.float64)), np.cumsum(at), at.reshape(64, 32).sum(axis=0)]
    found += [np.sqrt(np.square(at.reshape(32, 64)).sum(axis=1))]
    return sha256(b"".join(each.tobytes() for each in found)).hexdigest()[:8]


def other_bits(stored: Mapping[str, Any]) -> str:
    """Why numbers made on another machine may differ in their last bits, in words; nothing if they cannot."""
    then, now = stored.get("machine", {}), machine()
    if then.get("bits", now["bits"]) == now["bits"]:
        return ""
    there, here = ({name: " ".join(said) if isinstance(said, list) else said for name, said in each.items()} for each in (then, now))
    differing = [name for name in ("features", "libm", "numpy exp") if then.get(name) != now[name]]
    named = [f"{name} {there.get(name)} there, {here[name]} here" for name in differing]
    return "numbers are rounded differently: " + ("; ".join(named) or "for no reason that is recorded")


@cache
def identity() -> dict[str, str]:
    """What must be the same wherever runs of one experiment are executed, for equal numbers to the last bit."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"model version": model_version(), "python": python, "bits": bits()} | _packages()


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
