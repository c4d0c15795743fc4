"""A simulated class is the same for the same seed, writes what it says, and its mistakes are recognised."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.classroom.simulate import DAMAGES, fill, habits, mastery
from grader.classroom.trial import filled_in
from grader.course.course import Course
from grader.marking.grade import grade
from grader.marking.record import Status
from grader.marking.submission import read_submission
from grader.variants.sheet import sheet_yaml
from grader.variants.variant import Sheet, draw_sheet

STUDENTS = [f"sim-{number:03}" for number in range(60)]
NOW = datetime(2026, 12, 2, tzinfo=UTC)


def drawn(course: Course, student: str) -> Sheet:
    return draw_sheet(course, course.assignments["lesson1"], student, 1, b"0123456789abcdef")


def names(course: Course) -> dict[str, list[str]]:
    return {entry.exercise.id: list(entry.exercise.mistakes) for entry in course.assignments["lesson1"].entries}


def test_the_same_seed_is_the_same_class(course: Course) -> None:
    assert habits(STUDENTS, names(course), 1) == habits(STUDENTS, names(course), 1)
    assert habits(STUDENTS, names(course), 1) != habits(STUDENTS, names(course), 2)


def test_a_class_has_every_kind_of_student(course: Course) -> None:
    found = habits([f"s{number}" for number in range(2000)], names(course), 1)
    assert {own.damage for own in found} == {None, *DAMAGES}
    assert {own.style for own in found} == {"rows", "lists", "torch"}
    assert 0.3 < sum(not own.mistakes for own in found) / len(found) < 0.5
    assert {own.late_hours > 0 for own in found} == {True, False}


@pytest.mark.parametrize("style", ["rows", "torch"])
def test_grading_finds_just_what_the_truth_says(course: Course, style: str) -> None:
    origins = set()
    for own in habits(STUDENTS, names(course), 5):
        sheet = drawn(course, own.student)
        filled = fill(sheet, own, 5)
        answers: dict[str, dict[str, object]] = {}
        for part in filled:
            answers.setdefault(part.slot, {})[part.part] = part.answer
        text = filled_in(sheet_yaml(sheet, course.languages, None), answers, style)
        record = grade(sheet, read_submission(text.encode(), "yaml", own.student), graded_at=NOW)
        assert record.status is Status.GRADED
        assert record.flags == ()
        by_place = {(slot.slot, part.part): part for slot in record.slots for part in slot.parts}
        for part in filled:
            found = by_place[(part.slot, part.part)]
            origins.add(part.origin.kind)
            match part.origin.kind:
                case "right":
                    assert found.verdict == "correct", (own, part, text)
                case "mistake":
                    assert part.origin.mistake in found.mistakes, (own, part, found)
                case "slip":
                    assert found.mistakes == (), (own, part, found)
                    assert found.verdict != "correct"
                case "blank":
                    assert found.verdict == "blank"
    assert origins == {"right", "mistake", "slip", "blank"}


def test_mastery_counts_methods_not_luck(course: Course) -> None:
    sheet = drawn(course, "sim-000")
    careful = next(own for own in habits(STUDENTS, names(course), 1) if not own.mistakes and not own.blanks)
    assert mastery(fill(sheet, careful, 1), sheet) == 1
