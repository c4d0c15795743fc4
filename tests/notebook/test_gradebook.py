"""Records in nbgrader's gradebook, on SQLite and PostgreSQL: all of a class or nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest
from sqlalchemy import text

from grader.course.course import Assignment, Course
from grader.marking.feedback import UNGRADED
from grader.marking.grade import grade
from grader.marking.record import Adjustment, Record, Status, Verdict
from grader.marking.submission import from_data
from grader.notebook.document import shared_sheet, source_of
from grader.notebook.gradebook import GradebookError, gradebook, lasting_gradebook, register, share_engines, write_records, write_students
from grader.text import Text
from grader.variants.variant import draw_sheet

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.db'}" if request.param == "sqlite" else str(request.getfixturevalue("postgres").new_database())


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return course.assignment("lesson1-worked")


@contextmanager
def opened(url: str, course: Course, assignment: Assignment) -> Iterator[Any]:
    with gradebook(url, course.id) as book:
        register(book, assignment, source_of(course, assignment, ("en",), shared_sheet(course, assignment, None)))
        write_students(book, course)
        yield book


def record_of(course: Course, assignment: Assignment, student: str, answer: Any) -> Record:
    sheet = draw_sheet(course, assignment, student, 1, None)
    data = {"sheet": sheet.id, "answers": {"output-size-1": {"padded_size": 4, "output_size": answer}}}
    return grade(sheet, from_data(data, digest="sha256:0", student=student, submitted_at=NOW), graded_at=NOW)


def scores(book: Any, assignment: Assignment) -> dict[str, float]:
    return {found.student_id: found.score for found in book.assignment_submissions(assignment.id)}


def test_a_class_is_written_and_written_again(url: str, course: Course, assignment: Assignment) -> None:
    names = [*(course.roster or {}), *(f"s{number}" for number in range(50))]  # also whom the gradebook does not know
    with opened(url, course, assignment) as book:
        for answer, expected in ((2, 1.0), (7, 0.25), (2, 1.0)):
            records = [record_of(course, assignment, name, answer) for name in names]
            assert write_records(book, assignment, records, ("en",)) == len(names)
            assert scores(book, assignment) == dict.fromkeys(names, expected)
        grade_row = book.find_grade("output-size-1", assignment.id, assignment.id, "ada")
        assert (grade_row.auto_score, grade_row.needs_manual_grade, grade_row.max_score) == (1.0, False, 1.0)
        comment = book.find_comment("output-size-1", assignment.id, assignment.id, "ada").comment
        assert "output_size: correct" in comment
        assert book.find_submission(assignment.id, "ada").timestamp == NOW.replace(tzinfo=None)


def test_a_failure_leaves_nothing_behind(tmp_path: Path, course: Course, assignment: Assignment) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with opened(url, course, assignment) as book:
        book.db.execute(text("create trigger no_comment before insert on comment begin select raise(abort, 'no room'); end"))
        book.db.commit()
    with pytest.raises(GradebookError, match="no room"), opened(url, course, assignment) as book:
        write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
    with opened(url, course, assignment) as book:
        assert scores(book, assignment) == {}


def test_one_engine_serves_all_who_open_the_gradebook(url: str, course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(url, course, assignment) as alone:
        pass
    shared(monkeypatch)
    with opened(url, course, assignment) as first:
        write_records(first, assignment, [record_of(course, assignment, "ada", 7)], ("en",))
    with lasting_gradebook(url, course.id) as lasting:
        write_records(lasting, assignment, [record_of(course, assignment, "alan", 2)], ("en",))
    with opened(url, course, assignment) as last:
        assert scores(last, assignment) == {"ada": 0.25, "alan": 1.0}
        write_records(last, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
    with lasting_gradebook(url, course.id) as again:
        assert scores(again, assignment) == {"ada": 1.0, "alan": 1.0}
    assert again is lasting
    assert alone.engine is not first.engine is last.engine is lasting.engine
    last.engine.dispose()


def test_a_gradebook_that_was_removed_or_lost_a_table_is_made_whole(url: str, course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    shared(monkeypatch)
    with opened(url, course, assignment) as book:
        write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
        book.db.execute(text("drop table comment"))
        book.db.commit()
    with opened(url, course, assignment) as book:
        assert write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",)) == 1
    if url.startswith("sqlite"):  # an instructor begins anew while a formgrader runs
        Path(url.removeprefix("sqlite:///")).unlink()
        with opened(url, course, assignment) as book:
            assert scores(book, assignment) == {}
            assert write_records(book, assignment, [record_of(course, assignment, "alan", 2)], ("en",)) == 1
            assert scores(book, assignment) == {"alan": 1.0}


def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines shared in this process, until the test ends."""
    for owner, name in ((nbgrader.api, "create_engine"), (nbgrader.api.Base.metadata, "create_all")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    for _ in range(2):
        share_engines()


def test_a_score_given_by_hand_is_looked_at_again_where_the_answer_earns_something_else(url: str, course: Course, assignment: Assignment) -> None:
    with opened(url, course, assignment) as book:
        for answer, look in ((7, False), (7, False), (2, True)):
            write_records(book, assignment, [record_of(course, assignment, "ada", answer)], ("en",))
            row = book.find_grade("output-size-1", assignment.id, assignment.id, "ada")
            assert row.needs_manual_grade is look
            row.manual_score = 0.5
            book.db.commit()
            assert row.score == 0.5


def test_lateness_is_nbgraders_penalty(url: str, course: Course, assignment: Assignment) -> None:
    late = Adjustment(kind="late", points=Fraction(-1, 4), words=Text("a day late", "迟交一天"))
    record = replace(record_of(course, assignment, "ada", 2), adjustments=(late,))
    with opened(url, course, assignment) as book:
        write_records(book, assignment, [record], ("en", "zh"))
        assert book.find_submission(assignment.id, "ada").late_submission_penalty == 0.25
        first = next(slot for entry in assignment.entries for slot in entry.slots)
        assert "a day late" in book.find_comment(first, assignment.id, assignment.id, "ada").comment


def test_what_could_not_be_graded_is_no_zero(url: str, course: Course, assignment: Assignment) -> None:
    record = record_of(course, assignment, "ada", 2)
    slots = [
        replace(slot, parts=tuple(replace(part, verdict=Verdict.UNGRADED, credit=Fraction(0), feedback=UNGRADED) for part in slot.parts))
        if slot.slot == "output-size-1"
        else slot
        for slot in record.slots
    ]
    with opened(url, course, assignment) as book:
        write_records(book, assignment, [replace(record, slots=tuple(slots), status=Status.FAILED)], ("en",))
        found = {name: book.find_grade(name, assignment.id, assignment.id, "ada") for name in ("output-size-1", "output-size-2")}
        assert {name: (row.auto_score, row.needs_manual_grade) for name, row in found.items()} == {
            "output-size-1": (None, True),
            "output-size-2": (0.0, False),
        }


def test_markup_of_a_student_stays_text(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'gradebook.db'}", course, assignment) as book:
        write_records(book, assignment, [record_of(course, assignment, "ada", "<script>alert(1)</script>")], ("en",))
        assert "<" not in book.find_comment("output-size-1", assignment.id, assignment.id, "ada").comment


def test_other_questions_than_nbgrader_has_grades_of(url: str, course: Course, assignment: Assignment) -> None:
    source = source_of(course, assignment, ("en",), shared_sheet(course, assignment, None))
    fewer = copy.deepcopy(source) | {"cells": source["cells"][:-2]}
    with gradebook(url, course.id) as book:
        register(book, assignment, fewer)
        with pytest.raises(GradebookError, match="was the course changed"):
            write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
        register(book, assignment, source)  # nobody has a grade yet: the cells are changed
        write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
        with pytest.raises(GradebookError, match="give the changed assignment a new name"):
            register(book, assignment, fewer)


def test_an_assignment_nbgrader_does_not_know(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    with (
        gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", course.id) as book,
        pytest.raises(GradebookError, match="run `grader nbgrader release lesson1-worked` first"),
    ):
        write_records(book, assignment, [record_of(course, assignment, "ada", 2)], ("en",))
