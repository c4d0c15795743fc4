"""Whose numbers a question has: who posted it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grader.course.names import names_of
from grader.course.values import Given, GivenError, describe
from grader.variants.variant import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedVariant:
    """What one student was asked in one slot."""

    student: str
    attempt: int
    slot: str
    exercise: str
    variant: str
    given: Given


def issued_variants(sheet: Sheet) -> Iterator[IssuedVariant]:
    """The variants of a sheet."""
    for own in sheet.variants:
        yield IssuedVariant(student=sheet.student, attempt=sheet.attempt, slot=own.slot, exercise=own.exercise.id, variant=own.id, given=own.given)


def stored_variants(sheets: Iterable[tuple[str, int, Mapping[str, Any]]]) -> Iterator[IssuedVariant]:
    """The variants of issued sheets as the store keeps them (`Store.all_issued`)."""
    for student, attempt, slots in sheets:
        for slot, own in slots.items():
            yield IssuedVariant(student=student, attempt=attempt, slot=slot, exercise=own["exercise"], variant=own["variant"], given=own["given"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A variant that given values belong to."""

    student: str
    slot: str
    attempt: int
    exercise: str
    exact: bool  # the values are the whole given; otherwise a part of it

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def whose(values: Any, issued: Iterable[IssuedVariant]) -> list[Owner]:
    """Whose question has these values: who posted it?

    Args:
        values: as JSON. A mapping of names fits where every value is the variant's (`input_size`, or the names a prompt
            uses, as `input_height`); an array fits where it equals any array of the variant.

    Raises:
        GivenError: the values are neither, or empty, and would fit everyone.
    """
    if not isinstance(values, (dict, list)) or not values:
        raise GivenError(f'expected values such as {{"input_size": 6}} or an array, got {describe(values)}; write a JSON object or rows of numbers')
    return [
        Owner(student=own.student, slot=own.slot, attempt=own.attempt, exercise=own.exercise, exact=isinstance(values, dict) and _same(values, dict(own.given)))
        for own in issued
        if _fits(values, own.given)
    ]


def _fits(values: Any, given: Given) -> bool:
    if isinstance(values, list):
        return any(_same(values, value) for value in given.values())
    if all(name in given for name in values):
        return all(_same(value, given[name]) for name, value in values.items())
    names = names_of(given)
    return all(name in names and _same(value, names[name]) for name, value in values.items())


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 2 is 2.0, and neither is true or [2, 2]."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
