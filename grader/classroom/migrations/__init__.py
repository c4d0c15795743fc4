"""The store's tables, step by step: how an empty database, or a store of an older grader, becomes one of today.

Each step is a file of `versions/`, and never changes once released. `tables.py` says what comes out; a test compares
the two. alembic runs the steps; it takes 0.4 s to import, so a store that is up to date never asks for it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

VERSION_TABLE = "grader_schema"  # not alembic's own name: the database may be nbgrader's as well
BEFORE_ALEMBIC = "0001"


def upgrade(connection: Connection) -> None:
    """Brings the tables up to date, inside the transaction of the connection: all steps are done, or none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    # `%` starts an interpolation in alembic's configuration.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    tables = inspect(connection)
    if tables.has_table("about") and tables.has_table("records") and not tables.has_table(VERSION_TABLE):
        command.stamp(config, BEFORE_ALEMBIC)  # its tables are those of the first step
    command.upgrade(config, "head")
