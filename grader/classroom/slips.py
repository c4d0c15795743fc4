"""Right answers with one thing a little off, as people make them: a number, an axis, another option."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from itertools import count
from typing import Any

from grader.course.formula import Formula
from grader.course.part import Part
from grader.course.values import Answer, plain, to_json


def option_slips(part: Part, right: Answer) -> list[Answer]:
    """Every answer that is one option off: another one, or a set with one more or one fewer."""
    ids = [option.id for option in part.options]
    if isinstance(right, frozenset):
        return [right ^ {name} for name in ids]
    return [name for name in ids if name != right]


def number_off(right: Any, delta: int | Fraction, pick: Callable[[int], int]) -> Any:
    """A right answer with one of its numbers off by `delta`; `pick` says which of how many."""
    if isinstance(right, (list, tuple)) and right:
        index = pick(len(right))
        return type(right)(number_off(item, delta, pick) if i == index else plain(item) for i, item in enumerate(right))
    return (Fraction(right) if isinstance(right, float) else right) + delta


def as_written(answer: Any) -> Any:
    """An answer as JSON that can be handed in: the empty set in a word, since an empty list is an answer left blank."""
    return "none" if answer == frozenset() else to_json(answer)


def slip_of(part: Part, right: Answer, known: Collection[Answer], delta: int) -> Answer | None:
    """A wrong answer to a part that no wrong method leads to; None where there is none: each option is some mistake's.

    Args:
        known: what wrong methods lead to.
        delta: added to the first number, once or as many times as it takes: wrong methods may be far off too.
    """
    if part.options:
        return next((answer for answer in option_slips(part, right) if answer not in known), None)
    if isinstance(right, Formula):
        return Formula(f"({right.text}) + {delta}")
    return next(answer for times in count(1) if (answer := number_off(right, delta * times, lambda _: 0)) not in known)  # type: ignore[no-any-return]
