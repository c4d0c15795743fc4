"""What is expected of a variant survives being written down: the same key, wrong answers and order, without the solution."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.expected import Expected, expected_of
from grader.course.formula import Formula
from grader.course.values import GivenError
from grader.variants.draw import Candidate, Refusals, candidates
from tests.kinds import kinds_course

VARIANTS = 12


def drawn(exercise: Exercise) -> list[Candidate]:
    found = candidates(exercise, b"0" * 32, 400, Refusals({}, {}))
    return [candidate for candidate, _ in zip(found, range(VARIANTS), strict=False)]


def plainly(value: Any) -> Any:
    """An answer with all that equality leaves out: types, and what a formula is compared at."""
    if isinstance(value, Formula):
        return ("formula", value.text, value.names, value.points, value.values)
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, *map(plainly, value))
    return (type(value).__name__, value)


def in_full(expected: Expected) -> Any:
    key = [(part, plainly(answer)) for part, answer in expected.key.items()]
    wrong = [(name, [(part, plainly(readings)) for part, readings in parts.items()]) for name, parts in expected.mistakes.items()]
    return key, expected.applicable, wrong


def exercises(course: Course) -> list[Exercise]:
    return [exercise.at(level) for found in (course, kinds_course()) for exercise in found.exercises.values() for level in exercise.levels]


def test_every_exercise_at_every_level_is_read_back_as_it_was(course: Course) -> None:
    compared = 0
    for exercise in exercises(course):
        for candidate in drawn(exercise):
            text = candidate.expected.text()
            assert text is not None, exercise.id
            assert in_full(expected_of(exercise, candidate.given, text)) == in_full(candidate.expected), (exercise.id, candidate.given)
            compared += 1
    assert compared > 100


def test_an_answer_without_a_written_form_is_not_kept(course: Course) -> None:
    exercise = course.exercises["one-window"]
    assert Expected(exercise, {}, {"value": Fraction(1, 3)}).text is not None
    expected = Expected(exercise, {}, {"value": object()})  # type: ignore[dict-item]
    vars(expected)["mistakes"] = {}
    vars(expected)["applicable"] = ()
    assert expected.text() is None


def test_wrong_answers_are_read_only_where_they_are_asked_for(course: Course) -> None:
    exercise = course.exercises["one-window"]
    known = expected_of(exercise, {}, '[["value",7]]\nno JSON')
    assert known.key == {"value": 7}
    with pytest.raises(ValueError, match="Expecting value"):
        _ = known.mistakes


def test_what_equals_a_number_is_not_remembered_as_one(course: Course) -> None:
    exercise = course.exercises["output-size"]
    assert exercise.expect({"input_size": 6, "kernel_size": 3, "stride": 1, "padding": 1}).key == {"padded_size": 8, "output_size": 6}
    with pytest.raises(GivenError, match="stride: expected an int, got True"):
        exercise.expect({"input_size": 6, "kernel_size": 3, "stride": True, "padding": 1})
