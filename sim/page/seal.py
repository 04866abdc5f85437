"""Results that are in the page but cannot be read in it: deflated, XORed with a stream of numbers that follows from the lesson's name.

This is a curtain, not a lock. It keeps results off the screen, out of the page's source and out of its search until somebody commits a
prediction; who wants to cheat can run the page's own script. A class that needs more than that needs a teacher, not a cipher.
"""

from __future__ import annotations

import zlib
from base64 import b64encode

import numpy as np

SEED, PRIME, WORD = 2166136261, 16777619, 0xFFFFFFFF  # FNV-1a, 32 bits


def fnv(text: str) -> int:
    """The 32-bit FNV-1a hash of a text's UTF-8 bytes."""
    value = SEED
    for byte in text.encode():
        value = (value ^ byte) * PRIME & WORD
    return value


def seal(text: str, name: str) -> str:
    """A text as base64 that `unseal` of the page's script opens with the same name."""
    data = np.frombuffer(zlib.compress(text.encode(), 9), np.uint8)
    return b64encode((data ^ _stream(fnv(name), data.size)).tobytes()).decode()


def _stream(state: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The low bytes of Marsaglia's xorshift32, (size,)."""
    low = bytearray(size)
    for index in range(size):
        state ^= state << 13 & WORD
        state ^= state >> 17
        state ^= state << 5 & WORD
        low[index] = state & 0xFF
    return np.frombuffer(low, np.uint8)
