"""Grades a class: every hand-in once, each on its own, into the store. One bad hand-in stops nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from grader.classroom.hand_ins import HandIn
from grader.classroom.store import Store
from grader.course.course import Assignment, Course
from grader.course.faults import CourseError
from grader.course.roster import valid_id
from grader.marking.grade import grade, refused
from grader.marking.record import Flag, Record, Status
from grader.marking.submission import Submission
from grader.text import Text, visible
from grader.variants.variant import draw_sheet

BATCH = 100


def grade_class(
    course: Course,
    assignment: Assignment,
    hand_ins: Iterable[HandIn],
    *,
    store: Store,
    secret: bytes | None,
    clock: Callable[[], datetime],
    again: bool = False,
) -> Iterator[Record]:
    """Grades what is new or changed since the last run, and gives each new record as it is made.

    Args:
        again: grade everything again, also what has a record already.
    """
    known = store.graded(assignment.id)
    seen = set() if again else {(g.student, g.digest) for g in known}
    taken: dict[str, dict[str, int]] = defaultdict(dict)  # student → digest → attempt, of what counts as an attempt
    for g in known:
        if g.status != Status.REFUSED:
            taken[g.student][g.digest] = g.attempt
    batch: list[tuple[Submission, str, bytes, Record]] = []
    for hand_in in hand_ins:
        submission = hand_in.submission
        student = visible(submission.student, 80)
        if (student, submission.digest) in seen:
            continue
        seen.add((student, submission.digest))
        record = grade_one(course, assignment, submission, store, secret, clock(), taken[student])
        if record.status is not Status.REFUSED:
            taken[student][submission.digest] = record.attempt
        batch.append((submission, hand_in.form, hand_in.body, record))
        if len(batch) == BATCH:
            store.add_graded(batch)
            batch = []
        yield record
    store.add_graded(batch)


def grade_one(
    course: Course, assignment: Assignment, submission: Submission, store: Store, secret: bytes | None, now: datetime, taken: dict[str, int]
) -> Record:
    """One hand-in against the sheet its student truly has.

    Args:
        taken: the student's earlier hand-ins that count as attempts, by digest. A changed sheet handed in again is the next attempt.
    """
    if not valid_id(submission.student):
        return refused(assignment, course.id, submission, graded_at=now, reason=submission.refusal or BAD_ID.fill(student=visible(submission.student, 40)))
    if submission.refusal is not None:
        return refused(assignment, course.id, submission, graded_at=now, reason=submission.refusal)
    if course.roster is not None and submission.student not in course.roster:
        reason = NOT_ON_ROSTER.fill(student=submission.student)
        return refused(assignment, course.id, submission, graded_at=now, reason=reason, flags=(Flag.NOT_ON_ROSTER,))
    number = sheet_attempt(submission.sheet)
    issued = store.issued(assignment.id, submission.student, number)
    try:
        sheet = draw_sheet(course, assignment, submission.student, number, secret, issued.given if issued else None)
    except CourseError as error:
        fault = error.faults[0]
        return refused_by_us(assignment, course.id, submission, now, str(fault))
    if issued is None:
        store.add_sheets([sheet], now, secret)
    signature = issued.signature if issued else sheet.signature(secret) if secret is not None else None
    earlier = {d: attempt for d, attempt in taken.items() if d != submission.digest}
    attempt = submission.attempt or taken.get(submission.digest) or max([number, *(a + 1 for a in earlier.values())])
    return grade(sheet, submission, graded_at=now, attempt=attempt, signature=signature)


def sheet_attempt(sheet: str | None) -> int:
    """The attempt a sheet was issued for, from its line `course/assignment/student/attempt`; 1 where it does not say."""
    last = (sheet or "").rpartition("/")[2].strip()
    return int(last) if last.isascii() and last.isdigit() and len(last) <= 3 and int(last) > 0 else 1


def refused_by_us(assignment: Assignment, course: str, submission: Submission, now: datetime, reason: str) -> Record:
    """A hand-in that cannot be graded because of the course, not of the student."""
    record = refused(assignment, course, submission, graded_at=now, reason=Text(f"{COURSE_FAULT.en} ({reason})", f"{COURSE_FAULT.zh}（{reason}）"))
    return Record(**{name: getattr(record, name) for name in record.__slots__} | {"status": Status.FAILED})


def write_records(store: Store, assignment: str, path: Path) -> int:
    """Writes every record of an assignment as JSON Lines, each submission once; the file is whole or not there."""
    partial = path.with_name(path.name + ".part")
    count = 0
    with partial.open("w", encoding="utf-8") as file:
        for record in store.records(assignment):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    partial.replace(path)
    return count


BAD_ID = Text("'{student}' is no valid student id", "“{student}” 不是有效的学号")
NOT_ON_ROSTER = Text("{student} is not on the roster of this course", "{student} 不在本课程名单中")
COURSE_FAULT = Text("the course cannot make this student's questions; this is not the student's fault", "课程无法生成该学生的题目；这不是学生的问题")
