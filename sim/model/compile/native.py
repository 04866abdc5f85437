"""What numba has to know about `named.py`: every table, however large, is one pointer in compiled code.

Everything here rests on numba's documented extension points (typing templates, data models, lowering). What they are called is checked
when this file is imported, so an upgrade that drops one fails at once and loudly, never with other numbers.

Addresses and lengths are read with `invariant.load`: a table grows only in Python, between calls, and then gets new words, so within a
call they do not change and the compiler may read each once.
"""

from __future__ import annotations

import operator
from dataclasses import fields
from functools import cache
from inspect import get_annotations
from typing import Annotated, Any, get_args, get_origin

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_constant
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import infer_getattr, lower_builtin, lower_getattr_generic, lower_setattr_generic, models, register_model, typeof_impl
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from sim.model.compile.named import Fixed, Numbers, Record, Stack, Table, number_in

WORD = ir.IntType(64)
BLOCKS = {"floats": 1, "ints": 2}  # place of a block's address among the words of a table
COLUMNS = 3  # that of the first column's


class Named(types.Type):
    """A type that stands for a class of `named.py`."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        super().__init__(name=f"{kind.__module__}.{kind.__qualname__}")


class TableType(Named):
    """The address of a table's words."""


class NumbersType(Named):
    """The address of a vector."""

    @property
    def dtype(self) -> Any:
        """Type of a number."""
        return from_dtype(self.kind.dtype)


class StackType(Named):
    """The address of an array, and its shape but for the last axis."""

    @property
    def part(self) -> Any:
        """Type of an entry."""
        return StackType(self.kind.part) if issubclass(self.kind.part, Stack) else NumbersType(self.kind.part)

    @property
    def axes(self) -> int:
        """Axes but for the last one."""
        return 1 + self.part.axes if isinstance(self.part, StackType) else 1


class ColumnType(types.Type):
    """The address of a column; it is indexed by rows from 0, and nobody asks for its length."""

    def __init__(self, dtype: Any, table: str, column: str) -> None:
        self.dtype, self.place = dtype, (table, column)
        super().__init__(name=f"column({dtype}, {table}.{column})")


class RecordType(types.Type):
    """The address of a record's words; of every field its type and the number of its first word."""

    def __init__(self, name: str, parts: tuple[tuple[str, Any], ...]) -> None:
        self.fields, at = {}, 0
        for part, kind in parts:
            self.fields[part] = (kind, at)
            at += _length(kind)
        super().__init__(name=f"{name}({', '.join(f'{part}: {kind}' for part, kind in parts)})")


def _length(kind: Any) -> int:
    if isinstance(kind, TableType):
        return COLUMNS + len(kind.kind.real) + len(kind.kind.whole)
    if isinstance(kind, StackType):
        return 1 + kind.axes
    return 1 + kind.ndim if isinstance(kind, types.Array) else 1


# what annotations mean -------------------------------------------------------------------------------------------------------


NUMBERS = {int: types.int64, float: types.float64, bool: types.boolean, None: types.none, type(None): types.none}


@cache
def kind_of(said: Any) -> Any:
    """The type of what is annotated so. Raises TypeError: compiled code has no type for it."""
    if said in NUMBERS:
        return NUMBERS[said]
    if get_origin(said) is Annotated:
        array, axes = get_args(said)
        return types.Array(kind_of(array).dtype, axes, "C")
    if isinstance(said, type):
        for base, kind in ((Table, TableType), (Numbers, NumbersType), (Stack, StackType)):
            if issubclass(said, base) and said is not base:
                return kind(said)
        if issubclass(said, Record):
            meant = get_annotations(said, eval_str=True)
            return RecordType(said.__qualname__, tuple((field.name, kind_of(meant[field.name])) for field in fields(said)))
        if issubclass(said, np.generic):
            return from_dtype(np.dtype(said))
    elif (number := number_in(said)) is not None:
        return types.Array(from_dtype(np.dtype(number)), 1, "C")
    raise TypeError(f"no type for {said}")


class _Pointer(models.PrimitiveModel):
    """A pointer to words, or to numbers of one kind."""

    def __init__(self, manager: Any, kind: Any) -> None:
        to = manager.lookup(kind.dtype).get_data_type() if hasattr(kind, "dtype") else WORD
        super().__init__(manager, kind, to.as_pointer())


