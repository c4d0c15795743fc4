"""Grades a class: every hand-in once, each on its own, into the store. One bad hand-in stops nothing."""

from __future__ import annotations

import getpass
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
from grader.classroom.store import Store
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
        known = list(store.graded(assignment.id, student))
        seen = set() if again else {(g.student, g.digest) for g in known}
        said = store.remarks(assignment.id, student)
        attempts = Attempts()
        for g in known:
            if g.status != Status.REFUSED:
                attempts.take(g.student, g.digest, g.attempt)
        run = store.start_run(assignment.id, "grade", getpass.getuser(), versions())
        for batch, found in engine.run(job, batches(unseen(hand_ins, seen, said))):
            outcomes = [counted(course, assignment, job, hand_in, outcome, attempts, engine) for hand_in, outcome in zip(batch, found, strict=True)]
            write(store, assignment.id, run, batch, outcomes)
            yield from outcomes
        store.finish_run(run)


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


def counted(course: Course, assignment: Assignment, job: Job, hand_in: HandIn, outcome: Outcome | None, attempts: Attempts, engine: Engine) -> Outcome:
    """The outcome with its attempt counted. Only a student who hands in again is graded twice: the number changes the record."""
    if outcome is None:
        outcome = failed(course.id, assignment, submission_of(hand_in, assignment, course.timezone), job.graded_at, KILLED)
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


def unseen(hand_ins: Iterable[HandIn], seen: set[tuple[str, str]], said: Mapping[tuple[str, str], str]) -> Iterator[HandIn]:
    """Hand-ins that have no record, or one that says something else of what was found around them; each once.

    A line names its student inside, so its digest alone tells it apart.
    """
    digests = {digest for _, digest in seen}
    met: set[tuple[str, str]] = set()
    for found in hand_ins:
        if found.student is None:
            if found.digest not in digests:
                digests.add(found.digest)
                yield found
            continue
        key = (visible(found.student, 80), found.digest)
        if key not in met and (key not in seen or _says_else(found, said.get(key))):
            yield found
        met.add(key)


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
