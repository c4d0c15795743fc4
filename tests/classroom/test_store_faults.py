"""When the store cannot be used: one clear line, exit status 1, and nothing that was written is lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classroom import database
from grader.classroom.tables import SCHEMA
from tests.cli.conftest import WORKED, Run, hand_in

ASSIGNMENT = "lesson1-worked"


@pytest.fixture
def one_graded(run: Run, course_dir: Path) -> Path:
    """A course whose store holds one record."""
    hand_in(course_dir, "ada", ASSIGNMENT, WORKED)
    assert run("grade", ASSIGNMENT).exit_code == 0
    return course_dir


def point(course: Path, url: str) -> None:
    path = course / "course.yaml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("store:")]
    path.write_text("\n".join([*kept, f"store: {url}", ""]), encoding="utf-8")


def refused(run: Run, *arguments: str) -> str:
    """What a command that cannot use the store says: one line."""
    done = run(*arguments)
    assert done.exit_code == 1, done.output
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_on_a_full_disk_what_was_written_stays_and_the_next_run_goes_on(run: Run, one_graded: Path, small_disk: Path) -> None:
    point(one_graded, f"sqlite:///{small_disk}/grades.db")
    assert run("grade", ASSIGNMENT).exit_code == 0
    fill = small_disk / "fill"
    with fill.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    for number in range(40):
        hand_in(one_graded, f"s{number}", ASSIGNMENT, WORKED + f"# {number}" + " " * 20_000)
    said = refused(run, "grade", ASSIGNMENT)
    assert "full" in said or "No space" in said or "disk I/O" in said
    assert "room" in said
    fill.unlink()
    shown = run("show", ASSIGNMENT, "ada", "--json")
    assert json.loads(shown.stdout)["score"] == 10
    run("grade", ASSIGNMENT)
    with sqlite3.connect(small_disk / "grades.db") as connection:
        assert connection.execute("select count(*), count(distinct student) from records").fetchone() == (41, 41)
    connection.close()


def test_a_store_that_another_program_holds(run: Run, one_graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    hand_in(one_graded, "alan", ASSIGNMENT, WORKED.replace("ada", "alan"))
    holder = sqlite3.connect(one_graded / "grades.db", isolation_level=None)
    holder.execute("begin immediate")
    assert "database is locked); another program has held it for" in refused(run, "grade", ASSIGNMENT)
    assert run("report", ASSIGNMENT).exit_code == 0  # reading goes on
    holder.execute("rollback")
    holder.close()
    assert "1 graded; 2 records in all" in run("grade", ASSIGNMENT).stdout


def test_a_store_of_a_newer_grader(run: Run, one_graded: Path) -> None:
    with sqlite3.connect(one_graded / "grades.db") as connection:
        connection.execute("update grader_schema set version_num = '9999'")
    connection.close()
    for command in ("grade", "report"):
        assert f"was written by a newer version of the grader (schema 9999, this one knows {SCHEMA}); update the grader" in refused(run, command, ASSIGNMENT)


def test_a_file_that_is_no_store(run: Run, one_graded: Path) -> None:
    (one_graded / "other.db").write_text("student,score\n" * 200)
    point(one_graded, "sqlite:///other.db")
    assert "file is not a database); the file is something else, or damaged: put a backup in its place" in refused(run, "grade", ASSIGNMENT)


def test_a_folder_that_is_not_there(run: Run, one_graded: Path) -> None:
    point(one_graded, "sqlite:///nowhere/grades.db")
    assert "unable to open database file); check that the folder is there, and that you may write in it" in refused(run, "grade", ASSIGNMENT)


def test_a_disk_that_may_only_be_read(run: Run, one_graded: Path, small_disk: Path) -> None:
    shutil.copy(one_graded / "grades.db", small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    point(one_graded, f"sqlite:///{small_disk}/grades.db")
    said = refused(run, "grade", ASSIGNMENT)
    assert "check that" in said
    assert "you may write" in said


def test_a_server_that_does_not_answer(run: Run, one_graded: Path) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    point(one_graded, "postgresql+psycopg://grader:hunter2@127.0.0.1:1/grades")
    said = refused(run, "grade", ASSIGNMENT)
    assert "the store postgresql+psycopg://grader:***@127.0.0.1:1/grades cannot be used (" in said
    assert "hunter2" not in said
