"""Rules are written in Python and run compiled: `@compiled` ones when Python calls them, `@inner` ones when compiled code does.

Where compiled code comes from is decided when it is first called, in this order:

1. `CARTELITOS_KERNEL=python` (or numba's own `NUMBA_DISABLE_JIT=1`): nowhere. Rules are plain functions, for a debugger.
2. A kernel that ships in `sim/kernel/`, if its digest is that of the present source (`version.py`) and this computer can run it.
   numba is not even imported. `CARTELITOS_KERNEL=jit` does without.
3. numba and LLVM, in one pass over the whole model (`whole.py`), kept under the digest and the processor for the next time.

A kernel says itself what it was made from, and is asked. Without fast-math, contraction or anybody else's exp and log
(`elementary.py`), all of them agree to the last bit.
"""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import json
import multiprocessing
import os
import pickle
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, update_wrapper
from importlib import import_module
from inspect import get_annotations, signature
from pathlib import Path
from pkgutil import walk_packages
from struct import Struct
from typing import Any, TypeVar, cast

import numpy as np

from sim.model.compile.named import EXTENSIONS, number_in
from sim.model.compile.version import SOURCE, TABLE, digests, source_edited

F = TypeVar("F", bound=Callable[..., object])
SHIPPED = SOURCE / "kernel"
LIST = "kernels.json"  # there: machine -> file, its SHA-256, and the processor features it needs
BARE = os.environ.get("CARTELITOS_KERNEL") == "python" or os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
SECONDS = 15  # that compiling everything takes, about; an edited rule takes half
REGISTRY: list[Compiled] = []


class KernelError(Exception):
    """A kernel that cannot be used, and why."""


class MisfitError(KernelError):
    """The kernel for this computer is damaged, or not of this source."""


# what Python calls -----------------------------------------------------------------------------------------------------------------


class Compiled:
    """A rule that Python or compiled code calls."""

    def __init__(self, function: Callable[..., object], *, entry: bool = True) -> None:
        update_wrapper(self, function)
        self.py_func = function  # the rule as written
        self.entry = f"{function.__module__}.{function.__name__}" if entry else ""  # its name in kernels; none if inner
        self._call: Callable[..., Any] | None = None if entry else function
        REGISTRY.append(self)

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401, D102
        if named:
            arguments = signature(self.py_func).bind(*arguments, **named).args
        if self._call is None:
            self._call = _home(self).bind(self)
        return self._call(*arguments)

    def __reduce__(self) -> str:
        return self.__name__  # type: ignore[no-any-return, attr-defined]


def compiled(function: F) -> F:
    """Compile a function that Python calls, too; every argument is annotated. It must not make arrays: nothing counts references."""
    return function if BARE else cast(F, Compiled(function))


def inner(function: F) -> F:
    """Compile a function that compiled code calls; from Python it is a plain function."""
    return function if BARE else cast(F, Compiled(function, entry=False))


# kernels ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kernel:
    """Compiled code that has been loaded."""

    origin: str  # "shipped" or "jit"
    table: Mapping[str, tuple[list[str], list[str]]]  # name of an entry -> letters of its arguments and results (`whole.py`)
    find: Callable[[str], Any]  # name -> C function

    def bind(self, function: Compiled) -> Callable[..., Any]:
        """A Python function that calls an entry.

        It takes what the annotations of the rule say, without converting: tables are handed over by address.
        """
        letters, back = self.table[function.entry]
        native, name = self.find(function.entry), function.__name__  # type: ignore[attr-defined]
        native.argtypes, native.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_int32
        said = get_annotations(function.py_func, eval_str=True)
        names = signature(function.py_func).parameters
        wanted = [_checked(letter, said[each]) for letter, each in zip(letters, names, strict=True)]
        pack = Struct("".join(_packed(letter) for letter in letters)).pack
        unpack, room = Struct("".join(f"{letter}7x" if letter == "?" else letter for letter in back)).unpack_from, bytes(8 * len(back))
        several = len(back) > 1

        def call(*arguments: Any) -> Any:  # noqa: ANN401
            if len(arguments) != len(wanted):
                raise TypeError(f"{name} takes {len(wanted)} arguments, not {len(arguments)}")
            words: list[Any] = []
            for look, argument in zip(wanted, arguments, strict=True):
                if look is None:
                    words.append(argument)
                else:
                    words += look(argument)
            results = ctypes.create_string_buffer(room, len(room)) if back else None
            if native(pack(*words), results):
                raise RuntimeError(f"{name} failed in compiled code")
            if results is None:
                return None
            found = unpack(results)
            return found if several else found[0]

        return call


