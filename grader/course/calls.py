"""Cases: the calls that a student's function is checked with, drawn from a fixed key that everyone may know.

They are the same for every student. What is secret about the hidden ones is only that they are never shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Argument: TypeAlias = "Array | int | float | bool | str | tuple[int, ...] | None"
SHOWN = 160  # characters of a call in a sentence


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the function: arguments by place, as NumPy arrays and plain numbers, and by name."""

    positional: tuple[Argument, ...]
    named: Mapping[str, Argument] = field(default_factory=dict)
    group: str = ""  # filled in by whoever collects the cases of an exercise

    def text(self, function: str, names: Sequence[str]) -> str:
        """The call as one reads it: with its arrays where they are small, else with their shapes.

        Args:
            names: of the parameters, to say which array has which shape.
        """
        plain = [f"{name}={_literal(value)}" for name, value in self.named.items() if not isinstance(value, np.ndarray)]
        inside = ", ".join([*map(_literal, self.positional), *(f"{name}={_literal(value)}" for name, value in self.named.items())])
        if len(whole := f"{function}({inside})") <= SHOWN:
            return whole
        arrays = {name: value for name, value in [*zip(names, self.positional, strict=False), *self.named.items()] if isinstance(value, np.ndarray)}
        places = [name if name in arrays else _literal(value) for name, value in zip(names, self.positional, strict=False)]
        own = [f"{name}={name}" for name in self.named if name in arrays]
        shapes = ", ".join(f"{name}.shape = {value.shape}" for name, value in arrays.items())
        return f"{function}({', '.join([*places, *own, *plain])}), {shapes}"


def call(*positional: Argument, **named: Argument) -> Case:
    """A case, written as the call itself."""
    return Case(positional, named)


class Draw:
    """Numbers that are the same everywhere: SHAKE-256 over a name, mapped to ranges by ourselves."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def below(self, span: int) -> int:
        """An integer from 0 to span - 1. The bias is under span / 2^64."""
        self._count += 1
        raw = hashlib.shake_256(f"{self._name}|{self._count}".encode()).digest(8)
        return (int.from_bytes(raw, "little") * span) >> 64

    def between(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def array(self, *shape: int, low: int = -9, high: int = 9) -> Array:
        """An array of integers (int64) from low to high. No two cells that touch are likely to be alike."""
        count = int(np.prod(shape))
        return np.array([self.between(low, high) for _ in range(count)], dtype=np.int64).reshape(shape)

    def floats(self, *shape: int) -> Array:
        """An array of float64 between -2 and 2, in steps of 1/128: sums of their products are nearly exact."""
        return self.array(*shape, low=-256, high=256).astype(np.float64) / 128


def _literal(value: Argument) -> str:
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    return repr(value)
