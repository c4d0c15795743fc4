"""What nbgrader's own loop needs of a course, opened once in its process: nbgrader calls for one notebook at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.classroom.batch import with_keys
from grader.classroom.engines import Serial
from grader.classroom.grading import grade_class
from grader.classroom.hand_ins import HandIn, from_folder
from grader.classroom.issuing import as_issued
from grader.classroom.store import Store
from grader.course.course import Assignment, Course, load_course
from grader.course.faults import CourseError
from grader.course.secret import find_secret
from grader.marking.notebook import METADATA
from grader.marking.record import Record, read_record
from grader.marking.submission import sheet_attempt
from grader.notebook.document import is_shared, notebook_of
from grader.notebook.gradebook import share_engines
from grader.text import visible


@dataclass(frozen=True)
class Desk:
    """An open course with its store."""

    course: Course
    store: Store

    def secret(self, assignment: Assignment) -> bytes | None:
        try:
            return find_secret(self.course.folder, self.course.public_seed)
        except CourseError:
            if is_shared(assignment):
                return None
            raise

    def true_notebook(self, assignment: Assignment, student: str, claimed: Any) -> dict[str, Any]:
        """The notebook this student was handed out. Of the file only the attempt is believed: it opens other numbers, not other students'."""
        attempt = sheet_attempt(claimed if isinstance(claimed, str) else None)
        # With the keys that releasing has computed: torch takes longer than all the rest.
        issued = with_keys(assignment, self.store, [(student, attempt)]).get((student, attempt))
        sheet, signature = as_issued(self.course, assignment, student, attempt, issued, self.secret(assignment))
        return notebook_of(sheet, self.course.languages, signature)

    def graded(self, assignment: Assignment, folder: Path, student: str, *, trust: bool = False) -> Record | None:
        """Grades what lies in a folder, as `grader grade` would, into the same store; None where nothing lies there."""
        found: HandIn | None = from_folder(folder, student, assignment, self.course.timezone)
        if found is None:
            return None
        about = {"store": self.store, "secret": self.secret(assignment), "engine": Serial(), "now": datetime.now(UTC), "student": visible(student, 80)}
        outcomes = list(grade_class(self.course, assignment, [found], again=True, trust=trust, **about))  # type: ignore[arg-type]
        return read_record(json.loads(outcomes[0].record)) if outcomes else None


@lru_cache(maxsize=2)
def desk(folder: str) -> Desk:
    """The course in a folder, loaded once.

    Raises:
        CourseError, StoreError: it cannot be used.
    """
    share_engines()
    course = load_course(Path(folder), solutions=False)
    return Desk(course, Store(course.store, course.folder, course.id).__enter__())


def claimed_sheet(metadata: Any) -> Any:
    """What a notebook says whose it is."""
    claims = metadata.get(METADATA) if isinstance(metadata, dict) else None
    return claims.get("sheet") if isinstance(claims, dict) else None
