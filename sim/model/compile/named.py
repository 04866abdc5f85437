"""Tables by name: `cartel.cohesion[j]`, `flow.recruits`, `p.wage` and `push[zone].troops`, compiled and in plain Python alike.

What a run holds are NumPy arrays; the classes here name their parts and know where these lie in memory. Compiled code receives
addresses only (`native.py`), so a call with all tables costs as little as one with a single number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cached_property
from inspect import get_annotations
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Grid = Annotated[NDArray[np.float64], 2]  # compiled code is told how many axes there are, if not one
Part = TypeVar("Part")
EXTENSIONS: list[str] = []  # digests of mechanisms from outside: compiled code of one list fits no other


def number_in(said: Any) -> Any:  # noqa: ANN401
    """The kind of number in the annotation of an array, which NumPy's releases nest differently; None if there is none."""
    if isinstance(said, type) and issubclass(said, np.generic):
        return said
    return next((kind for part in get_args(said) if (kind := number_in(part)) is not None), None)


class Table:
    """Named columns of equal length over two blocks of memory; a subclass annotates each as `Floats` or `Integers`.

    A column is a vector; to assign to it is to write into it. A slice of a table, `table[:n]`, is a view of some of its rows, and
    `table[j]` has one number for each column.
    """

    floats: Floats  # real columns in the order of their annotation, float64[column, row]
    ints: Integers  # whole ones, which are rows, kinds, weeks, flags and ids, int64[column, row]
    names: ClassVar[tuple[str, ...]]
    real: ClassVar[tuple[str, ...]]
    whole: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        said = get_annotations(cls, eval_str=True)
        cls.names = tuple(said)
        cls.real = tuple(name for name, kind in said.items() if kind == Floats)
        cls.whole = tuple(name for name, kind in said.items() if kind == Integers)
        _check(cls, said, (Floats, Integers))

    def __init__(self, floats: Floats, ints: Integers) -> None:
        columns = zip((*self.real, *self.whole), (*floats, *ints), strict=True)
        self.__dict__.update(columns, floats=floats, ints=ints)

    @classmethod
    def blank(cls, rows: int) -> Self:
        """A table of zeros."""
        return cls(np.zeros((len(cls.real), rows)), np.zeros((len(cls.whole), rows), np.int64))

    @classmethod
    def extend(cls, columns: dict[str, Any]) -> None:
        """Further columns, before there is any table."""
        _check(cls, columns, (Floats, Integers))
        cls.names = (*cls.names, *columns)
        cls.real = (*cls.real, *(name for name, kind in columns.items() if kind == Floats))
        cls.whole = (*cls.whole, *(name for name, kind in columns.items() if kind == Integers))

    @classmethod
    def before(cls, name: str) -> int:
        """How many real columns are annotated before a column."""
        return sum(each in cls.real for each in cls.names[: cls.names.index(name)])

    @property
    def rows(self) -> int:
        """Rows there is room for."""
        return int(self.floats.shape[1])

    def resized(self, rows: int) -> Self:
        """A copy with so many rows, new ones blank."""
        kept, copy = min(rows, self.rows), self.blank(rows)
        copy.floats[:, :kept], copy.ints[:, :kept] = self.floats[:, :kept], self.ints[:, :kept]
        return copy

    def __getitem__(self, rows: slice | int | Integers) -> Self:
        return type(self)(self.floats[:, rows], self.ints[:, rows])

    def __setitem__(self, rows: slice | int, other: Self) -> None:
        self.floats[:, rows], self.ints[:, rows] = other.floats, other.ints

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self.names:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        self.__dict__[name][...] = value

    def __reduce__(self) -> tuple[type[Self], tuple[Floats, Integers]]:
        return type(self), (self.floats, self.ints)  # a copy lies elsewhere

    @cached_property
    def words(self) -> Integers:
        """Rows, and the addresses of both blocks and of every column."""
        floats, ints, step = _address(self.floats, np.float64), _address(self.ints, np.int64), 8 * self.rows
        columns = [*(floats + step * n for n in range(len(self.real))), *(ints + step * n for n in range(len(self.whole)))]
        return np.array([self.rows, floats, ints, *columns], np.int64)

    @cached_property
    def address(self) -> int:
        """Where the words lie."""
        return _address(self.words)


class Fixed:
    """A table of numbers that are known when rules are compiled, and never change; there is one of each name."""

    def __init__(self, name: str, values: list[float]) -> None:
        self.name, self.values = name, np.array(values)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401
        return self.values[number]


