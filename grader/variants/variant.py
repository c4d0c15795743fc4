"""A student's variants of an assignment: drawn, pinned, or as issued before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from grader.course.course import Assignment, Course, Entry
from grader.course.exercise import Exercise, variant_id
from grader.course.expected import Expected
from grader.course.faults import CourseError, Fault
from grader.course.points import total
from grader.course.secret import MAKE_ONE
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

    @cached_property
    def expected(self) -> Expected:
        """The key and what wrong methods give.

        Raises:
            GivenError, CourseError: as `Exercise.expect`.
        """
        return self.exercise.expect(self.given)

    @property
    def computed(self) -> bool:
        """Whether `expected` is at hand already."""
        return "expected" in vars(self)


def known_variant(slot: str, exercise: Exercise, given: Given, points: Fraction, *, id: str | None = None, expected: Expected | None = None) -> Variant:
    """A variant of which more is known, so that it need not be computed again."""
    variant = Variant(slot, exercise, given, points)
    # A cached property is its value in the instance's dictionary.
    vars(variant).update({name: value for name, value in (("id", id), ("expected", expected)) if value is not None})
    return variant


@dataclass(frozen=True, slots=True)
class IssuedSlot:
    """A slot as it was issued, with what is expected of it where that is known."""

    variant: str
    given: Given
    expected: Expected | None = None


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
        return total(variant.points for variant in self.variants)

    def signature(self, secret: bytes) -> str:
        """32 hex digits that only the holder of the secret can make for these variants and this student."""
        return stream_key(secret, "sheet", self.id, *(f"{variant.slot}={variant.id}" for variant in self.variants)).hex()[:32]


def draw_sheet(
    course: Course, assignment: Assignment, student: str, attempt: int, secret: bytes | None, issued: Mapping[str, IssuedSlot] | None = None
) -> Sheet:
    """A student's sheet.

    Args:
        issued: by slot what was issued before; it stands, whatever the exercise draws by now.

    Raises:
        CourseError: an exercise cannot be drawn.
    """
    variants: list[Variant] = []
    for entry in assignment.entries:
        share = entry.share
        if issued is not None and all(slot in issued for slot in entry.slots):
            before = [issued[slot] for slot in entry.slots]
            variants += [
                known_variant(slot, entry.exercise, old.given, share, id=old.variant, expected=old.expected)
                for slot, old in zip(entry.slots, before, strict=True)
            ]
        else:
            drawn = draw_entry(course.id, assignment.id, entry, student, attempt, secret)
            variants += [
                known_variant(slot, entry.exercise, given, share, expected=expected) for slot, (given, expected) in zip(entry.slots, drawn, strict=True)
            ]
    return Sheet(course, assignment, student, attempt, tuple(variants))


def draw_entry(course: str, assignment: str, entry: Entry, student: str, attempt: int, secret: bytes | None) -> Iterator[tuple[Given, Expected | None]]:
    """The given of each slot of an entry, pinned or drawn (together where there are several), and what is expected where drawing had to know it."""
    if entry.given is not None:
        yield from ((dict(entry.exercise.complete(entry.given)), None) for _ in entry.slots)
        return
    if secret is None:
        raise CourseError([Fault("course.yaml", 1, 1, f"assignments.{assignment}", "its numbers are drawn, and there is no secret", MAKE_ONE.en)])
    key = stream_key(secret, entry.exercise.draw_version, course, assignment, entry.group, student, attempt)
    single = len(entry.slots) == 1
    for candidate in (draw_single(entry.exercise, key),) if single else draw_group(entry.exercise, key, len(entry.slots)):
        yield dict(candidate.given), candidate.expected
