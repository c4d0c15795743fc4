"""What was found around a hand-in, as in a clone of a repository, stays with it: grading it again says it again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("submissions", sa.Column("remarks", sa.Text))
