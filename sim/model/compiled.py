"""One decorator for everything compiled, and a cache that can never be stale.

numba notices a change in a function's own file but not in the files it calls, so the cache folder is named after all the source that
compiled code can reach, and after the processor. Without fast-math or contraction, results agree across instruction sets.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba
from llvmlite.binding import get_host_cpu_name
from numba.core.caching import UserProvidedCacheLocator as CacheLocator

from sim.model.version import SOURCE, files_digest

F = TypeVar("F", bound=Callable[..., object])


def _cache_folder() -> Path:
    catalogue = SOURCE / "catalogue"
    reached = [*(SOURCE / "model").rglob("*.py"), catalogue / "parameters.py", catalogue / "push.py"]
    name = Path("cartelitos") / f"{files_digest(SOURCE, reached)}-{numba.config.CPU_NAME or get_host_cpu_name()}"
    base = os.environ.get("CARTELITOS_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / name
        folder.mkdir(parents=True, exist_ok=True)
    return folder


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(_cache_folder())


def compiled(function: F) -> F:
    """Compile a function over the state arrays: cached, no fast-math, no object mode.

    It must not make arrays (`owning` may): Python holds the tables as long as a call lasts, so nothing counts references to them;
    counting those of every table in every step is a twelfth of a run.
    """
    return cast(F, numba.njit(cache=True, error_model="numpy", _nrt=False)(function))


def inner(function: F) -> F:
    """Compile a function that only compiled code calls: no Python wrapper and no cache of its own, which halves its compile time."""
    options = {"error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, numba.njit(**options)(function))


def owning(function: F) -> F:
    """Compile a function that makes arrays, or receives new ones from another."""
    return cast(F, numba.njit(cache=True, error_model="numpy", _nrt=True)(function))


def is_warm() -> bool:
    """Whether this Python has compiled this folder's weekly step before; numba keeps a subfolder per source folder."""
    own = CacheLocator.get_suitable_cache_subpath(str(SOURCE / "model" / "week.py"))
    index = f"week.weeks-*.py{sys.version_info.major}{sys.version_info.minor}{sys.abiflags}.nbi"
    return bool(numba.config.DISABLE_JIT) or any((Path(numba.config.CACHE_DIR) / own).glob(index))
