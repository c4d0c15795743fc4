"""Hands out each student's own notebook: in a folder, or as a zip to upload where they will find it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from grader.classroom.issuing import issued_sheets
from grader.classroom.store import Store
from grader.course.course import Assignment, Course
from grader.notebook.document import notebook_of
from grader.notebook.home import notebook_text


def release(
    course: Course, assignment: Assignment, students: Iterable[str], *, store: Store, secret: bytes | None, out: Path, zipped: bool, attempt: int, now: datetime
) -> Iterator[tuple[Path, bool]]:
    """Writes `OUT/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb`, or `OUT/ASSIGNMENT-STUDENT.zip`, and what was issued into the store.

    Gives each path, and whether a notebook was there already, which stays: a student may have begun to fill it in.

    Raises:
        CourseError: the numbers cannot be drawn, or are drawn by other rules than before.
    """
    wanted = ((student, attempt) for student in students)
    for sheet, signature in issued_sheets(course, assignment, wanted, store=store, secret=secret, now=now):
        student = sheet.student
        path = out / f"{assignment.id}-{student}.zip" if zipped else out / student / assignment.id / f"{assignment.id}.ipynb"
        kept = path.exists()
        if not kept:
            text = notebook_text(notebook_of(sheet, course.languages, signature))
            path.parent.mkdir(parents=True, exist_ok=True)
            if zipped:
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr(f"{assignment.id}/{assignment.id}.ipynb", text)
            else:
                path.write_text(text, encoding="utf-8")
        yield path, kept
