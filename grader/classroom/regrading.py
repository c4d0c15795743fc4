"""Grades what is in the store again, after an exercise, a policy or the grader changed, and says what would become different.

Students go by one after the other, and each change is given as soon as it is found; nothing is written before `write`.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from grader.classroom.batch import Job, Outcome
from grader.classroom.engines import Engine
from grader.classroom.grading import BATCH, Attempts, counted, record_row, survived, versions
from grader.classroom.hand_ins import HandIn, remarks_of
from grader.classroom.store import Store
from grader.course.course import Assignment, Course
from grader.course.points import exact, number
from grader.marking.outline import Outline, read_outline
from grader.marking.policy import kept
from grader.marking.record import Status
from grader.text import Text

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one part earned, and why."""

    points: Fraction
    verdict: str
    mistakes: tuple[str, ...]
    key: Any

    def to_json(self) -> dict[str, Any]:
        return {"points": number(self.points), "verdict": self.verdict, "mistakes": list(self.mistakes), "key": self.key}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    slot: str
    part: str
    old: Seen | None  # None: the part was not there, as in a record that was refused
    new: Seen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One hand-in whose record becomes another."""

    old: Outline | None
    new: Outline
    parts: tuple[PartChange, ...]  # empty where only policies, flags or words differ
    row: Json  # the new record as the store keeps it
    sheet: Json | None  # where it was drawn for this
    keys: tuple[Mapping[str, str], ...]  # what drawing it has computed

    @property
    def stands(self) -> bool:
        """The old record stands: a regrade in which the grader failed takes nobody's grade away."""
        return self.new.status is Status.FAILED and self.old is not None and self.old.status is not Status.FAILED

    def to_json(self) -> dict[str, Any]:
        parts = [{"slot": p.slot, "part": p.part, "old": p.old.to_json() if p.old else None, "new": p.new.to_json() if p.new else None} for p in self.parts]
        return {"submission": self.new.submission, "old": _brief(self.old), "new": _brief(self.new), "stands": self.stands, "parts": parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """One student, graded again: what counted, what would count, and the records that change, if any."""

    student: str
    old: Fraction | None  # None: nothing that counts was graded
    new: Fraction | None
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        scores = {"old": None if self.old is None else number(self.old), "new": None if self.new is None else number(self.new)}
        return {"student": self.student, **scores, "changes": [change.to_json() for change in self.changes]}


def regrade(
    course: Course,
    assignment: Assignment,
    *,
    store: Store,
    secret: bytes | None,
    engine: Engine,
    now: datetime,
    student: str | None = None,
    trust: bool = False,
) -> Iterator[Regraded]:
    """Grades every stored hand-in again, and gives each student. Writes nothing; hold the assignment meanwhile.

    Raises:
        CourseError: the course is faulty.
        StoreError: the store cannot be read.
    """
    job = Job(folder=str(course.folder), assignment=assignment.id, store=course.store, secret=secret, graded_at=now, trust=trust)
    waiting: deque[list[_Stored]] = deque()  # an engine gives batches back in the order they came

    def batches() -> Iterator[Sequence[HandIn]]:
        for batch in _batches(_stored(store, assignment.id, student)):
            waiting.append(batch)
            yield [stored.hand_in for stored in batch]

    for _, outcomes in engine.run(job, batches()):
        batch = waiting.popleft()
        attempts = Attempts()
        for stored in batch:
            if stored.record is not None and stored.record["status"] != Status.REFUSED:
                attempts.take(stored.student, stored.hand_in.digest, stored.record["attempt"])
        found = survived(course, assignment, job, [stored.hand_in for stored in batch], outcomes)
        graded = [(stored, counted(job, stored.hand_in, outcome, attempts, engine)) for stored, outcome in zip(batch, found, strict=True)]
        for name, own in groupby(graded, key=lambda pair: pair[0].student):
            yield _student(name, list(own), assignment)


def write(store: Store, assignment: str, changes: Iterable[Json], *, who: str, reason: str | None) -> int:
    """Writes changed records (`to_write`) as a run of its own; how many. What they replace moves to the history.

    Killed on the way, it leaves whole batches behind; the next regrade finds the rest.
    """
    run = store.start_run(assignment, "regrade", who, versions(), reason)
    source, count = iter(changes), 0
    while batch := list(islice(source, BATCH)):
        drawn = [change["sheet"] for change in batch if change["sheet"]]
        store.add_graded(assignment, run, [], [change["row"] for change in batch], drawn, [row for change in batch for row in change["keys"]])
        count += len(batch)
    store.finish_run(run)
    return count


def to_write(student: Regraded) -> Iterator[Json]:
    """What `write` takes: the changes that do not leave the old record standing."""
    yield from ({"row": change.row, "sheet": change.sheet, "keys": change.keys} for change in student.changes if not change.stands)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A hand-in from the store, and the record that stands for it."""

    student: str
    hand_in: HandIn
    record: Json | None


def stored_hand_in(row: Json, record: Json | None) -> HandIn:
    """A submission of the store as it was found. It keeps the attempt it was counted as; a refused one was never counted."""
    counted_as = row["attempt"] if record is None else None if record["status"] == Status.REFUSED else record["attempt"]
    return HandIn(
        form=row["form"],
        body=bytes(row["body"]),
        digest=row["digest"],
        student=None if row["form"] == "line" else row["student"],
        line=row["line"],
        submitted_at=datetime.fromisoformat(row["submitted_at"]) if row["submitted_at"] else None,
        file_time=bool(row["file_time"]),
        attempt=counted_as,
        refusal=Text(**json.loads(row["refusal"])) if row["refusal"] else None,
        remarks=remarks_of(row["remarks"]) if row["remarks"] is not None else None,
    )


def _stored(store: Store, assignment: str, student: str | None) -> Iterator[list[_Stored]]:
    """The hand-ins of each student with their records. Both come by student, so that two streams go side by side."""
    records = groupby(map(json.loads, store.records(assignment, student)), key=itemgetter("student"))
    ahead = next(records, None)
    for name, rows in groupby(store.submissions(assignment), key=itemgetter("student")):
        if student is not None and name != student:
            continue
        if ahead is not None and ahead[0] == name:
            own = {record["submission"]: record for record in ahead[1]}
            ahead = next(records, None)
        else:  # the streams are out of step: somebody wrote into the store by hand
            own = {record["submission"]: record for record in map(json.loads, store.records(assignment, name))}
        found = [_Stored(name, stored_hand_in(row, own.get(row["digest"])), own.get(row["digest"])) for row in rows]
        # In the order they came: what is counted only now is counted in that order.
        yield sorted(found, key=lambda stored: stored.hand_in.submitted_at.timestamp() if stored.hand_in.submitted_at else 0.0)


def _batches(students: Iterable[list[_Stored]]) -> Iterator[list[_Stored]]:
    """Batches of whole students."""
    batch: list[_Stored] = []
    for own in students:
        batch += own
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _student(name: str, graded: Sequence[tuple[_Stored, Outcome]], assignment: Assignment) -> Regraded:
    before, after, changes = [], [], []
    for stored, outcome in graded:
        old = read_outline(stored.record) if stored.record is not None else None
        change = _change(old, stored, outcome)
        before += [old] if old else []
        stays = old if change is None or change.stands else change.new
        after += [stays] if stays else []
        changes += [change] if change else []
    policy = assignment.policies.attempts
    return Regraded(student=name, old=_score(kept(before, policy)), new=_score(kept(after, policy)), changes=tuple(changes))


def _change(old: Outline | None, stored: _Stored, outcome: Outcome) -> Change | None:
    """None where the records differ in nothing but the time."""
    data = json.loads(outcome.record)
    if stored.record is not None and {**stored.record, "graded_at": None} == {**data, "graded_at": None}:
        return None
    was, is_now = _parts(stored.record), _parts(data)
    parts = [PartChange(slot=place[0], part=place[1], old=was.get(place), new=is_now.get(place)) for place in {**was, **is_now}]
    differing = tuple(part for part in parts if part.old != part.new)
    return Change(old=old, new=read_outline(data), parts=differing, row=record_row(stored.hand_in, outcome), sheet=outcome.sheet, keys=outcome.keys)


def _parts(record: Json | None) -> dict[tuple[str, str], Seen]:
    return {
        (slot["slot"], part["part"]): Seen(points=exact(part["points"]), verdict=part["verdict"], mistakes=tuple(part["mistakes"]), key=part["key"])
        for slot in (record["slots"] if record else ())
        for part in slot["parts"]
    }


def _score(outline: Outline | None) -> Fraction | None:
    return None if outline is None or outline.status is Status.REFUSED else outline.score


def _brief(outline: Outline | None) -> dict[str, Any] | None:
    if outline is None:
        return None
    return {
        "status": str(outline.status),
        "attempt": outline.attempt,
        "score": number(outline.score),
        "flags": [str(flag) for flag in outline.flags],
        "adjustments": [{"kind": kind, "points": number(points)} for kind, points in outline.adjustments],
    }
