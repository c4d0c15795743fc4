"""Regrading reads back what was handed in as it came: files, lines, attempts, refusals; and gives whole students, whatever the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom import regrading
from grader.classroom.batch import forget
from grader.classroom.engines import Engine, Serial, Workers
from grader.classroom.grading import grade_class
from grader.classroom.hand_ins import HandIn, from_folders, from_lines
from grader.classroom.past import replaced
from grader.classroom.regrading import Regraded, regrade, to_write, write
from grader.classroom.store import Store
from grader.course.course import Course, load_course
from tests.cli.conftest import WORKED, hand_in

LESSON = "lesson1-worked"
SECRET = b"0123456789abcdef0123456789abcdef"
FIRST, SECOND = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)
WRONG = WORKED.replace("10 12 12", "0 0 0")
ATTEMPTS = "attempts: {count: 3, keep: best, penalty: 0}"


@pytest.fixture
def store(course_dir: Path) -> Iterator[Store]:
    forget()
    with Store("sqlite:///grades.db", course_dir, "conv101") as opened:
        yield opened
    forget()


def grade(folder: Path, store: Store, hand_ins: Iterator[HandIn] | None = None) -> None:
    course = load_course(folder)
    found = hand_ins or from_folders(folder / "submitted", course.assignment(LESSON), course.timezone)
    list(grade_class(course, course.assignment(LESSON), found, store=store, secret=SECRET, engine=Serial(), now=FIRST))


def again(folder: Path, store: Store, engine: Engine | None = None) -> list[Regraded]:
    forget()
    course: Course = load_course(folder)
    return list(regrade(course, course.assignment(LESSON), store=store, secret=SECRET, engine=engine or Serial(), now=SECOND))


def fill(folder: Path, store: Store) -> None:
    """Every way to hand in, and to be refused; alan twice."""
    hand_in(folder, "ada", LESSON, WORKED)
    hand_in(folder, "alan", LESSON, WRONG.replace("/ada/", "/alan/"))
    hand_in(folder, "emmy", LESSON, "answers: [", time=None)
    hand_in(folder, "grace", LESSON, WORKED.replace("/ada/", "/grace/"))
    hand_in(folder, "grace", LESSON, "{}", "answers.json")
    hand_in(folder, "no such", LESSON, WORKED)
    grade(folder, store)
    hand_in(folder, "alan", LESSON, WORKED.replace("/ada/", "/alan/"), time="2026-12-03 10:00")
    grade(folder, store)
    line = {"sheet": f"conv101/{LESSON}/hua/1", "student": "hua", "submitted_at": "2026-12-02 10:00", "attempt": 2, "answers": {"conv-stride": [[1, 2]]}}
    lines = folder / "lines.jsonl"
    lines.write_text("\n".join([json.dumps(line), "no json", '{"answers": {}}']), encoding="utf-8")
    grade(folder, store, from_lines(lines))


def test_what_was_handed_in_is_graded_as_it_was(course_dir: Path, store: Store) -> None:
    fill(course_dir, store)
    found = again(course_dir, store)
    assert [student.student for student in found] == ["ada", "alan", "emmy", "grace", "hua", "line-2", "line-3", "no such"]
    assert [student.changes for student in found] == [()] * 8
    assert [student.old for student in found] == [student.new for student in found]


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_student_is_never_cut_in_two(course_dir: Path, store: Store, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    fill(course_dir, store)
    monkeypatch.setattr(regrading, "BATCH", batch)
    found = again(course_dir, store)
    assert len({student.student for student in found}) == len(found) == 8


def test_attempts_keep_their_numbers_and_their_price(course_dir: Path, store: Store) -> None:
    fill(course_dir, store)
    course = course_dir / "course.yaml"
    course.write_text(course.read_text().replace(ATTEMPTS, "attempts: {count: 3, keep: best, penalty: 0.5}"))
    changed = {student.student: student for student in again(course_dir, store) if student.changes}
    assert changed.keys() == {"alan", "hua"}
    (change,) = changed["alan"].changes
    assert change.old is not None
    assert (change.new.attempt, float(change.old.score), float(change.new.score)) == (2, 10, 5)
    # The first attempt counts now: it is the better one.
    assert changed["alan"].old == 10
    assert changed["alan"].new is not None
    assert 9 < changed["alan"].new < 10


def test_workers_and_one_process_find_the_same(course_dir: Path, store: Store) -> None:
    fill(course_dir, store)
    course = course_dir / "course.yaml"
    course.write_text(course.read_text().replace(ATTEMPTS, "attempts: {count: 1, keep: best, penalty: 0}"))
    one = again(course_dir, store)
    assert any(student.changes for student in one)
    assert again(course_dir, store, Workers(2)) == one


def test_written_changes_are_the_next_standing_records(course_dir: Path, store: Store) -> None:
    fill(course_dir, store)
    course = course_dir / "course.yaml"
    course.write_text(course.read_text().replace(ATTEMPTS, "attempts: {count: 3, keep: last, penalty: 0.5}"))
    before = list(store.submissions(LESSON))
    changes = [json.loads(json.dumps(change)) for student in again(course_dir, store) for change in to_write(student)]
    assert write(store, LESSON, changes, who="kay", reason="a price") == 2
    assert not any(student.changes for student in again(course_dir, store))
    assert list(store.submissions(LESSON)) == before
    (old,) = replaced(store, LESSON, "alan")
    assert (float(old.outline.score), old.by.kind, old.by.who, old.by.reason) == (10, "regrade", "kay", "a price")
    assert list(replaced(store, LESSON, "ada")) == []
