"""A submission and its calls as bytes for the child. They go from the grader inwards only, never back."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.sandbox.call import Call
from grader.sandbox.inside import wire


def encoded(source: bytes, name: str, calls: Sequence[Call], most: int) -> bytes:
    """The request as the child reads it.

    Raises:
        TypeError: an argument is none of the kinds that can be handed over.
    """
    rows = [(call.function, [_argument(value) for value in call.positional], [(key, _argument(value)) for key, value in call.named.items()]) for call in calls]
    return marshal.dumps((source, name, rows, most))


def _argument(value: Any) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray):
        if value.dtype.name not in wire.DTYPES:
            raise TypeError(f"an array of {value.dtype} cannot be an argument; known are {', '.join(wire.DTYPES)}")
        native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        return "array", native.dtype.str, value.shape, native.tobytes()
    if isinstance(value, tuple):
        return "tuple", [_argument(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) in (bool, int, float, str):
        return "plain", value
    raise TypeError(f"{type(value).__name__} cannot be an argument; use an array, a number, text, None, or a tuple of these")
