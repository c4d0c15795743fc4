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


def read_roster(path: Path, shown: str, *, named: bool = True) -> dict[str, Student]:
    """The students of a `student,name,email,section` file, in its order; only `student` is required.

    Args:
        named: also keep what the file says of them; without it, for a process that only asks who is in the course, a large roster takes half the memory.

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
    faults: list[Fault] = []
    students: dict[str, Student] = {}
    seen: set[str] = set()
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if "student" not in header:
            raise CourseError([Fault(shown, 1, 1, "", "the first line has no column 'student'", f"write {','.join(_COLUMNS)}")])
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            student, line = cells.get("student", ""), reader.line_num
            if not valid_id(student):
                faults.append(Fault(shown, line, 1, "student", f"'{visible(student)}' is no valid id", "use letters, digits and _ . @ + -, at most 64"))
            elif (folded := student.lower()) in seen:
                faults.append(Fault(shown, line, 1, "student", f"'{student}' is there twice", "keep one line (folders do not tell A from a everywhere)"))
            else:
                seen.add(student if folded == student else folded)  # the same text once, not twice
                students[student] = Student(student, *(cells.get(column, "") if named else "" for column in _COLUMNS[1:]))
    except csv.Error as error:
        raise CourseError([Fault(shown, max(reader.line_num, 1), 1, "", f"not CSV: {error}", "save it as comma-separated text")]) from error
    if faults:
        raise CourseError(faults)
    return students
