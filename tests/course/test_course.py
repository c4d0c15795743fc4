"""The course as loaded: assignments, slots, policies, and the names prompts may use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course.course import Course, load_course, load_exercise, slot_names
from grader.course.exercise import Exercise, variant_id
from grader.course.exercise_file import exact
from grader.course.faults import CourseError
from grader.course.names import names_of
from grader.course.policies import Attempts, Late, Policies
from grader.course.rules import sample_of
from grader.course.schema import EntryModel
from grader.documents import NumberText
from tests.conftest import ROOT, CourseCopy


def test_the_course_that_ships(course: Course) -> None:
    assert (course.id, course.languages, course.timezone.key) == ("conv101", ("en", "zh"), "Asia/Shanghai")
    assert list(course.assignments) == ["lesson1", "lesson1-worked", "lesson2", "lesson3", "lesson4", "code1", "code2", "exam", "networks"]
    assert course.roster is not None
    assert course.roster["hua"].name == "华罗庚"
    lesson = course.assignment("lesson1")
    assert lesson.policies == Policies("now", Attempts(3, "best", Fraction(0)), Late(timedelta(minutes=15), Fraction(1, 10), timedelta(days=3)))
    assert lesson.due is not None
    assert lesson.due.astimezone(UTC) == datetime(2026, 12, 8, 15, 59, tzinfo=UTC)
    assert lesson.possible == 20
    assert [entry.group for entry in lesson.entries][-2:] == ["output-size-1", "size-formula"]


def test_without_solutions_nothing_of_torch_is_needed(course_copy: CourseCopy) -> None:
    for path in (course_copy.folder / "solutions").glob("*.py"):
        path.write_text("raise RuntimeError('loaded')\n")
    assert set(load_course(course_copy.folder, solutions=False).exercises) == {path.stem for path in exercises()}
    with pytest.raises(CourseError, match="RuntimeError: loaded"):
        load_course(course_copy.folder)


def test_an_assignment_overrides_what_it_names(course_copy: CourseCopy) -> None:
    course_copy.edit(
        "course.yaml",
        "    title: {en: First lesson, zh: 第一课}\n",
        "    title: {en: First lesson, zh: 第一课}\n    policies: {feedback: after_due, attempts: {count: 1, penalty: 1/3}}\n",
    )
    changed = load_course(course_copy.folder).assignment("lesson1").policies
    assert changed == Policies("after_due", Attempts(1, "best", Fraction(1, 3)), Late(timedelta(minutes=15), Fraction(1, 10), timedelta(days=3)))


def test_an_unknown_assignment_or_exercise_is_named_with_a_cure(course: Course) -> None:
    with pytest.raises(KeyError) as caught:
        course.assignment("leson1")
    assert caught.value.args == ("course.yaml has no assignment 'leson1'; did you mean 'lesson1'?",)
    with pytest.raises(KeyError) as caught:
        load_exercise(ROOT, "output_size")
    assert caught.value.args == ("there is no exercise 'output_size'; did you mean 'output-size'?",)


def test_one_exercise_loads_without_the_others(course_copy: CourseCopy) -> None:
    course_copy.edit("exercises/one-window.yaml", "level: 1", "levle: 1")
    course_copy.edit("solutions/one_window.py", "@reference", "")
    assert load_exercise(course_copy.folder, "output-size").id == "output-size"
    with pytest.raises(CourseError, match="unknown key 'levle'"):
        load_exercise(course_copy.folder, "one-window")


def test_a_part_that_the_reference_does_not_answer_is_a_fault_of_the_course(course_copy: CourseCopy) -> None:
    course_copy.edit("exercises/one-window.yaml", "  value: {", "  result: {")
    for words in ("added up: {value}.", "全部相加：{value}。"):
        course_copy.edit("exercises/one-window.yaml", words, words.replace("{value}", "…"))
    with pytest.raises(CourseError) as caught:
        load_exercise(course_copy.folder, "one-window").expect({"input": [[1]], "kernel": [[1]]})
    place = course_copy.place("exercises/one-window.yaml", "result: ▸{")
    assert str(caught.value) == f"{place} parts.result: the reference of solutions/one_window.py returns no 'result'; known are value"


# How slots are named


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([{"exercise": "a"}], [("a",)], id="named-after-the-exercise"),
        pytest.param([{"exercise": "a", "count": 3}], [("a-1", "a-2", "a-3")], id="count-numbers-them"),
        pytest.param([{"exercise": "a", "count": 1}], [("a",)], id="count-1-does-not"),
        pytest.param([{"exercise": "a"}, {"exercise": "b"}, {"exercise": "a"}], [("a-1",), ("b",), ("a-2",)], id="repeated-entries-are-numbered-in-order"),
        pytest.param([{"exercise": "a", "count": 2}, {"exercise": "a"}], [("a-1", "a-2"), ("a-3",)], id="numbers-go-on"),
        pytest.param([{"exercise": "a", "slot": "warm-up"}], [("warm-up",)], id="a-name-of-its-own"),
        pytest.param([{"exercise": "a", "slot": "warm-up"}, {"exercise": "a"}], [("warm-up",), ("a",)], id="a-named-slot-is-not-counted"),
        pytest.param([{"exercise": "a", "slot": "w", "count": 2}], [("w-1", "w-2")], id="a-named-slot-with-a-count"),
    ],
)
def test_slot_names(lines: list[dict[str, Any]], expected: list[tuple[str, ...]]) -> None:
    assert slot_names([EntryModel(**line) for line in lines]) == expected


# What names mean


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"input": [[1, 2, 3], [4, 5, 6]]}, {"input_height": 2, "input_width": 3}, id="array"),
        pytest.param({"input": [[[1, 2]], [[3, 4]], [[5, 6]]]}, {"input_channels": 3, "input_height": 1, "input_width": 2}, id="channels"),
        pytest.param({"stride": 2}, {"stride_height": 2, "stride_width": 2}, id="size"),
        pytest.param({"stride": [2, 3]}, {"stride_height": 2, "stride_width": 3}, id="size-per-axis"),
        pytest.param({"mode": "same"}, {}, id="text"),
    ],
)
def test_names_of_a_given(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert names_of(given) == {**given, **expected}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(2, Fraction(2), id="int"),
        pytest.param(NumberText("0.1"), Fraction(1, 10), id="decimal-exactly"),
        pytest.param("1/3", Fraction(1, 3), id="fraction"),
        pytest.param("0.5", None, id="quoted-decimal"),
        pytest.param("1/0", None, id="over-zero"),
        pytest.param("half/2", None, id="words"),
        pytest.param(True, None, id="bool"),
        pytest.param(None, None, id="nothing"),
        pytest.param([1], None, id="list"),
        pytest.param("1/" + "9" * 5000, None, id="5000-digits"),
    ],
)
def test_exact(raw: Any, expected: Fraction | None) -> None:
    assert exact(raw) == expected


def test_a_variant_is_named_by_its_exercise_and_given() -> None:
    name = variant_id("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1})
    assert name == "33364544d54e4d42", "names stand in stored records: they may not change"
    assert name == variant_id("output-size", {"padding": 1, "stride": 2, "kernel_size": 3, "input_size": 6})
    assert name != variant_id("output-size", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": [1, 1]})
    assert name != variant_id("output-size-basic", {"input_size": 6, "kernel_size": 3, "stride": 2, "padding": 1})


def exercises() -> list[Path]:
    return sorted((ROOT / "exercises").glob("*.yaml"))


@pytest.mark.parametrize("name", [path.stem for path in exercises()])
def test_every_sentence_of_an_exercise_can_be_filled_in(course: Course, name: str) -> None:
    exercise: Exercise = course.exercises[name]
    samples = {name: sample_of(rule) for name, rule in exercise.draw.items()}
    names = exercise.names({name: 2 if type(sample) is int else sample for name, sample in samples.items()})
    prompt = exercise.prompt.render(names)
    assert prompt.en and prompt.zh and prompt.en != prompt.zh
    for policy in exercise.mistakes.values():
        words = policy.words.render({**names, "answer": "17"})
        assert words.en and words.zh and words.en != words.zh