def _packed(letter: str) -> str:
    """How `struct` packs an argument."""
    return {"p": "q", "?": "?7x"}.get(letter[0], "q" * (1 + int(letter[1:] or 0)) if letter[0] in "as" else letter)


def _checked(letter: str, said: Any) -> Callable[[Any], tuple[int, ...]] | None:  # noqa: ANN401
    """What makes words of an argument; nothing for a number."""
    if letter[0] not in "aps":
        return None
    dtype, axes = (np.dtype(number_in(said)), int(letter[1:])) if letter[0] == "a" else (None, 0)

    def array_address(array: Any) -> tuple[int, ...]:  # noqa: ANN401
        if array.dtype != dtype or array.ndim != axes or not array.flags.c_contiguous:
            raise TypeError(f"compiled code asks for a contiguous array of {axes} axes of {dtype}, not {array.ndim} of {array.dtype}")
        return (array.__array_interface__["data"][0], *array.shape)

    def address(thing: Any) -> tuple[int, ...]:  # noqa: ANN401
        if not isinstance(thing, said):
            raise TypeError(f"compiled code asks for {said.__name__}, not {type(thing).__name__}")
        return (thing.address,) if letter == "p" else (thing.address, *thing.values.shape[:-1])

    return array_address if letter[0] == "a" else address


def _digest() -> str:
    """What names a kernel: the source of the model, and mechanisms from outside that are part of this Python's week."""
    return "-".join([digests().kernel, *EXTENSIONS])


@cache
def kernel() -> Kernel:
    """The kernel of this process."""
    found = _chosen()
    return found if isinstance(found, Kernel) else _jit(found)


@cache
def _chosen() -> Kernel | str:
    """The kernel that ships, or why it cannot be used; a misfit is told even if nothing has to be compiled."""
    try:
        return _shipped()
    except KernelError as reason:
        if isinstance(reason, MisfitError) and multiprocessing.parent_process() is None and _read(_kept()) is not None:
            sys.stderr.write(f"note: {reason}; what was compiled here is used instead\n")
        return str(reason)


def _home(function: Compiled) -> Kernel:
    """The kernel that holds a function: one made now, if it is nobody's of the model."""
    if function.entry in (found := kernel()).table:
        return found
    from sim.model.compile import whole  # noqa: PLC0415  numba, only where it is needed

    return _loaded(whole.here([function], {}))


def forget() -> None:
    """Choose a kernel anew, as mechanisms have come into the week."""
    kernel.cache_clear()
    _chosen.cache_clear()


def is_warm() -> bool:
    """Whether nothing has to be compiled before the first week."""
    return BARE or isinstance(_chosen(), Kernel) or _read(_kept()) is not None


def waiting() -> str:
    """What one waits for if nothing is warm, and how long."""
    return f"compiling the model once, about {SECONDS} s ({_chosen()}) ..."


# kernels that ship -------------------------------------------------------------------------------------------------------------------


def machine() -> str:
    """Name of this computer's kind: kernels are listed under it."""
    kind = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{kind}-{sys.platform}"


