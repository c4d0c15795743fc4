"""Keys are kept once computed; a record's outline stands beside it, so that a class table need not read every answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("variant", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(16), primary_key=True),
        sa.Column("expected", sa.Text, nullable=False),
    )
    op.add_column("records", sa.Column("outline", sa.Text))
