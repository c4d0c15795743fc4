"""Whether what a solution returns is an answer of its part's kind: the key has to be, and wrong answers that are not are left out."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from grader.course.part import Part
from grader.course.values import Answer, GivenError

PLAIN_KINDS = frozenset({"integer", "vector", "array", "formula"})
NO_FLOAT = "a solution returned a float; return ints, Fractions, tuples, Tensors or a Formula"


class Unfit(Exception):
    """A key that is no answer of its part's kind: a fault of the course. `args` are what, and how to put it right."""


def check_key(part: Part, key: Answer) -> None:
    """Checks the right answer to a part, options and axes among what is checked.

    Raises:
        Unfit: the solution returns something of another kind.
        GivenError: it is of the kind, and this given does not allow it.
        TypeError: it is a float where answers are exact.
    """
    if isinstance(key, float) and part.tolerance is None:
        raise TypeError(NO_FLOAT)
    match part.kind:
        case "shape":
            _check_shape(part, key)
        case "number":
            if not isinstance(key, (int, Fraction, float)):
                raise Unfit(f"the reference returns a {type(key).__name__}", "return an int or a Fraction, or a float where the part has a tolerance")
            if isinstance(key, float) and not math.isfinite(key):
                raise GivenError(f"{part.id}: the reference gives {key}; give values that lead to a number")
        case "choice" | "choices":
            _check_choice(part, key)


def fitting(part: Part, readings: tuple[Answer, ...], key: Answer) -> tuple[Answer, ...]:
    """Of the answers a wrong method leads to, those that can be given here; one that nobody could tell from the key is the key."""
    if part.kind in PLAIN_KINDS and float not in map(type, readings):
        return readings
    if part.tolerance is None and float in map(type, readings):
        raise TypeError(NO_FLOAT)
    if part.kind == "choice":
        return tuple(reading for reading in readings if reading in {option.id for option in part.options})
    if part.kind == "choices":
        return tuple(reading for reading in readings if isinstance(reading, frozenset) and reading <= {option.id for option in part.options})
    if part.tolerance is not None:
        return tuple(key if close(reading, key, part.tolerance) else reading for reading in readings if _exact(reading) is not None)
    return readings


def close(answer: object, expected: object, tolerance: Fraction) -> bool:
    """Whether a number lies within the tolerance of another. Never for what is no number, NaN and infinity among it."""
    first, second = _exact(answer), _exact(expected)
    return first is not None and second is not None and abs(first - second) <= tolerance


def _exact(value: object) -> Fraction | None:
    """A finite number as a fraction; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction, Decimal)):
        return None
    return Fraction(value) if math.isfinite(value) else None


def _check_shape(part: Part, key: Answer) -> None:
    if not isinstance(key, tuple) or not all(type(side) is int for side in key):
        raise Unfit("the reference returns no shape", "return a tuple of ints, such as tuple(output.shape)")
    if all(len(axes) != len(key) for axes in part.axes):
        names = " or ".join(f"[{', '.join(axes)}]" for axes in part.axes)
        raise Unfit(f"the reference returns {len(key)} axes, and `axes` names {names}", "name those too, as axes: [[N, C, H, W], [C, H, W]]")


def _check_choice(part: Part, key: Answer) -> None:
    chosen = [key] if part.kind == "choice" else key
    if isinstance(chosen, str) or not isinstance(chosen, (list, frozenset)) or not all(isinstance(item, str) for item in chosen):
        wanted = "the id of an option, a str" if part.kind == "choice" else "the ids of options, a set of str"
        raise Unfit(f"the reference returns a {type(key).__name__}", f"return {wanted}")
    shown = [option.id for option in part.options]
    for item in sorted(map(str, chosen)):
        if item in shown:
            continue
        if part.options_from is not None:
            raise GivenError(f"{part.options_from}: the right answer to {part.id}, '{item}', is not among them; add it")
        raise Unfit(f"the reference returns '{item}', which is no option", f"return one of {', '.join(shown)}, or add it to `options`")
