"""A student's variants of an assignment: drawn, pinned, or as issued before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.course.course import Assignment, Course, Entry
from grader.course.exercise import Exercise, variant_id
from grader.course.faults import CourseError, Fault
from grader.course.secret import NO_SECRET
from grader.course.values import Given
from grader.variants.separate import draw_group, draw_single
from grader.variants.stream import stream_key


@dataclass(frozen=True)
class Variant:
    """One exercise with its given, in one slot. Its key is derived, never stored."""

    slot: str
    exercise: Exercise
    given: Given
    points: Fraction

    @cached_property
    def id(self) -> str:
        return variant_id(self.exercise.id, self.given)


@dataclass(frozen=True)
class Sheet:
    """What one student is asked in one attempt."""

    course: Course
    assignment: Assignment
    student: str
    attempt: int
    variants: tuple[Variant, ...]

    @property
    def id(self) -> str:
        """`conv101/hw1/ada/1`: the line that says whose sheet this is."""
        return f"{self.course.id}/{self.assignment.id}/{self.student}/{self.attempt}"

    @property
    def possible(self) -> Fraction:
        return sum((variant.points for variant in self.variants), Fraction(0))

    def signature(self, secret: bytes) -> str:
        """32 hex digits that only the holder of the secret can make for these variants and this student."""
        return stream_key(secret, "sheet", self.id, *(f"{variant.slot}={variant.id}" for variant in self.variants)).hex()[:32]


def draw_sheet(course: Course, assignment: Assignment, student: str, attempt: int, secret: bytes | None, issued: Mapping[str, Given] | None = None) -> Sheet:
    """A student's sheet.

    Args:
        issued: given by slot where it was issued before; it stands, whatever the exercise draws by now.

    Raises:
        CourseError: an exercise cannot be drawn.
    """
    variants: list[Variant] = []
    for entry in assignment.entries:
        share = entry.points / len(entry.slots)
        if issued is not None and all(slot in issued for slot in entry.slots):
            drawn = [dict(issued[slot]) for slot in entry.slots]
        else:
            drawn = list(draw_entry(course.id, assignment.id, entry, student, attempt, secret))
        variants += [Variant(slot, entry.exercise, given, share) for slot, given in zip(entry.slots, drawn, strict=True)]
    return Sheet(course, assignment, student, attempt, tuple(variants))


def draw_entry(course: str, assignment: str, entry: Entry, student: str, attempt: int, secret: bytes | None) -> Iterator[dict[str, Any]]:
    """The given of each slot of an entry: pinned, or drawn (together where there are several)."""
    if entry.given is not None:
        yield from (dict(entry.exercise.complete(entry.given)) for _ in entry.slots)
        return
    if secret is None:
        raise CourseError([Fault("course.yaml", 1, 1, f"assignments.{assignment}", "its numbers are drawn, and there is no secret", NO_SECRET)])
    key = stream_key(secret, entry.exercise.draw_version, course, assignment, entry.group, student, attempt)
    if len(entry.slots) == 1:
        yield dict(draw_single(entry.exercise, key).given)
    else:
        yield from (dict(candidate.given) for candidate in draw_group(entry.exercise, key, len(entry.slots)))
