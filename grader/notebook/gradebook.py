"""Records into nbgrader's gradebook: scores and the reason for each, for a class in one transaction.

What an instructor has written there by hand, scores and comments, is never touched. nbgrader's own functions commit
after every row, and take 50 ms for a student; here its tables are written in bulk through its own models.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from grader.course.course import Assignment, Course
from grader.marking.record import Record, Verdict
from grader.notebook.comments import comments, to_be_seen


class GradebookError(Exception):
    """The gradebook cannot take the records; the message says why and what to do. Nothing was written."""


@contextmanager
def gradebook(url: str, course: str) -> Iterator[Any]:
    """nbgrader's gradebook, made where there is none."""
    with _trouble_named(), _opened(url, course) as found:
        yield found


@contextmanager
def lasting_gradebook(url: str, course: str) -> Iterator[Any]:
    """nbgrader's gradebook, opened once in a process that comes back to it for every notebook. Between two uses it holds nothing."""
    with _trouble_named():
        book = _kept_open(url, course)
        try:
            yield book
        finally:
            book.db.remove()


def share_engines() -> None:
    """Has nbgrader use one engine for each gradebook, in this process, and look for all its tables at once.

    It opens its gradebook five times for every notebook, each time with a new engine that compiles the same queries
    again, and asks for each of its tables whether it is there: two fifths of all its time. An engine is made to be
    shared, and one that was disposed of connects anew.
    """
    from nbgrader import api
    from sqlalchemy import inspect
    from sqlalchemy.exc import SAWarning

    if hasattr(api.create_engine, "cache_info"):
        return
    api.create_engine = lru_cache(maxsize=4)(api.create_engine)
    metadata = api.Base.metadata
    create_all = metadata.create_all

    def create_missing(bind: Any, **options: Any) -> None:
        if not metadata.tables.keys() <= set(inspect(bind).get_table_names()):
            create_all(bind, **options)

    metadata.create_all = create_missing
    # Of how nbgrader makes the rows of a submission, which come out right; an instructor would read it again for every notebook.
    warnings.filterwarnings("ignore", message="Object of type <Submitted", category=SAWarning)


def _opened(url: str, course: str) -> Any:
    from nbgrader.api import Gradebook

    # A new gradebook is made with the command `alembic`, which lies beside this Python and may not be on the path.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (os.environ.get("PATH"), beside)))
    return Gradebook(url, course)


_kept_open = lru_cache(maxsize=2)(_opened)


@contextmanager
def _trouble_named() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        raise GradebookError(f"nbgrader's gradebook cannot be used ({reason}); check `c.CourseDirectory.db_url` and that no other program holds it") from error


def register(book: Any, assignment: Assignment, source: Mapping[str, Any]) -> None:
    """Makes the assignment, its notebook and its cells known to nbgrader, as `nbgrader generate_assignment` would.

    Raises:
        GradebookError: nbgrader has grades of this assignment with other cells.
    """
    import json

    due = assignment.due.astimezone(UTC).replace(tzinfo=None) if assignment.due else None
    book.update_or_create_assignment(assignment.id, duedate=due)
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in source["cells"]}
    notebook = book.update_or_create_notebook(assignment.id, assignment.id, kernelspec=json.dumps(source["metadata"]["kernelspec"]))
    known = {cell.name for cell in notebook.source_cells}
    if known and known != cells.keys() and notebook.submissions:
        differing = ", ".join(sorted(known ^ cells.keys())[:5])
        raise GradebookError(f"{assignment.id} has other questions in nbgrader's gradebook ({differing}), and grades; give the changed assignment a new name")
    if known - cells.keys():
        book.remove_notebook(assignment.id, assignment.id)
        register(book, assignment, source)
        return
    for name, cell in cells.items():
        marks = cell["metadata"]["nbgrader"]
        about = {"cell_type": cell["cell_type"], "source": cell["source"], "checksum": marks["checksum"], "locked": marks["locked"]}
        book.update_or_create_source_cell(name, assignment.id, assignment.id, **about)
        if marks["grade"]:
            book.update_or_create_grade_cell(name, assignment.id, assignment.id, max_score=marks["points"], cell_type=cell["cell_type"])
            book.update_or_create_solution_cell(name, assignment.id, assignment.id)


def knows(book: Any, assignment: Assignment) -> bool:
    """Whether nbgrader has the assignment, with a cell for every question."""
    try:
        _Cells(book, assignment)
    except GradebookError:
        return False
    return True


def write_students(book: Any, course: Course) -> None:
    """Puts the roster into the gradebook; names that are there already stay. The caller commits."""
    from nbgrader.api import Student

    known = {student.id for student in book.db.query(Student.id)}
    for entry in (course.roster or {}).values():
        if entry.id not in known:
            first, _, last = entry.name.rpartition(" ")
            book.db.add(Student(id=entry.id, first_name=first or None, last_name=last or None, email=entry.email or None))


