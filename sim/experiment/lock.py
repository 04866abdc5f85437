"""One writer per results folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.experiment.errors import FolderInUseError

NAME = "lock"


@contextmanager
def held(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold `folder/lock`, which names this process, until the block ends.

    Args:
        folder: exists.
        patience: seconds to wait for a holder to finish.

    The kernel frees the lock of a process that died, so a stale file on this host is taken over. A file from another
    host (a shared disk) cannot be judged from here and is respected.

    Raises:
        FolderInUseError: another process holds it.
    """
    path = folder / NAME
    descriptor = _acquire(path, time.monotonic() + patience)
    try:
        me = {"pid": os.getpid(), "host": socket.gethostname()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(me).encode(), 0)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _acquire(path: Path, until: float) -> int:
    """Descriptor of the locked file; again if its last holder removed the file in between, or while there is time."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(path.stat(), os.fstat(descriptor)):
                holder = _holder(path)
                if holder.get("host", socket.gethostname()) == socket.gethostname():
                    return descriptor
                raise BlockingIOError
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(descriptor)
                raise _in_use(path, _holder(path)) from None
            time.sleep(0.05)
        except FileNotFoundError:
            pass
        os.close(descriptor)


def _holder(path: Path) -> dict[str, Any]:
    try:
        holder = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _in_use(path: Path, holder: dict[str, Any]) -> FolderInUseError:
    who = f"process {holder['pid']} on {holder['host']}" if {"pid", "host"} <= holder.keys() else "another process"
    return FolderInUseError(
        f"in use by {who}", file=path.parent, hint=f"wait for it, or delete {path} if that process no longer exists"
    )
