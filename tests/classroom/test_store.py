"""The store keeps what was issued and handed in unchanged, and either all of a batch or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.database import StoreError
from grader.classroom.store import Issued, Store, sheet_row
from grader.course.course import Course
from grader.variants.variant import IssuedSlot, Sheet, draw_sheet
from tests.postgres import Server

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECRET = b"0123456789abcdef"
SQLITE = "sqlite:///grades.db"
ASSIGNMENT = "lesson1-worked"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty store's URL: every test of the store runs on both databases."""
    if request.param == "sqlite":
        return SQLITE
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def store(url: str, course: Course, tmp_path: Path) -> Iterator[Store]:
    with Store(url, tmp_path, course.id) as opened:
        yield opened


def sheet(course: Course, student: str = "ada", attempt: int = 1) -> Sheet:
    return draw_sheet(course, course.assignments[ASSIGNMENT], student, attempt, SECRET)


def row(course: Course, student: str = "ada", attempt: int = 1) -> dict[str, Any]:
    return sheet_row(sheet(course, student, attempt), NOW, SECRET)


def hand_in(student: str, digest: str = "sha256:1") -> dict[str, Any]:
    about = {"student": student, "digest": digest, "form": "yaml", "submitted_at": None, "file_time": 0}
    return {**about, "attempt": 1, "line": None, "body": b"answers: {}", "refusal": None}


def record(student: str, digest: str = "sha256:1", score: float = 1.0) -> dict[str, Any]:
    return {"student": student, "digest": digest, "attempt": 1, "status": "graded", "score": score, "record": json.dumps({"student": student, "score": score})}


def names(store: Store, student: str | None = None) -> list[tuple[str, float]]:
    return [(found["student"], found["score"]) for found in map(json.loads, store.records(ASSIGNMENT, student))]


def test_what_was_issued_comes_back(course: Course, store: Store, url: str, tmp_path: Path) -> None:
    store.add_sheets([row(course), row(course, attempt=2), row(course, "alan")])
    with Store(url, tmp_path, course.id) as again:
        mine = Issued({v.slot: IssuedSlot(v.id, v.given) for v in sheet(course).variants}, sheet(course).signature(SECRET))
        assert again.issued(ASSIGNMENT, "ada", 1) == mine
        assert again.issued(ASSIGNMENT, "ada", 3) is None
        assert again.issued(ASSIGNMENT, "emmy", 1) is None
        assert again.issued_many(ASSIGNMENT, [("ada", 1), ("emmy", 1), ("alan", 1)]).keys() == {("ada", 1), ("alan", 1)}
        assert again.issued_many(ASSIGNMENT, [("ada", 1)])["ada", 1] == mine
        assert [(student, attempt) for student, attempt, _ in again.all_issued(ASSIGNMENT)] == [("ada", 1), ("ada", 2), ("alan", 1)]


def test_an_issued_sheet_never_changes(course: Course, store: Store) -> None:
    store.add_sheets([row(course)])
    store.add_sheets([{**row(course), "slots": "{}"}])
    issued = store.issued(ASSIGNMENT, "ada", 1)
    assert issued is not None
    assert len(issued.slots) == 7


def test_records_come_back_in_order_and_once_each(store: Store) -> None:
    run = store.start_run(ASSIGNMENT, "grade", "me", {})
    store.add_graded(ASSIGNMENT, run, [hand_in("emmy")], [record("emmy")], [])
    store.add_graded(ASSIGNMENT, run, [hand_in("ada")], [record("ada")], [])
    assert names(store) == [("ada", 1.0), ("emmy", 1.0)]
    assert names(store, "emmy") == [("emmy", 1.0)]
    assert list(store.records("lesson1")) == []
    assert store.counts(ASSIGNMENT) == {"graded": 2}
    assert {(g.student, g.digest) for g in store.graded(ASSIGNMENT)} == {("ada", "sha256:1"), ("emmy", "sha256:1")}
    assert [g.student for g in store.graded(ASSIGNMENT, {"emmy"})] == ["emmy"]


def test_what_was_found_around_a_hand_in_comes_back(store: Store) -> None:
    run = store.start_run(ASSIGNMENT, "grade", "me", {})
    rows = [{**hand_in("ada"), "remarks": "[1]"}, {**hand_in("emmy"), "remarks": "[2]"}, {**hand_in("alan"), "remarks": None}]
    store.add_graded(ASSIGNMENT, run, rows, [record(row["student"]) for row in rows], [])
    assert store.remarks(ASSIGNMENT) == {("ada", "sha256:1"): "[1]", ("emmy", "sha256:1"): "[2]"}
    assert store.remarks(ASSIGNMENT, "emmy") == {("emmy", "sha256:1"): "[2]"}
    assert store.remarks(ASSIGNMENT, "alan") == {}


