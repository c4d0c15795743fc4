"""nbgrader's own commands on a class whose notebooks all differ: released, handed in (some spoiled), graded, fed back, exported."""

from __future__ import annotations

import copy
import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.classroom.simulate import fill, habits
from grader.classroom.store import Store
from grader.cli.main import app
from grader.course.bank import lay_out
from grader.course.course import load_course
from grader.course.secret import FILE
from grader.marking.record import Record, read_record
from tests.notebook.notebooks import cell_of, filled, hand_in, sheet_of

SCORES = """
    select s.student_id, b.name, g.auto_score, g.manual_score, g.needs_manual_grade, c.auto_comment, c.manual_comment
    from submitted_assignment s
    join assignment a on a.id = s.assignment_id and a.name = ?
    join submitted_notebook n on n.assignment_id = s.id
    join grade g on g.notebook_id = n.id
    join base_cell b on b.id = g.cell_id
    join base_cell d on d.name = b.name and d.notebook_id = b.notebook_id and d.type = 'SolutionCell'
    join comment c on c.notebook_id = n.id and c.cell_id = d.id
"""
Cell = dict[str, Any]


@dataclass(frozen=True)
class Class:
    """A course, the nbgrader course on it, and what became of everybody."""

    course: Path
    home: Path

    def nbgrader(self, *arguments: str, status: int = 0) -> str:
        """Runs nbgrader as an instructor does; whoever runs the tests has settings of Jupyter that are neither read nor touched."""
        home = self.course.parent / "home"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        environment |= {"HOME": str(home), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        command = [sys.executable, "-m", "nbgrader", *arguments]
        found = subprocess.run(command, cwd=self.home, env=environment, capture_output=True, text=True, check=False)
        assert found.returncode == status, found.stderr[-3_000:]
        return found.stdout + found.stderr

    def grader(self, *arguments: object, status: int = 0) -> str:
        found = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert found.exit_code == status, found.output
        return found.output

    def cells(self, assignment: str = "lesson1") -> dict[tuple[str, str], Cell]:
        """Every graded cell in nbgrader's gradebook, by student and slot."""
        with closing(sqlite3.connect(self.home / "gradebook.db")) as db:
            rows = db.execute(SCORES, (assignment,)).fetchall()
        names = ("auto_score", "manual_score", "look", "comment", "manual_comment")
        return {(student, slot): dict(zip(names, rest, strict=True)) for student, slot, *rest in rows}

    def change(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.home / "gradebook.db")) as db, db:
            assert db.execute(statement, values).rowcount == 1

    def records(self) -> Mapping[str, Record]:
        course = load_course(self.course, solutions=False)
        with Store(course.store, self.course, course.id) as store:
            found = [read_record(json.loads(text)) for text in store.records("lesson1")]
        return {record.student: record for record in found}


