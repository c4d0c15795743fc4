"""What students draw: within the exercise's rules, theirs alone, and the same for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from grader.course.course import Course, load_course
from grader.course.exercise import Exercise
from grader.course.faults import CourseError
from grader.course.names import names_of
from grader.course.rules import ArrayRule, Choice, Constant, Range
from grader.course.values import cells, shape
from grader.variants.draw import Refusals, broken_rule, candidates, draw_given, outside_work, work_of
from grader.variants.separate import draw_group, draw_single
from grader.variants.stream import Stream, stream_key
from grader.variants.variant import draw_sheet
from tests.conftest import CourseCopy
from tests.variants import golden

STUDENTS = [f"student-{number}" for number in range(40)]
DRAWN = ["one-window", "conv-array", "output-size-basic", "conv-stride", "conv-padding", "output-size"]


def key(student: str) -> bytes:
    return stream_key(b"draws of the tests", student)


def test_the_stored_table_of_draws_still_holds(course: Course) -> None:
    stored = json.loads(golden.FILE.read_text(encoding="utf-8"))
    for sheet, slots in golden.draws(course).items():
        assert slots == stored[sheet], f"{sheet}: students hold other numbers; see tests/variants/golden.py"
    assert golden.written(golden.draws(course)) == golden.FILE.read_text(encoding="utf-8")


# Rules


@pytest.mark.parametrize("name", DRAWN)
def test_draws_keep_to_the_rules_of_the_file(course: Course, name: str) -> None:
    exercise = course.exercises[name]
    for student in STUDENTS:
        given = draw_single(exercise, key(student)).given
        assert list(given) == list(exercise.draw)
        for value, rule in zip(given.values(), exercise.draw.values(), strict=True):
            assert_drawn_by(rule, value, given)
        assert all(rule(names_of(given)) for rule in exercise.where)
        assert broken_rule(exercise, given) is None


def assert_drawn_by(rule: object, value: Any, given: Any) -> None:
    match rule:
        case Constant(value=constant):
            assert value == constant
        case Choice(options=options):
            assert value in options
        case Range(low=low, high=high):
            assert low(names_of(given)) <= value <= high(names_of(given))
        case ArrayRule(shapes=shapes, low=low_cell, high=high_cell):
            assert shape(value) in [tuple(side(names_of(given)) for side in sides) for sides in shapes]
            assert all(low_cell <= cell <= high_cell for cell in cells(value))
        case _:
            pytest.fail(f"a rule this test does not know: {rule}")


@pytest.mark.parametrize("name", DRAWN)
def test_everything_a_rule_allows_comes_up(course: Course, name: str) -> None:
    exercise = course.exercises[name]
    drawn = [draw_given(exercise, Stream(key("all"), number)) for number in range(800)]
    for value, rule in exercise.draw.items():
        if isinstance(rule, Range):
            assert {given[value] for given in drawn} == set(range(rule.low({}), rule.high({}) + 1))
        elif isinstance(rule, ArrayRule):
            assert {shape(given[value]) for given in drawn} == {tuple(side({}) for side in sides) for sides in rule.shapes}
            assert {cell for given in drawn for cell in cells(given[value])} == set(range(rule.low, rule.high + 1))


@pytest.mark.parametrize(
    ("name", "cells_band", "multiply_adds_band"),
    [
        pytest.param("conv-array", (6, 9), (54, 81), id="conv-array"),
        pytest.param("conv-stride", (4, 6), (36, 54), id="conv-stride"),
        pytest.param("conv-padding", (12, 16), (108, 144), id="conv-padding"),
    ],
)
def test_everybody_has_about_as_much_to_do(course: Course, name: str, cells_band: tuple[int, int], multiply_adds_band: tuple[int, int]) -> None:
    exercise = course.exercises[name]
    for student in STUDENTS:
        candidate = draw_single(exercise, key(student))
        output = candidate.expected.key["output"]
        assert isinstance(output, list)
        count = len(output) * len(output[0])
        assert cells_band[0] <= count <= cells_band[1]
        assert multiply_adds_band[0] <= count * len(cells(candidate.given["kernel"])) <= multiply_adds_band[1]


def test_one_window_has_one_or_two_digits_to_write(course: Course) -> None:
    values = [draw_single(course.exercises["one-window"], key(student)).expected.key["value"] for student in STUDENTS]
    assert all(isinstance(value, int) and abs(value) <= 99 for value in values)


def test_work_is_counted(course: Course) -> None:
    exercise = course.exercises["conv-array"]
    given = {"input": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "kernel": [[10, 0], [0, 0]]}
    expected = exercise.expect(given)
    assert expected.key["output"] == [[10, 20], [40, 50]]
    assert work_of(given, expected) == {"cells": 4, "multiply_adds": 16, "digits": 8}
    assert outside_work(exercise, given, expected) == "work.cells 4 is outside [6, 9]"


def test_candidates_are_the_same_whatever_is_skipped(course: Course) -> None:
    exercise = course.exercises["output-size"]
    everything = {candidate.number: candidate.given for candidate in candidates(exercise, key("x"), 50, Refusals({}, {}))}
    unbound = replace(exercise, where=())
    all_of_them = {candidate.number: candidate.given for candidate in candidates(unbound, key("x"), 50, Refusals({}, {}))}
    assert 0 < len(everything) < 50
    assert all(all_of_them[number] == given for number, given in everything.items())


def test_refused_candidates_are_counted_with_an_example(course: Course) -> None:
    refusals = Refusals({}, {})
    taken = list(candidates(course.exercises["output-size"], key("x"), 200, refusals))
    assert sum(refusals.counts.values()) + len(taken) == 200
    reason = "where input_size + 2 * padding - kernel_size >= 2 * stride is not met"
    example = refusals.examples[reason]
    assert example["input_size"] + 2 * example["padding"] - example["kernel_size"] < 2 * example["stride"]


# What changes a draw, and what does not


def drawn(course: Course, student: str = "ada", attempt: int = 1, secret: bytes = b"s" * 16, assignment: str = "lesson1") -> dict[str, Any]:
    sheet = draw_sheet(course, course.assignment(assignment), student, attempt, secret)
    return {variant.slot: variant.given for variant in sheet.variants if variant.given}


def assert_all_differ(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    arrays = [slot for slot in one if "input" in one[slot]]
    assert arrays
    assert all(one[slot] != other[slot] for slot in arrays), "arrays have so many values that no two draws agree by chance"
    assert [one[slot] for slot in one if slot not in arrays] != [other[slot] for slot in one if slot not in arrays]


def test_the_same_words_give_the_same_draw(course: Course) -> None:
    assert drawn(course) == drawn(course)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"student": "alan"}, id="student"),
        pytest.param({"student": "Ada"}, id="student-in-capitals"),
        pytest.param({"attempt": 2}, id="attempt"),
        pytest.param({"secret": b"t" * 16}, id="secret"),
    ],
)
def test_another_student_attempt_or_secret_draws_anew(course: Course, changed: dict[str, Any]) -> None:
    assert_all_differ(drawn(course), drawn(course, **changed))


def test_another_course_or_assignment_draws_anew(course: Course) -> None:
    renamed = replace(course, id="conv102")
    assert_all_differ(drawn(course), drawn(renamed))
    moved = replace(course, assignments={"lesson2": replace(course.assignment("lesson1"), id="lesson2")})
    assert_all_differ(drawn(course), drawn(moved, assignment="lesson2"))


def test_another_slot_draws_anew(course_copy: CourseCopy) -> None:
    course_copy.edit(
        "course.yaml",
        "      - {exercise: conv-array, points: 3}\n",
        "      - {exercise: conv-array, points: 3}\n      - {exercise: conv-array, points: 3, slot: again}\n",
    )
    changed = drawn(load_course(course_copy.folder))
    assert changed["conv-array"] != changed["again"]


def test_words_change_nobodys_numbers(course: Course, course_copy: CourseCopy) -> None:
    for name in DRAWN:
        course_copy.edit(f"exercises/{name}.yaml", '\nprompt:\n  en: "', '\nprompt:\n  en: "Look closely. ')
        course_copy.edit(f"exercises/{name}.yaml", "credit: 0.5", "credit: 0.4")
        course_copy.edit(f"exercises/{name}.yaml", "title: {en: ", "title: {en: New ")
    course_copy.edit("course.yaml", "points: 6", "points: 60")
    course_copy.edit("course.yaml", "due: 2026-12-08", "due: 2026-12-09")
    assert drawn(load_course(course_copy.folder)) == drawn(course)


def test_another_draw_version_draws_anew_for_that_exercise_only(course: Course, course_copy: CourseCopy) -> None:
    course_copy.edit("exercises/conv-array.yaml", "level: 1", "level: 1\ndraw_version: 2")
    before, after = drawn(course), drawn(load_course(course_copy.folder))
    assert [slot for slot in before if before[slot] != after[slot]] == ["conv-array"]


def test_students_draw_different_numbers(course: Course) -> None:
    sheets = [drawn(course, student) for student in STUDENTS]
    for slot in ("one-window", "conv-array", "conv-stride", "conv-padding"):
        assert len({json.dumps(sheet[slot]) for sheet in sheets}) == len(STUDENTS)
    assert len({json.dumps([sheet[f"output-size-{n}"] for n in range(1, 5)]) for sheet in sheets}) > len(STUDENTS) * 0.9


# What cannot be drawn: the message names what blocks


def changed_exercise(course_copy: CourseCopy, old: str, new: str, name: str = "output-size") -> Exercise:
    course_copy.edit(f"exercises/{name}.yaml", old, new)
    return load_course(course_copy.folder).exercises[name]


def test_a_where_that_nothing_meets(course_copy: CourseCopy) -> None:
    exercise = changed_exercise(course_copy, "kernel_size <= input_size", "kernel_size > 2 * input_size")
    example = draw_given(exercise, Stream(key("ada"), 0))
    shown = ", ".join(f"{name}={value}" for name, value in example.items())
    with pytest.raises(CourseError) as caught:
        draw_single(exercise, key("ada"))
    place = course_copy.place("exercises/output-size.yaml", "draw:")
    assert str(caught.value) == (
        f"{place} draw: none of 400 candidates can be handed out: 400 × where kernel_size > 2 * input_size is not met "
        f"(as with {shown}); widen the ranges of `draw`, or relax what blocks"
    )


def test_a_band_of_work_that_nothing_keeps_to(course_copy: CourseCopy) -> None:
    exercise = changed_exercise(course_copy, "work: {digits: [1, 2]}", "work: {digits: [7, 8]}", "one-window")
    with pytest.raises(CourseError, match=r"work.digits \d is outside \[7, 8\] \(as with input="):
        draw_single(exercise, key("ada"))


def test_a_wrong_method_that_always_gives_the_key(course_copy: CourseCopy) -> None:
    # A kernel that is the same turned round: nobody can show that they did not flip it.
    exercise = changed_exercise(course_copy, "kernel: {shape: [3, 3], from: -2, to: 3}", "kernel: [[1, 2, 1], [2, 4, 2], [1, 2, 1]]", "one-window")
    with pytest.raises(CourseError, match="× the wrong method 'flip180' gives the right answer"):
        draw_single(exercise, key("ada"))


def test_values_that_torch_refuses(course_copy: CourseCopy) -> None:
    exercise = changed_exercise(course_copy, "stride: 1", "stride: 0", "conv-padding")
    with pytest.raises(CourseError, match="400 × torch refuses these values: non-positive stride is not supported"):
        draw_single(exercise, key("ada"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "kernel_size: {from: 2, to: 5}",
            "kernel_size: {from: 99, to: input_size}",
            r"draw.kernel_size: 'from' 99 = 99 is above 'to' input_size = \d+; correct the bound",
            id="from-above-to",
        ),
        pytest.param(
            "kernel_size: {from: 2, to: 5}",
            "kernel_size: {from: 1 / 2, to: 5}",
            r"draw.kernel_size: '1 / 2' gives 0.5, which is no whole number; correct the bound",
            id="half",
        ),
        pytest.param(
            "kernel_size: {from: 2, to: 5}",
            "kernel_size: {from: 2, to: input_size // 0}",
            r"draw.kernel_size: 'input_size // 0' divides by zero; correct the bound",
            id="division-by-zero",
        ),
        pytest.param(
            "kernel_size <= input_size",
            "kernel_size % 0 == 1",
            r"where\[0\]: 'kernel_size % 0 == 1' divides by zero; correct the condition",
            id="where-divides-by-zero",
        ),
    ],
)
def test_a_bound_that_cannot_be_computed(course_copy: CourseCopy, old: str, new: str, message: str) -> None:
    exercise = changed_exercise(course_copy, old, new)
    place = course_copy.place("exercises/output-size.yaml", new if message.startswith("where") else new.replace(": {", ": ▸{"))
    with pytest.raises(CourseError, match=f"^{place} {message}$"):
        draw_single(exercise, key("ada"))


def test_a_side_that_is_no_whole_number(course_copy: CourseCopy) -> None:
    exercise = changed_exercise(course_copy, "input: {shape: [3, 3]", "input: {shape: [7 / 2, 3]", "one-window")
    place = course_copy.place("exercises/one-window.yaml", "input: ▸{shape: [7")
    with pytest.raises(CourseError, match=rf"^{place} draw.input: '7 / 2' gives 3.5, which is no whole number; correct the bound$"):
        draw_single(exercise, key("ada"))


def test_more_slots_than_different_variants(course: Course) -> None:
    with pytest.raises(CourseError) as caught:
        draw_group(course.exercises["size-formula"], key("ada"), 2)
    assert str(caught.value).partition(" ")[2] == (
        "draw: only 1 different variants can be drawn, and 2 slots need one each; widen the ranges of `draw`, or lower `count`"
    )
