"""exp, log and expm1 that are the same on every processor and in every browser, to the last bit.

Libraries choose between variants with and without fused multiply-add, which differ in the last bit. Here additions, multiplications
and table look-ups follow one another in one fixed order, and IEEE 754 says what each gives. Written from the mathematics: an argument
is reduced to a table's nearest entry, a short series does the rest. Errors are below 0.52 ulp (exp), 0.76 (log) and 2 (expm1), tested
against mpmath; tables are worked out when this is imported, in whole numbers.

Rules call them with one number. They are compiled with the rules; from Python they also take whole arrays, without any kernel, as long
as every argument is in the ordinary range (`exp` and `expm1`: |x| <= 700; `log`: normal positive numbers).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.model.compile.compiled import compiled, inner
from sim.model.compile.named import Fixed

Real = TypeVar("Real", float, NDArray[np.float64])
ROUND = 1.5 * 2.0**52  # added and taken off again, rounds to a whole number
LAST_BITS = 0x4338000000000000  # bits of ROUND: a small whole number added to them is added to it
ORDINARY = 700.0  # arguments of exp up to which nothing over- or underflows
LEAST = 2.3e-308  # argument of log above which nothing is subnormal
STEPS = 128  # entries of either table
PRECISION = 200  # bits of the whole numbers that tables are worked out with


def _log(value: Fraction) -> Fraction:
    """The logarithm of a number near 1, by its series in (x - 1) / (x + 1)."""
    unit = 1 << PRECISION
    if value < 1:
        return -_log(1 / value)
    z = (value - 1) / (value + 1)
    power, total, n = int(z * unit), 0, 1
    square = int(z * z * unit)
    while power:
        total += power // n
        power, n = power * square >> PRECISION, n + 2
    return Fraction(2 * total, unit)


def _exp(value: Fraction) -> Fraction:
    """The exponential of a small number, by its series."""
    unit = 1 << PRECISION
    x = int(value * unit)
    term, total, n = unit, 0, 1
    while term:
        total += term
        term, n = (term * x >> PRECISION) // n, n + 1
    return Fraction(total, unit)


def _cut(value: Fraction, bits: int) -> float:
    """The nearest multiple of 2 ** -bits."""
    return float(Fraction(round(value * (1 << bits)), 1 << bits))


LN2 = _log(Fraction(2))
# exp: 2 ** (j / 128), and what it lacks relative to itself, in turn
_EXACT = [_exp(LN2 * j / STEPS) for j in range(STEPS)]
POWERS = Fixed("powers", [value for each in _EXACT for value in (float(each), float(each / Fraction(float(each)) - 1))])
PER_STEP = float(STEPS / LN2)
STEP = _cut(LN2 / STEPS, 45)  # times a whole number of 17 bits, exact
STEP_LEFT = float(LN2 / STEPS - Fraction(STEP))
# log: for numbers from LOWEST on, in steps of a power of two / 128, a short factor that makes them nearly 1, and minus its logarithm
LOWEST = 0x3FE6000000000000  # bits of 0.6875: numbers from there to 1.375 are those of exponent 0
TOP = ~((1 << 45) - 1)  # exponent, and 7 bits of the fraction


def _factors() -> list[Fraction]:
    found = []
    for i in range(STEPS):
        low = Fraction(float(np.int64(LOWEST + (i << 45)).view(np.float64)))
        middle = low + (Fraction(1, 512) if low < 1 else Fraction(1, 256))
        near = low == 1 or low == Fraction(255, 256)
        found.append(Fraction(1) if near else Fraction(round(1 / middle * 256), 256))
    return found


def _logs(factor: Fraction) -> tuple[float, float, float, float]:
    """A factor, minus its logarithm in two parts, and nothing, so that each entry lies in one line of the cache."""
    head = _cut(-_log(factor), 42)
    return float(factor), head, float(-_log(factor) - Fraction(head)), 0.0


LOGS = Fixed("logs", [part for factor in _factors() for part in _logs(factor)])
DOUBLING = _cut(LN2, 42)
DOUBLING_LEFT = float(LN2 - Fraction(DOUBLING))


@inner
def _rest(r: Real) -> Real:
    """exp(r) - 1 of a number below 0.0028."""
    square = r * r
    return r + (square * (0.5 + r * (1.0 / 6.0)) + square * square * (1.0 / 24.0 + r * (1.0 / 120.0)))


@inner
def exp_of_ordinary(x: Real) -> Real:
    """The exponential of a number, or of numbers, between -700 and 700."""
    moved = x * PER_STEP + ROUND
    k, n = moved - ROUND, np.float64(moved).view(np.int64)  # the last bits of `moved` are those of k
    j = (n & 127) << 1
    s: Real = POWERS[j] * np.int64(((n >> 7) + 1023) << 52).view(np.float64)
    return s + s * (_rest((x - k * STEP) - k * STEP_LEFT) + POWERS[j + 1])


@compiled
def exp(x: float) -> float:
    """The exponential of any number."""
    if -ORDINARY <= x <= ORDINARY:
        return exp_of_ordinary(x)
    if x > ORDINARY:
        return math.inf if x > 709.782712893384 else exp_of_ordinary(x - 512.0) * exp_of_ordinary(512.0)
    return exp_of_ordinary(max(x, -746.0) + 512.0) * exp_of_ordinary(-512.0) if x < 0.0 else math.nan


@compiled
def expm1(x: float) -> float:
    """The exponential of any number, less 1."""
    k = (x * PER_STEP + ROUND) - ROUND
    if k == 0.0:
        return _rest(x) if x != 0.0 else x
    if -ORDINARY <= x <= ORDINARY:
        n = np.int64(k)
        j = (n & 127) << 1
        s: float = POWERS[j] * np.int64(((n >> 7) + 1023) << 52).view(np.float64)
        return (s - 1.0) + s * (_rest((x - k * STEP) - k * STEP_LEFT) + POWERS[j + 1])
    return exp(x) - 1.0


@inner
def log_of_normal(x: Real) -> Real:
    """The natural logarithm of a positive normal number, or of such numbers."""
    bits = np.float64(x).view(np.int64)
    above = bits - LOWEST
    i, n = ((above >> 45) & 127) << 2, above >> 52
    z = np.int64(bits - (n << 52)).view(np.float64)
    head = np.int64((bits - (n << 52)) & TOP).view(np.float64)
    e: Any = np.int64(n + LAST_BITS).view(np.float64) - ROUND  # n, as vectors can, too
    factor = LOGS[i]
    r = (head * factor - 1.0) + (z - head) * factor
    square = r * r
    cubic, quintic, septic = r * (1.0 / 3.0) - 0.5, r * (1.0 / 5.0) - 0.25, r * (1.0 / 7.0) - 1.0 / 6.0
    tail = square * (cubic + square * (quintic + square * (septic - square * 0.125)))
    whole: Real = e * DOUBLING + LOGS[i + 1]
    high = whole + r
    return high + (((whole - high) + r) + ((e * DOUBLING_LEFT + LOGS[i + 2]) + tail))


@compiled
def log(x: float) -> float:
    """The natural logarithm of any number."""
    if LEAST < x < math.inf:
        return log_of_normal(x)
    if x == 0.0:
        return -math.inf
    if x > 0.0:
        return x if x == math.inf else log_of_normal(x * 2.0**54) - 54.0 * log_of_normal(2.0)
    return math.nan


@inner
def exp_all(x: NDArray[np.float64], length: int) -> None:
    """`exp` of the first entries of a column, in their place: one loop that becomes vectors, unless one of them is out of the ordinary."""
    odd = 0
    for i in range(length):
        odd += 0 if -ORDINARY <= x[i] <= ORDINARY else 1
    for i in range(length if odd == 0 else 0):
        x[i] = exp_of_ordinary(x[i])
    for i in range(length if odd > 0 else 0):
        x[i] = exp(x[i])


@inner
def log_all(x: NDArray[np.float64], length: int) -> None:
    """Likewise `log`."""
    odd = 0
    for i in range(length):
        odd += 0 if LEAST < x[i] < math.inf else 1
    for i in range(length if odd == 0 else 0):
        x[i] = log_of_normal(x[i])
    for i in range(length if odd > 0 else 0):
        x[i] = log(x[i])


# for Python, and whole arrays ------------------------------------------------------------------------------------------------------


def exps(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """`exp` of every number, any shape; of formulas their own, as NumPy's."""
    if x.dtype == object:
        return np.array([each.exp() for each in x])
    return _each(x, exp, exp_of_ordinary, np.abs(x) <= ORDINARY)


def logs(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """`log` of every number, any shape."""
    return _each(x, log, log_of_normal, (x > LEAST) & (x < math.inf))


def expm1s(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """`expm1` of every number, any shape."""
    return np.array([float(expm1(each)) for each in x.ravel().tolist()]).reshape(x.shape)


def interpolated(x: NDArray[np.floating[Any]], at: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a line through values at rising places is, level beyond their ends; libraries fuse its sum and product, or do not."""
    i = np.clip(np.searchsorted(at, x, side="right") - 1, 0, len(at) - 2)
    part = np.clip((x - at[i]) / (at[i + 1] - at[i]), 0.0, 1.0)
    return np.asarray(values[i] + part * (values[i + 1] - values[i]))


def _each(
    x: NDArray[np.float64], function: Callable[[float], float], core: Callable[..., Any], ordinary: NDArray[np.bool_]
) -> NDArray[np.float64]:
    if np.all(ordinary):
        return np.asarray(core(x))
    return np.array([float(function(each)) for each in x.ravel().tolist()]).reshape(x.shape)
