"""Addressed random draws: a draw is a pure function of (seed, decision, week, key).

There is no generator and no state: a scenario that draws more, or in another order, cannot move anybody else's luck. Keys come from
lineage (`mix(parent, place, week)`), so two scenarios that share a history share its luck. One address gives one block of four
uniforms, each used for one decision; counts come from them by inverse distribution, never by rejection.

Source: Philox4x32-10, Salmon et al. 2011 (`salmon2011`); checked against the published Random123 vectors.
"""

from __future__ import annotations

import math
import zlib
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.elementary import exp, exp_of_ordinary, expm1, log
from sim.model.compile.compiled import compiled, inner
from sim.model.compile.named import Fixed, Grid

Word = np.uint64
Array = NDArray[np.float64]
Keys = NDArray[np.uint64]
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_UNIT32 = 2.0**-32
_LAST_BITS, _HALF_LESS = np.float64(2.0**52).view(np.uint64), 2.0**52 - 0.5
_ALL = 2**64 - 1
_GUESSED = 6  # counts up to which `count` adds up chances without asking whether it may stop
_INVERSE = Fixed("inverse", [0.0, *(1.0 / k for k in range(1, _GUESSED + 1))])


def decision(name: str) -> Word:
    """Number a decision by its name, so that adding one never renumbers the others."""
    return Word(zlib.crc32(name.encode()))


