"""nbgrader's own commands on a class whose notebooks all differ: released, handed in (some spoiled), graded, fed back, exported."""

from __future__ import annotations

import csv
import json
import os
import re
from html import unescape
from pathlib import Path

import pytest

from tests.notebook.nbgrader_class import Class
from tests.notebook.notebooks import filled, hand_in, sheet_of
from tests.notebook.simulated import DAMAGED, STUDENTS, as_handed_in


def test_every_score_is_that_of_grader_grade_and_every_comment_has_the_reason(class_: Class) -> None:
    other = as_handed_in(class_)
    other.grader("grade", "lesson1", other.home / "submitted", "--course", other.course, status=1)  # refuses the damaged file
    records = {student: record for student, record in other.records().items() if student != DAMAGED}
    cells = class_.cells()
    assert {*records, DAMAGED} == set(STUDENTS)
    for student, record in records.items():
        for slot in record.slots:
            cell = cells[student, slot.slot]
            assert cell["auto_score"] == float(slot.score)
            assert not cell["look"]
            for part in slot.parts:
                assert part.feedback.en in cell["comment"]
                assert part.feedback.zh in cell["comment"]
    assert len({record.score for record in records.values()}) > 10  # the class is no crowd of equals
    assert sum(any("partly right" in cell["comment"] for (of, _), cell in cells.items() if of == student) for student in records) > 10


def test_nothing_is_run_and_nobody_gains(class_: Class) -> None:
    cells = class_.cells()
    possible = {slot.slot: float(slot.possible) for slot in class_.records()["ada"].slots}
    assert all(cell["auto_score"] is None or cell["auto_score"] <= possible[slot] for (_, slot), cell in cells.items())
    assert all(cell["look"] for (student, _), cell in cells.items() if student == DAMAGED)


def test_cells_are_restored_from_the_students_own_variant(class_: Class) -> None:
    for student in set(STUDENTS) - {DAMAGED}:
        released, graded = class_.released(student), class_.autograded(student)
        locked = {c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"]) for c in graded["cells"] if c["metadata"].get("nbgrader", {}).get("locked")}
        assert locked == {c["metadata"]["nbgrader"]["grade_id"]: c["source"] for c in released["cells"] if c["metadata"]["nbgrader"]["locked"]}
    own = [cell for cell in class_.autograded("emmy")["cells"] if not cell["metadata"]]
    assert ["".join(cell["source"]) for cell in own] == ["while True: pass"]


def test_every_feedback_page_shows_score_and_reasons(class_: Class) -> None:
    class_.nbgrader("generate_feedback", "lesson1")
    for student, record in class_.records().items():
        page = (class_.home / "feedback" / student / "lesson1" / "lesson1.html").read_text()
        said = "".join(unescape(re.sub(r"<[^>]*>", "", page.partition("<body")[2])).split())
        assert f"(Score:{round(float(record.score), 2)}/20.0)" in said
        for slot in record.slots:
            for part in slot.parts:
                assert "".join(part.feedback.en.split()) in said
                assert "".join(part.feedback.zh.split()) in said


def test_export_by_assignment_and_by_question(class_: Class) -> None:
    class_.nbgrader("export")
    with (class_.home / "grades.csv").open() as file:
        totals = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == "lesson1"}
    class_.nbgrader("export", "--exporter=grader.notebook.export.QuestionExport", "--to=questions.csv")
    with (class_.home / "questions.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == "lesson1"]
    for student, record in class_.records().items():
        assert totals[student] == pytest.approx(float(record.score))
        own = {row["question"]: float(row["score"]) for row in rows if row["student"] == student}
        assert own == {slot.slot: float(slot.score) for slot in record.slots}


def test_what_an_instructor_wrote_survives(class_: Class) -> None:
    place = "(select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id where s.student_id = 'katherine')"
    cell = "(select id from base_cell where name = 'one-window' and type = ?)"
    class_.change(f"update grade set manual_score = 0.75 where notebook_id = {place} and cell_id = {cell}", "GradeCell")
    class_.change(f"update comment set manual_comment = 'my own words' where notebook_id = {place} and cell_id = {cell}", "SolutionCell")
    class_.nbgrader("autograde", "lesson1", "--student=katherine", "--force")
    class_.grader("nbgrader", "sync", "lesson1", "--dir", class_.home)
    found = class_.cells()["katherine", "one-window"]
    assert (found["manual_score"], found["manual_comment"]) == (0.75, "my own words")
    assert found["comment"]


def test_sync_writes_the_same_into_a_gradebook_that_knows_nothing(class_: Class, tmp_path: Path) -> None:
    before = class_.cells()
    settings = (class_.home / "nbgrader_config.py").read_text()
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    place = os.path.relpath(class_.course, elsewhere)
    (elsewhere / "nbgrader_config.py").write_text(settings.replace("here / '..'", f"here / {place!r}"))
    said = class_.grader("nbgrader", "sync", "lesson1", "--dir", elsewhere)
    assert f"{len(STUDENTS) - 1} students" in said
    after = Class(class_.course, elsewhere).cells()
    assert {about: (cell["auto_score"], cell["comment"]) for about, cell in before.items() if about[0] != DAMAGED} == {
        about: (cell["auto_score"], cell["comment"]) for about, cell in after.items()
    }
    class_.grader("nbgrader", "sync", "lesson1", "--dir", elsewhere)
    assert Class(class_.course, elsewhere).cells() == after


def test_sync_after_grader_grade_says_why_a_file_was_refused(class_: Class) -> None:
    class_.grader("grade", "lesson1", class_.home / "submitted", "--course", class_.course, status=1)
    class_.grader("nbgrader", "sync", "lesson1", "--dir", class_.home)
    cells = {slot: cell for (student, slot), cell in class_.cells().items() if student == DAMAGED}
    assert all(cell["auto_score"] is None and cell["look"] for cell in cells.values())
    assert "this is not a notebook" in cells["one-window"]["comment"]


def test_a_shared_variant_goes_the_stock_way(class_: Class) -> None:
    class_.nbgrader("generate_assignment", "lesson1-worked")
    released = json.loads((class_.home / "release" / "lesson1-worked" / "lesson1-worked.ipynb").read_text())
    for cell in released["cells"]:
        cell["source"] = "".join(cell["source"])
    sheet = sheet_of(class_.course, "ada", "lesson1-worked")
    answers = {v.slot: dict(v.expected.key) for v in sheet.variants}
    hand_in(class_.home, "ada", filled(released, answers), "lesson1-worked")
    class_.nbgrader("autograde", "lesson1-worked")
    found = class_.cells("lesson1-worked")
    assert sum(cell["auto_score"] for cell in found.values()) == 10
    assert not any(cell["look"] for cell in found.values())


def test_validate_is_content_with_an_answered_notebook(class_: Class) -> None:
    said = class_.nbgrader("validate", str(class_.home / "submitted" / "ada" / "lesson1" / "lesson1.ipynb"))
    assert "Success" in said
    assert "changed" not in said.lower()