def spoil(student: str, document: Any) -> Any:
    """What each student does to the notebook beside answering."""
    match student:
        case "alan":  # copies and pastes a graded cell: stock nbgrader then stops for everybody who comes after
            document["cells"].append(copy.deepcopy(cell_of(document, "one-window")) | {"id": "copied"})
        case "emmy":  # runs for ever, and edits the question
            loop: dict[str, Any] = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "while True: pass", "outputs": [], "execution_count": None}
            document["cells"].insert(3, loop)
            cell_of(document, "question-one-window")["source"] = "The answer is 1."
        case "grace":  # gives herself points, and forges what the cell printed
            cell = cell_of(document, "conv-array")
            cell["metadata"]["nbgrader"]["points"] = 100
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}]
        case "hua":
            document["cells"].reverse()
        case "john":
            document["cells"] = [cell for cell in document["cells"] if cell["metadata"]["nbgrader"]["grade"]]
    return document


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class that has been through `nbgrader autograde` once."""
    folder = tmp_path_factory.mktemp("nbgrader")
    found = Class(folder / "course", folder / "course" / "nb")
    lay_out(found.course)
    (found.course / FILE).write_text("0123456789abcdef0123456789abcdef\n")
    found.grader("nbgrader", "init", found.home, "--course", found.course)
    found.grader("nbgrader", "release", "lesson1", "--dir", found.home)
    course = load_course(found.course)
    names = {entry.exercise.id: list(entry.exercise.mistakes) for entry in course.assignment("lesson1").entries}
    for own in habits(list(course.roster or {}), names, 3):
        if own.student == "wang":
            hand_in(found.home, "wang", b'{"cells": [')
            continue
        answers: dict[str, dict[str, Any]] = {}
        for part in fill(sheet_of(found.course, own.student), own, 3):
            answers.setdefault(part.slot, {})[part.part] = part.answer
        released = json.loads((found.home / "release" / own.student / "lesson1" / "lesson1.ipynb").read_text())
        hand_in(found.home, own.student, spoil(own.student, filled(released, answers)))
    # wang's file is damaged, which nbgrader itself reports; the others are graded all the same.
    found.nbgrader("autograde", "lesson1", status=1)
    return found


def test_every_score_is_the_graders_and_every_comment_has_the_reason(class_: Class) -> None:
    cells = class_.cells()
    records = class_.records()
    assert len(records) == 7
    for student, record in records.items():
        for slot in record.slots:
            cell = cells[student, slot.slot]
            assert cell["auto_score"] == float(slot.score)
            assert not cell["look"]
            for part in slot.parts:
                assert part.feedback.en in cell["comment"]
                assert part.feedback.zh in cell["comment"]
    partial = [cell for (student, slot), cell in cells.items() if student != "wang" and cell["auto_score"] not in (0, None)]
    assert any("partly right" in cell["comment"] for cell in partial)  # this class makes mistakes that are recognised


def test_nothing_is_run_and_nobody_gains(class_: Class) -> None:
    cells = class_.cells()
    possible = {slot.slot: float(slot.possible) for slot in class_.records()["ada"].slots}
    assert all(cell["auto_score"] is None or cell["auto_score"] <= possible[slot] for (_, slot), cell in cells.items())
    assert all(cell["look"] for (student, _), cell in cells.items() if student == "wang")


def test_cells_are_restored_from_the_students_own_variant(class_: Class) -> None:
    for student in ("alan", "emmy", "hua", "john"):
        released = json.loads((class_.home / "release" / student / "lesson1" / "lesson1.ipynb").read_text())
        graded = json.loads((class_.home / "autograded" / student / "lesson1" / "lesson1.ipynb").read_text())
        locked = {c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"]) for c in graded["cells"] if c["metadata"].get("nbgrader", {}).get("locked")}
        assert locked == {c["metadata"]["nbgrader"]["grade_id"]: c["source"] for c in released["cells"] if c["metadata"]["nbgrader"]["locked"]}
    own = [cell for cell in json.loads((class_.home / "autograded" / "emmy" / "lesson1" / "lesson1.ipynb").read_text())["cells"] if not cell["metadata"]]
    assert ["".join(cell["source"]) for cell in own] == ["while True: pass"]


def test_feedback_shows_score_and_reason(class_: Class) -> None:
    class_.nbgrader("generate_feedback", "lesson1")
    record = class_.records()["alan"]
    page = (class_.home / "feedback" / "alan" / "lesson1" / "lesson1.html").read_text()
    wrong = next(part for slot in record.slots for part in slot.parts if part.mistakes)
    assert wrong.feedback.zh in page
    assert f"(Score: {float(record.score):.4g} / 20.0)" in page


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
    assert "7 students" in said
    after = Class(class_.course, elsewhere).cells()
    assert {about: (cell["auto_score"], cell["comment"]) for about, cell in before.items() if about[0] != "wang"} == {
        about: (cell["auto_score"], cell["comment"]) for about, cell in after.items()
    }
    class_.grader("nbgrader", "sync", "lesson1", "--dir", elsewhere)
    assert Class(class_.course, elsewhere).cells() == after


def test_sync_after_grader_grade_says_why_a_file_was_refused(class_: Class) -> None:
    class_.grader("grade", "lesson1", class_.home / "submitted", "--course", class_.course, status=1)
    class_.grader("nbgrader", "sync", "lesson1", "--dir", class_.home)
    cells = {slot: cell for (student, slot), cell in class_.cells().items() if student == "wang"}
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