class _Stack(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        axes = [(f"axis{axis}", types.intp) for axis in range(kind.axes)]
        super().__init__(manager, kind, [("values", types.CPointer(types.float64)), *axes])


for _kind in (TableType, NumbersType, ColumnType, RecordType):
    register_model(_kind)(_Pointer)
register_model(StackType)(_Stack)


# the types of what stands behind a dot or in brackets ------------------------------------------------------------------------


@infer_getattr
class _TableNames(AttributeTemplate):
    key = TableType

    def generic_resolve(self, table: Any, name: str) -> Any:
        if name in table.kind.names:
            return ColumnType(types.float64 if name in table.kind.real else types.int64, table.kind.__name__, name)
        if name in BLOCKS:
            return types.Array(types.float64 if name == "floats" else types.int64, 2, "C")
        return types.intp if name == "rows" else None


@infer_getattr
class _NumberNames(AttributeTemplate):
    key = NumbersType

    def generic_resolve(self, numbers: Any, name: str) -> Any:
        if name in numbers.kind.index:
            return numbers.dtype
        return types.intp if name == "size" else None


@infer_getattr
class _RecordNames(AttributeTemplate):
    key = RecordType

    def generic_resolve(self, record: Any, name: str) -> Any:
        return record.fields.get(name, (None,))[0]


@infer_global(operator.getitem)
class _Get(AbstractTemplate):
    def generic(self, args: Any, _named: Any) -> Any:
        thing, index = args
        if isinstance(index, types.Integer) and isinstance(thing, ColumnType | NumbersType | StackType):
            return signature(thing.part if isinstance(thing, StackType) else thing.dtype, thing, types.intp)
        return None


@infer_global(operator.setitem)
class _Set(AbstractTemplate):
    def generic(self, args: Any, _named: Any) -> Any:
        thing, index, _ = args
        if isinstance(index, types.Integer) and isinstance(thing, ColumnType | NumbersType):
            return signature(types.none, thing, types.intp, thing.dtype)
        return None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args: Any, _named: Any) -> Any:
        return signature(types.intp, *args) if isinstance(args[0], StackType) else None


# how they are read and written -----------------------------------------------------------------------------------------------


def _at(builder: Any, pointer: Any, number: int) -> Any:
    return builder.gep(pointer, [ir.Constant(WORD, number)], inbounds=True)


def _fixed(builder: Any, pointer: Any) -> Any:
    """Read what does not change within a call."""
    loaded = builder.load(pointer)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _tagged(builder: Any, access: Any, *place: str) -> Any:
    """Tell LLVM where a load or store goes: columns, numbers of other names and fixed tables never overlap, so loops become vectors."""
    module, zero = builder.module, ir.Constant(WORD, 0)
    tag = module.add_metadata(["cartelitos"])
    for name in place:
        tag = module.add_metadata([name, tag, zero])
    access.set_metadata("tbaa", module.add_metadata([tag, tag, zero]))
    return access


def _word(builder: Any, words: Any, number: int, to: Any = WORD) -> Any:
    """A word, as a number or as an address of something; addresses take a whole word on every machine."""
    word = _fixed(builder, _at(builder, words, number))
    if isinstance(to, ir.PointerType):
        return builder.inttoptr(word, to)
    if to == ir.IntType(1):
        return builder.trunc(word, to)
    return word if to == WORD else builder.bitcast(word, to)


def _array(context: Any, builder: Any, kind: Any, data: Any, shape: list[Any]) -> Any:
    """An array that nobody counts references to: Python holds it as long as the call lasts."""
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    strides = [ir.Constant(WORD, size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(length, strides[0], flags=["nsw"]))
    array = make_array(kind)(context, builder)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=ir.Constant(WORD, size), meminfo=None)
    return array._getvalue()


@lower_getattr_generic(TableType)
def _(context: Any, builder: Any, table: Any, words: Any, name: str) -> Any:
    if name == "rows":
        return _word(builder, words, 0)
    kind = table.kind
    if name in BLOCKS:
        block = types.Array(types.float64 if name == "floats" else types.int64, 2, "C")
        data = _word(builder, words, BLOCKS[name], context.get_data_type(block.dtype).as_pointer())
        lines = len(kind.real if name == "floats" else kind.whole)
        return _array(context, builder, block, data, [ir.Constant(WORD, lines), _word(builder, words, 0)])
    column = types.float64 if name in kind.real else types.int64
    number = COLUMNS + (*kind.real, *kind.whole).index(name)
    return _word(builder, words, number, context.get_data_type(column).as_pointer())


