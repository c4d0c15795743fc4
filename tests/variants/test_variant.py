"""Sheets: whose they are, what is pinned or issued, and the signature."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from grader.course.course import Course, load_course
from grader.course.exercise import variant_id
from grader.course.faults import CourseError
from grader.variants.variant import IssuedSlot, draw_sheet
from tests.conftest import CourseCopy


def test_a_sheet_has_a_variant_for_each_slot(course: Course, secret: bytes) -> None:
    sheet = draw_sheet(course, course.assignment("lesson1"), "ada", 2, secret)
    assert sheet.id == "conv101/lesson1/ada/2"
    assert [variant.slot for variant in sheet.variants] == [
        "one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding",
        "output-size-1", "output-size-2", "output-size-3", "output-size-4", "size-formula",
    ]  # fmt: skip
    assert [variant.points for variant in sheet.variants] == [1, 3, 1, 3, 4, *[Fraction(3, 2)] * 4, 2]
    assert sheet.possible == 20
    assert all(variant.id == variant_id(variant.exercise.id, variant.given) for variant in sheet.variants)


def test_pinned_numbers_are_everybodys(course: Course, secret: bytes) -> None:
    worked = course.assignment("lesson1-worked")
    sheets = [draw_sheet(course, worked, student, attempt, secret) for student in ("ada", "alan") for attempt in (1, 2)]
    assert all([dict(variant.given) for variant in sheet.variants] == [dict(variant.given) for variant in sheets[0].variants] for sheet in sheets)
    assert dict(sheets[0].variants[-1].given) == {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1}


def test_pinned_numbers_stand_though_a_wrong_method_gives_their_key(course: Course, secret: bytes) -> None:
    last = draw_sheet(course, course.assignment("lesson1-worked"), "ada", 1, secret).variants[-1]
    expected = last.exercise.expect(last.given)
    assert expected.key["output_size"] in expected.mistakes["pad-once"]["output_size"]


def test_pinned_numbers_need_no_secret(course: Course) -> None:
    assert draw_sheet(course, course.assignment("lesson1-worked"), "ada", 1, None).variants
    with pytest.raises(CourseError, match="there is no secret; set GRADER_SECRET"):
        draw_sheet(course, course.assignment("lesson1"), "ada", 1, None)


def test_what_was_issued_stands_though_the_rules_changed(course: Course, course_copy: CourseCopy, secret: bytes) -> None:
    before = draw_sheet(course, course.assignment("lesson1"), "ada", 1, secret)
    issued = {variant.slot: IssuedSlot(variant.id, variant.given) for variant in before.variants}
    course_copy.edit("exercises/output-size-basic.yaml", "input_size: {from: 6, to: 19}", "input_size: {from: 30, to: 40}")
    course_copy.edit("exercises/output-size.yaml", "level: 2", "level: 2\ndraw_version: 9")
    changed = load_course(course_copy.folder)
    after = draw_sheet(changed, changed.assignment("lesson1"), "ada", 1, secret, issued)
    assert [(variant.slot, variant.given, variant.id) for variant in after.variants] == [
        (variant.slot, variant.given, variant.id) for variant in before.variants
    ]
    assert after.signature(secret) == before.signature(secret)
    drawn = draw_sheet(changed, changed.assignment("lesson1"), "ada", 1, secret)
    assert drawn.variants[2].given["input_size"] >= 30, "without the issued numbers it would have been drawn anew"
    assert drawn.signature(secret) != before.signature(secret)


def test_a_slot_that_was_never_issued_is_drawn(course: Course, secret: bytes) -> None:
    lesson = course.assignment("lesson1")
    whole = draw_sheet(course, lesson, "ada", 1, secret)
    issued = {"output-size-basic": IssuedSlot("0" * 16, {"input_size": 99, "kernel_size": 9})}
    mixed = draw_sheet(course, lesson, "ada", 1, secret, issued)
    assert mixed.variants[2].given == {"input_size": 99, "kernel_size": 9}
    assert [variant.given for variant in mixed.variants if variant.slot != "output-size-basic"] == [
        variant.given for variant in whole.variants if variant.slot != "output-size-basic"
    ]


def test_the_signature_belongs_to_one_student_sheet_and_secret(course: Course, secret: bytes) -> None:
    lesson = course.assignment("lesson1-worked")
    sheet = draw_sheet(course, lesson, "ada", 1, secret)
    signature = sheet.signature(secret)
    assert len(signature) == 32
    assert int(signature, 16)
    others = [
        draw_sheet(course, lesson, "alan", 1, secret),
        draw_sheet(course, lesson, "ada", 2, secret),
        replace(sheet, variants=sheet.variants[:-1]),
        replace(sheet, variants=(*sheet.variants[:-1], replace(sheet.variants[-1], given={"input_size": 4, "kernel_size": 3, "stride": 1, "padding": 0}))),
    ]
    assert all(other.signature(secret) != signature for other in others)
    assert sheet.signature(b"another secret of sixteen") != signature
