"""Given and answers: what may stand in them, and how they pass between YAML, Python and torch.

Given is JSON: a size is an int or `[H, W]`, an array is nested lists of integers. A solution's functions
receive ints, tuples and int64 tensors; what they return becomes plain Python again, so that comparing
an answer never touches floating point or broadcasting.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from grader.course.formula import Formula
from grader.documents import NumberText

if TYPE_CHECKING:  # brings NumPy along
    from grader.course.outputs import Outputs

T = TypeVar("T")

Size = int | tuple[int, int]
"""torch's size argument: one int for both axes, or (H, W)."""

Given = Mapping[str, Any]
Answer: TypeAlias = "int | float | Fraction | str | frozenset[str] | tuple[Any, ...] | list[Any] | Formula | Outputs"
"""A number, a choice (its id), choices (a set), a vector or shape (tuple), an array (nested lists), a formula, or what a function returns."""

# Sums stay inside int64, which wraps without a word: a matrix product of two 200×200 arrays adds 200³ < 2^23 products of 2^40.
MAX_VALUE = 2**20
MAX_CELLS = 200 * 200
MAX_SIZE = 10**6


_ALL_INTS = frozenset({int})


class GivenError(ValueError):
    """Given that cannot be computed with; the message says what and how to put it right."""


def pair(size: Size) -> tuple[int, int]:
    """A size as (H, W)."""
    return size if isinstance(size, tuple) else (size, size)


def per_axis(rule: Callable[..., T], *sizes: Size) -> T | tuple[T, ...]:
    """A rule for one axis, used on both where any size is [H, W]; one value where none is."""
    if not any(isinstance(size, tuple) for size in sizes):
        return rule(*sizes)
    return tuple(rule(*axis) for axis in zip(*map(pair, sizes), strict=True))


def check_rows(**arrays: Any) -> None:
    """Refuses arrays, by name, that have not two axes.

    Raises:
        ValueError: one has another number; the message names the first.
    """
    for name, array in arrays.items():
        if array.ndim != 2:
            raise ValueError(f"the {name} has {array.ndim} axes; give rows of numbers, [H][W]")


def plain(value: Any) -> Answer:
    """What a solution returned, as plain Python: tensors become nested lists, whole fractions become ints."""
    if isinstance(value, bool):
        raise TypeError("a solution returned a bool; return an int")
    if isinstance(value, (int, str, Formula)):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    if isinstance(value, (set, frozenset)) and all(isinstance(item, str) for item in value):
        return frozenset(value)
    if isinstance(value, (tuple, list)):
        # Tuples are vectors, lists are arrays: kept apart, since (2, 3) and [2, 3] answer different questions.
        # torch.Size is a tuple; an answer that is read is a plain one.
        return (tuple if isinstance(value, tuple) else list)(plain(item) for item in value)
    if hasattr(value, "tolist"):
        return typing.cast(Answer, value.tolist())
    raise TypeError(f"a solution returned a {type(value).__name__}; return ints, Fractions, tuples, Tensors or a Formula")


def shape(array: Any) -> tuple[int, ...] | None:
    """The shape of nested lists, or None where rows differ in length."""
    if not isinstance(array, list):
        return ()
    if not array:
        return (0,)
    if not isinstance(array[0], list):
        return None if list in map(type, array) else (len(array),)
    inner = shape(array[0])
    if inner is None or any(shape(item) != inner for item in array):
        return None
    return (len(array), *inner)


def cells(array: Any) -> list[Any]:
    """The values of nested lists in reading order."""
    if not isinstance(array, list):
        return [array]
    if list not in map(type, array):
        return array
    return [cell for item in array for cell in cells(item)]


def to_json(value: Any) -> Any:
    """An answer for a record: fractions as `"p/q"`, vectors and sets as lists, formulas as text."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, frozenset):
        return sorted(value)
    if hasattr(value, "to_json"):  # what a function returns
        return value.to_json()
    if isinstance(value, (list, tuple)):
        return list(value) if _ALL_INTS.issuperset(map(type, value)) else [to_json(item) for item in value]
    return value


def given_json(value: Any) -> Any:
    """A value of given as it is recorded: plain lists and mappings."""
    if isinstance(value, Mapping):
        return {name: given_json(item) for name, item in value.items()}
    return [given_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def describe(raw: Any) -> str:
    """A value in an error message."""
    if raw is None:
        return "nothing"
    if isinstance(raw, (list, tuple, dict)):
        return f"a {'mapping' if isinstance(raw, dict) else 'list'} of {len(raw)}"
    return f"{str(raw)[:40]!r}" if isinstance(raw, str) and not isinstance(raw, NumberText) else f"{str(raw)[:40]}"