@lower_getattr_generic(NumbersType)
def _(context: Any, builder: Any, numbers: Any, values: Any, name: str) -> Any:
    kind = numbers.kind
    if name == "size":
        return ir.Constant(WORD, len(kind.names))
    at = _at(builder, values, kind.index[name])
    return _fixed(builder, at) if kind.constant else _tagged(builder, builder.load(at), kind.__name__, name)


@lower_setattr_generic(NumbersType)
def _(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    kind, (values, value) = sig.args[0].kind, args
    if kind.constant:
        raise TypeError(f"{kind.__name__} is constant in compiled code")
    _tagged(builder, builder.store(value, _at(builder, values, kind.index[name])), kind.__name__, name)


@lower_getattr_generic(RecordType)
def _(context: Any, builder: Any, record: Any, words: Any, name: str) -> Any:
    kind, first = record.fields[name]
    if isinstance(kind, TableType):
        return _at(builder, words, first)
    return with_array(context, builder, kind, words, first)[0]


def with_array(context: Any, builder: Any, kind: Any, words: Any, first: int) -> tuple[Any, int]:
    """An argument or a field from its words, and the number of the word after it."""
    after = first + _length(kind)
    if isinstance(kind, TableType | NumbersType | RecordType | types.Number | types.Boolean):
        return _word(builder, words, first, context.get_value_type(kind)), first + 1
    if isinstance(kind, StackType):
        stack = cgutils.create_struct_proxy(kind)(context, builder)
        stack.values = _word(builder, words, first, stack.values.type)
        for axis in range(kind.axes):
            setattr(stack, f"axis{axis}", _word(builder, words, first + 1 + axis))
        return stack._getvalue(), after
    data = _word(builder, words, first, context.get_data_type(kind.dtype).as_pointer())
    return _array(context, builder, kind, data, [_word(builder, words, first + 1 + axis) for axis in range(kind.ndim)]), after


@lower_builtin(operator.getitem, ColumnType, types.intp)
@lower_builtin(operator.getitem, NumbersType, types.intp)
def _(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    column, number = args
    return _tagged(builder, builder.load(builder.gep(column, [number], inbounds=True)), *_place(sig.args[0]))


@lower_builtin(operator.setitem, ColumnType, types.intp, types.Any)
@lower_builtin(operator.setitem, NumbersType, types.intp, types.Any)
def _(context: Any, builder: Any, sig: Any, args: Any) -> None:
    column, number, value = args
    _tagged(builder, builder.store(value, builder.gep(column, [number], inbounds=True)), *_place(sig.args[0]))


def _place(kind: Any) -> tuple[str, ...]:
    return kind.place if isinstance(kind, ColumnType) else (kind.kind.__name__,)


@typeof_impl.register(Fixed)
def _(fixed: Fixed, _context: Any) -> ColumnType:
    return ColumnType(types.float64, "Fixed", fixed.name)


@lower_constant(ColumnType)
def _(context: Any, builder: Any, kind: Any, fixed: Fixed) -> Any:
    kind = ir.ArrayType(ir.DoubleType(), len(fixed.values))
    table = cgutils.global_constant(builder, "fixed", ir.Constant(kind, fixed.values.tolist()))
    return builder.bitcast(table, ir.DoubleType().as_pointer())


@lower_builtin(operator.getitem, StackType, types.intp)
def _(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind, whole = sig.args[0], cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
    inner = [getattr(whole, f"axis{axis}") for axis in range(1, kind.axes)]
    last = kind.part
    while isinstance(last, StackType):
        last = last.part
    step = ir.Constant(WORD, len(last.kind.names))
    for length in inner:
        step = builder.mul(step, length, flags=["nsw"])
    values = builder.gep(whole.values, [builder.mul(args[1], step, flags=["nsw"])], inbounds=True)
    if isinstance(kind.part, NumbersType):
        return values
    part = cgutils.create_struct_proxy(kind.part)(context, builder)
    part.values = values
    for axis, length in enumerate(inner):
        setattr(part, f"axis{axis}", length)
    return part._getvalue()


@lower_builtin(len, StackType)
def _(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).axis0
