"""The version moves into a table that alembic keeps; a student's past is found by index; one order on every database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_table("about")
    op.create_index("history_of_student", "history", ["course", "assignment", "student"])
    if op.get_bind().dialect.name == "postgresql":
        # As SQLite sorts: by character code. A server's own collation may put B before a, and differs between servers.
        for table, length in (("sheets", 64), ("submissions", 80), ("records", 80), ("history", 80)):
            op.alter_column(table, "student", type_=sa.String(length, collation="C"))
