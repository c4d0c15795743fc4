"""What is asked of a submission: which functions are called, with what, within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Argument: TypeAlias = "Array | int | float | bool | str | tuple[Argument, ...] | None"
NUMBERS = "iuf"


@dataclass(frozen=True, slots=True)
class Expected:
    """What one returned value has to look like before its bytes are read.

    Args:
        shape: `()` for a number; None: any.
        kinds: accepted kinds of number, as letters of `numpy.dtype.kind`: `b` truth values, `i` and `u` integers, `f` floats.
    """

    shape: tuple[int, ...] | None = None
    kinds: str = NUMBERS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """One call of a student's function.

    Args:
        positional, named: arrays, numbers, text, None, and tuples of these. The function gets copies of the arrays.
        expected: what it returns; more than one for a tuple of values.
    """

    function: str
    positional: tuple[Argument, ...] = ()
    named: Mapping[str, Argument] = field(default_factory=dict)
    expected: tuple[Expected, ...] = (Expected(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a submission may use up. What goes beyond ends, and is told by name."""

    call_seconds: float = 2.0  # of the wall clock, for a call, and for running the file itself
    seconds: float = 10.0  # of the wall clock, for all of it
    memory: int = 512 << 20  # bytes, beyond the interpreter's own
    output: int = 1 << 20  # bytes printed
    results: int = 64 << 20  # bytes returned by all calls together
    source: int = 256 << 10  # bytes of the file
    restarts: int = 2  # after a call that has ended its process, the next calls get a fresh one
    kept: int = 4000  # bytes of the end of what was printed

    def __post_init__(self) -> None:
        for name in ("call_seconds", "seconds", "memory", "output", "results", "source"):
            if not getattr(self, name) > 0:
                raise ValueError(f"Limits.{name}: expected more than 0, got {getattr(self, name)!r}")
        for name in ("restarts", "kept"):
            if getattr(self, name) < 0:
                raise ValueError(f"Limits.{name}: expected 0 or more, got {getattr(self, name)!r}")
