"""The whole of the compiled model in one pass: numba types and lowers every function once, LLVM optimises and emits them together.

numba on its own optimises and emits a function again in every function that calls it, which took four fifths of compiling. What is
used of numba's insides (a code generator and its libraries, and the context that hands them out) has been there since 2015; a numba
that has it no more, or otherwise, raises here, and never gives other numbers: kernels that ship are compared with what is built.

Every entry of a kernel has the same shape, `int32 entry(int64 *arguments, int64 *results)`: a word for a number or the address of a
table, an address and lengths for an array. Which words they are stands in the kernel itself (`Kernel.table`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from inspect import get_annotations, signature
from typing import Any, Protocol

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba.core import cgutils
from numba.core.codegen import CPUCodeLibrary, JITCPUCodegen
from numba.core.registry import cpu_target
from numba.extending import typeof_impl

from sim.model.compile.native import WORD, NumbersType, RecordType, StackType, TableType, kind_of, with_array
from sim.model.compile.version import TABLE

ENGINES: list[Any] = []  # that live as long as the process
LETTERS = {numba.types.int64: "q", numba.types.uint64: "Q", numba.types.float64: "d", numba.types.boolean: "?"}


@dataclass(frozen=True)
class Machine:
    """What a kernel is made for, as LLVM names it."""

    triple: str
    cpu: str
    features: str = ""

    def target(self, **options: Any) -> Any:
        """LLVM's target machine, without contraction and without fast mathematics as everywhere."""
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
        return llvm.Target.from_triple(self.triple).create_target_machine(cpu=self.cpu, features=self.features, opt=3, **options)

    @classmethod
    def here(cls) -> Machine:
        """This computer's own processor."""
        return cls(llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())


# numba, as far as IR -----------------------------------------------------------------------------------------------------------


class _Part(CPUCodeLibrary):
    """What numba lowers for one function: kept as text, neither optimised nor linked."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.texts: list[str] = []

    def add_ir_module(self, module: Any) -> None:
        self.texts.append(cgutils.normalize_ir_text(str(module)))

    def add_linking_library(self, library: Any) -> None:
        self._linking_libraries.append(library)

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return 0

    def _get_module_for_linking(self) -> Any:
        """For numba itself, should it come across this part later in the same process."""
        if self._shared_module is None:
            for text in texts_of(self, {}):
                self._final_module.link_in(llvm.parse_assembly(text))
        return super()._get_module_for_linking()


def texts_of(library: Any, seen: dict[Any, None]) -> Iterator[str]:
    """Every module of a library and of those it calls, once; some may be numba's own, of something compiled before."""
    if library in seen:
        return
    seen[library] = None
    if not isinstance(library, _Part):
        yield str(library._get_module_for_linking())
        return
    for other in library._linking_libraries:
        yield from texts_of(other, seen)
    yield from library.texts


class _Whole(JITCPUCodegen):
    _library_class = _Part

    def set_env(self, _name: str, _env: object) -> None:
        """Nobody looks into an environment: nothing here calls Python."""


@contextmanager
def _lowering() -> Iterator[Any]:
    """Within it numba lowers and does no more."""
    context = cpu_target.target_context
    kept = context._internal_codegen, context.cached_internal_func
    context._internal_codegen, context.cached_internal_func = _Whole("cartelitos"), {}
    try:
        yield context
    finally:
        context._internal_codegen, context.cached_internal_func = kept


class Rule(Protocol):
    """A function that is compiled."""

    py_func: Callable[..., object]
    entry: str

    def __hash__(self) -> int: ...


class Keeper(Protocol):
    """What knows rules that were lowered before (`kept.py`)."""

    def attach(self, found: Any) -> None:
        """Be asked before this dispatcher compiles."""


