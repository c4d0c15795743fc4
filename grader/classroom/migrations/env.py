"""What alembic runs for every command: it works on the connection that `upgrade` hands it, in its transaction."""

from __future__ import annotations

from alembic import context

from grader.classroom.migrations import VERSION_TABLE
from grader.classroom.tables import metadata

# transactional_ddl: SQLite can undo DDL; alembic doubts it, since Python's driver by itself starts no transaction for it.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
