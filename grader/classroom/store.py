"""The store: what was issued, what was handed in, what was graded. SQLAlchemy Core, SQLite by default, PostgreSQL by URL.

One run writes at a time (`hold`), in transactions of one batch: killed at any moment, it leaves whole batches behind,
and the next run takes up where it ended.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Executable, Table, and_, bindparam, create_engine, event, func, insert, inspect, literal, make_url, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from grader import __version__
from grader.classroom.migrations import VERSION_TABLE, upgrade
from grader.classroom.tables import HAND_IN, SCHEMA, draws, history, keys, matching, records, runs, sheets, submissions
from grader.course.exercise import Exercise
from grader.variants.variant import IssuedSlot, Sheet

# Built once: for one row, building a statement costs several times what running it does.
_FIND_SHEET = select(sheets.c.slots, sheets.c.signature).where(matching(sheets, "course", "assignment", "student", "attempt"))
_REMARK = submissions.update().where(and_(*(submissions.c[name] == bindparam(f"_{name}") for name in HAND_IN))).values(remarks=bindparam("_remarks"))
_KEPT = ("run", "engine", "attempt", "status", "score", "record")
BUSY_SECONDS = 10.0  # how long a write waits for another program that holds an SQLite file
HELD_SECONDS = 2.0  # how long a run waits for an assignment: a server takes a moment to notice that a killed run is gone


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
        try:
            address = make_url(url)
            self._on_sqlite = address.get_backend_name() == "sqlite"
            if self._on_sqlite and address.database not in (None, "", ":memory:"):
                address = address.set(database=str(folder / str(address.database)))
            self.url = address.render_as_string(hide_password=True)
            # A connection says whose it is: `hold` tells others who holds an assignment.
            options: dict[str, Any] = {} if address.get_backend_name() != "postgresql" else {"application_name": _ourselves()[:63]}
            self._engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS} if self._on_sqlite else options)
        except ImportError as error:
            raise StoreError(f"`store:` in course.yaml needs {error.name}, which is not installed; {INSTALL}") from None
        except (SQLAlchemyError, ValueError) as error:
            # The URL itself may hold a password, so it is not repeated.
            raise StoreError(f"`store:` in course.yaml is no usable database URL ({type(error).__name__}); write sqlite:///grades.db") from None
        self._file = Path(str(address.database or "grades.db"))
        self._holding: Connection | None = None
        if self._on_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)

    def __enter__(self) -> Store:
        try:
            with self._reading() as connection:
                current = self._is_current(connection)
            if not current:
                self._bring_up_to_date()
        except BaseException:
            self._engine.dispose()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._engine.dispose()

    @contextmanager
    def hold(self, assignment: str) -> Iterator[None]:
        """Holds an assignment for one run that writes; let go when the process ends, however it ends.

        Raises:
            StoreError: another run holds it; says who.
        """
        with self._file_lock(assignment) if self._on_sqlite else self._advisory_lock(assignment):
            yield

    def start_run(self, assignment: str, kind: str, who: str, versions: Mapping[str, str], reason: str | None = None) -> int:
        """Writes down that a run began; its number."""
        row = {"course": self.course, "assignment": assignment, "kind": kind, "who": who, "started_at": datetime.now(UTC).isoformat(), "reason": reason}
        with self._writing() as connection:
            made = connection.execute(insert(runs).values(**row, versions=json.dumps(versions)).returning(runs.c.id)).scalar_one()
        return int(made)

    def finish_run(self, run: int) -> None:
        with self._writing() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(finished_at=datetime.now(UTC).isoformat()))

    def add_sheets(self, rows: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, str]] = ()) -> None:
        """Records what was issued (`sheet_row`), and the keys computed for it (`key_rows`). What was there before stays as it was."""
        with self._writing() as connection:
            self._insert_new(connection, sheets, [{"course": self.course, **row} for row in rows])
            self._insert_new(connection, keys, known)

    def keys(self, wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
        """By variant, `Expected.text` of those among (variant, digest) pairs that were computed before."""
        digests = dict(wanted)
        if not digests:
            return {}
        query = select(keys.c.variant, keys.c.digest, keys.c.expected).where(keys.c.variant.in_(list(digests)))
        with self._reading() as connection:
            return {variant: expected for variant, digest, expected in connection.execute(query) if digests[variant] == digest}

    def keep_rules(self, exercise: Exercise) -> str:
        """The digest of the rules this exercise's draw version was first issued with; writes it down where it is new."""
        name = f"{exercise.id}/{exercise.level}" if exercise.within else exercise.id  # its other levels have rules of their own
        about = {"course": self.course, "exercise": name, "draw_version": exercise.draw_version}
        with self._writing() as connection:
            self._insert_new(connection, draws, [{**about, "rules": exercise.rules}])
            return str(connection.execute(select(draws.c.rules).filter_by(**about)).scalar_one())

    def issued(self, assignment: str, student: str, attempt: int) -> Issued | None:
        """A sheet as it was issued; None where it was not."""
        about = {"course": self.course, "assignment": assignment, "student": student, "attempt": attempt}
        with self._reading() as connection:
            row = connection.execute(_FIND_SHEET, about).first()
        return _issued(*row) if row else None

    def issued_many(self, assignment: str, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Issued]:
        """The issued sheets among (student, attempt) pairs."""
        pairs = sorted(set(wanted))
        if not pairs:
            return {}
        columns = (sheets.c.student, sheets.c.attempt, sheets.c.slots, sheets.c.signature)
        query = select(*columns).filter_by(course=self.course, assignment=assignment).where(tuple_(sheets.c.student, sheets.c.attempt).in_(pairs))
        with self._reading() as connection:
            return {(student, attempt): _issued(slots, signature) for student, attempt, slots, signature in connection.execute(query)}

    def all_issued(self, assignment: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Every issued sheet of an assignment: student, attempt, and for each slot its exercise, variant and given."""
        query = select(sheets.c.student, sheets.c.attempt, sheets.c.slots).filter_by(course=self.course, assignment=assignment)
        for student, attempt, slots in self._stream(query.order_by(sheets.c.student, sheets.c.attempt)):
            yield student, attempt, json.loads(slots)

    def graded(self, assignment: str) -> Iterator[Graded]:
        """The submissions that have a record."""
        columns = (records.c.student, records.c.digest, records.c.attempt, records.c.status)
        for row in self._stream(select(*columns).filter_by(course=self.course, assignment=assignment)):
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
        with self._writing() as connection:
            self._insert_new(connection, sheets, [{**common, **row} for row in drawn])
            self._insert_new(connection, keys, known)
            self._insert_new(connection, submissions, [{**common, **row} for row in hand_ins])
            if looked := [{f"_{name}": value for name, value in {**common, **row}.items()} for row in hand_ins if row.get("remarks") is not None]:
                connection.execute(_REMARK, looked)
            if rows:
                standing = records.c.course == self.course, records.c.assignment == assignment, tuple_(records.c.student, records.c.digest).in_(list(once))
                columns = (*HAND_IN, *_KEPT)
                old = select(*(records.c[name] for name in columns), literal(run)).where(*standing)
                connection.execute(insert(history).from_select([*columns, "replaced_by"], old))
                connection.execute(records.delete().where(*standing))
                connection.execute(insert(records), rows)

    def records(self, assignment: str, student: str | None = None) -> Iterator[str]:
        """The records of an assignment as JSON texts, by student and attempt, each submission once."""
        query = select(records.c.record).filter_by(course=self.course, assignment=assignment)
        if student is not None:
            query = query.filter_by(student=student)
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
        with self._reading() as connection:
            found = connection.execute(select(*columns).filter_by(id=number)).one()
        return Run(id=found.id, kind=found.kind, who=found.who, started_at=found.started_at, versions=json.loads(found.versions), reason=found.reason)

    def past(self, assignment: str, student: str) -> Iterator[tuple[int, str]]:
        """Records that another took the place of: the run that replaced each, and its JSON, oldest first."""
        query = select(history.c.replaced_by, history.c.record).filter_by(course=self.course, assignment=assignment, student=student)
        with self._reading() as connection:
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

    def remarks(self, assignment: str) -> dict[tuple[str, str], str]:
        """By (student, digest), what was found around a submission when somebody last looked, as JSON."""
        query = select(submissions.c.student, submissions.c.digest, submissions.c.remarks).filter_by(course=self.course, assignment=assignment)
        with self._reading() as connection:
            return {(student, digest): said for student, digest, said in connection.execute(query.where(submissions.c.remarks.is_not(None)))}

    def counts(self, assignment: str) -> dict[str, int]:
        """How many records there are of each status."""
        query = select(records.c.status, func.count()).filter_by(course=self.course, assignment=assignment).group_by(records.c.status)
        with self._reading() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def _insert_new(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts the rows whose key is not there yet."""
        if rows:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))

    @contextmanager
    def _file_lock(self, assignment: str) -> Iterator[None]:
        """The system's lock on a file beside the store."""
        from filelock import FileLock, Timeout

        path = self._file.with_name(f"{self._file.name}.{assignment}.lock")
        who = path.with_suffix(".who")
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise _held(assignment, _read(who)) from error
        except OSError as error:
            raise StoreError(f"{path} cannot be written ({error.strerror}); check the disk and the folder's rights") from error
        try:
            with suppress(OSError):  # on a full disk the run goes on without it, and says so where it writes grades
                who.write_text(f"{_ourselves()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
            yield
        finally:
            with suppress(OSError):
                who.unlink(missing_ok=True)
            lock.release()

    @contextmanager
    def _advisory_lock(self, assignment: str) -> Iterator[None]:
        """PostgreSQL's lock of a session: gone with the connection, whatever ends it.

        All writes of the run go over this same connection: a run that has lost the lock can write nothing more.
        """
        name = {"name": f"{self.course}/{assignment}"}
        with self._reading() as connection:
            give_up = time.monotonic() + HELD_SECONDS
            while not connection.execute(_TRY_LOCK, name).scalar():
                if time.monotonic() > give_up:
                    raise _held(assignment, connection.execute(_LOCK_HOLDER, name).scalar())
                connection.rollback()
                time.sleep(0.1)
            connection.commit()
            self._holding = connection
            try:
                yield
            finally:
                self._holding = None
                with suppress(SQLAlchemyError):  # a connection that is lost holds nothing any more
                    connection.rollback()
                    connection.execute(_UNLOCK, name)
                    connection.commit()

    def _is_current(self, connection: Connection) -> bool:
        """Whether the tables are those of this grader; False where they have to be made, or brought up to date."""
        if not inspect(connection).has_table(VERSION_TABLE):
            return False
        found = connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalar() or ""
        if found > SCHEMA:
            raise StoreError(f"{self.url} was written by a newer version of the grader (schema {found}, this one knows {SCHEMA}); update the grader")
        return found == SCHEMA

    def _bring_up_to_date(self) -> None:
        """Makes the tables, or changes those of an older grader, in one transaction. Of several that come at once, one does it."""
        with self._writing() as connection:
            connection.execute(text("select pg_advisory_xact_lock(hashtext('conv-grader'))") if not self._on_sqlite else text("begin immediate"))
            if not self._is_current(connection):
                upgrade(connection)

    def _stream(self, query: Executable) -> Iterator[Any]:
        """Rows as they are wanted, never all in memory; whoever stops halfway leaves nothing open."""
        with self._reading() as connection, connection.execution_options(yield_per=500).execute(query) as rows:
            yield from rows

    def _reading(self) -> _Guarded:
        return _Guarded(self)

    def _writing(self) -> _Guarded:
        return _Guarded(self, begin=True, held=self._holding)

    def _error(self, error: SQLAlchemyError) -> StoreError:
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        advice = next((words for fragment, words in ADVICE.items() if fragment in reason), "check `store:` in course.yaml, the disk, and who else holds it")
        return StoreError(f"the store {self.url} cannot be used ({reason}); {advice}")


class _Guarded:
    """A connection whose errors say which store it was. A block that writes is one transaction."""

    def __init__(self, store: Store, *, begin: bool = False, held: Connection | None = None) -> None:
        self.store = store
        self.begin = begin
        self.held = held

    def __enter__(self) -> Connection:
        try:
            self.connection = self.held or self.store._engine.connect()
            self.transaction = self.connection.begin() if self.begin else None
        except SQLAlchemyError as error:
            raise self.store._error(error) from error
        return self.connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if self.transaction is not None:
                self.transaction.rollback() if error is not None else self.transaction.commit()
        except SQLAlchemyError as failed:
            raise self.store._error(failed) from failed
        finally:
            if self.held is None:
                self.connection.close()
        if isinstance(error, SQLAlchemyError):
            raise self.store._error(error) from error


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


def _held(assignment: str, who: str | None) -> StoreError:
    return StoreError(f"another run is grading {assignment} ({who or 'another process'}); wait for it to end")


def _ourselves() -> str:
    return f"process {os.getpid()} on {platform.node()}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _set_up_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # WAL lets reports read while a run writes; NORMAL is safe with it: a crash loses no committed transaction of the process.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


# Two keys: one for this program, one for the assignment, so that other programs' locks in the same database never meet ours.
_TRY_LOCK = text("select pg_try_advisory_lock(hashtext('conv-grader'), hashtext(:name))")
_UNLOCK = text("select pg_advisory_unlock(hashtext('conv-grader'), hashtext(:name))")
_LOCK_HOLDER = text("""
    select a.application_name || ', since ' || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
    from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2
      and l.classid = hashtext('conv-grader')::bigint & 4294967295 and l.objid = hashtext(:name)::bigint & 4294967295
      and l.database = (select oid from pg_database where datname = current_database())
""")
INSTALL = "write postgresql+psycopg://USER:PASSWORD@HOST/NAME and run `python -m pip install 'conv-grader[postgres]'`, or write sqlite:///grades.db"
ADVICE = {
    "is full": "make room on that disk and run the command again: what was written stays, and it goes on from there",
    "is locked": f"another program has held it for {BUSY_SECONDS:.0f} s (one that browses databases?); close it and run the command again",
    "unable to open": "check that the folder is there, and that you may write in it",
    "readonly": "check that you may write the file and its folder",
    "read-only": "check that you may write the file and its folder",
    "not a database": "the file is something else, or damaged: put a backup in its place, or name another file in `store:` of course.yaml",
    "malformed": "the file is damaged: put a backup in its place",
}