def _shipped() -> Kernel:
    """The kernel that ships, if it fits this source and computer."""
    if os.environ.get("CARTELITOS_KERNEL") == "jit":
        raise KernelError("CARTELITOS_KERNEL=jit")
    try:
        listed = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))
        mine = listed["kernels"].get(machine())
        digest = listed["digest"]
        if mine is None:
            raise KernelError(f"no kernel for {machine()}")
        path, features, sha = SHIPPED / mine["file"], {*map(str, mine["features"])}, mine["sha256"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise MisfitError(f"the list of kernels is not readable: {error}") from error
    if digest != _digest():
        raise MisfitError(f"the source is not the one of the kernel that ships: {_digest()}, not {digest}")
    if lacking := sorted(features - _features()):
        raise KernelError(f"this processor lacks {', '.join(lacking)}")
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            raise MisfitError(f"{path.name} is damaged")
        library = ctypes.CDLL(str(path))
        said = json.loads(ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(library, TABLE))))
        digest = said["digest"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MisfitError(f"{path.name} cannot be loaded: {error}") from error
    if digest != _digest():
        raise MisfitError(f"{path.name} was made from another source")
    return Kernel("shipped", said["table"], library.__getitem__)


def _features() -> set[str]:
    """What Linux says that the processor can do."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return {word for line in lines if line.startswith(("flags", "Features")) for word in line.split(":", 1)[1].split()}


def entries() -> list[Compiled]:
    """Every function of the model that Python calls, by name."""
    for module in walk_packages([str(SOURCE / "model")], "sim.model."):
        import_module(module.name)
    return sorted((function for function in REGISTRY if function.entry.startswith("sim.")), key=lambda function: function.entry)


# kernels made here -------------------------------------------------------------------------------------------------------------------


def _kept() -> Path:
    processor = hashlib.sha256("\n".join([machine(), *sorted(_features())]).encode()).hexdigest()[:8]
    return cache_folder() / f"{_digest()}-{processor}.o"


def _jit(reason: str) -> Kernel:
    """The kernel that numba and LLVM make here, or made the last time."""
    from sim.model.compile import whole  # noqa: PLC0415  numba, only where it is needed
    from sim.model.compile.kept import Kept  # noqa: PLC0415

    path, functions = _kept(), entries()
    edited = source_edited()  # then what was imported may not be what the digest names: nothing is kept under it, or taken from there
    code = None if edited else _read(path)
    if code is None:
        rules = path.with_name("rules")
        kept = Kept({} if edited else pickle.loads(_read(rules) or pickle.dumps({})), REGISTRY)
        about = {"digest": _digest(), "reason": reason}
        try:
            code = whole.here(functions, about, kept)
        except RuntimeError:  # LLVM cannot link what is kept with what is new: all is lowered again
            whole.dispatcher.cache_clear()
            kept = Kept({}, REGISTRY)
            code = whole.here(functions, about, kept)
        if not edited and not source_edited():
            _write(path, code)
            _write(rules, pickle.dumps(kept.after))
    return _loaded(code)


def _loaded(code: bytes) -> Kernel:
    from sim.model.compile import whole  # noqa: PLC0415  LLVM

    find = whole.load(code)
    said = json.loads(ctypes.string_at(find(TABLE)))
    kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_char_p, ctypes.c_char_p)
    return Kernel("jit", said["table"], lambda name: kind(find(name)))


def _read(path: Path) -> bytes | None:
    """A kept kernel, or nothing if there is none or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content[32:] if hashlib.sha256(content[32:]).digest() == content[:32] else None


def _write(path: Path, code: bytes) -> None:
    """Keep a kernel, all of it or nothing; whoever cannot compiles again."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        os.replace(name, path)
    except OSError:
        return


@cache
def cache_folder() -> Path:
    """A folder that is ours and that nobody else may write: `$CARTELITOS_CACHE`, or `cartelitos` where caches are; or a new one."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("CARTELITOS_CACHE") or Path(base) / "cartelitos")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if wrong := _unsafe(folder):
            raise OSError(wrong)
    except OSError as error:
        private = Path(tempfile.mkdtemp(prefix="cartelitos-"))
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        sys.stderr.write(f"note: the cache {folder} is not used ({error.strerror or error}); what is compiled now is not kept\n")
        return private
    return folder


def _unsafe(folder: Path) -> str:
    """Why code from a folder cannot be trusted; empty if it can."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return "it is no folder"
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        return "it belongs to somebody else"
    return "others may write into it" if os.name == "posix" and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else ""
