"""Issues sheets: draws each student's variants, records them, and writes the files to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from grader.classroom.code_files import SUFFIX
from grader.classroom.store import Issued, Store, key_rows, sheet_row
from grader.course.course import Assignment, Course
from grader.course.exercise import Exercise
from grader.course.faults import CourseError, Fault
from grader.course.starter import starter
from grader.variants.sheet import sheet_json, sheet_yaml
from grader.variants.variant import Sheet, draw_sheet

BATCH = 200


@dataclass(frozen=True, slots=True)
class SheetFile:
    student: str
    path: Path
    kept: bool  # the file was there already, and stays: a student may have begun to fill it in


def issue(
    course: Course,
    assignment: Assignment,
    students: Iterable[str],
    *,
    store: Store,
    secret: bytes | None,
    out: Path,
    form: str,
    attempt: int,
    now: datetime,
    languages: tuple[str, ...],
) -> Iterator[SheetFile]:
    """Writes `OUT/STUDENT/ASSIGNMENT/answers.FORM` for each student, and what was issued into the store.

    A sheet issued before is written again with the same numbers, even if the exercise draws others by now.
    """
    wanted = ((student, attempt) for student in students)
    for sheet, signature in issued_sheets(course, assignment, wanted, store=store, secret=secret, now=now):
        path = out / sheet.student / assignment.id / f"answers.{form}"
        kept = path.exists() and not _of_another_attempt(path, sheet)
        if not kept:
            text = sheet_yaml(sheet, languages, signature) if form == "yaml" else json.dumps(sheet_json(sheet, signature), ensure_ascii=False, indent=1) + "\n"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        write_starters(sheet, path.parent, languages)
        yield SheetFile(sheet.student, path, kept)


def issued_sheets(
    course: Course, assignment: Assignment, wanted: Iterable[tuple[str, int]], *, store: Store, secret: bytes | None, now: datetime
) -> Iterator[tuple[Sheet, str | None]]:
    """The true sheet of each (student, attempt) pair with its signature, recorded as issued: all who hand out sheets take them from here.

    A batch is recorded when the caller has taken all of it: by then keys that only writing a sheet needed are known too.

    Raises:
        CourseError: the numbers cannot be drawn, or are drawn by other rules than before.
    """
    check_rules(assignment, store)
    source = iter(wanted)
    while pairs := list(islice(source, BATCH)):
        before = store.issued_many(assignment.id, pairs)
        batch = []
        for student, attempt in pairs:
            sheet, signature = as_issued(course, assignment, student, attempt, before.get((student, attempt)), secret)
            batch.append(sheet)
            yield sheet, signature
        store.add_sheets([sheet_row(sheet, now, secret) for sheet in batch], [row for sheet in batch for row in key_rows(sheet)])


def starter_files(sheet: Sheet, languages: Sequence[str]) -> dict[str, str]:
    """The file to begin with for each slot that asks for a program, by name."""
    parts = ((variant.slot, variant.exercise.code_part) for variant in sheet.variants)
    return {f"{slot}{SUFFIX}": starter(part.code, languages) for slot, part in parts if part is not None and part.code is not None}


def write_starters(sheet: Sheet, folder: Path, languages: Sequence[str]) -> None:
    """Writes `SLOT.py` for each slot that asks for a program. One that is there stays: a student may have begun."""
    for name, text in starter_files(sheet, languages).items():
        path = folder / name
        if not (path.exists() or path.is_symlink()):
            path.write_text(text, encoding="utf-8")


def _of_another_attempt(path: Path, sheet: Sheet) -> bool:
    """Whether a file there is this student's sheet of another attempt, which makes way; anything else is somebody's work."""
    line = re.search(r'^\s*"?sheet"?: "?([^\s",]+)', path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return line is not None and line[1] != sheet.id


def check_rules(assignment: Assignment, store: Store) -> None:
    """Holds the rules of drawing to those that sheets were issued under.

    Raises:
        CourseError: they changed under the same draw version, so that a sheet drawn again would have other numbers.
    """
    faults = [
        Fault(entry.exercise.file, 1, 1, "draw_version", _changed(entry.exercise), BUMP.format(next=entry.exercise.draw_version + 1))
        for entry in assignment.entries
        if entry.given is None and store.keep_rules(entry.exercise) != entry.exercise.rules
    ]
    if faults:
        raise CourseError(faults)


def _changed(exercise: Exercise) -> str:
    rules = f"the rules of drawing at level {exercise.level}" if exercise.within else "the rules of drawing"
    return CHANGED.format(rules=rules, version=exercise.draw_version)


CHANGED = "{rules} have changed since sheets were issued under version {version}"
BUMP = "write `draw_version: {next}` (sheets already issued keep their numbers), or put the rules back"


def true_sheet(course: Course, assignment: Assignment, student: str, attempt: int, store: Store, secret: bytes | None) -> Sheet:
    """The sheet a student truly has: as issued, or drawn again."""
    return as_issued(course, assignment, student, attempt, store.issued(assignment.id, student, attempt), secret)[0]


def as_issued(course: Course, assignment: Assignment, student: str, attempt: int, issued: Issued | None, secret: bytes | None) -> tuple[Sheet, str | None]:
    """A student's sheet and its signature: as issued, whatever the secret is by now; else drawn and signed anew.

    Raises:
        CourseError: it was not issued, and cannot be drawn.
    """
    sheet = draw_sheet(course, assignment, student, attempt, secret, issued.slots if issued else None)
    if issued is not None:
        return sheet, issued.signature
    return sheet, sheet.signature(secret) if secret is not None else None
