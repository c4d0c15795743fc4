"""A class in two lines, its table, and its answers as Parquet, all from the JSON of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course.course import Course
from grader.marking.outline import read_outline, standings
from grader.marking.record import Flag, PartGrade, Record, SlotGrade, Status, Verdict
from grader.reports.parquet import COLUMNS, answers, write_parquet
from grader.reports.summary import grades_text, mistakes_text, summary
from grader.reports.table import grades_csv, rows
from tests.reports.conftest import about, part

LESSON = "lesson1-worked"


def record(student: str, points: Fraction | int = 1, mistakes: tuple[str, ...] = (), **fields: Any) -> Record:
    own: PartGrade = part(credit=Fraction(points) / 2, verdict=Verdict.PARTIAL, mistakes=mistakes, answer="p/q", key=[[1]])
    slot = SlotGrade(slot="conv-array", exercise="conv-array", variant="0" * 16, possible=Fraction(2), parts=(own,))
    return about(**{"student": student, "slots": (slot,), **fields})


def texts(*records: Record) -> Iterator[str]:
    return (json.dumps(record.to_json()) for record in records)


def test_an_outline_says_what_its_record_says() -> None:
    full = record("ada", Fraction(5, 6), flags=(Flag.UNKNOWN_SLOT,))
    outline = read_outline(full.to_json())
    assert (outline.score, outline.points, outline.flags) == (full.score, {"conv-array": Fraction(5, 6)}, full.flags)
    assert (outline.student, outline.attempt, outline.status, outline.submission) == (full.student, full.attempt, full.status, full.submission)


def test_one_standing_for_each_student(course: Course) -> None:
    policy = course.assignments[LESSON].policies.attempts
    found = list(standings(texts(record("ada", 1), record("ada", 2, attempt=2), record("alan", status=Status.REFUSED, slots=())), policy))
    assert [(standing.student, standing.outline and standing.outline.attempt) for standing in found] == [("ada", 2), ("alan", 1)]
    assert found[0].data is not None
    assert found[0].data["score"] == 2


def test_a_class_in_two_lines(course: Course) -> None:
    records = texts(
        record("ada", 1, ("ceil", "nearest")),
        record("alan", 2, ("ceil",)),
        record("emmy", status=Status.REFUSED, slots=()),
        record("eve", Fraction(1, 2)),
    )
    found = summary(course, course.assignments[LESSON], records)
    assert grades_text(found, Fraction(10)) == "3 graded of 9; mean 1.17, median 1.00 of 10 points"
    assert mistakes_text(found) == "commonest mistakes: ceil in conv-array (1.5), nearest in conv-array (0.5)"
    assert found.look == ("emmy",)
    nothing = summary(course, course.assignments[LESSON], iter(()))
    assert (grades_text(nothing, Fraction(10)), mistakes_text(nothing)) == ("nothing is graded yet", "")


def test_grades_are_those_of_the_records(course: Course) -> None:
    assignment = course.assignments[LESSON]
    full = record("ada", Fraction(5, 6))
    table = rows(course, assignment, texts(full))
    lines = grades_csv(assignment, table).splitlines()
    assert next(line for line in lines if line.startswith("ada,")).split(",")[5:9] == ["0.833333", "10", "graded", "1"]
    assert sum(",missing," in line for line in lines) == 7


def test_answers_as_parquet(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    records = [replace(record("ada", 1, ("ceil",)), submitted_at=None).to_json(), record("it's", 2).to_json()]
    assert [row["student"] for row in answers(records)] == ["ada", "it's"]
    path = tmp_path / "it's.parquet"
    assert write_parquet(path, records) == 2
    found = duckdb.connect().read_parquet(str(path))
    assert found.columns == list(COLUMNS)
    rows_found = found.project("points, mistakes, key").fetchall()
    assert [(points, mistakes, json.loads(key)) for points, mistakes, key in rows_found] == [(1.0, ["ceil"], [[1]]), (2.0, [], [[1]])]
    assert write_parquet(tmp_path / "empty.parquet", []) == 0
    with pytest.raises(OSError, match="Cannot open file"):
        write_parquet(tmp_path / "nowhere" / "a.parquet", records)