def write_records(book: Any, assignment: Assignment, records: Iterable[Record], languages: Sequence[str]) -> int:
    """Writes one record for each student: a score and a comment for each question, and what lateness or attempts cost. One transaction.

    Returns:
        how many were written.

    Raises:
        GradebookError: nbgrader does not know the assignment, or knows other questions of it.
    """
    from nbgrader import api
    from sqlalchemy import and_, bindparam, insert, select, update

    # As rows: nbgrader's objects each run a query of their own for what they derive.
    kinds = (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
    students, submissions, notebooks, grades, comments_ = tables = tuple(kind.__table__ for kind in kinds)
    cells = _Cells(book, assignment)
    found = {record.student: record for record in records}
    db = book.db
    handed_in = and_(submissions.c.student_id == students.c.id, submissions.c.assignment_id == cells.assignment)
    within = and_(notebooks.c.assignment_id == submissions.c.id, notebooks.c.notebook_id == cells.notebook)
    known = select(students.c.id, submissions.c.id, notebooks.c.id).select_from(students.outerjoin(submissions, handed_in).outerjoin(notebooks, within))
    wanted = select(notebooks.c.id).where(notebooks.c.notebook_id == cells.notebook)
    if len(found) == 1:  # nbgrader's own loop: a class must not be read again for each of its notebooks
        known = known.where(students.c.id.in_(found))
        wanted = wanted.join(submissions, submissions.c.id == notebooks.c.assignment_id).where(submissions.c.student_id.in_(found))
    places = {student: (submission, notebook) for student, submission, notebook in db.execute(known)}
    graded = select(grades.c.notebook_id, grades.c.cell_id, grades.c.id, grades.c.manual_score, grades.c.auto_score)
    scored = {(row.notebook_id, row.cell_id): row for row in db.execute(graded.where(grades.c.notebook_id.in_(wanted)))}
    commented = select(comments_.c.notebook_id, comments_.c.cell_id, comments_.c.id).where(comments_.c.notebook_id.in_(wanted))
    said = {(notebook, cell): id for notebook, cell, id in db.execute(commented)}
    new: dict[Any, list[dict[str, Any]]] = {table: [] for table in tables}
    changed: dict[Any, list[dict[str, Any]]] = {table: [] for table in tables}

    def put(table: Any, id: str | None, about: dict[str, Any], **place: Any) -> str:
        """A row changed where it is there, or else made."""
        if id is not None:
            changed[table].append({"row": id, **about})
            return id
        new[table].append({"id": (made := uuid4().hex), **place, **about})
        return made

    for student, record in found.items():
        if student not in places:
            new[students].append({"id": student})
        before, notebook = places.get(student, (None, None))
        submission = put(submissions, before, {"timestamp": _utc(record.submitted_at)}, assignment_id=cells.assignment, student_id=student)
        late = {"late_submission_penalty": float(-sum(line.points for line in record.adjustments)) or None}
        notebook = put(notebooks, notebook, late, assignment_id=submission, notebook_id=cells.notebook, flagged=False)
        words, scores = comments(record, cells.slots, languages), _scores(record, cells.slots)
        for slot in cells.slots:
            auto, look = scores[slot]
            old = scored.get((notebook, cells.graded[slot]))
            # A score given by hand stands; where the answer earns something else by now, a person looks again.
            look = look or (old is not None and old.manual_score is not None and old.auto_score is not None and old.auto_score != auto)
            about = {"auto_score": auto, "needs_manual_grade": look}
            put(grades, old.id if old is not None else None, about, notebook_id=notebook, cell_id=cells.graded[slot])
            words_of = {"auto_comment": words.get(slot)}
            put(comments_, said.get((notebook, cells.solution[slot])), words_of, notebook_id=notebook, cell_id=cells.solution[slot])
    try:
        for table, rows in new.items():
            if rows:
                db.execute(insert(table), rows)
        for table, rows in changed.items():
            if rows:
                db.execute(update(table).where(table.c.id == bindparam("row")), rows)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return len(found)


class _Cells:
    """The ids under which nbgrader knows an assignment, its notebook and its graded cells."""

    def __init__(self, book: Any, assignment: Assignment) -> None:
        from nbgrader import api
        from sqlalchemy import select

        self.slots = [slot for entry in assignment.entries for slot in entry.slots]
        known, notebooks, cells = (kind.__table__ for kind in (api.Assignment, api.Notebook, api.BaseCell))
        places = known.join(notebooks, notebooks.c.assignment_id == known.c.id).outerjoin(cells, cells.c.notebook_id == notebooks.c.id)
        query = select(known.c.id, notebooks.c.id, cells.c.type, cells.c.name, cells.c.id).select_from(places)
        found = book.db.execute(query.where(known.c.name == assignment.id, notebooks.c.name == assignment.id)).all()
        if not found:
            raise GradebookError(f"nbgrader does not know {assignment.id}; run `grader nbgrader release {assignment.id}` first")
        self.assignment, self.notebook = found[0][:2]
        self.graded, self.solution = ({name: id for _, _, type, name, id in found if type == kind} for kind in ("GradeCell", "SolutionCell"))
        if missing := [slot for slot in self.slots if slot not in self.graded or slot not in self.solution]:
            raise GradebookError(f"nbgrader knows no cell {missing[0]} of {assignment.id}; was the course changed since `grader nbgrader release`?")


def _scores(record: Record, slots: Sequence[str]) -> Mapping[str, tuple[float | None, bool]]:
    """For each slot its score, and whether a person has to look. Nothing that could not be graded reads as a zero that stands."""
    found: dict[str, tuple[float | None, bool]] = {}
    for slot in record.slots:
        open_part = any(part.verdict is Verdict.UNGRADED for part in slot.parts)
        found[slot.slot] = (None if open_part else float(slot.score), open_part)
    return {slot: found.get(slot, (0.0 if record.slots else None, to_be_seen(record))) for slot in slots}


def _utc(time: str | None) -> datetime | None:
    """nbgrader keeps times in UTC, without saying so."""
    return None if time is None else datetime.fromisoformat(time).astimezone(UTC).replace(tzinfo=None)
