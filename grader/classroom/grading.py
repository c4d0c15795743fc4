"""Grades a class: every hand-in once, each on its own, into the store. One bad hand-in stops nothing."""

from __future__ import annotations

import getpass
import hashlib
import json
import platform
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

from grader import __version__
from grader.classroom.batch import Job, Outcome, failed
from grader.classroom.engines import Batch, Engine
from grader.classroom.hand_ins import HandIn, remarks_of, remarks_text, submission_of
from grader.classroom.store import Graded, Store
from grader.course.course import Assignment, Course
from grader.marking.record import Status
from grader.text import visible

BATCH = 100  # hand-ins of one batch: long enough to pay for the way to a worker, short enough to lose little


def grade_class(
    course: Course,
    assignment: Assignment,
    hand_ins: Iterable[HandIn],
    *,
    store: Store,
    secret: bytes | None,
    engine: Engine,
    now: datetime,
    again: bool = False,
    trust: bool = False,
    student: str | None = None,
) -> Iterator[Outcome]:
    """Grades what is new or changed since the last run, and gives each outcome once it is in the store.

    Args:
        again: grade everything again, also what has a record already.
        trust: run student code even where nothing confines it.
        student: whose all hand-ins are, where they are one student's: nothing is looked up of the others then.

    Raises:
        CourseError: the course is faulty; nothing was graded.
        StoreError: another run holds the assignment, or the store cannot be used; what was written stays.
    """
    job = Job(folder=str(course.folder), assignment=assignment.id, store=course.store, secret=secret, graded_at=now, trust=trust)
    with store.hold(assignment.id):
        seen = Seen() if again else Seen((g.student, g.digest) for g in store.graded(assignment.id, None if student is None else {student}))
        said = store.remarks(assignment.id, student)
        run = store.start_run(assignment.id, "grade", getpass.getuser(), versions())
        for batch, graded in engine.run(job, batches(unseen(hand_ins, seen, said))):
            found = survived(course, assignment, job, batch, graded)
            # Of these students only: everybody's attempts would grow with the class. What came in batches before is in the store.
            attempts = attempts_of(store.graded(assignment.id, {outcome.student for outcome in found}))
            outcomes = [counted(job, hand_in, outcome, attempts, engine) for hand_in, outcome in zip(batch, found, strict=True)]
            write(store, assignment.id, run, batch, outcomes)
            yield from outcomes
        store.finish_run(run)


class Seen:
    """Hand-ins met before, 16 bytes each: of a large class, names and digests as text would take the most memory of all."""

    def __init__(self, graded: Iterable[tuple[str, str]] = ()) -> None:
        self._own: set[bytes] = set()
        self._bodies: set[bytes] = set()
        for student, digest in graded:
            self.add(student, digest)

    def add(self, student: str | None, digest: str) -> None:
        """Adds one; a line (student None) names its student inside."""
        self._bodies.add(_short(digest))
        if student is not None:
            self._own.add(_short(student + digest))

    def has(self, student: str | None, digest: str) -> bool:
        return _short(digest) in self._bodies if student is None else _short(student + digest) in self._own


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()


class Attempts:
    """Which hand-ins of each student count as attempts: everything that was not refused, in the order it came."""

    def __init__(self) -> None:
        self._taken: dict[str, dict[str, int]] = defaultdict(dict)

    def take(self, student: str, digest: str, attempt: int) -> None:
        self._taken[student][digest] = attempt

    def number(self, student: str, digest: str, sheet: int) -> int:
        """Which attempt a hand-in is, of a sheet issued for attempt `sheet`: what it was before, or the next."""
        taken = self._taken.get(student, {})
        return taken.get(digest) or max([sheet, *(attempt + 1 for attempt in taken.values())])


def attempts_of(graded: Iterable[Graded]) -> Attempts:
    """The attempts that stand in the store."""
    attempts = Attempts()
    for one in graded:
        if one.status != Status.REFUSED:
            attempts.take(one.student, one.digest, one.attempt)
    return attempts