def test_a_record_that_is_replaced_moves_to_the_history(store: Store) -> None:
    first, second = (store.start_run(ASSIGNMENT, kind, "me", {}) for kind in ("grade", "regrade"))
    store.add_graded(ASSIGNMENT, first, [hand_in("ada"), hand_in("alan")], [record("ada"), record("alan")], [])
    store.add_graded(ASSIGNMENT, second, [hand_in("ada")], [record("ada", score=2.0)], [])
    assert names(store) == [("ada", 2.0), ("alan", 1.0)]
    assert [(run, json.loads(text)["score"]) for run, text in store.past(ASSIGNMENT, "ada")] == [(second, 1.0)]
    assert list(store.past(ASSIGNMENT, "alan")) == []
    assert [found["body"] for found in store.submissions(ASSIGNMENT)] == [b"answers: {}"] * 2


def test_courses_in_one_store_do_not_meet(store: Store, url: str, tmp_path: Path) -> None:
    store.add_graded(ASSIGNMENT, 1, [hand_in("ada")], [record("ada")], [])
    with Store(url, tmp_path, "another") as other:
        assert list(other.records(ASSIGNMENT)) == []
        other.add_graded(ASSIGNMENT, 1, [hand_in("ada")], [record("ada", score=9.0)], [])
        assert list(other.past(ASSIGNMENT, "ada")) == []
    assert names(store) == [("ada", 1.0)]


def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(StoreError):
        store.add_graded(ASSIGNMENT, 1, [hand_in("ada")], [{**record("ada"), "status": None}], [])
    assert names(store) == []
    assert list(store.submissions(ASSIGNMENT)) == []


def test_one_run_at_a_time_holds_an_assignment(course: Course, store: Store, url: str, tmp_path: Path) -> None:
    with store.hold(ASSIGNMENT), Store(url, tmp_path, course.id) as other:
        with (
            pytest.raises(StoreError, match=r"another run is grading lesson1-worked \(process \d+ on .*, since .*\); wait for it to end"),
            other.hold(ASSIGNMENT),
        ):
            pass
        with other.hold("lesson1"):
            pass
    with store.hold(ASSIGNMENT):
        pass


def test_records_stream_in_one_order_on_every_database(store: Store) -> None:
    students = [f"{letter}{number:03}" for letter in "Bab_ä王" for number in range(400)]
    store.add_graded(ASSIGNMENT, 1, [hand_in(student) for student in students], [record(student) for student in students], [])
    assert [student for student, _ in names(store)] == sorted(students)
    assert [found["student"] for found in store.submissions(ASSIGNMENT)] == sorted(students)


def test_a_stream_may_be_left_halfway_and_written_beside(store: Store) -> None:
    rows = [f"s{number:04}" for number in range(1200)]
    store.add_graded(ASSIGNMENT, 1, [hand_in(student) for student in rows], [record(student) for student in rows], [])
    seen = 0
    for found in store.submissions(ASSIGNMENT):  # as a regrade does: reads on while it writes
        if seen % 200 == 0:
            store.add_graded(ASSIGNMENT, 2, [], [record(found["student"], score=2.0)], [])
        seen += 1
    assert seen == 1200
    stream = store.records(ASSIGNMENT)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert sum(score == 2.0 for _, score in names(store)) == 6


def test_bytes_come_back_as_they_were_and_text_in_any_script(store: Store) -> None:
    body, words = bytes(range(256)) * 4, "a\\'\"%s :name {x} 王 \U0001f600 \u202e"
    store.add_graded(ASSIGNMENT, 1, [{**hand_in(words), "body": body}], [record(words)], [])
    assert [(found["student"], found["body"]) for found in store.submissions(ASSIGNMENT)] == [(words, body)]
    assert names(store, words) == [(words, 1.0)]


def test_two_hand_ins_that_read_as_one_are_kept_once(store: Store) -> None:
    """As of two folders with names that cannot be shown: both are refused, and neither stops the others."""
    store.add_graded(ASSIGNMENT, 1, [hand_in("·"), hand_in("·"), hand_in("ada")], [record("·"), record("·"), record("ada")], [])
    assert names(store) == [("ada", 1.0), ("·", 1.0)]
    assert list(store.past(ASSIGNMENT, "·")) == []


@pytest.mark.parametrize("address", ["nonsense", "sqlite://user:hunter2@/x.db", "nodriver://user:hunter2@host/db", "postgresql+nodriver://a:hunter2@h/d"])
def test_an_unusable_url_says_so_without_its_password(course: Course, tmp_path: Path, address: str) -> None:
    with pytest.raises(StoreError, match="is no usable database URL") as caught:
        Store(address, tmp_path, course.id)
    assert "hunter2" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_named(course: Course, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"needs asyncpg, which is not installed; write postgresql\+psycopg://.*pip install 'conv-grader\[postgres\]'"):
        Store("postgresql+asyncpg://a:hunter2@h/d", tmp_path, course.id)
