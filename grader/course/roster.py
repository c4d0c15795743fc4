"""The roster: who is in the course. Ids are checked before they ever touch a path."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from grader.course.faults import CourseError, Fault
from grader.documents import DocumentError, decode, read_bytes
from grader.text import visible

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]{0,63}")
ROSTER_BYTES = 50_000_000  # half a million students
_COLUMNS = ("student", "name", "email", "section")


@dataclass(frozen=True, slots=True)
class Student:
    id: str
    name: str = ""
    email: str = ""
    section: str = ""


def valid_id(student: str) -> bool:
    """Whether an id is safe as a folder's name: letters, digits and `_ . @ + -`, at most 64, no leading sign or dot."""
    return STUDENT_ID.fullmatch(student) is not None and ".." not in student


def read_roster(path: Path, shown: str) -> dict[str, Student]:
    """The students of a `student,name,email,section` file, in its order; only `student` is required.

    Raises:
        CourseError: with every faulty line.
    """
    try:
        text = decode(read_bytes(path, ROSTER_BYTES))
    except DocumentError as error:
        what, _, cure = error.text.en.partition("; ")
        raise CourseError([Fault(shown, error.line or 1, 1, "", what, cure or "correct `roster:` in course.yaml, or add the file")]) from error
    # Strict: a quote that is never closed would otherwise swallow the students below it without a word.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise CourseError([Fault(shown, max(reader.line_num, 1), 1, "", f"not CSV: {error}", "save it as comma-separated text")]) from error
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if "student" not in header:
        raise CourseError([Fault(shown, 1, 1, "", "the first line has no column 'student'", f"write {','.join(_COLUMNS)}")])
    faults: list[Fault] = []
    students: dict[str, Student] = {}
    seen: set[str] = set()
    for line, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        student = cells.get("student", "")
        if not valid_id(student):
            faults.append(Fault(shown, line, 1, "student", f"'{visible(student)}' is no valid id", "use letters, digits and _ . @ + -, at most 64"))
        elif student.lower() in seen:
            faults.append(Fault(shown, line, 1, "student", f"'{student}' is there twice", "keep one line (folders do not tell A from a everywhere)"))
        else:
            seen.add(student.lower())
            students[student] = Student(student, *(cells.get(column, "") for column in _COLUMNS[1:]))
    if faults:
        raise CourseError(faults)
    return students
