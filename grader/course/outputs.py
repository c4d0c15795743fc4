"""What a function returns on every case of an exercise: the answer to a part of kind `code`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from grader.course.calls import Array

Values: TypeAlias = tuple[Array, ...]
"""What one call returns: a number or an array is one value, a tuple as many as it has."""


ROUNDING = 1e-9
"""How far a float may be off where no tolerance is stated, as a share of what it should be or of 1. A convolution by way of a Fourier
transform, or a mean times its count, is off by some 1e-13; a wrong method by far more."""


@dataclass(frozen=True, eq=False)
class Outputs:
    """The values of each case, in order; None where a method does not apply, or gives nothing that can be compared."""

    values: tuple[Values | None, ...]

    @cached_property
    def digest(self) -> str:
        found = hashlib.sha256()
        for values in self.values:
            found.update(b"-" if values is None else repr([(value.dtype.str, value.shape) for value in values]).encode())
            for value in values or ():
                found.update(np.ascontiguousarray(value).tobytes())
        return found.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outputs) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def to_json(self) -> list[Any]:
        return [None if values is None else [value.tolist() for value in values] for values in self.values]


def values_of(returned: Any) -> Values:
    """What a solution's function returned, as arrays.

    Raises:
        TypeError: it is no tensor, array, number, or tuple of these.
    """
    several = returned if type(returned) is tuple else (returned,)
    return tuple(_array(value) for value in several)


def same_values(own: Values, wanted: Values, tolerance: Fraction | None) -> bool:
    """Whether two returns are the same: as many values, of the same shapes, equal (or within the tolerance) cell by cell."""
    return len(own) == len(wanted) and all(_same(one, other, tolerance) for one, other in zip(own, wanted, strict=True))


def right_cells(own: Array, wanted: Array, tolerance: Fraction | None) -> Array:
    """Which cells of an array are right; both have the same shape. NaN never is.

    Without a tolerance integers have to be equal, and floats equal but for the rounding of their last digits (`ROUNDING`).
    """
    if tolerance is None and own.dtype.kind != "f" and wanted.dtype.kind != "f":
        return np.asarray(own == wanted)
    with np.errstate(invalid="ignore"):
        off = np.abs(own.astype(np.float64) - wanted)
        most = ROUNDING * np.maximum(1, np.abs(wanted)) if tolerance is None else float(tolerance)
        return np.asarray(off <= most)


def finite(values: Iterable[Array]) -> bool:
    return all(bool(np.isfinite(value).all()) for value in values)


def _same(own: Array, wanted: Array, tolerance: Fraction | None) -> bool:
    # Shape first: comparing broadcasts, so a lone 1.0 would pass for a map of ones.
    return own.shape == wanted.shape and bool(right_cells(own, wanted, tolerance).all())


def _array(value: Any) -> Array:
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray, np.generic)):
        raise TypeError(f"a solution returned a {type(value).__name__}; return a Tensor, a number, or a tuple of these")
    # A copy of its own: what torch returns may share memory with the arguments.
    array = np.array(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"a solution returned {array.dtype}; return integers or floats")
    return array
