"""Random numbers that are the same on every machine and with every NumPy version.

A stream is keyed by the course secret and by what it is drawn for. Numbers come from the raw output of
Philox4x64-10 (Salmon et al., SC'11), which NumPy promises to keep; mapping to ranges is our own, because
`numpy.random.Generator` methods may change between versions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
_BATCH = 64


def stream_key(secret: bytes, *purpose: str | int) -> bytes:
    """HMAC-SHA256 of the secret over what is drawn: draw version, course, assignment, slot, student, attempt."""
    return hmac.new(secret, "|".join(map(str, purpose)).encode(), hashlib.sha256).digest()


class Stream:
    """The numbers of one candidate: candidates of one key never share any."""

    def __init__(self, key: bytes, candidate: int) -> None:
        # The candidate's number is the upper half of the 256-bit counter: each has 2^128 numbers to itself.
        self._bits = np.random.Philox(key=int.from_bytes(key[:16], "little"), counter=candidate << 128)
        self._raw: list[int] = []

    def below(self, span: int) -> int:
        """An integer from 0 to span - 1. The bias is under span / 2^64."""
        if not self._raw:
            self._raw = self._bits.random_raw(_BATCH).tolist()[::-1]
        return (self._raw.pop() * span) >> 64

    def between(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def choice(self, options: Sequence[Item]) -> Item:
        return options[self.below(len(options))]
