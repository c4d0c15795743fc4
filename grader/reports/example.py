"""Examples that may be shown to everybody: drawn with a public key, never with a course's secret, or set by the course for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.course.course import Course
from grader.course.exercise import Exercise, variant_id
from grader.course.expected import Expected
from grader.course.values import Answer, Given
from grader.variants.separate import draw_single
from grader.variants.stream import stream_key

KEY = b"the public key of lesson pages"
TRIES = 60  # examples drawn at each level in search of one that shows a wrong method


@dataclass(frozen=True, slots=True)
class Example:
    """Numbers for an exercise, with what is expected of them. `exercise` is at the level they were drawn at."""

    exercise: Exercise
    given: Mapping[str, Any]
    expected: Expected

    def answers(self, mistake: str) -> dict[str, tuple[Answer, ...]]:
        """The wrong answers that a wrong method leads to here, by part; empty where it does not show."""
        found = self.expected.mistakes.get(mistake, {})
        wrong = {part: tuple(reading for reading in readings if reading != self.expected.key[part]) for part, readings in found.items()}
        return {part: readings for part, readings in wrong.items() if readings}


@dataclass(frozen=True, slots=True)
class Lesson:
    """An exercise with its worked example, and for each wrong method an example that shows it: the same one where that does."""

    exercise: Exercise
    worked: Example
    shown: Mapping[str, Example | None]  # None: only numbers that an instructor sets show it


def lesson(exercise: Exercise, pinned: Sequence[Given] = (), kept: frozenset[str] = frozenset()) -> Lesson:
    """The examples for an exercise.

    Args:
        pinned: numbers to take the worked example from. Of several, those that show most wrong methods.
        kept: ids of variants that students are asked elsewhere in the course, so that they are no examples.

    Raises:
        CourseError: nothing can be drawn.
    """
    if pinned:
        found = [_example(exercise, exercise.complete(given)) for given in pinned]
        worked = max(found, key=lambda example: len(_showing(example)))
    else:
        worked = next(_drawn(exercise, kept))
    shown: dict[str, Example | None] = dict.fromkeys(exercise.mistakes)
    shown |= dict.fromkeys(_showing(worked), worked)
    for level in (exercise, *(other for other in exercise.every_level if other.level != exercise.level)):
        shown |= _found(level, [name for name, by in shown.items() if by is None and name not in level.only_pinned], kept)
    return Lesson(exercise, worked, shown)


def pinned_in(course: Course, assignment: str, exercise: str) -> list[Given]:
    """The numbers that an assignment sets for an exercise; none where there is no such assignment."""
    found = course.assignments.get(assignment)
    return [entry.given for entry in found.entries if entry.exercise.id == exercise and entry.given is not None] if found else []


def kept_from(course: Course, assignment: str) -> frozenset[str]:
    """The variants that every other assignment sets: students answer them, so no page may."""
    return frozenset(
        variant_id(entry.exercise.id, entry.exercise.complete(entry.given))
        for name, other in course.assignments.items()
        for entry in other.entries
        if entry.given is not None and name != assignment
    )


def _found(level: Exercise, missing: Sequence[str], kept: frozenset[str]) -> dict[str, Example]:
    """For each of some wrong methods the first example at a level that shows it, where there is one."""
    found: dict[str, Example] = {}
    drawn = _drawn(level, kept)
    while (left := [name for name in missing if name not in found]) and (example := next(drawn, None)) is not None:
        found |= {name: example for name in left if example.answers(name)}
    return found


def _drawn(level: Exercise, kept: frozenset[str]) -> Iterator[Example]:
    for number in range(TRIES):
        candidate = draw_single(level, stream_key(KEY, level.id, level.level, number))
        if variant_id(level.id, candidate.given) not in kept:
            yield Example(level, dict(candidate.given), candidate.expected)


def _example(exercise: Exercise, given: Given) -> Example:
    return Example(exercise, dict(given), exercise.expect(given))


def _showing(example: Example) -> list[str]:
    return [name for name in example.exercise.mistakes if example.answers(name)]
