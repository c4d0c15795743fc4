"""Holding an assignment: one run writes its records at a time, whoever starts another is told who holds it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from grader.classroom.database import Database, StoreError

HELD_SECONDS = 2.0  # how long a run waits for an assignment: a server takes a moment to notice that a killed run is gone


def hold(database: Database, course: str, assignment: str) -> AbstractContextManager[None]:
    """Holds an assignment for one run that writes; let go when the process ends, however it ends.

    Raises:
        StoreError: another run holds it; says who.
    """
    return _file_lock(database, assignment) if database.on_sqlite else _advisory_lock(database, course, assignment)


def ourselves() -> str:
    """This process, as others are told of it."""
    return f"process {os.getpid()} on {platform.node()}"


@contextmanager
def _file_lock(database: Database, assignment: str) -> Iterator[None]:
    """The system's lock on a file beside the store."""
    from filelock import FileLock, Timeout

    path = database.file.with_name(f"{database.file.name}.{assignment}.lock")
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
            who.write_text(f"{ourselves()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            who.unlink(missing_ok=True)
        lock.release()


@contextmanager
def _advisory_lock(database: Database, course: str, assignment: str) -> Iterator[None]:
    """PostgreSQL's lock of a session: gone with the connection, whatever ends it.

    All writes of the run go over this same connection: a run that has lost the lock can write nothing more.
    """
    name = {"name": f"{course}/{assignment}"}
    with database.reading() as connection:
        give_up = time.monotonic() + HELD_SECONDS
        while not connection.execute(_TRY_LOCK, name).scalar():
            if time.monotonic() > give_up:
                raise _held(assignment, connection.execute(_LOCK_HOLDER, name).scalar())
            connection.rollback()
            time.sleep(0.1)
        connection.commit()
        database.held = connection
        try:
            yield
        finally:
            database.held = None
            with suppress(SQLAlchemyError):  # a connection that is lost holds nothing any more
                connection.rollback()
                connection.execute(_UNLOCK, name)
                connection.commit()


def _held(assignment: str, who: str | None) -> StoreError:
    return StoreError(f"another run is grading {assignment} ({who or 'another process'}); wait for it to end")


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


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
