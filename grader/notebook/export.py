"""Scores by question for `nbgrader export --exporter=grader.notebook.export.QuestionExport`: nbgrader's own has totals only."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin

from grader.reports.table import safe_cell

HEAD = ("assignment", "student", "question", "score", "max_score", "auto_score", "manual_score", "needs_manual_grade", "comment")


class QuestionExport(ExportPlugin):  # type: ignore[misc]
    """One row for each student and question, in `questions.csv` or where `--to` says."""

    def export(self, gradebook: Any) -> None:
        path = Path(self.to or "questions.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows(question_rows(gradebook, self.assignment, self.student))
        self.log.info("Exported scores by question to %s", path)


def question_rows(book: Any, assignments: list[str], students: list[str]) -> Iterator[list[Any]]:
    """The rows, by assignment, student and question; all of them where no assignment or student is named."""
    from nbgrader.api import Assignment, BaseCell, Comment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook

    grades = (
        book.db.query(Assignment.name, SubmittedAssignment.student_id, GradeCell.name, Grade, GradeCell.max_score)
        .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .order_by(Assignment.name, SubmittedAssignment.student_id, GradeCell.name)
    )
    said = book.db.query(Comment.notebook_id, BaseCell.name, Comment.manual_comment, Comment.auto_comment).join(BaseCell, BaseCell.id == Comment.cell_id)
    words = {(row.notebook_id, row.name): row.manual_comment or row.auto_comment or "" for row in said}
    for assignment, student, question, grade, possible in grades:
        if (not assignments or assignment in assignments) and (not students or student in students):
            score = (grade.auto_score if grade.manual_score is None else grade.manual_score) or 0.0
            numbers = [score + (grade.extra_credit or 0.0), possible, grade.auto_score, grade.manual_score, grade.needs_manual_grade]
            yield [safe_cell(assignment), safe_cell(student), safe_cell(question), *numbers, _one_line(words.get((grade.notebook_id, question), ""))]


def _one_line(text: str) -> str:
    # Cut long before a spreadsheet would: 32,767 characters are a cell's most.
    shown = " ".join(line.removeprefix("- ") for line in text.splitlines() if line)
    return safe_cell(shown[:200]) + shown[200:2_000]
