"""The explanation of an exercise: which names it may use, and that no sheet shows it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.course.course import load_course, load_exercise
from grader.course.explanation import answer_names
from grader.course.part import Part
from grader.course.rules import Constant, ListRule
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import draw_sheet
from tests.conftest import CourseCopy

BASIC = "exercises/output-size-basic.yaml"


def part(kind: str, **more: Any) -> Part:
    return Part(id="x", kind=kind, weight=Fraction(1), **more)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(part("integer"), {"x", "x_height", "x_width"}, id="integer"),
        pytest.param(part("shape", axes=(("N", "C"), ("C",))), {"x", "x_1", "x_2"}, id="shape"),
        pytest.param(part("array"), {"x", "x_channels", "x_height", "x_width"}, id="array"),
        pytest.param(part("choice"), {"x"}, id="choice"),
        pytest.param(part("vector"), {"x"}, id="vector"),
        pytest.param(part("formula", names=("i",)), {"x"}, id="formula"),
    ],
)
def test_names_that_a_right_answer_brings(asked: Part, expected: set[str]) -> None:
    assert answer_names([asked], {}) == expected


def test_a_part_for_each_layer_brings_a_name_for_each() -> None:
    layers = ListRule((Constant(1), Constant(2), Constant(3)))
    assert {"x_1", "x_2", "x_3"} <= answer_names([part("integer", each="layers")], {"layers": layers})
    assert "x" not in answer_names([part("integer", each="layers")], {"layers": layers})


def test_an_unknown_name_is_a_fault_at_its_line(course_copy: CourseCopy) -> None:
    course_copy.edit(BASIC, "+ 1 = {output_size}.", "+ 1 = {outputsize}.")
    place = course_copy.place(BASIC, "explanation:\n  en: ▸")
    assert course_copy.faults() == [f"{place} explanation.en: 'outputsize' is no name of this exercise; did you mean 'output_size'?"]


def test_an_exercise_needs_none(course_copy: CourseCopy) -> None:
    path = course_copy.folder / BASIC
    lines = path.read_text().splitlines(keepends=True)
    start = lines.index("explanation:\n")
    path.write_text("".join(lines[:start] + lines[start + 3 :]))
    assert load_exercise(course_copy.folder, "output-size-basic").explanation is None


def test_no_sheet_shows_it_and_no_draw_depends_on_it(course_copy: CourseCopy, secret: bytes) -> None:
    before = load_course(course_copy.folder)
    course_copy.edit(BASIC, "The kernel begins at", "SECRET WORDS: the kernel begins at")
    after = load_course(course_copy.folder)
    assert after.exercises["output-size-basic"].rules == before.exercises["output-size-basic"].rules
    sheet = draw_sheet(after, after.assignment("lesson1"), "ada", 1, secret)
    shown = sheet_yaml(sheet, after.languages, None) + str(sheet_json(sheet, None))
    assert "output-size-basic" in shown
    assert "SECRET WORDS" not in shown
