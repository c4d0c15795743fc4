"""The store keeps what was issued and handed in unchanged, and either all of a batch or none."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom.store import Issued, Store, StoreError
from grader.course.course import Course
from grader.marking.grade import grade
from grader.marking.record import Record
from grader.marking.submission import Submission, read_submission
from grader.variants.variant import Sheet, draw_sheet

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECRET = b"0123456789abcdef"
URL = "sqlite:///grades.db"


def sheet(course: Course, student: str = "ada", attempt: int = 1) -> Sheet:
    return draw_sheet(course, course.assignments["lesson1-worked"], student, attempt, SECRET)


def graded(course: Course, body: bytes, student: str = "ada") -> tuple[Submission, str, bytes, Record]:
    submission = read_submission(body, "yaml", student)
    return submission, "yaml", body, grade(sheet(course, student), submission, graded_at=NOW)


def test_what_was_issued_comes_back(course: Course, tmp_path: Path) -> None:
    with Store(URL, tmp_path, course.id) as store:
        store.add_sheets([sheet(course), sheet(course, attempt=2)], NOW, SECRET)
    with Store(URL, tmp_path, course.id) as store:
        issued = store.issued("lesson1-worked", "ada", 1)
        assert issued == Issued({v.slot: v.given for v in sheet(course).variants}, sheet(course).signature(SECRET))
        assert store.issued("lesson1-worked", "ada", 3) is None
        assert store.issued("lesson1-worked", "alan", 1) is None


def test_an_issued_sheet_never_changes(course: Course, tmp_path: Path) -> None:
    with Store(URL, tmp_path, course.id) as store:
        first = sheet(course)
        store.add_sheets([first], NOW, SECRET)
        store.add_sheets([Sheet(course, first.assignment, "ada", 1, first.variants[:1])], NOW, SECRET)
        issued = store.issued("lesson1-worked", "ada", 1)
        assert issued is not None
        assert len(issued.given) == len(first.variants)


def test_records_come_back_in_order_and_once_each(course: Course, tmp_path: Path) -> None:
    with Store(URL, tmp_path, course.id) as store:
        one, two = graded(course, b"answers: {}", "emmy"), graded(course, b"answers: {output-size-1: {output_size: 2}}")
        store.add_graded([one])
        store.add_graded([two, one])
        found = list(store.records("lesson1-worked"))
        assert [record["student"] for record in found] == ["ada", "emmy"]
        assert found[0] == two[3].to_json()
        assert [record["student"] for record in store.records("lesson1-worked", "emmy")] == ["emmy"]
        assert list(store.records("lesson1")) == []


def test_courses_in_one_store_do_not_meet(course: Course, tmp_path: Path) -> None:
    with Store(URL, tmp_path, course.id) as store:
        store.add_graded([graded(course, b"answers: {}")])
    with Store(URL, tmp_path, "another") as store:
        assert list(store.records("lesson1-worked")) == []


def test_a_batch_that_fails_leaves_nothing_behind(course: Course, tmp_path: Path) -> None:
    class Broken(Exception):
        pass

    def batch() -> list[tuple[Submission, str, bytes, Record]]:
        return [graded(course, b"answers: {}"), (None, "yaml", b"", None)]  # type: ignore[list-item]

    with Store(URL, tmp_path, course.id) as store:
        with pytest.raises(AttributeError):
            store.add_graded(batch())
        assert list(store.records("lesson1-worked")) == []
        assert store.graded("lesson1-worked") == []


def test_a_store_of_a_newer_grader_is_refused(course: Course, tmp_path: Path) -> None:
    with Store(URL, tmp_path, course.id):
        pass
    with sqlite3.connect(tmp_path / "grades.db") as connection:
        connection.execute("update about set value = '99'")
    connection.close()
    with pytest.raises(StoreError, match=r"schema 99, this one knows 1\); update the grader"), Store(URL, tmp_path, course.id):
        pass


@pytest.mark.parametrize("url", ["nonsense", "sqlite://user:hunter2@/x.db", "nodriver://user:hunter2@host/db", "postgresql+nodriver://a:hunter2@h/d"])
def test_an_unusable_url_says_so_without_its_password(course: Course, tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="is no usable database URL") as caught:
        Store(url, tmp_path, course.id)
    assert "hunter2" not in str(caught.value)
