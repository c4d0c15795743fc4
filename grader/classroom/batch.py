"""Grades one batch of hand-ins: the same function in this process, in a worker, and on a cluster.

Everything a batch needs travels in the job or is read from the course folder and the store; nothing is shared.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.classroom.hand_ins import HandIn, submission_of
from grader.classroom.issuing import as_issued
from grader.classroom.store import Issued, Store, key_rows, sheet_row
from grader.course.course import Assignment, Course, load_course
from grader.course.exercise import forget_solutions
from grader.course.expected import Expected, expected_of
from grader.course.faults import CourseError
from grader.course.roster import valid_id
from grader.marking.grade import grade, refused
from grader.marking.outline import outline_text
from grader.marking.record import Flag, Record, Status
from grader.marking.submission import Submission, sheet_attempt
from grader.text import Text, visible
from grader.variants.variant import IssuedSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every batch of a run has in common."""

    folder: str
    assignment: str
    store: str  # URL
    secret: bytes | None
    graded_at: datetime
    trust: bool = False  # student code is run even where nothing confines it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one hand-in: the record, ready to be stored, and the sheet where it was not issued before."""

    student: str
    attempt: int
    attempt_given: bool  # not counted by us
    status: str
    score: float
    submitted_at: str | None
    record: str  # JSON
    outline: str  # JSON
    sheet: Mapping[str, Any] | None = None
    keys: tuple[Mapping[str, str], ...] = ()  # what drawing that sheet has computed


def grade_batch(job: Job, batch: Sequence[HandIn]) -> list[Outcome]:
    """The outcome of each hand-in of a batch, in its order.

    Raises:
        CourseError: the course itself is faulty.
        StoreError: what was issued cannot be read.
    """
    course = _course(job.folder, job.assignment)
    assignment = course.assignment(job.assignment)
    submissions = [submission_of(found, assignment, course.timezone) for found in batch]
    wanted = [(s.student, sheet_attempt(s.sheet)) for s in submissions if s.refusal is None]
    issued = with_keys(assignment, _store(job.store, job.folder, course.id), wanted)
    if any((student, attempt) not in issued for student, attempt in wanted) or any(
        slot.expected is None for sheet in issued.values() for slot in sheet.slots.values()
    ):
        _check_solutions(job.folder)
    outcomes = []
    for found, submission in zip(batch, submissions, strict=True):
        try:
            outcomes.append(_outcome(course, assignment, found, submission, issued, job))
        except Exception as error:  # ours, whatever it was: this student's record says so, the others are graded
            outcomes.append(failed(course.id, assignment, submission, job.graded_at, f"{type(error).__name__}", found.attempt))
    return outcomes


def with_keys(assignment: Assignment, store: Store, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Issued]:
    """The issued sheets of (student, attempt) pairs, with what is expected of each slot where an earlier process computed it.

    Without that, torch computes it when it is needed.
    """
    issued = store.issued_many(assignment.id, wanted)
    exercises = {slot: (entry.exercise, entry.exercise.digest) for entry in assignment.entries for slot in entry.slots}
    unknown = {
        slot.variant: exercises[name][1]
        for sheet in issued.values()
        for name, slot in sheet.slots.items()
        if name in exercises and (slot.variant, exercises[name][1]) not in _shared
    }
    texts = store.keys(unknown.items())

    def known(name: str, slot: IssuedSlot) -> IssuedSlot:
        if name not in exercises:
            return slot
        exercise, digest = exercises[name]
        about = (slot.variant, digest)
        expected = _shared.get(about)
        if expected is None and slot.variant in texts:
            expected = expected_of(exercise, slot.given, texts[slot.variant])
            if len(_shared) < SHARED and all(type(value) is int for value in slot.given.values()):
                _shared[about] = expected
        return IssuedSlot(slot.variant, slot.given, expected)

    return {about: replace(sheet, slots={name: known(name, slot) for name, slot in sheet.slots.items()}) for about, sheet in issued.items()}


SHARED = 10_000
_shared: dict[tuple[str, str], Expected] = {}  # of given that are a few integers: a class shares those


