"""The code exercises that ship: a right program passes, each wrong method is recognised in a program that follows it."""

from __future__ import annotations

import numpy as np
import pytest

from grader.course.outputs import same_values
from grader.marking.record import Verdict
from tests.code.conftest import CODE, Graded, expected_of
from tests.code.programs import RIGHT, WRONG


def test_every_exercise_has_a_right_program_here_and_every_mistake_a_wrong_one() -> None:
    assert sorted(RIGHT) == CODE
    assert set(WRONG) == {(exercise, name) for exercise in CODE for name in expected_of(exercise).exercise.mistakes}


@pytest.mark.parametrize("exercise", CODE)
def test_a_right_program_in_plain_loops_passes_all_cases(exercise: str, graded: Graded) -> None:
    found = graded(exercise, RIGHT[exercise])
    assert found.verdict is Verdict.CORRECT, found.feedback.en
    assert found.credit == 1
    assert not found.mistakes


@pytest.mark.parametrize(("exercise", "mistake"), sorted(WRONG))
def test_a_wrong_method_is_recognised_and_earns_its_credit_at_least(exercise: str, mistake: str, graded: Graded) -> None:
    found = graded(exercise, WRONG[exercise, mistake])
    policy = expected_of(exercise).exercise.mistakes[mistake]
    assert mistake in found.mistakes, found.feedback.en
    assert policy.credit <= found.credit < 1
    assert found.verdict is Verdict.PARTIAL
    assert policy.words.render({"answer": ""}).en in found.feedback.en


@pytest.mark.parametrize(("exercise", "mistake"), sorted(WRONG))
def test_a_program_that_follows_one_wrong_method_is_told_of_that_one_alone(exercise: str, mistake: str, graded: Graded) -> None:
    assert graded(exercise, WRONG[exercise, mistake]).mistakes == (mistake,)


@pytest.mark.parametrize("exercise", CODE)
def test_each_wrong_method_differs_from_the_key_and_from_each_other(exercise: str) -> None:
    expected = expected_of(exercise)
    assert list(expected.mistakes) == list(expected.exercise.mistakes), "a mistake that applies to no case is never seen"
    for name in expected.mistakes:
        pairs = zip(expected.wrong(name).values, expected.outputs.values, strict=True)
        assert any(wrong is not None and right is not None and not same_values(wrong, right, expected.part.tolerance) for wrong, right in pairs), name
    assert len({expected.wrong(name) for name in expected.mistakes}) == len(expected.mistakes)


@pytest.mark.parametrize("exercise", CODE)
def test_arguments_stay_as_they_are_and_cases_are_always_the_same(exercise: str) -> None:
    expected = expected_of(exercise)
    again = code_expected_again(exercise)
    assert [case.text("f", expected.names) for case in again.cases] == [case.text("f", expected.names) for case in expected.cases]
    assert again.outputs == expected.outputs
    for case in expected.cases:
        assert all(value.dtype in (np.int64, np.float64) for value in case.positional if isinstance(value, np.ndarray))


def code_expected_again(exercise: str):  # type: ignore[no-untyped-def]
    expected_of.cache_clear()
    return expected_of(exercise)