@cache
def dispatcher(function: Rule) -> Any:
    """What compiles a rule, once for every list of types."""
    options = {"error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return numba.njit(**options)(function.py_func)


def typed(function: Rule) -> tuple[Any, ...]:
    """Types, as numba knows them, of a function's arguments. Raises TypeError: an annotation says too little."""
    said = get_annotations(function.py_func, eval_str=True)
    try:
        return tuple(kind_of(said[name]) for name in signature(function.py_func).parameters)
    except (KeyError, TypeError) as error:
        raise TypeError(f"{function.entry} is called from Python: annotate every argument ({error})") from error


@dataclass(frozen=True)
class Program:
    """Everything that is compiled, before anything is optimised."""

    texts: tuple[str, ...]  # LLVM modules
    table: dict[str, tuple[list[str], list[str]]]  # name of every entry -> letters of its arguments and of its results


def program(entries: Sequence[Rule], kept: Keeper | None = None) -> Program:
    """Type and lower `entries`, all of one class, and whatever they call, but for what is kept."""

    def known(function: Rule) -> Any:
        found = dispatcher(function)
        if kept is not None:
            kept.attach(found)
        return found

    typeof_impl.register(type(entries[0]))(lambda function, _context: numba.types.Dispatcher(known(function)))
    seen: dict[Any, None] = {}
    table, texts, entering = {}, list[str](), list[str]()
    with _lowering() as context:
        for function in entries:
            kinds = typed(function)
            rule = known(function)
            rule.compile(kinds)
            found = rule.overloads[kinds]
            texts += texts_of(found.library, seen)
            entering.append(cgutils.normalize_ir_text(str(_entry(context, function, found))))
            table[function.entry] = [_letters(kind) for kind in kinds], _results(found.signature.return_type)
    return Program((*dict.fromkeys(texts), *entering), table)


def _letters(kind: Any) -> str:
    """What an argument is made of: `p` an address, `aN` the address and lengths of an array, `sN` those of a stack."""
    if isinstance(kind, RecordType | TableType | NumbersType):
        return "p"
    if isinstance(kind, StackType):
        return f"s{kind.axes}"
    if isinstance(kind, numba.types.Array):
        return f"a{kind.ndim}"
    return LETTERS[kind]


def _results(kind: Any) -> list[str]:
    if isinstance(kind, numba.types.BaseTuple):
        return [LETTERS[each] for each in kind.types]
    return [] if kind == numba.types.none else [LETTERS[numba.types.unliteral(kind)]]


def _entry(context: Any, function: Rule, found: Any) -> Any:
    """A module with the entry of a function: words to arguments, results to words."""
    module = context.create_module(function.entry)
    kind = ir.FunctionType(ir.IntType(32), [WORD.as_pointer(), WORD.as_pointer()])
    entry = ir.Function(module, kind, function.entry)
    builder = ir.IRBuilder(entry.append_basic_block())
    words, results = entry.args
    arguments, at = [], 0
    for each in found.signature.args:
        value, at = with_array(context, builder, each, words, at)
        arguments.append(value)
    back, kinds = found.fndesc.restype, found.fndesc.argtypes
    callee = ir.Function(module, context.call_conv.get_function_type(back, kinds), found.fndesc.llvm_func_name)
    status, result = context.call_conv.call_function(builder, callee, back, kinds, arguments)
    parts = [] if back == numba.types.none else [result]
    if isinstance(back, numba.types.BaseTuple):
        parts = cgutils.unpack_tuple(builder, result)
    for number, part in enumerate(parts):
        word = builder.zext(part, WORD) if part.type == ir.IntType(1) else builder.bitcast(part, WORD)
        builder.store(word, builder.gep(results, [ir.Constant(WORD, number)]))
    builder.ret(status.code)
    return module


# LLVM ------------------------------------------------------------------------------------------------------------------------------


def emit(whole: Program, machine: Machine, about: dict[str, Any], **options: Any) -> bytes:
    """An object file for a machine: all functions optimised together, `about` and the table of entries in it."""
    target = machine.target(**options)
    layout = str(target.target_data)
    linked = llvm.parse_assembly(f'target triple = "{machine.triple}"\ntarget datalayout = "{layout}"\n')
    for text in whole.texts:
        lines = [line for line in text.splitlines() if not line.startswith(("target triple", "target datalayout"))]
        part = llvm.parse_assembly("\n".join(lines))
        part.triple, part.data_layout = machine.triple, layout
        linked.link_in(part)
    said = json.dumps(about | {"table": whole.table}, sort_keys=True).encode() + b"\0"
    text = "".join(f"\\{byte:02x}" for byte in said)
    linked.link_in(llvm.parse_assembly(f'@{TABLE} = constant [{len(said)} x i8] c"{text}"'))
    for thing in (*linked.functions, *linked.global_variables):
        if not thing.is_declaration and thing.name not in whole.table and thing.name != TABLE:
            thing.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    tuning.slp_vectorization = False
    passes = llvm.create_pass_builder(target, tuning)
    passes.getModulePassManager().run(linked, passes)
    linked.verify()
    return bytes(target.emit_object(linked))


def here(functions: Sequence[Rule], about: dict[str, Any], kept: Keeper | None = None) -> bytes:
    """An object file for this computer."""
    return emit(program(functions, kept), Machine.here(), about, reloc="static", codemodel="jitdefault", jit=True)


def load(code: bytes) -> Callable[[str], int]:
    """Name -> address of what is in an object file."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    ENGINES.append(engine)
    return lambda name: int(engine.get_global_value_address(name) or engine.get_function_address(name))
