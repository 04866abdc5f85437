"""One writer per results folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import SoftFileLock, Timeout

from sim.experiment.errors import FolderInUseError
from sim.experiment.folder.integrity import refuse_strange_file

NAME = "cartelitos.lock"  # a name that nobody gives to a file of their own
TRY = 0.2  # seconds in which a dead process's lock is taken over


@contextmanager
def held(folder: Path, patience: float = TRY) -> Iterator[SoftFileLock]:
    """Hold the lock of `folder`, a file that names this process, until the block ends; wait `patience` seconds for another holder.

    The lock of a process of this host that died is taken over; one of another host (a shared disk) cannot be judged from here.
    """
    path = folder / NAME
    refuse_strange_file(path)
    lock = SoftFileLock(path)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        hint = f"wait for it, or delete {path} if that process no longer exists"
        raise FolderInUseError(f"in use by {_holder(path) or 'a process that left no name'}", file=folder, hint=hint) from None
    try:
        yield lock
    finally:
        lock.release()


def refuse_lost(lock: SoftFileLock) -> None:
    """Before anything is written."""
    if not lock.is_lock_held_by_us:
        path = Path(lock.lock_file)
        hint = "what is stored is whole; the same command goes on once nobody else writes there"
        raise FolderInUseError("its lock was deleted while this process was writing", file=path.parent, hint=hint)


def _holder(path: Path) -> str:
    """Who a lock says it is; nothing if it does not say."""
    with suppress(OSError, ValueError):
        process, host, *_ = path.read_text().split()
        return f"process {process} on {host}"
    return ""
