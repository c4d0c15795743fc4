"""The store: what was issued, what was handed in, what was graded. SQLAlchemy Core, SQLite by default, PostgreSQL by URL.

One run writes at a time (`hold`), in transactions of one batch: killed at any moment, it leaves whole batches behind,
and the next run takes up where it ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Executable, Integer, Table, and_, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader import __version__
from grader.classroom.database import Database
from grader.classroom.holding import hold, ourselves
from grader.classroom.tables import HAND_IN, draws, history, keys, matching, records, runs, sheets, submissions
from grader.course.exercise import Exercise
from grader.variants.variant import IssuedSlot, Sheet

# Built once: for one row, building a statement costs several times what running it does.
_FIND_SHEET = select(sheets.c.slots, sheets.c.signature).where(matching(sheets, "course", "assignment", "student", "attempt"))
_REMARK = submissions.update().where(and_(*(submissions.c[name] == bindparam(f"_{name}") for name in HAND_IN))).values(remarks=bindparam("_remarks"))
_KEPT = (*HAND_IN, "run", "engine", "attempt", "status", "score", "record")
_STANDING = matching(records, *HAND_IN)
_TO_HISTORY = insert(history).from_select(
    [*_KEPT, "replaced_by"], select(*(records.c[name] for name in _KEPT), bindparam("replaced_by", type_=Integer)).where(_STANDING)
)
_DROP_RECORD = delete(records).where(_STANDING)


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission that has a record already."""

    student: str
    digest: str
    attempt: int
    status: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A sheet as it was issued, slot by slot, and its signature then, whatever the secret is by now."""

    slots: Mapping[str, IssuedSlot]
    signature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that wrote records: who started it, when, and why."""

    id: int
    kind: str  # "grade" | "regrade"
    who: str
    started_at: str
    versions: Mapping[str, str]
    reason: str | None

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "who": self.who, "started_at": self.started_at, "versions": dict(self.versions), "reason": self.reason}