@inner
def _round(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    p0, p1 = c0 * _M0, c2 * _M1
    return (p1 >> _HALF) ^ c1 ^ k0, p1 & _LOW, (p0 >> _HALF) ^ c3 ^ k1, p0 & _LOW


@inner
def unit(word: Word) -> float:
    """The middle of one of 2**32 equal parts of (0, 1); the word is put into the last bits of 2**52, which vectors can, too."""
    return (np.uint64(word | _LAST_BITS).view(np.float64) - _HALF_LESS) * _UNIT32


@compiled
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Philox4x32-10: four counter words and two key words (uint64 holding 32 bits) to four words."""
    for _ in range(10):
        c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@compiled
def block(what: Word, week: int, key: Word, seed: Word) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1) for one decision (a number), week, 64-bit key and 64-bit seed."""
    key, seed = np.uint64(key), np.uint64(seed)
    w0, w1, w2, w3 = philox(what, np.uint64(week), key & _LOW, key >> _HALF, seed & _LOW, seed >> _HALF)
    return unit(w0), unit(w1), unit(w2), unit(w3)


@inner
def blocks(luck: Array, what: Word, week: int, keys: Keys, seed: Word, length: int) -> None:
    """`block` for many keys at once, into the rows of `luck`: one loop without calls, which the compiler turns into vectors."""
    number, first, second = np.uint64(week), seed & _LOW, seed >> _HALF
    for i in range(length):
        c0, c1, c2, c3, k0, k1 = what, number, keys[i] & _LOW, keys[i] >> _HALF, first, second
        for _ in range(10):
            c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
            k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
        luck[0, i], luck[1, i], luck[2, i], luck[3, i] = unit(c0), unit(c1), unit(c2), unit(c3)


@compiled
def draws(luck: Grid, what: Word, week: int, keys: Keys, seed: Word) -> None:
    """The same, for Python."""
    blocks(luck, what, week, keys, seed, keys.size)


@compiled
def mix(a: Word, b: Word) -> Word:
    """A 64-bit key from two: the finaliser of splitmix64 over an asymmetric sum."""
    z = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(b) + np.uint64(0x632BE59BD9B4E019)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def mix_pair(a: Word, b: Word) -> Word:
    """A key for an unordered pair."""
    return mix(min(np.uint64(a), np.uint64(b)), max(np.uint64(a), np.uint64(b)))


@inner
def happens(expected: float, u: float) -> bool:
    """Whether something with a hazard (rate times time) happens: u below 1 - exp(-hazard), rarely computed."""
    return u < expected and u < -expm1(-expected)


@compiled
def normal(u: float) -> float:
    """The standard normal quantile of a uniform (Acklam's rational approximation, relative error below 1.2e-9)."""
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * log(min(u, 1.0 - u)))
        top = (
            (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968
        ) * q + 2.938163982698783
        tail = top / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1.0)
        return tail if u < 0.5 else -tail
    q = u - 0.5
    r = q * q
    top = (
        (
            (((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r
            - 3.066479806614716e01
        )
        * r
        + 2.506628277459239
    ) * q
    return top / (
        (
            (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r
            - 1.328068155288572e01
        )
        * r
        + 1.0
    )


@compiled
def count(mean: float, u: float) -> float:
    """The Poisson quantile of a uniform: exact below a mean of 30, above by the Cornish-Fisher expansion, rounded."""
    if u <= 1.0 - mean:  # below exp(-mean), the chance of none
        return 0.0
    if mean < 30.0:
        term = exp(-mean)
        total, k = term, 0.0
        for i in range(1, _GUESSED + 1):  # branches that no processor can foresee cost more than these six terms
            k += 1.0 if u > total else 0.0
            term *= mean * _INVERSE[i]
            total += term
        while u > total and k < 200.0:
            k += 1.0
            term *= mean / k
            total += term
        return k
    z = normal(u)
    return max(0.0, math.floor(mean + z * math.sqrt(mean) + (z * z - 1.0) / 6.0 + 0.5))


@inner
def counts(found: Array, means: Array, luck: Array, lane: int, length: int) -> None:
    """`count` of many means at once, with the uniforms of a row of `luck`: what few terms settle in one loop without branches."""
    for i in range(length):
        found[i] = luck[lane, i]
    left = 0
    for i in range(length):
        mean, u = means[i], found[i]
        term = exp_of_ordinary(-min(mean, 30.0))
        total, k = term, 0.0
        for n in range(1, _GUESSED + 1):
            k += 1.0 if u > total else 0.0
            term *= mean * _INVERSE[n]
            total += term
        k = 0.0 if u <= 1.0 - mean else k
        settled = (mean < 30.0 and u <= total) or u <= 1.0 - mean
        left += 0 if settled else 1
        found[i] = k if settled else -1.0
    if left > 0:
        for i in range(length):
            if found[i] < 0.0:
                found[i] = count(means[i], luck[lane, i])


def lineage(*keys: int | Word) -> Word:
    """`mix` over any number of keys, for Python code."""
    key = int(keys[0])
    for other in keys[1:]:
        z = (key * 0x9E3779B97F4A7C15 + int(other) + 0x632BE59BD9B4E019) & _ALL
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _ALL
        key = z ^ (z >> 31)
    return Word(key)


class Chance:
    """The luck of one run, for Python code: draws by the name of the decision."""

    def __init__(self, seed: int) -> None:
        self.seed = np.uint64(seed)
        self._numbers: dict[str, Word] = {}

    def block(self, name: str, week: int, key: int | np.uint64) -> tuple[float, float, float, float]:
        """Four uniforms for one decision, week and key."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = decision(name)
        return block(number, week, np.uint64(key), self.seed)

    def uniforms(self, name: str, week: int, keys: Keys) -> list[float]:
        """One uniform for one decision and week, for many keys."""
        luck = np.empty((4, keys.size))
        draws(luck, decision(name), week, keys, self.seed)
        return cast(list[float], luck[0].tolist())

    def uniform(self, name: str, week: int, key: int | np.uint64) -> float:
        """One uniform in (0, 1) for one decision, week and key."""
        return self.block(name, week, key)[0]


@cache
def name_key(name: str) -> np.uint64:
    """The 64-bit key of a name: founders, territories, levers."""
    first, second = zlib.crc32(name.encode()), zlib.crc32(name.encode()[::-1], 0x5EED)
    return lineage(first, second)
