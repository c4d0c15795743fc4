"""Steps of `nbgrader autograde`, named in nbgrader_config.py: cells put back to a student's own numbers, answers marked.

nbgrader's own steps put every student's cells back to one text, and run the notebook in a kernel beside its gradebook.
Here no kernel is started: answers are read, and programs are run confined, each by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from grader.course.course import Assignment
from grader.documents import DocumentError
from grader.marking.notebook import METADATA, answer_cells, that_count
from grader.notebook.desk import Desk, claimed_sheet, desk
from grader.notebook.document import restored
from grader.notebook.gradebook import lasting_gradebook, write_records
from grader.sandbox.level import IsolationError

TRUST = "`c.MarkAnswers.trust_student_code = True` in nbgrader_config.py runs programs all the same: only if you have read them."


class NotHandedIn(Exception):
    """What lies in the hand-in is not the student's own. nbgrader reports it, takes back what it copied, and goes on to the next student."""


class CoursePreprocessor(NbGraderPreprocessor):  # type: ignore[misc]
    """A step that knows the course nbgrader's course stands on."""

    course_folder = Unicode(".", help="The folder of course.yaml.").tag(config=True)

    def desk(self) -> Desk:
        return desk(str(Path(self.course_folder).resolve()))

    def hand_in(self, resources: Any) -> Path:
        """The folder of what this student handed in."""
        place, about = CourseDirectory(parent=self), resources["nbgrader"]
        return Path(place.format_path(place.submitted_directory, about["student"], about["assignment"]))


class RestoreCells(CoursePreprocessor):
    """Puts the student's notebook back as it was handed out to them, with their answers, and with cells of their own where they stood."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        student = resources["nbgrader"]["student"]
        # nbgrader has followed them, and would give back with the feedback what they lead to: a secret, another's answers.
        if links := [path for path in self.hand_in(resources).rglob("*") if path.is_symlink()]:
            raise NotHandedIn(f"{links[0]} is a symbolic link; put the file itself there, or remove it")
        found = self.desk()
        assignment = found.course.assignment(resources["nbgrader"]["assignment"])
        document = found.true_notebook(assignment, student, claimed_sheet(nb.metadata))
        try:
            answers = {cell.slot: cell.index for cell in that_count(answer_cells(nb), assignment.programs)}
        except DocumentError as error:
            self.log.warning("%s: %s", student, error)  # the record says so too: it is refused
            answers = {}
        names = {slot for entry in assignment.entries for slot in entry.slots}
        cells = restored(document, nb.cells, {slot: index for slot, index in answers.items() if slot in names})
        for number, cell in enumerate(cells):
            cell.setdefault("id", f"own-{number}")  # ids of the students' own cells may be missing, or be there twice
        # The numbers stand in the questions. nbgrader copies, checks and writes the notebook several times over; what is left out saves it that.
        document["metadata"][METADATA].pop("slots")
        return from_dict({**document, "cells": cells}), resources


class MarkAnswers(CoursePreprocessor):
    """Marks the hand-in as `grader grade` does, and writes score and reason of every question into nbgrader's gradebook."""

    trust_student_code = Bool(False, help="Run programs even where nothing confines them.").tag(config=True)

    def check_isolation(self, assignment: Assignment) -> None:
        """Before anything is marked.

        Raises:
            IsolationError: there may be programs to run, nothing confines them here, and they are not trusted.
        """
        if not assignment.programs:
            return
        from grader.classroom.code_running import isolation_fault

        if (fault := isolation_fault(self.trust_student_code)) is not None:
            raise IsolationError(f"{fault} {TRUST}")

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        found = self.desk()
        assignment = found.course.assignment(about["assignment"])
        self.check_isolation(assignment)
        record = found.graded(assignment, self.hand_in(resources), about["student"], trust=self.trust_student_code)
        if record is not None:
            with lasting_gradebook(about["db_url"], found.course.id) as book:
                write_records(book, assignment, [record], found.course.languages)
        return nb, resources
