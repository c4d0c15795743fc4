"""The store: what was issued, what was handed in, what was graded. SQLAlchemy Core, SQLite by default.

Issued variants and submissions never change once written. Records are derived from them: one for each
submission and engine version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
    event,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from grader import __version__
from grader.course.exercise import Exercise
from grader.course.values import Given
from grader.marking.record import Record
from grader.marking.submission import Submission
from grader.variants.variant import Sheet

SCHEMA = 1

metadata = MetaData()
_about = Table("about", metadata, Column("name", String(40), primary_key=True), Column("value", String(200), nullable=False))
_sheets = Table(
    "sheets",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("student", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("issued_at", String(40), nullable=False),
    Column("slots", Text, nullable=False),
    Column("signature", String(32)),  # null: issued without a secret
)
_draws = Table(
    "draws",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("exercise", String(64), primary_key=True),
    Column("draw_version", Integer, primary_key=True),
    Column("rules", String(16), nullable=False),
)
_submissions = Table(
    "submissions",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("student", String(80), primary_key=True),
    Column("digest", String(80), primary_key=True),
    Column("form", String(8), nullable=False),
    Column("submitted_at", String(40)),
    Column("body", LargeBinary, nullable=False),
)
_records = Table(
    "records",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("student", String(80), primary_key=True),
    Column("digest", String(80), primary_key=True),
    Column("engine", String(20), primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("record", Text, nullable=False),
)


def _matching(table: Table, *names: str) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(name) for name in names))


# Built once: for one row, building a statement costs several times what running it does.
_HAND_IN = ("course", "assignment", "student", "digest")
_FIND_SHEET = select(_sheets.c.slots, _sheets.c.signature).where(_matching(_sheets, "course", "assignment", "student", "attempt"))
_FIND_SUBMISSION = select(_submissions.c.digest).where(_matching(_submissions, *_HAND_IN))
_DROP_RECORD = _records.delete().where(_matching(_records, *_HAND_IN, "engine"))


class StoreError(Exception):
    """The store cannot be used; the message says why and what to do. Nothing was lost."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission that has a record already."""

    student: str
    digest: str
    attempt: int
    status: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A sheet as it was issued: the given of each slot, and its signature then, whatever the secret is by now."""

    given: Mapping[str, Given]
    signature: str | None


class Store:
    """An open store; use it in a `with`. Writes of one block are one transaction."""

    def __init__(self, url: str, folder: Path, course: str) -> None:
        self.course = course
        try:
            address = make_url(url)
            if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
                address = address.set(database=str(folder / str(address.database)))
            self.url = address.render_as_string(hide_password=True)
            self._engine = create_engine(address)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            # The URL itself may hold a password, so it is not repeated.
            raise StoreError(f"`store:` in course.yaml is no usable database URL ({type(error).__name__}); write sqlite:///grades.db") from None
        if address.get_backend_name() == "sqlite":
            event.listen(self._engine, "connect", _set_up_sqlite)

    def __enter__(self) -> Store:
        try:
            metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                self._check_schema(connection)
        except SQLAlchemyError as error:
            raise self._error(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._engine.dispose()

    def add_sheets(self, sheets: Iterable[Sheet], issued_at: datetime, secret: bytes | None) -> None:
        """Records what was issued. A sheet that was issued before stays as it was."""
        with self._writing() as connection:
            for sheet in sheets:
                about = {"course": self.course, "assignment": sheet.assignment.id, "student": sheet.student, "attempt": sheet.attempt}
                if connection.execute(_FIND_SHEET, about).first() is None:
                    signature = sheet.signature(secret) if secret is not None else None
                    slots = {v.slot: {"exercise": v.exercise.id, "variant": v.id, "given": dict(v.given)} for v in sheet.variants}
                    connection.execute(insert(_sheets), {**about, "issued_at": issued_at.isoformat(), "slots": json.dumps(slots), "signature": signature})

    def keep_rules(self, exercise: Exercise) -> str:
        """The digest of the rules this exercise's draw version was first issued with; writes it down where it is new."""
        about = {"course": self.course, "exercise": exercise.id, "draw_version": exercise.draw_version}
        with self._writing() as connection:
            found = connection.execute(select(_draws.c.rules).filter_by(**about)).scalar()
            if found is None:
                connection.execute(insert(_draws).values(**about, rules=exercise.rules))
        return found or exercise.rules

    def issued(self, assignment: str, student: str, attempt: int) -> Issued | None:
        """A sheet as it was issued; None where it was not."""
        about = {"course": self.course, "assignment": assignment, "student": student, "attempt": attempt}
        with self._reading() as connection:
            row = connection.execute(_FIND_SHEET, about).first()
        return Issued({slot: found["given"] for slot, found in json.loads(row[0]).items()}, row[1]) if row else None

    def graded(self, assignment: str) -> list[Graded]:
        """The submissions that this engine version has graded."""
        about = {"course": self.course, "assignment": assignment, "engine": __version__}
        columns = (_records.c.student, _records.c.digest, _records.c.attempt, _records.c.status)
        with self._reading() as connection:
            return [Graded(*row) for row in connection.execute(select(*columns).filter_by(**about))]

    def add_graded(self, graded: Iterable[tuple[Submission, str, bytes, Record]]) -> None:
        """Records submissions (with their form and bytes) and their records, all or none of them."""
        submissions: dict[tuple[str, str, str], dict[str, Any]] = {}  # where one is there twice, the first stays
        records: dict[tuple[str, str, str], dict[str, Any]] = {}  # and the last record counts
        for submission, form, body, record in graded:
            key = (record.assignment, record.student, record.submission)
            about = {"course": self.course, "assignment": record.assignment, "student": record.student, "digest": record.submission}
            submitted_at = submission.submitted_at.isoformat() if submission.submitted_at else None
            submissions.setdefault(key, {**about, "form": form, "submitted_at": submitted_at, "body": body})
            text = json.dumps(record.to_json(), ensure_ascii=False, allow_nan=False)
            records[key] = {**about, "engine": __version__, "attempt": record.attempt, "status": str(record.status), "record": text}
        with self._writing() as connection:
            new = [row for row in submissions.values() if connection.execute(_FIND_SUBMISSION, {name: row[name] for name in _HAND_IN}).first() is None]
            if new:
                connection.execute(insert(_submissions), new)
            if records:
                connection.execute(_DROP_RECORD, [{name: row[name] for name in (*_HAND_IN, "engine")} for row in records.values()])
                connection.execute(insert(_records), list(records.values()))

    def records(self, assignment: str, student: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The records of an assignment as JSON objects, by student and attempt, each submission once."""
        query = select(_records.c.record).filter_by(course=self.course, assignment=assignment, engine=__version__)
        if student is not None:
            query = query.filter_by(student=student)
        with self._reading() as connection:
            for row in connection.execute(query.order_by(_records.c.student, _records.c.attempt, _records.c.digest)):
                yield json.loads(row[0])

    def _check_schema(self, connection: Connection) -> None:
        found = connection.execute(select(_about.c.value).filter_by(name="schema")).scalar()
        if found is None:
            connection.execute(insert(_about).values(name="schema", value=str(SCHEMA)))
        elif int(found) != SCHEMA:
            raise StoreError(f"{self.url} was written by another version of the grader (schema {found}, this one knows {SCHEMA}); update the grader")

    def _reading(self) -> _Guarded:
        return _Guarded(self, self._engine.connect())

    def _writing(self) -> _Guarded:
        return _Guarded(self, self._engine.connect(), begin=True)

    def _error(self, error: SQLAlchemyError) -> StoreError:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return StoreError(f"the store {self.url} cannot be used ({reason}); check `store:` in course.yaml, the disk, and who else holds it")


class _Guarded:
    """A connection whose errors say which store it was. A block that writes is one transaction."""

    def __init__(self, store: Store, connection: Connection, *, begin: bool = False) -> None:
        self.store = store
        self.connection = connection
        self.transaction = connection.begin() if begin else None

    def __enter__(self) -> Connection:
        return self.connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if self.transaction is not None:
                self.transaction.rollback() if error is not None else self.transaction.commit()
        except SQLAlchemyError as failed:
            raise self.store._error(failed) from failed
        finally:
            self.connection.close()
        if isinstance(error, SQLAlchemyError):
            raise self.store._error(error) from error


def _set_up_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # WAL lets reports read while a run writes; NORMAL is safe with it: a crash loses no committed transaction of the process.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
