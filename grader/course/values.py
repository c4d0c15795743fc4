"""Given and answers: what may stand in them, and how they pass between YAML, Python and torch.

Given is JSON: a size is an int or `[H, W]`, an array is nested lists of integers. A solution's functions
receive ints, tuples and int64 tensors; what they return becomes plain Python again, so that comparing
an answer never touches floating point or broadcasting.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grader.course.formula import Formula
from grader.documents import NumberText

if TYPE_CHECKING:
    import torch

Size = int | tuple[int, int]
"""torch's size argument: one int for both axes, or (H, W)."""

Given = Mapping[str, Any]
Answer = int | Fraction | str | tuple[Any, ...] | list[Any] | Formula
"""A number, a choice, a vector (tuple), an array (nested lists), or a formula."""

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


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a solution: how its given value is read."""

    name: str
    kind: str  # "array" | "size" | "integer" | "text"
    required: bool
    default: Any = None

    def read(self, raw: Any) -> Any:
        """The value handed to the solution.

        Raises:
            GivenError: the value is not of this kind, or too large to compute with.
        """
        if self.kind == "array":
            return _tensor(self.name, raw)
        if self.kind == "text":
            if not isinstance(raw, str):
                raise GivenError(f"{self.name}: expected text, got {describe(raw)}; put it in quotes")
            return raw
        if self.kind == "size" and isinstance(raw, (list, tuple)):
            if len(raw) != 2:
                raise GivenError(f"{self.name}: expected an int or [H, W], got a list of {len(raw)}; give two ints")
            return tuple(_integer(f"{self.name}[{axis}]", item, MAX_SIZE) for axis, item in enumerate(raw))
        return _integer(self.name, raw, MAX_SIZE)


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The arguments of a solution's function, read off its annotations.

    Raises:
        GivenError: an argument has no annotation that says how to read it.
    """
    hints = typing.get_type_hints(function)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        if getattr(hint, "__name__", "") == "Tensor":
            kind = "array"
        elif hint == Size:
            kind = "size"
        elif hint is int:
            kind = "integer"
        elif hint is str:
            kind = "text"
        else:
            raise GivenError(f"{function.__name__}: argument '{name}' has no known annotation; use Tensor, Size, int or str")
        required = parameter.default is inspect.Parameter.empty
        found.append(Parameter(name, kind, required, None if required else parameter.default))
    return tuple(found)


def plain(value: Any) -> Answer:
    """What a solution returned, as plain Python: tensors become nested lists, whole fractions become ints."""
    if isinstance(value, bool):
        raise TypeError("a solution returned a bool; return an int")
    if isinstance(value, (int, str, Formula)):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    if isinstance(value, (tuple, list)):
        # Tuples are vectors, lists are arrays: kept apart, since (2, 3) and [2, 3] answer different questions.
        return type(value)(plain(item) for item in value)
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
    """An answer for a record: fractions as `"p/q"`, vectors as lists, formulas as text."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, (list, tuple)):
        return list(value) if _ALL_INTS.issuperset(map(type, value)) else [to_json(item) for item in value]
    return value


def describe(raw: Any) -> str:
    """A value in an error message."""
    if raw is None:
        return "nothing"
    if isinstance(raw, (list, tuple, dict)):
        return f"a {'mapping' if isinstance(raw, dict) else 'list'} of {len(raw)}"
    return f"{str(raw)[:40]!r}" if isinstance(raw, str) and not isinstance(raw, NumberText) else f"{str(raw)[:40]}"


def _integer(where: str, raw: Any, limit: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        hint = "remove the quotes" if isinstance(raw, str) and re.fullmatch(r"[-+]?[0-9]+", raw) else "write a whole number"
        raise GivenError(f"{where}: expected an int, got {describe(raw)}; {hint}")
    if abs(raw) > limit:
        raise GivenError(f"{where}: {str(raw)[:30]} is beyond ±{limit}; give a smaller number")
    return raw


def _tensor(name: str, raw: Any) -> torch.Tensor:
    import torch

    if not isinstance(raw, (list, tuple)) or not raw:
        raise GivenError(f"{name}: expected rows of numbers, got {describe(raw)}; write [[…], […]]")
    _check_cells(name, raw, 0)
    if shape(raw) is None:
        raise GivenError(f"{name}: rows differ in length; give every row the same number of values")
    if len(cells(raw)) > MAX_CELLS:
        raise GivenError(f"{name}: more than {MAX_CELLS} cells; give a smaller array")
    return torch.tensor(raw, dtype=torch.int64)


def _check_cells(where: str, raw: Sequence[Any], depth: int) -> None:
    if depth > 4:
        raise GivenError(f"{where}: nested more than 5 deep; write [H][W] or [C][H][W]")
    if raw and _ALL_INTS.issuperset(map(type, raw)) and min(raw) >= -MAX_VALUE and max(raw) <= MAX_VALUE:
        return  # as nearly every row is; what follows finds the place of what is wrong
    for index, item in enumerate(raw):
        if isinstance(item, (list, tuple)):
            _check_cells(f"{where}[{index}]", item, depth + 1)
        elif type(item) is not int or abs(item) > MAX_VALUE:
            _integer(f"{where}[{index}]", item, MAX_VALUE)