class Numbers:
    """Named numbers of one kind in a vector; a subclass annotates each as `float` or `int`, or hands over their names."""

    values: NDArray[Any]  # float64[number] or int64[number]
    names: ClassVar[tuple[str, ...]]
    index: ClassVar[dict[str, int]]
    dtype: ClassVar[type[np.float64 | np.int64]]
    constant: ClassVar[bool]

    def __init_subclass__(cls, names: Iterable[str] = (), *, constant: bool = False) -> None:
        """`constant` promises that compiled code never writes them, so that it may read each once."""
        said = dict.fromkeys(names, float) or get_annotations(cls, eval_str=True)
        cls.names, cls.constant = tuple(said), constant
        cls.index = {name: number for number, name in enumerate(said)}
        cls.dtype = np.int64 if int in said.values() else np.float64
        _check(cls, said, (int,) if cls.dtype is np.int64 else (float,))

    def __init__(self, values: NDArray[Any]) -> None:
        self.__dict__["values"] = values

    @classmethod
    def blank(cls) -> Self:
        """Zeros."""
        return cls(np.zeros(len(cls.names), cls.dtype))

    @classmethod
    def extend(cls, names: Iterable[str]) -> None:
        """Further numbers, before there are any."""
        cls.names = (*cls.names, *names)
        cls.index = {name: number for number, name in enumerate(cls.names)}

    @classmethod
    def of(cls, *numbers: float) -> Self:
        """These numbers, in the order of their names."""
        values = cls.blank()
        values[:] = np.array(numbers, cls.dtype)
        return values

    def copy(self) -> Self:
        """The same numbers in a vector of their own."""
        return type(self)(self.values.copy())

    def __reduce__(self) -> tuple[type[Self], tuple[NDArray[Any]]]:
        return type(self), (self.values,)  # a copy lies elsewhere

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.names)

    def __getitem__(self, number: int) -> Any:  # noqa: ANN401
        return self.values[number]

    def __setitem__(self, number: int | slice, value: float | NDArray[Any]) -> None:
        self.values[number] = value

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> np.float64 | np.int64:
            if name in self.index:
                return self.values[self.index[name]]
            raise AttributeError(f"{type(self).__name__} has no {name}")

        def __setattr__(self, name: str, value: float) -> None:
            if name not in self.index:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            self.values[self.index[name]] = value

    @cached_property
    def address(self) -> int:
        """Where the vector lies."""
        if self.values.shape != (len(self.names),):
            raise ValueError(f"{type(self).__name__} are {len(self.names)} numbers, not {self.values.shape}")
        return _address(self.values, self.dtype)


class Stack(Generic[Part]):
    """Named numbers along the last axis of an array, float64[..., number]: `stack[i]` are `Numbers`, or a stack with one axis less."""

    part: ClassVar[Any]

    def __init_subclass__(cls, part: type[Any]) -> None:
        cls.part = part

    def __init__(self, values: Floats) -> None:
        self.values = values

    def __reduce__(self) -> tuple[type[Self], tuple[Floats]]:
        return type(self), (self.values,)  # a copy lies elsewhere

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, number: int) -> Part:
        part: Part = self.part(self.values[number])
        return part

    @cached_property
    def address(self) -> int:
        """Where the array lies."""
        part, axes = self.part, 2
        while issubclass(part, Stack):
            part, axes = part.part, axes + 1
        if self.values.ndim != axes or self.values.shape[-1] != len(part.names):
            raise ValueError(f"{type(self).__name__} have {axes} axes, the last of {len(part.names)}: not {self.values.shape}")
        return _address(self.values, np.float64)


class Record:
    """Base of a frozen dataclass of tables, numbers, stacks, arrays and single numbers, which compiled code receives as one pointer."""

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]  # a copy lies elsewhere

    def but(self, **parts: Any) -> Self:  # noqa: ANN401
        """The same record with some other parts; `dataclasses.replace` takes twenty times as long."""
        other = object.__new__(type(self))
        vars(other).update({name: part for name, part in vars(self).items() if name not in ("words", "address")} | parts)
        return other

    @cached_property
    def words(self) -> Integers:
        """For every field: the words of a table, the address of numbers, the address and shape of an array, the bits of a number."""
        return np.array([word for field in fields(self) for word in _words(getattr(self, field.name))], np.int64)  # type: ignore[arg-type]

    @cached_property
    def address(self) -> int:
        """Where the words lie."""
        return _address(self.words)


def _words(part: Any) -> Sequence[int]:  # noqa: ANN401
    if isinstance(part, Table):
        return part.words.tolist()  # type: ignore[no-any-return]
    if isinstance(part, Numbers):
        return [part.address]
    if isinstance(part, Stack):
        return [part.address, *part.values.shape[:-1]]
    if isinstance(part, np.ndarray):
        return [_address(part), *part.shape]
    return np.array([part]).view(np.int64).tolist()  # type: ignore[no-any-return]


def _address(array: NDArray[Any], dtype: type[np.generic] | None = None) -> int:
    if not array.flags.c_contiguous or (dtype and array.dtype != dtype):
        raise ValueError(f"compiled code reads whole tables of its own kinds: no view of some rows, no {array.dtype}")
    return int(array.__array_interface__["data"][0])


def _check(cls: type, said: dict[str, Any], kinds: tuple[Any, ...]) -> None:
    """Refuse names that mean something else, and annotations that mean nothing."""
    taken = [name for name in said if any(name in vars(base) or name in base.__annotations__ for base in cls.__mro__[1:-1])]
    odd = [name for name, kind in said.items() if kind not in kinds]
    if taken or odd:
        raise TypeError(f"{cls.__name__}: names in use: {taken}; annotated as neither of {kinds}: {odd}")