class Store:
    """An open store; use it in a `with`. Writes of one block are one transaction."""

    def __init__(self, url: str, folder: Path, course: str) -> None:
        self.course = course
        self._database = Database(url, folder, ourselves())  # a connection says whose it is: `hold` tells others who holds an assignment

    def __enter__(self) -> Store:
        self._database.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections, for whoever cannot use it in a `with`."""
        self._database.close()

    def hold(self, assignment: str) -> AbstractContextManager[None]:
        """Holds an assignment for one run that writes; let go when the process ends, however it ends.

        Raises:
            StoreError: another run holds it; says who.
        """
        return hold(self._database, self.course, assignment)

    def start_run(self, assignment: str, kind: str, who: str, versions: Mapping[str, str], reason: str | None = None) -> int:
        """Writes down that a run began; its number."""
        row = {"course": self.course, "assignment": assignment, "kind": kind, "who": who, "started_at": datetime.now(UTC).isoformat(), "reason": reason}
        with self._database.writing() as connection:
            made = connection.execute(insert(runs).values(**row, versions=json.dumps(versions)).returning(runs.c.id)).scalar_one()
        return int(made)

    def finish_run(self, run: int) -> None:
        with self._database.writing() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(finished_at=datetime.now(UTC).isoformat()))

    def add_sheets(self, rows: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, str]] = ()) -> None:
        """Records what was issued (`sheet_row`), and the keys computed for it (`key_rows`). What was there before stays as it was."""
        with self._database.writing() as connection:
            self._insert_new(connection, sheets, [{"course": self.course, **row} for row in rows])
            self._insert_new(connection, keys, known)

    def keys(self, wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
        """By variant, `Expected.text` of those among (variant, digest) pairs that were computed before."""
        digests = dict(wanted)
        if not digests:
            return {}
        query = select(keys.c.variant, keys.c.digest, keys.c.expected).where(keys.c.variant.in_(list(digests)))
        with self._database.reading() as connection:
            return {variant: expected for variant, digest, expected in connection.execute(query) if digests[variant] == digest}

    def keep_rules(self, exercise: Exercise) -> str:
        """The digest of the rules this exercise's draw version was first issued with; writes it down where it is new."""
        name = f"{exercise.id}/{exercise.level}" if exercise.within else exercise.id  # its other levels have rules of their own
        about = {"course": self.course, "exercise": name, "draw_version": exercise.draw_version}
        with self._database.writing() as connection:
            self._insert_new(connection, draws, [{**about, "rules": exercise.rules}])
            return str(connection.execute(select(draws.c.rules).filter_by(**about)).scalar_one())

    def issued(self, assignment: str, student: str, attempt: int) -> Issued | None:
        """A sheet as it was issued; None where it was not."""
        about = {"course": self.course, "assignment": assignment, "student": student, "attempt": attempt}
        with self._database.reading() as connection:
            row = connection.execute(_FIND_SHEET, about).first()
        return _issued(*row) if row else None

    def issued_many(self, assignment: str, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Issued]:
        """The issued sheets among (student, attempt) pairs."""
        pairs = set(wanted)
        if not pairs:
            return {}
        columns = (sheets.c.student, sheets.c.attempt, sheets.c.slots, sheets.c.signature)
        about = {"course": self.course, "assignment": assignment}
        # By student alone: for pairs SQLite would look through the whole assignment.
        query = select(*columns).filter_by(**about).where(sheets.c.student.in_(sorted({student for student, _ in pairs})))
        with self._database.reading() as connection:
            found = connection.execute(query)
            return {(student, attempt): _issued(slots, signature) for student, attempt, slots, signature in found if (student, attempt) in pairs}

    def all_issued(self, assignment: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Every issued sheet of an assignment: student, attempt, and for each slot its exercise, variant and given."""
        query = select(sheets.c.student, sheets.c.attempt, sheets.c.slots).filter_by(course=self.course, assignment=assignment)
        for student, attempt, slots in self._stream(query.order_by(sheets.c.student, sheets.c.attempt)):
            yield student, attempt, json.loads(slots)

    def graded(self, assignment: str, students: Set[str] | None = None) -> Iterator[Graded]:
        """The submissions that have a record; of these students only, where some are named (at most a few hundred)."""
        query = select(records.c.student, records.c.digest, records.c.attempt, records.c.status).filter_by(course=self.course, assignment=assignment)
        if students is not None:
            query = query.where(records.c.student.in_(sorted(students)))
        for row in self._stream(query):
            yield Graded(*row)

    def add_graded(
        self,
        assignment: str,
        run: int,
        hand_ins: Sequence[Mapping[str, Any]],
        graded: Sequence[Mapping[str, Any]],
        drawn: Sequence[Mapping[str, Any]],
        known: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """Writes a batch, all of it or nothing: submissions, their records, and sheets that were drawn again with their keys.

        A record that stood for the same submission moves to the history.
        """
        common = {"course": self.course, "assignment": assignment}
        # Two folders with names that cannot be shown may read as one student's: kept once.
        once = {(row["student"], row["digest"]): row for row in reversed(graded)}
        rows = [{**common, **row, "run": run, "engine": __version__} for row in reversed(once.values())]
        with self._database.writing() as connection:
            self._insert_new(connection, sheets, [{**common, **row} for row in drawn])
            self._insert_new(connection, keys, known)
            self._insert_new(connection, submissions, [{**common, **row} for row in hand_ins])
            if looked := [{f"_{name}": value for name, value in {**common, **row}.items()} for row in hand_ins if row.get("remarks") is not None]:
                connection.execute(_REMARK, looked)
            if rows:
                if stood := self._standing(connection, common, once):
                    connection.execute(_TO_HISTORY, [{**hand_in, "replaced_by": run} for hand_in in stood])
                    connection.execute(_DROP_RECORD, stood)
                connection.execute(insert(records), rows)

    def _standing(self, connection: Connection, about: Mapping[str, str], hand_ins: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
        """Which of (student, digest) pairs have a record by now."""
        pairs = set(hand_ins)
        query = select(records.c.student, records.c.digest).filter_by(**about).where(records.c.student.in_(sorted({student for student, _ in pairs})))
        return [{**about, "student": student, "digest": digest} for student, digest in connection.execute(query) if (student, digest) in pairs]

    def records(self, assignment: str, student: str | None = None) -> Iterator[str]:
        """The records of an assignment as JSON texts, by student and attempt, each submission once."""
        query = select(records.c.record).filter_by(**self._whose(assignment, student))
        for row in self._stream(query.order_by(records.c.student, records.c.attempt, records.c.digest)):
            yield row[0]

    def outlines(self, assignment: str) -> Iterator[str]:
        """As `records`, each without its answers and words (`marking.outline`): a tenth of the text."""
        query = select(func.coalesce(records.c.outline, records.c.record)).filter_by(course=self.course, assignment=assignment)
        for row in self._stream(query.order_by(records.c.student, records.c.attempt, records.c.digest)):
            yield row[0]

    def run(self, number: int) -> Run:
        """A run that wrote records."""
        columns = (runs.c.id, runs.c.kind, runs.c.who, runs.c.started_at, runs.c.versions, runs.c.reason)
        with self._database.reading() as connection:
            found = connection.execute(select(*columns).filter_by(id=number)).one()
        return Run(id=found.id, kind=found.kind, who=found.who, started_at=found.started_at, versions=json.loads(found.versions), reason=found.reason)

    def past(self, assignment: str, student: str) -> Iterator[tuple[int, str]]:
        """Records that another took the place of: the run that replaced each, and its JSON, oldest first."""
        query = select(history.c.replaced_by, history.c.record).filter_by(course=self.course, assignment=assignment, student=student)
        with self._database.reading() as connection:
            yield from ((replaced_by, record) for replaced_by, record in connection.execute(query.order_by(history.c.id)))

    def submissions(self, assignment: str) -> Iterator[Mapping[str, Any]]:
        """Every submission as it was handed in, with the attempt it was counted as, by student."""
        query = (
            select(submissions)
            .filter_by(course=self.course, assignment=assignment)
            .order_by(submissions.c.student, submissions.c.attempt, submissions.c.digest)
        )
        for row in self._stream(query):
            yield dict(row._mapping)

    def remarks(self, assignment: str, student: str | None = None) -> dict[tuple[str, str], str]:
        """By (student, digest), what was found around a submission when somebody last looked, as JSON; only one student's where that is named."""
        query = select(submissions.c.student, submissions.c.digest, submissions.c.remarks).filter_by(**self._whose(assignment, student))
        with self._database.reading() as connection:
            return {(student, digest): said for student, digest, said in connection.execute(query.where(submissions.c.remarks.is_not(None)))}

    def counts(self, assignment: str) -> dict[str, int]:
        """How many records there are of each status."""
        query = select(records.c.status, func.count()).filter_by(course=self.course, assignment=assignment).group_by(records.c.status)
        with self._database.reading() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def _whose(self, assignment: str, student: str | None) -> dict[str, str]:
        about = {"course": self.course, "assignment": assignment}
        return about if student is None else {**about, "student": student}

    def _insert_new(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts the rows whose key is not there yet."""
        if rows:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))

    def _stream(self, query: Executable) -> Iterator[Any]:
        """Rows as they are wanted, never all in memory; whoever stops halfway leaves nothing open."""
        with self._database.reading() as connection, connection.execution_options(yield_per=500).execute(query) as rows:
            yield from rows


def sheet_row(sheet: Sheet, issued_at: datetime, secret: bytes | None) -> dict[str, Any]:
    """A sheet as the store keeps it."""
    slots = {v.slot: {"exercise": v.exercise.id, "variant": v.id, "given": dict(v.given)} for v in sheet.variants}
    return {
        "assignment": sheet.assignment.id,
        "student": sheet.student,
        "attempt": sheet.attempt,
        "issued_at": issued_at.isoformat(),
        "slots": json.dumps(slots),
        "signature": sheet.signature(secret) if secret is not None else None,
    }


def key_rows(sheet: Sheet) -> Iterator[dict[str, str]]:
    """What drawing a sheet has computed already, as the store keeps it."""
    for variant in sheet.variants:
        if variant.computed and (text := variant.expected.text()) is not None:
            yield {"variant": variant.id, "digest": variant.exercise.digest, "expected": text}


def _issued(slots: str, signature: str | None) -> Issued:
    return Issued({slot: IssuedSlot(found["variant"], found["given"]) for slot, found in json.loads(slots).items()}, signature)
