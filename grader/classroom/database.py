"""The database behind the store: SQLite by default, PostgreSQL by URL. Whatever goes wrong in it becomes a `StoreError` that says what to do."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from grader.classroom.migrations import VERSION_TABLE, upgrade
from grader.classroom.tables import SCHEMA

BUSY_SECONDS = 10.0  # how long a write waits for another program that holds an SQLite file


class StoreError(Exception):
    """The store cannot be used; the message says why and what to do. Nothing was lost."""


class Database:
    """A database by URL. Nothing is opened before it is used.

    Args:
        folder: what the path of an SQLite file is taken from.
        application: who we are, for others that look who holds what (PostgreSQL).

    Raises:
        StoreError: the URL cannot be used.
    """

    def __init__(self, url: str, folder: Path, application: str) -> None:
        try:
            address = make_url(url)
            self.on_sqlite = address.get_backend_name() == "sqlite"
            if self.on_sqlite and address.database not in (None, "", ":memory:"):
                address = address.set(database=str(folder / str(address.database)))
            self.url = address.render_as_string(hide_password=True)
            options: dict[str, Any] = {} if address.get_backend_name() != "postgresql" else {"application_name": application[:63]}
            self.engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS} if self.on_sqlite else options)
        except ImportError as error:
            raise StoreError(f"`store:` in course.yaml needs {error.name}, which is not installed; {INSTALL}") from None
        except (SQLAlchemyError, ValueError) as error:
            # The URL itself may hold a password, so it is not repeated.
            raise StoreError(f"`store:` in course.yaml is no usable database URL ({type(error).__name__}); write sqlite:///grades.db") from None
        self.file = Path(str(address.database or "grades.db"))
        self.held: Connection | None = None  # what all writes go over while it is set
        if self.on_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)

    def open(self) -> None:
        """Makes the tables where they are not there, and brings those of an older grader up to date.

        Raises:
            StoreError: it cannot be reached, or was written by a newer grader.
        """
        try:
            with self.reading() as connection:
                current = self._is_current(connection)
            if not current:
                self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.engine.dispose()

    def reading(self) -> Guarded:
        """A connection to read from."""
        return Guarded(self)

    def writing(self) -> Guarded:
        """A connection whose block is one transaction."""
        return Guarded(self, begin=True, held=self.held)

    def error(self, error: SQLAlchemyError) -> StoreError:
        """What went wrong, with which store it was and what to do."""
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        advice = next((words for fragment, words in ADVICE.items() if fragment in reason), "check `store:` in course.yaml, the disk, and who else holds it")
        return StoreError(f"the store {self.url} cannot be used ({reason}); {advice}")

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
        with self.writing() as connection:
            connection.execute(text("select pg_advisory_xact_lock(hashtext('conv-grader'))") if not self.on_sqlite else text("begin immediate"))
            if not self._is_current(connection):
                upgrade(connection)


class Guarded:
    """A connection whose errors say which store it was. A block that writes is one transaction."""

    def __init__(self, database: Database, *, begin: bool = False, held: Connection | None = None) -> None:
        self.database = database
        self.begin = begin
        self.held = held

    def __enter__(self) -> Connection:
        try:
            self.connection = self.held or self.database.engine.connect()
            self.transaction = self.connection.begin() if self.begin else None
        except SQLAlchemyError as error:
            raise self.database.error(error) from error
        return self.connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if self.transaction is not None:
                self.transaction.rollback() if error is not None else self.transaction.commit()
        except SQLAlchemyError as failed:
            raise self.database.error(failed) from failed
        finally:
            if self.held is None:
                self.connection.close()
        if isinstance(error, SQLAlchemyError):
            raise self.database.error(error) from error


def _set_up_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # WAL lets reports read while a run writes; NORMAL is safe with it: a crash loses no committed transaction of the process.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


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
