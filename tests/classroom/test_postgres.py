"""What only PostgreSQL does: its lock of a session, its strict types; and commands on it from end to end."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grader.classroom.database import StoreError
from grader.classroom.store import Store
from tests.classroom.test_store import ASSIGNMENT, hand_in, names, record
from tests.cli.conftest import WORKED, Run
from tests.cli.conftest import hand_in as hand_in_file
from tests.postgres import Server


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database()


def test_whoever_holds_an_assignment_is_named(url: str, tmp_path: Path) -> None:
    with Store(url, tmp_path, "c") as one, Store(url, tmp_path, "c") as other, one.hold("a"):
        with pytest.raises(StoreError, match=rf"another run is grading a \(process {os.getpid()} on .+, since 20..-..-.. ..:..:.. UTC\)"), other.hold("a"):
            pass
        with other.hold("b"), Store(url, tmp_path, "another") as third, third.hold("a"):
            pass


def test_a_run_that_lost_its_lock_writes_nothing_more(url: str, tmp_path: Path) -> None:
    """As when the server restarts: by then another run may hold the assignment."""
    with Store(url, tmp_path, "c") as store:
        with pytest.raises(StoreError, match="cannot be used"), store.hold(ASSIGNMENT):
            store.add_graded(ASSIGNMENT, 1, [hand_in("ada")], [record("ada")], [])
            engine = create_engine(url)
            with engine.connect() as connection:
                connection.execute(text("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"))
            engine.dispose()
            store.add_graded(ASSIGNMENT, 1, [hand_in("alan")], [record("alan")], [])
        assert names(store) == [("ada", 1.0)]
        with store.hold(ASSIGNMENT):
            store.add_graded(ASSIGNMENT, 1, [hand_in("alan")], [record("alan")], [])
    with Store(url, tmp_path, "c") as store:
        assert names(store) == [("ada", 1.0), ("alan", 1.0)]


HOSTILE = [
    pytest.param(r'{"student": "a\u0000b", "answers": {}}', id="nul-in-a-name"),
    pytest.param(r'{"student": "\ud800", "answers": {}}', id="half-a-character"),
    pytest.param(r'{"student": "ada", "sheet": "x\u0000", "answers": {"conv-array": "\u0000"}}', id="nul-in-an-answer"),
    pytest.param(r'{"student": "ada", "answers": {"conv-array": {"output": "\ud800\udc00 \ud800"}}}', id="half-a-character-in-an-answer"),
    pytest.param(r'{"student": "ada", "answers": {"\u0000": 1, "conv-array": {"\u0000": 1}}}', id="nul-in-a-slot"),
    pytest.param(json.dumps({"student": "x" * 500, "answers": {}}), id="long-name"),
    pytest.param(json.dumps({"student": "王" * 500, "answers": {}}), id="long-name-in-chinese"),
    pytest.param('{"student": "ada", "attempt": 99999999999999999999, "answers": {}}', id="attempt-beyond-any-integer"),
    pytest.param('{"student": "ada", "sheet": "conv101/lesson1-worked/ada/99999999999", "answers": {}}', id="sheet-attempt-beyond-any-integer"),
    pytest.param('{"student": "ada", "submitted_at": "9999-12-31T23:59:59.999999+00:00", "answers": {}}', id="end-of-time"),
    pytest.param('{"student": "ada\'; drop table records; --", "answers": {}}', id="sql"),
    pytest.param('{"student": "ada", "answers": {"conv-array": {"output": [[1e999, -0.0, 1e-400]]}}}', id="numbers-beyond-floats"),
    pytest.param("\0\0\0", id="nul"),
    pytest.param("[" * 100_000, id="deep"),
]


@pytest.mark.parametrize("line", HOSTILE)
def test_no_text_of_a_student_stops_the_store(url: str, run: Run, course_dir: Path, line: str) -> None:
    path = course_dir / "course.yaml"
    path.write_text("\n".join([*(kept for kept in path.read_text().splitlines() if not kept.startswith("store:")), f"store: {url}", ""]))
    good = json.dumps({"student": "alan", "sheet": "conv101/lesson1-worked/alan/1", "answers": {"output-size-1": {"padded_size": 4, "output_size": 2}}})
    (course_dir / "class.jsonl").write_bytes(line.encode() + b"\n" + good.encode() + b"\n")
    done = run("grade", ASSIGNMENT, "--from", "class.jsonl", "--records", "out.jsonl")
    assert "2 records in all" in done.stdout, done.stderr
    assert {"alan"} < {found["student"] for found in map(json.loads, Path("out.jsonl").read_text().splitlines())}


def test_commands_from_end_to_end(url: str, run: Run, course_dir: Path) -> None:
    path = course_dir / "course.yaml"
    path.write_text("\n".join([*(kept for kept in path.read_text().splitlines() if not kept.startswith("store:")), f"store: {url}", ""]))
    assert run("issue", "lesson1").exit_code == 0
    hand_in_file(course_dir, "ada", ASSIGNMENT, WORKED)
    assert "1 graded; 1 records in all" in run("grade", ASSIGNMENT).stdout
    assert "nothing new; 1 records in all" in run("grade", ASSIGNMENT).stdout
    assert "1 graded; 1 records in all" in run("grade", ASSIGNMENT, "--all").stdout
    assert "10 of 10" in run("show", ASSIGNMENT, "ada").stdout
    assert run("report", ASSIGNMENT).exit_code == 0


def test_the_driver_is_the_one_that_pyproject_names() -> None:
    psycopg = importlib.import_module("psycopg")
    assert psycopg.__version__.startswith("3.")
