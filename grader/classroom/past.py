"""Records that others took the place of, and the runs that did it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from grader.classroom.store import Store
from grader.classroom.tables import runs
from grader.marking.outline import Outline, read_outline


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A record as it stood, and the run whose record took its place."""

    outline: Outline
    data: Mapping[str, Any]  # the whole record, as JSON
    by: Run

    def to_json(self) -> dict[str, Any]:
        return {"run": self.by.to_json(), "record": self.data}


def replaced(store: Store, assignment: str, student: str) -> Iterator[Replaced]:
    """The records of a student that were replaced, oldest first."""
    for number, text in list(store.past(assignment, student)):
        data = json.loads(text)
        yield Replaced(outline=read_outline(data), data=data, by=run(store, number))


def run(store: Store, number: int) -> Run:
    columns = (runs.c.id, runs.c.kind, runs.c.who, runs.c.started_at, runs.c.versions, runs.c.reason)
    with store._reading() as connection:
        found = connection.execute(select(*columns).filter_by(id=number)).one()
    return Run(id=found.id, kind=found.kind, who=found.who, started_at=found.started_at, versions=json.loads(found.versions), reason=found.reason)