def survived(course: Course, assignment: Assignment, job: Job, batch: Batch, outcomes: Iterable[Outcome | None]) -> list[Outcome]:
    """The outcomes of a batch; a hand-in that killed its worker is recorded as failed."""
    return [
        outcome or failed(course.id, assignment, submission_of(hand_in, assignment, course.timezone), job.graded_at, KILLED)
        for hand_in, outcome in zip(batch, outcomes, strict=True)
    ]


def counted(job: Job, hand_in: HandIn, outcome: Outcome, attempts: Attempts, engine: Engine) -> Outcome:
    """The outcome with its attempt counted. Only a student who hands in again is graded twice: the number changes the record."""
    if outcome.status != Status.REFUSED:
        number = outcome.attempt if outcome.attempt_given else attempts.number(outcome.student, hand_in.digest, outcome.attempt)
        if number != outcome.attempt:
            ((_, (regraded,)),) = engine.run(job, [[replace(hand_in, attempt=number)]])
            outcome = regraded or outcome
        attempts.take(outcome.student, hand_in.digest, outcome.attempt)
    return outcome


def batches(hand_ins: Iterable[HandIn], size: int = BATCH) -> Iterator[Batch]:
    source = iter(hand_ins)
    while batch := list(islice(source, size)):
        yield batch


def unseen(hand_ins: Iterable[HandIn], seen: Seen, said: Mapping[tuple[str, str], str]) -> Iterator[HandIn]:
    """Hand-ins that have no record, or one that says something else of what was found around them; each once.

    A line names its student inside, so its digest alone tells it apart.
    """
    met = Seen()
    for found in hand_ins:
        student = None if found.student is None else visible(found.student, 80)
        if met.has(student, found.digest):
            continue
        met.add(student, found.digest)
        if not seen.has(student, found.digest) or (student is not None and _says_else(found, said.get((student, found.digest)))):
            yield found


def _says_else(found: HandIn, before: str | None) -> bool:
    """Whether something else is found around a hand-in than what stands in the store, or than nothing where nobody looked."""
    return found.remarks is not None and found.remarks != remarks_of(before or "[]")


def write(store: Store, assignment: str, run: int, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Puts a graded batch into the store, all of it or nothing."""
    pairs = list(zip(batch, outcomes, strict=True))
    store.add_graded(
        assignment,
        run,
        [submission_row(hand_in, outcome) for hand_in, outcome in pairs],
        [record_row(hand_in, outcome) for hand_in, outcome in pairs],
        [outcome.sheet for outcome in outcomes if outcome.sheet is not None],
        [row for outcome in outcomes for row in outcome.keys],
    )


def submission_row(hand_in: HandIn, outcome: Outcome) -> dict[str, Any]:
    """A hand-in as the store keeps it: enough to grade it again."""
    return {
        "student": outcome.student,
        "digest": hand_in.digest,
        "form": hand_in.form,
        "submitted_at": outcome.submitted_at,
        "file_time": int(hand_in.file_time),
        "attempt": outcome.attempt,
        "line": hand_in.line,
        "body": hand_in.body,
        "refusal": json.dumps(hand_in.refusal.to_json()) if hand_in.refusal else None,
        "remarks": None if hand_in.remarks is None else remarks_text(hand_in.remarks),
    }


def record_row(hand_in: HandIn, outcome: Outcome) -> dict[str, Any]:
    return {
        "student": outcome.student,
        "digest": hand_in.digest,
        "attempt": outcome.attempt,
        "status": outcome.status,
        "score": outcome.score,
        "record": outcome.record,
        "outline": outcome.outline,
    }


def write_records(store: Store, assignment: str, path: Path) -> int:
    """Writes every record of an assignment as JSON Lines, each submission once; the file is whole or not there."""
    partial = path.with_name(path.name + ".part")
    count = 0
    with partial.open("w", encoding="utf-8") as file:
        for record in store.records(assignment):
            file.write(record + "\n")
            count += 1
    partial.replace(path)
    return count


@cache
def versions() -> Mapping[str, str]:
    """What grades: kept with every run."""
    return {"grader": __version__, "python": platform.python_version()} | {name: metadata.version(name) for name in ("numpy", "torch")}


KILLED = "the process that graded it was killed by it"
