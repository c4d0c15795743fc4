"""The tables as they were first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("about", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.String(200), nullable=False))
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("assignment", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("started_at", sa.String(40), nullable=False),
        sa.Column("finished_at", sa.String(40)),
        sa.Column("versions", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "sheets",
        sa.Column("course", sa.String(64), primary_key=True),
        sa.Column("assignment", sa.String(64), primary_key=True),
        sa.Column("student", sa.String(64), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("issued_at", sa.String(40), nullable=False),
        sa.Column("slots", sa.Text, nullable=False),
        sa.Column("signature", sa.String(32)),
    )
    op.create_table(
        "draws",
        sa.Column("course", sa.String(64), primary_key=True),
        sa.Column("exercise", sa.String(64), primary_key=True),
        sa.Column("draw_version", sa.Integer, primary_key=True),
        sa.Column("rules", sa.String(16), nullable=False),
    )
    op.create_table(
        "submissions",
        *_hand_in(primary_key=True),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("submitted_at", sa.String(40)),
        sa.Column("file_time", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("refusal", sa.Text),
    )
    op.create_table("records", *_hand_in(primary_key=True), *_outcome())
    op.create_table(
        "history",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *_hand_in(nullable=False),
        sa.Column("replaced_by", sa.Integer, nullable=False),
        *_outcome(),
    )


def _hand_in(**options: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length), **options) for name, length in (("course", 64), ("assignment", 64), ("student", 80), ("digest", 80))]


def _outcome() -> list[sa.Column[Any]]:
    return [
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("engine", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    ]
