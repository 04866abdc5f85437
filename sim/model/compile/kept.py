"""Rules that were typed and lowered before: after an edit numba sees the edited module and those that import it, LLVM sees all.

A rule is kept under what its module, and all that this imports of the model, mean (`version.py`), under the types of its arguments, and
under the versions of numba, llvmlite and Python. A kernel made of kept rules is the one that would be made without: a test compares them,
and `sim.kernel`, which makes those that ship, keeps nothing.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

import llvmlite
import numba
from numba.core import serialize
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.environment import Environment

from sim.model.compile.named import EXTENSIONS
from sim.model.compile.version import meaning
from sim.model.compile.whole import Rule, dispatcher, texts_of

VERSIONS = (numba.__version__, llvmlite.__version__, sys.version)


class Kept:
    """Lowered rules: what an earlier compilation left of them, key -> bytes, and in `after` the same of those that the present one uses."""

    def __init__(self, before: dict[str, bytes], rules: Iterable[Rule]) -> None:
        self.after: dict[str, bytes] = {}
        self._before = before
        self._rules = {_name(rule.py_func): rule for rule in rules}
        self._of: dict[Any, tuple[str, Any]] = {}  # library of a rule -> its name and the types of its arguments

    def attach(self, found: Any) -> None:
        """Have a dispatcher of numba look here before it compiles."""
        found._cache = _Hook(self, _name(found.py_func))

    def load(self, name: str, kinds: tuple[Any, ...], context: Any) -> CompileResult | None:
        """What numba would make of a rule, or nothing if it is not kept."""
        key = _key(name, kinds)
        if key not in self._before:
            return None
        self.after[key] = self._before[key]
        described, signature, texts, called = pickle.loads(self._before[key])
        library = context.codegen().create_library(described.mangled_name)
        library.texts += texts
        for other, of in called:
            rule = dispatcher(self._rules[other])
            self.attach(rule)
            rule.compile(of)
            library.add_linking_library(rule.overloads[of].library)
        self._of[library] = name, kinds
        entry = context.get_executable(library, described, Environment.from_fndesc(described))
        says = {"library": library, "fndesc": described, "signature": signature, "entry_point": entry}
        says |= {"target_context": context, "objectmode": False}
        return CompileResult(**dict.fromkeys(CompileResult._fields) | says)

    def save(self, name: str, found: Any) -> None:
        """Keep what numba made of a rule."""
        library, kinds, described = found.library, tuple(found.signature.args), found.fndesc
        called = [self._of[other] for other in self._reached(library)]
        texts = [*texts_of(library, dict.fromkeys(self._of))]
        self._of[library] = name, kinds
        described.typemap = described.calltypes = None
        self.after[_key(name, kinds)] = serialize.dumps((described, found.signature, texts, called))

    def _reached(self, library: Any) -> dict[Any, None]:
        """Libraries of rules that one calls, some by way of numba's own."""
        found, ahead, seen = dict[Any, None](), [library], set[Any]()
        while ahead:
            for other in getattr(ahead.pop(), "_linking_libraries", ()):
                if other in self._of:
                    found[other] = None
                elif other not in seen:
                    seen.add(other)
                    ahead.append(other)
        return found


class _Hook(NullCache):  # type: ignore[misc]
    """What numba's dispatchers ask."""

    def __init__(self, kept: Kept, name: str) -> None:
        self._kept, self._name = kept, name

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:
        return self._kept.load(self._name, tuple(getattr(sig, "args", sig)), target_context)

    def save_overload(self, _sig: Any, data: Any) -> None:
        self._kept.save(self._name, data)


def _name(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@cache
def _key(name: str, kinds: tuple[Any, ...]) -> str:
    said = repr((meaning(name.rpartition(".")[0]), name, kinds, EXTENSIONS, VERSIONS))
    return hashlib.sha256(said.encode()).hexdigest()
