"""Points and credits: exact fractions inside, JSON numbers outside."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum of fractions, reduced once at the end: adding them one by one reduces each time, which costs most of a record."""
    found = list(values)
    if len(found) == 1:
        return found[0]
    top, bottom = 0, 1
    for value in found:
        over, under = value.as_integer_ratio()
        if under == bottom:
            top += over
        else:
            top, bottom = top * under + over * bottom, bottom * under
    return Fraction(top, bottom)


def number(value: Fraction) -> int | float:
    """Points and credits as JSON numbers, to six decimals; whole ones without a point."""
    over, under = value.as_integer_ratio()
    return over if under == 1 else round(over / under, 6)


@lru_cache(maxsize=10_000)  # a class has few different points, and reading one anew costs most of reading a record
def exact(value: float) -> Fraction:
    """The fraction that `number` wrote: 0.833333 was 5/6, and 5/6 of 3 points are 2.5, not 2.499999."""
    likely = Fraction(str(value)).limit_denominator(1000)
    return likely if number(likely) == value else Fraction(str(value))
