"""Which model made a result: a hash of the source that decides every outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent
ROOMS = ("catalogue", "model")


@cache
def model_version() -> str:
    """Sixteen hex digits of the source of the catalogue and the model; any edit there gives another version."""
    return files_digest(SOURCE, (path for room in ROOMS for path in (SOURCE / room).rglob("*.py")))


def files_digest(folder: Path, files: Iterable[Path]) -> str:
    """Sixteen hex digits of the names (relative to `folder`) and bytes of `files`, whatever their order."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