def failed(course: str, assignment: Assignment, submission: Submission, now: datetime, reason: str, attempt: int | None = None) -> Outcome:
    """The outcome of a hand-in that the grader could not grade; a person looks, nothing is the student's loss."""
    words = Text(f"{OURS.en} ({visible(reason, 200)})", f"{OURS.zh}（{visible(reason, 200)}）")
    record = replace(refused(assignment, course, submission, graded_at=now, reason=words), status=Status.FAILED)
    return _packed(record if attempt is None else replace(record, attempt=attempt), attempt_given=attempt is not None)


def _outcome(course: Course, assignment: Assignment, found: HandIn, submission: Submission, issued: Mapping[tuple[str, int], Issued], job: Job) -> Outcome:
    now, student = job.graded_at, submission.student
    given = found.attempt or submission.attempt
    if submission.refusal is not None or not valid_id(student):
        reason = submission.refusal or BAD_ID.fill(student=visible(student, 40))
        return _packed(refused(assignment, course.id, submission, graded_at=now, reason=reason))
    if course.roster is not None and student not in course.roster:
        reason = NOT_ON_ROSTER.fill(student=student)
        return _packed(refused(assignment, course.id, submission, graded_at=now, reason=reason, flags=(Flag.NOT_ON_ROSTER,)))
    number = sheet_attempt(submission.sheet)
    known = issued.get((student, number))
    try:
        sheet, signature = as_issued(course, assignment, student, number, known, job.secret)
    except CourseError as error:
        return failed(course.id, assignment, submission, now, f"{COURSE_FAULT} {error.faults[0]}", given)
    if assignment.programs:
        from grader.classroom.code_running import with_runs  # brings NumPy along, and a runner once a program is run

        submission = with_runs(sheet, submission, trust=job.trust)
    record = grade(sheet, submission, graded_at=now, attempt=given or number, signature=signature)
    packed = _packed(record, attempt_given=given is not None)
    return packed if known is not None else replace(packed, sheet=sheet_row(sheet, now, job.secret), keys=tuple(key_rows(sheet)))


def _packed(record: Record, *, attempt_given: bool = False) -> Outcome:
    return Outcome(
        student=record.student,
        attempt=record.attempt,
        attempt_given=attempt_given,
        status=str(record.status),
        score=float(record.score),
        submitted_at=record.submitted_at,
        record=record.text,
        outline=outline_text(record),
    )


@lru_cache(maxsize=4)
def _course(folder: str, assignment: str) -> Course:
    """The course as far as the assignment goes, loaded once in each process. Its solutions run (and import torch) only where a key is not known yet."""
    course = load_course(Path(folder), solutions=False, assignment=assignment)
    rest_collector()
    return course


def rest_collector() -> None:
    """Lets Python's collector of cycles look less often: grading makes hardly any, and looking every 700 objects takes a tenth of its time."""
    # What is loaded by now stays; the collector need not walk through it (and torch's) again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@lru_cache(maxsize=4)
def _check_solutions(folder: str) -> None:
    """Loads every solution once.

    Raises:
        CourseError: one is faulty. That is the course's fault, and no student's grade may come of it.
    """
    load_course(Path(folder))


_open: dict[tuple[str, str, str], Store] = {}


def _store(url: str, folder: str, course: str) -> Store:
    """A store to read from, opened once in each process; the one before it is closed."""
    about = (url, folder, course)
    if about not in _open:
        _close_stores()
        _open[about] = Store(url, Path(folder), course)
    return _open[about]


def _close_stores() -> None:
    while _open:
        _open.popitem()[1].close()


def forget() -> None:
    """Drops the courses this process has loaded, for one whose files change while it lives (tests, notebooks)."""
    _course.cache_clear()
    _check_solutions.cache_clear()
    _close_stores()
    _shared.clear()
    forget_solutions()


BAD_ID = Text("'{student}' is no valid student id", "“{student}” 不是有效的学号")
NOT_ON_ROSTER = Text("{student} is not on the roster of this course", "{student} 不在本课程名单中")
OURS = Text("the grader failed on this file; this is not your fault, and a person will look at it", "评分程序处理此文件时出错；这不是你的问题，会有人工处理")
COURSE_FAULT = "the course cannot make this student's questions:"
