"""Whether an answer equals what was expected. Shape first, then cells: nothing is broadcast, nothing is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.course.fitness import close
from grader.course.formula import Formula, FormulaError, Number, values_at
from grader.course.part import Part
from grader.course.values import Answer, shape
from grader.marking.answer import Value

Mask = Any  # nested lists of bools in the shape of an array: which cells are right


def equal(answer: Value, expected: Answer, key: Answer, *, rounded: bool = False) -> bool:
    """Whether an answer is what a method leads to.

    Args:
        key: the right answer; a formula is compared at its points.
        rounded: take a decimal for a fraction it is written down from (3.33 for 10/3). Never used for the key.
    """
    if type(answer) is int and type(expected) is int:
        return answer == expected
    if isinstance(answer, frozenset) or isinstance(expected, frozenset):
        return answer == expected
    if isinstance(answer, Formula) or isinstance(expected, Formula):
        return isinstance(answer, Formula) and isinstance(expected, Formula) and isinstance(key, Formula) and _same_formula(answer, expected, key)
    if isinstance(answer, (list, tuple)) or isinstance(expected, (list, tuple)):
        if type(answer) is not type(expected) or len(answer) != len(expected):  # type: ignore[arg-type]
            return False
        if not rounded and answer != expected:
            return False  # most wrong methods lead elsewhere; told without a walk in Python
        return all(equal(a, e, key, rounded=rounded) for a, e in zip(answer, expected, strict=True))  # type: ignore[arg-type]
    return _same_cell(answer, expected, rounded=rounded)


def same(part: Part, answer: Value, expected: Answer, key: Answer, *, rounded: bool = False) -> bool:
    """Whether an answer to a part is what a method leads to; see `equal`. A number with a tolerance may be off by that much."""
    if part.tolerance is not None:
        return close(answer, expected, part.tolerance)
    return equal(answer, expected, key, rounded=rounded)


def mask(answer: Any, key: Any) -> Mask | None:
    """Which cells of an array are right; None where its shape is not the key's."""
    if not isinstance(key, list) or shape(answer) != shape(key):
        return None
    return _mask(answer, key)


def right_share(cells_right: list[bool]) -> Fraction:
    return Fraction(sum(cells_right), len(cells_right)) if cells_right else Fraction(0)


def _mask(answer: Any, key: Any) -> Mask:
    if isinstance(key, list):
        return [_mask(a, k) for a, k in zip(answer, key, strict=True)]
    return _same_cell(answer, key)


def _same_cell(answer: Any, expected: Any, *, rounded: bool = False) -> bool:
    if type(answer) is int and type(expected) is int:  # as nearly all are
        return answer == expected
    # Blank cells are None and unreadable ones text: neither is a number, so neither is ever right.
    if isinstance(answer, bool) or not isinstance(answer, (int, Fraction, Decimal)):
        return isinstance(expected, str) and answer == expected
    if isinstance(expected, bool) or not isinstance(expected, (int, Fraction)):
        return False
    if answer == expected:
        return True
    if not rounded or isinstance(expected, int) or not isinstance(answer, Decimal):
        return False
    places = -int(answer.as_tuple().exponent)
    return places >= 1 and abs(Fraction(answer) - expected) < Fraction(1, 10**places)


def _same_formula(answer: Formula, expected: Formula, key: Formula) -> bool:
    points = _Points(key.names, key.points)
    wanted = key.values if expected is key else _values(expected.text, points)
    try:
        return _values(answer.text, points) == wanted
    except FormulaError:
        return False


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """A key's points as the key of a cache: by identity, since hashing a thousand points costs more than the comparison."""

    names: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]

    def __hash__(self) -> int:
        return hash((self.names, id(self.points)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Points) and other.points is self.points and other.names == self.names


@lru_cache(maxsize=4096)
def _values(text: str, at: _Points) -> tuple[Number | None, ...]:
    return values_at(text, at.names, at.points)
