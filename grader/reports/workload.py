"""How long the assignments of a course are expected to take, question by question: a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.course.course import Assignment, Course, Entry
from grader.course.points import number


def minutes_of(entry: Entry) -> Fraction | None:
    """What all slots of an entry are expected to take; None where its exercise does not say, or its numbers are pinned.

    A pinned question may be longer or shorter than those that are drawn: the minutes are theirs.
    """
    if entry.given is not None:
        return None
    minutes = entry.exercise.minutes
    return None if minutes is None else minutes * len(entry.slots)


def total_minutes(assignment: Assignment) -> Fraction | None:
    """What an assignment is expected to take; None where that of one of its questions is not known."""
    found = [minutes_of(entry) for entry in assignment.entries]
    known = [minutes for minutes in found if minutes is not None]
    return sum(known, Fraction(0)) if len(known) == len(found) else None


def workload_table(course: Course) -> str:
    """A row for each question of each assignment whose minutes are all known, and one for its total."""
    return "\n".join([*_HEAD, *(row for assignment in course.assignments.values() for row in _rows(assignment))])


def _rows(assignment: Assignment) -> Iterator[str]:
    total = total_minutes(assignment)
    if total is None:
        return
    for entry in assignment.entries:
        exercise = entry.exercise
        each = f"{len(entry.slots)} × {number(exercise.minutes or Fraction(0))} = " if len(entry.slots) > 1 else ""
        minutes = minutes_of(entry) or Fraction(0)
        yield f"| `{assignment.id}` | `{exercise.id}` | {exercise.level} | {each}{number(minutes)} | {number(entry.points)} |"
    yield f"| **`{assignment.id}`** | in all | | **{number(total)}** | **{number(assignment.possible)}** |"


_HEAD = ("| assignment | exercise | level | minutes | points |", "|---|---|---|---|---|")
