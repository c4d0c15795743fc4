"""The tables of the store, as SQLAlchemy Core has them.

Issued variants and submissions never change once written, but for what is found around a submission later. Records are derived: the one that stands for each
submission, and in `history` those it took the place of. A change here needs a step in `migrations/versions/`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text, and_, bindparam

SCHEMA = "0004"  # the last step of `migrations/versions/`

metadata = MetaData()
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("course", String(64), nullable=False),
    Column("assignment", String(64), nullable=False),
    Column("kind", String(12), nullable=False),  # "grade" | "regrade"
    Column("who", String(80), nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("finished_at", String(40)),  # null: running, or ended before its time
    Column("versions", Text, nullable=False),  # JSON: grader, python, numpy, torch
    Column("reason", Text),
)
sheets = Table(
    "sheets",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("student", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("issued_at", String(40), nullable=False),
    Column("slots", Text, nullable=False),  # JSON: slot → exercise, variant, given
    Column("signature", String(32)),  # null: issued without a secret
)
draws = Table(
    "draws",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("exercise", String(64), primary_key=True),
    Column("draw_version", Integer, primary_key=True),
    Column("rules", String(16), nullable=False),
)
keys = Table(
    "keys",
    metadata,
    Column("variant", String(16), primary_key=True),
    Column("digest", String(16), primary_key=True),  # of the solution that computed it
    Column("expected", Text, nullable=False),  # JSON: key and wrong answers, so that grading need not compute them again
)
HAND_IN = ("course", "assignment", "student", "digest")
submissions = Table(
    "submissions",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("student", String(80), primary_key=True),
    Column("digest", String(80), primary_key=True),
    Column("form", String(8), nullable=False),  # "yaml" | "json" | "ipynb" | "line" | "none": nothing could be read
    Column("submitted_at", String(40)),
    Column("file_time", Integer, nullable=False),  # 1: only the file's own time
    Column("attempt", Integer, nullable=False),
    Column("line", Integer),  # of a JSON Lines file; null: a file of its own
    Column("body", LargeBinary, nullable=False),
    Column("refusal", Text),  # JSON: why the file could not be read, where there are no bytes that say it again
    Column("remarks", Text),  # JSON: flags and words for what was found around it when it was last looked for; null: nobody looked
)


def _outcome() -> list[Column[Any]]:
    return [
        Column("run", Integer, nullable=False),
        Column("engine", String(20), nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("status", String(12), nullable=False),
        Column("score", Float, nullable=False),
        Column("record", Text, nullable=False),
    ]


records = Table(
    "records",
    metadata,
    *(Column(name, String(80 if name in ("student", "digest") else 64), primary_key=True) for name in HAND_IN),
    *_outcome(),
    Column("outline", Text),  # JSON: the record without answers and words, for tables of a class; null: written by an older grader
)
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(Column(name, String(80 if name in ("student", "digest") else 64), nullable=False) for name in HAND_IN),
    Column("replaced_by", Integer, nullable=False),  # the run whose record took its place
    *_outcome(),
    Index("history_of_student", "course", "assignment", "student"),
)


def matching(table: Table, *names: str) -> ColumnElement[bool]:
    """`WHERE name = :name AND …`, built once: for one row, building a statement costs several times what running it does."""
    return and_(*(table.c[name] == bindparam(name) for name in names))
