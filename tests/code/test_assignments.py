"""The assignments of programs that ship, all the way: starter files, hand-ins, grades, one student's grade, the report, grading again."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.batch import forget
from grader.course.course import Course, load_course
from tests.cli.conftest import Run, course_dir, run
from tests.code.conftest import CODE
from tests.code.programs import RIGHT, WRONG

__all__ = ["course_dir", "run"]

ASSIGNMENTS = ("code1", "code2")
ONE_WRONG = {exercise: next((name, program) for (own, name), program in WRONG.items() if own == exercise) for exercise in CODE}


def hand_in(folder: Path, student: str, assignment: str, programs: Mapping[str, str]) -> None:
    """What was issued, with these programs in place of the starters."""
    home = folder / "submitted" / student / assignment
    shutil.copytree(folder / "release" / student / assignment, home)
    (home / "timestamp.txt").write_text("2026-12-23T10:00:00+08:00" if assignment == "code2" else "2026-12-09T10:00:00+08:00")
    for slot, program in programs.items():
        assert (home / f"{slot}.py").exists(), "a starter was issued for it"
        (home / f"{slot}.py").write_text(program, encoding="utf-8")


def records() -> dict[str, Any]:
    return {record["student"]: record for record in map(json.loads, Path("records.jsonl").read_text(encoding="utf-8").splitlines())}


def test_every_code_exercise_is_asked_once(course: Course) -> None:
    asked = [entry.exercise.id for name in ASSIGNMENTS for entry in course.assignment(name).entries]
    assert sorted(asked) == CODE


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_an_assignment_from_starter_to_grade_and_again(run: Run, course_dir: Path, name: str) -> None:
    assignment = load_course(course_dir).assignment(name)
    slots = [slot for entry in assignment.entries for slot in entry.slots]
    for student in ("ada", "alan", "hua"):
        assert run("issue", name, "--student", student).exit_code == 0
    hand_in(course_dir, "ada", name, {slot: RIGHT[slot] for slot in slots})
    hand_in(course_dir, "alan", name, {slot: ONE_WRONG[slot][1] for slot in slots})
    hand_in(course_dir, "hua", name, {})
    assert run("grade", name, "--records", "records.jsonl").exit_code == 0
    found = records()
    assert all((record["status"], record["flags"]) == ("graded", []) for record in found.values())
    assert found["ada"]["score"] == found["ada"]["possible"] == float(assignment.possible)
    parts = {student: {slot["slot"]: slot["parts"][0] for slot in record["slots"]} for student, record in found.items()}
    assert {slot: part["mistakes"] for slot, part in parts["alan"].items()} == {slot: [ONE_WRONG[slot][0]] for slot in slots}
    assert {part["verdict"] for part in parts["alan"].values()} == {"partial"}
    assert {part["verdict"] for part in parts["hua"].values()} == {"blank"}

    shown = run("show", name, "alan").stdout
    for entry in assignment.entries:
        credit = parts["alan"][entry.slots[0]]["credit"]
        assert 0 < credit < 1
        assert entry.exercise.title.en in shown
    report = run("report", name)
    assert report.exit_code == 0
    rows = {row["student"]: row for row in csv.DictReader((course_dir / "grades.csv").read_text(encoding="utf-8-sig").splitlines())}
    assert float(rows["ada"]["score"]) == float(assignment.possible)
    assert f"{ONE_WRONG[slots[0]][0]}" in report.stdout

    shutil.rmtree(course_dir / "submitted")
    assert "records written" not in run("regrade", name, "--yes").stdout
    for slot in slots:
        path = course_dir / "exercises" / f"{slot}.yaml"
        text = path.read_text(encoding="utf-8")
        head, mark, tail = text.partition(f"\n  {ONE_WRONG[slot][0]}:\n    credit: ")
        assert mark, f"{slot} no longer says what {ONE_WRONG[slot][0]} is worth: correct the test"
        path.write_text(head + mark + "0.95" + tail[tail.index("\n") :], encoding="utf-8")
    forget()
    assert "records written: 1" in run("regrade", name, "--yes").stdout
    again = json.loads(run("show", name, "alan", "--json").stdout)
    assert [slot["score"] for slot in again["slots"]] == [pytest.approx(0.95 * slot["possible"]) for slot in again["slots"]]
