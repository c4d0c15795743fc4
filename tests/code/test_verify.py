"""`verify` for code exercises: those that ship are fit, and one that is not is found out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from grader.classroom.code_running import run_source
from grader.classroom.verify import verified
from grader.course.code_key import code_of
from grader.course.course import load_exercise
from grader.course.faults import CourseError
from grader.marking.code import mark_code
from grader.marking.source import Source
from tests.code.conftest import CODE
from tests.code.programs import WRONG
from tests.conftest import ROOT, CourseCopy


@pytest.mark.parametrize("exercise", CODE)
def test_every_code_exercise_is_fit(exercise: str) -> None:
    found = verified(load_exercise(ROOT, exercise), 1)
    assert found.faults == ()
    assert found.together == {}
    assert found.checked > 6


def edit(file: str, old: str, new: str) -> Callable[[CourseCopy], None]:
    return lambda copy: copy.edit(file, old, new)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(
            edit("solutions/code_conv2d.py", "return conv2d(x, w.flip(1), stride, padding)", "return conv2d(x, w, stride, padding)"),
            "mistakes.flip-lr: it gives the right values on every case",
            id="no-mistake",
        ),
        pytest.param(
            edit("solutions/code_conv2d.py", "applies=lambda w: w.shape[1] > 1", "applies=lambda w: False"),
            "mistakes.flip-lr: it applies to no case",
            id="never-applies",
        ),
        pytest.param(edit("exercises/code-conv2d.yaml", "flip-lr:\n    credit: 0.5", "flip-lr:\n    credit: 1"), "earns everything", id="full-credit"),
        pytest.param(
            edit("exercises/code-conv2d.yaml", "zh: 有负数", "zh: negative"), "groups.negative.title.zh: there is no Chinese in it", id="not-translated"
        ),
    ],
)
def test_an_exercise_that_is_not_fit_is_found_out(spoil: Callable[[CourseCopy], None], words: str, course_copy: CourseCopy) -> None:
    spoil(course_copy)
    assert any(words in fault for fault in verified(load_exercise(course_copy.folder, "code-conv2d"), 1).faults)


def test_wrong_methods_that_no_case_tells_apart_are_named(course_copy: CourseCopy) -> None:
    course_copy.edit("solutions/code_conv2d.py", "return conv2d(x, w.flip(1), stride, padding)", "return conv2d(x, w.flip(0, 1), stride, padding)")
    course_copy.edit("solutions/code_conv2d.py", "applies=lambda w: w.shape[1] > 1", "applies=wide")
    assert ("flip180", "flip-lr") in verified(load_exercise(course_copy.folder, "code-conv2d"), 1).together


def test_a_method_that_is_right_on_every_case_is_no_evidence_against_a_program(course_copy: CourseCopy) -> None:
    """The program leaves the padding out; a `mistake` that computes the right values where there is none must not be named."""
    course_copy.edit("solutions/code_conv2d.py", "return conv2d(x, w.flip(1), stride, padding)", "return conv2d(x, w, stride, padding)")
    course_copy.edit("solutions/code_conv2d.py", "applies=lambda w: w.shape[1] > 1", "applies=lambda padding: padding == 0")
    exercise = load_exercise(course_copy.folder, "code-conv2d")
    expected, source = code_of(exercise, exercise.expect({})), Source("a.py", WRONG["code-conv2d", "pad-ignored"].encode())
    assert mark_code(expected, source, run_source(expected, source, trust=True), Fraction(1)).mistakes == ("pad-ignored",)


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "fault"),
    [
        pytest.param(
            "exercises/code-conv2d.yaml",
            "stride=1, padding=0",
            "stride=2, padding=0",
            "stride=2",
            "the reference of solutions/code_conv2d.py takes others",
            id="signature",
        ),
        pytest.param(
            "exercises/code-conv2d.yaml",
            "stride=1, padding=0",
            "stride=, padding=0",
            "stride=,",
            "these are no parameters of a Python function",
            id="no-signature",
        ),
        pytest.param("exercises/code-conv2d.yaml", "      negative:", "      below-zero:", "below-zero", "has cases of 'negative'", id="group"),
        pytest.param("exercises/code-conv2d.yaml", "    function: conv2d\n", "", "kind: code", "code needs function", id="no-function"),
        pytest.param("exercises/code-conv2d.yaml", "parts:", "draw: {k: 3}\nparts:", "draw", "a code exercise draws nothing", id="draws"),
        pytest.param("solutions/code_conv2d.py", "@cases\n", "", "", "has no @cases", id="no-cases"),
        pytest.param(
            "solutions/code_conv2d.py",
            "def pad_ignored(x: Tensor, w",
            "def pad_ignored(y: Tensor, w",
            "",
            "takes y, which the reference does not take",
            id="argument",
        ),
        pytest.param(
            "exercises/output-size.yaml",
            "padded_size: {kind: integer",
            "padded_size: {function: f, kind: integer",
            "",
            "only a part of kind code has it",
            id="not-code",
        ),
    ],
)
def test_a_faulty_code_exercise_says_what_is_wrong(file: str, old: str, new: str, at: str, fault: str, course_copy: CourseCopy) -> None:
    course_copy.edit(file, old, new)
    found = [line for line in faults_of(course_copy, "output-size" if "output-size" in file else "code-conv2d") if fault in line]
    assert found, faults_of(course_copy, "code-conv2d")
    assert all(";" in line for line in found), "a fault says how to put it right"


def faults_of(copy: CourseCopy, exercise: str) -> list[str]:
    try:
        load_exercise(Path(copy.folder), exercise)
    except CourseError as error:
        return [str(one) for one in error.faults]
    return []
