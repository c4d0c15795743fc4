"""Keys that were computed when a sheet was drawn: grading with them gives the same records as computing them anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from grader.classroom.batch import forget
from grader.classroom.engines import Serial
from grader.classroom.grading import grade_class
from grader.classroom.hand_ins import from_folders
from grader.classroom.store import Store
from grader.classroom.trial import hand_in_all, lay_out_trial
from grader.course.course import Course, load_course, load_exercise
from grader.course.faults import CourseError
from grader.course.secret import find_secret
from grader.marking.record import read_record
from grader.marking.slot import _shared
from grader.reports.summary import summary
from grader.reports.table import grades_csv, rows
from tests.conftest import ROOT

NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)
ASSIGNMENT = "lesson1"
STUDENTS = 60


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "trial"
    lay_out_trial(ROOT, folder, STUDENTS, seed=8)
    course = load_course(folder)
    with Store(course.store, folder, course.id) as store:
        secret = find_secret(folder, course.public_seed)
        list(hand_in_all(course, course.assignment(ASSIGNMENT), list(course.roster or {}), store=store, secret=secret, seed=8, now=NOW))
    return folder


@pytest.fixture
def trial(handed_in: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(handed_in, tmp_path / "trial")
    yield tmp_path / "trial"
    forget()


def graded(folder: Path, course: Course) -> list[str]:
    """The records of the class, graded again from what was handed in."""
    forget()
    _shared.clear()
    with Store(course.store, folder, course.id) as store:
        hand_ins = from_folders(folder / "submitted", course.assignment(ASSIGNMENT), course.timezone)
        about = {"store": store, "secret": find_secret(folder, course.public_seed), "engine": Serial()}
        list(grade_class(course, course.assignment(ASSIGNMENT), hand_ins, now=NOW, again=True, **about))  # type: ignore[arg-type]
        return list(store.records(ASSIGNMENT))


def change(folder: Path, statement: str) -> int:
    """Runs a statement on the store as nobody should; how many rows it changed."""
    engine = create_engine(f"sqlite:///{folder}/grades.db")
    with engine.begin() as connection:
        changed = connection.execute(text(statement)).rowcount
    engine.dispose()
    return changed


def test_records_are_the_same_with_known_keys_and_with_computed_ones(trial: Path) -> None:
    course = load_course(trial, solutions=False)
    with_keys = graded(trial, course)
    assert change(trial, "delete from keys") > STUDENTS, "every array at least has a variant of its own"
    assert graded(trial, course) == with_keys
    verdicts = {part["verdict"] for record in map(json.loads, with_keys) for slot in record["slots"] for part in slot["parts"]}
    assert verdicts >= {"correct", "partial", "incorrect", "blank"}


def test_a_key_of_another_solution_is_not_used(trial: Path) -> None:
    course = load_course(trial, solutions=False)
    before = graded(trial, course)
    change(trial, """update keys set expected = '[["value",0]]\n[[],[]]' where expected like '[["value",%'""")
    assert graded(trial, course) != before, "what stands under the solution's own digest is used"
    change(trial, "update keys set digest = 'another'")
    assert graded(trial, course) == before


def test_a_faulty_solution_stops_the_run_where_a_key_has_to_be_computed(trial: Path) -> None:
    (trial / "solutions" / "conv.py").write_text("import torch\n1 / 0\n", encoding="utf-8")
    course = load_course(trial, solutions=False)
    with pytest.raises(CourseError, match=r"solutions/conv\.py:2"):
        graded(trial, course)


def test_a_class_whose_keys_are_known_is_graded_without_torch(trial: Path) -> None:
    code = """
import sys
from pathlib import Path
from tests.classroom.test_keys import graded, load_course
folder = Path(sys.argv[1])
print(len(graded(folder, load_course(folder, solutions=False))), "torch" in sys.modules)
"""
    for statement, found in (("delete from keys where variant = 'nobody'", f"{STUDENTS} False"), ("delete from keys", f"{STUDENTS} True")):
        change(trial, statement)
        assert subprocess.run([sys.executable, "-c", code, trial], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == found


def test_tables_read_from_outlines_are_those_read_from_records(trial: Path) -> None:
    course = load_course(trial, solutions=False)
    assignment = course.assignment(ASSIGNMENT)
    records = graded(trial, course)
    for older in (False, True):
        if older:  # records written before there were outlines
            change(trial, "update records set outline = null")
        with Store(course.store, trial, course.id) as store:
            outlines = list(store.outlines(ASSIGNMENT))
        assert (outlines == records) is older
        assert summary(course, assignment, outlines) == summary(course, assignment, records)
        assert grades_csv(assignment, rows(course, assignment, outlines)) == grades_csv(assignment, rows(course, assignment, records))


def test_a_record_is_written_as_its_json_says(trial: Path) -> None:
    for line in graded(trial, load_course(trial, solutions=False)):
        record = read_record(json.loads(line))
        assert record.text == json.dumps(record.to_json(), ensure_ascii=False) == line


def test_a_code_key_is_another_one_where_the_groups_of_cases_change(tmp_path: Path) -> None:
    """What is kept holds the outputs of every case: with a group more, or one that is hidden now, it is of other cases."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    path = tmp_path / "exercises" / "code-conv2d.yaml"
    words = path.read_text(encoding="utf-8")

    def digest(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        forget()
        return load_exercise(tmp_path, "code-conv2d").digest

    first = digest(words)
    assert "hidden: true" in words
    assert digest(words.replace("hidden: true", "hidden: false", 1)) != first
    assert digest(words.replace("credit: ", "credit:  ", 1)) == first


def test_the_time_of_a_file_is_told_in_the_zone_of_the_course(tmp_path: Path) -> None:
    home = tmp_path / "ada" / ASSIGNMENT
    home.mkdir(parents=True)
    (home / "answers.yaml").write_text("answers:\n", encoding="utf-8")
    os.utime(home / "answers.yaml", (1_764_590_400, 1_764_590_400))  # 2025-12-01 12:00 UTC
    (found,) = from_folders(tmp_path, load_course(ROOT, solutions=False).assignment(ASSIGNMENT), ZoneInfo("Asia/Shanghai"))
    assert found.submitted_at is not None
    assert (found.submitted_at.isoformat(), found.file_time) == ("2025-12-01T20:00:00+08:00", True)
