"""What installed packages add, by entry points: `cartelitos.levers`, `.worlds`, `.lessons`, and `.mechanisms` (`sim/model/mechanism.py`).

An entry of levers names a module that registers them; one of worlds or lessons a folder that holds them, or a module in whose folder
they lie.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import sim


@cache
def entries(kind: str) -> dict[str, EntryPoint]:
    """Entry points of a group, by name."""
    return {entry.name: entry for entry in sorted(entry_points(group=f"cartelitos.{kind}"))}


def loaded(kind: str) -> Iterator[Any]:
    """What the entry points of a group name.

    Raises:
        ImportError: one cannot be loaded.
    """
    for entry in entries(kind).values():
        try:
            yield entry.load()
        except Exception as error:
            message = f"the {kind} '{entry.name}' of an installed package ({entry.value}) cannot be loaded: {error}"
            raise ImportError(message) from error


def folders(kind: str) -> list[Path]:
    """Folders that installed packages offer."""
    return [Path(str(each.__file__)).parent if isinstance(each, ModuleType) else Path(each) for each in loaded(kind)]


def digest(function: Callable[..., Any]) -> str:
    """Sixteen hex digits of the file in which a function stands."""
    return hashlib.sha256(Path(inspect.getfile(function)).read_bytes()).hexdigest()[:16]


def pip_install(extra: str) -> str:
    """The command that brings an extra: of a clone as it stands, or of the package."""
    clone = Path(sim.__file__).resolve().parent.parent
    if not (clone / "pyproject.toml").is_file():
        return f"pip install 'cartelitos[{extra}]'"
    return f"pip install -e '{'.' if clone == Path.cwd().resolve() else clone}[{extra}]'"
